//! The session that the command line speaks of.

use std::collections::BTreeSet;

use afterglow_care::session::{Area, Risk, Session, SessionId};
use afterglow_care::{Locale, Plan, Zone, warning};
use chrono::{DateTime, Utc};
use enumset::EnumSet;
use uuid::Uuid;

use crate::arguments::SessionOptions;
use crate::names;
use crate::output::{Refusal, refusal};

/// A session and what screening found before it.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) session: Session,
    /// The names of the screening questions that were answered by yes.
    pub(crate) screening: Vec<String>,
}

impl Given {
    /// The session as the options have it, pinned to a plan.
    pub(crate) fn new(plan: &Plan, options: SessionOptions) -> Result<Self, Refusal> {
        let SessionOptions {
            ended,
            zone,
            depth,
            areas,
            setting,
            risks,
            clinic_gave,
            adjuncts,
            exposed,
        } = options;
        let screening: Vec<_> = risks.iter().map(|risk| risk.trim().to_owned()).collect();
        let unknown: Vec<_> = screening
            .iter()
            .filter_map(|name| screening_item(plan, name).err())
            .map(|why| format!("error: {why}"))
            .collect();
        if !unknown.is_empty() {
            return Err(unknown.into());
        }
        let ended_at = ended.instant(&zone);
        Ok(Self {
            session: Session {
                id: id(&zone, ended_at),
                ended_at,
                zone,
                setting,
                device: None,
                depth,
                areas: areas_or_face(areas),
                concerns: BTreeSet::new(),
                risks: risks_among(&screening),
                clinic_gave: clinic_gave.into_iter().collect(),
                adjuncts: adjuncts.into_iter().collect(),
                exposed,
                plan: plan.reference(),
            },
            screening,
        })
    }

    /// What else is to be known of the session, in sentences.
    pub(crate) fn warnings(&self, plan: &Plan, locale: Locale) -> Vec<String> {
        warning::of_sessions(plan, std::slice::from_ref(&self.session), &self.screening)
            .iter()
            .map(|warning| warning.text(plan, locale))
            .collect()
    }

    /// Refuses a question that is asked before the session was over.
    pub(crate) fn ended_by(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.session.ended_at <= now {
            Ok(())
        } else {
            Err(refusal(
                "--now lies before the session's end (--ended); expected an instant at or after it",
            ))
        }
    }
}

/// The treated areas: the face where none is named, as the plan's own windows are for a face.
pub(crate) fn areas_or_face(areas: impl IntoIterator<Item = Area>) -> BTreeSet<Area> {
    let mut areas: BTreeSet<_> = areas.into_iter().collect();
    if areas.is_empty() {
        areas.insert(Area::Face);
    }
    areas
}

/// The risks among the names of screening questions; the others are warnings only.
pub(crate) fn risks_among(screening: &[String]) -> EnumSet<Risk> {
    screening
        .iter()
        .filter_map(|name| name.parse::<Risk>().ok())
        .collect()
}

/// Whether the plan asks a screening question of that name; else which ones it asks.
pub(crate) fn screening_item(plan: &Plan, name: &str) -> Result<(), String> {
    let names: Vec<_> = plan.screening().iter().map(|item| item.id.as_str()).collect();
    if names.contains(&name) {
        Ok(())
    } else {
        Err(names::unknown("risk", name, &names))
    }
}

/// The same for the same end in the same zone, so that the keys of reminders can be compared.
fn id(zone: &Zone, ended_at: DateTime<Utc>) -> SessionId {
    let zone = zone.name().unwrap_or("UTC");
    let name = format!("afterglow session {zone} {}", ended_at.timestamp());
    SessionId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()))
}
