//! The diary's promises at length; `cargo xtask test` runs the short form of each.

use crate::place::Place;
use crate::setup::{self, Need};
use crate::step::{Failure, Steps};

/// Runs the long form of the diary's proofs, or of those parts whose names are given.
///
/// # Errors
/// When the set-up is incomplete or a promise was broken.
pub(crate) fn prove(place: &Place, parts: &[String]) -> Result<(), Failure> {
    setup::set_up(place, Need::Check)?;
    let mut steps = Steps::begin();
    steps.run(
        "prove the diary",
        place
            .cargo()
            .args([
                "test",
                "--package",
                "afterglow-diary",
                "--test",
                "prove",
                "--",
                "--long",
            ])
            .args(parts),
    );
    steps.finish()
}
