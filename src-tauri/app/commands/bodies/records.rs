//! Writing: what the patient entered, on the disk before the answer.

use afterglow_care::check_in::{CheckIn, CheckInId, MAX_NOTE_CHARS, Temperature};
use afterglow_care::session::{SessionDraft, SessionId};
use afterglow_care::triage::{RuleId, TriageLevel};
use afterglow_diary::Diary;
use afterglow_diary::findings::RaisedFinding;
use afterglow_diary::follow_ups::FollowUpAnswer;
use enumset::EnumSet;

use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::numbers;
use crate::recent::{Recent, settings};
use crate::reminders;
use crate::views::{self, Judged};
use crate::wire::{
    CallAnswer, CheckInFault, CheckInInput, CheckInView, Failure, FollowUpInput, SessionInput, SessionView,
    SettingFault, Settings,
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
        // The form does not ask these yet; what was not asked changes nothing.
        risks: EnumSet::empty(),
        clinic_gave: EnumSet::empty(),
        adjuncts: EnumSet::empty(),
        exposed: false,
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
    let check_in = check_in(moment, input)?;
    if check_in.is_empty() {
        return Err(Failure::EmptyCheckIn);
    }
    let diary = app.diary().await?;
    let sessions = diary.sessions().await?;
    if !sessions.iter().any(|session| session.id == check_in.session) {
        return Err(Failure::NotFound);
    }
    diary.add_check_in(&check_in, moment.now).await?;
    let recent = Recent::read(app, &diary, moment).await?;
    let judged = recent.judged(&app.plan, moment);
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

/// Keeps what was said of a check-in that is on the disk already, and every call that is judged beside it: one that
/// could not be kept before is kept now. Recent check-ins are judged anew whenever they are shown, so their answer
/// does not depend on this.
async fn keep_findings(diary: &Diary, judged: &[Judged<'_>], new: CheckInId, moment: &Moment) {
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
fn check_in(moment: &Moment, input: CheckInInput) -> Result<CheckIn, Failure> {
    let mut faults = Vec::new();
    let temperature = input.temperature_c.map(Temperature::from_celsius);
    if temperature == Some(None) {
        faults.push(CheckInFault::TemperatureOutOfRange);
    }
    if input.note.chars().count() > MAX_NOTE_CHARS {
        faults.push(CheckInFault::NoteTooLong);
    }
    if !faults.is_empty() {
        return Err(Failure::InvalidCheckIn { faults });
    }
    Ok(CheckIn {
        id: CheckInId(new_id(moment.now)),
        session: input.session,
        at: moment.now,
        local_date: moment.zone.date(moment.now),
        severities: input.severities.into(),
        signs: input.signs.map(|signs| signs.into_iter().collect()),
        temperature: temperature.flatten(),
        areas: EnumSet::empty(),
        note: input.note.trim().to_owned(),
        revises: None,
    })
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
    if !(input.clinic.phone.trim().is_empty() || is_dialable(&input.clinic.phone)) {
        faults.push(SettingFault::ClinicPhoneNotDialable);
    }
    let after_hours = &input.clinic.after_hours_phone;
    if !(after_hours.trim().is_empty() || is_dialable(after_hours)) {
        faults.push(SettingFault::AfterHoursPhoneNotDialable);
    }
    if input.clinic.hours.iter().any(|span| span.days.is_empty()) {
        faults.push(SettingFault::HoursWithoutDay);
    }
    if !is_dialable(&input.emergency_number) {
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

/// Whether a telephone can dial it: digits, `+`, `*`, `#`, and what people write between them.
fn is_dialable(number: &str) -> bool {
    number.chars().any(|character| character.is_ascii_digit())
        && number.chars().count() <= MAX_NUMBER_CHARS
        && number
            .chars()
            .all(|character| character.is_ascii_digit() || " +*#()-./".contains(character))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use afterglow_care::Zone;
    use uuid::Uuid;

    use super::*;

    fn typed(temperature_c: Option<f64>, note: String) -> Result<CheckIn, Failure> {
        let moment = Moment {
            now: "2026-11-20T19:30:00Z".parse().unwrap(),
            zone: Zone::named("Europe/Madrid").unwrap(),
        };
        let input = CheckInInput {
            session: SessionId(Uuid::from_u128(1)),
            severities: BTreeMap::new(),
            signs: None,
            temperature_c,
            note,
        };
        check_in(&moment, input)
    }

    #[test]
    fn a_temperature_is_kept_to_the_tenth_and_alone_is_a_check_in() {
        let kept = typed(Some(38.0), String::new()).unwrap();
        assert_eq!(kept.temperature, Some(Temperature::FEVER));
        assert!(!kept.is_empty());
        assert!(typed(None, "tight".to_owned()).unwrap().is_empty());
    }

    #[test]
    fn every_fault_of_a_check_in_is_told_at_once() {
        for celsius in [29.9, 45.1, 98.6, -1.0, f64::NAN] {
            let refused = typed(Some(celsius), "x".repeat(MAX_NOTE_CHARS + 1)).unwrap_err();
            let Failure::InvalidCheckIn { faults } = refused else {
                panic!("{refused}");
            };
            assert_eq!(
                faults,
                [CheckInFault::TemperatureOutOfRange, CheckInFault::NoteTooLong]
            );
        }
    }
}
