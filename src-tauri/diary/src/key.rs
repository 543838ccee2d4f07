//! The diary's key: 256 random bits, and the file beside the diary that says where they are kept.
//!
//! Where the system has a keyring, the key lies there and `diary.key` only names the entry. Where
//! it has none, `diary.key` holds the key itself, readable by the owner's account alone: that is
//! called unprotected, and the app says so. A key that exists is never replaced by a new one.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::keyring::{self, KeyringError};

/// The key's length in bytes (SQLCipher's raw key).
const KEY_BYTES: usize = 32;

/// The version of `diary.key` that this code writes and reads.
const VERSION: u16 = 1;

/// 256 bits, wiped from memory when dropped.
pub(crate) struct DataKey(Zeroizing<[u8; KEY_BYTES]>);

impl DataKey {
    fn random() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|error| KeyError::NoRandomness(error.to_string()))?;
        Ok(Self(bytes))
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    fn from_hex(hex: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        if hex.len() != 2 * KEY_BYTES || !hex.is_ascii() {
            return None;
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * index..2 * index + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }

    pub(crate) fn hex(&self) -> Zeroizing<String> {
        use std::fmt::Write as _;
        let mut hex = Zeroizing::new(String::with_capacity(2 * KEY_BYTES));
        for byte in self.0.iter() {
            // Writing into a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }
}

/// How the key is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProtection {
    /// In the system's keyring.
    Keyring,
    /// Unprotected: in a file that only the owner's account can read.
    KeyFile,
}

/// Where a key that has to be made is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewKey {
    /// In the system's keyring when there is one, else in the key file.
    KeyringFirst,
    /// In the key file: for diaries that are thrown away.
    KeyFile,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A diary without `diary.key`, or a keyring without the entry that it names.
    #[error("the diary's key is gone: {0}")]
    Missing(String),
    /// The keyring that has the key cannot be asked now.
    #[error("the diary's key is in the system's keyring, and {0}. Unlock the keyring, then try again")]
    KeyringUnavailable(String),
    /// `diary.key` is damaged, or a newer version wrote it.
    #[error("{path} cannot be understood: {reason}")]
    UnreadableFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder or the file cannot be read or written.
    #[error("{path} cannot be read or written: {error}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The system gave no random bytes.
    #[error("the system gives no random bytes for a key: {0}")]
    NoRandomness(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    version: u16,
    kept: Kept,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case", deny_unknown_fields)]
enum Kept {
    Keyring { entry: String },
    ThisFile { key: String },
}

/// The key of the diary whose key file is `path`. Makes one only when `diary_exists` is false and
/// there is no key file.
pub(crate) async fn obtain(
    path: &Path,
    diary_exists: bool,
    new_key: NewKey,
) -> Result<(DataKey, KeyProtection), KeyError> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let text = Zeroizing::new(text);
            kept(path, &text).await
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if diary_exists {
                return Err(KeyError::Missing(format!("{} is not there", path.display())));
            }
            make(path, new_key).await
        }
        Err(error) => Err(KeyError::Io {
            path: path.to_owned(),
            error,
        }),
    }
}

async fn kept(path: &Path, text: &str) -> Result<(DataKey, KeyProtection), KeyError> {
    let unreadable = |reason: String| KeyError::UnreadableFile {
        path: path.to_owned(),
        reason,
    };
    let file: KeyFile = serde_json::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    if file.version != VERSION {
        return Err(unreadable(format!(
            "its version is {}, this app reads {VERSION}",
            file.version
        )));
    }
    match file.kept {
        Kept::ThisFile { key } => {
            let key = Zeroizing::new(key);
            let key =
                DataKey::from_hex(&key).ok_or_else(|| unreadable("its key is not 64 hex digits".into()))?;
            Ok((key, KeyProtection::KeyFile))
        }
        Kept::Keyring { entry } => match keyring::read(&entry).await {
            Ok(secret) => DataKey::from_bytes(&Zeroizing::new(secret))
                .map(|key| (key, KeyProtection::Keyring))
                .ok_or_else(|| KeyError::Missing("the keyring's entry is not a key".into())),
            Err(error @ KeyringError::NoEntry) => Err(KeyError::Missing(error.to_string())),
            Err(error) => Err(KeyError::KeyringUnavailable(error.to_string())),
        },
    }
}

async fn make(path: &Path, new_key: NewKey) -> Result<(DataKey, KeyProtection), KeyError> {
    let key = DataKey::random()?;
    let entry = format!("diary-{}", Uuid::new_v4());
    let in_keyring = new_key == NewKey::KeyringFirst && keyring::keep(&entry, key.0.as_slice()).await.is_ok();
    let (kept, protection) = if in_keyring {
        (Kept::Keyring { entry }, KeyProtection::Keyring)
    } else {
        (
            Kept::ThisFile {
                key: key.hex().to_string(),
            },
            KeyProtection::KeyFile,
        )
    };
    write(
        path,
        &KeyFile {
            version: VERSION,
            kept,
        },
    )
    .map_err(|error| KeyError::Io {
        path: path.to_owned(),
        error,
    })?;
    Ok((key, protection))
}

/// Whole and on the disk, or not there at all: written beside its place, flushed, then renamed.
fn write(path: &Path, file: &KeyFile) -> std::io::Result<()> {
    let text = Zeroizing::new(serde_json::to_string_pretty(file)?);
    let draft = path.with_extension("key.new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&draft)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    std::fs::rename(&draft, path)?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
