//! The backup of the day.

use std::path::Path;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use sqlx::sqlite::SqliteConnection;

use super::contents::{self, Contents};
use super::files::{self, Draft, Places};
use super::import::ImportError;
use super::restore::{self, ERASED};
use super::{BackupError, beside, retention};
use crate::Diary;

const COPY: &str = "VACUUM INTO ?1";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[COPY];

/// A copy in `backups/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its file's name, by which it is restored.
    pub name: String,
    /// How it came about.
    pub kind: BackupKind,
    /// Its size.
    pub bytes: u64,
    /// What it holds; none when it cannot be opened with the diary's key.
    pub contents: Option<Contents>,
}

/// How a copy in `backups/` came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BackupKind {
    /// The diary that a restore replaced, and when.
    Replaced(DateTime<Utc>),
    /// The damaged diary that a restore replaced, and when.
    Damaged(DateTime<Utc>),
    /// Made before the app that knows this form changed the tables.
    BeforeForm(i64),
    /// Made on this day.
    Daily(NaiveDate),
}

impl BackupKind {
    pub(super) fn name(self) -> String {
        match self {
            Self::Daily(date) => format!("diary-{date}.db"),
            Self::BeforeForm(form) => format!("before-form-{form}.db"),
            Self::Replaced(at) => format!("replaced-{}.db", files::stamp(at)),
            Self::Damaged(at) => format!("damaged-{}.db", files::stamp(at)),
        }
    }

    /// The kind of a file, by a name that this module gives.
    pub(super) fn of(name: &str) -> Option<Self> {
        let (kind, rest) = name.strip_suffix(".db")?.split_once('-')?;
        let at = || {
            NaiveDateTime::parse_from_str(rest, "%Y%m%dT%H%M%S%3fZ")
                .ok()
                .map(|at| at.and_utc())
        };
        let kind = match kind {
            "diary" => Self::Daily(rest.parse().ok()?),
            "before" => Self::BeforeForm(rest.strip_prefix("form-")?.parse().ok()?),
            "replaced" => Self::Replaced(at()?),
            "damaged" => Self::Damaged(at()?),
            _ => return None,
        };
        // The same date can be written in more ways than one.
        (kind.name() == name).then_some(kind)
    }
}

impl Diary {
    /// Makes the backup of the day (the patient's `today`), checks it, and lets old ones go; none when today has
    /// its backup already. Nothing old is removed unless the new one is sound.
    pub async fn back_up(&self, today: NaiveDate) -> Result<Option<Backup>, BackupError> {
        let places = self.places();
        let path = places.backup(&BackupKind::Daily(today).name());
        if path.try_exists().map_err(BackupError::io(&path))? {
            return Ok(None);
        }
        self.make_and_thin(&places, today).await.map(Some)
    }

    /// [`back_up`](Self::back_up), also when today has its backup: the new one takes its place. An old one that holds
    /// more, because something was lost since, is kept under another name.
    pub async fn back_up_again(&self, today: NaiveDate, now: DateTime<Utc>) -> Result<Backup, BackupError> {
        self.keep_what_holds_more(today, now).await?;
        self.make_and_thin(&self.places(), today).await
    }

    async fn keep_what_holds_more(&self, today: NaiveDate, now: DateTime<Utc>) -> Result<(), BackupError> {
        let places = self.places();
        let path = places.backup(&BackupKind::Daily(today).name());
        let key = self.key_hex();
        let Some(before) = numbers(&path, key.as_str()).await else {
            return Ok(());
        };
        let mut connection = self.pool().acquire().await?;
        let held = contents::contents(&mut connection).await?;
        drop(connection);
        let rows = |of: &Contents, table: &str| of.rows.get(table).copied().unwrap_or(0);
        let erased_since = rows(&held, "erased") > rows(&before, "erased");
        let holds_more = before
            .rows
            .iter()
            .any(|(table, count)| *count > rows(&held, table));
        if holds_more && !erased_since {
            let kept = places.backup(&BackupKind::Replaced(now).name());
            beside(move || files::second_name(&path, &kept).map_err(BackupError::io(&kept))).await?;
        }
        Ok(())
    }

    async fn make_and_thin(&self, places: &Places, today: NaiveDate) -> Result<Backup, BackupError> {
        let backup = self.make(places, today).await?;
        let folder = places.backups();
        let dates = files::names(&folder)
            .map_err(BackupError::io(&folder))?
            .iter()
            .filter_map(|name| match BackupKind::of(name) {
                Some(BackupKind::Daily(date)) => Some(date),
                _ => None,
            })
            .collect();
        if backup
            .contents
            .as_ref()
            .is_some_and(|contents| contents.newest_entry.is_none())
        {
            // An empty diary may be a new one where another was lost: it pushes nothing out.
            return Ok(backup);
        }
        for old in retention::removable(&dates, today) {
            // What cannot be removed today is removed another day; the backup was made all the same.
            let _ = files::remove(&places.backup(&BackupKind::Daily(old).name()));
        }
        Ok(backup)
    }

    /// The copies in `backups/` with what they hold, newest of each kind first.
    pub async fn list_backups(&self) -> Result<Vec<Backup>, BackupError> {
        list(&self.places(), self.key_hex().as_str()).await
    }

    /// Takes from every copy what was erased here, and makes today's anew: after something was erased for good, no
    /// copy may still hold it. A copy that cannot be read, a damaged diary and its log among them, goes whole.
    pub async fn renew_backups(&self, today: NaiveDate, now: DateTime<Utc>) -> Result<Backup, BackupError> {
        let places = self.places();
        let folder = places.backups();
        let mut connection = self.pool().acquire().await?;
        let erased: Vec<(String, i64)> = sqlx::query_as(ERASED).fetch_all(&mut *connection).await?;
        drop(connection);
        for name in files::names(&folder).map_err(BackupError::io(&folder))? {
            let path = places.backup(&name);
            let is_swept = match BackupKind::of(name.strip_suffix("-wal").unwrap_or(&name)) {
                // Nobody here made it.
                None => true,
                Some(BackupKind::Damaged(_)) => false,
                Some(_) => self.sweep(&name, &path, &erased).await.is_ok(),
            };
            if !is_swept {
                files::remove(&path).map_err(BackupError::io(&path))?;
            }
        }
        files::sync_folder(&folder).map_err(BackupError::io(&folder))?;
        self.back_up_again(today, now).await
    }

    async fn sweep(&self, name: &str, path: &Path, erased: &[(String, i64)]) -> Result<(), ImportError> {
        let copy = self.inspect_backup(name).await?;
        let (draft, _) = restore::adopt(copy, &self.key_hex(), erased).await?;
        let path = path.to_owned();
        beside(move || draft.moved_to(&path)).await?;
        Ok(())
    }

    pub(super) fn places(&self) -> Places {
        Places::of(self.folder())
    }

    async fn make(&self, places: &Places, today: NaiveDate) -> Result<Backup, BackupError> {
        let mut connection = self.pool().acquire().await?;
        let (draft, contents) = copy(places, &mut connection, self.key_hex().as_str()).await?;
        drop(connection);
        let kind = BackupKind::Daily(today);
        let name = kind.name();
        let path = places.backup(&name);
        let bytes = beside(move || {
            draft.moved_to(&path)?;
            size(&path)
        })
        .await?;
        Ok(Backup {
            name,
            kind,
            bytes,
            contents: Some(contents),
        })
    }
}

/// A checked copy of the open diary, under the diary's own key, still a draft. Who holds the diary's one
/// connection knows that nothing is written meanwhile.
pub(super) async fn copy(
    places: &Places,
    diary: &mut SqliteConnection,
    key: &str,
) -> Result<(Draft, Contents), BackupError> {
    let draft = places.draft()?;
    let held = contents::contents(diary).await?;
    sqlx::query(COPY)
        .bind(files::text(draft.path())?)
        .execute(diary)
        .await?;
    let path = draft.path().to_owned();
    beside(move || files::sync(&path)).await?;
    contents::check_equal(draft.path(), key, &held).await?;
    Ok((draft, held))
}

/// The copies in `backups/`.
pub(super) async fn list(places: &Places, key: &str) -> Result<Vec<Backup>, BackupError> {
    let folder = places.backups();
    let mut backups = Vec::new();
    for name in files::names(&folder).map_err(BackupError::io(&folder))? {
        let Some(kind) = BackupKind::of(&name) else {
            continue;
        };
        let path = places.backup(&name);
        backups.push(Backup {
            bytes: size(&path)?,
            contents: match kind {
                BackupKind::Damaged(_) => None,
                BackupKind::Daily(_) | BackupKind::Replaced(_) | BackupKind::BeforeForm(_) => {
                    numbers(&path, key).await
                }
            },
            name,
            kind,
        });
    }
    backups.sort_by_key(|backup| std::cmp::Reverse(backup.kind));
    Ok(backups)
}

async fn numbers(path: &Path, key: &str) -> Option<Contents> {
    let mut connection = contents::connect(path, key, None, true).await.ok()?;
    contents::contents(&mut connection).await.ok()
}

fn size(path: &Path) -> Result<u64, BackupError> {
    std::fs::metadata(path)
        .map(|file| file.len())
        .map_err(BackupError::io(path))
}
