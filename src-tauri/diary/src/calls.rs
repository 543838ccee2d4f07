//! What the patient did about a check-in that needed a clinician.

use std::collections::BTreeSet;

use afterglow_care::check_in::CheckInId;
use afterglow_care::triage::CallOutcome;
use chrono::{DateTime, Utc};

use crate::values::{Reader, millis, name};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO call_outcome (check_in, outcome, at) VALUES (?1, ?2, ?3)";
const ANSWERED: &str = "SELECT DISTINCT check_in FROM call_outcome";
const KNOWN: &str = "SELECT count(*) AS known FROM check_in WHERE id = ?1";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, ANSWERED, KNOWN];

impl Diary {
    /// Keeps what was done; durable on return. False when there is no such check-in.
    pub async fn add_call_outcome(
        &self,
        check_in: CheckInId,
        outcome: CallOutcome,
        now: DateTime<Utc>,
    ) -> Result<bool, DiaryError> {
        let id = check_in.0.to_string();
        let row = sqlx::query(KNOWN).bind(&id).fetch_one(self.pool()).await?;
        if (Reader {
            table: "check_in",
            row: &row,
        })
        .integer("known")?
            == 0
        {
            return Ok(false);
        }
        sqlx::query(INSERT)
            .bind(id)
            .bind(name(&outcome))
            .bind(millis(now))
            .execute(self.pool())
            .await?;
        Ok(true)
    }

    /// The check-ins whose call was answered.
    pub async fn answered_calls(&self) -> Result<BTreeSet<CheckInId>, DiaryError> {
        let rows = sqlx::query(ANSWERED).fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| {
                (Reader {
                    table: "call_outcome",
                    row,
                })
                .parsed("check_in")
                .map(CheckInId)
            })
            .collect()
    }
}
