//! The care plan as it is for a session, and the courses that sessions are of.

use std::collections::BTreeSet;

use afterglow_care::restriction::{RestrictionState, WindowKind};
use afterglow_care::session::{Adjunct, Area, SessionId, Setting};
use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use super::super::*;
use super::{Device, a_session, a_session_at, later, moment};
use crate::recent::Recent;
use crate::reminders::Known;
use crate::wire::*;

fn four(sessions: &[SessionId]) -> CourseInput {
    CourseInput {
        id: None,
        treatment: " SkinPen ".to_owned(),
        planned_sessions: 4,
        interval_days: 42,
        sessions: sessions.iter().copied().collect(),
    }
}

fn typed(course: Option<Uuid>, adjuncts: &[Adjunct]) -> SessionInput {
    SessionInput {
        ended_at: (moment().zone.local(moment().now) - TimeDelta::hours(1)).naive_local(),
        setting: Setting::Clinic,
        device: None,
        depth_mm: Some(1.0),
        areas: BTreeSet::from([Area::Face]),
        concerns: BTreeSet::new(),
        clinic_gave: BTreeSet::new(),
        adjuncts: adjuncts.iter().copied().collect(),
        exposed: false,
        course,
    }
}

async fn plan_at(app: &App, moment: &Moment) -> CarePlanView {
    care_plan(app, moment).await.unwrap()
}

async fn plan(app: &App) -> CarePlanView {
    plan_at(app, &moment()).await
}

fn date(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

#[tokio::test]
async fn before_the_first_session_the_plan_tells_what_is_asked_before_it() {
    let device = Device::new();
    let told = plan(&device.app).await;
    assert!(told.not_yet.is_empty() && told.care.is_empty() && told.sessions.is_empty());
    let ids = |told: &CarePlanView| {
        let ids = told.before.iter().map(|one| one.id.clone());
        ids.collect::<BTreeSet<_>>()
    };
    let asked: BTreeSet<_> = device
        .app
        .plan
        .pre_care()
        .iter()
        .map(|one| one.id.to_string())
        .collect();
    assert!(asked.len() > 3);
    assert_eq!(ids(&told), asked);
    assert!(told.before.iter().all(|one| one.from.is_none()) && told.booked_at.is_none());
    assert!(
        told.before
            .is_sorted_by(|one, next| one.hours_before >= next.hours_before)
    );
    let booked = AppointmentInput {
        id: None,
        at: "2026-12-05T10:30:00".parse().unwrap(),
        note: String::new(),
    };
    keep_appointment(&device.app, &moment(), booked).await.unwrap();
    let told = plan(&device.app).await;
    let at = told.booked_at.unwrap();
    assert_eq!(ids(&told), asked);
    assert!(
        told.before
            .iter()
            .all(|one| one.from == Some(at - TimeDelta::hours(one.hours_before.into())))
    );
}

#[tokio::test]
async fn every_instruction_has_its_times_and_they_are_those_of_today() {
    let device = Device::new();
    a_session(&device.app).await;
    let told = plan(&device.app).await;
    assert!(told.not_yet.len() > 10 && told.care.len() > 5);
    assert!(
        told.not_yet
            .iter()
            .chain(&told.care)
            .all(|one| !one.why.is_empty())
    );
    let today = overview(&device.app, &moment()).await.unwrap().recovery.unwrap();
    for restriction in &today.restrictions {
        let planned = told.not_yet.iter().find(|one| one.id == restriction.instruction);
        let window = planned.and_then(|one| one.window).unwrap();
        assert_eq!((window.from, window.until), (restriction.from, restriction.until));
    }
    let states: Vec<_> = told
        .not_yet
        .iter()
        .filter_map(|one| one.window.map(|window| window.state))
        .collect();
    assert_eq!(states[0], RestrictionState::Holds);
    assert_eq!(states.last(), Some(&RestrictionState::Upcoming));
    let days_later = plan_at(&device.app, &later(24 * 9)).await;
    let ended = days_later.not_yet.last().and_then(|one| one.window).unwrap();
    assert_eq!(ended.state, RestrictionState::Ended);
}

#[tokio::test]
async fn where_more_was_done_the_plan_says_to_ask_and_proposes_no_course() {
    let device = Device::new();
    add_session(&device.app, &moment(), typed(None, &[Adjunct::Radiofrequency]))
        .await
        .unwrap();
    let told = plan(&device.app).await;
    assert!(told.not_yet.len() > 10);
    assert!(told.not_yet.iter().all(|one| one.kind == WindowKind::Ask));
    assert_eq!(
        (told.usual.planned_sessions, told.usual.interval_days),
        (None, None)
    );
}

#[tokio::test]
async fn a_course_is_made_and_the_next_session_is_entered_into_it() {
    let device = Device::new();
    let first = a_session_at(&device.app, &later(-42 * 24)).await;
    let usual = plan(&device.app).await.usual;
    assert_eq!((usual.planned_sessions, usual.interval_days), (Some(4), Some(28)));
    assert_eq!(usual.sessions, [first]);
    assert_eq!(usual.proposed, BTreeSet::from([first]));

    keep_course(&device.app, &moment(), four(&[first])).await.unwrap();
    let told = plan(&device.app).await;
    let [course] = &told.courses[..] else {
        panic!("{told:?}")
    };
    assert_eq!((course.treatment.as_str(), course.runs), ("SkinPen", true));
    let next = course.next.as_ref().unwrap();
    assert_eq!((next.number, next.planned), (2, Some(4)));
    assert_eq!(next.earliest, date("2026-11-20"));
    let on_the_road = timeline(&device.app, &moment()).await.unwrap().unwrap();
    assert_eq!(on_the_road.next_session.unwrap().number, 2);

    let second = add_session(&device.app, &moment(), typed(Some(course.id), &[]))
        .await
        .unwrap();
    let told = plan(&device.app).await;
    assert_eq!(told.courses[0].sessions, [first, second.id]);
    assert_eq!(told.sessions[0].course, Some(course.id));
    assert_eq!((told.sessions[0].day, told.sessions[1].day), (0, 42));
    assert!(told.usual.sessions.is_empty(), "both are of a course");
    let on_the_road = timeline(&device.app, &moment()).await.unwrap().unwrap();
    let next = on_the_road.next_session.unwrap();
    assert_eq!((next.number, next.planned), (3, Some(4)));
    assert_eq!(next.earliest, date("2027-01-01"));
    let far = timeline(&device.app, &later(200 * 24)).await.unwrap().unwrap();
    assert!(
        far.next_session.is_some(),
        "what was planned stays until it is booked or ended"
    );
}

#[tokio::test]
async fn of_two_courses_that_go_on_the_next_session_is_of_the_one_that_had_one_last() {
    let device = Device::new();
    let of_face = a_session_at(&device.app, &later(-110 * 24)).await;
    let scalp = SessionInput {
        ended_at: (moment().zone.local(moment().now) - TimeDelta::days(36)).naive_local(),
        areas: BTreeSet::from([Area::Scalp]),
        ..typed(None, &[])
    };
    let of_scalp = add_session(&device.app, &moment(), scalp).await.unwrap().id;
    let of_face_too = a_session_at(&device.app, &later(-19 * 24)).await;
    for (treatment, sessions) in [("Face", &[of_face, of_face_too][..]), ("Scalp", &[of_scalp])] {
        let treatment = treatment.to_owned();
        let course = CourseInput {
            treatment,
            ..four(sessions)
        };
        keep_course(&device.app, &moment(), course).await.unwrap();
    }
    let courses = plan(&device.app).await.courses;
    let told: Vec<_> = courses
        .iter()
        .map(|course| (course.treatment.as_str(), course.is_next))
        .collect();
    assert_eq!(
        told,
        [("Scalp", false), ("Face", true)],
        "the one that began last is first"
    );
    let next = timeline(&device.app, &moment())
        .await
        .unwrap()
        .unwrap()
        .next_session;
    assert_eq!(next.unwrap().number, 3);
}

#[tokio::test]
async fn the_reminder_of_the_next_session_goes_by_its_course() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let asked = async |days: i64| {
        let app = &device.app;
        let then = later(days * 24 - 4);
        let diary = app.diary().await.unwrap();
        let recent = Recent::read(app, &diary, &then).await.unwrap();
        let known = Known::new(app, &recent, &recent.judged(&app.plan, &then), &then);
        let next = known.next(app, &then).map(|(_, next)| next.instruction.0.clone());
        next.as_deref() == Some("next_session")
    };
    assert!(asked(28).await);
    let course = |planned_sessions, interval_days| CourseInput {
        planned_sessions,
        interval_days,
        ..four(&[session])
    };
    keep_course(&device.app, &moment(), course(4, 180)).await.unwrap();
    assert!(!asked(28).await);
    assert!(asked(180).await, "long after the plan's last day");
    let id = Some(plan(&device.app).await.courses[0].id);
    let whole = CourseInput { id, ..course(1, 180) };
    keep_course(&device.app, &moment(), whole).await.unwrap();
    assert!(!asked(28).await && !asked(180).await);
}

#[tokio::test]
async fn a_session_is_taken_out_and_put_in_and_a_correction_says_which() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    keep_course(&device.app, &moment(), four(&[session]))
        .await
        .unwrap();
    let id = plan(&device.app).await.courses[0].id;
    let put = async |course| {
        let input = SessionInCourse { session, course };
        put_in_course(&device.app, &moment(), input).await.unwrap();
        plan(&device.app).await.sessions[0].course
    };
    assert_eq!(put(None).await, None);
    assert_eq!(put(Some(id)).await, Some(id));
    let correct = async |course| {
        let input = typed(course, &[]);
        correct_session(&device.app, &moment(), SessionCorrection { session, input })
            .await
            .map(|_| ())
    };
    correct(Some(id)).await.unwrap();
    assert_eq!(plan(&device.app).await.sessions[0].course, Some(id));
    correct(None).await.unwrap();
    assert_eq!(plan(&device.app).await.sessions[0].course, None);
    let nowhere = Some(Uuid::from_u128(7));
    assert!(matches!(correct(nowhere).await, Err(Failure::NotFound)));
    let input = typed(nowhere, &[]);
    let refused = add_session(&device.app, &moment(), input).await;
    assert!(matches!(refused, Err(Failure::NotFound)));
    assert_eq!(plan(&device.app).await.sessions.len(), 1, "nothing was kept");
}

#[tokio::test]
async fn a_course_is_corrected_with_its_sessions_and_refused_with_its_faults() {
    let device = Device::new();
    let first = a_session_at(&device.app, &later(-42 * 24)).await;
    let second = a_session(&device.app).await;
    keep_course(&device.app, &moment(), four(&[first])).await.unwrap();
    let id = Some(plan(&device.app).await.courses[0].id);
    let more = CourseInput {
        id,
        planned_sessions: 6,
        ..four(&[second])
    };
    keep_course(&device.app, &moment(), more).await.unwrap();
    let told = plan(&device.app).await;
    assert_eq!(told.courses.len(), 1);
    assert_eq!(told.courses[0].planned_sessions, 6);
    assert_eq!(told.courses[0].sessions, [second]);

    let wrong = CourseInput {
        treatment: " ".to_owned(),
        planned_sessions: 1,
        interval_days: 3,
        ..four(&[first, second])
    };
    let refused = keep_course(&device.app, &moment(), wrong).await.unwrap_err();
    let Failure::InvalidCourse { faults } = refused else {
        panic!("{refused}");
    };
    assert_eq!(
        faults,
        [
            CourseFault::TreatmentMissing,
            CourseFault::FewerThanItHas,
            CourseFault::IntervalOutOfRange
        ]
    );
    let gone = four(&[SessionId(Uuid::from_u128(5))]);
    assert!(matches!(
        keep_course(&device.app, &moment(), gone).await,
        Err(Failure::NotFound)
    ));
    assert_eq!(plan(&device.app).await.courses.len(), 1, "nothing was kept");
}

#[tokio::test]
async fn a_course_ends_goes_on_and_is_over_after_its_last_session() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    keep_course(&device.app, &moment(), four(&[session]))
        .await
        .unwrap();
    let course = plan(&device.app).await.courses[0].id;
    let end = async |ended| {
        let input = CourseEnd { course, ended };
        end_course(&device.app, &moment(), input).await.unwrap();
        plan(&device.app).await.courses
    };
    let over = &end(true).await[0];
    assert_eq!((over.runs, over.ended), (false, Some(date("2026-11-20"))));
    let road = timeline(&device.app, &moment()).await.unwrap().unwrap();
    assert!(road.next_session.is_none());
    assert!(end(false).await[0].runs);

    withdraw_session(&device.app, &moment(), session).await.unwrap();
    assert!(plan(&device.app).await.courses[0].sessions.is_empty());
    assert!(
        end(true).await.is_empty(),
        "without a session nothing is left of it"
    );

    let last = a_session(&device.app).await;
    let one = CourseInput {
        planned_sessions: 1,
        ..four(&[last])
    };
    keep_course(&device.app, &moment(), one).await.unwrap();
    let whole = &plan(&device.app).await.courses[0];
    assert!(!whole.runs && whole.ended.is_none() && whole.next.is_none());
}
