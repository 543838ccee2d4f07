//! Reminders between the diary and the alarm host: its journal comes in, the alarm list goes out.

use std::collections::{HashMap, HashSet};

use afterglow_care::Session;
use afterglow_care::schedule::{Occurrence, OccurrenceKey, schedule};
use afterglow_diary::Diary;
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_reminders::alarms::AlarmList;
use afterglow_reminders::host::{AlarmHost, HostStatus, Reply, Request};
use afterglow_reminders::journal::{Entry, Event};
use afterglow_reminders::planner::{Cut, ReminderSettings, alarm_key, cut};

use chrono::NaiveDate;

use crate::app::App;
use crate::clock::Moment;
use crate::commands::bodies::settings;
use crate::platform::{Host, HostError};
use crate::views;
use crate::wire::{Failure, ReminderHealth};

/// Why the host did not do what it was asked.
#[derive(Debug, thiserror::Error)]
enum SyncError {
    #[error(transparent)]
    Host(#[from] HostError),
    #[error("the reminder service refused: {0}")]
    Refused(String),
    #[error(
        "the reminder service gave another answer than was asked for; install app and service of the same release"
    )]
    OtherAnswer,
    #[error("the call to the reminder service was given up")]
    GivenUp,
}

/// Everything that decides what is still to be reminded of.
#[derive(Debug)]
pub(crate) struct Known {
    occurrences: Vec<Occurrence>,
    settled: HashSet<OccurrenceKey>,
    checked_in_on: Option<NaiveDate>,
    settings: ReminderSettings,
}

impl Known {
    /// Reads it from the diary.
    pub(crate) async fn read(
        app: &App,
        diary: &Diary,
        sessions: &[Session],
        moment: &Moment,
    ) -> Result<Self, Failure> {
        let mut checked_in_on = None;
        if let Some(newest) = sessions.last() {
            let check_ins = diary.check_ins(newest.id).await?;
            checked_in_on = check_ins
                .iter()
                .filter(|one| one.is_complete())
                .map(|one| one.local_date)
                .max();
        }
        let occurrences = schedule(&app.plan, sessions, &moment.zone);
        // Of older sessions nothing can ring any more, whatever became of it.
        let mut open: Vec<_> = occurrences
            .iter()
            .filter(|occurrence| moment.now < occurrence.valid_until)
            .map(|occurrence| occurrence.session)
            .collect();
        open.sort_unstable();
        open.dedup();
        Ok(Self {
            settled: diary.settled_of(&open).await?.into_iter().collect(),
            occurrences,
            checked_in_on,
            settings: views::reminder_settings(&settings(app).await?),
        })
    }

    /// What the planner is asked.
    pub(crate) fn as_of<'a>(&'a self, app: &'a App, moment: &'a Moment) -> Cut<'a> {
        Cut {
            plan: &app.plan,
            occurrences: &self.occurrences,
            settings: &self.settings,
            settled: &self.settled,
            checked_in_on: self.checked_in_on,
            zone: &moment.zone,
            now: moment.now,
            capacity: Host::CAPACITY,
        }
    }
}

/// Copies the host's journal into the ledger, cuts the alarm list anew, arms it, and says how the
/// host is. A host that fails is said in the answer, not an error: the diary does not depend on it.
pub async fn sync(app: &App, moment: &Moment) -> Result<ReminderHealth, Failure> {
    // One after the other: a list cut from an older reading must not replace a newer one.
    let _turn = app.sync_turn().await;
    let diary = app.diary().await?;
    let sessions = diary.sessions().await?;
    let occurrences = schedule(&app.plan, &sessions, &moment.zone);
    let armed = if let Err(error) = drain(app, &diary, &occurrences).await? {
        Err(error)
    } else {
        let known = Known::read(app, &diary, &sessions, moment).await?;
        arm(&app.host, cut(&known.as_of(app, moment))).await
    };
    let health = match armed {
        Ok(HostStatus {
            failure: Some(reason),
            ..
        }) => ReminderHealth::NotShown { reason },
        Ok(HostStatus { server, .. }) => ReminderHealth::Ready { server },
        Err(SyncError::Host(error)) => error.into(),
        Err(error) => ReminderHealth::NotRunning {
            reason: error.to_string(),
        },
    };
    app.note_reminder_health(health.clone());
    Ok(health)
}

/// Syncs after something was kept. Whatever fails here, what was kept stands and its answer must
/// reach the patient; the trouble is shown with the reminders.
pub async fn sync_after_writing(app: &App, moment: &Moment) {
    if let Err(failure) = sync(app, moment).await {
        app.note_reminder_health(ReminderHealth::NotRunning {
            reason: failure.to_string(),
        });
    }
}

/// Lets the host forget every reminder, and says why where it does not. Its words stay in the system's language.
pub async fn forget(app: &App, moment: &Moment) -> Result<(), String> {
    let _turn = app.sync_turn().await;
    let settings = views::default_settings(app.system_locale);
    let nothing = cut(&Cut {
        plan: &app.plan,
        occurrences: &[],
        settings: &views::reminder_settings(&settings),
        settled: &HashSet::new(),
        checked_in_on: None,
        zone: &moment.zone,
        now: moment.now,
        capacity: Host::CAPACITY,
    });
    arm(&app.host, nothing)
        .await
        .map(|_| ())
        .map_err(|error| error.to_string())
}

/// Every line of the host's journal that the ledger does not have yet.
async fn drain(
    app: &App,
    diary: &Diary,
    occurrences: &[Occurrence],
) -> Result<Result<(), SyncError>, Failure> {
    let keys: HashMap<_, _> = occurrences
        .iter()
        .map(|occurrence| (alarm_key(&occurrence.key), &occurrence.key))
        .collect();
    let mut known = diary.newest_journal().await?;
    loop {
        let after = match &known {
            Some(journal) => diary.last_delivery(journal).await?,
            None => 0,
        };
        let (journal, entries) = match ask(&app.host, Request::Journal { after }).await {
            Ok(Reply::Journal { journal, entries }) => (journal, entries),
            Ok(Reply::Refused { reason }) => return Ok(Err(SyncError::Refused(reason))),
            Ok(_) => return Ok(Err(SyncError::OtherAnswer)),
            Err(error) => return Ok(Err(error)),
        };
        if known.as_ref() != Some(&journal) {
            // Another journal counts from 1 again: ask for what the ledger lacks of this one.
            let asked_from_its_start = after == 0;
            known = Some(journal.clone());
            if !asked_from_its_start {
                continue;
            }
        }
        if entries.is_empty() {
            return Ok(Ok(()));
        }
        let lines: Vec<_> = entries
            .into_iter()
            .map(|entry| line(&journal, entry, &keys))
            .collect();
        diary.add_deliveries(&lines).await?;
    }
}

/// A line of the journal under the occurrence's own key; under the alarm's where the plan no longer knows it.
fn line(journal: &str, entry: Entry, keys: &HashMap<String, &OccurrenceKey>) -> Delivery {
    let (state, digest, reason) = match entry.event {
        Event::Claimed => (DeliveryState::Claimed, false, None),
        Event::Shown { digest } => (DeliveryState::Shown, digest, None),
        Event::Missed => (DeliveryState::Missed, false, None),
        Event::Failed { reason } => (DeliveryState::Failed, false, Some(reason)),
        Event::Opened => (DeliveryState::Opened, false, None),
    };
    Delivery {
        journal: journal.to_owned(),
        seq: entry.seq,
        key: keys
            .get(&entry.key)
            .map_or_else(|| OccurrenceKey(entry.key.clone()), |key| (*key).clone()),
        due_at: entry.due_at,
        at: entry.at,
        state,
        digest,
        reason,
    }
}

/// Arms the list. The state is asked first: arming forgets the damage that it tells of.
async fn arm(host: &Host, list: AlarmList) -> Result<HostStatus, SyncError> {
    let status = match ask(host, Request::Status).await? {
        Reply::Status(status) => status,
        Reply::Refused { reason } => return Err(SyncError::Refused(reason)),
        _ => return Err(SyncError::OtherAnswer),
    };
    match ask(host, Request::Arm(list)).await? {
        Reply::Armed { .. } => Ok(status),
        Reply::Refused { reason } => Err(SyncError::Refused(reason)),
        _ => Err(SyncError::OtherAnswer),
    }
}

/// The port blocks; its calls run beside the window's own work.
async fn ask(host: &Host, request: Request) -> Result<Reply, SyncError> {
    let host = host.clone();
    let answer = tokio::task::spawn_blocking(move || host.call(request)).await;
    Ok(answer.map_err(|_| SyncError::GivenUp)??)
}
