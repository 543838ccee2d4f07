//! The real binary, as a clinic's script runs it.

mod assess;
mod can;
mod check;
mod docs;
mod given;
mod ingredients;
mod reminders;
mod session;
mod timeline;
mod worked_cases;
