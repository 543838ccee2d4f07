//! The plans that the patient accepted, word for word.

use afterglow_care::plan::PlanRef;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::values::{Reader, millis};
use crate::{Diary, DiaryError};

const INSERT: &str =
    "INSERT INTO plan_accepted (entry, plan_id, plan_version, text, accepted_at) VALUES (?1, ?2, ?3, ?4, ?5)";
// Of two devices that accepted the same plan, the first counts, on both.
const ALL: &str = "SELECT * FROM plan_accepted AS accepted WHERE NOT EXISTS (SELECT 1 FROM plan_accepted AS earlier \
    WHERE earlier.plan_id = accepted.plan_id AND earlier.plan_version = accepted.plan_version \
    AND (earlier.accepted_at, earlier.entry) < (accepted.accepted_at, accepted.entry)) \
    ORDER BY accepted_at, entry";
const ONE: &str = "SELECT * FROM plan_accepted WHERE plan_id = ?1 AND plan_version = ?2 ORDER BY accepted_at, entry LIMIT 1";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, ALL, ONE];

/// A plan that the patient accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedPlan {
    /// The plan and its version.
    pub plan: PlanRef,
    /// Its file (TOML) as it was accepted.
    pub text: String,
    /// When.
    pub accepted_at: DateTime<Utc>,
}

/// What became of an acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// It is kept.
    Kept,
    /// The same text had been accepted before.
    Known,
    /// Another text had been accepted under this id and version: the clinic must raise the version.
    /// Nothing was kept.
    Differs,
}

impl Diary {
    /// Keeps a plan that the patient accepted; durable on return.
    pub async fn accept_plan(&self, accepted: &AcceptedPlan) -> Result<Acceptance, DiaryError> {
        if let Some(known) = self.accepted_plan(&accepted.plan).await? {
            return Ok(if known.text == accepted.text {
                Acceptance::Known
            } else {
                Acceptance::Differs
            });
        }
        sqlx::query(INSERT)
            .bind(Uuid::new_v4().to_string())
            .bind(&accepted.plan.id)
            .bind(i64::from(accepted.plan.version))
            .bind(&accepted.text)
            .bind(millis(accepted.accepted_at))
            .execute(self.pool())
            .await?;
        Ok(Acceptance::Kept)
    }

    /// The accepted text of a plan's version.
    pub async fn accepted_plan(&self, plan: &PlanRef) -> Result<Option<AcceptedPlan>, DiaryError> {
        let row = sqlx::query(ONE)
            .bind(&plan.id)
            .bind(i64::from(plan.version))
            .fetch_optional(self.pool())
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// Every plan that was accepted, in the order in which that was.
    pub async fn accepted_plans(&self) -> Result<Vec<AcceptedPlan>, DiaryError> {
        let rows = sqlx::query(ALL).fetch_all(self.pool()).await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &sqlx::sqlite::SqliteRow) -> Result<AcceptedPlan, DiaryError> {
    let row = Reader {
        table: "plan_accepted",
        row,
    };
    Ok(AcceptedPlan {
        plan: PlanRef {
            id: row.text("plan_id")?,
            version: row.small("plan_version")?,
        },
        text: row.text("text")?,
        accepted_at: row.instant("accepted_at")?,
    })
}
