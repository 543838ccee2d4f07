//! What lies in this checkout: the files that are, or would be, committed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Never committed: fetched, built or generated.
const NOT_OURS: [&str; 8] = [
    ".git",
    "target",
    "node_modules",
    "gen/schemas",
    "permissions",
    "ui/dist",
    "ui/src/paraglide",
    "ui/node_modules",
];

/// The top of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file, as a path from the top with forward slashes, sorted.
pub(crate) fn files() -> &'static [String] {
    static FILES: OnceLock<Vec<String>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files = from_git().unwrap_or_else(|| {
            let mut found = Vec::new();
            walk(Path::new(""), &mut found);
            found
        });
        files.sort();
        assert!(
            files.iter().any(|file| file == "Cargo.toml"),
            "no files found below {}",
            root().display()
        );
        files
    })
}

/// The text of a file by its path from the top.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

/// The files that people write and that the given endings pick out, each with its text.
pub(crate) fn sources(endings: &'static [&str]) -> impl Iterator<Item = (&'static str, String)> {
    files()
        .iter()
        .filter(|file| {
            Path::new(file)
                .extension()
                .is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted))
        })
        .map(|file| (file.as_str(), read(file)))
}

/// What a cargo command prints, run on this checkout.
pub(crate) fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo can be started");
    assert!(
        output.status.success(),
        "cargo {} failed:\n{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

/// What git knows or would take up; none outside a git checkout.
fn from_git() -> Option<Vec<String>> {
    if !root().join(".git").exists() {
        return None;
    }
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let listed = String::from_utf8(output.stdout).ok()?;
    // A file that was just removed is still listed.
    Some(
        listed
            .split('\0')
            .filter(|file| root().join(file).is_file())
            .map(str::to_owned)
            .collect(),
    )
}

fn walk(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(root().join(folder)).into_iter().flatten().flatten() {
        let path: PathBuf = folder.join(entry.file_name());
        let spelt = path.to_string_lossy().replace('\\', "/");
        if NOT_OURS.iter().any(|not_ours| spelt == *not_ours) {
            continue;
        }
        if entry.path().is_dir() {
            walk(&path, found);
        } else {
            found.push(spelt);
        }
    }
}
