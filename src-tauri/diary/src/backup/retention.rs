//! Which automatic backups may go.

use std::collections::BTreeSet;

use chrono::{Datelike as _, IsoWeek, NaiveDate};

/// The newest that are kept, one a day.
const DAILY: usize = 7;
/// How many weeks before those are kept, one backup each.
const WEEKLY: usize = 4;

/// Which of the backups may be removed today: all but the newest seven and, of the four newest ISO weeks that
/// have none among those, the newest one each. Made daily, that reaches at least four weeks back.
///
/// Backups dated after `today` were made while the clock was wrong. They are judged among themselves, so that
/// they can neither push out what is made now nor gather without end.
pub fn removable(backups: &BTreeSet<NaiveDate>, today: NaiveDate) -> BTreeSet<NaiveDate> {
    let (past, future): (BTreeSet<NaiveDate>, BTreeSet<NaiveDate>) =
        backups.iter().partition(|date| **date <= today);
    let kept: BTreeSet<NaiveDate> = [past, future].iter().flat_map(kept).collect();
    backups.difference(&kept).copied().collect()
}

fn kept(backups: &BTreeSet<NaiveDate>) -> BTreeSet<NaiveDate> {
    let mut newest_first = backups.iter().rev().copied();
    let mut kept: BTreeSet<NaiveDate> = newest_first.by_ref().take(DAILY).collect();
    let mut weeks: BTreeSet<IsoWeek> = kept.iter().map(NaiveDate::iso_week).collect();
    let weekly = newest_first
        .filter(|date| weeks.insert(date.iso_week()))
        .take(WEEKLY);
    kept.extend(weekly);
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(texts: &[&str]) -> BTreeSet<NaiveDate> {
        texts.iter().map(|text| day(text)).collect()
    }

    #[test]
    fn the_rule_case_by_case() {
        let today = day("2026-11-21");
        let week = [
            "2026-11-15",
            "2026-11-16",
            "2026-11-17",
            "2026-11-18",
            "2026-11-19",
            "2026-11-20",
            "2026-11-21",
        ];
        let with = |more: &[&'static str]| days(&[&week[..], more].concat());
        for (name, backups, expected) in [
            ("none", days(&[]), days(&[])),
            ("the only one, however old", days(&["2019-01-01"]), days(&[])),
            ("a week", with(&[]), days(&[])),
            // The seven begin on a Sunday, so the week of the 9th has one among them already.
            (
                "a week that has one",
                with(&["2026-11-14", "2026-11-13"]),
                days(&["2026-11-13", "2026-11-14"]),
            ),
            (
                "the newest of a week",
                with(&["2026-11-08", "2026-11-07"]),
                days(&["2026-11-07"]),
            ),
            (
                "four weeks, and no fifth",
                with(&[
                    "2026-11-08",
                    "2026-11-01",
                    "2026-10-25",
                    "2026-10-18",
                    "2026-10-11",
                ]),
                days(&["2026-10-11"]),
            ),
            (
                "weeks without the app do not count",
                with(&["2026-06-07", "2026-03-08", "2025-12-07", "2025-12-06"]),
                days(&["2025-12-06"]),
            ),
            (
                "a week over New Year is one week",
                days(&[
                    "2027-01-11",
                    "2027-01-10",
                    "2027-01-09",
                    "2027-01-08",
                    "2027-01-07",
                    "2027-01-06",
                    "2027-01-05",
                    "2027-01-02",
                    "2026-12-31",
                ]),
                // Both are the ISO week 2026-W53; seen from November they are all in the future.
                days(&["2026-12-31"]),
            ),
            (
                "a wrong clock pushes nothing out",
                with(&["2099-01-01", "2099-01-02"]),
                days(&[]),
            ),
        ] {
            assert_eq!(removable(&backups, today), expected, "{name}");
        }
    }

    #[test]
    fn a_year_of_days_keeps_eleven_that_reach_four_weeks_back() {
        let mut backups = BTreeSet::new();
        for today in day("2026-01-01").iter_days().take(365) {
            backups.insert(today);
            let gone = removable(&backups, today);
            assert!(gone.is_disjoint(&backups.iter().rev().take(7).copied().collect()));
            backups.retain(|date| !gone.contains(date));
            assert!(backups.len() <= 11);
            if today >= day("2026-03-01") {
                assert!(
                    today - *backups.first().unwrap() >= chrono::TimeDelta::days(28),
                    "{today}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn the_newest_stays_and_once_is_enough(
            dates in proptest::collection::btree_set(730_000_i32..731_000, 1..60),
            today in 730_000_i32..731_000,
        ) {
            let date = |day| NaiveDate::from_num_days_from_ce_opt(day).unwrap();
            let mut backups: BTreeSet<NaiveDate> = dates.into_iter().map(date).collect();
            let newest = backups.range(..=date(today)).next_back().copied();
            let gone = removable(&backups, date(today));
            prop_assert!(newest.is_none_or(|newest| !gone.contains(&newest)));
            backups.retain(|date| !gone.contains(date));
            prop_assert!(!backups.is_empty() && backups.len() <= 22);
            prop_assert!(removable(&backups, date(today)).is_empty());
        }
    }
}
