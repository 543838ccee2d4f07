//! Type-checking the app's library and the reminder service for platforms that cannot be built for here.
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

/// What is checked for which platform. A warning is an error: no other build would show it.
struct Check {
    package: &'static str,
    /// Which parts of the package, as cargo is told.
    parts: &'static str,
    /// Rust's name for the platform.
    target: &'static str,
    /// Clang's name for it, with the oldest version that the app supports.
    for_clang: &'static str,
    /// Whether the package embeds the built UI.
    has_window: bool,
}

/// Windows by Microsoft's tools, which the set-up asks for there: what is GNU's would want its linker for std alone.
const CHECKS: [Check; 3] = [
    Check {
        package: "afterglow",
        parts: "--lib",
        target: "aarch64-linux-android",
        for_clang: "aarch64-linux-android26",
        has_window: true,
    },
    Check {
        package: "afterglow-remind",
        parts: "--all-targets",
        target: "aarch64-apple-darwin",
        for_clang: "arm64-apple-macos11",
        has_window: false,
    },
    Check {
        package: "afterglow-remind",
        parts: "--all-targets",
        target: "x86_64-pc-windows-msvc",
        for_clang: "x86_64-pc-windows-msvc",
        has_window: false,
    },
];

/// What each of the needed packages brings, by which it is known to be there.
const NEEDED: [(&str, &str); 5] = [
    ("rustc-web", RUSTC),
    ("cargo-web", CARGO),
    ("rust-web-src", "/usr/lib/rustlib/src/rust/library/std"),
    ("clang", "/usr/bin/clang"),
    ("llvm", "/usr/bin/llvm-ar"),
];

/// Makes every check, or notes by name why not.
pub(crate) fn check(steps: &mut Steps, place: &Place) {
    let obstacle = obstacle();
    for check in &CHECKS {
        let name = format!("{} for {}", check.package, check.target);
        match &obstacle {
            Some(why) => steps.skip(&name, why),
            None if !check.has_window || ready(steps, place, &name) => {
                steps.run(&name, &mut command(place, check));
            }
            None => {}
        }
    }
}

fn command(place: &Place, check: &Check) -> std::process::Command {
    let Check { target, .. } = *check;
    let variable = target.replace('-', "_");
    let mut cargo = std::process::Command::new(CARGO);
    cargo
        .current_dir(place.root())
        .args([
            "check",
            "--package",
            check.package,
            check.parts,
            "--locked",
            "--target",
            target,
        ])
        .arg("-Zbuild-std=std,panic_abort")
        .args(["-Zwarnings", "--config", "build.warnings=\"deny\""])
        // Another compiler: in the same folder the two would undo each other's work.
        .env("CARGO_TARGET_DIR", place.target().join("targets"))
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("STAND_IN_TARGET", check.for_clang)
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
