//! How long the planner takes: `cargo bench -p afterglow-reminders`, which fails when the goal is missed.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use afterglow_care::schedule::{Basis, OccurrenceKey};
use afterglow_care::session::{Area, NeedleDepth, SessionId, Setting};
use afterglow_care::{Plan, Session, Zone};
use afterglow_reminders::alarms::AlarmList;
use afterglow_reminders::planner::{Cut, cut, occurrences};
use afterglow_reminders::settings::ReminderSettings;
use chrono::{DateTime, TimeDelta, Utc};
use divan::Bencher;
use enumset::EnumSet;
use uuid::Uuid;

fn main() {
    divan::main();
    // `cargo test` runs this too, without optimisation.
    if std::env::args().any(|argument| argument == "--bench") {
        keeps_its_goal();
    }
}

/// The most that the median of [`ROUNDS`] lists of ten years may take.
const MOST: Duration = Duration::from_millis(5);

const ROUNDS: usize = 101;

fn keeps_its_goal() {
    let mut times = list_of_ten_years_in(|make| {
        let once = || {
            let since = Instant::now();
            divan::black_box(make());
            since.elapsed()
        };
        (0..ROUNDS).map(|_| once()).collect::<Vec<_>>()
    });
    times.sort_unstable();
    let median = times[ROUNDS / 2];
    println!("median of {ROUNDS} lists of ten years: {median:.2?} (< {MOST:?})");
    assert!(median < MOST, "cutting the list of ten years takes too long");
}

/// What the desktop's host keeps.
const CAPACITY: usize = 2_000;

/// What the ledger says of the recent sessions.
const LEDGER_ROWS: usize = 50_000;

/// Ten years: 60 sessions two months apart, of the face and of the hands in turn, the newest at last.
fn ten_years(plan: &Plan) -> Vec<Session> {
    let newest: DateTime<Utc> = "2026-11-21T10:00:00Z".parse().expect("an instant");
    (0..60_i32)
        .map(|number| Session {
            id: SessionId(Uuid::from_u128(number.unsigned_abs().into())),
            ended_at: newest - TimeDelta::days(61) * (59 - number),
            zone: berlin(),
            setting: Setting::Clinic,
            device: None,
            depth: NeedleDepth::from_micrometres(1_000),
            areas: BTreeSet::from([if number % 2 == 0 { Area::Face } else { Area::Hands }]),
            concerns: BTreeSet::new(),
            risks: EnumSet::empty(),
            clinic_gave: EnumSet::empty(),
            adjuncts: EnumSet::empty(),
            exposed: false,
            plan: plan.reference(),
        })
        .collect()
}

fn berlin() -> Zone {
    Zone::named("Europe/Berlin").expect("a zone of the tz database")
}

/// From the diary's rows to the list that is armed.
#[divan::bench]
fn list_of_ten_years(bencher: Bencher) {
    list_of_ten_years_in(|make| bencher.bench(make));
}

/// Hands over what makes the list, all that it needs at hand.
fn list_of_ten_years_in<T>(run: impl FnOnce(&(dyn Fn() -> AlarmList + Sync)) -> T) -> T {
    let plan = Plan::microneedling();
    let (sessions, zone, settings) = (ten_years(&plan), berlin(), ReminderSettings::default());
    let basis = Basis::from(&sessions);
    let now = sessions[59].ended_at + TimeDelta::hours(6);
    let newest = &sessions[55..];
    let settled: HashSet<_> = occurrences(&plan, Basis::from(newest), &settings, &zone)
        .into_iter()
        .filter(|occurrence| occurrence.due_at < now)
        .map(|occurrence| occurrence.key)
        .chain((0..LEDGER_ROWS).map(|row| OccurrenceKey(format!("{}/row/{row}", sessions[59].id))))
        .take(LEDGER_ROWS)
        .collect();
    run(&|| {
        let occurrences = occurrences(&plan, basis, &settings, &zone);
        cut(&Cut {
            plan: &plan,
            basis,
            occurrences: &occurrences,
            settings: &settings,
            settled: &settled,
            checked_in_on: None,
            planned_to: None,
            zone: &zone,
            now,
            capacity: CAPACITY,
        })
    })
}
