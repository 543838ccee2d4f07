//! What the planner makes of sessions, settings and the ledger.

#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

mod given;

mod actions;
mod calls;
mod cases;
mod laws;
mod list;
mod settings;
mod words;
mod zones;
