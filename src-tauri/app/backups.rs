//! The backup of the day: made beside the commands, and what became of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::app::App;
use crate::clock::Moment;
use crate::wire::{BackupAttempt, Failure};

/// How long after a failure it is tried again.
const AFTER_A_FAILURE: TimeDelta = TimeDelta::hours(1);

/// What became of the automatic backup since the app started.
#[derive(Debug, Default)]
pub(crate) struct BackupLog(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The newest day that has its backup.
    made_on: Option<NaiveDate>,
    last: Option<BackupAttempt>,
    running: bool,
}

impl BackupLog {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What became of the newest one.
    pub(crate) fn last(&self) -> Option<BackupAttempt> {
        self.known().last.clone()
    }

    /// Notes what became of today's.
    pub(crate) fn note(&self, today: NaiveDate, at: DateTime<Utc>, failure: Option<String>) {
        let mut known = self.known();
        if failure.is_none() {
            known.made_on = Some(today);
        }
        known.last = Some(BackupAttempt { at, failure });
    }

    /// Another diary took the place: it has no backup yet.
    pub(crate) fn forget(&self) {
        *self.known() = Known::default();
    }

    /// Whether today's is to be made now, and then it is taken to be begun.
    fn begin(&self, today: NaiveDate, now: DateTime<Utc>) -> bool {
        let mut known = self.known();
        let failed_lately = known.last.as_ref().is_some_and(|last| {
            last.failure.is_some() && (TimeDelta::zero()..AFTER_A_FAILURE).contains(&(now - last.at))
        });
        if known.running || known.made_on == Some(today) || failed_lately {
            return false;
        }
        known.running = true;
        true
    }
}

/// Ends what was begun, also when the work is given up.
struct Running(Arc<BackupLog>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.known().running = false;
    }
}

/// The work of today's backup, if it is due: to be spawned, so that no command waits for it or fails with it.
pub(crate) async fn due(
    app: &App,
    moment: &Moment,
) -> Result<Option<impl Future<Output = ()> + Send + 'static>, Failure> {
    let (today, now) = (moment.zone.date(moment.now), moment.now);
    if app.found_at_opening().await?.0 != afterglow_diary::Access::ReadWrite {
        return Ok(None);
    }
    let diary = app.diary().await?;
    // The day's backup is made of something: in an empty diary it would be all there is of the day.
    if diary.sessions().await?.is_empty() {
        return Ok(None);
    }
    if !app.backups.begin(today, now) {
        return Ok(None);
    }
    let running = Running(Arc::clone(&app.backups));
    Ok(Some(async move {
        let failure = diary.back_up(today).await.err();
        running.0.note(today, now, failure.map(|error| error.to_string()));
    }))
}
