//! Running commands as named steps: what runs is said, timed, and summed up at the end.

use std::ffi::OsStr;
use std::fmt;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Why a chore ended early, and the exit code that says so.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    /// Something that was tried did not work (exit code 1).
    pub(crate) fn new(message: String) -> Self {
        Self { code: 1, message }
    }

    /// The caller must do something first: other arguments, a missing package (exit code 2).
    pub(crate) fn usage(message: String) -> Self {
        Self { code: 2, message }
    }

    /// The exit code of the whole program.
    pub(crate) fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

struct Step {
    name: String,
    took: Duration,
    outcome: Outcome,
}

/// The steps of one chore so far.
pub(crate) struct Steps {
    since: Instant,
    done: Vec<Step>,
}

impl Steps {
    /// Starts counting.
    pub(crate) fn begin() -> Self {
        Self {
            since: Instant::now(),
            done: Vec::new(),
        }
    }

    /// Runs a command as the step `name`, without a terminal to ask questions on; whether it succeeded.
    pub(crate) fn run(&mut self, name: &str, command: &mut Command) -> bool {
        say(&format!("{name}: {}", spell(command)));
        let since = Instant::now();
        let outcome = match command.stdin(Stdio::null()).status() {
            Ok(status) if status.success() => Outcome::Passed,
            Ok(status) => Outcome::Failed(status.to_string()),
            Err(error) => Outcome::Failed(cannot_start(command, &error)),
        };
        self.note(name, since.elapsed(), outcome)
    }

    /// Runs `work` as the step `name`; whether it succeeded.
    pub(crate) fn work(&mut self, name: &str, work: impl FnOnce() -> Result<(), Failure>) -> bool {
        let since = Instant::now();
        let outcome = match work() {
            Ok(()) => Outcome::Passed,
            Err(failure) => Outcome::Failed(failure.to_string()),
        };
        self.note(name, since.elapsed(), outcome)
    }

    /// Notes that the step `name` is not done, and why.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        self.note(name, Duration::ZERO, Outcome::Skipped(why.to_owned()));
    }

    fn note(&mut self, name: &str, took: Duration, outcome: Outcome) -> bool {
        let step = Step {
            name: name.to_owned(),
            took,
            outcome,
        };
        say(&step.to_string());
        let passed = matches!(step.outcome, Outcome::Passed);
        self.done.push(step);
        passed
    }

    /// Prints every step with its time and, last, what failed.
    ///
    /// # Errors
    /// When any step failed, naming them all.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        println!(
            "\n== Summary ({:.1} s in all)",
            self.since.elapsed().as_secs_f64()
        );
        for step in &self.done {
            println!("   {step}");
        }
        let failed: Vec<&str> = self
            .done
            .iter()
            .filter(|step| matches!(step.outcome, Outcome::Failed(_)))
            .map(|step| step.name.as_str())
            .collect();
        if failed.is_empty() {
            println!("== All passed");
            Ok(())
        } else {
            Err(Failure::new(format!("failed: {}", failed.join(", "))))
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, took, outcome } = self;
        match outcome {
            Outcome::Passed => write!(out, "passed  {:>7.1} s  {name}", took.as_secs_f64()),
            Outcome::Failed(why) => write!(out, "FAILED  {:>7.1} s  {name} ({why})", took.as_secs_f64()),
            Outcome::Skipped(why) => write!(out, "skipped: {name} ({why})"),
        }
    }
}

/// Says what is being done, ahead of whatever the command itself will print.
pub(crate) fn say(line: &str) {
    println!("== {line}");
    // A closed pipe must not stop the work; the exit code still tells.
    let _ = std::io::stdout().flush();
}

/// Runs a command with the caller's terminal and says why it did not work.
///
/// # Errors
/// When it cannot be started or ends with anything but success.
pub(crate) fn must(command: &mut Command) -> Result<(), Failure> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("`{}` ended with {status}", spell(command)))),
        Err(error) => Err(Failure::new(cannot_start(command, &error))),
    }
}

/// What a command prints to its standard output, trimmed; nothing when it is missing or fails.
pub(crate) fn answer<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!(
        "cannot start `{}`: {error}",
        command.get_program().to_string_lossy()
    )
}

fn spell(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut line = program
        .file_stem()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_names_exactly_the_steps_that_failed() {
        let mut steps = Steps::begin();
        assert!(steps.work("lint", || Ok(())));
        assert!(!steps.work("ui tests", || Err(Failure::new("two of nine".into()))));
        steps.skip("aarch64-linux-android", "needs rustc-web");
        assert!(!steps.run("build", &mut Command::new("no-such-program-anywhere")));
        let failure = steps.finish().expect_err("two steps failed");
        assert_eq!(failure.to_string(), "failed: ui tests, build");
        assert_eq!(failure.code(), 1);
    }

    #[test]
    fn a_skipped_step_alone_is_no_failure() {
        let mut steps = Steps::begin();
        steps.skip("aarch64-linux-android", "needs rustc-web");
        assert!(steps.finish().is_ok());
    }

    #[test]
    fn a_command_is_spelt_as_one_would_type_it() {
        let mut command = Command::new("/opt/tools/bin/cargo");
        command.args(["fmt", "--check"]);
        assert_eq!(spell(&command), "cargo fmt --check");
    }
}
