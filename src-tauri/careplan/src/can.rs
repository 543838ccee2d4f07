//! `careplan can`: whether something may be done yet.

use std::cmp::Reverse;

use afterglow_care::permission::{Answer, Permission, Question, answer, questions};
use afterglow_care::{Locale, Plan};
use serde::Serialize;

use crate::arguments::{self, Common};
use crate::output::{self, Lines, Refusal, rfc_3339, source, wall};
use crate::plan_file;
use crate::session::Given;
use crate::words;

/// What `--json` prints: the strictest answer, and those to whatever else was asked with it.
#[derive(Serialize)]
struct WholeAnswer {
    #[serde(flatten)]
    answer: ActivityAnswer,
    also: Vec<ActivityAnswer>,
}

#[derive(Serialize)]
struct ActivityAnswer {
    answer: Answered,
    until: Option<String>,
    activity: Option<String>,
    label: Option<String>,
    because: String,
    source: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answered {
    Known(Answer),
    Unknown(Unknown),
}

/// The plan knows none of the words.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Unknown {
    Unknown,
}

/// Answers what the words ask.
pub(crate) fn can(common: &Common, options: arguments::Can) -> Result<String, Refusal> {
    let plan = plan_file::chosen(common)?;
    let locale = common.lang;
    let now = options.now.to_utc();
    let given = Given::new(&plan, options.session)?;
    given.ended_by(now)?;
    let session = std::slice::from_ref(&given.session);
    let mut answers: Vec<_> = questions(&plan, &options.words.join(" "))
        .into_iter()
        .map(|question| (question, answer(&plan, session, &question, now)))
        .collect();
    answers.sort_by_key(|(_, permission)| Reverse(permission.strictness()));
    if options.json {
        return json(&plan, &given, &answers, locale);
    }
    let zone = &given.session.zone;
    let mut lines = Lines::default();
    if answers.is_empty() {
        lines.line(words::unknown_activity(locale));
    }
    for (question, permission) in &answers {
        let until = permission.until.map_or_else(String::new, |until| {
            format!(" ({} {})", words::until(locale), wall(zone, until))
        });
        lines.line(format!(
            "{}: {}{until}",
            question.label(locale),
            words::answer(permission.answer, locale),
        ));
        lines.line(format!("  {}", permission.reason(&plan, locale)));
        lines.line(format!(
            "  {}: {}",
            words::source(locale),
            source(&permission.sources, permission.extrapolated)
        ));
    }
    lines.warnings(&given.warnings(&plan, locale), locale);
    Ok(lines.text())
}

fn json(
    plan: &Plan,
    given: &Given,
    answers: &[(Question<'_>, Permission)],
    locale: Locale,
) -> Result<String, Refusal> {
    let mut answers = answers.iter().map(|(question, permission)| ActivityAnswer {
        answer: Answered::Known(permission.answer),
        until: permission.until.map(|until| rfc_3339(&given.session.zone, until)),
        activity: Some(question.activity.id.clone()),
        label: Some(question.label(locale)),
        because: permission.reason(plan, locale),
        source: Some(source(&permission.sources, permission.extrapolated)),
    });
    let strictest = answers.next().unwrap_or_else(|| ActivityAnswer {
        answer: Answered::Unknown(Unknown::Unknown),
        until: None,
        activity: None,
        label: None,
        because: words::unknown_activity(locale).to_owned(),
        source: None,
    });
    output::json(&WholeAnswer {
        answer: strictest,
        also: answers.collect(),
    })
}
