//! A check-in: what the patient recorded about their skin at one moment.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::session::SessionId;

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
    /// A missing symptom was not asked; it is never zero.
    pub severities: BTreeMap<Symptom, Severity>,
    /// What was seen. None when the question about signs was not answered.
    pub signs: Option<BTreeSet<Sign>>,
    /// The patient's own words.
    pub note: String,
}

impl CheckIn {
    /// Whether signs and every symptom were answered; only then does its day ask for no other.
    pub fn is_complete(&self) -> bool {
        self.signs.is_some()
            && Symptom::ALL
                .iter()
                .all(|symptom| self.severities.contains_key(symptom))
    }
}

/// The longest note that is kept, in characters.
pub const MAX_NOTE_CHARS: usize = 2_000;

/// A symptom that is graded by severity. The first check-in asks these four; the rest of the
/// plan's symptoms join them with the whole rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Symptom {
    /// Redness or a change of colour.
    Erythema,
    /// Swelling.
    Edema,
    /// Localised warmth.
    Warmth,
    /// Pain, tenderness.
    Pain,
}

impl Symptom {
    /// Every symptom that is asked, in the order of the question.
    pub const ALL: [Self; 4] = [Self::Erythema, Self::Edema, Self::Warmth, Self::Pain];

    /// Its name in plan files and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Erythema => "erythema",
            Self::Edema => "edema",
            Self::Warmth => "warmth",
            Self::Pain => "pain",
        }
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

/// Something seen that is not a matter of degree. The first check-in asks the emergency signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// Trouble breathing, wheezing (dyspnoea).
    BreathingDifficulty,
    /// Swelling of the throat or tongue.
    ThroatTongueSwelling,
    /// Sudden swelling of the lips or the face (angioedema).
    SuddenLipOrFaceSwelling,
    /// Collapse or loss of consciousness.
    Collapse,
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
    /// A drooping face or new weakness.
    FaceDroopOrWeakness,
    /// Confusion.
    Confusion,
    /// Fast breathing (tachypnoea).
    FastBreathing,
    /// A seizure.
    Seizure,
    /// Slurred speech, or hard to wake.
    SlurredOrDrowsy,
    /// Blue, grey or mottled skin or lips (cyanosis).
    BlueGreySkin,
}

impl Sign {
    /// Every sign that is asked, in the order of the question.
    pub const ALL: [Self; 18] = [
        Self::BreathingDifficulty,
        Self::ThroatTongueSwelling,
        Self::SuddenLipOrFaceSwelling,
        Self::Collapse,
        Self::Confusion,
        Self::SlurredOrDrowsy,
        Self::Seizure,
        Self::FastBreathing,
        Self::BlueGreySkin,
        Self::FaceDroopOrWeakness,
        Self::BleedingNotStopping,
        Self::EyePain,
        Self::VisionChange,
        Self::LightHurtsEye,
        Self::BlistersNearEye,
        Self::SkinBlackOrPurple,
        Self::SpreadingFast,
        Self::WidespreadBlisters,
    ];
}
