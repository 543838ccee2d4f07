//! The cases of reminders that the planner decides, each by its id.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use afterglow_care::schedule::{Due, Occurrence};
use afterglow_care::session::SessionId;
use afterglow_care::{Plan, Session, Zone};
use afterglow_reminders::planner::alarm_key;
use afterglow_reminders::ringing::due;
use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use crate::given::{Desk, berlin, civil, session, utc, zone};

/// A second session of the face.
fn another(ended: &str) -> Session {
    Session {
        id: SessionId(Uuid::from_u128(2)),
        ..session(berlin(ended))
    }
}

/// The shipped plan whose evening questions come at 02:30.
fn at_half_past_two() -> Plan {
    let plan = include_str!("../../../care/plans/microneedling.toml");
    let plan = plan.replace("time = \"20:30\"", "time = \"02:30\"");
    let spanish = include_str!("../../../care/plans/microneedling.es.toml");
    Plan::parse(&plan, &[spanish]).unwrap()
}

/// Lives hour by hour until an instant: whatever is to be shown by then is shown and settled. A
/// flight is the instant from which on another zone holds. Each key with the times that it was shown.
fn live(desk: &mut Desk, flights: &[(DateTime<Utc>, &str)], until: DateTime<Utc>) -> BTreeMap<String, u32> {
    let mut shown = BTreeMap::new();
    while desk.now < until {
        if let Some((_, name)) = flights.iter().rev().find(|(at, _)| *at <= desk.now) {
            desk.zone = zone(name);
        }
        let now = desk.zone.local(desk.now).format("%Y-%m-%d %H:%M").to_string();
        let due: Vec<_> = desk.coming().into_iter().filter(|(at, _)| *at <= now).collect();
        for (_, key) in due {
            desk.settled.insert(Desk::key(&key));
            *shown.entry(key).or_insert(0) += 1;
        }
        desk.now += TimeDelta::hours(1);
    }
    shown
}

#[test]
fn d1_an_elapsed_day_into_summer_time_ends_an_hour_later_by_the_clock() {
    let desk = Desk::berlin(&[session(berlin("2027-03-27 15:00"))], "2027-03-27 15:00");
    assert_eq!(desk.shows("first_day_over/at/+24h"), ["2027-03-28 16:00"]);
}

#[test]
fn d2_an_elapsed_day_into_winter_time_ends_an_hour_earlier_by_the_clock() {
    let desk = Desk::berlin(&[session(berlin("2027-10-30 15:00"))], "2027-10-30 15:00");
    assert_eq!(desk.shows("first_day_over/at/+24h"), ["2027-10-31 14:00"]);
}

#[test]
fn d5_a_daily_time_comes_once_a_day_across_both_switches() {
    for (ended, days) in [
        ("2027-03-26 10:00", ["2027-03-27", "2027-03-28", "2027-03-29"]),
        ("2027-10-29 10:00", ["2027-10-30", "2027-10-31", "2027-11-01"]),
    ] {
        let mut desk = Desk::berlin(&[session(berlin(ended))], ended);
        for day in days {
            let key = format!("check_in/check_in/{day}@20:00");
            assert_eq!(desk.shows(&key), [format!("{day} 20:00")]);
        }
        let until = desk.now + TimeDelta::days(6);
        let shown = live(&mut desk, &[], until);
        assert!(shown.values().all(|times| *times == 1), "{shown:?}");
    }
}

#[test]
fn d6_a_time_that_the_clock_leaves_out_comes_once_and_later_by_the_gap() {
    let mut desk = Desk::berlin(&[session(berlin("2027-03-26 15:00"))], "2027-03-26 15:00");
    desk.plan = at_half_past_two();
    desk.settings.quiet_hours = None;
    assert_eq!(
        desk.shows("evening_comparison/at/2027-03-28@02:30"),
        ["2027-03-28 03:30"]
    );
    assert_eq!(
        desk.shows("evening_comparison/at/2027-03-29@02:30"),
        ["2027-03-29 02:30"]
    );
}

#[test]
fn d7_a_time_that_the_clock_shows_twice_comes_once_at_the_first() {
    let mut desk = Desk::berlin(&[session(berlin("2027-10-29 15:00"))], "2027-10-29 15:00");
    desk.plan = at_half_past_two();
    desk.settings.quiet_hours = None;
    let name = alarm_key(&Desk::key("evening_comparison/at/2027-10-31@02:30"));
    let list = desk.list();
    let at: Vec<_> = list.alarms.iter().filter(|alarm| alarm.key == name).collect();
    assert_eq!(at.len(), 1);
    assert_eq!(at[0].when.instant(&desk.zone), utc("2027-10-31 00:30"));
}

#[test]
fn d8_cutting_again_and_again_on_a_switch_day_gives_the_same_set() {
    for ended in ["2027-03-27 15:00", "2027-10-30 15:00"] {
        let mut desk = Desk::berlin(&[session(berlin(ended))], ended);
        let mut before: Option<HashSet<String>> = None;
        for _ in 0..30 {
            let list = desk.list();
            assert_eq!(desk.list(), list);
            let keys: HashSet<_> = list.alarms.into_iter().map(|alarm| alarm.key).collect();
            if let Some(before) = before {
                assert!(
                    keys.is_subset(&before),
                    "an hour later nothing new stands in the list"
                );
            }
            before = Some(keys);
            desk.now += TimeDelta::hours(1);
        }
    }
}

#[test]
fn z1_a_flight_leaves_an_elapsed_window_at_its_instant() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-21 16:00");
    let key = "no_heat/all_clear/+72h";
    assert_eq!(desk.shows(key), ["2026-11-24 10:00"]);
    desk.zone = zone("America/New_York");
    desk.settings.quiet_hours = None;
    assert_eq!(desk.shows(key), ["2026-11-24 04:00"]);
}

#[test]
fn z2_what_was_shown_on_a_date_is_not_shown_again_on_that_date_in_another_zone() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-22 20:05");
    let key = "check_in/check_in/2026-11-22@20:00";
    desk.zone = zone("America/New_York");
    assert_eq!(
        desk.shows(key),
        ["2026-11-22 20:00"],
        "six hours on it would come"
    );
    desk.settled.insert(Desk::key(key));
    assert_eq!(desk.shows(key), [] as [&str; 0]);
}

#[test]
fn z3_across_the_date_line_no_day_is_left_out_or_doubled() {
    for (from, to) in [
        ("Pacific/Kiritimati", "Pacific/Honolulu"),
        ("Pacific/Honolulu", "Pacific/Kiritimati"),
    ] {
        let ended = zone(from).instant(civil("2026-11-21 10:00"));
        let mut desk = Desk {
            now: ended,
            zone: zone(from),
            ..Desk::berlin(&[session(ended)], "2026-11-21 10:00")
        };
        let flight = ended + TimeDelta::hours(74);
        let shown = live(&mut desk, &[(flight, to)], ended + TimeDelta::days(9));
        assert!(shown.values().all(|times| *times == 1), "{from} {to}: {shown:?}");
        let dates: Vec<NaiveDate> = shown
            .keys()
            .filter_map(|key| {
                key.strip_prefix("sunscreen/daily/")?
                    .split('@')
                    .next()?
                    .parse()
                    .ok()
            })
            .collect();
        assert!(dates.len() >= 7, "{dates:?}");
        assert!(
            dates.windows(2).all(|pair| pair[0].succ_opt() == Some(pair[1])),
            "{from} {to}: {dates:?}"
        );
    }
}

#[test]
fn z4_a_list_cut_in_another_zone_has_the_same_wall_clock_times_and_other_ends() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-21 16:00");
    let name = alarm_key(&Desk::key("sunscreen/daily/2026-11-24@08:00"));
    let alarm = |desk: &Desk| desk.list().alarms.into_iter().find(|alarm| alarm.key == name);
    let here = alarm(&desk).unwrap();
    desk.zone = zone("America/New_York");
    let there = alarm(&desk).unwrap();
    assert_eq!((here.when, here.id), (there.when, there.id));
    assert_eq!(there.valid_until - here.valid_until, TimeDelta::hours(6));
}

#[test]
fn z6_list_and_occurrences_show_one_time_after_a_flight() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-21 16:00");
    desk.zone = zone("Asia/Tokyo");
    let occurrences: BTreeMap<_, _> = desk
        .occurrences()
        .into_iter()
        .map(|occurrence| (alarm_key(&occurrence.key), occurrence.due_at))
        .collect();
    let list = desk.list();
    assert!(list.alarms.len() > 50);
    for alarm in list.alarms {
        assert_eq!(Some(&alarm.when.instant(&desk.zone)), occurrences.get(&alarm.key));
    }
}

#[test]
fn z7_a_fixed_offset_stands_in_for_a_zone_that_nobody_knows() {
    assert!(Zone::named("Europe/Atlantis").is_err());
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-21 16:00");
    let here = desk.coming();
    desk.zone = Zone::fixed(FixedOffset::east_opt(3_600).unwrap());
    let winter = |coming: Vec<(String, String)>| -> Vec<_> {
        let until = "2027-03-01".to_owned();
        coming.into_iter().filter(|(at, _)| *at < until).collect()
    };
    assert_eq!(winter(desk.coming()), winter(here), "Berlin's offset in winter");
}

#[test]
fn c1_a_clock_set_forward_three_days_leaves_one_digest_of_what_is_still_valid() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-24 12:30");
    let list = desk.list();
    let ringing = due(&list, &[], &desk.zone, desk.now);
    assert_eq!(
        ringing.missed,
        Vec::<&_>::new(),
        "the list has nothing that is over"
    );
    assert!(
        ringing.digest.len() >= 2 && ringing.single.is_empty(),
        "{ringing:?}"
    );
    desk.capacity = 3;
    assert_eq!(desk.list().alarms.len(), 3);
}

#[test]
fn c2_a_clock_set_back_a_day_shows_nothing_twice() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-21 10:00");
    let mut shown = live(&mut desk, &[], berlin("2026-11-24 10:00"));
    desk.now -= TimeDelta::days(1);
    for (key, times) in live(&mut desk, &[], berlin("2026-11-25 10:00")) {
        *shown.entry(key).or_insert(0) += times;
    }
    assert!(
        shown.len() > 20 && shown.values().all(|times| *times == 1),
        "{shown:?}"
    );
}

#[test]
fn s4_woken_in_quiet_hours_what_is_late_waits_for_their_end() {
    let desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-23 03:10");
    let late = "check_in/check_in/2026-11-22@20:00";
    assert_eq!(desk.shows(late), ["2026-11-23 08:00"]);
    let list = desk.list();
    let ringing = due(&list, &[], &desk.zone, desk.now);
    let name = alarm_key(&Desk::key(late));
    assert!(ringing.held.iter().any(|alarm| alarm.key == name));
    assert!(ringing.single.is_empty() && ringing.digest.is_empty());
}

/// What a host without a journal does with a list that is cut when the device is back.
fn back_at(desk: &Desk) -> (usize, usize, usize) {
    let list = desk.list();
    let ringing = due(&list, &[], &desk.zone, desk.now);
    (ringing.single.len(), ringing.digest.len(), ringing.missed.len())
}

#[test]
fn b1_back_inside_the_window_it_is_shown_once() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-21 23:30");
    desk.settings.quiet_hours = None;
    let key = "check_in/check_in/2026-11-21@20:00";
    let others = desk.coming().into_iter().filter(|(_, other)| other != key);
    desk.settled = others.map(|(_, key)| Desk::key(&key)).collect();
    assert_eq!(back_at(&desk), (1, 0, 0));
    desk.settled.insert(Desk::key(key));
    assert_eq!(back_at(&desk), (0, 0, 0));
}

#[test]
fn b2_back_after_the_window_it_is_not_shown() {
    let desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-22 12:00");
    assert_eq!(desk.shows("check_in/check_in/2026-11-21@20:00"), [] as [&str; 0]);
    let an_hour_before = Desk {
        now: berlin("2026-11-22 11:00"),
        ..desk
    };
    assert_eq!(
        an_hour_before.shows("check_in/check_in/2026-11-21@20:00"),
        ["2026-11-22 11:00"]
    );
}

#[test]
fn b3_of_what_is_past_and_to_come_the_valid_past_is_one_digest() {
    let desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-24 12:30");
    let (single, digest, missed) = back_at(&desk);
    assert!(single == 0 && digest >= 2 && missed == 0);
    let coming = desk.coming();
    let past = coming.iter().filter(|(at, _)| at == "2026-11-24 12:30").count();
    assert_eq!(past, digest);
    assert!(coming.len() >= digest + 20);
}

#[test]
fn u3_an_occurrence_that_moved_leaves_its_old_instant() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-21 11:00");
    let old = desk.shows("no_heat/all_clear/+72h");
    desk.sessions[0].ended_at = berlin("2026-11-21 08:30");
    assert_eq!(old, ["2026-11-24 10:00"]);
    assert_eq!(desk.shows("no_heat/all_clear/+72h"), ["2026-11-24 08:30"]);
    let elapsed_at_ten = |o: &Occurrence| o.due == Due::Elapsed(berlin("2026-11-24 10:00"));
    assert!(!desk.occurrences().iter().any(elapsed_at_ten));
}

#[test]
fn u5_done_undone_and_done_again_is_at_most_one_alert() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-22 07:00");
    let key = Desk::key("gentle_cleanse/daily/2026-11-22@08:00");
    let name = alarm_key(&key);
    let alarms = |desk: &Desk| {
        let list = desk.list().alarms.into_iter();
        list.filter(|alarm| alarm.key == name).collect::<Vec<_>>()
    };
    let first = alarms(&desk);
    assert_eq!(first.len(), 1);
    desk.settled.insert(key.clone());
    assert_eq!(alarms(&desk), []);
    desk.settled.remove(&key);
    assert_eq!(
        alarms(&desk),
        first,
        "the same id, so a host replaces what it showed"
    );
    desk.settled.insert(key);
    assert_eq!(alarms(&desk), []);
}

#[test]
fn u7_a_corrected_end_replaces_what_is_planned_and_shows_nothing_again() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-21 10:00");
    let mut shown = live(&mut desk, &[], berlin("2026-11-23 10:00"));
    desk.sessions[0].ended_at = berlin("2026-11-21 12:00");
    for (key, times) in live(&mut desk, &[], berlin("2026-11-26 10:00")) {
        *shown.entry(key).or_insert(0) += times;
    }
    assert!(shown.values().all(|times| *times == 1), "{shown:?}");
    desk.sessions.clear();
    assert_eq!(desk.list().alarms, []);
}

#[test]
fn u8_one_instruction_of_two_sessions_is_one_alert_a_minute() {
    let sessions = [session(berlin("2026-11-21 10:00")), {
        let mut hands = another("2026-11-22 11:00");
        hands.areas = [afterglow_care::session::Area::Hands].into();
        hands
    }];
    let desk = Desk::berlin(&sessions, "2026-11-22 12:00");
    let mut minutes = BTreeSet::new();
    let occurrences = desk.occurrences();
    for occurrence in &occurrences {
        let minute = occurrence.due_at.timestamp().div_euclid(60);
        assert!(
            minutes.insert((&occurrence.instruction, minute)),
            "{occurrence:?}"
        );
    }
    let sessions: BTreeSet<_> = occurrences.iter().map(|o| o.session).collect();
    assert_eq!(sessions.len(), 2, "both plans hold");
    let shown = desk.coming();
    let twice = shown
        .iter()
        .filter(|(at, key)| at == "2026-11-23 20:00" && key.starts_with("check_in/"));
    assert_eq!(twice.count(), 1);
}

#[test]
fn u9_a_newer_plan_changes_no_list_until_it_is_asked_for_and_repeats_nothing_then() {
    let text = include_str!("../../../care/plans/microneedling.toml");
    let spanish = include_str!("../../../care/plans/microneedling.es.toml");
    let swimming = "medium = [0, 72], deep = [0, 168] } }\nsources = [\"IFU-AM\", \"CL-HY\"]";
    let newer = text.replacen(swimming, &swimming.replace("72", "96"), 1);
    assert_ne!(text, newer);
    let newer = Plan::parse(&newer, &[spanish]).unwrap();
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-21 10:00");
    let mut shown = live(&mut desk, &[], berlin("2026-11-24 06:00"));
    let kept = desk.list();
    assert_eq!(desk.list(), kept, "the list follows the plan that it is cut with");
    desk.plan = newer;
    assert_ne!(desk.list(), kept);
    for (key, times) in live(&mut desk, &[], berlin("2026-11-26 06:00")) {
        *shown.entry(key).or_insert(0) += times;
    }
    assert!(shown.values().all(|times| *times == 1), "{shown:?}");
    assert!(
        shown.contains_key("no_swimming/all_clear/+96h") && !shown.contains_key("no_swimming/all_clear/+72h")
    );
}

#[test]
fn p1_a_list_cut_again_after_a_switch_knows_a_snoozed_alarm_by_key_and_end() {
    let mut desk = Desk::berlin(&[session(berlin("2027-03-27 10:00"))], "2027-03-27 21:30");
    let name = alarm_key(&Desk::key("check_in/check_in/2027-03-27@20:00"));
    let alarm = |desk: &Desk| desk.list().alarms.into_iter().find(|alarm| alarm.key == name);
    let before = alarm(&desk).unwrap();
    desk.now = berlin("2027-03-28 03:05");
    assert_eq!(alarm(&desk), Some(before));
}

#[test]
fn r1_what_expired_before_a_backup_came_back_stays_silent() {
    let desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-12-12 10:00");
    let list = desk.list();
    let ringing = due(&list, &[], &desk.zone, desk.now);
    assert_eq!(ringing.missed, Vec::<&_>::new());
    assert!(ringing.single.len() + ringing.digest.len() <= 1, "{ringing:?}");
    assert!(ringing.armed >= 5, "the future is planned");
}
