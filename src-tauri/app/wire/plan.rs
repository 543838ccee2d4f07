//! What crosses about the care plan, the sessions under it and the courses that they are of.

use std::collections::BTreeSet;

use afterglow_care::restriction::{RestrictionState, WindowKind};
use afterglow_care::session::SessionId;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{NextSessionView, PlanView, SessionView, SourceView};

/// The care plan as it is for the newest session, every session, and the courses.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CarePlanView {
    /// What the plan says about itself.
    pub plan: PlanView,
    /// What is to be left alone or limited, what holds first, soonest end first; empty before the first session.
    pub not_yet: Vec<PlanInstructionView>,
    /// What is to be done, in the order in which it begins; empty before the first session.
    pub care: Vec<PlanInstructionView>,
    /// What to do and to avoid before the next session, in the order in which it begins.
    pub before: Vec<BeforeNextView>,
    /// When the next session begins; none where none is booked.
    pub booked_at: Option<DateTime<Utc>>,
    /// Every session, the newest first.
    pub sessions: Vec<SessionOfList>,
    /// Those that go on first, then the others, each the newest first. One that was ended without a session is not told.
    pub courses: Vec<CourseView>,
    /// What a new course is proposed to be.
    pub usual: UsualCourse,
}

/// An instruction as it is for the newest session.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PlanInstructionView {
    /// Its name in the plan.
    pub id: String,
    /// What it is about, in a word or two.
    pub label: String,
    /// What it asks.
    pub text: String,
    /// Why, in one line.
    pub why: String,
    /// Who says so.
    pub sources: Vec<SourceView>,
    /// Whether a window is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    /// Avoid, limit or do; or only the clinic can say when.
    pub kind: WindowKind,
    /// From when until when, and where now stands to it; none where the clinic prescribes it.
    pub window: Option<PlanWindow>,
    /// The wall-clock times on its days; empty where any time will do.
    pub times: Vec<NaiveTime>,
    /// On how many days, where not on each from the first to the last.
    pub days: Option<usize>,
}

/// From when until when an instruction holds.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct PlanWindow {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant at which it no longer holds; of a single moment the moment itself.
    pub until: DateTime<Utc>,
    /// Where now stands to it.
    pub state: RestrictionState,
}

/// Something to do or to avoid before the next session.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BeforeNextView {
    /// Its name in the plan.
    pub id: String,
    /// What it is about, in a word or two.
    pub label: String,
    /// What it asks.
    pub text: String,
    /// Why, in one line.
    pub why: String,
    /// Who says so.
    pub sources: Vec<SourceView>,
    /// Whether it is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    /// How many hours before the session it begins; it holds until the session.
    pub hours_before: u32,
    /// From when on it holds; none where no session is booked.
    pub from: Option<DateTime<Utc>>,
}

/// A session, and where it stands.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SessionOfList {
    /// The session.
    pub session: SessionView,
    /// Today's recovery day of it.
    pub day: i64,
    /// The course that it is of.
    pub course: Option<Uuid>,
}

/// A course as it is shown.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CourseView {
    /// Its identity.
    pub id: Uuid,
    /// What is done, as the patient calls it.
    pub treatment: String,
    /// How many sessions are planned.
    pub planned_sessions: u16,
    /// The days from one to the next.
    pub interval_days: u16,
    /// Its sessions, the first one first.
    pub sessions: Vec<SessionId>,
    /// Whether it goes on: it was not ended, and sessions are left.
    pub runs: bool,
    /// The day on which the patient ended it; none while it goes on, and where every session took place.
    pub ended: Option<NaiveDate>,
    /// When its next session usually is; none before its first one, and when it goes on no longer.
    pub next: Option<NextSessionView>,
    /// Whether the next session is of it: what is booked is, and a new one is proposed to be.
    pub is_next: bool,
}

/// What a course usually is.
#[derive(Debug, Clone, Serialize, TS)]
pub struct UsualCourse {
    /// What the plan says of it.
    pub text: String,
    /// Who says so.
    pub sources: Vec<SourceView>,
    /// Whether the figures are the authors' careful reading rather than a source's.
    pub extrapolated: bool,
    /// How many sessions are proposed; none where more was done than needling, of which only the clinic can say.
    pub planned_sessions: Option<u16>,
    /// The days from one to the next that are proposed; none as above.
    pub interval_days: Option<u16>,
    /// The sessions that may be of it: of the last year, and of no other course. The newest first.
    pub sessions: Vec<SessionId>,
    /// Those among them that are proposed: of the newest session's skin.
    pub proposed: BTreeSet<SessionId>,
}

/// A course as the patient typed it.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CourseInput {
    /// The one that is corrected; none for a new one.
    pub id: Option<Uuid>,
    /// What is done.
    pub treatment: String,
    /// How many sessions are planned: 1 to 100.
    pub planned_sessions: u16,
    /// The days from one to the next: 7 to 364.
    pub interval_days: u16,
    /// The sessions that are of it from now on.
    pub sessions: BTreeSet<SessionId>,
}

/// What is wrong with one field of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CourseFault {
    /// It has no name.
    TreatmentMissing,
    /// Its name is too long.
    TreatmentTooLong,
    /// Not 1 to 100 sessions.
    SessionsOutOfRange,
    /// It has more sessions already.
    FewerThanItHas,
    /// Not 7 to 364 days.
    IntervalOutOfRange,
}

/// A course is ended before its last session, or goes on after all.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CourseEnd {
    /// Which one.
    pub course: Uuid,
    /// Whether it is ended.
    pub ended: bool,
}

/// Which course a session is of.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SessionInCourse {
    /// The session.
    pub session: SessionId,
    /// The course; none takes it out of any.
    pub course: Option<Uuid>,
}
