//! Every test and check there is.

use crate::place::Place;
use crate::setup::{self, Need};
use crate::step::{Failure, Steps};
use crate::{build, targets, ui};

/// Sets up, then runs everything, going on after a failure so that one run shows all of them.
///
/// # Errors
/// When the set-up is incomplete or any step failed.
pub(crate) fn test(place: &Place) -> Result<(), Failure> {
    setup::set_up(place, Need::Test)?;
    let mut steps = Steps::begin();

    let installed = ui::install(&mut steps, place);
    if installed {
        ui::build(&mut steps, place);
    }
    lint_ui(&mut steps, place, installed);
    test_ui(&mut steps, place, installed);
    lint_rust(&mut steps, place);
    test_rust(&mut steps, place);
    targets::check(&mut steps, place);
    steps.finish()
}

/// The UI's formatting and lints.
pub(crate) fn lint_ui(steps: &mut Steps, place: &Place, installed: bool) {
    npm_script(steps, place, installed, "lint");
}

/// The UI's types and tests; those in a real browser when there are any.
fn test_ui(steps: &mut Steps, place: &Place, installed: bool) {
    npm_script(steps, place, installed, "check");
    npm_script(steps, place, installed, "test");
    let manifest = std::fs::read_to_string(place.ui().join("package.json")).unwrap_or_default();
    if manifest.contains("\"test:browser\"") {
        npm_script(steps, place, installed, "test:browser");
    }
}

fn npm_script(steps: &mut Steps, place: &Place, installed: bool, script: &str) {
    let name = format!("ui {script}");
    if installed {
        steps.run(&name, place.npm().args(["run", script]));
    } else {
        steps.skip(&name, "the UI's packages could not be installed");
    }
}

/// Rust's formatting and lints.
pub(crate) fn lint_rust(steps: &mut Steps, place: &Place) {
    steps.run("fmt", place.cargo().args(["fmt", "--all", "--check"]));
    if ready(steps, place, "clippy") {
        steps.run(
            "clippy",
            build::everything(place, "clippy")
                .arg("--all-targets")
                .args(["--", "-D", "warnings"]),
        );
    }
}

/// Builds every program first, because the tests of the whole app start them, then runs every test.
fn test_rust(steps: &mut Steps, place: &Place) {
    if !ready(steps, place, "rust tests") {
        return;
    }
    if !steps.run("build", build::everything(place, "build").arg("--all-targets")) {
        steps.skip("rust tests", "they do not compile");
        return;
    }
    steps.run(
        "rust tests",
        build::everything(place, "test").args(["--all-targets", "--no-fail-fast"]),
    );
    other_account(steps, place);
    steps.run(
        "doc tests",
        build::everything(place, "test").args(["--doc", "--no-fail-fast"]),
    );
    steps.run(
        "doc",
        build::everything(place, "doc")
            .args(["--no-deps", "--lib", "--bins", "--examples"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    );
}

/// Only root can become another account and see whether the reminder service's socket keeps it out.
fn other_account(steps: &mut Steps, place: &Place) {
    const NAME: &str = "another account at the socket";
    let user = std::process::Command::new("id").arg("-u").output();
    if user.is_ok_and(|output| output.stdout == b"0\n") {
        steps.run(
            NAME,
            build::everything(place, "test").args(["--test", "socket", "--", "--ignored", "another_account"]),
        );
    } else {
        steps.skip(NAME, "needs root");
    }
}

/// Whether the app can be compiled at all: it embeds the built UI. Notes the step as skipped when not.
pub(crate) fn ready(steps: &mut Steps, place: &Place, name: &str) -> bool {
    let ready = build::has_ui(place);
    if !ready {
        steps.skip(name, "the app embeds ui/dist, which could not be built");
    }
    ready
}
