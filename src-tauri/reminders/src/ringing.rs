//! What a host does at `now`: which alarms ring, which are folded, held or missed.
//!
//! Nothing is carried over from one call to the next but the list and the journal. So a sleeping
//! laptop, a changed clock, another zone and a killed process are all the same case: computed anew.

use std::collections::HashMap;

use afterglow_care::Zone;
use chrono::{DateTime, TimeDelta, Utc};

use crate::alarms::{Action, Alarm, AlarmId, AlarmList, MAX_REPEATS, QuietHours, SnoozeFor, When};
use crate::journal::{Entry, Event};

/// An alarm this much behind its due time is late: late ones are folded.
pub const LATE_AFTER: TimeDelta = TimeDelta::minutes(5);

/// How long after it was shown an alarm that repeats is shown again.
pub const REPEAT_AFTER: TimeDelta = TimeDelta::minutes(30);

/// What rings now, and what does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ringing<'a> {
    /// Shown one by one, but for those that [`by_words`] puts together.
    pub single: Vec<&'a Alarm>,
    /// Shown as one, in one quiet notification; empty, or at least two.
    pub digest: Vec<&'a Alarm>,
    /// Over before they could be shown; to be written down.
    pub missed: Vec<&'a Alarm>,
    /// Due, but quiet hours or a pause hold them until [`Ringing::held_until`].
    pub held: Vec<&'a Alarm>,
    /// When the quiet hours or the pause end that hold something.
    pub held_until: Option<DateTime<Utc>>,
    /// When the next alarm rings that does not ring now.
    pub next: Option<DateTime<Utc>>,
    /// How many may still ring.
    pub armed: usize,
}

/// What a host does at `now` in `zone` with a checked `list`, after what the `journal` (oldest
/// first) says happened. One that was claimed but not shown, or that failed, rings again while it
/// is valid; one that was snoozed rings once at the end of its wait; one that repeats rings again
/// [`REPEAT_AFTER`] it was shown by itself, until somebody does something about it.
pub fn due<'a>(list: &'a AlarmList, journal: &[Entry], zone: &Zone, now: DateTime<Utc>) -> Ringing<'a> {
    due_unless_paused(list, journal, None, zone, now)
}

/// As [`due`], while everything that is not urgent waits until `paused_until`.
pub fn due_unless_paused<'a>(
    list: &'a AlarmList,
    journal: &[Entry],
    paused_until: Option<DateTime<Utc>>,
    zone: &Zone,
    now: DateTime<Utc>,
) -> Ringing<'a> {
    let histories = Histories::of(journal);
    let hold = Hold {
        quiet: list.quiet,
        paused_until,
    };
    let mut ringing = Ringing::default();
    let mut late = Vec::new();

    for alarm in &list.alarms {
        let history = histories.of_key(&alarm.key);
        let ends_at = alarm.ends_at(zone);
        let is_awaited = history.is_awaited(ends_at, now);
        let Some(due_at) = history
            .rings_at(alarm, zone, now)
            .filter(|due_at| is_awaited || *due_at < ends_at)
        else {
            continue;
        };
        if ends_at <= now {
            // A repeat that comes to nothing is no loss: the alarm was shown.
            if is_awaited {
                ringing.missed.push(alarm);
            }
            continue;
        }
        ringing.armed += 1;
        let hold = if alarm.urgent { Hold::default() } else { hold };
        let next = if due_at > now {
            hold.release(zone, due_at)
        } else if let Some(end) = Some(hold.release(zone, now)).filter(|end| *end > now) {
            ringing.held.push(alarm);
            ringing.held_until = ringing.held_until.max(Some(end));
            end
        } else {
            if now - due_at > LATE_AFTER && !alarm.urgent {
                late.push(alarm);
            } else {
                ringing.single.push(alarm);
            }
            continue;
        };
        let next = Some(next).filter(|next| *next < ends_at);
        ringing.next = [ringing.next, next].into_iter().flatten().min();
    }
    if late.len() > 1 {
        ringing.digest = late;
    } else {
        ringing.single.append(&mut late);
    }
    ringing
}

/// When something due at `when` is shown: at its due time, or at the end of the quiet hours that it
/// falls into unless it is urgent. None when its validity is over by then: nobody is woken for it,
/// and what it asked has ended or is asked again by its next occurrence, so it does not ring at all.
pub fn delivery(
    when: When,
    valid_until: DateTime<Utc>,
    urgent: bool,
    zone: &Zone,
    quiet: Option<QuietHours>,
) -> Option<DateTime<Utc>> {
    let hold = Hold {
        quiet: quiet.filter(|_| !urgent),
        paused_until: None,
    };
    Some(hold.release(zone, when.instant(zone))).filter(|at| *at < when.ends_at(valid_until, zone))
}

/// When `alarm` rings again if it is snoozed at `now`: the instant to store. None for a choice that
/// must not be offered, because by then, or by the end of what holds it back then, it is over.
pub fn snoozed_until(
    alarm: &Alarm,
    wait: SnoozeFor,
    hold: Hold,
    zone: &Zone,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let until = wait.ends(zone, now)?;
    // Not `delivery`: a wall-clock alarm's grace belongs to its own time, which has come already.
    let hold = if alarm.urgent { Hold::default() } else { hold };
    (hold.release(zone, until) < alarm.ends_at(zone)).then_some(until)
}

/// What rings at once, one notification each: alarms with the very same words are one, since nobody could tell which of
/// two such a button would mark. The order is that of the first of each.
pub fn by_words<'a>(alarms: &[&'a Alarm]) -> Vec<Vec<&'a Alarm>> {
    let mut notifications: Vec<Vec<&'a Alarm>> = Vec::new();
    for alarm in alarms {
        let is_like = |others: &Vec<&Alarm>| {
            let mut others = others.iter();
            others
                .any(|other| is_foldable(other) && (&other.title, &other.body) == (&alarm.title, &alarm.body))
        };
        match notifications.iter_mut().find(|others| is_like(others)) {
            Some(others) if is_foldable(alarm) => others.push(alarm),
            _ => notifications.push(vec![alarm]),
        }
    }
    notifications
}

/// How a call went on is asked for each call: what can be put off but not left out is such a question.
fn is_foldable(alarm: &Alarm) -> bool {
    !alarm.actions.contains(&Action::Snooze) || alarm.actions.contains(&Action::Skip)
}

/// The id of the one notification for alarms with the words of this one. The same at a repeat and after a crash, however
/// many are left, so that it replaces the last.
pub fn alike_id(alarm: &Alarm) -> AlarmId {
    AlarmId::of_key(&format!("alike\n{}\n{}", alarm.title, alarm.body))
}

/// The one id of every digest, so that a newer one replaces the last.
pub fn digest_id() -> AlarmId {
    AlarmId::of_key("digest")
}

/// What keeps an alarm back that can wait.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hold {
    /// The hours in which nothing rings that can wait.
    pub quiet: Option<QuietHours>,
    /// Until when the patient wants to hear nothing that can wait.
    pub paused_until: Option<DateTime<Utc>>,
}

impl Hold {
    /// The first instant from `at` on at which nothing keeps it back.
    pub fn release(self, zone: &Zone, at: DateTime<Utc>) -> DateTime<Utc> {
        let at = self.paused_until.map_or(at, |until| until.max(at));
        self.quiet.and_then(|quiet| quiet.end_of(zone, at)).unwrap_or(at)
    }
}

/// What a journal tells, key by key.
#[derive(Debug, Clone, Default)]
pub struct Histories<'a>(HashMap<&'a str, History>);

impl<'a> Histories<'a> {
    /// Reads a journal, oldest first.
    pub fn of(journal: &'a [Entry]) -> Self {
        let mut histories = Self::default();
        for entry in journal {
            histories.0.entry(&entry.key).or_default().read(entry);
        }
        histories
    }

    /// What it tells of one key; nothing for a key that it does not have.
    pub fn of_key(&self, key: &str) -> History {
        self.0.get(key).copied().unwrap_or_default()
    }
}

/// What became of one alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct History {
    is_settled: bool,
    /// When it was first found to be over. A time that has not come yet is of a clock that was ahead.
    missed_at: Option<DateTime<Utc>>,
    times_shown: u8,
    shown_at: Option<DateTime<Utc>>,
    last: Last,
    snoozed_until: Option<DateTime<Utc>>,
    /// Whether it was shown after it had been put off.
    shown_since: bool,
    /// Somebody did something about it, or a digest told of it: what that told stands in the app,
    /// and twelve of it must not come back one by one.
    repeats_no_more: bool,
}

/// How it was last told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Last {
    /// Not at all.
    #[default]
    Untold,
    Alone,
    InDigest,
    /// And the patient looked.
    Opened,
}

impl History {
    /// What a journal, oldest first, tells of one key alone. For more than a few, see [`Histories`].
    pub fn of_key(journal: &[Entry], key: &str) -> Self {
        let mut history = Self::default();
        for entry in journal.iter().filter(|entry| entry.key == key) {
            history.read(entry);
        }
        history
    }

    fn read(&mut self, entry: &Entry) {
        match &entry.event {
            Event::Claimed | Event::Failed { .. } => {}
            Event::Shown { digest } => {
                self.times_shown = self.times_shown.saturating_add(1);
                self.shown_at = Some(entry.at);
                self.repeats_no_more |= *digest;
                self.last = if *digest { Last::InDigest } else { Last::Alone };
                self.missed_at = None;
                self.shown_since = true;
                // One that was on its way while it was snoozed is not yet what was waited for.
                if self.snoozed_until.is_some_and(|until| until <= entry.at) {
                    self.snoozed_until = None;
                }
            }
            Event::Opened => {
                self.last = Last::Opened;
                self.repeats_no_more = true;
            }
            Event::Snoozed { until } => {
                self.snoozed_until = Some(*until);
                self.shown_since = false;
                self.repeats_no_more = true;
            }
            Event::Missed => self.missed_at = self.missed_at.into_iter().chain([entry.at]).min(),
            Event::Done | Event::Skipped | Event::Withdrawn => self.is_settled = true,
        }
    }

    /// Whether it never rings again, whatever it says of itself. What a clock that was ahead took for over is not.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.is_settled || self.missed_at.is_some_and(|missed_at| missed_at <= now)
    }

    /// Whether it was shown, and nobody has done anything about it since.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        matches!(self.last, Last::Alone | Last::InDigest)
            && !self.is_over(now)
            && self.snoozed_until.is_none()
    }

    /// Whether it was last shown in a digest.
    pub fn in_digest(&self) -> bool {
        self.last == Last::InDigest
    }

    /// Whether it was shown again.
    pub fn is_repeated(&self) -> bool {
        self.times_shown > 1
    }

    /// Whether it was put off and has not rung since.
    pub fn is_snoozed(&self, now: DateTime<Utc>) -> bool {
        !self.is_over(now) && self.snoozed_until.is_some()
    }

    /// Whether the patient is still to be told: of one that is not, only repeats may be left.
    fn is_awaited(&self, ends_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let is_untold = match self.snoozed_until {
            Some(until) => until < ends_at || !self.shown_since,
            None => self.last == Last::Untold,
        };
        !self.is_over(now) && is_untold
    }

    /// When it rings next in `zone`; none when it does not. A wait that has come to end after the validity, because the
    /// list or the zone is another now, is none: whoever put it off is told while it is still worth it.
    fn rings_at(&self, alarm: &Alarm, zone: &Zone, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.is_over(now) {
            return None;
        }
        let ends_at = alarm.ends_at(zone);
        if let Some(until) = self.snoozed_until.filter(|until| *until < ends_at) {
            return Some(until);
        }
        if self.is_awaited(ends_at, now) {
            return Some(alarm.when.instant(zone));
        }
        let repeats = !self.repeats_no_more && self.times_shown <= alarm.repeats.min(MAX_REPEATS);
        self.shown_at.filter(|_| repeats).map(|at| at + REPEAT_AFTER)
    }
}
