//! A copy takes the diary's place. The order of the steps, and why, is on the front page of [`super`].

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sqlx::Connection as _;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::automatic::{self, Backup, BackupKind};
use super::contents::{self, Contents};
use super::export::change_key;
use super::files::{self, Draft, Places};
use super::import::{self, ImportError, Inspected};
use super::{BackupError, beside, erase};
use crate::erase::{ERASE, SWEEP, VACUUM};
use crate::keys::{self, Credential};
use crate::merge::{MergeError, Merged};
use crate::replica::RENEW;
use crate::{DataKey, Diary, OpenError, Opened, open};

pub(super) const ERASED: &str = "SELECT id, at FROM erased";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ERASED];

/// Why the diary was not replaced. Unless it says otherwise, it is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The copy is not fit.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A file could not be written.
    #[error(transparent)]
    Copy(#[from] BackupError),
    /// There is no key for it.
    #[error(transparent)]
    Locked(OpenError),
    /// The copy took the diary's place but cannot be opened.
    #[error("the diary was replaced but cannot be opened: {error}. The one before is kept as {set_aside}")]
    NotOpened {
        /// What opening said.
        #[source]
        error: OpenError,
        /// The name of the copy in `backups/` of what was replaced.
        set_aside: String,
    },
    /// The new diary does not hold what the copy held, so the one before was put back.
    #[error("the copy did not arrive whole, so the diary is the one from before: try again")]
    PutBack,
    /// The new diary does not hold what the copy held. There was no sound one to put back.
    #[error("the copy did not arrive whole: restore it again{}", .set_aside.as_ref().map_or_else(String::new, |name| format!(". The damaged diary is kept as {name}")))]
    NotWhole {
        /// The name of the damaged file in `backups/`; none when there was no file any more.
        set_aside: Option<String>,
    },
}

/// What a restore did.
#[derive(Debug)]
pub struct Restored {
    /// The diary, open. Every clone of the one before is closed.
    pub diary: Diary,
    /// What it holds.
    pub contents: Contents,
    /// The name of the copy in `backups/` of what was replaced.
    pub set_aside: String,
}

/// What a restore in the place of a diary that could not be opened did.
#[derive(Debug)]
pub struct Repaired {
    /// The diary, open.
    pub opened: Opened,
    /// What it holds.
    pub contents: Contents,
    /// The name of the damaged file in `backups/`; none when there was no file any more.
    pub set_aside: Option<String>,
}

/// What stands between the name of a diary's folder and the time at which it was set aside.
const SET_ASIDE: &str = "-locked-";

impl Diary {
    /// Puts a checked copy in the diary's place and keeps the one before in `backups/`. What was erased here stays
    /// erased. After an error this diary
    /// is as it was; where [`is_open`](Self::is_open) denies it, [`reopen`](Self::reopen) opens it again.
    pub async fn restore(&self, copy: Inspected, now: DateTime<Utc>) -> Result<Restored, RestoreError> {
        let places = self.places();
        let key = self.key_hex();
        // Held until the diary is closed: nothing that is kept now may be missing from what is set aside.
        let mut connection = self.pool().acquire().await.map_err(BackupError::from)?;
        let erased: Vec<(String, i64)> = match sqlx::query_as(ERASED).fetch_all(&mut *connection).await {
            // What was erased in a diary that cannot be read is not known any more.
            Err(error) if open::is_damage(&error) => Vec::new(),
            read => read.map_err(BackupError::from)?,
        };
        let (draft, contents) = adopt(copy, &key, &erased).await?;
        let old = match automatic::copy(&places, &mut connection, &key).await {
            Ok((old, _)) => Some(old),
            // Opened, and damaged in some other place: its file is kept as it is.
            Err(error) if is_damage(&error) => None,
            Err(error) => return Err(error.into()),
        };
        let sound = old.is_some();
        let set_aside = if sound {
            BackupKind::Replaced(now)
        } else {
            BackupKind::Damaged(now)
        }
        .name();
        if let Some(old) = old {
            let path = places.backup(&set_aside);
            beside(move || old.moved_to(&path)).await?;
        }
        let closing = self.pool().close();
        let closed = connection.close().await;
        closing.await;
        closed.map_err(BackupError::from)?;
        if !sound {
            keep_damaged(&places, &set_aside).await?;
        }

        take_the_place(&places, draft).await?;
        let opened = self.reopen().await;
        let diary = opened.map_err(|error| RestoreError::NotOpened {
            error,
            set_aside: set_aside.clone(),
        })?;
        if holds(&diary).await? != contents {
            diary.close().await;
            if !sound {
                let set_aside = Some(set_aside);
                return Err(RestoreError::NotWhole { set_aside });
            }
            let draft = places.draft()?;
            let (from, to) = (places.backup(&set_aside), draft.path().to_owned());
            beside(move || files::copy(&from, &to)).await?;
            take_the_place(&places, draft).await?;
            return Err(RestoreError::PutBack);
        }
        Ok(Restored {
            diary,
            contents,
            set_aside,
        })
    }

    /// Joins a checked copy with this diary; both keep what they hold.
    pub async fn merge(&self, copy: Inspected) -> Result<Merged, MergeError> {
        let bytes = (0..64)
            .step_by(2)
            .map(|place| copy.key.0.get(place..place + 2))
            .map(|digits| digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()))
            .collect::<Option<Vec<u8>>>()
            .map(Zeroizing::new);
        let key = bytes.as_deref().and_then(|bytes| DataKey::from_bytes(bytes));
        self.merge_from(copy.draft.path(), &key.ok_or(MergeError::WrongKey)?)
            .await
    }

    /// Whether this diary was not closed.
    pub fn is_open(&self) -> bool {
        !self.pool().is_closed()
    }
}

/// The copies in `backups/` of a diary that cannot be opened.
pub async fn backups_in(folder: &Path, with: Credential<'_>) -> Result<Vec<Backup>, RestoreError> {
    let key = key_of(folder, with).await?;
    Ok(automatic::list(&Places::of(folder), &key).await?)
}

/// Puts one of the copies in `backups/` in the place of a diary that cannot be opened. The damaged file and its
/// log are kept there.
pub async fn restore_backup(
    folder: &Path,
    with: Credential<'_>,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Repaired, RestoreError> {
    let key = key_of(folder, with).await?;
    let copy = import::inspect_backup(&Places::of(folder), key, name).await?;
    restore_into(folder, with, copy, now).await
}

/// Puts a checked copy in the place of a diary that cannot be opened, which must not be open anywhere. The damaged
/// file and its log are kept in `backups/`.
pub async fn restore_into(
    folder: &Path,
    with: Credential<'_>,
    copy: Inspected,
    now: DateTime<Utc>,
) -> Result<Repaired, RestoreError> {
    let places = Places::of(folder);
    let key = key_of(folder, with).await?;
    // What was erased in a diary that cannot be read is not known any more.
    let (draft, contents) = adopt(copy, &key, &[]).await?;
    let kind = BackupKind::Damaged(now);
    let name = kind.name();
    keep_damaged(&places, &name).await?;
    let set_aside = places.diary().is_file().then_some(name);
    take_the_place(&places, draft).await?;
    let opened = Diary::open(folder, with).await;
    let opened = opened.map_err(|error| RestoreError::NotOpened {
        error,
        set_aside: set_aside.clone().unwrap_or_default(),
    })?;
    if holds(&opened.diary).await? != contents {
        opened.diary.close().await;
        return Err(RestoreError::NotWhole { set_aside });
    }
    Ok(Repaired {
        opened,
        contents,
        set_aside,
    })
}

/// Sets a diary aside whose key is lost: its whole folder gets another name, which is returned, and the next
/// opening begins a new diary, into which an export can be restored.
pub fn set_aside_locked(folder: &Path, now: DateTime<Utc>) -> Result<PathBuf, BackupError> {
    let mut aside = folder.as_os_str().to_owned();
    aside.push(format!("{SET_ASIDE}{}", files::stamp(now)));
    let aside = PathBuf::from(aside);
    files::move_folder(folder, &aside).map_err(BackupError::io(&aside))?;
    Ok(aside)
}

/// The folders beside `folder` that [`set_aside_locked`] made of it.
pub(crate) fn set_aside(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let (Some(around), Some(name)) = (folder.parent(), folder.file_name().and_then(OsStr::to_str)) else {
        return Ok(Vec::new());
    };
    let beginning = format!("{name}{SET_ASIDE}");
    let names = files::names(around).map_err(BackupError::io(around))?;
    let asides = names.into_iter().filter(|name| name.starts_with(&beginning));
    Ok(asides.map(|name| around.join(name)).collect())
}

/// Brings to an end whatever was interrupted in a folder, before a diary is opened there.
pub(crate) async fn settle(folder: &Path) -> Result<(), BackupError> {
    let places = Places::of(folder);
    if places.erasing().exists() {
        erase::erase_everything(folder).await?;
    }
    beside(move || {
        if places.ready().exists() {
            finish(&places)?;
        }
        let backups = places.backups();
        for name in files::names(&backups).map_err(BackupError::io(&backups))? {
            if files::is_draft(&name) {
                // Where it cannot be removed it harms nobody: no draft is ever read.
                let _ = files::remove(&backups.join(name));
            }
        }
        Ok(())
    })
    .await
}

/// The decision, and what follows from it.
async fn take_the_place(places: &Places, draft: Draft) -> Result<(), BackupError> {
    let places = Places::of(places.folder());
    beside(move || {
        draft.moved_to(&places.ready())?;
        finish(&places)
    })
    .await
}

/// Each step can be done again until the last one is done.
fn finish(places: &Places) -> Result<(), BackupError> {
    for beside in [places.write_ahead_log(), places.shared_memory()] {
        files::remove(&beside).map_err(BackupError::io(&beside))?;
    }
    files::sync_folder(places.folder()).map_err(BackupError::io(places.folder()))?;
    files::move_durably(&places.ready(), &places.diary())
}

/// Makes a checked copy this device's: under its key, with an id of its own to write under, and without what was
/// erased here. Tells what it holds then.
pub(super) async fn adopt(
    copy: Inspected,
    key: &Zeroizing<String>,
    erased: &[(String, i64)],
) -> Result<(Draft, Contents), BackupError> {
    let Inspected {
        draft,
        key: copys_key,
        ..
    } = copy;
    if *copys_key.0 != **key {
        change_key(draft.path(), &copys_key.0, key).await?;
    }
    let mut connection = contents::connect(draft.path(), key, None, false).await?;
    let mut transaction = connection.begin().await?;
    // Another device, or this one before the restore, goes on under the old id.
    sqlx::query(RENEW)
        .bind(Uuid::new_v4().to_string())
        .execute(&mut *transaction)
        .await?;
    for (id, at) in erased {
        sqlx::query(ERASE)
            .bind(id)
            .bind(at)
            .execute(&mut *transaction)
            .await?;
    }
    for statement in SWEEP {
        sqlx::query(*statement).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    if !erased.is_empty() {
        sqlx::query(VACUUM).execute(&mut connection).await?;
    }
    let held = contents::contents(&mut connection).await?;
    connection.close().await?;
    contents::check_equal(draft.path(), key, &held).await?;
    Ok((draft, held))
}

/// Keeps a damaged diary's file and its log in `backups/`, byte for byte. The log also where the file is gone.
async fn keep_damaged(places: &Places, name: &str) -> Result<(), BackupError> {
    let database = (places.diary(), places.backup(name));
    let log = (places.write_ahead_log(), places.backup(&format!("{name}-wal")));
    // The log first: where the file is, its log is too.
    beside(move || keep(&log.0, &log.1).and_then(|()| keep(&database.0, &database.1))).await
}

fn is_damage(error: &BackupError) -> bool {
    match error {
        BackupError::Unsound { .. } => true,
        BackupError::Database(error) => open::is_damage(error),
        _ => false,
    }
}

/// Gives a file that nobody has open a second name, without reading it where the file system can: it may be
/// unreadable, or the disk full.
fn keep(from: &Path, to: &Path) -> Result<(), BackupError> {
    if !from.exists() {
        return Ok(());
    }
    files::second_name(from, to).map_err(BackupError::io(to))
}

async fn holds(diary: &Diary) -> Result<Contents, BackupError> {
    let mut connection = diary.pool().acquire().await?;
    Ok(contents::contents(&mut connection).await?)
}

async fn key_of(folder: &Path, with: Credential<'_>) -> Result<Zeroizing<String>, RestoreError> {
    let unlocked = keys::unlock(folder, true, with)
        .await
        .map_err(RestoreError::Locked)?;
    Ok(unlocked.key.hex())
}
