//! The private local socket: one JSON line in, one JSON line out, as long as the other side likes.
//!
//! Every connection has its own task and its own limits, so that whoever sends half a message, or
//! never reads, keeps nobody waiting but itself.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use afterglow_reminders::host::{
    MAX_MESSAGE_BYTES, MessageError, Reply, Request, decode_request, encode_reply,
};
use interprocess::local_socket::tokio::prelude::*;
use interprocess::local_socket::tokio::{Listener, Stream};
use interprocess::local_socket::{GenericFilePath, ListenerOptions};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use crate::service::Event;
use crate::{clock, log};

/// The most connections at once; the app has one. Others wait.
const MAX_CONNECTIONS: usize = 16;

/// How long a connection may say nothing.
const IDLE: Duration = Duration::from_mins(1);

/// How long a message that was begun may take to end, and how long an answer may wait to be read.
const SLOW: Duration = Duration::from_secs(10);

/// The most messages in one [`WINDOW`], from all connections together. A sync of the app takes four.
const MAX_MESSAGES: u32 = 200;

/// Over which time messages are counted.
const WINDOW: Duration = Duration::from_secs(1);

/// The open socket.
#[derive(Debug)]
pub(crate) struct Door {
    accepting: JoinHandle<()>,
}

/// The socket could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("the socket {} cannot be opened ({source}); remove what lies there, or choose another home", path.display())]
pub(crate) struct SocketError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// Listens for this account alone. A socket that a killed service left is replaced: the caller
/// holds the lock, so nobody lives behind it.
pub(crate) fn open(path: &Path, events: mpsc::Sender<Event>) -> Result<Door, SocketError> {
    let listener = listen(path).map_err(|source| SocketError {
        path: path.to_owned(),
        source,
    })?;
    let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let counter = Arc::<Counter>::default();
    let accepting = tokio::spawn(async move {
        // Never closed, so this waits for a free place and nothing else.
        while let Ok(place) = free.clone().acquire_owned().await {
            match listener.accept().await {
                Ok(stream) => {
                    let (events, counter) = (events.clone(), counter.clone());
                    tokio::spawn(async move {
                        converse(stream, &events, &counter).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    log::failure(&format_args!("a connection was not accepted: {error}"));
                    // Out of file descriptors, most likely: asking again at once would only spin.
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    });
    Ok(Door { accepting })
}

fn listen(path: &Path) -> io::Result<Listener> {
    let options = ListenerOptions::new()
        .name(path.to_fs_name::<GenericFilePath>()?)
        .try_overwrite(true)
        .max_spin_time(Duration::from_secs(1));
    #[cfg(target_os = "linux")]
    let options = interprocess::os::unix::local_socket::ListenerOptionsExt::mode(options, 0o600);
    #[cfg(windows)]
    let options = interprocess::os::windows::local_socket::ListenerOptionsExt::security_descriptor(
        options,
        owner_alone()?,
    );
    options.create_tokio()
}

/// A pipe lies in no folder that would keep others out, and by itself Windows lets every account read from it: they
/// could take its places, though they could ask nothing. This list has one entry: everything, for the owner.
#[cfg(windows)]
fn owner_alone() -> io::Result<interprocess::os::windows::security_descriptor::SecurityDescriptor> {
    let list = widestring::u16cstr!("D:P(A;;FA;;;OW)");
    interprocess::os::windows::security_descriptor::SecurityDescriptor::deserialize(list)
}

impl Door {
    /// Closes the socket and removes its file.
    pub(crate) async fn close(self) {
        self.accepting.abort();
        // Always "cancelled"; afterwards the listener is dropped and with it the file.
        let _ = self.accepting.await;
    }
}

/// How many messages came in the window that runs.
#[derive(Debug, Default)]
struct Counter(Mutex<Option<(Instant, u32)>>);

impl Counter {
    /// Counts one more at `now`; how long until the window ends when that was one too many.
    fn is_too_many(&self, now: Instant) -> Option<Duration> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (began, count) = window
            .filter(|(began, _)| now - *began < WINDOW)
            .unwrap_or((now, 0));
        *window = Some((began, count + 1));
        (count >= MAX_MESSAGES).then(|| WINDOW.saturating_sub(now - began))
    }
}

async fn converse(stream: Stream, events: &mpsc::Sender<Event>, counter: &Counter) {
    let mut reader = BufReader::new(&stream);
    let mut writer = &stream;
    while let Some(line) = next_line(&mut reader).await {
        let request = line.and_then(|line| decode_request(&line).map_err(Wrong::Message));
        // What follows a message that was too long or too slow is its rest, not the next one.
        let is_last = matches!(
            request,
            Err(Wrong::Slow | Wrong::Message(MessageError::TooLong { .. }))
        );
        let too_many = counter.is_too_many(clock::monotonic());
        let reply = match request {
            _ if too_many.is_some() => refused(&Wrong::TooMany),
            Ok(request) => ask(events, request).await,
            Err(error) => refused(&error),
        };
        let line = encode_reply(&reply).or_else(|error| encode_reply(&refused(&Wrong::Message(error))));
        let Ok(line) = line else { return };
        let sent = timeout(SLOW, async {
            writer.write_all(&line).await?;
            writer.flush().await
        });
        let is_sent = matches!(sent.await, Ok(Ok(())));
        if reply == Reply::Quitting {
            let _ = events.send(Event::Stop).await;
            return;
        }
        if !is_sent || is_last {
            return;
        }
        if let Some(rest) = too_many {
            tokio::time::sleep(rest).await;
        }
    }
}

/// What cannot be answered as it should be.
#[derive(Debug, thiserror::Error)]
enum Wrong {
    #[error(transparent)]
    Message(MessageError),
    #[error("the message did not end within {} seconds; send it in one piece", SLOW.as_secs())]
    Slow,
    #[error("more than {MAX_MESSAGES} messages came within a second; wait, and ask less often")]
    TooMany,
}

/// The next line, whole or cut at the end of what the other side sent; none when there is none.
async fn next_line(reader: &mut BufReader<&Stream>) -> Option<Result<Vec<u8>, Wrong>> {
    let begun = timeout(IDLE, reader.fill_buf()).await;
    if !begun.is_ok_and(|begun| begun.is_ok_and(|bytes| !bytes.is_empty())) {
        return None;
    }
    let mut line = Vec::new();
    let limit = MAX_MESSAGE_BYTES as u64 + 1;
    match timeout(SLOW, reader.take(limit).read_until(b'\n', &mut line)).await {
        Ok(Ok(_)) => Some(Ok(line)),
        Ok(Err(_)) => None,
        Err(_) => Some(Err(Wrong::Slow)),
    }
}

async fn ask(events: &mpsc::Sender<Event>, request: Request) -> Reply {
    let (answer, reply) = oneshot::channel();
    let is_newcomer = matches!(request, Request::Meet { .. });
    let stopped = || {
        if is_newcomer {
            return Reply::Quitting;
        }
        let reason = "the reminder service is ending; start it again".to_owned();
        Reply::Refused { reason }
    };
    let request = Box::new(request);
    if events.send(Event::Asked { request, answer }).await.is_err() {
        return stopped();
    }
    reply.await.unwrap_or_else(|_| stopped())
}

fn refused(error: &Wrong) -> Reply {
    Reply::Refused {
        reason: error.to_string(),
    }
}
