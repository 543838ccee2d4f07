//! Copies of the diary: made every day, carried to another device, put back in the diary's place, erased.
//!
//! Every copy is encrypted from its first byte on; no plaintext of the diary ever reaches the disk. A copy
//! counts only after it was opened again with its key and held what the diary held.
//!
//! | question | file |
//! |---|---|
//! | How is the copy of the day made, and which old ones go? | `automatic.rs`, `retention.rs` |
//! | What does a copy hold, and is it sound? | `contents.rs` |
//! | What is the one file that the patient carries? | `export.rs` |
//! | What is checked before an import may do anything? | `import.rs` |
//! | How does a copy take the diary's place? | `restore.rs` |
//! | How is everything erased? | `erase.rs` |
//! | Which file operations are there, and in which order do they reach the disk? | `files.rs` |
//!
//! # If the power fails between any two steps
//!
//! Three names carry every decision, because a rename is the one thing that a file system does wholly or not at
//! all:
//!
//! - `backups/draft-…` is unfinished work. Whatever is found under that name when the diary is opened was cut
//!   short and is removed; nothing else ever depended on it.
//! - `diary.db.ready` is a whole, checked diary under this device's key, and *the restore is decided*. The old
//!   diary was copied to `backups/` before. What remains is done by whoever comes first, this restore or the
//!   next opening: remove `diary.db-wal` and `diary.db-shm`, then rename `diary.db.ready` to `diary.db`. In this
//!   order, since SQLite would play an old log into the new file. Until the last rename each of these steps can
//!   be done again; after it there is nothing left to do.
//! - `erasing` says that everything in the folder goes. It is written before anything is removed and is the
//!   last to be removed. A next opening that finds it erases to the end first, so there is never a new key
//!   beside an old diary, nor an old diary without its key.
//!
//! Each rename is preceded by an fsync of the file and followed by an fsync of its folder.

mod automatic;
mod contents;
mod erase;
mod export;
mod files;
mod import;
#[cfg(test)]
mod kills;
mod restore;
mod retention;

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::{DataKey, Diary, DiaryError};

pub use automatic::{Backup, BackupKind};
pub use contents::Contents;
pub use erase::{Erased, erase_everything};
pub use export::{ExportError, LEAST_PASSPHRASE};
pub use import::{ImportError, Inspected, inspect};
pub use restore::{
    Repaired, RestoreError, Restored, backups_in, restore_backup, restore_into, set_aside_locked,
};
pub use retention::removable;

pub(crate) use restore::settle;

#[cfg(test)]
pub(crate) const STATEMENTS: &[&[&str]] = &[automatic::STATEMENTS, contents::STATEMENTS, restore::STATEMENTS];

/// Why a copy was not made. The diary is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is no room for another copy.
    #[error("the disk is full: free some space, then try again")]
    DiskFull,
    /// The diary is open for reading only.
    #[error("the diary is open for reading only: it cannot be copied or replaced")]
    ReadOnly,
    /// A file or folder cannot be read or written.
    #[error("{path} cannot be read or written: {error}")]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// SQLite refused, or the disk did.
    #[error("the diary could not be copied: {0}")]
    Database(#[source] sqlx::Error),
    /// The copy is not sound, or does not hold what it should; an unfinished one was thrown away.
    #[error("the copy {name} is not sound: {reason}. Choose another copy, or make a new one")]
    Unsound {
        /// The copy's name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The system gave no random bytes for the copy's key.
    #[error("the copy got no key of its own: {0}")]
    NoKey(String),
    /// The app is being closed.
    #[error("the app was closed before the copy was made: try again")]
    Stopped,
}

impl BackupError {
    fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io { path, error },
        }
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        match DiaryError::from(error) {
            DiaryError::DiskFull => Self::DiskFull,
            DiaryError::ReadOnly => Self::ReadOnly,
            DiaryError::Damaged(error) | DiaryError::Database(error) => Self::Database(error),
            other @ DiaryError::UnreadableRow { .. } => {
                Self::Database(sqlx::Error::AnyDriverError(other.into()))
            }
        }
    }
}

impl Diary {
    fn key_hex(&self) -> Zeroizing<String> {
        self.vault().key.hex()
    }

    fn folder(&self) -> &Path {
        &self.vault().folder
    }
}

/// A key for one copy.
fn new_key() -> Result<Zeroizing<String>, BackupError> {
    DataKey::random()
        .map(|key| key.hex())
        .map_err(|error| BackupError::NoKey(error.to_string()))
}

/// Runs what waits for the disk or the processor beside the async threads.
async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(BackupError::Stopped))
}
