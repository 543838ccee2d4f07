//! A check-in: what the patient recorded about their skin at one moment.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use enumset::{EnumSet, EnumSetType};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::session::{Area, SessionId};

/// Identifies a check-in for ever; time-ordered (UUID version 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct CheckInId(pub Uuid);

/// What the patient recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckIn {
    /// Its identity.
    pub id: CheckInId,
    /// The session that it is about.
    pub session: SessionId,
    /// The instant that it speaks of: bands and rules go by this.
    pub at: DateTime<Utc>,
    /// The patient's calendar date at that instant.
    pub local_date: NaiveDate,
    /// What was graded.
    pub severities: Severities,
    /// What was seen. None when the question about signs was not answered.
    pub signs: Option<EnumSet<Sign>>,
    /// What the thermometer said, when it was asked.
    pub temperature: Option<Temperature>,
    /// The areas that it speaks of; every treated one when it names none.
    pub areas: EnumSet<Area>,
    /// The patient's own words.
    pub note: String,
    /// The check-in that this one corrects, which counts no longer but keeps what it had raised.
    pub revises: Option<CheckInId>,
}

impl CheckIn {
    /// Whether the signs, redness, swelling, warmth and pain were answered: half a check-in is never
    /// "expected", and its day asks for another.
    pub fn is_complete(&self) -> bool {
        self.signs.is_some()
            && Symptom::CORE
                .iter()
                .all(|symptom| self.severities.get(*symptom).is_some())
    }

    /// Whether nothing at all was answered.
    pub fn is_empty(&self) -> bool {
        self.severities.is_empty() && self.signs.is_none() && self.temperature.is_none()
    }

    /// What was seen, a measured fever among it.
    pub fn present_signs(&self) -> EnumSet<Sign> {
        let mut signs = self.signs.unwrap_or_default();
        if self
            .temperature
            .is_some_and(|measured| measured >= Temperature::FEVER)
        {
            signs |= Sign::Fever;
        }
        signs
    }
}

/// The longest note that is kept, in characters.
pub const MAX_NOTE_CHARS: usize = 2_000;

/// A symptom that is graded by severity.
#[derive(
    Debug, EnumSetType, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[enumset(serialize_repr = "list")]
pub enum Symptom {
    /// Redness or a change of colour.
    Erythema,
    /// Swelling (oedema).
    Edema,
    /// Localised warmth.
    Warmth,
    /// Skin tightness.
    Tightness,
    /// Xerosis.
    Dryness,
    /// Peeling, flaking.
    Desquamation,
    /// Itching.
    Pruritus,
    /// Pain, tenderness.
    Pain,
    /// Bruises.
    Ecchymosis,
    /// Pinpoint haemorrhage.
    Bleeding,
    /// Crusts, scabs.
    Crusting,
}

impl Symptom {
    /// Every symptom, in the order of the question and of the enum.
    pub const ALL: [Self; 11] = [
        Self::Erythema,
        Self::Edema,
        Self::Warmth,
        Self::Tightness,
        Self::Dryness,
        Self::Desquamation,
        Self::Pruritus,
        Self::Pain,
        Self::Ecchymosis,
        Self::Bleeding,
        Self::Crusting,
    ];

    /// Those without which a check-in is not complete.
    pub const CORE: [Self; 4] = [Self::Erythema, Self::Edema, Self::Warmth, Self::Pain];

    /// Its name in plan files and on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The severities of a check-in. A missing symptom was not asked; it is never zero.
///
/// As small as it is, so that a course of months is judged in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Symptom, Severity>", into = "BTreeMap<Symptom, Severity>")]
pub struct Severities([Option<Severity>; Symptom::ALL.len()]);

impl Severities {
    /// What was answered for a symptom.
    pub fn get(&self, symptom: Symptom) -> Option<Severity> {
        self.0[symptom as usize]
    }

    /// Answers a symptom, in place of what was answered before.
    pub fn insert(&mut self, symptom: Symptom, severity: Severity) {
        self.0[symptom as usize] = Some(severity);
    }

    /// Whether nothing was answered.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// What was answered, in the order of [`Symptom::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Symptom, Severity)> + '_ {
        Symptom::ALL
            .into_iter()
            .filter_map(|symptom| Some((symptom, self.get(symptom)?)))
    }
}

impl FromIterator<(Symptom, Severity)> for Severities {
    fn from_iter<I: IntoIterator<Item = (Symptom, Severity)>>(answers: I) -> Self {
        let mut severities = Self::default();
        for (symptom, severity) in answers {
            severities.insert(symptom, severity);
        }
        severities
    }
}

impl From<BTreeMap<Symptom, Severity>> for Severities {
    fn from(answers: BTreeMap<Symptom, Severity>) -> Self {
        answers.into_iter().collect()
    }
}

impl From<Severities> for BTreeMap<Symptom, Severity> {
    fn from(severities: Severities) -> Self {
        severities.iter().collect()
    }
}

/// 0 none, 1 mild, 2 moderate, 3 severe, 4 very severe (wording adapted from PRO-CTCAE).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(try_from = "u8", into = "u8")]
#[cfg_attr(feature = "typescript", ts(type = "0 | 1 | 2 | 3 | 4"))]
pub struct Severity(u8);

impl Severity {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// The most that can be said.
    pub const VERY_SEVERE: Self = Self(4);

    /// None above 4.
    pub fn new(grade: u8) -> Option<Self> {
        (grade <= 4).then_some(Self(grade))
    }

    /// 0-4.
    pub fn grade(self) -> u8 {
        self.0
    }
}

/// A severity above 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("severity {0} is not between 0 and 4")]
pub struct SeverityOutOfRange(pub u8);

impl TryFrom<u8> for Severity {
    type Error = SeverityOutOfRange;
    fn try_from(grade: u8) -> Result<Self, Self::Error> {
        Self::new(grade).ok_or(SeverityOutOfRange(grade))
    }
}

impl From<Severity> for u8 {
    fn from(severity: Severity) -> Self {
        severity.0
    }
}

/// Something seen that is not a matter of degree: present, or not reported.
#[derive(
    Debug,
    EnumSetType,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[enumset(serialize_repr = "list")]
pub enum Sign {
    /// Trouble breathing, wheezing (dyspnoea).
    BreathingDifficulty,
    /// Swelling of the throat or tongue.
    ThroatTongueSwelling,
    /// Sudden swelling of the lips or the face (angioedema).
    SuddenLipOrFaceSwelling,
    /// Collapse or loss of consciousness.
    Collapse,
    /// Confusion.
    Confusion,
    /// Slurred speech, or hard to wake.
    SlurredOrDrowsy,
    /// A seizure.
    Seizure,
    /// Fast breathing (tachypnoea).
    FastBreathing,
    /// Blue, grey or mottled skin or lips (cyanosis).
    BlueGreySkin,
    /// A drooping face or new weakness.
    FaceDroopOrWeakness,
    /// Bleeding that ten minutes of firm pressure did not stop.
    BleedingNotStopping,
    /// Pain in the eye.
    EyePain,
    /// A change of vision.
    VisionChange,
    /// Photophobia.
    LightHurtsEye,
    /// Blisters close to the eye.
    BlistersNearEye,
    /// Skin turning black or purple that is not a bruise.
    SkinBlackOrPurple,
    /// Redness growing within hours.
    SpreadingFast,
    /// Many blisters that spread.
    WidespreadBlisters,
    /// A temperature of 38.0 °C or more, as the patient says.
    Fever,
    /// Severe chills, or feeling very unwell.
    ChillsVeryUnwell,
    /// Faintness (presyncope).
    Faint,
    /// Dizziness.
    Dizzy,
    /// Vomiting.
    Vomiting,
    /// A fast heartbeat (tachycardia).
    FastHeartbeat,
    /// Ringing in the ears (tinnitus).
    RingingEars,
    /// A metal taste.
    MetalTaste,
    /// Twitching muscles.
    Twitching,
    /// A numb mouth.
    MouthNumb,
    /// Pus, cloudy or smelly discharge (purulence).
    Pus,
    /// A yellow crust.
    YellowCrust,
    /// Redness beyond the treated area.
    SpreadingRedness,
    /// Red streaks (lymphangitis).
    RedStreaks,
    /// Swollen glands (lymphadenopathy).
    SwollenGlands,
    /// Hives (urticaria).
    Hives,
    /// A widespread itchy rash.
    WidespreadRash,
    /// Any blister.
    Blisters,
    /// Raw or weeping skin (erosion, exudate).
    RawOrWeeping,
    /// A cold sore, or a cluster of small blisters (herpes labialis).
    ColdSore,
    /// Tingling of the lip.
    LipTingling,
    /// A growing lump (haematoma).
    ExpandingLump,
    /// A red or sticky eye.
    RedStickyEye,
    /// Dark or light patches (dyspigmentation).
    DarkOrLightPatches,
    /// Firm lumps or bumps (nodules).
    FirmLumps,
    /// Marks in lines (tram-track).
    LineMarks,
    /// A raised or thick scar.
    RaisedScar,
    /// Numbness, pins and needles (paraesthesia).
    Numbness,
    /// A few small pimples or milia.
    FewPimples,
    /// Sunburn on treated skin.
    Sunburn,
    /// The needle was shared, or used before.
    SharedOrReusedNeedle,
}

impl Sign {
    /// Every sign, in the order of the question: those of an emergency first.
    pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

    /// Its name in plan files and on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it is a red flag: alone it calls for the clinic at least, on any day and at any depth.
    pub fn is_red_flag(self) -> bool {
        !matches!(
            self,
            Self::SwollenGlands
                | Self::DarkOrLightPatches
                | Self::FirmLumps
                | Self::LineMarks
                | Self::Numbness
                | Self::FewPimples
                | Self::Sunburn
                | Self::LipTingling
                | Self::MouthNumb
        )
    }
}

/// A body temperature between 30 and 45 °C, in tenths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Temperature {
    tenths: u16,
}

impl Temperature {
    /// What counts as fever: 38.0 °C.
    pub const FEVER: Self = Self { tenths: 380 };

    /// A temperature in degrees Celsius, to the tenth below; none outside 30-45 or when not a number.
    pub fn from_celsius(celsius: f64) -> Option<Self> {
        if !(30.0..=45.0).contains(&celsius) {
            return None;
        }
        // 38.0 arrives as 37.999… from some conversions; a fever must not be lost to that.
        let tenths = (celsius * 10.0 + 1e-6).floor();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 300 and 450"
        )]
        Some(Self {
            tenths: tenths as u16,
        })
    }

    /// In degrees Celsius.
    pub fn celsius(self) -> f64 {
        f64::from(self.tenths) / 10.0
    }
}

/// A temperature that no living patient has.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a temperature of {0} °C is not between 30 and 45")]
pub struct TemperatureOutOfRange(pub f64);

impl TryFrom<f64> for Temperature {
    type Error = TemperatureOutOfRange;
    fn try_from(celsius: f64) -> Result<Self, Self::Error> {
        Self::from_celsius(celsius).ok_or(TemperatureOutOfRange(celsius))
    }
}

impl From<Temperature> for f64 {
    fn from(temperature: Temperature) -> Self {
        temperature.celsius()
    }
}
