//! What the app is started with: by the patient nothing, by a notification the screen to show.

use afterglow_reminders::alarms::Screen;

/// The command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arguments {
    /// The screen to open at.
    pub(super) show: Option<Screen>,
}

/// A command line that is not understood.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not understood; usage: afterglow [--show today|timeline|check_in]")]
pub(super) struct UsageError(String);

impl Arguments {
    pub(super) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, UsageError> {
        let mut show = None;
        while let Some(argument) = arguments.next() {
            if argument != "--show" {
                return Err(UsageError(argument));
            }
            let name = arguments.next().unwrap_or_default();
            show = Some(screen(&name).ok_or(UsageError(format!("--show {name}")))?);
        }
        Ok(Self { show })
    }
}

/// The screen of that wire name.
pub(super) fn screen(name: &str) -> Option<Screen> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &[&str]) -> Result<Arguments, UsageError> {
        Arguments::parse(line.iter().map(|&word| word.to_owned()))
    }

    #[test]
    fn a_notification_names_its_screen() {
        assert_eq!(parse(&[]), Ok(Arguments { show: None }));
        assert_eq!(
            parse(&["--show", "check_in"]),
            Ok(Arguments {
                show: Some(Screen::CheckIn)
            })
        );
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for line in [&["--shw"][..], &["--show"], &["--show", "moon"], &["today"]] {
            let sentence = parse(line).unwrap_err().to_string();
            assert!(sentence.contains("usage: afterglow [--show"), "{sentence}");
        }
    }
}
