//! Which of two services for one home goes on. The lock says that there are two; the one that has it knows whether the
//! other's session is another one, and makes room if the patient is there.
//!
//! A session that is over may leave its service behind (logind ends none by itself), with a bus and a screen that nobody
//! looks at. Whoever starts in another session therefore asks the survivor, which looks whether the newcomer's bus
//! answers. The journal and the list stay in the home, so nothing is handed over but the lock.

use std::path::Path;
use std::time::Duration;

use afterglow_reminders::session::Session;

use crate::lock::{Lock, LockError};
use crate::places::Places;
use crate::ring;

/// How often, and how long between, one that is starting or ending is looked for: 10 s in all.
const LOOKS: u32 = 200;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// What became of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Met {
    /// Nobody listens: the one that has the lock is starting, or ending.
    Nobody,
    /// It makes room.
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "no session of another system differs from another")
    )]
    Leaving,
    /// It goes on.
    Staying,
}

/// The lock of this home for a service of `session`; none when another one goes on.
pub(crate) fn lock(places: &Places, session: &Session) -> Result<Option<Lock>, LockError> {
    for _ in 0..LOOKS {
        if let Some(lock) = Lock::take(&places.lock)? {
            return Ok(Some(lock));
        }
        if meet(&places.socket, session) == Met::Staying {
            return Ok(None);
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    Ok(None)
}

#[cfg(unix)]
fn meet(socket: &Path, session: &Session) -> Met {
    use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};

    use afterglow_reminders::host::{MAX_MESSAGE_BYTES, Reply, Request, decode_reply, encode_request};
    use interprocess::local_socket::prelude::*;
    use interprocess::local_socket::{GenericFilePath, Stream};

    /// Longer than the survivor asks two buses.
    const ANSWER: Duration = Duration::from_secs(10);

    let asked = || {
        let mut stream = Stream::connect(socket.to_fs_name::<GenericFilePath>()?)?;
        stream.set_recv_timeout(Some(ANSWER))?;
        stream.set_send_timeout(Some(ANSWER))?;
        let session = session.clone();
        let question = encode_request(Request::Meet { session }).map_err(std::io::Error::other)?;
        stream.write_all(&question)?;
        let mut line = Vec::new();
        BufReader::new(stream.take(MAX_MESSAGE_BYTES as u64)).read_until(b'\n', &mut line)?;
        Ok::<_, std::io::Error>(line)
    };
    match asked() {
        Ok(line) if line.is_empty() => Met::Nobody,
        Ok(line) => match decode_reply(&line) {
            Ok(Reply::Quitting) => Met::Leaving,
            // Also one that is too old to know the question.
            _ => Met::Staying,
        },
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Met::Staying,
        Err(_) => Met::Nobody,
    }
}

/// A pipe refuses to be given a time, and no session differs from another: who listens, stays.
#[cfg(not(unix))]
fn meet(socket: &Path, _session: &Session) -> Met {
    use interprocess::local_socket::prelude::*;
    use interprocess::local_socket::{GenericFilePath, Stream};

    let name = socket.to_fs_name::<GenericFilePath>();
    match name.and_then(Stream::connect) {
        Ok(_) => Met::Staying,
        Err(_) => Met::Nobody,
    }
}

/// Whether a service of the session `own` makes room for a newcomer: never for one that could not reach the patient where
/// it can itself.
pub(crate) async fn makes_room(own: &Session, newcomer: &Session) -> bool {
    let is_seen = newcomer.has_screen() || !own.has_screen();
    if own.shares_bus_with(newcomer) {
        return is_seen && !own.covers(newcomer);
    }
    let answers = async |session: &Session| match session.bus() {
        Some(bus) => ring::answers(bus).await,
        None => false,
    };
    answers(newcomer).await && (is_seen || !answers(own).await)
}
