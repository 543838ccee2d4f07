//! Opening the app: for use, and for show.

use std::fs::DirBuilder;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place::Place;
use crate::setup::{self, Need};
use crate::step::{Failure, Steps, must, say};
use crate::{build, ui};

/// Builds what changed and opens the app with the arguments after `--`.
///
/// # Errors
/// When the set-up or a build fails, or the app ends with a failure.
pub(crate) fn run(place: &Place, rest: &[String]) -> Result<(), Failure> {
    let (release, for_app) = arguments(rest)?;
    let app = built(place, release, &[])?;
    must(Command::new(app).args(for_app))
}

/// Opens the app on a diary that is thrown away when the app ends.
///
/// # Errors
/// When the set-up, a build or the folder fails, or the app ends with a failure.
pub(crate) fn demo(place: &Place) -> Result<(), Failure> {
    let app = built(place, false, &["demo"])?;
    let temporary = std::env::temp_dir();
    sweep(&temporary);
    let home = temporary.join(format!("{DEMO_PREFIX}{}", std::process::id()));
    private_folder(&home)?;
    say(&format!("a throw-away diary in {}", home.display()));
    let shown = must(Command::new(app).env("AFTERGLOW_HOME", &home));
    let removed = std::fs::remove_dir_all(&home)
        .map_err(|error| Failure::new(format!("remove {} by hand: {error}", home.display())));
    shown.and(removed)
}

/// The app's program, with the reminder service beside it where the app looks for it.
fn built(place: &Place, release: bool, features: &[&str]) -> Result<PathBuf, Failure> {
    setup::set_up(place, Need::Run)?;
    let mut steps = Steps::begin();
    let programs = &mut build::programs(place, release, features);
    if !(ui::install(&mut steps, place) && ui::build(&mut steps, place) && steps.run("build", programs)) {
        steps.finish()?;
    }
    Ok(place.built(build::profile(release), "afterglow"))
}

/// Creates a folder that only its owner can enter.
///
/// # Errors
/// When it exists already or cannot be made.
pub(crate) fn private_folder(path: &Path) -> Result<(), Failure> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .map_err(|error| Failure::new(format!("cannot create {}: {error}", path.display())))
}

const DEMO_PREFIX: &str = "afterglow-demo-";

/// Removes what demos left behind that were cut off, by Ctrl-C for one. Only where `/proc` tells who still runs.
fn sweep(temporary: &Path) {
    if !Path::new("/proc/self").exists() {
        return;
    }
    for entry in std::fs::read_dir(temporary).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(DEMO_PREFIX));
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            // Somebody else's leftover, or one that is just being removed: neither is ours to report.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn arguments(rest: &[String]) -> Result<(bool, &[String]), Failure> {
    let (ours, for_app) = match rest.iter().position(|argument| argument == "--") {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &[][..]),
    };
    match ours {
        [] => Ok((false, for_app)),
        [flag] if flag == "--release" => Ok((true, for_app)),
        _ => Err(Failure::usage(
            "`run` takes --release, and after `--` what the app is to be given".into(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_dashes_is_the_apps() {
        let table: [(&str, Option<(bool, &str)>); 5] = [
            ("", Some((false, ""))),
            ("--release", Some((true, ""))),
            ("-- --release", Some((false, "--release"))),
            ("--release -- --screen today", Some((true, "--screen today"))),
            ("--relaese", None),
        ];
        for (given, expected) in table {
            let given: Vec<String> = given.split_whitespace().map(str::to_owned).collect();
            let read = arguments(&given)
                .ok()
                .map(|(release, rest)| (release, rest.join(" ")));
            assert_eq!(
                read,
                expected.map(|(release, rest)| (release, rest.to_owned())),
                "{given:?}"
            );
        }
    }
}
