//! What becomes a reminder, and when.

use std::collections::{BTreeMap, BTreeSet};

use crate::given::{berlin, id, session, wall, zone};
use afterglow_care::schedule::{Due, Occurrence, What, care_today, schedule};
use afterglow_care::session::{Area, NeedleDepth, SessionId};
use afterglow_care::{Plan, Session};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

fn of<'a>(occurrences: &'a [Occurrence], instruction: &str, what: What) -> Vec<&'a Occurrence> {
    occurrences
        .iter()
        .filter(|o| o.instruction == id(instruction) && o.what == what)
        .collect()
}

fn in_berlin(sessions: &[Session]) -> Vec<Occurrence> {
    schedule(&Plan::microneedling(), sessions, &zone("Europe/Berlin"))
}

fn local(at: DateTime<Utc>) -> String {
    zone("Europe/Berlin")
        .local(at)
        .format("%Y-%m-%d %H:%M")
        .to_string()
}

#[test]
fn elapsed_windows_ignore_clock_changes() {
    for (case, ended, due) in [
        ("D1 spring", "2027-03-27 15:00", "2027-03-28 16:00"),
        ("D2 autumn", "2027-10-30 15:00", "2027-10-31 14:00"),
    ] {
        let occurrences = in_berlin(&[session(berlin(ended))]);
        let over = of(&occurrences, "first_day_over", What::At);
        assert_eq!(over.len(), 1, "{case}");
        assert_eq!(local(over[0].due_at), due, "{case}");
        assert_eq!(over[0].due, Due::Elapsed(over[0].due_at), "{case}");
    }
}

#[test]
fn a_daily_time_comes_once_a_day_across_both_switches() {
    for (case, ended) in [
        ("D5 spring", "2027-03-24 10:00"),
        ("D5 autumn", "2027-10-27 10:00"),
    ] {
        let session = session(berlin(ended));
        let occurrences = in_berlin(std::slice::from_ref(&session));
        let evenings: Vec<_> = of(&occurrences, "check_in", What::CheckIn)
            .into_iter()
            .filter(|o| matches!(o.due, Due::Civil(_)))
            .map(|o| {
                (
                    session.recovery_day(&zone("Europe/Berlin"), o.due_at),
                    local(o.due_at)[11..].to_owned(),
                )
            })
            .collect();
        let expected: Vec<_> = [0, 1, 2, 3, 4, 5, 6, 7, 10, 14, 28, 56, 90]
            .map(|day| (day, "20:00".to_owned()))
            .to_vec();
        assert_eq!(evenings, expected, "{case}");
    }
}

#[test]
fn planning_again_on_a_switch_day_gives_the_same_set() {
    let sessions = [session(berlin("2027-03-27 15:00"))];
    let first = in_berlin(&sessions);
    for _ in 0..5 {
        assert_eq!(in_berlin(&sessions), first, "D8");
    }
}

#[test]
fn keys_name_session_instruction_kind_and_moment() {
    let session = session(berlin("2026-11-21 10:00"));
    let keys: BTreeSet<_> = in_berlin(std::slice::from_ref(&session))
        .into_iter()
        .map(|o| o.key.0)
        .collect();
    for moment in [
        "no_makeup/all_clear/+72h",
        "avoid_sun/all_clear/+240h",
        "gentle_cleanse/start/+4h",
        "moisturise/daily/2026-11-22@13:00",
        "sleep_raised/daily/2026-11-22@20:00",
        "evening_comparison/at/2026-11-23@20:30",
        "first_day_over/at/+24h",
        "check_in/check_in/+3h",
        "check_in/check_in/2026-11-21@20:00",
    ] {
        let key = format!("{}/{moment}", session.id);
        assert!(keys.contains(&key), "{key} is missing");
    }
}

#[test]
fn an_avoid_that_a_limit_follows_is_cleared_at_the_limits_end_only() {
    let session = session(berlin("2026-11-21 10:00"));
    let occurrences = in_berlin(std::slice::from_ref(&session));
    let makeup = of(&occurrences, "no_makeup", What::AllClear);
    assert_eq!(makeup.len(), 1);
    assert_eq!(makeup[0].due_at, session.ended_at + TimeDelta::hours(72));
    assert_eq!(makeup[0].valid_until, session.ended_at + TimeDelta::hours(96));
    assert!(of(&occurrences, "makeup_careful", What::AllClear).is_empty());
}

#[test]
fn what_has_no_moment_rings_never() {
    let occurrences = in_berlin(&[session(berlin("2026-11-21 10:00"))]);
    for silent in [
        "clinic_serum",
        "cool_pack",
        "pain_relief",
        "prescribed_medicine",
        "limit_sun",
    ] {
        assert!(
            occurrences.iter().all(|o| o.instruction != id(silent)),
            "{silent}"
        );
    }
}

#[test]
fn instructions_for_other_areas_do_not_ring() {
    let mut legs = session(berlin("2026-11-21 10:00"));
    legs.areas = BTreeSet::from([Area::Legs]);
    let occurrences = in_berlin(&[legs]);
    assert!(of(&occurrences, "no_makeup", What::AllClear).is_empty());
    assert!(of(&occurrences, "sleep_raised", What::Daily).is_empty());
    assert!(!of(&occurrences, "sunscreen", What::Daily).is_empty());
}

#[test]
fn an_unknown_depth_has_the_windows_of_a_deep_session() {
    let mut unknown = session(berlin("2026-11-21 10:00"));
    unknown.depth = None;
    let mut deep = unknown.clone();
    deep.depth = NeedleDepth::from_micrometres(2_000);
    assert_eq!(in_berlin(&[unknown]), in_berlin(&[deep]));
}

#[test]
fn daily_times_stay_inside_their_window() {
    let session = session(berlin("2026-11-21 10:00"));
    let occurrences = in_berlin(std::slice::from_ref(&session));
    let moisturise = of(&occurrences, "moisturise", What::Daily);
    assert_eq!(local(moisturise[0].due_at), "2026-11-22 13:00");
    assert_eq!(
        moisturise.last().map(|o| local(o.due_at)).as_deref(),
        Some("2026-11-28 08:00")
    );
    assert_eq!(
        local(of(&occurrences, "moisturise", What::Start)[0].due_at),
        "2026-11-22 10:00"
    );
}

#[test]
fn a_reminder_is_valid_until_the_next_or_the_windows_end() {
    let session = session(berlin("2026-11-21 10:00"));
    let occurrences = in_berlin(std::slice::from_ref(&session));
    let valid = |instruction, what, due: &str| {
        let found = of(&occurrences, instruction, what)
            .into_iter()
            .find(|o| local(o.due_at) == due);
        found.map(|o| local(o.valid_until)).unwrap_or_default()
    };
    for (instruction, what, due, until) in [
        ("moisturise", What::Start, "2026-11-22 10:00", "2026-11-22 13:00"),
        ("moisturise", What::Daily, "2026-11-22 21:30", "2026-11-23 08:00"),
        ("moisturise", What::Daily, "2026-11-28 08:00", "2026-11-28 10:00"),
        (
            "sleep_raised",
            What::Daily,
            "2026-11-21 20:00",
            "2026-11-22 04:00",
        ),
        (
            "evening_comparison",
            What::At,
            "2026-11-23 20:30",
            "2026-11-24 04:00",
        ),
        ("check_in", What::CheckIn, "2026-11-21 13:00", "2026-11-22 12:00"),
        ("check_in", What::CheckIn, "2026-11-21 20:00", "2026-11-22 12:00"),
        ("first_day_over", What::At, "2026-11-22 10:00", "2026-11-23 10:00"),
    ] {
        assert_eq!(valid(instruction, what, due), until, "{instruction} at {due}");
    }
}

#[test]
fn overlapping_sessions_clear_once_at_the_later_end() {
    let first = session(berlin("2026-11-21 10:00"));
    let mut second = session(berlin("2026-11-23 10:00"));
    second.id = SessionId(Uuid::from_u128(2));
    let occurrences = in_berlin(&[first, second.clone()]);
    let clear = of(&occurrences, "no_makeup", What::AllClear);
    assert_eq!(clear.len(), 1, "U8");
    assert_eq!(clear[0].session, second.id);
    assert_eq!(clear[0].due_at, second.ended_at + TimeDelta::hours(72));
}

#[test]
fn the_same_instruction_at_the_same_minute_is_one_and_the_newer_sessions() {
    let first = session(berlin("2026-11-21 10:00"));
    let mut second = session(berlin("2026-11-23 10:00"));
    second.id = SessionId(Uuid::from_u128(2));
    let occurrences = in_berlin(&[second.clone(), first]);
    let evening: Vec<_> = of(&occurrences, "check_in", What::CheckIn)
        .into_iter()
        .filter(|o| local(o.due_at) == "2026-11-24 20:00")
        .collect();
    assert_eq!(evening.len(), 1, "U8");
    assert_eq!(evening[0].session, second.id);
}

#[test]
fn a_newer_session_of_the_same_skin_ends_the_older_ones_things_to_do() {
    let first = session(berlin("2026-11-21 10:00"));
    let mut second = session(berlin("2026-11-24 10:00"));
    second.id = SessionId(Uuid::from_u128(2));
    let opens = berlin("2026-11-25 10:00");
    let asked = |sessions: &[Session]| {
        in_berlin(sessions)
            .iter()
            .filter(|o| o.instruction == id("moisturise") && o.due_at >= second.ended_at && o.due_at < opens)
            .count()
    };
    assert_eq!(asked(&[first.clone(), second.clone()]), 0);

    let elsewhere = Session {
        areas: BTreeSet::from([Area::Hands]),
        ..second.clone()
    };
    assert!(asked(&[first, elsewhere]) > 0, "other skin keeps its own care");
}

#[test]
fn an_opening_that_falls_on_a_daily_time_is_one() {
    let occurrences = in_berlin(&[session(berlin("2026-11-21 08:00"))]);
    let eight: Vec<_> = occurrences
        .iter()
        .filter(|o| o.instruction == id("moisturise") && local(o.due_at) == "2026-11-22 08:00")
        .collect();
    assert_eq!(eight.len(), 1);
    assert_eq!(eight[0].what, What::Start);
}

#[test]
fn a_flight_moves_wall_clock_times_only() {
    let sessions = [session(berlin("2026-11-21 10:00"))];
    let plan = Plan::microneedling();
    let new_york = zone("America/New_York");
    let there = schedule(&plan, &sessions, &new_york);
    let elapsed = |occurrences: &[Occurrence]| -> BTreeMap<String, DateTime<Utc>> {
        let elapsed = occurrences.iter().filter(|o| matches!(o.due, Due::Elapsed(_)));
        elapsed.map(|o| (o.key.0.clone(), o.due_at)).collect()
    };
    assert_eq!(elapsed(&there), elapsed(&in_berlin(&sessions)), "Z1");
    let evening = of(&there, "check_in", What::CheckIn)
        .into_iter()
        .find(|o| o.due == Due::Civil(wall("2026-11-21 20:00")))
        .expect("an evening check-in");
    assert_eq!(
        new_york.local(evening.due_at).naive_local(),
        wall("2026-11-21 20:00")
    );
}

#[test]
fn today_lists_what_its_windows_touch() {
    let plan = Plan::microneedling();
    let zone = zone("Europe/Berlin");
    let session = session(berlin("2026-11-21 10:00"));
    let names = |now: &str| -> Vec<String> {
        care_today(&plan, std::slice::from_ref(&session), &zone, berlin(now))
            .into_iter()
            .map(|c| c.instruction.0)
            .collect()
    };
    assert_eq!(
        names("2026-11-21 11:00"),
        [
            "clinic_serum",
            "cool_pack",
            "pain_relief",
            "gentle_cleanse",
            "sleep_raised",
            "check_in"
        ]
    );
    assert!(names("2026-11-22 09:00").contains(&"clinic_serum".to_owned()));
    assert!(
        !names("2026-11-22 10:00").contains(&"clinic_serum".to_owned()),
        "it is over"
    );
    let times: Vec<_> = care_today(&plan, &[session], &zone, berlin("2026-11-22 09:00"))
        .into_iter()
        .filter(|care| care.instruction == id("moisturise"))
        .flat_map(|care| care.times)
        .map(local)
        .collect();
    assert_eq!(
        times,
        [
            "2026-11-22 10:00",
            "2026-11-22 13:00",
            "2026-11-22 18:00",
            "2026-11-22 21:30"
        ]
    );
}

#[test]
fn today_lists_each_instruction_of_several_sessions_once_with_the_times_of_all() {
    let face = session(berlin("2026-11-21 10:00"));
    let mut hands = session(berlin("2026-11-24 11:00"));
    hands.id = SessionId(Uuid::from_u128(2));
    hands.areas = BTreeSet::from([Area::Hands]);
    let care = care_today(
        &Plan::microneedling(),
        &[hands, face],
        &zone("Europe/Berlin"),
        berlin("2026-11-24 12:00"),
    );
    let times = |name: &str| -> Vec<Vec<String>> {
        let of_name = care.iter().filter(|c| c.instruction == id(name));
        of_name
            .map(|c| c.times.iter().map(|at| local(*at)[11..].to_owned()).collect())
            .collect()
    };
    assert_eq!(times("gentle_cleanse"), [["08:00", "15:00", "21:00"]]);
    assert_eq!(times("check_in"), [["20:00"]]);
    assert_eq!(
        times("moisturise"),
        [["08:00", "13:00", "18:00", "21:30"]],
        "the face's, while the hands wait"
    );
    assert_eq!(times("clinic_serum"), [[""; 0]], "the hands'");
}

#[test]
fn today_leaves_out_what_a_newer_session_of_the_same_skin_ended() {
    let first = session(berlin("2026-11-21 10:00"));
    let mut second = session(berlin("2026-11-24 11:00"));
    second.id = SessionId(Uuid::from_u128(2));
    let plan = Plan::microneedling();
    let zone = zone("Europe/Berlin");
    let now = berlin("2026-11-24 12:00");
    assert_eq!(
        care_today(&plan, &[first.clone(), second.clone()], &zone, now),
        care_today(&plan, &[second], &zone, now)
    );
    assert!(
        care_today(&plan, &[first], &zone, now)
            .iter()
            .any(|care| care.instruction == id("moisturise")),
        "it would have been asked for"
    );
    assert!(care_today(&plan, &[], &zone, now).is_empty());
}

const ZONES: [&str; 8] = [
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Pacific/Kiritimati",
];

prop_compose! {
    fn any_session()(
        minute in 0..1_050_000_i64,
        second in 0..60_i64,
        depth in proptest::option::of(100..=3_500_u16),
        areas in proptest::collection::btree_set(proptest::sample::select(Area::ALL.to_vec()), 1..4),
        number in any::<u128>(),
    ) -> Session {
        let mut session = session(berlin("2026-01-01 00:00") + TimeDelta::seconds(minute * 60 + second));
        session.id = SessionId(Uuid::from_u128(number));
        session.depth = depth.and_then(NeedleDepth::from_micrometres);
        session.areas = areas;
        session
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn schedules_hold_their_promises(
        mut sessions in proptest::collection::vec(any_session(), 1..4),
        name in proptest::sample::select(ZONES.to_vec()),
    ) {
        let plan = Plan::microneedling();
        let zone = zone(name);
        let occurrences = schedule(&plan, &sessions, &zone);
        let keys: BTreeSet<_> = occurrences.iter().map(|o| &o.key).collect();
        prop_assert_eq!(keys.len(), occurrences.len(), "keys are unique");
        prop_assert!(occurrences.is_sorted_by_key(|o| o.due_at), "soonest first");
        let mut minutes = BTreeSet::new();
        for occurrence in &occurrences {
            let ended = sessions.iter().find(|s| s.id == occurrence.session).map(|s| s.ended_at);
            prop_assert!(Some(occurrence.due_at) > ended, "nothing before the session's end");
            prop_assert!(occurrence.valid_until > occurrence.due_at, "valid for a while: {:?}", occurrence);
            let minute = occurrence.due_at.timestamp().div_euclid(60);
            prop_assert!(minutes.insert((&occurrence.instruction, minute)), "one alert a minute");
        }
        sessions.reverse();
        prop_assert_eq!(&schedule(&plan, &sessions, &zone), &occurrences, "whatever the order");
    }

    #[test]
    fn no_zone_moves_an_elapsed_due_time(session in any_session(), name in proptest::sample::select(ZONES.to_vec())) {
        let plan = Plan::microneedling();
        let here = in_berlin(std::slice::from_ref(&session));
        let there = schedule(&plan, std::slice::from_ref(&session), &zone(name));
        for occurrence in here.iter().filter(|o| matches!(o.due, Due::Elapsed(_))) {
            let same = there.iter().find(|o| o.key == occurrence.key);
            // An opening may coincide with a daily time in one zone, which then is the same alert.
            prop_assert_eq!(same.map(|o| o.due_at), Some(occurrence.due_at), "{:?}", occurrence.key);
        }
    }

    #[test]
    fn a_daily_time_comes_once_on_every_date(session in any_session(), name in proptest::sample::select(ZONES.to_vec())) {
        let zone = zone(name);
        let occurrences = schedule(&Plan::microneedling(), std::slice::from_ref(&session), &zone);
        let dates: Vec<_> = occurrences
            .iter()
            .filter(|o| o.instruction == id("sunscreen") && o.what == What::Daily)
            .map(|o| zone.date(o.due_at))
            .collect();
        prop_assert!(dates.windows(2).all(|pair| pair[0].succ_opt() == Some(pair[1])), "{:?}", dates);
    }
}
