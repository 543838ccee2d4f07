//! What happens when: one loop that owns everything, sleeps until the next alarm or half a minute,
//! and computes everything anew when it wakes.
//!
//! Not every timer counts the time for which a laptop sleeps, and none knows of a flight; half a minute is the longest
//! that any of these goes unnoticed.

mod notices;
mod requests;

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use afterglow_reminders::Zone;
use afterglow_reminders::alarms::{AlarmId, HostWords, Screen};
use afterglow_reminders::host::{MAX_PAUSE, Reply, Request};
use afterglow_reminders::journal::Event as Happened;
use afterglow_reminders::ringing::{self, History, Ringing, alike_id, digest_id};
use afterglow_reminders::session::Session;
use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use self::notices::{Attempt, Kind};
use crate::ring::{Desktop, Heard, Notice, RingError, Server, Shown};
use crate::store::{Store, StoreError};
use crate::tray::{self, Labels};
use crate::wake::{self, Waker};
use crate::{clock, log};

/// The most alarms that a desktop keeps.
pub(crate) const CAPACITY: usize = 2_000;

/// The longest sleep: how late a changed clock, zone or a woken laptop is noticed.
pub(crate) const TICK: Duration = Duration::from_secs(30);

/// How long after a failure the same notification is tried again, unless a server comes sooner.
const RETRY: Duration = TICK;

/// What the loop is told.
#[derive(Debug)]
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "other desktops tell less")
)]
pub(crate) enum Event {
    /// The app asks.
    Asked {
        request: Box<Request>,
        answer: oneshot::Sender<Reply>,
    },
    /// A notification was taken, or not.
    Rang {
        attempt: Attempt,
        /// [`Service::times_forgotten`] when it was handed over.
        handed_over: u32,
        result: Result<Shown, RingError>,
    },
    /// The desktop tells.
    Heard(Heard),
    /// The machine woke.
    Woke,
    /// The tray asks for the app.
    Open(Screen),
    /// The tray asks for a pause until midnight.
    PauseToday,
    /// The tray ends the pause.
    Resume,
    /// The tray ends the service, and reminders with it.
    Quit,
    /// End.
    Stop,
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
    /// Where it was started.
    session: Session,
    events: mpsc::Sender<Event>,
    desktop: Desktop,
    since: DateTime<Utc>,
    /// One reminder at a time is on its way.
    on_its_way: bool,
    /// What failed is left alone until then.
    retry_at: HashMap<AlarmId, Instant>,
    /// What the notifications stand for that this service showed, by the server's numbers.
    on_screen: HashMap<u32, Attempt>,
    /// How often everything was dropped in this life.
    times_forgotten: u32,
    /// Who waits for a test's outcome.
    testers: Vec<oneshot::Sender<Reply>>,
    /// The newest list's words, also when it was dropped.
    words: Option<HostWords>,
    labels: watch::Sender<Option<Labels>>,
    server: Option<Server>,
    /// Why nothing can be shown, known before anything failed.
    no_server: Option<String>,
    not_shown: Option<String>,
    not_written: Option<String>,
    is_damage_told: bool,
    is_loss_shown: bool,
}

/// What one look at the clock asks for.
#[derive(Debug)]
struct Round {
    /// Keys and due times of what was over before it could be shown.
    missed: Vec<(String, DateTime<Utc>)>,
    /// What is shown now.
    notice: Option<(Attempt, Notice)>,
    /// When there is more.
    next: Option<DateTime<Utc>>,
}

impl Service {
    /// A service over what is kept, as of now.
    pub(crate) fn new(store: Store, app: PathBuf, session: Session, events: mpsc::Sender<Event>) -> Self {
        let (labels, wanted) = watch::channel(None);
        tokio::spawn(tray::keep(wanted, events.clone()));
        wake::listen_for_waking(&events);
        for damage in store.damage() {
            log::failure(damage);
        }
        Self {
            store,
            app,
            session,
            desktop: Desktop::new(events.clone()),
            events,
            since: clock::now(),
            on_its_way: false,
            retry_at: HashMap::new(),
            on_screen: HashMap::new(),
            times_forgotten: 0,
            testers: Vec::new(),
            words: None,
            labels,
            server: None,
            no_server: None,
            not_shown: None,
            not_written: None,
            is_damage_told: false,
            is_loss_shown: false,
        }
    }

    /// Holds the alarms until it is told to stop.
    pub(crate) async fn run(&mut self, inbox: &mut mpsc::Receiver<Event>) {
        let waker = Waker::new();
        self.listen();
        loop {
            let next = self.tick();
            tokio::select! {
                event = inbox.recv() => match event {
                    None | Some(Event::Stop) => return,
                    Some(Event::Quit) => {
                        // Where it cannot be kept, the app starts reminders again: better than none at all.
                        if let Err(error) = self.store.stop() {
                            log::failure(&error);
                        }
                        return;
                    }
                    Some(event) => self.take(event),
                },
                () = waker.sleep(next) => self.listen(),
            }
        }
    }

    /// Waits for what is on its way to the screen, at most as long as the desktop may take, and writes down what became
    /// of it: whoever comes after this service must not show it again. Nobody can ask any more.
    pub(crate) async fn settle(&mut self, inbox: &mut mpsc::Receiver<Event>) {
        while self.on_its_way {
            match inbox.recv().await {
                Some(event @ Event::Rang { .. }) => self.take(event),
                Some(_) => {}
                None => return,
            }
        }
    }

    /// Everything that now asks for, computed from the list, the journal and the clock alone. How
    /// long until there is more to do, if that is known.
    fn tick(&mut self) -> Option<Duration> {
        let (now, zone, monotonic) = (clock::now(), clock::zone(), clock::monotonic());
        let flushed = self.store.flush();
        self.wrote(flushed);
        self.retry_at.retain(|_, until| *until > monotonic);
        let Round { missed, notice, next } = self.round(now, &zone);
        self.note_missed(missed, now);
        if let Some((attempt, notice)) = notice {
            self.begin(attempt, notice, now);
        }
        self.publish_labels(next, now, &zone);
        let until_next = next.map(|next| (next - now).to_std().unwrap_or_default());
        let retries = self.retry_at.values().map(|until| *until - monotonic);
        until_next.into_iter().chain(retries).min()
    }

    /// What `now` asks for. Nothing that follows from it changes the rest of it, so that one reading
    /// of the journal does.
    fn round(&self, now: DateTime<Utc>, zone: &Zone) -> Round {
        let ringing = self.ringing(now, zone);
        let notice = (!self.on_its_way).then(|| self.next_notice(ringing.as_ref(), now, zone));
        Round {
            missed: missed(ringing.as_ref(), zone),
            notice: notice.flatten(),
            next: ringing.and_then(|ringing| ringing.next),
        }
    }

    /// A desktop that was not there at the start, or whose bus was lost, is looked for at each check.
    fn listen(&self) {
        let desktop = self.desktop.clone();
        tokio::spawn(async move { desktop.keep_listening().await });
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Asked { request, answer } => self.asked(*request, answer),
            Event::Rang {
                attempt,
                handed_over,
                result,
            } if handed_over == self.times_forgotten => self.rang(&attempt, result),
            // Nothing of what was forgotten may come back into the journal.
            Event::Rang { result, .. } => {
                self.on_its_way = false;
                if let Ok(shown) = result {
                    self.close_number(shown.number);
                }
            }
            Event::Heard(heard) => self.heard(heard),
            Event::Open(_) | Event::PauseToday | Event::Resume => self.tray_asks(&event),
            // The next round of the loop looks at the clock.
            Event::Woke | Event::Quit | Event::Stop => {}
        }
    }

    fn heard(&mut self, heard: Heard) {
        match heard {
            Heard::Clicked(number) => {
                if let Some(attempt) = self.standing_for(number) {
                    self.clicked(&attempt);
                }
            }
            Heard::Pressed { number, button } => {
                if let Some(attempt) = self.standing_for(number) {
                    self.pressed(&attempt, &button);
                }
            }
            Heard::Closed(number) => {
                self.on_screen.remove(&number);
            }
            Heard::Server(server) => {
                self.serves(server);
                // What the one before refused may be tried at once.
                self.retry_at.clear();
            }
            Heard::NoServer(failure) => {
                self.server = None;
                self.on_screen.clear();
                let reason = failure.map(|failure| failure.to_string());
                if let Some(reason) = reason.as_ref().filter(|_| self.no_server != reason) {
                    log::failure(reason);
                }
                self.no_server = reason;
            }
        }
    }

    /// A server that answers now is newer than whatever failed before.
    fn serves(&mut self, server: Server) {
        self.server = Some(server);
        self.no_server = None;
        self.not_shown = None;
    }

    fn ringing(&self, now: DateTime<Utc>, zone: &Zone) -> Option<Ringing<'_>> {
        let list = self.store.list()?;
        let paused_until = self.paused_until(now);
        Some(ringing::due_unless_paused(
            list,
            self.store.entries(),
            paused_until,
            zone,
            now,
        ))
    }

    /// A pause further ahead than one can be is a clock that was set back: it ends.
    fn paused_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let until = self.store.paused_until()?;
        Some(until).filter(|until| now < *until && *until <= now + MAX_PAUSE)
    }

    fn note_missed(&mut self, missed: Vec<(String, DateTime<Utc>)>, now: DateTime<Utc>) {
        for (key, due_at) in missed {
            self.note(&key, due_at, Happened::Missed, now);
        }
    }

    /// The first notification that is due and did not fail a moment ago.
    fn next_notice(
        &self,
        ringing: Option<&Ringing<'_>>,
        now: DateTime<Utc>,
        zone: &Zone,
    ) -> Option<(Attempt, Notice)> {
        let is_free = |id: AlarmId| !self.retry_at.contains_key(&id);
        let (Some(list), Some(ringing)) = (self.store.list(), ringing) else {
            return Some(notices::lost_list())
                .filter(|(attempt, _)| self.store.list_lost() && !self.is_loss_shown && is_free(attempt.id));
        };
        let notifications = ringing::by_words(&ringing.single);
        let free = notifications.iter().find_map(|alarms| match alarms.as_slice() {
            [] => None,
            [alarm] => is_free(alarm.id).then(|| notices::single(alarm, list, zone, now)),
            [first, ..] => is_free(alike_id(first)).then(|| notices::alike(first, alarms, list, zone)),
        });
        if free.is_some() {
            return free;
        }
        let is_digest = !ringing.digest.is_empty() && is_free(digest_id());
        is_digest.then(|| notices::digest(&ringing.digest, list, zone))
    }

    /// Claims and shows. A disk that takes nothing is no reason to keep a reminder back: the claim
    /// holds in memory, and the worst that a crash can do then is a repeat.
    fn begin(&mut self, attempt: Attempt, notice: Notice, now: DateTime<Utc>) {
        for (key, due_at) in &attempt.alarms {
            // A failed one is still claimed: each retry would only make the journal longer.
            let is_claimed = matches!(
                self.last_event(key),
                Some(Happened::Claimed | Happened::Failed { .. })
            );
            if !is_claimed {
                self.note(key, *due_at, Happened::Claimed, now);
            }
        }
        self.on_its_way = true;
        self.show(attempt, notice);
    }

    fn show(&self, attempt: Attempt, notice: Notice) {
        let (desktop, events) = (self.desktop.clone(), self.events.clone());
        let replaces = self.number_of(attempt.id);
        let handed_over = self.times_forgotten;
        tokio::spawn(async move {
            let result = desktop.show(&notice, replaces).await;
            let rang = Event::Rang {
                attempt,
                handed_over,
                result,
            };
            let _ = events.send(rang).await;
        });
    }

    /// What the server calls a notification; ours where this service has not shown it.
    fn number_of(&self, id: AlarmId) -> u32 {
        let mut on_screen = self.on_screen.iter();
        on_screen
            .find(|(_, attempt)| attempt.id == id)
            .map_or(id.0, |(number, _)| *number)
    }

    /// Takes a notification from the screen, if it is there.
    fn close(&mut self, id: AlarmId) {
        self.close_number(self.number_of(id));
    }

    fn close_number(&mut self, number: u32) {
        self.on_screen.remove(&number);
        let desktop = self.desktop.clone();
        tokio::spawn(async move { desktop.close(number).await });
    }

    fn rang(&mut self, attempt: &Attempt, result: Result<Shown, RingError>) {
        let is_test = attempt.kind == Kind::Test;
        if !is_test {
            self.on_its_way = false;
        }
        match result {
            Ok(shown) => {
                self.serves(shown.server);
                self.is_loss_shown |= attempt.kind == Kind::LostList;
                self.on_screen.insert(shown.number, attempt.clone());
                self.note_shown(attempt);
                self.answer_testers(is_test, &Reply::Accepted);
            }
            Err(error) => {
                let reason = error.to_string();
                self.note_failed(attempt, &reason);
                if !is_test {
                    self.retry_at.insert(attempt.id, clock::monotonic() + RETRY);
                }
                if self.not_shown.as_ref() != Some(&reason) {
                    log::failure(&reason);
                }
                self.not_shown = Some(reason.clone());
                self.answer_testers(is_test, &Reply::Refused { reason });
            }
        }
    }

    fn answer_testers(&mut self, is_test: bool, reply: &Reply) {
        if is_test {
            for tester in self.testers.drain(..) {
                let _ = tester.send(reply.clone());
            }
        }
    }

    /// Writes down that it was shown. What was settled, put off or taken from the list while it was
    /// on its way does not stay.
    fn note_shown(&mut self, attempt: &Attempt) {
        let now = clock::now();
        let mut is_wanted = attempt.alarms.is_empty();
        let digest = attempt.kind == Kind::Digest;
        let shown = Happened::Shown { digest };
        let written = self.store.note_of_each(&attempt.alarms, &shown, now);
        self.wrote(written);
        for (key, due_at) in &attempt.alarms {
            let history = self.history(key);
            if !self.keys().contains(key.as_str()) {
                if !history.is_over(now) {
                    self.note(key, *due_at, Happened::Withdrawn, now);
                }
            } else if !history.is_over(now) && !history.is_snoozed(now) {
                is_wanted = true;
            }
        }
        if !is_wanted {
            self.close(attempt.id);
        }
        self.take_back_what_it_repeats(attempt);
    }

    fn note_failed(&mut self, attempt: &Attempt, reason: &str) {
        let now = clock::now();
        for (key, due_at) in &attempt.alarms {
            let failed = Happened::Failed {
                reason: reason.to_owned(),
            };
            if self.last_event(key) != Some(&failed) {
                self.note(key, *due_at, failed, now);
            }
        }
    }

    fn history(&self, key: &str) -> History {
        History::of_key(self.store.entries(), key)
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

    /// Also when nothing changed: the tray looks then whether it is still there.
    fn publish_labels(&mut self, next: Option<DateTime<Utc>>, now: DateTime<Utc>, zone: &Zone) {
        if let Some(list) = self.store.list()
            && self.words.as_ref() != Some(&list.words)
        {
            self.words = Some(list.words.clone());
        }
        let paused = self.paused_until(now);
        let labels = |words| {
            let say = |at: Option<DateTime<Utc>>| at.map(|at| tray::label(at, now, zone, words));
            Labels::new(words, say(next).as_deref(), say(paused).as_deref())
        };
        self.labels.send_replace(self.words.as_ref().map(labels));
    }
}

/// Keys and due times of what was over before it could be shown.
fn missed(ringing: Option<&Ringing<'_>>, zone: &Zone) -> Vec<(String, DateTime<Utc>)> {
    ringing.map_or_else(Vec::new, |ringing| notices::named(&ringing.missed, zone))
}
