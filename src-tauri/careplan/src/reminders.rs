//! `careplan reminders`: what is due after a session, in order.

use afterglow_care::Plan;
use afterglow_care::plan::InstructionId;
use afterglow_care::schedule::{Occurrence, OccurrenceKey, What, schedule};
use serde::Serialize;

use crate::arguments::{self, Common};
use crate::output::{self, Lines, Refusal, rfc_3339, wall};
use crate::plan_file;
use crate::session::Given;
use crate::words;

/// What `--json` prints.
#[derive(Serialize)]
struct Answer {
    occurrences: Vec<OccurrenceAnswer>,
}

#[derive(Serialize)]
struct OccurrenceAnswer {
    key: OccurrenceKey,
    instruction: InstructionId,
    what: What,
    due: String,
    valid_until: String,
}

/// The reminders up to the end of a recovery day, or all of them.
pub(crate) fn reminders(common: &Common, options: arguments::Reminders) -> Result<String, Refusal> {
    let plan = plan_file::chosen(common)?;
    let given = Given::new(&plan, options.session)?;
    let session = &given.session;
    let zone = &session.zone;
    let mut occurrences = schedule(&plan, std::slice::from_ref(session), zone);
    if let Some(last) = options.days {
        occurrences.retain(|one| session.recovery_day(zone, one.due_at) <= i64::from(last));
    }
    if options.json {
        return output::json(&Answer {
            occurrences: occurrences
                .into_iter()
                .map(|one| OccurrenceAnswer {
                    due: rfc_3339(zone, one.due_at),
                    valid_until: rfc_3339(zone, one.valid_until),
                    key: one.key,
                    instruction: one.instruction,
                    what: one.what,
                })
                .collect(),
        });
    }
    let mut lines = Lines::default();
    for one in &occurrences {
        lines.line(format!(
            "{}  {:<12} {}",
            wall(zone, one.due_at),
            words::what(one.what, common.lang),
            text(&plan, one, common)
        ));
    }
    lines.warnings(&given.warnings(&plan, common.lang), common.lang);
    Ok(lines.text())
}

fn text<'a>(plan: &'a Plan, one: &'a Occurrence, common: &Common) -> &'a str {
    let over = (one.what == What::AllClear)
        .then(|| plan.over(&one.instruction, common.lang))
        .flatten();
    let asked = plan
        .instruction(&one.instruction)
        .map(|instruction| instruction.texts(common.lang).text.as_str());
    let normal = one
        .phase()
        .map(|phase| plan.phase(phase).texts(common.lang).normal.as_str());
    over.or(asked).or(normal).unwrap_or(&one.instruction.0)
}
