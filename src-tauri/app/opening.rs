//! When the clinic answers: its weekly opening hours, and where an instant stands to them. Pure.
//!
//! Hours are what the wall clock shows at the clinic, which is taken to be in the patient's zone. Holidays are not known.

use std::collections::BTreeSet;

use afterglow_care::Zone;
use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// The first.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The seventh.
    Sunday,
}

impl Weekday {
    /// From Monday to Friday.
    pub const WORKING: [Self; 5] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
    ];

    fn of(date: NaiveDate) -> Self {
        match date.weekday() {
            chrono::Weekday::Mon => Self::Monday,
            chrono::Weekday::Tue => Self::Tuesday,
            chrono::Weekday::Wed => Self::Wednesday,
            chrono::Weekday::Thu => Self::Thursday,
            chrono::Weekday::Fri => Self::Friday,
            chrono::Weekday::Sat => Self::Saturday,
            chrono::Weekday::Sun => Self::Sunday,
        }
    }
}

/// A stretch of opening hours that begins on each of some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenSpan {
    /// The days on which it begins.
    pub days: BTreeSet<Weekday>,
    /// When it opens, on the wall clock.
    pub from: NaiveTime,
    /// When it closes: on the next day when not after `from`, so that equal times are the whole day round.
    pub until: NaiveTime,
}

/// Whether the clinic answers now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum OpenNow {
    /// It is open.
    Open {
        /// When it closes; none when not within the week.
        until: Option<DateTime<Utc>>,
    },
    /// It is closed.
    Closed {
        /// When it opens.
        opens: DateTime<Utc>,
    },
}

/// Where an instant stands to the hours; none where no hours were entered.
pub fn open_now(hours: &[OpenSpan], zone: &Zone, now: DateTime<Utc>) -> Option<OpenNow> {
    let today = zone.date(now);
    // From the day before, for what goes on over midnight, to the same day of the next week.
    let mut open: Vec<_> = (0..9)
        .filter_map(|days| (today - Days::new(1)).checked_add_days(Days::new(days)))
        .flat_map(|date| {
            hours
                .iter()
                .filter(move |span| span.days.contains(&Weekday::of(date)))
                .map(move |span| stretch(span, date, zone))
        })
        .filter(|(from, until)| from < until)
        .collect();
    open.sort_unstable();
    // What follows without a gap is one stretch, also where it was typed as two.
    let mut until = now;
    let holds = |at: DateTime<Utc>| open.iter().filter(move |(from, to)| *from <= at && at < *to);
    while let Some(end) = holds(until).map(|(_, to)| *to).max() {
        until = end;
    }
    if until > now {
        return Some(OpenNow::Open {
            until: (until <= now + Days::new(7)).then_some(until),
        });
    }
    let opens = open.iter().map(|(from, _)| *from).find(|from| *from > now)?;
    Some(OpenNow::Closed { opens })
}

/// The instants between which a span that begins on a date is open.
fn stretch(span: &OpenSpan, date: NaiveDate, zone: &Zone) -> (DateTime<Utc>, DateTime<Utc>) {
    let last = if span.until <= span.from {
        date + Days::new(1)
    } else {
        date
    };
    (
        zone.instant(date.and_time(span.from)),
        zone.instant(last.and_time(span.until)),
    )
}

/// As the diary keeps them; empty where none were entered.
pub fn stored(hours: &[OpenSpan]) -> String {
    if hours.is_empty() {
        return String::new();
    }
    serde_json::to_string(hours).unwrap_or_default()
}

/// As the diary kept them. What is not understood is as if it had not been entered: the number still is.
pub fn read(stored: &str) -> Vec<OpenSpan> {
    serde_json::from_str(stored).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};

    fn span(days: &[Weekday], from: &str, until: &str) -> OpenSpan {
        OpenSpan {
            days: days.iter().copied().collect(),
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
        }
    }

    /// What holds in Madrid at a wall-clock time: `open until Mon 14:00`, `closed, opens Tue 09:00`.
    fn said(hours: &[OpenSpan], at: &str) -> String {
        let zone = Zone::named("Europe/Madrid").unwrap();
        let now = zone.instant(at.parse().unwrap());
        let wall = |at: DateTime<Utc>| zone.local(at).format("%a %d %H:%M").to_string();
        match open_now(hours, &zone, now) {
            None => "not known".to_owned(),
            Some(OpenNow::Open { until: None }) => "open".to_owned(),
            Some(OpenNow::Open { until: Some(until) }) => format!("until {}", wall(until)),
            Some(OpenNow::Closed { opens }) => format!("opens {}", wall(opens)),
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn an_instant_stands_somewhere_to_the_opening_hours() {
        let weekdays = Weekday::WORKING;
        let every = [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
        let office = vec![
            span(&weekdays, "09:00:00", "14:00:00"),
            span(&weekdays, "16:00:00", "20:00:00"),
            span(&[Saturday], "10:00:00", "13:00:00"),
        ];
        let night = vec![span(&[Friday], "20:00:00", "02:00:00")];
        let meeting = vec![
            span(&[Monday], "09:00:00", "14:00:00"),
            span(&[Monday], "14:00:00", "20:00:00"),
        ];
        let overlapping = vec![
            span(&[Monday], "09:00:00", "20:00:00"),
            span(&[Monday], "10:00:00", "12:00:00"),
        ];
        let always = vec![span(&every, "00:00:00", "00:00:00")];
        let all_of_monday = vec![span(&[Monday], "00:00:00", "00:00:00")];
        let early = vec![span(&[Sunday], "02:30:00", "08:00:00")];
        // 2026-11-23 is a Monday; clocks change on 2027-03-28 and 2026-10-25, both Sundays.
        for (case, hours, at, expected) in [
            ("nothing entered", &vec![], "2026-11-23T10:00:00", "not known"),
            (
                "without a day",
                &vec![span(&[], "09:00:00", "14:00:00")],
                "2026-11-23T10:00:00",
                "not known",
            ),
            (
                "before opening",
                &office,
                "2026-11-23T08:59:59",
                "opens Mon 23 09:00",
            ),
            (
                "the minute of opening",
                &office,
                "2026-11-23T09:00:00",
                "until Mon 23 14:00",
            ),
            (
                "the last second",
                &office,
                "2026-11-23T13:59:59",
                "until Mon 23 14:00",
            ),
            (
                "the minute of closing",
                &office,
                "2026-11-23T14:00:00",
                "opens Mon 23 16:00",
            ),
            (
                "the afternoon",
                &office,
                "2026-11-23T17:00:00",
                "until Mon 23 20:00",
            ),
            (
                "Friday night",
                &office,
                "2026-11-27T20:00:00",
                "opens Sat 28 10:00",
            ),
            (
                "Saturday afternoon",
                &office,
                "2026-11-28T13:30:00",
                "opens Mon 30 09:00",
            ),
            (
                "before midnight",
                &night,
                "2026-11-27T23:30:00",
                "until Sat 28 02:00",
            ),
            (
                "after midnight",
                &night,
                "2026-11-28T01:30:00",
                "until Sat 28 02:00",
            ),
            ("over at two", &night, "2026-11-28T02:00:00", "opens Fri 04 20:00"),
            (
                "a week to wait",
                &night,
                "2026-11-28T03:00:00",
                "opens Fri 04 20:00",
            ),
            (
                "two that meet are one",
                &meeting,
                "2026-11-23T10:00:00",
                "until Mon 23 20:00",
            ),
            (
                "one within another",
                &overlapping,
                "2026-11-23T11:00:00",
                "until Mon 23 20:00",
            ),
            ("always", &always, "2026-11-23T03:00:00", "open"),
            (
                "one day round",
                &all_of_monday,
                "2026-11-23T12:00:00",
                "until Tue 24 00:00",
            ),
            (
                "the next week's day",
                &all_of_monday,
                "2026-11-24T00:00:00",
                "opens Mon 30 00:00",
            ),
            (
                "opens in the hour that is left out",
                &early,
                "2027-03-28T01:00:00",
                "opens Sun 28 03:30",
            ),
            (
                "through the hour that comes twice",
                &early,
                "2026-10-25T01:00:00",
                "opens Sun 25 02:30",
            ),
            (
                "over the shorter night",
                &vec![span(&[Saturday], "22:00:00", "06:00:00")],
                "2027-03-28T01:30:00",
                "until Sun 28 06:00",
            ),
        ] {
            assert_eq!(said(hours, at), expected, "{case}");
        }
    }

    #[test]
    fn hours_are_read_as_they_were_kept_and_what_is_not_understood_is_not_known() {
        let hours = vec![span(&[Monday, Friday], "09:00:00", "14:00:00")];
        assert_eq!(read(&stored(&hours)), hours);
        assert_eq!(stored(&[]), "");
        for text in ["", "Mon-Fri 9-18", "[{}]"] {
            assert_eq!(read(text), [], "{text}");
        }
    }
}
