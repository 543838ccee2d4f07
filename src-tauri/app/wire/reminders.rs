//! What crosses about reminders.

use std::collections::BTreeSet;

use afterglow_care::check_in::CheckInId;
use afterglow_care::schedule::{CareTimes, What};
use afterglow_care::triage::CallOutcome;
use afterglow_reminders::alarms::{Act, Action, SnoozeFor};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

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
    /// The next reminder, and when the service shows it.
    pub next: Option<NamedReminder>,
    /// The one that was last shown, and when.
    pub last_shown: Option<NamedReminder>,
    /// The notification server, when one has answered yet, also where it failed since.
    pub server: Option<String>,
    /// Whether a notification has buttons here; none when no notification server answered yet.
    pub buttons: Option<bool>,
    /// Until when nothing that can wait is shown.
    pub paused_until: Option<DateTime<Utc>>,
    /// What the service found damaged on the disk since the app was started, in its own words. It was made anew from
    /// the diary.
    pub mended: Vec<String>,
    /// Whether the service starts when the patient logs in.
    pub at_login: AtLogin,
}

/// A reminder and when the service shows it, or has shown it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct NamedReminder {
    /// What it is about; none where the service knows the time alone.
    pub label: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
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
    /// What is reminded of.
    pub instructions: Vec<InstructionChoice>,
    /// When the day's care is where nothing is chosen.
    pub usual: UsualTimes,
    /// The restrictions of whose beginning and end nobody will tell the patient, in words.
    pub untold: Vec<String>,
}

/// When the plan has the day's first and last care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct UsualTimes {
    /// The first.
    pub morning: NaiveTime,
    /// The last.
    pub evening: NaiveTime,
}

impl From<CareTimes> for UsualTimes {
    fn from(CareTimes { morning, evening }: CareTimes) -> Self {
        Self { morning, evening }
    }
}

/// Something that is reminded of: an instruction of the plan, the beginning of a phase, or a booked session.
#[derive(Debug, Clone, Serialize, TS)]
pub struct InstructionChoice {
    /// Its name in [`ReminderChoices::switched_off`].
    pub instruction: String,
    /// In words.
    pub label: String,
    /// Whether it keeps the patient from something: switched off, nobody says when it begins and when it is over.
    pub restricts: bool,
}

/// A medicine that the clinic prescribed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct MedicineView {
    /// Its identity.
    pub id: Uuid,
    /// The patient's own word for it.
    pub name: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included; none while no end was entered.
    pub to: Option<NaiveDate>,
    /// When it is taken each day, on the wall clock.
    pub times: BTreeSet<NaiveTime>,
}

/// A medicine as the patient entered it.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MedicineInput {
    /// Which one is corrected; none for a new one.
    pub id: Option<Uuid>,
    /// The patient's own word for it.
    pub name: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included.
    pub to: Option<NaiveDate>,
    /// When it is taken each day, on the wall clock.
    pub times: BTreeSet<NaiveTime>,
}

/// What is wrong with one field of a medicine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MedicineFault {
    /// It has no name.
    NameMissing,
    /// Its name is too long.
    NameTooLong,
    /// It has no time of day.
    NoTimes,
    /// It has more times a day than reminders can be kept for.
    TooManyTimes,
    /// Its last day comes before its first.
    EndsBeforeItBegins,
}

/// A session that is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AppointmentView {
    /// Its identity.
    pub id: Uuid,
    /// What the wall clock shows there when it begins.
    pub at: NaiveDateTime,
    /// The zone of the place (tz database).
    pub zone: String,
    /// What the patient noted about it.
    pub note: String,
}

/// A booked session as the patient entered it, on the wall clock of where they are.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AppointmentInput {
    /// Which one is corrected; none for a new one.
    pub id: Option<Uuid>,
    /// When it begins.
    pub at: NaiveDateTime,
    /// A note; it may be empty.
    pub note: String,
}

/// What is wrong with one field of a booked session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AppointmentFault {
    /// It has begun already: it is entered as a session.
    Past,
    /// Further ahead than a year can be mistyped for.
    TooFar,
    /// The note is too long.
    NoteTooLong,
}

/// What came of a call.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FollowUpInput {
    /// The check-in that asked for the call.
    pub check_in: CheckInId,
    /// Whether the clinic, or other care, was reached.
    pub reached: bool,
    /// What came of it, in the patient's words; it may be empty.
    pub note: String,
}

/// A call in which somebody was reached, and of which nothing was said since.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OutcomeAsked {
    /// The check-in that asked for the call.
    pub check_in: CheckInId,
    /// Who was reached.
    pub outcome: CallOutcome,
    /// When the patient said so.
    pub at: DateTime<Utc>,
}
