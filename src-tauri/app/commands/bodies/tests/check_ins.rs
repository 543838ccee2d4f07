//! Check-ins: what they are about, corrected, judged before they are kept.

use afterglow_care::check_in::{MAX_NOTE_CHARS, Temperature};
use afterglow_care::triage::{CallOutcome, TriageLevel};
use chrono::{DateTime, NaiveDate, Utc};

use super::*;

fn date(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

async fn kept(device: &Device, session: SessionId) -> Vec<afterglow_care::CheckIn> {
    let diary = device.app.diary().await.unwrap();
    diary.check_ins(session).await.unwrap()
}

#[tokio::test]
async fn a_temperature_is_kept_to_the_tenth_and_alone_is_a_check_in() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let nothing = CheckInInput {
        severities: BTreeMap::new(),
        signs: None,
        ..typed(session, &[])
    };
    let alone = CheckInInput {
        temperature_c: Some(38.0),
        ..nothing.clone()
    };
    record_check_in(&device.app, &moment(), alone).await.unwrap();
    assert_eq!(
        kept(&device, session).await[0].temperature,
        Some(Temperature::FEVER)
    );
    let only_words = CheckInInput {
        note: "tight".to_owned(),
        ..nothing
    };
    assert!(matches!(
        record_check_in(&device.app, &moment(), only_words).await,
        Err(Failure::EmptyCheckIn)
    ));
}

#[tokio::test]
async fn every_fault_of_a_check_in_is_told_at_once_and_nothing_is_kept() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    for celsius in [29.9, 45.1, 98.6, -1.0, f64::NAN] {
        let input = CheckInInput {
            day: Some(date("2026-11-21")),
            temperature_c: Some(celsius),
            note: "x".repeat(MAX_NOTE_CHARS + 1),
            ..typed(session, &[])
        };
        let refused = record_check_in(&device.app, &moment(), input).await.unwrap_err();
        let Failure::InvalidCheckIn { faults } = refused else {
            panic!("{refused}");
        };
        assert_eq!(
            faults,
            [
                CheckInFault::TemperatureOutOfRange,
                CheckInFault::NoteTooLong,
                CheckInFault::InFuture
            ]
        );
    }
    assert_eq!(kept(&device, session).await, []);
}

#[tokio::test]
async fn a_check_in_about_a_past_day_speaks_of_the_time_that_was_given_or_of_its_evening() {
    // The session ended on 2026-11-20 at 17:30 in Madrid; it is 13:30 on the 23rd.
    let device = Device::new();
    let session = a_session(&device.app).await;
    let now = later(65);
    for (case, about_date, time, about) in [
        ("its evening", "2026-11-21", None, Ok("2026-11-21T19:00:00Z")),
        (
            "a time of it",
            "2026-11-21",
            Some("08:15:00"),
            Ok("2026-11-21T07:15:00Z"),
        ),
        (
            "the session's day",
            "2026-11-20",
            None,
            Ok("2026-11-20T19:00:00Z"),
        ),
        (
            "today, not yet evening",
            "2026-11-23",
            None,
            Ok("2026-11-23T12:30:00Z"),
        ),
        (
            "later today",
            "2026-11-23",
            Some("13:31:00"),
            Err(CheckInFault::InFuture),
        ),
        ("tomorrow", "2026-11-24", None, Err(CheckInFault::InFuture)),
        (
            "before the session",
            "2026-11-19",
            None,
            Err(CheckInFault::BeforeSession),
        ),
        (
            "that morning",
            "2026-11-20",
            Some("09:00:00"),
            Err(CheckInFault::BeforeSession),
        ),
    ] {
        let input = CheckInInput {
            day: Some(date(about_date)),
            time: time.map(|time: &str| time.parse().unwrap()),
            ..typed(session, &[])
        };
        let answer = record_check_in(&device.app, &now, input).await;
        match (answer, about) {
            (Ok(view), Ok(at)) => {
                assert_eq!(view.at, at.parse::<DateTime<Utc>>().unwrap(), "{case}");
                assert_eq!(view.date, date(about_date), "{case}");
            }
            (Err(Failure::InvalidCheckIn { faults }), Err(fault)) => assert_eq!(faults, [fault], "{case}"),
            (answer, _) => panic!("{case}: {answer:?}"),
        }
    }
}

#[tokio::test]
async fn a_day_before_the_newest_session_is_of_the_session_before_and_raises_its_call() {
    let device = Device::new();
    let first = a_session(&device.app).await;
    let months = 24 * 60;
    let second = a_session_at(&device.app, &later(months)).await;
    let input = CheckInInput {
        day: Some(date("2026-11-23")),
        ..typed(second, &[Sign::Pus])
    };
    let view = record_check_in(&device.app, &later(months + 1), input)
        .await
        .unwrap();
    assert_eq!((view.day, view.assessment.level), (3, TriageLevel::CallClinic));
    assert_eq!(kept(&device, first).await.len(), 1);
    let card = overview(&device.app, &later(months + 2)).await.unwrap().call;
    assert_eq!(card.unwrap().check_in.id, view.id);
    let photo = PhotoInput {
        session: second,
        check_in: Some(view.id),
        day: Some(date("2026-11-23")),
        pose: Pose::Front,
        file: PNG.to_owned(),
    };
    let photo = add_photo(&device.app, &later(months + 2), photo).await.unwrap();
    assert_eq!(
        (photo.session, moment().zone.date(photo.taken_at)),
        (first, date("2026-11-23")),
        "its photo goes with it"
    );
}

#[tokio::test]
async fn a_correction_keeps_its_moment_and_the_call_that_was_raised() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let first = record_check_in(&device.app, &later(20), typed(session, &[Sign::Pus]))
        .await
        .unwrap();
    let corrected = CheckInInput {
        revises: Some(first.id),
        ..typed(session, &[])
    };
    let second = record_check_in(&device.app, &later(21), corrected.clone())
        .await
        .unwrap();
    assert_eq!(
        (second.at, second.assessment.level),
        (first.at, TriageLevel::Expected)
    );
    let shown = overview(&device.app, &later(22)).await.unwrap();
    assert_eq!(shown.recovery.unwrap().last_check_in.unwrap().id, second.id);
    assert_eq!(shown.call.unwrap().check_in.id, first.id);
    let diary = device.app.diary().await.unwrap();
    assert_eq!(diary.check_in_entries(session).await.unwrap().len(), 2);

    // What stands is corrected, not what stood once.
    assert!(matches!(
        record_check_in(&device.app, &later(23), corrected).await,
        Err(Failure::NotFound)
    ));
    let calls = past_calls(&device.app, &later(23)).await.unwrap();
    assert_eq!(calls.len(), 1);
    assert!(calls[0].corrected && calls[0].answer.is_none());
}

#[tokio::test]
async fn a_check_in_is_judged_before_it_is_kept_and_nothing_is_kept() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    for (signs, level) in [
        (&[][..], TriageLevel::Expected),
        (&[Sign::Pus], TriageLevel::CallClinic),
        (&[Sign::BreathingDifficulty], TriageLevel::Emergency),
    ] {
        let said = assess_check_in(&device.app, &later(20), typed(session, signs))
            .await
            .unwrap();
        assert_eq!(said.level, level);
        assert_eq!(said.findings.is_empty(), level == TriageLevel::Expected);
    }
    assert_eq!(kept(&device, session).await, []);
    assert!(overview(&device.app, &later(20)).await.unwrap().call.is_none());
    let nothing = CheckInInput {
        severities: BTreeMap::new(),
        signs: None,
        ..typed(session, &[])
    };
    let said = assess_check_in(&device.app, &later(20), nothing).await.unwrap();
    assert!(!said.complete && said.closing.is_empty());
}

#[tokio::test]
async fn past_calls_say_what_was_done_and_what_came_of_it() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let mut raised = Vec::new();
    for (hours, sign) in [
        (20, Sign::Pus),
        (30, Sign::Hives),
        (50, Sign::Pus),
        (60, Sign::Pus),
    ] {
        let view = record_check_in(&device.app, &later(hours), typed(session, &[sign]))
            .await
            .unwrap();
        raised.push(view.id);
    }
    let answer = |check_in, outcome| CallAnswer { check_in, outcome };
    answer_call(
        &device.app,
        &later(31),
        answer(raised[1], CallOutcome::ReachedClinic),
    )
    .await
    .unwrap();
    let told = FollowUpInput {
        check_in: raised[1],
        reached: true,
        note: "An antihistamine".to_owned(),
    };
    answer_follow_up(&device.app, &later(40), told).await.unwrap();
    answer_call(
        &device.app,
        &later(51),
        answer(raised[2], CallOutcome::EnteredByMistake),
    )
    .await
    .unwrap();
    let calls = past_calls(&device.app, &later(61)).await.unwrap();
    let told: Vec<_> = calls
        .iter()
        .map(|call| (call.check_in, call.answer.and_then(|answer| answer.outcome)))
        .collect();
    assert_eq!(
        told,
        [
            (raised[3], None),
            (raised[2], Some(CallOutcome::EnteredByMistake)),
            (raised[1], Some(CallOutcome::ReachedClinic)),
            // Whoever was reached heard of the whole course.
            (raised[0], Some(CallOutcome::ReachedClinic)),
        ]
    );
    assert_eq!(calls[2].came_of, ["An antihistamine"]);
    assert!(calls.iter().all(|call| !call.because.is_empty()));
}
