//! The rules of the house, kept by tests: each failure says what to do.
//!
//! ARCHITECTURE.md names a room by its path in backticks with a slash at the end; README.md shows commands in fenced
//! blocks. These tests hold the code and the documents against each other.

mod arrows;
mod checkout;
mod clock;
mod documents;
mod rooms;
mod shell;
mod unfinished;

/// Fails with every fault and what to do about them, if there are any.
#[track_caller]
fn assert_none(faults: &[String], advice: &str) {
    assert!(faults.is_empty(), "\n  {}\n{advice}\n", faults.join("\n  "));
}
