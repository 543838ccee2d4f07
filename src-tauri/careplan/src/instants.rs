//! Instants and wall-clock times as they are typed.

use afterglow_care::Zone;
use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, Utc};

/// Outside these years a typing mistake is likelier than a session.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

/// When a session ended, as it was typed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SessionEnd {
    /// What the wall clock showed.
    Local(NaiveDateTime),
    /// With its distance from UTC.
    Instant(DateTime<Utc>),
}

impl SessionEnd {
    /// The instant, in the zone of the session. Of a local time that exists twice it is the later: a
    /// window that begins an hour late is safer than one that ends an hour early.
    pub(crate) fn instant(self, zone: &Zone) -> DateTime<Utc> {
        match self {
            Self::Local(local) => zone.instant_later(local),
            Self::Instant(at) => at,
        }
    }
}

/// Reads the end of a session: `2026-11-02T17:30`, with seconds or without, or with an offset.
pub(crate) fn session_end(text: &str) -> Result<SessionEnd, String> {
    local(text)
        .map(SessionEnd::Local)
        .or_else(|| rfc_3339(text).map(|at| SessionEnd::Instant(at.to_utc())))
        .ok_or_else(|| {
            format!("\"{text}\" is not a local date and time; expected one such as 2026-11-02T17:30")
        })
}

/// Reads an instant in RFC 3339.
pub(crate) fn instant(text: &str) -> Result<DateTime<FixedOffset>, String> {
    rfc_3339(text).ok_or_else(|| {
        format!(
            "\"{text}\" is not an instant in RFC 3339; expected one with an offset such as 2026-11-03T20:00:00+01:00"
        )
    })
}

/// Reads a calendar date.
pub(crate) fn date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|date| YEARS.contains(&date.year()))
        .ok_or_else(|| format!("\"{text}\" is not a date; expected one such as 2026-11-03"))
}

fn local(text: &str) -> Option<NaiveDateTime> {
    [
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d %H:%M:%S",
    ]
    .into_iter()
    .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
    .filter(|local| YEARS.contains(&local.year()))
}

fn rfc_3339(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .filter(|at| YEARS.contains(&at.year()))
}
