//! Building the UI, and only when something about it changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use crate::build;
use crate::place::Place;
use crate::step::{Failure, Steps};

/// Generated or fetched: no part of what the build is made from.
const NOT_SOURCES: [&str; 3] = ["node_modules", "dist", "paraglide"];

/// Installs the UI's packages if the lock file changed since the last time; whether they are there.
pub(crate) fn install(steps: &mut Steps, place: &Place) -> bool {
    let stamp = place.ui().join("node_modules/.afterglow-installed");
    // A copy of the lock file is the stamp: it cannot be equal by accident.
    let lock = fs::read_to_string(place.ui().join("package-lock.json")).unwrap_or_default();
    if !lock.is_empty() && fs::read_to_string(&stamp).is_ok_and(|last| last == lock) {
        return true;
    }
    steps.run("npm ci", place.npm().args(["ci", "--no-audit", "--no-fund"])) && keep(steps, &stamp, &lock)
}

/// Builds `ui/dist` from the installed packages if it is missing or the sources changed since the last time;
/// whether it is up to date.
pub(crate) fn build(steps: &mut Steps, place: &Place) -> bool {
    let stamp = place.ui().join("node_modules/.afterglow-built");
    let Ok(sources) = fingerprint(&place.ui()) else {
        return steps.work("ui build", || {
            Err(Failure::new("the folder ui/ cannot be read".into()))
        });
    };
    if build::has_ui(place) && fs::read_to_string(&stamp).is_ok_and(|last| last == sources) {
        return true;
    }
    steps.run("ui build", place.npm().args(["run", "build"])) && keep(steps, &stamp, &sources)
}

fn keep(steps: &mut Steps, stamp: &Path, text: &str) -> bool {
    match fs::write(stamp, text) {
        Ok(()) => true,
        Err(error) => steps.work("stamp", || {
            Err(Failure::new(format!("cannot write {}: {error}", stamp.display())))
        }),
    }
}

/// A short text that differs when any source of the UI was changed, added, renamed or removed.
fn fingerprint(folder: &Path) -> std::io::Result<String> {
    let mut hasher = DefaultHasher::new();
    take_in(folder, &mut hasher)?;
    Ok(format!("{:016x}\n", hasher.finish()))
}

fn take_in(folder: &Path, hasher: &mut DefaultHasher) -> std::io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        if NOT_SOURCES.iter().any(|generated| name == *generated) {
            continue;
        }
        name.hash(hasher);
        if entry.file_type()?.is_dir() {
            take_in(&entry.path(), hasher)?;
        } else {
            fs::read(entry.path())?.hash(hasher);
        }
        // Without an end, a file moved out of its folder would look the same.
        "end".hash(hasher);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_follows_the_sources_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("afterglow-fingerprint-{}", std::process::id()));
        let write = |path: &str, text: &str| {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("has a parent")).expect("temporary folder");
            fs::write(path, text).expect("temporary file");
        };
        let now = || fingerprint(&folder).expect("readable");

        write("src/app.ts", "let a = 1;");
        write("index.html", "<p>");
        let first = now();
        assert_eq!(now(), first, "nothing changed");
        write("node_modules/x/index.js", "fetched");
        write("dist/app.js", "built");
        write("src/paraglide/messages.js", "generated");
        assert_eq!(now(), first, "only generated files changed");
        write("src/app.ts", "let a = 2;");
        let changed = now();
        assert_ne!(changed, first, "a source changed");
        fs::rename(folder.join("src/app.ts"), folder.join("src/main.ts")).expect("renamed");
        assert_ne!(now(), changed, "a source was renamed");
        fs::remove_dir_all(&folder).expect("removed");
    }
}
