//! The planned series of sessions, and when the next of them usually is.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::Zone;
use crate::plan::{Instruction, Plan};
use crate::restriction::{bounds, window};
use crate::schedule::Basis;
use crate::session::{Session, SessionId};
use crate::timeline::newest;

/// A planned series of sessions, as the patient entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// How many sessions are planned.
    pub planned: u16,
    /// The days from one to the next.
    pub interval_days: u16,
    /// Whether the patient ended it before its last session.
    pub ended: bool,
    /// Those that were said to be of it.
    pub sessions: BTreeSet<SessionId>,
}

impl Course {
    /// Its sessions among these, in the order in which they ended: the first is number 1.
    pub fn of<'a>(&self, sessions: &'a [Session]) -> Vec<&'a Session> {
        let own = sessions
            .iter()
            .filter(|session| self.sessions.contains(&session.id));
        let mut own: Vec<_> = own.collect();
        own.sort_by_key(|session| (session.ended_at, session.id));
        own
    }

    /// Whether it goes on: it was not ended, and has fewer sessions among these than are planned.
    pub fn runs(&self, sessions: &[Session]) -> bool {
        !self.ended && self.of(sessions).len() < usize::from(self.planned)
    }
}

/// When the next session of a course usually is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextSession {
    /// The first date.
    pub earliest: NaiveDate,
    /// The last date.
    pub latest: NaiveDate,
    /// Which session of the course it would be, counted from 1.
    pub number: usize,
    /// How many the patient's course has; none where the patient entered no course.
    pub planned: Option<u16>,
}

/// The avoid that keeps the next session away.
const NO_NEEDLING: &str = "no_needling";

/// The moment at which the patient is asked to plan the next session.
const NEXT_SESSION: &str = "next_session";

/// When the next session is: that of the newest session's course, else of the course that goes on and had a session
/// last. Where the patient entered no course that goes on, and the newest session is of none, sessions of some of the
/// same skin that are of none count as one, and the plan's interval holds. None without a session, after the last
/// session of a usual course, and, where no course was entered, after a session of which only the clinic can say.
pub fn next_session<'a>(plan: &Plan, basis: impl Into<Basis<'a>>, zone: &Zone) -> Option<NextSession> {
    let Basis {
        sessions, courses, ..
    } = basis.into();
    let newest = newest(sessions)?;
    let next = next_course(sessions, courses).and_then(|place| courses.get(place));
    match next.and_then(|course| next_of(plan, course, sessions, zone)) {
        Some(next) => Some(next),
        None if courses.iter().any(|course| course.sessions.contains(&newest.id)) => None,
        None => usual(plan, newest, sessions, courses, zone),
    }
}

/// The place of the course that the next session is of: that which goes on and had a session last, else the last one
/// that goes on.
pub fn next_course(sessions: &[Session], courses: &[Course]) -> Option<usize> {
    let running = courses
        .iter()
        .enumerate()
        .filter(|(_, course)| course.runs(sessions));
    let next =
        running.max_by_key(|(_, course)| course.of(sessions).last().map(|last| (last.ended_at, last.id)));
    next.map(|(place, _)| place)
}

/// Whether an instruction asks to plan the next session.
pub(crate) fn asks_for_next(instruction: &Instruction) -> bool {
    instruction.id.0 == NEXT_SESSION
}

/// How many hours after a session the patient is asked to plan the next one: its course's interval, and not before
/// needling is allowed again; `usual` where it is of no course. None after the last session of a course, after one that
/// has a later one in its course, and when its course was ended.
pub(crate) fn asked_after(plan: &Plan, session: &Session, basis: Basis<'_>, usual: u32) -> Option<u32> {
    let mut courses = basis.courses.iter();
    let Some(course) = courses.find(|course| course.sessions.contains(&session.id)) else {
        return Some(usual);
    };
    let last = course.of(basis.sessions).last()?.id;
    let interval = u32::from(course.interval_days) * 24;
    (course.runs(basis.sessions) && last == session.id)
        .then(|| interval.max(needling_hours(plan, session).unwrap_or(0)))
}

/// When the next session of a course is: the patient's interval after its last one, and not before the day on which
/// every `no_needling` is over. None before its first session and when it goes on no longer.
pub fn next_of(plan: &Plan, course: &Course, sessions: &[Session], zone: &Zone) -> Option<NextSession> {
    let own = course.of(sessions);
    let last = own.last().filter(|_| course.runs(sessions))?;
    let date = zone.date(last.ended_at);
    let interval = date + Days::new(course.interval_days.into());
    let earliest = interval.max(needling_over(plan, sessions, zone).unwrap_or(interval));
    let [_, longest] = plan.course().interval_days;
    Some(NextSession {
        earliest,
        latest: earliest.max(date + Days::new(longest.into())),
        number: own.len() + 1,
        planned: Some(course.planned),
    })
}

/// The same by the plan alone.
fn usual(
    plan: &Plan,
    newest: &Session,
    sessions: &[Session],
    courses: &[Course],
    zone: &Zone,
) -> Option<NextSession> {
    let course = plan.course();
    let of_none = |session: &Session| {
        courses
            .iter()
            .all(|course| !course.sessions.contains(&session.id))
    };
    let same_skin = |session: &Session| !session.areas.is_disjoint(&newest.areas);
    let number = 1 + sessions
        .iter()
        .filter(|session| same_skin(session) && of_none(session))
        .count();
    if newest.asks_clinic() || number > usize::from(course.sessions[1]) {
        return None;
    }
    let date = zone.date(newest.ended_at);
    let [shortest, longest] = course.interval_days.map(|days| date + Days::new(days.into()));
    let over = needling_over(plan, sessions, zone);
    let earliest = over.map_or(shortest, |over| over.max(shortest));
    Some(NextSession {
        earliest,
        latest: longest.max(earliest),
        number,
        planned: None,
    })
}

/// The date on which `no_needling` is over for every session; none where the plan has none for them.
fn needling_over(plan: &Plan, sessions: &[Session], zone: &Zone) -> Option<NaiveDate> {
    let needling = plan
        .instructions()
        .iter()
        .find(|instruction| instruction.id.0 == NO_NEEDLING);
    let ends = |session: &Session| -> Option<DateTime<Utc>> {
        Some(bounds(needling.filter(|needling| needling.concerns(session))?, session)?.1)
    };
    let over = sessions.iter().filter_map(ends).max();
    over.map(|until| zone.date(until))
}

/// What a new course is proposed to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// How many sessions; none where only the clinic can say.
    pub planned: Option<u16>,
    /// The days from one to the next, whole weeks; none where only the clinic can say.
    pub interval_days: Option<u16>,
    /// The sessions that can be of it: of the last year and of no course. The newest first.
    pub of_none: Vec<SessionId>,
    /// Those among them that it is proposed to begin with: of some of the newest one's skin.
    pub sessions: BTreeSet<SessionId>,
}

/// How far back a session may lie that is proposed.
const PROPOSED_SINCE: TimeDelta = TimeDelta::days(365);

/// A new course by the plan: its fewest sessions and its shortest interval, which is never shorter than the newest
/// session keeps needling away.
pub fn proposed(plan: &Plan, sessions: &[Session], courses: &[Course], now: DateTime<Utc>) -> Proposed {
    let of_none = |session: &&Session| {
        courses
            .iter()
            .all(|course| !course.sessions.contains(&session.id))
    };
    let mut recent: Vec<_> = sessions
        .iter()
        .filter(|session| now - session.ended_at <= PROPOSED_SINCE)
        .filter(of_none)
        .collect();
    recent.sort_by_key(|session| Reverse((session.ended_at, session.id)));
    let own: BTreeSet<_> = match recent.first() {
        None => BTreeSet::new(),
        Some(newest) => recent
            .iter()
            .filter(|session| !session.areas.is_disjoint(&newest.areas))
            .map(|session| session.id)
            .collect(),
    };
    let newest = newest(sessions);
    let known = !newest.is_some_and(Session::asks_clinic);
    let course = plan.course();
    let begun = u16::try_from(own.len()).unwrap_or(u16::MAX);
    Proposed {
        planned: known.then(|| course.sessions[0].max(begun)),
        interval_days: known.then(|| {
            let days = newest.map_or(0, |newest| needling_days(plan, newest));
            course.interval_days[0].max(days).div_ceil(7) * 7
        }),
        of_none: recent.iter().map(|session| session.id).collect(),
        sessions: own,
    }
}

/// For how many days after a session `no_needling` holds.
fn needling_days(plan: &Plan, session: &Session) -> u16 {
    needling_hours(plan, session).map_or(0, |hours| u16::try_from(hours.div_ceil(24)).unwrap_or(u16::MAX))
}

/// For how many hours after a session `no_needling` holds.
fn needling_hours(plan: &Plan, session: &Session) -> Option<u32> {
    let needling = plan
        .instructions_for(session)
        .find(|instruction| instruction.id.0 == NO_NEEDLING);
    Some(window(needling?, session)?.until)
}
