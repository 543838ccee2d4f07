//! The sessions that are booked.

use afterglow_care::check_in::MAX_NOTE_CHARS;
use afterglow_diary::Diary;
use afterglow_diary::appointments::{Appointment, AppointmentEntry, AppointmentId};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::reminders;
use crate::views::{self, Speaker};
use crate::wire::{AppointmentFault, AppointmentInput, AppointmentView, Booked, Failure};

/// Nobody books further ahead; a year is easily mistyped.
const MOST_AHEAD: TimeDelta = TimeDelta::days(2 * 365);

/// Those to come, soonest first.
pub async fn appointments(app: &App, moment: &Moment) -> Result<Vec<AppointmentView>, Failure> {
    let mut coming = app.diary().await?.appointments().await?;
    coming.retain(|appointment| moment.now < begins(appointment));
    coming.sort_by_key(begins);
    Ok(coming.into_iter().map(|one| view(one, moment)).collect())
}

/// Keeps a new one, in the zone where the patient is, or a correction, which stays in its zone; and arms its reminders.
pub async fn keep_appointment(
    app: &App,
    moment: &Moment,
    input: AppointmentInput,
) -> Result<Vec<AppointmentView>, Failure> {
    let diary = app.diary().await?;
    let entered_before = match input.id {
        None => None,
        Some(id) => Some(entered(&diary, AppointmentId(id)).await?),
    };
    let corrected = entered_before.is_some();
    let appointment = Appointment {
        at: input.at,
        note: input.note.trim().to_owned(),
        ..entered_before.unwrap_or_else(|| Appointment {
            id: AppointmentId(new_id(moment.now)),
            at: input.at,
            zone: moment.zone.clone(),
            note: String::new(),
        })
    };
    let faults = faults(&appointment, moment);
    if !faults.is_empty() {
        return Err(Failure::InvalidAppointment { faults });
    }
    if !corrected {
        diary.add_appointment(&appointment, moment.now).await?;
    } else if !diary.correct_appointment(&appointment, moment.now).await? {
        return Err(Failure::NotFound);
    }
    drop(diary);
    reminders::sync_after_writing(app, moment).await;
    appointments(app, moment).await
}

/// Withdraws one and its reminders.
pub async fn withdraw_appointment(
    app: &App,
    moment: &Moment,
    appointment: Uuid,
) -> Result<Vec<AppointmentView>, Failure> {
    let appointment = AppointmentId(appointment);
    let known = app
        .diary()
        .await?
        .withdraw_appointment(appointment, moment.now)
        .await?;
    if !known {
        return Err(Failure::NotFound);
    }
    reminders::sync_after_writing(app, moment).await;
    appointments(app, moment).await
}

/// The soonest of those to come, with what the plan asks before it.
pub(super) fn next(booked: &[AppointmentEntry], speaker: Speaker<'_>, moment: &Moment) -> Option<Booked> {
    let coming = booked
        .iter()
        .map(|entry| &entry.appointment)
        .filter(|one| moment.now < begins(one));
    let next = coming.min_by_key(|one| begins(one))?;
    Some(Booked {
        at: begins(next),
        pre_care: speaker.pre_care(begins(next)),
        appointment: view(next.clone(), moment),
    })
}

async fn entered(diary: &Diary, id: AppointmentId) -> Result<Appointment, Failure> {
    let appointments = diary.appointments().await?;
    let known = appointments.into_iter().find(|appointment| appointment.id == id);
    known.ok_or(Failure::NotFound)
}

fn faults(appointment: &Appointment, moment: &Moment) -> Vec<AppointmentFault> {
    let mut faults = Vec::new();
    if begins(appointment) <= moment.now {
        faults.push(AppointmentFault::Past);
    }
    if begins(appointment) > moment.now + MOST_AHEAD {
        faults.push(AppointmentFault::TooFar);
    }
    if appointment.note.chars().count() > MAX_NOTE_CHARS {
        faults.push(AppointmentFault::NoteTooLong);
    }
    faults
}

fn begins(appointment: &Appointment) -> DateTime<Utc> {
    appointment.zone.instant(appointment.at)
}

fn view(appointment: Appointment, moment: &Moment) -> AppointmentView {
    AppointmentView {
        id: appointment.id.0,
        at: appointment.at,
        zone: views::zone_name(&appointment.zone, moment.now),
        note: appointment.note,
    }
}
