//! Opening the diary, and every way in which that can fail.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::migrate::MigrateError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use crate::backup::{self, BackupError};
use crate::keys::{self, Credential, DataKey, KeyError, KeyringNote, Protection, Vault};
use crate::log;
use crate::standing::Remembered;

pub(crate) static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

const HAS_FORM: &str =
    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'";
const FORM: &str = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations";
/// What the migrations read before they do anything.
const LOOK: &str = "SELECT count(checksum) FROM _sqlx_migrations NOT INDEXED";
const COPY: &str = "VACUUM INTO ?1";
const CHECK: &str = "PRAGMA quick_check(1)";

/// Statements that need no table; `FORM` needs the one that the migrations bring.
#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[HAS_FORM, FORM, LOOK, COPY, CHECK];

/// An open diary. Cheap to clone; all clones share the one connection.
#[derive(Debug, Clone)]
pub struct Diary {
    pool: SqlitePool,
    vault: Arc<Vault>,
    remembered: Arc<Remembered>,
}

/// A diary, and what the patient is told about it.
#[derive(Debug)]
pub struct Opened {
    /// The diary.
    pub diary: Diary,
    /// Which ways lead to its key.
    pub protection: Protection,
    /// Whether it can be written.
    pub access: Access,
    /// What went on that the patient is told, none on most days.
    pub notes: Vec<OpenNote>,
}

/// Whether an open diary can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It can.
    ReadWrite,
    /// It can be read only.
    ReadOnly(WhyReadOnly),
}

/// Why a diary can be read only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyReadOnly {
    /// The folder or the file cannot be written.
    Folder,
    /// A newer version of the app changed the diary's form.
    NewerVersion {
        /// The form that was found.
        found: i64,
        /// The newest form that this app knows.
        known: i64,
    },
}

/// What the patient is told although the diary is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenNote {
    /// About the keyring.
    Keyring(KeyringNote),
    /// One of the two copies of `diary.key` was damaged or gone, and was written again.
    KeyFileMended,
    /// The folder cannot be written and the newest entries are in a log that can only be read there:
    /// they are not shown, and not lost.
    NewestNotShown,
    /// The log with the newest entries was damaged: some that had been kept are missing, and a backup may have them.
    NewestMissing {
        /// Where the damaged log was put; none when it is gone.
        kept: Option<PathBuf>,
    },
}

/// Why a diary cannot be opened. Nothing was replaced or removed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no key for it.
    #[error(transparent)]
    Key(KeyError),
    /// The key that was found is another diary's.
    #[error("the key that was found is another diary's. {}", .0.other_ways())]
    WrongKey(Protection),
    /// The key fits, and the file cannot be read with it.
    #[error("the diary's file is damaged ({0}). It was left as it is: restore a backup")]
    Damaged(String),
    /// The diary's file is gone, and there are copies of it or the log of its newest entries: no empty diary takes
    /// its place. [`restore_backup`](crate::backup::restore_backup) puts a copy there.
    #[error("the diary's file {path} is gone. Put it back, or restore a backup")]
    Missing {
        /// Where it was expected.
        path: PathBuf,
    },
    /// An older form in a folder that cannot be written.
    #[error(
        "an older version of the app wrote this diary (its form is {found}, this app needs {known}), and its \
         folder cannot be written: make the folder writable, or copy it to where it is"
    )]
    OlderVersion {
        /// The form that was found.
        found: i64,
        /// The form that this app needs.
        known: i64,
    },
    /// The disk is full.
    #[error("the disk is full: free some space, then try again")]
    DiskFull,
    /// The folder or the file cannot be read or written.
    #[error("{path} cannot be opened: {reason}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

impl From<KeyError> for OpenError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::DiskFull => Self::DiskFull,
            other => Self::Key(other),
        }
    }
}

/// Primary result codes, see <https://www.sqlite.org/rescode.html>.
/// What SQLCipher makes of a page whose checksum does not hold, but for the first time that it meets one.
const SQLITE_NOMEM: i32 = 7;
const SQLITE_CORRUPT: i32 = 11;
const SQLITE_FULL: i32 = 13;
const SQLITE_CANTOPEN: i32 = 14;
const SQLITE_NOTADB: i32 = 26;

/// How the file is to be opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Write,
    /// Without a log, so that everything is in the one file when it is renamed.
    Draft,
    /// In a folder that can be written, by a version that must not.
    QueryOnly,
    /// With the log beside it.
    ReadOnly,
    /// As if nothing stood beside it.
    Immutable,
}

impl Diary {
    /// The diary's file in a folder.
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("diary.db")
    }

    /// The folder of backups and of what a restore replaced.
    pub fn backups(folder: &Path) -> PathBuf {
        folder.join("backups")
    }

    /// Opens the diary in `folder`; opened unattended, makes folder, key and diary when there is none.
    pub async fn open(folder: &Path, with: Credential<'_>) -> Result<Opened, OpenError> {
        let path = Self::path(folder);
        let unreadable = |error: std::io::Error| unreadable(&path, &error);
        make_private(folder).map_err(unreadable)?;
        settle(folder).await?;
        let exists = path.try_exists().map_err(unreadable)?;
        let writable = can_be_written(folder, &path);
        let in_use = exists || has_backups(folder) || log::is_there(&path);
        let unlocked = keys::unlock(folder, in_use, with).await?;
        if in_use && !exists {
            return Err(OpenError::Missing { path });
        }
        let protection = unlocked.wrappers.protection();
        let mut notes: Vec<OpenNote> = unlocked.keyring.into_iter().map(OpenNote::Keyring).collect();
        let (pool, access) = if writable {
            if let Some(kept) = damaged_log(folder).await.map_err(unreadable)? {
                notes.push(OpenNote::NewestMissing { kept });
            }
            if !exists {
                make_new(&path, &unlocked.key).await?;
            }
            open_to_write(&path, &unlocked.key).await?
        } else {
            let (pool, whole) = open_to_read(&path, &unlocked.key).await?;
            if !whole {
                notes.push(OpenNote::NewestNotShown);
            }
            (pool, Access::ReadOnly(WhyReadOnly::Folder))
        };
        let vault = Vault::new(
            folder,
            unlocked.key,
            unlocked.wrappers,
            access == Access::ReadWrite,
        );
        let diary = Self {
            pool,
            vault: Arc::new(vault),
            remembered: Arc::default(),
        };
        if access == Access::ReadWrite {
            // Not before: a key that has opened the diary is the one to keep.
            if diary.vault.settle(unlocked.to_write).await && unlocked.mended {
                notes.push(OpenNote::KeyFileMended);
            }
            if diary.keyring_entry_left().await {
                notes.push(OpenNote::Keyring(KeyringNote::EntryLeft));
            }
        }
        Ok(Opened {
            diary,
            protection,
            access,
            notes,
        })
    }

    /// Opens the diary again after it was closed, with the key that this one has.
    pub async fn reopen(&self) -> Result<Self, OpenError> {
        settle(&self.vault.folder).await?;
        let (pool, _) = open_to_write(&Self::path(&self.vault.folder), &self.vault.key).await?;
        Ok(Self {
            pool,
            vault: Arc::clone(&self.vault),
            remembered: Arc::default(),
        })
    }

    /// Writes what is pending and lets the file go.
    pub async fn close(self) {
        self.pool.close().await;
    }

    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    pub(crate) fn remembered(&self) -> &Remembered {
        &self.remembered
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }
}

/// What a kill interrupted in the folder is brought to its end first.
async fn settle(folder: &Path) -> Result<(), OpenError> {
    backup::settle(folder).await.map_err(|error| match error {
        BackupError::DiskFull => OpenError::DiskFull,
        BackupError::Io { path, error } => unreadable(&path, &error),
        other => OpenError::Unreadable {
            path: folder.to_owned(),
            reason: other.to_string(),
        },
    })
}

/// The newest form that this app knows.
pub(crate) fn known_form() -> i64 {
    MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}

/// The form of an open diary; 0 before its first migration.
pub(crate) async fn form(pool: &SqlitePool) -> Result<i64, sqlx::Error> {
    let tables: i64 = sqlx::query(HAS_FORM).fetch_one(pool).await?.try_get(0)?;
    if tables == 0 {
        return Ok(0);
    }
    sqlx::query(FORM).fetch_one(pool).await?.try_get(0)
}

/// Makes an empty diary, whole or not at all: a file that is there and holds nothing was damaged.
async fn make_new(path: &Path, key: &DataKey) -> Result<(), OpenError> {
    let draft = path.with_added_extension("new");
    for left in ["new", "new-journal"] {
        match std::fs::remove_file(path.with_added_extension(left)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(unreadable(path, &error));
            }
            _ => {}
        }
    }
    // Before SQLite does it: what it puts beside the file takes over the file's permissions.
    create_private(&draft).map_err(|error| unreadable(path, &error))?;
    let pool = connect(&draft, key, Mode::Draft)
        .await
        .map_err(|error| opening(path, &error))?;
    let made = brought_up_to_date(&draft, &pool, key).await;
    pool.close().await;
    made?;
    if let Some(beside) = unfinished(&draft) {
        return Err(OpenError::Unreadable {
            path: beside,
            reason: "it was not written back".to_owned(),
        });
    }
    let folder = path.parent().unwrap_or(path);
    std::fs::rename(&draft, path)
        .and_then(|()| sync_folder(folder))
        .map_err(|error| unreadable(path, &error))
}

/// When the log was damaged: keeps it, and says where. Opening the diary will write over it.
async fn damaged_log(folder: &Path) -> std::io::Result<Option<Option<PathBuf>>> {
    let folder = folder.to_owned();
    let looked = tokio::task::spawn_blocking(move || {
        let path = Diary::path(&folder);
        if !log::is_damaged(&path)? {
            return Ok(None);
        }
        let backups = Diary::backups(&folder);
        make_private(&backups)?;
        log::keep(&path, &backups).map(Some)
    });
    looked.await.map_err(std::io::Error::other)?
}

async fn open_to_write(path: &Path, key: &DataKey) -> Result<(SqlitePool, Access), OpenError> {
    if std::fs::metadata(path).is_ok_and(|file| file.len() == 0) {
        // SQLite would begin a new one in it.
        return Err(OpenError::Damaged("it is empty".to_owned()));
    }
    // Whoever has it open to write writes the log back into it when closing: what is damaged stays as it was found.
    let looked = match connect(path, key, Mode::ReadOnly).await {
        Ok(pool) => {
            let looked = match form(&pool).await {
                Ok(form) if form > 0 => sqlx::query(LOOK).fetch_one(&pool).await.map(drop),
                other => other.map(drop),
            };
            pool.close().await;
            looked
        }
        Err(error) => Err(error),
    };
    // Anything else may be what a kill interrupted, which opening it to write puts right.
    if let Err(error) = looked
        && is_damage(&error)
    {
        return Err(opening(path, &error));
    }
    let pool = connect(path, key, Mode::Write)
        .await
        .map_err(|error| opening(path, &error))?;
    let newer = match brought_up_to_date(path, &pool, key).await {
        Ok(newer) => newer,
        Err(error) => {
            // Waits until the file is let go: a restore may move it next.
            pool.close().await;
            return Err(error);
        }
    };
    let Some(why) = newer else {
        return Ok((pool, Access::ReadWrite));
    };
    pool.close().await;
    let pool = connect(path, key, Mode::QueryOnly)
        .await
        .map_err(|error| opening(path, &error))?;
    Ok((pool, Access::ReadOnly(why)))
}

/// Migrates an older form; says so when the form is newer than this app.
async fn brought_up_to_date(
    path: &Path,
    pool: &SqlitePool,
    key: &DataKey,
) -> Result<Option<WhyReadOnly>, OpenError> {
    let known = known_form();
    let opening = |error: sqlx::Error| opening(path, &error);
    let found = form(pool).await.map_err(opening)?;
    if found > known {
        return Ok(Some(WhyReadOnly::NewerVersion { found, known }));
    }
    if 0 < found && found < known {
        copy_before_migration(path, pool, key, found).await?;
    }
    MIGRATIONS.run(pool).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => opening(error),
        other => OpenError::Damaged(other.to_string()),
    })?;
    Ok(None)
}

/// Opens what cannot be written; false when the log beside it could not be read.
async fn open_to_read(path: &Path, key: &DataKey) -> Result<(SqlitePool, bool), OpenError> {
    let known = known_form();
    let log = path.with_extension("db-wal");
    let pending = std::fs::metadata(log).is_ok_and(|log| log.len() > 0);
    let read = if pending {
        read_by(path, key, Mode::ReadOnly).await
    } else {
        read_by(path, key, Mode::Immutable).await
    };
    let (pool, found, whole) = match read {
        // The log's index can neither be read nor made.
        Err(error) if pending && code(&error) == Some(SQLITE_CANTOPEN) => {
            let (pool, found) = read_by(path, key, Mode::Immutable)
                .await
                .map_err(|error| opening(path, &error))?;
            (pool, found, false)
        }
        other => {
            let (pool, found) = other.map_err(|error| opening(path, &error))?;
            (pool, found, true)
        }
    };
    if found < known {
        pool.close().await;
        return Err(OpenError::OlderVersion { found, known });
    }
    Ok((pool, whole))
}

pub(crate) async fn read_by(
    path: &Path,
    key: &DataKey,
    mode: Mode,
) -> Result<(SqlitePool, i64), sqlx::Error> {
    let pool = connect(path, key, mode).await?;
    let found = form(&pool).await?;
    Ok((pool, found))
}

/// What SQLite left beside a file that was closed, when it was not written back: the file alone is not whole then.
pub(crate) fn unfinished(path: &Path) -> Option<PathBuf> {
    ["-wal", "-journal"].into_iter().find_map(|end| {
        let mut beside = path.as_os_str().to_owned();
        beside.push(end);
        let beside = PathBuf::from(beside);
        let left = std::fs::metadata(&beside).is_ok_and(|beside| beside.len() > 0);
        left.then_some(beside)
    })
}

/// SQLCipher tells standard error what it cannot decrypt, for the whole process; the errors say it already.
pub(crate) async fn quiet() {
    static QUIET: tokio::sync::OnceCell<()> = tokio::sync::OnceCell::const_new();
    QUIET
        .get_or_init(|| async {
            let memory = SqliteConnectOptions::new().in_memory(true);
            // A chatty one is no reason not to open a diary.
            if let Ok(connection) = memory.pragma("cipher_log_level", "NONE").connect().await {
                let _ = connection.close().await;
            }
        })
        .await;
}

pub(crate) async fn connect(path: &Path, key: &DataKey, mode: Mode) -> Result<SqlitePool, sqlx::Error> {
    quiet().await;
    let mut options = SqliteConnectOptions::new()
        .filename(path)
        // A raw key: no derivation, which would only cost time for 256 random bits.
        .pragma("key", format!("\"x'{}'\"", key.hex().as_str()))
        // The key is a statement too, and no log may have it.
        .disable_statement_logging()
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        // What is erased is overwritten, not only let go.
        .pragma("secure_delete", "ON");
    options = match mode {
        Mode::Write => options.journal_mode(SqliteJournalMode::Wal),
        Mode::Draft => options.journal_mode(SqliteJournalMode::Delete),
        Mode::QueryOnly => options.pragma("query_only", "ON"),
        Mode::ReadOnly => options.read_only(true),
        Mode::Immutable => options.read_only(true).immutable(true),
    };
    SqlitePoolOptions::new()
        // SQLCipher's SQLite lacks the WAL-reset fix of 3.51.3, and that fault needs two connections.
        .max_connections(1)
        // There is no server that could have gone away, and asking it would be a second trip to its thread.
        .test_before_acquire(false)
        // It is kept while the app runs: a new one would have to find the file and the key anew.
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options)
        .await
}

/// `backups/before-form-<n>.db`: the diary as it was before the app that knows form n changed it.
async fn copy_before_migration(
    path: &Path,
    pool: &SqlitePool,
    key: &DataKey,
    found: i64,
) -> Result<(), OpenError> {
    let backups = path.with_file_name("backups");
    let copy = backups.join(format!("before-form-{}.db", known_form()));
    let draft = copy.with_added_extension("new");
    let io = |error: std::io::Error| unreadable(&copy, &error);
    make_private(&backups).map_err(io)?;
    let made = copy_and_check(&copy, &draft, pool, key, found).await;
    if made.is_err() {
        // A full disk needs the room more than half a copy.
        let _ = std::fs::remove_file(&draft);
        return made;
    }
    std::fs::rename(&draft, &copy)
        .and_then(|()| sync_folder(&backups))
        .map_err(io)
}

/// It is only a copy when it opens with the key and is whole.
async fn copy_and_check(
    copy: &Path,
    draft: &Path,
    pool: &SqlitePool,
    key: &DataKey,
    found: i64,
) -> Result<(), OpenError> {
    copy_to_draft(pool, draft).await.map_err(|error| match error {
        CopyError::Io(error) => unreadable(copy, &error),
        CopyError::Database(error) => opening(copy, &error),
    })?;
    let (read, copied) = read_by(draft, key, Mode::Immutable)
        .await
        .map_err(|error| opening(copy, &error))?;
    let checked = sqlx::query(CHECK)
        .fetch_one(&read)
        .await
        .and_then(|row| row.try_get::<String, _>(0))
        .map_err(|error| opening(copy, &error));
    read.close().await;
    let checked = checked?;
    if checked != "ok" || copied != found {
        return Err(OpenError::Damaged(checked));
    }
    Ok(())
}

pub(crate) enum CopyError {
    Io(std::io::Error),
    Database(sqlx::Error),
}

/// A copy of an open diary, encrypted with the same key, and on the disk.
pub(crate) async fn copy_to_draft(pool: &SqlitePool, draft: &Path) -> Result<(), CopyError> {
    match std::fs::remove_file(draft) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(CopyError::Io(error)),
        _ => {}
    }
    let name = draft
        .to_str()
        .ok_or_else(|| CopyError::Io(std::io::ErrorKind::InvalidFilename.into()))?;
    create_private(draft).map_err(CopyError::Io)?;
    sqlx::query(COPY)
        .bind(name)
        .execute(pool)
        .await
        .map_err(CopyError::Database)?;
    std::fs::File::options()
        .write(true)
        .open(draft)
        .and_then(|file| file.sync_all())
        .map_err(CopyError::Io)
}

fn code(error: &sqlx::Error) -> Option<i32> {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .and_then(|code| code.parse::<i32>().ok())
        // The low byte is the primary result code.
        .map(|code| code & 0xff)
}

/// Whether SQLite says that the file is damaged, by a key that fits.
pub(crate) fn is_damage(error: &sqlx::Error) -> bool {
    matches!(code(error), Some(SQLITE_NOMEM | SQLITE_NOTADB | SQLITE_CORRUPT))
}

/// The key has passed its own check by now, so what cannot be decrypted is damaged.
fn opening(path: &Path, error: &sqlx::Error) -> OpenError {
    match code(error) {
        Some(SQLITE_NOMEM) => OpenError::Damaged("a page's checksum does not hold".to_owned()),
        Some(SQLITE_NOTADB | SQLITE_CORRUPT) => OpenError::Damaged(error.to_string()),
        Some(SQLITE_FULL) => OpenError::DiskFull,
        _ => OpenError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        },
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> OpenError {
    if keys::is_disk_full(error) {
        return OpenError::DiskFull;
    }
    OpenError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    }
}

/// Whether a folder holds backups, whose key must not be replaced by a new one. Where nobody can tell, it does.
fn has_backups(folder: &Path) -> bool {
    match std::fs::read_dir(Diary::backups(folder)) {
        Ok(mut entries) => entries.any(|entry| {
            entry.is_ok_and(|entry| {
                entry
                    .path()
                    .extension()
                    .is_some_and(|extension| extension == "db")
            })
        }),
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    }
}

/// Whether SQLite will be able to write: the file, and beside it its log.
///
/// A file that is not there yet and a full disk count as writable: what is wrong then is told when
/// something is written.
fn can_be_written(folder: &Path, path: &Path) -> bool {
    let probe = folder.join("diary.probe");
    let file = std::fs::File::options()
        .read(true)
        .append(true)
        .open(path)
        .map(drop);
    let beside = std::fs::File::create(&probe).map(drop);
    if beside.is_ok() {
        // One that stays is taken for the next probe.
        let _ = std::fs::remove_file(&probe);
    }
    [file, beside].into_iter().all(|tried| {
        !tried.is_err_and(|error| {
            use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
            matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem)
        })
    })
}

/// Makes a folder that only its owner can enter. What the owner took from themselves is left.
pub(crate) fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder)?.permissions().mode();
        if mode & 0o077 != 0 {
            let private = std::fs::Permissions::from_mode(mode & 0o700);
            match std::fs::set_permissions(folder, private) {
                Err(error) if error.kind() == std::io::ErrorKind::ReadOnlyFilesystem => {}
                other => other?,
            }
        }
    }
    Ok(())
}

/// Makes an empty file that only its owner can read; on systems without modes the user's own folders are private.
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Until the folder is flushed, a rename may be undone by a power cut.
pub(crate) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NewKey;

    #[tokio::test]
    async fn every_statement_fits_the_migrated_schema() {
        use sqlx::Executor as _;
        let folder = tempfile::tempdir().unwrap();
        let Opened { diary, .. } = Diary::open(folder.path(), Credential::Unattended(NewKey::KeyFile))
            .await
            .unwrap();
        for statement in crate::STATEMENTS.iter().copied().flatten().copied() {
            let prepared = diary.pool().prepare(sqlx::SqlStr::from_static(statement)).await;
            assert!(prepared.is_ok(), "{statement}: {:?}", prepared.err());
        }
    }

    #[tokio::test]
    async fn what_the_diary_promises_of_its_connection_is_set() {
        let folder = tempfile::tempdir().unwrap();
        let with = Credential::Unattended(NewKey::KeyFile);
        let Opened { diary, .. } = Diary::open(folder.path(), with).await.unwrap();
        for (question, promised) in [
            ("PRAGMA secure_delete", 1),
            ("PRAGMA foreign_keys", 1),
            ("PRAGMA synchronous", 2),
        ] {
            let row = sqlx::query(question).fetch_one(diary.pool()).await.unwrap();
            assert_eq!(row.get::<i64, _>(0), promised, "{question}");
        }
        let row = sqlx::query("PRAGMA journal_mode")
            .fetch_one(diary.pool())
            .await
            .unwrap();
        assert_eq!(row.get::<String, _>(0), "wal");
    }
}
