//! How long the domain takes: `cargo bench -p afterglow-care`.

use std::collections::BTreeSet;

use afterglow_care::check_in::{CheckIn, CheckInId, Severities};
use afterglow_care::session::{Area, NeedleDepth, SessionId, Setting};
use afterglow_care::{Plan, Session, Zone};
use chrono::{DateTime, TimeDelta, Utc};
use enumset::EnumSet;
use uuid::Uuid;

fn main() {
    divan::main();
}

/// How many sessions a patient has had.
const SESSIONS: [usize; 3] = [1, 10, 100];

fn berlin() -> Zone {
    Zone::named("Europe/Berlin").expect("a zone of the tz database")
}

/// Every five weeks one, of the face and of the hands in turn, the newest at last.
fn sessions(plan: &Plan, count: usize) -> Vec<Session> {
    let newest: DateTime<Utc> = "2026-11-21T10:00:00Z".parse().expect("an instant");
    (0..count)
        .map(|number| Session {
            id: SessionId(Uuid::from_u128(number as u128 + 1)),
            ended_at: newest - TimeDelta::weeks(5) * i32::try_from(count - 1 - number).unwrap_or(i32::MAX),
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

/// One check-in a day after a session.
fn check_ins(session: &Session, count: u32) -> Vec<CheckIn> {
    (1..=count)
        .map(|day| {
            let at = session.ended_at + TimeDelta::days(day.into());
            CheckIn {
                id: CheckInId(Uuid::from_u128(day.into())),
                session: session.id,
                at,
                local_date: berlin().date(at),
                severities: Severities::default(),
                signs: None,
                temperature: None,
                areas: EnumSet::empty(),
                note: String::new(),
                revises: None,
            }
        })
        .collect()
}

/// A quarter of a day after the newest session.
fn soon_after(sessions: &[Session]) -> DateTime<Utc> {
    sessions.last().map_or(DateTime::<Utc>::MIN_UTC, |newest| {
        newest.ended_at + TimeDelta::hours(6)
    })
}

mod schedule {
    use afterglow_care::Plan;
    use afterglow_care::schedule::{care_today, schedule};
    use divan::Bencher;

    use super::{SESSIONS, berlin, sessions, soon_after};

    #[divan::bench(args = SESSIONS)]
    fn whole(bencher: Bencher, count: usize) {
        let plan = Plan::microneedling();
        let (sessions, zone) = (sessions(&plan, count), berlin());
        bencher.bench(|| schedule(&plan, &sessions, &zone));
    }

    #[divan::bench(args = SESSIONS)]
    fn today(bencher: Bencher, count: usize) {
        let plan = Plan::microneedling();
        let (sessions, zone) = (sessions(&plan, count), berlin());
        let now = soon_after(&sessions);
        bencher.bench(|| care_today(&plan, &sessions, &zone, now));
    }
}

mod timeline {
    use afterglow_care::Plan;
    use afterglow_care::timeline::{days, timeline};
    use divan::Bencher;

    use super::{SESSIONS, berlin, check_ins, sessions, soon_after};

    #[divan::bench(args = SESSIONS)]
    fn days_180(bencher: Bencher, count: usize) {
        let plan = Plan::microneedling();
        let (sessions, zone) = (sessions(&plan, count), berlin());
        let check_ins = sessions
            .last()
            .map(|newest| check_ins(newest, 180))
            .unwrap_or_default();
        let now = soon_after(&sessions);
        bencher.bench(|| days(&plan, &sessions, &check_ins, &zone, now));
    }

    #[divan::bench(args = SESSIONS)]
    fn rows(bencher: Bencher, count: usize) {
        let plan = Plan::microneedling();
        let (sessions, zone) = (sessions(&plan, count), berlin());
        let now = soon_after(&sessions);
        bencher.bench(|| timeline(&plan, &sessions, &zone, now));
    }
}

mod restrictions {
    use afterglow_care::Plan;
    use afterglow_care::restriction::{restrictions_of, windows};
    use divan::Bencher;

    use super::{SESSIONS, sessions, soon_after};

    #[divan::bench(args = SESSIONS)]
    fn of_sessions(bencher: Bencher, count: usize) {
        let plan = Plan::microneedling();
        let sessions = sessions(&plan, count);
        let now = soon_after(&sessions);
        bencher.bench(|| restrictions_of(&plan, &sessions, now));
    }

    #[divan::bench]
    fn of_one(bencher: Bencher) {
        let plan = Plan::microneedling();
        let sessions = sessions(&plan, 1);
        bencher.bench(|| windows(&plan, &sessions[0]));
    }
}

mod permission {
    use afterglow_care::Plan;
    use afterglow_care::permission::{activities, check_ingredients, permission};
    use divan::Bencher;

    use super::{SESSIONS, sessions, soon_after};

    #[divan::bench(args = SESSIONS)]
    fn every_activity(bencher: Bencher, count: usize) {
        let plan = Plan::microneedling();
        let sessions = sessions(&plan, count);
        let now = soon_after(&sessions);
        bencher.bench(|| {
            plan.activities()
                .iter()
                .map(|activity| permission(&plan, &sessions, activity, now))
                .collect::<Vec<_>>()
        });
    }

    #[divan::bench(args = ["makeup", "can I go swimming tomorrow?", "puedo tomar una cerveza"])]
    fn find(bencher: Bencher, typed: &str) {
        let plan = Plan::microneedling();
        bencher.bench(|| activities(&plan, typed).len());
    }

    #[divan::bench]
    fn ingredients(bencher: Bencher) {
        let plan = Plan::microneedling();
        let sessions = sessions(&plan, 1);
        let now = soon_after(&sessions);
        let list = "Aqua, Glycerin, Niacinamide, Retinol, Parfum, Limonene, Alcohol Denat., Octocrylene";
        bencher.bench(|| check_ingredients(&plan, &sessions, list, now));
    }
}

mod plan {
    use afterglow_care::Plan;
    use divan::Bencher;

    #[divan::bench]
    fn parse_default(bencher: Bencher) {
        let plan = include_str!("../plans/microneedling.toml");
        let spanish = include_str!("../plans/microneedling.es.toml");
        bencher.bench(|| Plan::parse(plan, &[spanish]).expect("the embedded plan is valid"));
    }
}
