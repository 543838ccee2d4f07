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
    /// The host's own words, in the patient's language.
    pub words: HostWords,
}

impl AlarmList {
    /// The format that this code writes and reads.
    pub const VERSION: u16 = 1;

    /// Refuses a list that a host cannot ring from, so that a host may rely on a checked one:
    /// another version, more than `capacity` alarms, a key twice, a year outside 2000-2199.
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
    /// No reminder lies there, and calendar arithmetic ends somewhere.
    #[error("alarm `{key}` lies in the year {year}, expected 2000 to 2199; cut the list again")]
    YearOutOfRange {
        /// The alarm's key.
        key: String,
        /// The year of its due time or of its validity's end.
        year: i32,
    },
}

/// One alarm that rings once.
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
            Self::Civil(local) => valid_until.max(zone.instant(local) + CIVIL_GRACE),
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
    /// The tray's next reminder; `{when}` is a local date and time.
    pub next: String,
    /// The tray, when no alarm is left.
    pub none: String,
    /// The tray's "quit", which says that reminders stop.
    pub quit: String,
}
