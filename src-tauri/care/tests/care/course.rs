//! The planned series of sessions, and when the next of them is.

use std::collections::BTreeSet;

use afterglow_care::course::{Course, NextSession, next_course, next_of, next_session};
use afterglow_care::schedule::{Basis, care_spans, schedule};
use afterglow_care::session::{Adjunct, Appointment, Area, SessionId};
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
    assert_eq!(next_course(&all, &[scalp.clone(), face.clone()]), Some(1));
    assert_eq!(next_course(&all, &[face.clone(), scalp.clone()]), Some(0));
    let new = course(4, 4, &[]);
    assert_eq!(next_course(&all, &[scalp.clone(), new.clone()]), Some(0));
    assert_eq!(
        next_course(&all, &[new]),
        Some(0),
        "what is next is its first session"
    );
    let over = Course { ended: true, ..face };
    assert_eq!(next_course(&all, std::slice::from_ref(&over)), None);
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

/// When the patient is asked to plan the next session, and until when.
fn asked(sessions: &[Session], courses: &[Course], appointments: &[Appointment]) -> Vec<(String, String)> {
    let zone = zone("Europe/Berlin");
    let basis = Basis {
        sessions,
        appointments,
        courses,
        ..Basis::default()
    };
    let local = |at| zone.local(at).format("%Y-%m-%d %H:%M").to_string();
    let occurrences = schedule(&Plan::microneedling(), basis, &zone);
    let asked = occurrences
        .iter()
        .filter(|one| one.instruction.0 == "next_session");
    asked
        .map(|one| (local(one.due_at), local(one.valid_until)))
        .collect()
}

fn pair(due: &str, until: &str) -> Vec<(String, String)> {
    vec![(due.to_owned(), until.to_owned())]
}

#[test]
fn the_next_session_is_asked_for_at_the_interval_of_its_course() {
    let all = sessions(&["2026-11-01"]);
    let usual = pair("2026-11-29 12:00", "2026-11-30 12:00");
    assert_eq!(asked(&all, &[], &[]), usual);
    for (weeks, expected) in [
        (1, usual.clone()),
        (4, usual.clone()),
        (8, pair("2026-12-27 12:00", "2026-12-28 12:00")),
        // Longer than the plan itself.
        (20, pair("2027-03-21 12:00", "2027-03-22 12:00")),
    ] {
        let courses = [course(4, weeks, &[&all[0]])];
        assert_eq!(asked(&all, &courses, &[]), expected, "{weeks}");
        // The care plan's page says the same.
        let basis = Basis {
            sessions: &all,
            courses: &courses,
            ..Basis::default()
        };
        let zone = zone("Europe/Berlin");
        let spans = care_spans(&Plan::microneedling(), &all[0], basis, &zone);
        let told = spans.iter().find(|care| care.instruction.0 == "next_session");
        let (from, _) = told.and_then(|care| care.span).expect("a moment");
        assert_eq!(
            zone.local(from).format("%Y-%m-%d %H:%M").to_string(),
            expected[0].0
        );
    }
}

#[test]
fn after_the_last_session_of_a_course_no_other_is_asked_for() {
    let all = sessions(&["2026-10-01", "2026-11-01"]);
    let [first, last] = &all[..] else {
        unreachable!("two sessions")
    };
    let whole = course(2, 4, &[first, last]);
    let ended = Course {
        ended: true,
        ..course(4, 4, &[first, last])
    };
    for over in [whole, ended] {
        let courses = [over];
        assert!(asked(&all, &courses, &[]).is_empty(), "{courses:?}");
        let basis = Basis {
            sessions: &all,
            courses: &courses,
            ..Basis::default()
        };
        let spans = care_spans(&Plan::microneedling(), last, basis, &zone("Europe/Berlin"));
        assert!(spans.iter().all(|care| care.instruction.0 != "next_session"));
    }
    // Another skin's does not take its place, but the course's next one has happened.
    let mut all = all.clone();
    all[1].areas = BTreeSet::from([Area::Scalp]);
    let both = course(4, 8, &[&all[0], &all[1]]);
    assert_eq!(
        asked(&all, &[both], &[]),
        pair("2026-12-27 12:00", "2026-12-28 12:00")
    );
}

#[test]
fn where_the_next_session_is_booked_it_is_not_asked_for_any_more() {
    let all = sessions(&["2026-11-01"]);
    let booked = |at: &str, entered: &str| Appointment {
        id: SessionId(Uuid::from_u128(9)),
        at: berlin(at),
        areas: BTreeSet::new(),
        entered_at: berlin(entered),
    };
    let then = "2026-12-05 10:00";
    assert!(asked(&all, &[], &[booked(then, "2026-11-02 09:00")]).is_empty());
    let asked_until = |booked| asked(&all, &[], &[booked]);
    assert_eq!(
        asked_until(booked(then, "2026-11-29 18:00")),
        pair("2026-11-29 12:00", "2026-11-29 18:00"),
        "what was asked before stays in the history"
    );
    let missed = booked("2026-11-20 10:00", "2026-11-02 09:00");
    let usual = asked(&all, &[], &[]);
    assert_eq!(asked_until(missed), usual, "and no session was entered");
    let happened = Appointment {
        id: all[0].id,
        ..booked(then, "2026-10-20 09:00")
    };
    assert_eq!(asked_until(happened), usual, "it is this one");
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
