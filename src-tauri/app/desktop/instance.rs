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

/// Why it cannot be told whether the app runs already.
#[derive(Debug, thiserror::Error)]
pub(super) enum InstanceError {
    #[error("{path} cannot be used: {error}")]
    Io { path: PathBuf, error: std::io::Error },
    #[error("Afterglow is already open, but its window did not answer: {0}. Close it, then start again")]
    NoAnswer(std::io::Error),
}

/// The first instance; dropping it lets the next one in.
pub(super) struct Instance {
    listener: Listener,
    lock: File,
}

impl Instance {
    /// The first instance's claim; none when there is one already, which then shows its window.
    pub(super) fn claim(home: &Path, show: Option<Screen>) -> Result<Option<Self>, InstanceError> {
        let path = home.join("app.lock");
        let failed = |error| InstanceError::Io {
            path: path.clone(),
            error,
        };
        std::fs::create_dir_all(home).map_err(failed)?;
        let lock = File::create(&path).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {
                let listener = listener(home).map_err(failed)?;
                Ok(Some(Self { listener, lock }))
            }
            Err(TryLockError::WouldBlock) => {
                ask_first(home, show).map_err(InstanceError::NoAnswer)?;
                Ok(None)
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Answers later starts for as long as the process lives.
    pub(super) fn listen(self, tauri: tauri::AppHandle) {
        std::thread::spawn(move || {
            let Self { listener, lock } = self;
            for connection in listener.incoming().flatten() {
                let mut line = String::new();
                if BufReader::new(connection).read_line(&mut line).is_ok() {
                    window::raise(&tauri, arguments::screen(line.trim()));
                }
            }
            drop(lock);
        });
    }
}

fn listener(home: &Path) -> std::io::Result<Listener> {
    let socket = socket(home);
    #[cfg(unix)]
    // Left by an instance that was killed: the lock says that none lives.
    let _ = std::fs::remove_file(&socket);
    ListenerOptions::new()
        .name(socket.as_path().to_fs_name::<GenericFilePath>()?)
        .create_sync()
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
