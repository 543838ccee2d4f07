//! What crosses about calls: whom, about what, and what came of them.

use afterglow_care::check_in::CheckInId;
use afterglow_care::triage::{CallOutcome, TriageLevel};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CheckInView, SessionView};

/// Whom to call, and about what.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CallCard {
    /// The check-in that raised it.
    pub check_in: CheckInView,
    /// The session that it is about.
    pub session: SessionView,
    /// Call the clinic, or emergency services.
    pub level: TriageLevel,
    /// What to read out.
    pub summary: String,
    /// When the patient last said that nobody was reached yet.
    pub not_reached_at: Option<DateTime<Utc>>,
}

/// How a call card was dealt with.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CallAnswer {
    /// The check-in that raised it.
    pub check_in: CheckInId,
    /// What was done.
    pub outcome: CallOutcome,
}

/// A check-in that once asked for a call.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PastCall {
    /// The check-in; of a corrected one, the entry that asked.
    pub check_in: CheckInId,
    /// The instant that it speaks of.
    pub at: DateTime<Utc>,
    /// Its recovery day.
    pub day: i64,
    /// Call the clinic, or emergency services.
    pub level: TriageLevel,
    /// What in the check-ins asked for it, a sentence each.
    pub because: Vec<String>,
    /// Whether a correction no longer says so; what it had asked for stayed open.
    pub corrected: bool,
    /// What was done; none as long as it is open.
    pub answer: Option<PastAnswer>,
    /// What the patient said later came of it, oldest first.
    pub came_of: Vec<String>,
}

/// What was done about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct PastAnswer {
    /// What; none where the patient dismissed it with a reason.
    pub outcome: Option<CallOutcome>,
    /// When the patient said so.
    pub at: DateTime<Utc>,
}
