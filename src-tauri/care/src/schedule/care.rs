//! What there is to do after a session, and when.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::draft::Draft;
use super::{Basis, Course, Due, What, hour};
use crate::Zone;
use crate::course::{asked_after, asks_for_next};
use crate::plan::{Instruction, Plan, Timing, Window};
use crate::restriction::{after, window};
use crate::session::Appointment;

/// One instruction to do after one session, seen from a zone.
#[derive(Clone, Copy)]
pub(super) struct Care<'a, 'c> {
    plan: &'a Plan,
    slot: usize,
    instruction: &'a Instruction,
    course: &'c Course<'c>,
    basis: Basis<'c>,
    zone: &'c Zone,
}

impl<'a, 'c> Care<'a, 'c> {
    pub(super) fn of(
        plan: &'a Plan,
        (slot, instruction): (usize, &'a Instruction),
        course: &'c Course<'c>,
        basis: Basis<'c>,
        zone: &'c Zone,
    ) -> Self {
        Self {
            plan,
            slot,
            instruction,
            course,
            basis,
            zone,
        }
    }

    /// Every occurrence of something to do.
    pub(super) fn to_do(self, drafts: &mut Vec<Draft<'a>>) {
        if !self.course.needs(self.instruction) {
            return;
        }
        let session = self.course.session;
        let mut keep = |draft: Draft<'a>| {
            if self.course.keeps(&draft) {
                drafts.push(draft);
            }
        };
        match &self.instruction.timing {
            Timing::CheckIns { first_after, .. } => {
                let at = after(session, *first_after);
                keep(self.elapsed(What::CheckIn, *first_after, next_time(self.zone, NOON, at)));
            }
            Timing::Moment { hours } if asks_for_next(self.instruction) => {
                let next = self.next_session(*hours.get(session.window_class()));
                // Of an interval that is longer than the plan the patient is reminded too.
                drafts.extend(next.filter(|draft| draft.due_at < self.course.superseded_at));
            }
            Timing::Moment { hours } => {
                let hours = *hours.get(session.window_class());
                keep(self.elapsed(What::At, hours, after(session, hours) + TimeDelta::days(1)));
            }
            _ => {}
        }
        let first = drafts.len();
        self.times(drafts);
        let mut kept = first;
        // What is in order stays so: the sort that follows has little to do.
        for place in first..drafts.len() {
            if self.course.keeps(&drafts[place]) {
                drafts.swap(kept, place);
                kept += 1;
            }
        }
        drafts.truncate(kept);
    }

    /// The moment at which the next session is to be planned: until the next day, and no longer once one is booked for
    /// then or later.
    fn next_session(self, usual: u32) -> Option<Draft<'a>> {
        let session = self.course.session;
        let hours = asked_after(self.plan, session, self.basis, usual)?;
        let at = after(session, hours);
        let is_next = |booked: &&Appointment| {
            let mut ended = self.basis.sessions.iter();
            at <= booked.at && !ended.any(|session| session.id == booked.id)
        };
        let booked = self.basis.appointments.iter().filter(is_next);
        let stale_at = booked
            .map(|booked| booked.entered_at)
            .fold(at + TimeDelta::days(1), DateTime::min);
        Some(self.elapsed(What::At, hours, stale_at))
    }

    /// The openings and wall-clock times of something to do.
    pub(super) fn times(self, drafts: &mut Vec<Draft<'a>>) {
        let class = self.course.session.window_class();
        match &self.instruction.timing {
            Timing::Window { daily, .. } => {
                if let Some(window) = window(self.instruction, self.course.session) {
                    self.in_window(window, daily, drafts);
                }
            }
            Timing::Evenings { days, time } => self.on_days(What::Daily, days.get(class), *time, drafts),
            Timing::Questions { days, time } => self.on_days(What::At, days.get(class), *time, drafts),
            Timing::CheckIns { days, time, .. } => {
                self.on_days(What::CheckIn, days.get(class), *time, drafts);
            }
            // See `told::medicines`.
            Timing::Prescribed | Timing::Moment { .. } => {}
        }
    }

    /// The opening of a window that does not open at once, and each daily time inside it.
    fn in_window(self, hours: Window, daily: &[NaiveTime], drafts: &mut Vec<Draft<'a>>) {
        let session = self.course.session;
        let (from, until) = (after(session, hours.from), after(session, hours.until));
        if hours.from > 0 {
            drafts.push(Draft {
                until_next: true,
                ..self.elapsed(What::Start, hours.from, until)
            });
        }
        // Nothing is asked for any more when a newer session of the same skin has ended.
        let asked_until = until.min(self.course.superseded_at);
        if daily.is_empty() || asked_until <= from {
            return;
        }
        let last = self.zone.date(asked_until);
        for date in self.zone.date(from).iter_days().take_while(|date| *date <= last) {
            for time in daily {
                let draft = self.daily(date.and_time(*time), until);
                if from <= draft.due_at && draft.due_at < until {
                    drafts.push(Draft {
                        until_next: true,
                        ..draft
                    });
                }
            }
        }
    }

    fn on_days(self, what: What, days: &BTreeSet<u16>, time: NaiveTime, drafts: &mut Vec<Draft<'a>>) {
        // A question keeps its time: only care moves with the patient's day.
        let kept = if what == What::Daily {
            self.basis.care_times.moved(time)
        } else {
            time
        };
        let due = |day: &u16| {
            let local = (self.course.day_zero + Days::new(u64::from(*day))).and_time(kept);
            (local, self.zone.instant(local))
        };
        let mut days = days.iter().peekable();
        while let Some(day) = days.next() {
            let (local, due_at) = due(day);
            let stale_at = match days.peek() {
                // A check-in that was not done yet is still worth asking for when the next one is due.
                _ if what == What::CheckIn => after_wall_time(self.zone, NOON, local, due_at),
                Some(next) => due(next).1,
                None => after_wall_time(self.zone, NIGHT_OVER, local, due_at),
            };
            drafts.push(Draft {
                until_next: what != What::CheckIn,
                planned: (kept != time).then(|| local.date().and_time(time)),
                ..self.draft(what, Due::Civil(local), due_at, stale_at)
            });
        }
    }

    fn elapsed(self, what: What, hours: u32, stale_at: DateTime<Utc>) -> Draft<'a> {
        let at = after(self.course.session, hours);
        self.draft(what, Due::Elapsed(at), at, stale_at)
    }

    /// A daily time of a window, moved to where the patient wants it.
    fn daily(self, planned: NaiveDateTime, stale_at: DateTime<Utc>) -> Draft<'a> {
        let local = planned
            .date()
            .and_time(self.basis.care_times.moved(planned.time()));
        Draft {
            planned: (local != planned).then_some(planned),
            ..self.draft(What::Daily, Due::Civil(local), self.zone.instant(local), stale_at)
        }
    }

    fn draft(self, what: What, due: Due, due_at: DateTime<Utc>, stale_at: DateTime<Utc>) -> Draft<'a> {
        Draft {
            slot: self.slot,
            instruction: &self.instruction.id,
            session: self.course.session.id,
            name: self.course.name,
            anchor: self.course.session.ended_at,
            what,
            due,
            due_at,
            stale_at,
            until_next: false,
            prescribed: false,
            planned: None,
        }
    }
}
/// When a check-in of the day before is no longer asked for.
pub(super) const NOON: NaiveTime = hour(12);

/// When the last of what was to be done or looked at "tonight" is over.
pub(super) const NIGHT_OVER: NaiveTime = hour(4);

/// When the patient's wall clock first shows a time of day after an instant.
pub(super) fn next_time(zone: &Zone, time: NaiveTime, at: DateTime<Utc>) -> DateTime<Utc> {
    after_wall_time(zone, time, zone.local(at).naive_local(), at)
}

/// The same for an instant whose wall-clock time is known.
pub(super) fn after_wall_time(
    zone: &Zone,
    time: NaiveTime,
    local: NaiveDateTime,
    at: DateTime<Utc>,
) -> DateTime<Utc> {
    let days = u64::from(local.time() >= time);
    let on = |days| zone.instant((local.date() + Days::new(days)).and_time(time));
    // A wall-clock time in a gap is later than it says.
    Some(on(days))
        .filter(|next| *next > at)
        .unwrap_or_else(|| on(days + 1))
}
