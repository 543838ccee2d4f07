//! The desktop's alarm host as the app sees it: `afterglow-remind`, asked over its socket and
//! started when it does not run.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use afterglow_reminders::host::{
    AlarmHost, HomeTooLong, MAX_MESSAGE_BYTES, MessageError, Reply, Request, STOPPED, decode_reply,
    encode_request, socket_name,
};
use afterglow_reminders::session::Session;
use interprocess::local_socket::{GenericFilePath, Stream, prelude::*};

/// How long one request may take.
const ANSWER: Duration = Duration::from_secs(5);

/// How often, and how long between, a starting service is asked again: 5 s in all.
const START_TRIES: u32 = 100;
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// Why the service did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HostError {
    #[error(transparent)]
    Place(#[from] HomeTooLong),
    #[error("the reminder service {path} could not be started: {error}")]
    NotStarted { path: PathBuf, error: std::io::Error },
    #[error("you stopped reminders in the panel; start them again on Today or in Settings")]
    Stopped,
    #[error("the reminder service did not answer: {0}")]
    NoAnswer(#[from] std::io::Error),
    #[error(transparent)]
    Message(#[from] MessageError),
}

/// The way to `afterglow-remind`.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    home: PathBuf,
    /// Whether this process has met the service that runs.
    has_met: Arc<AtomicBool>,
}

/// Which service runs when the app comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// None, or one that can go on; or it was met already.
    Ours,
    /// One that another release of Afterglow started: what it says may not be understood, and what it is told may not be.
    AnotherRelease,
}

impl Host {
    /// The host whose folder is `home`.
    pub(crate) fn new(home: PathBuf) -> Self {
        Self {
            home,
            has_met: Arc::default(),
        }
    }

    /// Looks which service runs, once in the life of this process: two that cannot agree must not replace each other for
    /// ever. One of a login session that is over makes room at once, and the next call starts ours.
    pub(crate) fn meet(&self) -> Met {
        if self.has_met.swap(true, Ordering::Relaxed) {
            return Met::Ours;
        }
        self.start_again();
        match self.call_running(Request::Status) {
            Ok(Reply::Status(status)) if status.is_of_this_release() => {
                let session = Session::of(|name| std::env::var(name).ok());
                self.make_room(Request::Meet { session });
                Met::Ours
            }
            // What is refused or not understood is another language.
            Ok(_) | Err(HostError::Message(_)) => Met::AnotherRelease,
            Err(_) => Met::Ours,
        }
    }

    /// Lets the next call start a service, though the patient had ended it: they opened the app, or asked for it.
    pub(crate) fn start_again(&self) {
        // Where it cannot be removed, the next call says that reminders are stopped.
        let _ = std::fs::remove_file(self.home.join(STOPPED));
    }

    /// Ends the service that runs; the next call starts ours.
    pub(crate) fn replace(&self) {
        self.make_room(Request::Quit);
    }

    /// Asks the service that runs, and waits until it no longer listens if it says that it quits. Whatever fails here is
    /// told by the next call.
    fn make_room(&self, request: Request) {
        if !matches!(self.call_running(request), Ok(Reply::Quitting)) {
            return;
        }
        for _ in 0..START_TRIES {
            if self.connect().is_err() {
                return;
            }
            std::thread::sleep(BETWEEN_TRIES);
        }
    }

    /// Asks the service that runs; an error when none does.
    fn call_running(&self, request: Request) -> Result<Reply, HostError> {
        let host = self.clone();
        in_time(move || ask(host.connect()?, request))
    }

    /// Ends the service, and reminders with it. A service that does not run is left alone.
    pub(crate) fn stop(&self) {
        // Nobody is left to be told if it does not answer.
        let _ = self.call_running(Request::Quit);
    }

    fn connect(&self) -> Result<Stream, HostError> {
        let socket = socket_name(&self.home)?;
        let stream = Stream::connect(socket.as_path().to_fs_name::<GenericFilePath>()?)?;
        #[cfg(unix)]
        {
            stream.set_recv_timeout(Some(ANSWER))?;
            stream.set_send_timeout(Some(ANSWER))?;
        }
        Ok(stream)
    }

    fn connect_or_start(&self) -> Result<Stream, HostError> {
        if let Ok(stream) = self.connect() {
            return Ok(stream);
        }
        if self.home.join(STOPPED).exists() {
            return Err(HostError::Stopped);
        }
        self.start()?;
        let mut tried = 0;
        loop {
            std::thread::sleep(BETWEEN_TRIES);
            tried += 1;
            match self.connect() {
                Err(HostError::NoAnswer(_)) if tried < START_TRIES => {}
                answer => return answer,
            }
        }
    }

    /// The service's program, and what it is called with.
    pub(super) fn program(&self) -> Result<(PathBuf, [PathBuf; 4]), HostError> {
        let app = std::env::current_exe()?;
        let service = beside(&app);
        Ok((service, ["--home".into(), self.home.clone(), "--app".into(), app]))
    }

    /// Starts the service as a process that outlives this one.
    fn start(&self) -> Result<(), HostError> {
        let (service, arguments) = self.program()?;
        let mut command = Command::new(&service);
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        #[cfg(unix)]
        // Its own process group: closing the app's terminal must not end reminders.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .spawn()
            .map_err(|error| HostError::NotStarted { path: service, error })?;
        // The service that lost the race for the lock ends at once; somebody has to wait for it.
        std::thread::spawn(move || child.wait());
        Ok(())
    }
}

impl AlarmHost for Host {
    type Error = HostError;

    const CAPACITY: usize = 2_000;

    fn call(&self, request: Request) -> Result<Reply, HostError> {
        let host = self.clone();
        in_time(move || ask(host.connect_or_start()?, request))
    }
}

/// A Unix socket keeps the time itself.
#[cfg(unix)]
fn in_time<T>(talk: impl FnOnce() -> Result<T, HostError>) -> Result<T, HostError> {
    talk()
}

/// A pipe refuses to be given a time. A thread waits for it instead; when the service hangs, it is left behind until
/// the service ends.
#[cfg(not(unix))]
fn in_time<T: Send + 'static>(
    talk: impl FnOnce() -> Result<T, HostError> + Send + 'static,
) -> Result<T, HostError> {
    let (done, answer) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        // Nobody waits any more when it took too long.
        let _ = done.send(talk());
    });
    // To start it may take as long again.
    answer
        .recv_timeout(ANSWER * 2)
        .unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))
}

fn ask(mut stream: Stream, request: Request) -> Result<Reply, HostError> {
    stream.write_all(&encode_request(request)?)?;
    let mut line = Vec::new();
    let most = u64::try_from(MAX_MESSAGE_BYTES).unwrap_or(u64::MAX);
    BufReader::new(stream.take(most)).read_until(b'\n', &mut line)?;
    Ok(decode_reply(&line)?)
}

fn beside(app: &Path) -> PathBuf {
    app.with_file_name(format!("afterglow-remind{}", std::env::consts::EXE_SUFFIX))
}

impl From<HostError> for crate::wire::ReminderHealth {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Stopped => Self::Stopped,
            error => Self::NotRunning {
                reason: error.to_string(),
            },
        }
    }
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::thread::JoinHandle;

    use super::*;

    /// A service as far as the app's first words go; the requests that it heard, until it was told to quit or nobody asked
    /// any more. Other releases cannot be built here, so their answers are written down.
    fn service(home: &Path, status: String, quits_when_met: bool) -> JoinHandle<Vec<String>> {
        let socket = socket_name(home).unwrap();
        let listener = UnixListener::bind(&socket).unwrap();
        std::thread::spawn(move || {
            let mut heard = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut line = String::new();
                BufReader::new(stream.try_clone().unwrap())
                    .read_line(&mut line)
                    .unwrap();
                let request = ["status", "meet", "quit"]
                    .into_iter()
                    .find(|word| line.contains(word));
                let word = request.unwrap_or("end").to_owned();
                let reply = match word.as_str() {
                    "status" => status.as_str(),
                    "meet" if !quits_when_met => "\"accepted\"",
                    "meet" | "quit" => "\"quitting\"",
                    _ => return heard,
                };
                writeln!(stream, "{reply}").unwrap();
                heard.push(word);
                if reply == "\"quitting\"" {
                    break;
                }
            }
            std::fs::remove_file(socket).unwrap();
            heard
        })
    }

    fn status(release: &str, protocol: u16) -> String {
        let status = afterglow_reminders::host::HostStatus {
            since: "2027-01-01T12:00:00Z".parse().unwrap(),
            armed: 0,
            next: None,
            server: None,
            failure: None,
            last_shown: None,
            actions: None,
            paused_until: None,
            damage: Vec::new(),
            release: release.to_owned(),
            protocol,
        };
        serde_json::to_string(&Reply::Status(status)).unwrap()
    }

    #[test]
    fn a_service_of_another_release_is_told_from_ours_and_one_of_an_old_session_makes_room() {
        use afterglow_reminders::host::{PROTOCOL, RELEASE};
        let refused = r#"{"refused":{"reason":"the message has protocol 3, expected 2"}}"#.to_owned();
        for (name, answer, quits, met, heard) in [
            (
                "ours",
                status(RELEASE, PROTOCOL),
                false,
                Met::Ours,
                &["status", "meet"][..],
            ),
            (
                "of an old session",
                status(RELEASE, PROTOCOL),
                true,
                Met::Ours,
                &["status", "meet"],
            ),
            (
                "an older one",
                status("0.0.1", PROTOCOL),
                false,
                Met::AnotherRelease,
                &["status", "quit"],
            ),
            (
                "another language",
                status(RELEASE, PROTOCOL + 1),
                false,
                Met::AnotherRelease,
                &["status", "quit"],
            ),
            (
                "one that refuses",
                refused,
                false,
                Met::AnotherRelease,
                &["status", "quit"],
            ),
            (
                "one that is not understood",
                "{\"state\":1}".to_owned(),
                false,
                Met::AnotherRelease,
                &["status", "quit"],
            ),
        ] {
            let home = tempfile::tempdir().unwrap();
            let service = service(home.path(), answer, quits);
            let host = Host::new(home.path().to_owned());
            assert_eq!(host.meet(), met, "{name}");
            if met == Met::AnotherRelease {
                host.replace();
            }
            assert_eq!(host.meet(), Met::Ours, "{name}: once in the life of a process");
            if let Ok(mut stream) = host.connect() {
                stream.write_all(b"end\n").unwrap();
            }
            assert_eq!(service.join().unwrap(), heard, "{name}");
        }
    }

    #[test]
    fn what_the_patient_ended_is_not_started_until_they_open_the_app_or_ask_for_it() {
        let home = tempfile::tempdir().unwrap();
        let stop = || std::fs::write(home.path().join(STOPPED), "").unwrap();
        let host = Host::new(home.path().to_owned());
        // No service lies beside this test, so a start is an error of its own.
        let tried = || host.call(Request::Status).unwrap_err();
        stop();
        host.meet();
        assert!(
            matches!(tried(), HostError::NotStarted { .. }),
            "the app was opened"
        );
        stop();
        for _ in 0..2 {
            host.meet();
            assert!(matches!(tried(), HostError::Stopped), "the window stayed open");
        }
        assert_eq!(
            crate::wire::ReminderHealth::from(tried()),
            crate::wire::ReminderHealth::Stopped
        );
        host.start_again();
        assert!(
            matches!(tried(), HostError::NotStarted { .. }),
            "they asked for it"
        );
    }

    #[test]
    fn where_nobody_listens_nobody_is_asked() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(Host::new(home.path().to_owned()).meet(), Met::Ours);
    }
}
