//! What crosses between the window and the app: the inputs and outputs of every command.
//!
//! The UI's TypeScript is generated from these types. Instants cross as ISO 8601 in UTC, calendar
//! dates as `YYYY-MM-DD`, wall-clock times as `HH:MM:SS`; texts of the care plan arrive in the
//! patient's language, texts of the interface are the UI's own.

mod appearance;
mod before;
mod calls;
mod can;
mod care;
mod check_in;
mod diary;
mod plan;
mod progress;
mod reminders;
mod timeline;

use std::collections::{BTreeMap, BTreeSet};

pub use appearance::*;
pub use before::*;
pub use calls::*;
pub use can::*;
pub use care::*;
pub use check_in::*;
pub use diary::*;
pub use plan::*;
pub use progress::*;
pub use reminders::*;
pub use timeline::*;

use afterglow_care::check_in::{CheckInId, Severity, Sign, Symptom};
use afterglow_care::locale::Locale;
use afterglow_care::restriction::RestrictionState;
use afterglow_care::schedule::What;
use afterglow_care::session::{Adjunct, Area, Concern, SessionFault, SessionId, Setting, Supply};
use afterglow_care::timeline::{Accent, Grain, PhaseId};
use afterglow_care::triage::TriageLevel;
use afterglow_reminders::alarms::{QuietHours, Screen};
use afterglow_reminders::wording::Wording;
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::opening::{OpenNow, OpenSpan};

/// Everything that Today shows.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Overview {
    /// When this was true.
    pub now: DateTime<Utc>,
    /// The patient's zone (tz database); every time on the screen is shown in it.
    pub zone: String,
    /// Whether things behind the screen work.
    pub status: Status,
    /// What the patient chose.
    pub settings: Settings,
    /// The newest session's recovery; none before the first session is entered.
    pub recovery: Option<Recovery>,
    /// Before the first session: what there is to do and to wait for; none where there is nothing.
    pub before: Option<Before>,
    /// The next session that is booked.
    pub booked: Option<Booked>,
    /// Stands above everything until it is dealt with.
    pub call: Option<CallCard>,
    /// The last call, as long as nothing was said about what came of it.
    pub outcome_asked: Option<OutcomeAsked>,
    /// Whether the clinic is open; none where its hours were not entered.
    pub clinic_open: Option<OpenNow>,
}

/// Whether things behind the screen work.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Status {
    /// Which ways lead to the diary's key.
    pub protection: Protection,
    /// Whether the diary can be written.
    pub access: Access,
    /// What was found when the diary was opened, and the patient is told.
    pub notes: Vec<DiaryNote>,
    /// Whether reminders can be shown.
    pub reminders: ReminderHealth,
    /// Whether the service's files were found damaged since the app was started: they were made anew from the diary.
    pub reminders_mended: bool,
    /// Until when the patient wants to see nothing that can wait.
    pub reminders_paused_until: Option<DateTime<Utc>>,
    /// Whether the service starts when the patient logs in.
    pub at_login: AtLogin,
    /// Whether the clinic's and the emergency number are kept outside the diary too.
    pub numbers_outside: bool,
}

/// Whether reminders can be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ReminderHealth {
    /// Not asked yet since the app started.
    Checking,
    /// The service runs and the last notification, if any, was taken.
    Ready {
        /// The notification server, when one has answered yet.
        server: Option<String>,
    },
    /// The service runs, but the desktop does not show notifications.
    NotShown {
        /// What the desktop said.
        reason: String,
    },
    /// The service cannot be started or does not answer.
    NotRunning {
        /// Why.
        reason: String,
    },
    /// The patient ended them, and has neither opened the app anew nor asked for them since.
    Stopped,
    /// This platform's reminders are not built yet.
    Unsupported,
}

/// One recovery, as of now.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Recovery {
    /// The session that it follows.
    pub session: SessionView,
    /// Today's recovery day (calendar days since the session's date).
    pub day: i64,
    /// The phase of today.
    pub phase: PhaseView,
    /// All phases in order, for the arc.
    pub phases: Vec<PhaseSpan>,
    /// Restrictions that hold, then those that ended within the last day; soonest end first.
    pub restrictions: Vec<RestrictionView>,
    /// What to do today, in the order of the day.
    pub care: Vec<CareView>,
    /// The next reminder.
    pub next_reminder: Option<ReminderView>,
    /// What is due and waits for an answer, the oldest first.
    pub due: Vec<DueView>,
    /// What was shown or missed, newest first, at most ten.
    pub past_reminders: Vec<DeliveryView>,
    /// The newest check-in of this session.
    pub last_check_in: Option<CheckInView>,
    /// It in one breath, to be read out on the telephone.
    pub read_out: Option<String>,
    /// Whether that check-in is of today's date and complete: the day asks for no other.
    pub checked_in_today: bool,
    /// What a check-in asks.
    pub questions: Questions,
    /// The plan behind all this.
    pub plan: PlanView,
}

/// A session as it is shown.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SessionView {
    /// Its identity.
    pub id: SessionId,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// What the wall clock showed then.
    pub ended_local: NaiveDateTime,
    /// The zone in which it ended.
    pub zone: String,
    /// Who treated.
    pub setting: Setting,
    /// The device.
    pub device: Option<String>,
    /// In millimetres; none when not known.
    pub depth_mm: Option<f64>,
    /// The treated areas.
    pub areas: BTreeSet<Area>,
    /// What it was done for.
    pub concerns: BTreeSet<Concern>,
    /// What the clinic supplied for the first hours.
    pub clinic_gave: BTreeSet<Supply>,
    /// What was done besides needling.
    pub adjuncts: BTreeSet<Adjunct>,
    /// Whether treated skin that clothes usually cover is in the sun.
    pub exposed: bool,
}

/// The plan that a recovery follows.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PlanView {
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: u32,
    /// Who reviewed it, or that nobody did yet.
    pub review: String,
}

/// A phase's place in the recovery.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PhaseSpan {
    /// Which.
    pub id: PhaseId,
    /// Its hue.
    pub accent: Accent,
    /// Its name.
    pub name: String,
    /// Its first recovery day.
    pub from_day: i64,
    /// Its last recovery day.
    pub to_day: i64,
}

/// A phase as it is on one day.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PhaseView {
    /// Where it lies.
    pub span: PhaseSpan,
    /// The hue of this day (a phase may change hue half-way).
    pub accent: Accent,
    /// What is normal.
    pub normal: String,
    /// What to do.
    pub care: String,
    /// What to expect by then.
    pub results: String,
}

/// Something to avoid or to limit.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RestrictionView {
    /// The instruction's id.
    pub instruction: String,
    /// Whether it is to be left alone or only limited.
    pub limit_only: bool,
    /// What it is about, in a word or two.
    pub label: String,
    /// What it asks.
    pub text: String,
    /// Why.
    pub why: String,
    /// Who says so.
    pub sources: Vec<SourceView>,
    /// Whether the window is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    /// When it began.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub until: DateTime<Utc>,
    /// Where now stands to the window.
    pub state: RestrictionState,
    /// What is said when it is over.
    pub over: String,
}

/// A source of the care plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SourceView {
    /// Its key.
    pub key: String,
    /// What it is.
    pub title: String,
    /// Where it is, when it has an address.
    pub address: Option<String>,
}

/// Something to do today.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CareView {
    /// The instruction's id.
    pub instruction: String,
    /// What it is about, in a word or two.
    pub label: String,
    /// What it asks.
    pub text: String,
    /// Why.
    pub why: String,
    /// Who says so.
    pub sources: Vec<SourceView>,
    /// Whether it is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    /// Today's times, or the whole day, each to be ticked off; never empty.
    pub ticks: Vec<CareTick>,
}

/// A reminder to come.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReminderView {
    /// What it is about.
    pub label: String,
    /// What kind of moment.
    pub what: What,
    /// When it is shown (after quiet hours, where they hold it).
    pub at: DateTime<Utc>,
}

/// What became of a reminder.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DeliveryView {
    /// The occurrence's key.
    pub key: String,
    /// What it was about.
    pub label: String,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// When this became of it.
    pub at: DateTime<Utc>,
    /// What became of it.
    pub state: DeliveryState,
    /// When it rings again, if it was put off.
    pub until: Option<DateTime<Utc>>,
    /// Whether it was opened when its time was over: what it asked for no longer mattered, or was asked for by a later
    /// one.
    pub over: bool,
}

/// What became of a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// The desktop showed it.
    Shown,
    /// Its time was over before the device was on again.
    Missed,
    /// The desktop did not take it.
    Failed,
    /// The patient clicked it.
    Opened,
    /// The patient did what it reminded of.
    Done,
    /// The patient will not do it.
    Skipped,
    /// The patient put it off.
    Snoozed,
    /// It had been shown, and was taken back.
    Withdrawn,
}

/// The way from the session to the results.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TimelineView {
    /// The session.
    pub session: SessionView,
    /// The patient's zone.
    pub zone: String,
    /// Today's recovery day.
    pub today: i64,
    /// Days to day 14, weeks to day 30, months after.
    pub rows: Vec<TimelineRow>,
    /// The session's photos, oldest first.
    pub photos: Vec<PhotoOfDay>,
    /// The booked sessions to come, soonest first.
    pub booked: Vec<BookedView>,
    /// When the next session of the course usually is; none while one is booked, when that time is
    /// over, and where only the clinic can say.
    pub next_session: Option<NextSessionView>,
}

/// A day, a week or a month of the timeline.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TimelineRow {
    /// How much time it stands for.
    pub grain: Grain,
    /// Its first recovery day.
    pub from_day: i64,
    /// Its last recovery day.
    pub to_day: i64,
    /// The calendar date of its first day.
    pub from_date: NaiveDate,
    /// The calendar date of its last day.
    pub to_date: NaiveDate,
    /// The phase of its first day.
    pub phase: PhaseView,
    /// Whether the phase begins here.
    pub phase_begins: bool,
    /// What becomes allowed in it, and when.
    pub ends: Vec<EndView>,
    /// What still holds at its end, in a word or two each.
    pub holds: Vec<String>,
    /// What was logged in it, oldest first.
    pub check_ins: Vec<CheckInView>,
}

/// A restriction that ends.
#[derive(Debug, Clone, Serialize, TS)]
pub struct EndView {
    /// What may be done again.
    pub over: String,
    /// From when.
    pub at: DateTime<Utc>,
}

/// A session as the patient typed it.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SessionInput {
    /// The wall-clock end in the patient's zone.
    pub ended_at: NaiveDateTime,
    /// Who treated.
    pub setting: Setting,
    /// The device, if known.
    pub device: Option<String>,
    /// In millimetres; none when not known.
    pub depth_mm: Option<f64>,
    /// The treated areas.
    pub areas: BTreeSet<Area>,
    /// What it was done for.
    pub concerns: BTreeSet<Concern>,
    /// What the clinic supplied for the first hours.
    pub clinic_gave: BTreeSet<Supply>,
    /// What was done besides needling.
    pub adjuncts: BTreeSet<Adjunct>,
    /// Whether treated skin that clothes usually cover is in the sun.
    pub exposed: bool,
    /// The course that it is of.
    pub course: Option<Uuid>,
}

/// What is to stand in the place of a session that was entered wrongly.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SessionCorrection {
    /// Which one.
    pub session: SessionId,
    /// As it should have been entered; its time in the zone where the session ended.
    pub input: SessionInput,
}

/// What a check-in asks, in the order in which it asks.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Questions {
    /// What is graded.
    pub symptoms: Vec<SymptomQuestion>,
    /// What is seen or not, by where a person would look; what cannot wait comes first.
    pub sign_groups: Vec<SignGroup>,
}

/// One symptom in the patient's words.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SymptomQuestion {
    /// Which.
    pub symptom: Symptom,
    /// What is asked.
    pub label: String,
    /// In a sentence: "redness".
    pub short: String,
    /// What each severity means, from 0 to 4.
    pub grades: [String; 5],
    /// Whether a check-in is not complete without it.
    pub core: bool,
}

/// Signs that are asked together.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SignGroup {
    /// The group's name in the plan; the window has words for it.
    pub group: String,
    /// What is asked.
    pub signs: Vec<SignQuestion>,
}

/// One sign in the patient's words.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SignQuestion {
    /// Which.
    pub sign: Sign,
    /// A question that is answered by yes or no.
    pub question: String,
    /// In a sentence: "trouble breathing".
    pub short: String,
    /// Whether it alone is an emergency, in this patient and now.
    pub emergency: bool,
}

/// A check-in as it is shown.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CheckInView {
    /// Its identity.
    pub id: CheckInId,
    /// When.
    pub at: DateTime<Utc>,
    /// The patient's calendar date then.
    pub date: NaiveDate,
    /// Its recovery day.
    pub day: i64,
    /// What was answered.
    pub severities: BTreeMap<Symptom, Severity>,
    /// What was seen; none when not answered.
    pub signs: Option<BTreeSet<Sign>>,
    /// What the thermometer said, in degrees Celsius; none when it was not asked.
    pub temperature_c: Option<f64>,
    /// The areas that it speaks of; every treated one when it names none.
    pub areas: BTreeSet<Area>,
    /// The patient's own words.
    pub note: String,
    /// What follows from it.
    pub assessment: AssessmentView,
}

/// What follows from a check-in.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AssessmentView {
    /// The highest level of the findings. Where the check-in is not complete, an expected level says
    /// only that nothing of what was answered is unusual: it is not judged yet.
    pub level: TriageLevel,
    /// Whether the signs, redness, swelling, warmth and pain were answered.
    pub complete: bool,
    /// What fired, highest first.
    pub findings: Vec<FindingView>,
    /// The level's closing line. Empty where it cannot be said: of a check-in that is not judged yet,
    /// and where it names a clinic or a number that was not entered.
    pub closing: String,
}

/// One rule that fired.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FindingView {
    /// The rule's id.
    pub rule: String,
    /// Its level.
    pub level: TriageLevel,
    /// What to do, in plain words.
    pub advice: String,
    /// What in the check-ins made it fire.
    pub because: String,
    /// Who says so.
    pub sources: Vec<SourceView>,
    /// Whether its limits are the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
}

/// What the patient chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The language of the app and of its reminders.
    pub locale: Locale,
    /// When nothing rings that can wait; none is never quiet.
    pub quiet_hours: Option<QuietHours>,
    /// What a lock screen may tell.
    pub wording: Wording,
    /// The clinic, as far as it was entered.
    pub clinic: Clinic,
    /// The number to call in an emergency.
    pub emergency_number: String,
    /// Light or dark.
    pub theme: Theme,
    /// How large text is, of its usual size in percent: 100 to 200.
    pub text_percent: u16,
    /// The tone of the skin in the pictures; none is neutral.
    pub skin_tone: Option<SkinTone>,
}

/// How to reach the clinic; empty where not entered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Clinic {
    /// Its name.
    pub name: String,
    /// Its number.
    pub phone: String,
    /// The number that answers when it is closed.
    pub after_hours_phone: String,
    /// When it is open.
    pub hours: Vec<OpenSpan>,
}

/// Where an exported file lies.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Exported {
    /// The file's full path.
    pub path: String,
}

/// The screen that a notification or the tray asked for; sent as the event `show`, and once by the command `opening_screen`.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct Show {
    /// Which.
    pub screen: Screen,
}

/// Why a command did not do what it was asked. The window acts on `code`; `sentence` is for people.
#[derive(Debug, Clone, Serialize, TS, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Failure {
    /// The session's form has faults; each stands beside its field.
    #[error("the session was not saved: correct the marked fields")]
    InvalidSession {
        /// What is wrong.
        faults: Vec<SessionFault>,
    },
    /// The settings have faults; each stands beside its field. Nothing was changed.
    #[error("the settings were not changed: correct the marked fields")]
    InvalidSettings {
        /// What is wrong.
        faults: Vec<SettingFault>,
    },
    /// A check-in without a single answer says nothing and is not kept.
    #[error("the check-in is empty: answer at least one question, then save")]
    EmptyCheckIn,
    /// The check-in has faults; each stands beside its field. Nothing was kept.
    #[error("the check-in was not saved: correct the marked fields")]
    InvalidCheckIn {
        /// What is wrong.
        faults: Vec<CheckInFault>,
    },
    /// A note is longer than a note may be. Nothing was kept.
    #[error("the note was not saved: shorten it")]
    NoteTooLong,
    /// The medicine has faults; each stands beside its field. Nothing was kept.
    #[error("the medicine was not saved: correct the marked fields")]
    InvalidMedicine {
        /// What is wrong.
        faults: Vec<MedicineFault>,
    },
    /// The booked session has faults; each stands beside its field. Nothing was kept.
    #[error("the booked session was not saved: correct the marked fields")]
    InvalidAppointment {
        /// What is wrong.
        faults: Vec<AppointmentFault>,
    },
    /// The course has faults; each stands beside its field. Nothing was kept.
    #[error("the course was not saved: correct the marked fields")]
    InvalidCourse {
        /// What is wrong.
        faults: Vec<CourseFault>,
    },
    /// The diary could not be opened. Nothing was replaced.
    #[error("{sentence}")]
    DiaryUnavailable {
        /// What kind of trouble; the window has words for each.
        trouble: DiaryTrouble,
        /// Where the file lies.
        path: String,
        /// What the system said.
        sentence: String,
    },
    /// The diary is open, but this could not be written or read.
    #[error("{sentence}")]
    DiaryFailed {
        /// What the system said.
        sentence: String,
    },
    /// The reminder service did not do what it was asked.
    #[error("{sentence}")]
    RemindersRefused {
        /// Why.
        sentence: String,
    },
    /// The patient stopped reminders in the panel, and the service that keeps what they say does not run.
    #[error("you stopped reminders in the panel: start them again, then try again")]
    RemindersStopped,
    /// The diary is open, and a part of it cannot be read. Nothing was changed.
    #[error("{sentence}")]
    DiaryDamaged {
        /// What the system said.
        sentence: String,
    },
    /// The diary opens: there is no reason to set it aside.
    #[error("the diary opens: nothing was set aside")]
    DiaryOpens,
    /// The numbers outside the diary are not what they should be.
    #[error("{sentence}")]
    NumbersNotKept {
        /// Where, and what the system said.
        sentence: String,
    },
    /// The diary is open for reading only. Nothing was changed.
    #[error("{sentence}")]
    ReadOnly {
        /// The same, in words.
        sentence: String,
    },
    /// The disk is full. Nothing was changed.
    #[error("the disk is full: free some space, then try again")]
    DiskFull,
    /// The ways to the key stay as they are.
    #[error("{sentence}")]
    KeyRefused {
        /// Why; the window has words for each.
        fault: KeyFault,
        /// The same, in the diary's words.
        sentence: String,
    },
    /// The new passphrase is too short.
    #[error("a passphrase has at least {least} characters: choose a longer one")]
    PassphraseTooShort {
        /// The least characters.
        least: usize,
    },
    /// A copy could not be made, or not be put in the diary's place.
    #[error("{sentence}")]
    CopyFailed {
        /// What the system said.
        sentence: String,
    },
    /// A file was not imported, or a backup not restored.
    #[error("{sentence}")]
    ImportRefused {
        /// Why; the window has words for each.
        fault: ImportFault,
        /// The same, in the diary's words.
        sentence: String,
    },
    /// A photo was not taken.
    #[error("{sentence}")]
    PhotoRefused {
        /// Why; the window has words for each.
        fault: PhotoFault,
        /// The same, in the diary's words.
        sentence: String,
    },
    /// The word that confirms an erasing was not typed. Nothing was erased.
    #[error("nothing was erased: type the word that is asked for")]
    NotConfirmed,
    /// It is not there (any more).
    #[error("that entry is no longer in the diary; go back and open it again")]
    NotFound,
    /// The file could not be written.
    #[error("{sentence}")]
    ExportFailed {
        /// Where, and what the system said.
        sentence: String,
    },
}

/// What is wrong with one field of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettingFault {
    /// The emergency number cannot be dialled: it has no digit, or something else than digits, `+`, `*`, `#` and separators.
    EmergencyNumberNotDialable,
    /// The clinic's number cannot be dialled; empty is allowed.
    ClinicPhoneNotDialable,
    /// The clinic's name is too long.
    ClinicNameTooLong,
    /// The number for when it is closed cannot be dialled; empty is allowed.
    AfterHoursPhoneNotDialable,
    /// Opening hours without a day.
    HoursWithoutDay,
    /// Outside 100 to 200 percent.
    TextSizeOutOfRange,
}
