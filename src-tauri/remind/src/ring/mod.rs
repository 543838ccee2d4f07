//! How a reminder reaches the screen.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod freedesktop;

use std::time::Duration;

use afterglow_reminders::alarms::AlarmId;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{Desktop, answers};
#[cfg(target_os = "linux")]
pub(crate) use freedesktop::{Desktop, answers};

/// How long the desktop may take to answer: a server that hangs must not hold the others up, and
/// the app, which waits for 5 seconds, hears of it.
const PATIENCE: Duration = Duration::from_secs(4);

/// The app's `identifier` in `tauri.conf.json`: whose notifications these are. It tells no more than their title does.
#[cfg(any(target_os = "linux", target_os = "macos"))]
const APP: &str = "care.afterglow.companion";

/// One notification, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// Showing another one under the same id replaces the first.
    pub(crate) id: AlarmId,
    /// The title.
    pub(crate) title: String,
    /// The text.
    pub(crate) body: String,
    /// What a click does, in the patient's language; said in the text where there are no buttons.
    pub(crate) open: String,
    /// What can be done beside opening the app: the name that comes back, and the label.
    pub(crate) buttons: Vec<(&'static str, String)>,
    /// Stays until it is seen.
    pub(crate) urgent: bool,
    /// Makes no sound.
    pub(crate) silent: bool,
}

/// What the desktop says of its notification server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// Its name and version.
    pub(crate) name: String,
    /// Whether it shows buttons.
    pub(crate) has_buttons: bool,
}

/// A notification that the server took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Who took it.
    pub(crate) server: Server,
    /// The number that the server gave it; not every server keeps ours.
    pub(crate) number: u32,
}

/// What the desktop tells by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "other desktops tell nothing")
)]
pub(crate) enum Heard {
    /// The notification was clicked.
    Clicked(u32),
    /// One of its buttons was pressed.
    Pressed { number: u32, button: String },
    /// It is no longer on the screen.
    Closed(u32),
    /// A server answers: one that came, with everything that the one before had shown gone, or one that was silent.
    Server(Server),
    /// None is there; why nothing can be shown, unless the desktop starts one as soon as it is asked to show something.
    NoServer(Option<RingError>),
}

/// Why a notification was not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RingError {
    #[error(
        "no notification service answers on this desktop ({0}); start one or log in to the desktop again"
    )]
    NoServer(String),
    #[error("the desktop's notification service did not answer within 4 seconds; restart it")]
    Silent,
    #[error("the desktop's notification service refused ({0}); allow notifications in its settings")]
    Refused(String),
}

impl Desktop {
    /// Takes a notification from the screen; one that is gone already, or a server that is, is fine.
    pub(crate) async fn close(&self, number: u32) {
        let _ = tokio::time::timeout(PATIENCE, self.withdraw(number)).await;
    }
}
