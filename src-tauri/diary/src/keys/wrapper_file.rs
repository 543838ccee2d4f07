//! `diary.key`: the list of ways to the key, twice on the disk and with a checksum in each.
//!
//! The checksum stands last and covers every byte before it, whatever version wrote them, so that
//! damage and a newer version are told apart. It finds damage, not malice: whoever can write here
//! can remove wrappers, but not read the key.

use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::seal::{Cost, Sealed};
use super::{DataKey, KeyError, Protection, copy_path, path};

/// The version of `diary.key` that this code writes. It reads 1 as well.
const VERSION: u64 = 2;

/// More than any list of wrappers needs.
const MOST_BYTES: u64 = 64 * 1024;

/// What stands before the checksum, and what after it.
const BEFORE_CHECKSUM: &str = "\"checksum\": \"";
const AFTER_CHECKSUM: &str = "\"\n}\n";

/// The ways to the key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Wrappers {
    /// The key's check value; version 1 had none.
    pub(super) check: Option<Hex>,
    pub(super) keyring: Option<String>,
    pub(super) key_file: Option<Hex>,
    pub(super) passphrase: Option<(Cost, Sealed)>,
    pub(super) recovery_code: Option<Sealed>,
    /// Keyring entries that nobody names any more, still to be deleted.
    pub(super) leftover: Vec<String>,
}

impl std::fmt::Debug for Wrappers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.protection().fmt(formatter)
    }
}

impl Wrappers {
    pub(super) fn new(key: &DataKey) -> Self {
        Self {
            check: Some(Hex::from(key.check_value().to_vec())),
            keyring: None,
            key_file: None,
            passphrase: None,
            recovery_code: None,
            leftover: Vec::new(),
        }
    }

    pub(crate) fn protection(&self) -> Protection {
        Protection {
            keyring: self.keyring.is_some(),
            key_file: self.key_file.is_some(),
            passphrase: self.passphrase.is_some(),
            recovery_code: self.recovery_code.is_some(),
        }
    }

    /// Whether a key is the one that these wrappers lead to; true where none says.
    /// The keyring's entries that are this diary's.
    pub(super) fn entries(&self) -> impl Iterator<Item = &str> {
        self.keyring.iter().chain(&self.leftover).map(String::as_str)
    }

    pub(super) fn fits(&self, key: &DataKey) -> bool {
        self.check
            .as_ref()
            .is_none_or(|check| check.bytes() == key.check_value())
    }
}

/// Bytes that stand in the file as hex, wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hex(Zeroizing<Vec<u8>>);

impl Hex {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Hex {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        from_hex(&text)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("not hex digits"))
    }
}

pub(super) fn hex(bytes: &[u8]) -> Zeroizing<String> {
    use std::fmt::Write as _;
    let mut hex = Zeroizing::new(String::with_capacity(2 * bytes.len()));
    for byte in bytes {
        // Writing into a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

fn from_hex(hex: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(hex.len() / 2));
    if !hex.len().is_multiple_of(2) || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for index in (0..hex.len()).step_by(2) {
        bytes.push(u8::from_str_radix(&hex[index..index + 2], 16).ok()?);
    }
    Some(bytes)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Version2 {
    version: u64,
    #[serde(deserialize_with = "present")]
    check: Option<Hex>,
    wrappers: Vec<Wrapper>,
    leftover: Vec<String>,
    checksum: String,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Hex>, D::Error> {
    Hex::deserialize(deserializer).map(Some)
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Wrapper {
    Keyring { entry: String },
    KeyFile { key: Hex },
    Passphrase { cost: Cost, data_key: Sealed },
    RecoveryCode { data_key: Sealed },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Version1 {
    #[expect(dead_code, reason = "read before, to know which form this is")]
    version: u64,
    kept: Kept,
}

#[derive(Deserialize)]
#[serde(tag = "in", rename_all = "snake_case", deny_unknown_fields)]
enum Kept {
    Keyring { entry: String },
    ThisFile { key: Hex },
}

#[derive(Deserialize)]
struct AnyVersion {
    version: u64,
}

/// Why a text is not a list of wrappers.
enum Bad {
    Damaged(String),
    Newer(u64),
}

/// One copy of the file.
#[expect(clippy::large_enum_variant, reason = "there are two, for as long as one call")]
enum OneCopy {
    Gone,
    Whole(Wrappers, u64),
    Damaged(String),
    /// Nobody knows what is in it.
    Closed(std::io::Error),
}

/// What the two copies say.
pub(super) struct Read {
    pub(super) wrappers: Wrappers,
    /// The copies differ, or one is missing, damaged or of an older version: to be written again.
    pub(super) to_write: bool,
    /// One copy was damaged or gone.
    pub(super) mended: bool,
}

/// Reads both copies; none when there is neither.
pub(super) fn read(folder: &Path) -> Result<Option<Read>, KeyError> {
    use OneCopy::{Closed, Damaged, Gone, Whole};
    let path = path(folder);
    let first = read_one(&path)?;
    let second = read_one(&copy_path(folder))?;
    match (first, second) {
        (Gone, Gone) => Ok(None),
        (Whole(wrappers, version), second) => Ok(Some(Read {
            to_write: version != VERSION || !matches!(&second, Whole(same, _) if *same == wrappers),
            // Version 1 had no second copy.
            mended: version == VERSION && !matches!(second, Whole(..)),
            wrappers,
        })),
        (_, Whole(wrappers, _)) => Ok(Some(Read {
            wrappers,
            to_write: true,
            mended: true,
        })),
        (Closed(error), _) | (_, Closed(error)) => Err(KeyError::io(&path, error)),
        (Damaged(reason), _) | (_, Damaged(reason)) => Err(KeyError::DamagedFile { path, reason }),
    }
}

/// Fails only for a file that a newer version wrote: that one is never worked around.
fn read_one(path: &Path) -> Result<OneCopy, KeyError> {
    if std::fs::metadata(path).is_ok_and(|found| found.len() > MOST_BYTES) {
        return Ok(OneCopy::Damaged("it is too long".to_owned()));
    }
    let bytes = match std::fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) => {
            return Ok(match error.kind() {
                std::io::ErrorKind::NotFound => OneCopy::Gone,
                std::io::ErrorKind::PermissionDenied => OneCopy::Closed(error),
                // A disk that cannot read it any more has damaged it.
                _ => OneCopy::Damaged(error.to_string()),
            });
        }
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Ok(OneCopy::Damaged("it is not text".to_owned()));
    };
    match parse(text) {
        Ok((wrappers, version)) => Ok(OneCopy::Whole(wrappers, version)),
        Err(Bad::Damaged(reason)) => Ok(OneCopy::Damaged(reason)),
        Err(Bad::Newer(found)) => Err(KeyError::NewerFile {
            path: path.to_owned(),
            found,
            known: VERSION,
        }),
    }
}

fn parse(text: &str) -> Result<(Wrappers, u64), Bad> {
    let damaged = |error: serde_json::Error| {
        // Not what serde quotes: it may be a key.
        Bad::Damaged(format!("line {}, column {}", error.line(), error.column()))
    };
    let whole = checksum_fits(text);
    if !whole {
        // Version 1 had no checksum, and nothing else is read without one.
        let Ok(Version1 { kept, .. }) = serde_json::from_str::<Version1>(text) else {
            return Err(Bad::Damaged("its checksum does not fit".to_owned()));
        };
        if serde_json::from_str::<AnyVersion>(text).map_err(damaged)?.version != 1 {
            return Err(Bad::Damaged("its version does not fit its form".to_owned()));
        }
        return version_1(kept).map(|wrappers| (wrappers, 1));
    }
    let AnyVersion { version } = serde_json::from_str(text).map_err(damaged)?;
    if version > VERSION {
        return Err(Bad::Newer(version));
    }
    let file: Version2 = serde_json::from_str(text).map_err(damaged)?;
    version_2(file).map(|wrappers| (wrappers, version))
}

fn version_1(kept: Kept) -> Result<Wrappers, Bad> {
    let mut wrappers = Wrappers {
        check: None,
        keyring: None,
        key_file: None,
        passphrase: None,
        recovery_code: None,
        leftover: Vec::new(),
    };
    match kept {
        Kept::Keyring { entry } => wrappers.keyring = Some(entry),
        Kept::ThisFile { key } => {
            if DataKey::from_bytes(key.bytes()).is_none() {
                return Err(Bad::Damaged("its key is not 64 hex digits".to_owned()));
            }
            wrappers.key_file = Some(key);
        }
    }
    Ok(wrappers)
}

fn version_2(file: Version2) -> Result<Wrappers, Bad> {
    let mut wrappers = Wrappers {
        check: file.check,
        keyring: None,
        key_file: None,
        passphrase: None,
        recovery_code: None,
        leftover: file.leftover,
    };
    for wrapper in file.wrappers {
        let twice = match wrapper {
            Wrapper::Keyring { entry } => wrappers.keyring.replace(entry).is_some(),
            Wrapper::KeyFile { key } => wrappers.key_file.replace(key).is_some(),
            Wrapper::Passphrase { cost, data_key } => {
                if let Some(reason) = cost.beyond_limits() {
                    return Err(Bad::Damaged(reason));
                }
                wrappers.passphrase.replace((cost, data_key)).is_some()
            }
            Wrapper::RecoveryCode { data_key } => wrappers.recovery_code.replace(data_key).is_some(),
        };
        if twice {
            return Err(Bad::Damaged("it names one way twice".to_owned()));
        }
    }
    Ok(wrappers)
}

fn checksum_fits(text: &str) -> bool {
    text.rfind(BEFORE_CHECKSUM).is_some_and(|start| {
        let (covered, rest) = text.split_at(start + BEFORE_CHECKSUM.len());
        rest.strip_suffix(AFTER_CHECKSUM) == Some(&checksum(covered))
    })
}

fn checksum(covered: &str) -> String {
    hex(&Sha256::digest(covered.as_bytes())).to_string()
}

fn text(wrappers: &Wrappers) -> std::io::Result<Zeroizing<String>> {
    let mut list = Vec::new();
    if let Some(entry) = wrappers.keyring.clone() {
        list.push(Wrapper::Keyring { entry });
    }
    if let Some(key) = wrappers.key_file.clone() {
        list.push(Wrapper::KeyFile { key });
    }
    if let Some((cost, data_key)) = wrappers.passphrase.clone() {
        list.push(Wrapper::Passphrase { cost, data_key });
    }
    if let Some(data_key) = wrappers.recovery_code.clone() {
        list.push(Wrapper::RecoveryCode { data_key });
    }
    let file = Version2 {
        version: VERSION,
        check: wrappers.check.clone(),
        wrappers: list,
        leftover: wrappers.leftover.clone(),
        checksum: String::new(),
    };
    let mut text = Zeroizing::new(serde_json::to_string_pretty(&file)?);
    let end = text
        .rfind(BEFORE_CHECKSUM)
        .map_or(0, |start| start + BEFORE_CHECKSUM.len());
    text.truncate(end);
    let sum = checksum(&text);
    text.push_str(&sum);
    text.push_str(AFTER_CHECKSUM);
    Ok(text)
}

/// Writes both copies, the second after the first is on the disk.
///
/// When the second cannot be written it is removed: it must not go on naming a way that was taken
/// away. The next opening writes it again.
pub(super) fn write(folder: &Path, wrappers: &Wrappers) -> Result<(), KeyError> {
    let path = path(folder);
    let io = |error| KeyError::io(&path, error);
    let text = text(wrappers).map_err(io)?;
    write_one(&path, &text).map_err(io)?;
    let copy = copy_path(folder);
    write_one(&copy, &text)
        .or_else(|_| match std::fs::remove_file(&copy) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => sync_folder(&copy),
        })
        .map_err(io)
}

/// Removes what a killed write left behind; it may hold a key.
pub(super) fn remove_drafts(folder: &Path) {
    for path in [path(folder), copy_path(folder)] {
        // Nothing depends on it: the next write replaces a draft that stays.
        let _ = std::fs::remove_file(draft_of(&path));
    }
}

fn draft_of(path: &Path) -> std::path::PathBuf {
    path.with_added_extension("new")
}

/// Whole and on the disk, or not there at all: written beside its place, flushed, then renamed.
fn write_one(path: &Path, text: &str) -> std::io::Result<()> {
    let draft = draft_of(path);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&draft)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    std::fs::rename(&draft, path)?;
    sync_folder(path)
}

/// Until the folder is flushed, a rename may be undone by a power cut.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
