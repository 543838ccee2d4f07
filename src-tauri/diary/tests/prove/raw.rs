//! The diary's file seen past the crate, with the key from its unprotected key file.

use std::fmt::Write as _;
use std::path::Path;

use afterglow_diary::Diary;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{Column as _, Connection as _, Row as _, SqliteConnection, ValueRef as _};

/// Opens the diary's file with its key.
pub(crate) async fn connect(folder: &Path) -> Result<SqliteConnection, sqlx::Error> {
    connect_to(folder, &Diary::path(folder)).await
}

/// Opens another file, a backup, with the key of the diary in `folder`.
pub(crate) async fn connect_to(folder: &Path, file: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .pragma("key", format!("\"x'{}'\"", key(folder)))
        .foreign_keys(true);
    SqliteConnection::connect_with(&options).await
}

/// Puts the data key beside the diary, for folders whose key file is about to lose it.
pub(crate) fn note_key(folder: &Path) {
    let key = key(folder);
    std::fs::write(folder.join(NOTED_KEY), key).expect("a note");
}

const NOTED_KEY: &str = "noted-key";

/// The data key's hex digits: from whichever copy of the key file has them, or as noted.
fn key(folder: &Path) -> String {
    ["diary.key", "diary.key.copy"]
        .iter()
        .filter_map(|name| std::fs::read(folder.join(name)).ok())
        .filter_map(|bytes| serde_json::from_slice(&bytes).ok())
        .find_map(|file| hex_in(&file))
        .or_else(|| std::fs::read_to_string(folder.join(NOTED_KEY)).ok())
        .expect("a data key")
}

/// The first field `key` that holds 256 bits.
fn hex_in(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::Array(values) => values.iter().find_map(hex_in),
        Value::Object(fields) => match fields.get("key") {
            Some(Value::String(key)) if key.len() == 64 => Some(key.clone()),
            _ => fields.values().find_map(hex_in),
        },
        _ => None,
    }
}

/// What SQLite itself finds wrong with the file; empty when nothing.
pub(crate) async fn corruption(connection: &mut SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    let mut found = Vec::new();
    for row in sqlx::query("PRAGMA integrity_check")
        .fetch_all(&mut *connection)
        .await?
    {
        let line: String = row.try_get(0)?;
        if line != "ok" {
            found.push(line);
        }
    }
    for row in sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut *connection)
        .await?
    {
        found.push(format!(
            "a row of {} points at nothing",
            row.try_get::<String, _>(0)?
        ));
    }
    Ok(found)
}

/// Every row of every table in an order of its own, as text.
pub(crate) async fn dump(connection: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    let mut text = String::new();
    let tables = sqlx::query(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .fetch_all(&mut *connection)
    .await?;
    for table in tables {
        let table: String = table.try_get(0)?;
        let all = sqlx::AssertSqlSafe(format!("SELECT * FROM \"{table}\""));
        let mut rows: Vec<String> = sqlx::query(all)
            .fetch_all(&mut *connection)
            .await?
            .iter()
            .map(|row| line(&table, row))
            .collect();
        rows.sort();
        for row in rows {
            let _ = writeln!(text, "{table}: {row}");
        }
    }
    Ok(text)
}

fn line(table: &str, row: &SqliteRow) -> String {
    let mut line = String::new();
    for column in row.columns() {
        // These differ from run to run: how long a migration took, what the diary calls itself, and what a
        // correction is called.
        let random = column.name() == "entry" && table != "check_in";
        if random || ["execution_time", "installed_on", "replica"].contains(&column.name()) {
            continue;
        }
        let at = column.ordinal();
        let value = match row.try_get_raw(at) {
            Ok(value) if value.is_null() => "-".to_owned(),
            Ok(_) => row
                .try_get_unchecked::<String, _>(at)
                .map(|text| format!("{text:?}"))
                .or_else(|_| {
                    row.try_get_unchecked::<Vec<u8>, _>(at)
                        .map(|bytes| format!("{bytes:02x?}"))
                })
                .unwrap_or_else(|error| error.to_string()),
            Err(error) => error.to_string(),
        };
        let _ = write!(line, "{}={value} ", column.name());
    }
    line
}
