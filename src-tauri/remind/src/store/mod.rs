//! What is kept: the alarm list, the journal and a pause, each whole or said to be damaged.

mod journal;
mod lines;
mod list;
mod whole;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use afterglow_reminders::alarms::AlarmList;
use afterglow_reminders::journal::{Entry, Event};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::journal::Journal;
use crate::places::Places;

/// List and journal of one home.
#[derive(Debug)]
pub(crate) struct Store {
    places: Places,
    list: Option<AlarmList>,
    list_lost: bool,
    journal: Journal,
    damage: Vec<Damage>,
    /// Whether the damage is on the disk too.
    is_damage_kept: bool,
    paused_until: Option<DateTime<Utc>>,
}

/// Something on disk that was not as it had been written. What could not be read lies beside it with the ending `.damaged`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum Damage {
    #[error("the alarm list was damaged; open Afterglow so that it is armed anew")]
    List,
    #[error(
        "the journal of reminders was damaged; {lines} of its lines are lost, so what became of some \
         reminders is not known"
    )]
    Journal {
        lines: usize,
        /// A checksum of what was damaged: a crash before it was mended finds it again, and must not tell it twice.
        #[serde(default)]
        of: u32,
    },
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
    /// Reads what is there. Damage is no error: what is whole goes on, and [`Store::damage`] tells
    /// the rest, over every restart until it is forgotten.
    pub(crate) fn open(places: &Places) -> Result<Self, StoreError> {
        // What cannot be read here was itself only a note; what it told of is told again or gone.
        let mut damage: Vec<Damage> = whole::read(&places.damage)?.unwrap_or_default();
        let list = list::read(&places.list)?;
        let journal = journal::Kept::read(places)?;
        let list_damage = matches!(list, list::Kept::Damaged).then_some(Damage::List);
        let mut is_news = false;
        for (path, found) in [(&places.list, list_damage), (&places.journal, journal.damage())] {
            if let Some(found) = found {
                keep_aside(path)?;
                is_news |= !damage.contains(&found);
                damage.extend(Some(found).filter(|found| !damage.contains(found)));
            }
        }
        // Before anything is put in the damaged one's place: after a crash between the two nobody would know.
        if is_news {
            whole::write(&places.damage, &damage)?;
        }
        if list_damage.is_some() {
            whole::remove(&places.list)?;
        }
        let journal = Journal::go_on(places, journal)?;
        // Whoever starts a service wants reminders.
        whole::remove(&places.stopped)?;
        Ok(Self {
            list_lost: damage.contains(&Damage::List),
            list: match list {
                list::Kept::Whole(list) => Some(*list),
                list::Kept::Nothing | list::Kept::Damaged => None,
            },
            journal,
            damage,
            is_damage_kept: true,
            // A pause that cannot be read is none: better a reminder too many.
            paused_until: whole::read(&places.pause)?,
            places: places.clone(),
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
        list::write(&self.places.list, &list)?;
        self.list = Some(list);
        self.list_lost = false;
        Ok(())
    }

    /// Until when the patient wants nothing that can wait.
    pub(crate) fn paused_until(&self) -> Option<DateTime<Utc>> {
        self.paused_until
    }

    /// Keeps a pause, or its end, durably.
    pub(crate) fn pause(&mut self, until: Option<DateTime<Utc>>) -> Result<(), StoreError> {
        match until {
            Some(until) => whole::write(&self.places.pause, &until)?,
            None => whole::remove(&self.places.pause)?,
        }
        self.paused_until = until;
        Ok(())
    }

    /// Drops list, pause and journal, and what had been put aside of them. The next journal has another name.
    pub(crate) fn forget(&mut self) -> Result<(), StoreError> {
        let Places {
            list,
            journal,
            name,
            pause,
            damage,
            ..
        } = &self.places;
        whole::remove(list)?;
        self.list = None;
        self.list_lost = false;
        self.journal.forget()?;
        for path in [list, journal, name, pause, damage] {
            for ending in [DAMAGED, NEW] {
                whole::remove(&path.with_added_extension(ending))?;
            }
        }
        self.pause(None)?;
        self.forget_damage()
    }

    /// Drops the journal's entries up to `seq`, which the diary has, but for those that still decide
    /// what rings. Another journal's number means nothing here.
    pub(crate) fn drained(&mut self, journal: &str, seq: u64) -> Result<(), StoreError> {
        if journal != self.journal.id {
            return Ok(());
        }
        let alarms = self.list.iter().flat_map(|list| &list.alarms);
        let armed: HashSet<_> = alarms.map(|alarm| alarm.key.as_str()).collect();
        let found = self.journal.leave_out(seq);
        if let Some(found) = found.filter(|found| !self.damage.contains(found)) {
            self.damage.push(found);
            self.is_damage_kept = false;
        }
        if !self.is_damage_kept {
            whole::write(&self.places.damage, &self.damage)?;
            self.is_damage_kept = true;
        }
        let is_needed = |entry: &Entry| armed.contains(entry.key.as_str());
        self.journal.shorten(seq, is_needed)
    }

    /// Notes that the patient wants no reminders until a service is started on their word.
    pub(crate) fn stop(&self) -> Result<(), StoreError> {
        let stopped = &self.places.stopped;
        replace(stopped, b"").map_err(StoreError::writing(stopped))
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
        self.journal.append([(key, due_at, event)], now)
    }

    /// Writes down the same of several, durably and at once: after a crash it holds of all of them or of none. On an
    /// error it holds for this process all the same.
    pub(crate) fn note_of_each(
        &mut self,
        alarms: &[(String, DateTime<Utc>)],
        event: &Event,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let alarms = alarms.iter();
        let lines = alarms.map(|(key, due_at)| (key.as_str(), *due_at, event.clone()));
        self.journal.append(lines, now)
    }

    /// What was found damaged and not yet forgotten.
    pub(crate) fn damage(&self) -> &[Damage] {
        &self.damage
    }

    /// Once the app was told and has armed anew.
    pub(crate) fn forget_damage(&mut self) -> Result<(), StoreError> {
        whole::remove(&self.places.damage)?;
        self.damage.clear();
        self.is_damage_kept = true;
        Ok(())
    }
}

/// How the name of a damaged file that was put aside ends.
const DAMAGED: &str = "damaged";

/// How the name of a file ends that takes another's place when it is whole.
const NEW: &str = "new";

/// Gives a damaged file a second name, for whoever wants to look at it. It stays where it is until something takes its
/// place. A link needs no space on the disk; where there are none, it is copied.
fn keep_aside(path: &Path) -> Result<(), StoreError> {
    let aside = path.with_added_extension(DAMAGED);
    whole::remove(&aside)?;
    std::fs::hard_link(path, &aside)
        .or_else(|_| std::fs::copy(path, &aside).map(drop))
        .map_err(StoreError::writing(&aside))
}

/// Writes a file whole or not at all: temporary file, fsync, rename, fsync of the folder.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let temporary = path.with_added_extension(NEW);
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
