//! Files damaged by chance: a bit flipped, an end cut off, a block of zeros, the whole file gone. Each damage is noticed, or what is
//! read equals what was written.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use afterglow_diary::backup::restore_backup;
use afterglow_diary::{Credential, Diary, NewKey, OpenError, OpenNote};
use tempfile::TempDir;

use crate::entries::{Contents, Entry, ground};
use crate::seed::Seed;
use crate::{Outcome, Scale, block_on, copied, open, open_with_notes, parallel};

/// The run whose entries the damaged diary holds.
const RUN: u64 = 11;

/// Which files are damaged, and how many in a hundred.
const TARGETS: [(&str, u64); 4] = [
    ("diary.db", 50),
    ("diary.db-wal", 20),
    ("diary.key", 15),
    ("diary.key.copy", 15),
];

static PANICS: AtomicUsize = AtomicUsize::new(0);

pub(crate) fn run(scale: Scale) -> Outcome {
    let damages = scale.pick(1_000, 10_000);
    let (template, written) = block_on(template());
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {
        PANICS.fetch_add(1, Ordering::Relaxed);
    }));
    let found = parallel(&(0..damages).collect::<Vec<_>>(), |number| {
        let damage = Damage::nth(*number, template.path());
        let judged = std::panic::catch_unwind(AssertUnwindSafe(|| damage.judge(template.path(), &written)));
        let judged = judged.unwrap_or_else(|_| Err("panicked".to_owned()));
        (damage, judged)
    });
    std::panic::set_hook(hook);

    let mut outcome = Outcome::default();
    let mut counts: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for (damage, judged) in found {
        let column = match judged {
            Ok(Judged::Restored { as_found: true }) => 3,
            Ok(Judged::Restored { as_found: false }) => {
                let fault = format!("{damage:?}: the damaged file was kept, but not as it was found");
                outcome.faults.push(fault);
                2
            }
            Ok(Judged::RestoredOpen) => 4,
            Ok(Judged::Noticed) => 0,
            Ok(Judged::Harmless) => 1,
            Err(fault) => {
                outcome.faults.push(format!("{damage:?}: {fault}"));
                2
            }
        };
        counts.entry(damage.file).or_default()[column] += 1;
    }
    for (file, [noticed, harmless, wrong, restored, restored_open]) in counts {
        outcome.say(format!(
            "{file}: {} noticed ({restored} did not open: restored from a backup, the damaged file kept byte for \
             byte; {restored_open} opened and could not be read in part: restored from within), {harmless} harmless, \
             {wrong} neither",
            noticed + restored + restored_open
        ));
    }
    match PANICS.load(Ordering::Relaxed) {
        0 => {}
        panics => outcome.faults.push(format!("{panics} panics")),
    }
    outcome
}

/// A diary that was not closed, so that its newest entries are in the write-ahead log alone.
async fn template() -> (TempDir, [Contents; 2]) {
    let folder = tempfile::tempdir().expect("a folder");
    let diary = open(folder.path()).await.expect("a new diary");
    for entry in ground(RUN) {
        entry.write(&diary).await.expect("an entry");
    }
    for index in 0..60 {
        Entry::nth(RUN, index).write(&diary).await.expect("an entry");
    }
    let backed_up = Contents::read(&diary).await.expect("its contents");
    diary.back_up(DAY.date_naive()).await.expect("a backup");
    diary.close().await;
    let diary = open(folder.path()).await.expect("the diary");
    for index in 60..70 {
        Entry::nth(RUN, index).write(&diary).await.expect("an entry");
    }
    let copy = copied(folder.path());
    let written = Contents::read(&diary).await.expect("its contents");
    (copy, [backed_up, written])
}

/// The day of the backup, and of its restore.
const DAY: chrono::DateTime<chrono::Utc> = chrono::DateTime::UNIX_EPOCH;

/// A diary that says to be damaged or gone is restored from its backup, and the damaged file is kept; `found` is what
/// it was when the diary was opened.
async fn restored(folder: &Path, found: Option<&Vec<u8>>, backed_up: &Contents) -> Result<Judged, String> {
    let with = Credential::Unattended(NewKey::KeyFile);
    let name = format!("diary-{}.db", DAY.date_naive());
    let repaired = restore_backup(folder, with, &name, DAY)
        .await
        .map_err(|error| format!("cannot be restored: {error}"))?;
    let kept = repaired
        .set_aside
        .map(|kept| std::fs::read(Diary::backups(folder).join(kept)))
        .transpose()
        .map_err(|error| format!("the damaged file was not kept: {error}"))?;
    let read = Contents::read(&repaired.opened.diary).await;
    repaired.opened.diary.close().await;
    if kept.is_some() != found.is_some() {
        return Err("the damaged file was not kept".to_owned());
    }
    let as_found = kept.as_ref() == found;
    match read {
        Ok(read) if read == *backed_up => Ok(Judged::Restored { as_found }),
        Ok(read) => Err(format!("restored {}", read.difference(backed_up))),
        Err(error) => Err(format!("restored, but cannot be read: {error}")),
    }
}

#[derive(Debug)]
enum Kind {
    Flip { byte: u64, bit: u8 },
    CutTo(u64),
    Gone,
    Zeros { from: u64, length: u64 },
}

#[derive(Debug)]
struct Damage {
    file: &'static str,
    kind: Kind,
}

enum Judged {
    /// Did not open; the backup was restored.
    Restored {
        /// The damaged file was kept byte for byte.
        as_found: bool,
    },
    /// Opened, could not be read, and the backup was restored from within.
    RestoredOpen,
    /// Did not open, or not in part, and said so.
    Noticed,
    Harmless,
}

impl Damage {
    fn nth(number: u64, template: &Path) -> Self {
        let mut seed = Seed::of(RUN, number);
        let mut chosen = seed.below(100);
        let mut file = TARGETS[0].0;
        for (name, share) in TARGETS {
            if chosen < share {
                file = name;
                break;
            }
            chosen -= share;
        }
        let size = std::fs::metadata(template.join(file)).map_or(0, |file| file.len());
        let at = seed.below(size.max(1));
        let kind = match seed.below(4) {
            0 | 1 => Kind::Flip {
                byte: at,
                bit: u8::try_from(seed.below(8)).unwrap_or(0),
            },
            // Once in a while nothing is left.
            2 => match seed.below(20) {
                0 => Kind::CutTo(0),
                1 => Kind::Gone,
                _ => Kind::CutTo(at),
            },
            _ => {
                let length = seed.one_of(&[16, 512, 4_096, 16_384]);
                // Disks lose whole sectors.
                Kind::Zeros {
                    from: at - at % length,
                    length,
                }
            }
        };
        Self { file, kind }
    }

    /// False when that changes nothing.
    fn make(&self, folder: &Path) -> bool {
        let path = folder.join(self.file);
        let Ok(before) = std::fs::read(&path) else {
            return false;
        };
        let mut bytes = before.clone();
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(before.len());
        match self.kind {
            Kind::Flip { byte, bit } => {
                if let Some(byte) = bytes.get_mut(index(byte)) {
                    *byte ^= 1 << bit;
                }
            }
            Kind::CutTo(length) => bytes.truncate(index(length)),
            Kind::Gone => {
                std::fs::remove_file(path).expect("a file");
                return true;
            }
            Kind::Zeros { from, length } => bytes[index(from)..index(from + length)].fill(0),
        }
        let changed = bytes != before;
        std::fs::write(path, bytes).expect("a damaged file");
        changed
    }

    fn judge(&self, template: &Path, [backed_up, written]: &[Contents; 2]) -> Result<Judged, String> {
        let folder = copied(template);
        if !self.make(folder.path()) {
            return Ok(Judged::Harmless);
        }
        let found = std::fs::read(Diary::path(folder.path())).ok();
        block_on(async {
            let opened = match open_with_notes(folder.path()).await {
                Ok(opened) => opened,
                Err(OpenError::Damaged(_) | OpenError::Missing { .. }) => {
                    return restored(folder.path(), found.as_ref(), backed_up).await;
                }
                Err(_) => return Ok(Judged::Noticed),
            };
            let told = opened
                .notes
                .iter()
                .any(|note| matches!(note, OpenNote::NewestMissing { .. }));
            let diary = opened.diary;
            let read = Contents::read(&diary).await;
            if read.is_err() {
                return restored_open(diary, backed_up).await;
            }
            diary.close().await;
            match read {
                Ok(read) if read == *written => Ok(Judged::Harmless),
                Ok(read) if !told => Err(read.difference(written)),
                _ => Ok(Judged::Noticed),
            }
        })
    }
}

/// A diary that opens and cannot be read in part is restored without closing the app.
async fn restored_open(diary: Diary, backed_up: &Contents) -> Result<Judged, String> {
    let name = format!("diary-{}.db", DAY.date_naive());
    let copy = diary.inspect_backup(&name).await;
    let copy = copy.map_err(|error| format!("its backup cannot be read: {error}"))?;
    let restored = diary
        .restore(copy, DAY)
        .await
        .map_err(|error| format!("open, and cannot be restored: {error}"))?;
    let read = Contents::read(&restored.diary).await;
    restored.diary.close().await;
    match read {
        Ok(read) if read == *backed_up => Ok(Judged::RestoredOpen),
        Ok(read) => Err(format!("restored {}", read.difference(backed_up))),
        Err(error) => Err(format!("restored, but cannot be read: {error}")),
    }
}
