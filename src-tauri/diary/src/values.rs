//! How values of the domain stand in the tables.

use afterglow_care::Zone;
use chrono::{DateTime, FixedOffset, NaiveTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::DiaryError;

/// Milliseconds since 1970.
pub(crate) fn millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// A wall-clock time to the second, as SQLite's `time` writes it.
pub(crate) fn time_of_day(time: NaiveTime) -> String {
    time.format("%H:%M:%S").to_string()
}

/// JSON of a set or map of plain values, which always has one.
pub(crate) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The wire name of a unit variant.
pub(crate) fn name<T: Serialize>(value: &T) -> String {
    json(value).trim_matches('"').to_owned()
}

/// Runs to its end although the caller may not wait for it: what must not stop half-way, in which the
/// diary's one connection is in a state of its own.
pub(crate) async fn to_the_end<T, F>(work: F) -> T
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is going down, and the caller with it.
            Err(_) => std::future::pending().await,
        },
    }
}

/// Reads one table's rows, naming table and column in errors.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'r> {
    pub(crate) table: &'static str,
    pub(crate) row: &'r SqliteRow,
}

impl Reader<'_> {
    pub(crate) fn unreadable(self, column: &'static str) -> DiaryError {
        DiaryError::UnreadableRow {
            table: self.table,
            column,
        }
    }

    pub(crate) fn text(self, column: &'static str) -> Result<String, DiaryError> {
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn optional_text(self, column: &'static str) -> Result<Option<String>, DiaryError> {
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn integer(self, column: &'static str) -> Result<i64, DiaryError> {
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn optional_integer(self, column: &'static str) -> Result<Option<i64>, DiaryError> {
        Ok(self.row.try_get(column)?)
    }

    /// A number that is small and not negative.
    pub(crate) fn small<T: TryFrom<i64>>(self, column: &'static str) -> Result<T, DiaryError> {
        T::try_from(self.integer(column)?).map_err(|_| self.unreadable(column))
    }

    pub(crate) fn bytes(self, column: &'static str) -> Result<Vec<u8>, DiaryError> {
        Ok(self.row.try_get(column)?)
    }

    pub(crate) fn instant(self, column: &'static str) -> Result<DateTime<Utc>, DiaryError> {
        DateTime::from_timestamp_millis(self.integer(column)?).ok_or_else(|| self.unreadable(column))
    }

    pub(crate) fn optional_instant(self, column: &'static str) -> Result<Option<DateTime<Utc>>, DiaryError> {
        self.optional_integer(column)?
            .map(|millis| DateTime::from_timestamp_millis(millis).ok_or_else(|| self.unreadable(column)))
            .transpose()
    }

    pub(crate) fn parsed<T: std::str::FromStr>(self, column: &'static str) -> Result<T, DiaryError> {
        self.text(column)?.parse().map_err(|_| self.unreadable(column))
    }

    pub(crate) fn optional_parsed<T: std::str::FromStr>(
        self,
        column: &'static str,
    ) -> Result<Option<T>, DiaryError> {
        self.optional_text(column)?
            .map(|text| text.parse().map_err(|_| self.unreadable(column)))
            .transpose()
    }

    /// The zone by its name; by its stored offset when nobody knows the name any more.
    pub(crate) fn zone(self) -> Result<Zone, DiaryError> {
        if let Some(Ok(zone)) = self.optional_text("zone_name")?.as_deref().map(Zone::named) {
            return Ok(zone);
        }
        i32::try_from(self.integer("zone_offset")?)
            .ok()
            .and_then(FixedOffset::east_opt)
            .map(Zone::fixed)
            .ok_or_else(|| self.unreadable("zone_offset"))
    }

    pub(crate) fn json<T: DeserializeOwned>(self, column: &'static str) -> Result<T, DiaryError> {
        serde_json::from_str(&self.text(column)?).map_err(|_| self.unreadable(column))
    }

    pub(crate) fn named<T: DeserializeOwned>(self, column: &'static str) -> Result<T, DiaryError> {
        let quoted = serde_json::Value::String(self.text(column)?);
        serde_json::from_value(quoted).map_err(|_| self.unreadable(column))
    }
}
