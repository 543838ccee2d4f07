//! Opening the diary, and every way in which that can fail.

use std::path::{Path, PathBuf};

use sqlx::migrate::MigrateError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use crate::key::{self, KeyError, KeyProtection, NewKey};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// An open diary. Cheap to clone; all clones share the one connection.
#[derive(Debug, Clone)]
pub struct Diary {
    pool: SqlitePool,
}

/// A diary, and how its key is protected.
#[derive(Debug)]
pub struct Opened {
    /// The diary.
    pub diary: Diary,
    /// How its key is protected.
    pub protection: KeyProtection,
}

/// Why a diary cannot be opened. Nothing was replaced or removed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no key for it.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The key does not fit, or the file is damaged from its first page on: SQLCipher cannot tell which.
    #[error("the key does not fit this diary, or the file is damaged")]
    WrongKeyOrDamaged,
    /// The file decrypts, but its contents are damaged.
    #[error("the diary's file is damaged: {0}")]
    Damaged(String),
    /// A newer version of the app changed the diary's form.
    #[error(
        "a newer version of the app wrote this diary (its form is {found}, this app knows {known}): update the app"
    )]
    NewerVersion {
        /// The form that was found.
        found: i64,
        /// The newest form that this app knows.
        known: i64,
    },
    /// The folder or the file cannot be read or written.
    #[error("{path} cannot be opened: {reason}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
}

/// `SQLITE_NOTADB` and `SQLITE_CORRUPT`, see <https://www.sqlite.org/rescode.html>.
const SQLITE_NOTADB: i32 = 26;
const SQLITE_CORRUPT: i32 = 11;

impl Diary {
    /// The diary's file in a folder.
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("diary.db")
    }

    /// Opens the diary in `folder`; makes folder, key and diary when there is none.
    pub async fn open(folder: &Path, new_key: NewKey) -> Result<Opened, OpenError> {
        make_private(folder).map_err(|error| OpenError::Unreadable {
            path: folder.to_owned(),
            reason: error.to_string(),
        })?;
        let path = Self::path(folder);
        let exists = path.try_exists().map_err(|error| OpenError::Unreadable {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        let (key, protection) = key::obtain(&folder.join("diary.key"), exists, new_key).await?;
        if !exists {
            // Before SQLite does it: the log beside it takes over the file's permissions.
            create_private(&path).map_err(|error| OpenError::Unreadable {
                path: path.clone(),
                reason: error.to_string(),
            })?;
        }
        let options = SqliteConnectOptions::new()
            .filename(&path)
            // A raw key: no derivation, which would only cost time for 256 random bits.
            .pragma("key", format!("\"x'{}'\"", key.hex().as_str()))
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new()
            // SQLCipher's SQLite lacks the WAL-reset fix of 3.51.3, and that fault needs two connections.
            .max_connections(1)
            .connect_with(options)
            .await
            .map_err(|error| opening(&path, &error))?;
        let diary = Self { pool };
        diary.migrate(&path).await?;
        Ok(Opened { diary, protection })
    }

    /// Writes what is pending and lets the file go.
    pub async fn close(self) {
        self.pool.close().await;
    }

    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    async fn migrate(&self, path: &Path) -> Result<(), OpenError> {
        let known = MIGRATIONS
            .iter()
            .map(|migration| migration.version)
            .max()
            .unwrap_or(0);
        MIGRATIONS.run(&self.pool).await.map_err(|error| match error {
            MigrateError::VersionMissing(found) if found > known => OpenError::NewerVersion { found, known },
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => opening(path, &error),
            other => OpenError::Damaged(other.to_string()),
        })
    }
}

fn opening(path: &Path, error: &sqlx::Error) -> OpenError {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .and_then(|code| code.parse::<i32>().ok())
        // The low byte is the primary result code.
        .map(|code| code & 0xff);
    match code {
        Some(SQLITE_NOTADB) => OpenError::WrongKeyOrDamaged,
        Some(SQLITE_CORRUPT) => OpenError::Damaged(error.to_string()),
        _ => OpenError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        },
    }
}

/// Makes a folder that only its owner can enter.
fn make_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// Makes an empty file that only its owner can read; on systems without modes the user's own folders are private.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_statement_fits_the_migrated_schema() {
        use sqlx::Executor as _;
        let folder = tempfile::tempdir().unwrap();
        let Opened { diary, .. } = Diary::open(folder.path(), NewKey::KeyFile).await.unwrap();
        for statement in crate::STATEMENTS.iter().copied().flatten().copied() {
            let prepared = diary.pool().prepare(sqlx::SqlStr::from_static(statement)).await;
            assert!(prepared.is_ok(), "{statement}: {:?}", prepared.err());
        }
    }
}
