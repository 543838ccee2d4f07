//! What is kept: the alarm list and the journal, each whole or said to be damaged.

mod journal;
mod lines;
mod list;

use std::io;
use std::path::{Path, PathBuf};

use afterglow_reminders::alarms::AlarmList;
use afterglow_reminders::journal::{Entry, Event};
use chrono::{DateTime, Utc};

use self::journal::Journal;
use crate::places::Places;

/// List and journal of one home.
#[derive(Debug)]
pub(crate) struct Store {
    list_path: PathBuf,
    list: Option<AlarmList>,
    list_lost: bool,
    journal: Journal,
    damage: Vec<Damage>,
}

/// Something on disk that was not as it had been written. What could not be read lies beside it with the ending `.damaged`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Damage {
    #[error("the alarm list was damaged; open Afterglow so that it is armed anew")]
    List,
    #[error("the journal of reminders was damaged; {lines} of its lines could not be read")]
    Journal { lines: usize },
}

/// A file of the home cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be {action} ({source}); free space or give this account access", path.display())]
pub(crate) struct StoreError {
    path: PathBuf,
    action: &'static str,
    #[source]
    source: io::Error,
}

impl StoreError {
    fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::of(path, "read")
    }

    fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        Self::of(path, "written")
    }

    fn of(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self { path, action, source }
    }
}

impl Store {
    /// Reads what is there. Damage is no error: what is whole goes on, and [`Store::damage`] tells the rest.
    pub(crate) fn open(places: &Places) -> Result<Self, StoreError> {
        let list = list::read(&places.list)?;
        let (journal, mut damage) = Journal::open(&places.journal)?;
        let list_lost = matches!(list, list::Kept::Damaged);
        if list_lost {
            damage.push(Damage::List);
        }
        Ok(Self {
            list_path: places.list.clone(),
            list: match list {
                list::Kept::Whole(list) => Some(*list),
                list::Kept::Nothing | list::Kept::Damaged => None,
            },
            list_lost,
            journal,
            damage,
        })
    }

    /// The list that rings; none before the first was armed, or when it was damaged.
    pub(crate) fn list(&self) -> Option<&AlarmList> {
        self.list.as_ref()
    }

    /// Whether a list had been armed that can no longer be read.
    pub(crate) fn list_lost(&self) -> bool {
        self.list_lost
    }

    /// Keeps this list in place of the one before, durably.
    pub(crate) fn arm(&mut self, list: AlarmList) -> Result<(), StoreError> {
        list::write(&self.list_path, &list)?;
        self.list = Some(list);
        self.list_lost = false;
        Ok(())
    }

    /// Identifies the journal.
    pub(crate) fn journal_id(&self) -> &str {
        &self.journal.id
    }

    /// Every entry, oldest first.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.journal.entries
    }

    /// The entries that are on the disk: only these are handed over, since the others may be lost with this process.
    pub(crate) fn durable_entries(&self) -> &[Entry] {
        &self.journal.entries[..self.journal.durable]
    }

    /// Tries again to write what the disk did not take.
    pub(crate) fn flush(&mut self) -> Result<(), StoreError> {
        self.journal.flush()
    }

    /// Writes one entry down, durably. On an error it holds for this process all the same.
    pub(crate) fn note(
        &mut self,
        key: &str,
        due_at: DateTime<Utc>,
        event: Event,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.journal.append(key, due_at, event, now)
    }

    /// What was found damaged and not yet forgotten.
    pub(crate) fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// Once the app was told and has armed anew.
    pub(crate) fn forget_damage(&mut self) {
        self.damage.clear();
    }
}

/// Puts a damaged file aside for whoever wants to look at it.
fn set_aside(path: &Path) -> Result<(), StoreError> {
    std::fs::rename(path, path.with_added_extension("damaged")).map_err(StoreError::writing(path))
}

/// Writes a file whole or not at all: temporary file, fsync, rename, fsync of the folder.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let temporary = path.with_added_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&temporary, path)?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
