//! Whom to call, outside the diary: for a window that cannot open it.
//!
//! Two telephone numbers in a file that only the owner's account can read, unencrypted, and only with the patient's
//! consent. The consent is the file itself: it is about this device, and goes nowhere with an export.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::app::App;
use crate::wire::{CallNumbers, Failure, Settings};

fn path(app: &App) -> PathBuf {
    app.places.home.join("numbers.json")
}

/// The numbers; none without consent, or when they cannot be read.
pub(crate) async fn kept(app: &App) -> Option<CallNumbers> {
    let bytes = tokio::fs::read(path(app)).await.ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Whether the patient agreed to keep them.
pub(crate) fn are_wanted(app: &App) -> bool {
    path(app).exists()
}

/// Keeps the numbers of these settings, in place of those before.
pub(crate) async fn keep(app: &App, settings: &Settings) -> Result<(), Failure> {
    let numbers = CallNumbers {
        clinic: settings.clinic.phone.trim().to_owned(),
        emergency: settings.emergency_number.clone(),
    };
    let path = path(app);
    let failed = failure(&path, "written");
    let written = tokio::task::spawn_blocking(move || write(&path, &numbers)).await;
    written.map_err(std::io::Error::other).flatten().map_err(failed)
}

/// Lets the numbers that are kept follow the settings, where the patient agreed to keep them.
pub(crate) async fn follow(app: &App, settings: &Settings) -> Result<(), Failure> {
    if !are_wanted(app) {
        return Ok(());
    }
    let is_same = kept(app).await.is_some_and(|numbers| {
        numbers.clinic == settings.clinic.phone.trim() && numbers.emergency == settings.emergency_number
    });
    if is_same {
        Ok(())
    } else {
        keep(app, settings).await
    }
}

/// Removes them.
pub(crate) async fn forget(app: &App) -> Result<(), Failure> {
    let path = path(app);
    match tokio::fs::remove_file(&path).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failure(&path, "removed")(error)),
        _ => Ok(()),
    }
}

/// All or nothing: a window that cannot open the diary never shows half a number.
fn write(path: &Path, numbers: &CallNumbers) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    draft.write_all(&serde_json::to_vec(numbers)?)?;
    draft.as_file().sync_all()?;
    draft.persist(path)?;
    Ok(())
}

fn failure(path: &Path, done: &'static str) -> impl FnOnce(std::io::Error) -> Failure + use<> {
    let path = path.display().to_string();
    move |error| Failure::NumbersNotKept {
        sentence: format!("{path} could not be {done}: {error}"),
    }
}
