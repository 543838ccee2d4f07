//! Desktops whose notifications notify-rust shows by a blocking call, without telling of clicks.

use notify_rust::Notification;

use super::{Notice, RingError};

/// A notification that the system took.
#[derive(Debug)]
pub(crate) struct Ringing {
    /// The system's name.
    pub(crate) server: String,
}

impl Ringing {
    /// Shows the notification.
    pub(super) async fn begin(notice: &Notice) -> Result<Self, RingError> {
        let notice = notice.clone();
        let shown = tokio::task::spawn_blocking(move || {
            Notification::new()
                .appname("Afterglow")
                .summary(&notice.title)
                .body(&notice.body)
                .show()
                .map(drop)
                .map_err(|error| RingError::Refused(error.to_string()))
        });
        shown
            .await
            .map_err(|error| RingError::NoServer(error.to_string()))?
            .map(|()| Self {
                server: std::env::consts::OS.to_owned(),
            })
    }

    /// Never told.
    pub(crate) async fn clicked(self) -> bool {
        false
    }
}
