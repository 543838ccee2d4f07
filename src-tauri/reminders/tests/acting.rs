//! What was done about an alarm, and what rings again because of it or for want of it.

#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

use afterglow_care::{Locale, Zone};
use afterglow_reminders::alarms::{Alarm, AlarmId, AlarmList, QuietHours, Screen, SnoozeFor, When};
use afterglow_reminders::journal::{Entry, Event};
use afterglow_reminders::ringing::{Hold, Ringing, due, due_unless_paused, snoozed_until};
use afterglow_reminders::wording::host_words;
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use proptest::prelude::*;

fn utc(text: &str) -> DateTime<Utc> {
    civil(text).and_utc()
}

fn civil(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn berlin() -> Zone {
    Zone::named("Europe/Berlin").unwrap()
}

fn night() -> QuietHours {
    QuietHours {
        from: NaiveTime::from_hms_opt(22, 0, 0).unwrap(),
        until: NaiveTime::from_hms_opt(8, 0, 0).unwrap(),
    }
}

fn alarm(key: &str, due: &str, valid_until: &str) -> Alarm {
    Alarm {
        id: AlarmId::of_key(key),
        key: key.to_owned(),
        when: When::Instant(utc(due)),
        valid_until: utc(valid_until),
        title: "Afterglow".to_owned(),
        body: "Time for your care".to_owned(),
        screen: Screen::Today,
        urgent: false,
        actions: Vec::new(),
        repeats: 0,
    }
}

fn repeating(repeats: u8, due: &str, valid_until: &str) -> Alarm {
    Alarm {
        repeats,
        ..alarm("a", due, valid_until)
    }
}

fn list(alarms: Vec<Alarm>) -> AlarmList {
    AlarmList {
        version: AlarmList::VERSION,
        made_at: utc("2027-01-01 00:00"),
        quiet: None,
        alarms,
        sound: true,
        words: host_words(Locale::En),
    }
}

fn journal(lines: &[(&str, Event)]) -> Vec<Entry> {
    (1..)
        .zip(lines)
        .map(|(seq, (at, event))| Entry {
            seq,
            at: utc(at),
            key: "a".to_owned(),
            due_at: utc(at),
            event: event.clone(),
        })
        .collect()
}

const SHOWN: Event = Event::Shown { digest: false };

fn snoozed(until: &str) -> Event {
    Event::Snoozed { until: utc(until) }
}

/// `rings`, `held`, `missed`, or when it rings next, or nothing.
fn told(ringing: &Ringing<'_>) -> String {
    if !ringing.single.is_empty() || !ringing.digest.is_empty() {
        "rings".to_owned()
    } else if !ringing.missed.is_empty() {
        "missed".to_owned()
    } else if !ringing.held.is_empty() {
        "held".to_owned()
    } else {
        ringing
            .next
            .map_or_else(String::new, |next| next.format("%d. %H:%M").to_string())
    }
}

fn at(list: &AlarmList, journal: &[Entry], zone: &Zone, now: &str) -> String {
    told(&due(list, journal, zone, utc(now)))
}

#[test]
fn done_skipped_and_withdrawn_settle_before_and_after_it_was_shown() {
    let list = list(vec![repeating(3, "2027-01-01 12:00", "2027-01-02 12:00")]);
    for event in [Event::Done, Event::Skipped, Event::Withdrawn] {
        for before in [
            &[][..],
            &[("2027-01-01 12:00", SHOWN)],
            &[("2027-01-01 12:01", snoozed("2027-01-01 13:00"))],
        ] {
            let lines = [before, &[("2027-01-01 12:05", event.clone())]].concat();
            for now in ["2027-01-01 12:06", "2027-01-01 14:00", "2027-01-03 00:00"] {
                let ringing = due(&list, &journal(&lines), &Zone::UTC, utc(now));
                assert_eq!(
                    (told(&ringing).as_str(), ringing.armed),
                    ("", 0),
                    "{event:?} at {now}"
                );
            }
        }
    }
}

#[test]
fn p1_snoozed_it_rings_once_at_the_stored_instant_after_a_switch_a_flight_and_a_set_clock() {
    // The hour before the switch of Berlin's clocks at 01:00 UTC.
    let alarm = Alarm {
        when: When::Civil(civil("2027-03-28 01:30")),
        ..alarm("a", "2027-03-28 00:30", "2027-03-28 12:00")
    };
    let list = list(vec![alarm]);
    let until = "2027-03-28 01:35";
    let snooze = [("2027-03-28 00:30", SHOWN), ("2027-03-28 00:35", snoozed(until))];
    let rang = [&snooze[..], &[("2027-03-28 01:35", SHOWN)]].concat();
    for zone in [berlin(), Zone::named("America/New_York").unwrap()] {
        assert_eq!(
            at(&list, &journal(&snooze), &zone, "2027-03-28 00:36"),
            "28. 01:35"
        );
        assert_eq!(at(&list, &journal(&snooze), &zone, until), "rings");
        for now in [
            "2027-03-28 01:36",
            "2027-03-28 00:00",
            "2027-03-28 03:00",
            "2027-03-27 12:00",
        ] {
            assert_eq!(at(&list, &journal(&rang), &zone, now), "", "{now}");
        }
    }
}

#[test]
fn p1_one_that_was_on_its_way_while_it_was_snoozed_is_not_what_was_waited_for() {
    let list = list(vec![repeating(3, "2027-01-01 12:00", "2027-01-02 12:00")]);
    let journal = journal(&[
        ("2027-01-01 12:00", SHOWN),
        ("2027-01-01 12:30", snoozed("2027-01-01 13:30")),
        ("2027-01-01 12:31", SHOWN),
    ]);
    assert_eq!(at(&list, &journal, &Zone::UTC, "2027-01-01 12:32"), "01. 13:30");
}

#[test]
fn p1_snoozed_again_it_waits_for_the_newest_choice() {
    let list = list(vec![alarm("a", "2027-01-01 12:00", "2027-01-02 12:00")]);
    let journal = journal(&[
        ("2027-01-01 12:00", SHOWN),
        ("2027-01-01 12:01", snoozed("2027-01-01 12:11")),
        ("2027-01-01 12:11", SHOWN),
        ("2027-01-01 12:12", snoozed("2027-01-01 13:12")),
    ]);
    assert_eq!(at(&list, &journal, &Zone::UTC, "2027-01-01 12:30"), "01. 13:12");
    assert_eq!(at(&list, &journal, &Zone::UTC, "2027-01-01 13:12"), "rings");
}

#[test]
fn p1_snoozed_and_off_until_it_was_over_it_is_missed() {
    let list = list(vec![alarm("a", "2027-01-01 12:00", "2027-01-01 18:00")]);
    let lines = [
        ("2027-01-01 12:00", SHOWN),
        ("2027-01-01 12:01", snoozed("2027-01-01 13:01")),
    ];
    assert_eq!(
        at(&list, &journal(&lines), &Zone::UTC, "2027-01-01 18:00"),
        "missed"
    );
}

#[test]
fn p2_a_choice_that_ends_after_the_validity_or_is_over_already_is_not_offered() {
    use SnoozeFor::{OneHour, TenMinutes, ThisEvening};
    let all = &[TenMinutes, OneHour, ThisEvening][..];
    // Berlin is an hour ahead: 19:00 there is 18:00 UTC.
    for (now, valid_until, expected) in [
        ("2027-01-01 12:00", "2027-01-02 12:00", all),
        ("2027-01-01 12:00", "2027-01-01 18:01", all),
        ("2027-01-01 12:00", "2027-01-01 18:00", &[TenMinutes, OneHour]),
        ("2027-01-01 12:00", "2027-01-01 13:00", &[TenMinutes]),
        ("2027-01-01 12:00", "2027-01-01 12:10", &[]),
        ("2027-01-01 17:59", "2027-01-02 12:00", all),
        ("2027-01-01 18:00", "2027-01-02 12:00", &[TenMinutes, OneHour]),
        ("2027-01-01 23:30", "2027-01-02 19:00", all),
    ] {
        let alarm = alarm("a", "2027-01-01 11:00", valid_until);
        let offered: Vec<_> = SnoozeFor::ALL
            .into_iter()
            .filter(|wait| snoozed_until(&alarm, *wait, Hold::default(), &berlin(), utc(now)).is_some())
            .collect();
        assert_eq!(offered, expected, "at {now}, valid until {valid_until}");
    }
    let ends = ThisEvening.ends(&berlin(), utc("2027-01-01 12:00"));
    assert_eq!(ends, Some(utc("2027-01-01 18:00")));
}

#[test]
fn p2_what_would_be_held_past_the_validity_is_not_offered_unless_it_is_urgent() {
    let now = utc("2027-01-01 21:30");
    let alarm = alarm("a", "2027-01-01 21:00", "2027-01-02 04:00");
    let urgent = Alarm {
        urgent: true,
        ..alarm.clone()
    };
    let quiet = Hold {
        quiet: Some(night()),
        ..Hold::default()
    };
    let paused = |until| Hold {
        paused_until: Some(utc(until)),
        ..Hold::default()
    };
    for (name, hold, offered) in [
        ("quiet hours", quiet, None),
        ("a pause", paused("2027-01-02 05:00"), None),
        (
            "a pause that ends in time",
            paused("2027-01-02 00:00"),
            Some(utc("2027-01-01 22:30")),
        ),
    ] {
        let until = |alarm| snoozed_until(alarm, SnoozeFor::OneHour, hold, &Zone::UTC, now);
        assert_eq!(until(&alarm), offered, "{name}");
        assert_eq!(until(&urgent), Some(utc("2027-01-01 22:30")), "{name}");
    }
}

#[test]
fn s4_quiet_hours_hold_a_snoozed_one_as_any_other_unless_it_is_urgent() {
    let lines = journal(&[
        ("2027-01-01 21:00", SHOWN),
        ("2027-01-01 21:30", snoozed("2027-01-01 22:30")),
    ]);
    for (urgent, in_the_night, before) in [(false, "held", "02. 08:00"), (true, "rings", "01. 22:30")] {
        let list = AlarmList {
            quiet: Some(night()),
            ..list(vec![Alarm {
                urgent,
                ..alarm("a", "2027-01-01 21:00", "2027-01-02 21:00")
            }])
        };
        assert_eq!(at(&list, &lines, &Zone::UTC, "2027-01-01 21:31"), before);
        assert_eq!(at(&list, &lines, &Zone::UTC, "2027-01-01 22:30"), in_the_night);
        assert_eq!(at(&list, &lines, &Zone::UTC, "2027-01-02 08:00"), "rings");
    }
}

#[test]
fn p3_a_repeat_comes_every_half_hour_three_times_at_most_and_under_the_same_id() {
    let list = list(vec![repeating(3, "2027-01-01 12:00", "2027-01-02 12:00")]);
    let mut lines = Vec::new();
    for (now, next) in [
        ("2027-01-01 12:00", "01. 12:30"),
        ("2027-01-01 12:30", "01. 13:00"),
        ("2027-01-01 13:00", "01. 13:30"),
        ("2027-01-01 13:30", ""),
    ] {
        let history = journal(&lines);
        let ringing = due(&list, &history, &Zone::UTC, utc(now));
        let ids: Vec<_> = ringing.single.iter().map(|alarm| alarm.id).collect();
        assert_eq!(ids, [AlarmId::of_key("a")], "{now}");
        lines.push((now, SHOWN));
        assert_eq!(at(&list, &journal(&lines), &Zone::UTC, now), next);
    }
    for later in ["2027-01-01 14:00", "2027-01-02 12:00", "2027-01-05 12:00"] {
        assert_eq!(at(&list, &journal(&lines), &Zone::UTC, later), "", "{later}");
    }
}

#[test]
fn p3_repeats_stop_at_any_act_in_a_digest_and_at_the_expiry_which_is_no_loss() {
    let long = list(vec![repeating(3, "2027-01-01 12:00", "2027-01-02 12:00")]);
    for act in [Event::Opened, Event::Done, Event::Skipped, Event::Withdrawn] {
        let lines = [("2027-01-01 12:00", SHOWN), ("2027-01-01 12:10", act.clone())];
        for now in ["2027-01-01 12:30", "2027-01-02 12:00"] {
            assert_eq!(
                at(&long, &journal(&lines), &Zone::UTC, now),
                "",
                "{act:?} at {now}"
            );
        }
    }
    let folded = [("2027-01-01 12:00", Event::Shown { digest: true })];
    assert_eq!(at(&long, &journal(&folded), &Zone::UTC, "2027-01-01 12:30"), "");
    let after_snooze = [
        ("2027-01-01 12:00", SHOWN),
        ("2027-01-01 12:01", snoozed("2027-01-01 12:11")),
        ("2027-01-01 12:11", SHOWN),
    ];
    assert_eq!(
        at(&long, &journal(&after_snooze), &Zone::UTC, "2027-01-01 12:41"),
        ""
    );

    let short = list(vec![repeating(3, "2027-01-01 12:00", "2027-01-01 12:30")]);
    let shown = [("2027-01-01 12:00", SHOWN)];
    for now in ["2027-01-01 12:01", "2027-01-01 12:30", "2027-01-01 13:00"] {
        assert_eq!(at(&short, &journal(&shown), &Zone::UTC, now), "", "{now}");
    }
}

#[test]
fn s4_quiet_hours_hold_a_repeat_too() {
    let list = AlarmList {
        quiet: Some(night()),
        ..list(vec![repeating(3, "2027-01-01 21:45", "2027-01-02 12:00")])
    };
    let lines = journal(&[("2027-01-01 21:45", SHOWN)]);
    assert_eq!(at(&list, &lines, &Zone::UTC, "2027-01-01 21:46"), "02. 08:00");
    assert_eq!(at(&list, &lines, &Zone::UTC, "2027-01-01 22:15"), "held");
    assert_eq!(at(&list, &lines, &Zone::UTC, "2027-01-02 08:00"), "rings");
}

#[test]
fn a_pause_holds_what_can_wait_until_its_end_and_what_is_over_by_then_is_missed() {
    let long = alarm("long", "2027-01-01 12:00", "2027-01-02 12:00");
    let short = alarm("short", "2027-01-01 12:00", "2027-01-01 18:00");
    let urgent = Alarm {
        urgent: true,
        ..alarm("urgent", "2027-01-01 12:00", "2027-01-01 18:00")
    };
    let list = AlarmList {
        quiet: Some(night()),
        ..list(vec![long, short, urgent])
    };
    let pause = Some(utc("2027-01-02 00:00"));
    let keys = |alarms: &[&Alarm]| alarms.iter().map(|alarm| alarm.key.clone()).collect::<Vec<_>>();
    let told = |paused_until, now: &str| {
        let ringing = due_unless_paused(&list, &[], paused_until, &Zone::UTC, utc(now));
        assert!(ringing.digest.is_empty());
        (
            keys(&ringing.single),
            keys(&ringing.held),
            keys(&ringing.missed),
            ringing.next,
        )
    };
    let morning = Some(utc("2027-01-02 08:00"));
    let names = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    // The pause ends in the quiet hours, which hold on.
    assert_eq!(
        told(pause, "2027-01-01 12:00"),
        (names(&["urgent"]), names(&["long", "short"]), vec![], morning)
    );
    assert_eq!(
        told(pause, "2027-01-01 19:00"),
        (vec![], names(&["long"]), names(&["short", "urgent"]), morning)
    );
    assert_eq!(told(pause, "2027-01-02 08:00").0, names(&["long"]));
    assert_eq!(
        told(None, "2027-01-01 12:00").0,
        names(&["long", "short", "urgent"]),
        "without the pause all would ring"
    );
}

/// What the patient does at a time at which the alarm is on the screen.
#[derive(Debug, Clone, Copy)]
enum Does {
    Nothing,
    Opens,
    Acts(bool),
    Snoozes(SnoozeFor),
}

fn does() -> impl Strategy<Value = Does> {
    prop_oneof![
        4 => Just(Does::Nothing),
        1 => Just(Does::Opens),
        1 => any::<bool>().prop_map(Does::Acts),
        3 => prop::sample::select(&SnoozeFor::ALL[..]).prop_map(Does::Snoozes),
    ]
}

proptest! {
    /// A host that wakes when it is told or minutes later, and a patient who acts at will.
    #[test]
    fn nothing_rings_outside_its_validity_after_it_was_settled_or_more_often_than_allowed(
        repeats in 0..=3_u8,
        validity in 1..2_000_i64,
        quiet: bool,
        delays in prop::collection::vec(0..90_i64, 40),
        deeds in prop::collection::vec(does(), 40),
    ) {
        let start = utc("2027-03-27 12:00");
        let alarm = Alarm {
            valid_until: start + TimeDelta::minutes(validity),
            ..repeating(repeats, "2027-03-27 12:00", "2027-03-28 12:00")
        };
        let list = AlarmList { quiet: quiet.then(night), ..list(vec![alarm.clone()]) };
        let zone = berlin();
        let hold = Hold { quiet: list.quiet, paused_until: None };
        let mut lines: Vec<Entry> = Vec::new();
        let (mut shows, mut snoozes, mut repeats_end) = (0_usize, 0_usize, false);
        let mut wake = Some(start);
        for (delay, deed) in delays.into_iter().zip(deeds) {
            let Some(now) = wake.map(|wake| wake + TimeDelta::minutes(delay)) else { break };
            let history = lines.clone();
            let ringing = due(&list, &history, &zone, now);
            wake = ringing.next;
            let write = |lines: &mut Vec<Entry>, event: Event| {
                let seq = lines.len() as u64 + 1;
                lines.push(Entry { seq, at: now, key: "a".to_owned(), due_at: now, event });
            };
            if !ringing.missed.is_empty() {
                write(&mut lines, Event::Missed);
                wake = None;
            }
            if ringing.single.is_empty() {
                continue;
            }
            prop_assert!(start <= now && now < alarm.valid_until, "{now}");
            prop_assert!(!quiet || night().end_of(&zone, now).is_none(), "{now}");
            let settled = lines.iter().any(|entry| entry.event.settles());
            prop_assert!(!settled, "{:?}", lines);
            write(&mut lines, SHOWN);
            shows += 1;
            if repeats_end {
                prop_assert!(shows <= 1 + usize::from(repeats) + snoozes);
            }
            match deed {
                Does::Nothing => {}
                Does::Opens => write(&mut lines, Event::Opened),
                Does::Acts(done) => write(&mut lines, if done { Event::Done } else { Event::Skipped }),
                Does::Snoozes(wait) => {
                    if let Some(until) = snoozed_until(&alarm, wait, hold, &zone, now) {
                        prop_assert!(now < until && until < alarm.valid_until);
                        snoozes += 1;
                        write(&mut lines, Event::Snoozed { until });
                    }
                }
            }
            repeats_end |= !matches!(deed, Does::Nothing);
            wake = due(&list, &lines, &zone, now).next;
        }
        prop_assert!(shows <= 1 + usize::from(repeats) + snoozes, "{shows} with {snoozes} snoozes");
        let expected = usize::from(lines.iter().any(|entry| entry.event == Event::Missed));
        prop_assert!(lines.iter().filter(|entry| entry.event == Event::Missed).count() == expected);
    }
}
