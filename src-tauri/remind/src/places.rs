//! Where everything lies: one folder that only the owner can enter.

use std::io;
use std::path::{Path, PathBuf};

use afterglow_reminders::host::{HomeTooLong, STOPPED, socket_name};

/// The paths under the service's home.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The alarm list.
    pub(crate) list: PathBuf,
    /// What became of alarms.
    pub(crate) journal: PathBuf,
    /// The journal's name in a second place.
    pub(crate) name: PathBuf,
    /// Until when reminders are paused.
    pub(crate) pause: PathBuf,
    /// There while the patient wants no reminders.
    pub(crate) stopped: PathBuf,
    /// Damage that nobody was told of yet.
    pub(crate) damage: PathBuf,
    /// Held while a service lives.
    pub(crate) lock: PathBuf,
    /// Where the app talks to it.
    pub(crate) socket: PathBuf,
}

/// Why the home cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlacesError {
    #[error("the folder {} cannot be used ({source}); choose one that this account can write", home.display())]
    Unusable {
        home: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    TooLong(#[from] HomeTooLong),
}

impl Places {
    /// Makes the home if it is not there, and closes it to everybody else if it is.
    pub(crate) fn prepare(home: &Path) -> Result<Self, PlacesError> {
        let unusable = |source| PlacesError::Unusable {
            home: home.to_owned(),
            source,
        };
        let home = std::path::absolute(home).map_err(unusable)?;
        make_private(&home).map_err(unusable)?;
        Ok(Self {
            list: home.join("alarms.json"),
            journal: home.join("journal.jsonl"),
            name: home.join("journal.name"),
            pause: home.join("pause.json"),
            stopped: home.join(STOPPED),
            damage: home.join("damage.json"),
            lock: home.join("remind.lock"),
            socket: socket_name(&home)?,
        })
    }
}

#[cfg(unix)]
fn make_private(home: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(home)?;
    if std::fs::metadata(home)?.permissions().mode() & 0o077 != 0 {
        std::fs::set_permissions(home, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Elsewhere a folder in the account's own data folder is private already.
#[cfg(not(unix))]
fn make_private(home: &Path) -> io::Result<()> {
    std::fs::create_dir_all(home)
}
