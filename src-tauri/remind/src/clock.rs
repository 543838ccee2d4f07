//! The one door of this program to the clock and to the system's zone.
//!
//! Nothing is kept between two looks: the loop asks anew each time it wakes, so that a changed
//! clock, a suspended machine or another zone needs no case of its own.

use afterglow_reminders::Zone;
use chrono::{DateTime, Offset as _, Utc};
use tokio::time::Instant;

/// The wall clock.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// The clock of this process's timers: it is never set, and may stop while the machine sleeps.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(crate) fn monotonic() -> Instant {
    Instant::now()
}

/// The zone that the device is in: `TZ` where it names one, else the system's setting. Where
/// nobody knows the name, the offset that holds now.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(crate) fn zone() -> Zone {
    std::env::var("TZ")
        .ok()
        .and_then(|name| Zone::named(name.trim_start_matches(':')).ok())
        .or_else(|| Zone::named(&iana_time_zone::get_timezone().ok()?).ok())
        .unwrap_or_else(|| Zone::fixed(chrono::Local::now().offset().fix()))
}
