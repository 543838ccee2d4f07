//! The domain of Afterglow: care plans, sessions, schedule, timeline, check-ins and triage.
//!
//! Everything here is a pure function of its arguments. `now` and the zone are passed in;
//! nothing reads a clock, a file or the environment (but [`zone`] the tz database), and nothing is async. `care` knows no
//! other crate of this workspace.
//!
//! | question | module |
//! |---|---|
//! | What does the plan say, and who says so? | [`plan`] |
//! | What was done to the skin, and when did it end? | [`session`] |
//! | Which reminders follow from it? | [`schedule`] |
//! | What holds now, and until when? | [`restriction`] |
//! | What is each day of recovery like? | [`timeline`] |
//! | Which session of the series comes next, and when? | [`course`] |
//! | What did the patient record? | [`check_in`] |
//! | How did it go, beside what was expected? | [`progress`] |
//! | From where does a photo show the skin? | [`photo`] |
//! | Does it need a clinician? | [`triage`] |
//! | May I do this yet? Which of these ingredients has to wait? | [`permission`], [`ingredients`] |
//! | What else should the patient know about an answer? | [`warning`] |
//! | What is that instant on the patient's wall clock? | [`zone`] |

pub mod check_in;
pub mod course;
pub mod ingredients;
pub mod locale;
pub mod permission;
pub mod photo;
pub mod plan;
pub mod progress;
pub mod restriction;
pub mod schedule;
pub mod session;
pub mod timeline;
pub mod triage;
pub mod warning;
mod words;
pub mod zone;

pub use check_in::CheckIn;
pub use locale::Locale;
pub use plan::Plan;
pub use session::Session;
pub use zone::Zone;
