//! The care plan on the command line, for clinics that write one and for scripts.
//!
//! Everything that it knows is in its arguments, in files and on standard input: it reads no clock, no
//! zone of the system and no diary. `docs/careplan.md` says what it prints.

mod arguments;
mod assess;
mod can;
mod check;
mod ingredients;
mod input;
mod instants;
mod json;
mod names;
mod output;
mod plan_file;
mod reminders;
mod session;
mod timeline;
mod words;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};
use crate::output::Refusal;

/// What a run ends with where its input was refused; clap's own.
const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    let (text, complaints, code) = match run(Arguments::parse()) {
        Ok(text) => (text, Vec::new(), ExitCode::SUCCESS),
        Err(Refusal { lines, answer }) => (answer.unwrap_or_default(), lines, ExitCode::from(BAD_INPUT)),
    };
    let mut stderr = std::io::stderr().lock();
    for line in complaints {
        // Nobody is left to tell where the standard error is closed.
        let _ = writeln!(stderr, "{line}");
    }
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => code,
        // Whoever read has read enough: `careplan … | head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => code,
        Err(error) => {
            let _ = writeln!(stderr, "error: the answer cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<String, Refusal> {
    let common = arguments.common;
    match arguments.command {
        Command::Check(options) => check::check(&common, &options),
        Command::Timeline(options) => timeline::timeline(&common, options),
        Command::Reminders(options) => reminders::reminders(&common, options),
        Command::Can(options) => can::can(&common, options),
        Command::Ingredients(options) => ingredients::ingredients(&common, options),
        Command::Assess(options) => assess::assess(&common, &options),
    }
}
