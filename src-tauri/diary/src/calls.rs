//! What the patient did about a check-in that needed a clinician.

use afterglow_care::check_in::{CheckIn, CheckInId};
use afterglow_care::triage::{CallOutcome, TriageLevel};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;

use crate::values::{Reader, millis, name};
use crate::{Diary, DiaryError, check_ins};

const INSERT: &str =
    "INSERT INTO call_outcome (check_in, outcome, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
const DISMISS: &str = "INSERT INTO call_outcome (check_in, outcome, at, reason) VALUES (?1, 'dismissed', ?2, ?3) \
    ON CONFLICT DO NOTHING";
const ALL: &str = "SELECT check_in, outcome, at FROM call_outcome WHERE outcome <> 'dismissed' ORDER BY at, check_in, outcome";
const SINCE: &str = "SELECT check_in, outcome, at FROM call_outcome WHERE outcome <> 'dismissed' AND at >= ?1 ORDER BY at, check_in, outcome";
/// Check-ins that raised a call about which nothing was said, neither about themselves nor, as a clinician who was
/// reached heard of the whole course, about one of at least that level after them. Nearly all were answered: those go
/// first, by two indexes.
const OPEN: &str = "WITH unanswered AS MATERIALIZED (SELECT check_in, level, raised_at \
    FROM finding AS call INDEXED BY finding_of_call WHERE call.level IN ('call_clinic', 'emergency') \
    AND NOT EXISTS (SELECT 1 FROM call_outcome AS said WHERE said.check_in = call.check_in)) \
    SELECT asked.*, max(call.level = 'emergency') AS emergency, min(call.raised_at) AS raised_at \
    FROM unanswered AS call CROSS JOIN check_in AS asked ON asked.entry = call.check_in \
    WHERE NOT EXISTS (SELECT 1 FROM session_withdrawal WHERE session_withdrawal.session = asked.session) \
    AND NOT EXISTS (SELECT 1 FROM call_outcome AS said JOIN finding AS heard ON heard.check_in = said.check_in \
    WHERE said.at >= asked.at AND said.outcome NOT IN ('entered_by_mistake', 'dismissed') \
    AND heard.level IN ('emergency', call.level)) \
    GROUP BY call.check_in ORDER BY emergency DESC, asked.at DESC, asked.entry";
/// The newest answer that somebody was reached, and whether what came of it was told since.
const REACHED: &str = "SELECT asked.*, said.outcome, said.at AS reached_at, \
    coalesce((SELECT min(call.raised_at) FROM finding AS call INDEXED BY finding_of_call \
    WHERE call.check_in = said.check_in AND call.level IN ('call_clinic', 'emergency')), asked.at) AS raised_at, \
    EXISTS (SELECT 1 FROM finding AS call WHERE call.check_in = said.check_in AND call.level = 'emergency') AS emergency, \
    EXISTS (SELECT 1 FROM follow_up_answer AS told WHERE told.check_in = said.check_in AND told.reached = 1) AS told \
    FROM call_outcome AS said CROSS JOIN check_in AS asked ON asked.entry = said.check_in \
    WHERE said.outcome NOT IN ('entered_by_mistake', 'dismissed') \
    AND NOT EXISTS (SELECT 1 FROM session_withdrawal WHERE session_withdrawal.session = asked.session) \
    ORDER BY said.at DESC, said.check_in DESC, said.outcome DESC LIMIT 1";
const DISMISSED: &str =
    "SELECT check_in, at, reason FROM call_outcome WHERE outcome = 'dismissed' ORDER BY at, check_in, reason";
const KNOWN: &str = "SELECT count(*) AS known FROM check_in WHERE entry = ?1";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, DISMISS, ALL, SINCE, OPEN, REACHED, DISMISSED, KNOWN];

/// What was done about a check-in that asked for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallAnswer {
    /// The check-in; of a corrected one, the correction that asked.
    pub check_in: CheckInId,
    /// What was done.
    pub outcome: CallOutcome,
    /// When the patient said so.
    pub at: DateTime<Utc>,
}

/// Why a call was dismissed: at least one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// What was typed, without the space around it; none when nothing is left.
    pub fn new(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        (!typed.is_empty()).then(|| Self(typed.to_owned()))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A call that the patient dismissed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dismissal {
    /// The check-in; of a corrected one, the correction that asked.
    pub check_in: CheckInId,
    /// Why.
    pub reason: Reason,
    /// When the patient said so.
    pub at: DateTime<Utc>,
}

/// A check-in that asked for a call.
#[derive(Debug, Clone, PartialEq)]
pub struct RaisedCall {
    /// The entry that asked. A later correction does not take the call back.
    pub check_in: CheckIn,
    /// The highest level that was raised.
    pub level: TriageLevel,
    /// When it was first said.
    pub raised_at: DateTime<Utc>,
}

/// A call in which somebody was reached.
#[derive(Debug, Clone, PartialEq)]
pub struct ReachedCall {
    /// The call that was answered.
    pub call: RaisedCall,
    /// Who was reached.
    pub outcome: CallOutcome,
    /// When the patient said so.
    pub reached_at: DateTime<Utc>,
    /// Whether they have said since what came of it, or that there is nothing to say.
    pub is_told: bool,
}

impl Diary {
    /// Keeps what was done; durable on return. False when there is no such check-in.
    pub async fn add_call_answer(&self, answer: CallAnswer) -> Result<bool, DiaryError> {
        if !self.knows_check_in(answer.check_in).await? {
            return Ok(false);
        }
        sqlx::query(INSERT)
            .bind(answer.check_in.0.to_string())
            .bind(name(&answer.outcome))
            .bind(millis(answer.at))
            .execute(self.pool())
            .await?;
        Ok(true)
    }

    /// Everything that was done, oldest first.
    pub async fn call_answers(&self) -> Result<Vec<CallAnswer>, DiaryError> {
        let rows = sqlx::query(ALL).fetch_all(self.pool()).await?;
        answers(&rows)
    }

    /// What was done since an instant, oldest first.
    pub async fn call_answers_since(&self, since: DateTime<Utc>) -> Result<Vec<CallAnswer>, DiaryError> {
        let rows = sqlx::query(SINCE)
            .bind(millis(since))
            .fetch_all(self.pool())
            .await?;
        answers(&rows)
    }

    /// Every call that is open, of however old a session that was not withdrawn: the most urgent first, of equals
    /// the newest. A call is open from when its finding was kept ([`Diary::add_findings`]) until something is said
    /// about its check-in, or somebody was reached about a check-in of at least its level after it.
    pub async fn open_calls(&self) -> Result<Vec<RaisedCall>, DiaryError> {
        let rows = sqlx::query(OPEN).fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| {
                raised(Reader {
                    table: "check_in",
                    row,
                })
            })
            .collect()
    }

    /// The call in which somebody was reached last, of a session that was not withdrawn.
    pub async fn reached_call(&self) -> Result<Option<ReachedCall>, DiaryError> {
        let Some(row) = sqlx::query(REACHED).fetch_optional(self.pool()).await? else {
            return Ok(None);
        };
        let of = |table| Reader { table, row: &row };
        Ok(Some(ReachedCall {
            call: raised(of("check_in"))?,
            outcome: of("call_outcome").named("outcome")?,
            reached_at: of("call_outcome").instant("reached_at")?,
            is_told: of("follow_up_answer").integer("told")? != 0,
        }))
    }

    /// Keeps that a call was dismissed, and why; durable on return. False when there is no such check-in.
    pub async fn add_dismissal(&self, dismissal: &Dismissal) -> Result<bool, DiaryError> {
        if !self.knows_check_in(dismissal.check_in).await? {
            return Ok(false);
        }
        sqlx::query(DISMISS)
            .bind(dismissal.check_in.0.to_string())
            .bind(millis(dismissal.at))
            .bind(dismissal.reason.as_str())
            .execute(self.pool())
            .await?;
        Ok(true)
    }

    /// Every dismissal, oldest first.
    pub async fn dismissals(&self) -> Result<Vec<Dismissal>, DiaryError> {
        let rows = sqlx::query(DISMISSED).fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| {
                let row = Reader {
                    table: "call_outcome",
                    row,
                };
                Ok(Dismissal {
                    check_in: CheckInId(row.parsed("check_in")?),
                    reason: Reason::new(&row.text("reason")?).ok_or_else(|| row.unreadable("reason"))?,
                    at: row.instant("at")?,
                })
            })
            .collect()
    }

    pub(crate) async fn knows_check_in(&self, check_in: CheckInId) -> Result<bool, DiaryError> {
        let row = sqlx::query(KNOWN)
            .bind(check_in.0.to_string())
            .fetch_one(self.pool())
            .await?;
        let known = Reader {
            table: "check_in",
            row: &row,
        };
        Ok(known.integer("known")? > 0)
    }
}

fn raised(row: Reader<'_>) -> Result<RaisedCall, DiaryError> {
    Ok(RaisedCall {
        check_in: check_ins::read(row)?,
        level: if row.integer("emergency")? == 0 {
            TriageLevel::CallClinic
        } else {
            TriageLevel::Emergency
        },
        raised_at: row.instant("raised_at")?,
    })
}

fn answers(rows: &[SqliteRow]) -> Result<Vec<CallAnswer>, DiaryError> {
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
