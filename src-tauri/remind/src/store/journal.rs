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
    /// Identifies it; another one counts from 1 again.
    pub(super) id: String,
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
}

const VERSION: u16 = 1;

impl Journal {
    /// Reads the file, or begins one. A last line without its end is what a crash leaves of an
    /// entry that nobody had been told of yet: it is cut off. Any other line that is not as it was
    /// written is damage: the file is put aside, and what is whole goes on in a new one, under the
    /// same name as long as the first line is whole.
    pub(super) fn open(path: &Path) -> Result<(Self, Vec<Damage>), StoreError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(StoreError::reading(path)(error)),
        };
        let is_new = bytes.is_none();
        let bytes = bytes.unwrap_or_default();
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let mut kept = bytes[..whole]
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        let head = kept
            .next()
            .and_then(lines::decode::<Head>)
            .filter(|head| head.version == VERSION);
        let mut entries: Vec<Entry> = Vec::new();
        let mut unreadable = usize::from(head.is_none() && !is_new);
        for line in kept {
            let last = entries.last().map_or(0, |entry: &Entry| entry.seq);
            match lines::decode::<Entry>(line).filter(|entry| entry.seq > last) {
                Some(entry) => entries.push(entry),
                None => unreadable += 1,
            }
        }
        if unreadable > 0 {
            set_aside(path)?;
        }
        let id = head.map_or_else(|| Uuid::new_v4().to_string(), |head| head.journal);
        if unreadable > 0 || is_new || whole < bytes.len() {
            rewrite(path, &id, &entries)?;
        }
        let file = OpenOptions::new()
            .append(true)
            .open(path)
            .map_err(StoreError::writing(path))?;
        let length = file.metadata().map_err(StoreError::reading(path))?.len();
        let journal = Self {
            path: path.to_owned(),
            file,
            length,
            id,
            durable: entries.len(),
            entries,
        };
        let damage = (unreadable > 0).then_some(Damage::Journal { lines: unreadable });
        Ok((journal, damage.into_iter().collect()))
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
        self.entries.push(Entry {
            seq: self.entries.last().map_or(1, |entry| entry.seq + 1),
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
                    // Should this fail too, the next start finds the torn line and cuts it off.
                    let _ = self.file.set_len(self.length);
                    return Err(StoreError::writing(&self.path)(error));
                }
            }
        }
        Ok(())
    }
}

fn rewrite(path: &Path, id: &str, entries: &[Entry]) -> Result<(), StoreError> {
    let head = Head {
        journal: id.to_owned(),
        version: VERSION,
    };
    let write = || {
        let mut bytes = lines::encode(&head)?;
        for entry in entries {
            bytes.extend(lines::encode(entry)?);
        }
        replace(path, &bytes)
    };
    write().map_err(StoreError::writing(path))
}
