//! Desktops whose notifications notify-rust shows by a blocking call, without telling of clicks.

use afterglow_reminders::alarms::AlarmId;
use notify_rust::Notification;
use tokio::sync::mpsc;

#[cfg(target_os = "macos")]
use super::APP;
use super::{Notice, PATIENCE, RingError, Server, Shown};
use crate::service::Event;

/// The system's usual sound for a notification. Without a name there is none.
const SOUND: &str = if cfg!(target_os = "macos") {
    "NSUserNotificationDefaultSoundName"
} else {
    "Default"
};

/// The way to the desktop's notifications.
#[derive(Debug, Clone)]
pub(crate) struct Desktop;

impl Desktop {
    /// Nothing is told back.
    pub(crate) fn new(_events: mpsc::Sender<Event>) -> Self {
        #[cfg(target_os = "macos")]
        // Untold, the library looks for an application with a made-up name, and macOS asks the patient where that is.
        // Until the app is installed its name is not known, and Terminal's stands on the notifications.
        let _ = notify_rust::set_application(APP);
        Self
    }

    /// Nothing to keep up, and nobody to ask.
    #[expect(clippy::unused_async, reason = "the same shape as on Linux")]
    pub(crate) async fn keep_listening(&self) {}

    /// Shows a notification, or says within [`PATIENCE`] why not. Without buttons the text says what to do.
    pub(crate) async fn show(&self, notice: &Notice, _replaces: u32) -> Result<Shown, RingError> {
        let notice = notice.clone();
        let AlarmId(number) = notice.id;
        let shown = tokio::task::spawn_blocking(move || {
            let mut notification = Notification::new();
            notification
                .summary(&notice.title)
                .body(&format!("{}\n{}", notice.body, notice.open));
            if !notice.silent {
                notification.sound_name(SOUND);
            }
            notification
                .show()
                .map(drop)
                .map_err(|error| RingError::Refused(error.to_string()))
        });
        tokio::time::timeout(PATIENCE, shown)
            .await
            .map_err(|_| RingError::Silent)?
            .map_err(|error| RingError::NoServer(error.to_string()))?
            .map(|()| Shown {
                server: Server {
                    name: std::env::consts::OS.to_owned(),
                    has_buttons: false,
                },
                number,
            })
    }

    /// These systems take nothing back by a number of ours.
    #[expect(clippy::unused_async, reason = "the same shape as on Linux")]
    pub(super) async fn withdraw(&self, _number: u32) {}
}

/// No session is told from another by its bus here.
#[expect(clippy::unused_async, reason = "the same shape as on Linux")]
pub(crate) async fn answers(_bus: &str) -> bool {
    false
}
