//! The messages between app and host, as the other side sends them, and as it should not.

#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

use std::path::{Path, PathBuf};

use afterglow_care::Locale;
use afterglow_reminders::alarms::{
    Act, Action, Alarm, AlarmId, AlarmList, ListFault, Screen, SnoozeFor, When,
};
use afterglow_reminders::host::{
    HomeTooLong, HostStatus, MAX_MESSAGE_BYTES, MessageError, PROTOCOL, RELEASE, Reply, Request,
    decode_reply, decode_request, encode_reply, encode_request, socket_name,
};
use afterglow_reminders::journal::{Entry, Event};
use afterglow_reminders::session::Session;
use afterglow_reminders::wording::host_words;
use chrono::{DateTime, Utc};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn alarm(key: &str, when: When) -> Alarm {
    Alarm {
        id: AlarmId::of_key(key),
        key: key.to_owned(),
        when,
        valid_until: at("2027-01-02T12:00:00Z"),
        title: "Afterglow".to_owned(),
        body: "Two\nlines and a \u{1F319}".to_owned(),
        screen: Screen::CheckIn,
        urgent: true,
        actions: vec![Action::Done, Action::Snooze, Action::Skip],
        repeats: 3,
    }
}

fn list() -> AlarmList {
    AlarmList {
        version: AlarmList::VERSION,
        made_at: at("2027-01-01T00:00:00Z"),
        quiet: None,
        alarms: vec![
            alarm("a", When::Instant(at("2027-01-01T12:00:00.5Z"))),
            alarm("b", When::Civil(at("2027-01-01T20:00:00Z").naive_utc())),
        ],
        sound: false,
        words: host_words(Locale::Es),
    }
}

fn act(act: Act) -> Request {
    Request::Act {
        key: "a".to_owned(),
        act,
    }
}

#[test]
fn every_request_comes_back_from_its_line() {
    for request in [
        Request::Arm(list()),
        Request::Journal { after: 7 },
        Request::Status,
        act(Act::Done),
        act(Act::Skip),
        act(Act::Snooze(SnoozeFor::ThisEvening)),
        Request::Test,
        Request::Pause {
            until: Some(at("2027-01-02T00:00:00Z")),
        },
        Request::Pause { until: None },
        Request::Forget,
        Request::Drained {
            journal: "j".to_owned(),
            seq: 7,
        },
        Request::Meet {
            session: Session::of(|name| Some(format!("the {name}"))),
        },
        Request::Quit,
    ] {
        let line = encode_request(request.clone()).unwrap();
        let newline = line.iter().position(|byte| *byte == b'\n');
        assert_eq!(newline, Some(line.len() - 1), "one line: {request:?}");
        assert_eq!(decode_request(&line), Ok(request));
    }
}

#[test]
fn every_reply_comes_back_from_its_line() {
    let events = [
        Event::Claimed,
        Event::Shown { digest: true },
        Event::Missed,
        Event::Failed {
            reason: "no server".to_owned(),
        },
        Event::Opened,
        Event::Done,
        Event::Skipped,
        Event::Snoozed {
            until: at("2027-01-01T12:10:00Z"),
        },
        Event::Withdrawn,
    ];
    let entries = (1..)
        .zip(events)
        .map(|(seq, event)| Entry {
            seq,
            at: at("2027-01-01T12:00:00Z"),
            key: "a".to_owned(),
            due_at: at("2027-01-01T11:00:00Z"),
            event,
        })
        .collect();
    for reply in [
        Reply::Armed { count: 2 },
        Reply::Journal {
            journal: "j".to_owned(),
            entries,
        },
        Reply::Status(HostStatus {
            since: at("2027-01-01T12:00:00Z"),
            armed: 2,
            next: None,
            server: Some("dunst 1.9.0".to_owned()),
            failure: None,
            last_shown: Some(at("2027-01-01T12:00:00Z")),
            actions: Some(true),
            paused_until: None,
            damage: vec!["the list".to_owned()],
            release: "1.2.3".to_owned(),
            protocol: 7,
        }),
        Reply::Accepted,
        Reply::Quitting,
        Reply::Refused {
            reason: "because".to_owned(),
        },
    ] {
        assert_eq!(decode_reply(&encode_reply(&reply).unwrap()), Ok(reply));
    }
}

#[test]
fn what_is_not_a_request_is_a_typed_error() {
    for garbage in [
        "",
        "\n",
        "{",
        "[]",
        "null",
        "\"quit\"",
        "{\"protocol\":3}",
        "{\"request\":\"status\"}",
        "\u{0}\u{0}",
    ] {
        let error = decode_request(garbage.as_bytes()).unwrap_err();
        assert!(
            matches!(error, MessageError::Malformed { .. }),
            "{garbage:?} gave {error:?}"
        );
    }
    let unknown = br#"{"protocol":3,"request":"status","surprise":true}"#;
    assert!(matches!(
        decode_request(unknown),
        Err(MessageError::Malformed { .. })
    ));
    assert!(matches!(
        decode_request(&[0xff, 0xfe]),
        Err(MessageError::Malformed { .. })
    ));
}

#[test]
fn another_protocol_is_named_before_its_fields_are_judged() {
    let newer = br#"{"protocol":4,"request":{"snore":{"key":"a"}},"signed":"x"}"#;
    let error = decode_request(newer).unwrap_err();
    assert_eq!(error, MessageError::OtherProtocol { found: 4 });
    assert_eq!(
        error.to_string(),
        "the message has protocol 4, expected 3; install app and reminder service of the same release"
    );
}

#[test]
fn what_ends_a_host_passes_in_any_protocol_and_nothing_else_does() {
    for (request, passes) in [
        (r#""quit""#, Some(Request::Quit)),
        (r#""status""#, Some(Request::Status)),
        (r#"{"journal":{"after":7}}"#, Some(Request::Journal { after: 7 })),
        (r#""test""#, None),
        (r#""forget""#, None),
        (r#"{"drained":{"journal":"j","seq":7}}"#, None),
    ] {
        for protocol in [0, 1, 2, 4, 70_000] {
            let line = format!(r#"{{"protocol":{protocol},"request":{request},"signed":"x"}}"#);
            let expected = passes
                .clone()
                .ok_or(MessageError::OtherProtocol { found: protocol });
            assert_eq!(decode_request(line.as_bytes()), expected, "{line}");
        }
    }
}

#[test]
fn a_status_that_does_not_say_its_release_is_of_another() {
    let older =
        br#"{"status":{"since":"2027-01-01T12:00:00Z","armed":2,"next":null,"server":null,"failure":null,
        "last_shown":null,"actions":null,"paused_until":null,"damage":[]}}"#;
    let Ok(Reply::Status(status)) = decode_reply(older) else {
        panic!("an older host's status is read");
    };
    assert!(!status.is_of_this_release());
    for (release, protocol, is_ours) in [
        (RELEASE, PROTOCOL, true),
        (RELEASE, PROTOCOL + 1, false),
        ("0.0.0", PROTOCOL, false),
    ] {
        let status = HostStatus {
            release: release.to_owned(),
            protocol,
            ..status.clone()
        };
        assert_eq!(status.is_of_this_release(), is_ours, "{release} {protocol}");
    }
}

#[test]
fn a_message_beyond_the_limit_is_refused_on_both_sides() {
    let long = vec![b' '; MAX_MESSAGE_BYTES + 1];
    assert_eq!(
        decode_request(&long),
        Err(MessageError::TooLong { bytes: long.len() })
    );
    let reply = Reply::Refused {
        reason: "x".repeat(MAX_MESSAGE_BYTES),
    };
    assert!(matches!(encode_reply(&reply), Err(MessageError::TooLong { .. })));
}

#[test]
fn a_list_that_cannot_ring_is_refused_with_its_fault() {
    assert_eq!(list().check(2), Ok(()));
    assert_eq!(
        list().check(1),
        Err(ListFault::TooMany {
            found: 2,
            capacity: 1
        })
    );
    assert_eq!(
        AlarmList { version: 9, ..list() }.check(2),
        Err(ListFault::Version { found: 9 })
    );
    let mut twice = list();
    twice
        .alarms
        .iter_mut()
        .for_each(|alarm| alarm.key = "a".to_owned());
    assert_eq!(twice.check(2), Err(ListFault::KeyTwice { key: "a".to_owned() }));
    let mut nagging = list();
    nagging.alarms.iter_mut().for_each(|alarm| alarm.repeats = 4);
    let fault = ListFault::TooManyRepeats {
        key: "a".to_owned(),
        repeats: 4,
    };
    assert_eq!(nagging.check(2), Err(fault));
    let mut far = list();
    far.alarms
        .iter_mut()
        .for_each(|alarm| alarm.valid_until = DateTime::<Utc>::MAX_UTC);
    assert!(matches!(far.check(2), Err(ListFault::YearOutOfRange { .. })));
}

#[test]
fn an_id_is_the_same_on_every_machine_and_never_0() {
    assert_eq!(
        AlarmId::of_key("s/check_in/check_in/2027-01-01@20:00"),
        AlarmId(1_972_710_266)
    );
    // A text whose CRC-32 is 0.
    assert_eq!(AlarmId::of_key(""), AlarmId(1));
}

#[cfg(unix)]
#[test]
fn the_socket_lies_in_the_home_and_a_path_that_unix_would_cut_is_refused() {
    assert_eq!(
        socket_name(Path::new("/home/a/x")),
        Ok(PathBuf::from("/home/a/x/remind.sock"))
    );
    let home = PathBuf::from(format!("/{}", "x".repeat(120)));
    assert_eq!(
        socket_name(&home),
        Err(HomeTooLong {
            home: home.clone(),
            bytes: 133
        })
    );
}

/// It lies on the disk, and an update must not take it for damage.
#[test]
fn a_list_from_before_there_was_a_word_for_tomorrow_is_still_read() {
    let mut before = serde_json::to_value(list()).unwrap();
    let words = before["words"].as_object_mut().unwrap();
    assert!(words.remove("tomorrow").is_some());
    let read: AlarmList = serde_json::from_value(before).unwrap();
    assert_eq!(read.words.tomorrow, "");
    assert_eq!(read.alarms, list().alarms);
}
