//! How a reminder reaches the screen.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod freedesktop;

use std::time::Duration;

use afterglow_reminders::alarms::AlarmId;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::Ringing;
#[cfg(target_os = "linux")]
pub(crate) use freedesktop::Ringing;

/// How long the desktop may take to answer: a server that hangs must not hold the others up.
const PATIENCE: Duration = Duration::from_secs(5);

/// One notification, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// Showing another one under the same id replaces the first.
    pub(crate) id: AlarmId,
    /// The title.
    pub(crate) title: String,
    /// The text.
    pub(crate) body: String,
    /// What a click does, in the patient's language.
    pub(crate) open: String,
    /// Stays until it is seen.
    pub(crate) urgent: bool,
    /// Makes no sound.
    pub(crate) silent: bool,
}

/// Why a notification was not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RingError {
    #[error(
        "no notification service answers on this desktop ({0}); start one or log in to the desktop again"
    )]
    NoServer(String),
    #[error("the desktop's notification service did not answer within 5 seconds; restart it")]
    Silent,
    #[error("the desktop's notification service refused ({0}); allow notifications in its settings")]
    Refused(String),
}

/// Shows a notification, or says within [`PATIENCE`] why not.
pub(crate) async fn show(notice: &Notice) -> Result<Ringing, RingError> {
    tokio::time::timeout(PATIENCE, Ringing::begin(notice))
        .await
        .unwrap_or(Err(RingError::Silent))
}
