//! What crosses about ticking off today's care.

use afterglow_care::schedule::What;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A time of something to do today, or the day itself where it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct CareTick {
    /// Names it in [`TickInput`].
    pub key: String,
    /// When it is to be done; none where any time of the day will do.
    pub at: Option<DateTime<Utc>>,
    /// The kind of moment; none for the day.
    pub what: Option<What>,
    /// Whether it was done.
    pub done: bool,
}

/// What the patient ticks off, or takes back.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TickInput {
    /// Which one.
    pub key: String,
    /// Whether it is done.
    pub done: bool,
}
