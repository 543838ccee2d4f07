//! `careplan assess`: what a list of check-ins asks for.

mod case;

use afterglow_care::check_in::CheckInId;
use afterglow_care::plan::ClosingBlanks;
use afterglow_care::session::Session;
use afterglow_care::triage::{self, Assessment, Finding, RuleId, TriageLevel};
use afterglow_care::{CheckIn, Locale, Plan, Zone, warning};
use serde::Serialize;

use crate::arguments::{self, Common};
use crate::input;
use crate::json::{At, Json, Reader};
use crate::output::{self, Lines, Refusal, refusal, rfc_3339, source, wall};
use crate::plan_file;
use crate::words;
use case::Case;

/// What `--json` prints for a case.
#[derive(Serialize)]
struct Answer {
    level: TriageLevel,
    complete: bool,
    findings: Vec<FindingAnswer>,
    open: Vec<OpenAnswer>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct FindingAnswer {
    rule: RuleId,
    level: TriageLevel,
    because: String,
    advice: String,
    source: String,
}

#[derive(Serialize)]
struct OpenAnswer {
    #[serde(flatten)]
    finding: FindingAnswer,
    at: String,
    corrected: bool,
}

/// Assesses a case, or each of a list.
pub(crate) fn assess(common: &Common, options: &arguments::Assess) -> Result<String, Refusal> {
    let plan = plan_file::chosen(common)?;
    let name = input::name_of(&options.file);
    let text = input::text_of(&options.file).map_err(refusal)?;
    let json = Json::read(&text).map_err(|error| refusal(format!("{name}: {error}")))?;
    let mut reader = Reader::default();
    let (cases, is_list) = match &json {
        Json::List(items) => {
            let cases = items
                .iter()
                .zip(1..)
                .map(|(item, number)| At::new(item, format!("case {number}")));
            (cases.collect(), true)
        }
        one => (vec![At::new(one, "")], false),
    };
    let mut answered = Vec::with_capacity(cases.len());
    for at in &cases {
        if let Some(case) = case::read(&mut reader, &plan, at) {
            let assessed = Assessed::new(&plan, case, common.lang);
            match assessed {
                Some(assessed) => answered.push(assessed),
                None => reader.fault(
                    &at.place,
                    "every check-in is corrected by another; expected one that stands",
                ),
            }
        }
    }
    let faults = reader.faults();
    if !faults.is_empty() {
        let lines: Vec<_> = faults
            .into_iter()
            .map(|fault| format!("error: {name}: {fault}"))
            .collect();
        return Err(lines.into());
    }
    if !options.json {
        return Ok(for_people(&answered, is_list, common.lang));
    }
    let mut answers: Vec<_> = answered.into_iter().map(|assessed| assessed.answer).collect();
    match answers.pop() {
        Some(answer) if !is_list => output::json(&answer),
        last => {
            answers.extend(last);
            output::json(&answers)
        }
    }
}

/// A case and what follows from it.
struct Assessed {
    title: Option<String>,
    answer: Answer,
    /// What to do in short, of the higher of the level and the open calls; none of half a check-in in
    /// which nothing is unusual.
    closing: Option<String>,
    /// When the open findings were raised, on the wall clocks of their sessions.
    open_at: Vec<String>,
}

impl Assessed {
    fn new(plan: &Plan, case: Case, locale: Locale) -> Option<Self> {
        let newest_at = case.check_ins.iter().map(|check_in| check_in.at).max()?;
        let assessment = triage::assess(plan, &case.sessions, &case.check_ins, newest_at)?;
        let told = Told {
            plan,
            case: &case,
            locale,
        };
        let newest = told.check_in(assessment.newest.check_in)?;
        let closing = told.closing(newest, &assessment);
        let answer = Answer {
            level: assessment.newest.level,
            complete: assessment.newest.complete,
            findings: assessment
                .newest
                .findings
                .iter()
                .map(|finding| told.finding(newest, finding))
                .collect(),
            open: told.open(&assessment),
            warnings: told.warnings(newest, &assessment),
        };
        let open_at = assessment
            .open
            .iter()
            .filter_map(|open| Some(wall(told.zone(told.check_in(open.check_in)?)?, open.at)))
            .collect();
        Some(Self {
            answer,
            closing,
            open_at,
            title: case.title,
        })
    }
}

/// What is needed to put an assessment into words.
struct Told<'a> {
    plan: &'a Plan,
    case: &'a Case,
    locale: Locale,
}

impl<'a> Told<'a> {
    fn check_in(&self, id: CheckInId) -> Option<&'a CheckIn> {
        self.case.check_ins.get(case::place(id.0)?)
    }

    fn session(&self, check_in: &CheckIn) -> Option<&'a Session> {
        self.case.sessions.get(case::place(check_in.session.0)?)
    }

    fn zone(&self, check_in: &CheckIn) -> Option<&'a Zone> {
        self.session(check_in).map(|session| &session.zone)
    }

    fn recovery_day(&self, check_in: &CheckIn) -> Option<i64> {
        self.session(check_in)
            .map(|session| session.recovery_day(&session.zone, check_in.at))
    }

    fn closing(&self, newest: &CheckIn, assessment: &Assessment) -> Option<String> {
        let level = assessment.shown_level();
        if level == TriageLevel::Expected && !assessment.newest.complete {
            return None;
        }
        let clinic = self.plan.clinic();
        let known = ClosingBlanks {
            day: self.recovery_day(newest)?,
            clinic: clinic.map_or("", |clinic| &clinic.name),
            phone: clinic
                .and_then(|clinic| clinic.phones.first())
                .map_or("", |phone| &phone.number),
            emergency_number: words::emergency_number(self.locale),
        };
        self.plan.closing_line(level, self.locale, &known)
    }

    fn finding(&self, check_in: &CheckIn, finding: &Finding) -> FindingAnswer {
        let recovery_day = self.recovery_day(check_in).unwrap_or(finding.day);
        FindingAnswer {
            rule: finding.rule.clone(),
            level: finding.level,
            because: finding.because(self.plan, self.locale),
            advice: finding.advice(self.plan, self.locale, recovery_day),
            source: source(&finding.sources, finding.extrapolated),
        }
    }

    fn open(&self, assessment: &Assessment) -> Vec<OpenAnswer> {
        assessment
            .open
            .iter()
            .filter_map(|open| {
                let check_in = self.check_in(open.check_in)?;
                Some(OpenAnswer {
                    finding: self.finding(check_in, &open.finding),
                    at: rfc_3339(self.zone(check_in)?, open.at),
                    corrected: open.corrected,
                })
            })
            .collect()
    }

    fn warnings(&self, newest: &CheckIn, assessment: &Assessment) -> Vec<String> {
        warning::of_check_in(newest, &assessment.gaps)
            .into_iter()
            .chain(warning::of_sessions(
                self.plan,
                &self.case.sessions,
                &self.case.screening,
            ))
            .map(|warning| warning.text(self.plan, self.locale))
            .collect()
    }
}

fn for_people(answered: &[Assessed], is_list: bool, locale: Locale) -> String {
    let mut lines = Lines::default();
    for (assessed, number) in answered.iter().zip(1..) {
        let answer = &assessed.answer;
        if is_list {
            let title = assessed
                .title
                .as_ref()
                .map_or_else(String::new, |title| format!(": {title}"));
            lines.heading(&format!("{} {number}{title}", words::case(locale)));
        }
        // Half a check-in is not "as expected".
        lines.line(if answer.level == TriageLevel::Expected && !answer.complete {
            words::incomplete(locale)
        } else {
            words::level(answer.level, locale)
        });
        for finding in &answer.findings {
            finding_lines(&mut lines, finding, "", locale);
        }
        if !answer.open.is_empty() {
            lines.heading(words::still_open(locale));
        }
        for (open, at) in answer.open.iter().zip(&assessed.open_at) {
            let corrected = if open.corrected {
                format!(", {}", words::corrected(locale))
            } else {
                String::new()
            };
            finding_lines(&mut lines, &open.finding, &format!(" ({at}{corrected})"), locale);
        }
        if let Some(closing) = &assessed.closing {
            lines.heading(closing);
        }
        lines.warnings(&answer.warnings, locale);
    }
    lines.text()
}

fn finding_lines(lines: &mut Lines, finding: &FindingAnswer, when: &str, locale: Locale) {
    lines.line(format!("- {}{when}", finding.advice));
    lines.line(format!("  {}: {}", words::because(locale), finding.because));
    lines.line(format!(
        "  {}: {} ({})",
        words::source(locale),
        finding.source,
        finding.rule.0
    ));
}
