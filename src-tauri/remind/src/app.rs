//! Starting the app at the right screen.

use std::path::Path;
use std::process::Stdio;

use afterglow_reminders::alarms::Screen;
use tokio::process::Command;

use crate::log;

/// Starts `app --show SCREEN` on its own: it outlives the service and holds none of its streams.
pub(crate) fn show(app: &Path, screen: Screen) {
    let mut command = Command::new(app);
    command
        .args(["--show", word(screen)])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    command.process_group(0);
    match command.spawn() {
        Ok(mut child) => {
            // Waited for, so that no zombie is left when the window closes.
            tokio::spawn(async move {
                let _ = child.wait().await;
            });
        }
        Err(error) => log::failure(&format_args!("the app {} did not start: {error}", app.display())),
    }
}

/// The screen as the app's command line calls it.
fn word(screen: Screen) -> &'static str {
    match screen {
        Screen::Today => "today",
        Screen::Timeline => "timeline",
        Screen::CheckIn => "check_in",
    }
}
