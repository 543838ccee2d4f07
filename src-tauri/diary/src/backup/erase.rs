//! Everything goes: the ways to the key first.
//!
//! What makes the diary unreadable is that its key is gone; removing the files only gives the room back. A flash
//! disk keeps what it likes of a removed file until the block is used again, and no program can change that. The
//! diary and its copies were never on it other than encrypted.

use std::path::Path;

use super::files::{self, Places};
use super::{BackupError, beside, restore};
use crate::{Diary, keys};

/// What was erased, and what was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// The system's keyring may still have an entry: it did not answer, or nothing told the entry's name. It
    /// opens nothing any more, but the app says so.
    pub keyring_entry_left: bool,
}

impl Diary {
    /// Closes the diary and erases it with its key, its copies, and whatever was unfinished. All clones are closed.
    pub async fn erase_everything(self) -> Result<Erased, BackupError> {
        let folder = self.folder().to_owned();
        self.close().await;
        erase_everything(&folder).await
    }
}

/// Erases the diary in a folder, whether or not it can be opened, and those beside it that were set aside because
/// they could not. It must not be open anywhere.
///
/// Once this has begun it is finished, by the next opening if need be.
pub async fn erase_everything(folder: &Path) -> Result<Erased, BackupError> {
    let mut erased = Erased {
        keyring_entry_left: false,
    };
    for aside in restore::set_aside(folder)? {
        erased.keyring_entry_left |= erase(&aside).await?;
        beside(move || files::remove_folder(&aside).map_err(BackupError::io(&aside))).await?;
    }
    if folder.exists() {
        erased.keyring_entry_left |= erase(folder).await?;
    }
    Ok(erased)
}

/// Whether the keyring may still have an entry.
async fn erase(folder: &Path) -> Result<bool, BackupError> {
    let places = Places::of(folder);
    decide(&places).map_err(BackupError::io(places.erasing()))?;
    let keyring_entry_left = !keys::forget_entries(folder).await;
    beside(move || remove(&places).map_err(BackupError::io(places.folder()))).await?;
    Ok(keyring_entry_left)
}

fn decide(places: &Places) -> std::io::Result<()> {
    match files::create_private(&places.erasing()) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    files::sync_folder(places.folder())
}

fn remove(places: &Places) -> std::io::Result<()> {
    let folder = places.folder();
    let names = files::names(folder)?;
    let of = |beginning: &'static str| {
        names
            .iter()
            .filter(move |name| name.starts_with(beginning))
            .map(|name| folder.join(name))
    };
    for key in of("diary.key") {
        files::wipe(&key)?;
    }
    files::sync_folder(folder)?;
    // What has no key any more.
    for file in of("diary.") {
        files::remove(&file)?;
    }
    files::remove_folder(&places.backups())?;
    files::sync_folder(folder)?;
    files::remove(&places.erasing())?;
    files::sync_folder(folder)
}
