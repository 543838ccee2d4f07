//! What became of alarms, as a host wrote it down.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One line of the journal. `seq` counts from 1 within one journal; lines that were drained may be
/// gone, their numbers are never used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The place of this line.
    pub seq: u64,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The alarm's key.
    pub key: String,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// What happened.
    pub event: Event,
}

/// What happened to an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// Written before the notification is handed over: after a crash it is shown again under the same id.
    Claimed,
    /// The notification server took it.
    Shown {
        /// Folded with others into one digest.
        digest: bool,
    },
    /// Its validity was over before it could be shown.
    Missed,
    /// The notification server did not take it; it is tried again while valid.
    Failed {
        /// What the server, or the bus, said.
        reason: String,
    },
    /// The patient clicked it.
    Opened,
    /// The patient did what it reminded of.
    Done,
    /// The patient will not do it.
    Skipped,
    /// The patient put it off; it rings once more.
    Snoozed {
        /// At this instant, whatever happens to zone or clock meanwhile.
        until: DateTime<Utc>,
    },
    /// It had been shown, and was taken back because the list no longer has it.
    Withdrawn,
}

impl Event {
    /// Whether the alarm is over whatever it says of itself: it never rings again. One that was only
    /// shown or opened may still be snoozed, and one that was only shown may repeat.
    pub fn settles(&self) -> bool {
        match self {
            Self::Missed | Self::Done | Self::Skipped | Self::Withdrawn => true,
            Self::Claimed
            | Self::Shown { .. }
            | Self::Failed { .. }
            | Self::Opened
            | Self::Snoozed { .. } => false,
        }
    }
}
