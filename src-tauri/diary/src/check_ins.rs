//! The table of check-ins: append-only revisions, of which the newest counts.

use afterglow_care::check_in::{CheckIn, CheckInId, Temperature};
use afterglow_care::session::SessionId;
use chrono::{DateTime, Utc};

use crate::values::{Reader, json, millis};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO check_in (id, revision, session, at, local_date, severities, signs, temperature_tenths, \
    areas, note, entered_at) VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
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
            .bind(check_in.temperature.map(tenths))
            .bind(json(&check_in.areas))
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
        id: CheckInId(row.parsed("id")?),
        session: SessionId(row.parsed("session")?),
        at: row.instant("at")?,
        local_date: row.parsed("local_date")?,
        severities: row.json("severities")?,
        signs,
        temperature,
        areas: row.json("areas")?,
        note: row.text("note")?,
        // A correction is a revision of the same check-in here, not another one.
        revises: None,
    })
}

/// A temperature in tenths of a degree, which is what it is exact to.
fn tenths(temperature: Temperature) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "between 300 and 450")]
    let tenths = (temperature.celsius() * 10.0).round() as i64;
    tenths
}
