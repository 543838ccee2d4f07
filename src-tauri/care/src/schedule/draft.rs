//! Occurrences in the making: their keys, and which of two that coincide remains.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, NaiveDateTime, Timelike as _, Utc};

use super::{Due, Occurrence, OccurrenceKey, What};
use crate::plan::InstructionId;
use crate::session::SessionId;

/// A session's identity in its hyphenated form.
pub(super) type Name = [u8; uuid::fmt::Hyphenated::LENGTH];

pub(super) fn name(id: SessionId) -> Name {
    let mut name = [0; uuid::fmt::Hyphenated::LENGTH];
    id.0.hyphenated().encode_lower(&mut name);
    name
}

/// An occurrence before its neighbours are known.
#[derive(Clone, Copy)]
pub(super) struct Draft<'a> {
    /// The instruction's place in the plan; one more for what no plan has.
    pub(super) slot: usize,
    pub(super) instruction: &'a InstructionId,
    pub(super) session: SessionId,
    /// See [`Course::name`].
    pub(super) name: Name,
    /// When the session ended, or is to begin: keys count from it, and the newest comes first.
    pub(super) anchor: DateTime<Utc>,
    pub(super) what: What,
    pub(super) due: Due,
    pub(super) due_at: DateTime<Utc>,
    /// When it is no longer worth showing, whatever comes after it.
    pub(super) stale_at: DateTime<Utc>,
    /// Whether the next occurrence of the instruction takes its place.
    pub(super) until_next: bool,
    /// Whether it reminds of a medicine.
    pub(super) prescribed: bool,
    /// What the plan says, where the patient moved a daily time.
    pub(super) planned: Option<NaiveDateTime>,
}

impl Draft<'_> {
    pub(super) fn occurrence(&self, next: Option<DateTime<Utc>>) -> Occurrence {
        Occurrence {
            key: self.key(),
            session: self.session,
            instruction: self.instruction.clone(),
            what: self.what,
            due: self.due,
            due_at: self.due_at,
            chosen: self.prescribed || self.planned.is_some(),
            valid_until: next
                .filter(|_| self.until_next)
                .map_or(self.stale_at, |next| next.min(self.stale_at)),
        }
    }

    /// Written by hand: a course of many sessions has thousands of keys.
    pub(super) fn key(&self) -> OccurrenceKey {
        let what = self.what.name();
        let mut key = String::with_capacity(self.name.len() + self.instruction.0.len() + what.len() + 20);
        key.extend(self.name.iter().map(|byte| char::from(*byte)));
        key.push('/');
        key.push_str(&self.instruction.0);
        key.push('/');
        key.push_str(what);
        key.push('/');
        match self.due {
            Due::Elapsed(at) if self.what == What::Appointment => {
                push_moment(&mut key, at.naive_utc());
                key.push('Z');
            }
            Due::Elapsed(_) => {
                key.push('+');
                push_number(&mut key, self.hours().unsigned_abs(), 1);
                key.push('h');
            }
            Due::Civil(local) => push_moment(&mut key, self.planned.unwrap_or(local)),
        }
        OccurrenceKey(key)
    }

    /// Whole hours after the session's end.
    pub(super) fn hours(&self) -> i64 {
        (self.due_at - self.anchor).num_hours()
    }
}

/// `2026-01-12@20:00`
fn push_moment(key: &mut String, at: NaiveDateTime) {
    push_number(key, at.year().unsigned_abs().into(), 4);
    key.push('-');
    push_number(key, at.month().into(), 2);
    key.push('-');
    push_number(key, at.day().into(), 2);
    key.push('@');
    push_number(key, at.hour().into(), 2);
    key.push(':');
    push_number(key, at.minute().into(), 2);
}

/// A number with so many digits at least.
fn push_number(key: &mut String, number: u64, digits: u32) {
    if digits > 1 || number > 9 {
        push_number(key, number / 10, digits.saturating_sub(1));
    }
    key.push(char::from_digit((number % 10) as u32, 10).unwrap_or('0'));
}

impl What {
    /// Its part of an occurrence's key.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Daily => "daily",
            Self::At => "at",
            Self::CheckIn => "check_in",
            Self::FollowUp => "follow_up",
            Self::Appointment => "appointment",
            Self::AllClear => "all_clear",
            Self::Phase => "phase",
        }
    }
}

/// Of drafts for one instruction at one minute a follow-up remains before anything else, of follow-ups
/// and of medicines the one that is asked for longest, then the newest session's; of one session's the
/// elapsed moment rather than the wall-clock time that it falls on. Leaves them by instruction and time.
pub(super) fn one_per_minute(drafts: &mut Vec<Draft<'_>>) {
    let slot = |draft: &Draft<'_>| (draft.slot, minute(draft.due_at));
    let first_of_minute = |draft: &Draft<'_>| {
        let newest_first = Reverse((draft.anchor, draft.session));
        let wall_clock = matches!(draft.due, Due::Civil(_));
        (
            draft.what != What::FollowUp,
            (draft.what == What::FollowUp || draft.prescribed).then_some(Reverse(draft.stale_at)),
            newest_first,
            wall_clock,
            draft.due_at,
        )
    };
    // Sessions one after the other leave long stretches in order, which a stable sort merges.
    drafts.sort_by(|a, b| {
        slot(a)
            .cmp(&slot(b))
            .then_with(|| first_of_minute(a).cmp(&first_of_minute(b)))
    });
    drafts.dedup_by(|later, kept| slot(later) == slot(kept));
}

/// What follows two check-ins of the same hour has one key: the first remains.
pub(super) fn one_per_key(drafts: &mut Vec<Draft<'_>>) {
    let follows = |draft: &Draft<'_>| {
        matches!(draft.what, What::FollowUp | What::CheckIn) && matches!(draft.due, Due::Elapsed(_))
    };
    let mut taken = BTreeSet::new();
    drafts.retain(|draft| !follows(draft) || taken.insert((draft.session, draft.what.name(), draft.hours())));
}

fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}
