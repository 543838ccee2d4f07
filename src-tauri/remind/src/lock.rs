//! One service per home: an OS file lock, which a killed process cannot leave behind.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Held as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// The lock's file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be locked ({source}); another file system for the home may help", path.display())]
pub(crate) struct LockError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

impl Lock {
    /// Takes the lock; none when another process has it.
    pub(crate) fn take(path: &Path) -> Result<Option<Self>, LockError> {
        let failed = |source| LockError {
            path: path.to_owned(),
            source,
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}
