//! The app's one door to the clock and the system's time zone.

use afterglow_care::Zone;
use chrono::{DateTime, NaiveTime, Utc};

/// Now, and where: what every command is given.
#[derive(Debug, Clone)]
pub struct Moment {
    /// The instant.
    pub now: DateTime<Utc>,
    /// The zone that the device is in.
    pub zone: Zone,
}

impl Moment {
    /// The first instant of today's date.
    pub fn midnight(&self) -> DateTime<Utc> {
        self.zone
            .instant(self.zone.date(self.now).and_time(NaiveTime::MIN))
    }
}

/// The present moment.
#[expect(
    clippy::disallowed_methods,
    reason = "the one door to the clock of this process"
)]
pub fn moment() -> Moment {
    let named = |name: String| Zone::named(name.trim_start_matches(':')).ok();
    // `TZ` first, as the C library has it; the reminder service reads the zone in the same way.
    let zone = std::env::var("TZ")
        .ok()
        .and_then(named)
        .or_else(|| iana_time_zone::get_timezone().ok().and_then(named));
    Moment {
        now: Utc::now(),
        // A system whose zone the tz database does not know still has an offset.
        zone: zone.unwrap_or_else(|| Zone::fixed(*chrono::Local::now().offset())),
    }
}

/// A new identity, ordered by its time.
pub fn new_id(now: DateTime<Utc>) -> uuid::Uuid {
    let (seconds, nanos) = (
        u64::try_from(now.timestamp()).unwrap_or(0),
        now.timestamp_subsec_nanos(),
    );
    uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos))
}
