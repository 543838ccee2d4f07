//! Reminders for somebody's own calendar (RFC 5545).

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use icalendar::{Alarm, Calendar, Component as _, Event, EventLike as _};
use uuid::Uuid;

/// One event of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The occurrence's key: the same key is the same event, so that importing again replaces it.
    pub key: String,
    /// When it begins and its alarm rings.
    pub at: EntryTime,
    /// How long it lasts; none, or nothing above zero, is [`USUAL_LENGTH`].
    pub lasts: Option<TimeDelta>,
    /// Its title.
    pub summary: String,
    /// Its text.
    pub description: String,
}

/// When an event begins, in one of the two forms that need no zone in the file (RFC 5545, 3.3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryTime {
    /// An instant, whatever the clock on the wall shows then (form 2).
    Instant(DateTime<Utc>),
    /// What the wall clock shows, wherever its reader is (form 1).
    Local(NaiveDateTime),
}

/// How long an event is whose length nobody said: long enough to be seen in a day's view.
pub const USUAL_LENGTH: TimeDelta = TimeDelta::minutes(15);

/// Who made the file, as RFC 5545, 3.7.3 asks.
const PRODUCT: &str = "-//Afterglow//Aftercare reminders//EN";

/// What the events' ids are derived from; fixed for ever, as an id is derived again at each export.
const EVENTS: Uuid = Uuid::from_u128(0x7f9c_1d52_4e0b_5a83_9b61_c2d4_0e85_37aa);

/// The calendar's text: one event per entry in their order, each with an alarm at its begin, lines
/// ended and folded as the standard asks. `made_at` is the stamp of every event.
pub fn calendar(title: &str, entries: &[CalendarEntry], made_at: DateTime<Utc>) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", PRODUCT))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"))
        .name(title);
    for entry in entries {
        calendar.push(event(entry, made_at));
    }
    calendar.to_string()
}

fn event(entry: &CalendarEntry, made_at: DateTime<Utc>) -> Event {
    let mut event = Event::new();
    event
        .uid(&uid(&entry.key))
        .timestamp(made_at)
        .summary(&entry.summary)
        .description(&entry.description)
        .alarm(alarm(entry, made_at));
    let lasts = entry
        .lasts
        .filter(|lasts| *lasts > TimeDelta::zero())
        .unwrap_or(USUAL_LENGTH);
    match entry.at {
        EntryTime::Instant(at) => event.starts(at).ends(at.checked_add_signed(lasts).unwrap_or(at)),
        EntryTime::Local(at) => event.starts(at).ends(at.checked_add_signed(lasts).unwrap_or(at)),
    };
    event.done()
}

/// Without an id and a stamp of its own the writer would make up both, from a clock and from chance.
fn alarm(entry: &CalendarEntry, made_at: DateTime<Utc>) -> Alarm {
    Alarm::display(&entry.summary, TimeDelta::zero())
        .uid(&uid(&format!("{}/alarm", entry.key)))
        .timestamp(made_at)
        .done()
}

/// The id of an event or an alarm: derived from the occurrence's key, which it does not show.
fn uid(key: &str) -> String {
    format!("{}@afterglow", Uuid::new_v5(&EVENTS, key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn entry(key: &str) -> CalendarEntry {
        CalendarEntry {
            key: key.to_owned(),
            at: EntryTime::Instant(at("2026-11-22T07:00:00Z")),
            lasts: None,
            summary: "Moisturiser".to_owned(),
            description: "Plain".to_owned(),
        }
    }

    fn made(entries: &[CalendarEntry]) -> String {
        calendar("Afterglow", entries, at("2026-11-21T10:00:00Z"))
    }

    /// The lines as a reader sees them, joined again where they were folded.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "")
            .split_terminator("\r\n")
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn an_entry_is_an_event_with_an_alarm() {
        let text = made(&[entry("a/moisturise/daily/2026-11-22@08:00")]);
        let lines = unfolded(&text);
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Afterglow//Aftercare reminders//EN",
            "X-WR-CALNAME:Afterglow",
            "BEGIN:VEVENT",
            "DTSTART:20261122T070000Z",
            "DTEND:20261122T071500Z",
            "SUMMARY:Moisturiser",
            "DESCRIPTION:Plain",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:P0D",
            "DESCRIPTION:Moisturiser",
            "END:VALARM",
            "END:VEVENT",
            "END:VCALENDAR",
        ] {
            assert_eq!(
                lines.iter().filter(|found| *found == line).count(),
                1,
                "{line} in {text}"
            );
        }
    }

    #[test]
    fn instants_are_in_utc_and_wall_clock_times_float() {
        let instant = EntryTime::Instant(at("2026-11-22T23:50:00Z"));
        let wall = at("2026-11-22T23:50:00Z").naive_utc();
        let hours = |hours| Some(TimeDelta::hours(hours));
        for (time, lasts, start, end) in [
            (
                instant,
                None,
                "DTSTART:20261122T235000Z",
                "DTEND:20261123T000500Z",
            ),
            (
                instant,
                hours(5),
                "DTSTART:20261122T235000Z",
                "DTEND:20261123T045000Z",
            ),
            (
                EntryTime::Local(wall),
                None,
                "DTSTART:20261122T235000",
                "DTEND:20261123T000500",
            ),
            (
                EntryTime::Local(wall),
                hours(1),
                "DTSTART:20261122T235000",
                "DTEND:20261123T005000",
            ),
            (
                EntryTime::Local(wall),
                hours(-1),
                "DTSTART:20261122T235000",
                "DTEND:20261123T000500",
            ),
        ] {
            let mut entry = entry("a");
            (entry.at, entry.lasts) = (time, lasts);
            let lines = unfolded(&made(&[entry]));
            for line in [start, end] {
                assert!(lines.iter().any(|found| found == line), "{line} in {lines:#?}");
            }
        }
    }

    #[test]
    fn a_key_keeps_its_event_and_another_has_its_own() {
        let uid_of = |entry: CalendarEntry| {
            let lines = unfolded(&made(&[entry]));
            lines.into_iter().find(|line| line.starts_with("UID:"))
        };
        let mut moved = entry("a");
        moved.at = EntryTime::Instant(at("2026-11-22T08:00:00Z"));
        assert_eq!(uid_of(entry("a")), uid_of(moved));
        assert_ne!(uid_of(entry("a")), uid_of(entry("b")));
        assert_eq!(
            uid_of(entry("a")).as_deref(),
            Some("UID:c8871540-c91a-5c20-9fa1-f9a09677d7f6@afterglow")
        );
    }

    #[test]
    fn the_same_entries_make_the_same_text() {
        let entries = [entry("a"), entry("b")];
        assert_eq!(made(&entries), made(&entries));
        assert_eq!(made(&entries).matches("BEGIN:VEVENT").count(), 2);
    }

    #[test]
    fn commas_semicolons_and_new_lines_are_escaped() {
        let mut spanish = entry("a");
        spanish.summary = "Crema, sencilla; sin perfume".to_owned();
        spanish.description = "Uno\nDos \\ tres".to_owned();
        let lines = unfolded(&made(&[spanish]));
        assert!(
            lines.contains(&r"SUMMARY:Crema\, sencilla\; sin perfume".to_owned()),
            "{lines:#?}"
        );
        assert!(
            lines.contains(&r"DESCRIPTION:Uno\nDos \\ tres".to_owned()),
            "{lines:#?}"
        );
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        let mut long = entry("a");
        long.description = "Protección solar, también a la sombra, mañana y pasado mañana. ".repeat(4);
        let text = made(std::slice::from_ref(&long));
        assert!(
            !text.replace("\r\n", "").contains(['\r', '\n']),
            "every line ends with CRLF"
        );
        assert!(
            text.split("\r\n").all(|line| line.len() <= 75),
            "no line is longer than 75 octets"
        );
        let escaped = long.description.replace(',', "\\,");
        assert!(unfolded(&text).contains(&format!("DESCRIPTION:{escaped}")));
    }
}
