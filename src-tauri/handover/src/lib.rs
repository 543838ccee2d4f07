//! What leaves the device on the patient's word: today the iCalendar file.
//!
//! Pure like `care`: no clock, no I/O, no async.

mod calendar;

pub use calendar::{CalendarEntry, EntryTime, USUAL_LENGTH, calendar};
