//! Whether the reminder service starts when the patient logs in: an entry of the desktop's (on Linux a file in
//! `~/.config/autostart`, on macOS a launch agent, on Windows a Run key). Only the service, which has no window.

use std::path::Path;

use auto_launch::{AutoLaunch, AutoLaunchBuilder, MacOSLaunchMode, WindowsEnableMode};

use super::Host;
use crate::wire::AtLogin;

/// What the entry is called.
const NAME: &str = "afterglow-remind";

/// How it is now.
pub(crate) fn at_login(host: &Host) -> AtLogin {
    match entry(host).and_then(|entry| entry.is_enabled().map_err(|error| error.to_string())) {
        Ok(true) => AtLogin::On,
        Ok(false) => AtLogin::Off,
        Err(reason) => AtLogin::Unavailable { reason },
    }
}

/// Makes or removes the entry. One that is there is written anew: the program may lie elsewhere now.
pub(crate) fn set_at_login(host: &Host, wanted: bool) -> Result<(), String> {
    let entry = entry(host)?;
    let done = if wanted { entry.enable() } else { entry.disable() };
    done.map_err(|error| error.to_string())
}

fn entry(host: &Host) -> Result<AutoLaunch, String> {
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
    AutoLaunchBuilder::new()
        .set_app_name(NAME)
        .set_app_path(&text(&program)?)
        .set_args(&arguments)
        // The other ways start the app itself, or drop the arguments.
        .set_macos_launch_mode(MacOSLaunchMode::LaunchAgent)
        // Left to itself the library tries the whole machine first: who may, would start it for every account.
        .set_windows_enable_mode(WindowsEnableMode::CurrentUser)
        .build()
        .map_err(|error| error.to_string())
}

/// One word of the entry as the system reads it; the library writes it as it is.
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

#[cfg(test)]
mod tests {
    use super::word;

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
}
