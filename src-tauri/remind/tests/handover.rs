//! Two services for one home: another release that ends the one before, and a login session after the one that is over.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

mod desktop;
mod patient;
mod recorder;

use std::process::Stdio;

use afterglow_reminders::host::{PROTOCOL, RELEASE, Reply, Request};
use desktop::{Desktop, Process, until};
use patient::{Patient, SHOWN, alarm, say};
use recorder::{Manner, Recorder};

fn ends_well(service: &mut Process) {
    assert!(until("the service to end", || service.ended()));
}

/// The status once a service answers that is not the one before.
fn since_another_than(patient: &Patient, before: chrono::DateTime<chrono::Utc>) {
    until("the newcomer to answer", || {
        patient.connect()?;
        (patient.status().since != before).then_some(())
    });
}

#[test]
fn another_release_is_refused_but_may_look_and_may_end_the_service() {
    let patient = Patient::new();
    let mut service = patient.start();
    let status = patient.status();
    assert_eq!(
        (status.release.as_str(), status.protocol),
        (RELEASE, PROTOCOL),
        "it says what it is"
    );
    let mut connection = patient.connect().unwrap();
    let mut ask = |request: &str| {
        let line = format!("{{\"protocol\":99,\"request\":{request}}}\n");
        say(&mut connection, line.as_bytes())
    };
    for refused in ["\"test\"", "\"forget\"", "{\"pause\":{\"until\":null}}"] {
        let reply = ask(refused);
        assert!(
            matches!(&reply, Reply::Refused { reason } if reason.contains("protocol 99")),
            "{refused} gave {reply:?}"
        );
    }
    assert!(matches!(ask("\"status\""), Reply::Status(_)));
    assert!(matches!(
        ask("{\"journal\":{\"after\":0}}"),
        Reply::Journal { .. }
    ));
    assert_eq!(ask("\"quit\""), Reply::Quitting);
    ends_well(&mut service);
    assert!(!patient.socket().exists());
}

#[test]
fn a_start_in_another_session_takes_over_and_each_reminder_comes_there_once() {
    let patient = Patient::new();
    let old_screen = Recorder::start(&patient.desktop, Manner::USUAL);
    let mut old = patient.start();
    patient.arm(vec![alarm("before", 0), alarm("after", 8), alarm("later", 3_000)]);
    patient.wait_for("before", &SHOWN);
    let since = patient.status().since;
    let Reply::Journal { journal, .. } = patient.ask(Request::Journal { after: 0 }) else {
        panic!("the journal was asked for");
    };

    let session = Desktop::start();
    let new_screen = Recorder::start(&session, Manner::USUAL);
    let _new = patient.spawn_on(&session);
    ends_well(&mut old);
    since_another_than(&patient, since);
    patient.wait_for("after", &SHOWN);
    let texts = |recorder: &Recorder| -> Vec<String> {
        let shown = recorder.shown().into_iter();
        shown.map(|(_, text)| text).collect()
    };
    assert_eq!(texts(&old_screen), ["text of before"]);
    assert_eq!(texts(&new_screen), ["text of after"]);
    assert_eq!(patient.status().armed, 1);
    let Reply::Journal {
        journal: same,
        entries,
    } = patient.ask(Request::Journal { after: 0 })
    else {
        panic!("the journal was asked for");
    };
    assert_eq!(same, journal);
    let numbers: Vec<_> = entries.iter().map(|entry| entry.seq).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

#[test]
fn what_is_on_its_way_at_the_handover_is_not_shown_a_second_time() {
    let patient = Patient::new();
    let dunst = patient.desktop.start_dunst();
    let mut old = patient.start();
    patient.arm(vec![alarm("a", 0)]);
    patient.wait_for("a", &SHOWN);
    dunst.signal("STOP");
    patient.arm(vec![alarm("a", 0), alarm("b", 0)]);
    let claimed = until("b to be claimed", || {
        Some(patient.events("b")).filter(|events| !events.is_empty())
    });
    assert_eq!(claimed.len(), 1, "{claimed:?}");

    let session = Desktop::start();
    let new_screen = Recorder::start(&session, Manner::USUAL);
    let since = patient.status().since;
    let _new = patient.spawn_on(&session);
    until("the old one to stop listening", || {
        patient.connect().is_none().then_some(())
    });
    dunst.signal("CONT");
    ends_well(&mut old);
    since_another_than(&patient, since);
    assert_eq!(patient.wait_for("b", &SHOWN).last(), Some(&SHOWN));
    assert_eq!(new_screen.shown(), [], "it had been shown on the first");
}

#[test]
fn a_hundred_starts_in_another_session_leave_one_service_there() {
    const STARTED: usize = 100;
    let patient = Patient::new();
    let mut old = patient.start();
    patient.arm(vec![alarm("a", 3_000)]);
    let session = Desktop::start();
    let _screen = Recorder::start(&session, Manner::USUAL);
    let mut new: Vec<_> = (0..STARTED).map(|_| patient.spawn_on(&session)).collect();
    ends_well(&mut old);
    until("all but one to end", || {
        let ended = new.iter_mut().filter_map(Process::ended);
        (ended.filter(|well| *well).count() == STARTED - 1).then_some(())
    });
    let status = until("the server of the new session", || {
        patient.connect()?;
        Some(patient.status()).filter(|status| status.server.is_some())
    });
    assert_eq!(status.armed, 1);
}

#[test]
fn a_start_that_could_not_reach_the_patient_replaces_none_that_can() {
    let patient = Patient::new();
    let mut service = patient.start();
    let since = patient.status().since;
    let elsewhere = Desktop::start();
    for (name, variables) in [
        (
            "no bus",
            &[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")][..],
        ),
        (
            "no bus, another screen",
            &[
                ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"),
                ("DISPLAY", elsewhere.display.as_str()),
            ],
        ),
        (
            "another bus, no screen",
            &[
                ("DBUS_SESSION_BUS_ADDRESS", elsewhere.bus.as_str()),
                ("DISPLAY", ""),
            ],
        ),
        (
            "the same bus, no screen, as over ssh",
            &[("DISPLAY", ""), ("XDG_SESSION_ID", "77")],
        ),
        ("the same session", &[]),
    ] {
        let mut command = patient.command();
        let ended = command.envs(variables.iter().copied()).output().unwrap();
        assert!(ended.status.success(), "{name}");
        assert_eq!(patient.status().since, since, "{name}");
    }
    assert_eq!(service.ended(), None);
}

#[test]
fn a_later_session_at_the_same_bus_takes_over_with_its_screen() {
    let patient = Patient::new();
    let mut old = patient.start();
    let since = patient.status().since;
    let mut command = patient.command();
    let mut new = Process::start(command.env("XDG_SESSION_ID", "77").stderr(Stdio::null()));
    ends_well(&mut old);
    since_another_than(&patient, since);
    assert_eq!(new.ended(), None);
}

#[test]
fn a_service_without_a_bus_makes_room_for_one_that_has_one() {
    let patient = Patient::new();
    let mut command = patient.command();
    let mut old = patient.start_as(command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"));
    let since = patient.status().since;
    let _new = patient.spawn();
    ends_well(&mut old);
    since_another_than(&patient, since);
}

#[test]
fn one_that_starts_while_another_ends_goes_on_in_its_place() {
    let patient = Patient::new();
    for _ in 0..10 {
        let mut old = patient.start();
        assert_eq!(patient.ask(Request::Quit), Reply::Quitting);
        let mut new = patient.spawn();
        ends_well(&mut old);
        until("the next one to listen", || patient.connect());
        assert_eq!(new.ended(), None);
        assert_eq!(patient.ask(Request::Quit), Reply::Quitting);
        ends_well(&mut new);
    }
}
