//! The diary: one encrypted SQLite file on the patient's device.
//!
//! `diary` keeps what it is given and gives it back; it never judges. A call that changes the
//! diary has reached the disk when it returns (`synchronous=FULL`).
//!
//! | question | module |
//! |---|---|
//! | Where is the key, and which ways lead to it? | [`keys`] |
//! | How is the file opened, and what can go wrong? | [`open`] |
//! | What is kept? | [`sessions`], [`check_ins`], [`calls`], [`deliveries`], [`settings`] |

pub mod calls;
pub mod check_ins;
pub mod deliveries;
mod error;
pub mod keys;
pub mod open;
pub mod sessions;
pub mod settings;
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
    calls::STATEMENTS,
    check_ins::STATEMENTS,
    deliveries::STATEMENTS,
    open::STATEMENTS,
    sessions::STATEMENTS,
    settings::STATEMENTS,
];
