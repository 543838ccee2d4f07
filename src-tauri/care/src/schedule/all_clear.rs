//! What is allowed again, and when.

use chrono::{DateTime, TimeDelta, Utc};

use super::draft::Draft;
use super::{Course, Due, What};
use crate::plan::{Instruction, InstructionKind, Plan};
use crate::restriction::{asks, bounds};

/// The end of an avoid and of the limit that follows it, once for sessions that overlap: the latest
/// session's that still holds it. None where a session of which only the clinic can say reaches
/// into it. A limit that no avoid leads to ends by itself.
pub(super) fn all_clears<'a>(
    plan: &'a Plan,
    (slot, instruction): (usize, &'a Instruction),
    courses: &[Course<'_>],
    drafts: &mut Vec<Draft<'a>>,
) {
    struct Held<'c, 's> {
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        ask: bool,
        course: &'c Course<'s>,
    }
    let follow_up = instruction
        .followed_by
        .as_ref()
        .and_then(|id| plan.instruction(id));
    let leads_here = |other: &&Instruction| other.followed_by.as_ref() == Some(&instruction.id);
    let avoids: Vec<_> = if instruction.kind == InstructionKind::Limit {
        plan.instructions().iter().filter(leads_here).collect()
    } else {
        Vec::new()
    };
    let mut held: Vec<_> = courses
        .iter()
        .filter(|course| instruction.concerns(course.session))
        .filter(|course| !avoids.iter().any(|avoid| avoid.concerns(course.session)))
        .filter_map(|course| {
            let session = course.session;
            let (from, mut until) = bounds(instruction, session)?;
            let mut ask = asks(instruction, session);
            if let Some(limit) = follow_up.filter(|limit| limit.concerns(session)) {
                until = bounds(limit, session).map_or(until, |(_, end)| end.max(until));
                ask |= asks(limit, session);
            }
            Some(Held {
                from,
                until,
                ask,
                course,
            })
        })
        .collect();
    held.sort_by_key(|held| held.from);
    let mut rest = held.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let (mut last, mut asked_until) = (first, None);
        let mut overlapping = 1;
        for next in others {
            if next.from > last.until {
                break;
            }
            // Of equal ends the newer session's, which comes later.
            if next.until >= last.until {
                last = next;
            }
            overlapping += 1;
        }
        let (together, later) = rest.split_at(overlapping);
        rest = later;
        for ask in together.iter().filter(|held| held.ask) {
            asked_until = asked_until.max(Some(ask.until));
        }
        if asked_until.is_some_and(|until| until > last.from) {
            continue;
        }
        let draft = Draft {
            slot,
            instruction: &instruction.id,
            session: last.course.session.id,
            name: last.course.name,
            anchor: last.course.session.ended_at,
            what: What::AllClear,
            due: Due::Elapsed(last.until),
            due_at: last.until,
            stale_at: last.until + TimeDelta::days(1),
            until_next: false,
            prescribed: false,
            planned: None,
        };
        if last.course.keeps(&draft) {
            drafts.push(draft);
        }
    }
}
