//! What the commands answer in the situations that the interface's tests look at, recorded from the
//! commands themselves, so that no test of the interface rests on an answer made up by hand.

mod before;
mod course;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use afterglow_care::check_in::{CheckIn, CheckInId, Severity, Sign, Symptom, Temperature};
use afterglow_care::schedule::schedule;
use afterglow_care::session::{Area, Concern, NeedleDepth, SessionId, Setting};
use afterglow_care::{Locale, Session, Zone};
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_diary::{Diary, NewKey};
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use enumset::EnumSet;
use serde_json::json;
use uuid::Uuid;

use super::bodies;
use crate::app::{App, Places};
use crate::clock::Moment;
use crate::opening::{OpenSpan, Weekday};
use crate::recent::Recent;
use crate::views;
use crate::wire::{Clinic, ProgressInput, ReminderHealth};

/// One situation: its name, hours since the session's end, how many days were logged, and what was
/// logged last.
struct Scene {
    name: &'static str,
    hours: f64,
    logged: usize,
    last: Option<Answers>,
}

/// What one check-in answers; severities in the order of [`GRADED`], as many as were answered.
#[derive(Clone, Copy)]
struct Answers {
    grades: &'static [u8],
    signs: Option<&'static [Sign]>,
    temperature: Option<f64>,
}

const GRADED: [Symptom; 6] = [
    Symptom::Erythema,
    Symptom::Edema,
    Symptom::Warmth,
    Symptom::Pain,
    Symptom::Dryness,
    Symptom::Desquamation,
];

const NOTHING_SEEN: Answers = Answers {
    grades: &[],
    signs: Some(&[]),
    temperature: None,
};

/// The first days, and the times on the wall clock at which they were logged.
const LOGGED: [(Answers, (u32, u32)); 3] = [
    (
        Answers {
            grades: &[3, 2, 3, 2, 1],
            ..NOTHING_SEEN
        },
        (17, 40),
    ),
    (
        Answers {
            grades: &[3, 2, 1, 1, 2, 0],
            ..NOTHING_SEEN
        },
        (20, 2),
    ),
    (
        Answers {
            grades: &[2, 1, 1, 1, 2, 1],
            ..NOTHING_SEEN
        },
        (20, 11),
    ),
];

/// The hour of a check-in on day 3 at 19:04 on the wall clock.
const DAY_3: f64 = 76.6;

const EXPECTED: Answers = Answers {
    grades: &[1, 1, 0, 1, 2, 2],
    ..NOTHING_SEEN
};

const SCENES: [Scene; 11] = [
    Scene {
        name: "day0",
        hours: 2.2,
        logged: 0,
        last: None,
    },
    Scene {
        name: "day1",
        hours: 24.5,
        logged: 1,
        last: None,
    },
    Scene {
        name: "day3",
        hours: 76.57,
        logged: 3,
        last: None,
    },
    Scene {
        name: "day40",
        hours: 964.0,
        logged: 3,
        last: None,
    },
    Scene {
        name: "expected",
        hours: DAY_3,
        logged: 3,
        last: Some(EXPECTED),
    },
    Scene {
        name: "unfinished",
        hours: DAY_3,
        logged: 3,
        last: Some(Answers {
            grades: &[1, 1],
            signs: None,
            temperature: None,
        }),
    },
    Scene {
        name: "watch",
        hours: DAY_3,
        logged: 3,
        last: Some(Answers {
            grades: &[2, 1, 0, 1, 2, 2],
            ..NOTHING_SEEN
        }),
    },
    Scene {
        name: "call_clinic",
        hours: DAY_3,
        logged: 3,
        last: Some(Answers {
            signs: Some(&[Sign::Pus]),
            ..EXPECTED
        }),
    },
    Scene {
        name: "fever",
        hours: DAY_3,
        logged: 3,
        last: Some(Answers {
            temperature: Some(38.4),
            ..EXPECTED
        }),
    },
    Scene {
        name: "worse",
        hours: DAY_3,
        logged: 3,
        last: Some(Answers {
            grades: &[4, 2, 2, 3, 2, 2],
            ..NOTHING_SEEN
        }),
    },
    Scene {
        name: "emergency",
        hours: DAY_3,
        logged: 3,
        last: Some(Answers {
            grades: &[4, 2, 2, 3, 2, 2],
            signs: Some(&[Sign::BreathingDifficulty]),
            temperature: None,
        }),
    },
];

/// The usual: two stretches on working days, and Saturday morning.
fn open_hours() -> Vec<OpenSpan> {
    let span = |days: &[Weekday], from, until| {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("a time of day");
        OpenSpan {
            days: days.iter().copied().collect(),
            from: at(from),
            until: at(until),
        }
    };
    vec![
        span(&Weekday::WORKING, 9, 14),
        span(&Weekday::WORKING, 16, 20),
        span(&[Weekday::Saturday], 10, 13),
    ]
}

fn zone() -> Zone {
    Zone::named("Europe/Madrid").expect("a zone of the tz database")
}

fn session(app: &App) -> Session {
    Session {
        id: SessionId(Uuid::from_u128(0x019a_a2f0_0000_7000_8000_0000_0000_0001)),
        ended_at: "2026-11-21T13:30:00Z".parse().expect("an instant"),
        zone: zone(),
        setting: Setting::Clinic,
        device: Some("SkinPen".to_owned()),
        depth: NeedleDepth::from_mm(1.5),
        areas: BTreeSet::from([Area::Face]),
        concerns: BTreeSet::from([Concern::AcneScars]),
        risks: EnumSet::empty(),
        clinic_gave: EnumSet::empty(),
        adjuncts: EnumSet::empty(),
        exposed: false,
        plan: app.plan.reference(),
    }
}

fn check_in(session: &Session, day: u64, at: (u32, u32), answers: Answers) -> CheckIn {
    let zone = zone();
    let local_date = zone.date(session.ended_at) + Days::new(day);
    let time = NaiveTime::from_hms_opt(at.0, at.1, 0).expect("a time of day");
    let severities = GRADED
        .into_iter()
        .zip(answers.grades)
        .filter_map(|(symptom, grade)| Some((symptom, Severity::new(*grade)?)))
        .collect();
    CheckIn {
        id: CheckInId(Uuid::from_u128(
            0x019a_a2f0_0000_7000_8000_0000_0000_0100 + u128::from(day),
        )),
        session: session.id,
        at: zone.instant(local_date.and_time(time)),
        local_date,
        severities,
        signs: answers.signs.map(|signs| signs.iter().copied().collect()),
        temperature: answers.temperature.and_then(Temperature::from_celsius),
        areas: EnumSet::empty(),
        note: String::new(),
        revises: None,
    }
}

/// The three newest due reminders: opened, shown a minute late, and missed.
async fn deliver(app: &App, diary: &Diary, session: &Session, now: DateTime<Utc>) {
    let mut due = schedule(&app.plan, std::slice::from_ref(session), &zone());
    due.retain(|occurrence| occurrence.due_at <= now);
    let states = [DeliveryState::Opened, DeliveryState::Shown, DeliveryState::Missed];
    let lines: Vec<_> = (1..)
        .zip(due.into_iter().rev().zip(states).rev())
        .map(|(seq, (occurrence, state))| Delivery {
            journal: "recorded".to_owned(),
            seq,
            key: occurrence.key,
            due_at: occurrence.due_at,
            at: occurrence.due_at + TimeDelta::minutes(i64::from(state == DeliveryState::Shown)),
            state,
            digest: false,
            reason: None,
            until: None,
        })
        .collect();
    diary.add_deliveries(&lines).await.expect("the ledger takes them");
}

/// An app whose settings a patient has made, on a diary in that folder.
async fn settled(folder: &tempfile::TempDir, locale: Locale) -> App {
    let places = Places {
        home: folder.path().to_owned(),
        downloads: folder.path().to_owned(),
    };
    let app = App::new(places, locale, None, NewKey::KeyFile);
    app.note_reminder_health(ReminderHealth::Ready {
        server: Some("dunst 1.9".to_owned()),
    });
    let diary = app.diary().await.expect("a new diary opens");
    let mut settings = views::default_settings(locale);
    settings.clinic = Clinic {
        name: "Cl\u{ed}nica Alba".to_owned(),
        phone: "+34 910 000 000".to_owned(),
        after_hours_phone: "+34 910 000 001".to_owned(),
        hours: open_hours(),
    };
    diary
        .save_settings(&views::stored(&settings))
        .await
        .expect("settings are kept");
    drop(diary);
    app
}

/// What the window shows of a diary.
async fn answers(app: &App, now: DateTime<Utc>) -> serde_json::Value {
    let moment = Moment { now, zone: zone() };
    json!({
        "overview": bodies::overview(app, &moment).await.expect("an answer"),
        "timeline": bodies::timeline(app, &moment).await.expect("an answer"),
        "care_plan": bodies::care_plan(app, &moment).await.expect("an answer"),
        "past_calls": bodies::past_calls(app, &moment).await.expect("an answer"),
    })
}

async fn record(scene: Option<&Scene>, locale: Locale) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = settled(&folder, locale).await;
    let diary = app.diary().await.expect("the diary is open");
    let session = session(&app);
    let seconds = scene.map_or(3_600.0, |scene| scene.hours * 3_600.0);
    #[expect(clippy::cast_possible_truncation, reason = "some hours fit")]
    let now = session.ended_at + TimeDelta::seconds(seconds.round() as i64);
    if let Some(scene) = scene {
        diary
            .add_session(&session, session.ended_at)
            .await
            .expect("the session is kept");
        for (day, (answers, at)) in (0..).zip(LOGGED).take(scene.logged) {
            let check_in = check_in(&session, day, at, answers);
            diary
                .add_check_in(&check_in, check_in.at)
                .await
                .expect("the check-in is kept");
        }
        if let Some(answers) = scene.last {
            let last = check_in(&session, 3, (19, 4), answers);
            diary
                .add_check_in(&last, last.at)
                .await
                .expect("the check-in is kept");
            let said = Moment {
                now: last.at,
                zone: zone(),
            };
            let recent = Recent::read(&app, &diary, &said).await.expect("an answer");
            bodies::keep_findings(&diary, &recent.judged(&app.plan, &said), last.id, &said).await;
        }
        deliver(&app, &diary, &session, now).await;
    }
    let mut recorded = answers(&app, now).await;
    let moment = Moment { now, zone: zone() };
    if scene.is_some_and(|scene| scene.name == "call_clinic") {
        let number = recorded["overview"]["settings"]["clinic"]["phone"].as_str();
        let number = number.expect("a number").to_owned();
        recorded["dial_code"] = json!(bodies::dial_code(&app, &moment, number).await.expect("an answer"));
    }
    if scene.is_some_and(|scene| scene.last.is_none()) {
        recorded["progress"] = json!(
            bodies::progress(&app, &moment, ProgressInput::default())
                .await
                .expect("an answer")
        );
        recorded["can"] = asked(&app, &moment).await;
        recorded["ingredients"] = json!(
            bodies::check_ingredients(&app, &moment, PRODUCT.to_owned())
                .await
                .expect("an answer")
        );
    }
    recorded
}

/// What a patient types into "Can I …?": in both languages, several things at once, half a word, and what no plan knows.
const TYPED: [&str; 11] = [
    "makeup",
    "maquillaje",
    "gym",
    "gimnasio",
    "shower",
    "sauna or paracetamol",
    "sauna o paracetamol",
    "botox",
    "exf",
    "sol",
    "xylophone",
];

/// A serum's list, with something that nobody knows.
const PRODUCT: &str = "Aqua, Glycerin, Propanediol, Niacinamide, Retinol, Ascorbic Acid, Glycolic Acid, Parfum, \
    Limonene, Lunaria Borealis Ferment, Phenoxyethanol";

async fn asked(app: &App, moment: &Moment) -> serde_json::Value {
    let mut answers = serde_json::Map::new();
    for typed in TYPED {
        let answer = bodies::can(app, moment, typed.to_owned())
            .await
            .expect("an answer");
        answers.insert(typed.to_owned(), json!(answer));
    }
    answers.into()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/tests/recorded")
}

/// The file of a recording that is not as it was just recorded.
fn differs(scene: &str, locale: Locale, answers: &serde_json::Value) -> Option<String> {
    let language = serde_json::to_value(locale).expect("a name");
    let name = format!("{scene}.{}.json", language.as_str().expect("a name"));
    let answers = serde_json::to_string(answers).expect("JSON") + "\n";
    let path = folder().join(&name);
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::create_dir_all(folder()).expect("the folder can be made");
        std::fs::write(&path, &answers).expect("the folder can be written");
    }
    (std::fs::read_to_string(&path).ok().as_ref() != Some(&answers)).then_some(name)
}

#[tokio::test]
async fn the_interfaces_tests_rest_on_the_commands_answers() {
    let mut stale = Vec::new();
    for locale in Locale::ALL {
        for scene in std::iter::once(None).chain(SCENES.iter().map(Some)) {
            let name = scene.map_or("first", |scene| scene.name);
            stale.extend(differs(name, locale, &record(scene, locale).await));
        }
        stale.extend(differs("before", locale, &before::record(locale).await));
        stale.extend(differs("course", locale, &course::record(locale).await));
    }
    assert!(
        stale.is_empty(),
        "stale in ui/tests/recorded: {stale:?}; run `cargo xtask types` and commit the result"
    );
}
