//! A private desktop for tests: an X server, a session bus and a real notification service, each a
//! process of its own that ends with the value that holds it. Nothing of the machine's own session
//! is touched or seen.

#![allow(
    dead_code,
    reason = "each test program that includes this module uses a part of it"
)]

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// A display and a session bus; no notification service until one is started.
#[derive(Debug)]
pub(crate) struct Desktop {
    /// `:N`, a number that was free.
    pub(crate) display: String,
    /// The session bus's address.
    pub(crate) bus: String,
    folder: TempDir,
    _processes: [Process; 2],
}

/// A child in its own process group, killed and waited for when dropped.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> Self {
        use std::os::unix::process::CommandExt as _;
        let child = command.process_group(0).stdin(Stdio::null()).spawn();
        Self(child.unwrap_or_else(|error| panic!("{command:?} did not start: {error}")))
    }

    /// Starts it with a file as its standard input.
    pub(crate) fn start_reading(command: &mut Command, input: &Path) -> Self {
        use std::os::unix::process::CommandExt as _;
        let child = command.process_group(0).stdin(File::open(input).unwrap()).spawn();
        Self(child.unwrap_or_else(|error| panic!("{command:?} did not start: {error}")))
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Sends it a signal by name (`TERM`, `STOP`).
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success(), "SIG{name} was not sent");
    }

    /// Whether it ended, and well.
    pub(crate) fn ended(&mut self) -> Option<bool> {
        self.0.try_wait().unwrap().map(|status| status.success())
    }

    /// Ends it at once, without a chance to clean up.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks again and again until there is an answer; the deadline is generous, and only met when something is wrong.
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    const PAUSE: Duration = Duration::from_millis(50);
    for _ in 0..1_800 {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("waited 90 seconds in vain: {what}");
}

impl Desktop {
    /// Starts display and bus.
    pub(crate) fn start() -> Self {
        Self::start_with(|_| None)
    }

    /// As [`Desktop::start`]; `on_demand` is what the bus starts when notifications are first asked for.
    pub(crate) fn start_with(on_demand: impl FnOnce(&Path) -> Option<PathBuf>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (x_server, display) = first_line(Command::new("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1400x1000x24",
            "-nolisten",
            "tcp",
        ]));
        if let Some(program) = on_demand(folder.path()) {
            let services = folder.path().join("services-session");
            std::fs::create_dir(&services).unwrap();
            let service = format!(
                "[D-BUS Service]\nName=org.freedesktop.Notifications\nExec={}\n",
                program.display()
            );
            std::fs::write(services.join("notifications.service"), service).unwrap();
        }
        let (bus_daemon, bus) = start_bus(folder.path(), "session");
        Self {
            display: format!(":{display}"),
            bus,
            folder,
            _processes: [x_server, bus_daemon],
        }
    }

    /// Starts another bus, for what is not the session's.
    pub(crate) fn start_bus(&self, name: &str) -> (Process, String) {
        start_bus(self.folder(), name)
    }

    /// Makes a child live on this desktop and in UTC.
    pub(crate) fn env<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/system")
            .env("TZ", "UTC")
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env_remove("WAYLAND_DISPLAY")
    }

    /// A folder that lives as long as the desktop.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts dunst and waits until it answers.
    pub(crate) fn start_dunst(&self) -> Process {
        let config = self.folder.path().join("dunstrc");
        std::fs::write(
            &config,
            "[global]\nhistory_length = 0\n[urgency_normal]\ntimeout = 0\n",
        )
        .unwrap();
        let log = File::create(self.folder.path().join("dunst.log")).unwrap();
        let dunst = Process::start(
            self.env(&mut Command::new("dunst"))
                .arg("-config")
                .arg(&config)
                .stdout(Stdio::null())
                .stderr(log),
        );
        until("dunst to answer", || self.dunstctl(&["count"]));
        dunst
    }

    /// What `dunstctl` says; none while it cannot.
    pub(crate) fn dunstctl(&self, arguments: &[&str]) -> Option<String> {
        let output = self
            .env(&mut Command::new("dunstctl"))
            .args(arguments)
            .output()
            .unwrap();
        output
            .status
            .success()
            .then(|| String::from_utf8(output.stdout).unwrap())
    }

    /// The number of notifications on the screen.
    pub(crate) fn displayed(&self) -> Option<u32> {
        self.dunstctl(&["count", "displayed"])?.trim().parse().ok()
    }

    /// Everything that dunst ever showed and that was closed, as its JSON history.
    pub(crate) fn history_after_closing_all(&self) -> String {
        until("dunst to close all", || {
            self.dunstctl(&["close-all"])?;
            self.displayed().filter(|count| *count == 0)
        });
        self.dunstctl(&["history"]).unwrap()
    }

    /// A program that writes its arguments, one line per start, to the file beside it.
    pub(crate) fn recording_program(&self, name: &str) -> (PathBuf, PathBuf) {
        recording_program(self.folder.path(), name)
    }
}

/// See [`Desktop::recording_program`].
pub(crate) fn recording_program(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    use std::os::unix::fs::PermissionsExt as _;
    let program = folder.join(name);
    let record = program.with_extension("started");
    std::fs::write(
        &program,
        format!("#!/bin/sh\necho \"$@\" >> '{}'\n", record.display()),
    )
    .unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    (program, record)
}

/// Starts a program and reads the first line that it prints.
fn first_line(command: &mut Command) -> (Process, String) {
    let mut process = Process::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
    let mut line = String::new();
    let output = process.0.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut line).unwrap();
    assert!(!line.trim().is_empty(), "{command:?} ended before it was ready");
    (process, line.trim().to_owned())
}

/// A bus with a socket `bus-NAME` in `folder`.
fn start_bus(folder: &Path, name: &str) -> (Process, String) {
    let config = folder.join(format!("{name}.conf"));
    // Without the machine's service folders, only what a test puts there is started by being asked for.
    let rules = format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <servicedir>{}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>"#,
        folder.join(format!("bus-{name}")).display(),
        folder.join(format!("services-{name}")).display()
    );
    std::fs::write(&config, rules).unwrap();
    first_line(
        Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address=1"]),
    )
}
