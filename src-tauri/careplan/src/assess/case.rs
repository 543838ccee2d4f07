//! A case as it is written, and everything that is wrong with it.

use std::collections::BTreeSet;

use afterglow_care::check_in::{
    CheckIn, CheckInId, MAX_NOTE_CHARS, Severities, Severity, Sign, Symptom, Temperature,
};
use afterglow_care::session::{
    Adjunct, Area, Concern, MAX_DEVICE_CHARS, NeedleDepth, Session, SessionId, Setting, Supply,
};
use afterglow_care::triage::session_of;
use afterglow_care::{Plan, Zone};
use chrono::{DateTime, NaiveDate, Utc};
use enumset::EnumSet;
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error as ValueError, StrDeserializer};
use uuid::Uuid;

use crate::instants;
use crate::json::{At, Fields, Reader};
use crate::names;
use crate::session::{areas_or_face, risks_among, screening_item};

/// A case without faults.
#[derive(Debug)]
pub(crate) struct Case {
    /// What it is called, for people.
    pub(crate) title: Option<String>,
    pub(crate) sessions: Vec<Session>,
    /// The names of the screening questions that were answered by yes.
    pub(crate) screening: Vec<String>,
    /// At least one.
    pub(crate) check_ins: Vec<CheckIn>,
}

/// The last three are notes for people, which the worked cases carry.
const CASE_FIELDS: [&str; 8] = [
    "session",
    "sessions",
    "risks",
    "check_ins",
    "now",
    "title",
    "why",
    "level_after_each_check_in",
];

const SESSION_FIELDS: [&str; 10] = [
    "ended_at",
    "zone",
    "depth_mm",
    "areas",
    "setting",
    "device",
    "concerns",
    "clinic_gave",
    "adjuncts",
    "exposed",
];

const CHECK_IN_FIELDS: [&str; 8] = [
    "at",
    "date",
    "severities",
    "signs",
    "temperature_c",
    "areas",
    "note",
    "revises",
];

/// Reads a case; none where anything is wrong with it, which the reader then knows.
pub(crate) fn read(reader: &mut Reader, plan: &Plan, at: &At<'_>) -> Option<Case> {
    let before = reader.fault_count();
    let fields = reader.object(at, &CASE_FIELDS)?;
    let title = fields
        .get("title")
        .and_then(|at| reader.text(&at))
        .map(str::to_owned);
    let screening = fields.get("risks").map_or_else(Vec::new, |at| {
        reader
            .parsed_list(&at, |name| screening_item(plan, name).map(|()| name.to_owned()))
            .unwrap_or_default()
    });
    let sessions = sessions(reader, plan, &fields, &screening);
    let now = fields
        .get("now")
        .and_then(|at| reader.parsed(&at, instants::instant));
    let check_ins = match fields.get("check_ins") {
        Some(at) => reader.list(&at),
        None => Some(Vec::new()),
    };
    let check_ins = check_ins.filter(|list| {
        if list.is_empty() {
            reader.fault(
                &fields.inside("check_ins"),
                "there is no check-in; expected at least one",
            );
        }
        !list.is_empty()
    });
    let entries: Option<Vec<Entry>> =
        check_ins.map(|list| list.iter().filter_map(|at| Entry::read(reader, at)).collect());
    if reader.fault_count() > before {
        return None;
    }
    let (sessions, entries) = (sessions?, entries?);
    let check_ins = check_ins_of(reader, &sessions, &entries, now.map(|now| now.to_utc()));
    (reader.fault_count() == before).then_some(Case {
        title,
        sessions,
        screening,
        check_ins,
    })
}

fn sessions(
    reader: &mut Reader,
    plan: &Plan,
    fields: &Fields<'_>,
    screening: &[String],
) -> Option<Vec<Session>> {
    let list = match (fields.get("session"), fields.get("sessions")) {
        (Some(one), None) => vec![one],
        (None, Some(list)) => reader.list(&list)?,
        (Some(_), Some(_)) => {
            reader.fault(&fields.place, "expected \"session\" or \"sessions\", found both");
            return None;
        }
        (None, None) => Vec::new(),
    };
    if list.is_empty() {
        reader.fault(
            &fields.place,
            "there is no session; expected \"session\" or \"sessions\"",
        );
        return None;
    }
    let read: Vec<_> = list
        .iter()
        .enumerate()
        .map(|(index, at)| session(reader, plan, at, index, screening))
        .collect();
    read.into_iter().collect()
}

fn session(
    reader: &mut Reader,
    plan: &Plan,
    at: &At<'_>,
    index: usize,
    screening: &[String],
) -> Option<Session> {
    let before = reader.fault_count();
    let fields = reader.object(at, &SESSION_FIELDS)?;
    let zone = required(reader, &fields, "zone", names::zone);
    let ended = required(reader, &fields, "ended_at", instants::session_end);
    let depth = fields.get("depth_mm").and_then(|at| {
        let mm = reader.number(&at)?;
        let depth = NeedleDepth::from_mm(mm).ok_or_else(|| names::depth_refused(mm));
        reader.keep(&fields.inside("depth_mm"), depth)
    });
    let areas: Vec<Area> = several(reader, &fields, "areas", names::area);
    let setting = fields
        .get("setting")
        .and_then(|at| reader.parsed(&at, names::setting))
        .unwrap_or(Setting::Clinic);
    let device = short_text(reader, &fields, "device", MAX_DEVICE_CHARS);
    let concerns: Vec<Concern> = several(reader, &fields, "concerns", concern);
    let clinic_gave: Vec<Supply> = several(reader, &fields, "clinic_gave", names::supply);
    let adjuncts: Vec<Adjunct> = several(reader, &fields, "adjuncts", names::adjunct);
    let exposed = fields
        .get("exposed")
        .and_then(|at| reader.flag(&at))
        .unwrap_or_default();
    if reader.fault_count() > before {
        return None;
    }
    let zone: Zone = zone?;
    Some(Session {
        id: SessionId(numbered(index)),
        ended_at: ended?.instant(&zone),
        zone,
        setting,
        device,
        depth,
        areas: areas_or_face(areas),
        concerns: concerns.into_iter().collect::<BTreeSet<_>>(),
        risks: risks_among(screening),
        clinic_gave: clinic_gave.into_iter().collect(),
        adjuncts: adjuncts.into_iter().collect(),
        exposed,
        plan: plan.reference(),
    })
}

/// A check-in before it is known which session it belongs to.
struct Entry {
    place: String,
    when: When,
    severities: Severities,
    signs: Option<EnumSet<Sign>>,
    temperature: Option<Temperature>,
    areas: EnumSet<Area>,
    note: String,
    revises: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy)]
enum When {
    At(DateTime<Utc>),
    On(NaiveDate),
}

impl Entry {
    fn read(reader: &mut Reader, at: &At<'_>) -> Option<Self> {
        let before = reader.fault_count();
        let fields = reader.object(at, &CHECK_IN_FIELDS)?;
        let when = when(reader, &fields);
        let severities = severities(reader, &fields);
        let signs = fields
            .get("signs")
            .and_then(|at| reader.parsed_list(&at, sign))
            .map(|signs| signs.into_iter().collect());
        let temperature = fields.get("temperature_c").and_then(|at| {
            let celsius = reader.number(&at)?;
            let place = fields.inside("temperature_c");
            reader.keep(&place, Temperature::try_from(celsius))
        });
        let areas: Vec<Area> = several(reader, &fields, "areas", names::area);
        let note = short_text(reader, &fields, "note", MAX_NOTE_CHARS).unwrap_or_default();
        let revises = fields
            .get("revises")
            .and_then(|at| reader.parsed(&at, instants::instant));
        if reader.fault_count() > before {
            return None;
        }
        if severities.is_empty() && signs.is_none() && temperature.is_none() {
            reader.fault(
                &fields.place,
                "nothing was answered; expected severities, signs or a temperature",
            );
            return None;
        }
        Some(Self {
            when: when?,
            severities,
            signs,
            temperature,
            areas: areas.into_iter().collect(),
            note,
            revises: revises.map(|at| at.to_utc()),
            place: fields.place,
        })
    }

    /// Its instant: of a date the evening, where and when its session's patient was, but not before
    /// the session's end. None before the first session's end.
    fn at(&self, sessions: &[Session]) -> Option<DateTime<Utc>> {
        match self.when {
            When::At(at) => Some(at),
            When::On(date) => {
                let ended = |session: &&Session| session.zone.date(session.ended_at) <= date;
                let treats = |session: &&Session| session.areas.iter().any(|area| self.areas.contains(*area));
                let latest = |session: &&Session| (session.ended_at, session.id);
                let session = sessions
                    .iter()
                    .filter(ended)
                    .filter(treats)
                    .max_by_key(latest)
                    .or_else(|| sessions.iter().filter(ended).max_by_key(latest))?;
                Some(session.evening_of(&session.zone, date))
            }
        }
    }
}

/// The check-ins as triage knows them, each with its session and with what it corrects.
fn check_ins_of(
    reader: &mut Reader,
    sessions: &[Session],
    entries: &[Entry],
    now: Option<DateTime<Utc>>,
) -> Vec<CheckIn> {
    let instants: Vec<_> = entries.iter().map(|entry| entry.at(sessions)).collect();
    let mut check_ins = Vec::with_capacity(entries.len());
    for (index, (entry, at)) in entries.iter().zip(&instants).enumerate() {
        let belongs = at.and_then(|at| Some((at, session_of(sessions, entry.areas, at)?)));
        let Some((at, session)) = belongs else {
            reader.fault(
                &entry.place,
                "it lies before the session's end; expected an instant at or after it",
            );
            continue;
        };
        if now.is_some_and(|now| at > now) {
            reader.fault(
                &entry.place,
                "it lies after \"now\"; expected an instant up to it",
            );
        }
        let revises = entry.revises.and_then(|revised| {
            let found = corrected(&instants, index, revised)
                .ok_or("\"revises\" names no other check-in; expected the instant of one in the list");
            reader.keep(&entry.place, found)
        });
        let local_date = place(session.0)
            .and_then(|index| sessions.get(index))
            .map_or_else(|| at.date_naive(), |known| known.zone.date(at));
        check_ins.push(CheckIn {
            id: CheckInId(numbered(index)),
            session,
            at,
            local_date,
            severities: entry.severities,
            signs: entry.signs,
            temperature: entry.temperature,
            areas: entry.areas,
            note: entry.note.clone(),
            revises: revises.map(|index| CheckInId(numbered(index))),
        });
    }
    check_ins
}

/// The check-in of an instant that another one corrects: the nearest before it in the list, else the
/// nearest after it, as lists may have any order.
fn corrected(instants: &[Option<DateTime<Utc>>], index: usize, revised: DateTime<Utc>) -> Option<usize> {
    let is_it = |other: &usize| instants[*other] == Some(revised);
    (0..index)
        .rev()
        .find(is_it)
        .or_else(|| (index + 1..instants.len()).find(is_it))
}

fn when(reader: &mut Reader, fields: &Fields<'_>) -> Option<When> {
    match (fields.get("at"), fields.get("date")) {
        (Some(at), None) => reader
            .parsed(&at, instants::instant)
            .map(|at| When::At(at.to_utc())),
        (None, Some(date)) => reader.parsed(&date, instants::date).map(When::On),
        (Some(_), Some(_)) => {
            reader.fault(&fields.place, "expected \"at\" or \"date\", found both");
            None
        }
        (None, None) => {
            reader.fault(&fields.place, "expected \"at\", an instant, or \"date\"");
            None
        }
    }
}

fn severities(reader: &mut Reader, fields: &Fields<'_>) -> Severities {
    let Some(answers) = fields.get("severities").and_then(|at| reader.map(&at)) else {
        return Severities::default();
    };
    let symptoms = names::of_all::<Symptom>();
    let mut severities = Severities::default();
    for (name, at) in answers.all() {
        let symptom = reader.keep(
            &answers.place,
            names::named::<Symptom>("symptom", name, &symptoms),
        );
        let Some(grade) = reader.number(&at) else {
            continue;
        };
        let severity = severity(grade)
            .ok_or_else(|| format!("severity {grade} is not accepted; expected 0, 1, 2, 3 or 4"));
        let severity = reader.keep(&answers.inside(name), severity);
        if let (Some(symptom), Some(severity)) = (symptom, severity) {
            severities.insert(symptom, severity);
        }
    }
    severities
}

#[expect(clippy::float_cmp, reason = "0 to 4 are exact")]
fn severity(grade: f64) -> Option<Severity> {
    (0..=4)
        .filter_map(Severity::new)
        .find(|severity| f64::from(severity.grade()) == grade)
}

fn sign(name: &str) -> Result<Sign, String> {
    names::named("sign", name, &names::of_all::<Sign>())
}

fn concern(name: &str) -> Result<Concern, String> {
    let deserializer: StrDeserializer<'_, ValueError> = name.into_deserializer();
    Concern::deserialize(deserializer).map_err(|error| error.to_string())
}

/// A field that must be there.
fn required<T>(
    reader: &mut Reader,
    fields: &Fields<'_>,
    name: &str,
    parse: fn(&str) -> Result<T, String>,
) -> Option<T> {
    if let Some(at) = fields.get(name) {
        return reader.parsed(&at, parse);
    }
    reader.fault(
        &fields.place,
        format_args!("\"{name}\" is missing; expected a text"),
    );
    None
}

/// A list that may be left out.
fn several<T>(
    reader: &mut Reader,
    fields: &Fields<'_>,
    name: &str,
    parse: fn(&str) -> Result<T, String>,
) -> Vec<T> {
    fields
        .get(name)
        .and_then(|at| reader.parsed_list(&at, parse))
        .unwrap_or_default()
}

/// A text that is no longer than is kept.
fn short_text(reader: &mut Reader, fields: &Fields<'_>, name: &str, limit: usize) -> Option<String> {
    let text = reader.text(&fields.get(name)?)?;
    let chars = text.chars().count();
    if chars > limit {
        let place = fields.inside(name);
        reader.fault(
            &place,
            format_args!("this text has {chars} characters; expected at most {limit}"),
        );
        return None;
    }
    Some(text.to_owned())
}

/// An identity by the place in a list.
fn numbered(index: usize) -> Uuid {
    Uuid::from_u128(index as u128)
}

/// The place in the list by the identity.
pub(super) fn place(id: Uuid) -> Option<usize> {
    usize::try_from(id.as_u128()).ok()
}
