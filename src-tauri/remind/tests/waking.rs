//! Sleep, clocks and zones, with the real service in a time of its own.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

mod desktop;
mod patient;
mod recorder;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use afterglow_reminders::alarms::{Alarm, AlarmList, QuietHours, When};
use afterglow_reminders::host::Request;
use afterglow_reminders::journal::Event;
use chrono::{NaiveTime, TimeDelta};
use desktop::{Process, until};
use patient::{FOLDED, Patient, SHOWN, alarm, list, now};
use recorder::{Manner, Recorder};

/// Due in so many minutes, worth showing for so many.
fn minutes(key: &str, due: i64, valid: i64) -> Alarm {
    let due_at = now() + TimeDelta::minutes(due);
    Alarm {
        when: When::Instant(due_at),
        valid_until: due_at + TimeDelta::minutes(valid),
        ..alarm(key, 0)
    }
}

/// A service in settable time on a desktop that records.
fn start() -> (Patient, Recorder, Process) {
    let patient = Patient::new();
    let recorder = Recorder::start(&patient.desktop, Manner::USUAL);
    let service = again(&patient);
    (patient, recorder, service)
}

fn again(patient: &Patient) -> Process {
    let mut command = patient.command();
    patient.start_as(patient.in_settable_time(&mut command))
}

#[test]
fn s1_stopped_over_the_due_time_it_rings_when_it_goes_on() {
    let (patient, recorder, service) = start();
    patient.arm(vec![minutes("a", 2, 600)]);
    service.signal("STOP");
    patient.set_time("+10m");
    service.signal("CONT");
    patient.wait_for("a", &SHOWN);
    assert_eq!(recorder.shown().len(), 1);
    assert_eq!(patient.events("a"), [Event::Claimed, SHOWN]);
}

#[test]
fn s2_of_three_slept_over_two_are_one_digest_and_the_expired_one_is_missed() {
    let (patient, recorder, service) = start();
    patient.arm(vec![
        minutes("over", 60, 60),
        minutes("a", 120, 1_200),
        minutes("b", 180, 1_200),
    ]);
    service.signal("STOP");
    patient.set_time("+9h");
    service.signal("CONT");
    patient.wait_for("a", &FOLDED);
    patient.wait_for("b", &FOLDED);
    assert_eq!(patient.events("over"), [Event::Missed]);
    let shown = recorder.shown();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].1.contains("2 reminders are waiting"), "{shown:?}");
}

/// Nobody tells the service anything here, not even a request: this process looks at the screen alone.
#[test]
fn s3_c1_a_jump_that_nobody_tells_of_is_found_by_the_check_and_gives_one_digest() {
    let (patient, recorder, _service) = start();
    let alarms = (0..12).map(|hour| minutes(&format!("k{hour}"), 60 * (hour + 1), 6_000));
    patient.arm(alarms.collect());
    patient.set_time("+3d");
    until("the digest", || (!recorder.shown().is_empty()).then_some(()));
    patient.wait_for("k11", &FOLDED);
    let shown = recorder.shown();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].1.contains("12 reminders are waiting"), "{shown:?}");
}

#[test]
fn c2_a_clock_set_back_a_day_rings_nothing_twice() {
    let (patient, recorder, service) = start();
    patient.arm(vec![minutes("a", 0, 6_000), minutes("b", 60, 6_000)]);
    patient.wait_for("a", &SHOWN);
    for time in ["-1d", "+0s", "+30m", "-1d"] {
        patient.set_time(time);
        assert_eq!(patient.status().armed, 1, "{time}");
    }
    patient.set_time("+61m");
    patient.status();
    patient.wait_for("b", &SHOWN);
    service.kill();
    patient.set_time("-1d");
    let _service = again(&patient);
    assert_eq!(patient.status().armed, 0);
    assert_eq!(recorder.shown().len(), 2);
}

#[test]
fn c3_what_was_missed_by_a_clock_that_was_hours_ahead_rings_when_it_is_right_again() {
    let (patient, recorder, service) = start();
    patient.set_time("+5h");
    patient.status();
    // Armed by an app that lives in the right time.
    patient.arm(vec![minutes("a", 60, 60), minutes("b", 90, 60)]);
    patient.wait_for("a", &Event::Missed);
    patient.set_time("+0s");
    assert_eq!(patient.status().armed, 2);
    service.kill();
    patient.set_time("+61m");
    let _service = again(&patient);
    assert_eq!(
        patient.wait_for("a", &SHOWN),
        [Event::Missed, Event::Claimed, SHOWN]
    );
    patient.set_time("+3h");
    patient.status();
    // Nobody was there: it is missed once more, by the right clock.
    let events = until("b to be missed again", || {
        Some(patient.events("b")).filter(|events| events.len() == 2)
    });
    assert_eq!(events, [Event::Missed, Event::Missed]);
    patient.set_time("+6h");
    assert_eq!(patient.status().armed, 0);
    assert_eq!(recorder.shown().len(), 1);
}

#[test]
fn s4_woken_in_quiet_hours_it_waits_for_their_end() {
    let (patient, recorder, service) = start();
    let quiet_from = (now() + TimeDelta::minutes(60)).time();
    let quiet = QuietHours {
        from: NaiveTime::from_hms_opt(chrono::Timelike::hour(&quiet_from), 0, 0).unwrap(),
        until: (quiet_from + TimeDelta::hours(4)),
    };
    let urgent = Alarm {
        urgent: true,
        ..minutes("urgent", 50, 6_000)
    };
    let armed = AlarmList {
        quiet: Some(quiet),
        ..list(vec![minutes("waits", 1, 6_000), urgent])
    };
    patient.set_time("+0s");
    patient.ask(Request::Arm(armed));
    service.signal("STOP");
    patient.set_time("+130m");
    service.signal("CONT");
    patient.wait_for("urgent", &SHOWN);
    assert!(patient.events("waits").is_empty(), "held");
    assert_eq!(patient.status().armed, 1);
    patient.set_time("+310m");
    patient.status();
    patient.wait_for("waits", &SHOWN);
    assert_eq!(recorder.shown().len(), 2);
}

#[test]
fn b1_b2_b3_off_over_due_times_the_valid_ones_are_one_digest_and_the_others_missed() {
    let (patient, recorder, service) = start();
    let to_come = (0..20).map(|n| minutes(&format!("to come {n}"), 600 + n, 60));
    let past = (0..5).map(|n| minutes(&format!("past {n}"), 10 + n, if n < 2 { 30 } else { 600 }));
    patient.arm(past.chain(to_come).collect());
    service.kill();
    patient.set_time("+2h");
    let _service = again(&patient);
    for key in ["past 2", "past 3", "past 4"] {
        assert_eq!(patient.wait_for(key, &FOLDED), [Event::Claimed, FOLDED]);
    }
    for key in ["past 0", "past 1"] {
        assert_eq!(patient.events(key), [Event::Missed]);
    }
    assert_eq!(patient.status().armed, 20);
    assert_eq!(recorder.shown().len(), 1);
}

#[test]
fn b1_off_over_one_due_time_it_is_shown_by_itself_once() {
    let (patient, recorder, service) = start();
    patient.arm(vec![minutes("a", 10, 600)]);
    service.kill();
    patient.set_time("+2h");
    let service = again(&patient);
    patient.wait_for("a", &SHOWN);
    service.kill();
    let _service = again(&patient);
    patient.status();
    assert_eq!(recorder.shown().len(), 1);
}

#[test]
fn l4_killed_over_due_times_the_next_one_folds_what_is_late() {
    let (patient, recorder, service) = start();
    patient.arm((0..4).map(|n| minutes(&format!("k{n}"), 10 + n, 600)).collect());
    service.kill();
    patient.set_time("+1h");
    let _service = again(&patient);
    patient.wait_for("k3", &FOLDED);
    assert_eq!(recorder.shown().len(), 1);
}

#[test]
fn l1_u3_only_the_newest_list_rings_also_after_a_restart() {
    let (patient, recorder, service) = start();
    patient.arm(vec![minutes("gone", 10, 600), minutes("moved", 10, 600)]);
    patient.arm(vec![minutes("moved", 60, 600)]);
    service.kill();
    patient.set_time("+20m");
    let _service = again(&patient);
    patient.status();
    assert!(patient.journal().is_empty(), "{:?}", patient.journal());
    patient.set_time("+61m");
    patient.status();
    patient.wait_for("moved", &SHOWN);
    assert_eq!(recorder.shown().len(), 1);
    assert!(patient.events("gone").is_empty());
}

#[test]
fn l3_when_the_list_has_run_out_its_last_alarm_has_rung_and_none_comes_after_it() {
    let (patient, recorder, service) = start();
    patient.arm(vec![minutes("last", 10, 600)]);
    service.kill();
    patient.set_time("+20m");
    let _service = again(&patient);
    patient.wait_for("last", &SHOWN);
    patient.set_time("+30d");
    let status = patient.status();
    assert_eq!((status.armed, status.next), (0, None));
    assert_eq!(recorder.shown().len(), 1);
}

#[test]
fn z4_in_another_zone_than_before_a_wall_clock_alarm_keeps_its_wall_clock_and_an_instant_its_instant() {
    let patient = Patient::new();
    let recorder = Recorder::start(&patient.desktop, Manner::USUAL);
    let in_zone = |zone: &str| {
        let mut command = patient.command();
        patient.in_settable_time(&mut command);
        patient.start_as(command.env("TZ", zone))
    };
    // Ten minutes ago in UTC, in 50 minutes one hour further west.
    let wall_clock = Alarm {
        when: When::Civil((now() - TimeDelta::minutes(10)).naive_utc()),
        valid_until: now() + TimeDelta::hours(6),
        ..alarm("wall clock", 0)
    };
    let service = in_zone("Etc/GMT+1");
    patient.arm(vec![wall_clock, minutes("instant", 30, 600)]);
    patient.set_time("+1m");
    patient.status();
    assert!(patient.journal().is_empty(), "not yet here");
    service.kill();
    let service = in_zone("Etc/GMT+2");
    assert!(patient.journal().is_empty(), "and still later there");
    service.kill();
    let service = in_zone("UTC");
    patient.wait_for("wall clock", &SHOWN);
    service.kill();
    let _service = in_zone("Etc/GMT+1");
    patient.set_time("+31m");
    patient.status();
    patient.wait_for("instant", &SHOWN);
    patient.set_time("+2h");
    patient.status();
    assert_eq!(recorder.shown().len(), 2, "no wall clock rings twice");
}

/// A program that sees another `/etc` in place of the machine's; none where this account may not.
fn with_own_etc(etc: &Path, command: &Command) -> Option<Command> {
    let may = Command::new("unshare")
        .args(["--mount", "true"])
        .stderr(Stdio::null())
        .status();
    if !may.is_ok_and(|status| status.success()) {
        return None;
    }
    let mut inside = Command::new("unshare");
    inside
        .args(["--mount", "sh", "-c", "mount --bind \"$0\" /etc && exec \"$@\""])
        .arg(etc)
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => inside.env(name, value),
            None => inside.env_remove(name),
        };
    }
    Some(inside)
}

#[test]
fn z5_the_systems_zone_changes_while_it_runs_and_the_old_times_are_gone_within_one_check() {
    let patient = Patient::new();
    let recorder = Recorder::start(&patient.desktop, Manner::USUAL);
    let etc = patient.desktop.folder().join("etc");
    std::fs::create_dir(&etc).unwrap();
    let set_zone = |zone: &str| {
        let new = etc.join("new");
        std::os::unix::fs::symlink(format!("/usr/share/zoneinfo/{zone}"), &new).unwrap();
        std::fs::rename(new, etc.join("localtime")).unwrap();
    };
    set_zone("Etc/GMT+1");
    let mut command = patient.command();
    patient.in_settable_time(&mut command).env_remove("TZ");
    let Some(mut command) = with_own_etc(&etc, &command) else {
        // Only root has an /etc of its own.
        return;
    };
    let _service = patient.start_as(command.stdout(Stdio::null()).stderr(Stdio::null()));
    let wall_clock = |key: &str, minutes_ago: i64| Alarm {
        when: When::Civil((now() - TimeDelta::minutes(minutes_ago)).naive_utc()),
        valid_until: now() + TimeDelta::hours(6),
        ..alarm(key, 0)
    };
    patient.arm(vec![wall_clock("east", 10), wall_clock("west", 55)]);
    // In five minutes here, in an hour and five minutes further west.
    set_zone("Etc/GMT+2");
    patient.set_time("+6m");
    assert_eq!(patient.status().armed, 2);
    assert!(patient.journal().is_empty(), "the old time is gone");
    // Nobody tells of this one.
    set_zone("UTC");
    until("the wall clock's time to be there", || {
        (!recorder.shown().is_empty()).then_some(())
    });
    let told = recorder.shown();
    assert_eq!(told.len(), 1, "two late ones are one digest: {told:?}");
    patient.wait_for("east", &FOLDED);
    set_zone("Etc/GMT+2");
    patient.set_time("+3h");
    assert_eq!(patient.status().armed, 0);
    assert_eq!(recorder.shown().len(), 1, "no wall clock rings twice");
}

/// The login manager of the tests: python-dbusmock's, on a system bus of their own.
struct Logind {
    bus: String,
    _processes: [Process; 2],
}

impl Logind {
    fn start(patient: &Patient) -> Self {
        let (daemon, bus) = patient.desktop.start_bus("system");
        let mock = Process::start(
            python(&bus)
                .args(["-m", "dbusmock", "--system", "--template", "logind"])
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        );
        let logind = Self {
            bus,
            _processes: [daemon, mock],
        };
        until("the mock logind to answer", || logind.emit(true).then_some(()));
        logind
    }

    /// Says that the machine goes to sleep, or woke.
    fn emit(&self, goes_to_sleep: bool) -> bool {
        let script = "import sys, dbus\n\
             dbus.SystemBus().get_object('org.freedesktop.login1', '/org/freedesktop/login1').EmitSignal(\n\
             'org.freedesktop.login1.Manager', 'PrepareForSleep', 'b', [sys.argv[1] == 'true'],\n\
             dbus_interface='org.freedesktop.DBus.Mock')";
        python(&self.bus)
            .args(["-c", script, &goes_to_sleep.to_string()])
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    }
}

/// Debian's own, which has the package python3-dbusmock.
fn python(bus: &str) -> Command {
    let mut command = Command::new("/usr/bin/python3");
    command.env("DBUS_SYSTEM_BUS_ADDRESS", bus);
    command
}

#[test]
fn s1_the_login_managers_word_wakes_it_sooner_than_its_check() {
    let patient = Patient::new();
    let recorder = Recorder::start(&patient.desktop, Manner::USUAL);
    let logind = Logind::start(&patient);
    let mut command = patient.command();
    patient
        .in_settable_time(&mut command)
        .env("DBUS_SYSTEM_BUS_ADDRESS", &logind.bus);
    let _service = patient.start_as(&mut command);
    patient.arm(vec![minutes("a", 50, 6_000)]);
    patient.set_time("+1h");
    // Arming was the last thing that the service heard of: its check is half a minute away.
    for _ in 0..10 {
        assert!(logind.emit(true) && logind.emit(false));
        std::thread::sleep(Duration::from_secs(1));
        if !recorder.shown().is_empty() {
            assert_eq!(patient.wait_for("a", &SHOWN), [Event::Claimed, SHOWN]);
            return;
        }
    }
    panic!("nothing rang though the machine woke ten times");
}
