//! What holds, until when, and what follows it.
//!
//! [`window`] is the one door to a window: whatever a session changes about one (its depth, darker
//! skin, what the clinic supplied) is decided there and nowhere else.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::plan::{DarkerSkin, Instruction, InstructionId, InstructionKind, Plan, Timing, Window};
use crate::session::{Area, DepthClass, Risk, Session};

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
    /// Whether only the clinic can say until when ([`Session::asks_clinic`]). `from` and `until` are
    /// then the span in which it is to be asked, and nothing is "fine again" when that is over.
    pub ask: bool,
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends: the first instant at which it no longer holds.
    pub until: DateTime<Utc>,
    /// Where now stands to it.
    pub state: RestrictionState,
}

/// What a window asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    /// Leave it alone.
    Avoid,
    /// Do less of it.
    Limit,
    /// Do it.
    Do,
    /// Ask the clinic: this plan does not know of all that was done.
    Ask,
}

/// An elapsed window of one session, as instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldingWindow {
    /// The instruction.
    pub instruction: InstructionId,
    /// What it asks.
    pub kind: WindowKind,
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant at which it no longer holds. Of [`WindowKind::Ask`] the two are the span in
    /// which the clinic is to be asked: the one that this plan gives where needling was all.
    pub until: DateTime<Utc>,
}

/// Every elapsed window that a session brings, in the plan's order.
pub fn windows(plan: &Plan, session: &Session) -> Vec<HoldingWindow> {
    plan.instructions_for(session)
        .filter_map(|instruction| {
            let (from, until) = bounds(instruction, session)?;
            Some(HoldingWindow {
                instruction: instruction.id.clone(),
                kind: kind(instruction, asks(instruction, session)),
                from,
                until,
            })
        })
        .collect()
}

/// Every avoid and limit that several sessions bring, each once with its latest end, soonest end
/// first. A limit begins when the avoid before it is over for every session. Only the clinic can
/// say until when, where that holds for a session whose span reaches into the latest window.
pub fn restrictions_of(plan: &Plan, sessions: &[Session], now: DateTime<Utc>) -> Vec<Restriction> {
    let mut all: Vec<_> = merged(plan, sessions, None)
        .into_iter()
        .map(|merged| merged.restriction(now))
        .collect();
    all.sort_by_key(|restriction| restriction.until);
    all
}

/// Every avoid and limit that a session brings, soonest end first. An avoid that
/// [`Plan::follow_up`] continues with a limit is not "fine again" at its own end.
pub fn restrictions(plan: &Plan, session: &Session, now: DateTime<Utc>) -> Vec<Restriction> {
    restrictions_of(plan, std::slice::from_ref(session), now)
}

/// The elapsed window that holds for a session; none for an instruction that has none.
///
/// It is that of the session's [`Session::window_class`]. For darker skin it is a deep session's, or
/// ends with a deep session's, where the instruction says so; and it opens at once where the clinic
/// supplied what it waits for. Whether the instruction [`concerns`](Instruction::concerns) the
/// session is another question.
pub fn window(instruction: &Instruction, session: &Session) -> Option<Window> {
    let Timing::Window { hours, .. } = &instruction.timing else {
        return None;
    };
    let mut window = *hours.get(session.window_class());
    if session.risks.contains(Risk::SkinType4To6) {
        let deep = hours.get(DepthClass::Deep);
        match instruction.darker_skin {
            Some(DarkerSkin::Window) => window = *deep,
            Some(DarkerSkin::End) => window.until = window.until.max(deep.until),
            None => {}
        }
    }
    if instruction
        .opens_with
        .is_some_and(|supply| session.clinic_gave.contains(supply))
    {
        window.from = 0;
    }
    Some(window)
}

/// Whether only the clinic can say when this instruction holds for a session.
pub(crate) fn asks(instruction: &Instruction, session: &Session) -> bool {
    !instruction.with_adjuncts && session.asks_clinic()
}

/// The [`window`] as instants.
pub(crate) fn bounds(instruction: &Instruction, session: &Session) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let Window { from, until } = window(instruction, session)?;
    Some((after(session, from), after(session, until)))
}

/// So many hours after a session's end.
pub(crate) fn after(session: &Session, hours: u32) -> DateTime<Utc> {
    session.ended_at + TimeDelta::hours(hours.into())
}

/// One instruction's window over several sessions.
#[derive(Clone, Copy)]
pub(crate) struct Merged<'a> {
    pub(crate) instruction: &'a Instruction,
    pub(crate) ask: bool,
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
}

impl Merged<'_> {
    /// What it asks.
    pub(crate) fn kind(&self) -> WindowKind {
        kind(self.instruction, self.ask)
    }

    fn restriction(self, now: DateTime<Utc>) -> Restriction {
        Restriction {
            instruction: self.instruction.id.clone(),
            limit_only: self.instruction.kind == InstructionKind::Limit,
            ask: self.ask,
            from: self.from,
            until: self.until,
            state: state(self.from, self.until, now),
        }
    }
}

/// The latest window of every avoid and limit that concerns one of the sessions, in the plan's
/// order; and of everything to do where `care` says, for each session, when a newer one of the same
/// skin ends it. Each session is looked at once for each instruction.
pub(crate) fn merged<'a>(
    plan: &'a Plan,
    sessions: &[Session],
    care: Option<&[DateTime<Utc>]>,
) -> Vec<Merged<'a>> {
    let mut all: Vec<_> = plan
        .instructions()
        .iter()
        .filter_map(|instruction| match instruction.kind {
            InstructionKind::Do => latest(instruction, sessions, care?),
            InstructionKind::Avoid | InstructionKind::Limit => latest(instruction, sessions, &[]),
        })
        .collect();
    let avoided: Vec<_> = all
        .iter()
        .filter_map(|avoid| Some((avoid.instruction.followed_by.as_ref()?, avoid.until)))
        .collect();
    for limit in &mut all {
        let id = &limit.instruction.id;
        let over = avoided
            .iter()
            .filter(|(name, _)| *name == id)
            .map(|(_, until)| *until);
        if let Some(over) = over.max() {
            limit.from = limit.from.max(over).min(limit.until);
        }
    }
    all
}

/// The latest of one instruction's windows, each cut off at its session's place in `ends`.
fn latest<'a>(
    instruction: &'a Instruction,
    sessions: &[Session],
    ends: &[DateTime<Utc>],
) -> Option<Merged<'a>> {
    let mut latest: Option<Merged<'a>> = None;
    let mut asked_until = DateTime::<Utc>::MIN_UTC;
    for (place, session) in sessions.iter().enumerate() {
        if !instruction.concerns(session) {
            continue;
        }
        let (from, whole) = bounds(instruction, session)?;
        let until = ends.get(place).map_or(whole, |end| whole.min(*end));
        if until <= from {
            continue;
        }
        if asks(instruction, session) {
            asked_until = asked_until.max(until);
        }
        // Of equal ends the one that begins first.
        if latest.is_none_or(|known| known.until < until || (known.until == until && from < known.from)) {
            latest = Some(Merged {
                instruction,
                ask: false,
                from,
                until,
            });
        }
    }
    latest.map(|latest| Merged {
        ask: asked_until > latest.from,
        ..latest
    })
}

/// When, for each session in its place, the next session of some of the same skin ended; the end of
/// time without one. One look at each, from the newest back.
pub(crate) fn superseded_at(sessions: &[Session]) -> Vec<DateTime<Utc>> {
    let mut ends = vec![DateTime::<Utc>::MAX_UTC; sessions.len()];
    let mut newest_first: Vec<_> = (0..sessions.len()).collect();
    newest_first.sort_unstable_by_key(|place| Reverse(sessions[*place].ended_at));
    // Of each area, the end of the session that was looked at last.
    let mut next = [DateTime::<Utc>::MAX_UTC; Area::ALL.len()];
    for same_end in newest_first.chunk_by(|a, b| sessions[*a].ended_at == sessions[*b].ended_at) {
        for place in same_end {
            let newer = sessions[*place].areas.iter().map(|area| next[*area as usize]);
            ends[*place] = newer.min().unwrap_or(DateTime::<Utc>::MAX_UTC);
        }
        for place in same_end {
            for area in &sessions[*place].areas {
                next[*area as usize] = sessions[*place].ended_at;
            }
        }
    }
    ends
}

fn kind(instruction: &Instruction, ask: bool) -> WindowKind {
    match instruction.kind {
        _ if ask => WindowKind::Ask,
        InstructionKind::Avoid => WindowKind::Avoid,
        InstructionKind::Limit => WindowKind::Limit,
        InstructionKind::Do => WindowKind::Do,
    }
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
