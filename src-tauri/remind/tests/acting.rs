//! What the patient does about a reminder, on its notification and in the app, with the real service.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

mod desktop;
mod patient;
mod recorder;

use afterglow_reminders::alarms::{Act, Action, Alarm, SnoozeFor};
use afterglow_reminders::host::{Reply, Request};
use afterglow_reminders::journal::Event;
use chrono::TimeDelta;
use desktop::{Process, until};
use patient::{FOLDED, Patient, SHOWN, alarm, list, now};
use recorder::{Asked, Manner, Recorder};

fn with_actions(key: &str, seconds: i64) -> Alarm {
    Alarm {
        actions: vec![Action::Done, Action::Snooze, Action::Skip],
        ..alarm(key, seconds)
    }
}

fn act(patient: &Patient, key: &str, act: Act) -> Reply {
    patient.ask(Request::Act {
        key: key.to_owned(),
        act,
    })
}

fn refusal(reply: Reply) -> String {
    match reply {
        Reply::Refused { reason } => reason,
        other => panic!("a refusal was expected, and {other:?} came"),
    }
}

fn start(manner: Manner) -> (Patient, Recorder, Process) {
    let patient = Patient::new();
    let recorder = Recorder::start(&patient.desktop, manner);
    let service = patient.start();
    (patient, recorder, service)
}

#[test]
fn a_button_does_what_it_says_and_each_is_journalled_once() {
    let (patient, recorder, _service) = start(Manner::USUAL);
    patient.arm(vec![
        with_actions("a", 0),
        with_actions("b", 0),
        with_actions("c", 0),
    ]);
    for (key, button, expected) in [("a", "done", Event::Done), ("b", "skip", Event::Skipped)] {
        let number = recorder.number_of(&format!("text of {key}"));
        patient.wait_for(key, &SHOWN);
        recorder.press(number, button);
        recorder.press(number, button);
        patient.wait_for(key, &expected);
        recorder.wait_for_close(number);
        assert_eq!(patient.events(key), [Event::Claimed, SHOWN, expected]);
    }
    let number = recorder.number_of("text of c");
    patient.wait_for("c", &SHOWN);
    recorder.press(number, "snooze_ten_minutes");
    let until = until("c to be put off", || {
        patient.events("c").into_iter().find_map(|event| match event {
            Event::Snoozed { until } => Some(until),
            _ => None,
        })
    });
    let status = patient.status();
    assert_eq!((status.armed, status.next), (1, Some(until)));
    recorder.wait_for_close(number);
    assert!(!patient.started.exists(), "nothing of this opens the app");
    assert_eq!(status.actions, Some(true));
    assert_eq!(status.server.as_deref(), Some("recorder 1"));
}

#[test]
fn p2_buttons_end_where_the_validity_does_and_a_late_press_opens_the_app() {
    let (patient, recorder, _service) = start(Manner::USUAL);
    let short = Alarm {
        valid_until: now() + TimeDelta::minutes(30),
        ..with_actions("short", 0)
    };
    patient.arm(vec![short]);
    let number = recorder.number_of("text of short");
    let buttons = ["default", "done", "snooze_ten_minutes", "skip"];
    assert_eq!(recorder.buttons_of("text of short"), buttons);
    patient.wait_for("short", &SHOWN);
    let reason = refusal(act(&patient, "short", Act::Snooze(SnoozeFor::OneHour)));
    assert!(reason.contains("choose a shorter wait"), "{reason}");
    // A server may know a button from a notification that this one replaced.
    recorder.press(number, "snooze_one_hour");
    patient.wait_for("short", &Event::Opened);
    let opened = until("the app to start", || {
        std::fs::read_to_string(&patient.started).ok()
    });
    assert_eq!(opened, "--show check_in\n");
}

#[test]
fn n7_without_buttons_the_text_says_what_to_do_and_a_click_opens_the_right_screen() {
    let manner = Manner {
        has_buttons: false,
        ..Manner::USUAL
    };
    let (patient, recorder, _service) = start(manner);
    patient.arm(vec![with_actions("a", 0)]);
    let number = recorder.number_of("text of a\nOpen Afterglow");
    assert_eq!(recorder.buttons_of("text of a"), ["default"]);
    patient.wait_for("a", &SHOWN);
    assert_eq!(patient.status().actions, Some(false));
    recorder.press(number, "default");
    patient.wait_for("a", &Event::Opened);
    let opened = until("the app to start", || {
        std::fs::read_to_string(&patient.started).ok()
    });
    assert_eq!(opened, "--show check_in\n");
}

#[test]
fn acts_in_the_app_settle_once_and_a_wrong_one_is_refused_with_a_sentence() {
    let (patient, recorder, _service) = start(Manner::USUAL);
    patient.arm(vec![alarm("shown", 0), alarm("later", 3_000)]);
    let number = recorder.number_of("text of shown");
    patient.wait_for("shown", &SHOWN);
    for _ in 0..2 {
        assert_eq!(act(&patient, "shown", Act::Done), Reply::Accepted);
    }
    recorder.wait_for_close(number);
    assert_eq!(patient.events("shown"), [Event::Claimed, SHOWN, Event::Done]);
    for (key, what, said) in [
        ("shown", Act::Snooze(SnoozeFor::TenMinutes), "settled already"),
        ("later", Act::Snooze(SnoozeFor::TenMinutes), "not due yet"),
        ("unknown", Act::Done, "no longer planned"),
    ] {
        let reason = refusal(act(&patient, key, what));
        assert!(reason.contains(said), "{reason}");
    }
    assert_eq!(act(&patient, "later", Act::Skip), Reply::Accepted);
    let status = patient.status();
    assert_eq!(
        (status.armed, status.next),
        (0, None),
        "skipped before it was due"
    );
}

#[test]
fn p1_a_snooze_is_kept_over_a_kill_and_rings_once_under_the_same_number() {
    let (patient, recorder, service) = start(Manner::USUAL);
    patient.arm(vec![with_actions("a", 0)]);
    let number = recorder.number_of("text of a");
    patient.wait_for("a", &SHOWN);
    assert_eq!(
        act(&patient, "a", Act::Snooze(SnoozeFor::TenMinutes)),
        Reply::Accepted
    );
    service.kill();
    let service = patient.start();
    let next = patient.status().next.unwrap();
    assert_eq!(patient.events("a").last(), Some(&Event::Snoozed { until: next }));
    service.kill();
    // Ten minutes later.
    let mut later = patient.command();
    let _service = patient.start_as(Patient::in_time(&mut later, "+601s"));
    until("it to ring again", || (recorder.shown().len() == 2).then_some(()));
    let shown = recorder.shown();
    assert_eq!(shown[0], shown[1], "the same number");
    assert_eq!(shown[1].0, number);
    until("the second time to be written down", || {
        (patient.events("a").last() == Some(&SHOWN)).then_some(())
    });
    assert_eq!(patient.status().armed, 0, "once");
}

#[test]
fn p3_a_repeat_replaces_the_first_also_where_the_server_numbers_by_itself() {
    let manner = Manner {
        keeps_numbers: false,
        ..Manner::USUAL
    };
    let (patient, recorder, service) = start(manner);
    service.kill();
    let mut command = patient.command();
    let _service = patient.start_as(patient.in_settable_time(&mut command));
    let repeating = Alarm {
        repeats: 1,
        ..alarm("a", 0)
    };
    patient.arm(vec![repeating]);
    patient.wait_for("a", &SHOWN);
    patient.set_time("+1801s");
    patient.status();
    until("the repeat", || (recorder.shown().len() == 2).then_some(()));
    let shown = recorder.shown();
    assert_eq!(shown[0], shown[1]);
    until("the repeat to be written down", || {
        (patient.events("a") == [Event::Claimed, SHOWN, Event::Claimed, SHOWN]).then_some(())
    });
    assert_eq!(patient.status().armed, 0, "one repeat and no more");
}

#[test]
fn u6_checked_in_before_it_is_not_shown_and_one_already_shown_is_taken_back() {
    let (patient, recorder, service) = start(Manner::USUAL);
    patient.arm(vec![alarm("shown", 0), alarm("to come", 3)]);
    let number = recorder.number_of("text of shown");
    patient.wait_for("shown", &SHOWN);
    patient.arm(vec![alarm("other", 3)]);
    recorder.wait_for_close(number);
    let taken_back = [Event::Claimed, SHOWN, Event::Withdrawn];
    assert_eq!(patient.events("shown"), taken_back);
    patient.wait_for("other", &SHOWN);
    assert!(patient.events("to come").is_empty());

    // A service that did not show it itself takes it back too.
    service.kill();
    let _service = patient.start();
    patient.arm(vec![]);
    let other = recorder.number_of("text of other");
    recorder.wait_for_close(other);
    assert_eq!(patient.events("other"), [Event::Claimed, SHOWN, Event::Withdrawn]);
    assert_eq!(patient.events("shown"), taken_back, "once");
}

#[test]
fn u6_a_digest_stays_until_nothing_in_it_is_open() {
    let (patient, recorder, _service) = start(Manner::USUAL);
    let (a, b) = (alarm("a", -1_200), alarm("b", -1_100));
    patient.arm(vec![a, b.clone()]);
    let number = recorder.number_of("2 reminders are waiting");
    patient.wait_for("b", &FOLDED);
    patient.arm(vec![b]);
    patient.wait_for("a", &Event::Withdrawn);
    assert!(!recorder.asked().contains(&Asked::Close(number)));
    assert_eq!(act(&patient, "b", Act::Done), Reply::Accepted);
    recorder.wait_for_close(number);
}

/// Care that says the same as another one's, as discreet wording does.
fn alike(key: &str, seconds: i64) -> Alarm {
    Alarm {
        body: "Time for your morning care".to_owned(),
        ..with_actions(key, seconds)
    }
}

#[test]
fn those_of_one_moment_that_say_the_same_are_one_without_buttons_and_a_click_opens_the_app() {
    let (patient, recorder, service) = start(Manner::USUAL);
    let asks = |key: &str| Alarm {
        body: "How did it go? Open the app to answer.".to_owned(),
        actions: vec![Action::Snooze],
        ..alarm(key, 0)
    };
    patient.arm(vec![
        alike("a", 0),
        alike("b", 0),
        with_actions("other", 0),
        alike("c", 0),
        asks("first call"),
        asks("second call"),
    ]);
    for key in ["a", "b", "c", "other", "first call", "second call"] {
        assert_eq!(patient.wait_for(key, &SHOWN), [Event::Claimed, SHOWN], "{key}");
    }
    assert_eq!(patient.ask(Request::Test), Reply::Accepted);
    let shown = recorder.shown();
    let count = |text: &str| shown.iter().filter(|(_, shown)| shown.contains(text)).count();
    assert_eq!(shown.len(), 5, "{shown:?}");
    assert_eq!(
        (count("morning care"), count("How did it go?")),
        (1, 2),
        "{shown:?}"
    );
    assert_eq!(recorder.buttons_of("morning care"), ["default"]);
    assert!(recorder.buttons_of("text of other").contains(&"done".to_owned()));

    let number = recorder.number_of("morning care");
    // Another service learns from what is kept what it stands for.
    service.kill();
    let _service = patient.start();
    until("the click to arrive", || {
        recorder.press(number, "default");
        patient.events("c").contains(&Event::Opened).then_some(())
    });
    for key in ["a", "b", "c"] {
        assert!(patient.events(key).contains(&Event::Opened), "{key}");
    }
    assert_eq!(patient.events("other"), [Event::Claimed, SHOWN]);
    let opened = until("the app to start", || {
        std::fs::read_to_string(&patient.started).ok()
    });
    assert!(opened.starts_with("--show check_in\n"), "{opened}");
}

#[test]
fn one_for_several_stays_until_nothing_in_it_is_open_also_after_a_restart() {
    for is_restarted in [false, true] {
        let (patient, recorder, service) = start(Manner::USUAL);
        let mut service = Some(service);
        let (a, b, c) = (alike("a", 0), alike("b", 0), alike("c", 0));
        patient.arm(vec![a, b.clone(), c.clone()]);
        let number = recorder.number_of("morning care");
        patient.wait_for("c", &SHOWN);
        if is_restarted {
            service.take().unwrap().kill();
            service = Some(patient.start());
        }
        patient.arm(vec![b, c]);
        patient.wait_for("a", &Event::Withdrawn);
        assert_eq!(act(&patient, "b", Act::Done), Reply::Accepted);
        assert!(!recorder.asked().contains(&Asked::Close(number)));
        assert_eq!(act(&patient, "c", Act::Skip), Reply::Accepted);
        recorder.wait_for_close(number);
        assert_eq!(recorder.shown().len(), 1, "nothing rings twice");
        drop(service);
    }
}

#[test]
fn one_for_several_is_known_by_who_stands_in_it_when_its_words_change_and_a_click_undoes_nothing() {
    let (patient, recorder, _service) = start(Manner::USUAL);
    let reworded = |key| Alarm {
        body: "Es hora de tu cuidado de la mañana".to_owned(),
        ..alike(key, 0)
    };
    patient.arm(vec![alike("a", 0), alike("b", 0), alike("c", 0)]);
    let number = recorder.number_of("morning care");
    patient.wait_for("c", &SHOWN);
    patient.arm(vec![reworded("b"), reworded("c")]);
    patient.wait_for("a", &Event::Withdrawn);
    assert_eq!(act(&patient, "b", Act::Done), Reply::Accepted);
    assert!(
        !recorder.asked().contains(&Asked::Close(number)),
        "one of them is open"
    );
    until("the click to arrive", || {
        recorder.press(number, "default");
        patient.events("c").contains(&Event::Opened).then_some(())
    });
    for (key, last) in [("a", Event::Withdrawn), ("b", Event::Done)] {
        assert_eq!(patient.events(key).last(), Some(&last), "{key}");
    }
    assert_eq!(act(&patient, "c", Act::Done), Reply::Accepted);
    recorder.wait_for_close(number);
    assert_eq!(
        recorder.shown().len(),
        1,
        "other words are no reason to ring anew"
    );
}

#[test]
fn p3_several_that_say_the_same_repeat_as_one_and_the_last_of_them_by_itself() {
    for manner in [
        Manner::USUAL,
        Manner {
            keeps_numbers: false,
            ..Manner::USUAL
        },
    ] {
        let (patient, recorder, service) = start(manner);
        service.kill();
        let mut command = patient.command();
        let _service = patient.start_as(patient.in_settable_time(&mut command));
        let repeating = |key: &str| Alarm {
            repeats: 2,
            valid_until: now() + TimeDelta::hours(9),
            ..alike(key, 0)
        };
        patient.arm(vec![repeating("a"), repeating("b")]);
        patient.wait_for("b", &SHOWN);
        let twice = [Event::Claimed, SHOWN, Event::Claimed, SHOWN];
        patient.set_time("+1801s");
        patient.status();
        until("the repeat to be written down", || {
            (patient.events("b") == twice).then_some(())
        });
        let shown = recorder.shown();
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert_eq!(shown[0], shown[1], "it replaces the first");
        assert_eq!(patient.events("a"), twice);

        assert_eq!(act(&patient, "a", Act::Done), Reply::Accepted);
        patient.set_time("+3602s");
        patient.status();
        until("the last one", || (recorder.shown().len() == 3).then_some(()));
        let buttons = recorder.buttons_of("morning care");
        assert!(buttons.contains(&"done".to_owned()), "{buttons:?}");
        recorder.wait_for_close(shown[0].0);
        assert_ne!(recorder.shown()[2].0, shown[0].0);
    }
}

#[test]
fn a_test_is_shown_in_the_words_of_the_list_and_its_outcome_is_the_answer() {
    let patient = Patient::new();
    let _service = patient.start();
    let reason = refusal(patient.ask(Request::Test));
    assert!(reason.contains("open Afterglow once"), "{reason}");
    patient.arm(vec![]);
    let reason = refusal(patient.ask(Request::Test));
    assert!(reason.contains("no notification service answers"), "{reason}");
    let recorder = Recorder::start(&patient.desktop, Manner::USUAL);
    assert_eq!(patient.ask(Request::Test), Reply::Accepted);
    let number = recorder.number_of("This is a test. If you can read it, your reminders reach you.");
    assert!(patient.journal().is_empty(), "a test is no reminder");
    let status = patient.status();
    assert_eq!((status.failure, status.last_shown), (None, None));
    recorder.press(number, "default");
    until("the app to start", || {
        std::fs::read_to_string(&patient.started).ok()
    });
}

#[test]
fn a_pause_holds_what_can_wait_over_a_restart_and_ends_when_told() {
    let (patient, recorder, service) = start(Manner::USUAL);
    let urgent = Alarm {
        urgent: true,
        ..alarm("urgent", 1)
    };
    let ends = Alarm {
        valid_until: now() + TimeDelta::seconds(4),
        ..alarm("ends", 1)
    };
    let tomorrow = now() + TimeDelta::hours(20);
    let pause = |until| patient.ask(Request::Pause { until });
    assert_eq!(pause(Some(tomorrow)), Reply::Accepted);
    service.kill();
    let _service = patient.start();
    assert_eq!(patient.status().paused_until, Some(tomorrow));
    patient.arm(vec![alarm("waits", 1), urgent, ends]);
    patient.wait_for("urgent", &SHOWN);
    patient.wait_for("ends", &Event::Missed);
    assert_eq!(patient.events("ends"), [Event::Missed], "never announced");
    assert!(patient.events("waits").is_empty());
    assert_eq!(pause(None), Reply::Accepted);
    patient.wait_for("waits", &SHOWN);
    assert_eq!(patient.status().paused_until, None);
    assert_eq!(recorder.shown().len(), 2);
    for wrong in [now() - TimeDelta::minutes(1), now() + TimeDelta::days(8)] {
        let reason = refusal(pause(Some(wrong)));
        assert!(reason.contains("7 days at most"), "{reason}");
    }
}

#[test]
fn forget_leaves_neither_list_nor_journal_nor_notification() {
    let (patient, recorder, service) = start(Manner::USUAL);
    patient.arm(vec![alarm("shown", 0), alarm("to come", 3_000)]);
    let number = recorder.number_of("text of shown");
    patient.wait_for("shown", &SHOWN);
    assert_eq!(patient.ask(Request::Forget), Reply::Accepted);
    recorder.wait_for_close(number);
    assert_eq!(patient.status().armed, 0);
    assert!(patient.journal().is_empty());
    for file in std::fs::read_dir(patient.home.path()).unwrap() {
        let path = file.unwrap().path();
        let kept = std::fs::read(&path).unwrap_or_default();
        let kept = String::from_utf8_lossy(&kept).into_owned();
        assert!(!kept.contains("shown") && !kept.contains("to come"), "{path:?}");
    }
    service.kill();
    let _service = patient.start();
    assert!(patient.journal().is_empty());
    let status = patient.status();
    assert_eq!((status.armed, status.damage), (0, vec![]));
}

#[test]
fn a_list_without_sound_makes_none() {
    let (patient, recorder, _service) = start(Manner::USUAL);
    for (key, sound) in [("loud", true), ("silent", false)] {
        let list = afterglow_reminders::alarms::AlarmList {
            sound,
            ..list(vec![alarm(key, 0)])
        };
        patient.ask(Request::Arm(list));
        recorder.number_of(&format!("text of {key}"));
        let silent = recorder.asked().into_iter().rev().find_map(|asked| match asked {
            Asked::Show { silent, text, .. } if text.contains(key) => Some(silent),
            _ => None,
        });
        assert_eq!(silent, Some(!sound), "{key}");
    }
}

#[test]
fn a_notification_says_whose_it_is_by_the_name_of_the_app() {
    let configuration = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tauri.conf.json");
    let configuration = std::fs::read_to_string(configuration).unwrap();
    let configuration: serde_json::Value = serde_json::from_str(&configuration).unwrap();
    let identifier = configuration["identifier"].as_str().unwrap();
    let (patient, recorder, _service) = start(Manner::USUAL);
    patient.arm(vec![alarm("a", 0)]);
    recorder.number_of("text of a");
    let apps: Vec<_> = recorder
        .asked()
        .into_iter()
        .filter_map(|asked| match asked {
            Asked::Show { app, .. } => Some(app),
            Asked::Close(_) => None,
        })
        .collect();
    assert_eq!(apps, [Some(identifier.to_owned())]);
}
