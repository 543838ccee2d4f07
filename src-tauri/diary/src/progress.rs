//! What is counted over a session: what was entered about it, and what was asked for and done.

use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::SessionId;
use chrono::{DateTime, Utc};

use crate::values::Reader;
use crate::{Diary, DiaryError};

// Along two indexes for each session.
const ENTERED: &str = "SELECT entry AS id, \
    (SELECT count(*) FROM check_in INDEXED BY check_in_by_session WHERE check_in.session = session.entry \
    AND check_in.entry = check_in.id) AS check_ins, \
    (SELECT count(*) FROM photo INDEXED BY photo_by_session WHERE photo.session = session.entry) AS photos \
    FROM session WHERE entry = id AND NOT EXISTS \
    (SELECT 1 FROM session_withdrawal AS taken WHERE taken.session = session.entry)";
// What nobody saw was not asked for, nor what was taken back before anything was said about it. A session's keys are
// its id, a slash and more ('0' follows '/'): a range of the index.
// What was ticked off and taken back counts as nothing said.
const ASKED: &str = "SELECT key, max(due_at) AS due_at, \
    coalesce(max(CASE state WHEN 'done' THEN at END) > coalesce(max(CASE state WHEN 'undone' THEN at END), -1), 0) AS done, \
    max(state = 'skipped') AS skipped FROM delivery INDEXED BY delivery_by_key \
    WHERE key >= ?1 || '/' AND key < ?1 || '0' \
    AND state IN ('shown', 'opened', 'snoozed', 'done', 'undone', 'skipped', 'withdrawn') GROUP BY key \
    HAVING done OR max(state = 'skipped') \
    OR (max(state IN ('shown', 'opened', 'snoozed')) AND NOT max(state = 'withdrawn')) ORDER BY key";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[ENTERED, ASKED];

/// How much was entered about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnteredAbout {
    /// The session.
    pub session: SessionId,
    /// Its check-ins, each once however often it was corrected.
    pub check_ins: u32,
    /// Its photos.
    pub photos: u32,
}

/// A reminder that the patient was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The occurrence.
    pub key: OccurrenceKey,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// What the patient said about it; none when nothing was said.
    pub answer: Option<AskedAnswer>,
}

/// What a patient said about a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedAnswer {
    /// It was done.
    Done,
    /// It was left out.
    Skipped,
}

impl Diary {
    /// How much was entered about each session that was not withdrawn.
    pub async fn entered_about(&self) -> Result<Vec<EnteredAbout>, DiaryError> {
        let rows = sqlx::query(ENTERED).fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| {
                let row = Reader {
                    table: "session",
                    row,
                };
                Ok(EnteredAbout {
                    session: SessionId(row.parsed("id")?),
                    check_ins: row.small("check_ins")?,
                    photos: row.small("photos")?,
                })
            })
            .collect()
    }

    /// The reminders of a session that were shown, each once: without those that were missed or failed, and those that
    /// were taken back before the patient said anything about them.
    pub async fn asked(&self, session: SessionId) -> Result<Vec<Asked>, DiaryError> {
        let rows = sqlx::query(ASKED)
            .bind(session.to_string())
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| {
                let row = Reader {
                    table: "delivery",
                    row,
                };
                Ok(Asked {
                    key: OccurrenceKey(row.text("key")?),
                    due_at: row.instant("due_at")?,
                    answer: match (row.integer("done")?, row.integer("skipped")?) {
                        (0, 0) => None,
                        (0, _) => Some(AskedAnswer::Skipped),
                        _ => Some(AskedAnswer::Done),
                    },
                })
            })
            .collect()
    }
}
