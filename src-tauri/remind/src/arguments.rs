//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

/// How to call it.
pub(crate) const USAGE: &str = "usage: afterglow-remind --home DIR --app PATH
       afterglow-remind --version

  --home DIR   the folder of the alarm list, the journal, the lock and the socket
  --app PATH   the app's program, started at a click as PATH --show today|timeline|check_in";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// Say which version this is.
    Version,
    /// Hold the alarms.
    Run(Arguments),
}

/// What the service needs to know.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// The folder of everything that it keeps.
    pub(crate) home: PathBuf,
    /// The app's program.
    pub(crate) app: PathBuf,
}

/// What is wrong with a command line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UsageError {
    #[error("`{0}` is missing")]
    Missing(&'static str),
    #[error("`{0}` needs a value after it")]
    NoValue(&'static str),
    #[error("`{0}` was given twice")]
    Twice(&'static str),
    #[error("`{0}` is not an option of this program")]
    Unknown(String),
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Call, UsageError> {
    let mut arguments = arguments.into_iter();
    let (mut home, mut app) = (None, None);
    while let Some(argument) = arguments.next() {
        let (name, slot) = match argument.to_str() {
            Some("--version") => return Ok(Call::Version),
            Some("--home") => ("--home", &mut home),
            Some("--app") => ("--app", &mut app),
            _ => return Err(UsageError::Unknown(argument.to_string_lossy().into_owned())),
        };
        let value = arguments.next().ok_or(UsageError::NoValue(name))?;
        if slot.replace(PathBuf::from(value)).is_some() {
            return Err(UsageError::Twice(name));
        }
    }
    Ok(Call::Run(Arguments {
        home: home.ok_or(UsageError::Missing("--home"))?,
        app: app.ok_or(UsageError::Missing("--app"))?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_read_or_refused_by_name() {
        let run = |home: &str, app: &str| {
            Ok(Call::Run(Arguments {
                home: home.into(),
                app: app.into(),
            }))
        };
        for (line, expected) in [
            ("--version", Ok(Call::Version)),
            ("--home /h --app /a", run("/h", "/a")),
            ("--app /a --home /h", run("/h", "/a")),
            ("", Err(UsageError::Missing("--home"))),
            ("--home /h", Err(UsageError::Missing("--app"))),
            ("--home", Err(UsageError::NoValue("--home"))),
            ("--home /h --home /i", Err(UsageError::Twice("--home"))),
            ("--home /h -v", Err(UsageError::Unknown("-v".to_owned()))),
        ] {
            let words = line.split_whitespace().map(OsString::from);
            assert_eq!(parse(words), expected, "{line}");
        }
    }
}
