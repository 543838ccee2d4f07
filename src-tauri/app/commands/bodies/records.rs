//! Writing: what the patient entered, on the disk before the answer.

use afterglow_care::check_in::MAX_NOTE_CHARS;
use afterglow_diary::follow_ups::FollowUpAnswer;

use crate::app::App;
use crate::clock::Moment;
use crate::dialling;
use crate::numbers;
use crate::recent::settings;
use crate::reminders;
use crate::views;
use crate::wire::{CallAnswer, Failure, FollowUpInput, SettingFault, Settings};

/// The longest name of a clinic, in characters.
const MAX_CLINIC_CHARS: usize = 120;

/// Notes what was done about a call card, which closes it.
pub async fn answer_call(app: &App, moment: &Moment, input: CallAnswer) -> Result<(), Failure> {
    let answer = afterglow_diary::calls::CallAnswer {
        check_in: input.check_in,
        outcome: input.outcome,
        at: moment.now,
    };
    let known = app.diary().await?.add_call_answer(answer).await?;
    if known { Ok(()) } else { Err(Failure::NotFound) }
}

/// Keeps what came of a call, also that nobody was reached yet. The call card stays until [`answer_call`] closes it.
pub async fn answer_follow_up(app: &App, moment: &Moment, input: FollowUpInput) -> Result<(), Failure> {
    if input.note.chars().count() > MAX_NOTE_CHARS {
        return Err(Failure::NoteTooLong);
    }
    let answer = FollowUpAnswer {
        check_in: input.check_in,
        at: moment.now,
        reached: input.reached,
        note: input.note.trim().to_owned(),
    };
    let known = app.diary().await?.add_follow_up_answer(&answer).await?;
    if known { Ok(()) } else { Err(Failure::NotFound) }
}

/// Keeps what the patient chose, and arms reminders by it.
pub async fn change_settings(app: &App, moment: &Moment, input: Settings) -> Result<Settings, Failure> {
    let mut faults = Vec::new();
    if input.clinic.name.chars().count() > MAX_CLINIC_CHARS {
        faults.push(SettingFault::ClinicNameTooLong);
    }
    if !(input.clinic.phone.trim().is_empty() || dialling::is_dialable(&input.clinic.phone)) {
        faults.push(SettingFault::ClinicPhoneNotDialable);
    }
    let after_hours = &input.clinic.after_hours_phone;
    if !(after_hours.trim().is_empty() || dialling::is_dialable(after_hours)) {
        faults.push(SettingFault::AfterHoursPhoneNotDialable);
    }
    if input.clinic.hours.iter().any(|span| span.days.is_empty()) {
        faults.push(SettingFault::HoursWithoutDay);
    }
    if !dialling::is_dialable(&input.emergency_number) {
        faults.push(SettingFault::EmergencyNumberNotDialable);
    }
    if !(100..=200).contains(&input.text_percent) {
        faults.push(SettingFault::TextSizeOutOfRange);
    }
    if !faults.is_empty() {
        return Err(Failure::InvalidSettings { faults });
    }
    app.diary().await?.save_settings(&views::stored(&input)).await?;
    numbers::follow(app, &input).await?;
    reminders::sync_after_writing(app, moment).await;
    settings(app).await
}
