//! What is done about reminders, and whether they reach the patient.

use std::collections::BTreeSet;

use afterglow_care::plan::{Instruction, InstructionId, InstructionKind, Plan, Timing};
use afterglow_diary::reminders::StoredReminders;
use afterglow_reminders::host::{HostStatus, Request};
use afterglow_reminders::settings::{self as reminding, ReminderSettings};
use chrono::{Days, NaiveTime};

use crate::app::App;
use crate::clock::Moment;
use crate::platform;
use crate::recent::settings;
use crate::reminders;
use crate::views;
use crate::wire::{ActInput, Failure, InstructionChoice, Reach, ReminderChoices, ReminderChoicesView};

/// Tells the alarm host, whose journal has it then; the ledger gets it from there.
pub async fn act_on_reminder(app: &App, moment: &Moment, input: ActInput) -> Result<(), Failure> {
    let ActInput { key, act } = input;
    reminders::tell(app, Request::Act { key, act }).await?;
    reminders::sync_after_writing(app, moment).await;
    Ok(())
}

/// Asks the alarm host anew, starting it if need be.
pub async fn reach(app: &App, moment: &Moment) -> Result<Reach, Failure> {
    let health = reminders::sync(app, moment).await?;
    let status = reminders::status(app).await.ok();
    let of = |read: fn(&HostStatus) -> Option<chrono::DateTime<chrono::Utc>>| status.as_ref().and_then(read);
    Ok(Reach {
        health,
        since: of(|status| Some(status.since)),
        next: of(|status| status.next),
        last_shown: of(|status| status.last_shown),
        buttons: status.as_ref().and_then(|status| status.actions),
        paused_until: of(|status| status.paused_until),
        mended: app.mended_reminders(),
        at_login: platform::at_login(&app.host),
    })
}

/// Whether it was seen, only the patient knows.
pub async fn test_reminder(app: &App, moment: &Moment) -> Result<(), Failure> {
    // The words of the test come with the list.
    reminders::sync(app, moment).await?;
    reminders::tell(app, Request::Test).await
}

/// Until the next midnight where the patient is.
pub async fn pause_today(app: &App, moment: &Moment, paused: bool) -> Result<(), Failure> {
    let tomorrow = moment.zone.date(moment.now) + Days::new(1);
    let until = paused.then(|| moment.zone.instant(tomorrow.and_time(NaiveTime::MIN)));
    reminders::tell(app, Request::Pause { until }).await
}

/// With the patient's agreement, and only the service: it has no window.
pub async fn remind_at_login(app: &App, _moment: &Moment, wanted: bool) -> Result<(), Failure> {
    let host = app.host.clone();
    let set = tokio::task::spawn_blocking(move || platform::set_at_login(&host, wanted)).await;
    set.map_err(|error| error.to_string())
        .flatten()
        .map_err(|sentence| Failure::RemindersRefused { sentence })
}

/// What holds, and what the plan reminds of.
pub async fn reminder_choices(app: &App, _moment: &Moment) -> Result<ReminderChoicesView, Failure> {
    let diary = app.diary().await?;
    let settings = settings(app).await?;
    let locale = settings.locale;
    let stored = match diary.reminders().await? {
        Some(stored) => stored,
        None => views::reminders_unchosen(&ReminderSettings::default()),
    };
    let reminded_by = views::reminder_settings(&settings, Some(stored.clone()));
    // A restriction and the limit that follows it share their label.
    let mut untold = Vec::new();
    for instruction in reminding::untold(&app.plan, &reminded_by) {
        let label = &instruction.texts(locale).label;
        if !untold.contains(label) {
            untold.push(label.clone());
        }
    }
    Ok(ReminderChoicesView {
        chosen: ReminderChoices {
            sound: stored.sound,
            repeat_until_done: stored.repeat_until_done,
            morning: stored.morning,
            evening: stored.evening,
            switched_off: stored.switched_off.iter().map(ToString::to_string).collect(),
        },
        instructions: switchable(&app.plan)
            .map(|instruction| InstructionChoice {
                instruction: instruction.id.to_string(),
                label: instruction.texts(locale).label.clone(),
                restricts: instruction.kind != InstructionKind::Do,
            })
            .collect(),
        untold,
    })
}

/// Keeps them, and arms reminders by them.
pub async fn change_reminder_choices(
    app: &App,
    moment: &Moment,
    input: ReminderChoices,
) -> Result<ReminderChoicesView, Failure> {
    let known: BTreeSet<InstructionId> = switchable(&app.plan).map(|one| one.id.clone()).collect();
    let stored = StoredReminders {
        sound: input.sound,
        repeat_until_done: input.repeat_until_done,
        morning: input.morning,
        evening: input.evening,
        // What a newer plan no longer has is not kept off for ever.
        switched_off: input
            .switched_off
            .into_iter()
            .map(InstructionId)
            .filter(|instruction| known.contains(instruction))
            .collect(),
    };
    app.diary().await?.save_reminders(&stored).await?;
    reminders::sync_after_writing(app, moment).await;
    reminder_choices(app, moment).await
}

/// What can be switched off. A prescribed medicine cannot: it is reminded of because the patient entered it, and no longer
/// when it is removed.
fn switchable(plan: &Plan) -> impl Iterator<Item = &Instruction> {
    let instructions = plan.instructions().iter();
    instructions.filter(|instruction| instruction.timing != Timing::Prescribed)
}
