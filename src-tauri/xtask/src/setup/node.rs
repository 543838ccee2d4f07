//! Node and npm, which build and test the UI.

use super::version;
use crate::step::answer;

/// What to do when Node or npm is missing or too old.
pub(super) fn missing() -> Option<String> {
    let found = answer("node", &["--version"]);
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let complaint = match found.as_deref() {
        None => "Node is missing".to_owned(),
        Some(found) if !version(found).is_some_and(builds_the_ui) => {
            format!("Node 20.19 or 22.12 or newer is needed; this is {found}")
        }
        Some(_) if !in_path(npm) => "npm is missing".to_owned(),
        Some(_) => return None,
    };
    Some(format!("{complaint}. {}", fix(std::env::consts::OS)))
}

/// Whether vite runs on this Node: 20.19, 22.12 or anything later; 21 never became a long-term release.
fn builds_the_ui((major, minor): (u32, u32)) -> bool {
    match major {
        20 => minor >= 19,
        22 => minor >= 12,
        _ => major > 22,
    }
}

fn fix(system: &str) -> &'static str {
    match system {
        "macos" => "Run:\n  brew install node\nor take the installer from https://nodejs.org/en/download",
        "windows" => "Run:\n  winget install OpenJS.NodeJS.LTS",
        _ => {
            "Where the system's own is new enough (Debian 13, Ubuntu 25.10), run:\n  sudo apt-get install nodejs npm\n\
             Elsewhere follow https://nodejs.org/en/download"
        }
    }
}

/// Looks for a program without starting it: npm alone takes longer to say its version than all else together.
fn in_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_is_new_enough_where_vite_says_so() {
        let table = [
            ((18, 20), false),
            ((20, 18), false),
            ((20, 19), true),
            ((21, 7), false),
            ((22, 11), false),
            ((22, 12), true),
            ((24, 0), true),
        ];
        for (found, expected) in table {
            assert_eq!(builds_the_ui(found), expected, "{found:?}");
        }
    }
}
