//! Occurrences, sessions and a desk to cut a list at.

use std::collections::{BTreeSet, HashSet};

use afterglow_care::check_in::CheckInId;
use afterglow_care::plan::InstructionId;
use afterglow_care::schedule::{Basis, Due, Escalation, Occurrence, OccurrenceKey, What};
use afterglow_care::session::{Area, NeedleDepth, SessionId, Setting};
use afterglow_care::triage::TriageLevel;
use afterglow_care::{Plan, Session, Zone};
use afterglow_reminders::alarms::{AlarmList, QuietHours};
use afterglow_reminders::planner::{Cut, coming, cut, occurrences};
use afterglow_reminders::settings::ReminderSettings;
use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use enumset::EnumSet;

pub(crate) const SESSION: SessionId = SessionId(uuid::Uuid::from_u128(1));

pub(crate) fn utc(text: &str) -> DateTime<Utc> {
    civil(text).and_utc()
}

pub(crate) fn civil(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

pub(crate) fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

pub(crate) fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

pub(crate) fn berlin(text: &str) -> DateTime<Utc> {
    zone("Europe/Berlin").instant(civil(text))
}

pub(crate) fn id(name: &str) -> InstructionId {
    InstructionId(name.to_owned())
}

pub(crate) fn occurrence(instruction: &str, what: What, due: Due, due_at: DateTime<Utc>) -> Occurrence {
    let stamp = due_at.format("%Y-%m-%d@%H:%M");
    Occurrence {
        key: OccurrenceKey(format!("{SESSION}/{instruction}/{}/{stamp}", what.name())),
        session: SESSION,
        instruction: id(instruction),
        what,
        due,
        due_at,
        valid_until: due_at + TimeDelta::hours(16),
        chosen: false,
    }
}

pub(crate) fn elapsed(instruction: &str, what: What, due: &str) -> Occurrence {
    occurrence(instruction, what, Due::Elapsed(utc(due)), utc(due))
}

/// In UTC, so that due time and instant look alike.
pub(crate) fn daily(instruction: &str, what: What, due: &str) -> Occurrence {
    occurrence(instruction, what, Due::Civil(civil(due)), utc(due))
}

pub(crate) fn night() -> QuietHours {
    QuietHours {
        from: time(22, 0),
        until: time(8, 0),
    }
}

/// A session of the face, 1.0 mm deep.
pub(crate) fn session(ended_at: DateTime<Utc>) -> Session {
    Session {
        id: SESSION,
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
        plan: Plan::microneedling().reference(),
    }
}

/// A call that nobody answered yet.
pub(crate) fn open_call(at: DateTime<Utc>) -> Escalation {
    Escalation {
        session: SESSION,
        check_in: CheckInId(uuid::Uuid::from_u128(9)),
        at,
        level: TriageLevel::CallClinic,
        reached_at: None,
        answered_at: None,
    }
}

/// A desk with everything that a list is cut from, to be changed by each test. It is in UTC and never quiet.
pub(crate) struct Desk {
    pub(crate) plan: Plan,
    pub(crate) sessions: Vec<Session>,
    pub(crate) escalations: Vec<Escalation>,
    pub(crate) settings: ReminderSettings,
    pub(crate) settled: HashSet<OccurrenceKey>,
    pub(crate) checked_in_on: Option<&'static str>,
    pub(crate) planned_to: Option<&'static str>,
    pub(crate) zone: Zone,
    pub(crate) now: DateTime<Utc>,
    pub(crate) capacity: usize,
}

impl Desk {
    /// How soon a call was asked for in which nobody was reached yet.
    pub(crate) fn call(&self) -> Option<TriageLevel> {
        let mut calls = self.escalations.iter();
        calls
            .find(|call| call.reached_at.is_none() && call.answered_at.is_none())
            .map(|call| call.level)
    }
}

impl std::fmt::Debug for Desk {
    /// Without the plan, which fills pages.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ended: Vec<_> = self.sessions.iter().map(|session| session.ended_at).collect();
        write!(
            f,
            "{} in {:?}, sessions {ended:?}, calls {:?}, {:?}, capacity {}",
            self.now,
            self.zone.name(),
            self.escalations,
            self.settings,
            self.capacity
        )
    }
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            plan: Plan::microneedling(),
            sessions: Vec::new(),
            escalations: Vec::new(),
            settings: ReminderSettings {
                quiet_hours: None,
                ..ReminderSettings::default()
            },
            settled: HashSet::new(),
            checked_in_on: None,
            planned_to: None,
            zone: Zone::UTC,
            now: utc("2027-01-01 12:00"),
            capacity: 2_000,
        }
    }
}

impl Desk {
    /// In Berlin at a local time, with the settings of a patient who chose nothing.
    pub(crate) fn berlin(sessions: &[Session], now: &str) -> Self {
        Self {
            sessions: sessions.to_vec(),
            settings: ReminderSettings::default(),
            zone: zone("Europe/Berlin"),
            now: berlin(now),
            ..Self::default()
        }
    }

    pub(crate) fn basis(&self) -> Basis<'_> {
        Basis {
            sessions: &self.sessions,
            escalations: &self.escalations,
            ..Basis::default()
        }
    }

    fn of<'a>(&'a self, occurrences: &'a [Occurrence]) -> Cut<'a> {
        Cut {
            plan: &self.plan,
            basis: self.basis(),
            occurrences,
            settings: &self.settings,
            settled: &self.settled,
            checked_in_on: self.checked_in_on.map(|date| date.parse().unwrap()),
            planned_to: self.planned_to.map(|date| date.parse().unwrap()),
            zone: &self.zone,
            now: self.now,
            capacity: self.capacity,
        }
    }

    pub(crate) fn cut(&self, occurrences: &[Occurrence]) -> AlarmList {
        let list = cut(&self.of(occurrences));
        list.check(self.capacity).unwrap();
        list
    }

    /// What the sessions and calls on the desk ask for.
    pub(crate) fn occurrences(&self) -> Vec<Occurrence> {
        occurrences(&self.plan, self.basis(), &self.settings, &self.zone)
    }

    /// The list of it.
    pub(crate) fn list(&self) -> AlarmList {
        self.cut(&self.occurrences())
    }

    /// What is shown when, as local date and time and the end of the key (`no_makeup/all_clear/+72h`).
    pub(crate) fn coming(&self) -> Vec<(String, String)> {
        let occurrences = self.occurrences();
        coming(&self.of(&occurrences))
            .into_iter()
            .map(|(at, occurrence)| {
                let at = self.zone.local(at).format("%Y-%m-%d %H:%M").to_string();
                let key = occurrence.key.0.split_once('/').unwrap().1;
                (at, key.to_owned())
            })
            .collect()
    }

    /// When the occurrence whose key ends so is shown, as local date and time.
    pub(crate) fn shows(&self, key: &str) -> Vec<String> {
        let coming = self.coming().into_iter();
        coming
            .filter(|(_, other)| other == key)
            .map(|(at, _)| at)
            .collect()
    }

    /// The key in full of the first session's occurrence.
    pub(crate) fn key(key: &str) -> OccurrenceKey {
        OccurrenceKey(format!("{SESSION}/{key}"))
    }
}

/// The instants of a list whose desk is in UTC.
pub(crate) fn whens(list: &AlarmList) -> Vec<String> {
    list.alarms
        .iter()
        .map(|alarm| alarm.when.instant(&Zone::UTC).format("%d %H:%M").to_string())
        .collect()
}
