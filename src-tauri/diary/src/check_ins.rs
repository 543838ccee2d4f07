//! The table of check-ins: append-only revisions, of which the newest counts.

use afterglow_care::check_in::{CheckIn, CheckInId, Temperature};
use afterglow_care::session::SessionId;
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;

use crate::values::{Reader, json, millis};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO check_in (entry, id, revision, replica, session, at, local_date, severities, signs, \
    temperature_tenths, areas, note, entered_at) \
    VALUES (?1, ?1, 1, (SELECT replica FROM replica), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const CORRECT: &str = "INSERT INTO check_in (entry, id, revision, replica, session, at, local_date, severities, signs, \
    temperature_tenths, areas, note, entered_at) \
    SELECT ?1, newest.id, newest.revision + 1, (SELECT replica FROM replica), newest.session, ?3, ?4, ?5, ?6, ?7, \
    ?8, ?9, ?10 FROM check_in AS meant JOIN check_in_now AS newest ON newest.id = meant.id WHERE meant.entry = ?2";
const OF_SESSION: &str = "SELECT * FROM check_in_now WHERE session = ?1 ORDER BY at, id";
const HISTORY: &str =
    "SELECT * FROM check_in WHERE session = ?1 ORDER BY id, revision, entered_at, replica, entry";
/// All entries of the sessions that ended since ?1 and of those about which something was entered since the first of
/// them ended; and of all check-ins about an instant since the first of all these ended. Of each older session only its
/// newest check-in is looked up: nearly always there is nothing more to find there.
const HISTORY_SINCE: &str = "WITH recent AS MATERIALIZED (SELECT id, ended_at FROM session_now \
    WHERE ended_at >= ?1 AND id NOT IN (SELECT session FROM session_withdrawal)), \
    latest AS MATERIALIZED (SELECT entry AS session, (SELECT max(at) FROM check_in INDEXED BY check_in_by_session \
    WHERE check_in.session = session.entry) AS at FROM session WHERE entry NOT IN (SELECT id FROM recent)), \
    meant AS MATERIALIZED (SELECT session AS id FROM latest WHERE at >= (SELECT min(ended_at) FROM recent) \
    AND NOT EXISTS (SELECT 1 FROM session_withdrawal AS taken WHERE taken.session = latest.session)), \
    begin (at) AS MATERIALIZED (SELECT min(ended_at) FROM (SELECT ended_at FROM recent UNION ALL \
    SELECT ended_at FROM meant CROSS JOIN session_now ON session_now.id = meant.id)), \
    wanted (id) AS (SELECT check_in.id FROM recent CROSS JOIN check_in INDEXED BY check_in_by_session \
    ON check_in.session = recent.id WHERE check_in.entry = check_in.id \
    UNION ALL SELECT first.id FROM begin CROSS JOIN latest ON latest.at >= begin.at \
    CROSS JOIN check_in AS first INDEXED BY check_in_by_session ON first.session = latest.session \
    WHERE first.entry = first.id AND (latest.session IN (SELECT id FROM meant) OR EXISTS \
    (SELECT 1 FROM check_in AS about INDEXED BY check_in_by_id WHERE about.id = first.id AND about.at >= begin.at))) \
    SELECT check_in.* FROM wanted CROSS JOIN check_in INDEXED BY check_in_by_id ON check_in.id = wanted.id \
    ORDER BY check_in.id, revision, entered_at, replica, entry";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, CORRECT, OF_SESSION, HISTORY, HISTORY_SINCE];

/// A check-in as it was entered once: at first, or as a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckInEntry {
    /// What was entered. Its `revises` names the entry that it took the place of.
    pub check_in: CheckIn,
    /// The entry with which this check-in began: itself, when nothing was corrected yet.
    pub first: CheckInId,
    /// 1 for the first entry. Two devices may have made the same number.
    pub revision: u32,
    /// When it was entered.
    pub entered_at: DateTime<Utc>,
}

impl Diary {
    /// Keeps a new check-in; durable on return. `now` is when it was entered. What it says to revise
    /// is not looked at: see [`Diary::correct_check_in`].
    pub async fn add_check_in(&self, check_in: &CheckIn, now: DateTime<Utc>) -> Result<(), DiaryError> {
        entered(INSERT, check_in, check_in.session.to_string(), now)
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// Corrects the check-in that `correction.revises` names, by whichever of its entries, and keeps what
    /// was entered before; durable on return. The correction has an id of its own and stays with the
    /// session of what it corrects. False when it revises nothing that is there.
    pub async fn correct_check_in(
        &self,
        correction: &CheckIn,
        now: DateTime<Utc>,
    ) -> Result<bool, DiaryError> {
        let Some(revised) = correction.revises else {
            return Ok(false);
        };
        let done = entered(CORRECT, correction, revised.0.to_string(), now)
            .execute(self.pool())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// A session's check-ins as they stand, oldest first: of a corrected one the newest correction alone,
    /// which therefore revises nothing here.
    pub async fn check_ins(&self, session: SessionId) -> Result<Vec<CheckIn>, DiaryError> {
        let rows = sqlx::query(OF_SESSION)
            .bind(session.to_string())
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| {
                read(Reader {
                    table: "check_in",
                    row,
                })
            })
            .collect()
    }

    /// Everything that was entered about a session, corrections beside what they correct, oldest first by
    /// the instant that each speaks of. Each entry but the first of a check-in revises the one before it,
    /// also where two devices corrected the same one: so that exactly one counts.
    pub async fn check_in_entries(&self, session: SessionId) -> Result<Vec<CheckInEntry>, DiaryError> {
        let rows = sqlx::query(HISTORY)
            .bind(session.to_string())
            .fetch_all(self.pool())
            .await?;
        entries(&rows)
    }

    /// [`Diary::check_in_entries`] as triage takes them.
    pub async fn check_in_history(&self, session: SessionId) -> Result<Vec<CheckIn>, DiaryError> {
        let entries = self.check_in_entries(session).await?;
        Ok(entries.into_iter().map(|entry| entry.check_in).collect())
    }

    /// As triage takes them: as much of the history as it looks at for check-ins about an instant at least the
    /// plan's `settled_day` after `ended`. Of each such check-in it says what it says with the whole history, as
    /// long as a session ended since `ended`. Of earlier ones only those are given that these may be held against;
    /// the calls that they left open are what [`Diary::open_calls`] gives.
    pub async fn check_in_history_since(&self, ended: DateTime<Utc>) -> Result<Vec<CheckIn>, DiaryError> {
        let rows = sqlx::query(HISTORY_SINCE)
            .bind(millis(ended))
            .fetch_all(self.pool())
            .await?;
        Ok(entries(&rows)?.into_iter().map(|entry| entry.check_in).collect())
    }
}

/// From rows in the order of the check-ins, each check-in's in the order in which they count.
fn entries(rows: &[SqliteRow]) -> Result<Vec<CheckInEntry>, DiaryError> {
    let mut entries: Vec<CheckInEntry> = Vec::with_capacity(rows.len());
    for row in rows {
        let row = Reader {
            table: "check_in",
            row,
        };
        let first = CheckInId(row.parsed("id")?);
        let before = entries.last().filter(|entry| entry.first == first);
        let revises = before.map(|entry| entry.check_in.id);
        entries.push(CheckInEntry {
            check_in: CheckIn {
                revises,
                ..read(row)?
            },
            first,
            revision: row.small("revision")?,
            entered_at: row.instant("entered_at")?,
        });
    }
    entries.sort_by_key(|entry| entry.check_in.at);
    Ok(entries)
}

type Query = sqlx::query::Query<'static, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// A statement with a check-in's values: its entry in ?1, what it belongs to in ?2.
fn entered(statement: &'static str, check_in: &CheckIn, of: String, now: DateTime<Utc>) -> Query {
    sqlx::query(statement)
        .bind(check_in.id.0.to_string())
        .bind(of)
        .bind(millis(check_in.at))
        .bind(check_in.local_date.to_string())
        .bind(json(&check_in.severities))
        .bind(check_in.signs.as_ref().map(json))
        .bind(check_in.temperature.map(tenths))
        .bind(json(&check_in.areas))
        .bind(check_in.note.clone())
        .bind(millis(now))
}

pub(crate) fn read(row: Reader<'_>) -> Result<CheckIn, DiaryError> {
    let signs = match row.optional_text("signs")? {
        None => None,
        Some(_) => Some(row.json("signs")?),
    };
    let temperature = match row.optional_integer("temperature_tenths")? {
        None => None,
        Some(tenths) => Some(
            i32::try_from(tenths)
                .ok()
                .and_then(|tenths| Temperature::from_celsius(f64::from(tenths) / 10.0))
                .ok_or_else(|| row.unreadable("temperature_tenths"))?,
        ),
    };
    Ok(CheckIn {
        id: CheckInId(row.parsed("entry")?),
        session: SessionId(row.parsed("session")?),
        at: row.instant("at")?,
        local_date: row.parsed("local_date")?,
        severities: row.json("severities")?,
        signs,
        temperature,
        areas: row.json("areas")?,
        note: row.text("note")?,
        revises: None,
    })
}

/// A temperature in tenths of a degree, which is what it is exact to.
fn tenths(temperature: Temperature) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "between 300 and 450")]
    let tenths = (temperature.celsius() * 10.0).round() as i64;
    tenths
}
