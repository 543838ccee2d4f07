//! What crosses about the diary itself: how it is opened, copied, carried and erased, and its photos.

use afterglow_care::check_in::CheckInId;
use afterglow_care::photo::Pose;
use afterglow_care::session::SessionId;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Which ways lead to the diary's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
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

/// What the patient can type to open the diary, as far as it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Ways {
    /// The passphrase.
    pub passphrase: bool,
    /// The printed recovery code.
    pub recovery_code: bool,
}

/// Whether the open diary can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// It can.
    ReadWrite,
    /// Only read: its folder or its file cannot be written.
    ReadOnlyFolder,
    /// Only read: a newer version of the app changed its form.
    ReadOnlyNewerVersion,
}

/// What the patient is told although the diary is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DiaryNote {
    /// A new key went to the unprotected key file, because the keyring did not take it.
    KeyringNotTaken {
        /// What the keyring said.
        reason: String,
    },
    /// The keyring did not give the key; the key file had it as well.
    KeyringNotGiven {
        /// What the keyring said.
        reason: String,
    },
    /// The keyring that should have opened the diary did not give the key: the patient did.
    KeyringLost {
        /// What the keyring said.
        reason: String,
    },
    /// The keyring still has an entry that this diary no longer uses.
    KeyringEntryLeft,
    /// One of the two copies of the key's file was damaged or gone, and was written again.
    KeyFileMended,
    /// The newest entries can only be read where the folder can be written: not shown, and not lost.
    NewestNotShown,
    /// The log with the newest entries was damaged: some are missing, and the damaged log is kept.
    NewestMissing,
}

/// Why a diary cannot be opened. Nothing was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DiaryTrouble {
    /// Only the patient can open it.
    Locked {
        /// With what.
        ways: Ways,
    },
    /// What was typed does not open it.
    WrongSecret {
        /// What was typed.
        secret: SecretKind,
    },
    /// The recovery code was not copied exactly; it was not tried.
    RecoveryCodeTypo,
    /// The keyring answers, and has no entry for this diary any more.
    KeyringLost {
        /// What opens it all the same.
        ways: Ways,
    },
    /// The keyring cannot be asked now: it is locked, or does not answer.
    KeyringUnavailable {
        /// What opens it all the same.
        ways: Ways,
    },
    /// There is a diary, and the file that leads to its key is gone.
    KeyFileMissing,
    /// Both copies of the file that leads to its key are damaged.
    KeyFileDamaged,
    /// A newer version of the app wrote the file that leads to its key.
    KeyFileNewer,
    /// The key that was found is another diary's.
    WrongKey {
        /// What opens it all the same.
        ways: Ways,
    },
    /// The key fits, and the file is damaged.
    Damaged {
        /// What can be restored in its place, newest of each kind first.
        backups: Vec<BackupView>,
    },
    /// The file is gone, and copies of it are there.
    Gone {
        /// What can be restored in its place, newest of each kind first.
        backups: Vec<BackupView>,
    },
    /// An older version wrote it, and its folder cannot be written.
    OlderVersion,
    /// The disk is full.
    DiskFull,
    /// The folder or the file cannot be read or written.
    Unreadable,
}

/// A diary that nothing opens any more is to be set aside.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StartAnew {
    /// The word that the patient typed: "new" or "nuevo".
    pub confirmation: String,
}

/// A diary was set aside, and an empty one is in its place.
#[derive(Debug, Clone, Serialize, TS)]
pub struct StartedAnew {
    /// The folder that it is kept in.
    pub path: String,
    /// Why the reminder service may still have its reminders; none when it forgot them.
    pub reminders_left: Option<String>,
}

/// Whom to call, as far as it is known without the diary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CallNumbers {
    /// The clinic's telephone number; empty when none was entered.
    pub clinic: String,
    /// The emergency number.
    pub emergency: String,
}

/// What the patient types to open the diary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretKind {
    /// The passphrase.
    Passphrase,
    /// The printed recovery code.
    RecoveryCode,
}

/// What the patient typed to open the diary. Never written anywhere.
#[derive(Clone, Deserialize, TS)]
#[serde(tag = "kind", content = "typed", rename_all = "snake_case")]
pub enum Secret {
    /// The passphrase.
    Passphrase(String),
    /// The printed recovery code, with or without spaces and dashes.
    RecoveryCode(String),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Passphrase(_) => "Passphrase(..)",
            Self::RecoveryCode(_) => "RecoveryCode(..)",
        })
    }
}

/// A type whose contents no log may have.
macro_rules! untold {
    ($($name:ident),*) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(..)"))
            }
        })*
    };
}

untold!(
    NewPassphrase,
    ChangedPassphrase,
    RemovedPassphrase,
    RecoveryCodeView,
    ExportInput,
    ImportInput,
    RestoreImport,
    PhotoInput
);

/// How the diary's key is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct ProtectionView {
    /// Which ways lead to it.
    pub ways: Protection,
    /// Whether the keyring still has an entry that was to be deleted: until it is gone, whoever can read
    /// the keyring can open the diary.
    pub keyring_entry_left: bool,
}

/// A first passphrase.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewPassphrase {
    /// It.
    pub passphrase: String,
    /// Whether the app asks for it at every start. Else the keyring, where it has the key, goes on opening.
    pub ask_at_start: bool,
}

/// Another passphrase.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangedPassphrase {
    /// The one that is set.
    pub current: String,
    /// The one that takes its place.
    pub new: String,
}

/// No passphrase any more.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RemovedPassphrase {
    /// The one that is set.
    pub current: String,
    /// Whether the key may lie unprotected in a file where no keyring takes it.
    pub accept_key_file: bool,
}

/// A new recovery code. It is shown once; the app does not keep it.
#[derive(Clone, Serialize, TS)]
pub struct RecoveryCodeView {
    /// Eight groups of four characters.
    pub groups: Vec<String>,
    /// The same as a QR code: an SVG image that prints black on white.
    pub qr_svg: String,
}

/// The copies of the diary on this device.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Backups {
    /// What became of the newest automatic backup since the app started; none before the first.
    pub last: Option<BackupAttempt>,
    /// The copies, newest of each kind first.
    pub copies: Vec<BackupView>,
}

/// What became of an automatic backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BackupAttempt {
    /// When.
    pub at: DateTime<Utc>,
    /// Why there is none; none when it is made and checked.
    pub failure: Option<String>,
}

/// A copy of the diary on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BackupView {
    /// By this it is restored.
    pub name: String,
    /// How it came about.
    pub made: BackupMade,
    /// Its size in bytes.
    pub bytes: u64,
    /// What it holds; none when it cannot be read and so not be restored.
    pub holds: Option<Holdings>,
}

/// How a copy came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BackupMade {
    /// Made on a day.
    Daily {
        /// The day.
        date: NaiveDate,
    },
    /// Made before a newer version of the app changed the diary's form.
    BeforeUpdate {
        /// The form that came.
        form: i64,
    },
    /// What a restore replaced.
    Replaced {
        /// When.
        at: DateTime<Utc>,
    },
    /// A damaged diary that a restore replaced.
    Damaged {
        /// When.
        at: DateTime<Utc>,
    },
}

/// What a copy holds, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Holdings {
    /// Sessions, with their corrections.
    pub sessions: u64,
    /// Check-ins, with their corrections.
    pub check_ins: u64,
    /// Photos.
    pub photos: u64,
    /// The form of its tables.
    pub form: i64,
    /// When the newest session or check-in was entered.
    pub newest_entry: Option<DateTime<Utc>>,
}

/// Which backup to restore.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RestoreInput {
    /// The backup's name.
    pub name: String,
    /// Opens the diary's key where neither the keyring nor the key file does.
    pub secret: Option<Secret>,
}

/// Which export to restore.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RestoreImport {
    /// One of the files that `importable` lists.
    pub path: String,
    /// What was chosen when it was made.
    pub passphrase: String,
    /// Opens the key of a diary that is damaged or gone, where neither the keyring nor the key file does.
    pub secret: Option<Secret>,
}

/// What a restore did.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RestoredView {
    /// What the diary holds now.
    pub holds: Holdings,
    /// The name of the backup of what was replaced; none where nothing was.
    pub set_aside: Option<String>,
}

/// An export to be written.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExportInput {
    /// What opens it on another device.
    pub passphrase: String,
}

/// A file in the downloads folder that may be an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Importable {
    /// Its full path, by which it is imported.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last written.
    pub modified: DateTime<Utc>,
}

/// An export to be read.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImportInput {
    /// One of the files that `importable` lists.
    pub path: String,
    /// What was chosen when it was made.
    pub passphrase: String,
}

/// What an export holds. Nothing has happened to the diary yet.
#[derive(Debug, Clone, Serialize, TS)]
pub struct InspectedView {
    /// In numbers.
    pub holds: Holdings,
    /// When it was made.
    pub made_at: Option<DateTime<Utc>>,
    /// The version of the app that made it.
    pub app: Option<String>,
}

/// What joining another device's diary brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct MergedView {
    /// Sessions.
    pub sessions: u64,
    /// Check-ins.
    pub check_ins: u64,
    /// Corrections of either.
    pub corrections: u64,
    /// Photos.
    pub photos: u64,
    /// What was erased here, because it had been erased there.
    pub erased: u64,
}

/// A session to be erased for good.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EraseSession {
    /// Which.
    pub session: SessionId,
    /// The word that the patient typed: "erase" or "borrar".
    pub confirmation: String,
}

/// A photo to be erased for good.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ErasePhoto {
    /// Which.
    pub photo: Uuid,
    /// The word that the patient typed: "erase" or "borrar".
    pub confirmation: String,
}

/// Everything to be erased for good.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EraseEverything {
    /// The word that the patient typed: "erase" or "borrar".
    pub confirmation: String,
}

/// Something was erased from the diary.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ErasedView {
    /// Why older copies may still hold it; none when they are gone.
    pub copies_left: Option<String>,
}

/// Everything was erased.
#[derive(Debug, Clone, Serialize, TS)]
pub struct EverythingErased {
    /// Whether the system's keyring may still have an entry. It opens nothing any more.
    pub keyring_entry_left: bool,
    /// Why the reminder service may still have reminders; none when it forgot them.
    pub reminders_left: Option<String>,
}

/// A photo to keep.
#[derive(Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PhotoInput {
    /// The session that it shows the skin of; where it was taken for a check-in, that one's session counts.
    pub session: SessionId,
    /// The check-in that it was taken for.
    pub check_in: Option<CheckInId>,
    /// The past day in the patient's zone that it was taken on; none is now.
    pub day: Option<NaiveDate>,
    /// From where.
    pub pose: Pose,
    /// The file's bytes in base64: a JPEG, PNG or WebP. Text, because a browser makes it at once and the
    /// shell's messages are JSON.
    pub file: String,
}

/// A photo without its bytes; the window loads these by the scheme `photo`.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PhotoView {
    /// Its identity: `photo://localhost/<id>` and `photo://localhost/<id>/thumbnail`.
    pub id: Uuid,
    /// The session that it shows the skin of.
    pub session: SessionId,
    /// The check-in that it was taken for.
    pub check_in: Option<CheckInId>,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// From where.
    pub pose: Pose,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// Why the ways to the key stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyFault {
    /// What was typed as the current passphrase is not it.
    WrongPassphrase,
    /// There is no passphrase.
    NoPassphrase,
    /// There is no recovery code.
    NoRecoveryCode,
    /// There is a passphrase already.
    AlreadySet,
    /// The new passphrase has no character.
    EmptyPassphrase,
    /// Only the recovery code would be left.
    LastWay,
    /// The keyring did not take the key.
    KeyringRefused,
    /// Something else; the sentence says what.
    Other,
}

/// Why a file was not imported, or a backup not restored. The diary is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportFault {
    /// It is not among the files or backups that are listed.
    NotListed,
    /// The app did not write it.
    NotAnExport,
    /// The passphrase does not open it.
    WrongPassphrase,
    /// It is damaged.
    Damaged,
    /// A newer version of the app wrote it.
    NewerVersion,
    /// It says something else than this diary under the same identity.
    Contradiction,
    /// It could not be read or copied; the sentence says why.
    Other,
}

/// Why a photo was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PhotoFault {
    /// The file is too large.
    TooLarge,
    /// It has too many pixels.
    TooManyPixels,
    /// An iPhone's own format.
    Heic,
    /// A film.
    Video,
    /// The file is empty.
    Empty,
    /// Not a JPEG, PNG or WebP.
    NotAPhoto,
    /// Damaged, or not complete.
    Damaged,
    /// The app is being closed.
    Stopped,
}
