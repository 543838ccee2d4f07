//! The behaviour of the domain, subject by subject, over the default plan.

mod given;

mod plan;
mod restriction;
mod schedule;
mod session;
mod timeline;
mod triage;
mod zone;
