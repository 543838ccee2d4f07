//! Sessions and instants for the tests.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use afterglow_care::check_in::{CheckIn, CheckInId, Severity, Symptom};
use afterglow_care::plan::InstructionId;
use afterglow_care::session::{Area, NeedleDepth, SessionId, Setting};
use afterglow_care::{Plan, Session, Zone};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use enumset::EnumSet;
use uuid::Uuid;

/// The default plan, read once.
pub(crate) fn plan() -> &'static Plan {
    static PLAN: LazyLock<Plan> = LazyLock::new(Plan::microneedling);
    &PLAN
}

/// The zone of that name.
pub(crate) fn zone(name: &str) -> Zone {
    Zone::named(name).expect("a zone of the tz database")
}

/// A wall-clock time such as `2027-03-27 15:00`.
pub(crate) fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a wall-clock time")
}

/// The instant of a wall-clock time in Berlin.
pub(crate) fn berlin(text: &str) -> DateTime<Utc> {
    zone("Europe/Berlin").instant(wall(text))
}

/// A session of the face, 1.0 mm deep, that ended at an instant.
pub(crate) fn session(ended_at: DateTime<Utc>) -> Session {
    Session {
        id: SessionId(Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0001)),
        ended_at,
        zone: zone("Europe/Berlin"),
        setting: Setting::Clinic,
        device: None,
        depth: NeedleDepth::from_micrometres(1_000),
        areas: BTreeSet::from([Area::Face]),
        concerns: BTreeSet::new(),
        risks: EnumSet::empty(),
        clinic_gave: EnumSet::empty(),
        adjuncts: EnumSet::empty(),
        exposed: false,
        plan: plan().reference(),
    }
}

/// The name of an instruction.
pub(crate) fn id(name: &str) -> InstructionId {
    InstructionId(name.to_owned())
}

/// A severity of that grade.
pub(crate) fn severity(grade: u8) -> Severity {
    Severity::new(grade).expect("a grade up to 4")
}

/// A check-in so many hours after the session's end; the signs were answered with "none of these".
pub(crate) fn check_in(session: &Session, hours: i64, severities: &[(Symptom, u8)]) -> CheckIn {
    let at = session.ended_at + TimeDelta::hours(hours);
    CheckIn {
        id: CheckInId(Uuid::from_u128(
            session.id.0.as_u128() ^ (u128::from(hours.unsigned_abs()) << 64),
        )),
        session: session.id,
        at,
        local_date: session.zone.date(at),
        severities: severities
            .iter()
            .map(|(symptom, grade)| (*symptom, severity(*grade)))
            .collect(),
        signs: Some(EnumSet::empty()),
        temperature: None,
        areas: EnumSet::empty(),
        note: String::new(),
        revises: None,
    }
}
