//! The alarm list: everything that an alarm host needs to ring without the app.
//!
//! It carries no symptom, no name and no key: whoever reads the list learns no more than the lock
//! screen shows.

use std::collections::HashSet;

use afterglow_care::Zone;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A complete list; arming one replaces the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmList {
    /// The format of this list: [`AlarmList::VERSION`].
    pub version: u16,
    /// When it was cut.
    pub made_at: DateTime<Utc>,
    /// When nothing that can wait may ring.
    pub quiet: Option<QuietHours>,
    /// Soonest first.
    pub alarms: Vec<Alarm>,
    /// Whether notifications may make a sound.
    pub sound: bool,
    /// The host's own words, in the patient's language.
    pub words: HostWords,
}

impl AlarmList {
    /// The format that this code writes and reads.
    pub const VERSION: u16 = 2;

    /// Whether it asks for exactly what another one does, whenever either was cut.
    pub fn asks_the_same_as(&self, other: &Self) -> bool {
        let Self {
            version,
            made_at: _,
            quiet,
            alarms,
            sound,
            words,
        } = self;
        (version, quiet, alarms, sound, words)
            == (
                &other.version,
                &other.quiet,
                &other.alarms,
                &other.sound,
                &other.words,
            )
    }

    /// Refuses a list that a host cannot ring from, so that a host may rely on a checked one:
    /// another version, more than `capacity` alarms, a key twice, a year outside 2000-2199, more than
    /// [`MAX_REPEATS`] repeats.
    pub fn check(&self, capacity: usize) -> Result<(), ListFault> {
        if self.version != Self::VERSION {
            return Err(ListFault::Version { found: self.version });
        }
        if self.alarms.len() > capacity {
            return Err(ListFault::TooMany {
                found: self.alarms.len(),
                capacity,
            });
        }
        let mut keys = HashSet::with_capacity(self.alarms.len());
        for alarm in &self.alarms {
            if !keys.insert(alarm.key.as_str()) {
                return Err(ListFault::KeyTwice {
                    key: alarm.key.clone(),
                });
            }
            if alarm.repeats > MAX_REPEATS {
                return Err(ListFault::TooManyRepeats {
                    key: alarm.key.clone(),
                    repeats: alarm.repeats,
                });
            }
            let due_in = match alarm.when {
                When::Instant(at) => at.year(),
                When::Civil(local) => local.year(),
            };
            for year in [due_in, alarm.valid_until.year()] {
                if !(2000..2200).contains(&year) {
                    return Err(ListFault::YearOutOfRange {
                        key: alarm.key.clone(),
                        year,
                    });
                }
            }
        }
        Ok(())
    }
}

/// Why a list cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    /// Written by another version of the app.
    #[error(
        "the alarm list has version {found}, expected {}; install app and reminder service of the same release",
        AlarmList::VERSION
    )]
    Version {
        /// The list's version.
        found: u16,
    },
    /// The planner was told a larger capacity than this host has.
    #[error("the alarm list has {found} alarms, at most {capacity} can be kept; cut it again for this host")]
    TooMany {
        /// How many it has.
        found: usize,
        /// How many the host keeps.
        capacity: usize,
    },
    /// Would ring twice for one occurrence.
    #[error("the alarm list has `{key}` twice; cut it again")]
    KeyTwice {
        /// The key.
        key: String,
    },
    /// Nobody is to be nagged all day.
    #[error("alarm `{key}` repeats {repeats} times, at most {MAX_REPEATS} are allowed; cut the list again")]
    TooManyRepeats {
        /// The alarm's key.
        key: String,
        /// How often it wants to be repeated.
        repeats: u8,
    },
    /// No reminder lies there, and calendar arithmetic ends somewhere.
    #[error("alarm `{key}` lies in the year {year}, expected 2000 to 2199; cut the list again")]
    YearOutOfRange {
        /// The alarm's key.
        key: String,
        /// The year of its due time or of its validity's end.
        year: i32,
    },
}

/// The most repeats of one alarm.
pub const MAX_REPEATS: u8 = 3;

/// One alarm: it rings once, and again only where it repeats or was snoozed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// Stable for an occurrence; also the notification's id, so that a repeat replaces the first.
    pub id: AlarmId,
    /// The occurrence's name outside the diary ([`crate::planner::alarm_key`]).
    pub key: String,
    /// When it rings.
    pub when: When,
    /// From this instant on it is missed, not shown; for a wall-clock alarm see [`Alarm::ends_at`].
    pub valid_until: DateTime<Utc>,
    /// The notification's title, ready to show.
    pub title: String,
    /// The notification's text, ready to show.
    pub body: String,
    /// Where a click leads.
    pub screen: Screen,
    /// Rings in quiet hours too (an escalation's follow-up).
    pub urgent: bool,
    /// What the patient can do about it without opening the app, in this order; empty for what only informs.
    pub actions: Vec<Action>,
    /// How often it is shown again while nobody did anything about it: 0 to [`MAX_REPEATS`].
    pub repeats: u8,
}

/// What a notification offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is done.
    Done,
    /// Show it again later.
    Snooze,
    /// It will not be done.
    Skip,
}

/// How long a snoozed alarm waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SnoozeFor {
    /// 10 minutes.
    TenMinutes,
    /// 1 hour.
    OneHour,
    /// Until 19:00 in the zone where the device is; not offered from then on.
    ThisEvening,
}

impl SnoozeFor {
    /// Every choice, the shortest first.
    pub const ALL: [Self; 3] = [Self::TenMinutes, Self::OneHour, Self::ThisEvening];

    /// When the wait that begins at `now` in `zone` ends; none for an evening that has come already.
    pub fn ends(self, zone: &Zone, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::TenMinutes => Some(now + TimeDelta::minutes(10)),
            Self::OneHour => Some(now + TimeDelta::hours(1)),
            Self::ThisEvening => {
                let evening = zone.date(now).and_hms_opt(19, 0, 0)?;
                Some(zone.instant(evening)).filter(|evening| *evening > now)
            }
        }
    }
}

/// What was done about an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// What it reminded of.
    Done,
    /// Nothing, on purpose.
    Skip,
    /// Put off.
    Snooze(SnoozeFor),
}

/// How long a wall-clock alarm is worth showing at least, wherever the device was taken.
pub const CIVIL_GRACE: TimeDelta = TimeDelta::hours(1);

impl Alarm {
    /// From when on it is missed in `zone`. A flight west can put a wall-clock time behind the
    /// instant at which it would have ended where the list was cut: it then keeps [`CIVIL_GRACE`],
    /// or it would be missed before it is due.
    pub fn ends_at(&self, zone: &Zone) -> DateTime<Utc> {
        self.when.ends_at(self.valid_until, zone)
    }
}

/// A number that the notification server and a phone's system accept as an id; never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlarmId(pub u32);

impl AlarmId {
    /// The id of an occurrence's key: a checksum (CRC-32), the same on every machine.
    pub fn of_key(key: &str) -> Self {
        Self(crc32fast::hash(key.as_bytes()).max(1))
    }
}

/// An instant, or what the wall clock shows in the zone where the host is when it rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// An instant.
    Instant(DateTime<Utc>),
    /// A civil date and time.
    Civil(NaiveDateTime),
}

impl When {
    /// The instant that it means in `zone` (in a gap later by its length, in a fold the first).
    pub fn instant(self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Instant(at) => at,
            Self::Civil(local) => zone.instant(local),
        }
    }

    /// See [`Alarm::ends_at`].
    pub(crate) fn ends_at(self, valid_until: DateTime<Utc>, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Instant(_) => valid_until,
            Self::Civil(local) => {
                let due_at = zone.instant(local);
                // Only a flight west puts the due time behind the end.
                if valid_until > due_at {
                    valid_until
                } else {
                    due_at + CIVIL_GRACE
                }
            }
        }
    }
}

/// Daily hours in which nothing rings that can wait; `from` may be later than `until` (over midnight).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// The first quiet minute.
    pub from: NaiveTime,
    /// The first minute that is no longer quiet; the same as `from` means never quiet.
    pub until: NaiveTime,
}

impl QuietHours {
    /// When the quiet hours around `at` end in `zone`; none when `at` is not quiet.
    pub fn end_of(&self, zone: &Zone, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = zone.local(at).naive_local();
        let (date, time) = (local.date(), local.time());
        let ends_on: NaiveDate = if self.from <= self.until {
            (self.from <= time && time < self.until).then_some(date)?
        } else if time >= self.from {
            date.succ_opt()?
        } else {
            (time < self.until).then_some(date)?
        };
        // An hour that the clock shows twice may have ended the first time already.
        Some(zone.instant(ends_on.and_time(self.until))).filter(|end| *end > at)
    }
}

/// A screen of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    /// Where am I in recovery?
    #[default]
    Today,
    /// Day by day.
    Timeline,
    /// How is the skin now?
    CheckIn,
}

/// Words that a host shows by itself: a digest of late alarms, the tray's menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostWords {
    /// Title of the digest.
    pub digest_title: String,
    /// Body of the digest; `{n}` is how many.
    pub digest_body: String,
    /// The notification's and the tray's "open".
    pub open: String,
    /// The tray's next reminder; `{when}` is a local time, of today or, with its day, of another.
    pub next: String,
    /// A `{when}` of tomorrow; `{time}` is its time. Empty in a list from before there was this word.
    #[serde(default)]
    pub tomorrow: String,
    /// The tray, when no alarm is left.
    pub none: String,
    /// The tray's "quit", which says that reminders stop.
    pub quit: String,
    /// The button for [`Action::Done`].
    pub done: String,
    /// The button for [`Action::Skip`].
    pub skip: String,
    /// The button for [`SnoozeFor::TenMinutes`].
    pub snooze_ten_minutes: String,
    /// The button for [`SnoozeFor::OneHour`].
    pub snooze_one_hour: String,
    /// The button for [`SnoozeFor::ThisEvening`].
    pub snooze_this_evening: String,
    /// The tray's "check in".
    pub check_in: String,
    /// The tray's "no reminders today".
    pub pause_today: String,
    /// The tray's end of a pause.
    pub resume: String,
    /// The tray, while reminders are paused; `{when}` is when it ends.
    pub paused: String,
    /// The text of the notification that only shows whether one is seen.
    pub test_body: String,
}
