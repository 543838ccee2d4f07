//! How long the planner takes: `cargo bench -p afterglow-reminders`.

use std::collections::{BTreeSet, HashSet};

use afterglow_care::schedule::{Basis, OccurrenceKey};
use afterglow_care::session::{Area, NeedleDepth, SessionId, Setting};
use afterglow_care::{Plan, Session, Zone};
use afterglow_reminders::planner::{Cut, cut, occurrences};
use afterglow_reminders::settings::ReminderSettings;
use chrono::{DateTime, TimeDelta, Utc};
use divan::Bencher;
use enumset::EnumSet;
use uuid::Uuid;

fn main() {
    divan::main();
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
    bencher.bench(|| {
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
    });
}
