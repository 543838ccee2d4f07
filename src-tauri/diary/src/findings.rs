//! What triage said when it was said. Append-only: a later judgement adds, and takes nothing back.

use afterglow_care::check_in::CheckInId;
use afterglow_care::session::SessionId;
use afterglow_care::triage::{RuleId, TriageLevel};
use chrono::{DateTime, Utc};

use crate::transaction::Transaction;
use crate::values::{Reader, millis, name};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO finding (check_in, rule, level, raised_at) SELECT ?1, ?2, ?3, ?4 \
    WHERE NOT EXISTS (SELECT 1 FROM finding WHERE check_in = ?1 AND rule = ?2 AND level = ?3)";
// Two devices may have said the same of one check-in: the first time is when it was raised.
const OF_SESSION: &str = "SELECT check_in, rule, level, min(raised_at) AS raised_at FROM finding \
    WHERE check_in IN (SELECT entry FROM check_in WHERE session = ?1) GROUP BY check_in, rule, level \
    ORDER BY min(raised_at), check_in, rule, level";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, OF_SESSION];

/// A rule that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaisedFinding {
    /// The check-in that was judged; of a corrected one, the correction that was judged.
    pub check_in: CheckInId,
    /// The rule, of the plan that the session is pinned to.
    pub rule: RuleId,
    /// Its level, above expected.
    pub level: TriageLevel,
    /// When it was first said.
    pub raised_at: DateTime<Utc>,
}

impl Diary {
    /// Keeps findings, all or none, each once however often it is said; durable on return.
    pub async fn add_findings(&self, findings: &[RaisedFinding]) -> Result<(), DiaryError> {
        let mut transaction = Transaction::begin(self.pool()).await?;
        for finding in findings {
            sqlx::query(INSERT)
                .bind(finding.check_in.0.to_string())
                .bind(&finding.rule.0)
                .bind(name(&finding.level))
                .bind(millis(finding.raised_at))
                .execute(transaction.on()?)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Everything that was said of a session's check-ins and of their corrections, oldest first.
    pub async fn findings(&self, session: SessionId) -> Result<Vec<RaisedFinding>, DiaryError> {
        let rows = sqlx::query(OF_SESSION)
            .bind(session.to_string())
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| {
                let row = Reader {
                    table: "finding",
                    row,
                };
                Ok(RaisedFinding {
                    check_in: CheckInId(row.parsed("check_in")?),
                    rule: RuleId(row.text("rule")?),
                    level: row.named("level")?,
                    raised_at: row.instant("raised_at")?,
                })
            })
            .collect()
    }
}
