//! Does a check-in need a clinician?
//!
//! The newest check-in is judged by its own instant and against the earlier ones. This version
//! has the rules that its four symptoms and the emergency signs decide; until the whole rule set
//! is in, a quiet check-in has no level: it is recorded, and never called expected. The plan has
//! the words, levels and sources of the rules; nothing here names a cause.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Locale;
use crate::check_in::{CheckIn, CheckInId, Severity, Sign, Symptom};
use crate::plan::{Plan, SourceKey};
use crate::session::{DepthClass, Session};

/// How soon somebody should look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TriageLevel {
    /// Nothing unusual.
    Expected,
    /// Keep an eye on it.
    Watch,
    /// Call the clinic today.
    CallClinic,
    /// Call emergency services now.
    Emergency,
}

/// What the patient did about a check-in that asked for a call; it closes the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// The clinic was reached.
    ReachedClinic,
    /// A doctor or an urgent-care line was reached.
    ReachedOtherCare,
    /// Emergency services were called.
    CalledEmergency,
    /// The check-in was entered by mistake.
    EnteredByMistake,
}

/// The stable name of a rule (`severe_pain`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(pub String);

/// What follows from a check-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The check-in that was judged.
    pub check_in: CheckInId,
    /// The highest level of the findings; none when no rule fired.
    pub level: Option<TriageLevel>,
    /// Whether the signs and all symptoms were answered.
    pub complete: bool,
    /// What fired: highest level first, then in the plan's order.
    pub findings: Vec<Finding>,
}

/// A rule that fired, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: RuleId,
    /// Its level.
    pub level: TriageLevel,
    /// The check-in's elapsed day.
    pub day: i64,
    /// What made it fire; never empty.
    pub facts: Vec<Fact>,
    /// Who says so.
    pub sources: Vec<SourceKey>,
}

/// Something in a check-in that made a rule fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// Something seen.
    Sign(Sign),
    /// Too high for the day, whatever was before.
    High {
        /// The symptom.
        symptom: Symptom,
        /// What was recorded.
        severity: Severity,
    },
    /// Above what the plan expects on that day.
    AboveExpected {
        /// The symptom.
        symptom: Symptom,
        /// What was recorded.
        severity: Severity,
        /// The most that is expected.
        expected: Severity,
    },
    /// Higher than before, when it should be falling.
    Rising {
        /// The symptom.
        symptom: Symptom,
        /// What was recorded.
        severity: Severity,
        /// What it is compared with.
        before: Severity,
    },
}

impl Finding {
    /// What to do, in the patient's words; empty for a plan that does not have the rule. `day` is the
    /// check-in's recovery day, which the patient knows it by; the rule went by the elapsed one.
    pub fn advice(&self, plan: &Plan, locale: Locale, day: i64) -> String {
        plan.rule(&self.rule).map_or_else(String::new, |rule| {
            rule.texts(locale).advice.replace("{n}", &day.max(0).to_string())
        })
    }
}

/// The assessment as it stands at `now`: the newest check-in of the session up to then, against
/// those before it, in whatever order they are given. None without one.
pub fn assess(
    plan: &Plan,
    session: &Session,
    check_ins: &[CheckIn],
    now: DateTime<Utc>,
) -> Option<Assessment> {
    let mut course: Vec<&CheckIn> = check_ins
        .iter()
        .filter(|c| c.session == session.id && c.at <= now)
        .collect();
    course.sort_by_key(|c| (c.at, c.id));
    let (newest, earlier) = course.split_last()?;
    let case = Case {
        plan,
        session,
        newest,
        earlier,
        day: session.elapsed_day(newest.at),
    };
    let mut findings: Vec<Finding> = plan
        .rules()
        .iter()
        .filter_map(|rule| {
            let check = RULES.iter().find(|known| known.id == rule.id.0)?;
            let facts = (check.facts)(&case);
            (!facts.is_empty()).then(|| Finding {
                rule: rule.id.clone(),
                level: rule.level,
                day: case.day,
                facts,
                sources: rule.sources.clone(),
            })
        })
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    Some(Assessment {
        check_in: newest.id,
        level: findings.first().map(|finding| finding.level),
        complete: newest.signs.is_some() && Symptom::ALL.iter().all(|s| newest.severities.contains_key(s)),
        findings,
    })
}

/// A rule as the program knows it; its words and sources are the plan's.
pub(crate) struct RuleCheck {
    /// Its stable name.
    pub(crate) id: &'static str,
    /// The level that a plan must give it.
    pub(crate) level: TriageLevel,
    facts: fn(&Case) -> Vec<Fact>,
}

/// Every rule of this version.
pub(crate) const RULES: [RuleCheck; 11] = [
    emergency("anaphylaxis_signs", |case| {
        case.signs(&[
            Sign::BreathingDifficulty,
            Sign::ThroatTongueSwelling,
            Sign::SuddenLipOrFaceSwelling,
            Sign::Collapse,
        ])
    }),
    emergency("bleeding_not_stopping", |case| {
        case.signs(&[Sign::BleedingNotStopping])
    }),
    emergency("eye_signs", |case| {
        case.signs(&[
            Sign::EyePain,
            Sign::VisionChange,
            Sign::LightHurtsEye,
            Sign::BlistersNearEye,
        ])
    }),
    emergency("skin_necrosis_or_fast_spread", |case| {
        case.signs(&[Sign::SkinBlackOrPurple, Sign::SpreadingFast])
    }),
    emergency("widespread_blisters", |case| {
        case.signs(&[Sign::WidespreadBlisters])
    }),
    emergency("facial_droop", |case| case.signs(&[Sign::FaceDroopOrWeakness])),
    emergency("critical_signs", |case| {
        case.signs(&[
            Sign::Confusion,
            Sign::FastBreathing,
            Sign::Seizure,
            Sign::SlurredOrDrowsy,
            Sign::BlueGreySkin,
        ])
    }),
    call("worse_instead_of_better", worse_instead_of_better),
    call("far_above_expected", far_above_expected),
    call("severe_pain", severe_pain),
    call("persistent_erythema", persistent_erythema),
];

const fn emergency(id: &'static str, facts: fn(&Case) -> Vec<Fact>) -> RuleCheck {
    RuleCheck {
        id,
        level: TriageLevel::Emergency,
        facts,
    }
}

const fn call(id: &'static str, facts: fn(&Case) -> Vec<Fact>) -> RuleCheck {
    RuleCheck {
        id,
        level: TriageLevel::CallClinic,
        facts,
    }
}

/// What a rule looks at.
struct Case<'a> {
    plan: &'a Plan,
    session: &'a Session,
    newest: &'a CheckIn,
    /// Oldest first.
    earlier: &'a [&'a CheckIn],
    /// The newest check-in's elapsed day.
    day: i64,
}

impl Case<'_> {
    fn signs(&self, asked: &[Sign]) -> Vec<Fact> {
        let seen = |sign: &&Sign| {
            self.newest
                .signs
                .as_ref()
                .is_some_and(|signs| signs.contains(*sign))
        };
        asked.iter().filter(seen).map(|sign| Fact::Sign(*sign)).collect()
    }

    fn severity(&self, symptom: Symptom) -> Option<Severity> {
        self.newest.severities.get(&symptom).copied()
    }

    /// What a symptom's severity is compared with: the lower of the latest earlier value and the
    /// lowest earlier value since elapsed day 1, so that a plateau counts until it is back down.
    fn reference(&self, symptom: Symptom) -> Option<Severity> {
        let values = || {
            self.earlier
                .iter()
                .filter_map(move |c| c.severities.get(&symptom).map(|severity| (c.at, *severity)))
        };
        let latest = values().next_back().map(|(_, severity)| severity);
        let lowest = values()
            .filter(|(at, _)| self.session.elapsed_day(*at) >= 1)
            .map(|(_, severity)| severity)
            .min();
        latest.into_iter().chain(lowest).min()
    }
}

fn worse_instead_of_better(case: &Case) -> Vec<Fact> {
    let rises = |symptom: Symptom| {
        let severity = case.severity(symptom)?;
        let before = case.reference(symptom)?;
        let from_day = if symptom == Symptom::Pain { 2 } else { 3 };
        let up = case.day >= from_day && severity > before && severity.grade() >= 2;
        let leap = case.day >= 2 && severity.grade() >= before.grade() + 2;
        (up || leap).then_some(Fact::Rising {
            symptom,
            severity,
            before,
        })
    };
    Symptom::ALL.into_iter().filter_map(rises).collect()
}

fn far_above_expected(case: &Case) -> Vec<Fact> {
    let far_above = |symptom: Symptom| {
        let severity = case.severity(symptom)?;
        let expected = case
            .plan
            .expected(symptom, case.session.band_class(), &case.session.areas, case.day);
        if severity.grade() >= expected.grade() + 2 {
            Some(Fact::AboveExpected {
                symptom,
                severity,
                expected,
            })
        } else {
            // Very severe pain has a rule of its own.
            (symptom != Symptom::Pain && severity == Severity::VERY_SEVERE)
                .then_some(Fact::High { symptom, severity })
        }
    };
    Symptom::ALL.into_iter().filter_map(far_above).collect()
}

fn severe_pain(case: &Case) -> Vec<Fact> {
    let from_day = if case.session.band_class() == DepthClass::Deep {
        2
    } else {
        1
    };
    let severe = case.severity(Symptom::Pain).filter(|severity| {
        *severity == Severity::VERY_SEVERE || (severity.grade() >= 3 && case.day >= from_day)
    });
    high(Symptom::Pain, severe)
}

fn persistent_erythema(case: &Case) -> Vec<Fact> {
    let lasting = case.severity(Symptom::Erythema).filter(|severity| {
        (severity.grade() >= 2 && case.day >= 7) || (severity.grade() >= 1 && case.day >= 14)
    });
    high(Symptom::Erythema, lasting)
}

fn high(symptom: Symptom, severity: Option<Severity>) -> Vec<Fact> {
    severity
        .map(|severity| Fact::High { symptom, severity })
        .into_iter()
        .collect()
}
