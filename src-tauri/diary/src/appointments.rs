//! Booked appointments: append-only revisions, of which the newest counts.

use afterglow_care::Zone;
use chrono::{DateTime, NaiveDateTime, Offset as _, Utc};
use uuid::Uuid;

use crate::values::{Reader, millis};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO appointment (entry, id, revision, replica, local_at, zone_name, zone_offset, note, \
    entered_at) VALUES (?1, ?1, 1, (SELECT replica FROM replica), ?2, ?3, ?4, ?5, ?6)";
const CORRECT: &str = "INSERT INTO appointment (entry, id, revision, replica, local_at, zone_name, zone_offset, note, \
    entered_at) SELECT ?7, id, revision + 1, (SELECT replica FROM replica), ?2, ?3, ?4, ?5, ?6 \
    FROM appointment_now WHERE id = ?1 AND id NOT IN (SELECT appointment FROM appointment_withdrawal)";
const ALL: &str = "SELECT *, (SELECT min(was.entered_at) FROM appointment AS was WHERE was.id = booked.id \
    AND (was.local_at, was.zone_name, was.zone_offset) IS (booked.local_at, booked.zone_name, booked.zone_offset)) \
    AS since FROM appointment_now AS booked WHERE id NOT IN (SELECT appointment FROM appointment_withdrawal) \
    ORDER BY local_at, id";
const HISTORY: &str = "SELECT *, (SELECT min(was.entered_at) FROM appointment AS was WHERE was.id = booked.id \
    AND (was.local_at, was.zone_name, was.zone_offset) IS (booked.local_at, booked.zone_name, booked.zone_offset)) \
    AS since FROM appointment AS booked WHERE id = ?1 ORDER BY revision, entered_at, replica, entry";
const KNOWN: &str = "SELECT count(*) AS known FROM appointment WHERE entry = ?1 AND id = ?1";
const WITHDRAW: &str = "INSERT INTO appointment_withdrawal (appointment, at) SELECT ?1, ?2 \
    WHERE NOT EXISTS (SELECT 1 FROM appointment_withdrawal WHERE appointment = ?1)";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, CORRECT, ALL, HISTORY, KNOWN, WITHDRAW];

/// As SQLite's `datetime` writes it.
const LOCAL: &str = "%Y-%m-%d %H:%M:%S";

/// Identifies an appointment for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AppointmentId(pub Uuid);

/// A booked appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Its identity.
    pub id: AppointmentId,
    /// What the wall clock shows there when it begins, to the second.
    pub at: NaiveDateTime,
    /// The zone of the place.
    pub zone: Zone,
    /// What the patient noted about it; it stays in the diary.
    pub note: String,
}

/// An appointment as it was entered once: at first, or as a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppointmentEntry {
    /// What was entered.
    pub appointment: Appointment,
    /// 1 for the first entry. Two devices may have made the same number.
    pub revision: u32,
    /// When it was entered.
    pub entered_at: DateTime<Utc>,
    /// When it was first entered for this time: a note that was mended since does not make it newer.
    pub since: DateTime<Utc>,
}

impl Diary {
    /// Keeps a new appointment; durable on return. `now` is when it was entered.
    pub async fn add_appointment(
        &self,
        appointment: &Appointment,
        now: DateTime<Utc>,
    ) -> Result<(), DiaryError> {
        entered(INSERT, appointment, now).execute(self.pool()).await?;
        Ok(())
    }

    /// Corrects an appointment and keeps what was entered before; durable on return. False when there is
    /// none, or none any more.
    pub async fn correct_appointment(
        &self,
        appointment: &Appointment,
        now: DateTime<Utc>,
    ) -> Result<bool, DiaryError> {
        let done = entered(CORRECT, appointment, now)
            .bind(Uuid::new_v4().to_string())
            .execute(self.pool())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Withdraws an appointment: nothing follows from it any more; durable on return. False when there is
    /// none.
    pub async fn withdraw_appointment(
        &self,
        appointment: AppointmentId,
        now: DateTime<Utc>,
    ) -> Result<bool, DiaryError> {
        let id = appointment.0.to_string();
        let row = sqlx::query(KNOWN).bind(&id).fetch_one(self.pool()).await?;
        let known = Reader {
            table: "appointment",
            row: &row,
        };
        if known.integer("known")? == 0 {
            return Ok(false);
        }
        sqlx::query(WITHDRAW)
            .bind(id)
            .bind(millis(now))
            .execute(self.pool())
            .await?;
        Ok(true)
    }

    /// Every appointment that was not withdrawn, as it stands, past ones too, in the order of their dates.
    pub async fn appointments(&self) -> Result<Vec<Appointment>, DiaryError> {
        let standing = self.standing_appointments().await?;
        Ok(standing.into_iter().map(|entry| entry.appointment).collect())
    }

    /// The entries of [`Self::appointments`] that count, in the same order.
    pub async fn standing_appointments(&self) -> Result<Vec<AppointmentEntry>, DiaryError> {
        let rows = sqlx::query(ALL).fetch_all(self.pool()).await?;
        rows.iter().map(entry).collect()
    }

    /// What was entered about an appointment, withdrawn or not: first what was entered at first, last what
    /// counts. Empty when there is none.
    pub async fn appointment_history(
        &self,
        appointment: AppointmentId,
    ) -> Result<Vec<AppointmentEntry>, DiaryError> {
        let rows = sqlx::query(HISTORY)
            .bind(appointment.0.to_string())
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(entry).collect()
    }
}

fn entry(row: &sqlx::sqlite::SqliteRow) -> Result<AppointmentEntry, DiaryError> {
    let row = Reader {
        table: "appointment",
        row,
    };
    Ok(AppointmentEntry {
        appointment: read(row)?,
        revision: row.small("revision")?,
        entered_at: row.instant("entered_at")?,
        since: row.instant("since")?,
    })
}

type Query = sqlx::query::Query<'static, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// A statement with an appointment's values in ?1 to ?6.
fn entered(statement: &'static str, appointment: &Appointment, now: DateTime<Utc>) -> Query {
    let zone = &appointment.zone;
    let offset = zone.local(zone.instant(appointment.at)).offset().fix();
    sqlx::query(statement)
        .bind(appointment.id.0.to_string())
        .bind(appointment.at.format(LOCAL).to_string())
        .bind(zone.name().map(ToOwned::to_owned))
        .bind(offset.local_minus_utc())
        .bind(appointment.note.clone())
        .bind(millis(now))
}

fn read(row: Reader<'_>) -> Result<Appointment, DiaryError> {
    let at = NaiveDateTime::parse_from_str(&row.text("local_at")?, LOCAL);
    Ok(Appointment {
        id: AppointmentId(row.parsed("id")?),
        at: at.map_err(|_| row.unreadable("local_at"))?,
        zone: row.zone()?,
        note: row.text("note")?,
    })
}
