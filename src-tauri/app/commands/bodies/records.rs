//! Writing: what the patient entered, on the disk before the answer.

use afterglow_care::Session;
use afterglow_care::check_in::{CheckIn, CheckInId, MAX_NOTE_CHARS};
use afterglow_care::session::{SessionDraft, SessionId};
use afterglow_diary::Diary;

use super::settings;
use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::reminders;
use crate::views::{self, Speaker};
use crate::wire::{
    CallAnswer, CheckInInput, CheckInView, Failure, SessionInput, SessionView, SettingFault, Settings,
};

/// The longest name of a clinic, and the longest number, in characters.
const MAX_CLINIC_CHARS: usize = 120;
const MAX_NUMBER_CHARS: usize = 32;

/// Keeps a session that ended, and arms its reminders.
pub async fn add_session(app: &App, moment: &Moment, input: SessionInput) -> Result<SessionView, Failure> {
    let draft = SessionDraft {
        ended_at: moment.zone.instant(input.ended_at),
        zone: moment.zone.clone(),
        setting: input.setting,
        device: input.device,
        depth_mm: input.depth_mm,
        areas: input.areas,
        concerns: input.concerns,
    };
    let session = draft
        .check(SessionId(new_id(moment.now)), app.plan.reference(), moment.now)
        .map_err(|faults| Failure::InvalidSession { faults })?;
    app.diary().await?.add_session(&session, moment.now).await?;
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

/// Keeps a check-in about now and says what follows from it.
pub async fn record_check_in(
    app: &App,
    moment: &Moment,
    input: CheckInInput,
) -> Result<CheckInView, Failure> {
    if input.signs.is_none() && input.severities.is_empty() {
        return Err(Failure::EmptyCheckIn);
    }
    if input.note.chars().count() > MAX_NOTE_CHARS {
        return Err(Failure::InvalidInput {
            sentence: format!(
                "the note is longer than {MAX_NOTE_CHARS} characters; shorten it, then save again"
            ),
        });
    }
    let diary = app.diary().await?;
    let session = session(&diary, input.session).await?;
    let check_in = CheckIn {
        id: CheckInId(new_id(moment.now)),
        session: session.id,
        at: moment.now,
        local_date: moment.zone.date(moment.now),
        severities: input.severities,
        signs: input.signs,
        note: input.note.trim().to_owned(),
    };
    diary.add_check_in(&check_in, moment.now).await?;
    let speaker = Speaker {
        plan: &app.plan,
        locale: settings(app).await?.locale,
    };
    let check_ins = diary.check_ins(session.id).await?;
    let view = speaker
        .check_ins(&session, &moment.zone, &check_ins)
        .into_iter()
        .find(|view| view.id == check_in.id)
        .ok_or(Failure::NotFound)?;
    reminders::sync_after_writing(app, moment).await;
    Ok(view)
}

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

/// Keeps what the patient chose, and arms reminders by it.
pub async fn change_settings(app: &App, moment: &Moment, input: Settings) -> Result<Settings, Failure> {
    let mut faults = Vec::new();
    if input.clinic.name.chars().count() > MAX_CLINIC_CHARS {
        faults.push(SettingFault::ClinicNameTooLong);
    }
    if !(input.clinic.phone.trim().is_empty() || is_dialable(&input.clinic.phone)) {
        faults.push(SettingFault::ClinicPhoneNotDialable);
    }
    if !is_dialable(&input.emergency_number) {
        faults.push(SettingFault::EmergencyNumberNotDialable);
    }
    if !faults.is_empty() {
        return Err(Failure::InvalidSettings { faults });
    }
    app.diary().await?.save_settings(&views::stored(&input)).await?;
    reminders::sync_after_writing(app, moment).await;
    settings(app).await
}

/// Whether a telephone can dial it: digits, `+`, `*`, `#`, and what people write between them.
fn is_dialable(number: &str) -> bool {
    number.chars().any(|character| character.is_ascii_digit())
        && number.chars().count() <= MAX_NUMBER_CHARS
        && number
            .chars()
            .all(|character| character.is_ascii_digit() || " +*#()-./".contains(character))
}

async fn session(diary: &Diary, id: SessionId) -> Result<Session, Failure> {
    diary
        .sessions()
        .await?
        .into_iter()
        .find(|session| session.id == id)
        .ok_or(Failure::NotFound)
}
