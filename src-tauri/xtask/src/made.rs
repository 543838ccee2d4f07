//! Committed files that are made, not written: the window's types and the README's pictures.

use crate::build;
use crate::place::Place;
use crate::setup::{self, Need};
use crate::step::{Failure, Steps};
use crate::ui;

/// Makes `ui/src/ipc/generated` and `ui/tests/recorded` anew.
pub(crate) fn types(place: &Place) -> Result<(), Failure> {
    let mut steps = begin(place)?;
    steps.run(
        "types",
        build::everything(place, "test")
            .args(["--lib", "--", "bindings", "recordings"])
            .env("UPDATE_BINDINGS", "1"),
    );
    steps.finish()
}

/// The end-to-end tests in which pictures are taken, by the beginnings of their names.
const PICTURED: [&str; 3] = [
    "the_key_is_in_the_keyring",
    "a_red_flag_is_said",
    "screens::progress_draws",
];

/// Takes `docs/screenshot-*.png` while end-to-end tests run.
pub(crate) fn pictures(place: &Place) -> Result<(), Failure> {
    let mut steps = begin(place)?;
    steps.run("build", build::everything(place, "build").arg("--bins"));
    steps.run(
        "pictures",
        build::everything(place, "test")
            .args(["--test", "e2e", "--"])
            .args(PICTURED)
            .env("SCREENSHOTS", place.root().join("docs")),
    );
    steps.finish()
}

/// The app embeds the UI, so that comes first.
fn begin(place: &Place) -> Result<Steps, Failure> {
    setup::set_up(place, Need::Test)?;
    let mut steps = Steps::begin();
    if ui::install(&mut steps, place) {
        ui::build(&mut steps, place);
    }
    Ok(steps)
}
