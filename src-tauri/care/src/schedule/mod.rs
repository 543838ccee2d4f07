//! The occurrences that follow from sessions, what is booked, what triage found, and the plan.

mod all_clear;
mod care;
mod draft;
mod span;
mod told;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Zone;
use crate::check_in::CheckInId;
use crate::course;
use crate::plan::{Instruction, InstructionId, InstructionKind, Plan};
use crate::restriction::{asks, bounds, superseded_at};
use crate::session::{Appointment, Session, SessionId};
use crate::timeline::PhaseId;
use crate::triage::TriageLevel;

pub use span::{CareSpan, care_spans};

use care::Care;
use draft::{Draft, Name, name, one_per_key, one_per_minute};

/// One due reminder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// `session/instruction/what/(+hours or local date@HH:MM)`: the same for ever, whatever plan or
    /// zone changes; a daily time that the patient moved keeps the plan's, so that what was done is
    /// not asked for again. Two hours before an appointment it ends in the due instant in UTC
    /// (`2026-01-12@12:30Z`), so that an appointment that is moved is told again.
    pub key: OccurrenceKey,
    /// The session that it follows from, or the booked one that it is about; of a medicine [`MEDICINES`].
    pub session: SessionId,
    /// The instruction that it reminds of. [`APPOINTMENT`] is none of the plan's, and a phase's
    /// beginning has the phase's name here ([`Occurrence::phase`]).
    pub instruction: InstructionId,
    /// The kind of moment.
    pub what: What,
    /// When it is due, as the plan says it.
    pub due: Due,
    /// When it is due in the zone that the schedule was made for.
    pub due_at: DateTime<Utc>,
    /// From this instant on it is no longer worth showing.
    pub valid_until: DateTime<Utc>,
    /// Whether the patient chose this wall-clock time, so that it is kept as it is.
    pub chosen: bool,
}

impl OccurrenceKey {
    /// What it is about, where it is a key of the schedule's.
    pub fn about(&self) -> Option<(InstructionId, What)> {
        let mut parts = self.0.split('/').skip(1);
        let instruction = InstructionId(parts.next()?.to_owned());
        let what = parts.next()?;
        let what = What::ALL.into_iter().find(|one| one.name() == what)?;
        Some((instruction, what))
    }
}

impl Occurrence {
    /// The phase that begins, of [`What::Phase`].
    pub fn phase(&self) -> Option<PhaseId> {
        PhaseId::ALL
            .into_iter()
            .find(|phase| self.what == What::Phase && self.instruction.0 == phase.name())
    }
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
    /// Another phase of the recovery begins: what is normal from today.
    Phase,
}

impl What {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::Daily,
        Self::At,
        Self::CheckIn,
        Self::FollowUp,
        Self::Appointment,
        Self::AllClear,
        Self::Phase,
    ];
}

/// The instruction that occurrences of [`What::Appointment`] name; no plan has it.
pub const APPOINTMENT: &str = "appointment";

/// What the occurrences of medicines have in place of a session: a dose is a minute of the patient's day. So one that
/// was taken is not asked for again when a session is corrected, or the medicine's name or its last day.
pub const MEDICINES: SessionId = SessionId(Uuid::nil());

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
    /// The planned series of sessions.
    pub courses: &'a [course::Course],
    /// When the patient's day begins and ends with care.
    pub care_times: CareTimes,
}

/// When the patient wants the day's first and last care, in place of the plan's 08:00 and 21:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct CareTimes {
    /// For 08:00.
    pub morning: NaiveTime,
    /// For 21:00.
    pub evening: NaiveTime,
}

impl Default for CareTimes {
    fn default() -> Self {
        Self {
            morning: hour(8),
            evening: hour(21),
        }
    }
}

impl CareTimes {
    /// A daily time of the plan as the patient has it: those from 04:00 to noon move with the
    /// morning, those from 20:00 on with the evening, by as much and never into another date.
    pub fn moved(self, planned: NaiveTime) -> NaiveTime {
        let usual = Self::default();
        let by = match planned.hour() {
            4..=11 => self.morning - usual.morning,
            20.. => self.evening - usual.evening,
            _ => TimeDelta::zero(),
        };
        match planned.overflowing_add_signed(by) {
            (moved, 0) => moved,
            (_, ..0) => NaiveTime::MIN,
            (_, 1..) => LAST_MINUTE,
        }
    }
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

/// A check-in that asked for a call: the patient is asked how it went on, until they answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escalation {
    /// The session that the check-in is about.
    pub session: SessionId,
    /// The check-in.
    pub check_in: CheckInId,
    /// When it asked: of a check-in that was entered later, not the instant that it speaks of.
    pub at: DateTime<Utc>,
    /// How soon it asked for the call.
    pub level: TriageLevel,
    /// When the patient said that somebody was reached; none while the call is open. That answers what was asked
    /// before; what is asked from then on is what came of it.
    pub reached_at: Option<DateTime<Utc>>,
    /// When the patient said what came of it. From then on nothing is asked any more; what was asked before keeps its
    /// key.
    pub answered_at: Option<DateTime<Utc>>,
}

/// A check-in that asked to keep an eye on something: the patient is asked again a day later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WatchFollowUp {
    /// The session that the check-in is about.
    pub session: SessionId,
    /// The instant that it speaks of.
    pub at: DateTime<Utc>,
}

/// The times at which the patient takes what the clinic prescribed, as the patient entered them. It needs no session:
/// some is taken from the day before one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medicine {
    /// The wall-clock times of each day. Of several medicines at one minute there is one occurrence.
    pub times: Vec<NaiveTime>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included.
    pub until: NaiveDate,
    /// When it was entered. A dose that was due before then is asked of nobody: it may have been taken.
    pub entered_at: DateTime<Utc>,
    /// What was entered of it before and was corrected since: a dose that stood there was entered then.
    pub superseded: Vec<Medicine>,
}

impl Medicine {
    /// When the dose of a wall-clock time was first entered.
    fn entered_dose_at(&self, dose: NaiveDateTime) -> DateTime<Utc> {
        let had = |before: &&Self| {
            (before.from..=before.until).contains(&dose.date()) && before.times.contains(&dose.time())
        };
        let before = self.superseded.iter().filter(had).map(|before| before.entered_at);
        before.fold(self.entered_at, DateTime::min)
    }
}

/// Something to do today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareToday {
    /// The instruction.
    pub instruction: InstructionId,
    /// Today's times, soonest first, the opening of its window among them; empty when it has no time of day.
    pub times: Vec<CareTime>,
    /// What is ticked off where it has no time of day: `session/instruction/day/local date`. No occurrence has this key.
    pub day: Option<OccurrenceKey>,
}

/// A time of something to do today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareTime {
    /// When.
    pub at: DateTime<Utc>,
    /// The kind of moment.
    pub what: What,
    /// The key of the occurrence that reminds of it.
    pub key: OccurrenceKey,
}

/// Every occurrence of these sessions and what belongs to them, soonest first, whatever their order.
///
/// Nothing is due at a session's end itself or before it, nor after the plan's last day (but for
/// what follows a check-in, and the next session of a course with a long interval). Where sessions overlap, an all-clear waits for the later end, an
/// earlier session's things to do end with a newer one of the same skin, and what falls on the same
/// minute for the same instruction is one occurrence: the newer session's. Where more was done than needling, only what the plan asks for
/// in any case is due, and nothing is called allowed again or normal. A phase's beginning is told of
/// the newest session only. No due time is ever moved by quiet hours.
pub fn schedule<'a>(plan: &Plan, basis: impl Into<Basis<'a>>, zone: &Zone) -> Vec<Occurrence> {
    let basis = basis.into();
    let courses = courses(plan, basis.sessions, zone);
    let mut drafts = Vec::new();
    for (slot, instruction) in plan.instructions().iter().enumerate() {
        match instruction.kind {
            InstructionKind::Do => {
                for course in &courses {
                    Care::of(plan, (slot, instruction), course, basis, zone).to_do(&mut drafts);
                }
            }
            InstructionKind::Avoid | InstructionKind::Limit => {
                all_clear::all_clears(plan, (slot, instruction), &courses, &mut drafts);
            }
        }
    }
    told::follow_ups(plan, basis, &courses, zone, &mut drafts);
    told::appointments(plan, basis, zone, &mut drafts);
    told::medicines(plan, basis, zone, &mut drafts);
    told::phases(plan, &courses, zone, &mut drafts);
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
        drafts.clear();
        // The newest session's of those that ask, as of occurrences.
        let mut asked_by = None;
        for course in courses.iter().filter(|course| course.needs(instruction)) {
            let held = bounds(instruction, course.session)
                .map(|(from, until)| zone.date(from) <= today && now < until && now < course.superseded_at);
            if held == Some(false) {
                continue;
            }
            let mut of_course = Vec::new();
            Care::of(plan, (slot, instruction), course, basis, zone).times(&mut of_course);
            of_course.retain(|draft| zone.date(draft.due_at) == today && course.keeps(draft));
            if held.is_some() || !of_course.is_empty() {
                asked_by = Some(course.session.id);
            }
            drafts.append(&mut of_course);
        }
        if let Some(session) = asked_by {
            let times = care_times(&mut drafts);
            let day = format!("{session}/{}/day/{today}", instruction.id);
            care.push(CareToday {
                instruction: instruction.id.clone(),
                day: times.is_empty().then_some(OccurrenceKey(day)),
                times,
            });
        }
    }
    drafts.clear();
    told::medicines(plan, basis, zone, &mut drafts);
    drafts.retain(|draft| zone.date(draft.due_at) == today);
    if let Some(instruction) = drafts.first().map(|first| first.instruction.clone()) {
        care.push(CareToday {
            instruction,
            times: care_times(&mut drafts),
            day: None,
        });
    }
    care.sort_by_key(|care| care.times.first().map(|time| time.at));
    care
}

/// The times of drafts for one instruction, in their order.
fn care_times(drafts: &mut Vec<Draft<'_>>) -> Vec<CareTime> {
    one_per_minute(drafts);
    drafts
        .iter()
        .map(|draft| CareTime {
            at: draft.due_at,
            what: draft.what,
            key: draft.key(),
        })
        .collect()
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

impl Course<'_> {
    /// Whether the plan itself asks for an instruction after this session.
    fn needs(&self, instruction: &Instruction) -> bool {
        instruction.concerns(self.session) && !asks(instruction, self.session)
    }

    /// Whether a draft falls into the session's time, and before a newer session of the same skin:
    /// that begins the care anew, and what an earlier one had to be done must not be asked for while
    /// the newer one still says to leave the skin alone. Check-ins go on.
    fn keeps(&self, draft: &Draft) -> bool {
        let ends = match draft.what {
            What::Start | What::Daily | What::At => self.superseded_at,
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

/// The last minute of a day.
const LAST_MINUTE: NaiveTime = match NaiveTime::from_hms_opt(23, 59, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

const fn hour(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}
