//! Transactions that leave nothing behind.
//!
//! `sqlx` counts how deep it is in transactions. On a full disk SQLite takes a transaction back by itself; the count
//! then stays, the next transaction becomes a savepoint, and one that is rolled back stays open: whatever is written
//! after it would be acknowledged and never reach the disk. So the diary says BEGIN, COMMIT and ROLLBACK itself.

use sqlx::Sqlite;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnection, SqlitePool};

const BEGIN: &str = "BEGIN";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[BEGIN, COMMIT, ROLLBACK];

/// A transaction on the diary's one connection; dropped without a commit, it is rolled back before anybody else
/// gets the connection.
pub(crate) struct Transaction {
    /// None when it ended.
    connection: Option<PoolConnection<Sqlite>>,
}

impl Transaction {
    pub(crate) async fn begin(pool: &SqlitePool) -> Result<Self, sqlx::Error> {
        let mut begun = Self {
            connection: Some(pool.acquire().await?),
        };
        sqlx::query(BEGIN).execute(begun.on()?).await?;
        Ok(begun)
    }

    /// The connection to write on.
    pub(crate) fn on(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.connection.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Durable on return.
    pub(crate) async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::query(COMMIT).execute(self.on()?).await?;
        self.connection = None;
        Ok(())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move { roll_back(&mut connection).await });
        }
    }
}

/// Begins a transaction on a connection that is nobody else's until [`ended`].
pub(crate) async fn begun(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query(BEGIN).execute(connection).await.map(drop)
}

/// Ends a transaction by what was done in it.
pub(crate) async fn ended<T, E: From<sqlx::Error>>(
    connection: &mut SqliteConnection,
    done: Result<T, E>,
) -> Result<T, E> {
    let done = match done {
        Ok(done) => sqlx::query(COMMIT)
            .execute(&mut *connection)
            .await
            .map(|_| done)
            .map_err(E::from),
        failed => failed,
    };
    if done.is_err() {
        roll_back(connection).await;
    }
    done
}

/// That there is no transaction any more, because SQLite took it back already, is as good.
async fn roll_back(connection: &mut SqliteConnection) {
    let _ = sqlx::query(ROLLBACK).execute(connection).await;
}

#[cfg(test)]
mod tests {
    use afterglow_care::Locale;

    use crate::settings::{StoredSettings, Theme};
    use crate::{Credential, Diary, DiaryError, NewKey};

    fn named(name: &str) -> StoredSettings {
        StoredSettings {
            locale: Locale::En,
            quiet: None,
            discreet: false,
            clinic_name: name.to_owned(),
            clinic_phone: String::new(),
            clinic_out_of_hours_phone: String::new(),
            clinic_opening_hours: String::new(),
            emergency_number: "112".to_owned(),
            theme: Theme::System,
            text_percent: 100,
            skin_tone: None,
        }
    }

    async fn opened(folder: &std::path::Path) -> Diary {
        Diary::open(folder, Credential::Unattended(NewKey::KeyFile))
            .await
            .unwrap()
            .diary
    }

    /// As many pages as there are, and no more: what a full disk is to SQLite.
    async fn may_grow(diary: &Diary, pages: &'static str) {
        sqlx::query(pages).execute(diary.pool()).await.unwrap();
    }

    #[tokio::test]
    async fn after_a_full_disk_what_is_acknowledged_is_durable() {
        let folder = tempfile::tempdir().unwrap();
        let diary = opened(folder.path()).await;
        diary.save_settings(&named("before")).await.unwrap();
        may_grow(&diary, "PRAGMA max_page_count = 1").await;
        let long = "x".repeat(100_000);
        for _ in 0..3 {
            let error = diary.save_settings(&named(&long)).await.unwrap_err();
            assert!(matches!(error, DiaryError::DiskFull), "{error}");
            let kept = diary.settings().await.unwrap().unwrap();
            assert_eq!(kept.clinic_name, "before");
        }
        may_grow(&diary, "PRAGMA max_page_count = 1000000").await;
        diary.save_settings(&named("after")).await.unwrap();
        // As a killed app leaves it: without a close, which would write what is open.
        let copy = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
            }
        }
        let again = opened(copy.path()).await;
        assert_eq!(again.settings().await.unwrap().unwrap().clinic_name, "after");
    }

    #[tokio::test]
    async fn a_transaction_that_nobody_waits_for_is_rolled_back() {
        let folder = tempfile::tempdir().unwrap();
        let diary = opened(folder.path()).await;
        diary.save_settings(&named("before")).await.unwrap();
        let mut dropped = super::Transaction::begin(diary.pool()).await.unwrap();
        sqlx::query("UPDATE clinic SET name = 'never'")
            .execute(dropped.on().unwrap())
            .await
            .unwrap();
        drop(dropped);
        assert_eq!(diary.settings().await.unwrap().unwrap().clinic_name, "before");
        diary.save_settings(&named("after")).await.unwrap();
        assert_eq!(diary.settings().await.unwrap().unwrap().clinic_name, "after");
    }
}
