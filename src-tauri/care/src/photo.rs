//! A photo of the skin, as far as the domain knows one: from where it was taken.

use serde::{Deserialize, Serialize};

/// From where a photo shows the skin. Two photos of one pose can be compared.
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
pub enum Pose {
    /// From the front.
    Front,
    /// The patient's left side.
    Left,
    /// The patient's right side.
    Right,
    /// Anything else, and whatever was not said.
    Other,
}

impl Pose {
    /// Every pose, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Front, Self::Left, Self::Right, Self::Other];
}
