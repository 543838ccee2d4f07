//! The phases and rows of a recovery.

use afterglow_care::session::NeedleDepth;
use afterglow_care::timeline::{Accent, Grain, PhaseId, Row, phase_on, phases, timeline};
use afterglow_care::{Plan, Session};
use chrono::TimeDelta;
use proptest::prelude::*;

use crate::given::{berlin, id, session, zone};

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
        session,
        &zone("Europe/Berlin"),
        session.ended_at,
    )
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
    assert_eq!(names(&rows[1]), ["only_clinic_products", "no_sunscreen_yet"]);
    assert_eq!(
        names(&rows[3]),
        [
            "makeup_careful",
            "clean_hands_only",
            "no_sweat",
            "no_heat",
            "no_swimming"
        ],
        "makeup and sun where their limits end"
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
    assert_eq!(
        timeline(&Plan::microneedling(), &session, &zone("Europe/Berlin"), now).today,
        3
    );
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
        let rows = timeline(&plan, &session, &zone, session.ended_at).rows;
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
            .filter(|i| plan.over(&i.id, afterglow_care::Locale::En).is_some() && plan.follow_up(&i.id).is_none())
            .collect();
        prop_assert_eq!(ends, last.len());
    }
}
