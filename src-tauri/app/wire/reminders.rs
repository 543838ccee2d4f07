//! What crosses about reminders.

use std::collections::BTreeSet;

use afterglow_care::schedule::What;
use afterglow_reminders::alarms::{Act, Action, SnoozeFor};
use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ReminderHealth;

/// A reminder that is due and about which nothing was said yet.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DueView {
    /// Names it in [`ActInput`].
    pub key: String,
    /// What it is about.
    pub label: String,
    /// What kind of moment.
    pub what: What,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// What can be said about it, in this order.
    pub actions: Vec<Action>,
    /// How it can be put off: what ends before it is over.
    pub snooze: Vec<SnoozeFor>,
}

/// What the patient did about a reminder that is due.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ActInput {
    /// Which one.
    pub key: String,
    /// What was done.
    pub act: Act,
}

/// Whether a reminder would reach the patient, and what is known about it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Reach {
    /// How the reminders are.
    pub health: ReminderHealth,
    /// Since when the service runs; none when it does not.
    pub since: Option<DateTime<Utc>>,
    /// The next reminder.
    pub next: Option<DateTime<Utc>>,
    /// When one was last shown.
    pub last_shown: Option<DateTime<Utc>>,
    /// Whether a notification has buttons here; none when no notification server answered yet.
    pub buttons: Option<bool>,
    /// Until when nothing that can wait is shown.
    pub paused_until: Option<DateTime<Utc>>,
    /// What the service found damaged on the disk, in its own words.
    pub damage: Vec<String>,
    /// Whether the service starts when the patient logs in.
    pub at_login: AtLogin,
}

/// Whether the reminder service starts when the patient logs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AtLogin {
    /// It does.
    On,
    /// It does not: after a restart of the computer reminders wait until the app is opened.
    Off,
    /// The system starts nothing for us, or cannot be asked.
    Unavailable {
        /// What it said.
        reason: String,
    },
}

/// What the patient chose about reminders, beside quiet hours and wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReminderChoices {
    /// Whether notifications may make a sound.
    pub sound: bool,
    /// Whether care of the first 24 hours is repeated, at most three times, until something is said about it.
    pub repeat_until_done: bool,
    /// When the day's care begins; none as the plan has it.
    pub morning: Option<NaiveTime>,
    /// When the evening's care is; none as the plan has it.
    pub evening: Option<NaiveTime>,
    /// Instructions that are not reminded of.
    pub switched_off: BTreeSet<String>,
}

/// What can be chosen, and what it would keep from the patient.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReminderChoicesView {
    /// As it is.
    pub chosen: ReminderChoices,
    /// What the plan reminds of.
    pub instructions: Vec<InstructionChoice>,
    /// The restrictions of whose beginning and end nobody will tell the patient, in words.
    pub untold: Vec<String>,
}

/// An instruction that the plan reminds of.
#[derive(Debug, Clone, Serialize, TS)]
pub struct InstructionChoice {
    /// Its name in [`ReminderChoices::switched_off`].
    pub instruction: String,
    /// In words.
    pub label: String,
    /// Whether it keeps the patient from something: switched off, nobody says when it begins and when it is over.
    pub restricts: bool,
}
