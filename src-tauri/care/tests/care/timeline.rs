//! The phases and rows of a recovery.

use std::collections::BTreeSet;

use afterglow_care::check_in::{CheckInId, Severity, Symptom};
use afterglow_care::course::next_session;
use afterglow_care::plan::{InstructionId, InstructionKind};
use afterglow_care::restriction::{WindowKind, restrictions_of};
use afterglow_care::schedule::Basis;
use afterglow_care::session::{Adjunct, Appointment, Area, NeedleDepth, SessionId};
use afterglow_care::timeline::{self, Accent, Day, Grain, PhaseId, Row, days, phase_on, phases, timeline};
use afterglow_care::{Locale, Plan, Session};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use crate::given::{berlin, check_in, id, session, zone};

fn with_depth(micrometres: u16) -> Session {
    let mut session = session(berlin("2026-11-21 10:00"));
    session.depth = NeedleDepth::from_micrometres(micrometres);
    session
}

#[test]
fn each_class_has_its_days() {
    let plan = Plan::microneedling();
    for (micrometres, first_days) in [
        (500, [0, 1, 3, 5, 14, 30, 90]),
        (1_500, [0, 1, 3, 8, 14, 30, 90]),
        (2_000, [0, 1, 4, 11, 21, 42, 90]),
    ] {
        let session = with_depth(micrometres);
        let found: Vec<_> = phases(&plan, &session)
            .iter()
            .map(|phase| phase.from_day)
            .collect();
        assert_eq!(found, first_days, "{micrometres} micrometres");
    }
}

#[test]
fn an_unknown_depth_has_the_phases_of_its_windows() {
    let plan = Plan::microneedling();
    let mut unknown = with_depth(1_000);
    unknown.depth = None;
    assert_eq!(phases(&plan, &unknown), phases(&plan, &with_depth(2_000)));
}

#[test]
fn every_day_has_a_phase_before_the_first_and_after_the_last_too() {
    let plan = Plan::microneedling();
    let session = with_depth(1_000);
    for (day, phase) in [
        (i64::MIN, PhaseId::RedAndWarm),
        (-1, PhaseId::RedAndWarm),
        (0, PhaseId::RedAndWarm),
        (2, PhaseId::Calming),
        (7, PhaseId::DryAndFlaky),
        (180, PhaseId::Review),
        (181, PhaseId::Review),
        (i64::MAX, PhaseId::Review),
    ] {
        assert_eq!(phase_on(&plan, &session, day).id, phase, "day {day}");
    }
}

#[test]
fn dry_turns_into_peeling_half_way() {
    let plan = Plan::microneedling();
    for (micrometres, days, peeling_from) in [(500, 3..=4, 4), (1_000, 3..=7, 6), (2_000, 4..=10, 8)] {
        for day in days {
            let accent = if day < peeling_from {
                Accent::Dry
            } else {
                Accent::Peeling
            };
            assert_eq!(
                phase_on(&plan, &with_depth(micrometres), day).accent,
                accent,
                "day {day}"
            );
        }
    }
}

fn rows(session: &Session) -> Vec<Row> {
    timeline(
        &Plan::microneedling(),
        std::slice::from_ref(session),
        &zone("Europe/Berlin"),
        session.ended_at,
    )
    .expect("a timeline")
    .rows
}

#[test]
fn days_then_weeks_then_months() {
    let spans: Vec<_> = rows(&with_depth(1_000))
        .iter()
        .skip(14)
        .map(|r| (r.grain, r.from_day, r.to_day))
        .collect();
    assert_eq!(
        spans,
        [
            (Grain::Day, 14, 14),
            (Grain::Week, 15, 21),
            (Grain::Week, 22, 29),
            (Grain::Month, 30, 59),
            (Grain::Month, 60, 89),
            (Grain::Month, 90, 119),
            (Grain::Month, 120, 149),
            (Grain::Month, 150, 180),
        ]
    );
}

#[test]
fn each_phase_begins_with_a_row() {
    for micrometres in [500, 1_000, 2_000] {
        let begun: Vec<_> = rows(&with_depth(micrometres))
            .iter()
            .filter(|r| r.phase_begins)
            .map(|r| r.phase.id)
            .collect();
        assert_eq!(begun, PhaseId::ALL);
    }
}

#[test]
fn a_row_says_what_ends_in_it_and_what_still_holds() {
    let session = with_depth(1_000);
    let rows = rows(&session);
    let names = |row: &Row| -> Vec<String> { row.ends.iter().map(|(name, _)| name.0.clone()).collect() };
    assert_eq!(names(&rows[0]), [""; 0]);
    assert_eq!(
        names(&rows[1]),
        ["only_clinic_products", "no_makeup", "no_sunscreen_yet"]
    );
    assert_eq!(
        names(&rows[3]),
        [
            "makeup_careful",
            "avoid_sun",
            "clean_hands_only",
            "no_sweat",
            "no_heat",
            "no_swimming"
        ],
        "an avoid at its own end, its limit later"
    );
    let makeup = rows[3]
        .ends
        .iter()
        .find(|(name, _)| *name == id("makeup_careful"));
    assert_eq!(
        makeup.map(|(_, at)| *at),
        Some(session.ended_at + TimeDelta::hours(72))
    );
    assert!(rows[1].holds.contains(&id("makeup_careful")) && !rows[1].holds.contains(&id("no_makeup")));
    assert!(!rows[3].holds.contains(&id("makeup_careful")));
}

#[test]
fn today_is_the_recovery_day() {
    let session = with_depth(1_000);
    let now = berlin("2026-11-24 00:30");
    let today = |sessions: &[Session]| {
        timeline(&Plan::microneedling(), sessions, &zone("Europe/Berlin"), now).map(|t| t.today)
    };
    assert_eq!(today(std::slice::from_ref(&session)), Some(3));
    assert_eq!(today(&[]), None);
    let newer = Session {
        id: SessionId(Uuid::from_u128(2)),
        ended_at: berlin("2026-11-22 10:00"),
        ..session.clone()
    };
    assert_eq!(today(&[newer, session]), Some(2), "of the newest");
}

/// The face, 1.5 mm, and some hours later the hands, 0.25 mm.
fn face_then_hands(hours: i64) -> [Session; 2] {
    let face = with_depth(1_500);
    let hands = Session {
        id: SessionId(Uuid::from_u128(2)),
        ended_at: face.ended_at + TimeDelta::hours(hours),
        areas: BTreeSet::from([Area::Hands]),
        ..with_depth(250)
    };
    [face, hands]
}

#[test]
fn the_faces_longer_windows_outlast_those_of_the_hands() {
    let sessions = face_then_hands(2);
    let face_end = |hours| Some(sessions[0].ended_at + TimeDelta::hours(hours));
    let hands_end = |hours| Some(sessions[1].ended_at + TimeDelta::hours(hours));
    let rows = timeline(
        &Plan::microneedling(),
        &sessions,
        &zone("Europe/Berlin"),
        sessions[1].ended_at,
    )
    .expect("a timeline")
    .rows;
    for (name, end) in [
        ("no_sweat", face_end(72)),
        ("no_makeup", face_end(24)),
        ("makeup_careful", face_end(72)),
        ("no_picking", face_end(240)),
        ("avoid_sun", hands_end(72)),
        ("limit_sun", face_end(240)),
        ("only_clinic_products", hands_end(24)),
    ] {
        let ends: Vec<_> = rows
            .iter()
            .flat_map(|row| &row.ends)
            .filter(|(n, _)| *n == id(name))
            .collect();
        assert_eq!(ends.len(), 1, "{name}");
        assert_eq!(Some(ends[0].1), end, "{name}");
    }
    assert!(rows[2].holds.contains(&id("no_sweat")), "not over with the hands");
}

fn booked(at: &str) -> Appointment {
    Appointment {
        id: SessionId(Uuid::from_u128(7)),
        at: berlin(at),
        areas: BTreeSet::from([Area::Face]),
        entered_at: chrono::DateTime::UNIX_EPOCH,
    }
}

fn named(day: &Day, kind: WindowKind) -> Vec<String> {
    let of_kind = day.holds.iter().filter(|holds| holds.kind == kind);
    of_kind.map(|holds| holds.instruction.0.clone()).collect()
}

fn ends(day: &Day) -> Vec<String> {
    day.ends.iter().map(|(name, _)| name.0.clone()).collect()
}

#[test]
fn each_day_says_what_holds_begins_and_ends() {
    let plan = Plan::microneedling();
    let session = with_depth(1_000);
    let now = berlin("2026-11-22 09:00");
    let days = days(
        &plan,
        std::slice::from_ref(&session),
        &[],
        &zone("Europe/Berlin"),
        now,
    );
    assert_eq!(days.len(), 181);
    assert!(days.iter().zip(0..).all(|(day, number)| day.day == number));
    assert_eq!(
        days.iter()
            .filter(|day| day.is_today)
            .map(|day| day.day)
            .collect::<Vec<_>>(),
        [1]
    );
    assert!(named(&days[0], WindowKind::Avoid).contains(&"no_makeup".to_owned()));
    assert!(
        named(&days[1], WindowKind::Avoid).contains(&"no_makeup".to_owned()),
        "until 10:00"
    );
    assert!(!named(&days[2], WindowKind::Avoid).contains(&"no_makeup".to_owned()));
    assert_eq!(
        named(&days[2], WindowKind::Limit),
        ["makeup_careful"],
        "the sun's limit has not begun"
    );
    let starts: Vec<_> = days[1].starts.iter().map(|(name, _)| name.0.as_str()).collect();
    assert_eq!(starts, ["makeup_careful", "moisturise", "sunscreen"]);
    assert!(ends(&days[3]).contains(&"no_swimming".to_owned()));
    assert_eq!(days[0].phase.map(|phase| phase.id), Some(PhaseId::RedAndWarm));
    assert_eq!(
        days[45].results(&plan, Locale::En),
        Some(plan.phase(PhaseId::Building).texts(Locale::En).results.as_str())
    );
    let expected: Vec<_> = [0, 1, 2, 3, 7, 180]
        .map(|day: usize| {
            let severity = days[day]
                .expected
                .and_then(|expected| expected.get(Symptom::Erythema));
            severity.map_or(9, Severity::grade)
        })
        .to_vec();
    assert_eq!(expected, [3, 3, 2, 1, 0, 0]);
    assert!(days[100].holds.is_empty());
}

#[test]
fn a_day_has_its_check_ins_that_count() {
    let plan = Plan::microneedling();
    let session = with_depth(1_000);
    let first = check_in(&session, 10, &[]);
    let mut corrected = check_in(&session, 11, &[]);
    corrected.revises = Some(first.id);
    let next = check_in(&session, 34, &[]);
    let logged = [next.clone(), corrected.clone(), first];
    let sessions = [session];
    let days = days(
        &plan,
        &sessions,
        &logged,
        &zone("Europe/Berlin"),
        berlin("2026-11-23 09:00"),
    );
    let of = |day: usize| -> Vec<CheckInId> { days[day].check_ins.clone() };
    assert_eq!(of(0), [corrected.id]);
    assert_eq!(of(1), [next.id]);
    assert_eq!(of(2), []);
}

#[test]
fn the_days_before_a_first_session_count_to_it() {
    let plan = Plan::microneedling();
    let appointments = [booked("2026-12-01 14:30")];
    let basis = Basis {
        appointments: &appointments,
        ..Basis::default()
    };
    let zone = zone("Europe/Berlin");
    let told = days(&plan, basis, &[], &zone, berlin("2026-11-25 09:00"));
    let numbers: Vec<_> = told.iter().map(|day| day.day).collect();
    assert_eq!(numbers, (-14..=0).collect::<Vec<_>>());
    assert!(
        told.iter()
            .all(|day| day.phase.is_none() && day.expected.is_none())
    );
    assert_eq!(told[14].appointments, [&appointments[0]]);
    assert_eq!(named(&told[0], WindowKind::Avoid), ["pre_no_sun"]);
    assert!(named(&told[14], WindowKind::Avoid).contains(&"pre_no_retinoids".to_owned()));
    assert!(
        told.iter().all(|day| day.ends.is_empty()),
        "a session ends it, and nothing is fine again"
    );
    assert!(
        days(&plan, basis, &[], &zone, berlin("2026-12-02 09:00")).is_empty(),
        "it is over"
    );
    assert!(days(&plan, &[], &[], &zone, berlin("2026-12-02 09:00")).is_empty());
}

#[test]
fn what_is_asked_before_a_next_session_stands_on_its_dates() {
    let plan = Plan::microneedling();
    let sessions = [with_depth(1_000)];
    let appointments = [booked("2026-12-22 14:30")];
    let basis = Basis {
        sessions: &sessions,
        appointments: &appointments,
        ..Basis::default()
    };
    let told = days(
        &plan,
        basis,
        &[],
        &zone("Europe/Berlin"),
        berlin("2026-11-25 09:00"),
    );
    assert_eq!(told[0].day, 0);
    assert_eq!(told[31].appointments.len(), 1);
    assert!(named(&told[17], WindowKind::Avoid).contains(&"pre_no_sun".to_owned()));
    assert!(!named(&told[16], WindowKind::Avoid).contains(&"pre_no_sun".to_owned()));
    assert!(told[27].next_session.is_none());
    assert!((28..=42).all(|day| told[day].next_session.is_some()));
    assert!(told[43].next_session.is_none());
}

#[test]
fn where_more_was_done_no_day_says_that_something_ended() {
    let plan = Plan::microneedling();
    let mut peel = with_depth(1_000);
    peel.adjuncts = Adjunct::Peel.into();
    let zone = zone("Europe/Berlin");
    let told = days(&plan, std::slice::from_ref(&peel), &[], &zone, peel.ended_at);
    assert!(told.iter().all(|day| day.ends.is_empty()));
    assert!(told[5].holds.iter().all(|holds| holds.kind == WindowKind::Ask));
    assert!(!told[5].holds.is_empty());
    let rows = timeline(&plan, std::slice::from_ref(&peel), &zone, peel.ended_at)
        .expect("a timeline")
        .rows;
    assert!(rows.iter().all(|row| row.ends.is_empty()));
    assert_eq!(next_session(&plan, &[peel], &zone), None);
}

#[test]
fn the_next_session_is_within_the_courses_interval() {
    let plan = Plan::microneedling();
    let zone = zone("Europe/Berlin");
    let date = |month, day| NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
    let next = |sessions: &[Session]| {
        let next = next_session(&plan, sessions, &zone)?;
        Some((next.earliest, next.latest, next.number))
    };
    assert_eq!(
        next(&[with_depth(1_000)]),
        Some((
            date(12, 19),
            NaiveDate::from_ymd_opt(2027, 1, 2).expect("a date"),
            2
        ))
    );
    let deep = next(&[with_depth(2_000)]);
    assert_eq!(
        deep.map(|(earliest, ..)| earliest),
        NaiveDate::from_ymd_opt(2027, 1, 2),
        "its avoid is longer"
    );
    assert_eq!(next(&[]), None);
    let six: Vec<_> = (0..6)
        .map(|number| Session {
            id: SessionId(Uuid::from_u128(number + 10)),
            ..with_depth(1_000)
        })
        .collect();
    assert_eq!(next(&six[..5]).map(|(.., number)| number), Some(6));
    assert_eq!(next(&six), None, "the usual course is complete");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_cover_every_day_once_and_every_end_once(
        // Two years of ends, so that days of 23 and of 25 hours are among the rows.
        minute in 0..1_050_000_i64,
        depth in proptest::option::of(100..=3_500_u16),
        name in proptest::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    ) {
        let plan = Plan::microneedling();
        let mut session = session(berlin("2026-01-01 00:00") + TimeDelta::minutes(minute));
        session.depth = depth.and_then(NeedleDepth::from_micrometres);
        let zone = zone(name);
        let rows = timeline(&plan, std::slice::from_ref(&session), &zone, session.ended_at).expect("a timeline").rows;
        let mut next_day = 0;
        for row in &rows {
            prop_assert_eq!(row.from_day, next_day);
            prop_assert!(row.from_day <= row.to_day);
            prop_assert_eq!(session.day_of_date(&zone, row.from_date), row.from_day);
            prop_assert_eq!(session.day_of_date(&zone, row.to_date), row.to_day);
            prop_assert!(row.to_day <= row.phase.to_day, "no row leaves its phase");
            prop_assert!(row.grain != Grain::Day || row.from_day == row.to_day);
            for (_, at) in &row.ends {
                let day = session.recovery_day(&zone, *at);
                prop_assert!((row.from_day..=row.to_day).contains(&day));
            }
            next_day = row.to_day + 1;
        }
        prop_assert_eq!(next_day, plan.last_day(session.window_class()) + 1);
        let ends: usize = rows.iter().map(|row| row.ends.len()).sum();
        let last: Vec<_> = plan
            .instructions_for(&session)
            .filter(|i| i.kind != InstructionKind::Do)
            .collect();
        prop_assert_eq!(ends, last.len());
    }
    #[test]
    fn what_ends_and_holds_agrees_with_the_merged_restrictions(
        hours in 0..400_i64,
        turned: bool,
        name in proptest::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    ) {
        let plan = Plan::microneedling();
        let mut sessions = face_then_hands(hours);
        let newest = sessions[1].clone();
        if turned {
            sessions.reverse();
        }
        let zone = zone(name);
        let rows = timeline(&plan, &sessions, &zone, newest.ended_at).expect("a timeline").rows;
        let merged = restrictions_of(&plan, &sessions, newest.ended_at);
        let told: Vec<_> = rows.iter().flat_map(|row| row.ends.clone()).collect();
        let expected: Vec<(InstructionId, DateTime<Utc>)> = merged
            .iter()
            .filter(|r| newest.recovery_day(&zone, r.until) >= 0)
            .map(|r| (r.instruction.clone(), r.until))
            .collect();
        prop_assert_eq!(told, expected);
        for row in &rows {
            for held in &row.holds {
                let until = merged.iter().find(|r| r.instruction == *held).map(|r| r.until);
                prop_assert!(until.is_some_and(|until| zone.date(until) > row.to_date), "{} in {:?}", held, row);
                let limit = plan.follow_up(held);
                prop_assert!(limit.is_none_or(|limit| !row.holds.contains(limit)), "a chain once: {:?}", row);
            }
        }
    }
}

#[test]
fn what_is_booked_stands_with_what_comes_before_it_until_its_day_is_over_or_it_was_entered() {
    let plan = Plan::microneedling();
    let session = with_depth(1_000);
    let [soon, late] = [
        booked("2027-01-04 10:30"),
        Appointment {
            id: SessionId(Uuid::from_u128(8)),
            ..booked("2027-02-08 10:30")
        },
    ];
    let appointments = [late.clone(), soon.clone()];
    let berlin_zone = zone("Europe/Berlin");
    let at = |now: &str, sessions: &[Session]| {
        let basis = Basis {
            sessions,
            appointments: &appointments,
            ..Basis::default()
        };
        let told = timeline::booked(&plan, basis, &berlin_zone, berlin(now));
        told.into_iter()
            .map(|booked| booked.appointment.id)
            .collect::<Vec<_>>()
    };
    let sessions = std::slice::from_ref(&session);
    assert_eq!(at("2026-11-22 09:00", sessions), [soon.id, late.id]);
    assert_eq!(
        at("2027-01-04 23:00", sessions),
        [soon.id, late.id],
        "not entered yet"
    );
    assert_eq!(at("2027-01-05 00:30", sessions), [late.id]);
    let happened = Session {
        id: soon.id,
        ended_at: soon.at,
        ..session.clone()
    };
    assert_eq!(at("2027-01-04 12:00", &[session.clone(), happened]), [late.id]);

    let basis = Basis {
        sessions,
        appointments: &appointments,
        ..Basis::default()
    };
    let told = timeline::booked(&plan, basis, &berlin_zone, berlin("2026-11-22 09:00"));
    assert_eq!(told[0].before.len(), plan.pre_care().len());
    assert!(told[0].before.is_sorted_by_key(|(_, from)| *from));
    for (pre_care, from) in &told[0].before {
        assert_eq!(soon.at - *from, TimeDelta::hours(pre_care.hours_before.into()));
    }
}
