//! The one door for every chore of this project: `cargo xtask <command>`.
//!
//! Each chore is a module; [`step`] runs its commands and keeps the time, [`place`] knows where things lie.
#![allow(
    clippy::disallowed_methods,
    reason = "a build tool measures how long its own steps take; nothing here reaches the app"
)]

mod bench;
mod build;
mod commands;
mod made;
mod place;
mod prove;
mod run;
mod setup;
mod step;
mod targets;
mod test;
mod ui;

use std::process::ExitCode;

use commands::COMMANDS;
use place::Place;
use setup::Need;
use step::{Failure, Steps};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<(), Failure> {
    let (command, rest) = match arguments.split_first() {
        Some((first, rest)) => (first.as_str(), rest),
        None => ("help", arguments),
    };
    let place = Place::find();
    match command {
        "run" => run::run(&place, rest),
        "demo" => no_more(rest).and_then(|()| run::demo(&place)),
        "test" => no_more(rest).and_then(|()| test::test(&place)),
        "check" => check(&place, rest),
        "types" => no_more(rest).and_then(|()| made::types(&place)),
        "pictures" => no_more(rest).and_then(|()| made::pictures(&place)),
        "bench" => bench::bench(&place, rest),
        "prove" => prove::prove(&place, rest),
        "setup" => no_more(rest).and_then(|()| setup::set_up(&place, Need::Test)),
        "help" | "--help" | "-h" => {
            print!("{}", help());
            Ok(())
        }
        unknown => Err(Failure::usage(format!("there is no `{unknown}`.\n\n{}", help()))),
    }
}

/// Formatting and lints, or with `--targets` the type-check for other platforms.
fn check(place: &Place, rest: &[String]) -> Result<(), Failure> {
    let for_targets = match rest {
        [] => false,
        [flag] if flag == "--targets" => true,
        _ => return Err(Failure::usage("`check` takes nothing but --targets".into())),
    };
    setup::set_up(place, Need::Check)?;
    let mut steps = Steps::begin();
    let installed = ui::install(&mut steps, place);
    if installed {
        ui::build(&mut steps, place);
    }
    if for_targets {
        targets::check(&mut steps, place);
    } else {
        test::lint_ui(&mut steps, place, installed);
        test::lint_rust(&mut steps, place);
    }
    steps.finish()
}

/// Refuses arguments where none belong, rather than ignoring them.
fn no_more(rest: &[String]) -> Result<(), Failure> {
    match rest.first() {
        None => Ok(()),
        Some(extra) => Err(Failure::usage(format!(
            "`{extra}` means nothing here.\n\n{}",
            help()
        ))),
    }
}

fn help() -> String {
    let lines =
        COMMANDS.map(|(name, arguments, line)| format!("  {:<28}{line}\n", format!("{name} {arguments}")));
    format!("cargo xtask COMMAND\n\n{}", lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_command() {
        let text = help();
        for (name, _, line) in COMMANDS {
            assert!(
                text.contains(name) && text.contains(line),
                "{name} is missing from the help"
            );
        }
    }

    #[test]
    fn an_unknown_command_is_refused_with_the_help() {
        let failure = dispatch(&["tset".to_owned()]).expect_err("no such command");
        assert_eq!(failure.code(), 2);
        assert!(failure.to_string().contains("cargo xtask COMMAND"));
    }
}
