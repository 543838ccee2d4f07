//! Sessions that were entered wrongly, and the time before the first.

use std::collections::BTreeSet;

use afterglow_care::session::{Adjunct, Area, SessionFault, Setting, Supply};
use chrono::TimeDelta;

use super::super::*;
use super::{Device, a_session, later, moment};
use crate::wire::*;

fn typed(hours_ago: i64) -> SessionInput {
    SessionInput {
        ended_at: (moment().zone.local(moment().now) - TimeDelta::hours(hours_ago)).naive_local(),
        setting: Setting::Clinic,
        device: None,
        depth_mm: Some(0.5),
        areas: BTreeSet::from([Area::Back]),
        concerns: BTreeSet::new(),
        clinic_gave: BTreeSet::from([Supply::Sunscreen]),
        adjuncts: BTreeSet::from([Adjunct::Prp]),
        exposed: true,
        course: None,
    }
}

#[tokio::test]
async fn a_session_that_was_entered_wrongly_is_corrected_and_what_follows_with_it() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let correct = async |input: SessionInput| {
        let correction = SessionCorrection { session, input };
        correct_session(&device.app, &moment(), correction).await
    };
    let refused = correct(typed(-2)).await.unwrap_err();
    assert!(
        matches!(&refused, Failure::InvalidSession { faults } if faults == &[SessionFault::EndsInFuture])
    );

    let corrected = correct(typed(30)).await.unwrap();
    assert_eq!(corrected.id, session);
    let all = care_plan(&device.app, &moment()).await.unwrap().sessions;
    let [SessionOfList { session: kept, .. }] = &all[..] else {
        panic!("{all:?}")
    };
    assert_eq!(kept.ended_local, typed(30).ended_at);
    assert_eq!((kept.depth_mm, kept.exposed), (Some(0.5), true));
    assert_eq!(kept.areas, BTreeSet::from([Area::Back]));
    assert_eq!(kept.adjuncts, BTreeSet::from([Adjunct::Prp]));
    assert_eq!(kept.clinic_gave, BTreeSet::from([Supply::Sunscreen]));
    let today = overview(&device.app, &moment()).await.unwrap().recovery.unwrap();
    assert_eq!(today.day, 1, "the day follows");
    let answer = can(&device.app, &moment(), "makeup".to_owned()).await.unwrap();
    assert_eq!(
        answer.answers[0].answer,
        afterglow_care::permission::Answer::AskClinic,
        "more was done than needling"
    );

    withdraw_session(&device.app, &moment(), session).await.unwrap();
    assert!(matches!(correct(typed(5)).await, Err(Failure::NotFound)));
}

#[tokio::test]
async fn a_correction_of_something_else_leaves_the_end_where_it_is() {
    let device = Device::new();
    // Half past two came twice that night, and was entered before it came again.
    let night = Moment {
        now: "2026-10-25T00:45:00Z".parse().unwrap(),
        ..moment()
    };
    let entered = SessionInput {
        ended_at: "2026-10-25T02:30:00".parse().unwrap(),
        ..typed(0)
    };
    let session = add_session(&device.app, &night, entered.clone()).await.unwrap();
    assert_eq!(session.ended_at.to_rfc3339(), "2026-10-25T00:30:00+00:00");
    let correct = async |input: SessionInput, at: &Moment| {
        let session = session.id;
        correct_session(&device.app, at, SessionCorrection { session, input }).await
    };
    let deeper = SessionInput {
        depth_mm: Some(1.5),
        ..entered.clone()
    };
    // More than a year later too.
    for at in [moment(), later(400 * 24)] {
        let corrected = correct(deeper.clone(), &at).await.unwrap();
        assert_eq!(
            (corrected.ended_at, corrected.depth_mm),
            (session.ended_at, Some(1.5))
        );
    }
    let earlier = SessionInput {
        ended_at: "2026-10-25T01:30:00".parse().unwrap(),
        ..deeper
    };
    let refused = correct(earlier, &later(400 * 24)).await.unwrap_err();
    assert!(
        matches!(&refused, Failure::InvalidSession { faults } if faults == &[SessionFault::EndedOverAYearAgo])
    );
    let moved = correct(
        SessionInput {
            ended_at: "2026-10-25T02:31:00".parse().unwrap(),
            ..entered
        },
        &moment(),
    )
    .await
    .unwrap();
    assert_eq!(moved.ended_at.to_rfc3339(), "2026-10-25T01:31:00+00:00");
}

#[tokio::test]
async fn a_session_is_judged_before_it_is_kept() {
    let device = Device::new();
    assert!(check_session(&device.app, &moment(), typed(3)).await.is_ok());
    let wrong = SessionInput {
        areas: BTreeSet::new(),
        depth_mm: Some(9.0),
        ..typed(3)
    };
    let refused = check_session(&device.app, &moment(), wrong).await.unwrap_err();
    let Failure::InvalidSession { faults } = refused else {
        panic!("{refused}");
    };
    assert_eq!(faults, [SessionFault::DepthOutOfRange, SessionFault::NoArea]);
    assert!(
        care_plan(&device.app, &moment())
            .await
            .unwrap()
            .sessions
            .is_empty(),
        "nothing is kept"
    );
}

#[tokio::test]
async fn before_the_first_session_today_tells_of_what_is_booked_and_prescribed() {
    let device = Device::new();
    let nothing = overview(&device.app, &moment()).await.unwrap();
    assert!(nothing.before.is_none() && nothing.booked.is_none());

    let booked = AppointmentInput {
        id: None,
        at: "2026-11-25T10:30:00".parse().unwrap(),
        note: String::new(),
    };
    keep_appointment(&device.app, &moment(), booked).await.unwrap();
    let waiting = overview(&device.app, &moment()).await.unwrap();
    let next = waiting.booked.unwrap();
    assert_eq!(next.at.to_rfc3339(), "2026-11-25T09:30:00+00:00");
    assert!(next.pre_care.len() > 3 && next.pre_care.is_sorted_by_key(|one| one.from));
    let before = waiting.before.unwrap();
    assert!(before.next_reminder.is_some() && before.care.is_empty());

    let medicine = MedicineInput {
        id: None,
        name: "Valaciclovir".to_owned(),
        from: "2026-11-20".parse().unwrap(),
        to: None,
        times: ["21:00:00"].map(|time| time.parse().unwrap()).into(),
    };
    keep_medicine(&device.app, &moment(), medicine).await.unwrap();
    let key = async || {
        let before = overview(&device.app, &moment()).await.unwrap().before.unwrap();
        before.care[0].ticks[0].clone()
    };
    let dose = key().await;
    assert!(!dose.done);
    let input = TickInput {
        key: dose.key,
        done: true,
    };
    tick_care(&device.app, &moment(), input).await.unwrap();
    assert!(key().await.done);

    a_session(&device.app).await;
    let after = overview(&device.app, &later(200)).await.unwrap();
    assert!(after.before.is_none() && after.booked.is_none(), "it is over");
}
