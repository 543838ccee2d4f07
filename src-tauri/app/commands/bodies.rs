//! What each command does, without a window: its arguments, the moment and the state go in.

mod records;
mod recovery;

pub use records::{add_session, answer_call, change_settings, record_check_in, withdraw_session};
pub use recovery::{export_calendar, overview, timeline};

use afterglow_care::Session;
use afterglow_diary::Diary;
use afterglow_reminders::alarms::Screen;

use crate::app::App;
use crate::clock::Moment;
use crate::reminders;
use crate::views::{self, Judged, Speaker};
use crate::wire::{Failure, ReminderHealth, Settings};

/// See [`reminders::sync`].
pub async fn sync_reminders(app: &App, moment: &Moment) -> Result<ReminderHealth, Failure> {
    reminders::sync(app, moment).await
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

/// The check-ins of every session, oldest first, each judged with those before it.
async fn judged<'a>(
    diary: &Diary,
    speaker: Speaker<'_>,
    sessions: &'a [Session],
    moment: &Moment,
) -> Result<Vec<Judged<'a>>, Failure> {
    let mut check_ins = Vec::new();
    for session in sessions {
        check_ins.extend(diary.check_ins(session.id).await?);
    }
    Ok(speaker.judged(sessions, &moment.zone, &check_ins))
}

impl From<afterglow_diary::DiaryError> for Failure {
    fn from(error: afterglow_diary::DiaryError) -> Self {
        Self::DiaryFailed {
            sentence: error.to_string(),
        }
    }
}
