//! Courses: the planned series of sessions. Append-only revisions, of which the newest counts.

use std::collections::{BTreeMap, BTreeSet};

use afterglow_care::session::SessionId;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::transaction::Transaction;
use crate::values::{Reader, millis};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO course (entry, id, revision, replica, treatment, planned_sessions, interval_days, \
    started, ended, entered_at) VALUES (?1, ?1, 1, (SELECT replica FROM replica), ?2, ?3, ?4, ?5, ?6, ?7)";
const CORRECT: &str = "INSERT INTO course (entry, id, revision, replica, treatment, planned_sessions, interval_days, \
    started, ended, entered_at) SELECT ?8, id, revision + 1, (SELECT replica FROM replica), ?2, ?3, ?4, ?5, ?6, ?7 \
    FROM course_now WHERE id = ?1";
const ALL: &str = "SELECT * FROM course_now ORDER BY started, id";
const PUT: &str = "INSERT INTO session (entry, id, revision, replica, course, ended_at, zone_name, zone_offset, setting, \
    device, depth_micrometres, areas, concerns, risks, clinic_gave, adjuncts, exposed, plan_id, plan_version, \
    entered_at) SELECT ?1, id, revision + 1, (SELECT replica FROM replica), ?3, ended_at, zone_name, zone_offset, \
    setting, device, depth_micrometres, areas, concerns, risks, clinic_gave, adjuncts, exposed, plan_id, \
    plan_version, ?4 FROM session_now WHERE id = ?2 AND (?3 IS NULL OR EXISTS (SELECT 1 FROM course WHERE entry = ?3))";
const ONE: &str = "SELECT * FROM course_now WHERE id = ?1";
const IS_OF: &str =
    "SELECT id, course FROM session_now WHERE id NOT IN (SELECT session FROM session_withdrawal)";
const OF_SESSIONS: &str = "SELECT id, course FROM session_now WHERE course IS NOT NULL";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, CORRECT, ALL, PUT, ONE, IS_OF, OF_SESSIONS];

/// Identifies a course for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CourseId(pub Uuid);

/// A planned series of sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its identity.
    pub id: CourseId,
    /// What is done, as the patient calls it; never empty.
    pub treatment: String,
    /// How many sessions are planned: 1 to 100.
    pub planned_sessions: u16,
    /// The days between two of them: 1 to 3,650.
    pub interval_days: u16,
    /// The day of the first.
    pub started: NaiveDate,
    /// The day on which the patient ended it before its last session; none while it goes on.
    pub ended: Option<NaiveDate>,
}

impl Diary {
    /// Keeps a new course, or what is changed of one, and that these sessions are of it and no others: all of it or
    /// nothing. Durable on return. `now` is when it was entered. False, and nothing is kept, when one of the sessions is
    /// not there.
    pub async fn keep_course(
        &self,
        course: &Course,
        sessions: &BTreeSet<SessionId>,
        now: DateTime<Utc>,
    ) -> Result<bool, DiaryError> {
        let mut transaction = Transaction::begin(self.pool()).await?;
        let known = sqlx::query(ONE)
            .bind(course.id.0.to_string())
            .fetch_optional(transaction.on()?)
            .await?;
        let known = known.map(|row| {
            read(Reader {
                table: "course",
                row: &row,
            })
        });
        let writing = match known.transpose()? {
            None => Some(entered(INSERT, course, now)),
            Some(known) if known == *course => None,
            Some(_) => Some(corrected(course, now)),
        };
        if let Some(writing) = writing {
            writing.execute(transaction.on()?).await?;
        }
        let rows = sqlx::query(IS_OF).fetch_all(transaction.on()?).await?;
        let mut missing = sessions.clone();
        for row in &rows {
            let row = Reader {
                table: "session",
                row,
            };
            let session = SessionId(row.parsed("id")?);
            let is_of = match row.optional_text("course")? {
                None => None,
                Some(_) => Some(CourseId(row.parsed("course")?)),
            };
            let wanted = missing.remove(&session);
            if wanted != (is_of == Some(course.id)) {
                put(session, wanted.then_some(course.id), now)
                    .execute(transaction.on()?)
                    .await?;
            }
        }
        if !missing.is_empty() {
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Corrects a course and keeps what was entered before; durable on return. False when there is none.
    pub async fn correct_course(&self, course: &Course, now: DateTime<Utc>) -> Result<bool, DiaryError> {
        let done = corrected(course, now).execute(self.pool()).await?;
        Ok(done.rows_affected() > 0)
    }

    /// Every course as it stands, in the order in which they started.
    pub async fn courses(&self) -> Result<Vec<Course>, DiaryError> {
        let rows = sqlx::query(ALL).fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| read(Reader { table: "course", row }))
            .collect()
    }

    /// Says which course a session is of, or that it is of none: a correction of the session. Durable
    /// on return. False when there is no such session or course.
    pub async fn put_in_course(
        &self,
        session: SessionId,
        course: Option<CourseId>,
        now: DateTime<Utc>,
    ) -> Result<bool, DiaryError> {
        let done = put(session, course, now).execute(self.pool()).await?;
        Ok(done.rows_affected() > 0)
    }

    /// The course of each session that is of one.
    pub async fn session_courses(&self) -> Result<BTreeMap<SessionId, CourseId>, DiaryError> {
        let rows = sqlx::query(OF_SESSIONS).fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| {
                let row = Reader {
                    table: "session",
                    row,
                };
                Ok((SessionId(row.parsed("id")?), CourseId(row.parsed("course")?)))
            })
            .collect()
    }
}

type Query = sqlx::query::Query<'static, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// A statement with a course's values in ?1 to ?7.
fn entered(statement: &'static str, course: &Course, now: DateTime<Utc>) -> Query {
    sqlx::query(statement)
        .bind(course.id.0.to_string())
        .bind(course.treatment.clone())
        .bind(i64::from(course.planned_sessions))
        .bind(i64::from(course.interval_days))
        .bind(course.started.to_string())
        .bind(course.ended.map(|ended| ended.to_string()))
        .bind(millis(now))
}

fn corrected(course: &Course, now: DateTime<Utc>) -> Query {
    entered(CORRECT, course, now).bind(Uuid::new_v4().to_string())
}

fn put(session: SessionId, course: Option<CourseId>, now: DateTime<Utc>) -> Query {
    sqlx::query(PUT)
        .bind(Uuid::new_v4().to_string())
        .bind(session.to_string())
        .bind(course.map(|course| course.0.to_string()))
        .bind(millis(now))
}

fn read(row: Reader<'_>) -> Result<Course, DiaryError> {
    Ok(Course {
        id: CourseId(row.parsed("id")?),
        treatment: row.text("treatment")?,
        planned_sessions: row.small("planned_sessions")?,
        interval_days: row.small("interval_days")?,
        started: row.parsed("started")?,
        ended: row.optional_parsed("ended")?,
    })
}
