//! What each day of recovery is like, and what becomes allowed on it.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::Zone;
use crate::plan::{InstructionId, Phase, Plan};
use crate::restriction::{Restriction, restrictions_of};
use crate::session::Session;

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
    /// own end, to be said with its own [`over`](crate::plan::InstructionTexts::over).
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
            .filter(|r| begins_at <= r.until && r.until < over_at)
            .map(|r| (r.instruction.clone(), r.until))
            .collect(),
        holds: restrictions
            .iter()
            .filter(|r| r.from < over_at && over_at <= r.until)
            .map(|r| r.instruction.clone())
            .collect(),
    }
}
