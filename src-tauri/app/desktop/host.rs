//! The desktop's alarm host as the app sees it: `afterglow-remind`, asked over its socket and
//! started when it does not run.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use afterglow_reminders::host::{
    AlarmHost, HomeTooLong, MAX_MESSAGE_BYTES, MessageError, Reply, Request, decode_reply, encode_request,
    socket_name,
};
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
    #[error("the reminder service did not answer: {0}")]
    NoAnswer(#[from] std::io::Error),
    #[error(transparent)]
    Message(#[from] MessageError),
}

/// The way to `afterglow-remind`.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    home: PathBuf,
}

impl Host {
    /// The host whose folder is `home`.
    pub(crate) fn new(home: PathBuf) -> Self {
        Self { home }
    }

    /// Ends the service, and reminders with it. A service that does not run is left alone.
    pub(crate) fn stop(&self) {
        let host = self.clone();
        // Nobody is left to be told if it does not answer.
        let _ = in_time(move || ask(host.connect()?, Request::Quit));
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
        Self::NotRunning {
            reason: error.to_string(),
        }
    }
}
