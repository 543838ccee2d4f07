//! Whether the reminder service starts when the patient logs in: an entry of the desktop's (on Linux a file in the
//! folder `autostart`, on macOS a launch agent, on Windows a Run key). Only the service, which has no window.

use std::path::Path;

use super::Host;
use crate::wire::AtLogin;

/// What the entry is called.
const NAME: &str = "afterglow-remind";

/// How it is now.
pub(crate) fn at_login(host: &Host) -> AtLogin {
    match entry(host).and_then(|entry| entry.starts_it()) {
        Ok(true) => AtLogin::On,
        Ok(false) => AtLogin::Off,
        Err(reason) => AtLogin::Unavailable { reason },
    }
}

/// Makes or removes the entry. One that is there is written anew: the program may lie elsewhere now.
pub(crate) fn set_at_login(host: &Host, wanted: bool) -> Result<(), String> {
    let entry = entry(host)?;
    if wanted { entry.write() } else { entry.remove() }
}

/// The entry that starts this app's own service, whether or not it is there.
fn entry(host: &Host) -> Result<Entry, String> {
    let text = |path: &Path| {
        let told = || format!("{} is no name that a login entry can hold", path.display());
        let word_here = |text| word(std::env::consts::OS, text);
        path.to_str().map(word_here).ok_or_else(told)
    };
    let (program, arguments) = host.program().map_err(|error| error.to_string())?;
    let arguments = arguments
        .iter()
        .map(|argument| text(argument))
        .collect::<Result<Vec<_>, _>>()?;
    Entry::new(text(&program)?, arguments)
}

/// A file of the Desktop Application Autostart Specification. Written here, because the library for it looks for the
/// folder in one place only and takes any file there for an entry that is switched on.
#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Entry {
    file: std::path::PathBuf,
    exec: String,
}

#[cfg(target_os = "linux")]
impl Entry {
    fn new(program: String, arguments: Vec<String>) -> Result<Self, String> {
        let folder = dirs::config_dir().ok_or("the system names no folder for its settings")?;
        let words: Vec<_> = std::iter::once(program).chain(arguments).collect();
        Ok(Self {
            file: folder.join("autostart").join(format!("{NAME}.desktop")),
            exec: words.join(" "),
        })
    }

    fn starts_it(&self) -> Result<bool, String> {
        match std::fs::read_to_string(&self.file) {
            Ok(text) => Ok(starts(&text, &self.exec)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.said(&error)),
        }
    }

    fn write(&self) -> Result<(), String> {
        let text = format!(
            "[Desktop Entry]\nType=Application\nName=Afterglow\nExec={}\nNoDisplay=true\nTerminal=false\n",
            self.exec
        );
        let made = self.file.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(&self.file, text))
            .map_err(|error| self.said(&error))
    }

    fn remove(&self) -> Result<(), String> {
        match std::fs::remove_file(&self.file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(self.said(&error)),
            _ => Ok(()),
        }
    }

    fn said(&self, error: &std::io::Error) -> String {
        format!("{}: {error}", self.file.display())
    }
}

/// Whether an entry starts exactly this at login. Desktops leave the file and write into it that it is switched off.
#[cfg(target_os = "linux")]
fn starts(entry: &str, exec: &str) -> bool {
    let has = |key: &str, value: &str| {
        let pairs = entry.lines().filter_map(|line| line.split_once('='));
        pairs
            .map(|(key, value)| (key.trim(), value.trim()))
            .any(|pair| pair == (key, value))
    };
    has("Exec", exec) && !has("Hidden", "true") && !has("X-GNOME-Autostart-enabled", "false")
}

/// An entry of the library's.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
struct Entry(auto_launch::AutoLaunch);

#[cfg(not(target_os = "linux"))]
impl Entry {
    fn new(program: String, arguments: Vec<String>) -> Result<Self, String> {
        auto_launch::AutoLaunchBuilder::new()
            .set_app_name(NAME)
            .set_app_path(&program)
            .set_args(&arguments)
            // The other ways start the app itself, or drop the arguments.
            .set_macos_launch_mode(auto_launch::MacOSLaunchMode::LaunchAgent)
            // Left to itself the library tries the whole machine first: who may, would start it for every account.
            .set_windows_enable_mode(auto_launch::WindowsEnableMode::CurrentUser)
            .build()
            .map(Self)
            .map_err(|error| error.to_string())
    }

    fn starts_it(&self) -> Result<bool, String> {
        self.0.is_enabled().map_err(|error| error.to_string())
    }

    fn write(&self) -> Result<(), String> {
        self.0.enable().map_err(|error| error.to_string())
    }

    fn remove(&self) -> Result<(), String> {
        self.0.disable().map_err(|error| error.to_string())
    }
}

/// One word of the entry as the system reads it; nothing else is done to it.
fn word(system: &str, text: &str) -> String {
    match system {
        "macos" => xml_text(text),
        "windows" => argument(text),
        _ => exec_word(text),
    }
}

/// A text of a property list. A program whose own path needs this is refused by the library, which looks for the file
/// by the text: better than a list that nobody can read.
fn xml_text(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// An argument of a Windows command line. No path has a quote in it; a backslash at the end would hide the closing one.
fn argument(text: &str) -> String {
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    format!("\"{text}{}\"", "\\".repeat(backslashes))
}

/// A word of an `Exec` line (Desktop Entry Specification 1.5, "The Exec key").
fn exec_word(text: &str) -> String {
    let mut word = String::from('"');
    for character in text.chars() {
        match character {
            // Twice: the value is a string of the file first, and a quoted word then.
            '"' | '`' | '$' => word.extend(['\\', '\\', character]),
            '\\' => word.push_str("\\\\\\\\"),
            '%' => word.push_str("%%"),
            other => word.push(other),
        }
    }
    word.push('"');
    word
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{starts, word};

    #[test]
    fn a_path_is_one_word_whatever_is_in_it() {
        for (system, path, expected) in [
            ("linux", "/opt/afterglow", r#""/opt/afterglow""#),
            ("linux", "/home/a b/100%", r#""/home/a b/100%%""#),
            ("linux", "/home/$x", r#""/home/\\$x""#),
            ("macos", "/Users/a b/Library", "/Users/a b/Library"),
            ("macos", "/Volumes/<R&D>", "/Volumes/&lt;R&amp;D&gt;"),
            (
                "windows",
                r"C:\Program Files\x.exe",
                r#""C:\Program Files\x.exe""#,
            ),
            ("windows", r"D:\", r#""D:\\""#),
        ] {
            assert_eq!(word(system, path), expected, "{system}");
        }
    }

    #[test]
    fn only_an_entry_that_starts_this_service_and_is_not_switched_off_is_on() {
        let exec = r#""/opt/afterglow-remind" "--home" "/home/a""#;
        let ours = format!("[Desktop Entry]\nType=Application\nExec={exec}\n");
        for (name, entry, on) in [
            ("ours", ours.clone(), true),
            ("without a line's end", ours.trim_end().to_owned(), true),
            ("another folder's", ours.replace("/home/a", "/home/b"), false),
            (
                "of a program that was moved",
                ours.replace("/opt/", "/usr/bin/"),
                false,
            ),
            ("switched off", ours.clone() + "Hidden=true\n", false),
            (
                "switched off by GNOME",
                ours.clone() + "X-GNOME-Autostart-enabled=false\n",
                false,
            ),
            (
                "switched on by GNOME",
                ours.clone() + "X-GNOME-Autostart-enabled=true\n",
                true,
            ),
            ("empty", String::new(), false),
        ] {
            assert_eq!(starts(&entry, exec), on, "{name}");
        }
    }
}
