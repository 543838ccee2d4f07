//! `careplan timeline`: the windows of a session and what its days are like.

use afterglow_care::check_in::{Severities, Symptom};
use afterglow_care::plan::InstructionId;
use afterglow_care::restriction::{HoldingWindow, WindowKind, windows};
use afterglow_care::session::{Area, Session};
use afterglow_care::timeline::{PhaseId, phase_on};
use afterglow_care::{Locale, Plan};
use chrono::{DateTime, Days, NaiveDate, Utc};
use enumset::EnumSet;
use serde::Serialize;

use crate::arguments::{self, Common};
use crate::output::{self, Lines, Refusal, rfc_3339, wall};
use crate::plan_file;
use crate::session::Given;
use crate::words;

/// What `--json` prints.
#[derive(Serialize)]
struct Answer {
    windows: Vec<WindowAnswer>,
    days: Vec<DayAnswer>,
}

#[derive(Serialize)]
struct WindowAnswer {
    instruction: InstructionId,
    kind: WindowKind,
    from: String,
    until: String,
}

#[derive(Serialize)]
struct DayAnswer {
    day: u16,
    date: NaiveDate,
    phase: PhaseId,
    expected: Severities,
    starts: Vec<InstructionId>,
    ends: Vec<InstructionId>,
}

/// The windows and the days from 0 on.
pub(crate) fn timeline(common: &Common, options: arguments::Timeline) -> Result<String, Refusal> {
    let plan = plan_file::chosen(common)?;
    let given = Given::new(&plan, options.session)?;
    let session = &given.session;
    let windows = windows(&plan, session);
    let days: Vec<_> = (0..=options.days)
        .map(|day| day_answer(&plan, session, &windows, day))
        .collect();
    if options.json {
        return output::json(&Answer {
            windows: windows
                .iter()
                .map(|window| WindowAnswer {
                    instruction: window.instruction.clone(),
                    kind: window.kind,
                    from: rfc_3339(&session.zone, window.from),
                    until: rfc_3339(&session.zone, window.until),
                })
                .collect(),
            days,
        });
    }
    Ok(for_people(&plan, &given, &windows, &days, common.lang))
}

fn day_answer(plan: &Plan, session: &Session, windows: &[HoldingWindow], day: u16) -> DayAnswer {
    let date = session.zone.date(session.ended_at) + Days::new(day.into());
    let areas: EnumSet<Area> = session.areas.iter().copied().collect();
    let on_date = |bound: fn(&HoldingWindow) -> DateTime<Utc>| {
        windows
            .iter()
            .filter(|window| session.zone.date(bound(window)) == date)
            .map(|window| window.instruction.clone())
            .collect()
    };
    DayAnswer {
        day,
        date,
        phase: phase_on(plan, session, day.into()).id,
        expected: Symptom::ALL
            .into_iter()
            .map(|symptom| {
                let highest = plan.expected(symptom, session.band_class(), areas, day.into());
                (symptom, highest)
            })
            .collect(),
        starts: on_date(|window| window.from),
        ends: on_date(|window| window.until),
    }
}

fn for_people(
    plan: &Plan,
    given: &Given,
    windows: &[HoldingWindow],
    days: &[DayAnswer],
    locale: Locale,
) -> String {
    let zone = &given.session.zone;
    let label = |id: &InstructionId| {
        plan.instruction(id)
            .map_or(id.0.as_str(), |instruction| {
                instruction.texts(locale).label.as_str()
            })
            .to_owned()
    };
    let kind = |id: &InstructionId| {
        windows
            .iter()
            .find(|window| window.instruction == *id)
            .map_or("", |window| words::kind(window.kind, locale))
    };
    let labels = |ids: &[InstructionId]| {
        let labels: Vec<_> = ids
            .iter()
            .map(|id| format!("{} ({})", label(id), kind(id)))
            .collect();
        labels.join(", ")
    };
    let mut lines = Lines::default();
    lines.heading(words::windows(locale));
    for window in windows {
        lines.line(format!(
            "  {} - {}  {:<12} {}",
            wall(zone, window.from),
            wall(zone, window.until),
            words::kind(window.kind, locale),
            label(&window.instruction),
        ));
    }
    for day in days {
        lines.heading(&format!(
            "{} {} ({}): {}",
            words::day(locale),
            day.day,
            day.date,
            plan.phase(day.phase).texts(locale).name
        ));
        let expected: Vec<_> = day
            .expected
            .iter()
            .filter(|(_, highest)| highest.grade() > 0)
            .map(|(symptom, highest)| format!("{} {}", plan.symptom(symptom, locale).short, highest.grade()))
            .collect();
        if !expected.is_empty() {
            lines.line(format!(
                "  {}: {}",
                words::expected_up_to(locale),
                expected.join(", ")
            ));
        }
        if !day.starts.is_empty() {
            lines.line(format!("  {}: {}", words::starts(locale), labels(&day.starts)));
        }
        if !day.ends.is_empty() {
            lines.line(format!("  {}: {}", words::ends(locale), labels(&day.ends)));
        }
    }
    lines.warnings(&given.warnings(plan, locale), locale);
    lines.text()
}
