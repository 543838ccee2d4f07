//! A plan file and a translation as they are written, before anything is checked against anything
//! else. What a value may be is in `plans/care-plan.schema.json` and was checked before.

use std::collections::{BTreeMap, BTreeSet};

use enumset::EnumSet;
use serde::Deserialize;
use toml::Spanned;

use super::{
    ActivityTexts, ByClass, DarkerSkin, IngredientTexts, InstructionKind, InstructionTexts, PhaseTexts,
    PlanTexts, PreCareTexts, RuleTexts, ScreeningTexts, Shift, SignTexts, Source, SymptomTexts,
};
use crate::Locale;
use crate::check_in::{Severity, Sign, Symptom};
use crate::ingredients::IngredientGroup;
use crate::session::{Area, DepthClass, Risk, Setting, Supply};
use crate::timeline::{Accent, PhaseId};
use crate::triage::TriageLevel;

/// The format that this version reads.
pub(super) const FORMAT: i64 = 1;

/// A name, with its place in the file.
pub(super) type Name = Spanned<String>;

/// A plan, or a clinic's plan that extends one. What a clinic's plan leaves out is the other's: what
/// a whole plan must have is optional here, and the reader says what is missing.
#[derive(Deserialize)]
pub(super) struct PlanFile {
    pub(super) id: Name,
    pub(super) version: u32,
    pub(super) locale: Locale,
    pub(super) extends: Option<Spanned<Extends>>,
    pub(super) texts: AboutTexts,
    #[serde(default)]
    pub(super) sources: BTreeMap<Name, Source>,
    pub(super) clinic: Option<ClinicEntry>,
    #[serde(rename = "instruction", default)]
    pub(super) instructions: Vec<InstructionEntry>,
    #[serde(rename = "switch_off", default)]
    pub(super) switched_off: Vec<SwitchOffEntry>,
    #[serde(rename = "phase", default)]
    pub(super) phases: Vec<PhaseEntry>,
    #[serde(rename = "band", default)]
    pub(super) bands: Vec<BandEntry>,
    #[serde(rename = "band_shift", default)]
    pub(super) band_shifts: Vec<BandShiftEntry>,
    #[serde(rename = "rule", default)]
    pub(super) rules: Vec<RuleEntry>,
    #[serde(rename = "symptom", default)]
    pub(super) symptoms: Vec<SymptomEntry>,
    #[serde(rename = "sign", default)]
    pub(super) signs: Vec<SignEntry>,
    #[serde(default)]
    pub(super) screening: Vec<ScreeningEntry>,
    #[serde(default)]
    pub(super) pre_care: Vec<PreCareEntry>,
    pub(super) course: Option<CourseEntry>,
    #[serde(rename = "activity", default)]
    pub(super) activities: Vec<ActivityEntry>,
    #[serde(rename = "ingredient_group", default)]
    pub(super) ingredient_groups: Vec<IngredientGroupEntry>,
    /// By the names of [`TriageLevel`].
    #[serde(default)]
    pub(super) levels: BTreeMap<Name, LevelEntry>,
}

/// The plan beneath a clinic's plan.
#[derive(Deserialize)]
pub(super) struct Extends {
    pub(super) id: String,
    pub(super) version: u32,
}

#[derive(Deserialize)]
pub(super) struct ClinicEntry {
    pub(super) name: String,
    #[serde(default)]
    pub(super) phones: Vec<PhoneEntry>,
    #[serde(default)]
    pub(super) hours: Vec<HoursEntry>,
}

#[derive(Deserialize)]
pub(super) struct PhoneEntry {
    pub(super) number: Spanned<String>,
    pub(super) label: Option<String>,
    #[serde(default)]
    pub(super) after_hours: bool,
}

#[derive(Deserialize)]
pub(super) struct HoursEntry {
    /// `mon` to `sun`.
    pub(super) days: Vec<String>,
    /// `HH:MM`.
    pub(super) from: Spanned<String>,
    /// `HH:MM`.
    pub(super) until: Spanned<String>,
}

#[derive(Deserialize)]
pub(super) struct InstructionEntry {
    pub(super) id: Name,
    pub(super) kind: Option<InstructionKind>,
    pub(super) timing: Option<TimingEntry>,
    pub(super) areas: Option<BTreeSet<Area>>,
    pub(super) areas_when_exposed: Option<BTreeSet<Area>>,
    pub(super) setting: Option<Setting>,
    pub(super) waived_by: Option<Supply>,
    pub(super) opens_with: Option<Supply>,
    pub(super) darker_skin: Option<DarkerSkin>,
    pub(super) with_adjuncts: Option<bool>,
    pub(super) followed_by: Option<Name>,
    /// A clinic's plan only.
    pub(super) approved_by: Option<String>,
    pub(super) sources: Option<Vec<Name>>,
    pub(super) extrapolated: Option<bool>,
    pub(super) texts: Option<Spanned<InstructionWords>>,
}

/// See [`super::Timing`].
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TimingEntry {
    Window {
        hours: ByClass<Spanned<[u32; 2]>>,
        #[serde(default)]
        daily: Vec<String>,
    },
    Evenings {
        days: ByClass<BTreeSet<u16>>,
        time: String,
    },
    Questions {
        days: ByClass<BTreeSet<u16>>,
        time: String,
    },
    CheckIns {
        days: ByClass<BTreeSet<u16>>,
        time: String,
        first_after: u32,
    },
    Moment {
        hours: ByClass<u32>,
    },
    Prescribed,
}

#[derive(Deserialize)]
pub(super) struct SwitchOffEntry {
    pub(super) id: Name,
    pub(super) reason: String,
    pub(super) approved_by: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct PhaseEntry {
    pub(super) id: Spanned<PhaseId>,
    pub(super) accents: Vec<Accent>,
    pub(super) days: ByClass<Spanned<[u16; 2]>>,
    #[serde(default)]
    pub(super) sources: Vec<Name>,
    #[serde(default)]
    pub(super) extrapolated: bool,
    pub(super) texts: PhaseWords,
}

#[derive(Deserialize)]
pub(super) struct BandEntry {
    pub(super) symptom: Spanned<Symptom>,
    pub(super) class: DepthClass,
    pub(super) highest: [Spanned<Severity>; super::BAND_DAYS],
    pub(super) sources: Option<Vec<Name>>,
    pub(super) extrapolated: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct BandShiftEntry {
    pub(super) symptoms: Spanned<EnumSet<Symptom>>,
    pub(super) areas: EnumSet<Area>,
    pub(super) shift: Shift,
    #[serde(default)]
    pub(super) sources: Vec<Name>,
    #[serde(default)]
    pub(super) extrapolated: bool,
}

#[derive(Deserialize)]
pub(super) struct RuleEntry {
    pub(super) id: Name,
    pub(super) level: Option<Spanned<TriageLevel>>,
    /// A whole plan: all of them. A clinic's plan: further ones for a rule that is there.
    #[serde(default)]
    pub(super) when: Vec<Spanned<ConditionEntry>>,
    pub(super) sources: Option<Vec<Name>>,
    pub(super) extrapolated: Option<bool>,
    pub(super) texts: Option<RuleWords>,
}

/// One way in which a rule fires; see [`super::Condition`].
#[derive(Deserialize)]
pub(super) struct ConditionEntry {
    #[serde(default)]
    pub(super) signs: Vec<EnumSet<Sign>>,
    pub(super) at_least: Option<SignCountEntry>,
    pub(super) severity: Option<SeverityEntry>,
    pub(super) above_band: Option<AboveBandEntry>,
    pub(super) rising: Option<RisingEntry>,
    pub(super) returned: Option<ReturnedEntry>,
    pub(super) lasting: Option<LastingEntry>,
    #[serde(default)]
    pub(super) from_day: u16,
    pub(super) to_day: Option<u16>,
    #[serde(default)]
    pub(super) any_session: bool,
    #[serde(default)]
    pub(super) classes: Vec<DepthClass>,
    #[serde(default)]
    pub(super) risks: EnumSet<Risk>,
    #[serde(default)]
    pub(super) treated: EnumSet<Area>,
    #[serde(default)]
    pub(super) place: EnumSet<Area>,
    #[serde(default)]
    pub(super) fires: Vec<Name>,
    #[serde(default)]
    pub(super) unless: Vec<Name>,
    #[serde(default)]
    pub(super) untaken_signs: bool,
}

#[derive(Deserialize)]
pub(super) struct SignCountEntry {
    pub(super) count: u8,
    pub(super) of: EnumSet<Sign>,
}

#[derive(Deserialize)]
pub(super) struct SeverityEntry {
    pub(super) symptoms: EnumSet<Symptom>,
    pub(super) from: Severity,
}

#[derive(Deserialize)]
pub(super) struct AboveBandEntry {
    pub(super) symptoms: EnumSet<Symptom>,
    pub(super) by: u8,
    pub(super) at_most: Option<u8>,
    pub(super) from: Option<Severity>,
    pub(super) to: Option<Severity>,
}

#[derive(Deserialize)]
pub(super) struct RisingEntry {
    pub(super) symptoms: EnumSet<Symptom>,
    pub(super) by: u8,
    pub(super) at_most: Option<u8>,
    pub(super) from: Option<Severity>,
}

#[derive(Deserialize)]
pub(super) struct ReturnedEntry {
    pub(super) symptoms: EnumSet<Symptom>,
    pub(super) count: u8,
}

#[derive(Deserialize)]
pub(super) struct LastingEntry {
    pub(super) symptoms: EnumSet<Symptom>,
    pub(super) days: u8,
}

#[derive(Deserialize)]
pub(super) struct SymptomEntry {
    pub(super) id: Spanned<Symptom>,
    pub(super) texts: SymptomWords,
}

#[derive(Deserialize)]
pub(super) struct SignEntry {
    pub(super) id: Spanned<Sign>,
    pub(super) group: Name,
    pub(super) texts: SignWordsEntry,
}

#[derive(Deserialize)]
pub(super) struct ScreeningEntry {
    pub(super) id: Name,
    /// `stop`, `ask` or `note`.
    pub(super) action: String,
    #[serde(default)]
    pub(super) also: Vec<String>,
    pub(super) sources: Option<Vec<Name>>,
    pub(super) extrapolated: Option<bool>,
    pub(super) texts: Option<ScreeningWords>,
}

#[derive(Deserialize)]
pub(super) struct PreCareEntry {
    pub(super) id: Name,
    pub(super) kind: InstructionKind,
    pub(super) hours_before: u32,
    #[serde(default)]
    pub(super) sources: Vec<Name>,
    #[serde(default)]
    pub(super) extrapolated: bool,
    pub(super) texts: PreCareWords,
}

#[derive(Deserialize)]
pub(super) struct CourseEntry {
    pub(super) sessions: Spanned<[u16; 2]>,
    pub(super) interval_days: Spanned<[u16; 2]>,
    #[serde(default)]
    pub(super) sources: Vec<Name>,
    #[serde(default)]
    pub(super) extrapolated: bool,
    pub(super) texts: CourseWords,
}

/// `answer` stands alone; without it the windows decide.
#[derive(Deserialize)]
pub(super) struct ActivityEntry {
    pub(super) id: Name,
    /// `yes` or `ask_clinic`.
    pub(super) answer: Option<Spanned<String>>,
    pub(super) product: Option<bool>,
    #[serde(default)]
    pub(super) until: Vec<Name>,
    pub(super) from: Option<Name>,
    /// `yes` or `ask_clinic`.
    pub(super) then: Option<String>,
    pub(super) areas: Option<BTreeSet<Area>>,
    pub(super) given: Option<Supply>,
    /// The do that it carries out.
    pub(super) does: Option<Name>,
    pub(super) sources: Option<Vec<Name>>,
    pub(super) extrapolated: Option<bool>,
    pub(super) texts: Option<ActivityWords>,
}

#[derive(Deserialize)]
pub(super) struct IngredientGroupEntry {
    pub(super) id: Spanned<IngredientGroup>,
    pub(super) until: Name,
    pub(super) sources: Option<Vec<Name>>,
    pub(super) extrapolated: Option<bool>,
    pub(super) texts: Option<IngredientWords>,
}

#[derive(Deserialize)]
pub(super) struct LevelEntry {
    pub(super) texts: ClosingWords,
}

#[derive(Deserialize)]
pub(super) struct TranslationFile {
    pub(super) plan: Name,
    pub(super) version: u32,
    pub(super) locale: Spanned<Locale>,
    pub(super) texts: AboutTexts,
    #[serde(default)]
    pub(super) instructions: BTreeMap<Name, Spanned<InstructionWords>>,
    #[serde(default)]
    pub(super) phases: BTreeMap<Name, PhaseWords>,
    #[serde(default)]
    pub(super) rules: BTreeMap<Name, RuleWords>,
    #[serde(default)]
    pub(super) symptoms: BTreeMap<Name, SymptomWords>,
    #[serde(default)]
    pub(super) signs: BTreeMap<Name, SignWordsEntry>,
    #[serde(default)]
    pub(super) screening: BTreeMap<Name, ScreeningWords>,
    #[serde(default)]
    pub(super) pre_care: BTreeMap<Name, PreCareWords>,
    pub(super) course: Option<CourseWords>,
    #[serde(default)]
    pub(super) activities: BTreeMap<Name, ActivityWords>,
    #[serde(default)]
    pub(super) ingredient_groups: BTreeMap<Name, IngredientWords>,
    #[serde(default)]
    pub(super) levels: BTreeMap<Name, ClosingWords>,
}

/// Words in one language as they stand in a file.
pub(super) trait Words: Clone {
    /// What they become.
    type Texts;

    /// As the plan keeps them.
    fn texts(self) -> Self::Texts;
}

/// Words whose place is asked for.
impl<W: Words> Words for Spanned<W> {
    type Texts = W::Texts;

    fn texts(self) -> W::Texts {
        self.into_inner().texts()
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct AboutTexts {
    title: String,
    review: String,
}

impl Words for AboutTexts {
    type Texts = PlanTexts;

    fn texts(self) -> PlanTexts {
        PlanTexts {
            title: self.title,
            review: self.review,
        }
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct InstructionWords {
    label: String,
    text: String,
    why: String,
    pub(super) over: Option<Spanned<String>>,
}

impl Words for InstructionWords {
    type Texts = InstructionTexts;

    fn texts(self) -> InstructionTexts {
        InstructionTexts {
            label: self.label,
            text: self.text,
            why: self.why,
            over: self.over.map(Spanned::into_inner),
        }
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct PhaseWords {
    name: String,
    normal: String,
    care: String,
    results: String,
}

impl Words for PhaseWords {
    type Texts = PhaseTexts;

    fn texts(self) -> PhaseTexts {
        PhaseTexts {
            name: self.name,
            normal: self.normal,
            care: self.care,
            results: self.results,
        }
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct RuleWords {
    advice: String,
}

impl Words for RuleWords {
    type Texts = RuleTexts;

    fn texts(self) -> RuleTexts {
        RuleTexts { advice: self.advice }
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct SymptomWords {
    label: String,
    short: String,
    grades: [String; 5],
    darker_skin: Option<String>,
}

impl Words for SymptomWords {
    type Texts = SymptomTexts;

    fn texts(self) -> SymptomTexts {
        SymptomTexts {
            label: self.label,
            short: self.short,
            grades: self.grades,
            darker_skin: self.darker_skin,
        }
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct SignWordsEntry {
    question: String,
    short: String,
}

impl Words for SignWordsEntry {
    type Texts = SignTexts;

    fn texts(self) -> SignTexts {
        SignTexts {
            question: self.question,
            short: self.short,
        }
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct ScreeningWords {
    question: String,
    before: String,
    after: String,
}

impl Words for ScreeningWords {
    type Texts = ScreeningTexts;

    fn texts(self) -> ScreeningTexts {
        ScreeningTexts {
            question: self.question,
            before: self.before,
            after: self.after,
        }
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct PreCareWords {
    label: String,
    text: String,
    why: String,
}

impl Words for PreCareWords {
    type Texts = PreCareTexts;

    fn texts(self) -> PreCareTexts {
        PreCareTexts {
            label: self.label,
            text: self.text,
            why: self.why,
        }
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct CourseWords {
    text: String,
}

impl Words for CourseWords {
    type Texts = String;

    fn texts(self) -> String {
        self.text
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct ActivityWords {
    label: String,
    pub(super) words: Vec<Spanned<String>>,
    note: Option<String>,
}

impl Words for ActivityWords {
    type Texts = ActivityTexts;

    fn texts(self) -> ActivityTexts {
        ActivityTexts {
            label: self.label,
            words: self.words.into_iter().map(Spanned::into_inner).collect(),
            note: self.note,
        }
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct IngredientWords {
    label: String,
    because: String,
}

impl Words for IngredientWords {
    type Texts = IngredientTexts;

    fn texts(self) -> IngredientTexts {
        IngredientTexts {
            label: self.label,
            because: self.because,
        }
    }
}

#[derive(Clone, Deserialize)]
pub(super) struct ClosingWords {
    closing: String,
}

impl Words for ClosingWords {
    type Texts = String;

    fn texts(self) -> String {
        self.closing
    }
}
