//! What came of a call when the patient was asked about it later. Append-only: a later answer adds, and
//! takes nothing back.

use afterglow_care::check_in::CheckInId;
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;

use crate::values::{Reader, millis};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO follow_up_answer (check_in, at, reached, note) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT DO NOTHING";
const ALL: &str = "SELECT * FROM follow_up_answer ORDER BY at, check_in, reached, note";
const SINCE: &str = "SELECT * FROM follow_up_answer WHERE at >= ?1 ORDER BY at, check_in, reached, note";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, ALL, SINCE];

/// What came of an escalation when it was asked about later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUpAnswer {
    /// The check-in that asked for the call; of a corrected one, the correction that asked.
    pub check_in: CheckInId,
    /// When the patient said so.
    pub at: DateTime<Utc>,
    /// Whether the clinic, or other care, was reached.
    pub reached: bool,
    /// What came of it, in the patient's words; it may be empty.
    pub note: String,
}

impl Diary {
    /// Keeps an answer, once however often it is given; durable on return. False when there is no such
    /// check-in. Whether the call is still open is not its matter: see [`Diary::add_call_answer`].
    pub async fn add_follow_up_answer(&self, answer: &FollowUpAnswer) -> Result<bool, DiaryError> {
        if !self.knows_check_in(answer.check_in).await? {
            return Ok(false);
        }
        sqlx::query(INSERT)
            .bind(answer.check_in.0.to_string())
            .bind(millis(answer.at))
            .bind(answer.reached)
            .bind(&answer.note)
            .execute(self.pool())
            .await?;
        Ok(true)
    }

    /// Every answer, oldest first.
    pub async fn follow_up_answers(&self) -> Result<Vec<FollowUpAnswer>, DiaryError> {
        answers(&sqlx::query(ALL).fetch_all(self.pool()).await?)
    }

    /// The answers that were given since `from`, oldest first. What it costs depends on them alone.
    pub async fn follow_up_answers_since(
        &self,
        from: DateTime<Utc>,
    ) -> Result<Vec<FollowUpAnswer>, DiaryError> {
        let rows = sqlx::query(SINCE)
            .bind(millis(from))
            .fetch_all(self.pool())
            .await?;
        answers(&rows)
    }
}

fn answers(rows: &[SqliteRow]) -> Result<Vec<FollowUpAnswer>, DiaryError> {
    rows.iter()
        .map(|row| {
            let row = Reader {
                table: "follow_up_answer",
                row,
            };
            Ok(FollowUpAnswer {
                check_in: CheckInId(row.parsed("check_in")?),
                at: row.instant("at")?,
                reached: row.integer("reached")? != 0,
                note: row.text("note")?,
            })
        })
        .collect()
}
