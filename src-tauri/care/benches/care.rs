//! How long the domain takes: `cargo bench -p afterglow-care`.

use std::collections::BTreeSet;

use afterglow_care::check_in::{CheckIn, CheckInId, Severities, Severity, Symptom};
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

/// A course as it is lived: what is red and swollen at first fades, and now and then something is
/// higher than it should be.
fn course(session: &Session, count: u32) -> Vec<CheckIn> {
    let mut course = check_ins(session, count);
    for (day, check_in) in course.iter_mut().enumerate() {
        let relapse = u8::from(day % 30 == 20);
        let fading = u8::try_from(3_usize.saturating_sub(day)).unwrap_or(0);
        check_in.id = CheckInId(Uuid::from_u128(session.id.0.as_u128() << 64 | day as u128));
        check_in.severities = [
            (Symptom::Erythema, fading + relapse),
            (Symptom::Edema, fading / 2),
            (Symptom::Warmth, fading / 2 + relapse),
            (Symptom::Pain, fading / 3),
        ]
        .into_iter()
        .filter_map(|(symptom, grade)| Some((symptom, Severity::new(grade)?)))
        .collect();
        check_in.signs = Some(EnumSet::empty());
    }
    course
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
    use afterglow_care::permission::{check_ingredients, permission, questions};
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
        bencher.bench(|| questions(&plan, typed).len());
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

mod triage {
    use afterglow_care::check_in::CheckIn;
    use afterglow_care::triage::{assess, judge_each};
    use afterglow_care::{Plan, Session};
    use chrono::{DateTime, Utc};
    use divan::Bencher;

    use super::{SESSIONS, course, sessions};

    /// The check-ins of as many days after each session, and an instant after all of them.
    fn lived(sessions: &[Session], days: u32) -> (Vec<CheckIn>, DateTime<Utc>) {
        let check_ins = sessions.iter().flat_map(|session| course(session, days));
        (check_ins.collect(), DateTime::<Utc>::MAX_UTC)
    }

    /// Ninety days of check-ins in all.
    #[divan::bench(args = SESSIONS)]
    fn assess_90(bencher: Bencher, count: usize) {
        let plan = Plan::microneedling();
        let sessions = sessions(&plan, count);
        let (mut check_ins, now) = lived(&sessions, 90_u32.div_ceil(u32::try_from(count).unwrap_or(90)));
        check_ins.truncate(90);
        bencher.bench(|| assess(&plan, &sessions, &check_ins, now));
    }

    /// Ninety days of check-ins after each session.
    #[divan::bench(args = SESSIONS)]
    fn assess_90_each(bencher: Bencher, count: usize) {
        let plan = Plan::microneedling();
        let sessions = sessions(&plan, count);
        let (check_ins, now) = lived(&sessions, 90);
        bencher.bench(|| assess(&plan, &sessions, &check_ins, now));
    }

    #[divan::bench(args = SESSIONS)]
    fn judge_90_each(bencher: Bencher, count: usize) {
        let plan = Plan::microneedling();
        let sessions = sessions(&plan, count);
        let (check_ins, now) = lived(&sessions, 90);
        bencher.bench(|| judge_each(&plan, &sessions, &check_ins, now));
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
