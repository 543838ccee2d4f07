//! Calls: kept when they are said, open until something is said about them.

use afterglow_care::check_in::{CheckIn, CheckInId, Severities};
use afterglow_care::triage::{CallOutcome, TriageLevel};
use afterglow_diary::calls::{Dismissal, Reason};
use enumset::EnumSet;

use super::*;

#[tokio::test]
async fn what_a_check_in_raised_is_kept_with_it() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    record_check_in(&device.app, &moment(), typed(session, &[Sign::Pus]))
        .await
        .unwrap();
    let diary = device.app.diary().await.unwrap();
    let findings = diary.findings(session).await.unwrap();
    assert!(findings.iter().any(|one| one.level == TriageLevel::CallClinic));
    assert!(findings.iter().all(|one| one.raised_at == moment().now));
}

#[tokio::test]
async fn a_correction_is_what_is_shown_and_takes_no_call_back() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let first = record_check_in(&device.app, &moment(), typed(session, &[Sign::Pus]))
        .await
        .unwrap();
    let diary = device.app.diary().await.unwrap();
    let entered = diary.check_ins(session).await.unwrap().remove(0);
    let correction = CheckIn {
        id: CheckInId(Uuid::from_u128(9)),
        signs: Some(EnumSet::empty()),
        revises: Some(entered.id),
        ..entered
    };
    assert!(diary.correct_check_in(&correction, later(1).now).await.unwrap());
    let shown = overview(&device.app, &later(2)).await.unwrap();
    assert_eq!(shown.recovery.unwrap().last_check_in.unwrap().id, correction.id);
    assert_eq!(shown.call.unwrap().check_in.id, first.id);

    let answer = CallAnswer {
        check_in: first.id,
        outcome: CallOutcome::ReachedClinic,
    };
    answer_call(&device.app, &later(3), answer).await.unwrap();
    assert!(overview(&device.app, &later(4)).await.unwrap().call.is_none());
}

#[tokio::test]
async fn a_call_is_open_until_it_is_answered_however_many_sessions_follow() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let raised = record_check_in(&device.app, &later(24), typed(session, &[Sign::Pus]))
        .await
        .unwrap();
    let months = 24 * 90;
    let newer = a_session_at(&device.app, &later(months)).await;
    record_check_in(&device.app, &later(months + 24), typed(newer, &[]))
        .await
        .unwrap();
    let shown = overview(&device.app, &later(months + 25)).await.unwrap();
    let card = shown.call.unwrap();
    assert_eq!((card.check_in.id, card.session.id), (raised.id, session));
    assert_eq!(card.level, TriageLevel::CallClinic);
    assert_eq!(shown.recovery.unwrap().session.id, newer);

    let answer = CallAnswer {
        check_in: raised.id,
        outcome: CallOutcome::ReachedClinic,
    };
    answer_call(&device.app, &later(months + 26), answer)
        .await
        .unwrap();
    assert!(
        overview(&device.app, &later(months + 27))
            .await
            .unwrap()
            .call
            .is_none()
    );
}

#[tokio::test]
async fn a_call_of_which_nothing_could_be_kept_is_found_and_kept_with_the_next_check_in() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let diary = device.app.diary().await.unwrap();
    let lost = CheckIn {
        signs: Some(Sign::Pus.into()),
        ..check_in_of(session, &later(2))
    };
    diary.add_check_in(&lost, later(2).now).await.unwrap();
    assert!(diary.open_calls().await.unwrap().is_empty());
    let card = overview(&device.app, &later(3)).await.unwrap().call.unwrap();
    assert_eq!(card.check_in.id, lost.id);
    record_check_in(&device.app, &later(4), typed(session, &[]))
        .await
        .unwrap();
    let kept = diary.open_calls().await.unwrap();
    assert_eq!(
        kept.iter().map(|call| call.check_in.id).collect::<Vec<_>>(),
        [lost.id]
    );
}

fn check_in_of(session: SessionId, moment: &Moment) -> CheckIn {
    CheckIn {
        id: CheckInId(Uuid::from_u128(7)),
        session,
        at: moment.now,
        local_date: moment.zone.date(moment.now),
        severities: Severities::default(),
        signs: None,
        temperature: None,
        areas: EnumSet::empty(),
        note: String::new(),
        revises: None,
    }
}

#[tokio::test]
async fn a_dismissed_call_is_closed_and_an_older_one_is_not() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let mut raised = Vec::new();
    for hours in [0, 24] {
        let view = record_check_in(&device.app, &later(hours), typed(session, &[Sign::Pus]))
            .await
            .unwrap();
        raised.push(view.id);
    }
    let diary = device.app.diary().await.unwrap();
    for (place, left) in [(1, Some(raised[0])), (0, None)] {
        let dismissal = Dismissal {
            check_in: raised[place],
            reason: Reason::new("it was sunscreen").unwrap(),
            at: later(25).now,
        };
        assert!(diary.add_dismissal(&dismissal).await.unwrap());
        let call = overview(&device.app, &later(26)).await.unwrap().call;
        assert_eq!(call.map(|card| card.check_in.id), left);
    }
}
