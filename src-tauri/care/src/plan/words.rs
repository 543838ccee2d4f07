//! What a plan says beside its instructions: symptoms and signs in the patient's words, screening,
//! the days before a session, the course, activities, ingredients, the clinic.

use std::collections::BTreeSet;

use chrono::{NaiveTime, Weekday};
use enumset::EnumSet;

use super::{InstructionId, InstructionKind, PerLocale, SourceKey};
use crate::Locale;
use crate::check_in::{Sign, Symptom};
use crate::ingredients::IngredientGroup;
use crate::session::{Area, Risk, Supply};

/// A symptom in the patient's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SymptomTexts {
    /// What is asked: "Redness or colour change".
    pub label: String,
    /// In a sentence: "redness".
    pub short: String,
    /// What each severity means, from 0 to 4.
    pub grades: [String; 5],
    /// What is asked where the patient has darker skin, if that differs.
    pub darker_skin: Option<String>,
}

/// The signs that are asked together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignWords {
    /// The sign.
    pub id: Sign,
    /// The name of the group in which it is asked.
    pub group: String,
    pub(super) texts: PerLocale<SignTexts>,
}

/// A sign in the patient's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignTexts {
    /// A question that is answered by yes or no.
    pub question: String,
    /// In a sentence: "trouble breathing".
    pub short: String,
}

impl SignWords {
    /// Its words.
    pub fn texts(&self, locale: Locale) -> &SignTexts {
        self.texts.get(locale)
    }
}

/// What a yes to a screening question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ScreeningAction {
    /// Changes aftercare or the limits of triage.
    Note,
    /// A clinician reviews it.
    Ask,
    /// No treatment until a clinician clears it.
    Stop,
}

/// A question before a session.
#[derive(Debug, Clone)]
pub struct ScreeningItem {
    /// Its stable name.
    pub id: String,
    /// What a yes asks for: the strictest first.
    pub actions: Vec<ScreeningAction>,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether no source says so.
    pub extrapolated: bool,
    pub(super) texts: PerLocale<ScreeningTexts>,
}

/// A screening question in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScreeningTexts {
    /// A question that is answered by yes or no.
    pub question: String,
    /// What to do about a yes before the session.
    pub before: String,
    /// What to do when it turns up after the session.
    pub after: String,
}

impl ScreeningItem {
    /// Its words.
    pub fn texts(&self, locale: Locale) -> &ScreeningTexts {
        self.texts.get(locale)
    }

    /// The risk that a yes means; none where it is a warning only.
    pub fn risk(&self) -> Option<Risk> {
        self.id.parse().ok()
    }
}

/// Something to do or to avoid before a booked session.
#[derive(Debug, Clone)]
pub struct PreCare {
    /// Its stable name.
    pub id: InstructionId,
    /// Do or avoid.
    pub kind: InstructionKind,
    /// It holds from so many hours before the session until the session.
    pub hours_before: u32,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether the window is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    pub(super) texts: PerLocale<PreCareTexts>,
}

/// The words of something before a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreCareTexts {
    /// What it is about, in a word or two.
    pub label: String,
    /// What it asks.
    pub text: String,
    /// Why, in one line.
    pub why: String,
}

impl PreCare {
    /// Its words.
    pub fn texts(&self, locale: Locale) -> &PreCareTexts {
        self.texts.get(locale)
    }
}

/// The usual series of sessions.
#[derive(Debug, Clone)]
pub struct CoursePlan {
    /// The usual number of sessions: fewest and most.
    pub sessions: [u16; 2],
    /// Days from one session to the next: shortest and longest.
    pub interval_days: [u16; 2],
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether the figures are the authors' careful reading rather than a source's.
    pub extrapolated: bool,
    /// What is said of it.
    pub(super) texts: PerLocale<String>,
}

impl CoursePlan {
    /// What is said of it.
    pub fn text(&self, locale: Locale) -> &str {
        self.texts.get(locale)
    }
}

/// Something that a patient may ask about: "Can I …?"
#[derive(Debug, Clone)]
pub struct Activity {
    /// Its stable name.
    pub id: String,
    /// What decides the answer.
    pub answer: ActivityRule,
    /// It concerns sessions of these areas; of every one when none is named.
    pub areas: Option<BTreeSet<Area>>,
    /// What the clinic may have supplied for it: then it is allowed from the start.
    pub given: Option<Supply>,
    /// The instruction to do something that it carries out; to leave it out is for the clinic to say.
    pub does: Option<InstructionId>,
    /// Who says so; empty where the instructions say it.
    pub sources: Vec<SourceKey>,
    /// Whether no source says so.
    pub extrapolated: bool,
    pub(super) texts: PerLocale<ActivityTexts>,
}

/// What decides whether something may be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActivityRule {
    /// Always.
    Yes,
    /// Only the clinic can say.
    AskClinic,
    /// Not while instructions hold.
    Windows {
        /// Whether it is put on the skin, so that `only_clinic_products` holds it back too.
        product: bool,
        /// It waits for the ends of these.
        until: Vec<InstructionId>,
        /// It waits for the opening of this.
        from: Option<InstructionId>,
        /// Whether the clinic decides when nothing holds it back any more.
        then_ask: bool,
    },
}

/// An activity in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActivityTexts {
    /// Its name.
    pub label: String,
    /// The words by which it is found, its name not among them.
    pub words: Vec<String>,
    /// What to mind when it is allowed.
    pub note: Option<String>,
}

impl Activity {
    /// Its words.
    pub fn texts(&self, locale: Locale) -> &ActivityTexts {
        self.texts.get(locale)
    }
}

/// Until when a family of ingredients is not for the treated skin.
#[derive(Debug, Clone)]
pub struct IngredientRule {
    /// The family.
    pub group: IngredientGroup,
    /// It waits for the end of this instruction's window.
    pub until: InstructionId,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether no source says so.
    pub extrapolated: bool,
    pub(super) texts: PerLocale<IngredientTexts>,
}

/// A family of ingredients in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngredientTexts {
    /// Its name.
    pub label: String,
    /// Why it has to wait.
    pub because: String,
}

impl IngredientRule {
    /// Its words.
    pub fn texts(&self, locale: Locale) -> &IngredientTexts {
        self.texts.get(locale)
    }
}

/// Who wrote a clinic's plan, and how to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClinicContact {
    /// Its name.
    pub name: String,
    /// Numbers to call, the first one first, each with what it is for.
    pub phones: Vec<Phone>,
    /// When somebody answers, in the clinic's own time.
    pub hours: Vec<OpeningHours>,
}

/// A number to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// The number as it is dialled.
    pub number: String,
    /// What it is for, in the clinic's words ("Front desk").
    pub label: Option<String>,
    /// Whether it is the one for outside the opening hours.
    pub after_hours: bool,
}

/// What a closing line may speak of; empty where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClosingBlanks<'a> {
    /// The check-in's recovery day.
    pub day: i64,
    /// The clinic's name.
    pub clinic: &'a str,
    /// The clinic's number.
    pub phone: &'a str,
    /// The emergency services' number, or what stands for it.
    pub emergency_number: &'a str,
}

/// Opening hours on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningHours {
    /// The days.
    pub days: Vec<Weekday>,
    /// When it opens.
    pub from: NaiveTime,
    /// When it closes; after `from`.
    pub until: NaiveTime,
}

/// What a check-in asks about symptoms, for one patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SymptomQuestion<'a> {
    /// The symptom.
    pub symptom: Symptom,
    /// What is asked.
    pub label: &'a str,
    /// What each severity means.
    pub grades: &'a [String; 5],
}

pub(super) fn question(symptom: Symptom, texts: &SymptomTexts, risks: EnumSet<Risk>) -> SymptomQuestion<'_> {
    let darker = texts
        .darker_skin
        .as_deref()
        .filter(|_| risks.contains(Risk::SkinType4To6));
    SymptomQuestion {
        symptom,
        label: darker.unwrap_or(&texts.label),
        grades: &texts.grades,
    }
}
