//! What the app asks for, and what the patient does on the desktop.

use std::collections::HashSet;

use afterglow_reminders::alarms::{Act, Alarm, AlarmId, AlarmList};
use afterglow_reminders::host::{
    HostStatus, MAX_JOURNAL_ENTRIES, MAX_PAUSE, PROTOCOL, RELEASE, Reply, Request,
};
use afterglow_reminders::journal::Event as Happened;
use afterglow_reminders::ringing::{Histories, History, Hold, alike_id, digest_id, snoozed_until};
use afterglow_reminders::session::Session;
use chrono::{DateTime, Days, NaiveTime, Utc};
use tokio::sync::oneshot;

use super::notices::{self, Attempt, Kind};
use super::{CAPACITY, Event, Service, missed};
use crate::store::StoreError;
use crate::{app, clock, handover};

/// Why something that was asked for was not done: a sentence that says what to do.
type Refusal = String;

/// Where an alarm may stand on the screen.
#[derive(Debug, Clone)]
struct Places {
    key: String,
    own: AlarmId,
    alike: AlarmId,
    is_in_digest: bool,
}

impl Places {
    fn of(alarm: &Alarm, history: &History) -> Self {
        Self {
            key: alarm.key.clone(),
            own: alarm.id,
            alike: alike_id(alarm),
            is_in_digest: history.in_digest(),
        }
    }
}

impl Service {
    pub(super) fn asked(&mut self, request: Request, answer: oneshot::Sender<Reply>) {
        let reply = match request {
            Request::Test => return self.test(answer),
            Request::Meet { session } => return self.meet(session, answer),
            Request::Status => {
                self.is_damage_told = true;
                Ok(Reply::Status(self.status()))
            }
            Request::Journal { after } => Ok(self.journal(after)),
            Request::Quit => Ok(Reply::Quitting),
            Request::Arm(list) => self.arm(list).map(|count| Reply::Armed { count }),
            Request::Act { key, act } => self.act(&key, act).map(|()| Reply::Accepted),
            Request::Pause { until } => self.pause(until).map(|()| Reply::Accepted),
            Request::Forget => self.forget().map(|()| Reply::Accepted),
            Request::Drained { journal, seq } => {
                let known = self.store.damage().len();
                let done = self.store.drained(&journal, seq).map_err(said);
                self.is_damage_told &= self.store.damage().len() == known;
                done.map(|()| Reply::Accepted)
            }
        };
        // Whoever asked may be gone.
        let _ = answer.send(reply.unwrap_or_else(|reason| Reply::Refused { reason }));
    }

    fn journal(&self, after: u64) -> Reply {
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

    fn status(&self) -> HostStatus {
        let (now, zone) = (clock::now(), clock::zone());
        let ringing = self.ringing(now, &zone).unwrap_or_default();
        let unreachable = self.not_shown.as_ref().or(self.no_server.as_ref());
        let failures: Vec<String> = (self.not_written.iter().chain(unreachable)).cloned().collect();
        let mut newest_first = self.store.entries().iter().rev();
        HostStatus {
            since: self.since,
            armed: ringing.armed,
            next: ringing.next,
            server: self.server.as_ref().map(|server| server.name.clone()),
            failure: (!failures.is_empty()).then(|| failures.join("; ")),
            last_shown: newest_first
                .find(|entry| matches!(entry.event, Happened::Shown { .. }))
                .map(|entry| entry.at),
            actions: self.server.as_ref().map(|server| server.has_buttons),
            paused_until: self.paused_until(now),
            damage: self.store.damage().iter().map(ToString::to_string).collect(),
            release: RELEASE.to_owned(),
            protocol: PROTOCOL,
        }
    }

    fn arm(&mut self, list: AlarmList) -> Result<usize, Refusal> {
        list.check(CAPACITY).map_err(|fault| fault.to_string())?;
        // What the old list still says of the past would be forgotten with it.
        let now = clock::now();
        let zone = clock::zone();
        let missed = missed(self.ringing(now, &zone).as_ref(), &zone);
        self.note_missed(missed, now);
        let count = list.alarms.len();
        let is_lost = self.store.list_lost();
        self.retry_at.clear();
        // The app arms each minute. What is the same needs no disk.
        let is_same = (self.store.list()).is_some_and(|kept| kept.asks_the_same_as(&list));
        if !is_same {
            self.replace(list)?;
        }
        if is_lost {
            self.close(notices::lost_list().0.id);
        }
        if self.is_damage_told {
            self.store.forget_damage().map_err(said)?;
        }
        Ok(count)
    }

    /// Keeps another list in place of the one before.
    fn replace(&mut self, list: AlarmList) -> Result<(), Refusal> {
        // Written down before the old list is gone: after a crash between the two nobody would know.
        let withdrawn = self.withdraw_what_is_not_in(&list);
        self.store.arm(list).map_err(said)?;
        for places in withdrawn {
            self.take_from_screen(&places);
        }
        Ok(())
    }

    /// Settles what is still on the screen, or waits to come back there, and which the new list no
    /// longer has. What is over anyway is left: a click says then whether it still matters.
    fn withdraw_what_is_not_in(&mut self, list: &AlarmList) -> Vec<Places> {
        let (now, zone) = (clock::now(), clock::zone());
        let listed: HashSet<_> = list.alarms.iter().map(|alarm| alarm.key.as_str()).collect();
        let histories = Histories::of(self.store.entries());
        let alarms = self.store.list().into_iter().flat_map(|list| &list.alarms);
        let strays: Vec<_> = alarms
            .filter(|alarm| !listed.contains(alarm.key.as_str()) && alarm.ends_at(&zone) > now)
            .map(|alarm| (alarm, histories.of_key(&alarm.key)))
            .filter(|(_, history)| history.is_open(now) || history.is_snoozed(now))
            .map(|(alarm, history)| {
                let due_at = alarm.when.instant(&zone);
                (alarm.key.clone(), due_at, Places::of(alarm, &history))
            })
            .collect();
        for (key, due_at, _) in &strays {
            self.note(key, *due_at, Happened::Withdrawn, now);
        }
        strays.into_iter().map(|(_, _, places)| places).collect()
    }

    /// The keys of the list.
    pub(super) fn keys(&self) -> HashSet<&str> {
        let alarms = self.store.list().into_iter().flat_map(|list| &list.alarms);
        alarms.map(|alarm| alarm.key.as_str()).collect()
    }

    /// What the patient did about an alarm, in the app or on its notification. The same said again changes nothing.
    fn act(&mut self, key: &str, act: Act) -> Result<(), Refusal> {
        let (now, zone) = (clock::now(), clock::zone());
        let list = self.store.list();
        let hold = Hold {
            quiet: list.and_then(|list| list.quiet),
            paused_until: self.paused_until(now),
        };
        let alarm = list
            .and_then(|list| list.alarms.iter().find(|alarm| alarm.key == key))
            .ok_or("this reminder is no longer planned; open Afterglow to see what is")?;
        let history = self.history(key);
        let due_at = alarm.when.instant(&zone);
        let event = match act {
            Act::Done | Act::Skip if history.is_over(now) => return Ok(()),
            Act::Done => Happened::Done,
            Act::Skip => Happened::Skipped,
            Act::Snooze(_) if history.is_over(now) => {
                return Err("this reminder is settled already; there is nothing to put off".to_owned());
            }
            Act::Snooze(_) if due_at > now => {
                return Err("this reminder is not due yet; it comes at its time".to_owned());
            }
            Act::Snooze(wait) => Happened::Snoozed {
                until: snoozed_until(alarm, wait, hold, &zone, now)
                    .ok_or("by then this reminder would be over; choose a shorter wait")?,
            },
        };
        let places = Places::of(alarm, &history);
        self.note(key, due_at, event, now);
        self.take_from_screen(&places);
        self.not_written.clone().map_or(Ok(()), Err)
    }

    /// What stands for several stays as long as something in it is open.
    fn take_from_screen(&mut self, places: &Places) {
        if !places.is_in_digest {
            self.close(places.own);
            self.close_alike_unless_open(&places.key, places.alike, None);
            return;
        }
        let now = clock::now();
        let histories = Histories::of(self.store.entries());
        let is_waiting = (self.store.entries().iter()).any(|entry| {
            let history = histories.of_key(&entry.key);
            history.in_digest() && history.is_open(now)
        });
        if !is_waiting {
            self.close(digest_id());
        }
    }

    /// Closes the one notification in which an alarm stands with others that said the same, unless one of them is
    /// open, but for `told`. What this service has shown it knows by who stands in it: the words may be others by now.
    /// What a service before it has shown is found by the words, and one that was shown by itself keeps it too, since
    /// nobody knows what it stood for.
    fn close_alike_unless_open(&mut self, key: &str, alike: AlarmId, told: Option<&str>) {
        let (now, zone) = (clock::now(), clock::zone());
        let histories = Histories::of(self.store.entries());
        let alarms = self.store.list().into_iter().flat_map(|list| &list.alarms);
        let waiting: Vec<_> = alarms
            .filter(|alarm| {
                let history = histories.of_key(&alarm.key);
                history.is_open(now)
                    && !history.in_digest()
                    && alarm.ends_at(&zone) > now
                    && told != Some(&alarm.key)
            })
            .collect();
        let waits = |(key, _): &(String, DateTime<Utc>)| waiting.iter().any(|alarm| alarm.key == *key);
        let mut shown = self.on_screen.iter();
        let shown = shown.find(|(_, attempt)| {
            attempt.kind == Kind::Alike && attempt.alarms.iter().any(|(one, _)| one == key)
        });
        match shown {
            Some((number, attempt)) if !attempt.alarms.iter().any(waits) => self.close_number(*number),
            None if !waiting.iter().any(|alarm| alike_id(alarm) == alike) => self.close(alike),
            _ => {}
        }
    }

    /// What was shown by itself and comes back among others that say the same, or the other way round, does not stand
    /// on the screen twice.
    pub(super) fn take_back_what_it_repeats(&mut self, shown: &Attempt) {
        let keys: HashSet<_> = shown.alarms.iter().map(|(key, _)| key.as_str()).collect();
        let histories = Histories::of(self.store.entries());
        let alarms = self.store.list().into_iter().flat_map(|list| &list.alarms);
        let repeated: Vec<_> = alarms
            .filter(|alarm| keys.contains(alarm.key.as_str()))
            .filter(|alarm| histories.of_key(&alarm.key).is_repeated())
            .map(|alarm| (alarm.key.clone(), alarm.id, alike_id(alarm)))
            .collect();
        for (key, own, alike) in repeated {
            match shown.kind {
                Kind::Alike => self.close(own),
                Kind::Single => self.close_alike_unless_open(&key, alike, Some(&key)),
                Kind::Digest | Kind::LostList | Kind::Test => {}
            }
        }
    }

    /// The loop goes on while a bus is asked.
    fn meet(&self, newcomer: Session, answer: oneshot::Sender<Reply>) {
        let own = self.session.clone();
        tokio::spawn(async move {
            let reply = if handover::makes_room(&own, &newcomer).await {
                Reply::Quitting
            } else {
                Reply::Accepted
            };
            let _ = answer.send(reply);
        });
    }

    fn test(&mut self, answer: oneshot::Sender<Reply>) {
        let Some(words) = &self.words else {
            let reason = "no reminders were planned yet; open Afterglow once".to_owned();
            let _ = answer.send(Reply::Refused { reason });
            return;
        };
        let is_silent = self.store.list().is_some_and(|list| !list.sound);
        let (attempt, notice) = notices::test(words, is_silent);
        self.testers.push(answer);
        self.show(attempt, notice);
    }

    pub(super) fn pause(&mut self, until: Option<DateTime<Utc>>) -> Result<(), Refusal> {
        let now = clock::now();
        if until.is_some_and(|until| until <= now || until > now + MAX_PAUSE) {
            return Err(format!(
                "reminders can be paused for {} days at most, from now on; choose another end",
                MAX_PAUSE.num_days()
            ));
        }
        self.store.pause(until).map_err(said)
    }

    /// Until the next midnight of the device's zone.
    pub(super) fn pause_today(&mut self) {
        let (now, zone) = (clock::now(), clock::zone());
        let tomorrow = zone.date(now).checked_add_days(Days::new(1));
        let until = tomorrow.map(|date| zone.instant(date.and_time(NaiveTime::MIN)));
        self.said_by_tray(until);
    }

    /// Nobody waits for an answer; what failed stands in the status.
    pub(super) fn said_by_tray(&mut self, until: Option<DateTime<Utc>>) {
        self.not_written = self.pause(until).err();
    }

    fn forget(&mut self) -> Result<(), Refusal> {
        let open: Vec<_> = {
            let now = clock::now();
            let histories = Histories::of(self.store.entries());
            let alarms = self.store.list().into_iter().flat_map(|list| &list.alarms);
            alarms
                .filter(|alarm| histories.of_key(&alarm.key).is_open(now))
                .flat_map(|alarm| [alarm.id, alike_id(alarm)])
                .collect()
        };
        self.store.forget().map_err(said)?;
        self.times_forgotten += 1;
        for id in open.into_iter().chain([digest_id(), notices::lost_list().0.id]) {
            self.close(id);
        }
        let others: Vec<_> = self.on_screen.keys().copied().collect();
        for number in others {
            self.close_number(number);
        }
        let reason = "everything was forgotten meanwhile; try again".to_owned();
        self.answer_testers(true, &Reply::Refused { reason });
        self.retry_at.clear();
        self.not_written = None;
        self.not_shown = None;
        Ok(())
    }

    pub(super) fn clicked(&mut self, attempt: &Attempt) {
        let now = clock::now();
        let several = attempt.alarms.len() > 1;
        for (key, due_at) in &attempt.alarms {
            // Of several, what the patient did about one stays its last word.
            if !several || !self.history(key).is_over(now) {
                self.note(key, *due_at, Happened::Opened, now);
            }
        }
        app::show(&self.app, attempt.screen);
    }

    /// A button that can no longer mean what it says opens the app, which tells why.
    pub(super) fn pressed(&mut self, attempt: &Attempt, button: &str) {
        let act = notices::act_of(button).filter(|_| attempt.kind == Kind::Single);
        let done = match (act, attempt.alarms.first()) {
            (Some(act), Some((key, _))) => self.act(key, act).is_ok(),
            _ => false,
        };
        if !done {
            self.clicked(attempt);
        }
    }

    /// What a notification with this number stands for. One that a service before this one showed is
    /// found by its id, where the server keeps ours.
    pub(super) fn standing_for(&self, number: u32) -> Option<Attempt> {
        let alarm = || {
            let list = self.store.list()?;
            let alarm = list.alarms.iter().find(|alarm| alarm.id.0 == number)?;
            Some(notices::attempt(alarm, &clock::zone()))
        };
        let on_screen = self.on_screen.get(&number).cloned();
        on_screen.or_else(alarm).or_else(|| self.alike_under(number))
    }

    /// What is open and says what a notification with this number says.
    fn alike_under(&self, number: u32) -> Option<Attempt> {
        let (now, zone) = (clock::now(), clock::zone());
        let histories = Histories::of(self.store.entries());
        let alarms = &self.store.list()?.alarms;
        let open: Vec<_> = alarms
            .iter()
            .filter(|alarm| alike_id(alarm).0 == number && histories.of_key(&alarm.key).is_open(now))
            .collect();
        let first = open.first()?;
        Some(notices::alike_attempt(first, &open, &zone))
    }

    pub(super) fn tray_asks(&mut self, event: &Event) {
        match event {
            Event::Open(screen) => app::show(&self.app, *screen),
            Event::PauseToday => self.pause_today(),
            Event::Resume => self.said_by_tray(None),
            _ => {}
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the end of a result's error")]
fn said(error: StoreError) -> Refusal {
    error.to_string()
}
