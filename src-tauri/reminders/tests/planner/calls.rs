//! What follows a check-in that asked for a call.

use std::collections::BTreeSet;

use afterglow_care::Locale;
use afterglow_care::schedule::{CHECK_IN, Escalation, What};
use afterglow_care::triage::TriageLevel;
use afterglow_reminders::alarms::{AlarmList, QuietHours, Screen};
use afterglow_reminders::planner::alarm_key;
use afterglow_reminders::settings::ReminderSettings;
use afterglow_reminders::wording::Wording;

use crate::given::{Desk, berlin, id, open_call, session, time};

/// Asked at 21:00 on the second evening; the first question comes at 23:00.
fn asked_to_call() -> Desk {
    Desk {
        escalations: vec![open_call(berlin("2026-11-23 21:00"))],
        ..Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-23 21:00")
    }
}

fn follow_ups(desk: &Desk) -> Vec<String> {
    let coming = desk.coming().into_iter();
    coming
        .filter(|(_, key)| key.contains("/follow_up/"))
        .map(|(at, _)| at)
        .collect()
}

fn body<'a>(list: &'a AlarmList, key: &str) -> &'a str {
    let name = alarm_key(&Desk::key(key));
    &list.alarms.iter().find(|alarm| alarm.key == name).unwrap().body
}

#[test]
fn the_first_question_rings_in_quiet_hours_and_the_mornings_wait_for_their_end() {
    let mut desk = asked_to_call();
    let at_nine = ["2026-11-23 23:00", "2026-11-24 09:00", "2026-11-26 09:00"];
    assert_eq!(follow_ups(&desk), at_nine);
    desk.settings.quiet_hours = Some(QuietHours {
        from: time(22, 0),
        until: time(10, 30),
    });
    let at_the_end = ["2026-11-23 23:00", "2026-11-24 10:30", "2026-11-26 10:30"];
    assert_eq!(follow_ups(&desk), at_the_end);
    desk.settings.quiet_hours = Some(QuietHours {
        from: time(6, 0),
        until: time(14, 0),
    });
    let after_noon = ["2026-11-23 23:00", "2026-11-24 14:00", "2026-11-26 14:00"];
    assert_eq!(follow_ups(&desk), after_noon, "quiet hours never hide a question");
    let urgent = desk.list().alarms.into_iter().filter(|alarm| alarm.urgent);
    assert_eq!(urgent.count(), 1);
}

#[test]
fn an_answer_ends_the_questions() {
    let mut desk = asked_to_call();
    desk.now = berlin("2026-11-23 23:10");
    assert_eq!(follow_ups(&desk).len(), 3);
    desk.escalations[0].answered_at = Some(desk.now);
    assert_eq!(follow_ups(&desk), [] as [&str; 0]);
    assert!(
        desk.occurrences().iter().any(|o| o.what == What::FollowUp),
        "what was asked keeps its place in the history"
    );
}

#[test]
fn who_was_reached_is_asked_what_came_of_it_and_not_at_night() {
    let mut desk = asked_to_call();
    desk.settings.wording = Wording::Full;
    desk.settings.quiet_hours = Some(QuietHours {
        from: time(22, 0),
        until: time(7, 0),
    });
    desk.now = berlin("2026-11-23 21:20");
    desk.escalations[0].reached_at = Some(desk.now);
    assert_eq!(
        follow_ups(&desk),
        ["2026-11-24 07:00", "2026-11-24 09:00", "2026-11-26 09:00"],
        "nothing is urgent any more"
    );
    assert_eq!(
        body(&desk.list(), "check_in/follow_up/+61h"),
        "What did they say when you called? Open Afterglow to note it."
    );
    desk.now = berlin("2026-11-24 12:00");
    desk.escalations[0].reached_at = Some(desk.now);
    assert_eq!(
        follow_ups(&desk),
        ["2026-11-26 09:00"],
        "whether somebody was reached is answered"
    );
}

#[test]
fn switched_off_check_ins_leave_the_questions_after_a_call() {
    let mut desk = asked_to_call();
    desk.settings.switched_off = BTreeSet::from([id(CHECK_IN)]);
    assert_eq!(follow_ups(&desk).len(), 3);
    assert!(
        !desk
            .coming()
            .iter()
            .any(|(_, key)| key.contains("/check_in/check_in/"))
    );
}

#[test]
fn while_a_call_is_open_nothing_is_allowed_again_and_nothing_is_normal() {
    for locale in Locale::ALL {
        for wording in [Wording::Discreet, Wording::Full] {
            let mut desk = asked_to_call();
            desk.escalations[0].at = berlin("2026-11-21 14:00");
            desk.now = berlin("2026-11-21 14:00");
            desk.settings = ReminderSettings {
                locale,
                wording,
                ..ReminderSettings::default()
            };
            let open = desk.list();
            assert!(!desk.coming().iter().any(|(_, key)| key.contains("/phase/")));
            let mut answered = asked_to_call();
            answered.now = desk.now;
            answered.settings = desk.settings.clone();
            answered.escalations = vec![Escalation {
                answered_at: Some(desk.now),
                ..desk.escalations[0]
            }];
            assert!(answered.coming().iter().any(|(_, key)| key.contains("/phase/")));
            let answered = answered.list();
            for (key, full) in [
                ("no_makeup/all_clear/+72h", true),
                ("no_sweat/all_clear/+72h", true),
                ("first_day_over/at/+24h", wording == Wording::Full),
            ] {
                let (now, then) = (body(&open, key), body(&answered, key));
                assert_eq!(now != then, full, "{locale:?} {wording:?} {key}: {now}");
                if wording == Wording::Full {
                    let clinic = ["clinic first", "antes a tu clínica"];
                    assert!(clinic.iter().any(|word| now.contains(word)), "{now}");
                }
                let name = alarm_key(&Desk::key(key));
                let screen = open.alarms.iter().find(|alarm| alarm.key == name).unwrap().screen;
                assert_eq!(screen, Screen::Today, "where the call stands");
            }
        }
    }
}

#[test]
fn a_call_for_emergency_help_is_followed_by_other_words() {
    let say = |level| {
        let mut desk = asked_to_call();
        desk.settings.wording = Wording::Full;
        desk.escalations[0].level = level;
        body(&desk.list(), "check_in/follow_up/+61h").to_owned()
    };
    assert_eq!(
        say(TriageLevel::CallClinic),
        "Did you reach your clinic? Open Afterglow and say what came of it."
    );
    assert_eq!(
        say(TriageLevel::Emergency),
        "Did you get help? Open Afterglow and say what came of it."
    );
}
