//! Every flow on a disk that fails: at the n-th call that changes the folder the process is killed, the call
//! is refused, or half of it is done. Afterwards the data are as before or as after, and the diary opens.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use afterglow_diary::{Access, Credential, Diary, KeyError, OpenError, Opened};

use crate::flows::{FIRST, Flow, SECOND, probe};
use crate::seed::Seed;
use crate::{Outcome, Scale, block_on, child, copied, open_with_notes, parallel, raw};

/// What happens at the n-th call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// The process is killed before the call.
    Kill,
    /// Half is written, then the process is killed.
    Torn,
    /// Half is written, and the call says so.
    Short,
    /// An I/O error, once.
    Eio,
    /// The disk is full from here on.
    Full,
}

impl How {
    const ALL: [Self; 5] = [Self::Kill, Self::Torn, Self::Short, Self::Eio, Self::Full];

    fn word(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    fn kills(self) -> bool {
        matches!(self, Self::Kill | Self::Torn)
    }
}

/// How the child says what became of the flow.
const DONE: u8 = 0;
const REFUSED: u8 = 3;
const REFUSED_FOR_GOOD: u8 = 4;

pub(crate) fn run(scale: Scale) -> Outcome {
    let mut outcome = Outcome::default();
    if !cfg!(target_os = "linux") {
        outcome.say("skipped: a failing disk is made with LD_PRELOAD, on Linux only".to_owned());
        return outcome;
    }
    let workshop = tempfile::tempdir().expect("a folder");
    let shim = compiled(workshop.path());
    let flows = parallel(&Flow::ALL, |flow| Prepared::of(*flow, &shim));
    let mut jobs = Vec::new();
    for (flow, prepared) in flows.iter().enumerate() {
        // A passphrase costs half a second each time that it is tried.
        let ways = if prepared.flow.is_slow() {
            scale.pick(&[How::Kill, How::Full][..], &How::ALL)
        } else {
            &How::ALL
        };
        for &how in ways {
            for at in points(prepared.calls, scale, flow as u64) {
                jobs.push((flow, how, at));
            }
        }
    }
    let results = parallel(&jobs, |(flow, how, at)| {
        let flow = &flows[*flow];
        flow.broken(&shim, *how, *at)
            .map_err(|fault| format!("{:?}, {how:?} at call {at} of {}: {fault}", flow.flow, flow.calls))
    });
    let total = results.len();
    let (mut before, mut after) = (0, 0);
    for result in results {
        match result {
            Ok(Left::AsBefore) => before += 1,
            Ok(Left::AsAfter) => after += 1,
            Err(fault) => outcome.faults.push(fault),
        }
    }
    let counts: Vec<String> = flows
        .iter()
        .map(|flow| format!("{:?} {}", flow.flow, flow.calls))
        .collect();
    outcome.say(format!(
        "calls that change the folder, by flow: {}",
        counts.join(", ")
    ));
    outcome.say(format!(
        "{total} interruptions (kill, kill in the middle of a write, short write, I/O error, full disk): \
         {before} left the data as before, {after} as after, {} neither",
        outcome.faults.len()
    ));
    outcome
}

/// Which calls to break: all of them in a long run, eight spread over them in a short one.
fn points(calls: u64, scale: Scale, salt: u64) -> Vec<u64> {
    let most = scale.pick(8, u64::MAX);
    if calls <= most {
        return (1..=calls).collect();
    }
    let mut seed = Seed::of(salt, calls);
    (0..most)
        .map(|part| {
            let (from, to) = (part * calls / most, (part + 1) * calls / most);
            1 + from + seed.below(to - from)
        })
        .collect()
}

/// Compiles the shim with the C compiler that SQLCipher was compiled with.
fn compiled(folder: &Path) -> PathBuf {
    let library = folder.join("shim.so");
    let compiler = std::env::var_os("CC").unwrap_or_else(|| "cc".into());
    let status = Command::new(compiler)
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/prove/shim.c"))
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "the shim does not compile"
    );
    library
}

/// As what an interrupted flow left the data.
enum Left {
    AsBefore,
    AsAfter,
}

/// A flow, what it begins with and what it leads to when nothing fails.
struct Prepared {
    flow: Flow,
    template: TempDir,
    /// Dumps of the data before and after, each without and with the probe.
    before: [String; 2],
    after: [String; 2],
    calls: u64,
}

impl Prepared {
    fn of(flow: Flow, shim: &Path) -> Self {
        let template = tempfile::tempdir().expect("a folder");
        block_on(flow.prepare(template.path()));
        // Opening completes what was to be opened: there is no "before" that an open diary could show.
        let before = if matches!(flow, Flow::OpenNew | Flow::Migrate) {
            [String::new(), String::new()]
        } else {
            dumps(template.path())
        };
        let done = copied(template.path());
        let report = tempfile::tempdir().expect("a folder");
        let report = report.path().join("calls");
        let (code, said) = played(shim, flow, done.path(), None, &report);
        assert_eq!(code, Some(i32::from(DONE)), "{flow:?} fails undisturbed: {said}");
        let calls = std::fs::read_to_string(&report).expect("the shim's count");
        Self {
            flow,
            after: dumps(done.path()),
            before,
            template,
            calls: calls.trim().parse().expect("a number"),
        }
    }

    /// Breaks the flow at one call and looks at what is left.
    fn broken(&self, shim: &Path, how: How, at: u64) -> Result<Left, String> {
        let folder = copied(self.template.path());
        let (code, said) = played(
            shim,
            self.flow,
            folder.path(),
            Some((how, at)),
            Path::new("/dev/null"),
        );
        let probed = match code.and_then(|code| u8::try_from(code).ok()) {
            Some(DONE) => false,
            Some(REFUSED) if !how.kills() && how != How::Short => !self.flow.opens() && !self.flow.closes(),
            Some(REFUSED_FOR_GOOD) => return Err(format!("nothing can be entered afterwards: {said}")),
            None if how.kills() => false,
            _ => return Err(format!("ended by itself with {code:?}: {said}")),
        };
        if said.contains("panicked") {
            return Err(format!("panicked: {said}"));
        }
        let found = block_on(state(folder.path(), false))?;
        let which = usize::from(probed);
        if found == self.after[which] {
            return Ok(Left::AsAfter);
        }
        if code == Some(i32::from(DONE)) {
            return Err(format!(
                "said to be done, but is not:{}",
                difference(&self.after[0], &found)
            ));
        }
        if found == self.before[which] {
            return Ok(Left::AsBefore);
        }
        Err(format!(
            "neither as before nor as after ({said}):{}",
            difference(&self.after[which], &found)
        ))
    }
}

/// [`state`] without and with the probe entered. Works on copies.
fn dumps(folder: &Path) -> [String; 2] {
    [false, true].map(|with_probe| {
        let copy = copied(folder);
        block_on(state(copy.path(), with_probe)).expect("a diary")
    })
}

/// By which way the diary opens, what protects it, and every row in it; an error when anything is amiss.
async fn state(folder: &Path, with_probe: bool) -> Result<String, String> {
    let (way, opened) = match open_somehow(folder).await? {
        Ok(opened) => opened,
        Err(state) => return Ok(state.to_owned()),
    };
    let access = opened.access;
    if with_probe {
        let entered = probe().write(&opened.diary).await;
        entered.map_err(|error| error.to_string())?;
    }
    opened.diary.close().await;
    if access != Access::ReadWrite {
        return Err("opens to read only".to_owned());
    }
    let looked = async {
        let mut connection = raw::connect(folder).await?;
        let corrupt = raw::corruption(&mut connection).await?;
        Ok::<_, sqlx::Error>((corrupt, raw::dump(&mut connection).await?))
    };
    let (corrupt, dump) = looked.await.map_err(|error| error.to_string())?;
    if corrupt.is_empty() {
        Ok(format!("opens by {way}, {:?}\n{dump}", opened.protection))
    } else {
        Err(corrupt.join("; "))
    }
}

/// Opens the diary by the key file or by one of the passphrases that flows set. A diary that is damaged or gone is
/// what some flows begin with.
async fn open_somehow(folder: &Path) -> Result<Result<(&'static str, Opened), &'static str>, String> {
    match open_with_notes(folder).await {
        Ok(opened) => return Ok(Ok(("the key file", opened))),
        Err(OpenError::Damaged(_)) => return Ok(Err("damaged")),
        Err(OpenError::Missing { .. }) => return Ok(Err("gone")),
        Err(OpenError::Key(KeyError::Locked(_))) => {}
        Err(error) => return Err(format!("does not open: {error}")),
    }
    for passphrase in [FIRST, SECOND] {
        if let Ok(opened) = Diary::open(folder, Credential::Passphrase(passphrase)).await {
            return Ok(Ok((passphrase, opened)));
        }
    }
    Err("no passphrase opens it".to_owned())
}

/// The lines that only one of two dumps has, shortened.
fn difference(expected: &str, found: &str) -> String {
    let only = |these: &str, others: &str, mark: &str| -> String {
        these
            .lines()
            .filter(|line| !others.contains(line))
            .take(3)
            .flat_map(|line| {
                ["\n    ", mark, " "]
                    .into_iter()
                    .chain(std::iter::once(&line[..cut(line)]))
            })
            .collect()
    };
    only(expected, found, "-") + &only(found, expected, "+")
}

/// Where the first 160 characters of a line end.
fn cut(line: &str) -> usize {
    line.char_indices().nth(160).map_or(line.len(), |(at, _)| at)
}

/// Plays a flow in a child; its exit code (none when killed) and what it said.
fn played(
    shim: &Path,
    flow: Flow,
    folder: &Path,
    trouble: Option<(How, u64)>,
    report: &Path,
) -> (Option<i32>, String) {
    let (how, at) = trouble.map_or((String::new(), 0), |(how, at)| (how.word(), at));
    let mut child = child("flow")
        .arg(flow.name())
        .arg(folder)
        .env("LD_PRELOAD", shim)
        // No flow may touch the keyring of whoever runs the tests.
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env("SHIM_FOLDER", folder)
        .env("SHIM_HOW", how)
        .env("SHIM_AT", at.to_string())
        .env("SHIM_REPORT", report)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a child");
    let mut said = String::new();
    let _ = child.stderr.take().expect("its errors").read_to_string(&mut said);
    let status = child.wait().expect("its end");
    (status.code(), said.trim().to_owned())
}

/// The child: opens the diary, then does the flow under the shim's eyes.
pub(crate) fn be_the_child(flow: &str, folder: &Path) -> ExitCode {
    let flow = Flow::named(flow).expect("a flow");
    block_on(async {
        if flow.opens() {
            begin();
            let opened = flow.open(folder).await;
            end();
            return match opened {
                Ok(diary) => {
                    diary.close().await;
                    ExitCode::from(DONE)
                }
                Err(error) => {
                    eprintln!("{error}");
                    let_go(folder);
                    ExitCode::from(REFUSED)
                }
            };
        }
        let (_, opened) = open_somehow(folder).await.expect("the key").expect("the diary");
        let diary = opened.diary;
        begin();
        let done = flow.act(&diary, folder).await;
        end();
        let code = match done {
            Ok(()) => DONE,
            Err(error) => {
                eprintln!("{error}");
                if flow.closes() {
                    diary.close().await;
                    let_go(folder);
                    return ExitCode::from(REFUSED);
                }
                match probe().write(&diary).await {
                    Ok(()) => REFUSED,
                    Err(error) => {
                        eprintln!("{error}");
                        REFUSED_FOR_GOOD
                    }
                }
            }
        };
        diary.close().await;
        ExitCode::from(code)
    })
}

/// Tells the shim to count from here. It sees the name that is opened; there is no such file.
fn begin() {
    let _ = std::fs::File::open("/shim-begin");
}

/// Tells the shim to let everything pass from here.
fn end() {
    let _ = std::fs::File::open("/shim-end");
}

/// Waits until no file of the folder is open any more: a connection that could not be made is closed by SQLite's
/// thread, which must not be cut off by the process's end.
fn let_go(folder: &Path) {
    let held = || {
        let files = std::fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
        files
            .filter_map(|file| std::fs::read_link(file.path()).ok())
            .any(|file| file.starts_with(folder))
    };
    for _ in 0..1_000 {
        if !held() {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
