//! What holds, until when, and what follows it.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::plan::{Instruction, InstructionId, InstructionKind, Plan, Timing, Window};
use crate::session::Session;

/// Where an instant stands to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RestrictionState {
    /// It has not begun.
    Upcoming,
    /// It holds.
    Holds,
    /// It is over.
    Ended,
}

/// An avoid or a limit of one session, as instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// The instruction.
    pub instruction: InstructionId,
    /// Whether it is to be limited only, not to be left alone.
    pub limit_only: bool,
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends: the first instant at which it no longer holds.
    pub until: DateTime<Utc>,
    /// Where now stands to it.
    pub state: RestrictionState,
}

/// Every avoid and limit that several sessions bring, each once with its latest end, soonest end
/// first. A limit begins when the avoid before it is over for every session.
pub fn restrictions_of(plan: &Plan, sessions: &[Session], now: DateTime<Utc>) -> Vec<Restriction> {
    let brought: Vec<_> = sessions
        .iter()
        .flat_map(|session| restrictions(plan, session, now))
        .collect();
    let latest = |id: &InstructionId| {
        brought
            .iter()
            .filter(|restriction| restriction.instruction == *id)
            .max_by_key(|restriction| (restriction.until, Reverse(restriction.from)))
    };
    let mut all: Vec<_> = plan
        .instructions()
        .iter()
        .filter_map(|instruction| {
            let mut restriction = latest(&instruction.id)?.clone();
            let avoided_until = plan
                .instructions()
                .iter()
                .filter(|avoid| avoid.followed_by.as_ref() == Some(&instruction.id))
                .filter_map(|avoid| latest(&avoid.id))
                .map(|avoid| avoid.until)
                .max();
            if let Some(avoided_until) = avoided_until {
                restriction.from = restriction.from.max(avoided_until).min(restriction.until);
                restriction.state = state(restriction.from, restriction.until, now);
            }
            Some(restriction)
        })
        .collect();
    all.sort_by_key(|restriction| restriction.until);
    all
}

/// Every avoid and limit that a session brings, soonest end first. An avoid that
/// [`Plan::follow_up`] continues with a limit is not "fine again" at its own end.
pub fn restrictions(plan: &Plan, session: &Session, now: DateTime<Utc>) -> Vec<Restriction> {
    let mut all: Vec<_> = plan
        .instructions_for(session)
        .filter_map(|instruction| {
            let (from, until) = bounds(instruction, session)?;
            let limit_only = match instruction.kind {
                InstructionKind::Do => return None,
                InstructionKind::Avoid => false,
                InstructionKind::Limit => true,
            };
            Some(Restriction {
                instruction: instruction.id.clone(),
                limit_only,
                from,
                until,
                state: state(from, until, now),
            })
        })
        .collect();
    all.sort_by_key(|restriction| restriction.until);
    all
}

fn state(from: DateTime<Utc>, until: DateTime<Utc>, now: DateTime<Utc>) -> RestrictionState {
    if now < from {
        RestrictionState::Upcoming
    } else if now < until {
        RestrictionState::Holds
    } else {
        RestrictionState::Ended
    }
}

/// An elapsed window as instants; none for instructions that have none.
pub(crate) fn bounds(instruction: &Instruction, session: &Session) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let Window { from, until } = window(instruction, session)?;
    Some((after(session, from), after(session, until)))
}

/// The elapsed window that holds for a session.
pub(crate) fn window(instruction: &Instruction, session: &Session) -> Option<Window> {
    match &instruction.timing {
        Timing::Window { hours, .. } => Some(*hours.get(session.window_class())),
        _ => None,
    }
}

/// So many hours after a session's end.
pub(crate) fn after(session: &Session, hours: u32) -> DateTime<Utc> {
    session.ended_at + TimeDelta::hours(hours.into())
}
