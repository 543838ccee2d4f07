//! The diary: one encrypted SQLite file on the patient's device.
//!
//! `diary` keeps what it is given and gives it back; it never judges. A call that changes the
//! diary has reached the disk when it returns (`synchronous=FULL`).
//!
//! | question | module |
//! |---|---|
//! | Where is the key, and which ways lead to it? | [`keys`] |
//! | What becomes of a photo before it is kept? | [`photo`] |
//! | How is the file opened, and what can go wrong? | [`open`] |
//! | What is kept? | [`courses`], [`sessions`], [`check_ins`], [`photos`], [`findings`], [`calls`], [`plans`], [`deliveries`], [`follow_ups`], [`medicines`], [`appointments`], [`settings`], [`reminders`], [`clinic`], [`replica`] |
//! | What does every screen ask for? | [`standing`] |
//! | What is counted over a session? | [`progress`] |
//! | How is a diary joined with another device's? | [`merge`] |
//! | How is something erased? | [`erase`] |
//! | How is it copied, carried, restored and erased? | [`backup`] |

pub mod appointments;
pub mod backup;
pub mod calls;
pub mod check_ins;
pub mod clinic;
pub mod courses;
pub mod deliveries;
pub mod erase;
mod error;
pub mod findings;
pub mod follow_ups;
pub mod keys;
mod log;
pub mod medicines;
pub mod merge;
pub mod open;
#[cfg(test)]
mod page_limit;
pub mod photo;
pub mod photos;
pub mod plans;
pub mod progress;
pub mod reminders;
pub mod replica;
pub mod sessions;
pub mod settings;
pub mod standing;
mod transaction;
mod values;

pub use error::DiaryError;
pub use keys::{
    AskAtStart, Credential, DataKey, KeyError, KeyringNote, NewKey, Protection, RecoveryCode,
    RecoveryCodeError, Secret, WithoutKeyring,
};
pub use open::{Access, Diary, OpenError, OpenNote, Opened, WhyReadOnly};

/// Every statement that this crate runs, so that a test can prepare each on the migrated schema.
#[cfg(test)]
const STATEMENTS: &[&[&str]] = &[
    appointments::STATEMENTS,
    backup::STATEMENTS[0],
    backup::STATEMENTS[1],
    backup::STATEMENTS[2],
    calls::STATEMENTS,
    check_ins::STATEMENTS,
    clinic::STATEMENTS,
    courses::STATEMENTS,
    deliveries::STATEMENTS,
    erase::STATEMENTS,
    findings::STATEMENTS,
    follow_ups::STATEMENTS,
    medicines::STATEMENTS,
    merge::STATEMENTS,
    open::STATEMENTS,
    photos::STATEMENTS,
    plans::STATEMENTS,
    progress::STATEMENTS,
    reminders::STATEMENTS,
    replica::STATEMENTS,
    sessions::STATEMENTS,
    settings::STATEMENTS,
    standing::STATEMENTS,
    transaction::STATEMENTS,
];
