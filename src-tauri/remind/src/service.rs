//! What happens when: one loop that owns everything, sleeps until the next alarm or half a minute,
//! and computes everything anew when it wakes.
//!
//! A timer does not count the time for which a laptop sleeps, and knows nothing of a clock that is
//! set or of a flight; half a minute is the longest that any of these goes unnoticed.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

use afterglow_reminders::Zone;
use afterglow_reminders::alarms::{Alarm, AlarmId, AlarmList, Screen};
use afterglow_reminders::host::{HostStatus, MAX_JOURNAL_ENTRIES, Reply, Request};
use afterglow_reminders::journal::Event as Happened;
use afterglow_reminders::ringing::{self, digest_id};
use afterglow_reminders::wording;
use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use crate::ring::{self, Notice, RingError, Ringing};
use crate::store::{Store, StoreError};
use crate::tray::{self, Labels};
use crate::{app, clock, log};

/// The most alarms that a desktop keeps.
pub(crate) const CAPACITY: usize = 2_000;

/// The longest sleep: how late a changed clock, zone or a woken laptop is noticed.
const TICK: Duration = Duration::from_secs(30);

/// How long after a failure the same notification is tried again.
const RETRY: Duration = Duration::from_secs(10);

/// How many notifications are listened to at once; each holds a connection to the bus.
const MAX_LISTENED: usize = 32;

/// What the loop is told.
#[derive(Debug)]
pub(crate) enum Event {
    /// The app asks.
    Asked {
        request: Request,
        answer: oneshot::Sender<Reply>,
    },
    /// A notification was taken, or not.
    Rang {
        attempt: Attempt,
        result: Result<Ringing, RingError>,
    },
    /// A notification was clicked.
    Clicked(Attempt),
    /// The tray was clicked.
    Open,
    /// End.
    Stop,
}

/// A notification on its way, or shown: what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    id: AlarmId,
    /// Keys and due times; none for the notice of a lost list.
    alarms: Vec<(String, DateTime<Utc>)>,
    digest: bool,
    screen: Screen,
}

/// The queue of the loop.
pub(crate) fn events() -> (mpsc::Sender<Event>, mpsc::Receiver<Event>) {
    mpsc::channel(64)
}

/// Ends the loop when the system or a terminal asks for it.
pub(crate) fn stop_on_signals(events: &mpsc::Sender<Event>) -> std::io::Result<()> {
    let events = events.clone();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            let _ = events.send(Event::Stop).await;
        });
    }
    #[cfg(not(unix))]
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = events.send(Event::Stop).await;
        }
    });
    Ok(())
}

/// The service: everything that it knows.
#[derive(Debug)]
pub(crate) struct Service {
    store: Store,
    app: PathBuf,
    events: mpsc::Sender<Event>,
    since: DateTime<Utc>,
    /// One notification at a time is on its way.
    on_its_way: bool,
    /// What failed is left alone until then.
    pauses: HashMap<AlarmId, Instant>,
    listened: VecDeque<(AlarmId, AbortHandle)>,
    labels: watch::Sender<Option<Labels>>,
    server: Option<String>,
    not_shown: Option<String>,
    not_written: Option<String>,
    is_damage_told: bool,
    is_loss_shown: bool,
}

impl Service {
    /// A service over what is kept, as of now.
    pub(crate) fn new(store: Store, app: PathBuf, events: mpsc::Sender<Event>) -> Self {
        let (labels, wanted) = watch::channel(None);
        tokio::spawn(tray::keep(wanted, events.clone()));
        for damage in store.damage() {
            log::failure(damage);
        }
        Self {
            store,
            app,
            events,
            since: clock::now(),
            on_its_way: false,
            pauses: HashMap::new(),
            listened: VecDeque::new(),
            labels,
            server: None,
            not_shown: None,
            not_written: None,
            is_damage_told: false,
            is_loss_shown: false,
        }
    }

    /// Holds the alarms until it is told to stop.
    pub(crate) async fn run(mut self, mut inbox: mpsc::Receiver<Event>) {
        loop {
            let wake = self.tick();
            tokio::select! {
                event = inbox.recv() => match event {
                    None | Some(Event::Stop) => return,
                    Some(event) => self.take(event),
                },
                () = tokio::time::sleep_until(wake) => {}
            }
        }
    }

    /// Everything that now asks for, computed from the list, the journal and the clock alone.
    fn tick(&mut self) -> Instant {
        let (now, zone, monotonic) = (clock::now(), clock::zone(), clock::monotonic());
        let flushed = self.store.flush();
        self.wrote(flushed);
        self.note_missed(now, &zone);
        self.pauses.retain(|_, until| *until > monotonic);
        if !self.on_its_way
            && let Some((attempt, notice)) = self.next_notice(now, &zone)
        {
            self.begin(attempt, notice, now);
        }

        let next = self.next(now, &zone);
        self.publish_labels(next, now, &zone);
        let until_next = next.and_then(|next| (next - now).to_std().ok()).unwrap_or(TICK);
        let wake = monotonic + until_next.min(TICK);
        self.pauses.values().copied().fold(wake, Instant::min)
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Asked { request, answer } => {
                let reply = self.answer(request);
                // Whoever asked may be gone.
                let _ = answer.send(reply);
            }
            Event::Rang { attempt, result } => self.rang(attempt, result),
            Event::Clicked(attempt) => {
                let now = clock::now();
                for (key, due_at) in &attempt.alarms {
                    self.note(key, *due_at, Happened::Opened, now);
                }
                app::show(&self.app, attempt.screen);
            }
            Event::Open => app::show(&self.app, Screen::Today),
            Event::Stop => {}
        }
    }

    fn answer(&mut self, request: Request) -> Reply {
        match request {
            Request::Arm(list) => self.arm(list),
            Request::Journal { after } => {
                let entries = self.store.durable_entries();
                let from = entries.partition_point(|entry| entry.seq <= after);
                Reply::Journal {
                    journal: self.store.journal_id().to_owned(),
                    entries: entries[from..]
                        .iter()
                        .take(MAX_JOURNAL_ENTRIES)
                        .cloned()
                        .collect(),
                }
            }
            Request::Status => {
                self.is_damage_told = true;
                Reply::Status(self.status())
            }
            Request::Quit => Reply::Quitting,
        }
    }

    fn arm(&mut self, list: AlarmList) -> Reply {
        if let Err(fault) = list.check(CAPACITY) {
            return Reply::Refused {
                reason: fault.to_string(),
            };
        }
        // What the old list still says of the past would be forgotten with it.
        self.note_missed(clock::now(), &clock::zone());
        let count = list.alarms.len();
        if let Err(error) = self.store.arm(list) {
            return Reply::Refused {
                reason: error.to_string(),
            };
        }
        self.pauses.clear();
        if self.is_damage_told {
            self.store.forget_damage();
        }
        Reply::Armed { count }
    }

    fn status(&self) -> HostStatus {
        let (now, zone) = (clock::now(), clock::zone());
        let damage = self.store.damage().iter().map(ToString::to_string);
        let failures: Vec<String> = damage
            .chain(self.not_written.clone())
            .chain(self.not_shown.clone())
            .collect();
        HostStatus {
            since: self.since,
            armed: self.ringing(now, &zone).map_or(0, |ringing| ringing.armed),
            next: self.next(now, &zone),
            server: self.server.clone(),
            failure: (!failures.is_empty()).then(|| failures.join("; ")),
        }
    }

    fn ringing(&self, now: DateTime<Utc>, zone: &Zone) -> Option<ringing::Ringing<'_>> {
        let list = self.store.list()?;
        Some(ringing::due(list, self.store.entries(), zone, now))
    }

    fn next(&self, now: DateTime<Utc>, zone: &Zone) -> Option<DateTime<Utc>> {
        self.ringing(now, zone)?.next
    }

    fn note_missed(&mut self, now: DateTime<Utc>, zone: &Zone) {
        let missed: Vec<_> = self
            .ringing(now, zone)
            .map(|ringing| named(&ringing.missed, zone))
            .unwrap_or_default();
        for (key, due_at) in missed {
            self.note(&key, due_at, Happened::Missed, now);
        }
    }

    /// The first notification that is due and not paused.
    fn next_notice(&self, now: DateTime<Utc>, zone: &Zone) -> Option<(Attempt, Notice)> {
        let is_free = |id: AlarmId| !self.pauses.contains_key(&id);
        let Some(list) = self.store.list() else {
            return Some(lost_list())
                .filter(|(attempt, _)| self.store.list_lost() && !self.is_loss_shown && is_free(attempt.id));
        };
        let ringing = ringing::due(list, self.store.entries(), zone, now);
        if let Some(alarm) = ringing.single.iter().find(|alarm| is_free(alarm.id)) {
            return Some(single(alarm, list, zone));
        }
        let is_digest = !ringing.digest.is_empty() && is_free(digest_id());
        is_digest.then(|| digest(&ringing.digest, list, zone))
    }

    /// Claims and shows. A disk that takes nothing is no reason to keep a reminder back: the claim
    /// holds in memory, and the worst that a crash can do then is a repeat.
    fn begin(&mut self, attempt: Attempt, notice: Notice, now: DateTime<Utc>) {
        for (key, due_at) in &attempt.alarms {
            // A failed one is still claimed: each retry would only make the journal longer.
            if self.last_event(key).is_none() {
                self.note(key, *due_at, Happened::Claimed, now);
            }
        }
        self.on_its_way = true;
        let events = self.events.clone();
        tokio::spawn(async move {
            let result = ring::show(&notice).await;
            let _ = events.send(Event::Rang { attempt, result }).await;
        });
    }

    fn rang(&mut self, attempt: Attempt, result: Result<Ringing, RingError>) {
        let now = clock::now();
        self.on_its_way = false;
        match result {
            Ok(ringing) => {
                for (key, due_at) in &attempt.alarms {
                    let digest = attempt.digest;
                    self.note(key, *due_at, Happened::Shown { digest }, now);
                }
                self.is_loss_shown |= attempt.alarms.is_empty();
                self.server = Some(ringing.server.clone());
                self.not_shown = None;
                self.listen(attempt, ringing);
            }
            Err(error) => {
                let reason = error.to_string();
                for (key, due_at) in &attempt.alarms {
                    let failed = Happened::Failed {
                        reason: reason.clone(),
                    };
                    if self.last_event(key) != Some(&failed) {
                        self.note(key, *due_at, failed, now);
                    }
                }
                if self.not_shown.as_ref() != Some(&reason) {
                    log::failure(&reason);
                }
                self.not_shown = Some(reason);
                self.pauses.insert(attempt.id, clock::monotonic() + RETRY);
            }
        }
    }

    /// Waits for a click, in place of whoever waited under the same id.
    fn listen(&mut self, attempt: Attempt, ringing: Ringing) {
        let id = attempt.id;
        let events = self.events.clone();
        let waiting = tokio::spawn(async move {
            if ringing.clicked().await {
                let _ = events.send(Event::Clicked(attempt)).await;
            }
        });
        self.listened.retain(|(other, waiting)| {
            if *other == id {
                waiting.abort();
            }
            !waiting.is_finished() && *other != id
        });
        self.listened.push_back((id, waiting.abort_handle()));
        if self.listened.len() > MAX_LISTENED
            && let Some((_, oldest)) = self.listened.pop_front()
        {
            oldest.abort();
        }
    }

    fn last_event(&self, key: &str) -> Option<&Happened> {
        let mut newest_first = self.store.entries().iter().rev();
        newest_first
            .find(|entry| entry.key == key)
            .map(|entry| &entry.event)
    }

    fn note(&mut self, key: &str, due_at: DateTime<Utc>, event: Happened, now: DateTime<Utc>) {
        let written = self.store.note(key, due_at, event, now);
        self.wrote(written);
    }

    fn wrote(&mut self, written: Result<(), StoreError>) {
        let failure = written.err().map(|error| error.to_string());
        if let Some(failure) = failure
            .as_ref()
            .filter(|failure| self.not_written.as_ref() != Some(*failure))
        {
            log::failure(failure);
        }
        self.not_written = failure;
    }

    fn publish_labels(&self, next: Option<DateTime<Utc>>, now: DateTime<Utc>, zone: &Zone) {
        let Some(list) = self.store.list() else { return };
        let when = next.map(|next| local_label(next, now, zone));
        let labels = Labels::new(&list.words, when.as_deref());
        self.labels.send_if_modified(|shown| {
            let is_new = shown.as_ref() != Some(&labels);
            *shown = Some(labels);
            is_new
        });
    }
}

/// Today's as a time, another day's with its date, both as ISO 8601 has them.
fn local_label(at: DateTime<Utc>, now: DateTime<Utc>, zone: &Zone) -> String {
    let local = zone.local(at);
    if zone.date(now) == local.date_naive() {
        local.format("%H:%M").to_string()
    } else {
        local.format("%Y-%m-%d %H:%M").to_string()
    }
}

fn named(alarms: &[&Alarm], zone: &Zone) -> Vec<(String, DateTime<Utc>)> {
    alarms
        .iter()
        .map(|alarm| (alarm.key.clone(), alarm.when.instant(zone)))
        .collect()
}

fn single(alarm: &Alarm, list: &AlarmList, zone: &Zone) -> (Attempt, Notice) {
    let attempt = Attempt {
        id: alarm.id,
        alarms: named(&[alarm], zone),
        digest: false,
        screen: alarm.screen,
    };
    let notice = Notice {
        id: alarm.id,
        title: alarm.title.clone(),
        body: alarm.body.clone(),
        open: list.words.open.clone(),
        urgent: alarm.urgent,
        silent: false,
    };
    (attempt, notice)
}

fn digest(alarms: &[&Alarm], list: &AlarmList, zone: &Zone) -> (Attempt, Notice) {
    let attempt = Attempt {
        id: digest_id(),
        alarms: named(alarms, zone),
        digest: true,
        screen: Screen::Today,
    };
    let words = &list.words;
    let notice = Notice {
        id: digest_id(),
        title: words.digest_title.clone(),
        body: words.digest_body.replace("{n}", &alarms.len().to_string()),
        open: words.open.clone(),
        urgent: false,
        silent: true,
    };
    (attempt, notice)
}

/// A damaged list cannot ring, and must not be silent either: it asks for the app, which arms anew.
fn lost_list() -> (Attempt, Notice) {
    let id = AlarmId::of_key("lost list");
    let attempt = Attempt {
        id,
        alarms: Vec::new(),
        digest: false,
        screen: Screen::Today,
    };
    let notice = Notice {
        id,
        title: wording::TITLE.to_owned(),
        body: wording::list_lost(),
        open: wording::TITLE.to_owned(),
        urgent: false,
        silent: false,
    };
    (attempt, notice)
}
