//! The private local socket: one JSON line in, one JSON line out, as long as the other side likes.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use afterglow_reminders::host::{
    MAX_MESSAGE_BYTES, MessageError, Reply, Request, decode_request, encode_reply,
};
use interprocess::local_socket::tokio::prelude::*;
use interprocess::local_socket::tokio::{Listener, Stream};
use interprocess::local_socket::{GenericFilePath, ListenerOptions};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::log;
use crate::service::Event;

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
    let accepting = tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok(stream) => {
                    tokio::spawn(converse(stream, events.clone()));
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
    options.create_tokio()
}

impl Door {
    /// Closes the socket and removes its file.
    pub(crate) async fn close(self) {
        self.accepting.abort();
        // Always "cancelled"; afterwards the listener is dropped and with it the file.
        let _ = self.accepting.await;
    }
}

async fn converse(stream: Stream, events: mpsc::Sender<Event>) {
    let mut reader = BufReader::new(&stream);
    let mut writer = &stream;
    loop {
        let mut line = Vec::new();
        let limit = MAX_MESSAGE_BYTES as u64 + 1;
        match (&mut reader).take(limit).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let request = decode_request(&line);
        let is_last = matches!(request, Ok(Request::Quit) | Err(MessageError::TooLong { .. }));
        let reply = match request {
            Ok(request) => ask(&events, request).await,
            Err(error) => refused(&error),
        };
        let line = encode_reply(&reply).or_else(|error| encode_reply(&refused(&error)));
        let Ok(line) = line else { return };
        let sent = writer.write_all(&line).await.and(writer.flush().await);
        if reply == Reply::Quitting {
            let _ = events.send(Event::Stop).await;
        }
        // What follows a message that was too long is its rest, not the next one.
        if sent.is_err() || is_last {
            return;
        }
    }
}

async fn ask(events: &mpsc::Sender<Event>, request: Request) -> Reply {
    let (answer, reply) = oneshot::channel();
    let stopped = || Reply::Refused {
        reason: "the reminder service is ending; start it again".to_owned(),
    };
    if events.send(Event::Asked { request, answer }).await.is_err() {
        return stopped();
    }
    reply.await.unwrap_or_else(|_| stopped())
}

fn refused(error: &MessageError) -> Reply {
    Reply::Refused {
        reason: error.to_string(),
    }
}
