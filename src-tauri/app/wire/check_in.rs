//! What crosses about a check-in being typed.

use std::collections::{BTreeMap, BTreeSet};

use afterglow_care::check_in::{CheckInId, Severity, Sign, Symptom};
use afterglow_care::session::{Area, SessionId};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A check-in as the patient typed it: about now, about a past day, or in the place of another.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CheckInInput {
    /// The session that it is about; a past day before it is about the session before.
    pub session: SessionId,
    /// The day in the patient's zone that it is about; none is now, or what the corrected one was about.
    pub day: Option<NaiveDate>,
    /// The time of that day; none is its evening.
    pub time: Option<NaiveTime>,
    /// The check-in that it corrects, which is kept beside it, with any call that it raised.
    pub revises: Option<CheckInId>,
    /// What was answered; a symptom that is missing was not answered.
    #[ts(as = "BTreeMap<Symptom, Severity>")]
    pub severities: BTreeMap<Symptom, Severity>,
    /// None when the question was not answered; an empty set says "none of these".
    pub signs: Option<BTreeSet<Sign>>,
    /// What the thermometer said, in degrees Celsius; none when it was not asked.
    pub temperature_c: Option<f64>,
    /// The areas that it speaks of; every treated one when it names none.
    pub areas: BTreeSet<Area>,
    /// The patient's own words.
    pub note: String,
}

/// What is wrong with one field of a check-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckInFault {
    /// Outside 30-45 °C, or not a number.
    TemperatureOutOfRange,
    /// Longer than a note may be.
    NoteTooLong,
    /// About a moment that is still to come.
    InFuture,
    /// About a moment before any session.
    BeforeSession,
}
