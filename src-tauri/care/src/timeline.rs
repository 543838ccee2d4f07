//! What each day of recovery is like, and what becomes allowed on it.
//!
//! [`days`] tells each day by itself; [`timeline`] folds them into rows.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use enumset::EnumSet;
use serde::{Deserialize, Serialize};

use crate::check_in::{CheckIn, CheckInId, Severities, Symptom};
use crate::course::{NextSession, next_session};
use crate::plan::{InstructionId, InstructionKind, Phase, Plan, PreCare};
use crate::restriction::{Restriction, WindowKind, merged, restrictions_of, superseded_at};
use crate::schedule::Basis;
use crate::session::{Appointment, Session};
use crate::{Locale, Zone};

/// A named stretch of the recovery, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PhaseId {
    /// Inflammation: the first day.
    RedAndWarm,
    /// Inflammation: settling.
    Calming,
    /// Proliferation: dryness, then peeling.
    DryAndFlaky,
    /// The surface has closed.
    SurfaceHealed,
    /// Remodelling: the first change.
    EarlyChange,
    /// Remodelling: collagen builds.
    Building,
    /// Remodelling: results can be judged.
    Review,
}

impl PhaseId {
    /// Every phase, in order.
    pub const ALL: [Self; 7] = [
        Self::RedAndWarm,
        Self::Calming,
        Self::DryAndFlaky,
        Self::SurfaceHealed,
        Self::EarlyChange,
        Self::Building,
        Self::Review,
    ];

    /// Its name in plan files and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::RedAndWarm => "red_and_warm",
            Self::Calming => "calming",
            Self::DryAndFlaky => "dry_and_flaky",
            Self::SurfaceHealed => "surface_healed",
            Self::EarlyChange => "early_change",
            Self::Building => "building",
            Self::Review => "review",
        }
    }
}

/// The hue of a stretch of the recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Accent {
    /// Inflammation.
    Redness,
    /// Dryness.
    Dry,
    /// Peeling.
    Peeling,
    /// The surface has healed.
    Calm,
    /// Remodelling.
    Results,
}

/// How much time a row of the timeline stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One recovery day.
    Day,
    /// About seven.
    Week,
    /// About thirty.
    Month,
}

/// A phase as it is on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhaseOnDay {
    /// Which.
    pub id: PhaseId,
    /// The hue of that day.
    pub accent: Accent,
    /// The phase's first recovery day.
    pub from_day: i64,
    /// The phase's last recovery day.
    pub to_day: i64,
}

/// The way from the newest session to the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Today's recovery day.
    pub today: i64,
    /// Every recovery day from 0 to the plan's last, once, in order.
    pub rows: Vec<Row>,
}

/// A stretch of the timeline; it lies within one phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How much time it stands for.
    pub grain: Grain,
    /// Its first recovery day.
    pub from_day: i64,
    /// Its last recovery day.
    pub to_day: i64,
    /// The date of its first day, in the patient's zone.
    pub from_date: NaiveDate,
    /// The date of its last day, in the patient's zone.
    pub to_date: NaiveDate,
    /// The phase, as it is on its first day.
    pub phase: PhaseOnDay,
    /// Whether the phase begins with it.
    pub phase_begins: bool,
    /// What ends in it for every session, soonest first: where a limit follows an avoid, each at its
    /// own end, to be said with its own [`over`](crate::plan::InstructionTexts::over). What only the
    /// clinic can say is not among it.
    pub ends: Vec<(InstructionId, DateTime<Utc>)>,
    /// What still holds when its last day is over, soonest end first; of an avoid and the limit that
    /// follows it one.
    pub holds: Vec<InstructionId>,
}

/// The phase of a recovery day: the first before day 0, the last after the plan's last day.
pub fn phase_on(plan: &Plan, session: &Session, day: i64) -> PhaseOnDay {
    let class = session.window_class();
    let id = PhaseId::ALL
        .into_iter()
        .rev()
        .find(|id| i64::from(plan.phase(*id).days.get(class).from_day) <= day)
        .unwrap_or(PhaseId::RedAndWarm);
    on_day(plan.phase(id), session, day)
}

/// Every phase in order, each as it is on its first day.
pub fn phases(plan: &Plan, session: &Session) -> Vec<PhaseOnDay> {
    PhaseId::ALL
        .into_iter()
        .map(|id| {
            let phase = plan.phase(id);
            on_day(
                phase,
                session,
                phase.days.get(session.window_class()).from_day.into(),
            )
        })
        .collect()
}

fn on_day(phase: &Phase, session: &Session, day: i64) -> PhaseOnDay {
    let days = phase.days.get(session.window_class());
    let (from_day, to_day) = (i64::from(days.from_day), i64::from(days.to_day));
    let passed = usize::try_from(day.clamp(from_day, to_day) - from_day).unwrap_or(0);
    let length = usize::from(days.to_day - days.from_day) + 1;
    // A plan's phase has at least one accent; each has an equal share of the days.
    let accent = phase
        .accents
        .get(passed * phase.accents.len() / length)
        .copied()
        .unwrap_or(Accent::Calm);
    PhaseOnDay {
        id: phase.id,
        accent,
        from_day,
        to_day,
    }
}

/// The timeline, its days counted from the newest session; what ends and holds is that of every
/// session ([`restrictions_of`]). None without a session.
///
/// Rows are of a day to day 14, of about a week to day 30 and of about a month after, to the
/// plan's last day. No row reaches over the end of a phase; what is left of a phase after
/// a row and is shorter than half a row is part of it.
pub fn timeline(plan: &Plan, sessions: &[Session], zone: &Zone, now: DateTime<Utc>) -> Option<Timeline> {
    let session = sessions
        .iter()
        .max_by_key(|session| (session.ended_at, session.id))?;
    let restrictions = restrictions_of(plan, sessions, now);
    let last_day = plan.last_day(session.window_class());
    let mut rows = Vec::new();
    let mut from_day = 0;
    while from_day <= last_day {
        let phase = phase_on(plan, session, from_day);
        let (grain, length) = match from_day {
            ..=14 => (Grain::Day, 1),
            15..30 => (Grain::Week, 7),
            _ => (Grain::Month, 30),
        };
        let end = from_day + length - 1;
        let to_day = if phase.to_day - end < (length + 1) / 2 {
            phase.to_day
        } else {
            end
        };
        rows.push(row(
            session,
            zone,
            &restrictions,
            Span {
                grain,
                from_day,
                to_day,
                phase,
            },
        ));
        from_day = to_day + 1;
    }
    Some(Timeline {
        today: session.recovery_day(zone, now),
        rows,
    })
}

/// Which days a row is made of.
#[derive(Clone, Copy)]
struct Span {
    grain: Grain,
    from_day: i64,
    to_day: i64,
    phase: PhaseOnDay,
}

fn row(session: &Session, zone: &Zone, restrictions: &[Restriction], span: Span) -> Row {
    let day_zero = zone.date(session.ended_at);
    let date = |day: i64| day_zero + Days::new(day.unsigned_abs());
    let over_at = zone.instant(date(span.to_day + 1).and_time(NaiveTime::MIN));
    let begins_at = zone.instant(date(span.from_day).and_time(NaiveTime::MIN));
    Row {
        grain: span.grain,
        from_day: span.from_day,
        to_day: span.to_day,
        from_date: date(span.from_day),
        to_date: date(span.to_day),
        phase: span.phase,
        phase_begins: span.phase.from_day == span.from_day,
        ends: restrictions
            .iter()
            .filter(|r| !r.ask && begins_at <= r.until && r.until < over_at)
            .map(|r| (r.instruction.clone(), r.until))
            .collect(),
        holds: restrictions
            .iter()
            .filter(|r| r.from < over_at && over_at <= r.until)
            .map(|r| r.instruction.clone())
            .collect(),
    }
}

/// One day of the recovery, or before a booked session.
#[derive(Debug, Clone, PartialEq)]
pub struct Day<'a> {
    /// The recovery day of the newest session; where none has ended, counted to the booked one.
    pub day: i64,
    /// Its date, in the patient's zone.
    pub date: NaiveDate,
    /// Whether it is now's date.
    pub is_today: bool,
    /// The phase; none before a first session.
    pub phase: Option<PhaseOnDay>,
    /// What holds at some time of it, soonest end first: for the sessions, the latest window of
    /// each instruction; and what is to be done and avoided before a booked session.
    pub holds: Vec<HoldsOnDay<'a>>,
    /// What begins on it.
    pub starts: Vec<(&'a InstructionId, DateTime<Utc>)>,
    /// What ends on it, soonest first: where a limit follows an avoid, each at its own end. What only
    /// the clinic can say is not among it, nor what a booked session ends.
    pub ends: Vec<(&'a InstructionId, DateTime<Utc>)>,
    /// The highest severities that are still expected on the elapsed day of the same number; none
    /// before a first session.
    pub expected: Option<Severities>,
    /// The check-ins of its date that count, oldest first.
    pub check_ins: Vec<CheckInId>,
    /// What is booked on it.
    pub appointments: Vec<&'a Appointment>,
    /// The next session of the course, where it usually falls on this day.
    pub next_session: Option<NextSession>,
}

/// A window that holds on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldsOnDay<'a> {
    /// The instruction.
    pub instruction: &'a InstructionId,
    /// What it asks.
    pub kind: WindowKind,
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant at which it no longer holds.
    pub until: DateTime<Utc>,
}

impl Day<'_> {
    /// What results to expect by then, in the phase's words; none before a first session.
    pub fn results<'p>(&self, plan: &'p Plan, locale: Locale) -> Option<&'p str> {
        let phase = self.phase?;
        Some(plan.phase(phase.id).texts(locale).results.as_str())
    }
}

/// A booked session to come, and what to do and avoid before it.
#[derive(Debug, Clone)]
pub struct Booked<'a> {
    /// What is booked.
    pub appointment: &'a Appointment,
    /// Its date, in the patient's zone.
    pub date: NaiveDate,
    /// What is asked for before it and from when, soonest first; it holds until the appointment.
    pub before: Vec<(&'a PreCare, DateTime<Utc>)>,
}

/// The booked sessions to come, soonest first. One of today stays until the day is over or it is entered as a session.
pub fn booked<'a>(
    plan: &'a Plan,
    basis: impl Into<Basis<'a>>,
    zone: &Zone,
    now: DateTime<Utc>,
) -> Vec<Booked<'a>> {
    to_come(basis.into(), zone, now)
        .into_iter()
        .map(|appointment| {
            let before = plan.pre_care().iter().map(|pre_care| {
                let hours = TimeDelta::hours(pre_care.hours_before.into());
                (pre_care, appointment.at - hours)
            });
            let mut before: Vec<_> = before.collect();
            before.sort_by_key(|(_, from)| *from);
            Booked {
                appointment,
                date: zone.date(appointment.at),
                before,
            }
        })
        .collect()
}

/// What is booked from now's date on and did not happen yet, soonest first.
fn to_come<'a>(basis: Basis<'a>, zone: &Zone, now: DateTime<Utc>) -> Vec<&'a Appointment> {
    let today = zone.date(now);
    let ended: BTreeSet<_> = basis.sessions.iter().map(|session| session.id).collect();
    let mut booked: Vec<_> = basis
        .appointments
        .iter()
        .filter(|booked| !ended.contains(&booked.id) && zone.date(booked.at) >= today)
        .collect();
    booked.sort_unstable_by_key(|booked| (booked.at, booked.id));
    booked
}

/// Each day from day 0 of the newest session to the plan's last, in order. Where no session has
/// ended yet, each day from the first on which something is asked for before the soonest booked
/// session, counted to its day 0. Booked sessions of the past are left out; what is asked for before
/// the others stands on its dates. Empty where nothing has ended and nothing is booked.
pub fn days<'a>(
    plan: &'a Plan,
    basis: impl Into<Basis<'a>>,
    check_ins: &[CheckIn],
    zone: &Zone,
    now: DateTime<Utc>,
) -> Vec<Day<'a>> {
    let basis = basis.into();
    let sessions = basis.sessions;
    let today = zone.date(now);
    let booked = to_come(basis, zone, now);
    let newest = newest(sessions);
    let Some(zero_at) = newest
        .map(|session| session.ended_at)
        .or(booked.first().map(|booked| booked.at))
    else {
        return Vec::new();
    };
    let first_day = match newest {
        Some(_) => 0,
        None => -days_before(plan),
    };
    let last_day = newest.map_or(0, |session| plan.last_day(session.window_class()));
    let areas: EnumSet<_> = newest
        .into_iter()
        .flat_map(|session| session.areas.iter().copied())
        .collect();
    let day_zero = zone.date(zero_at);
    let mut road = Road {
        zone,
        first: day_zero + TimeDelta::days(first_day),
        days: (first_day..=last_day)
            .map(|day| {
                let date = day_zero + TimeDelta::days(day);
                Day {
                    day,
                    date,
                    is_today: date == today,
                    phase: newest.map(|session| phase_on(plan, session, day)),
                    holds: Vec::new(),
                    starts: Vec::new(),
                    ends: Vec::new(),
                    expected: newest.map(|session| {
                        let of = |symptom| plan.expected(symptom, session.band_class(), areas, day);
                        Symptom::ALL
                            .into_iter()
                            .map(|symptom| (symptom, of(symptom)))
                            .collect()
                    }),
                    check_ins: Vec::new(),
                    appointments: Vec::new(),
                    next_session: None,
                }
            })
            .collect(),
    };
    road.windows(plan, sessions, &booked);
    road.check_ins(check_ins);
    for booked in booked {
        if let Some(day) = road.on(zone.date(booked.at)) {
            day.appointments.push(booked);
        }
    }
    if let Some(next) = next_session(plan, basis, zone) {
        for day in road.between(next.earliest, next.latest) {
            day.next_session = Some(next);
        }
    }
    road.days
}

pub(crate) fn newest(sessions: &[Session]) -> Option<&Session> {
    sessions
        .iter()
        .max_by_key(|session| (session.ended_at, session.id))
}

/// How many days before a booked session the first of what is asked for begins.
fn days_before(plan: &Plan) -> i64 {
    let hours = plan.pre_care().iter().map(|pre_care| pre_care.hours_before).max();
    i64::from(hours.unwrap_or(0).div_ceil(24))
}

/// Days that follow each other.
struct Road<'a, 'z> {
    zone: &'z Zone,
    first: NaiveDate,
    days: Vec<Day<'a>>,
}

impl<'a> Road<'a, '_> {
    /// The place of a date, which may lie before the first day or after the last.
    fn place(&self, date: NaiveDate) -> i64 {
        (date - self.first).num_days()
    }

    fn on(&mut self, date: NaiveDate) -> Option<&mut Day<'a>> {
        let place = usize::try_from(self.place(date)).ok()?;
        self.days.get_mut(place)
    }

    /// The days from one date to another, both included.
    fn between(&mut self, from: NaiveDate, to: NaiveDate) -> &mut [Day<'a>] {
        let (from, to) = (self.place(from).max(0), self.place(to) + 1);
        let end = usize::try_from(to).unwrap_or(0).min(self.days.len());
        let begin = usize::try_from(from).unwrap_or(0).min(end);
        &mut self.days[begin..end]
    }

    /// What holds, begins and ends.
    fn windows(&mut self, plan: &'a Plan, sessions: &[Session], booked: &[&Appointment]) {
        let mut windows: Vec<_> = merged(plan, sessions, Some(&superseded_at(sessions)))
            .into_iter()
            .map(|merged| {
                let holds = HoldsOnDay {
                    instruction: &merged.instruction.id,
                    kind: merged.kind(),
                    from: merged.from,
                    until: merged.until,
                };
                (holds, holds.kind != WindowKind::Ask)
            })
            .collect();
        for booked in booked {
            windows.extend(plan.pre_care().iter().map(|pre_care| {
                let holds = HoldsOnDay {
                    instruction: &pre_care.id,
                    kind: match pre_care.kind {
                        InstructionKind::Avoid => WindowKind::Avoid,
                        InstructionKind::Limit => WindowKind::Limit,
                        InstructionKind::Do => WindowKind::Do,
                    },
                    from: booked.at - TimeDelta::hours(pre_care.hours_before.into()),
                    until: booked.at,
                };
                (holds, false)
            }));
        }
        windows.sort_by_key(|(holds, _)| holds.until);
        for (holds, ends) in windows {
            let HoldsOnDay {
                instruction,
                from,
                until,
                ..
            } = holds;
            // An end at midnight is the next day's, which it does not hold on any more.
            let last = self.zone.date(until - TimeDelta::seconds(1));
            let (begin, end) = (self.zone.date(from), self.zone.date(until));
            for day in self.between(begin, last) {
                day.holds.push(holds);
            }
            if let Some(day) = self.on(begin) {
                day.starts.push((instruction, from));
            }
            if let Some(day) = self.on(end).filter(|_| ends) {
                day.ends.push((instruction, until));
            }
        }
    }

    /// Those that no other corrects, oldest first.
    fn check_ins(&mut self, check_ins: &[CheckIn]) {
        let revised: BTreeSet<_> = check_ins.iter().filter_map(|check_in| check_in.revises).collect();
        let mut counted: Vec<_> = check_ins
            .iter()
            .filter(|check_in| !revised.contains(&check_in.id))
            .collect();
        counted.sort_unstable_by_key(|check_in| (check_in.at, check_in.id));
        for check_in in counted {
            if let Some(day) = self.on(check_in.local_date) {
                day.check_ins.push(check_in.id);
            }
        }
    }
}
