//! What each command does, without a window: its arguments, the moment and the state go in.

mod calls;
mod copies;
mod erasing;
pub(crate) mod failures;
mod keys;
mod photos;
mod records;
mod recovery;
mod reminding;
#[cfg(test)]
mod tests;

pub use copies::{
    back_up_now, backups, export_diary, importable, inspect_import, merge_import, restore_backup,
    restore_import,
};
pub use erasing::{erase_everything, erase_photo, erase_session, start_anew};
pub use keys::{
    change_passphrase, keep_in_keyring, leave_keyring, lock, new_recovery_code, protection,
    remove_passphrase, remove_recovery_code, set_passphrase, unlock,
};
pub use photos::{add_photo, photos};
pub use records::{add_session, answer_call, change_settings, record_check_in, withdraw_session};
pub use recovery::{export_calendar, overview, timeline};
pub use reminding::{
    act_on_reminder, change_reminder_choices, pause_today, reach, remind_at_login, reminder_choices,
    test_reminder,
};

use afterglow_care::Session;
use afterglow_care::check_in::CheckIn;
use afterglow_diary::Diary;
use afterglow_reminders::alarms::Screen;
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::clock::Moment;
use crate::numbers;
use crate::reminders;
use crate::views::{self, Judged, Speaker};
use crate::wire::{CallNumbers, Failure, ReminderHealth, Settings};

/// See [`reminders::sync`]. The window asks at start and every minute, so this is when a day's backup begins too.
pub async fn sync_reminders(app: &App, moment: &Moment) -> Result<ReminderHealth, Failure> {
    let health = reminders::sync(app, moment).await?;
    let diary = app.diary().await?;
    if let Some(stored) = diary.settings().await? {
        // A restored or joined diary may have brought others; an empty one has none to tell. Where they cannot be
        // written, saving the settings says so.
        let _ = numbers::follow(app, &views::settings(stored)).await;
    }
    // The file alone then holds everything, for whoever copies it; what cannot be brought in now stays in the log.
    let _ = diary.bring_in_log().await;
    if let Some(backup) = crate::backups::due(app, moment).await? {
        // Nobody waits for it: how it went is told with the backups.
        tokio::spawn(backup);
    }
    Ok(health)
}

/// The numbers that are kept outside the diary. Asked where the diary is not open.
pub async fn call_numbers(app: &App, _moment: &Moment) -> Result<Option<CallNumbers>, Failure> {
    Ok(numbers::kept(app).await)
}

/// Keeps the clinic's and the emergency number outside the diary, or no longer.
pub async fn keep_numbers_outside(app: &App, _moment: &Moment, wanted: bool) -> Result<(), Failure> {
    if wanted {
        numbers::keep(app, &settings(app).await?).await
    } else {
        numbers::forget(app).await
    }
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

/// The check-ins of the days that are shown, corrections beside what they correct, and as much before them as triage
/// holds them against. What it costs does not depend on how old the diary is.
pub(crate) struct Recent {
    /// From here on triage says of a check-in what it says with the whole diary.
    since: DateTime<Utc>,
    entries: Vec<CheckIn>,
}

impl Recent {
    /// From the day before the newest session on: the day of the session is shown whole.
    pub(crate) async fn read(
        app: &App,
        diary: &Diary,
        sessions: &[Session],
        moment: &Moment,
    ) -> Result<Self, Failure> {
        // A clock that was set back must not hide what is entered now.
        let newest = sessions.last().map_or(moment.now, |newest| newest.ended_at);
        let since = newest.min(moment.now) - TimeDelta::days(1);
        let held_against = TimeDelta::days(app.plan.settled_day().into());
        Ok(Self {
            since,
            entries: diary.check_in_history_since(since - held_against).await?,
        })
    }

    /// As they stand, oldest first, each judged with those before it.
    pub(crate) fn judged<'a>(
        &self,
        speaker: Speaker<'_>,
        sessions: &'a [Session],
        moment: &Moment,
    ) -> Vec<Judged<'a>> {
        self.of_their_time(speaker.judged(sessions, &moment.zone, &self.entries))
    }

    /// What corrected ones asked for when they were entered.
    fn as_entered<'a>(
        &self,
        speaker: Speaker<'_>,
        sessions: &'a [Session],
        moment: &Moment,
    ) -> Vec<Judged<'a>> {
        self.of_their_time(speaker.as_entered(sessions, &moment.zone, &self.entries))
    }

    fn of_their_time<'a>(&self, mut judged: Vec<Judged<'a>>) -> Vec<Judged<'a>> {
        judged.retain(|judged| judged.view.at >= self.since);
        judged
    }
}
