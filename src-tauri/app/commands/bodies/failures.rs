//! From the diary's errors to what the window acts on.

use std::path::Path;

use afterglow_diary::backup::{Backup, BackupError, ExportError, ImportError, RestoreError, backups_in};
use afterglow_diary::merge::MergeError;
use afterglow_diary::photo::{PhotoError, Refused};
use afterglow_diary::{Credential, Diary, DiaryError, KeyError, OpenError, Protection, Secret};

use crate::app::App;
use crate::views;
use crate::wire::{BackupView, DiaryTrouble, Failure, ImportFault, KeyFault, PhotoFault, SecretKind, Ways};

/// Why the diary that the patient locked is not open.
pub(crate) fn locked(folder: &Path, protection: Protection) -> Failure {
    let error = OpenError::Key(KeyError::Locked(protection));
    unopened(folder, &error, locked_trouble(protection))
}

fn locked_trouble(protection: Protection) -> DiaryTrouble {
    DiaryTrouble::Locked {
        ways: ways(protection),
    }
}

/// Why the diary cannot be opened; of one that is damaged or gone with the backups that could take its place.
pub(crate) async fn unavailable(folder: &Path, error: &OpenError, with: Credential<'_>) -> Failure {
    let trouble = match error {
        OpenError::Damaged(_) => DiaryTrouble::Damaged {
            backups: usable_backups(folder, with).await,
        },
        OpenError::Missing { .. } => DiaryTrouble::Gone {
            backups: usable_backups(folder, with).await,
        },
        other => trouble(other),
    };
    unopened(folder, error, trouble)
}

async fn usable_backups(folder: &Path, with: Credential<'_>) -> Vec<BackupView> {
    match backups_in(folder, with).await {
        Ok(backups) => usable(backups),
        // The damage is the news; a folder of backups that cannot be read is told when it is asked for.
        Err(_) => Vec::new(),
    }
}

fn usable(backups: Vec<Backup>) -> Vec<BackupView> {
    let seen = backups.into_iter().map(views::backup);
    seen.filter(|backup| backup.holds.is_some()).collect()
}

fn unopened(folder: &Path, error: &OpenError, trouble: DiaryTrouble) -> Failure {
    Failure::DiaryUnavailable {
        trouble,
        path: Diary::path(folder).display().to_string(),
        sentence: error.to_string(),
    }
}

/// Why an open diary cannot be shown: a page that only now was read is damaged. Every backup that can be read is a
/// way out, and the damaged file is kept with them.
pub(super) async fn damaged_inside(app: &App, sentence: String) -> Failure {
    let listed = match app.diary().await {
        Ok(diary) => diary.list_backups().await,
        Err(failure) => return failure,
    };
    let folder = app.places.diary();
    Failure::DiaryUnavailable {
        trouble: DiaryTrouble::Damaged {
            backups: usable(listed.unwrap_or_default()),
        },
        path: Diary::path(&folder).display().to_string(),
        sentence,
    }
}

fn ways(protection: Protection) -> Ways {
    Ways {
        passphrase: protection.passphrase,
        recovery_code: protection.recovery_code,
    }
}

fn trouble(error: &OpenError) -> DiaryTrouble {
    match error {
        OpenError::Key(error) => match error {
            KeyError::Locked(protection) => locked_trouble(*protection),
            KeyError::WrongSecret(secret) | KeyError::NotSet(secret) => DiaryTrouble::WrongSecret {
                secret: match secret {
                    Secret::Passphrase => SecretKind::Passphrase,
                    Secret::RecoveryCode => SecretKind::RecoveryCode,
                },
            },
            KeyError::RecoveryCode(_) => DiaryTrouble::RecoveryCodeTypo,
            KeyError::KeyringLost(others) => DiaryTrouble::KeyringLost { ways: ways(*others) },
            KeyError::KeyringUnavailable { others, .. } => {
                DiaryTrouble::KeyringUnavailable { ways: ways(*others) }
            }
            KeyError::Missing { .. } => DiaryTrouble::KeyFileMissing,
            KeyError::DamagedFile { .. } => DiaryTrouble::KeyFileDamaged,
            KeyError::NewerFile { .. } => DiaryTrouble::KeyFileNewer,
            KeyError::DiskFull => DiaryTrouble::DiskFull,
            KeyError::Io { .. }
            | KeyError::NoRandomness(_)
            | KeyError::Unusable { .. }
            | KeyError::AlreadySet
            | KeyError::EmptyPassphrase
            | KeyError::LastWrapper
            | KeyError::KeyringRefused(_)
            | KeyError::ReadOnly => DiaryTrouble::Unreadable,
        },
        OpenError::WrongKey(protection) => DiaryTrouble::WrongKey {
            ways: ways(*protection),
        },
        OpenError::Damaged(_) => DiaryTrouble::Damaged { backups: Vec::new() },
        OpenError::Missing { .. } => DiaryTrouble::Gone { backups: Vec::new() },
        OpenError::OlderVersion { .. } => DiaryTrouble::OlderVersion,
        OpenError::DiskFull => DiaryTrouble::DiskFull,
        OpenError::Unreadable { .. } => DiaryTrouble::Unreadable,
    }
}

impl From<DiaryError> for Failure {
    fn from(error: DiaryError) -> Self {
        match error {
            DiaryError::DiskFull => Self::DiskFull,
            DiaryError::ReadOnly => Self::ReadOnly {
                sentence: error.to_string(),
            },
            DiaryError::Damaged(_) => Self::DiaryDamaged {
                sentence: error.to_string(),
            },
            DiaryError::Database(_) | DiaryError::UnreadableRow { .. } => Self::DiaryFailed {
                sentence: error.to_string(),
            },
        }
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        let sentence = error.to_string();
        let fault = match error {
            KeyError::DiskFull => return Self::DiskFull,
            KeyError::ReadOnly => return Self::ReadOnly { sentence },
            KeyError::WrongSecret(_) => KeyFault::WrongPassphrase,
            KeyError::NotSet(Secret::Passphrase) => KeyFault::NoPassphrase,
            KeyError::NotSet(Secret::RecoveryCode) => KeyFault::NoRecoveryCode,
            KeyError::AlreadySet => KeyFault::AlreadySet,
            KeyError::EmptyPassphrase => KeyFault::EmptyPassphrase,
            KeyError::LastWrapper => KeyFault::LastWay,
            KeyError::KeyringRefused(_) | KeyError::KeyringLost(_) | KeyError::KeyringUnavailable { .. } => {
                KeyFault::KeyringRefused
            }
            KeyError::Missing { .. }
            | KeyError::Locked(_)
            | KeyError::RecoveryCode(_)
            | KeyError::DamagedFile { .. }
            | KeyError::NewerFile { .. }
            | KeyError::Io { .. }
            | KeyError::NoRandomness(_)
            | KeyError::Unusable { .. } => KeyFault::Other,
        };
        Self::KeyRefused { fault, sentence }
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let sentence = error.to_string();
        match error {
            BackupError::DiskFull => Self::DiskFull,
            BackupError::ReadOnly => Self::ReadOnly { sentence },
            BackupError::Unsound { .. } => Self::ImportRefused {
                fault: ImportFault::Damaged,
                sentence,
            },
            BackupError::Io { .. }
            | BackupError::Database(_)
            | BackupError::NoKey(_)
            | BackupError::Stopped => Self::CopyFailed { sentence },
        }
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::ShortPassphrase => Self::PassphraseTooShort {
                least: afterglow_diary::backup::LEAST_PASSPHRASE,
            },
            ExportError::Copy(error) => error.into(),
            ExportError::NotReadable(_) => Self::CopyFailed {
                sentence: error.to_string(),
            },
        }
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        let sentence = error.to_string();
        let fault = match error {
            ImportError::Copy(error) => return error.into(),
            ImportError::NotAnExport => ImportFault::NotAnExport,
            ImportError::WrongPassphrase => ImportFault::WrongPassphrase,
            ImportError::Damaged(_) => ImportFault::Damaged,
            ImportError::NewerVersion { .. } => ImportFault::NewerVersion,
            ImportError::NoSuchBackup(_) => ImportFault::NotListed,
        };
        Self::ImportRefused { fault, sentence }
    }
}

/// Why a copy did not take the place of the diary in `folder`.
pub(super) fn unrestored(folder: &Path, error: RestoreError) -> Failure {
    match error {
        RestoreError::Import(error) => error.into(),
        RestoreError::Copy(error) => error.into(),
        RestoreError::Locked(error) => unopened(folder, &error, trouble(&error)),
        RestoreError::NotOpened { .. } | RestoreError::NotWhole { .. } | RestoreError::PutBack => {
            Failure::CopyFailed {
                sentence: error.to_string(),
            }
        }
    }
}

impl From<MergeError> for Failure {
    fn from(error: MergeError) -> Self {
        let sentence = error.to_string();
        let fault = match error {
            MergeError::Diary(error) => return error.into(),
            MergeError::Unreadable { .. } => ImportFault::Other,
            MergeError::WrongKey | MergeError::Damaged(_) | MergeError::NotADiary => ImportFault::Damaged,
            MergeError::OtherForm { .. } => ImportFault::NewerVersion,
            MergeError::Contradiction { .. } => ImportFault::Contradiction,
        };
        Self::ImportRefused { fault, sentence }
    }
}

impl From<PhotoError> for Failure {
    fn from(error: PhotoError) -> Self {
        let fault = match &error {
            PhotoError::TooLarge { .. } => PhotoFault::TooLarge,
            PhotoError::TooManyPixels => PhotoFault::TooManyPixels,
            PhotoError::Refused(Refused::Heic) => PhotoFault::Heic,
            PhotoError::Refused(Refused::Video) => PhotoFault::Video,
            PhotoError::Refused(Refused::Empty) => PhotoFault::Empty,
            PhotoError::Refused(_) => PhotoFault::NotAPhoto,
            PhotoError::Damaged(_) => PhotoFault::Damaged,
            PhotoError::Stopped => PhotoFault::Stopped,
        };
        Self::PhotoRefused {
            fault,
            sentence: error.to_string(),
        }
    }
}
