//! Prescribed medicines: append-only revisions, of which the newest counts.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use crate::values::{Reader, json, millis, time_of_day};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO medicine (entry, id, revision, replica, name, first_day, last_day, times, entered_at) \
    VALUES (?1, ?1, 1, (SELECT replica FROM replica), ?2, ?3, ?4, ?5, ?6)";
const CORRECT: &str = "INSERT INTO medicine (entry, id, revision, replica, name, first_day, last_day, times, entered_at) \
    SELECT ?7, id, revision + 1, (SELECT replica FROM replica), ?2, ?3, ?4, ?5, ?6 FROM medicine_now WHERE id = ?1 \
    AND id NOT IN (SELECT medicine FROM medicine_withdrawal)";
const ALL: &str = "SELECT * FROM medicine_now WHERE id NOT IN (SELECT medicine FROM medicine_withdrawal) \
    ORDER BY first_day, id";
const SUPERSEDED: &str = "SELECT * FROM medicine WHERE entry NOT IN (SELECT entry FROM medicine_now) \
    AND id NOT IN (SELECT medicine FROM medicine_withdrawal) ORDER BY id, revision, entered_at, replica, entry";
const HISTORY: &str = "SELECT * FROM medicine WHERE id = ?1 ORDER BY revision, entered_at, replica, entry";
const KNOWN: &str = "SELECT count(*) AS known FROM medicine WHERE entry = ?1 AND id = ?1";
const WITHDRAW: &str = "INSERT INTO medicine_withdrawal (medicine, at) SELECT ?1, ?2 \
    WHERE NOT EXISTS (SELECT 1 FROM medicine_withdrawal WHERE medicine = ?1)";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, CORRECT, ALL, SUPERSEDED, HISTORY, KNOWN, WITHDRAW];

/// Identifies a medicine for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MedicineId(pub Uuid);

/// A prescribed medicine's times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medicine {
    /// Its identity.
    pub id: MedicineId,
    /// The patient's own word for it, never empty; it stays in the diary.
    pub name: String,
    /// The first day on which it is taken.
    pub from: NaiveDate,
    /// The last day, included and not before the first; none: until it is withdrawn or corrected.
    pub to: Option<NaiveDate>,
    /// The wall-clock times of each day, to the second; none: the patient is not reminded.
    pub times: BTreeSet<NaiveTime>,
}

/// A medicine as it was entered once: at first, or as a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MedicineEntry {
    /// What was entered.
    pub medicine: Medicine,
    /// 1 for the first entry. Two devices may have made the same number.
    pub revision: u32,
    /// When it was entered.
    pub entered_at: DateTime<Utc>,
}

impl Diary {
    /// Keeps a new medicine; durable on return. `now` is when it was entered. The schema refuses one
    /// without a name or with a last day before its first.
    pub async fn add_medicine(&self, medicine: &Medicine, now: DateTime<Utc>) -> Result<(), DiaryError> {
        entered(INSERT, medicine, now).execute(self.pool()).await?;
        Ok(())
    }

    /// Corrects a medicine and keeps what was entered before; durable on return. False when there is none, or none any
    /// more.
    pub async fn correct_medicine(
        &self,
        medicine: &Medicine,
        now: DateTime<Utc>,
    ) -> Result<bool, DiaryError> {
        let done = entered(CORRECT, medicine, now)
            .bind(Uuid::new_v4().to_string())
            .execute(self.pool())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Withdraws a medicine: nothing follows from it any more; durable on return. False when there is none.
    pub async fn withdraw_medicine(
        &self,
        medicine: MedicineId,
        now: DateTime<Utc>,
    ) -> Result<bool, DiaryError> {
        let id = medicine.0.to_string();
        let row = sqlx::query(KNOWN).bind(&id).fetch_one(self.pool()).await?;
        let known = Reader {
            table: "medicine",
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

    /// Every medicine that was not withdrawn, as it stands, in the order of their first days.
    pub async fn medicines(&self) -> Result<Vec<Medicine>, DiaryError> {
        let standing = self.standing_medicines().await?;
        Ok(standing.into_iter().map(|entry| entry.medicine).collect())
    }

    /// The entries of [`Self::medicines`] that count, in the same order.
    pub async fn standing_medicines(&self) -> Result<Vec<MedicineEntry>, DiaryError> {
        let rows = sqlx::query(ALL).fetch_all(self.pool()).await?;
        rows.iter().map(entry).collect()
    }

    /// What was entered of [`Self::medicines`] before and was corrected since, by medicine, oldest first.
    pub async fn superseded_medicines(&self) -> Result<Vec<MedicineEntry>, DiaryError> {
        let rows = sqlx::query(SUPERSEDED).fetch_all(self.pool()).await?;
        rows.iter().map(entry).collect()
    }

    /// What was entered about a medicine, withdrawn or not: first what was entered at first, last what
    /// counts. Empty when there is none.
    pub async fn medicine_history(&self, medicine: MedicineId) -> Result<Vec<MedicineEntry>, DiaryError> {
        let rows = sqlx::query(HISTORY)
            .bind(medicine.0.to_string())
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(entry).collect()
    }
}

fn entry(row: &sqlx::sqlite::SqliteRow) -> Result<MedicineEntry, DiaryError> {
    let row = Reader {
        table: "medicine",
        row,
    };
    Ok(MedicineEntry {
        medicine: read(row)?,
        revision: row.small("revision")?,
        entered_at: row.instant("entered_at")?,
    })
}

type Query = sqlx::query::Query<'static, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// A statement with a medicine's values in ?1 to ?6.
fn entered(statement: &'static str, medicine: &Medicine, now: DateTime<Utc>) -> Query {
    let times: BTreeSet<String> = medicine.times.iter().copied().map(time_of_day).collect();
    sqlx::query(statement)
        .bind(medicine.id.0.to_string())
        .bind(medicine.name.clone())
        .bind(medicine.from.to_string())
        .bind(medicine.to.map(|to| to.to_string()))
        .bind(json(&times))
        .bind(millis(now))
}

fn read(row: Reader<'_>) -> Result<Medicine, DiaryError> {
    Ok(Medicine {
        id: MedicineId(row.parsed("id")?),
        name: row.text("name")?,
        from: row.parsed("first_day")?,
        to: row.optional_parsed("last_day")?,
        times: row.json("times")?,
    })
}
