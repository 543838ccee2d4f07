//! What the patient can do about an alarm, and how often it comes again.

use afterglow_care::schedule::{Occurrence, What};
use afterglow_reminders::alarms::Action;
use afterglow_reminders::settings::{REPEATS, ReminderSettings};

use crate::given::{Desk, daily, elapsed, session, utc};

fn actions(occurrence: Occurrence) -> Vec<Action> {
    let list = Desk::default().cut(&[occurrence]);
    list.alarms[0].actions.clone()
}

#[test]
fn what_informs_can_only_be_read_and_care_can_be_done_put_off_or_left_out() {
    let care = vec![Action::Done, Action::Snooze, Action::Skip];
    for (instruction, what, expected) in [
        ("sunscreen", What::Start, care.clone()),
        ("sunscreen", What::Daily, care.clone()),
        ("prescribed_medicine", What::Daily, care.clone()),
        ("evening_comparison", What::At, care),
        ("check_in", What::CheckIn, vec![Action::Snooze, Action::Skip]),
        ("check_in", What::FollowUp, vec![Action::Snooze]),
        ("first_day_over", What::At, vec![]),
        ("no_makeup", What::AllClear, vec![]),
        ("dry_and_flaky", What::Phase, vec![]),
        ("appointment", What::Appointment, vec![]),
    ] {
        let due = elapsed(instruction, what, "2027-01-01 18:00");
        assert_eq!(actions(due), expected, "{instruction} {what:?}");
    }
}

#[test]
fn p2_what_is_over_before_the_shortest_snooze_ends_cannot_be_snoozed() {
    let until = |until| Occurrence {
        valid_until: utc(until),
        ..daily("sunscreen", What::Daily, "2027-01-01 18:00")
    };
    assert_eq!(actions(until("2027-01-01 18:10")), [Action::Done, Action::Skip]);
    assert!(actions(until("2027-01-01 18:11")).contains(&Action::Snooze));
}

#[test]
fn p3_what_is_to_be_done_comes_again_three_times_at_most_and_on_the_first_day_only() {
    let repeats = |repeat_until_done, occurrence| {
        let list = Desk {
            sessions: vec![session(utc("2027-01-01 10:00"))],
            settings: ReminderSettings {
                repeat_until_done,
                ..ReminderSettings::default()
            },
            ..Desk::default()
        }
        .cut(&[occurrence]);
        list.alarms[0].repeats
    };
    let cleanse = |due| daily("gentle_cleanse", What::Daily, due);
    assert_eq!(repeats(false, cleanse("2027-01-01 21:00")), 0, "only if wanted");
    assert_eq!(repeats(true, cleanse("2027-01-01 21:00")), REPEATS);
    assert_eq!(repeats(true, cleanse("2027-01-02 09:59")), REPEATS);
    assert_eq!(repeats(true, cleanse("2027-01-02 10:00")), 0);
    let check_in = elapsed("check_in", What::CheckIn, "2027-01-01 13:00");
    assert_eq!(repeats(true, check_in), REPEATS);
    for (instruction, what) in [
        ("no_makeup", What::AllClear),
        ("first_day_over", What::At),
        ("appointment", What::Appointment),
        ("check_in", What::FollowUp),
    ] {
        let informs = elapsed(instruction, what, "2027-01-01 18:00");
        assert_eq!(repeats(true, informs), 0, "{what:?}");
    }
}

#[test]
fn the_list_says_whether_it_may_sound() {
    for sound in [true, false] {
        let settings = ReminderSettings {
            sound,
            ..ReminderSettings::default()
        };
        let desk = Desk {
            settings,
            ..Desk::default()
        };
        assert_eq!(desk.cut(&[]).sound, sound);
    }
}
