//! The real service's socket, from those who should use it and those who should not.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

mod desktop;
mod patient;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use afterglow_reminders::alarms::Alarm;
use afterglow_reminders::host::{MAX_MESSAGE_BYTES, Reply, Request, decode_reply, encode_request};
use desktop::until;
use patient::{Patient, alarm, say};

fn status() -> Vec<u8> {
    encode_request(Request::Status).unwrap()
}

fn refusal(line: &str) -> String {
    match decode_reply(line.as_bytes()) {
        Ok(Reply::Refused { reason }) => reason,
        other => panic!("a refusal was expected, and {other:?} came"),
    }
}

/// What an account can do that is not the owner's, tried with Debian's own Perl.
fn connects(patient: &Patient, account: Option<&str>) -> bool {
    let mut command = match account {
        Some(account) => {
            let mut command = Command::new("setpriv");
            let ids = [format!("--reuid={account}"), format!("--regid={account}")];
            command.args(ids).args(["--clear-groups", "perl"]);
            command
        }
        None => Command::new("perl"),
    };
    command
        .args(["-MIO::Socket::UNIX", "-e"])
        .arg("exit(IO::Socket::UNIX->new(Peer => $ARGV[0]) ? 0 : 1)")
        .arg(patient.socket())
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

#[test]
#[ignore = "only root can become another account; `cargo xtask test` runs it where it is root"]
fn another_account_cannot_connect_even_where_the_folder_was_opened() {
    use std::os::unix::fs::PermissionsExt as _;
    let patient = Patient::new();
    let _service = patient.start();
    assert!(connects(&patient, None), "the way to try works");
    assert!(!connects(&patient, Some("65534")));
    let open = |mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(patient.home.path(), permissions).unwrap();
    };
    open(0o777);
    assert!(
        !connects(&patient, Some("65534")),
        "the socket is closed by itself"
    );
    let socket = std::fs::Permissions::from_mode(0o666);
    std::fs::set_permissions(patient.socket(), socket).unwrap();
    assert!(
        connects(&patient, Some("65534")),
        "the way to try works for it too"
    );
}

#[test]
fn a_home_that_was_open_to_others_is_closed_at_the_start() {
    use std::os::unix::fs::PermissionsExt as _;
    let patient = Patient::new();
    let permissions = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(patient.home.path(), permissions).unwrap();
    let _service = patient.start();
    let mode = std::fs::metadata(patient.home.path())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn half_a_message_is_answered_with_an_error() {
    let patient = Patient::new();
    let _service = patient.start();
    let half = &status()[..10];
    // Cut by the other side's end.
    let mut cut = patient.connect().unwrap();
    cut.get_mut().write_all(half).unwrap();
    cut.get_mut().shutdown(Shutdown::Write).unwrap();
    let mut reply = String::new();
    cut.read_line(&mut reply).unwrap();
    assert!(refusal(&reply).contains("is not understood"), "{reply}");
    // Begun, and nothing more.
    let mut slow = patient.connect().unwrap();
    slow.get_mut().write_all(half).unwrap();
    let mut replies = String::new();
    slow.read_to_string(&mut replies).unwrap();
    assert!(
        refusal(&replies).contains("did not end within 10 seconds"),
        "{replies}"
    );
}

#[test]
fn a_message_beyond_the_limit_is_refused_and_ends_the_connection() {
    let patient = Patient::new();
    let _service = patient.start();
    let mut connection = patient.connect().unwrap();
    let mut writing = connection.get_ref().try_clone().unwrap();
    let writer = std::thread::spawn(move || {
        // The service may close before it has read all of it.
        let _ = writing.write_all(&vec![b'x'; MAX_MESSAGE_BYTES + 1_000_000]);
    });
    let mut reply = String::new();
    connection.read_line(&mut reply).unwrap();
    assert!(refusal(&reply).contains("at most"), "{reply}");
    drop(connection);
    writer.join().unwrap();
    assert_eq!(patient.status().armed, 0, "others are served");
}

#[test]
fn whoever_asks_too_often_is_told_and_served_again_later() {
    let patient = Patient::new();
    let _service = patient.start();
    let mut connection = patient.connect().unwrap();
    let replies: Vec<_> = (0..600).map(|_| say(&mut connection, &status())).collect();
    let refused =
        |reply: &&Reply| matches!(reply, Reply::Refused { reason } if reason.contains("ask less often"));
    assert!(replies.iter().any(|reply| refused(&reply)));
    until("an answer again", || {
        matches!(say(&mut connection, &status()), Reply::Status(_)).then_some(())
    });
}

#[test]
fn a_client_that_never_reads_and_one_that_never_speaks_stop_nobody() {
    let patient = Patient::new();
    let _service = patient.start();
    let long = (0..1_500).map(|n| Alarm {
        body: "x".repeat(1_000),
        ..alarm(&format!("k{n}"), -7_200)
    });
    // All over already: the journal has a line for each.
    patient.arm(long.collect());
    let silent: Vec<_> = (0..8)
        .map(|_| UnixStream::connect(patient.socket()).unwrap())
        .collect();
    let mut deaf = UnixStream::connect(patient.socket()).unwrap();
    let journal = encode_request(Request::Journal { after: 0 }).unwrap();
    deaf.set_write_timeout(Some(std::time::Duration::from_secs(1)))
        .unwrap();
    for _ in 0..100 {
        if deaf.write_all(&journal).is_err() {
            break;
        }
    }
    assert_eq!(patient.status().armed, 0);
    assert_eq!(patient.journal().len(), 1_000);
    drop((silent, deaf));
}

#[test]
fn more_connections_than_there_are_places_are_served_one_after_the_other() {
    let patient = Patient::new();
    let _service = patient.start();
    let asking = || {
        let mut connection = BufReader::new(UnixStream::connect(patient.socket()).unwrap());
        matches!(say(&mut connection, &status()), Reply::Status(_))
    };
    let served = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..60).map(|_| scope.spawn(asking)).collect();
        asking
            .into_iter()
            .map(|one| one.join().unwrap())
            .filter(|served| *served)
            .count()
    });
    assert_eq!(served, 60);
}
