//! What each command does, without a window: its arguments, the moment and the state go in.

mod copies;
mod erasing;
pub(crate) mod failures;
mod keys;
mod photos;
mod records;
mod recovery;
#[cfg(test)]
mod tests;

pub use copies::{
    back_up_now, backups, export_diary, importable, inspect_import, merge_import, restore_backup,
    restore_import,
};
pub use erasing::{erase_everything, erase_photo, erase_session};
pub use keys::{
    change_passphrase, keep_in_keyring, leave_keyring, lock, new_recovery_code, protection,
    remove_passphrase, remove_recovery_code, set_passphrase, unlock,
};
pub use photos::{add_photo, photos};
pub use records::{add_session, answer_call, change_settings, record_check_in, withdraw_session};
pub use recovery::{export_calendar, overview, timeline};

use afterglow_care::Session;
use afterglow_care::check_in::CheckIn;
use afterglow_diary::Diary;
use afterglow_reminders::alarms::Screen;

use crate::app::App;
use crate::clock::Moment;
use crate::reminders;
use crate::views::{self, Judged, Speaker};
use crate::wire::{Failure, ReminderHealth, Settings};

/// See [`reminders::sync`]. The window asks at start and every minute, so this is when a day's backup begins too.
pub async fn sync_reminders(app: &App, moment: &Moment) -> Result<ReminderHealth, Failure> {
    let health = reminders::sync(app, moment).await?;
    if let Some(backup) = crate::backups::due(app, moment).await? {
        // Nobody waits for it: how it went is told with the backups.
        tokio::spawn(backup);
    }
    Ok(health)
}

/// Answers once; the screen is not asked for again when the window reloads.
pub async fn opening_screen(app: &App, _moment: &Moment) -> Result<Option<Screen>, Failure> {
    Ok(app.take_opening_screen())
}

/// What the patient chose, or what holds until they choose.
pub(crate) async fn settings(app: &App) -> Result<Settings, Failure> {
    let stored = app.diary().await?.settings().await?;
    Ok(stored.map_or_else(|| views::default_settings(app.system_locale), views::settings))
}

/// Everything that was entered about every session, corrections beside what they correct.
async fn history(diary: &Diary, sessions: &[Session]) -> Result<Vec<CheckIn>, Failure> {
    let mut entries = Vec::new();
    for session in sessions {
        entries.extend(diary.check_in_history(session.id).await?);
    }
    Ok(entries)
}

/// The check-ins of every session as they stand, oldest first, each judged with those before it.
async fn judged<'a>(
    diary: &Diary,
    speaker: Speaker<'_>,
    sessions: &'a [Session],
    moment: &Moment,
) -> Result<Vec<Judged<'a>>, Failure> {
    Ok(speaker.judged(sessions, &moment.zone, &history(diary, sessions).await?))
}
