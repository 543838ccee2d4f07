//! The care plan: what a patient is told to do and to avoid, until when, and who says so.
//!
//! A plan is data (`care/plans/*.toml`) that a clinic could have written: instructions, phases,
//! expected severities, rules of triage, screening, activities, each with its sources.
//! [`Plan::parse`] reads it together with its translations and refuses whatever does not fit, every
//! fault with its place and what was expected. [`Plan::extended`] reads a clinic's plan on top of
//! another. A parsed plan is complete: every class, symptom, sign, phase and language answers.

mod band;
mod clinic;
mod fault;
mod file;
mod parse;
mod rule;
mod shape;
mod values;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, OnceLock};

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

pub use band::{BAND_DAYS, Band, BandShift, HIGHEST_EXPECTED, Shift};
pub use fault::{PlanDocument, PlanError, PlanFault, Position};
pub use rule::{
    AboveBand, Condition, ElapsedDays, Lasting, MAX_RULES, Returned, Rising, Rule, RuleTexts, SeverityRange,
    SignCount,
};
pub use values::{ByClass, DayRange, PerLocale, Window};
pub use words::{
    Activity, ActivityRule, ActivityTexts, ClinicContact, ClosingBlanks, CoursePlan, IngredientRule,
    IngredientTexts, OpeningHours, Phone, PreCare, PreCareTexts, ScreeningAction, ScreeningItem,
    ScreeningTexts, SignTexts, SignWords, SymptomQuestion, SymptomTexts,
};

use enumset::EnumSet;

use crate::Locale;
use crate::check_in::{Severity, Sign, Symptom};
use crate::ingredients::IngredientGroup;
use crate::session::{Area, DepthClass, Risk, Session, Setting, Supply};
use crate::timeline::{Accent, PhaseId};
use crate::triage::{RuleId, TriageLevel};
use crate::words::Index;

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

/// A care plan; see the module. To clone it costs next to nothing.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its name (`microneedling`).
    pub id: String,
    /// Its version; counts up with every change of content.
    pub version: u32,
    parts: Arc<Parts>,
}

/// What a plan is made of; every clone of it has the same.
#[derive(Debug)]
struct Parts {
    texts: PerLocale<PlanTexts>,
    sources: BTreeMap<SourceKey, Source>,
    instructions: Vec<Instruction>,
    /// By [`PhaseId`], in order.
    phases: [Phase; PhaseId::ALL.len()],
    /// By [`Symptom`], in order.
    bands: [ByClass<Band>; Symptom::ALL.len()],
    band_shifts: Vec<BandShift>,
    rules: Vec<Rule>,
    /// By [`Symptom`], in order.
    symptoms: [PerLocale<SymptomTexts>; Symptom::ALL.len()],
    /// In the order of the question; every sign once.
    signs: Vec<SignWords>,
    screening: Vec<ScreeningItem>,
    pre_care: Vec<PreCare>,
    course: CoursePlan,
    activities: Vec<Activity>,
    ingredient_rules: Vec<IngredientRule>,
    /// By [`TriageLevel`], in order.
    closings: [PerLocale<String>; 4],
    clinic: Option<ClinicContact>,
    switched_off: Vec<SwitchedOff>,
    /// The words of the activities, made ready by the first question.
    activity_words: OnceLock<Index<usize>>,
}

/// Something of the plan beneath that a clinic's plan leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchedOff {
    /// The instruction.
    pub id: InstructionId,
    /// Why, in the clinic's words.
    pub reason: String,
    /// The clinician who answers for it.
    pub approved_by: Option<String>,
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
    /// It holds for these areas too where the patient exposes them to the sun.
    pub areas_when_exposed: BTreeSet<Area>,
    /// It holds for sessions of this setting only.
    pub setting: Option<Setting>,
    /// It does not hold where the clinic supplied this.
    pub waived_by: Option<Supply>,
    /// Its window opens at once where the clinic supplied this.
    pub opens_with: Option<Supply>,
    /// Which part of its window is that of a deep session for darker skin (types IV to VI).
    pub darker_skin: Option<DarkerSkin>,
    /// Whether it holds whatever was done besides needling; the others then wait for the clinic's word.
    pub with_adjuncts: bool,
    /// The clinician who answers for a window that is shorter than that of the plan beneath.
    pub approved_by: Option<String>,
    /// Of an avoid: the limit that holds after it, so that its end is not yet "fine again".
    pub followed_by: Option<InstructionId>,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether a window is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    texts: PerLocale<InstructionTexts>,
}

/// Which part of a window is longer for darker skin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DarkerSkin {
    /// The whole window.
    Window,
    /// Its end only.
    End,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Timing {
    /// From one elapsed hour to another, with daily times inside where it names some.
    Window {
        /// When it opens and ends, per depth class.
        hours: ByClass<Window>,
        /// Wall-clock times on each day of the window.
        daily: Vec<NaiveTime>,
    },
    /// At a time of certain days, something that takes the evening.
    Evenings {
        /// The recovery days, per depth class.
        days: ByClass<BTreeSet<u16>>,
        /// The wall-clock time.
        time: NaiveTime,
    },
    /// At a time of certain days, a single question.
    Questions {
        /// The recovery days, per depth class.
        days: ByClass<BTreeSet<u16>>,
        /// The wall-clock time.
        time: NaiveTime,
    },
    /// Asks for a check-in on certain days, and once some hours after the session.
    CheckIns {
        /// The recovery days, per depth class.
        days: ByClass<BTreeSet<u16>>,
        /// The wall-clock time.
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

    /// Reads a plan in its own language and its translations into the others; or every fault of
    /// them, in the order of the texts.
    pub fn parse(plan: &str, translations: &[&str]) -> Result<Self, Vec<PlanError>> {
        parse::parse(plan, translations)
    }

    /// Reads a clinic's plan, which extends this one. It may be stricter freely; a shorter avoid
    /// needs a named clinician, and rules and bands are never looser. Its texts stand for every
    /// language that it has no translation for.
    pub fn extended(&self, clinic: &str, translations: &[&str]) -> Result<Self, Vec<PlanError>> {
        clinic::extend(self, clinic, translations)
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
        self.parts.texts.get(locale)
    }

    /// Every source, by key.
    pub fn sources(&self) -> &BTreeMap<SourceKey, Source> {
        &self.parts.sources
    }

    /// The source of that key.
    pub fn source(&self, key: &SourceKey) -> Option<&Source> {
        self.parts.sources.get(key)
    }

    /// Every instruction, in the plan's order.
    pub fn instructions(&self) -> &[Instruction] {
        &self.parts.instructions
    }

    /// The instruction of that name.
    pub fn instruction(&self, id: &InstructionId) -> Option<&Instruction> {
        self.parts
            .instructions
            .iter()
            .find(|instruction| instruction.id == *id)
    }

    /// The instructions that concern a session: those for one of its areas, in the plan's order.
    pub fn instructions_for<'a>(&'a self, session: &'a Session) -> impl Iterator<Item = &'a Instruction> {
        self.parts
            .instructions
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
        &self.parts.phases[id as usize]
    }

    /// The last recovery day that the plan speaks of.
    pub fn last_day(&self, class: DepthClass) -> i64 {
        i64::from(self.phase(PhaseId::Review).days.get(class).to_day)
    }

    /// The highest severity that is still expected on an elapsed day (day 0 before the session's
    /// end), with the shifts that hold when every one of the areas asks for them.
    pub fn expected(&self, symptom: Symptom, class: DepthClass, areas: EnumSet<Area>, day: i64) -> Severity {
        let day = usize::try_from(day).unwrap_or(0);
        band::expected(
            self.band(symptom, class),
            &self.parts.band_shifts,
            symptom,
            areas,
            day,
        )
    }

    /// A symptom's band before any shift by area.
    pub fn band(&self, symptom: Symptom, class: DepthClass) -> &Band {
        self.parts.bands[symptom as usize].get(class)
    }

    /// The elapsed day from which on no band changes any more, whatever the area.
    pub fn settled_day(&self) -> u16 {
        let latest_shift = self.parts.band_shifts.iter().map(|shift| match shift.shift {
            Shift::Raise { to_day, .. } => to_day + 1,
            Shift::Delay { by, from_day } => from_day.saturating_add(by),
        });
        let last_band_day = u16::try_from(BAND_DAYS - 1).unwrap_or(u16::MAX);
        let longest_delay = self.parts.band_shifts.iter().map(|shift| match shift.shift {
            Shift::Raise { .. } => 0,
            Shift::Delay { by, .. } => by,
        });
        latest_shift
            .max()
            .unwrap_or(0)
            .max(last_band_day.saturating_add(longest_delay.max().unwrap_or(0)))
    }

    /// What moves bands by area.
    pub fn band_shifts(&self) -> &[BandShift] {
        &self.parts.band_shifts
    }

    /// The rules of triage, in the plan's order.
    pub fn rules(&self) -> &[Rule] {
        &self.parts.rules
    }

    /// The rule of that name.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.parts.rules.iter().find(|rule| rule.id == *id)
    }

    /// A symptom in the patient's words.
    pub fn symptom(&self, symptom: Symptom, locale: Locale) -> &SymptomTexts {
        self.parts.symptoms[symptom as usize].get(locale)
    }

    /// What a check-in asks of a patient with these risks: where skin is darker, erythema is asked as
    /// a change of colour.
    pub fn questions(
        &self,
        risks: EnumSet<Risk>,
        locale: Locale,
    ) -> impl Iterator<Item = SymptomQuestion<'_>> {
        Symptom::ALL
            .into_iter()
            .map(move |symptom| words::question(symptom, self.symptom(symptom, locale), risks))
    }

    /// The signs in the order of the question: those of an emergency first.
    pub fn signs(&self) -> &[SignWords] {
        &self.parts.signs
    }

    /// A sign in the patient's words; none only for a sign that the plan does not name, which no
    /// parsed plan has.
    pub fn sign(&self, sign: Sign) -> Option<&SignWords> {
        self.parts.signs.iter().find(|words| words.id == sign)
    }

    /// The questions before a session.
    pub fn screening(&self) -> &[ScreeningItem] {
        &self.parts.screening
    }

    /// What to do and to avoid before a booked session.
    pub fn pre_care(&self) -> &[PreCare] {
        &self.parts.pre_care
    }

    /// The usual series of sessions.
    pub fn course(&self) -> &CoursePlan {
        &self.parts.course
    }

    /// What a patient may ask about.
    pub fn activities(&self) -> &[Activity] {
        &self.parts.activities
    }

    /// The activities by the words of either language, with their places.
    pub(crate) fn activity_words(&self) -> &Index<usize> {
        self.parts.activity_words.get_or_init(|| {
            let entries = self.activities().iter().enumerate();
            Index::new(entries.flat_map(|(place, activity)| {
                Locale::ALL.into_iter().flat_map(move |locale| {
                    let texts = activity.texts(locale);
                    std::iter::once(&texts.label)
                        .chain(&texts.words)
                        .map(move |word| (place, word.as_str()))
                })
            }))
        })
    }

    /// Until when a family of ingredients waits; none where this plan says nothing of it.
    pub fn ingredient_rule(&self, group: IngredientGroup) -> Option<&IngredientRule> {
        self.parts
            .ingredient_rules
            .iter()
            .find(|rule| rule.group == group)
    }

    /// The closing line of a level, with `{n}`, `{clinic}`, `{phone}` and `{emergency_number}` where
    /// it speaks of them.
    pub fn closing(&self, level: TriageLevel, locale: Locale) -> &str {
        self.parts.closings[level as usize].get(locale)
    }

    /// The closing line of a level with its blanks filled; none where it speaks of what is not known.
    pub fn closing_line(
        &self,
        level: TriageLevel,
        locale: Locale,
        known: &ClosingBlanks<'_>,
    ) -> Option<String> {
        let day = known.day.max(0).to_string();
        let blanks = [
            ("{n}", day.as_str()),
            ("{clinic}", known.clinic),
            ("{phone}", known.phone),
            ("{emergency_number}", known.emergency_number),
        ];
        let line = self.closing(level, locale);
        let told = |(blank, words): &(&str, &str)| !line.contains(blank) || !words.is_empty();
        blanks.iter().all(told).then(|| {
            blanks
                .iter()
                .fold(line.to_owned(), |line, (blank, words)| line.replace(blank, words))
        })
    }

    /// Who wrote a clinic's plan; none for the default.
    pub fn clinic(&self) -> Option<&ClinicContact> {
        self.parts.clinic.as_ref()
    }

    /// What a clinic's plan leaves out of the plan beneath.
    pub fn switched_off(&self) -> &[SwitchedOff] {
        &self.parts.switched_off
    }
}

impl Instruction {
    /// Whether it is for a session: for one of its areas and its setting, and not waived by what
    /// the clinic supplied.
    pub fn concerns(&self, session: &Session) -> bool {
        let here = self
            .areas
            .as_ref()
            .is_none_or(|areas| !areas.is_disjoint(&session.areas));
        let exposed = session.exposed && !self.areas_when_exposed.is_disjoint(&session.areas);
        (here || exposed)
            && self.setting.is_none_or(|setting| setting == session.setting)
            && self
                .waived_by
                .is_none_or(|supply| !session.clinic_gave.contains(supply))
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
