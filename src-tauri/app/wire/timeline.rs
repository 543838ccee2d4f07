//! What crosses about the road: the days of a recovery, and the sessions to come on it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use ts_rs::TS;

use super::SourceView;

/// A booked session to come.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BookedView {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// Its date, in the patient's zone.
    pub date: NaiveDate,
    /// What the patient noted about it.
    pub note: String,
    /// What to do and avoid before it, soonest first.
    pub before: Vec<BeforeView>,
}

/// Something to do or to avoid before a session.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BeforeView {
    /// The instruction's id.
    pub instruction: String,
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
    /// From when on; it holds until the session.
    pub from: DateTime<Utc>,
    /// The date of that, in the patient's zone.
    pub from_date: NaiveDate,
}

/// When the next session of a course usually is.
#[derive(Debug, Clone, Serialize, TS)]
pub struct NextSessionView {
    /// The first date.
    pub earliest: NaiveDate,
    /// The last date.
    pub latest: NaiveDate,
    /// Which session of the course it would be, counted from 1.
    pub number: usize,
    /// How many the patient's course has; none where the patient entered no course.
    pub planned: Option<u16>,
}
