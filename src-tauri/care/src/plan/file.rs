//! The shape of a plan file and of a translation, before anything is checked against anything else.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::{
    ByClass, DayRange, InstructionKind, InstructionTexts, PhaseTexts, PlanTexts, RuleTexts, Shift, Source,
    SourceKey, Timing,
};
use crate::Locale;
use crate::check_in::Symptom;
use crate::session::{Area, DepthClass};
use crate::timeline::{Accent, PhaseId};
use crate::triage::TriageLevel;

/// The format that this version reads.
pub(super) const FORMAT: u32 = 1;

/// A name, with its place in the file.
pub(super) type Name = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanFile {
    pub(super) format: Spanned<u32>,
    pub(super) id: Name,
    pub(super) version: u32,
    pub(super) locale: Locale,
    pub(super) texts: AboutTexts,
    pub(super) sources: BTreeMap<SourceKey, Source>,
    #[serde(rename = "instruction")]
    pub(super) instructions: Vec<InstructionEntry>,
    #[serde(rename = "phase")]
    pub(super) phases: Vec<PhaseEntry>,
    #[serde(rename = "band")]
    pub(super) bands: Vec<BandEntry>,
    #[serde(rename = "band_shift", default)]
    pub(super) band_shifts: Vec<BandShiftEntry>,
    #[serde(rename = "rule")]
    pub(super) rules: Vec<RuleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InstructionEntry {
    pub(super) id: Name,
    pub(super) kind: InstructionKind,
    pub(super) timing: Timing,
    pub(super) areas: Option<BTreeSet<Area>>,
    pub(super) followed_by: Option<Name>,
    #[serde(default)]
    pub(super) sources: Vec<Name>,
    #[serde(default)]
    pub(super) extrapolated: bool,
    pub(super) texts: InstructionWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhaseEntry {
    pub(super) id: Spanned<PhaseId>,
    pub(super) accents: Spanned<Vec<Accent>>,
    pub(super) days: ByClass<DayRange>,
    #[serde(default)]
    pub(super) sources: Vec<Name>,
    #[serde(default)]
    pub(super) extrapolated: bool,
    pub(super) texts: PhaseWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandEntry {
    pub(super) symptom: Spanned<Symptom>,
    pub(super) class: DepthClass,
    pub(super) highest: Spanned<[u8; super::BAND_DAYS]>,
    #[serde(default)]
    pub(super) sources: Vec<Name>,
    #[serde(default)]
    pub(super) extrapolated: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandShiftEntry {
    pub(super) symptoms: Spanned<BTreeSet<Symptom>>,
    pub(super) areas: BTreeSet<Area>,
    pub(super) shift: Shift,
    #[serde(default)]
    pub(super) sources: Vec<Name>,
    #[serde(default)]
    pub(super) extrapolated: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleEntry {
    pub(super) id: Name,
    pub(super) level: TriageLevel,
    #[serde(default)]
    pub(super) sources: Vec<Name>,
    #[serde(default)]
    pub(super) extrapolated: bool,
    pub(super) texts: RuleWords,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TranslationFile {
    pub(super) format: Spanned<u32>,
    pub(super) plan: Name,
    pub(super) version: u32,
    pub(super) locale: Spanned<Locale>,
    pub(super) texts: AboutTexts,
    pub(super) instructions: BTreeMap<Name, InstructionWords>,
    pub(super) phases: BTreeMap<Name, PhaseWords>,
    pub(super) rules: BTreeMap<Name, RuleWords>,
}

/// Words in one language as they stand in a file; each is checked for its length.
pub(super) trait Words {
    /// What they become.
    type Texts;

    /// The words through `check`, which refuses those that are empty or too long.
    fn checked<E>(self, check: impl Fn(Spanned<String>) -> Result<String, E>) -> Result<Self::Texts, E>;
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AboutTexts {
    title: Spanned<String>,
    review: Spanned<String>,
}

impl Words for AboutTexts {
    type Texts = PlanTexts;

    fn checked<E>(self, check: impl Fn(Spanned<String>) -> Result<String, E>) -> Result<PlanTexts, E> {
        Ok(PlanTexts {
            title: check(self.title)?,
            review: check(self.review)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InstructionWords {
    label: Spanned<String>,
    text: Spanned<String>,
    why: Spanned<String>,
    over: Option<Spanned<String>>,
}

impl Words for InstructionWords {
    type Texts = InstructionTexts;

    fn checked<E>(self, check: impl Fn(Spanned<String>) -> Result<String, E>) -> Result<InstructionTexts, E> {
        Ok(InstructionTexts {
            label: check(self.label)?,
            text: check(self.text)?,
            why: check(self.why)?,
            over: self.over.map(check).transpose()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhaseWords {
    name: Spanned<String>,
    normal: Spanned<String>,
    care: Spanned<String>,
    results: Spanned<String>,
}

impl Words for PhaseWords {
    type Texts = PhaseTexts;

    fn checked<E>(self, check: impl Fn(Spanned<String>) -> Result<String, E>) -> Result<PhaseTexts, E> {
        Ok(PhaseTexts {
            name: check(self.name)?,
            normal: check(self.normal)?,
            care: check(self.care)?,
            results: check(self.results)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleWords {
    advice: Spanned<String>,
}

impl Words for RuleWords {
    type Texts = RuleTexts;

    fn checked<E>(self, check: impl Fn(Spanned<String>) -> Result<String, E>) -> Result<RuleTexts, E> {
        Ok(RuleTexts {
            advice: check(self.advice)?,
        })
    }
}
