//! What of today's care was done.

use afterglow_care::schedule::{What, care_today};

use crate::app::App;
use crate::clock::Moment;
use crate::recent::Recent;
use crate::reminders::{self, Known};
use crate::wire::{Failure, TickInput};

/// Keeps that something of today's care was done, or was not after all; what is left to remind of it follows. Another
/// day's is not touched: at midnight its page is closed. A check-in is done by checking in.
pub async fn tick_care(app: &App, moment: &Moment, input: TickInput) -> Result<(), Failure> {
    let diary = app.diary().await?;
    let recent = Recent::read(app, &diary, moment).await?;
    let judged = recent.judged(&app.plan, moment);
    let known = Known::new(app, &recent, &judged, moment);
    let midnight = moment.midnight();
    let today = care_today(&app.plan, known.basis(), &moment.zone, moment.now);
    let asked = today.iter().find_map(|care| {
        let of_day = care.day.iter().map(|key| (key, midnight));
        let timed = care.times.iter().filter(|time| time.what != What::CheckIn);
        of_day
            .chain(timed.map(|time| (&time.key, time.at)))
            .find(|(key, _)| key.0 == input.key)
    });
    let (key, due_at) = asked.ok_or(Failure::NotFound)?;
    diary.tick(key, due_at, input.done, moment.now).await?;
    drop(diary);
    reminders::sync_after_writing(app, moment).await;
    Ok(())
}
