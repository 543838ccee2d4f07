//! Erasing: what is erased is gone from the file, and does not come back from a copy of it.
//!
//! Only the id and the time stay, so that a merge, a restored backup or a reminder's journal cannot
//! bring back what was erased. Erasing again does what an interrupted erasing left undone.

use afterglow_care::session::SessionId;
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqlitePool;

use crate::photos::PhotoId;
use crate::transaction::Transaction;
use crate::values::{Reader, millis, to_the_end};
use crate::{Diary, DiaryError};

const KNOWN_SESSION: &str = "SELECT EXISTS (SELECT 1 FROM session WHERE entry = ?1 AND id = ?1) \
    OR EXISTS (SELECT 1 FROM erased WHERE id = ?1) AS known";
const KNOWN_PHOTO: &str = "SELECT EXISTS (SELECT 1 FROM photo WHERE id = ?1) \
    OR EXISTS (SELECT 1 FROM erased WHERE id = ?1) AS known";
pub(crate) const ERASE: &str = "INSERT INTO erased (id, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
/// Takes away what is erased. A session takes everything with it that refers to it.
pub(crate) const SWEEP: &[&str] = &[
    "DELETE FROM main.delivery WHERE substr(key, 1, 36) IN (SELECT id FROM main.erased)",
    "DELETE FROM main.photo WHERE id IN (SELECT id FROM main.erased)",
    "DELETE FROM main.session WHERE id IN (SELECT id FROM main.erased)",
];
/// Freed pages are overwritten, not only forgotten.
pub(crate) const OVERWRITE: &str = "PRAGMA secure_delete = ON";
pub(crate) const VACUUM: &str = "VACUUM";
/// The log of the last changes holds pages as they were; it is written back and emptied.
const EMPTY_LOG: &str = "PRAGMA wal_checkpoint (TRUNCATE)";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[
    KNOWN_SESSION,
    KNOWN_PHOTO,
    ERASE,
    SWEEP[0],
    SWEEP[1],
    SWEEP[2],
    OVERWRITE,
    VACUUM,
    EMPTY_LOG,
];

impl Diary {
    /// Erases a session and everything about it: corrections, check-ins, photos, findings, what was done
    /// and what came of it, and its lines of the ledger. False when there is none. Not undone by dropping the future; after an
    /// error it can be done again.
    pub async fn erase_session(&self, session: SessionId, now: DateTime<Utc>) -> Result<bool, DiaryError> {
        let (pool, id) = (self.pool().clone(), session.to_string());
        to_the_end(async move { erase(&pool, KNOWN_SESSION, &id, now).await }).await
    }

    /// Erases a photo. False when there is none. Not undone by dropping the future; after an error it can
    /// be done again.
    pub async fn erase_photo(&self, photo: PhotoId, now: DateTime<Utc>) -> Result<bool, DiaryError> {
        let (pool, id) = (self.pool().clone(), photo.0.to_string());
        to_the_end(async move { erase(&pool, KNOWN_PHOTO, &id, now).await }).await
    }
}

impl Diary {
    /// Brings what is in the log into the file, and empties the log: the file alone holds everything then. Of an
    /// open diary that cannot be written, or of one that is being read, it leaves what it cannot bring in.
    pub async fn bring_in_log(&self) -> Result<(), DiaryError> {
        sqlx::query(EMPTY_LOG).fetch_one(self.pool()).await?;
        Ok(())
    }
}

async fn erase(
    pool: &SqlitePool,
    known: &'static str,
    id: &str,
    now: DateTime<Utc>,
) -> Result<bool, DiaryError> {
    let row = sqlx::query(known).bind(id).fetch_one(pool).await?;
    let known = Reader {
        table: "erased",
        row: &row,
    };
    if known.integer("known")? == 0 {
        return Ok(false);
    }
    sqlx::query(OVERWRITE).execute(pool).await?;
    let mut transaction = Transaction::begin(pool).await?;
    sqlx::query(ERASE)
        .bind(id)
        .bind(millis(now))
        .execute(transaction.on()?)
        .await?;
    for statement in SWEEP {
        sqlx::query(*statement).execute(transaction.on()?).await?;
    }
    transaction.commit().await?;
    scrub(pool).await?;
    Ok(true)
}

/// Gives freed pages back and empties the log, so that neither holds what was deleted.
pub(crate) async fn scrub(pool: &SqlitePool) -> Result<(), DiaryError> {
    let vacuumed = sqlx::query(VACUUM).execute(pool).await;
    // Also when the disk has no room for the vacuum: the pages were overwritten already.
    sqlx::query(EMPTY_LOG).fetch_one(pool).await?;
    vacuumed?;
    Ok(())
}
