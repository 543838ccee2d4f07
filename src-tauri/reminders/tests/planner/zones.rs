//! A year in every zone of the tz database, against times that Python worked out by itself: `zones.py`
//! made `zones.tsv`, and says how it is made anew.

use std::collections::BTreeMap;

use afterglow_care::schedule::schedule;
use afterglow_care::session::NeedleDepth;
use afterglow_care::{Plan, Session, Zone};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use crate::given::{civil, session, utc};

const EXPECTED: &str = include_str!("zones.tsv");

/// The release of the tz database that the expected times are by.
fn release() -> &'static str {
    EXPECTED.lines().next().unwrap().rsplit(' ').next().unwrap()
}

/// A zone's place in the file, its name, the digest of its occurrences, and from which half hour of
/// the year on which offset holds, in seconds.
struct Expected {
    number: i64,
    name: &'static str,
    digest: &'static str,
    offsets: BTreeMap<i64, i64>,
}

fn expected() -> Vec<Expected> {
    let zones = EXPECTED.lines().skip(1).zip(0..);
    zones
        .map(|(line, number)| {
            let [name, digest, runs] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
            let run = |run: &str| {
                let (half_hour, offset) = run.split_once(':').unwrap();
                (half_hour.parse().unwrap(), offset.parse().unwrap())
            };
            Expected {
                number,
                name,
                digest,
                offsets: runs.split(' ').map(run).collect(),
            }
        })
        .collect()
}

fn assert_none(differences: &[String]) {
    assert!(
        differences.is_empty(),
        "{} differences from tzdata {}:\n{}",
        differences.len(),
        release(),
        differences.join("\n")
    );
}

/// The half hours that are looked at: three of each day, and all around a change of offset.
fn half_hours(expected: &Expected) -> impl Iterator<Item = i64> {
    (0..365 * 48_i64).filter(|number| {
        let near = number - 96..=number + 96;
        [5, 16, 40].contains(&(number % 48)) || expected.offsets.range(near).any(|(at, _)| *at > 0)
    })
}

#[test]
fn every_wall_clock_time_of_a_year_is_the_instant_that_python_says() {
    let start = civil("2027-01-01 00:00");
    let mut differences = Vec::new();
    for expected in expected() {
        let zone = Zone::named(expected.name).unwrap();
        let wrong = half_hours(&expected).find_map(|number| {
            let local: NaiveDateTime = start + TimeDelta::minutes(30) * i32::try_from(number).unwrap();
            let (_, offset) = expected.offsets.range(..=number).next_back()?;
            let (found, right) = (
                zone.instant(local),
                (local - TimeDelta::seconds(*offset)).and_utc(),
            );
            (found != right).then(|| format!("{}: {local} is {found}, expected {right}", expected.name))
        });
        differences.extend(wrong);
    }
    assert_none(&differences);
}

/// Four a year, at another date and minute in each zone; the depth classes in turn.
fn sessions(number: i64) -> Vec<Session> {
    (0..4)
        .map(|quarter| {
            let days = TimeDelta::days(quarter * 91 + number * 37 % 91);
            let ended: DateTime<Utc> =
                utc("2027-01-01 00:00") + days + TimeDelta::minutes(number * 977 % 1_440);
            let depth = [300, 1_000, 2_000][usize::try_from((number + quarter) % 3).unwrap()];
            Session {
                depth: NeedleDepth::from_micrometres(depth),
                ..session(ended)
            }
        })
        .collect()
}

#[test]
fn every_occurrence_of_a_year_is_due_when_python_says() {
    let plan = Plan::microneedling();
    let mut differences = Vec::new();
    for expected in expected() {
        let zone = Zone::named(expected.name).unwrap();
        let mut lines = Vec::new();
        for session in sessions(expected.number) {
            let due = schedule(&plan, std::slice::from_ref(&session), &zone).into_iter();
            let mut due: Vec<_> = due
                .map(|one| format!("{} {}", one.key.0, one.due_at.timestamp()))
                .collect();
            due.sort_unstable();
            lines.append(&mut due);
        }
        let digest = Sha256::digest(lines.join("\n").as_bytes());
        let digest = digest
            .iter()
            .take(8)
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        let digest = format!("{digest:016x}");
        if digest != expected.digest {
            if differences.is_empty() {
                println!("{} has:\n{}", expected.name, lines.join("\n"));
            }
            differences.push(format!(
                "{0}: `zones.py {0}` prints the lines that are expected",
                expected.name
            ));
        }
    }
    assert_none(&differences);
}
