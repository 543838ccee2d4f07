//! What each command does, without a window: its arguments, the moment and the state go in.

mod booked;
mod calls;
mod can;
mod care;
mod check_ins;
mod copies;
mod courses;
mod erasing;
pub(crate) mod failures;
mod keys;
mod medicines;
mod photos;
mod plan;
mod progress;
mod records;
mod recovery;
mod reminding;
mod sessions;
#[cfg(test)]
mod tests;

pub use booked::{appointments, keep_appointment, withdraw_appointment};
pub use calls::past_calls;
pub use can::{can, check_ingredients};
pub use care::tick_care;
#[cfg(test)]
pub(super) use check_ins::keep_findings;
pub use check_ins::{assess_check_in, record_check_in};
pub use copies::{
    back_up_now, backups, export_diary, importable, inspect_import, merge_import, restore_backup,
    restore_import,
};
pub use courses::{end_course, keep_course, put_in_course};
pub use erasing::{erase_everything, erase_photo, erase_session, start_anew};
pub use keys::{
    change_passphrase, keep_in_keyring, leave_keyring, lock, new_recovery_code, protection,
    remove_passphrase, remove_recovery_code, set_passphrase, unlock,
};
pub use medicines::{keep_medicine, medicines, withdraw_medicine};
pub use photos::{add_photo, photos};
pub use plan::care_plan;
pub use progress::progress;
pub use records::{answer_call, answer_follow_up, change_settings};
pub use recovery::{export_calendar, overview, timeline};
pub use reminding::{
    act_on_reminder, change_reminder_choices, pause_today, reach, remind_at_login, reminder_choices,
    start_reminders, test_reminder,
};
pub use sessions::{add_session, check_session, correct_session, withdraw_session};

use afterglow_reminders::alarms::Screen;

use crate::app::App;
use crate::clock::Moment;
use crate::dialling;
use crate::numbers;
use crate::recent::settings;
use crate::reminders;
use crate::views;
use crate::wire::{CallNumbers, Failure, ReminderHealth};

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

/// The number as a QR code that a phone dials from, an SVG image; none for what no telephone can dial.
pub async fn dial_code(_app: &App, _moment: &Moment, number: String) -> Result<Option<String>, Failure> {
    Ok(dialling::qr_svg(&number))
}

/// Answers once; the screen is not asked for again when the window reloads.
pub async fn opening_screen(app: &App, _moment: &Moment) -> Result<Option<Screen>, Failure> {
    Ok(app.take_opening_screen())
}
