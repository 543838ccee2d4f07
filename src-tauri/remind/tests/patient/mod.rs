//! A patient's home folder with the real service in it, asked as the app asks it.

#![allow(
    dead_code,
    reason = "each test program that includes this module uses a part of it"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use afterglow_reminders::Locale;
use afterglow_reminders::alarms::{Alarm, AlarmId, AlarmList, Screen, When};
use afterglow_reminders::host::{HostStatus, Reply, Request, decode_reply, encode_request, socket_name};
use afterglow_reminders::journal::{Entry, Event};
use afterglow_reminders::wording::host_words;
use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

use crate::desktop::{Desktop, Process, until};

#[expect(
    clippy::disallowed_methods,
    reason = "a real service is armed with real times"
)]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Due so many seconds from now, worth showing for an hour.
pub(crate) fn alarm(key: &str, seconds: i64) -> Alarm {
    let due_at = now() + TimeDelta::seconds(seconds);
    Alarm {
        id: AlarmId::of_key(key),
        key: key.to_owned(),
        when: When::Instant(due_at),
        valid_until: due_at + TimeDelta::hours(1),
        title: "Afterglow".to_owned(),
        body: format!("text of {key}"),
        screen: Screen::CheckIn,
        urgent: false,
        actions: Vec::new(),
        repeats: 0,
    }
}

pub(crate) fn list(alarms: Vec<Alarm>) -> AlarmList {
    AlarmList {
        version: AlarmList::VERSION,
        made_at: now(),
        quiet: None,
        alarms,
        sound: true,
        words: host_words(Locale::En),
    }
}

/// A home folder, the app that a click starts, and the desktop both live on.
pub(crate) struct Patient {
    pub(crate) desktop: Desktop,
    pub(crate) home: TempDir,
    app: PathBuf,
    /// What the app was started with.
    pub(crate) started: PathBuf,
}

impl Patient {
    pub(crate) fn new() -> Self {
        Self::on(Desktop::start())
    }

    pub(crate) fn on(desktop: Desktop) -> Self {
        let (app, started) = desktop.recording_program("app");
        Self {
            desktop,
            home: tempfile::tempdir().unwrap(),
            app,
            started,
        }
    }

    pub(crate) fn command(&self) -> Command {
        self.command_on(&self.desktop)
    }

    /// The service as another session of the same patient starts it.
    pub(crate) fn command_on(&self, desktop: &Desktop) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_afterglow-remind"));
        desktop
            .env(&mut command)
            .arg("--home")
            .arg(self.home.path())
            .arg("--app")
            .arg(&self.app);
        command
    }

    /// Lets a command live in another time, as libfaketime reads it: `+601s`.
    pub(crate) fn in_time<'a>(command: &'a mut Command, time: &str) -> &'a mut Command {
        command
            .env("LD_PRELOAD", faketime_library())
            .env("FAKETIME", time)
            // A clock that is set is not a clock that counts.
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
    }

    /// Lets a command live in a time that [`Patient::set_time`] changes while it runs, and before.
    pub(crate) fn in_settable_time<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let file = self.time_file();
        if !file.exists() {
            self.set_time("+0s");
        }
        Self::in_time(command, "+0s")
            .env_remove("FAKETIME")
            .env("FAKETIME_TIMESTAMP_FILE", file)
            .env("FAKETIME_NO_CACHE", "1")
    }

    /// Sets the clock of a service that was started in settable time.
    pub(crate) fn set_time(&self, time: &str) {
        let file = self.time_file();
        std::fs::write(file.with_extension("new"), time).unwrap();
        std::fs::rename(file.with_extension("new"), file).unwrap();
    }

    fn time_file(&self) -> PathBuf {
        self.desktop.folder().join("time")
    }

    /// Starts the service in another session of the same patient.
    pub(crate) fn spawn_on(&self, desktop: &Desktop) -> Process {
        Process::start(
            self.command_on(desktop)
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )
    }

    /// Starts the service.
    pub(crate) fn spawn(&self) -> Process {
        Process::start(self.command().stdout(Stdio::null()).stderr(Stdio::null()))
    }

    /// Starts the service and waits until it answers.
    pub(crate) fn start(&self) -> Process {
        self.start_as(self.command().stdout(Stdio::null()).stderr(Stdio::null()))
    }

    pub(crate) fn start_as(&self, command: &mut Command) -> Process {
        let service = Process::start(command);
        until("the service to listen", || self.connect());
        service
    }

    pub(crate) fn socket(&self) -> PathBuf {
        socket_name(self.home.path()).unwrap()
    }

    pub(crate) fn connect(&self) -> Option<BufReader<UnixStream>> {
        UnixStream::connect(self.socket()).ok().map(BufReader::new)
    }

    pub(crate) fn ask(&self, request: Request) -> Reply {
        say(&mut self.connect().unwrap(), &encode_request(request).unwrap())
    }

    pub(crate) fn arm(&self, alarms: Vec<Alarm>) {
        let count = alarms.len();
        assert_eq!(self.ask(Request::Arm(list(alarms))), Reply::Armed { count });
    }

    pub(crate) fn journal(&self) -> Vec<Entry> {
        match self.ask(Request::Journal { after: 0 }) {
            Reply::Journal { entries, .. } => entries,
            other => panic!("the journal was asked for, and {other:?} came"),
        }
    }

    pub(crate) fn status(&self) -> HostStatus {
        match self.ask(Request::Status) {
            Reply::Status(status) => status,
            other => panic!("the status was asked for, and {other:?} came"),
        }
    }

    /// What happened to a key, in order.
    pub(crate) fn events(&self, key: &str) -> Vec<Event> {
        let journal = self.journal().into_iter();
        journal
            .filter(|entry| entry.key == key)
            .map(|entry| entry.event)
            .collect()
    }

    pub(crate) fn wait_for(&self, key: &str, wanted: &Event) -> Vec<Event> {
        until(&format!("{key} to be {wanted:?}"), || {
            Some(self.events(key)).filter(|events| events.contains(wanted))
        })
    }

    /// Waits until the status says that nothing can be shown, and why.
    pub(crate) fn wait_until_unreachable(&self) -> HostStatus {
        until("the status to say what is wrong", || {
            Some(self.status()).filter(|status| status.failure.is_some())
        })
    }

    /// Waits until the status says that this server shows reminders.
    pub(crate) fn wait_until_reachable(&self, server: &str) -> HostStatus {
        until("the status to say that all is well", || {
            let is_well = |status: &HostStatus| {
                status.failure.is_none()
                    && (status.server.as_ref()).is_some_and(|name| name.starts_with(server))
            };
            Some(self.status()).filter(is_well)
        })
    }

    pub(crate) fn wait_for_failure(&self, key: &str) -> String {
        until("a failure", || {
            self.events(key).into_iter().find_map(|event| match event {
                Event::Failed { reason } => Some(reason),
                _ => None,
            })
        })
    }
}

/// Sends bytes and reads the reply's line.
pub(crate) fn say(connection: &mut BufReader<UnixStream>, line: &[u8]) -> Reply {
    connection.get_mut().write_all(line).unwrap();
    let mut reply = String::new();
    connection.read_line(&mut reply).unwrap();
    decode_reply(reply.as_bytes()).unwrap()
}

pub(crate) const SHOWN: Event = Event::Shown { digest: false };
pub(crate) const FOLDED: Event = Event::Shown { digest: true };

/// Where Debian's `faketime` has it, whatever the machine.
fn faketime_library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap();
    let mut libraries = folders.map(|folder| folder.unwrap().path().join("faketime/libfaketime.so.1"));
    libraries
        .find(|library| library.exists())
        .expect("Debian's package faketime is installed")
}
