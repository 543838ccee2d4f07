//! The running service on a real desktop: rings, survives, and says what went wrong.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

mod desktop;
mod patient;
mod recorder;

use std::path::Path;
use std::process::{Command, Stdio};

use afterglow_reminders::alarms::AlarmList;
use afterglow_reminders::host::{HostStatus, Reply, Request, encode_request};
use afterglow_reminders::journal::Event;
use chrono::TimeDelta;
use desktop::{Desktop, until};
use patient::{FOLDED, Patient, SHOWN, alarm, list, say};
use recorder::{Manner, Recorder};

#[test]
fn an_alarm_rings_at_its_time_and_a_click_opens_the_app_at_its_screen() {
    let patient = Patient::new();
    let _dunst = patient.desktop.start_dunst();
    let _service = patient.start();
    patient.arm(vec![alarm("evening", 2)]);
    assert_eq!(patient.status().armed, 1);
    assert!(patient.events("evening").is_empty(), "not before its time");

    assert_eq!(patient.wait_for("evening", &SHOWN), [Event::Claimed, SHOWN]);
    for entry in patient.journal() {
        assert!(entry.at >= entry.due_at, "{entry:?}");
    }
    let status = patient.status();
    assert_eq!((status.armed, status.next, status.failure), (0, None, None));
    assert!(status.server.unwrap().starts_with("dunst"));
    assert_eq!(patient.desktop.displayed(), Some(1));

    // The service listens for clicks a moment after the notification is there.
    until("the click to arrive", || {
        patient.desktop.dunstctl(&["action", "0"]);
        patient.events("evening").contains(&Event::Opened).then_some(())
    });
    let started = until("the app to start", || {
        std::fs::read_to_string(&patient.started).ok()
    });
    assert_eq!(started, "--show check_in\n");
    assert!(
        patient
            .desktop
            .history_after_closing_all()
            .contains("text of evening")
    );
}

#[test]
fn s2_late_ones_are_folded_into_one_and_the_expired_one_is_missed() {
    let patient = Patient::new();
    let _dunst = patient.desktop.start_dunst();
    let _service = patient.start();
    patient.arm(vec![
        alarm("expired", -2 * 3_600),
        alarm("a", -1_200),
        alarm("b", -1_100),
        alarm("c", -1_000),
    ]);
    for key in ["a", "b", "c"] {
        assert_eq!(patient.wait_for(key, &FOLDED), [Event::Claimed, FOLDED]);
    }
    assert_eq!(patient.events("expired"), [Event::Missed]);
    let history = patient.desktop.history_after_closing_all();
    assert!(history.contains("3 reminders are waiting for you."), "{history}");
    assert!(!history.contains("text of"), "{history}");
}

#[test]
fn u1_a_second_service_for_the_same_home_ends_and_says_so_with_and_without_a_bus() {
    let patient = Patient::new();
    let _service = patient.start();
    for bus in [patient.desktop.bus.as_str(), "unix:path=/nowhere"] {
        let second = patient
            .command()
            .env("DBUS_SESSION_BUS_ADDRESS", bus)
            .output()
            .unwrap();
        assert!(second.status.success());
        let said = String::from_utf8(second.stderr).unwrap();
        assert!(said.contains("another afterglow-remind already holds"), "{said}");
    }
    assert_eq!(patient.status().armed, 0, "the first one lives on");
}

#[test]
fn u1_of_a_hundred_started_at_once_one_stays() {
    const STARTED: usize = 100;
    let patient = Patient::new();
    let mut services: Vec<_> = (0..STARTED).map(|_| patient.spawn()).collect();
    until("all but one to end", || {
        let ended = services.iter_mut().filter_map(desktop::Process::ended);
        (ended.filter(|well| *well).count() == STARTED - 1).then_some(())
    });
    patient.arm(vec![alarm("a", 3_000)]);
    assert_eq!(patient.status().armed, 1);
    let ended = services.iter_mut().filter_map(desktop::Process::ended);
    assert_eq!(ended.count(), STARTED - 1);
}

#[test]
fn k1_k2_killed_and_started_again_it_loses_nothing_and_shows_nothing_twice() {
    let patient = Patient::new();
    let _dunst = patient.desktop.start_dunst();
    let service = patient.start();
    patient.arm(vec![alarm("first", 0), alarm("second", 4), alarm("third", 6)]);
    patient.wait_for("first", &SHOWN);
    service.kill();
    assert!(patient.socket().exists(), "a killed service leaves its socket");

    let service = patient.start();
    patient.wait_for("second", &SHOWN);
    service.kill();
    let _service = patient.start();
    patient.wait_for("third", &SHOWN);
    for key in ["first", "second", "third"] {
        assert_eq!(patient.events(key), [Event::Claimed, SHOWN], "{key}");
    }
    assert_eq!(patient.desktop.displayed(), Some(3));
}

#[test]
fn k1_claimed_but_not_shown_when_killed_is_shown_by_the_next() {
    let patient = Patient::new();
    let service = patient.start();
    patient.arm(vec![alarm("a", 0)]);
    patient.wait_for_failure("a");
    service.kill();
    let _dunst = patient.desktop.start_dunst();
    let _service = patient.start();
    patient.wait_for("a", &SHOWN);
    assert_eq!(patient.desktop.displayed(), Some(1));
}

#[test]
fn n1_n2_without_a_notification_service_it_says_so_once_and_shows_when_one_starts() {
    let patient = Patient::new();
    let _service = patient.start();
    patient.arm(vec![alarm("a", 0)]);
    let reason = patient.wait_for_failure("a");
    assert!(reason.contains("no notification service answers"), "{reason}");
    assert_eq!(patient.status().failure, Some(reason.clone()));

    let _dunst = patient.desktop.start_dunst();
    assert_eq!(
        patient.wait_for("a", &SHOWN),
        [Event::Claimed, Event::Failed { reason }, SHOWN]
    );
    assert_eq!(patient.status().failure, None);
    assert_eq!(patient.desktop.displayed(), Some(1));
}

#[test]
fn n1_without_any_session_bus_it_lives_and_says_so() {
    let patient = Patient::new();
    let mut command = patient.command();
    command
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        .stderr(Stdio::null());
    let mut service = patient.start_as(&mut command);
    patient.arm(vec![alarm("a", 0)]);
    let reason = patient.wait_for_failure("a");
    assert_eq!(patient.status().failure, Some(reason));
    assert_eq!(service.ended(), None);
}

#[test]
fn n3_a_notification_service_that_hangs_holds_nothing_up() {
    let patient = Patient::new();
    let dunst = patient.desktop.start_dunst();
    let _service = patient.start();
    dunst.signal("STOP");
    patient.arm(vec![alarm("a", 0)]);
    assert_eq!(patient.status().armed, 1, "the app is answered meanwhile");
    let reason = patient.wait_for_failure("a");
    assert!(reason.contains("did not answer within 4 seconds"), "{reason}");
    dunst.signal("CONT");
    patient.wait_for("a", &SHOWN);
    assert_eq!(
        patient.desktop.displayed(),
        Some(1),
        "what was asked twice replaces itself"
    );
}

#[test]
fn n1_what_cannot_reach_the_patient_is_told_before_anything_is_due_and_until_it_can() {
    let patient = Patient::new();
    let _service = patient.start();
    for _ in 0..2 {
        let status = patient.wait_until_unreachable();
        assert_eq!((status.server, status.actions), (None, None));
        let reason = status.failure.unwrap();
        assert!(reason.contains("no notification service answers"), "{reason}");
        let dunst = patient.desktop.start_dunst();
        assert_eq!(patient.wait_until_reachable("dunst").actions, Some(true));
        dunst.kill();
    }
    // Forgetting everything changes nothing about the desktop.
    patient.wait_until_unreachable();
    assert_eq!(patient.ask(Request::Forget), Reply::Accepted);
    assert!(patient.status().failure.is_some());
    assert!(patient.journal().is_empty());
}

#[test]
fn n1_without_any_session_bus_it_is_told_before_anything_is_due() {
    let patient = Patient::new();
    let mut command = patient.command();
    command
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        .stderr(Stdio::null());
    let _service = patient.start_as(&mut command);
    let reason = patient.wait_until_unreachable().failure.unwrap();
    assert!(reason.contains("no notification service answers"), "{reason}");
}

#[test]
fn n1_one_that_the_desktop_starts_when_it_is_needed_is_no_fault_and_is_not_started_before() {
    let mut started = None;
    let desktop = Desktop::start_with(|folder| {
        let (program, record) = desktop::recording_program(folder, "on-demand");
        started = Some(record);
        Some(program)
    });
    let started = started.unwrap();
    let patient = Patient::on(desktop);
    let recorder = Recorder::start(&patient.desktop, Manner::USUAL);
    let _service = patient.start();
    patient.wait_until_reachable("recorder");
    drop(recorder);
    let status = until("the service to hear that it went", || {
        Some(patient.status()).filter(|status| status.server.is_none())
    });
    assert_eq!(status.failure, None);
    assert!(!started.exists());
    patient.arm(vec![alarm("a", 0)]);
    patient.wait_for_failure("a");
    assert!(started.exists(), "the bus was asked for one");
    assert!(patient.status().failure.is_some());
}

#[test]
fn n2_after_a_failed_test_a_new_notification_service_is_enough_to_be_well_again() {
    let patient = Patient::new();
    let dunst = patient.desktop.start_dunst();
    let _service = patient.start();
    patient.wait_until_reachable("dunst");
    patient.arm(vec![alarm("later", 3_000)]);
    dunst.kill();
    assert!(matches!(patient.ask(Request::Test), Reply::Refused { .. }));
    assert!(patient.status().failure.is_some());
    let _dunst = patient.desktop.start_dunst();
    assert_eq!(patient.wait_until_reachable("dunst").actions, Some(true));
}

#[test]
fn n3_after_a_hang_it_is_well_again_as_soon_as_the_notification_service_answers() {
    let patient = Patient::new();
    let dunst = patient.desktop.start_dunst();
    let _service = patient.start();
    patient.wait_until_reachable("dunst");
    patient.arm(vec![alarm("later", 3_000)]);
    for _ in 0..2 {
        dunst.signal("STOP");
        for _ in 0..2 {
            let reply = patient.ask(Request::Test);
            assert!(matches!(reply, Reply::Refused { .. }), "{reply:?}");
        }
        let reason = patient.status().failure.unwrap();
        assert!(reason.contains("did not answer within 4 seconds"), "{reason}");
        dunst.signal("CONT");
        patient.wait_until_reachable("dunst");
    }
}

#[test]
fn n3_one_that_hangs_at_the_start_is_told_and_so_is_its_answer() {
    let patient = Patient::new();
    let dunst = patient.desktop.start_dunst();
    dunst.signal("STOP");
    let _service = patient.start();
    let status = patient.wait_until_unreachable();
    let reason = status.failure.unwrap();
    assert!(reason.contains("did not answer within 4 seconds"), "{reason}");
    dunst.signal("CONT");
    patient.wait_until_reachable("dunst");
}

#[test]
fn u2_a_list_armed_over_one_that_rang_does_not_ring_it_again() {
    let patient = Patient::new();
    let _dunst = patient.desktop.start_dunst();
    let _service = patient.start();
    let first = alarm("first", 0);
    patient.arm(vec![first.clone()]);
    patient.wait_for("first", &SHOWN);
    patient.arm(vec![first, alarm("second", 1)]);
    patient.wait_for("second", &SHOWN);
    assert_eq!(patient.events("first"), [Event::Claimed, SHOWN]);
}

#[test]
fn a_list_that_asks_for_the_same_is_not_written_again() {
    use std::os::unix::fs::MetadataExt as _;
    let patient = Patient::new();
    let _service = patient.start();
    let armed = list(vec![alarm("a", 3_000)]);
    let file = || {
        let file = std::fs::metadata(patient.home.path().join("alarms.json")).unwrap();
        (file.ino(), file.mtime(), file.mtime_nsec())
    };
    let arm = |list: &AlarmList| patient.ask(Request::Arm(list.clone()));
    arm(&armed);
    let first = file();
    // As the app cuts it a minute later.
    let later = AlarmList {
        made_at: armed.made_at + TimeDelta::minutes(1),
        ..armed.clone()
    };
    assert_eq!(arm(&later), Reply::Armed { count: 1 });
    assert_eq!(file(), first);
    let silent = AlarmList {
        sound: false,
        ..armed.clone()
    };
    for other in [&silent, &armed] {
        let before = file();
        arm(other);
        assert_ne!(file(), before, "another list is written");
    }
}

#[test]
fn l2_a_damaged_list_is_told_to_the_app_and_on_the_screen_until_a_new_one_is_armed() {
    let patient = Patient::new();
    let _dunst = patient.desktop.start_dunst();
    let service = patient.start();
    patient.arm(vec![alarm("later", 3_000)]);
    service.kill();
    std::fs::write(patient.home.path().join("alarms.json"), "").unwrap();

    let _service = patient.start();
    let damage = patient.status().damage;
    assert!(damage[0].contains("the alarm list was damaged"), "{damage:?}");
    until("the notice on the screen", || {
        patient.desktop.displayed().filter(|count| *count == 1)
    });
    patient.arm(vec![alarm("later", 3_000)]);
    let status = patient.status();
    assert_eq!((status.armed, status.damage), (1, vec![]));
    until("the notice to be taken back", || {
        patient.desktop.displayed().filter(|count| *count == 0)
    });
    let history = patient.desktop.history_after_closing_all();
    assert!(history.contains("Open Afterglow once"), "{history}");
}

#[test]
fn what_is_not_a_request_is_refused_and_the_connection_goes_on() {
    let patient = Patient::new();
    let _service = patient.start();
    let mut connection = patient.connect().unwrap();
    for garbage in [
        "garbage\n",
        "{}\n",
        "\n",
        "{\"protocol\":99,\"request\":\"test\"}\n",
    ] {
        let reply = say(&mut connection, garbage.as_bytes());
        assert!(
            matches!(reply, Reply::Refused { .. }),
            "{garbage:?} gave {reply:?}"
        );
    }
    let twice = encode_request(Request::Arm(list(vec![alarm("a", 60), alarm("a", 60)]))).unwrap();
    assert!(matches!(say(&mut connection, &twice), Reply::Refused { .. }));
    let status = encode_request(Request::Status).unwrap();
    assert!(matches!(
        say(&mut connection, &status),
        Reply::Status(HostStatus { armed: 0, .. })
    ));
}

#[test]
fn quit_and_sigterm_end_it_and_remove_the_socket() {
    let patient = Patient::new();
    for way in ["quit", "TERM", "INT"] {
        let mut service = patient.start();
        if way == "quit" {
            assert_eq!(patient.ask(Request::Quit), Reply::Quitting);
        } else {
            service.signal(way);
        }
        let is_well = until("the service to end", || service.ended());
        assert!(is_well, "{way}");
        assert!(!patient.socket().exists(), "{way}");
    }
}

#[test]
fn the_socket_and_everything_kept_is_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let patient = Patient::new();
    let _service = patient.start();
    patient.arm(vec![alarm("a", 3_000)]);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(patient.home.path()), 0o700);
    for file in ["remind.sock", "alarms.json", "journal.jsonl"] {
        assert_eq!(mode(&patient.home.path().join(file)), 0o600, "{file}");
    }
}

#[test]
fn a_wrong_call_is_told_how_to_call_it() {
    let output = Command::new(env!("CARGO_BIN_EXE_afterglow-remind"))
        .arg("--hom")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with("afterglow-remind: `--hom` is not an option of this program\nusage:"),
        "{said}"
    );
}

#[test]
fn no_window_toolkit_web_view_or_database_is_loaded() {
    let patient = Patient::new();
    let _dunst = patient.desktop.start_dunst();
    let service = patient.start();
    patient.arm(vec![alarm("a", 0)]);
    patient.wait_for("a", &SHOWN);
    let maps = std::fs::read_to_string(format!("/proc/{}/maps", service.id()))
        .unwrap()
        .to_lowercase();
    assert!(maps.contains("libc.so"), "the maps are those of a program");
    for absent in ["gtk", "webkit", "sqlcipher", "sqlite", "libssl", "qt"] {
        let loaded = maps
            .lines()
            .filter_map(|line| line.split('/').next_back())
            .find(|name| name.contains(absent));
        assert_eq!(loaded, None);
    }
}
