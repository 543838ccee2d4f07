//! What is done about reminders, and whether they reach the patient.

use std::collections::BTreeSet;

use afterglow_care::Locale;
use afterglow_care::plan::{Instruction, InstructionId, InstructionKind, Plan, Timing};
use afterglow_care::schedule::{APPOINTMENT, CareTimes};
use afterglow_diary::deliveries::DeliveryState;
use afterglow_diary::reminders::StoredReminders;
use afterglow_reminders::host::{HostStatus, Request};
use afterglow_reminders::settings::{self as reminding, ReminderSettings};
use afterglow_reminders::wording::{appointment_label, phases_label};
use chrono::{Days, NaiveTime};

use crate::app::App;
use crate::clock::Moment;
use crate::platform;
use crate::recent::{Recent, settings};
use crate::reminders::{self, Known};
use crate::views;
use crate::wire::{
    ActInput, Failure, InstructionChoice, NamedReminder, Reach, ReminderChoices, ReminderChoicesView,
    ReminderHealth,
};

/// Among how many of the ledger's newest lines the last notification is looked for.
const LOOKED_BACK: u32 = 20;

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
    let names = names(app, moment, status.as_ref()).await?;
    let status = status.as_ref();
    Ok(Reach {
        health,
        since: status.map(|status| status.since),
        next: status.and_then(|status| status.next).map(|at| NamedReminder {
            label: names.next,
            at,
        }),
        last_shown: status
            .and_then(|status| status.last_shown)
            .map(|at| NamedReminder {
                label: names.last_shown,
                at,
            }),
        server: status.and_then(|status| status.server.clone()),
        buttons: status.and_then(|status| status.actions),
        paused_until: status.and_then(|status| status.paused_until),
        mended: app.mended_reminders(),
        at_login: platform::at_login(&app.host),
    })
}

/// What the host's reminders are about, as far as the diary knows them by their times.
#[derive(Debug, Default)]
struct Names {
    next: Option<String>,
    last_shown: Option<String>,
}

async fn names(app: &App, moment: &Moment, status: Option<&HostStatus>) -> Result<Names, Failure> {
    let Some(status) = status else {
        return Ok(Names::default());
    };
    let diary = app.diary().await?;
    let recent = Recent::read(app, &diary, moment).await?;
    let judged = recent.judged(&app.plan, moment);
    let speaker = recent.speaker(&app.plan);
    let mut known = Known::new(app, &recent, &judged, moment);
    known
        .settle(&diary, recent.newest_journal.as_deref(), moment.now)
        .await?;
    let next = known.next(app, moment);
    let last_shown = status.last_shown.map(|at| at.timestamp_millis());
    // It may have shown something since the command began.
    let by = status.last_shown.unwrap_or(moment.now).max(moment.now);
    let shown = diary.recent_deliveries(LOOKED_BACK, by).await?;
    let mut shown = shown
        .iter()
        // The ledger keeps milliseconds.
        .filter(|line| line.state == DeliveryState::Shown && Some(line.at.timestamp_millis()) == last_shown);
    Ok(Names {
        next: next
            .filter(|(at, _)| Some(*at) == status.next)
            .map(|(at, occurrence)| speaker.reminder(at, occurrence).label),
        // Of several that were shown as one, none is the one.
        last_shown: shown
            .next()
            .filter(|line| !line.digest && shown.next().is_none())
            .and_then(|line| speaker.delivery(line, false))
            .map(|line| line.label),
    })
}

/// On the patient's word, after they had ended them in the panel.
pub async fn start_reminders(app: &App, moment: &Moment) -> Result<ReminderHealth, Failure> {
    app.host.start_again();
    reminders::sync(app, moment).await
}

/// Whether it was seen, only the patient knows.
pub async fn test_reminder(app: &App, moment: &Moment) -> Result<(), Failure> {
    app.host.start_again();
    // The words of the test come with the list.
    reminders::sync(app, moment).await?;
    reminders::tell(app, Request::Test).await
}

/// Until the next midnight where the patient is.
pub async fn pause_today(app: &App, moment: &Moment, paused: bool) -> Result<(), Failure> {
    let tomorrow = moment.zone.date(moment.now) + Days::new(1);
    let until = paused.then(|| moment.zone.instant(tomorrow.and_time(NaiveTime::MIN)));
    reminders::tell(app, Request::Pause { until }).await?;
    app.note_pause(until);
    Ok(())
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
            .filter(|one| first_of_its_name(&app.plan, one, locale).id == one.id)
            .map(|instruction| InstructionChoice {
                instruction: instruction.id.to_string(),
                label: instruction.texts(locale).label.clone(),
                restricts: instruction.kind != InstructionKind::Do,
            })
            .chain(beside_the_plan(locale))
            .collect(),
        usual: CareTimes::default().into(),
        untold,
    })
}

/// Keeps them, and arms reminders by them.
pub async fn change_reminder_choices(
    app: &App,
    moment: &Moment,
    input: ReminderChoices,
) -> Result<ReminderChoicesView, Failure> {
    let locale = settings(app).await?.locale;
    let off: BTreeSet<InstructionId> = input.switched_off.into_iter().map(InstructionId).collect();
    let beside = beside_the_plan(locale).map(|choice| InstructionId(choice.instruction));
    let stored = StoredReminders {
        sound: input.sound,
        repeat_until_done: input.repeat_until_done,
        morning: input.morning,
        evening: input.evening,
        // What a newer plan no longer has is not kept off for ever.
        switched_off: switchable(&app.plan)
            .filter(|one| off.contains(&first_of_its_name(&app.plan, one, locale).id))
            .map(|one| one.id.clone())
            .chain(beside.filter(|one| off.contains(one)))
            .collect(),
    };
    app.diary().await?.save_reminders(&stored).await?;
    reminders::sync_after_writing(app, moment).await;
    reminder_choices(app, moment).await
}

/// What is reminded of though no instruction asks for it.
fn beside_the_plan(locale: Locale) -> impl Iterator<Item = InstructionChoice> {
    let choices = [
        (reminding::PHASES, phases_label(locale)),
        (APPOINTMENT, appointment_label(locale)),
    ];
    choices.into_iter().map(|(name, label)| InstructionChoice {
        instruction: name.to_owned(),
        label: label.to_owned(),
        restricts: false,
    })
}

/// A restriction and the limit that follows it share their label: to the patient they are one, and are switched as one.
fn first_of_its_name<'p>(plan: &'p Plan, one: &'p Instruction, locale: Locale) -> &'p Instruction {
    let name = |one: &'p Instruction| (one.kind == InstructionKind::Do, &one.texts(locale).label);
    switchable(plan)
        .find(|other| name(other) == name(one))
        .unwrap_or(one)
}

/// What can be switched off. A prescribed medicine cannot: it is reminded of because the patient entered it, and no longer
/// when it is removed.
fn switchable(plan: &Plan) -> impl Iterator<Item = &Instruction> {
    let instructions = plan.instructions().iter();
    instructions.filter(|instruction| instruction.timing != Timing::Prescribed)
}
