//! The table of sessions.

use afterglow_care::session::{NeedleDepth, Session, SessionId};
use afterglow_care::{Zone, plan::PlanRef};
use chrono::{DateTime, FixedOffset, Offset as _, Utc};

use crate::values::{Reader, json, millis, name};
use crate::{Diary, DiaryError};

const INSERT: &str = "INSERT INTO session (id, ended_at, zone_name, zone_offset, setting, device, \
    depth_micrometres, areas, concerns, risks, clinic_gave, adjuncts, exposed, plan_id, plan_version, entered_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
const ALL: &str =
    "SELECT * FROM session WHERE id NOT IN (SELECT session FROM session_withdrawal) ORDER BY ended_at, id";
const KNOWN: &str = "SELECT count(*) AS known FROM session WHERE id = ?1";
const WITHDRAW: &str =
    "INSERT INTO session_withdrawal (session, at) VALUES (?1, ?2) ON CONFLICT (session) DO NOTHING";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[INSERT, ALL, KNOWN, WITHDRAW];

impl Diary {
    /// Keeps a session; durable on return. `now` is when it was entered.
    pub async fn add_session(&self, session: &Session, now: DateTime<Utc>) -> Result<(), DiaryError> {
        let offset = session.zone.local(session.ended_at).offset().fix();
        sqlx::query(INSERT)
            .bind(session.id.to_string())
            .bind(millis(session.ended_at))
            .bind(session.zone.name())
            .bind(offset.local_minus_utc())
            .bind(name(&session.setting))
            .bind(&session.device)
            .bind(session.depth.map(|depth| i64::from(depth.micrometres())))
            .bind(json(&session.areas))
            .bind(json(&session.concerns))
            .bind(json(&session.risks))
            .bind(json(&session.clinic_gave))
            .bind(json(&session.adjuncts))
            .bind(session.exposed)
            .bind(&session.plan.id)
            .bind(i64::from(session.plan.version))
            .bind(millis(now))
            .execute(self.pool())
            .await?;
        Ok(())
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
        zone: zone(row)?,
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
            version: u32::try_from(row.integer("plan_version")?)
                .map_err(|_| row.unreadable("plan_version"))?,
        },
    })
}

/// The zone by its name; by its stored offset when nobody knows the name any more.
fn zone(row: Reader<'_>) -> Result<Zone, DiaryError> {
    if let Some(Ok(zone)) = row.optional_text("zone_name")?.as_deref().map(Zone::named) {
        return Ok(zone);
    }
    i32::try_from(row.integer("zone_offset")?)
        .ok()
        .and_then(FixedOffset::east_opt)
        .map(Zone::fixed)
        .ok_or_else(|| row.unreadable("zone_offset"))
}
