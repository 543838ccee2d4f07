//! Reminders between the diary and the alarm host: its journal comes in, the alarm list goes out.

use std::collections::{HashMap, HashSet};

use afterglow_care::Session;
use afterglow_care::course::Course;
use afterglow_care::schedule::{
    Basis, Due, Escalation, MEDICINES, Medicine, Occurrence, OccurrenceKey, WatchFollowUp,
};
use afterglow_care::session::Appointment;
use afterglow_care::triage::TriageLevel;
use afterglow_diary::Diary;
use afterglow_diary::calls::RaisedCall;
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_diary::medicines::MedicineEntry;
use afterglow_reminders::alarms::{AlarmList, SnoozeFor};
use afterglow_reminders::host::{AlarmHost, HostStatus, Reply, Request};
use afterglow_reminders::journal::{Entry, Event};
use afterglow_reminders::planner::{Cut, alarm_key, alarm_of, coming, cut, occurrences};
use afterglow_reminders::ringing::{Hold, snoozed_until};
use afterglow_reminders::settings::ReminderSettings;
use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::app::App;
use crate::clock::Moment;
use crate::platform::{Host, HostError, Met};
use crate::recent::Recent;
use crate::views::{self, Judged, Speaker};
use crate::wire::{DueView, Failure, ReminderHealth};

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

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        let sentence = error.to_string();
        let SyncError::Host(error) = error else {
            return Self::RemindersRefused { sentence };
        };
        match ReminderHealth::from(error) {
            ReminderHealth::Stopped => Self::RemindersStopped,
            _ => Self::RemindersRefused { sentence },
        }
    }
}

/// Everything that decides what is still to be reminded of.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    sessions: &'a [Session],
    /// The medicines by the patient's own words, which stay in the app.
    names: &'a [MedicineEntry],
    appointments: Vec<Appointment>,
    escalations: Vec<Escalation>,
    watches: Vec<WatchFollowUp>,
    medicines: Vec<Medicine>,
    courses: Vec<Course>,
    occurrences: Vec<Occurrence>,
    settled: HashSet<OccurrenceKey>,
    /// With when they ring again.
    put_off: HashMap<OccurrenceKey, DateTime<Utc>>,
    checked_in_on: Option<NaiveDate>,
    planned_to: Option<NaiveDate>,
    settings: ReminderSettings,
}

impl<'a> Known<'a> {
    /// What is to be reminded of, whatever became of it: see [`Known::settle`]. `judged` are the recent check-ins.
    pub(crate) fn new(app: &App, recent: &'a Recent, judged: &[Judged<'_>], moment: &Moment) -> Self {
        let Moment { now, zone } = moment;
        let today = zone.date(*now);
        let escalation = |call: &RaisedCall, reached_at| Escalation {
            session: call.check_in.session,
            check_in: call.check_in.id,
            at: call.raised_at,
            level: call.level,
            reached_at,
            answered_at: None,
        };
        let open = recent.open_calls.iter().map(|call| escalation(call, None));
        let reached = recent.outcome_asked(moment);
        let reached = reached.map(|reached| escalation(&reached.call, Some(reached.reached_at)));
        let escalations: Vec<_> = open.chain(reached).collect();
        let watches = judged
            .last()
            .filter(|judged| judged.view.assessment.level == TriageLevel::Watch)
            .map(|judged| WatchFollowUp {
                session: judged.session.id,
                at: judged.view.at,
            });
        // Of `sessions` only the newest are planned for, and a course that is complete by all of them is over.
        let courses: Vec<_> = recent
            .courses
            .iter()
            .map(|(_, course)| Course {
                ended: !course.runs(&recent.sessions),
                ..course.clone()
            })
            .collect();
        let named = |session: &Session| {
            watches.iter().any(|watch| watch.session == session.id)
                || escalations.iter().any(|call| call.session == session.id)
                || is_next_asked(session, &courses, moment)
        };
        let checked_in_on = judged
            .iter()
            .filter(|judged| {
                Some(judged.session) == recent.sessions.last() && judged.view.assessment.complete
            })
            .map(|judged| judged.local_date)
            .max();
        let mut known = Self {
            sessions: asked_about(app, &recent.sessions, named, moment),
            names: &recent.medicines,
            appointments: recent
                .appointments
                .iter()
                .map(|booked| views::booked(booked, *now))
                .collect(),
            escalations,
            watches: watches.into_iter().collect(),
            medicines: recent
                .medicines
                .iter()
                .map(|entry| views::prescribed(entry, &recent.superseded_medicines, READ_BACK, moment))
                .collect(),
            courses,
            occurrences: Vec::new(),
            settled: HashSet::new(),
            put_off: HashMap::new(),
            checked_in_on,
            planned_to: recent
                .medicines
                .iter()
                .any(|entry| entry.medicine.to.is_none())
                .then(|| today + READ_BACK),
            settings: views::reminder_settings(&recent.settings, recent.reminders.clone()),
        };
        known
            .appointments
            .retain(|booked| today <= zone.date(booked.at) + READ_BACK);
        known.occurrences = occurrences(&app.plan, known.basis(), &known.settings, zone);
        known
    }

    /// What became of it. `journal` is the alarm host's, which knows itself what it has shown: in the list it stays
    /// until something is said about it. What another host showed is not shown again.
    pub(crate) async fn settle(
        &mut self,
        diary: &Diary,
        journal: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        // Of older sessions nothing can ring any more, whatever became of it.
        let mut open: Vec<_> = self
            .occurrences
            .iter()
            .filter(|occurrence| now < occurrence.valid_until)
            .map(|occurrence| occurrence.session)
            .collect();
        open.sort_unstable();
        open.dedup();
        let became = diary.became(&open, journal, now).await?;
        self.settled = became.settled;
        self.put_off = became.put_off;
        Ok(())
    }

    /// What everything that is due follows from.
    pub(crate) fn basis(&self) -> Basis<'_> {
        Basis {
            sessions: self.sessions,
            appointments: &self.appointments,
            escalations: &self.escalations,
            watches: &self.watches,
            medicines: &self.medicines,
            courses: &self.courses,
            care_times: self.settings.care_times,
        }
    }

    /// Whether a reminder was opened when its time was over.
    pub(crate) fn was_over(&self, delivery: &Delivery) -> bool {
        let mut asked = self.occurrences.iter();
        delivery.state == DeliveryState::Opened
            && asked.any(|asked| asked.key == delivery.key && asked.valid_until <= delivery.at)
    }

    /// What is due and waits for an answer, the oldest first; what was put off waits for its time.
    pub(crate) fn due(&self, app: &App, speaker: Speaker<'_>, moment: &Moment) -> Vec<DueView> {
        let asked = self.as_of(app, moment);
        let hold = Hold {
            quiet: self.settings.quiet_hours,
            paused_until: app.paused_until(),
        };
        let mut due: Vec<_> = coming(&asked)
            .into_iter()
            .filter(|(_, occurrence)| occurrence.due_at <= moment.now)
            .filter(|(_, occurrence)| !self.put_off.contains_key(&occurrence.key))
            .map(|(_, occurrence)| {
                let alarm = alarm_of(&asked, occurrence);
                let fits =
                    |wait: &SnoozeFor| snoozed_until(&alarm, *wait, hold, &moment.zone, moment.now).is_some();
                DueView {
                    label: self.label(speaker, occurrence),
                    what: occurrence.what,
                    due_at: occurrence.due_at,
                    snooze: SnoozeFor::ALL.into_iter().filter(fits).collect(),
                    actions: alarm.actions,
                    key: alarm.key,
                }
            })
            .filter(|due| !due.actions.is_empty())
            .collect();
        due.sort_by_key(|due| due.due_at);
        due
    }

    /// What is shown next and when, after the pause if there is one.
    pub(crate) fn next<'k>(
        &'k self,
        app: &'k App,
        moment: &'k Moment,
    ) -> Option<(DateTime<Utc>, &'k Occurrence)> {
        let asked = self.as_of(app, moment);
        let coming = coming(&asked)
            .into_iter()
            .map(|(at, occurrence)| (*self.put_off.get(&occurrence.key).unwrap_or(&at), occurrence))
            .filter(|(at, _)| *at > moment.now);
        let hold = Hold {
            quiet: self.settings.quiet_hours,
            paused_until: app.paused_until(),
        };
        coming
            .filter_map(|(at, occurrence)| {
                let waits =
                    hold.paused_until.is_some_and(|until| at < until) && !alarm_of(&asked, occurrence).urgent;
                let at = if waits { hold.release(&moment.zone, at) } else { at };
                (at < occurrence.valid_until).then_some((at, occurrence))
            })
            .min_by_key(|(at, _)| *at)
    }

    /// What a reminder is about; the app names the medicines of a dose, the lock screen never does.
    fn label(&self, speaker: Speaker<'_>, occurrence: &Occurrence) -> String {
        let label = speaker.reminder(occurrence.due_at, occurrence).label;
        let Due::Civil(local) = occurrence.due else {
            return label;
        };
        let taken = |MedicineEntry { medicine, .. }: &&MedicineEntry| {
            let days = medicine.from..=medicine.to.unwrap_or(NaiveDate::MAX);
            days.contains(&local.date()) && medicine.times.contains(&local.time())
        };
        let of_medicines = occurrence.session == MEDICINES;
        let names = self.names.iter().filter(|_| of_medicines).filter(taken);
        let names: Vec<_> = names.map(|entry| entry.medicine.name.as_str()).collect();
        if names.is_empty() {
            label
        } else {
            format!("{label}: {}", names.join(", "))
        }
    }

    /// What the planner is asked.
    pub(crate) fn as_of<'k>(&'k self, app: &'k App, moment: &'k Moment) -> Cut<'k> {
        Cut {
            plan: &app.plan,
            basis: self.basis(),
            occurrences: &self.occurrences,
            settings: &self.settings,
            settled: &self.settled,
            checked_in_on: self.checked_in_on,
            planned_to: self.planned_to,
            zone: &moment.zone,
            now: moment.now,
            capacity: Host::CAPACITY,
        }
    }
}

/// How long after it was over something is still planned, so that its lines in the host's journal are understood. A
/// medicine without a last day is planned as far ahead, each time anew.
const READ_BACK: Days = Days::new(60);

/// Whether the next session of its course may still be asked for after this one: an interval can be longer than the plan.
fn is_next_asked(session: &Session, courses: &[Course], moment: &Moment) -> bool {
    let ended = moment.zone.date(session.ended_at);
    let today = moment.zone.date(moment.now);
    courses.iter().any(|course| {
        !course.ended
            && course.sessions.contains(&session.id)
            && today <= ended + Days::new(course.interval_days.into()) + READ_BACK
    })
}

/// The sessions of which something may still be asked or that are `named`, and whatever came after the first of them:
/// what is planned costs the same however old the diary is.
fn asked_about<'a>(
    app: &App,
    sessions: &'a [Session],
    named: impl Fn(&Session) -> bool,
    moment: &Moment,
) -> &'a [Session] {
    let today = moment.zone.date(moment.now);
    let is_asked = |session: &Session| {
        let last_day = Days::new(app.plan.last_day(session.window_class()).unsigned_abs());
        today <= moment.zone.date(session.ended_at) + last_day + READ_BACK || named(session)
    };
    let first = sessions.iter().position(is_asked);
    &sessions[first.unwrap_or(sessions.len())..]
}

/// Copies the host's journal into the ledger, cuts the alarm list anew, arms it, and says how the
/// host is. A host that fails is said in the answer, not an error: the diary does not depend on it.
pub async fn sync(app: &App, moment: &Moment) -> Result<ReminderHealth, Failure> {
    // One after the other: a list cut from an older reading must not replace a newer one.
    let _turn = app.sync_turn().await;
    let diary = app.diary().await?;
    let recent = Recent::read(app, &diary, moment).await?;
    let judged = recent.judged(&app.plan, moment);
    let mut known = Known::new(app, &recent, &judged, moment);
    if beside(&app.host, Host::meet).await == Some(Met::AnotherRelease) {
        // Where it is not understood, the journal stays in the service's folder, and ours finds it there.
        let _ = drain(app, &diary, recent.newest_journal.clone(), &known.occurrences).await?;
        beside(&app.host, Host::replace).await;
    }
    let armed = match drain(app, &diary, recent.newest_journal.clone(), &known.occurrences).await? {
        Err(error) => Err(error),
        Ok(journal) => {
            known.settle(&diary, Some(&journal), moment.now).await?;
            arm(&app.host, cut(&known.as_of(app, moment))).await
        }
    };
    if let Ok(status) = &armed {
        app.note_mended_reminders(status.damage.clone());
        app.note_pause(status.paused_until);
    }
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

/// Asks the host to do something that only it can do.
pub(crate) async fn tell(app: &App, request: Request) -> Result<(), Failure> {
    Ok(accepted(&app.host, request).await?)
}

/// How the host is.
pub(crate) async fn status(app: &App) -> Result<HostStatus, Failure> {
    Ok(status_of(&app.host).await?)
}

/// Lets the host forget every reminder, and says why where it does not. Its words stay in the system's language.
pub async fn forget(app: &App, moment: &Moment) -> Result<(), String> {
    let _turn = app.sync_turn().await;
    // Only a service that runs forgets.
    app.host.start_again();
    let settings = views::default_settings(app.system_locale);
    let nothing = cut(&Cut {
        plan: &app.plan,
        basis: Basis::default(),
        occurrences: &[],
        settings: &views::reminder_settings(&settings, None),
        settled: &HashSet::new(),
        checked_in_on: None,
        planned_to: None,
        zone: &moment.zone,
        now: moment.now,
        capacity: Host::CAPACITY,
    });
    // First what is on the screen is taken back, then what is on the disk.
    let forgotten = async {
        arm(&app.host, nothing).await?;
        accepted(&app.host, Request::Forget).await
    };
    forgotten.await.map_err(|error| error.to_string())
}

/// Every line of the host's journal that the ledger does not have yet; the journal's name. `known` is the journal that
/// the ledger heard of last. The host may shorten it then.
async fn drain(
    app: &App,
    diary: &Diary,
    mut known: Option<String>,
    occurrences: &[Occurrence],
) -> Result<Result<String, SyncError>, Failure> {
    let keys: HashMap<_, _> = occurrences
        .iter()
        .map(|occurrence| (alarm_key(&occurrence.key), &occurrence.key))
        .collect();
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
            let drained = Request::Drained {
                journal: journal.clone(),
                seq: after,
            };
            return Ok(ask(&app.host, drained).await.map(|_| journal));
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
    let (mut digest, mut reason, mut until) = (false, None, None);
    let state = match entry.event {
        Event::Claimed => DeliveryState::Claimed,
        Event::Shown { digest: several } => {
            digest = several;
            DeliveryState::Shown
        }
        Event::Missed => DeliveryState::Missed,
        Event::Failed { reason: why } => {
            reason = Some(why);
            DeliveryState::Failed
        }
        Event::Opened => DeliveryState::Opened,
        Event::Done => DeliveryState::Done,
        Event::Skipped => DeliveryState::Skipped,
        Event::Snoozed { until: end } => {
            until = Some(end);
            DeliveryState::Snoozed
        }
        Event::Withdrawn => DeliveryState::Withdrawn,
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
        until,
    }
}

/// Arms the list. The state is asked first: arming forgets the damage that it tells of.
async fn arm(host: &Host, list: AlarmList) -> Result<HostStatus, SyncError> {
    let status = status_of(host).await?;
    match ask(host, Request::Arm(list)).await? {
        Reply::Armed { .. } => Ok(status),
        Reply::Refused { reason } => Err(SyncError::Refused(reason)),
        _ => Err(SyncError::OtherAnswer),
    }
}

async fn status_of(host: &Host) -> Result<HostStatus, SyncError> {
    match ask(host, Request::Status).await? {
        Reply::Status(status) => Ok(status),
        Reply::Refused { reason } => Err(SyncError::Refused(reason)),
        _ => Err(SyncError::OtherAnswer),
    }
}

async fn accepted(host: &Host, request: Request) -> Result<(), SyncError> {
    match ask(host, request).await? {
        Reply::Accepted => Ok(()),
        Reply::Refused { reason } => Err(SyncError::Refused(reason)),
        _ => Err(SyncError::OtherAnswer),
    }
}

async fn ask(host: &Host, request: Request) -> Result<Reply, SyncError> {
    let answer = beside(host, |host| host.call(request)).await;
    Ok(answer.ok_or(SyncError::GivenUp)??)
}

/// The port blocks; its calls run beside the window's own work. None when one was given up.
async fn beside<T: Send + 'static>(host: &Host, call: impl FnOnce(&Host) -> T + Send + 'static) -> Option<T> {
    let host = host.clone();
    tokio::task::spawn_blocking(move || call(&host)).await.ok()
}
