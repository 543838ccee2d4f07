//! The planned series of sessions, and when the next of them is.

use std::collections::BTreeSet;

use afterglow_care::course::{Course, NextSession, next_of, next_session};
use afterglow_care::schedule::Basis;
use afterglow_care::session::{Adjunct, Area, SessionId};
use afterglow_care::{Plan, Session};
use chrono::NaiveDate;
use uuid::Uuid;

use crate::given::{berlin, session, zone};

/// Sessions of the face that ended at noon on these dates.
fn sessions(dates: &[&str]) -> Vec<Session> {
    let told = dates.iter().zip(1_u128..);
    told.map(|(date, number)| Session {
        id: SessionId(Uuid::from_u128(number)),
        ..session(berlin(&format!("{date} 12:00")))
    })
    .collect()
}

fn course(planned: u16, weeks: u16, sessions: &[&Session]) -> Course {
    Course {
        planned,
        interval_days: weeks * 7,
        ended: false,
        sessions: sessions.iter().map(|session| session.id).collect(),
    }
}

fn next(sessions: &[Session], courses: &[Course]) -> Option<NextSession> {
    let basis = Basis {
        sessions,
        courses,
        ..Basis::default()
    };
    next_session(&Plan::microneedling(), basis, &zone("Europe/Berlin"))
}

fn date(date: &str) -> NaiveDate {
    date.parse().expect("a date")
}

#[test]
fn the_patients_interval_and_number_take_the_place_of_the_plans() {
    let all = sessions(&["2026-08-01", "2026-10-01", "2026-11-01"]);
    let told = next(&all, &[course(5, 8, &[&all[1], &all[2]])]).expect("a next session");
    assert_eq!((told.number, told.planned), (3, Some(5)));
    assert_eq!(
        (told.earliest, told.latest),
        (date("2026-12-27"), date("2026-12-27"))
    );
    let told = next(&all, &[course(5, 4, &[&all[1], &all[2]])]).expect("a next session");
    assert_eq!(
        (told.earliest, told.latest),
        (date("2026-11-29"), date("2026-12-13"))
    );
}

#[test]
fn a_shorter_interval_does_not_end_what_keeps_needling_away() {
    let all = sessions(&["2026-11-01"]);
    let told = next(&all, &[course(4, 1, &[&all[0]])]).expect("a next session");
    let usual = next(&all, &[]).expect("a next session");
    assert!(date("2026-11-08") < told.earliest, "{told:?}");
    assert!(told.earliest <= usual.earliest);
}

#[test]
fn after_the_last_session_and_after_its_end_a_course_has_no_next_one() {
    let all = sessions(&["2026-10-01", "2026-11-01"]);
    let whole = course(2, 4, &[&all[0], &all[1]]);
    assert!(!whole.runs(&all));
    assert_eq!(next(&all, &[whole]), None);
    let ended = Course {
        ended: true,
        ..course(4, 4, &[&all[0], &all[1]])
    };
    assert_eq!(next(&all, &[ended]), None);
}

#[test]
fn a_course_without_a_session_leaves_the_plans_interval() {
    let all = sessions(&["2026-11-01"]);
    assert_eq!(next(&all, &[course(4, 8, &[])]), next(&all, &[]));
    assert_eq!(next(&[], &[course(4, 8, &[])]), None);
}

#[test]
fn what_is_of_a_course_is_not_counted_among_sessions_of_none() {
    let all = sessions(&["2025-09-01", "2025-10-01", "2026-11-01"]);
    let told = next(&all, &[course(2, 4, &[&all[0], &all[1]])]).expect("a next session");
    assert_eq!((told.number, told.planned), (2, None));
}

#[test]
fn of_two_courses_the_one_that_had_a_session_last_is_told() {
    let mut all = sessions(&["2026-10-01", "2026-11-01"]);
    all[0].areas = BTreeSet::from([Area::Scalp]);
    let scalp = course(6, 6, &[&all[0]]);
    let face = course(4, 4, &[&all[1]]);
    let told = next(&all, &[scalp.clone(), face.clone()]).expect("a next session");
    assert_eq!(told.planned, Some(4));
    let over = Course { ended: true, ..face };
    let told = next(&all, &[scalp, over]).expect("a next session");
    assert_eq!(told.planned, Some(6));
}

#[test]
fn what_the_patient_entered_holds_where_the_plan_can_say_nothing() {
    let mut all = sessions(&["2026-11-01"]);
    all[0].adjuncts = Adjunct::Radiofrequency.into();
    assert_eq!(next(&all, &[]), None);
    let told = next(&all, &[course(3, 6, &[&all[0]])]).expect("a next session");
    assert_eq!((told.number, told.earliest), (2, date("2026-12-13")));
}

#[test]
fn sessions_are_numbered_by_when_they_ended() {
    let mut all = sessions(&["2026-11-01", "2026-10-01"]);
    let told = course(4, 4, &[&all[0], &all[1]]);
    let days: Vec<_> = told.of(&all).iter().map(|session| session.id).collect();
    assert_eq!(days, [all[1].id, all[0].id]);
    // One that was withdrawn is not among the sessions any more.
    all.pop();
    assert_eq!(told.of(&all).len(), 1);
    let next = next_of(&Plan::microneedling(), &told, &all, &zone("Europe/Berlin"));
    assert_eq!(next.map(|next| next.number), Some(2));
}
