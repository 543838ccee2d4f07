//! The file operations of this module, each durable when it returns.
//!
//! Nothing outside this file changes a file (SQLite aside, which works on drafts only), so the tests can stop
//! the world before any one of them.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::BackupError;
use crate::open;

/// What the diary's folder holds for this module.
pub(super) struct Places {
    folder: PathBuf,
}

impl Places {
    pub(super) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn diary(&self) -> PathBuf {
        self.folder.join("diary.db")
    }

    pub(super) fn write_ahead_log(&self) -> PathBuf {
        self.folder.join("diary.db-wal")
    }

    pub(super) fn shared_memory(&self) -> PathBuf {
        self.folder.join("diary.db-shm")
    }

    /// A whole diary that only has to take its place.
    pub(super) fn ready(&self) -> PathBuf {
        self.folder.join("diary.db.ready")
    }

    pub(super) fn erasing(&self) -> PathBuf {
        self.folder.join("erasing")
    }

    pub(super) fn backups(&self) -> PathBuf {
        self.folder.join("backups")
    }

    pub(super) fn backup(&self, name: &str) -> PathBuf {
        self.backups().join(name)
    }

    /// An empty draft that only its owner can read, in a folder that only its owner can enter.
    pub(super) fn draft(&self) -> Result<Draft, BackupError> {
        let folder = self.backups();
        make_private(&folder).map_err(BackupError::io(&folder))?;
        let path = folder.join(format!("{DRAFT}{}.db", Uuid::new_v4()));
        create_private(&path).map_err(BackupError::io(&path))?;
        Ok(Draft { path })
    }
}

const DRAFT: &str = "draft-";

/// Whether a file in `backups/` is unfinished work, or belongs to some.
pub(super) fn is_draft(name: &str) -> bool {
    // The copy before a migration calls its draft so.
    name.starts_with(DRAFT) || Path::new(name).extension().is_some_and(|end| end == "new")
}

/// Unfinished work: removed when it is dropped, unless it was moved to its name.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
}

impl Draft {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the finished draft its name, unless SQLite left something beside it that belongs into it.
    pub(super) fn moved_to(self, path: &Path) -> Result<(), BackupError> {
        if let Some(beside) = open::unfinished(&self.path) {
            let error = io::Error::other("it was not written back");
            return Err(BackupError::io(beside)(error));
        }
        move_durably(&self.path, path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for end in ["", "-journal", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(end);
            // Sweeping at the next opening finds what stays here.
            let _ = remove(Path::new(&path));
        }
    }
}

/// A part of a file's name that sorts by time and stands on every file system.
pub(super) fn stamp(now: DateTime<Utc>) -> String {
    now.format("%Y%m%dT%H%M%S%3fZ").to_string()
}

/// Makes a folder that only its owner can enter.
pub(super) fn make_private(folder: &Path) -> io::Result<()> {
    allowed(folder)?;
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    match folder.parent() {
        Some(parent) => sync_folder(parent),
        None => Ok(()),
    }
}

/// Makes an empty file that only its owner can read.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    allowed(path)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Puts a file's contents on the disk.
pub(super) fn sync(path: &Path) -> Result<(), BackupError> {
    allowed(path)
        .and_then(|()| OpenOptions::new().write(true).open(path))
        .and_then(|file| file.sync_all())
        .map_err(BackupError::io(path))
}

/// Puts a folder's names on the disk, where the system knows how.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Gives a file another name, in whose place another may stand; on the disk on return.
pub(super) fn move_durably(from: &Path, to: &Path) -> Result<(), BackupError> {
    sync(from)?;
    let moved = || -> io::Result<()> {
        allowed(to)?;
        std::fs::rename(from, to)?;
        for folder in [from.parent(), to.parent()].into_iter().flatten() {
            sync_folder(folder)?;
        }
        Ok(())
    };
    moved().map_err(BackupError::io(to))
}

/// Copies a file's bytes over a draft; on the disk on return.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let copied = || -> io::Result<()> {
        allowed(to)?;
        let mut out = OpenOptions::new().write(true).truncate(true).open(to)?;
        io::copy(&mut File::open(from)?, &mut out)?;
        out.sync_all()
    };
    copied().map_err(BackupError::io(to))
}

/// Gives a file a second name, or a copy where the file system knows no second names; on the disk on return.
pub(super) fn second_name(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        make_private(folder)?;
    }
    allowed(to)?;
    if std::fs::hard_link(from, to).is_err() {
        io::copy(&mut File::open(from)?, &mut create_private(to)?)?;
        File::options().write(true).open(to)?.sync_all()?;
    }
    to.parent().map_or(Ok(()), sync_folder)
}

/// Gives a folder another name; on the disk on return.
pub(super) fn move_folder(from: &Path, to: &Path) -> io::Result<()> {
    allowed(to)?;
    std::fs::rename(from, to)?;
    to.parent().map_or(Ok(()), sync_folder)
}

/// Fills a small file with zeros before it is removed; content when there is none.
///
/// On a flash disk the old bytes may live on until their block is used again: nobody can promise more from here.
pub(super) fn wipe(path: &Path) -> io::Result<()> {
    allowed(path)?;
    match OpenOptions::new().write(true).open(path) {
        Ok(mut file) => {
            let length = file.metadata()?.len();
            io::copy(&mut io::Read::take(io::repeat(0), length), &mut file)?;
            file.sync_all()?;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    }
    remove(path)
}

/// Removes a folder of this module's with all that is in it; content when there is none.
pub(super) fn remove_folder(folder: &Path) -> io::Result<()> {
    allowed(folder)?;
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes a file; content when there is none.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    allowed(path)?;
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The names in a folder; none when there is no folder.
pub(super) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        // A name that is not text is none of ours.
        if let Ok(name) = entry?.file_name().into_string() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A path as SQLite takes it.
pub(super) fn text(path: &Path) -> Result<&str, BackupError> {
    path.to_str()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "its name is not Unicode"))
        .map_err(BackupError::io(path))
}

#[cfg(not(test))]
#[expect(clippy::unnecessary_wraps, reason = "in tests the world stops here")]
pub(super) fn allowed(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
pub(super) use super::kills::allowed;
