//! Courses: the planned series of sessions. Append-only revisions, of which the newest counts.

use std::collections::BTreeMap;

use afterglow_care::session::SessionId;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

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
const OF_SESSIONS: &str = "SELECT id, course FROM session_now WHERE course IS NOT NULL";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, CORRECT, ALL, PUT, OF_SESSIONS];

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
    /// Keeps a new course; durable on return. `now` is when it was entered.
    pub async fn add_course(&self, course: &Course, now: DateTime<Utc>) -> Result<(), DiaryError> {
        entered(INSERT, course, now).execute(self.pool()).await?;
        Ok(())
    }

    /// Corrects a course and keeps what was entered before; durable on return. False when there is none.
    pub async fn correct_course(&self, course: &Course, now: DateTime<Utc>) -> Result<bool, DiaryError> {
        let done = entered(CORRECT, course, now)
            .bind(Uuid::new_v4().to_string())
            .execute(self.pool())
            .await?;
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
        let done = sqlx::query(PUT)
            .bind(Uuid::new_v4().to_string())
            .bind(session.to_string())
            .bind(course.map(|course| course.0.to_string()))
            .bind(millis(now))
            .execute(self.pool())
            .await?;
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
