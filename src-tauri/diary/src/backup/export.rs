//! The one file that the patient carries: an `age` file that a passphrase opens.
//!
//! Its plaintext, which exists in memory only, is two lines and a database:
//!
//! ```text
//! afterglow diary 1
//! {"app":"0.1.0","made_at":…,"contents":{…},"length":…,"sha256":"…","key":"…"}
//! an SQLCipher database of that length, under that key
//! ```
//!
//! The database is under a key of its own, so that this device's key never leaves it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::Connection as _;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::{Zeroize, Zeroizing};

use super::automatic;
use super::contents::{self, Contents};
use super::files::{self, Draft};
use super::import::{self, ImportError};
use super::{BackupError, beside};
use crate::Diary;

/// The least characters that a passphrase has.
pub const LEAST_PASSPHRASE: usize = 8;

/// The first line: what this is, and the version of what follows.
pub(super) const FIRST_LINE: &str = "afterglow diary ";
/// The version of the export's form that this code writes and reads.
pub(super) const FORMAT: u16 = 1;
/// scrypt with N = 2^17 takes 128 MB and about half a second, which a phone has too. Fixed, and not measured on
/// the machine that exports, since another one has to open it.
const WORK: u8 = if cfg!(test) { 2 } else { 17 };

/// Why there is no export. What stood at its place before still does.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The passphrase is too short.
    #[error("a passphrase has at least {LEAST_PASSPHRASE} characters: choose a longer one")]
    ShortPassphrase,
    /// The copy could not be made.
    #[error(transparent)]
    Copy(#[from] BackupError),
    /// What was written does not read as it should; it was removed.
    #[error(
        "the export was written but cannot be read back ({0}): try again, or choose another place for it"
    )]
    NotReadable(#[source] ImportError),
}

/// The second line of an export.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) app: String,
    pub(super) made_at: DateTime<Utc>,
    pub(super) contents: Contents,
    pub(super) length: u64,
    pub(super) sha256: String,
    pub(super) key: String,
}

impl Drop for Header {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl Diary {
    /// Writes everything into one file that `passphrase` opens, checks it by opening it, and tells what it holds.
    /// Replaces a file of that name, but only when the new one is whole. `now` is when it was made.
    pub async fn export(
        &self,
        file: &Path,
        passphrase: &str,
        now: DateTime<Utc>,
    ) -> Result<Contents, ExportError> {
        if passphrase.chars().count() < LEAST_PASSPHRASE {
            return Err(ExportError::ShortPassphrase);
        }
        let passphrase = secret(passphrase);
        let key = super::new_key()?;
        let (copy, contents) = self.copy_under(&key).await?;
        let header = beside({
            let path = copy.path().to_owned();
            let contents = contents.clone();
            move || header(&path, contents, &key, now)
        })
        .await?;
        let draft = Unfinished(beside_of(file));
        let written = beside({
            let copy = copy.path().to_owned();
            let draft = draft.0.clone();
            let passphrase = passphrase.clone();
            move || {
                write(&copy, &header, &draft, passphrase).map_err(BackupError::io(&draft))?;
                Ok(header)
            }
        })
        .await?;
        let path = draft.0.clone();
        beside(move || Ok(import::read_back(&path, passphrase, &written)))
            .await?
            .map_err(ExportError::NotReadable)?;
        let target = file.to_owned();
        beside(move || files::move_durably(&draft.0, &target)).await?;
        Ok(contents)
    }

    /// A checked copy under another key.
    async fn copy_under(&self, key: &Zeroizing<String>) -> Result<(Draft, Contents), BackupError> {
        let own = self.key_hex();
        let mut connection = self.pool().acquire().await?;
        let (copy, held) = automatic::copy(&self.places(), &mut connection, &own).await?;
        drop(connection);
        change_key(copy.path(), &own, key).await?;
        contents::check_equal(copy.path(), key, &held).await?;
        Ok((copy, held))
    }
}

/// One passphrase is one passphrase, whichever keyboard composed its accents.
pub(super) fn secret(passphrase: &str) -> SecretString {
    SecretString::from(passphrase.nfc().collect::<String>())
}

/// Encrypts a draft anew under another key; on the disk on return.
pub(super) async fn change_key(draft: &Path, from: &str, to: &str) -> Result<(), BackupError> {
    contents::connect(draft, from, Some(to), false)
        .await?
        .close()
        .await?;
    let path = draft.to_owned();
    beside(move || files::sync(&path)).await
}

fn header(copy: &Path, contents: Contents, key: &str, now: DateTime<Utc>) -> Result<Header, BackupError> {
    let hashed = || -> io::Result<(u64, String)> {
        let mut hash = Hash::new(io::sink());
        let length = io::copy(&mut File::open(copy)?, &mut hash)?;
        Ok((length, hash.finish()))
    };
    let (length, sha256) = hashed().map_err(BackupError::io(copy))?;
    Ok(Header {
        app: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        contents,
        length,
        sha256,
        key: key.to_owned(),
    })
}

fn write(copy: &Path, header: &Header, draft: &Path, passphrase: SecretString) -> io::Result<()> {
    files::allowed(draft)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(draft)?;
    let mut recipient = age::scrypt::Recipient::new(passphrase);
    recipient.set_work_factor(WORK);
    let envelope = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        .map_err(io::Error::other)?;
    let mut out = envelope.wrap_output(BufWriter::new(file))?;
    let line = Zeroizing::new(serde_json::to_string(header)?);
    out.write_all(format!("{FIRST_LINE}{FORMAT}\n").as_bytes())?;
    out.write_all(line.as_bytes())?;
    out.write_all(b"\n")?;
    io::copy(&mut BufReader::new(File::open(copy)?), &mut out)?;
    let mut written = out.finish()?;
    written.flush()?;
    written.get_ref().sync_all()
}

/// An export that is being written, in the folder where it will stand. Whoever is stopped here leaves an
/// encrypted file that the next export of that name takes over.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = files::remove(&self.0);
    }
}

fn beside_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// Passes bytes on and remembers their SHA-256.
pub(super) struct Hash<W> {
    hash: Sha256,
    out: W,
}

impl<W: Write> Hash<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            hash: Sha256::new(),
            out,
        }
    }

    /// The hash in hex digits.
    pub(super) fn finish(self) -> String {
        use std::fmt::Write as _;
        self.hash.finalize().iter().fold(String::new(), |mut hex, byte| {
            // Writing into a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

impl<W: Write> Write for Hash<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads one line of at most `most` bytes; none when there is no such line.
pub(super) fn line(from: &mut impl BufRead, most: u64) -> io::Result<Option<Zeroizing<String>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    from.take(most).read_until(b'\n', &mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Ok(None);
    }
    Ok(std::str::from_utf8(&bytes)
        .ok()
        .map(|text| Zeroizing::new(text.to_owned())))
}
