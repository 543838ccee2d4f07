//! The diary's key: 256 random bits, and the ways to it that `diary.key` lists.
//!
//! The data key never changes and never stands anywhere alone but in the system's keyring or, where
//! the patient has neither keyring nor passphrase, in the unprotected key file. Every other way (a
//! passphrase, a printed recovery code) is a *wrapper*: the data key sealed with what the patient
//! knows. Wrappers come and go; the diary is never encrypted anew for it.
//!
//! | question | module |
//! |---|---|
//! | Which ways are there, and how is the list kept from damage? | `wrapper_file` |
//! | How is the key sealed? | `seal` |
//! | What does the patient copy from paper? | `recovery_code` |
//! | Who asks the system's keyring? | `keyring` |
//! | How are wrappers set and removed? | `change` |

mod change;
mod keyring;
mod recovery_code;
mod seal;
mod unlock;
mod wrapper_file;

use std::path::{Path, PathBuf};

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

pub use change::{AskAtStart, WithoutKeyring};
pub use recovery_code::{RecoveryCode, RecoveryCodeError};
pub(crate) use unlock::unlock;
use wrapper_file::Wrappers;

/// The key's length in bytes (SQLCipher's raw key).
const KEY_BYTES: usize = 32;

/// The length of the value that tells whether a key is this diary's.
const CHECK_BYTES: usize = 16;

/// The diary's key, wiped from memory when dropped.
pub struct DataKey(Zeroizing<[u8; KEY_BYTES]>);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DataKey(..)")
    }
}

impl DataKey {
    pub(crate) fn random() -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        fill_random(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    pub(crate) fn hex(&self) -> Zeroizing<String> {
        wrapper_file::hex(self.0.as_slice())
    }

    /// The same key, for a thread that seals it.
    fn again(&self) -> Self {
        Self(self.0.clone())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// What `diary.key` keeps to tell this key from another. It tells nothing about the key.
    pub(crate) fn check_value(&self) -> [u8; CHECK_BYTES] {
        let mut check = [0; CHECK_BYTES];
        // Only a length beyond 255 hashes is refused.
        let _ = Hkdf::<Sha256>::new(None, self.bytes()).expand(b"afterglow/diary/key-check/1", &mut check);
        check
    }
}

/// Deletes the keyring's entries of the diary in `folder`. False when one may be left: the keyring did not do it,
/// or `diary.key`, which names them, cannot be read.
pub(crate) async fn forget_entries(folder: &Path) -> bool {
    let Ok(read) = wrapper_file::read(folder) else {
        return false;
    };
    let mut gone = true;
    for entry in read.iter().flat_map(|read| read.wrappers.entries()) {
        gone &= keyring::forget(entry).await.is_ok();
    }
    gone
}

fn fill_random(bytes: &mut [u8]) -> Result<(), KeyError> {
    getrandom::fill(bytes).map_err(|error| KeyError::NoRandomness(error.to_string()))
}

/// Which ways lead to the diary's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four ways, each there or not, in any combination"
)]
pub struct Protection {
    /// The system's keyring has it.
    pub keyring: bool,
    /// Unprotected: in a file that only the owner's account can read.
    pub key_file: bool,
    /// A passphrase opens it.
    pub passphrase: bool,
    /// A printed recovery code opens it.
    pub recovery_code: bool,
}

impl Protection {
    /// The ways besides a keyring that may answer again, as the end of a sentence.
    fn or_else(self) -> &'static str {
        match (self.passphrase, self.recovery_code) {
            (true, true) => ". Or else: open the diary with your passphrase or your recovery code",
            (true, false) => ". Or else: open the diary with your passphrase",
            (false, true) => ". Or else: open the diary with your recovery code",
            (false, false) => "",
        }
    }

    /// What to do when the usual way is shut, as the end of a sentence.
    pub(crate) fn other_ways(self) -> &'static str {
        match (self.passphrase, self.recovery_code) {
            (true, true) => "Open the diary with your passphrase or your recovery code",
            (true, false) => "Open the diary with your passphrase",
            (false, true) => "Open the diary with your recovery code",
            (false, false) => "No passphrase and no recovery code was set. Restore an export of the diary",
        }
    }
}

/// Where a key that has to be made is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewKey {
    /// In the system's keyring when there is one, else in the key file.
    KeyringFirst,
    /// In the key file: for diaries that are thrown away.
    KeyFile,
}

/// With what a diary is opened.
#[derive(Clone, Copy)]
pub enum Credential<'a> {
    /// With nothing from the patient: by the keyring or the key file. Makes a diary where there is none.
    Unattended(NewKey),
    /// With the patient's passphrase.
    Passphrase(&'a str),
    /// With the printed recovery code, in any case, with or without spaces and dashes.
    RecoveryCode(&'a str),
}

impl std::fmt::Debug for Credential<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unattended(new_key) => formatter.debug_tuple("Unattended").field(new_key).finish(),
            Self::Passphrase(_) => formatter.write_str("Passphrase(..)"),
            Self::RecoveryCode(_) => formatter.write_str("RecoveryCode(..)"),
        }
    }
}

/// What the patient types to open the diary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// The passphrase.
    Passphrase,
    /// The recovery code.
    RecoveryCode,
}

impl std::fmt::Display for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Passphrase => "passphrase",
            Self::RecoveryCode => "recovery code",
        })
    }
}

/// What the patient is told about the keyring although the diary is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyringNote {
    /// A new key went to the unprotected key file, because the keyring did not take it.
    NotTaken {
        /// What the keyring said.
        reason: String,
    },
    /// The keyring did not give the key; the key file had it as well.
    NotGiven {
        /// What the keyring said.
        reason: String,
    },
    /// The patient opened the diary, because the keyring that should have did not give the key.
    Lost {
        /// What the keyring said.
        reason: String,
    },
    /// An entry that this diary no longer uses could not be deleted yet; the next opening tries again.
    EntryLeft,
}

/// Why there is no key, or why the ways to it stay as they are.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A diary or its backups without `diary.key`.
    #[error(
        "there is a diary, but the file {path} that leads to its key is gone. Put the file back, or restore an \
         export of the diary"
    )]
    Missing {
        /// Where the file was expected.
        path: PathBuf,
    },
    /// The keyring answers, and has no entry for this diary any more.
    #[error("the system's keyring has lost the diary's key. {}", .0.other_ways())]
    KeyringLost(Protection),
    /// The keyring that has the key cannot be asked now.
    #[error(
        "the diary's key is in the system's keyring, and {reason}. Unlock the keyring and try again{}",
        others.or_else()
    )]
    KeyringUnavailable {
        /// What the keyring said.
        reason: String,
        /// Which other ways there are.
        others: Protection,
    },
    /// Only the patient can open it.
    #[error("the diary is locked. {}", .0.other_ways())]
    Locked(Protection),
    /// The passphrase or the recovery code is another diary's, or mistyped.
    #[error("this {0} does not open the diary. Check it and try again")]
    WrongSecret(Secret),
    /// Asked to open, change or remove by a way that is not set.
    #[error("this diary has no {0}")]
    NotSet(Secret),
    /// A passphrase is set already.
    #[error("this diary already has a passphrase: change it instead")]
    AlreadySet,
    /// A passphrase without a character.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The recovery code was copied wrongly.
    #[error(transparent)]
    RecoveryCode(#[from] RecoveryCodeError),
    /// Both copies of `diary.key` are damaged. Both are kept.
    #[error(
        "the file {path} that leads to the diary's key is damaged, and so is its copy ({reason}). Both were kept. \
         Restore an export of the diary"
    )]
    DamagedFile {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A newer version of the app wrote `diary.key`.
    #[error(
        "a newer version of the app wrote {path} (its version is {found}, this app reads {known}): update the app"
    )]
    NewerFile {
        /// Which file.
        path: PathBuf,
        /// The version that was found.
        found: u64,
        /// The newest version that this app knows.
        known: u64,
    },
    /// The change would leave no way to the key, or none but the recovery code.
    #[error(
        "without this, nothing but a recovery code could open the diary. Set a passphrase, or keep the key in the \
         keyring first"
    )]
    LastWrapper,
    /// The keyring did not take the key.
    #[error("the key could not be put into the system's keyring: {0}. Nothing was changed")]
    KeyringRefused(String),
    /// The diary is open for reading only.
    #[error("the diary is open for reading only, so the ways to open it cannot be changed")]
    ReadOnly,
    /// The disk is full.
    #[error("the disk is full: free some space, then try again")]
    DiskFull,
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
    /// The key could not be sealed or unsealed for want of memory or by a fault of the library.
    #[error("the {secret} could not be used: {reason}")]
    Unusable {
        /// Which.
        secret: Secret,
        /// What the library said.
        reason: String,
    },
}

impl KeyError {
    fn io(path: &Path, error: std::io::Error) -> Self {
        if is_disk_full(&error) {
            return Self::DiskFull;
        }
        Self::Io {
            path: path.to_owned(),
            error,
        }
    }
}

/// Whether the disk, or what the account may use of it, is full.
pub(crate) fn is_disk_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded)
}

/// An open diary's key, where it lives, and the ways that lead to it.
#[derive(Debug)]
pub(crate) struct Vault {
    pub(crate) key: DataKey,
    pub(crate) folder: PathBuf,
    writable: bool,
    /// One change at a time: each reads the list, writes it twice, and tidies the keyring.
    wrappers: tokio::sync::Mutex<Wrappers>,
}

impl Vault {
    pub(crate) fn new(folder: &Path, key: DataKey, wrappers: Wrappers, writable: bool) -> Self {
        Self {
            key,
            folder: folder.to_owned(),
            writable,
            wrappers: tokio::sync::Mutex::new(wrappers),
        }
    }

    /// Once the key has opened the diary: writes the list again where a copy was lacking, and deletes
    /// what the keyring was to forget. False when the list could not be written: the diary is open
    /// all the same, and the next opening tries again.
    pub(crate) async fn settle(&self, to_write: bool) -> bool {
        wrapper_file::remove_drafts(&self.folder);
        let mut wrappers = self.wrappers.lock().await;
        let mut written = true;
        if to_write {
            let mut next = wrappers.clone();
            next.check = Some(self.key.check_value().to_vec().into());
            written = self.save(&mut wrappers, next).is_ok();
        }
        self.tidy(&mut wrappers).await;
        written
    }
}

/// `diary.key` in a folder.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("diary.key")
}

/// The second copy of `diary.key`, written after it.
pub(crate) fn copy_path(folder: &Path) -> PathBuf {
    folder.join("diary.key.copy")
}
