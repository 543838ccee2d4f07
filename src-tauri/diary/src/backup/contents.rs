//! What a copy holds, and whether it is sound.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::{DateTime, Utc};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use super::BackupError;
use crate::open::{self, MIGRATIONS};

const FORM: &str = "SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success";
const NAMES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' \
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_sqlx_migrations'";
const SCHEMA: &str = "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') \
    FROM sqlite_schema ORDER BY 1";
const NEWEST: &str = "SELECT max(at) FROM (SELECT max(entered_at) AS at FROM session \
    UNION ALL SELECT max(entered_at) FROM check_in)";
const PAGES: &str = "PRAGMA cipher_integrity_check";
const INTEGRITY: &str = "PRAGMA integrity_check";
const REFERENCES: &str = "PRAGMA foreign_key_check";

/// Every table, with the question how many rows it has.
pub(crate) const TABLES: &[(&str, &str)] = &[
    ("appointment", "SELECT count(*) FROM appointment"),
    (
        "appointment_withdrawal",
        "SELECT count(*) FROM appointment_withdrawal",
    ),
    ("call_outcome", "SELECT count(*) FROM call_outcome"),
    ("check_in", "SELECT count(*) FROM check_in"),
    ("clinic", "SELECT count(*) FROM clinic"),
    ("course", "SELECT count(*) FROM course"),
    ("delivery", "SELECT count(*) FROM delivery"),
    ("erased", "SELECT count(*) FROM erased"),
    ("finding", "SELECT count(*) FROM finding"),
    ("follow_up_answer", "SELECT count(*) FROM follow_up_answer"),
    ("medicine", "SELECT count(*) FROM medicine"),
    ("medicine_withdrawal", "SELECT count(*) FROM medicine_withdrawal"),
    ("photo", "SELECT count(*) FROM photo"),
    ("plan_accepted", "SELECT count(*) FROM plan_accepted"),
    ("reminder_settings", "SELECT count(*) FROM reminder_settings"),
    ("replica", "SELECT count(*) FROM replica"),
    ("session", "SELECT count(*) FROM session"),
    ("session_withdrawal", "SELECT count(*) FROM session_withdrawal"),
    ("settings", "SELECT count(*) FROM settings"),
];

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[FORM, NAMES, SCHEMA, NEWEST, PAGES, INTEGRITY, REFERENCES];

/// What a diary or a copy of it holds, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Contents {
    /// The form of its tables: the number of the last migration.
    pub form: i64,
    /// How many rows each table has.
    pub rows: BTreeMap<String, u64>,
    /// When the newest session or check-in was entered.
    pub newest_entry: Option<DateTime<Utc>>,
}

/// A connection to a copy, never to the open diary. With `changed_to` the copy gets another key first.
pub(super) async fn connect(
    path: &Path,
    key: &str,
    changed_to: Option<&str>,
    read_only: bool,
) -> Result<SqliteConnection, sqlx::Error> {
    open::quiet().await;
    let mut options = SqliteConnectOptions::new()
        .filename(path)
        .pragma("key", format!("\"x'{key}'\""))
        // The key is a statement too, and no log may have it.
        .disable_statement_logging()
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full);
    options = if read_only {
        // Nobody else has a copy open, and a look leaves nothing beside it.
        options.read_only(true).immutable(true)
    } else {
        // Without a log: what was written is in the one file that gets another name.
        options.journal_mode(SqliteJournalMode::Delete)
    };
    if let Some(key) = changed_to {
        options = options.pragma("rekey", format!("\"x'{key}'\""));
    }
    options.connect().await
}

/// What an open diary or copy holds.
pub(super) async fn contents(connection: &mut SqliteConnection) -> Result<Contents, sqlx::Error> {
    let form = sqlx::query_scalar(FORM).fetch_one(&mut *connection).await?;
    let names: Vec<String> = sqlx::query_scalar(NAMES).fetch_all(&mut *connection).await?;
    let names = BTreeSet::from_iter(names);
    let mut rows = BTreeMap::new();
    for (name, count) in TABLES.iter().filter(|(name, _)| names.contains(*name)) {
        let count: i64 = sqlx::query_scalar(*count).fetch_one(&mut *connection).await?;
        rows.insert((*name).to_owned(), u64::try_from(count).unwrap_or(0));
    }
    let newest: Option<i64> = sqlx::query_scalar(NEWEST).fetch_one(&mut *connection).await?;
    Ok(Contents {
        form,
        rows,
        newest_entry: newest.and_then(DateTime::from_timestamp_millis),
    })
}

/// Opens a copy with its key, reads every page of it, and tells what it holds.
pub(super) async fn check(path: &Path, key: &str) -> Result<Contents, BackupError> {
    let unsound = |reason: String| BackupError::Unsound {
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        reason,
    };
    // Whatever SQLite says against a copy is the copy's fault.
    let refused = |error: sqlx::Error| unsound(error.to_string());
    let mut copy = connect(path, key, None, true).await.map_err(refused)?;
    for statement in [PAGES, INTEGRITY] {
        let complaints = sqlx::query_scalar::<_, String>(statement)
            .fetch_all(&mut copy)
            .await
            .map_err(refused)?;
        if let Some(complaint) = complaints.into_iter().find(|complaint| complaint != "ok") {
            return Err(unsound(complaint));
        }
    }
    let dangling = sqlx::query(REFERENCES)
        .fetch_optional(&mut copy)
        .await
        .map_err(refused)?;
    if let Some(row) = dangling {
        let table: String = row.try_get("table").map_err(refused)?;
        return Err(unsound(format!("a row of {table} refers to nothing")));
    }
    let held = contents(&mut copy).await.map_err(refused)?;
    copy.close().await.map_err(refused)?;
    Ok(held)
}

/// [`check`], and an error unless it holds exactly what it should.
pub(super) async fn check_equal(path: &Path, key: &str, expected: &Contents) -> Result<(), BackupError> {
    let found = check(path, key).await?;
    if found == *expected {
        Ok(())
    } else {
        Err(BackupError::Unsound {
            name: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            reason: "it does not hold what was copied".to_owned(),
        })
    }
}

/// The definitions of a copy's tables, indexes and triggers.
pub(super) async fn schema(connection: &mut SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(SCHEMA).fetch_all(connection).await
}

/// The definitions that the app makes for a form that it knows.
pub(super) async fn known_schema(form: i64) -> Result<Vec<String>, sqlx::Error> {
    let mut empty = SqliteConnectOptions::new().in_memory(true).connect().await?;
    migrate(&mut empty, form).await?;
    schema(&mut empty).await
}

/// Brings a copy to a form that is not older than its own.
pub(super) async fn migrate(connection: &mut SqliteConnection, form: i64) -> Result<(), sqlx::Error> {
    MIGRATIONS
        .run_direct(Some(form), connection, false)
        .await
        .map_err(|error| sqlx::Error::Migrate(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use sqlx::Executor as _;

    use super::*;

    #[tokio::test]
    async fn every_table_is_counted() {
        let mut diary = SqliteConnectOptions::new()
            .in_memory(true)
            .connect()
            .await
            .unwrap();
        migrate(&mut diary, open::known_form()).await.unwrap();
        let names: Vec<String> = sqlx::query_scalar(NAMES).fetch_all(&mut diary).await.unwrap();
        assert_eq!(
            names.iter().map(String::as_str).collect::<BTreeSet<_>>(),
            TABLES.iter().map(|(name, _)| *name).collect()
        );
        for (name, count) in TABLES {
            assert_eq!(*count, format!("SELECT count(*) FROM {name}"));
            diary.prepare(sqlx::SqlStr::from_static(count)).await.unwrap();
        }
    }
}
