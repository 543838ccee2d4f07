//! Debian, Ubuntu and their kin: packages by apt.

use std::io::IsTerminal;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Need;
use crate::step::{Failure, answer, must, say};

/// What the app is compiled with and the window made of.
const TO_RUN: [&str; 5] = [
    "build-essential",
    "pkg-config",
    "perl",
    "make",
    "libwebkit2gtk-4.1-dev",
];

/// What the tests drive: a screen, a session bus, a notification daemon, a watcher of status items, a keyring, browsers,
/// a clock and a login manager that are made up; and the type-check for other systems.
const TO_TEST: [&str; 17] = [
    "git",
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "dbus",
    "dbus-x11",
    "dunst",
    "ayatana-indicator-application",
    "faketime",
    "gnome-keyring",
    "libsecret-tools",
    "python3-dbusmock",
    "at-spi2-core",
    "imagemagick",
    "fonts-noto-core",
    "clang",
    "llvm",
];

/// For the UI in a real browser. Ubuntu's is a snap and not apt's to install.
const BROWSER: [&str; 1] = ["chromium"];

/// For the type-check for other systems: a compiler with std's source, which only Debian has.
const OTHERS: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// Cannot be installed beside `OTHERS`, and whoever has one of these works with it.
const INSTEAD_OF_OTHERS: [&str; 3] = ["rustc", "cargo", "rustup"];

/// Whether `/etc/os-release` tells of a system with Debian's packages.
pub(super) fn is_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches(['"', '\'']).split_whitespace())
        .any(|id| id == "debian" || id == "ubuntu")
}

/// Installs what is missing of the packages for `need`.
///
/// # Errors
/// When apt fails, or nobody here may install: then the message is the command to run.
pub(super) fn install(need: Need) -> Result<(), Failure> {
    let required = match need {
        Need::Run | Need::Check => TO_RUN.to_vec(),
        Need::Test => [&TO_RUN[..], &TO_TEST[..]].concat(),
    };
    // Exits with failure when any is unknown, and still lists the others.
    let listed = Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status} ${Package}\\n"])
        .args(
            required
                .iter()
                .chain(&BROWSER)
                .chain(&OTHERS)
                .chain(&INSTEAD_OF_OTHERS),
        )
        .stderr(Stdio::null())
        .output()
        .map_err(|error| Failure::usage(format!("cannot ask dpkg-query what is installed: {error}")))?;
    let listed = String::from_utf8_lossy(&listed.stdout);

    let required = missing(&listed, &required);
    if !required.is_empty() {
        apt(UPDATE.0, &UPDATE.1, &required)?;
        apt(&format!("to install {}", required.join(" ")), &INSTALL, &required)?;
    }
    if need == Need::Test {
        for packages in [&BROWSER[..], optional_for_others(&listed)] {
            let packages = missing(&listed, packages);
            if install_if_there_is(&packages, !required.is_empty()).is_err() {
                say(&format!(
                    "set-up: going on without {}; what needs them is skipped",
                    packages.join(" ")
                ));
            }
        }
    }
    Ok(())
}

fn optional_for_others(listed: &str) -> &'static [&'static str] {
    let taken = missing(listed, &INSTEAD_OF_OTHERS).len() < INSTEAD_OF_OTHERS.len();
    if taken { &[] } else { &OTHERS }
}

/// Installs those of the packages that apt knows.
fn install_if_there_is(packages: &[&str], lists_are_fresh: bool) -> Result<(), Failure> {
    if packages.is_empty() {
        return Ok(());
    }
    // Container images ship without apt's lists, and then no package seems to exist.
    let mut fresh = lists_are_fresh;
    if !fresh && !has_package_lists() {
        apt(UPDATE.0, &UPDATE.1, packages)?;
        fresh = true;
    }
    let known: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|package| is_to_be_had(package))
        .collect();
    if known.is_empty() {
        return Ok(());
    }
    if !fresh {
        apt(UPDATE.0, &UPDATE.1, &known)?;
    }
    apt(&format!("to install {}", known.join(" ")), &INSTALL, &known)
}

/// Without fresh lists, apt asks for versions that the servers have already replaced.
const UPDATE: (&str, [&str; 2]) = ("to learn which versions there are", ["update", "-q"]);

/// Never removes anything: a compiler from `rustc-web` must not push out the one that somebody works with.
const INSTALL: [&str; 5] = ["install", "-y", "-q", "--no-install-recommends", "--no-remove"];

/// Runs apt-get as root, by a sudo that asks nothing, or by one that asks on the terminal. `install` asks for the
/// packages; any other arguments stand alone, and `packages` then only completes the command in the message.
fn apt(why: &str, arguments: &[&str], packages: &[&str]) -> Result<(), Failure> {
    let mut command = match who() {
        Who::Root => Command::new("apt-get"),
        Who::Sudo(flags) => {
            let mut sudo = Command::new("sudo");
            sudo.args(flags)
                .args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            sudo
        }
        Who::Nobody => {
            return Err(Failure::usage(format!(
                "packages are missing and this user may not install them. Run:\n  \
                 sudo apt-get update && sudo apt-get install -y --no-install-recommends {}",
                packages.join(" ")
            )));
        }
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
    if arguments.first() == Some(&"install") {
        command.args(packages);
    }
    if !std::io::stdin().is_terminal() {
        command.stdin(Stdio::null());
    }
    say(&format!("set-up: apt-get {} {why}", arguments[0]));
    must(&mut command)
}

enum Who {
    Root,
    Sudo(&'static [&'static str]),
    Nobody,
}

fn who() -> Who {
    if answer("id", &["-u"]).as_deref() == Some("0") {
        Who::Root
    } else if answer("sudo", &["-n", "true"]).is_some() {
        Who::Sudo(&["-n"])
    } else if std::io::stdin().is_terminal() && answer("sudo", &["-V"]).is_some() {
        Who::Sudo(&[])
    } else {
        Who::Nobody
    }
}

/// Those of `wanted` that dpkg-query's lines (`installed NAME`) do not report as installed.
fn missing<'a>(listed: &str, wanted: &[&'a str]) -> Vec<&'a str> {
    let installed: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.strip_prefix("installed "))
        .collect();
    wanted
        .iter()
        .copied()
        .filter(|package| !installed.contains(package))
        .collect()
}

fn is_to_be_had(package: &str) -> bool {
    answer("apt-cache", &["policy", package])
        .is_some_and(|policy| policy.contains("Candidate:") && !policy.contains("Candidate: (none)"))
}

fn has_package_lists() -> bool {
    Path::new("/var/lib/apt/lists").read_dir().is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().contains("_Packages"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_is_known_by_its_id_or_its_kin() {
        let table = [
            (
                "Debian",
                "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n",
                true,
            ),
            ("Ubuntu", "ID=ubuntu\nID_LIKE=debian\n", true),
            ("Mint", "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true),
            ("Fedora", "ID=fedora\n", false),
            ("Arch", "ID=arch\n", false),
            (
                "a name that only mentions it",
                "ID=slackware\nNAME=\"not debian\"\n",
                false,
            ),
            ("no such file", "", false),
        ];
        for (name, text, expected) in table {
            assert_eq!(is_debian(text), expected, "{name}");
        }
    }

    #[test]
    fn only_what_is_fully_installed_counts() {
        let listed = "installed perl\nconfig-files xvfb\nnot-installed clang\ninstalled make\n";
        assert_eq!(
            missing(listed, &["perl", "make"]),
            Vec::<&str>::new(),
            "all there"
        );
        assert_eq!(
            missing(listed, &["perl", "xvfb", "clang", "dunst"]),
            ["xvfb", "clang", "dunst"]
        );
        assert_eq!(missing("", &["perl"]), ["perl"], "dpkg knows nothing");
    }

    #[test]
    fn a_compiler_that_somebody_works_with_is_left_in_place() {
        assert_eq!(
            optional_for_others("installed perl\nconfig-files rustc\n"),
            OTHERS
        );
        assert!(optional_for_others("installed perl\ninstalled rustc\n").is_empty());
    }

    #[test]
    fn no_package_is_listed_twice() {
        let mut all = [&TO_RUN[..], &TO_TEST[..], &BROWSER[..], &OTHERS[..]].concat();
        all.sort_unstable();
        let before = all.len();
        all.dedup();
        assert_eq!(all.len(), before);
    }
}
