//! A made-up patient at recovery day 3 of a second session, for whoever wants to look around.
//!
//! Only in builds of `cargo xtask demo`, whose diary is thrown away.

use std::collections::BTreeSet;

use afterglow_care::Session;
use afterglow_care::check_in::{CheckIn, CheckInId, Severity, Symptom};
use afterglow_care::schedule::schedule;
use afterglow_care::session::{Area, Concern, NeedleDepth, SessionId, Setting};
use afterglow_diary::DiaryError;
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use chrono::{Days, NaiveTime, TimeDelta};
use enumset::EnumSet;

use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::opening::{OpenSpan, Weekday};
use crate::views;
use crate::wire::{Clinic, Failure};

/// Why the demo's diary could not be filled.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    #[error(transparent)]
    Open(#[from] Failure),
    #[error(transparent)]
    Write(#[from] DiaryError),
}

/// What each day of a story grades, in this order.
const GRADED: [Symptom; 6] = [
    Symptom::Erythema,
    Symptom::Edema,
    Symptom::Warmth,
    Symptom::Pain,
    Symptom::Dryness,
    Symptom::Desquamation,
];

/// Days ago, depth in mm, and per recovery day the severities of [`GRADED`].
type Story<'a> = (u64, f64, &'a [[u8; 6]]);

const STORIES: [Story<'_>; 2] = [
    (
        38,
        1.0,
        &[
            [3, 2, 2, 2, 1, 0],
            [2, 1, 1, 1, 1, 0],
            [2, 1, 0, 1, 2, 1],
            [1, 0, 0, 0, 2, 2],
            [1, 0, 0, 0, 1, 2],
            [1, 0, 0, 0, 1, 1],
            [0, 0, 0, 0, 1, 1],
            [0, 0, 0, 0, 0, 0],
        ],
    ),
    (
        3,
        1.5,
        &[[3, 2, 3, 2, 1, 0], [3, 2, 1, 1, 2, 0], [2, 1, 0, 1, 2, 1]],
    ),
];

/// Fills an empty diary; one that has sessions is left as it is.
pub(crate) async fn fill(app: &App, moment: &Moment) -> Result<(), DemoError> {
    let diary = app.diary().await?;
    if !diary.sessions().await?.is_empty() {
        return Ok(());
    }
    let mut settings = views::default_settings(app.system_locale);
    settings.clinic = Clinic {
        name: "Sunrise Skin Clinic".to_owned(),
        phone: "+44 20 7946 0123".to_owned(),
        after_hours_phone: "+44 20 7946 0199".to_owned(),
        hours: NaiveTime::from_hms_opt(9, 0, 0)
            .zip(NaiveTime::from_hms_opt(18, 0, 0))
            .map(|(from, until)| OpenSpan {
                days: Weekday::WORKING.into(),
                from,
                until,
            })
            .into_iter()
            .collect(),
    };
    diary.save_settings(&views::stored(&settings)).await?;

    let mut sessions = Vec::new();
    for (days_ago, depth, days) in STORIES {
        let session = session(app, moment, days_ago, depth);
        diary.add_session(&session, session.ended_at).await?;
        for (day, grades) in (0_u64..).zip(days) {
            let check_in = check_in(&session, moment, day, grades);
            diary.add_check_in(&check_in, check_in.at).await?;
        }
        sessions.push(session);
    }
    // What was due before now was shown in its time: the demo opens without a digest of the past.
    let past: Vec<_> = (1..)
        .zip(
            schedule(&app.plan, &sessions, &moment.zone)
                .into_iter()
                .filter(|due| due.due_at <= moment.now),
        )
        .map(|(seq, due)| Delivery {
            journal: "demo".to_owned(),
            seq,
            key: due.key,
            due_at: due.due_at,
            at: due.due_at,
            state: DeliveryState::Shown,
            digest: false,
            reason: None,
            until: None,
        })
        .collect();
    diary.add_deliveries(&past).await?;
    Ok(())
}

fn session(app: &App, moment: &Moment, days_ago: u64, depth: f64) -> Session {
    let date = moment.zone.date(moment.now) - Days::new(days_ago);
    let ended_at = moment
        .zone
        .instant(date.and_time(NaiveTime::MIN) + TimeDelta::minutes(17 * 60 + 30));
    Session {
        id: SessionId(new_id(ended_at)),
        ended_at,
        zone: moment.zone.clone(),
        setting: Setting::Clinic,
        device: Some("SkinPen".to_owned()),
        depth: NeedleDepth::from_mm(depth),
        areas: BTreeSet::from([Area::Face, Area::Neck]),
        concerns: BTreeSet::from([Concern::AcneScars, Concern::Texture]),
        risks: EnumSet::empty(),
        clinic_gave: EnumSet::empty(),
        adjuncts: EnumSet::empty(),
        exposed: false,
        plan: app.plan.reference(),
    }
}

fn check_in(session: &Session, moment: &Moment, day: u64, grades: &[u8; 6]) -> CheckIn {
    let local_date = moment.zone.date(session.ended_at) + Days::new(day);
    let at = moment
        .zone
        .instant(local_date.and_time(NaiveTime::MIN) + TimeDelta::minutes(20 * 60 + 4));
    let severities = GRADED
        .into_iter()
        .zip(grades)
        .filter_map(|(symptom, grade)| Some((symptom, Severity::new(*grade)?)))
        .collect();
    CheckIn {
        id: CheckInId(new_id(at)),
        session: session.id,
        at,
        local_date,
        severities,
        signs: Some(EnumSet::empty()),
        temperature: None,
        areas: EnumSet::empty(),
        note: String::new(),
        revises: None,
    }
}
