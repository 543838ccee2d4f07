//! What rings when, decided without a clock, a file or a socket.
//!
//! `care::schedule` says what is due; this crate makes of it, with the patient's settings and the
//! delivery ledger, the [`alarms::AlarmList`] that an alarm host keeps (a phone's system, or
//! `afterglow-remind` on a desktop), says what a host shows when it wakes late ([`ringing`]), and
//! declares the messages between app and host ([`host`]).

pub mod alarms;
pub mod host;
pub mod journal;
pub mod planner;
pub mod ringing;
pub mod session;
pub mod settings;
pub mod wording;

// What a host needs of `care`: it depends on this crate alone.
pub use afterglow_care::{Locale, Zone};
