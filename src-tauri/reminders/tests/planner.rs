//! What is cut into an alarm list, and what its texts tell.

#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

use std::collections::{BTreeSet, HashSet};

use afterglow_care::plan::InstructionId;
use afterglow_care::schedule::{Due, Occurrence, OccurrenceKey, What};
use afterglow_care::session::SessionId;
use afterglow_care::{Locale, Plan, Zone};
use afterglow_reminders::alarms::{AlarmList, QuietHours, Screen, When};
use afterglow_reminders::planner::{Cut, OPEN_APP_KEY, ReminderSettings, cut, shown_at};
use afterglow_reminders::wording::{Subject, Wording, body, host_words};
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use proptest::prelude::*;

const SESSION: SessionId = SessionId(uuid::Uuid::from_u128(1));

fn utc(text: &str) -> DateTime<Utc> {
    civil(text).and_utc()
}

fn civil(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn occurrence(instruction: &str, what: What, due: Due, due_at: DateTime<Utc>) -> Occurrence {
    let stamp = due_at.format("%Y-%m-%d@%H:%M");
    Occurrence {
        key: OccurrenceKey(format!("{SESSION}/{instruction}/{what:?}/{stamp}")),
        session: SESSION,
        instruction: InstructionId(instruction.to_owned()),
        what,
        due,
        due_at,
        valid_until: due_at + TimeDelta::hours(16),
    }
}

fn elapsed(instruction: &str, what: What, due: &str) -> Occurrence {
    occurrence(instruction, what, Due::Elapsed(utc(due)), utc(due))
}

/// In UTC, so that due time and instant look alike.
fn daily(instruction: &str, what: What, due: &str) -> Occurrence {
    occurrence(instruction, what, Due::Civil(civil(due)), utc(due))
}

fn night() -> QuietHours {
    QuietHours {
        from: NaiveTime::from_hms_opt(22, 0, 0).unwrap(),
        until: NaiveTime::from_hms_opt(8, 0, 0).unwrap(),
    }
}

/// A desk with everything that a list is cut from, to be changed by each test.
struct Desk {
    plan: Plan,
    settings: ReminderSettings,
    settled: HashSet<OccurrenceKey>,
    checked_in_on: Option<&'static str>,
    now: &'static str,
    capacity: usize,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            plan: Plan::microneedling(),
            settings: ReminderSettings::default(),
            settled: HashSet::new(),
            checked_in_on: None,
            now: "2027-01-01 12:00",
            capacity: 2_000,
        }
    }
}

impl Desk {
    fn cut(&self, occurrences: &[Occurrence]) -> AlarmList {
        let list = cut(&Cut {
            plan: &self.plan,
            occurrences,
            settings: &self.settings,
            settled: &self.settled,
            checked_in_on: self.checked_in_on.map(|date| date.parse().unwrap()),
            zone: &Zone::UTC,
            now: utc(self.now),
            capacity: self.capacity,
        });
        list.check(self.capacity).unwrap();
        list
    }
}

fn whens(list: &AlarmList) -> Vec<String> {
    list.alarms
        .iter()
        .map(|alarm| alarm.when.instant(&Zone::UTC).format("%d %H:%M").to_string())
        .collect()
}

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
    let settled = HashSet::from([occurrence.key.clone()]);
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

#[test]
fn quiet_hours_move_the_delivery_and_never_the_due_time() {
    let all_clear = elapsed("no_makeup", What::AllClear, "2027-01-01 23:30");
    let late_daily = daily("moisturise", What::Daily, "2027-01-01 23:30");
    assert_eq!(
        shown_at(&all_clear, &Zone::UTC, Some(night())),
        Some(utc("2027-01-02 08:00"))
    );
    assert_eq!(
        shown_at(&late_daily, &Zone::UTC, Some(night())),
        Some(utc("2027-01-02 08:00")),
        "a plan's own times can wait as well"
    );
    let settings = ReminderSettings {
        quiet_hours: Some(night()),
        ..ReminderSettings::default()
    };
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
    assert_eq!(shown_at(&short, &Zone::UTC, Some(night())), None);
    let settings = ReminderSettings {
        quiet_hours: Some(night()),
        ..ReminderSettings::default()
    };
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
fn full_wording_says_what_the_plan_says_and_an_end_never_repeats_the_prohibition() {
    let plan = Plan::microneedling();
    for locale in Locale::ALL {
        for instruction in plan.instructions() {
            let say = |what| {
                let subject = Subject {
                    plan: &plan,
                    instruction: &instruction.id,
                    what,
                    local: None,
                };
                body(subject, Wording::Full, locale)
            };
            assert_eq!(say(What::Daily), instruction.texts(locale).text);
            assert_ne!(
                say(What::AllClear),
                instruction.texts(locale).text,
                "{:?}",
                instruction.id
            );
            if let Some(over) = plan.over(&instruction.id, locale) {
                assert_eq!(say(What::AllClear), over);
            }
        }
    }
}

#[test]
fn a_discreet_text_tells_a_stranger_nothing_about_a_treatment() {
    const TELLING: [&str; 38] = [
        "skin",
        "needl",
        "clinic",
        "face",
        "treat",
        "session",
        "red",
        "swell",
        "itch",
        "pain",
        "peel",
        "dry",
        "burn",
        "heal",
        "recover",
        "makeup",
        "sun",
        "cream",
        "wash",
        "moistur",
        "aftercare",
        "symptom",
        "piel",
        "aguja",
        "clínica",
        "cara",
        "tratamiento",
        "sesión",
        "roj",
        "hinch",
        "pic",
        "dolor",
        "seca",
        "cicatri",
        "recuper",
        "maquilla",
        "sol",
        "síntoma",
    ];
    let plan = Plan::microneedling();
    let mut texts = BTreeSet::new();
    for locale in Locale::ALL {
        let words = host_words(locale);
        texts.extend([
            words.digest_title,
            words.digest_body,
            words.open,
            words.next,
            words.none,
            words.quit,
        ]);
        for instruction in plan.instructions() {
            for what in [What::Start, What::Daily, What::At, What::CheckIn, What::AllClear] {
                let hours = (0..24).map(|hour| Some(civil(&format!("2027-01-01 {hour:02}:00"))));
                for local in hours.chain([None]) {
                    let subject = Subject {
                        plan: &plan,
                        instruction: &instruction.id,
                        what,
                        local,
                    };
                    texts.insert(body(subject, Wording::Discreet, locale));
                }
            }
        }
    }
    let labels: BTreeSet<String> = Locale::ALL
        .into_iter()
        .flat_map(|locale| {
            plan.instructions()
                .iter()
                .map(move |instruction| (locale, instruction))
        })
        .filter(|(_, instruction)| instruction.id.0 != "check_in")
        .map(|(locale, instruction)| instruction.texts(locale).label.to_lowercase())
        .collect();
    for text in &texts {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).collect();
        for telling in TELLING {
            assert!(
                !words.iter().any(|word| word.starts_with(telling)),
                "{text:?} tells {telling:?}"
            );
        }
        for label in &labels {
            assert!(!lower.contains(label.as_str()), "{text:?} names {label:?}");
        }
    }
}

proptest! {
    #[test]
    fn a_list_is_within_capacity_in_order_of_delivery_and_the_same_for_any_order_of_occurrences(
        dues in prop::collection::vec((0..10_000_i64, any::<bool>()), 0..40),
        capacity in 0..45_usize,
        turn in 0..40_usize,
    ) {
        let mut occurrences: Vec<_> = dues
            .iter()
            .map(|(minutes, wall_clock)| {
                let at = utc("2027-01-01 00:00") + TimeDelta::minutes(*minutes);
                let due = if *wall_clock { Due::Civil(at.naive_utc()) } else { Due::Elapsed(at) };
                occurrence("sunscreen", What::Daily, due, at)
            })
            .collect();
        occurrences.sort_by(|left, right| left.key.cmp(&right.key));
        occurrences.dedup_by(|left, right| left.key == right.key);
        let settings = ReminderSettings { quiet_hours: Some(night()), ..ReminderSettings::default() };
        let desk = Desk { settings, capacity, ..Desk::default() };
        let list = desk.cut(&occurrences);
        prop_assert!(list.alarms.len() <= capacity);
        let delivered: Vec<_> = list
            .alarms
            .iter()
            .map(|alarm| {
                afterglow_reminders::ringing::delivery(alarm.when, alarm.valid_until, false, &Zone::UTC, Some(night()))
            })
            .collect();
        prop_assert!(delivered.iter().all(Option::is_some) && delivered.is_sorted());
        let turned = turn % occurrences.len().max(1);
        occurrences.rotate_left(turned);
        prop_assert_eq!(desk.cut(&occurrences), list);
    }
}

#[test]
fn the_list_names_no_instruction_in_discreet_wording() {
    let plan = Plan::microneedling();
    let occurrences = [daily("moisturise", What::Daily, "2026-11-22 08:00")];
    let list = cut(&Cut {
        plan: &plan,
        occurrences: &occurrences,
        settings: &ReminderSettings::default(),
        settled: &HashSet::new(),
        checked_in_on: None,
        zone: &Zone::UTC,
        now: utc("2026-11-21 12:00"),
        capacity: 10,
    });
    let text = serde_json::to_string(&list).unwrap();
    assert!(list.alarms.len() == 1 && !text.contains("moisturise"), "{text}");
}
