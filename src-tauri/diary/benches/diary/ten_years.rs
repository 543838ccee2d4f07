//! A diary as it is after ten years, filled through the crate's own doors.

use std::collections::BTreeSet;

use afterglow_care::Zone;
use afterglow_care::check_in::{CheckIn, CheckInId, Severities, Severity, Sign, Symptom};
use afterglow_care::photo::Pose;
use afterglow_care::plan::PlanRef;
use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::{Area, NeedleDepth, Session, SessionId, Setting};
use afterglow_care::triage::{CallOutcome, RuleId, TriageLevel};
use afterglow_diary::Diary;
use afterglow_diary::calls::CallAnswer;
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_diary::findings::RaisedFinding;
use afterglow_diary::photos::{NewPhoto, PhotoId};
use chrono::{DateTime, TimeDelta, Utc};
use enumset::EnumSet;
use uuid::Uuid;

/// How much is in a diary.
#[derive(Clone, Copy)]
pub(crate) struct Amounts {
    sessions: u32,
    check_ins: u32,
    lines: u32,
    photos: u32,
}

impl Amounts {
    /// A session every two months, a check-in every day.
    pub(crate) const TEN_YEARS: Self = Self {
        sessions: 60,
        check_ins: 3_650,
        lines: 50_000,
        photos: 2_000,
    };

    /// As much as ten years hold of one session.
    pub(crate) const ONE_SESSION: Self = Self {
        sessions: 1,
        check_ins: 61,
        lines: 833,
        photos: 33,
    };

    /// To see that it runs.
    pub(crate) const FEW: Self = Self {
        sessions: 2,
        check_ins: 4,
        lines: 10,
        photos: 2,
    };
}

pub(crate) fn session_id(number: u32) -> SessionId {
    SessionId(Uuid::from_u128(1 + u128::from(number)))
}

fn session(start: DateTime<Utc>, number: u32) -> Session {
    Session {
        id: session_id(number),
        ended_at: start + TimeDelta::days(61) * i32::try_from(number).unwrap_or(0),
        zone: Zone::named("Europe/Madrid").expect("a zone"),
        setting: Setting::Clinic,
        device: Some("Pen".to_owned()),
        depth: NeedleDepth::from_micrometres(1_000),
        areas: BTreeSet::from([Area::Face]),
        concerns: BTreeSet::new(),
        risks: EnumSet::empty(),
        clinic_gave: EnumSet::empty(),
        adjuncts: EnumSet::empty(),
        exposed: false,
        plan: PlanRef {
            id: "microneedling".to_owned(),
            version: 1,
        },
    }
}

/// The check-in number `number`, a day after the one before it.
pub(crate) fn check_in(start: DateTime<Utc>, number: u32, id: CheckInId, session: SessionId) -> CheckIn {
    let at = start + TimeDelta::days(number.into());
    CheckIn {
        id,
        session,
        at,
        local_date: at.date_naive(),
        severities: Severities::from_iter([(Symptom::Erythema, Severity::NONE)]),
        signs: Some(Sign::EyePain.into()),
        temperature: None,
        areas: EnumSet::empty(),
        note: "A little tight in the evening, better after the gel.".to_owned(),
        revises: None,
    }
}

/// Fills a new diary with what was entered since `start`.
pub(crate) async fn fill(diary: &Diary, start: DateTime<Utc>, amounts: Amounts) {
    for number in 0..amounts.sessions {
        let one = session(start, number);
        diary.add_session(&one, one.ended_at).await.expect("a session");
    }
    let of = |number: u32, all: u32| number * amounts.sessions / all.max(1);
    for number in 0..amounts.check_ins {
        let id = CheckInId(Uuid::from_u128(1_000_000 + u128::from(number)));
        let one = check_in(start, number, id, session_id(of(number, amounts.check_ins)));
        diary.add_check_in(&one, one.at).await.expect("a check-in");
    }
    calls(diary, start, amounts).await;
    let lines: Vec<Delivery> = (0..amounts.lines)
        .map(|number| line(start, number, session_id(of(number, amounts.lines))))
        .collect();
    for some in lines.chunks(1_000) {
        diary.add_deliveries(some).await.expect("lines");
    }
    for number in 0..amounts.photos {
        let session = session_id(of(number, amounts.photos));
        let photo = NewPhoto {
            id: PhotoId(Uuid::from_u128(2_000_000 + u128::from(number))),
            session,
            check_in: None,
            taken_at: start + TimeDelta::hours(number.into()),
            pose: Pose::Front,
            media_type: "image/jpeg".to_owned(),
            width: 1_024,
            height: 768,
            image: vec![7; 20_000],
            thumbnail: vec![7; 2_000],
        };
        assert!(diary.add_photo(photo, start).await.expect("a photo"));
    }
}

/// Every check-in is watched, every twelfth asked for a call, and every call but the newest was answered.
async fn calls(diary: &Diary, start: DateTime<Utc>, amounts: Amounts) {
    let mut findings = Vec::new();
    let mut answers = Vec::new();
    for number in 0..amounts.check_ins {
        let one = CheckInId(Uuid::from_u128(1_000_000 + u128::from(number)));
        let raised_at = start + TimeDelta::days(number.into());
        let finding = |rule: &str, level| RaisedFinding {
            check_in: one,
            rule: RuleId(rule.to_owned()),
            level,
            raised_at,
        };
        findings.push(finding("tight", TriageLevel::Watch));
        if number.is_multiple_of(12) {
            findings.push(finding("severe_pain", TriageLevel::CallClinic));
            if number + 12 < amounts.check_ins {
                answers.push(CallAnswer {
                    check_in: one,
                    outcome: CallOutcome::ReachedClinic,
                    at: raised_at + TimeDelta::hours(1),
                });
            }
        }
    }
    diary.add_findings(&findings).await.expect("findings");
    for answer in answers {
        diary.add_call_answer(answer).await.expect("an answer");
    }
}

/// Each reminder is claimed, then shown.
fn line(start: DateTime<Utc>, number: u32, session: SessionId) -> Delivery {
    let at = start + TimeDelta::minutes(i64::from(number) * 100);
    Delivery {
        journal: "0198c0de-0000-7000-8000-000000000000".to_owned(),
        seq: u64::from(number) + 1,
        key: OccurrenceKey(format!("{session}/check_in/check_in/+{}h", number / 2)),
        due_at: at,
        at,
        state: if number.is_multiple_of(2) {
            DeliveryState::Claimed
        } else {
            DeliveryState::Shown
        },
        digest: false,
        reason: None,
        until: None,
    }
}
