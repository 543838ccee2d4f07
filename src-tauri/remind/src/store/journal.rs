//! The journal's file: a first line that names it, then one line per entry, appended and synced.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use afterglow_reminders::journal::{Entry, Event};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Damage, StoreError, lines, replace, set_aside};

/// The journal, in memory and on disk.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    length: u64,
    /// Whether something behind that was written in part.
    is_torn: bool,
    /// Identifies it; another one counts from 1 again.
    pub(super) id: String,
    /// The highest number given so far.
    last: u64,
    /// Oldest first, those that are not on the disk yet too.
    pub(super) entries: Vec<Entry>,
    /// How many of them are on the disk.
    pub(super) durable: usize,
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    journal: String,
    version: u16,
    /// The highest number that was given when this file was begun.
    #[serde(default)]
    last: u64,
}

const VERSION: u16 = 1;

impl Journal {
    /// Reads the file, or begins one. A line that is not as it was written is damage, and so is a
    /// last one without its end: the file is put aside, and what is whole goes on in a new one,
    /// under the same name as long as the first line is whole.
    pub(super) fn open(path: &Path) -> Result<(Self, Option<Damage>), StoreError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(StoreError::reading(path)(error)),
        };
        let is_new = bytes.is_none();
        let found = bytes.as_deref().map(read).unwrap_or_default();
        if found.unreadable > 0 {
            set_aside(path)?;
        }
        let id = found.id.unwrap_or_else(|| Uuid::new_v4().to_string());
        let journal = if is_new || found.unreadable > 0 {
            Self::begin(path, id, found.last, found.entries)?
        } else {
            Self::at_end_of(path, id, found.last, found.entries)?
        };
        let damage = (found.unreadable > 0).then_some(Damage::Journal {
            lines: found.unreadable,
        });
        Ok((journal, damage))
    }

    /// Puts a new file with these entries in the place of the old one, as a whole or not at all.
    fn begin(path: &Path, id: String, last: u64, entries: Vec<Entry>) -> Result<Self, StoreError> {
        let head = Head {
            journal: id.clone(),
            version: VERSION,
            last,
        };
        let write = || {
            let mut bytes = lines::encode(&head)?;
            for entry in &entries {
                bytes.extend(lines::encode(entry)?);
            }
            replace(path, &bytes)
        };
        write().map_err(StoreError::writing(path))?;
        Self::at_end_of(path, id, last, entries)
    }

    fn at_end_of(path: &Path, id: String, last: u64, entries: Vec<Entry>) -> Result<Self, StoreError> {
        let file = OpenOptions::new()
            .append(true)
            .open(path)
            .map_err(StoreError::writing(path))?;
        let length = file.metadata().map_err(StoreError::reading(path))?.len();
        Ok(Self {
            path: path.to_owned(),
            file,
            length,
            is_torn: false,
            id,
            last,
            durable: entries.len(),
            entries,
        })
    }

    /// Begins another journal, empty and under another name.
    pub(super) fn forget(&mut self) -> Result<(), StoreError> {
        *self = Self::begin(&self.path, Uuid::new_v4().to_string(), 0, Vec::new())?;
        Ok(())
    }

    /// Drops the entries up to `seq` but for those that are still needed. Tells of damage where the
    /// reader knows of entries that are no longer here: a file that was cut between two lines looks whole.
    pub(super) fn shorten(
        &mut self,
        seq: u64,
        is_needed: impl Fn(&Entry) -> bool,
    ) -> Result<Option<Damage>, StoreError> {
        self.flush()?;
        let damage = seq.checked_sub(self.last).filter(|lines| *lines > 0);
        let damage = damage.map(|lines| Damage::Journal {
            lines: usize::try_from(lines).unwrap_or(usize::MAX),
        });
        let last = self.last.max(seq);
        let newest_shown = self
            .entries
            .iter()
            .rposition(|entry| matches!(entry.event, Event::Shown { .. }));
        let is_kept =
            |(at, entry): &(usize, &Entry)| entry.seq > seq || Some(*at) == newest_shown || is_needed(entry);
        let kept: Vec<_> = (self.entries.iter().enumerate())
            .filter(is_kept)
            .map(|(_, entry)| entry.clone())
            .collect();
        if kept.len() < self.entries.len() || damage.is_some() {
            *self = Self::begin(&self.path, self.id.clone(), last, kept)?;
        }
        Ok(damage)
    }

    /// Remembers one entry, and waits until everything remembered is on the disk. When the disk
    /// takes nothing the entry is not forgotten: it stays true for this process, and
    /// [`Journal::flush`] tries again.
    pub(super) fn append(
        &mut self,
        key: &str,
        due_at: DateTime<Utc>,
        event: Event,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.last += 1;
        self.entries.push(Entry {
            seq: self.last,
            at,
            key: key.to_owned(),
            due_at,
            event,
        });
        self.flush()
    }

    /// Writes what is not on the disk yet. What was written in part is taken back.
    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        while let Some(entry) = self.entries.get(self.durable) {
            // Nothing may be written behind a torn line: it would be unreadable too.
            if self.is_torn {
                cut(&self.path, self.length).map_err(StoreError::writing(&self.path))?;
                self.is_torn = false;
            }
            let written = lines::encode(entry).and_then(|line| {
                self.file.write_all(&line)?;
                self.file.sync_data()?;
                Ok(line.len())
            });
            match written {
                Ok(bytes) => {
                    self.length += bytes as u64;
                    self.durable += 1;
                }
                Err(error) => {
                    // Should this fail, it is tried before the next line, and the next start finds the torn one.
                    self.is_torn = cut(&self.path, self.length).is_err();
                    return Err(StoreError::writing(&self.path)(error));
                }
            }
        }
        Ok(())
    }
}

/// Takes back what was written in part: by a handle of its own, because Windows lets one that only appends cut nothing.
fn cut(path: &Path, length: u64) -> std::io::Result<()> {
    OpenOptions::new().write(true).open(path)?.set_len(length)
}

/// What a file held.
#[derive(Debug, Default)]
struct Found {
    id: Option<String>,
    last: u64,
    entries: Vec<Entry>,
    unreadable: usize,
}

fn read(bytes: &[u8]) -> Found {
    let mut found = Found::default();
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    match lines.next().and_then(whole::<Head>) {
        Some(head) if head.version == VERSION => {
            found.id = Some(head.journal);
            found.last = head.last;
        }
        _ => found.unreadable += 1,
    }
    let mut newest = 0;
    for line in lines {
        match whole::<Entry>(line).filter(|entry| entry.seq > newest) {
            Some(entry) => {
                newest = entry.seq;
                found.entries.push(entry);
            }
            None => found.unreadable += 1,
        }
    }
    // The reader may have had what cannot be read: its numbers are not given to others.
    found.last = found.last.max(newest) + found.unreadable as u64;
    found
}

/// The value of a line that has its end.
fn whole<T: serde::de::DeserializeOwned>(line: &[u8]) -> Option<T> {
    line.strip_suffix(b"\n").and_then(lines::decode)
}
