//! The table of check-ins: append-only revisions, of which the newest counts.

use std::collections::BTreeSet;

use afterglow_care::check_in::{CheckIn, CheckInId, Sign};
use afterglow_care::session::SessionId;
use chrono::{DateTime, Utc};

use crate::values::{Reader, json, millis};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO check_in (id, revision, session, at, local_date, severities, signs, note, entered_at) \
    VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const OF_SESSION: &str = "SELECT * FROM check_in AS entered WHERE session = ?1 \
    AND revision = (SELECT max(revision) FROM check_in WHERE id = entered.id) ORDER BY at, id";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, OF_SESSION];

impl Diary {
    /// Keeps a new check-in; durable on return. `now` is when it was entered.
    pub async fn add_check_in(&self, check_in: &CheckIn, now: DateTime<Utc>) -> Result<(), DiaryError> {
        sqlx::query(INSERT)
            .bind(check_in.id.0.to_string())
            .bind(check_in.session.to_string())
            .bind(millis(check_in.at))
            .bind(check_in.local_date.to_string())
            .bind(json(&check_in.severities))
            .bind(check_in.signs.as_ref().map(json))
            .bind(&check_in.note)
            .bind(millis(now))
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// A session's check-ins, oldest first.
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
}

fn read(row: Reader<'_>) -> Result<CheckIn, DiaryError> {
    let signs: Option<BTreeSet<Sign>> = match row.optional_text("signs")? {
        None => None,
        Some(_) => Some(row.json("signs")?),
    };
    Ok(CheckIn {
        id: CheckInId(row.parsed("id")?),
        session: SessionId(row.parsed("session")?),
        at: row.instant("at")?,
        local_date: row.parsed("local_date")?,
        severities: row.json("severities")?,
        signs,
        note: row.text("note")?,
    })
}
