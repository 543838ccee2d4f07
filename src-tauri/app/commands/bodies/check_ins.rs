//! Check-ins: judged while they are typed, kept, corrected.

use afterglow_care::check_in::{CheckIn, CheckInId, MAX_NOTE_CHARS, Temperature};
use afterglow_care::triage::{RuleId, TriageLevel};
use afterglow_care::{Session, triage};
use afterglow_diary::Diary;
use afterglow_diary::findings::RaisedFinding;
use chrono::{DateTime, NaiveDate, Utc};

use super::calls::whole_history;
use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::recent::Recent;
use crate::reminders;
use crate::views::Judged;
use crate::wire::{AssessmentView, CheckInFault, CheckInInput, CheckInView, Failure};

/// Keeps a check-in, or a correction beside what it corrects, and says what follows from it.
pub async fn record_check_in(
    app: &App,
    moment: &Moment,
    input: CheckInInput,
) -> Result<CheckInView, Failure> {
    let diary = app.diary().await?;
    let check_in = meant(&diary, moment, input).await?;
    if check_in.is_empty() {
        return Err(Failure::EmptyCheckIn);
    }
    if check_in.revises.is_none() {
        diary.add_check_in(&check_in, moment.now).await?;
    } else if !diary.correct_check_in(&check_in, moment.now).await? {
        return Err(Failure::NotFound);
    }
    let recent = Recent::read(app, &diary, moment).await?;
    let mut judged = recent.judged(&app.plan, moment);
    if !judged.iter().any(|judged| judged.view.id == check_in.id) {
        // About a day before those that are shown.
        let entries = whole_history(&diary, &recent.sessions).await?;
        judged = recent
            .speaker(&app.plan)
            .judged(&recent.sessions, &moment.zone, &entries);
    }
    keep_findings(&diary, &judged, check_in.id, moment).await;
    drop(diary);
    let view = judged
        .into_iter()
        .find(|judged| judged.view.id == check_in.id)
        .ok_or(Failure::NotFound)?
        .view;
    reminders::sync_after_writing(app, moment).await;
    Ok(view)
}

/// What would follow from a check-in if it were kept. Nothing is kept.
pub async fn assess_check_in(
    app: &App,
    moment: &Moment,
    input: CheckInInput,
) -> Result<AssessmentView, Failure> {
    let diary = app.diary().await?;
    let check_in = meant(&diary, moment, input).await?;
    let id = check_in.id;
    let recent = Recent::read(app, &diary, moment).await?;
    let judged = recent.judged_with(&app.plan, moment, check_in);
    judged
        .into_iter()
        .find(|judged| judged.view.id == id)
        .map(|judged| judged.view.assessment)
        .ok_or(Failure::NotFound)
}

/// Keeps what was said of a check-in that is on the disk already, and every call that is judged beside it: one that
/// could not be kept before is kept now. Recent check-ins are judged anew whenever they are shown, so their answer
/// does not depend on this.
pub(in crate::commands) async fn keep_findings(
    diary: &Diary,
    judged: &[Judged<'_>],
    new: CheckInId,
    moment: &Moment,
) {
    let mut findings = Vec::new();
    for Judged { view, .. } in judged {
        let above = if view.id == new {
            TriageLevel::Expected
        } else {
            TriageLevel::Watch
        };
        let said = view.assessment.findings.iter();
        findings.extend(
            said.filter(|finding| finding.level > above)
                .map(|finding| RaisedFinding {
                    check_in: view.id,
                    rule: RuleId(finding.rule.clone()),
                    level: finding.level,
                    raised_at: moment.now,
                }),
        );
    }
    let _ = diary.add_findings(&findings).await;
}

/// The check-in that was typed, or every fault of its fields at once.
async fn meant(diary: &Diary, moment: &Moment, input: CheckInInput) -> Result<CheckIn, Failure> {
    let sessions = diary.sessions().await?;
    let Some(session) = sessions.iter().find(|session| session.id == input.session) else {
        return Err(Failure::NotFound);
    };
    let revised = match input.revises {
        None => None,
        Some(revised) => Some(
            standing(diary, &sessions, revised)
                .await?
                .ok_or(Failure::NotFound)?,
        ),
    };
    let mut faults = Vec::new();
    let temperature = input.temperature_c.map(Temperature::from_celsius);
    if temperature == Some(None) {
        faults.push(CheckInFault::TemperatureOutOfRange);
    }
    if input.note.chars().count() > MAX_NOTE_CHARS {
        faults.push(CheckInFault::NoteTooLong);
    }
    let about = match (&revised, input.day) {
        (Some(revised), None) => Ok((revised.session, revised.at, revised.local_date)),
        (None, None) => Ok((session.id, moment.now, moment.zone.date(moment.now))),
        (_, Some(day)) => when(&sessions, moment, day, input.time).map(|(session, at)| (session.id, at, day)),
    };
    let (session, at, local_date) = match about {
        Ok(about) if faults.is_empty() => about,
        Ok(_) => return Err(Failure::InvalidCheckIn { faults }),
        Err(fault) => {
            faults.push(fault);
            return Err(Failure::InvalidCheckIn { faults });
        }
    };
    Ok(CheckIn {
        id: CheckInId(new_id(moment.now)),
        session,
        at,
        local_date,
        severities: input.severities.into(),
        signs: input.signs.map(|signs| signs.into_iter().collect()),
        temperature: temperature.flatten(),
        areas: input.areas.into_iter().collect(),
        note: input.note.trim().to_owned(),
        revises: revised.map(|revised| revised.id),
    })
}

/// A check-in as it stands, by the entry that counts; the newest session's are looked at first.
pub(super) async fn standing(
    diary: &Diary,
    sessions: &[Session],
    id: CheckInId,
) -> Result<Option<CheckIn>, Failure> {
    for session in sessions.iter().rev() {
        let found = diary.check_ins(session.id).await?;
        if let Some(found) = found.into_iter().find(|check_in| check_in.id == id) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The session that a day speaks of, and the instant: the time of it that was given, else its evening, and of today
/// never one that is still to come.
fn when<'s>(
    sessions: &'s [Session],
    moment: &Moment,
    day: NaiveDate,
    time: Option<chrono::NaiveTime>,
) -> Result<(&'s Session, DateTime<Utc>), CheckInFault> {
    let Moment { now, zone } = moment;
    if day > zone.date(*now) {
        return Err(CheckInFault::InFuture);
    }
    let session = sessions
        .iter()
        .rfind(|session| zone.date(session.ended_at) <= day)
        .ok_or(CheckInFault::BeforeSession)?;
    match time {
        None => Ok((session, session.evening_of(zone, day).min(*now))),
        Some(time) => {
            let at = zone.instant(day.and_time(time));
            if at > *now {
                return Err(CheckInFault::InFuture);
            }
            // The morning of a session's day still belongs to the session before.
            let of_then = triage::session_of(sessions, enumset::EnumSet::empty(), at)
                .and_then(|id| sessions.iter().find(|session| session.id == id))
                .ok_or(CheckInFault::BeforeSession)?;
            Ok((of_then, at))
        }
    }
}
