//! Reminders for somebody's own calendar (RFC 5545).

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component as _, Event, EventLike as _};
use uuid::Uuid;

/// One event of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The occurrence's key: the same key is the same event, so that importing again replaces it.
    pub key: String,
    /// When it begins.
    pub due_at: DateTime<Utc>,
    /// When it ends; without it the event is a moment.
    pub valid_until: Option<DateTime<Utc>>,
    /// Its title.
    pub summary: String,
    /// Its text.
    pub description: String,
}

/// Who made the file, as RFC 5545, 3.7.3 asks.
const PRODUCT: &str = "-//Afterglow//Aftercare reminders//EN";

/// What the events' ids are derived from; fixed for ever, as an id is derived again at each export.
const EVENTS: Uuid = Uuid::from_u128(0x7f9c_1d52_4e0b_5a83_9b61_c2d4_0e85_37aa);

/// The calendar's text: one event per entry in their order, instants in UTC, lines ended and folded
/// as the standard asks. `made_at` is the stamp of every event.
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
        .starts(entry.due_at)
        .summary(&entry.summary)
        .description(&entry.description);
    if let Some(valid_until) = entry.valid_until {
        event.ends(valid_until);
    }
    event.done()
}

/// The id of an event: derived from the occurrence's key, which it does not show.
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
            due_at: at("2026-11-22T07:00:00Z"),
            valid_until: Some(at("2026-11-22T12:00:00Z")),
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
    fn an_entry_is_an_event_in_utc() {
        let text = made(&[entry("a/moisturise/daily/2026-11-22@08:00")]);
        let lines = unfolded(&text);
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Afterglow//Aftercare reminders//EN",
            "X-WR-CALNAME:Afterglow",
            "BEGIN:VEVENT",
            "DTSTAMP:20261121T100000Z",
            "DTSTART:20261122T070000Z",
            "DTEND:20261122T120000Z",
            "SUMMARY:Moisturiser",
            "DESCRIPTION:Plain",
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
    fn an_entry_without_an_end_is_a_moment() {
        let mut moment = entry("a");
        moment.valid_until = None;
        assert!(!made(&[moment]).contains("DTEND"));
    }

    #[test]
    fn a_key_keeps_its_event_and_another_has_its_own() {
        let uid_of = |entry: CalendarEntry| {
            let lines = unfolded(&made(&[entry]));
            lines.into_iter().find(|line| line.starts_with("UID:"))
        };
        let mut moved = entry("a");
        moved.due_at += TimeDelta::hours(1);
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
