//! One app per home: an OS file lock says who is first, and a socket lets a second start show the
//! first one's window. Neither needs a session bus.

use std::fs::{File, TryLockError};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use afterglow_reminders::alarms::Screen;
use interprocess::local_socket::{GenericFilePath, Listener, ListenerOptions, Stream, prelude::*};

use super::{arguments, window};

/// How often, and how long between, a first instance that is still starting is asked: 5 s in all.
const TRIES: u32 = 100;
const BETWEEN_TRIES: std::time::Duration = std::time::Duration::from_millis(50);

/// The app runs already, but its window cannot be shown.
#[derive(Debug, thiserror::Error)]
#[error("Afterglow is already open, but its window did not answer: {0}. Close it, then start again")]
pub(super) struct NoAnswer(std::io::Error);

/// What this start is to its home.
pub(super) enum Start {
    /// The first: it goes on.
    First(Instance),
    /// A later one: the first shows its window, this one ends.
    Later,
    /// It cannot be told, because the home cannot be written. The window opens and says so, when
    /// the diary cannot be opened either.
    Unknown,
}

/// The first instance; dropping it lets the next one in.
pub(super) struct Instance {
    /// None where the home's path is too long for a socket: a later start then cannot show the window.
    listener: Option<Listener>,
    lock: File,
}

impl Instance {
    /// Claims the home, or lets the instance that has it show its window.
    pub(super) fn claim(home: &Path, show: Option<Screen>) -> Result<Start, NoAnswer> {
        let lock = std::fs::create_dir_all(home).and_then(|()| File::create(home.join("app.lock")));
        let Ok(lock) = lock else {
            return Ok(Start::Unknown);
        };
        match lock.try_lock() {
            Ok(()) => Ok(Start::First(Self {
                listener: listener(home).ok(),
                lock,
            })),
            Err(TryLockError::WouldBlock) => {
                ask_first(home, show).map_err(NoAnswer)?;
                Ok(Start::Later)
            }
            Err(TryLockError::Error(_)) => Ok(Start::Unknown),
        }
    }

    /// Answers later starts for as long as the process lives.
    pub(super) fn listen(self, tauri: tauri::AppHandle) {
        std::thread::spawn(move || {
            let Self {
                listener,
                lock: _lock,
            } = self;
            for connection in listener.iter().flat_map(Listener::incoming).flatten() {
                let mut line = String::new();
                if BufReader::new(connection).read_line(&mut line).is_ok() {
                    window::raise(&tauri, arguments::screen(line.trim()));
                }
            }
            // Nobody can ask, but nobody else may start either.
            loop {
                std::thread::park();
            }
        });
    }
}

fn listener(home: &Path) -> std::io::Result<Listener> {
    let socket = socket(home);
    #[cfg(unix)]
    // Left by an instance that was killed: the lock says that none lives.
    let _ = std::fs::remove_file(&socket);
    let options = ListenerOptions::new().name(socket.as_path().to_fs_name::<GenericFilePath>()?);
    #[cfg(windows)]
    // A pipe lies in no folder that would keep others out. This list has one entry: everything, for the owner.
    let options = interprocess::os::windows::local_socket::ListenerOptionsExt::security_descriptor(
        options,
        interprocess::os::windows::security_descriptor::SecurityDescriptor::deserialize(
            widestring::u16cstr!("D:P(A;;FA;;;OW)"),
        )?,
    );
    options.create_sync()
}

fn ask_first(home: &Path, show: Option<Screen>) -> std::io::Result<()> {
    let socket = socket(home);
    let mut tried = 0;
    let mut stream = loop {
        tried += 1;
        match Stream::connect(socket.as_path().to_fs_name::<GenericFilePath>()?) {
            Err(_) if tried < TRIES => std::thread::sleep(BETWEEN_TRIES),
            connected => break connected?,
        }
    };
    let screen = show
        .map(|screen| serde_json::json!(screen))
        .and_then(|name| name.as_str().map(str::to_owned));
    writeln!(stream, "{}", screen.unwrap_or_default())
}

#[cfg(unix)]
fn socket(home: &Path) -> PathBuf {
    home.join("app.sock")
}

#[cfg(not(unix))]
fn socket(home: &Path) -> PathBuf {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    home.hash(&mut hasher);
    PathBuf::from(format!(r"\\.\pipe\afterglow-{:016x}", hasher.finish()))
}
