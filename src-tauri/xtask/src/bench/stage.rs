//! A private screen with a session bus that starts nothing by itself, and programs shown on it one after the other.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::Measured;
use super::memory::{Memory, marked};
use super::screen::{Screen, Size};
use crate::run::private_folder;
use crate::step::Failure;

/// Room for a phone's window and for the two panes of a desk's.
const SCREEN: &str = "1280x1000x24";
/// Long enough for a slow machine; a window that shows nothing by then is a fault.
const PATIENCE: Duration = Duration::from_secs(45);
/// How often the screen is looked at, which is also how fine first paint is measured.
const GLANCE: Duration = Duration::from_millis(2);
/// From first paint until memory is read: by then caches are filled and start-up's helpers gone.
const SETTLING: Duration = Duration::from_secs(3);

/// No folder of service files: nothing of the machine's own desktop (a keyring, a portal) answers or asks.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"#;

/// The screen and the folder that everything shown on it keeps its files in.
pub(super) struct Stage {
    folder: PathBuf,
    display: String,
    screen: Child,
}

impl Stage {
    /// Starts the screen.
    pub(super) fn open() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("afterglow-bench-{}", std::process::id()));
        private_folder(&folder)?;
        fs::write(folder.join("bus.conf"), BUS)
            .map_err(|error| failed("writing the bus's configuration", &error))?;
        let mut command = Command::new("Xvfb");
        command
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                SCREEN,
                "-nolisten",
                "tcp",
                "-noreset",
                "-fbdir",
            ])
            .arg(&folder);
        let (screen, number) = start_and_ask(&mut command)?;
        Ok(Self {
            folder,
            display: format!(":{number}"),
            screen,
        })
    }

    /// Starts a program with an empty home, waits for its first paint, reads its memory, and ends it.
    pub(super) fn show(&self, program: &Path, arguments: &[String]) -> Result<Measured, Failure> {
        self.act(program, arguments, None, |command, home| {
            self.watch(command, home)
        })
    }

    /// As [`Self::show`], with a home whose diary is a copy of what lies in a folder.
    pub(super) fn show_with(&self, program: &Path, diary: &Path) -> Result<Measured, Failure> {
        self.act(program, &[], Some(diary), |command, home| {
            self.watch(command, home)
        })
    }

    /// A folder for files that one of the programs makes.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The memory of a program without a window, as long after its start as a window's after its first paint.
    pub(super) fn rest(&self, program: &Path, arguments: &[String]) -> Result<Memory, Failure> {
        self.act(program, arguments, None, |command, home| {
            let mark = mark(home);
            let mut child = start(command)?;
            std::thread::sleep(SETTLING);
            let ended = child.try_wait().ok().flatten();
            let memory = Memory::of(&marked(&mark), child.id());
            end(&mut child);
            end_all(&mark);
            match ended {
                Some(status) => Err(Failure::new(format!("the program ended by itself ({status})"))),
                None => Ok(memory),
            }
        })
    }

    fn act<T>(
        &self,
        program: &Path,
        arguments: &[String],
        diary: Option<&Path>,
        watch: impl FnOnce(&mut Command, &Path) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let home = self.folder.join("home");
        private_folder(&home)?;
        if let Some(diary) = diary {
            copy(diary, &home.join("diary"))?;
        }
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--nofork", "--nosyslog", "--print-address=1"])
            .arg(format!(
                "--config-file={}",
                self.folder.join("bus.conf").display()
            ));
        let (mut bus, address) = start_and_ask(&mut bus)?;
        let seen = watch(&mut self.actor(program, arguments, &home, &address), &home);
        end(&mut bus);
        fs::remove_dir_all(&home).map_err(|error| failed("removing the home that was used", &error))?;
        seen
    }

    fn actor(&self, program: &Path, arguments: &[String], home: &Path, bus: &str) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
        let of_the_desktop = [
            "WAYLAND_DISPLAY",
            "XDG_DATA_HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
        ];
        // Cargo put the compiler's own libraries there for this program.
        for unwanted in of_the_desktop.into_iter().chain(["LD_LIBRARY_PATH"]) {
            command.env_remove(unwanted);
        }
        for own in ["AFTERGLOW_HOME", "HOME", "XDG_RUNTIME_DIR"] {
            command.env(own, home);
        }
        command
            .env("DISPLAY", &self.display)
            .env("GDK_BACKEND", "x11")
            .env("DBUS_SESSION_BUS_ADDRESS", bus)
            // The accessibility bus belongs to the desktop and runs long before any app.
            .env("NO_AT_BRIDGE", "1");
        command
    }

    fn watch(&self, command: &mut Command, home: &Path) -> Result<Measured, Failure> {
        let mark = mark(home);
        let mut screen = Screen::open(&self.folder.join("Xvfb_screen0"))
            .map_err(|error| failed("opening the screen", &error))?;
        let since = Instant::now();
        let mut child = start(command)?;
        let painted = first_paint(&mut screen, since, &mut child);
        let measured = painted.map(|(paint, window)| {
            std::thread::sleep(SETTLING);
            Measured {
                paint,
                window,
                memory: Memory::of(&marked(&mark), child.id()),
            }
        });
        end(&mut child);
        end_all(&mark);
        self.wait_until_empty(&mut screen)?;
        measured
    }

    /// The next program must not be credited with this one's last picture.
    fn wait_until_empty(&self, screen: &mut Screen) -> Result<(), Failure> {
        let since = Instant::now();
        while screen
            .painted()
            .map_err(|error| failed("reading the screen", &error))?
            .is_some()
        {
            if since.elapsed() > PATIENCE {
                return Err(Failure::new(format!(
                    "a window stays on the screen {} after its end",
                    self.display
                )));
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        end(&mut self.screen);
        // The folder lies among temporary files; what cannot be removed now is removed with them.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Copies the files of a folder into a new one.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    private_folder(to)?;
    let copied = fs::read_dir(from).and_then(|entries| {
        for entry in entries {
            let file = entry?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), to.join(file.file_name()))?;
            }
        }
        Ok(())
    });
    copied.map_err(|error| failed("copying the diary", &error))
}

/// What only the program and whatever it starts carry in their environment.
fn mark(home: &Path) -> String {
    format!("AFTERGLOW_HOME={}", home.display())
}

fn start(command: &mut Command) -> Result<Child, Failure> {
    command
        .spawn()
        .map_err(|error| failed("starting the program", &error))
}

fn first_paint(screen: &mut Screen, since: Instant, child: &mut Child) -> Result<(Duration, Size), Failure> {
    loop {
        if let Some(window) = screen
            .painted()
            .map_err(|error| failed("reading the screen", &error))?
        {
            return Ok((since.elapsed(), window));
        }
        if let Ok(Some(status)) = child.try_wait() {
            return Err(Failure::new(format!(
                "the program ended before it showed anything ({status})"
            )));
        }
        if since.elapsed() > PATIENCE {
            return Err(Failure::new(format!(
                "nothing was painted within {} s",
                PATIENCE.as_secs()
            )));
        }
        std::thread::sleep(GLANCE);
    }
}

/// Starts a server that prints one line once it is ready, and returns that line.
fn start_and_ask(command: &mut Command) -> Result<(Child, String), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(&format!("starting {name}"), &error))?;
    let mut line = String::new();
    if let Some(output) = child.stdout.take() {
        // What is missing then is found out below.
        let _ = BufReader::new(output).read_line(&mut line);
    }
    if line.trim().is_empty() {
        end(&mut child);
        return Err(Failure::new(format!("{name} did not say that it is ready")));
    }
    Ok((child, line.trim().to_owned()))
}

fn end(child: &mut Child) {
    // Both fail only when it has ended already.
    let _ = child.kill();
    let _ = child.wait();
}

/// Ends what the program left running, by the mark in its environment, and waits until all are gone.
fn end_all(mark: &str) {
    let since = Instant::now();
    loop {
        let left = marked(mark);
        if left.is_empty() || since.elapsed() > PATIENCE {
            return;
        }
        for process in left {
            let _ = Command::new("kill")
                .args(["-KILL", &process.to_string()])
                .stderr(Stdio::null())
                .status();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn failed(doing: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!("{doing}: {error}"))
}
