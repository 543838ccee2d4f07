//! The alarm host's port: the messages between the app and whoever holds the alarms.
//!
//! On a desktop they are JSON lines on a private local socket; a phone's plugin takes the same values.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::alarms::{Act, AlarmList};
use crate::journal::Entry;
use crate::session::Session;

/// The version of these messages. A host refuses others by name, but for what ends it: [`Request::Status`],
/// [`Request::Journal`] and [`Request::Quit`] pass whatever the version, so that a newer app can take over from an older
/// host. Their shapes never change.
pub const PROTOCOL: u16 = 3;

/// The release that app and host were built as.
pub const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// The longest message that either side reads, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;

/// A request with the version of its language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// [`PROTOCOL`].
    pub protocol: u16,
    /// What is asked.
    pub request: Request,
}

/// What the app asks of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time exists, and the large one is the common one"
)]
pub enum Request {
    /// Keep this list in place of the one before.
    Arm(AlarmList),
    /// The journal's entries whose `seq` is greater.
    Journal {
        /// 0 for all.
        after: u64,
    },
    /// How the host is.
    Status,
    /// What the patient did about an alarm of the list.
    Act {
        /// The alarm's key.
        key: String,
        /// What was done.
        act: Act,
    },
    /// Show a notification now, so that the patient can say whether it was seen.
    Test,
    /// Show nothing that can wait until then.
    Pause {
        /// At most [`MAX_PAUSE`] ahead; none to go on.
        until: Option<DateTime<Utc>>,
    },
    /// Drop list and journal: the diary was erased.
    Forget,
    /// The diary has every entry up to here, so the journal may be shortened.
    Drained {
        /// The journal's name; another one's is left alone.
        journal: String,
        /// The newest entry that the diary has.
        seq: u64,
    },
    /// Somebody started in this session. A host of a session that is over answers [`Reply::Quitting`] and makes room; one
    /// that can reach the patient stays, with [`Reply::Accepted`].
    Meet {
        /// The newcomer's.
        session: Session,
    },
    /// Stop; reminders end with it.
    Quit,
}

/// The longest pause.
pub const MAX_PAUSE: TimeDelta = TimeDelta::days(7);

/// What the host answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The list is kept, durably.
    Armed {
        /// How many alarms it has.
        count: usize,
    },
    /// Entries in order.
    Journal {
        /// Identifies the journal: another one counts from 1 again.
        journal: String,
        /// At most 1,000; ask again after the last.
        entries: Vec<Entry>,
    },
    /// How the host is.
    Status(HostStatus),
    /// [`Request::Act`], [`Request::Test`], [`Request::Pause`], [`Request::Forget`] or
    /// [`Request::Drained`] was carried out, durably; a test is on the screen.
    Accepted,
    /// It stops after this answer.
    Quitting,
    /// The request could not be carried out.
    Refused {
        /// Why, and what to do.
        reason: String,
    },
}

/// How a host is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostStatus {
    /// Since when it runs.
    pub since: DateTime<Utc>,
    /// How many alarms it still holds.
    pub armed: usize,
    /// When the next one rings.
    pub next: Option<DateTime<Utc>>,
    /// The notification server's name and version, when one answered.
    pub server: Option<String>,
    /// Why nothing can be shown or written: that no notification server answers, or the newest failure, until one
    /// answers and one write succeeds.
    pub failure: Option<String>,
    /// When a reminder was last shown.
    pub last_shown: Option<DateTime<Utc>>,
    /// Whether the notification server has buttons, when one answered.
    pub actions: Option<bool>,
    /// Until when nothing that can wait is shown.
    pub paused_until: Option<DateTime<Utc>>,
    /// What was found damaged on disk, one sentence each, until it was told and a list armed anew.
    pub damage: Vec<String>,
    /// The host's [`RELEASE`]; empty from one that did not say it yet.
    #[serde(default)]
    pub release: String,
    /// The host's [`PROTOCOL`]; 0 from one that did not say it yet.
    #[serde(default)]
    pub protocol: u16,
}

impl HostStatus {
    /// Whether the host was built with this program.
    pub fn is_of_this_release(&self) -> bool {
        (self.release.as_str(), self.protocol) == (RELEASE, PROTOCOL)
    }
}

/// Whoever holds the alarms. Calls block until the host has answered (bounded by the implementation).
pub trait AlarmHost {
    /// Why a call had no answer.
    type Error: std::error::Error;

    /// The most alarms that this host keeps (iOS 56, Android 400, desktop 2,000).
    const CAPACITY: usize;

    /// Asks, and waits for the answer.
    fn call(&self, request: Request) -> Result<Reply, Self::Error>;
}

/// The most entries in one [`Reply::Journal`].
pub const MAX_JOURNAL_ENTRIES: usize = 1_000;

/// Why bytes are not a message, or a message not a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// More than [`MAX_MESSAGE_BYTES`].
    #[error("the message has {bytes} bytes, at most {MAX_MESSAGE_BYTES} are read; send a shorter one")]
    TooLong {
        /// Its length, as far as it was read.
        bytes: usize,
    },
    /// Not JSON of the expected shape.
    #[error("the message is not understood ({reason}); send one JSON line as this release writes it")]
    Malformed {
        /// What the parser said.
        reason: String,
    },
    /// The other side speaks another version.
    #[error(
        "the message has protocol {found}, expected {PROTOCOL}; install app and reminder service of the same release"
    )]
    OtherProtocol {
        /// Its version.
        found: u64,
    },
}

/// A request as one line, newline included.
pub fn encode_request(request: Request) -> Result<Vec<u8>, MessageError> {
    line(&Envelope {
        protocol: PROTOCOL,
        request,
    })
}

/// The request in a line (with or without its newline). The version is looked at first, so that a
/// newer app hears of it and not of a field that is unknown here.
pub fn decode_request(line: &[u8]) -> Result<Request, MessageError> {
    #[derive(Deserialize)]
    struct Version {
        protocol: u64,
    }
    let Version { protocol } = parse(line)?;
    if protocol != u64::from(PROTOCOL) {
        return of_any_protocol(line).ok_or(MessageError::OtherProtocol { found: protocol });
    }
    parse::<Envelope>(line).map(|envelope| envelope.request)
}

/// What may be asked in any version, with whatever else that version has around it.
fn of_any_protocol(line: &[u8]) -> Option<Request> {
    #[derive(Deserialize)]
    struct Around {
        request: Request,
    }
    let Around { request } = parse(line).ok()?;
    let passes = matches!(request, Request::Status | Request::Journal { .. } | Request::Quit);
    passes.then_some(request)
}

/// A reply as one line, newline included.
pub fn encode_reply(reply: &Reply) -> Result<Vec<u8>, MessageError> {
    line(reply)
}

/// The reply in a line (with or without its newline).
pub fn decode_reply(line: &[u8]) -> Result<Reply, MessageError> {
    parse(line)
}

fn line<T: Serialize>(message: &T) -> Result<Vec<u8>, MessageError> {
    let mut bytes = serde_json::to_vec(message).map_err(|error| malformed(&error))?;
    bytes.push(b'\n');
    within_limit(&bytes)?;
    Ok(bytes)
}

fn parse<T: DeserializeOwned>(line: &[u8]) -> Result<T, MessageError> {
    within_limit(line)?;
    serde_json::from_slice(line).map_err(|error| malformed(&error))
}

fn within_limit(line: &[u8]) -> Result<(), MessageError> {
    if line.len() > MAX_MESSAGE_BYTES {
        return Err(MessageError::TooLong { bytes: line.len() });
    }
    Ok(())
}

fn malformed(error: &serde_json::Error) -> MessageError {
    MessageError::Malformed {
        reason: error.to_string(),
    }
}

/// The system would cut or refuse the socket's path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the path of the reminder service's socket has {bytes} bytes, at most {MAX_SOCKET_PATH_BYTES} are allowed; \
     choose a shorter folder than {}",
    home.display()
)]
pub struct HomeTooLong {
    /// The folder.
    pub home: PathBuf,
    /// The socket's path in bytes.
    pub bytes: usize,
}

/// The file in the host's folder that says that the patient ended reminders. A host that starts removes it; until then the
/// app starts none by itself.
pub const STOPPED: &str = "stopped";

/// What every Unix accepts for a socket's path (104 bytes with the closing zero).
pub const MAX_SOCKET_PATH_BYTES: usize = 103;

/// The name of the service's socket: a file in `home` on Unix, a named pipe elsewhere. Both are
/// given to `interprocess` as `GenericFilePath`. `home` must be absolute and spelled alike on both
/// sides; this function asks the file system nothing.
pub fn socket_name(home: &Path) -> Result<PathBuf, HomeTooLong> {
    let spelled = home.as_os_str().as_encoded_bytes();
    if cfg!(windows) {
        return Ok(PathBuf::from(format!(
            r"\\.\pipe\afterglow-remind-{:08x}",
            crc32fast::hash(spelled)
        )));
    }
    let path = home.join("remind.sock");
    let bytes = path.as_os_str().as_encoded_bytes().len();
    if bytes > MAX_SOCKET_PATH_BYTES {
        return Err(HomeTooLong {
            home: home.to_owned(),
            bytes,
        });
    }
    Ok(path)
}
