//! Type-checking the app's library for platforms that cannot be built for here.
//!
//! Debian's `rustc-web` comes with std's source, so cargo can make std for any target. C code is replaced by empty
//! objects (`targets/stand-in-cc`): enough for a check, never to be linked.

use std::path::Path;

use crate::place::Place;
use crate::setup::version;
use crate::step::{Steps, answer};
use crate::test::ready;

/// Debian's compiler, whatever else may be first in the search path.
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";

/// A platform: Rust's name for it, and clang's with the oldest version that the app supports.
const TARGETS: [(&str, &str); 1] = [("aarch64-linux-android", "aarch64-linux-android26")];

/// What each of the needed packages brings, by which it is known to be there.
const NEEDED: [(&str, &str); 5] = [
    ("rustc-web", RUSTC),
    ("cargo-web", CARGO),
    ("rust-web-src", "/usr/lib/rustlib/src/rust/library/std"),
    ("clang", "/usr/bin/clang"),
    ("llvm", "/usr/bin/llvm-ar"),
];

/// Checks the app's library for every target, or notes by name why not.
pub(crate) fn check(steps: &mut Steps, place: &Place) {
    let obstacle = obstacle();
    for (target, for_clang) in TARGETS {
        match &obstacle {
            Some(why) => steps.skip(target, why),
            None if ready(steps, place, target) => {
                steps.run(target, &mut command(place, target, for_clang));
            }
            None => {}
        }
    }
}

fn command(place: &Place, target: &str, for_clang: &str) -> std::process::Command {
    let variable = target.replace('-', "_");
    let mut cargo = std::process::Command::new(CARGO);
    cargo
        .current_dir(place.root())
        .args([
            "check",
            "--package",
            "afterglow",
            "--lib",
            "--locked",
            "--target",
            target,
        ])
        .arg("-Zbuild-std=std,panic_abort")
        // Another compiler: in the same folder the two would undo each other's work.
        .env("CARGO_TARGET_DIR", place.target().join("targets"))
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("STAND_IN_TARGET", for_clang)
        .env(format!("CC_{variable}"), place.own("targets/stand-in-cc"))
        .env(format!("AR_{variable}"), "/usr/bin/llvm-ar")
        .env(format!("RANLIB_{variable}"), "/usr/bin/llvm-ranlib");
    // The libraries of the toolchain that runs this program are not Debian's.
    for inherited in [
        "LD_LIBRARY_PATH",
        "RUSTUP_TOOLCHAIN",
        "RUSTC_WRAPPER",
        "RUSTFLAGS",
    ] {
        cargo.env_remove(inherited);
    }
    cargo
}

/// Why no target can be checked here, if so.
fn obstacle() -> Option<String> {
    let missing: Vec<&str> = NEEDED
        .into_iter()
        .filter(|(_, file)| !Path::new(file).exists())
        .map(|(package, _)| package)
        .collect();
    if !missing.is_empty() {
        return Some(format!("needs {}", missing.join(", ")));
    }
    // Debian's releases before the security update of 2026 carry an older one.
    let found = answer(RUSTC, &["--version"])?;
    (version(&found) < Some(OLDEST)).then(|| {
        format!(
            "needs rustc-web {}.{} or newer; this is {found}",
            OLDEST.0, OLDEST.1
        )
    })
}

const OLDEST: (u32, u32) = (1, 94);
