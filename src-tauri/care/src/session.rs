//! A session: one treatment, and what the plan needs to know of it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use enumset::{EnumSet, EnumSetType};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Zone;
use crate::plan::PlanRef;

/// Identifies a session for ever; time-ordered (UUID version 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What stands for a calendar date of which no time is given.
const EVENING: NaiveTime = match NaiveTime::from_hms_opt(20, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// One treatment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identity.
    pub id: SessionId,
    /// The instant at which it ended: every elapsed window runs from here.
    pub ended_at: DateTime<Utc>,
    /// The zone in which it ended (its name, or a fixed offset where the name is no longer known).
    pub zone: Zone,
    /// Who treated.
    pub setting: Setting,
    /// The device as the patient calls it.
    pub device: Option<String>,
    /// The deepest needle depth used; unknown is allowed.
    pub depth: Option<NeedleDepth>,
    /// The treated areas; never empty.
    pub areas: BTreeSet<Area>,
    /// What it was done for.
    pub concerns: BTreeSet<Concern>,
    /// What screening found: it changes windows, what is asked, and rules of triage.
    pub risks: EnumSet<Risk>,
    /// What the clinic supplied for the first hours: allowed from the start.
    pub clinic_gave: EnumSet<Supply>,
    /// What was done besides needling.
    pub adjuncts: EnumSet<Adjunct>,
    /// Whether treated skin that clothes usually cover is exposed to the sun.
    pub exposed: bool,
    /// The plan and version that it is pinned to.
    pub plan: PlanRef,
}

impl Session {
    /// Whether the plan's windows do not apply, because more was done than the plan knows of: only
    /// the clinic can say when something is allowed again.
    pub fn asks_clinic(&self) -> bool {
        self.adjuncts.iter().any(|adjunct| adjunct != Adjunct::Led)
    }

    /// The class whose windows and phases hold: the deepest when the depth is not known, so that
    /// nothing is allowed too early and no phase promises what a window still forbids.
    pub fn window_class(&self) -> DepthClass {
        self.depth.map_or(DepthClass::Deep, NeedleDepth::class)
    }

    /// The class whose expected severities hold: the middle one when the depth is not known, so
    /// that a strong reaction is not taken for the ordinary course of a deep session.
    pub fn band_class(&self) -> DepthClass {
        self.depth.map_or(DepthClass::Medium, NeedleDepth::class)
    }

    /// Calendar days since the date on which the session ended, both in `zone` (the patient's,
    /// now). Day 0 is the day of the session; negative before it.
    pub fn recovery_day(&self, zone: &Zone, at: DateTime<Utc>) -> i64 {
        self.day_of_date(zone, zone.date(at))
    }

    /// The recovery day of a calendar date; see [`Session::recovery_day`].
    pub fn day_of_date(&self, zone: &Zone, date: NaiveDate) -> i64 {
        (date - zone.date(self.ended_at)).num_days()
    }

    /// The instant that an entry about a calendar date speaks of when it gives no time: 20:00 in `zone`, never before
    /// the end.
    pub fn evening_of(&self, zone: &Zone, date: NaiveDate) -> DateTime<Utc> {
        zone.instant(date.and_time(EVENING)).max(self.ended_at)
    }

    /// Whole periods of 24 h since the end: what bands and triage rules go by. Negative before the end.
    pub fn elapsed_day(&self, at: DateTime<Utc>) -> i64 {
        (at - self.ended_at)
            .num_seconds()
            .div_euclid(TimeDelta::days(1).num_seconds())
    }
}

/// Where and by whom the session was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumString)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Setting {
    /// By a professional.
    Clinic,
    /// By the patient.
    Home,
}

/// A needle depth between 0.1 and 3.5 mm, kept in whole micrometres so that class limits compare exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NeedleDepth {
    micrometres: u16,
}

impl NeedleDepth {
    /// The shallowest depth that is accepted, in micrometres.
    pub const MIN_MICROMETRES: u16 = 100;
    /// The deepest depth that is accepted, in micrometres.
    pub const MAX_MICROMETRES: u16 = 3_500;

    /// A depth given in micrometres; none outside 100-3,500.
    pub fn from_micrometres(micrometres: u16) -> Option<Self> {
        (Self::MIN_MICROMETRES..=Self::MAX_MICROMETRES)
            .contains(&micrometres)
            .then_some(Self { micrometres })
    }

    /// A depth given in millimetres, rounded to the micrometre; none outside 0.1-3.5 or when not a number.
    pub fn from_mm(mm: f64) -> Option<Self> {
        let micrometres = (mm * 1_000.0).round();
        if !(0.0..=f64::from(u16::MAX)).contains(&micrometres) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to lie within u16 above"
        )]
        Self::from_micrometres(micrometres as u16)
    }

    /// In micrometres.
    pub fn micrometres(self) -> u16 {
        self.micrometres
    }

    /// In millimetres.
    pub fn mm(self) -> f64 {
        f64::from(self.micrometres) / 1_000.0
    }

    /// The class that plans speak of.
    pub fn class(self) -> DepthClass {
        match self.micrometres {
            ..=500 => DepthClass::Superficial,
            501..=1_500 => DepthClass::Medium,
            _ => DepthClass::Deep,
        }
    }
}

/// Depth classes of the default plan: superficial <= 0.5 mm < medium <= 1.5 mm < deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DepthClass {
    /// Up to 0.5 mm.
    Superficial,
    /// Above 0.5 mm, up to 1.5 mm.
    Medium,
    /// Above 1.5 mm.
    Deep,
}

impl DepthClass {
    /// Every class, shallowest first.
    pub const ALL: [Self; 3] = [Self::Superficial, Self::Medium, Self::Deep];
}

/// A treated part of the body.
#[derive(
    Debug, EnumSetType, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::EnumString, strum::IntoStaticStr,
)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[enumset(serialize_repr = "list")]
pub enum Area {
    /// The face without the skin close to the eyes.
    Face,
    /// The skin close to the eyes.
    EyeArea,
    /// The scalp.
    Scalp,
    /// The neck.
    Neck,
    /// The chest.
    Chest,
    /// The hands.
    Hands,
    /// The back.
    Back,
    /// The abdomen.
    Abdomen,
    /// The buttocks.
    Buttocks,
    /// The legs.
    Legs,
    /// The arms.
    Arms,
}

impl Area {
    /// Every area, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::Face,
        Self::EyeArea,
        Self::Scalp,
        Self::Neck,
        Self::Chest,
        Self::Hands,
        Self::Back,
        Self::Abdomen,
        Self::Buttocks,
        Self::Legs,
        Self::Arms,
    ];

    /// Its name in plan files and on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What screening found that changes windows, questions or rules of triage. The other answers to the
/// screening questions are warnings only.
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
pub enum Risk {
    /// Takes a blood thinner.
    Anticoagulant,
    /// Has a weak immune system.
    Immunosuppressed,
    /// Has diabetes.
    Diabetes,
    /// Has had cold sores (herpes labialis).
    ColdSoreHistory,
    /// Has eczema.
    Eczema,
    /// Fitzpatrick skin type IV to VI: redness is hard to see, pigment changes more easily.
    #[serde(rename = "skin_type_4_6")]
    #[strum(serialize = "skin_type_4_6")]
    SkinType4To6,
}

impl Risk {
    /// Its name in plan files and on the wire, which is that of its screening question.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Something that the clinic supplied for the first hours.
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
pub enum Supply {
    /// A gel or serum.
    Gel,
    /// A sunscreen.
    Sunscreen,
}

/// Something done besides needling.
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
pub enum Adjunct {
    /// Light (LED).
    Led,
    /// Radiofrequency.
    Radiofrequency,
    /// Platelet-rich plasma.
    Prp,
    /// Exosomes.
    Exosomes,
    /// A chemical peel.
    Peel,
}

/// A session that is booked and has not happened yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Its identity, which the session keeps when it has happened.
    pub id: SessionId,
    /// When it begins.
    pub at: DateTime<Utc>,
    /// The areas that are to be treated.
    pub areas: BTreeSet<Area>,
    /// When it was entered. What was due before then is asked of nobody.
    pub entered_at: DateTime<Utc>,
}

/// What a session was done for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Concern {
    /// Acne scars.
    AcneScars,
    /// Other scars.
    Scars,
    /// Fine lines and wrinkles.
    Wrinkles,
    /// Stretch marks (striae distensae).
    StretchMarks,
    /// Large pores.
    LargePores,
    /// Uneven tone, sun or age spots.
    Pigmentation,
    /// Uneven texture.
    Texture,
    /// Lost elasticity, loose skin.
    Laxity,
}

impl Concern {
    /// Every concern, in the order in which they are offered.
    pub const ALL: [Self; 8] = [
        Self::AcneScars,
        Self::Scars,
        Self::Wrinkles,
        Self::StretchMarks,
        Self::LargePores,
        Self::Pigmentation,
        Self::Texture,
        Self::Laxity,
    ];
}

/// A session as the patient typed it: the wall-clock end in their zone, nothing checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionDraft {
    /// The instant at which it ended.
    pub ended_at: DateTime<Utc>,
    /// The zone in which it ended.
    pub zone: Zone,
    /// Who treated.
    pub setting: Setting,
    /// The device as the patient calls it.
    pub device: Option<String>,
    /// In millimetres; none when not known.
    pub depth_mm: Option<f64>,
    /// The treated areas.
    pub areas: BTreeSet<Area>,
    /// What it was done for.
    pub concerns: BTreeSet<Concern>,
    /// What screening found.
    pub risks: EnumSet<Risk>,
    /// What the clinic supplied for the first hours.
    pub clinic_gave: EnumSet<Supply>,
    /// What was done besides needling.
    pub adjuncts: EnumSet<Adjunct>,
    /// Whether treated skin that clothes usually cover is exposed to the sun.
    pub exposed: bool,
}

/// What is wrong with one field of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SessionFault {
    /// A session that has not ended has no recovery yet.
    #[error("the session ends in the future; enter it when it is over")]
    EndsInFuture,
    /// Nothing in a plan reaches back so far.
    #[error("the session ended more than a year ago; nothing is left to remind of")]
    EndedOverAYearAgo,
    /// Outside 0.1-3.5 mm, or not a number.
    #[error("needle depth must be between 0.1 and 3.5 mm; leave it empty if it is not known")]
    DepthOutOfRange,
    /// Windows depend on the area.
    #[error("choose at least one treated area")]
    NoArea,
    /// Longer than [`MAX_DEVICE_CHARS`].
    #[error("the device's name is longer than 80 characters")]
    DeviceTooLong,
}

/// The longest name of a device that is kept, in characters.
pub const MAX_DEVICE_CHARS: usize = 80;

impl SessionDraft {
    /// The session, or every fault of the draft at once, in the order of the form.
    pub fn check(
        self,
        id: SessionId,
        plan: PlanRef,
        now: DateTime<Utc>,
    ) -> Result<Session, Vec<SessionFault>> {
        let long_over = self.ended_at < now - TimeDelta::days(365);
        self.checked(id, plan, long_over, now)
    }

    /// The same for a correction, which keeps the session's id and plan. An end that is not touched may be as long ago
    /// as it is by now.
    pub fn check_correction(self, of: &Session, now: DateTime<Utc>) -> Result<Session, Vec<SessionFault>> {
        let long_over = self.ended_at != of.ended_at && self.ended_at < now - TimeDelta::days(365);
        self.checked(of.id, of.plan.clone(), long_over, now)
    }

    fn checked(
        self,
        id: SessionId,
        plan: PlanRef,
        long_over: bool,
        now: DateTime<Utc>,
    ) -> Result<Session, Vec<SessionFault>> {
        let mut faults = Vec::new();
        if self.ended_at > now {
            faults.push(SessionFault::EndsInFuture);
        }
        if long_over {
            faults.push(SessionFault::EndedOverAYearAgo);
        }
        let depth = self.depth_mm.map(NeedleDepth::from_mm);
        if depth == Some(None) {
            faults.push(SessionFault::DepthOutOfRange);
        }
        if self.areas.is_empty() {
            faults.push(SessionFault::NoArea);
        }
        let device = self
            .device
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty());
        if device
            .as_ref()
            .is_some_and(|name| name.chars().count() > MAX_DEVICE_CHARS)
        {
            faults.push(SessionFault::DeviceTooLong);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Session {
            id,
            ended_at: self.ended_at,
            zone: self.zone,
            setting: self.setting,
            device,
            depth: depth.flatten(),
            areas: self.areas,
            concerns: self.concerns,
            risks: self.risks,
            clinic_gave: self.clinic_gave,
            adjuncts: self.adjuncts,
            exposed: self.exposed,
            plan,
        })
    }
}
