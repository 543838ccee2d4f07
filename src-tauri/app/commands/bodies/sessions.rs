//! Sessions: entered, corrected, withdrawn.

use afterglow_care::session::{Risk, SessionDraft, SessionId};
use afterglow_care::{Session, Zone};
use chrono::{DateTime, NaiveDateTime, Timelike as _, Utc};
use enumset::EnumSet;

use super::courses;
use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::reminders;
use crate::views;
use crate::wire::{Failure, SessionCorrection, SessionInput, SessionView};

/// Says what is wrong with a session that is not kept yet.
pub async fn check_session(app: &App, moment: &Moment, input: SessionInput) -> Result<(), Failure> {
    new_session(app, moment, input)?;
    Ok(())
}

/// Keeps a session that ended, and arms its reminders.
pub async fn add_session(app: &App, moment: &Moment, input: SessionInput) -> Result<SessionView, Failure> {
    let course = input.course;
    let session = new_session(app, moment, input)?;
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
    let session = corrected(&known, correction.input, moment.now)?;
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

fn new_session(app: &App, moment: &Moment, input: SessionInput) -> Result<Session, Failure> {
    let id = SessionId(new_id(moment.now));
    let ended_at = ended_at(&moment.zone, input.ended_at, moment.now);
    // Screening is not asked yet; what was not asked changes nothing.
    draft(ended_at, moment.zone.clone(), EnumSet::empty(), input)
        .check(id, app.plan.reference(), moment.now)
        .map_err(|faults| Failure::InvalidSession { faults })
}

fn corrected(known: &Session, input: SessionInput, now: DateTime<Utc>) -> Result<Session, Failure> {
    draft(
        corrected_end(known, input.ended_at, now),
        known.zone.clone(),
        known.risks,
        input,
    )
    .check_correction(known, now)
    .map_err(|faults| Failure::InvalidSession { faults })
}

fn draft(ended_at: DateTime<Utc>, zone: Zone, risks: EnumSet<Risk>, input: SessionInput) -> SessionDraft {
    SessionDraft {
        ended_at,
        zone,
        setting: input.setting,
        device: input.device,
        depth_mm: input.depth_mm,
        areas: input.areas,
        concerns: input.concerns,
        risks,
        clinic_gave: input.clinic_gave.into_iter().collect(),
        adjuncts: input.adjuncts.into_iter().collect(),
        exposed: input.exposed,
    }
}

/// Of two instants that the wall clock shows alike the later one, so that no window ends an hour too early, unless that
/// is still to come.
fn ended_at(zone: &Zone, local: NaiveDateTime, now: DateTime<Utc>) -> DateTime<Utc> {
    let later = zone.instant_later(local);
    if later <= now { later } else { zone.instant(local) }
}

/// The instant that is kept, where the minute that the form shows was not touched: it may be the first of an hour that
/// comes twice, and the form knows no seconds.
fn corrected_end(known: &Session, local: NaiveDateTime, now: DateTime<Utc>) -> DateTime<Utc> {
    let minute = |local: NaiveDateTime| (local.date(), local.hour(), local.minute());
    let kept = known.zone.local(known.ended_at).naive_local();
    if minute(local) == minute(kept) {
        known.ended_at
    } else {
        ended_at(&known.zone, local, now)
    }
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
