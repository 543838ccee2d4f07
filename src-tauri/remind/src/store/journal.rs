//! The journal's file: a first line that names it, then one line per entry, appended and synced.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use afterglow_reminders::journal::{Entry, Event};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Damage, StoreError, lines, replace, whole};
use crate::places::Places;

/// The journal, in memory and on disk.
#[derive(Debug)]
pub(super) struct Journal {
    places: Places,
    file: File,
    length: u64,
    /// Whether something behind that was written in part.
    is_torn: bool,
    /// Whether another file may lie in the place of the open one.
    is_astray: bool,
    /// Whether numbers were left out that the first line does not know of.
    leaves_out: bool,
    /// Identifies it; another one counts from 1 again.
    pub(super) id: String,
    /// The highest number given so far.
    last: u64,
    /// Oldest first, those that are not on the disk yet too.
    pub(super) entries: Vec<Entry>,
    /// How many of them are on the disk.
    pub(super) durable: usize,
}

/// The first line, which stands in a second file too: without its name the same entries would be another journal's, and
/// whoever has them already would take them a second time.
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

impl Head {
    fn of(id: &str, last: u64) -> Self {
        Self {
            journal: id.to_owned(),
            version: VERSION,
            last,
        }
    }
}

/// More than a journal has lines before it is drained. Where the name is known from the second file alone, so many numbers
/// are left out: what was given since that was written is not known.
const LEFT_OUT: u64 = 1_000_000;

/// What lies in the journal's place.
#[derive(Debug)]
pub(super) struct Kept {
    found: Found,
    is_new: bool,
    checksum: u32,
    /// What the second file says.
    named: Option<Head>,
}

impl Kept {
    /// Reads both files and changes nothing. A line that is not as it was written is damage, and so is a last one without
    /// its end.
    pub(super) fn read(places: &Places) -> Result<Self, StoreError> {
        let path = &places.journal;
        let bytes = match std::fs::read(path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(StoreError::reading(path)(error)),
        };
        Ok(Self {
            found: bytes.as_deref().map(read).unwrap_or_default(),
            is_new: bytes.is_none(),
            checksum: crc32fast::hash(bytes.as_deref().unwrap_or_default()),
            named: whole::read(&places.name)?.filter(|head: &Head| head.version == VERSION),
        })
    }

    /// What cannot be read of it.
    pub(super) fn damage(&self) -> Option<Damage> {
        let lines = self.found.unreadable;
        (lines > 0).then_some(Damage::Journal {
            lines,
            of: self.checksum,
        })
    }
}

impl Journal {
    /// Goes on with what is whole. What is damaged makes place for a new file, under the same name.
    pub(super) fn go_on(places: &Places, kept: Kept) -> Result<Self, StoreError> {
        let Kept {
            found, is_new, named, ..
        } = kept;
        let is_named = found.id.is_some() && found.id.as_ref() == named.as_ref().map(|head| &head.journal);
        let (id, last) = match (found.id, named) {
            (Some(id), _) => (id, found.last),
            (None, Some(head)) if !is_new => (head.journal, found.last.max(head.last) + LEFT_OUT),
            _ => (Uuid::new_v4().to_string(), found.last),
        };
        if is_new || found.unreadable > 0 {
            return Self::begin(places, id, last, found.entries);
        }
        if !is_named {
            whole::write(&places.name, &Head::of(&id, last))?;
        }
        Self::at_end_of(places, id, last, found.entries)
    }

    /// Puts a new file with these entries in the place of the old one, as a whole or not at all.
    fn begin(places: &Places, id: String, last: u64, entries: Vec<Entry>) -> Result<Self, StoreError> {
        let path = &places.journal;
        let head = Head::of(&id, last);
        let write = || {
            let mut bytes = lines::encode(&head)?;
            for entry in &entries {
                bytes.extend(lines::encode(entry)?);
            }
            replace(path, &bytes)
        };
        write().map_err(StoreError::writing(path))?;
        whole::write(&places.name, &head)?;
        Self::at_end_of(places, id, last, entries)
    }

    fn at_end_of(places: &Places, id: String, last: u64, entries: Vec<Entry>) -> Result<Self, StoreError> {
        let path = &places.journal;
        let file = OpenOptions::new()
            .append(true)
            .open(path)
            .map_err(StoreError::writing(path))?;
        let length = file.metadata().map_err(StoreError::reading(path))?.len();
        Ok(Self {
            places: places.clone(),
            file,
            length,
            is_torn: false,
            is_astray: false,
            leaves_out: false,
            id,
            last,
            durable: entries.len(),
            entries,
        })
    }

    /// Begins another journal, empty and under another name.
    pub(super) fn forget(&mut self) -> Result<(), StoreError> {
        self.begin_anew(Uuid::new_v4().to_string(), 0, Vec::new())
    }

    /// Gives no number up to `seq`, which a reader has: a file that was cut between two lines looks whole. What is missing
    /// then.
    pub(super) fn leave_out(&mut self, seq: u64) -> Option<Damage> {
        let lines = seq.checked_sub(self.last).filter(|lines| *lines > 0)?;
        let of = crc32fast::hash(format!("{} {} {seq}", self.id, self.last).as_bytes());
        self.last = seq;
        self.leaves_out = true;
        Some(Damage::Journal {
            lines: usize::try_from(lines).unwrap_or(usize::MAX),
            of,
        })
    }

    /// Drops the entries up to `seq` but for those that are still needed.
    pub(super) fn shorten(&mut self, seq: u64, is_needed: impl Fn(&Entry) -> bool) -> Result<(), StoreError> {
        self.flush()?;
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
        if kept.len() == self.entries.len() && !self.leaves_out {
            return Ok(());
        }
        self.begin_anew(self.id.clone(), self.last, kept)
    }

    /// As long as that fails this goes on as it was, in whichever file lies there then.
    fn begin_anew(&mut self, id: String, last: u64, entries: Vec<Entry>) -> Result<(), StoreError> {
        match Self::begin(&self.places, id, last, entries) {
            Ok(begun) => {
                *self = begun;
                Ok(())
            }
            Err(error) => {
                self.is_astray = true;
                Err(error)
            }
        }
    }

    /// Remembers entries, and waits until everything remembered is on the disk: what belongs together is written at
    /// once. When the disk takes nothing the entries are not forgotten: they stay true for this process, and
    /// [`Journal::flush`] tries again.
    pub(super) fn append<'k>(
        &mut self,
        lines: impl IntoIterator<Item = (&'k str, DateTime<Utc>, Event)>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        for (key, due_at, event) in lines {
            self.last += 1;
            self.entries.push(Entry {
                seq: self.last,
                at,
                key: key.to_owned(),
                due_at,
                event,
            });
        }
        self.flush()
    }

    /// Writes what is not on the disk yet, at once. What was written in part is taken back.
    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        let path = &self.places.journal;
        let waiting = &self.entries[self.durable..];
        if waiting.is_empty() {
            return Ok(());
        }
        if self.is_astray {
            self.file = OpenOptions::new()
                .append(true)
                .open(path)
                .map_err(StoreError::writing(path))?;
            self.length = self.file.metadata().map_err(StoreError::reading(path))?.len();
            (self.is_astray, self.is_torn) = (false, false);
        }
        // Nothing may be written behind a torn line: it would be unreadable too.
        if self.is_torn {
            cut(path, self.length).map_err(StoreError::writing(path))?;
            self.is_torn = false;
        }
        let lines: Result<Vec<_>, _> = waiting.iter().map(lines::encode).collect();
        let written = lines.map(|lines| lines.concat()).and_then(|lines| {
            self.file.write_all(&lines)?;
            self.file.sync_data()?;
            Ok(lines.len())
        });
        match written {
            Ok(bytes) => {
                self.length += bytes as u64;
                self.durable = self.entries.len();
                Ok(())
            }
            Err(error) => {
                // Should this fail, it is tried before the next line, and the next start finds the torn one.
                self.is_torn = cut(path, self.length).is_err();
                Err(StoreError::writing(path)(error))
            }
        }
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
