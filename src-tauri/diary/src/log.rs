//! The write-ahead log beside the diary's file: whether something in it was damaged.
//!
//! SQLite reads the log as far as its checksums hold and takes what follows for the remains of a write that was cut
//! off. After a killed process or a power cut that is right: nothing that was acknowledged follows. After damage it
//! is wrong, and the newest entries would be gone without a word. Two things tell, neither of which needs the key:
//!
//! - a transaction that was cut off is the last one. Behind its end, nothing of this round of the log (its *salts*)
//!   follows; behind one that was damaged later, something may;
//! - the index beside the log (`-shm`), where it still is, says how many frames were acknowledged: it is written when
//!   they are on the disk.
//!
//! The formats: <https://www.sqlite.org/fileformat2.html#walformat>, <https://www.sqlite.org/walformat.html>.

use std::io::{BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const INDEX_HEADER: usize = 48;

/// The log's first word; the last bit is set where its checksums are of big-endian words.
const MAGIC: u32 = 0x377f_0682;

/// The index's version that this code reads.
const INDEX_VERSION: u32 = 3_007_000;

/// The largest page that SQLite knows.
const LARGEST_PAGE: usize = 65_536;

/// Whether entries that had been kept are missing from the log of the diary's file at `path`. False without a log.
///
/// To be asked before the file is opened: SQLite then writes index and log anew. Reads the whole log, some megabytes.
pub(crate) fn is_damaged(path: &Path) -> std::io::Result<bool> {
    // Before the log, which may grow meanwhile.
    let index = match opened(&path.with_extension("db-shm"))? {
        Some(file) => Index::read(file)?,
        None => None,
    };
    let log = match opened(&log_of(path))? {
        Some(file) => read(BufReader::with_capacity(1 << 16, file))?,
        None => Log::default(),
    };
    Ok(log.broken || index.is_some_and(|index| index.knows_more_than(&log)))
}

/// Whether there is a log with something in it.
pub(crate) fn is_there(path: &Path) -> bool {
    std::fs::metadata(log_of(path)).is_ok_and(|log| log.len() > 0)
}

/// Copies a damaged log to `folder`, by a name that tells it from other logs; none when there is nothing to copy.
pub(crate) fn keep(path: &Path, folder: &Path) -> std::io::Result<Option<PathBuf>> {
    let bytes = match opened(&log_of(path))? {
        Some(mut file) => {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            bytes
        }
        None => return Ok(None),
    };
    if bytes.is_empty() {
        return Ok(None);
    }
    let sum = Sha256::digest(&bytes);
    let name = u64::from_be_bytes(sum.first_chunk().copied().unwrap_or_default());
    let kept = folder.join(format!("damaged-{name:016x}.db-wal"));
    let draft = kept.with_added_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&draft)?;
    std::io::Write::write_all(&mut out, &bytes)?;
    out.sync_all()?;
    std::fs::rename(&draft, &kept)?;
    Ok(Some(kept))
}

fn log_of(path: &Path) -> PathBuf {
    path.with_extension("db-wal")
}

fn opened(path: &Path) -> std::io::Result<Option<std::fs::File>> {
    match std::fs::File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a log holds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Log {
    /// The round that it was written in; none without a header that holds.
    salts: Option<[u32; 2]>,
    /// The frames whose checksums hold, from the first on.
    frames: u32,
    /// A frame that was acknowledged, or the header, does not hold.
    broken: bool,
}

fn read(mut file: impl Read) -> std::io::Result<Log> {
    let mut header = [0; LOG_HEADER];
    let got = fill(&mut file, &mut header)?;
    if got < LOG_HEADER {
        // A log's header is its first write: less of it was never followed by a frame.
        return Ok(Log::default());
    }
    let big_endian = match word(&header, 0) ^ MAGIC {
        0 => false,
        1 => true,
        _ => return Ok(BROKEN),
    };
    let page = word(&header, 8) as usize;
    let mut sum = checksum([0, 0], &header[..24], big_endian);
    let salts = [word(&header, 16), word(&header, 20)];
    if sum != [word(&header, 24), word(&header, 28)] || !(512..=LARGEST_PAGE).contains(&page) {
        return Ok(BROKEN);
    }
    let mut log = Log {
        salts: Some(salts),
        ..Log::default()
    };
    let mut frame = vec![0; FRAME_HEADER + page];
    let mut holds = true;
    // Whether a transaction of this round ends at or behind the first frame that does not hold.
    let mut ended = false;
    while fill(&mut file, &mut frame)? == frame.len() {
        let (head, contents) = frame.split_at(FRAME_HEADER);
        let of_this_round = [word(head, 8), word(head, 12)] == salts;
        if holds {
            let next = checksum(checksum(sum, &head[..8], big_endian), contents, big_endian);
            holds = of_this_round && next == [word(head, 16), word(head, 20)];
            sum = next;
            log.frames += u32::from(holds);
        }
        if !holds && of_this_round {
            // Whatever follows the end of a transaction was written when that was on the disk.
            log.broken |= ended;
            ended |= word(head, 4) != 0;
        }
    }
    Ok(log)
}

const BROKEN: Log = Log {
    salts: None,
    frames: 0,
    broken: true,
};

/// The head of the log's index.
#[derive(Debug, PartialEq, Eq)]
struct Index {
    frames: u32,
    salts: [u32; 2],
}

impl Index {
    /// None when the index is not whole: it is then made anew from the log.
    fn read(mut file: impl Read) -> std::io::Result<Option<Self>> {
        let mut heads = [0; 2 * INDEX_HEADER];
        if fill(&mut file, &mut heads)? < heads.len() {
            return Ok(None);
        }
        let (first, second) = heads.split_at(INDEX_HEADER);
        // The index never leaves its machine: its words are in the machine's order, the salts as in the log.
        let own = |at: usize| u32::from_ne_bytes([first[at], first[at + 1], first[at + 2], first[at + 3]]);
        let sum = checksum([0, 0], &first[..40], cfg!(target_endian = "big"));
        if first != second || own(0) != INDEX_VERSION || first[12] != 1 || sum != [own(40), own(44)] {
            return Ok(None);
        }
        Ok(Some(Self {
            frames: own(16),
            salts: [word(first, 32), word(first, 36)],
        }))
    }

    /// Whether frames are gone that this index lists. One of another round than the log's says nothing: it is older.
    fn knows_more_than(&self, log: &Log) -> bool {
        log.salts.is_none_or(|salts| salts == self.salts) && self.frames > log.frames
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// SQLite's running checksum over pairs of words.
fn checksum(start: [u32; 2], bytes: &[u8], big_endian: bool) -> [u32; 2] {
    let [mut first, mut second] = start;
    for pair in bytes.chunks_exact(8) {
        let [a, b] = [
            [pair[0], pair[1], pair[2], pair[3]],
            [pair[4], pair[5], pair[6], pair[7]],
        ]
        .map(if big_endian {
            u32::from_be_bytes
        } else {
            u32::from_le_bytes
        });
        first = first.wrapping_add(a).wrapping_add(second);
        second = second.wrapping_add(b).wrapping_add(first);
    }
    [first, second]
}

/// Reads until the buffer is full or the file ends; how many bytes there were.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match file.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}
