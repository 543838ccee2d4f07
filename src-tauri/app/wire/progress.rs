//! What crosses about how recoveries went.

use afterglow_care::check_in::{Severity, Symptom};
use afterglow_care::session::{Area, SessionId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

use super::{PhotoView, SymptomQuestion};

/// Which recoveries are looked at.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProgressInput {
    /// The one in front; none is the newest.
    pub session: Option<SessionId>,
    /// Those laid over it, at most three; none is the newest other one of the same skin about which something was
    /// logged.
    pub over: Option<BTreeSet<SessionId>>,
}

/// How recoveries went.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProgressView {
    /// Every session, newest first.
    pub sessions: Vec<ProgressSession>,
    /// The symptoms in the patient's words, in the order in which a check-in asks.
    pub symptoms: Vec<SymptomQuestion>,
    /// The recovery in front, then those laid over it, newest first.
    pub recoveries: Vec<RecoveryProgress>,
}

/// A session to choose.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProgressSession {
    /// Its identity.
    pub id: SessionId,
    /// The date on which it ended, in the patient's zone.
    pub date: NaiveDate,
    /// In millimetres; none when not known.
    pub depth_mm: Option<f64>,
    /// The treated areas.
    pub areas: BTreeSet<Area>,
    /// How many check-ins are about it.
    pub check_ins: u32,
    /// How many photos show it.
    pub photos: u32,
}

/// How one recovery went.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RecoveryProgress {
    /// The session that it followed.
    pub session: SessionId,
    /// Today's recovery day.
    pub today: i64,
    /// One for each symptom, in the order in which a check-in asks.
    pub tracks: Vec<TrackView>,
    /// On which days something was logged.
    pub logged: LoggedView,
    /// The care that reminders asked for, in the plan's order, without what today still waits for.
    pub asked: Vec<AskedView>,
    /// Its photos, oldest first.
    pub photos: Vec<PhotoOfDay>,
}

/// One symptom over one recovery.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TrackView {
    /// Which.
    pub symptom: Symptom,
    /// The highest severity that is still expected, from the session's end on; each holds until the next.
    pub band: Vec<BandStepView>,
    /// What was graded, oldest first.
    pub points: Vec<PointView>,
}

/// Where an expected severity changes.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BandStepView {
    /// From when on, in minutes on the wall clock since day 0 began.
    pub minute: i64,
    /// The highest severity that is expected.
    pub highest: Severity,
}

/// One answer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PointView {
    /// The instant that it speaks of.
    pub at: DateTime<Utc>,
    /// Its recovery day.
    pub day: i64,
    /// When, in minutes on the wall clock since day 0 began.
    pub minute: i64,
    /// What was answered.
    pub severity: Severity,
    /// The highest severity that was expected then.
    pub expected: Severity,
}

/// On which days something was logged, of those on which the plan asks for it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LoggedView {
    /// The days on which the plan asked and something was logged.
    pub done: BTreeSet<i64>,
    /// The days before today on which the plan asked and nothing was logged.
    pub missing: BTreeSet<i64>,
    /// The days on which something was logged although the plan did not ask.
    pub besides: BTreeSet<i64>,
}

/// How often something was asked for and done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AskedView {
    /// What.
    pub label: String,
    /// How often it was done.
    pub done: u32,
    /// How often a reminder of it was shown.
    pub asked: u32,
}

/// A photo and the recovery day on which it was taken.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PhotoOfDay {
    /// The recovery day.
    pub day: i64,
    /// The photo.
    pub photo: PhotoView,
}
