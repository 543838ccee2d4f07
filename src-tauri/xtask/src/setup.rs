//! Seeing to it that a machine has what building and testing need, by its own package manager where there is one.
//!
//! When everything is there this costs well under a second: one `dpkg-query` and a few `--version`s.

mod debian;
mod node;

use std::process::Command;

use crate::place::Place;
use crate::step::{Failure, answer, must, say};

/// What the machine is to be made ready for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Building and opening the app.
    Run,
    /// That, and Rust's formatter and lints.
    Check,
    /// That, and every test.
    Test,
}

/// Checks for what is needed and installs what is missing.
///
/// # Errors
/// When something is missing that only the reader can install; the message is the command that does.
pub(crate) fn set_up(place: &Place, need: Need) -> Result<(), Failure> {
    let mut missing = Vec::new();
    match std::env::consts::OS {
        "linux" => on_linux(need, &mut missing)?,
        "macos" => on_macos(&mut missing),
        "windows" => on_windows(&mut missing),
        other => missing.push(format!(
            "Afterglow builds on Linux, macOS and Windows; this is {other}."
        )),
    }
    missing.extend(node::missing());
    missing.extend(rust_too_old(place));
    if need != Need::Run {
        add_components()?;
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Failure::usage(format!(
            "this machine needs something first.\n\n{}",
            missing.join("\n\n")
        )))
    }
}

fn on_linux(need: Need, missing: &mut Vec<String>) -> Result<(), Failure> {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if debian::is_debian(&release) {
        return debian::install(need);
    }
    if answer("pkg-config", &["--exists", "webkit2gtk-4.1"]).is_none() {
        missing.push(
            "WebKitGTK's development files, a C compiler, make, perl and pkg-config are needed. Install them:\n  \
             Fedora: sudo dnf install webkit2gtk4.1-devel gcc make perl pkgconf\n  \
             Arch:   sudo pacman -S --needed webkit2gtk-4.1 base-devel"
                .into(),
        );
    }
    Ok(())
}

fn on_macos(missing: &mut Vec<String>) {
    if answer("xcode-select", &["-p"]).is_none() {
        missing.push("Apple's command line tools are missing. Run:\n  xcode-select --install".into());
    }
}

fn on_windows(missing: &mut Vec<String>) {
    const WEBVIEW2: &str = r"Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
    let registered =
        |hive: &str| answer("reg", &["query", &format!(r"{hive}\{WEBVIEW2}"), "/v", "pv"]).is_some();
    if ![r"HKLM\SOFTWARE\WOW6432Node", r"HKLM\SOFTWARE", r"HKCU\Software"]
        .into_iter()
        .any(registered)
    {
        missing.push(
            "Microsoft's WebView2 is missing. Run:\n  winget install Microsoft.EdgeWebView2Runtime".into(),
        );
    }
    let programs = std::env::var("ProgramFiles(x86)").unwrap_or_else(|_| r"C:\Program Files (x86)".into());
    let vswhere = format!(r"{programs}\Microsoft Visual Studio\Installer\vswhere.exe");
    let tools = [
        "-products",
        "*",
        "-requires",
        "Microsoft.VisualStudio.Component.VC.Tools.x86.x64",
    ];
    if answer(
        &vswhere,
        &[&tools[..], &["-property", "installationPath"]].concat(),
    )
    .is_none_or(|path| path.is_empty())
    {
        missing.push(
            "Microsoft's C++ build tools are missing. Run:\n  winget install Microsoft.VisualStudio.2022.BuildTools \
             --override \"--wait --passive --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended\""
                .into(),
        );
    }
    if answer("perl", &["-v"]).is_none() {
        missing.push(
            "Perl is missing; OpenSSL is built with it. Run:\n  winget install StrawberryPerl.StrawberryPerl"
                .into(),
        );
    }
}

/// What to do when this Rust is older than the app's own packages allow.
fn rust_too_old(place: &Place) -> Option<String> {
    let manifest = std::fs::read_to_string(place.root().join("Cargo.toml")).unwrap_or_default();
    let needed = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))?
        .trim_matches('"')
        .to_owned();
    let found = answer("rustc", &["--version"])?;
    if version(&found)? >= version(&needed)? {
        return None;
    }
    let fix = if has_rustup() {
        "rustup update stable"
    } else {
        "see https://rustup.rs and install Rust from there"
    };
    Some(format!(
        "Rust {needed} or newer is needed; this is {found}. Do:\n  {fix}"
    ))
}

/// rustfmt and clippy, which a minimal toolchain lacks.
fn add_components() -> Result<(), Failure> {
    let lacks = |tool: &str| answer("cargo", &[tool, "--version"]).is_none();
    let missing: Vec<&str> = [("fmt", "rustfmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(tool, _)| lacks(tool))
        .map(|pair| pair.1)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !has_rustup() {
        return Err(Failure::usage(format!(
            "{} missing; install them as this Rust was installed",
            missing.join(" and ")
        )));
    }
    say(&format!("set-up: rustup component add {}", missing.join(" ")));
    must(Command::new("rustup").args(["component", "add"]).args(&missing))
}

fn has_rustup() -> bool {
    answer("rustup", &["--version"]).is_some()
}

/// The first two numbers of the first version in a text: `v20.19.1`, `rustc 1.96.0 (…)`, `1.94`.
pub(crate) fn version(text: &str) -> Option<(u32, u32)> {
    let word = text.split_whitespace().find(|word| {
        word.trim_start_matches('v')
            .starts_with(|c: char| c.is_ascii_digit())
    })?;
    let mut numbers = word
        .trim_start_matches('v')
        .split(|c: char| !c.is_ascii_digit())
        .map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_tools_print() {
        let table = [
            ("v20.19.1", Some((20, 19))),
            (
                "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)",
                Some((1, 96)),
            ),
            ("1.94", Some((1, 94))),
            ("1.95.0-nightly", Some((1, 95))),
            ("no number here", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(version(text), expected, "{text}");
        }
    }
}
