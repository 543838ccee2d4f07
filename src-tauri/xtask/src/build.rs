//! Which packages, targets and features cargo is asked for.
//!
//! Cargo unifies the features of everything it is asked for at once, so asking differently compiles the same
//! dependencies twice. `--examples` (all of them need a feature that is off here) makes cargo count the
//! development dependencies' features as `--all-targets` does: `run` and `test` then share every dependency.

use std::path::Path;
use std::process::Command;

use crate::place::Place;

/// Feature switches of the root package; each only adds code to the root package itself.
const TEST_FEATURES: [&str; 2] = ["bench", "e2e"];

/// A cargo command over everything there is, as tests and lints want it.
pub(crate) fn everything(place: &Place, command: &str) -> Command {
    let mut cargo = place.cargo();
    cargo.args([command, "--workspace", "--locked"]);
    let features =
        test_features(&std::fs::read_to_string(place.root().join("Cargo.toml")).unwrap_or_default());
    if !features.is_empty() {
        cargo.arg("--features").arg(features);
    }
    cargo
}

/// Builds the programs that a person runs, with the named extra features of the root package.
pub(crate) fn programs(place: &Place, release: bool, features: &[&str]) -> Command {
    let mut cargo = place.cargo();
    // This program is running: on Windows it could not be written over.
    cargo.args([
        "build",
        "--workspace",
        "--exclude",
        "xtask",
        "--locked",
        "--bins",
        "--examples",
    ]);
    if release {
        cargo.arg("--release");
    }
    for feature in features {
        cargo.arg("--features").arg(format!("afterglow/{feature}"));
    }
    cargo
}

/// The folder below the target folder that a profile's programs land in.
pub(crate) fn profile(release: bool) -> &'static str {
    if release { "release" } else { "debug" }
}

/// Whether the UI has been built at least once; the app embeds it and does not compile without.
pub(crate) fn has_ui(place: &Place) -> bool {
    Path::new(&place.ui()).join("dist/index.html").is_file()
}

/// The features that tests need, as cargo's `--features` wants them, of those that the manifest declares.
fn test_features(manifest: &str) -> String {
    let declared: Vec<&str> = manifest
        .lines()
        .skip_while(|line| line.trim() != "[features]")
        .skip(1)
        .take_while(|line| !line.trim_start().starts_with('['))
        .filter_map(|line| line.split_once('=').map(|(name, _)| name.trim()))
        .collect();
    let wanted: Vec<String> = TEST_FEATURES
        .iter()
        .filter(|feature| declared.contains(feature))
        .map(|feature| format!("afterglow/{feature}"))
        .collect();
    wanted.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_declared_features_are_asked_for() {
        let table = [
            ("none declared", "[package]\nname = \"a\"\n", ""),
            ("one", "[features]\ne2e = []\n", "afterglow/e2e"),
            (
                "both, among others",
                "[features]\ndefault = []\n# e2e\nbench = []\ne2e = []\n[lints]\n",
                "afterglow/bench,afterglow/e2e",
            ),
            (
                "named only elsewhere",
                "[features]\nbench = []\n\n[dependencies]\ne2e = \"1\"\n",
                "afterglow/bench",
            ),
        ];
        for (name, manifest, expected) in table {
            assert_eq!(test_features(manifest), expected, "{name}");
        }
    }
}
