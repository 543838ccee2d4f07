//! What is cut into an alarm list, in which order, and how much of it.

use afterglow_care::Zone;
use afterglow_care::schedule::{Due, Occurrence, What};
use afterglow_reminders::alarms::{QuietHours, Screen, When};
use afterglow_reminders::planner::{OPEN_APP_KEY, shown_at};
use afterglow_reminders::settings::ReminderSettings;
use chrono::{NaiveTime, TimeDelta};

use crate::given::{Desk, civil, daily, elapsed, night, occurrence, utc, whens};

#[test]
fn soonest_first_with_past_ones_that_are_still_valid_and_without_expired_ones() {
    let list = Desk::default().cut(&[
        daily("sunscreen", What::Daily, "2027-01-02 08:00"),
        daily("sunscreen", What::Daily, "2026-12-31 08:00"),
        elapsed("no_makeup", What::AllClear, "2027-01-01 10:00"),
    ]);
    assert_eq!(whens(&list), ["01 10:00", "02 08:00"]);
}

#[test]
fn what_the_ledger_settled_is_not_armed() {
    let occurrence = daily("sunscreen", What::Daily, "2027-01-02 08:00");
    let settled = [occurrence.key.clone()].into();
    assert!(
        Desk {
            settled,
            ..Desk::default()
        }
        .cut(&[occurrence])
        .alarms
        .is_empty()
    );
}

#[test]
fn u6_a_date_with_a_check_in_is_not_asked_for_one() {
    let evenings = [
        elapsed("check_in", What::CheckIn, "2027-01-01 15:00"),
        daily("check_in", What::CheckIn, "2027-01-01 20:00"),
        daily("gentle_cleanse", What::Daily, "2027-01-01 21:00"),
        daily("check_in", What::CheckIn, "2027-01-02 20:00"),
    ];
    let desk = Desk {
        checked_in_on: Some("2027-01-01"),
        ..Desk::default()
    };
    assert_eq!(whens(&desk.cut(&evenings)), ["01 21:00", "02 20:00"]);
}

#[test]
fn elapsed_ones_are_instants_and_daily_ones_wall_clock_times() {
    let list = Desk::default().cut(&[
        elapsed("no_makeup", What::AllClear, "2027-01-01 18:00"),
        daily("sunscreen", What::Daily, "2027-01-02 08:00"),
    ]);
    let whens: Vec<_> = list
        .alarms
        .iter()
        .map(|alarm| (alarm.when, alarm.valid_until))
        .collect();
    assert_eq!(
        whens,
        [
            (When::Instant(utc("2027-01-01 18:00")), utc("2027-01-02 10:00")),
            (When::Civil(civil("2027-01-02 08:00")), utc("2027-01-03 00:00")),
        ]
    );
}

#[test]
fn a_click_leads_to_the_screen_that_answers_it() {
    for (what, screen) in [
        (What::CheckIn, Screen::CheckIn),
        (What::AllClear, Screen::Timeline),
        (What::At, Screen::Timeline),
        (What::Start, Screen::Today),
        (What::Daily, Screen::Today),
    ] {
        let list = Desk::default().cut(&[elapsed("sunscreen", what, "2027-01-01 18:00")]);
        assert_eq!(
            list.alarms.iter().map(|alarm| alarm.screen).collect::<Vec<_>>(),
            [screen]
        );
    }
}

fn quiet() -> ReminderSettings {
    ReminderSettings {
        quiet_hours: Some(night()),
        ..ReminderSettings::default()
    }
}

#[test]
fn quiet_hours_move_the_delivery_and_never_the_due_time() {
    let all_clear = elapsed("no_makeup", What::AllClear, "2027-01-01 23:30");
    let late_daily = daily("moisturise", What::Daily, "2027-01-01 23:30");
    assert_eq!(
        shown_at(&all_clear, None, &Zone::UTC, Some(night())),
        Some(utc("2027-01-02 08:00"))
    );
    assert_eq!(
        shown_at(&late_daily, None, &Zone::UTC, Some(night())),
        Some(utc("2027-01-02 08:00")),
        "a plan's own times can wait as well"
    );
    let settings = quiet();
    let list = Desk {
        settings,
        ..Desk::default()
    }
    .cut(&[all_clear, late_daily]);
    assert_eq!(whens(&list), ["01 23:30", "01 23:30"]);
}

#[test]
fn what_would_be_over_when_quiet_hours_end_does_not_ring() {
    let short = Occurrence {
        valid_until: utc("2027-01-02 08:00"),
        ..elapsed("gentle_cleanse", What::Start, "2027-01-01 23:30")
    };
    assert_eq!(shown_at(&short, None, &Zone::UTC, Some(night())), None);
    let settings = quiet();
    assert!(
        Desk {
            settings,
            ..Desk::default()
        }
        .cut(std::slice::from_ref(&short))
        .alarms
        .is_empty()
    );
    assert_eq!(
        Desk::default().cut(&[short]).alarms.len(),
        1,
        "without quiet hours it rings at once"
    );
}

#[test]
fn what_came_in_the_evening_stays_in_the_list_through_quiet_hours_that_outlast_it() {
    let evening = Occurrence {
        valid_until: utc("2027-01-02 04:00"),
        ..elapsed("gentle_cleanse", What::Daily, "2027-01-01 20:00")
    };
    let listed = |now| {
        let desk = Desk {
            settings: quiet(),
            now: utc(now),
            ..Desk::default()
        };
        whens(&desk.cut(std::slice::from_ref(&evening)))
    };
    for now in ["2027-01-01 19:59", "2027-01-01 22:30", "2027-01-02 03:59"] {
        assert_eq!(listed(now), ["01 20:00"], "as of {now}: it can still be done");
    }
    assert_eq!(listed("2027-01-02 04:00"), [""; 0]);
}

#[test]
fn quiet_hours_over_noon_over_midnight_and_of_no_length() {
    let hours = |from: u32, until: u32| QuietHours {
        from: NaiveTime::from_hms_opt(from, 0, 0).unwrap(),
        until: NaiveTime::from_hms_opt(until, 0, 0).unwrap(),
    };
    for (quiet, at, expected) in [
        (hours(22, 8), "2027-01-01 21:59", None),
        (hours(22, 8), "2027-01-01 22:00", Some("2027-01-02 08:00")),
        (hours(22, 8), "2027-01-02 07:59", Some("2027-01-02 08:00")),
        (hours(22, 8), "2027-01-02 08:00", None),
        (hours(12, 14), "2027-01-01 12:00", Some("2027-01-01 14:00")),
        (hours(12, 14), "2027-01-01 14:00", None),
        (hours(9, 9), "2027-01-01 09:00", None),
    ] {
        assert_eq!(
            quiet.end_of(&Zone::UTC, utc(at)),
            expected.map(utc),
            "{quiet:?} at {at}"
        );
    }
}

fn a_week() -> Vec<Occurrence> {
    (2..=8)
        .map(|day| daily("sunscreen", What::Daily, &format!("2027-01-0{day} 08:00")))
        .collect()
}

#[test]
fn i1_more_than_the_host_keeps_the_soonest_are_armed() {
    let list = Desk {
        capacity: 56,
        ..Desk::default()
    }
    .cut(
        &(0..100)
            .map(|i| {
                let due = utc("2027-01-02 00:00") + TimeDelta::hours(i);
                occurrence("sunscreen", What::Daily, Due::Elapsed(due), due)
            })
            .collect::<Vec<_>>(),
    );
    assert_eq!(list.alarms.len(), 56);
    assert_eq!(whens(&list).first().map(String::as_str), Some("02 00:00"));
    assert_eq!(
        list.alarms
            .iter()
            .filter(|alarm| alarm.key.starts_with(OPEN_APP_KEY))
            .count(),
        1
    );
}

#[test]
fn l3_the_last_alarm_of_a_list_that_was_cut_off_asks_to_open_the_app() {
    let list = Desk {
        capacity: 4,
        ..Desk::default()
    }
    .cut(&a_week());
    assert_eq!(whens(&list), ["02 08:00", "03 08:00", "04 08:00", "05 08:00"]);
    let open_app = list.alarms.last().unwrap();
    assert_eq!(open_app.body, "Open Afterglow once, so that your reminders go on");
    assert!(open_app.valid_until > utc("2027-01-30 00:00"));
}

#[test]
fn a_list_that_fits_exactly_asks_nothing() {
    let list = Desk {
        capacity: 7,
        ..Desk::default()
    }
    .cut(&a_week());
    assert_eq!(list.alarms.len(), 7);
    assert!(
        list.alarms
            .iter()
            .all(|alarm| !alarm.key.starts_with(OPEN_APP_KEY))
    );
    assert!(
        Desk {
            capacity: 0,
            ..Desk::default()
        }
        .cut(&a_week())
        .alarms
        .is_empty()
    );
}

#[test]
fn l3_before_the_end_of_what_was_planned_the_app_asks_to_be_opened() {
    let desk = |planned_to, now, capacity| Desk {
        planned_to: Some(planned_to),
        now: utc(now),
        capacity,
        ..Desk::default()
    };
    let asking = |desk: &Desk| {
        let list = desk.cut(&a_week());
        let asks = list
            .alarms
            .iter()
            .filter(|alarm| alarm.key.starts_with(OPEN_APP_KEY));
        let at = asks.map(|alarm| alarm.when.instant(&Zone::UTC).format("%d %H:%M").to_string());
        (at.collect::<Vec<_>>(), list.alarms.len())
    };
    for (name, desk, asked, count) in [
        (
            "a week before",
            desk("2027-01-12", "2027-01-01 12:00", 2_000),
            "05 10:00",
            8,
        ),
        (
            "late, where it is nearer",
            desk("2027-01-05", "2027-01-01 12:00", 2_000),
            "29 10:00",
            8,
        ),
        (
            "after all that rings",
            desk("2027-03-01", "2027-01-01 12:00", 2_000),
            "22 10:00",
            8,
        ),
        (
            "not beyond what the host keeps",
            desk("2027-03-01", "2027-01-01 12:00", 7),
            "08 08:00",
            7,
        ),
    ] {
        let (at, alarms) = asking(&desk);
        assert_eq!((at, alarms), (vec![asked.to_owned()], count), "{name}");
    }
}
