//! Sessions and instants for the tests.

use std::collections::BTreeSet;

use afterglow_care::plan::InstructionId;
use afterglow_care::session::{Area, NeedleDepth, SessionId, Setting};
use afterglow_care::{Plan, Session, Zone};
use chrono::{DateTime, NaiveDateTime, Utc};
use uuid::Uuid;

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
        plan: Plan::microneedling().reference(),
    }
}

/// The name of an instruction.
pub(crate) fn id(name: &str) -> InstructionId {
    InstructionId(name.to_owned())
}
