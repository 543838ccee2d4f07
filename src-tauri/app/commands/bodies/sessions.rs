//! Sessions: entered, corrected, withdrawn.

use afterglow_care::plan::PlanRef;
use afterglow_care::session::{Risk, SessionDraft, SessionId};
use afterglow_care::{Session, Zone};
use chrono::{DateTime, NaiveDateTime, Utc};
use enumset::EnumSet;

use super::courses;
use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::reminders;
use crate::views;
use crate::wire::{Failure, SessionCorrection, SessionInput, SessionView};

/// Says what is wrong with a session that is not kept yet.
pub async fn check_session(app: &App, moment: &Moment, input: SessionInput) -> Result<(), Failure> {
    let id = SessionId(new_id(moment.now));
    checked(
        id,
        app.plan.reference(),
        &moment.zone,
        EnumSet::empty(),
        input,
        moment,
    )?;
    Ok(())
}

/// Keeps a session that ended, and arms its reminders.
pub async fn add_session(app: &App, moment: &Moment, input: SessionInput) -> Result<SessionView, Failure> {
    let id = SessionId(new_id(moment.now));
    // Screening is not asked yet; what was not asked changes nothing.
    let risks = EnumSet::empty();
    let course = input.course;
    let session = checked(id, app.plan.reference(), &moment.zone, risks, input, moment)?;
    let diary = app.diary().await?;
    let course = courses::known(&diary, course).await?;
    diary.add_session_of(&session, course, moment.now).await?;
    drop(diary);
    reminders::sync_after_writing(app, moment).await;
    Ok(views::session(&session))
}

/// Keeps what a session should have been entered as, beside what was entered, and arms its reminders by it. Its plan, its
/// zone and what screening found stay.
pub async fn correct_session(
    app: &App,
    moment: &Moment,
    correction: SessionCorrection,
) -> Result<SessionView, Failure> {
    let diary = app.diary().await?;
    let entered = diary.sessions().await?;
    let known = entered.into_iter().find(|one| one.id == correction.session);
    let known = known.ok_or(Failure::NotFound)?;
    let course = courses::known(&diary, correction.input.course).await?;
    let session = checked(
        known.id,
        known.plan,
        &known.zone,
        known.risks,
        correction.input,
        moment,
    )?;
    if !diary.correct_session(&session, moment.now).await? {
        return Err(Failure::NotFound);
    }
    courses::put(&diary, moment, session.id, course).await?;
    drop(diary);
    reminders::sync_after_writing(app, moment).await;
    Ok(views::session(&session))
}

/// Withdraws a session that was entered by mistake, and its reminders with it.
pub async fn withdraw_session(app: &App, moment: &Moment, session: SessionId) -> Result<(), Failure> {
    if !app.diary().await?.withdraw_session(session, moment.now).await? {
        return Err(Failure::NotFound);
    }
    reminders::sync_after_writing(app, moment).await;
    Ok(())
}

fn checked(
    id: SessionId,
    plan: PlanRef,
    zone: &Zone,
    risks: EnumSet<Risk>,
    input: SessionInput,
    moment: &Moment,
) -> Result<Session, Failure> {
    let draft = SessionDraft {
        ended_at: ended_at(zone, input.ended_at, moment.now),
        zone: zone.clone(),
        setting: input.setting,
        device: input.device,
        depth_mm: input.depth_mm,
        areas: input.areas,
        concerns: input.concerns,
        risks,
        clinic_gave: input.clinic_gave.into_iter().collect(),
        adjuncts: input.adjuncts.into_iter().collect(),
        exposed: input.exposed,
    };
    draft
        .check(id, plan, moment.now)
        .map_err(|faults| Failure::InvalidSession { faults })
}

/// Of two instants that the wall clock shows alike the later one, so that no window ends an hour too early, unless that
/// is still to come.
fn ended_at(zone: &Zone, local: NaiveDateTime, now: DateTime<Utc>) -> DateTime<Utc> {
    let later = zone.instant_later(local);
    if later <= now { later } else { zone.instant(local) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_that_comes_twice_is_the_later_one_once_that_is_over() {
        let zone = Zone::named("Europe/Madrid").unwrap();
        let half_past_two = "2026-10-25T02:30:00".parse().unwrap();
        let at = |now: &str| ended_at(&zone, half_past_two, now.parse().unwrap()).to_rfc3339();
        assert_eq!(at("2026-10-25T00:45:00Z"), "2026-10-25T00:30:00+00:00");
        assert_eq!(at("2026-10-25T08:00:00Z"), "2026-10-25T01:30:00+00:00");
    }
}
