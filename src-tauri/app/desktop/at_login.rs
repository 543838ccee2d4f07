//! Whether the reminder service starts when the patient logs in: an entry of the desktop's (on Linux a file in
//! `~/.config/autostart`, on macOS a launch agent, on Windows a Run key). Only the service, which has no window.

use std::path::Path;

use auto_launch::{AutoLaunch, AutoLaunchBuilder};

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
        path.to_str().map(word).ok_or_else(told)
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
        .build()
        .map_err(|error| error.to_string())
}

/// One word of an `Exec` line, which the library takes as it is (Desktop Entry Specification 1.5, "The Exec key").
fn word(text: &str) -> String {
    if !cfg!(target_os = "linux") {
        return text.to_owned();
    }
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
    use super::word;

    #[test]
    fn a_path_is_one_word_whatever_is_in_it() {
        for (path, expected) in [
            ("/opt/afterglow", r#""/opt/afterglow""#),
            ("/home/a b/100%", r#""/home/a b/100%%""#),
            ("/home/$x", r#""/home/\\$x""#),
        ] {
            assert_eq!(word(path), expected);
        }
    }
}
