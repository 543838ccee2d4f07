//! Wall-clock times in named zones.

use afterglow_care::Zone;
use chrono::{FixedOffset, NaiveTime, TimeDelta};
use proptest::prelude::*;

use crate::given::{berlin, wall, zone};

#[test]
fn elapsed_hours_show_the_shifted_wall_clock() {
    let berlin_zone = zone("Europe/Berlin");
    for (case, ended, shown) in [
        ("D1 spring", "2027-03-27 15:00", "2027-03-28 16:00"),
        ("D2 autumn", "2027-10-30 15:00", "2027-10-31 14:00"),
    ] {
        let due = berlin(ended) + TimeDelta::hours(24);
        assert_eq!(berlin_zone.local(due).naive_local(), wall(shown), "{case}");
    }
}

#[test]
fn a_time_in_a_gap_is_later_by_the_gap() {
    let berlin_zone = zone("Europe/Berlin");
    let shown = |text| berlin_zone.local(berlin_zone.instant(wall(text))).naive_local();
    assert_eq!(shown("2027-03-28 02:30"), wall("2027-03-28 03:30"), "D6");
    assert_eq!(
        shown("2027-03-29 02:30"),
        wall("2027-03-29 02:30"),
        "D6, the day after"
    );
}

#[test]
fn a_time_in_a_fold_is_the_first_of_the_two() {
    let berlin_zone = zone("Europe/Berlin");
    let first = berlin_zone.instant(wall("2027-10-31 02:30"));
    assert_eq!(first.to_rfc3339(), "2027-10-31T00:30:00+00:00", "D7");
    let second = first + TimeDelta::hours(1);
    assert_eq!(berlin_zone.local(second).naive_local(), wall("2027-10-31 02:30"));
}

#[test]
fn the_later_of_a_fold_is_an_hour_after_the_first() {
    let berlin_zone = zone("Europe/Berlin");
    let later = berlin_zone.instant_later(wall("2027-10-31 02:30"));
    assert_eq!(later.to_rfc3339(), "2027-10-31T01:30:00+00:00");
    for plain in [
        "2027-10-31 01:59",
        "2027-10-31 03:00",
        "2027-03-28 02:30",
        "2027-07-01 12:00",
    ] {
        assert_eq!(
            berlin_zone.instant_later(wall(plain)),
            berlin_zone.instant(wall(plain)),
            "{plain}"
        );
    }
}

#[test]
fn an_unknown_name_is_refused_with_what_was_expected() {
    let error = Zone::named("Europe/Atlantis").expect_err("no such zone");
    assert_eq!(
        error.to_string(),
        "no time zone is called `Europe/Atlantis`; expected a name such as Europe/Berlin"
    );
}

#[test]
fn a_fixed_offset_keeps_its_distance_and_has_no_name() {
    let offset = FixedOffset::east_opt(5 * 3_600 + 45 * 60).expect("an offset");
    let fixed = Zone::fixed(offset);
    assert_eq!(fixed.name(), None);
    let at = berlin("2027-07-01 12:00");
    assert_eq!(fixed.local(at), at.with_timezone(&offset));
    assert_eq!(fixed.instant(fixed.local(at).naive_local()), at);
}

#[test]
fn a_zone_knows_its_name() {
    assert_eq!(zone("America/New_York").name(), Some("America/New_York"));
}

proptest! {
    #[test]
    fn outside_gaps_and_folds_the_wall_clock_leads_back(day in 0..4_000_i64, minute in 300..1_400_u32) {
        let berlin_zone = zone("Europe/Berlin");
        let time = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).expect("a time of day");
        let local = (wall("2024-01-01 00:00").date() + TimeDelta::days(day)).and_time(time);
        prop_assert_eq!(berlin_zone.local(berlin_zone.instant(local)).naive_local(), local);
    }
}
