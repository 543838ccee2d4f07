//! The care plan: what a patient is told to do and to avoid, until when, and who says so.
//!
//! A plan is data (`care/plans/*.toml`) that a clinic could have written: instructions, phases,
//! expected severities and the advice of triage rules, each with its sources. [`Plan::parse`]
//! reads it together with its translations and refuses whatever does not fit, with the place and
//! what was expected. A parsed plan is complete: every class, symptom, phase and language answers.

mod band;
mod fault;
mod file;
mod parse;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

pub use band::{BAND_DAYS, Band, BandShift, HIGHEST_EXPECTED, Shift};
pub use fault::{PlanDocument, PlanError, PlanFault, Position};
pub use values::{ByClass, DayRange, PerLocale, Window};

use crate::Locale;
use crate::check_in::{Severity, Symptom};
use crate::session::{Area, DepthClass, Session};
use crate::timeline::{Accent, PhaseId};
use crate::triage::{RuleId, TriageLevel};

/// The longest sentence that a plan may say to a patient, in characters.
pub const MAX_TEXT_CHARS: usize = 140;

/// A plan's identity and version: what a session is pinned to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PlanRef {
    /// The plan's name (`microneedling`).
    pub id: String,
    /// Counts up with every change of content.
    pub version: u32,
}

/// The stable name of an instruction (`no_makeup`); it stands in files that patients keep.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct InstructionId(pub String);

impl std::fmt::Display for InstructionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key of a source (`NHS-CW`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceKey(pub String);

/// Where something in the plan comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is.
    pub title: String,
    /// Where it is, when it has an address.
    pub address: Option<String>,
}

/// A care plan; see the module.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its name (`microneedling`).
    pub id: String,
    /// Its version; counts up with every change of content.
    pub version: u32,
    texts: PerLocale<PlanTexts>,
    sources: BTreeMap<SourceKey, Source>,
    instructions: Vec<Instruction>,
    /// By [`PhaseId`], in order.
    phases: [Phase; PhaseId::ALL.len()],
    /// By [`Symptom`], in order.
    bands: [ByClass<Band>; Symptom::ALL.len()],
    band_shifts: Vec<BandShift>,
    rules: Vec<Rule>,
}

/// What a plan says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanTexts {
    /// Its title.
    pub title: String,
    /// Who reviewed it, or that nobody did yet.
    pub review: String,
}

/// Something to do, to avoid or to limit.
#[derive(Debug, Clone)]
pub struct Instruction {
    /// Its stable name.
    pub id: InstructionId,
    /// Do, avoid or limit.
    pub kind: InstructionKind,
    /// When it holds.
    pub timing: Timing,
    /// It holds when one of these was treated; every area when none is named.
    pub areas: Option<BTreeSet<Area>>,
    /// Of an avoid: the limit that holds after it, so that its end is not yet "fine again".
    pub followed_by: Option<InstructionId>,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether a window is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    texts: PerLocale<InstructionTexts>,
}

/// What an instruction asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstructionKind {
    /// Something to do.
    Do,
    /// Something to leave alone.
    Avoid,
    /// Something to do less of.
    Limit,
}

/// When an instruction holds. Hours are elapsed since the session's end; times are what the wall
/// clock shows; days are recovery days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Timing {
    /// From one elapsed hour to another, with daily times inside where it names some.
    Window {
        /// When it opens and ends, per depth class.
        hours: ByClass<Window>,
        /// Wall-clock times on each day of the window.
        #[serde(default, deserialize_with = "values::wall_times")]
        daily: Vec<NaiveTime>,
    },
    /// At a time of certain days, something that takes the evening.
    Evenings {
        /// The recovery days, per depth class.
        days: ByClass<BTreeSet<u16>>,
        /// The wall-clock time.
        #[serde(deserialize_with = "values::wall_time")]
        time: NaiveTime,
    },
    /// At a time of certain days, a single question.
    Questions {
        /// The recovery days, per depth class.
        days: ByClass<BTreeSet<u16>>,
        /// The wall-clock time.
        #[serde(deserialize_with = "values::wall_time")]
        time: NaiveTime,
    },
    /// Asks for a check-in on certain days, and once some hours after the session.
    CheckIns {
        /// The recovery days, per depth class.
        days: ByClass<BTreeSet<u16>>,
        /// The wall-clock time.
        #[serde(deserialize_with = "values::wall_time")]
        time: NaiveTime,
        /// When the first one is asked, in elapsed hours.
        first_after: u32,
    },
    /// One moment.
    Moment {
        /// In elapsed hours, per depth class.
        hours: ByClass<u32>,
    },
    /// As the clinic prescribed; the plan knows no times.
    Prescribed,
}

/// An instruction's words in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstructionTexts {
    /// What it is about, in a word or two: "Makeup".
    pub label: String,
    /// What it asks: a sentence or a few, at most [`MAX_TEXT_CHARS`].
    pub text: String,
    /// Why, in one line.
    pub why: String,
    /// Of an avoid or a limit: what is true at its own end, whatever follows it. To say that all of
    /// it is over use [`Plan::over`].
    pub over: Option<String>,
}

/// A named stretch of the recovery.
#[derive(Debug, Clone)]
pub struct Phase {
    /// Which.
    pub id: PhaseId,
    /// Its hues, each for an equal share of its days.
    pub accents: Vec<Accent>,
    /// First and last recovery day, per depth class.
    pub days: ByClass<DayRange>,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether the days are the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    texts: PerLocale<PhaseTexts>,
}

/// A phase's words in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhaseTexts {
    /// Its name.
    pub name: String,
    /// What is normal.
    pub normal: String,
    /// What to do.
    pub care: String,
    /// What results to expect by then.
    pub results: String,
}

/// What the plan says about a rule of triage.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its stable name.
    pub id: RuleId,
    /// The level that it asks for.
    pub level: TriageLevel,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether its limits are the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    texts: PerLocale<RuleTexts>,
}

/// A rule's words in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTexts {
    /// What to do; `{n}` stands for the recovery day. It names no cause.
    pub advice: String,
}

impl Plan {
    /// The default plan, in every language of the app; read once.
    ///
    /// # Panics
    /// Never in a build whose tests passed: the files are part of the program.
    pub fn microneedling() -> Self {
        static DEFAULT: LazyLock<Plan> = LazyLock::new(|| {
            let plan = include_str!("../../plans/microneedling.toml");
            let spanish = include_str!("../../plans/microneedling.es.toml");
            Plan::parse(plan, &[spanish]).expect("the embedded plan is valid")
        });
        DEFAULT.clone()
    }

    /// Reads a plan in its own language and its translations into the others.
    pub fn parse(plan: &str, translations: &[&str]) -> Result<Self, PlanError> {
        parse::parse(plan, translations)
    }

    /// What a session is pinned to.
    pub fn reference(&self) -> PlanRef {
        PlanRef {
            id: self.id.clone(),
            version: self.version,
        }
    }

    /// What the plan says about itself.
    pub fn texts(&self, locale: Locale) -> &PlanTexts {
        self.texts.get(locale)
    }

    /// Every source, by key.
    pub fn sources(&self) -> &BTreeMap<SourceKey, Source> {
        &self.sources
    }

    /// The source of that key.
    pub fn source(&self, key: &SourceKey) -> Option<&Source> {
        self.sources.get(key)
    }

    /// Every instruction, in the plan's order.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// The instruction of that name.
    pub fn instruction(&self, id: &InstructionId) -> Option<&Instruction> {
        self.instructions.iter().find(|instruction| instruction.id == *id)
    }

    /// The instructions that concern a session: those for one of its areas, in the plan's order.
    pub fn instructions_for<'a>(&'a self, session: &'a Session) -> impl Iterator<Item = &'a Instruction> {
        self.instructions
            .iter()
            .filter(|instruction| instruction.concerns(session))
    }

    /// The limit that follows an avoid (`no_makeup` is followed by `makeup_careful`).
    pub fn follow_up(&self, id: &InstructionId) -> Option<&InstructionId> {
        self.instruction(id)?.followed_by.as_ref()
    }

    /// What is said when an avoid or a limit, and whatever follows it, is over: "Makeup is fine
    /// again." None for something to do and for unknown names.
    pub fn over(&self, id: &InstructionId, locale: Locale) -> Option<&str> {
        let last = self.follow_up(id).unwrap_or(id);
        self.instruction(last)?.texts(locale).over.as_deref()
    }

    /// The phase of that name.
    pub fn phase(&self, id: PhaseId) -> &Phase {
        &self.phases[id as usize]
    }

    /// The last recovery day that the plan speaks of.
    pub fn last_day(&self, class: DepthClass) -> i64 {
        i64::from(self.phase(PhaseId::Review).days.get(class).to_day)
    }

    /// The highest severity that is still expected on an elapsed day (day 0 before the session's
    /// end), with the shifts that hold when every treated area asks for them.
    pub fn expected(
        &self,
        symptom: Symptom,
        class: DepthClass,
        areas: &BTreeSet<Area>,
        day: i64,
    ) -> Severity {
        let day = usize::try_from(day).unwrap_or(0);
        band::expected(self.band(symptom, class), &self.band_shifts, symptom, areas, day)
    }

    /// A symptom's band before any shift by area.
    pub fn band(&self, symptom: Symptom, class: DepthClass) -> &Band {
        self.bands[symptom as usize].get(class)
    }

    /// What moves bands by area.
    pub fn band_shifts(&self) -> &[BandShift] {
        &self.band_shifts
    }

    /// The rules of triage, in the plan's order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of that name.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == *id)
    }
}

impl Instruction {
    /// Whether it is for one of a session's areas.
    pub fn concerns(&self, session: &Session) -> bool {
        self.areas
            .as_ref()
            .is_none_or(|areas| !areas.is_disjoint(&session.areas))
    }

    /// Its words.
    pub fn texts(&self, locale: Locale) -> &InstructionTexts {
        self.texts.get(locale)
    }
}

impl Phase {
    /// Its words.
    pub fn texts(&self, locale: Locale) -> &PhaseTexts {
        self.texts.get(locale)
    }
}

impl Rule {
    /// Its words.
    pub fn texts(&self, locale: Locale) -> &RuleTexts {
        self.texts.get(locale)
    }
}
