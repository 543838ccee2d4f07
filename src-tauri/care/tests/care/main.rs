//! The behaviour of the domain, subject by subject, over the default plan.

mod clinic_plan;
mod given;

mod course;
mod permission;
mod plan;
mod progress;
mod questions;
mod reminder_cases;
mod restriction;
mod schedule;
mod session;
mod span;
mod timeline;
mod told;
mod triage;
mod zone;
