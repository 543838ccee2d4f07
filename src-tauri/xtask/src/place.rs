//! Where things lie: the checkout, the folder for builds, the UI.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout and the folder that builds go to.
pub(crate) struct Place {
    root: PathBuf,
    target: PathBuf,
}

impl Place {
    /// The checkout that this program was built from.
    pub(crate) fn find() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.ancestors().nth(2).unwrap_or(here).to_path_buf();
        let target = target_folder(
            &root,
            user_cache(env::consts::OS, |name| env::var_os(name)),
            |name| env::var_os(name),
        );
        Self { root, target }
    }

    /// The top of the checkout.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder that builds go to.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The UI's folder.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A file of the `xtask` crate itself.
    pub(crate) fn own(&self, path: &str) -> PathBuf {
        self.root.join("src-tauri/xtask").join(path)
    }

    /// A built program or example, by its path within a profile's folder.
    pub(crate) fn built(&self, profile: &str, name: &str) -> PathBuf {
        self.target
            .join(profile)
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The cargo that started this program, at the checkout's top and with its builds in the right folder.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// npm in the UI's folder.
    pub(crate) fn npm(&self) -> Command {
        let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.current_dir(self.ui());
        command
    }
}

/// Where builds go. A CI machine throws the checkout away but may keep the user's cache, so there the folder lies
/// in the cache; a person expects `target/`; and who sets `CARGO_TARGET_DIR` is obeyed.
fn target_folder(
    root: &Path,
    cache: Option<PathBuf>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> PathBuf {
    if let Some(set) = filled(variable("CARGO_TARGET_DIR")) {
        return root.join(set);
    }
    match (filled(variable("CI")), cache) {
        (Some(_), Some(cache)) => cache.join("afterglow").join("target"),
        _ => root.join("target"),
    }
}

/// The user's cache folder on the given system, if the environment tells.
fn user_cache(system: &str, variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| filled(variable(name)).map(PathBuf::from);
    match system {
        "windows" => folder("LOCALAPPDATA"),
        "macos" => folder("HOME").map(|home| home.join("Library").join("Caches")),
        // The XDG rules say that a relative path is to be ignored.
        _ => folder("XDG_CACHE_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| folder("HOME").map(|home| home.join(".cache"))),
    }
}

fn filled(value: Option<OsString>) -> Option<OsString> {
    value.filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Variables = &'static [(&'static str, &'static str)];

    fn environment(pairs: Variables) -> impl Fn(&str) -> Option<OsString> {
        move |name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.into())
        }
    }

    #[test]
    fn builds_go_where_the_environment_says() {
        let cache = Some(PathBuf::from("/home/kim/.cache"));
        let table: [(&str, Variables, Option<PathBuf>, &str); 6] = [
            ("a person's machine", &[], cache.clone(), "/src/target"),
            (
                "a CI machine",
                &[("CI", "true")],
                cache.clone(),
                "/home/kim/.cache/afterglow/target",
            ),
            ("CI set but empty", &[("CI", "")], cache.clone(), "/src/target"),
            ("CI without a home", &[("CI", "1")], None, "/src/target"),
            (
                "told where",
                &[("CI", "1"), ("CARGO_TARGET_DIR", "/big/disk")],
                cache.clone(),
                "/big/disk",
            ),
            (
                "told where, from here",
                &[("CARGO_TARGET_DIR", "out")],
                cache,
                "/src/out",
            ),
        ];
        for (name, variables, cache, expected) in table {
            let folder = target_folder(Path::new("/src"), cache, environment(variables));
            assert_eq!(folder, PathBuf::from(expected), "{name}");
        }
    }

    #[test]
    fn each_system_has_its_own_cache_folder() {
        let table: [(&str, Variables, Option<&str>); 6] = [
            ("linux", &[("HOME", "/home/kim")], Some("/home/kim/.cache")),
            (
                "linux",
                &[("HOME", "/home/kim"), ("XDG_CACHE_HOME", "/fast")],
                Some("/fast"),
            ),
            (
                "linux",
                &[("HOME", "/home/kim"), ("XDG_CACHE_HOME", "fast")],
                Some("/home/kim/.cache"),
            ),
            ("linux", &[], None),
            (
                "macos",
                &[("HOME", "/Users/kim")],
                Some("/Users/kim/Library/Caches"),
            ),
            (
                "windows",
                &[("LOCALAPPDATA", "C:/Users/kim/Local")],
                Some("C:/Users/kim/Local"),
            ),
        ];
        for (system, variables, expected) in table {
            assert_eq!(
                user_cache(system, environment(variables)),
                expected.map(PathBuf::from),
                "{system}"
            );
        }
    }
}
