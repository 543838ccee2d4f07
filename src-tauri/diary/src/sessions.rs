//! The table of sessions: append-only revisions, of which the newest counts.

use afterglow_care::plan::PlanRef;
use afterglow_care::session::{NeedleDepth, Session, SessionId};
use chrono::{DateTime, Offset as _, Utc};
use uuid::Uuid;

use crate::courses::CourseId;
use crate::values::{Reader, json, millis, name};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO session (entry, id, revision, replica, ended_at, zone_name, zone_offset, setting, \
    device, depth_micrometres, areas, concerns, risks, clinic_gave, adjuncts, exposed, entered_at, plan_id, \
    plan_version, course) VALUES (?1, ?1, 1, (SELECT replica FROM replica), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, \
    ?12, ?13, ?14, ?15, ?16, ?17)";
const CORRECT: &str = "INSERT INTO session (entry, id, revision, replica, course, ended_at, zone_name, zone_offset, \
    setting, device, depth_micrometres, areas, concerns, risks, clinic_gave, adjuncts, exposed, entered_at, plan_id, \
    plan_version) SELECT ?15, id, revision + 1, (SELECT replica FROM replica), course, ?2, ?3, ?4, ?5, ?6, ?7, ?8, \
    ?9, ?10, ?11, ?12, ?13, ?14, plan_id, plan_version FROM session_now WHERE id = ?1";
const ALL: &str = "SELECT * FROM session_now WHERE id NOT IN (SELECT session FROM session_withdrawal) ORDER BY ended_at, id";
const HISTORY: &str = "SELECT * FROM session WHERE id = ?1 ORDER BY revision, entered_at, replica, entry";
const KNOWN: &str = "SELECT count(*) AS known FROM session WHERE entry = ?1 AND id = ?1";
const WITHDRAW: &str = "INSERT INTO session_withdrawal (session, at) SELECT ?1, ?2 \
    WHERE NOT EXISTS (SELECT 1 FROM session_withdrawal WHERE session = ?1)";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, CORRECT, ALL, HISTORY, KNOWN, WITHDRAW];

/// A session as it was entered once: at first, or as a correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEntry {
    /// What was entered.
    pub session: Session,
    /// The course that it was said to be of.
    pub course: Option<CourseId>,
    /// 1 for the first entry. Two devices may have made the same number.
    pub revision: u32,
    /// When it was entered.
    pub entered_at: DateTime<Utc>,
}

impl Diary {
    /// Keeps a session that is of no course; durable on return. `now` is when it was entered.
    pub async fn add_session(&self, session: &Session, now: DateTime<Utc>) -> Result<(), DiaryError> {
        self.add_session_of(session, None, now).await
    }

    /// Keeps a session of a course that the diary knows; durable on return. `now` is when it was entered.
    pub async fn add_session_of(
        &self,
        session: &Session,
        course: Option<CourseId>,
        now: DateTime<Utc>,
    ) -> Result<(), DiaryError> {
        entered(INSERT, session, now)
            .bind(session.plan.id.clone())
            .bind(i64::from(session.plan.version))
            .bind(course.map(|course| course.0.to_string()))
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// Corrects a session and keeps what was entered before; durable on return. Its plan and its course
    /// stay. False when there is none.
    pub async fn correct_session(&self, session: &Session, now: DateTime<Utc>) -> Result<bool, DiaryError> {
        let done = entered(CORRECT, session, now)
            .bind(Uuid::new_v4().to_string())
            .execute(self.pool())
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// What was entered about a session, withdrawn or not: first what was entered at first, last what
    /// counts. Empty when there is none.
    pub async fn session_history(&self, session: SessionId) -> Result<Vec<SessionEntry>, DiaryError> {
        let rows = sqlx::query(HISTORY)
            .bind(session.to_string())
            .fetch_all(self.pool())
            .await?;
        rows.iter()
            .map(|row| {
                let row = Reader {
                    table: "session",
                    row,
                };
                let course = match row.optional_text("course")? {
                    None => None,
                    Some(_) => Some(CourseId(row.parsed("course")?)),
                };
                Ok(SessionEntry {
                    session: read(row)?,
                    course,
                    revision: row.small("revision")?,
                    entered_at: row.instant("entered_at")?,
                })
            })
            .collect()
    }

    /// Withdraws a session that was entered by mistake; durable on return. False when there is none.
    pub async fn withdraw_session(&self, session: SessionId, now: DateTime<Utc>) -> Result<bool, DiaryError> {
        let id = session.to_string();
        let row = sqlx::query(KNOWN).bind(&id).fetch_one(self.pool()).await?;
        let known = Reader {
            table: "session",
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

    /// Every session that was not withdrawn, in the order in which they ended.
    pub async fn sessions(&self) -> Result<Vec<Session>, DiaryError> {
        let rows = sqlx::query(ALL).fetch_all(self.pool()).await?;
        rows.iter()
            .map(|row| {
                read(Reader {
                    table: "session",
                    row,
                })
            })
            .collect()
    }
}

type Query = sqlx::query::Query<'static, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

/// A statement with a session's values in ?1 to ?14.
fn entered(statement: &'static str, session: &Session, now: DateTime<Utc>) -> Query {
    let offset = session.zone.local(session.ended_at).offset().fix();
    sqlx::query(statement)
        .bind(session.id.to_string())
        .bind(millis(session.ended_at))
        .bind(session.zone.name().map(ToOwned::to_owned))
        .bind(offset.local_minus_utc())
        .bind(name(&session.setting))
        .bind(session.device.clone())
        .bind(session.depth.map(|depth| i64::from(depth.micrometres())))
        .bind(json(&session.areas))
        .bind(json(&session.concerns))
        .bind(json(&session.risks))
        .bind(json(&session.clinic_gave))
        .bind(json(&session.adjuncts))
        .bind(session.exposed)
        .bind(millis(now))
}

fn read(row: Reader<'_>) -> Result<Session, DiaryError> {
    let depth = match row.optional_integer("depth_micrometres")? {
        None => None,
        Some(micrometres) => Some(
            u16::try_from(micrometres)
                .ok()
                .and_then(NeedleDepth::from_micrometres)
                .ok_or_else(|| row.unreadable("depth_micrometres"))?,
        ),
    };
    Ok(Session {
        id: SessionId(row.parsed("id")?),
        ended_at: row.instant("ended_at")?,
        zone: row.zone()?,
        setting: row.named("setting")?,
        device: row.optional_text("device")?,
        depth,
        areas: row.json("areas")?,
        concerns: row.json("concerns")?,
        risks: row.json("risks")?,
        clinic_gave: row.json("clinic_gave")?,
        adjuncts: row.json("adjuncts")?,
        exposed: row.integer("exposed")? != 0,
        plan: PlanRef {
            id: row.text("plan_id")?,
            version: row.small("plan_version")?,
        },
    })
}
