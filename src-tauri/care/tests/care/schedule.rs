//! What becomes a reminder, and when.

use std::collections::BTreeSet;

use crate::given::{berlin, id, session, zone};
use afterglow_care::check_in::CheckInId;
use afterglow_care::plan::InstructionKind;
use afterglow_care::schedule::{
    Basis, Due, Escalation, Occurrence, WatchFollowUp, What, care_today, schedule,
};
use afterglow_care::session::{Adjunct, Appointment, Area, NeedleDepth, Risk, SessionId, Supply};
use afterglow_care::triage::TriageLevel;
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
fn keys_name_session_instruction_kind_and_moment() {
    let session = session(berlin("2026-11-21 10:00"));
    let keys: BTreeSet<_> = in_berlin(std::slice::from_ref(&session))
        .into_iter()
        .map(|o| o.key.0)
        .collect();
    for moment in [
        "no_makeup/all_clear/+72h",
        "no_picking/all_clear/+240h",
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
            "2026-11-22 20:00",
        ),
        (
            "sleep_raised",
            What::Daily,
            "2026-11-22 20:00",
            "2026-11-23 04:00",
        ),
        (
            "evening_comparison",
            What::At,
            "2026-11-23 20:30",
            "2026-11-24 20:30",
        ),
        (
            "evening_comparison",
            What::At,
            "2026-11-26 20:30",
            "2026-11-27 04:00",
        ),
        ("check_in", What::CheckIn, "2026-11-21 13:00", "2026-11-22 12:00"),
        ("check_in", What::CheckIn, "2026-11-21 20:00", "2026-11-22 12:00"),
        ("first_day_over", What::At, "2026-11-22 10:00", "2026-11-23 10:00"),
    ] {
        assert_eq!(valid(instruction, what, due), until, "{instruction} at {due}");
    }
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
        .map(|time| local(time.at))
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
            .map(|c| {
                c.times
                    .iter()
                    .map(|time| local(time.at)[11..].to_owned())
                    .collect()
            })
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

#[test]
fn what_is_ticked_off_today_has_the_key_of_what_would_remind_of_it() {
    let plan = Plan::microneedling();
    let zone = zone("Europe/Berlin");
    let face = session(berlin("2026-11-21 10:00"));
    let mut hands = session(berlin("2026-11-21 11:00"));
    hands.id = SessionId(Uuid::from_u128(2));
    hands.areas = BTreeSet::from([Area::Hands]);
    let sessions = [face, hands];
    let occurrences = schedule(&plan, &sessions, &zone);
    for day in 21..30 {
        let now = berlin(&format!("2026-11-{day} 12:00"));
        for care in care_today(&plan, &sessions, &zone, now) {
            for time in &care.times {
                let asked = occurrences.iter().find(|one| one.key == time.key);
                assert_eq!(
                    asked.map(|one| (one.due_at, one.what)),
                    Some((time.at, time.what)),
                    "{care:?}"
                );
            }
            assert_eq!(care.day.is_some(), care.times.is_empty());
            if let Some(day_key) = care.day {
                let named = format!("{}/{}/day/2026-11-{day}", hands_id(), care.instruction);
                let of_face = format!("{}/{}/day/2026-11-{day}", sessions[0].id, care.instruction);
                assert!(day_key.0 == named || day_key.0 == of_face, "{day_key:?}");
                assert!(occurrences.iter().all(|one| one.key != day_key));
            }
        }
    }
}

fn hands_id() -> SessionId {
    SessionId(Uuid::from_u128(2))
}

fn asks_clinic(ended: &str) -> Session {
    Session {
        adjuncts: Adjunct::Led | Adjunct::Radiofrequency,
        ..session(berlin(ended))
    }
}

#[test]
fn where_more_was_done_only_what_is_asked_in_any_case_rings() {
    let radiofrequency = asks_clinic("2026-11-21 10:00");
    let plan = Plan::microneedling();
    let occurrences = in_berlin(std::slice::from_ref(&radiofrequency));
    assert!(!of(&occurrences, "check_in", What::CheckIn).is_empty());
    for occurrence in &occurrences {
        let instruction = plan.instruction(&occurrence.instruction);
        assert!(
            instruction.is_some_and(|known| known.with_adjuncts),
            "{}",
            occurrence.instruction
        );
        assert_ne!(occurrence.what, What::AllClear);
    }
    let light = Session {
        adjuncts: Adjunct::Led.into(),
        ..session(berlin("2026-11-21 10:00"))
    };
    assert_eq!(
        in_berlin(&[light]),
        in_berlin(&[session(berlin("2026-11-21 10:00"))])
    );
}

#[test]
fn nothing_is_called_allowed_while_the_clinic_is_to_be_asked() {
    let mut radiofrequency = asks_clinic("2026-11-22 10:00");
    radiofrequency.id = SessionId(Uuid::from_u128(2));
    let first = session(berlin("2026-11-21 10:00"));
    let clear = |sessions: &[Session]| of(&in_berlin(sessions), "no_makeup", What::AllClear).len();
    assert_eq!(clear(&[first.clone(), radiofrequency.clone()]), 0);
    let later = session(berlin("2026-12-21 10:00"));
    assert_eq!(clear(&[later, radiofrequency]), 1, "long after it");
}

#[test]
fn what_the_clinic_supplied_opens_or_waives() {
    let supplied = Session {
        clinic_gave: Supply::Sunscreen.into(),
        ..session(berlin("2026-11-21 10:00"))
    };
    let occurrences = in_berlin(std::slice::from_ref(&supplied));
    assert!(of(&occurrences, "no_sunscreen_yet", What::AllClear).is_empty());
    assert!(
        of(&occurrences, "sunscreen", What::Start).is_empty(),
        "it is open at once"
    );
    let first = of(&occurrences, "sunscreen", What::Daily)[0];
    assert_eq!(local(first.due_at), "2026-11-22 08:00");
}

#[test]
fn darker_skin_is_kept_from_the_sun_as_after_a_deep_session() {
    let darker = Session {
        risks: Risk::SkinType4To6.into(),
        ..session(berlin("2026-11-21 10:00"))
    };
    let occurrences = in_berlin(std::slice::from_ref(&darker));
    let hours = |instruction, what| {
        let last = of(&occurrences, instruction, what)
            .pop()
            .map(|o| o.due_at - darker.ended_at);
        last.map(|after| after.num_hours())
    };
    assert_eq!(hours("avoid_sun", What::AllClear), Some(336));
    assert_eq!(
        hours("sunscreen", What::Start),
        Some(24),
        "its beginning is its own"
    );
    assert!(hours("sunscreen", What::Daily).is_some_and(|last| last > 640));
    assert_eq!(hours("no_picking", What::AllClear), Some(240));
}

#[test]
fn covered_skin_needs_sunscreen_where_it_is_exposed() {
    let mut back = session(berlin("2026-11-21 10:00"));
    back.areas = BTreeSet::from([Area::Back]);
    assert!(of(&in_berlin(std::slice::from_ref(&back)), "sunscreen", What::Daily).is_empty());
    back.exposed = true;
    assert!(!of(&in_berlin(&[back]), "sunscreen", What::Daily).is_empty());
}

#[test]
fn a_limit_that_no_avoid_leads_to_ends_by_itself() {
    let plan = include_str!("../../plans/microneedling.toml");
    let apart = plan.replacen("followed_by = \"makeup_careful\"\n", "", 1);
    assert_ne!(plan, apart);
    let apart = Plan::parse(&apart, &[include_str!("../../plans/microneedling.es.toml")]).expect("a plan");
    let session = session(berlin("2026-11-21 10:00"));
    let occurrences = schedule(&apart, std::slice::from_ref(&session), &zone("Europe/Berlin"));
    for (name, hours) in [("no_makeup", 24), ("makeup_careful", 72)] {
        let clear = of(&occurrences, name, What::AllClear);
        assert_eq!(clear.len(), 1, "{name}");
        assert_eq!(
            clear[0].due_at,
            session.ended_at + TimeDelta::hours(hours),
            "{name}"
        );
    }
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
        (darker, supplied, more, exposed) in any::<(bool, bool, bool, bool)>(),
    ) -> Session {
        let mut session = session(berlin("2026-01-01 00:00") + TimeDelta::seconds(minute * 60 + second));
        session.id = SessionId(Uuid::from_u128(number));
        session.depth = depth.and_then(NeedleDepth::from_micrometres);
        session.areas = areas;
        session.exposed = exposed;
        if darker {
            session.risks |= Risk::SkinType4To6;
        }
        if supplied {
            session.clinic_gave |= Supply::Sunscreen;
        }
        if more {
            session.adjuncts |= Adjunct::Prp;
        }
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
    fn what_follows_check_ins_keeps_the_promises_too(
        session in any_session(),
        minutes in proptest::collection::vec(0..20_000_i64, 1..6),
        watched in proptest::collection::vec(0..20_000_i64, 0..4),
        name in proptest::sample::select(ZONES.to_vec()),
    ) {
        let at = |minutes: &i64| session.ended_at + TimeDelta::minutes(*minutes);
        let escalations: Vec<_> = minutes
            .iter()
            .map(|m| Escalation {
                session: session.id,
                check_in: CheckInId(Uuid::nil()),
                at: at(m),
                level: TriageLevel::CallClinic,
                reached_at: None,
                answered_at: None,
            })
            .collect();
        let watches: Vec<_> = watched.iter().map(|m| WatchFollowUp { session: session.id, at: at(m) }).collect();
        let appointments = [Appointment {
            id: SessionId(Uuid::from_u128(1)),
            at: at(&minutes[0]),
            areas: session.areas.clone(),
            entered_at: chrono::DateTime::UNIX_EPOCH,
        }];
        let basis = Basis {
            sessions: std::slice::from_ref(&session),
            appointments: &appointments,
            escalations: &escalations,
            watches: &watches,
            ..Basis::default()
        };
        let occurrences = schedule(&Plan::microneedling(), basis, &zone(name));
        let keys: BTreeSet<_> = occurrences.iter().map(|o| &o.key).collect();
        prop_assert_eq!(keys.len(), occurrences.len(), "keys are unique");
        prop_assert!(occurrences.is_sorted_by_key(|o| o.due_at), "soonest first");
        for occurrence in &occurrences {
            prop_assert!(occurrence.valid_until > occurrence.due_at, "valid for a while: {:?}", occurrence);
        }
        for escalation in &escalations {
            let soon = escalation.at + TimeDelta::hours(2);
            prop_assert!(
                occurrences.iter().any(|o| o.what == What::FollowUp && (o.due_at - soon).abs() < TimeDelta::hours(1)),
                "each is followed up"
            );
        }
    }

    #[test]
    fn each_avoid_has_exactly_one_all_clear(session in any_session(), name in proptest::sample::select(ZONES.to_vec())) {
        let plan = Plan::microneedling();
        let occurrences = schedule(&plan, std::slice::from_ref(&session), &zone(name));
        for instruction in plan.instructions_for(&session).filter(|i| i.kind == InstructionKind::Avoid) {
            let clear = of(&occurrences, &instruction.id.0, What::AllClear);
            prop_assert_eq!(clear.len(), usize::from(!session.asks_clinic()), "{}", instruction.id);
            for clear in clear {
                prop_assert_eq!(clear.valid_until, clear.due_at + TimeDelta::days(1));
            }
        }
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
