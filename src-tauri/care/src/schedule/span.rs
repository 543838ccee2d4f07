//! From when until when there is something to do after a session.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveTime, Utc};

use super::Basis;
use crate::Zone;
use crate::course::{asked_after, asks_for_next};
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
    /// The wall-clock times on its days, as the patient has them; empty where any time will do. The first check-in has
    /// a time of its own, at which the span begins.
    pub times: Vec<NaiveTime>,
    /// On how many days, where not on each from the first to the last.
    pub days: Option<usize>,
}

/// Everything to do after a session, in the order in which it begins; what is prescribed comes last. What would have
/// been due before its end is left out, and so is the next session where its course has none. Whether a newer session
/// ends it, and whether the next one is booked, is not asked.
pub fn care_spans(plan: &Plan, session: &Session, basis: Basis<'_>, zone: &Zone) -> Vec<CareSpan> {
    let to_do = plan
        .instructions_for(session)
        .filter(|instruction| instruction.kind == InstructionKind::Do);
    let mut spans: Vec<_> = to_do
        .filter_map(|instruction| care_span(plan, instruction, session, basis, zone))
        .collect();
    spans.sort_by_key(|care| (care.span.is_none(), care.span));
    spans
}

fn care_span(
    plan: &Plan,
    instruction: &Instruction,
    session: &Session,
    basis: Basis<'_>,
    zone: &Zone,
) -> Option<CareSpan> {
    let times = basis.care_times;
    let class = session.window_class();
    let known = CareSpan {
        instruction: instruction.id.clone(),
        ask: asks(instruction, session),
        span: None,
        times: Vec::new(),
        days: None,
    };
    let on_days = |first: Option<DateTime<Utc>>, days: &BTreeSet<u16>, time: NaiveTime| {
        let day_zero = zone.date(session.ended_at);
        let due = days
            .iter()
            .map(|day| zone.instant((day_zero + Days::new((*day).into())).and_time(time)));
        let due: BTreeSet<_> = due.filter(|at| session.ended_at < *at).chain(first).collect();
        let dates: BTreeSet<_> = due.iter().map(|at| zone.date(*at)).collect();
        Some(CareSpan {
            span: Some((*due.first()?, *due.last()?)),
            times: vec![time],
            days: Some(dates.len()),
            ..known.clone()
        })
    };
    Some(match &instruction.timing {
        Timing::Window { daily, .. } => CareSpan {
            span: bounds(instruction, session),
            times: daily.iter().map(|time| times.moved(*time)).collect(),
            ..known
        },
        Timing::Evenings { days, time } => on_days(None, days.get(class), times.moved(*time))?,
        Timing::Questions { days, time } => on_days(None, days.get(class), *time)?,
        Timing::CheckIns {
            days,
            time,
            first_after,
        } => on_days(Some(after(session, *first_after)), days.get(class), *time)?,
        Timing::Moment { hours } => {
            let usual = *hours.get(class);
            let hours = if asks_for_next(instruction) {
                asked_after(plan, session, basis, usual)?
            } else {
                usual
            };
            let at = after(session, hours);
            CareSpan {
                span: Some((at, at)),
                ..known
            }
        }
        Timing::Prescribed => known,
    })
}
