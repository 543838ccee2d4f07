//! How a recovery went: what was graded, beside what was expected, and on which days.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::Zone;
use crate::check_in::{CheckIn, CheckInId, Severity, Symptom};
use crate::plan::{BAND_DAYS, Plan, Timing};
use crate::session::Session;

/// One recovery as it was logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Today's recovery day.
    pub today: i64,
    /// Every symptom of the plan, in the order of the question.
    pub tracks: Vec<Track>,
    /// On which days something was logged.
    pub logged: Logged,
}

/// One symptom over one recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Which.
    pub symptom: Symptom,
    /// The highest severity that is still expected, from the session's end on; each holds until the next.
    pub band: Vec<BandStep>,
    /// What was graded, oldest first.
    pub points: Vec<Point>,
}

/// Where an expected severity changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandStep {
    /// From when on, in minutes on the wall clock since day 0 began.
    pub minute: i64,
    /// The highest severity that is expected.
    pub highest: Severity,
}

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The check-in that it is of.
    pub check_in: CheckInId,
    /// The instant that it speaks of.
    pub at: DateTime<Utc>,
    /// Its recovery day.
    pub day: i64,
    /// When, in minutes on the wall clock since day 0 began.
    pub minute: i64,
    /// What was answered.
    pub severity: Severity,
    /// The highest severity that was expected then: what triage held it against.
    pub expected: Severity,
}

/// On which days something was logged, of those on which the plan asks for it.
///
/// It counts days, however they lie: a day that is missing makes nothing before it worth less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The days on which the plan asked and something was logged.
    pub done: BTreeSet<i64>,
    /// The days before today on which the plan asked and nothing was logged.
    pub missing: BTreeSet<i64>,
    /// The days on which something was logged although the plan did not ask.
    pub besides: BTreeSet<i64>,
}

/// How a recovery went by `now`, its days counted in the patient's zone. Of the check-ins those count that are about
/// this session and that no other corrects. From the day on which a newer one of `sessions` ended, the patient is asked
/// about that one.
pub fn progress(
    plan: &Plan,
    sessions: &[Session],
    session: &Session,
    check_ins: &[CheckIn],
    zone: &Zone,
    now: DateTime<Utc>,
) -> Progress {
    let revised: BTreeSet<_> = check_ins.iter().filter_map(|check_in| check_in.revises).collect();
    let mut counted: Vec<_> = check_ins
        .iter()
        .filter(|check_in| check_in.session == session.id && !revised.contains(&check_in.id))
        .collect();
    counted.sort_unstable_by_key(|check_in| (check_in.at, check_in.id));
    let today = session.recovery_day(zone, now);
    let newer = sessions.iter().map(|newer| newer.ended_at);
    let next = newer.filter(|ended_at| *ended_at > session.ended_at).min();
    let asked_until = next.map_or(i64::MAX, |ended_at| session.recovery_day(zone, ended_at));
    Progress {
        today,
        tracks: Symptom::ALL
            .into_iter()
            .map(|symptom| Track {
                symptom,
                band: band(plan, session, symptom, zone),
                points: counted
                    .iter()
                    .filter_map(|check_in| point(plan, session, symptom, zone, check_in))
                    .collect(),
            })
            .collect(),
        logged: logged(plan, session, &counted, zone, [today, asked_until]),
    }
}

fn expected(plan: &Plan, session: &Session, symptom: Symptom, elapsed_day: i64) -> Severity {
    let areas = session.areas.iter().copied().collect();
    plan.expected(symptom, session.band_class(), areas, elapsed_day)
}

fn band(plan: &Plan, session: &Session, symptom: Symptom, zone: &Zone) -> Vec<BandStep> {
    let day_zero = zone.date(session.ended_at).and_time(NaiveTime::MIN);
    let last = i64::from(plan.settled_day()).max(i64::try_from(BAND_DAYS).unwrap_or(i64::MAX));
    let mut steps: Vec<BandStep> = Vec::new();
    for elapsed_day in 0..=last {
        let highest = expected(plan, session, symptom, elapsed_day);
        if steps.last().is_none_or(|step| step.highest != highest) {
            let from = session.ended_at + TimeDelta::days(elapsed_day);
            steps.push(BandStep {
                minute: (zone.local(from).naive_local() - day_zero).num_minutes(),
                highest,
            });
        }
    }
    steps
}

fn point(plan: &Plan, session: &Session, symptom: Symptom, zone: &Zone, check_in: &CheckIn) -> Option<Point> {
    let severity = check_in.severities.get(symptom)?;
    let day = session.day_of_date(zone, check_in.local_date);
    let time = zone.local(check_in.at).time();
    Some(Point {
        check_in: check_in.id,
        at: check_in.at,
        day,
        minute: day * TimeDelta::days(1).num_minutes() + (time - NaiveTime::MIN).num_minutes(),
        severity,
        expected: expected(plan, session, symptom, session.elapsed_day(check_in.at)),
    })
}

fn logged(
    plan: &Plan,
    session: &Session,
    counted: &[&CheckIn],
    zone: &Zone,
    [today, asked_until]: [i64; 2],
) -> Logged {
    let on: BTreeSet<_> = counted
        .iter()
        .map(|check_in| session.day_of_date(zone, check_in.local_date))
        .collect();
    let asked: BTreeSet<_> = plan
        .instructions()
        .iter()
        .filter_map(|instruction| match &instruction.timing {
            Timing::CheckIns { days, .. } => Some(days.get(session.window_class())),
            _ => None,
        })
        .flatten()
        .map(|day| i64::from(*day))
        .filter(|day| *day < asked_until)
        .collect();
    Logged {
        done: on.intersection(&asked).copied().collect(),
        // Today is not over: it may still be logged.
        missing: asked
            .difference(&on)
            .copied()
            .filter(|day| *day < today)
            .collect(),
        besides: on.difference(&asked).copied().collect(),
    }
}
