//! The cases of reminders that a pure planner decides, each by its id.

use std::collections::{BTreeMap, BTreeSet};

use afterglow_care::schedule::{Due, Occurrence, What, schedule};
use afterglow_care::session::{Area, SessionDraft, SessionFault, SessionId, Setting};
use afterglow_care::timeline::{Grain, timeline};
use afterglow_care::{Plan, Session, Zone};
use chrono::{DateTime, FixedOffset, NaiveTime, TimeDelta, Utc};
use enumset::EnumSet;
use uuid::Uuid;

use crate::given::{berlin, id, session, wall, zone};

fn in_berlin(sessions: &[Session]) -> Vec<Occurrence> {
    schedule(&Plan::microneedling(), sessions, &zone("Europe/Berlin"))
}

fn of<'a>(occurrences: &'a [Occurrence], instruction: &str, what: What) -> Vec<&'a Occurrence> {
    occurrences
        .iter()
        .filter(|o| o.instruction == id(instruction) && o.what == what)
        .collect()
}

fn local(zone: &Zone, at: DateTime<Utc>) -> String {
    zone.local(at).format("%Y-%m-%d %H:%M").to_string()
}

fn keys(occurrences: &[Occurrence]) -> BTreeSet<&str> {
    occurrences.iter().map(|o| o.key.0.as_str()).collect()
}

/// A second session of the face.
fn another(ended: &str) -> Session {
    Session {
        id: SessionId(Uuid::from_u128(2)),
        ..session(berlin(ended))
    }
}

/// The first day is over at the same elapsed hour, whatever the clock shows then.
fn first_day_is_over(ended: &str, due: &str) {
    let occurrences = in_berlin(&[session(berlin(ended))]);
    let over = of(&occurrences, "first_day_over", What::At);
    assert_eq!(over.len(), 1);
    assert_eq!(local(&zone("Europe/Berlin"), over[0].due_at), due);
    assert_eq!(over[0].due, Due::Elapsed(over[0].due_at));
}

#[test]
fn d1_an_elapsed_day_into_summer_time_ends_an_hour_later_by_the_clock() {
    first_day_is_over("2027-03-27 15:00", "2027-03-28 16:00");
}

#[test]
fn d2_an_elapsed_day_into_winter_time_ends_an_hour_earlier_by_the_clock() {
    first_day_is_over("2027-10-30 15:00", "2027-10-31 14:00");
}

#[test]
fn d5_a_daily_time_comes_once_a_day_across_both_switches() {
    let berlin_zone = zone("Europe/Berlin");
    for ended in ["2027-03-24 10:00", "2027-10-27 10:00"] {
        let session = session(berlin(ended));
        let occurrences = in_berlin(std::slice::from_ref(&session));
        let evenings: Vec<_> = of(&occurrences, "check_in", What::CheckIn)
            .into_iter()
            .filter(|o| matches!(o.due, Due::Civil(_)))
            .map(|o| {
                (
                    session.recovery_day(&berlin_zone, o.due_at),
                    local(&berlin_zone, o.due_at)[11..].to_owned(),
                )
            })
            .collect();
        let expected: Vec<_> = [0, 1, 2, 3, 4, 5, 6, 7, 10, 14, 28, 56, 90]
            .map(|day| (day, "20:00".to_owned()))
            .to_vec();
        assert_eq!(evenings, expected, "{ended}");
    }
}

/// When a plan whose evening questions come at 02:30 asks them in Berlin.
fn at_half_past_two(ended: &str) -> Vec<String> {
    let mut plan =
        include_str!("../../plans/microneedling.toml").replace("time = \"20:30\"", "time = \"02:30\"");
    plan.push('\n');
    let spanish = include_str!("../../plans/microneedling.es.toml");
    let plan = Plan::parse(&plan, &[spanish]).expect("a plan");
    let zone = zone("Europe/Berlin");
    let occurrences = schedule(&plan, &[session(berlin(ended))], &zone);
    of(&occurrences, "evening_comparison", What::At)
        .into_iter()
        .map(|o| local(&zone, o.due_at))
        .collect()
}

#[test]
fn d6_a_time_that_the_clock_leaves_out_comes_once_and_later_by_the_gap() {
    assert_eq!(
        at_half_past_two("2027-03-26 15:00")[..2],
        ["2027-03-28 03:30", "2027-03-29 02:30"]
    );
}

#[test]
fn d7_a_time_that_the_clock_shows_twice_comes_once_at_the_first() {
    assert_eq!(
        at_half_past_two("2027-10-29 15:00")[..2],
        ["2027-10-31 02:30", "2027-11-01 02:30"]
    );
    let first = "2027-10-31T00:30:00Z"
        .parse::<DateTime<Utc>>()
        .expect("an instant");
    assert_eq!(berlin("2027-10-31 02:30"), first);
}

#[test]
fn d8_planning_again_and_again_on_a_switch_day_gives_the_same_set() {
    for ended in ["2027-03-27 15:00", "2027-10-30 15:00"] {
        let sessions = [session(berlin(ended))];
        let first = in_berlin(&sessions);
        for _ in 0..5 {
            assert_eq!(in_berlin(&sessions), first, "{ended}");
        }
    }
}

#[test]
fn d11_a_recovery_day_begins_at_midnight_on_days_of_every_length() {
    let zone = zone("Europe/Berlin");
    let plan = Plan::microneedling();
    for (ended, at, day) in [
        ("2027-03-27 15:00", "2027-03-28 23:59", 1),
        ("2027-03-27 15:00", "2027-03-29 00:01", 2),
        ("2027-10-30 15:00", "2027-10-31 23:59", 1),
        ("2027-10-30 15:00", "2027-11-01 00:01", 2),
    ] {
        let session = session(berlin(ended));
        assert_eq!(session.recovery_day(&zone, berlin(at)), day, "{at}");
        let told = timeline(&plan, &[session], &zone, berlin(at)).expect("a timeline");
        assert_eq!(told.today, day, "the timeline has no other formula: {at}");
    }
}

#[test]
fn z1_a_flight_leaves_an_elapsed_window_at_its_instant() {
    let sessions = [session(berlin("2026-11-21 10:00"))];
    let there = schedule(&Plan::microneedling(), &sessions, &zone("America/New_York"));
    let elapsed = |occurrences: &[Occurrence]| -> BTreeMap<String, DateTime<Utc>> {
        let elapsed = occurrences.iter().filter(|o| matches!(o.due, Due::Elapsed(_)));
        elapsed.map(|o| (o.key.0.clone(), o.due_at)).collect()
    };
    assert_eq!(elapsed(&there), elapsed(&in_berlin(&sessions)));
}

#[test]
fn z2_the_same_evening_has_the_same_key_in_every_zone() {
    let sessions = [session(berlin("2026-11-21 10:00"))];
    let here = in_berlin(&sessions);
    let new_york = zone("America/New_York");
    let there = schedule(&Plan::microneedling(), &sessions, &new_york);
    let evening = |occurrences: &[Occurrence]| {
        let at = Due::Civil(wall("2026-11-22 20:00"));
        occurrences
            .iter()
            .find(|o| o.instruction == id("check_in") && o.due == at)
            .map(|o| (o.key.clone(), o.due_at))
            .expect("an evening check-in")
    };
    assert_eq!(evening(&here).0, evening(&there).0);
    assert_eq!(local(&new_york, evening(&there).1), "2026-11-22 20:00");
}

#[test]
fn z3_across_the_date_line_no_day_is_left_out_or_doubled() {
    let plan = Plan::microneedling();
    for (from, to) in [
        ("Pacific/Kiritimati", "Pacific/Honolulu"),
        ("Pacific/Honolulu", "Pacific/Kiritimati"),
    ] {
        let ended = zone(from).instant(wall("2026-11-21 23:30"));
        let sessions = [session(ended)];
        for zone in [zone(from), zone(to)] {
            let occurrences = schedule(&plan, &sessions, &zone);
            let dates: Vec<_> = of(&occurrences, "sunscreen", What::Daily)
                .into_iter()
                .map(|o| zone.date(o.due_at))
                .collect();
            assert!(!dates.is_empty());
            assert!(
                dates.windows(2).all(|pair| pair[0].succ_opt() == Some(pair[1])),
                "{from} {to}"
            );
            let told = timeline(&plan, &sessions, &zone, ended).expect("a timeline");
            let days: Vec<_> = told.rows.iter().filter(|row| row.grain == Grain::Day).collect();
            assert!(
                days.windows(2)
                    .all(|pair| pair[0].from_date.succ_opt() == Some(pair[1].from_date)),
                "{from} {to}"
            );
        }
    }
}

#[test]
fn z6_reminders_and_timeline_tell_one_time_after_a_flight() {
    let plan = Plan::microneedling();
    let sessions = [session(berlin("2026-11-21 10:00"))];
    let tokyo = zone("Asia/Tokyo");
    let occurrences = schedule(&plan, &sessions, &tokyo);
    let clear = of(&occurrences, "no_picking", What::AllClear)[0];
    let told = timeline(&plan, &sessions, &tokyo, sessions[0].ended_at).expect("a timeline");
    let row = told
        .rows
        .iter()
        .find(|row| row.ends.iter().any(|(name, _)| *name == clear.instruction))
        .expect("a row");
    assert!(row.ends.contains(&(clear.instruction.clone(), clear.due_at)));
    assert_eq!(row.from_date, tokyo.date(clear.due_at));
}

#[test]
fn z7_a_fixed_offset_stands_in_for_a_zone_that_nobody_knows() {
    assert!(Zone::named("Europe/Atlantis").is_err());
    let fixed = Zone::fixed(FixedOffset::east_opt(3_600).expect("an offset"));
    let sessions = [session(berlin("2026-11-21 10:00"))];
    let occurrences = schedule(&Plan::microneedling(), &sessions, &fixed);
    assert_eq!(occurrences, in_berlin(&sessions), "Berlin's offset in winter");
}

#[test]
fn c4_an_end_in_the_future_or_over_a_year_ago_is_refused() {
    let now = berlin("2026-11-21 10:00");
    let faults = |ended_at| {
        let draft = SessionDraft {
            ended_at,
            zone: zone("Europe/Berlin"),
            setting: Setting::Clinic,
            device: None,
            depth_mm: None,
            areas: BTreeSet::from([Area::Face]),
            concerns: BTreeSet::new(),
            risks: EnumSet::empty(),
            clinic_gave: EnumSet::empty(),
            adjuncts: EnumSet::empty(),
            exposed: false,
        };
        let checked = draft.check(
            SessionId(Uuid::from_u128(1)),
            Plan::microneedling().reference(),
            now,
        );
        checked.err().unwrap_or_default()
    };
    assert_eq!(faults(now + TimeDelta::minutes(1)), [SessionFault::EndsInFuture]);
    assert_eq!(
        faults(now - TimeDelta::days(366)),
        [SessionFault::EndedOverAYearAgo]
    );
}

#[test]
fn u3_a_moved_end_leaves_its_old_key_and_every_other_stays() {
    let plan = include_str!("../../plans/microneedling.toml");
    let spanish = include_str!("../../plans/microneedling.es.toml");
    let swimming = "medium = [0, 72], deep = [0, 168] } }\nsources = [\"IFU-AM\", \"CL-HY\"]";
    let longer = plan.replacen(swimming, &swimming.replace("72", "96"), 1);
    assert_ne!(plan, longer);
    let changed = Plan::parse(&longer, &[spanish]).expect("a plan");
    let session = session(berlin("2026-11-21 10:00"));
    let before = in_berlin(std::slice::from_ref(&session));
    let after = schedule(&changed, std::slice::from_ref(&session), &zone("Europe/Berlin"));
    let moved: Vec<_> = keys(&before)
        .symmetric_difference(&keys(&after))
        .map(|key| (*key).to_owned())
        .collect();
    let key = |hours| format!("{}/no_swimming/all_clear/+{hours}h", session.id);
    assert_eq!(moved, [key(72), key(96)]);
}

#[test]
fn u7_a_corrected_end_moves_what_is_elapsed_and_a_deleted_session_leaves_nothing() {
    let first = session(berlin("2026-11-21 10:00"));
    let corrected = Session {
        ended_at: berlin("2026-11-21 12:00"),
        ..first.clone()
    };
    let (before, after) = (
        in_berlin(std::slice::from_ref(&first)),
        in_berlin(std::slice::from_ref(&corrected)),
    );
    let clear = |occurrences: &[Occurrence]| {
        let clear = of(occurrences, "no_makeup", What::AllClear);
        (clear[0].key.clone(), clear[0].due_at)
    };
    assert_eq!(clear(&before).0, clear(&after).0, "history knows it by its key");
    assert_eq!(clear(&after).1, clear(&before).1 + TimeDelta::hours(2));
    assert_eq!(in_berlin(&[]), []);
    let other = another("2027-02-01 10:00");
    assert_eq!(in_berlin(std::slice::from_ref(&other)), {
        let mut both = in_berlin(&[first.clone(), other]);
        both.retain(|o| o.session != first.id);
        both
    });
}

#[test]
fn u8_overlapping_sessions_clear_once_at_the_later_end() {
    let second = another("2026-11-23 10:00");
    let occurrences = in_berlin(&[session(berlin("2026-11-21 10:00")), second.clone()]);
    let clear = of(&occurrences, "no_makeup", What::AllClear);
    assert_eq!(clear.len(), 1);
    assert_eq!(clear[0].session, second.id);
    assert_eq!(clear[0].due_at, second.ended_at + TimeDelta::hours(72));
}

#[test]
fn u8_the_same_instruction_at_the_same_minute_is_one_and_the_newer_sessions() {
    let second = another("2026-11-23 10:00");
    let occurrences = in_berlin(&[second.clone(), session(berlin("2026-11-21 10:00"))]);
    let evening: Vec<_> = of(&occurrences, "check_in", What::CheckIn)
        .into_iter()
        .filter(|o| local(&zone("Europe/Berlin"), o.due_at) == "2026-11-24 20:00")
        .collect();
    assert_eq!(evening.len(), 1);
    assert_eq!(evening[0].session, second.id);
}

#[test]
fn s4_no_due_time_is_moved_out_of_the_night() {
    // Quiet hours are delivery's: an end at 03:10 is due at 03:10.
    let occurrences = in_berlin(&[session(berlin("2026-11-21 03:10"))]);
    let clear = of(&occurrences, "no_makeup", What::AllClear);
    let at = zone("Europe/Berlin").local(clear[0].due_at).time();
    assert_eq!(Some(at), NaiveTime::from_hms_opt(3, 10, 0));
}
