//! What rings when: the rows of the reminder cases that a pure host can get wrong.

#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

use afterglow_care::{Locale, Zone};
use afterglow_reminders::alarms::{Action, Alarm, AlarmId, AlarmList, QuietHours, Screen, When};
use afterglow_reminders::journal::{Entry, Event};
use afterglow_reminders::ringing::{Ringing, alike_id, by_words, due};
use afterglow_reminders::wording::host_words;
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use proptest::prelude::*;

fn utc(text: &str) -> DateTime<Utc> {
    civil(text).and_utc()
}

fn civil(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn night() -> QuietHours {
    QuietHours {
        from: NaiveTime::from_hms_opt(22, 0, 0).unwrap(),
        until: NaiveTime::from_hms_opt(8, 0, 0).unwrap(),
    }
}

fn alarm(key: &str, when: When, valid_until: DateTime<Utc>) -> Alarm {
    Alarm {
        id: AlarmId::of_key(key),
        key: key.to_owned(),
        when,
        valid_until,
        title: "Afterglow".to_owned(),
        body: "Time for your care".to_owned(),
        screen: Screen::Today,
        urgent: false,
        actions: Vec::new(),
        repeats: 0,
    }
}

fn elapsed(key: &str, due: &str, valid_until: &str) -> Alarm {
    alarm(key, When::Instant(utc(due)), utc(valid_until))
}

/// The validity ends at an instant, given in UTC.
fn daily(key: &str, due: &str, valid_until: &str) -> Alarm {
    alarm(key, When::Civil(civil(due)), utc(valid_until))
}

fn list(alarms: Vec<Alarm>) -> AlarmList {
    let list = AlarmList {
        version: AlarmList::VERSION,
        made_at: utc("2027-01-01 00:00"),
        quiet: None,
        sound: true,
        alarms,
        words: host_words(Locale::En),
    };
    list.check(2_000).unwrap();
    list
}

fn quiet_list(alarms: Vec<Alarm>) -> AlarmList {
    AlarmList {
        quiet: Some(night()),
        ..list(alarms)
    }
}

fn entry(seq: u64, key: &str, at: &str, event: Event) -> Entry {
    Entry {
        seq,
        at: utc(at),
        key: key.to_owned(),
        due_at: utc(at),
        event,
    }
}

fn shown() -> Event {
    Event::Shown { digest: false }
}

fn keys(alarms: &[&Alarm]) -> Vec<String> {
    alarms.iter().map(|alarm| alarm.key.clone()).collect()
}

/// `single | digest | missed | held`, each as keys.
fn told(ringing: &Ringing<'_>) -> String {
    [&ringing.single, &ringing.digest, &ringing.missed, &ringing.held]
        .map(|alarms| keys(alarms).join(" "))
        .join(" | ")
}

#[test]
fn rings_at_its_time_and_not_before() {
    let list = list(vec![elapsed("a", "2027-01-01 12:00", "2027-01-02 12:00")]);
    let before = due(&list, &[], &Zone::UTC, utc("2027-01-01 11:59"));
    assert_eq!(told(&before), " |  |  | ");
    assert_eq!(before.next, Some(utc("2027-01-01 12:00")));
    assert_eq!(before.armed, 1);
    let then = due(&list, &[], &Zone::UTC, utc("2027-01-01 12:00"));
    assert_eq!(told(&then), "a |  |  | ");
    assert_eq!(then.next, None);
}

/// What rings together, as keys.
fn told_by_words(alarms: &[Alarm]) -> String {
    let list = list(alarms.to_vec());
    let ringing = due(&list, &[], &Zone::UTC, utc("2027-01-01 12:00"));
    let notifications = by_words(&ringing.single);
    let notifications = notifications.iter().map(|alarms| keys(alarms).join(" "));
    notifications.collect::<Vec<_>>().join(" | ")
}

#[test]
fn of_one_instant_those_that_say_the_same_are_one_notification() {
    let saying = |key: &str, body: &str, actions: &[Action]| Alarm {
        body: body.to_owned(),
        actions: actions.to_vec(),
        ..elapsed(key, "2027-01-01 12:00", "2027-01-02 12:00")
    };
    let care = [Action::Done, Action::Snooze, Action::Skip];
    let (allowed, morning) = (
        "Something is allowed again. Open the app to see what.",
        "Time for your morning care",
    );
    let full = ["Makeup is allowed again", "You may wash your hair"];
    let asks = "How did it go? Open the app to answer.";
    for (name, alarms, expected) in [
        (
            "discreet",
            vec![
                saying("a", allowed, &[]),
                saying("m", morning, &care),
                saying("b", allowed, &[]),
                saying("n", morning, &care),
                saying("c", allowed, &[]),
            ],
            "a b c | m n",
        ),
        (
            "full",
            vec![saying("a", full[0], &[]), saying("b", full[1], &[])],
            "a | b",
        ),
        (
            "a question about a call",
            vec![
                saying("a", asks, &[Action::Snooze]),
                saying("b", asks, &[Action::Snooze]),
                saying("c", morning, &care),
            ],
            "a | b | c",
        ),
        ("one", vec![saying("a", allowed, &[])], "a"),
        ("none", vec![], ""),
    ] {
        assert_eq!(told_by_words(&alarms), expected, "{name}");
    }
}

#[test]
fn another_title_is_other_words_and_what_rings_in_quiet_hours_is_folded_too() {
    let at = |key: &str| Alarm {
        urgent: true,
        ..elapsed(key, "2027-01-01 12:00", "2027-01-02 12:00")
    };
    let titled = Alarm {
        title: "Other".to_owned(),
        ..at("t")
    };
    assert_eq!(told_by_words(&[at("a"), titled.clone(), at("b")]), "a b | t");
    let ids = [&at("a"), &at("b"), &titled].map(alike_id);
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
    assert_ne!(ids[0], at("a").id);
}

#[test]
fn those_that_say_the_same_and_were_shown_as_one_repeat_as_one_until_one_is_left() {
    let repeating = |key: &str| Alarm {
        repeats: 2,
        ..elapsed(key, "2027-01-01 12:00", "2027-01-02 12:00")
    };
    let list = list(vec![repeating("a"), repeating("b")]);
    let mut journal = vec![
        entry(1, "a", "2027-01-01 12:00", shown()),
        entry(2, "b", "2027-01-01 12:00", shown()),
    ];
    let told = |journal: &[Entry], now| {
        let ringing = due(&list, journal, &Zone::UTC, utc(now));
        let notifications = by_words(&ringing.single);
        notifications
            .iter()
            .map(|alarms| keys(alarms))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&journal, "2027-01-01 12:29"), Vec::<Vec<String>>::new());
    assert_eq!(told(&journal, "2027-01-01 12:30"), [["a", "b"]]);
    journal.push(entry(3, "a", "2027-01-01 12:10", Event::Done));
    assert_eq!(told(&journal, "2027-01-01 12:30"), [["b"]]);
}

#[test]
fn c1_a_clock_set_forward_three_days_gives_one_digest() {
    let alarms = (0..12)
        .map(|i| {
            elapsed(
                &format!("k{i:02}"),
                &format!("2027-01-01 {:02}:00", 8 + i),
                "2027-01-06 08:00",
            )
        })
        .collect();
    let list = list(alarms);
    let ringing = due(&list, &[], &Zone::UTC, utc("2027-01-04 12:00"));
    assert_eq!(ringing.digest.len(), 12);
    assert!(ringing.single.is_empty() && ringing.missed.is_empty());
}

#[test]
fn c2_a_clock_set_back_rings_nothing_twice() {
    let list = list(vec![elapsed("a", "2027-01-02 12:00", "2027-01-04 12:00")]);
    let journal = [
        entry(1, "a", "2027-01-02 12:00", Event::Claimed),
        entry(2, "a", "2027-01-02 12:00", shown()),
    ];
    for now in ["2027-01-01 11:00", "2027-01-02 12:00", "2027-01-03 12:00"] {
        assert_eq!(
            told(&due(&list, &journal, &Zone::UTC, utc(now))),
            " |  |  | ",
            "at {now}"
        );
    }
}

#[test]
fn c3_what_a_clock_that_was_ahead_took_for_missed_rings_at_its_time() {
    let list = list(vec![elapsed("a", "2027-01-02 12:00", "2027-01-02 14:00")]);
    let missed_ahead = [entry(1, "a", "2027-01-02 20:00", Event::Missed)];
    let shown_then = |at| [missed_ahead[0].clone(), entry(2, "a", at, shown())];
    let missed_then = |at| [missed_ahead[0].clone(), entry(2, "a", at, Event::Missed)];
    for (name, journal, now, expected) in [
        (
            "before it is due",
            &missed_ahead[..],
            "2027-01-02 10:00",
            " |  |  | ",
        ),
        ("at its time", &missed_ahead, "2027-01-02 12:00", "a |  |  | "),
        ("late", &missed_ahead, "2027-01-02 13:00", "a |  |  | "),
        ("never shown", &missed_ahead, "2027-01-02 14:00", " |  | a | "),
        (
            "the clock comes to where it was",
            &missed_ahead,
            "2027-01-02 20:00",
            " |  |  | ",
        ),
        (
            "shown then",
            &shown_then("2027-01-02 12:00"),
            "2027-01-02 13:00",
            " |  |  | ",
        ),
        (
            "shown then, and over",
            &shown_then("2027-01-02 12:00"),
            "2027-01-02 15:00",
            " |  |  | ",
        ),
        (
            "missed twice",
            &missed_then("2027-01-02 14:00"),
            "2027-01-02 15:00",
            " |  |  | ",
        ),
        (
            "missed twice, set back again",
            &missed_then("2027-01-02 14:00"),
            "2027-01-02 13:30",
            "a |  |  | ",
        ),
    ] {
        assert_eq!(
            told(&due(&list, journal, &Zone::UTC, utc(now))),
            expected,
            "{name}"
        );
    }
    let ringing = due(&list, &missed_ahead, &Zone::UTC, utc("2027-01-02 10:00"));
    assert_eq!((ringing.armed, ringing.next), (1, Some(utc("2027-01-02 12:00"))));
}

#[test]
fn a_wait_that_would_end_after_the_validity_rings_while_it_is_worth_it_and_once() {
    let until = |text| Event::Snoozed { until: utc(text) };
    let journal = [
        entry(1, "a", "2027-01-02 12:00", shown()),
        entry(2, "a", "2027-01-02 12:10", until("2027-01-02 16:00")),
    ];
    let again = [&journal[..], &[entry(3, "a", "2027-01-02 12:15", shown())]].concat();
    for (name, ends, journal, now, expected) in [
        (
            "within it",
            "2027-01-02 18:00",
            &journal[..],
            "2027-01-02 12:20",
            " |  |  | ",
        ),
        (
            "within it, at its end",
            "2027-01-02 18:00",
            &journal,
            "2027-01-02 16:00",
            "a |  |  | ",
        ),
        (
            "beyond it",
            "2027-01-02 15:00",
            &journal,
            "2027-01-02 12:20",
            "a |  |  | ",
        ),
        (
            "beyond it, shown again",
            "2027-01-02 15:00",
            &again,
            "2027-01-02 12:20",
            " |  |  | ",
        ),
        (
            "beyond it, over",
            "2027-01-02 15:00",
            &again,
            "2027-01-02 16:00",
            " |  |  | ",
        ),
        (
            "beyond it, never shown",
            "2027-01-02 15:00",
            &journal,
            "2027-01-02 15:00",
            " |  | a | ",
        ),
    ] {
        let list = list(vec![elapsed("a", "2027-01-02 12:00", ends)]);
        assert_eq!(
            told(&due(&list, journal, &Zone::UTC, utc(now))),
            expected,
            "{name}"
        );
    }
}

#[test]
fn s1_woken_eight_minutes_late_a_single_one_is_shown_by_itself() {
    let list = list(vec![elapsed("a", "2027-01-01 12:00", "2027-01-02 12:00")]);
    assert_eq!(
        told(&due(&list, &[], &Zone::UTC, utc("2027-01-01 12:08"))),
        "a |  |  | "
    );
}

#[test]
fn s2_of_three_slept_over_two_are_one_digest_and_the_expired_one_is_missed() {
    let list = list(vec![
        elapsed("a", "2027-01-01 09:00", "2027-01-01 17:00"),
        elapsed("b", "2027-01-01 10:00", "2027-01-02 10:00"),
        elapsed("c", "2027-01-01 11:00", "2027-01-02 11:00"),
    ]);
    assert_eq!(
        told(&due(&list, &[], &Zone::UTC, utc("2027-01-01 18:00"))),
        " | b c | a | "
    );
}

#[test]
fn s4_woken_in_quiet_hours_what_is_late_and_not_urgent_waits_for_their_end() {
    let mut urgent = elapsed("urgent", "2027-01-01 21:00", "2027-01-02 21:00");
    urgent.urgent = true;
    let list = quiet_list(vec![
        elapsed("elapsed", "2027-01-01 21:00", "2027-01-02 21:00"),
        daily("daily", "2027-01-01 20:00", "2027-01-02 12:00"),
        urgent,
    ]);
    let night = due(&list, &[], &Zone::UTC, utc("2027-01-02 03:10"));
    assert_eq!(told(&night), "urgent |  |  | elapsed daily");
    assert_eq!(night.held_until, Some(utc("2027-01-02 08:00")));
    assert_eq!(night.next, Some(utc("2027-01-02 08:00")));

    let journal = [entry(1, "urgent", "2027-01-02 03:10", shown())];
    let morning = due(&list, &journal, &Zone::UTC, utc("2027-01-02 08:00"));
    assert_eq!(told(&morning), " | elapsed daily |  | ");
}

#[test]
fn quiet_hours_hold_what_can_wait_until_their_end_and_drop_what_is_over_by_then() {
    let list = quiet_list(vec![
        elapsed("elapsed", "2027-01-01 23:00", "2027-01-02 23:00"),
        elapsed("ends", "2027-01-01 23:00", "2027-01-02 08:00"),
        daily("evening", "2027-01-01 23:00", "2027-01-02 12:00"),
        daily("tonight", "2027-01-01 23:00", "2027-01-02 04:00"),
    ]);
    let before = due(&list, &[], &Zone::UTC, utc("2027-01-01 22:30"));
    assert_eq!(before.next, Some(utc("2027-01-02 08:00")));
    let night = due(&list, &[], &Zone::UTC, utc("2027-01-01 23:00"));
    assert_eq!(told(&night), " |  |  | elapsed ends evening tonight");
    assert_eq!(night.held_until, Some(utc("2027-01-02 08:00")));
    let morning = due(&list, &[], &Zone::UTC, utc("2027-01-02 08:00"));
    assert_eq!(told(&morning), " | elapsed evening | ends tonight | ");
}

#[test]
fn an_urgent_one_rings_in_quiet_hours_whatever_its_clock() {
    let urgent = |alarm: Alarm| Alarm {
        urgent: true,
        ..alarm
    };
    let list = quiet_list(vec![
        urgent(elapsed("elapsed", "2027-01-01 23:00", "2027-01-02 23:00")),
        urgent(daily("daily", "2027-01-01 23:00", "2027-01-02 12:00")),
    ]);
    assert_eq!(
        told(&due(&list, &[], &Zone::UTC, utc("2027-01-01 23:00"))),
        "elapsed daily |  |  | "
    );
}

#[test]
fn b1_back_inside_the_validity_is_shown_once_and_b2_after_it_is_missed() {
    let list = list(vec![elapsed("a", "2027-01-01 12:00", "2027-01-01 18:00")]);
    assert_eq!(
        told(&due(&list, &[], &Zone::UTC, utc("2027-01-01 17:59"))),
        "a |  |  | "
    );
    assert_eq!(
        told(&due(&list, &[], &Zone::UTC, utc("2027-01-01 18:00"))),
        " |  | a | "
    );
    let journal = [entry(1, "a", "2027-01-01 18:00", Event::Missed)];
    assert_eq!(
        told(&due(&list, &journal, &Zone::UTC, utc("2027-01-01 18:01"))),
        " |  |  | "
    );
}

#[test]
fn b3_of_twenty_to_come_and_five_past_the_valid_past_ones_are_one_digest() {
    let hour = |i: i64| utc("2027-01-01 00:00") + TimeDelta::hours(i);
    let alarms = (0..25)
        .map(|i| {
            alarm(
                &format!("k{i:02}"),
                When::Instant(hour(i)),
                hour(if i < 2 { i + 1 } else { i + 24 }),
            )
        })
        .collect();
    let list = list(alarms);
    let ringing = due(&list, &[], &Zone::UTC, utc("2027-01-01 04:30"));
    assert_eq!(told(&ringing), " | k02 k03 k04 | k00 k01 | ");
    assert_eq!(ringing.armed, 23);
    assert_eq!(ringing.next, Some(utc("2027-01-01 05:00")));
}

#[test]
fn k1_killed_between_claim_and_show_it_is_shown_under_the_same_id() {
    let list = list(vec![elapsed("a", "2027-01-01 12:00", "2027-01-02 12:00")]);
    let journal = [entry(1, "a", "2027-01-01 12:00", Event::Claimed)];
    let ringing = due(&list, &journal, &Zone::UTC, utc("2027-01-01 12:01"));
    assert_eq!(
        ringing.single.first().map(|alarm| alarm.id),
        Some(AlarmId::of_key("a"))
    );
}

#[test]
fn k2_after_the_mark_it_is_not_shown_again_whatever_was_written_later() {
    let list = list(vec![elapsed("a", "2027-01-01 12:00", "2027-01-02 12:00")]);
    let journal = [
        entry(1, "a", "2027-01-01 12:00", Event::Claimed),
        entry(2, "a", "2027-01-01 12:00", shown()),
        entry(
            3,
            "a",
            "2027-01-01 12:00",
            Event::Failed {
                reason: "late answer".to_owned(),
            },
        ),
    ];
    assert_eq!(
        told(&due(&list, &journal, &Zone::UTC, utc("2027-01-01 12:01"))),
        " |  |  | "
    );
}

#[test]
fn n2_a_failed_one_is_tried_again_while_valid_and_missed_afterwards() {
    let list = list(vec![elapsed("a", "2027-01-01 12:00", "2027-01-01 18:00")]);
    let journal = [
        entry(1, "a", "2027-01-01 12:00", Event::Claimed),
        entry(
            2,
            "a",
            "2027-01-01 12:00",
            Event::Failed {
                reason: "no server".to_owned(),
            },
        ),
    ];
    assert_eq!(
        told(&due(&list, &journal, &Zone::UTC, utc("2027-01-01 12:01"))),
        "a |  |  | "
    );
    assert_eq!(
        told(&due(&list, &journal, &Zone::UTC, utc("2027-01-01 18:00"))),
        " |  | a | "
    );
}

#[test]
fn u2_a_list_armed_while_an_alarm_rings_does_not_ring_it_again() {
    let old = list(vec![elapsed("a", "2027-01-01 12:00", "2027-01-02 12:00")]);
    assert_eq!(
        due(&old, &[], &Zone::UTC, utc("2027-01-01 12:00")).single.len(),
        1
    );
    let new = list(vec![
        elapsed("a", "2027-01-01 12:00", "2027-01-02 12:00"),
        elapsed("b", "2027-01-01 13:00", "2027-01-02 12:00"),
    ]);
    let journal = [entry(1, "a", "2027-01-01 12:00", shown())];
    let ringing = due(&new, &journal, &Zone::UTC, utc("2027-01-01 12:00"));
    assert_eq!(told(&ringing), " |  |  | ");
    assert_eq!(ringing.next, Some(utc("2027-01-01 13:00")));
}

#[test]
fn u3_and_l1_only_the_newest_list_rings_at_the_moved_time() {
    let moved = list(vec![elapsed("a", "2027-01-01 15:00", "2027-01-02 12:00")]);
    assert_eq!(
        told(&due(&moved, &[], &Zone::UTC, utc("2027-01-01 12:00"))),
        " |  |  | "
    );
    assert_eq!(
        told(&due(&moved, &[], &Zone::UTC, utc("2027-01-01 15:00"))),
        "a |  |  | "
    );
}

#[test]
fn d5_daily_at_20_rings_at_20_across_both_switches() {
    let berlin = zone("Europe/Berlin");
    for (date, expected) in [
        ("2027-03-27", "2027-03-27 19:00"),
        ("2027-03-28", "2027-03-28 18:00"),
        ("2027-10-30", "2027-10-30 18:00"),
        ("2027-10-31", "2027-10-31 19:00"),
    ] {
        let list = list(vec![daily(
            "a",
            &format!("{date} 20:00"),
            &format!("{date} 23:00"),
        )]);
        let ringing = due(&list, &[], &berlin, utc(&format!("{date} 00:00")));
        assert_eq!(ringing.next, Some(utc(expected)));
    }
}

#[test]
fn d6_a_time_in_a_gap_rings_once_later_by_the_gap() {
    let berlin = zone("Europe/Berlin");
    let list = list(vec![
        daily("gap", "2027-03-28 02:30", "2027-03-28 12:00"),
        daily("next day", "2027-03-29 02:30", "2027-03-29 12:00"),
    ]);
    // 01:29 UTC is 03:29 on the wall clock, 01:30 UTC is 03:30.
    assert_eq!(
        told(&due(&list, &[], &berlin, utc("2027-03-28 01:29"))),
        " |  |  | "
    );
    assert_eq!(
        told(&due(&list, &[], &berlin, utc("2027-03-28 01:30"))),
        "gap |  |  | "
    );
    let journal = [entry(1, "gap", "2027-03-28 01:30", shown())];
    assert_eq!(
        due(&list, &journal, &berlin, utc("2027-03-28 01:31")).next,
        Some(utc("2027-03-29 00:30"))
    );
}

#[test]
fn d7_a_time_in_a_fold_rings_once_at_the_first() {
    let berlin = zone("Europe/Berlin");
    let list = list(vec![daily("fold", "2027-10-31 02:30", "2027-10-31 12:00")]);
    assert_eq!(
        told(&due(&list, &[], &berlin, utc("2027-10-31 00:29"))),
        " |  |  | "
    );
    assert_eq!(
        told(&due(&list, &[], &berlin, utc("2027-10-31 00:30"))),
        "fold |  |  | "
    );
    let journal = [entry(1, "fold", "2027-10-31 00:30", shown())];
    assert_eq!(
        told(&due(&list, &journal, &berlin, utc("2027-10-31 01:30"))),
        " |  |  | "
    );
}

#[test]
fn z1_an_elapsed_alarm_keeps_its_instant_in_another_zone() {
    let list = list(vec![elapsed("a", "2027-01-01 18:00", "2027-01-02 18:00")]);
    for name in ["Europe/Berlin", "America/New_York"] {
        assert_eq!(
            due(&list, &[], &zone(name), utc("2027-01-01 12:00")).next,
            Some(utc("2027-01-01 18:00"))
        );
    }
}

#[test]
fn z2_what_was_delivered_in_berlin_is_not_delivered_again_in_new_york() {
    let list = list(vec![daily(
        "2027-01-01@20:00",
        "2027-01-01 20:00",
        "2027-01-02 12:00",
    )]);
    let berlin = zone("Europe/Berlin");
    assert_eq!(
        told(&due(&list, &[], &berlin, utc("2027-01-01 19:00"))),
        "2027-01-01@20:00 |  |  | "
    );
    let journal = [entry(1, "2027-01-01@20:00", "2027-01-01 19:00", shown())];
    let new_york = zone("America/New_York");
    assert_eq!(
        told(&due(&list, &journal, &new_york, utc("2027-01-02 01:00"))),
        " |  |  | "
    );
}

#[test]
fn a_flight_west_leaves_a_wall_clock_alarm_an_hour_when_its_validity_ended_before_it_is_due() {
    // 08:00 to 13:00 in Berlin; 13:00 there is 04:00 in Los Angeles.
    let list = list(vec![daily("a", "2027-01-01 08:00", "2027-01-01 12:00")]);
    let los_angeles = zone("America/Los_Angeles");
    for (now, expected) in [
        ("2027-01-01 15:59", " |  |  | "),
        ("2027-01-01 16:00", "a |  |  | "),
        ("2027-01-01 17:00", " |  | a | "),
    ] {
        assert_eq!(
            told(&due(&list, &[], &los_angeles, utc(now))),
            expected,
            "at {now}"
        );
    }
}

#[test]
fn z3_across_the_date_line_each_date_rings_once() {
    for (first, second) in [
        ("Pacific/Auckland", "Pacific/Honolulu"),
        ("Pacific/Honolulu", "Pacific/Auckland"),
    ] {
        let noon_after = |day: u32| zone(first).instant(civil(&format!("2027-01-0{} 12:00", day + 1)));
        let alarms = (1..=5)
            .map(|day| {
                let due = When::Civil(civil(&format!("2027-01-0{day} 20:00")));
                alarm(&format!("d{day}"), due, noon_after(day))
            })
            .collect();
        let list = list(alarms);
        let flight = utc("2027-01-03 05:00");
        let mut journal = Vec::new();
        let mut at = utc("2027-01-01 00:00");
        while at < utc("2027-01-08 00:00") {
            let zone = zone(if at < flight { first } else { second });
            let ringing = due(&list, &journal, &zone, at);
            assert!(ringing.missed.is_empty(), "{first} -> {second}: missed at {at}");
            let rang = [keys(&ringing.single), keys(&ringing.digest)].concat();
            for key in rang {
                let seq = journal.len() as u64 + 1;
                journal.push(Entry {
                    seq,
                    at,
                    key,
                    due_at: at,
                    event: shown(),
                });
            }
            at += TimeDelta::minutes(15);
        }
        let rang: Vec<_> = journal.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(rang, ["d1", "d2", "d3", "d4", "d5"], "{first} -> {second}");
    }
}

/// An alarm of the properties: minutes from the start to the due time, minutes of validity, wall clock, urgent.
type Spec = (i64, i64, bool, bool);

fn specified(specs: &[Spec], quiet: bool) -> AlarmList {
    let start = utc("2027-03-27 00:00");
    let alarms = specs
        .iter()
        .enumerate()
        .map(|(i, (due, valid, wall_clock, urgent))| {
            let due = start + TimeDelta::minutes(*due);
            let until = due + TimeDelta::minutes(*valid);
            let due = if *wall_clock {
                When::Civil(due.naive_utc())
            } else {
                When::Instant(due)
            };
            Alarm {
                urgent: *urgent,
                ..alarm(&format!("k{i}"), due, until)
            }
        })
        .collect();
    let list = list(alarms);
    AlarmList {
        quiet: quiet.then(night),
        ..list
    }
}

fn specs() -> impl Strategy<Value = Vec<Spec>> {
    prop::collection::vec((0..5_000_i64, 1..2_000_i64, any::<bool>(), any::<bool>()), 0..20)
}

proptest! {
    #[test]
    fn the_due_ones_are_parted_and_none_rings_before_its_time(specs in specs(), quiet: bool, now in 0..8_000_i64) {
        let list = specified(&specs, quiet);
        let zone = zone("Europe/Berlin");
        let now = utc("2027-03-27 00:00") + TimeDelta::minutes(now);
        let ringing = due(&list, &[], &zone, now);
        let mut parts = [&ringing.single, &ringing.digest, &ringing.missed, &ringing.held].map(|part| keys(part)).concat();
        parts.sort();
        let mut expected: Vec<_> = list
            .alarms
            .iter()
            .filter(|alarm| alarm.when.instant(&zone) <= now || alarm.ends_at(&zone) <= now)
            .map(|alarm| alarm.key.clone())
            .collect();
        expected.sort();
        prop_assert_eq!(parts, expected);
        prop_assert_ne!(ringing.digest.len(), 1);
        for alarm in ringing.single.iter().chain(&ringing.digest) {
            prop_assert!(alarm.when.instant(&zone) <= now && now < alarm.ends_at(&zone));
        }
        prop_assert!(ringing.digest.iter().chain(&ringing.held).all(|alarm| !alarm.urgent));
        prop_assert!(ringing.next.is_none_or(|next| next > now));
    }

    /// A host that sleeps at will, whose show fails at times and which dies between claim and mark.
    #[test]
    fn nothing_is_marked_twice_and_nothing_valid_is_lost(
        specs in specs(),
        naps in prop::collection::vec((1..600_i64, 0..4_u8), 1..60),
    ) {
        let list = specified(&specs, false);
        let mut journal: Vec<Entry> = Vec::new();
        let mut now = utc("2027-03-27 00:00");
        let end = now + TimeDelta::minutes(9_000);
        let last_nap = (600, 0);
        for (nap, fate) in naps.into_iter().chain(std::iter::repeat(last_nap)) {
            if now > end {
                break;
            }
            let ringing = due(&list, &journal, &Zone::UTC, now);
            let mut write = |alarm: &Alarm, event: Event| {
                let seq = journal.len() as u64 + 1;
                journal.push(Entry { seq, at: now, key: alarm.key.clone(), due_at: now, event });
            };
            for alarm in &ringing.missed {
                prop_assert!(alarm.ends_at(&Zone::UTC) <= now);
                write(alarm, Event::Missed);
            }
            for alarm in ringing.single.iter().chain(&ringing.digest) {
                write(alarm, Event::Claimed);
                match fate {
                    0 | 1 => write(alarm, shown()),
                    2 => write(alarm, Event::Failed { reason: "no server".to_owned() }),
                    _ => {}
                }
            }
            now += TimeDelta::minutes(nap);
        }
        for alarm in &list.alarms {
            let marks = journal.iter().filter(|entry| entry.key == alarm.key && matches!(entry.event, Event::Shown { .. } | Event::Missed)).count();
            prop_assert_eq!(marks, 1, "{} was marked {} times", alarm.key, marks);
        }
    }

    /// The clock is anything for a while, then right: whatever was not shown meanwhile is shown in its validity or missed
    /// after it, and nothing is shown twice.
    #[test]
    fn whatever_the_clock_was_once_it_is_right_nothing_is_lost_and_nothing_rings_twice(
        specs in specs(),
        wrong in prop::collection::vec(-20_000..20_000_i64, 0..12),
        start in 0..6_000_i64,
    ) {
        let list = specified(&specs, false);
        let mut journal: Vec<Entry> = Vec::new();
        let right = utc("2027-03-27 00:00") + TimeDelta::minutes(start);
        let wrong = wrong.into_iter().map(|minutes| (false, right + TimeDelta::minutes(minutes)));
        let right = (0..9_000).step_by(7).map(|minutes| (true, right + TimeDelta::minutes(minutes)));
        for (is_right, now) in wrong.chain(right) {
            let ringing = due(&list, &journal, &Zone::UTC, now);
            let was_shown = |key: &str| journal.iter().any(|entry| entry.key == key && entry.event == shown());
            for alarm in ringing.single.iter().chain(&ringing.digest) {
                prop_assert!(!was_shown(&alarm.key), "{} rings twice", alarm.key);
                prop_assert!(now < alarm.ends_at(&Zone::UTC));
            }
            if is_right {
                for alarm in &list.alarms {
                    let is_valid = alarm.when.instant(&Zone::UTC) <= now && now < alarm.ends_at(&Zone::UTC);
                    let rings = ringing.single.iter().chain(&ringing.digest).any(|other| other.key == alarm.key);
                    prop_assert!(!is_valid || rings || was_shown(&alarm.key), "{} is kept back", alarm.key);
                }
            }
            let missed: Vec<_> = ringing.missed.iter().map(|alarm| (alarm.key.clone(), Event::Missed)).collect();
            let rang: Vec<_> = ringing.single.iter().chain(&ringing.digest).map(|alarm| (alarm.key.clone(), shown())).collect();
            for (key, event) in missed.into_iter().chain(rang) {
                let seq = journal.len() as u64 + 1;
                journal.push(Entry { seq, at: now, key, due_at: now, event });
            }
        }
        for alarm in &list.alarms {
            let marks: Vec<_> = journal.iter().filter(|entry| entry.key == alarm.key).collect();
            prop_assert!(!marks.is_empty(), "{} is lost", alarm.key);
        }
    }

    #[test]
    fn a_host_that_wakes_when_told_rings_everything_in_its_validity(specs in specs(), quiet: bool) {
        let list = specified(&specs, quiet);
        let zone = zone("America/New_York");
        let mut journal: Vec<Entry> = Vec::new();
        let mut wake = Some(utc("2027-03-26 00:00"));
        while let Some(now) = wake {
            let ringing = due(&list, &journal, &zone, now);
            let rang: Vec<_> = ringing.single.iter().chain(&ringing.digest).map(|alarm| alarm.key.clone()).collect();
            wake = ringing.next;
            for key in rang {
                let seq = journal.len() as u64 + 1;
                journal.push(Entry { seq, at: now, key, due_at: now, event: shown() });
            }
        }
        for alarm in &list.alarms {
            let expected = afterglow_reminders::ringing::delivery(alarm.when, alarm.valid_until, alarm.urgent, &zone, list.quiet);
            let rang: Vec<_> = journal.iter().filter(|entry| entry.key == alarm.key).map(|entry| entry.at).collect();
            prop_assert_eq!(rang, Vec::from_iter(expected));
        }
    }
}
