//! How the app looks.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// A tone of the Monk range in six steps, 1 the lightest. For the pictures only: nothing that is said depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "u8", into = "u8")]
#[ts(type = "1 | 2 | 3 | 4 | 5 | 6")]
pub struct SkinTone(u8);

/// The number is no tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a skin tone is a number from 1 to 6")]
pub struct NoSkinTone;

impl TryFrom<u8> for SkinTone {
    type Error = NoSkinTone;

    fn try_from(tone: u8) -> Result<Self, NoSkinTone> {
        (1..=6).contains(&tone).then_some(Self(tone)).ok_or(NoSkinTone)
    }
}

impl From<SkinTone> for u8 {
    fn from(tone: SkinTone) -> Self {
        tone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_a_number_from_1_to_6() {
        for (number, is_tone) in [
            ("0", false),
            ("1", true),
            ("6", true),
            ("7", false),
            ("\"1\"", false),
        ] {
            assert_eq!(
                serde_json::from_str::<SkinTone>(number).is_ok(),
                is_tone,
                "{number}"
            );
        }
    }
}
