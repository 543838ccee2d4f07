//! What the patient did about a check-in that needed a clinician.

use afterglow_care::check_in::CheckInId;
use afterglow_care::triage::CallOutcome;
use chrono::{DateTime, Utc};

use crate::values::{Reader, millis, name};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO call_outcome (check_in, outcome, at) VALUES (?1, ?2, ?3)";
const ALL: &str = "SELECT check_in, outcome, at FROM call_outcome ORDER BY at, id";
const KNOWN: &str = "SELECT count(*) AS known FROM check_in WHERE id = ?1";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, ALL, KNOWN];

/// What was done about a check-in that asked for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallAnswer {
    /// The check-in.
    pub check_in: CheckInId,
    /// What was done.
    pub outcome: CallOutcome,
    /// When the patient said so.
    pub at: DateTime<Utc>,
}

impl Diary {
    /// Keeps what was done; durable on return. False when there is no such check-in.
    pub async fn add_call_answer(&self, answer: CallAnswer) -> Result<bool, DiaryError> {
        let id = answer.check_in.0.to_string();
        let row = sqlx::query(KNOWN).bind(&id).fetch_one(self.pool()).await?;
        let known = Reader {
            table: "check_in",
            row: &row,
        };
        if known.integer("known")? == 0 {
            return Ok(false);
        }
        sqlx::query(INSERT)
            .bind(id)
            .bind(name(&answer.outcome))
            .bind(millis(answer.at))
            .execute(self.pool())
            .await?;
        Ok(true)
    }

    /// Everything that was done, oldest first.
    pub async fn call_answers(&self) -> Result<Vec<CallAnswer>, DiaryError> {
        let rows = sqlx::query(ALL).fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| {
                let row = Reader {
                    table: "call_outcome",
                    row,
                };
                Ok(CallAnswer {
                    check_in: CheckInId(row.parsed("check_in")?),
                    outcome: row.named("outcome")?,
                    at: row.instant("at")?,
                })
            })
            .collect()
    }
}
