//! The diary's promises, proved by breaking what it stands on: its process, its disk, its files.
//!
//! `cargo test -p afterglow-diary --test prove -- [--long] [PART …]`. The program starts itself again as the child
//! that is killed or given a failing disk. Every part prints what it did and how often; a seed makes every run the same
//! but for the moments of the kills.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at what it did not expect"
)]

mod canary;
mod damage;
mod entries;
mod faults;
mod flows;
mod full;
mod kill;
mod raw;
mod seed;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use afterglow_diary::{Credential, Diary, NewKey, OpenError, Opened};
use tempfile::TempDir;

/// A part: what it is called, and how it is run.
type Part = (&'static str, fn(Scale) -> Outcome);

const PARTS: [Part; 5] = [
    ("kill", kill::run),
    ("faults", faults::run),
    ("full", full::run),
    ("damage", damage::run),
    ("canary", canary::run),
];

/// How thorough a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// Part of every test run.
    Short,
    /// Before a release: `cargo xtask prove`.
    Long,
}

impl Scale {
    fn pick<T>(self, short: T, long: T) -> T {
        match self {
            Self::Short => short,
            Self::Long => long,
        }
    }
}

/// What a part found.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    figures: Vec<String>,
    faults: Vec<String>,
}

impl Outcome {
    fn say(&mut self, figure: String) {
        self.figures.push(figure);
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(("child", rest)) = arguments
        .split_first()
        .map(|(first, rest)| (first.as_str(), rest))
    {
        return be_the_child(rest);
    }
    let scale = if arguments.iter().any(|argument| argument == "--long") {
        Scale::Long
    } else {
        Scale::Short
    };
    let wanted: Vec<&String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let mut failed = false;
    for (name, part) in PARTS {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| name.contains(wanted.as_str())) {
            continue;
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "says how long the part took; nothing depends on it"
        )]
        let since = std::time::Instant::now();
        let outcome = part(scale);
        #[expect(clippy::disallowed_methods, reason = "as above")]
        let took = since.elapsed().as_secs_f64();
        println!("{name}: {took:.1} s");
        for figure in &outcome.figures {
            println!("  {figure}");
        }
        // The first ones tell what is wrong; the rest repeats it.
        for fault in outcome.faults.iter().take(20) {
            println!("  FAULT {fault}");
        }
        if outcome.faults.len() > 20 {
            println!("  … and {} more", outcome.faults.len() - 20);
        }
        failed |= !outcome.faults.is_empty();
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn be_the_child(arguments: &[String]) -> ExitCode {
    match arguments {
        [role, folder, run, first] if role == "write" => {
            kill::write_forever(Path::new(folder), run.parse().unwrap(), first.parse().unwrap());
            ExitCode::SUCCESS
        }
        [role, folder, run] if role == "full" => full::be_the_child(Path::new(folder), run.parse().unwrap()),
        [role, flow, folder] if role == "flow" => faults::be_the_child(flow, Path::new(folder)),
        _ => ExitCode::FAILURE,
    }
}

/// This program again, as a child in a role.
fn child(role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program's path"));
    command.args(["child", role]);
    command
}

/// Opens a diary whose key lies in its key file.
async fn open(folder: &Path) -> Result<Diary, OpenError> {
    open_with_notes(folder).await.map(|opened| opened.diary)
}

/// Opens it, and hears what the patient would be told.
async fn open_with_notes(folder: &Path) -> Result<Opened, OpenError> {
    Diary::open(folder, Credential::Unattended(NewKey::KeyFile)).await
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

/// A copy of a folder and what is below it.
fn copied(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    copy_into(folder, copy.path());
    copy
}

fn copy_into(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&target).expect("a folder");
            copy_into(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Does the jobs side by side; the answers stand in the jobs' order.
fn parallel<J: Sync, A: Send>(jobs: &[J], work: impl Fn(&J) -> A + Sync) -> Vec<A> {
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, A)>> = Mutex::new(Vec::new());
    // Most of a job is waiting: for a child, for the disk.
    let workers = 2 * std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let at = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(job) = jobs.get(at)
                {
                    let answer = work(job);
                    answers.lock().expect("no job panicked").push((at, answer));
                }
            });
        }
    });
    let mut answers = answers.into_inner().expect("no job panicked");
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
