//! From when until when there is something to do after a session.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveTime, Utc};

use super::CareTimes;
use crate::Zone;
use crate::plan::{Instruction, InstructionId, InstructionKind, Plan, Timing};
use crate::restriction::{after, asks, bounds};
use crate::session::Session;

/// Something to do after a session, from its first moment to its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareSpan {
    /// The instruction.
    pub instruction: InstructionId,
    /// Whether only the clinic can say when ([`Session::asks_clinic`]).
    pub ask: bool,
    /// From when until when; one moment has the same twice. None where the clinic prescribes it.
    pub span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The wall-clock times on its days, as the patient has them; empty where any time will do.
    pub times: Vec<NaiveTime>,
    /// On how many days, where not on each from the first to the last.
    pub days: Option<usize>,
}

/// Everything to do after a session, in the order in which it begins; what is prescribed comes last. What would have
/// been due before its end is left out. Whether a newer session ends it is not asked.
pub fn care_spans(plan: &Plan, session: &Session, times: CareTimes, zone: &Zone) -> Vec<CareSpan> {
    let to_do = plan
        .instructions_for(session)
        .filter(|instruction| instruction.kind == InstructionKind::Do);
    let mut spans: Vec<_> = to_do
        .filter_map(|instruction| care_span(instruction, session, times, zone))
        .collect();
    spans.sort_by_key(|care| (care.span.is_none(), care.span));
    spans
}

fn care_span(
    instruction: &Instruction,
    session: &Session,
    times: CareTimes,
    zone: &Zone,
) -> Option<CareSpan> {
    let class = session.window_class();
    let known = CareSpan {
        instruction: instruction.id.clone(),
        ask: asks(instruction, session),
        span: None,
        times: Vec::new(),
        days: None,
    };
    let on_days = |days: &BTreeSet<u16>, time: NaiveTime| {
        let day_zero = zone.date(session.ended_at);
        let due = days
            .iter()
            .map(|day| zone.instant((day_zero + Days::new((*day).into())).and_time(time)));
        let due: Vec<_> = due.filter(|at| session.ended_at < *at).collect();
        Some(CareSpan {
            span: Some((*due.first()?, *due.last()?)),
            times: vec![time],
            days: Some(due.len()),
            ..known.clone()
        })
    };
    Some(match &instruction.timing {
        Timing::Window { daily, .. } => CareSpan {
            span: bounds(instruction, session),
            times: daily.iter().map(|time| times.moved(*time)).collect(),
            ..known
        },
        Timing::Evenings { days, time } => on_days(days.get(class), times.moved(*time))?,
        Timing::Questions { days, time } | Timing::CheckIns { days, time, .. } => {
            on_days(days.get(class), *time)?
        }
        Timing::Moment { hours } => {
            let at = after(session, *hours.get(class));
            CareSpan {
                span: Some((at, at)),
                ..known
            }
        }
        Timing::Prescribed => known,
    })
}
