//! The phone's alarm host. The system's alarms are reached by a plugin that is not part of this
//! version; until then every call says so and the app shows it.

use std::path::PathBuf;

use afterglow_reminders::host::{AlarmHost, Reply, Request};

/// Why the system did not take the alarms.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HostError {
    #[error("this version does not set reminders on a phone yet")]
    Unsupported,
}

/// Whom the app finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// The system is always there.
    Ours,
    /// It is not of a release.
    AnotherRelease,
}

/// The way to the system's alarms.
#[derive(Debug, Clone)]
pub(crate) struct Host;

impl Host {
    /// The host; a phone's system needs no folder for it.
    pub(crate) fn new(_home: PathBuf) -> Self {
        Self
    }

    /// The system needs no looking for.
    #[expect(clippy::unused_self, reason = "the same shape as on the desktop")]
    pub(crate) fn meet(&self) -> Met {
        Met::Ours
    }

    /// The system is not stopped.
    #[expect(clippy::unused_self, reason = "the same shape as on the desktop")]
    pub(crate) fn start_again(&self) {}

    /// The system is not replaced.
    #[expect(clippy::unused_self, reason = "the same shape as on the desktop")]
    pub(crate) fn replace(&self) {}
}

impl AlarmHost for Host {
    type Error = HostError;

    /// Android's share (iOS keeps 64 and takes 56 of ours).
    const CAPACITY: usize = if cfg!(target_os = "ios") { 56 } else { 400 };

    fn call(&self, _request: Request) -> Result<Reply, HostError> {
        Err(HostError::Unsupported)
    }
}

impl From<HostError> for crate::wire::ReminderHealth {
    fn from(error: HostError) -> Self {
        match error {
            HostError::Unsupported => Self::Unsupported,
        }
    }
}
