//! Does a check-in need a clinician?
//!
//! The plan's rules are data ([`crate::plan::Rule`]); here they are weighed. The newest check-in is
//! judged by its own instant (elapsed days since the session's end), against what the plan expects
//! and against the earlier check-ins of the same session; where it may speak of other sessions' skin
//! too, it is held against each of them, and whatever fires counts. What earlier check-ins raised stays
//! open beside it: a later calm one does not clear a call, and a correction does not take one back. The
//! words, levels and sources are the plan's; nothing here names a cause.
//!
//! A worse or a further symptom in the newest check-in never lowers the level: conditions only ask for
//! more, and where one has an upper limit, a rule of a higher level takes over (the plan's reader sees
//! to it, a property test holds it).

mod course;
mod fact;

use chrono::{DateTime, Utc};
use enumset::EnumSet;
use serde::{Deserialize, Serialize};

pub use fact::Fact;

use crate::Locale;
use crate::check_in::{CheckIn, CheckInId};
use crate::plan::{Plan, SourceKey};
use crate::session::{Area, Session, SessionId};

/// How soon somebody should look at it.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TriageLevel {
    /// Nothing unusual.
    Expected,
    /// Keep an eye on it.
    Watch,
    /// Call the clinic today.
    CallClinic,
    /// Call emergency services now.
    Emergency,
}

impl TriageLevel {
    /// Every level, lowest first.
    pub const ALL: [Self; 4] = [Self::Expected, Self::Watch, Self::CallClinic, Self::Emergency];

    /// Its name in plan files and on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What the patient did about a check-in that asked for a call; it closes the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// The clinic was reached.
    ReachedClinic,
    /// A doctor or an urgent-care line was reached.
    ReachedOtherCare,
    /// Emergency services were called.
    CalledEmergency,
    /// The check-in was entered by mistake.
    EnteredByMistake,
}

/// The stable name of a rule (`severe_pain`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(pub String);

/// What follows from one check-in.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The check-in that was judged.
    pub check_in: CheckInId,
    /// The highest level of the findings; expected when no rule fired. Where the check-in is not
    /// complete, an expected level says only that nothing of what was answered is unusual.
    pub level: TriageLevel,
    /// Whether the signs, redness, swelling, warmth and pain were answered.
    pub complete: bool,
    /// What fired: highest level first, then in the plan's order.
    pub findings: Vec<Finding>,
}

/// The newest check-in's judgement, and what earlier ones leave open.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Of the newest check-in.
    pub newest: Judgement,
    /// What others had raised: calls of earlier check-ins, and whatever a corrected one had raised;
    /// highest level first, then newest first. Open until the patient or the clinic closes it.
    pub open: Vec<OpenFinding>,
    /// Check-ins that the plan asked for before the newest and that are not there.
    pub gaps: Vec<Gap>,
}

impl Assessment {
    /// The level to show: the higher of the newest check-in's and of the open calls.
    pub fn shown_level(&self) -> TriageLevel {
        self.open
            .iter()
            .filter(|open| open.finding.level >= TriageLevel::CallClinic)
            .map(|open| open.finding.level)
            .fold(self.newest.level, TriageLevel::max)
    }
}

/// A finding of another check-in than the newest.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenFinding {
    /// The check-in that raised it.
    pub check_in: CheckInId,
    /// When that was.
    pub at: DateTime<Utc>,
    /// Whether a later correction no longer says so.
    pub corrected: bool,
    /// What it was.
    pub finding: Finding,
}

/// Elapsed days in a row, both ends included, without a check-in that the plan asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The first.
    pub from_day: i64,
    /// The last.
    pub to_day: i64,
}

/// A rule that fired, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Which rule.
    pub rule: RuleId,
    /// Its level.
    pub level: TriageLevel,
    /// The check-in's elapsed day.
    pub day: i64,
    /// What made it fire; never empty.
    pub facts: Vec<Fact>,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether its limits are the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
}

impl Finding {
    /// What to do, in the patient's words; empty for a plan that does not have the rule. `day` is the
    /// check-in's recovery day, which the patient knows it by; the rule went by the elapsed one.
    pub fn advice(&self, plan: &Plan, locale: Locale, day: i64) -> String {
        plan.rule(&self.rule).map_or_else(String::new, |rule| {
            rule.texts(locale).advice.replace("{n}", &day.max(0).to_string())
        })
    }

    /// The facts as one sentence each.
    pub fn because(&self, plan: &Plan, locale: Locale) -> String {
        let sentences: Vec<_> = self
            .facts
            .iter()
            .map(|fact| fact.sentence(plan, locale))
            .collect();
        sentences.join(" ")
    }
}

/// The assessment as it stands at `now`: the newest check-in up to then, judged with those before it,
/// in whatever order they are given. None without one. `sessions` are all of the patient's; what
/// screening found in any of them counts for all.
pub fn assess(
    plan: &Plan,
    sessions: &[Session],
    check_ins: &[CheckIn],
    now: DateTime<Utc>,
) -> Option<Assessment> {
    course::Course::new(plan, sessions, check_ins, now).assess()
}

/// Each check-in up to `now` that no correction replaced, oldest first, judged with those before it.
pub fn judge_each(
    plan: &Plan,
    sessions: &[Session],
    check_ins: &[CheckIn],
    now: DateTime<Utc>,
) -> Vec<Judgement> {
    course::Course::new(plan, sessions, check_ins, now).judge_each()
}

/// The session that a check-in belongs to: the latest that had ended by then and treated one of the
/// areas; the latest of all where it names no area or one that was never treated. None before the
/// first session's end.
pub fn session_of(sessions: &[Session], areas: EnumSet<Area>, at: DateTime<Utc>) -> Option<SessionId> {
    let ended = || sessions.iter().filter(|session| session.ended_at <= at);
    let latest = |session: &&Session| (session.ended_at, session.id);
    ended()
        .filter(|session| session.areas.iter().any(|area| areas.contains(*area)))
        .max_by_key(latest)
        .or_else(|| ended().max_by_key(latest))
        .map(|session| session.id)
}
