//! The occurrences that follow from sessions, what is booked, what triage found, and the plan.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Utc,
};
use serde::{Deserialize, Serialize};

use crate::Zone;
use crate::check_in::CheckInId;
use crate::plan::{Instruction, InstructionId, InstructionKind, Plan, Timing, Window};
use crate::restriction::{after, asks, bounds, superseded_at, window};
use crate::session::{Appointment, Session, SessionId};

/// One due reminder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// `session/instruction/what/(+hours or local date@HH:MM)`: the same for ever, whatever plan or
    /// zone changes. Two hours before an appointment it ends in the due instant in UTC
    /// (`2026-01-12@12:30Z`), so that an appointment that is moved is told again.
    pub key: OccurrenceKey,
    /// The session that it follows from, or the booked one that it is about.
    pub session: SessionId,
    /// The instruction that it reminds of; [`APPOINTMENT`] is the one that no plan has.
    pub instruction: InstructionId,
    /// The kind of moment.
    pub what: What,
    /// When it is due, as the plan says it.
    pub due: Due,
    /// When it is due in the zone that the schedule was made for.
    pub due_at: DateTime<Utc>,
    /// From this instant on it is no longer worth showing.
    pub valid_until: DateTime<Utc>,
}

/// See [`Occurrence::key`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OccurrenceKey(pub String);

/// A due time: elapsed ones are instants, daily ones are wall-clock times in the patient's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// An instant: so many hours after a session's end, or before an appointment.
    Elapsed(DateTime<Utc>),
    /// What the wall clock shows, wherever the patient is.
    Civil(NaiveDateTime),
}

/// The kind of moment that an occurrence marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Something to do may begin now.
    Start,
    /// A daily time of something to do.
    Daily,
    /// A single moment (the first day is over, compare tonight, plan the next session).
    At,
    /// The patient is asked to check in.
    CheckIn,
    /// The patient is asked how it went on after a check-in that asked for a call.
    FollowUp,
    /// A booked session is near.
    Appointment,
    /// Something is allowed again.
    AllClear,
}

/// The instruction that occurrences of [`What::Appointment`] name; no plan has it.
pub const APPOINTMENT: &str = "appointment";

/// The instruction that occurrences of [`What::FollowUp`] and a watch's check-in name.
pub const CHECK_IN: &str = "check_in";

/// What a schedule is made from. Sessions alone are a basis too: wherever one is taken, a slice of
/// them will do.
#[derive(Debug, Clone, Copy, Default)]
pub struct Basis<'a> {
    /// The sessions that have ended.
    pub sessions: &'a [Session],
    /// The sessions that are booked; one that is among `sessions` has happened and counts no longer.
    pub appointments: &'a [Appointment],
    /// Check-ins that asked for a call.
    pub escalations: &'a [Escalation],
    /// Check-ins that asked to keep an eye on something.
    pub watches: &'a [WatchFollowUp],
    /// What the clinic prescribed.
    pub medicines: &'a [Medicine],
}

impl<'a> From<&'a [Session]> for Basis<'a> {
    fn from(sessions: &'a [Session]) -> Self {
        Self {
            sessions,
            ..Self::default()
        }
    }
}

impl<'a> From<&'a Vec<Session>> for Basis<'a> {
    fn from(sessions: &'a Vec<Session>) -> Self {
        Self::from(sessions.as_slice())
    }
}

impl<'a, const N: usize> From<&'a [Session; N]> for Basis<'a> {
    fn from(sessions: &'a [Session; N]) -> Self {
        Self::from(sessions.as_slice())
    }
}

/// A check-in that asked for a call: the patient is asked how it went on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escalation {
    /// The session that the check-in is about.
    pub session: SessionId,
    /// The check-in.
    pub check_in: CheckInId,
    /// The instant that it speaks of.
    pub at: DateTime<Utc>,
}

/// A check-in that asked to keep an eye on something: the patient is asked again a day later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchFollowUp {
    /// The session that the check-in is about.
    pub session: SessionId,
    /// The instant that it speaks of.
    pub at: DateTime<Utc>,
}

/// The times at which the patient takes what the clinic prescribed, as the patient entered them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medicine {
    /// The session that it was prescribed for.
    pub session: SessionId,
    /// The wall-clock times of each day.
    pub times: Vec<NaiveTime>,
    /// The last day, included.
    pub until: NaiveDate,
}

/// Something to do today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareToday {
    /// The instruction.
    pub instruction: InstructionId,
    /// Today's times, soonest first, the opening of its window among them; empty when it has no time of day.
    pub times: Vec<DateTime<Utc>>,
}

/// Every occurrence of these sessions and what belongs to them, soonest first, whatever their order.
///
/// Nothing is due at a session's end itself or before it, nor after the plan's last day (but for
/// what follows a check-in). Where sessions overlap, an all-clear waits for the later end, an
/// earlier session's things to do end with a newer one of the same skin (but for a medicine, which
/// only its last day ends), and what falls on the same minute for the same instruction is one
/// occurrence: the newer session's. Where more was done than needling, only what the plan asks for
/// in any case is due, and nothing is called allowed again. No due time is ever moved by quiet hours.
pub fn schedule<'a>(plan: &Plan, basis: impl Into<Basis<'a>>, zone: &Zone) -> Vec<Occurrence> {
    let basis = basis.into();
    let courses = courses(plan, basis.sessions, zone);
    let mut drafts = Vec::new();
    for (slot, instruction) in plan.instructions().iter().enumerate() {
        match instruction.kind {
            InstructionKind::Do => {
                for course in &courses {
                    Care::of(slot, instruction, course, zone).to_do(basis.medicines, &mut drafts);
                }
            }
            InstructionKind::Avoid | InstructionKind::Limit => {
                all_clears(plan, (slot, instruction), &courses, &mut drafts);
            }
        }
    }
    follow_ups(plan, basis, &courses, zone, &mut drafts);
    appointments(plan, basis, zone, &mut drafts);
    drafts.retain(|draft| draft.stale_at > draft.due_at);
    one_per_minute(&mut drafts);
    one_per_key(&mut drafts);
    let mut occurrences: Vec<_> = drafts
        .iter()
        .enumerate()
        .map(|(index, draft)| {
            let next = drafts.get(index + 1).filter(|next| next.slot == draft.slot);
            draft.occurrence(next.map(|next| next.due_at))
        })
        .collect();
    // Those of each instruction are in order already, and a stable sort merges what is.
    occurrences.sort_by(|a, b| (a.due_at, &a.key).cmp(&(b.due_at, &b.key)));
    occurrences
}

/// What there is to do on now's date for any of the sessions, each instruction once with the times
/// of all, in the order of the day; what has no time of day comes first. Windows that are over or
/// that a newer session of the same skin ended, single moments, and what only the clinic can ask for
/// are left out.
pub fn care_today<'a>(
    plan: &Plan,
    basis: impl Into<Basis<'a>>,
    zone: &Zone,
    now: DateTime<Utc>,
) -> Vec<CareToday> {
    let basis = basis.into();
    let today = zone.date(now);
    let mut courses = courses(plan, basis.sessions, zone);
    courses.retain(|course| now < course.over_at);
    let mut drafts = Vec::new();
    let mut care = Vec::new();
    for (slot, instruction) in plan.instructions().iter().enumerate() {
        if instruction.kind != InstructionKind::Do {
            continue;
        }
        let mut asked = false;
        let mut times = Vec::new();
        for course in courses.iter().filter(|course| course.needs(instruction)) {
            let held = bounds(instruction, course.session)
                .map(|(from, until)| zone.date(from) <= today && now < until && now < course.superseded_at);
            if held == Some(false) {
                continue;
            }
            drafts.clear();
            Care::of(slot, instruction, course, zone).times(basis.medicines, &mut drafts);
            let due = times.len();
            times.extend(
                drafts
                    .iter()
                    .filter(|draft| zone.date(draft.due_at) == today && course.keeps(draft))
                    .map(|draft| draft.due_at),
            );
            asked |= held.is_some() || times.len() > due;
        }
        if asked {
            times.sort_unstable();
            times.dedup_by_key(|at| minute(*at));
            care.push(CareToday {
                instruction: instruction.id.clone(),
                times,
            });
        }
    }
    care.sort_by_key(|care| care.times.first().copied());
    care
}

/// One session as the schedule sees it.
struct Course<'a> {
    session: &'a Session,
    /// Its identity as keys begin with it.
    name: Name,
    /// The date on which it ended, in the zone.
    day_zero: NaiveDate,
    /// The first instant after the plan's last day.
    over_at: DateTime<Utc>,
    /// When the next session of some of the same skin ended; the end of time without one.
    superseded_at: DateTime<Utc>,
}

/// A session's identity in its hyphenated form.
type Name = [u8; uuid::fmt::Hyphenated::LENGTH];

fn name(id: SessionId) -> Name {
    let mut name = [0; uuid::fmt::Hyphenated::LENGTH];
    id.0.hyphenated().encode_lower(&mut name);
    name
}

impl Course<'_> {
    /// Whether the plan itself asks for an instruction after this session.
    fn needs(&self, instruction: &Instruction) -> bool {
        instruction.concerns(self.session)
            // What the clinic prescribed is the clinic's word.
            && (instruction.timing == Timing::Prescribed || !asks(instruction, self.session))
    }

    /// Whether a draft falls into the session's time, and before a newer session of the same skin:
    /// that begins the care anew, and what an earlier one had to be done must not be asked for while
    /// the newer one still says to leave the skin alone. Check-ins go on.
    fn keeps(&self, draft: &Draft) -> bool {
        let ends = match draft.what {
            What::Start | What::Daily | What::At if !draft.prescribed => self.superseded_at,
            _ => DateTime::<Utc>::MAX_UTC,
        };
        self.session.ended_at < draft.due_at && draft.due_at < self.over_at && draft.due_at < ends
    }
}

/// The sessions, oldest first, each with when a newer one of the same skin took its place.
fn courses<'a>(plan: &Plan, sessions: &'a [Session], zone: &Zone) -> Vec<Course<'a>> {
    let mut courses: Vec<_> = sessions
        .iter()
        .zip(superseded_at(sessions))
        .map(|(session, superseded_at)| {
            let day_zero = zone.date(session.ended_at);
            let days = plan.last_day(session.window_class()).unsigned_abs() + 1;
            Course {
                session,
                name: name(session.id),
                day_zero,
                over_at: zone.instant((day_zero + Days::new(days)).and_time(NaiveTime::MIN)),
                superseded_at,
            }
        })
        .collect();
    courses.sort_unstable_by_key(|course| (course.session.ended_at, course.session.id));
    courses
}

/// An occurrence before its neighbours are known.
#[derive(Clone, Copy)]
struct Draft<'a> {
    /// The instruction's place in the plan; one more for what no plan has.
    slot: usize,
    instruction: &'a InstructionId,
    session: SessionId,
    /// See [`Course::name`].
    name: Name,
    /// When the session ended, or is to begin: keys count from it, and the newest comes first.
    anchor: DateTime<Utc>,
    what: What,
    due: Due,
    due_at: DateTime<Utc>,
    /// When it is no longer worth showing, whatever comes after it.
    stale_at: DateTime<Utc>,
    /// Whether the next occurrence of the instruction takes its place.
    until_next: bool,
    /// Whether it reminds of a medicine.
    prescribed: bool,
}

impl Draft<'_> {
    fn occurrence(&self, next: Option<DateTime<Utc>>) -> Occurrence {
        Occurrence {
            key: self.key(),
            session: self.session,
            instruction: self.instruction.clone(),
            what: self.what,
            due: self.due,
            due_at: self.due_at,
            valid_until: next
                .filter(|_| self.until_next)
                .map_or(self.stale_at, |next| next.min(self.stale_at)),
        }
    }

    /// Written by hand: a course of many sessions has thousands of keys.
    fn key(&self) -> OccurrenceKey {
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
            Due::Civil(local) => push_moment(&mut key, local),
        }
        OccurrenceKey(key)
    }

    /// Whole hours after the session's end.
    fn hours(&self) -> i64 {
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
        }
    }
}

/// The end of an avoid and of the limit that follows it, once for sessions that overlap: the latest
/// session's that still holds it. None where a session of which only the clinic can say reaches
/// into it. A limit that no avoid leads to ends by itself.
fn all_clears<'a>(
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
        };
        if last.course.keeps(&draft) {
            drafts.push(draft);
        }
    }
}

/// Two hours, the next morning and the third day after each check-in that asked for a call; a day
/// after each that asked to keep an eye on something. What is asked for at the same hour is one.
fn follow_ups<'a>(
    plan: &'a Plan,
    basis: Basis<'_>,
    courses: &[Course<'_>],
    zone: &Zone,
    drafts: &mut Vec<Draft<'a>>,
) {
    static CHECK_IN_ID: LazyLock<InstructionId> = LazyLock::new(|| InstructionId(CHECK_IN.to_owned()));
    if basis.escalations.is_empty() && basis.watches.is_empty() {
        return;
    }
    let slot = plan
        .instructions()
        .iter()
        .position(|instruction| instruction.id == *CHECK_IN_ID)
        .unwrap_or(plan.instructions().len() + 1);
    let mut by_id: Vec<_> = courses.iter().collect();
    by_id.sort_unstable_by_key(|course| course.session.id);
    let course = |id: SessionId| {
        let place = by_id.binary_search_by_key(&id, |course| course.session.id).ok()?;
        by_id.get(place).copied()
    };
    let draft = |course: &Course<'_>, what, due, due_at, stale_at| Draft {
        slot,
        instruction: &CHECK_IN_ID,
        session: course.session.id,
        name: course.name,
        anchor: course.session.ended_at,
        what,
        due,
        due_at,
        stale_at,
        until_next: false,
        prescribed: false,
    };
    for escalation in basis.escalations {
        let Some(course) = course(escalation.session) else {
            continue;
        };
        let soon = escalation.at + FIRST_FOLLOW_UP;
        let date = zone.date(escalation.at);
        let mornings = [1, 3].map(|days| (date + Days::new(days)).and_time(MORNING));
        let instants = mornings.map(|local| zone.instant(local));
        let noon = next_time(zone, NOON, soon);
        // A call late at night: the morning's question takes the place of the first.
        let stale_at = Some(instants[0])
            .filter(|morning| *morning > soon)
            .map_or(noon, |next| noon.min(next));
        drafts.push(draft(course, What::FollowUp, Due::Elapsed(soon), soon, stale_at));
        for (local, due_at) in mornings.into_iter().zip(instants) {
            let stale_at = next_time(zone, NOON, due_at);
            drafts.push(draft(course, What::FollowUp, Due::Civil(local), due_at, stale_at));
        }
    }
    for watch in basis.watches {
        let Some(course) = course(watch.session) else {
            continue;
        };
        let due_at = watch.at + TimeDelta::days(1);
        let stale_at = next_time(zone, NOON, due_at);
        drafts.push(draft(
            course,
            What::CheckIn,
            Due::Elapsed(due_at),
            due_at,
            stale_at,
        ));
    }
}

/// The evening before each booked session, and two hours before it.
fn appointments(plan: &Plan, basis: Basis<'_>, zone: &Zone, drafts: &mut Vec<Draft<'_>>) {
    static APPOINTMENT_ID: LazyLock<InstructionId> = LazyLock::new(|| InstructionId(APPOINTMENT.to_owned()));
    if basis.appointments.is_empty() {
        return;
    }
    let ended: BTreeSet<_> = basis.sessions.iter().map(|session| session.id).collect();
    for booked in basis
        .appointments
        .iter()
        .filter(|booked| !ended.contains(&booked.id))
    {
        let evening = (zone.date(booked.at) - Days::new(1)).and_time(EVENING);
        let soon = booked.at - APPOINTMENT_NEAR;
        let draft = |due, due_at, stale_at| Draft {
            slot: plan.instructions().len(),
            instruction: &APPOINTMENT_ID,
            session: booked.id,
            name: name(booked.id),
            anchor: booked.at,
            what: What::Appointment,
            due,
            due_at,
            stale_at,
            until_next: false,
            prescribed: false,
        };
        drafts.push(draft(Due::Civil(evening), zone.instant(evening), soon));
        drafts.push(draft(Due::Elapsed(soon), soon, booked.at));
    }
}

/// One instruction to do after one session, seen from a zone.
#[derive(Clone, Copy)]
struct Care<'a, 'c> {
    slot: usize,
    instruction: &'a Instruction,
    course: &'c Course<'c>,
    zone: &'c Zone,
}

impl<'a, 'c> Care<'a, 'c> {
    fn of(slot: usize, instruction: &'a Instruction, course: &'c Course<'c>, zone: &'c Zone) -> Self {
        Self {
            slot,
            instruction,
            course,
            zone,
        }
    }

    /// Every occurrence of something to do.
    fn to_do(self, medicines: &[Medicine], drafts: &mut Vec<Draft<'a>>) {
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
            Timing::Moment { hours } => {
                let hours = *hours.get(session.window_class());
                keep(self.elapsed(What::At, hours, after(session, hours) + TimeDelta::days(1)));
            }
            _ => {}
        }
        let first = drafts.len();
        self.times(medicines, drafts);
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

    /// The openings and wall-clock times of something to do.
    fn times(self, medicines: &[Medicine], drafts: &mut Vec<Draft<'a>>) {
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
            Timing::Prescribed => {
                for medicine in medicines.iter().filter(|m| m.session == self.course.session.id) {
                    self.prescribed(medicine, drafts);
                }
            }
            Timing::Moment { .. } => {}
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
                let draft = self.civil(What::Daily, date.and_time(*time), until);
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
        let due = |day: &u16| {
            let local = (self.course.day_zero + Days::new(u64::from(*day))).and_time(time);
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
                ..self.draft(what, Due::Civil(local), due_at, stale_at)
            });
        }
    }

    /// Each time from the session's end to the last day; a dose is worth taking until the next one,
    /// and the last one until the night is over.
    fn prescribed(self, medicine: &Medicine, drafts: &mut Vec<Draft<'a>>) {
        let dates = self
            .course
            .day_zero
            .iter_days()
            .take_while(|date| *date <= medicine.until);
        for date in dates {
            for time in &medicine.times {
                let local = date.and_time(*time);
                let due_at = self.zone.instant(local);
                if due_at >= self.course.over_at {
                    return;
                }
                drafts.push(Draft {
                    until_next: true,
                    prescribed: true,
                    ..self.draft(
                        What::Daily,
                        Due::Civil(local),
                        due_at,
                        after_wall_time(self.zone, NIGHT_OVER, local, due_at),
                    )
                });
            }
        }
    }

    fn elapsed(self, what: What, hours: u32, stale_at: DateTime<Utc>) -> Draft<'a> {
        let at = after(self.course.session, hours);
        self.draft(what, Due::Elapsed(at), at, stale_at)
    }

    fn civil(self, what: What, local: NaiveDateTime, stale_at: DateTime<Utc>) -> Draft<'a> {
        self.draft(what, Due::Civil(local), self.zone.instant(local), stale_at)
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
        }
    }
}

/// When a check-in of the day before is no longer asked for.
const NOON: NaiveTime = hour(12);

/// When the last of what was to be done or looked at "tonight" is over.
const NIGHT_OVER: NaiveTime = hour(4);

/// When the patient is asked on the mornings after a check-in that asked for a call.
const MORNING: NaiveTime = hour(9);

/// When the patient is reminded of tomorrow's appointment.
const EVENING: NaiveTime = hour(18);

/// When the patient is first asked after a check-in that asked for a call.
const FIRST_FOLLOW_UP: TimeDelta = TimeDelta::hours(2);

/// How long before an appointment the patient is reminded of it for the last time.
const APPOINTMENT_NEAR: TimeDelta = TimeDelta::hours(2);

const fn hour(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

/// When the patient's wall clock first shows a time of day after an instant.
fn next_time(zone: &Zone, time: NaiveTime, at: DateTime<Utc>) -> DateTime<Utc> {
    after_wall_time(zone, time, zone.local(at).naive_local(), at)
}

/// The same for an instant whose wall-clock time is known.
fn after_wall_time(zone: &Zone, time: NaiveTime, local: NaiveDateTime, at: DateTime<Utc>) -> DateTime<Utc> {
    let days = u64::from(local.time() >= time);
    let on = |days| zone.instant((local.date() + Days::new(days)).and_time(time));
    // A wall-clock time in a gap is later than it says.
    Some(on(days))
        .filter(|next| *next > at)
        .unwrap_or_else(|| on(days + 1))
}

/// Of drafts for one instruction at one minute a follow-up remains before anything else, then the
/// newest session's; of one session's the elapsed moment rather than the wall-clock time that it
/// falls on. Leaves them by instruction and time.
fn one_per_minute(drafts: &mut Vec<Draft<'_>>) {
    let slot = |draft: &Draft<'_>| (draft.slot, minute(draft.due_at));
    let first_of_minute = |draft: &Draft<'_>| {
        let newest_first = Reverse((draft.anchor, draft.session));
        let wall_clock = matches!(draft.due, Due::Civil(_));
        (
            draft.what != What::FollowUp,
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
fn one_per_key(drafts: &mut Vec<Draft<'_>>) {
    let follows = |draft: &Draft<'_>| {
        matches!(draft.what, What::FollowUp | What::CheckIn) && matches!(draft.due, Due::Elapsed(_))
    };
    let mut taken = BTreeSet::new();
    drafts.retain(|draft| !follows(draft) || taken.insert((draft.session, draft.what.name(), draft.hours())));
}
