//! What the patient chose, and that nothing is silenced unseen.

use std::collections::BTreeSet;

use afterglow_care::Plan;
use afterglow_care::schedule::{Basis, CareTimes, Medicine, What};
use afterglow_care::session::Appointment;
use afterglow_reminders::alarms::When;
use afterglow_reminders::planner::{Cut, cut, occurrences};
use afterglow_reminders::settings::{PHASES, ReminderSettings, untold};
use afterglow_reminders::wording::Wording;

use crate::given::{Desk, berlin, civil, elapsed, id, night, session, time};

#[test]
fn a_patient_who_chose_nothing_has_quiet_nights_sound_and_discreet_words() {
    let settings = ReminderSettings::default();
    assert_eq!(settings.quiet_hours, Some(night()));
    assert_eq!(settings.wording, Wording::Discreet);
    assert!(settings.sound && !settings.repeat_until_done && settings.switched_off.is_empty());
    assert_eq!(settings.care_times.morning, time(8, 0));
    assert_eq!(settings.care_times.evening, time(21, 0));
}

#[test]
fn what_is_switched_off_does_not_ring() {
    let occurrences = [
        elapsed("sunscreen", What::Daily, "2027-01-01 18:00"),
        elapsed("no_makeup", What::AllClear, "2027-01-01 19:00"),
        elapsed("dry_and_flaky", What::Phase, "2027-01-01 20:00"),
        elapsed("appointment", What::Appointment, "2027-01-01 21:00"),
    ];
    let left = |off: &str| {
        let mut desk = Desk::default();
        desk.settings.switched_off = BTreeSet::from([id(off)]);
        desk.cut(&occurrences).alarms.len()
    };
    assert_eq!(left("nothing"), 4);
    for off in ["sunscreen", "no_makeup", PHASES, "appointment"] {
        assert_eq!(left(off), 3, "{off}");
    }
}

#[test]
fn the_restrictions_whose_end_is_not_told_are_named() {
    let plan = Plan::microneedling();
    let names = |off: &[&str]| {
        let settings = ReminderSettings {
            switched_off: off.iter().map(|off| id(off)).collect(),
            ..ReminderSettings::default()
        };
        let untold = untold(&plan, &settings);
        untold.into_iter().map(|one| one.id.0.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&[]), [] as [&str; 0]);
    assert_eq!(
        names(&["sunscreen", PHASES]),
        [] as [&str; 0],
        "nothing that holds"
    );
    assert_eq!(names(&["no_swimming"]), ["no_swimming"]);
    assert_eq!(
        names(&["no_makeup"]),
        ["no_makeup", "makeup_careful"],
        "the end of both is told as one"
    );
    assert_eq!(
        names(&["makeup_careful"]),
        [] as [&str; 0],
        "its end is told with no_makeup"
    );
}

#[test]
fn a_time_that_the_patient_chose_is_kept_in_quiet_hours() {
    let mut desk = Desk::berlin(&[session(berlin("2026-11-21 10:00"))], "2026-11-22 12:00");
    let morning = "gentle_cleanse/daily/2026-11-24@08:00";
    assert_eq!(desk.shows(morning), ["2026-11-24 08:00"]);
    desk.settings.care_times = CareTimes {
        morning: time(6, 45),
        evening: time(23, 0),
    };
    assert_eq!(desk.shows(morning), ["2026-11-24 06:45"]);
    assert_eq!(
        desk.shows("gentle_cleanse/daily/2026-11-23@21:00"),
        ["2026-11-23 23:00"]
    );
    desk.settled.insert(Desk::key(morning));
    desk.settings.care_times = CareTimes::default();
    assert_eq!(
        desk.shows(morning),
        [] as [&str; 0],
        "done is done at whatever time"
    );
}

#[test]
fn medicines_ring_at_the_patients_times_and_an_appointment_waits_for_the_morning() {
    let plan = Plan::microneedling();
    let sessions = [session(berlin("2026-11-21 10:00"))];
    let medicines = [Medicine {
        times: vec![time(7, 0), time(23, 0)],
        from: civil("2026-11-22 00:00").date(),
        until: civil("2026-11-22 00:00").date(),
        entered_at: chrono::DateTime::UNIX_EPOCH,
        superseded: Vec::new(),
    }];
    let appointments = [Appointment {
        id: afterglow_care::session::SessionId(uuid::Uuid::from_u128(7)),
        at: berlin("2026-12-21 09:30"),
        areas: sessions[0].areas.clone(),
        entered_at: chrono::DateTime::UNIX_EPOCH,
    }];
    let basis = Basis {
        sessions: &sessions,
        appointments: &appointments,
        medicines: &medicines,
        ..Basis::default()
    };
    let desk = Desk::berlin(&sessions, "2026-11-21 12:00");
    let occurrences = occurrences(&plan, basis, &desk.settings, &desk.zone);
    let list = cut(&Cut {
        plan: &plan,
        basis,
        occurrences: &occurrences,
        settings: &desk.settings,
        settled: &desk.settled,
        checked_in_on: None,
        planned_to: None,
        zone: &desk.zone,
        now: desk.now,
        capacity: desk.capacity,
    });
    let alarms = |at: &str| {
        let (local, at) = (When::Civil(civil(at)), When::Instant(berlin(at)));
        let found = list
            .alarms
            .iter()
            .filter(move |alarm| [local, at].contains(&alarm.when));
        found
            .map(|alarm| (alarm.body.as_str(), alarm.urgent))
            .collect::<Vec<_>>()
    };
    let medicine = "It is the time that you chose. Open the app to see for what.";
    assert_eq!(alarms("2026-11-22 07:00"), [(medicine, true)]);
    assert_eq!(alarms("2026-11-22 23:00"), [(medicine, true)]);
    let appointment = "An appointment is coming up. Open the app to see when.";
    assert_eq!(alarms("2026-12-20 18:00"), [(appointment, false)]);
    assert_eq!(
        alarms("2026-12-21 07:30"),
        [(appointment, false)],
        "shown at 08:00"
    );
}
