//! The languages in which every text of the app and of the default plan is complete.

use serde::{Deserialize, Serialize};

/// A language that the app speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Locale {
    /// Every language, for tests that must hold in each.
    pub const ALL: [Self; 2] = [Self::En, Self::Es];

    /// The best match for a BCP 47 tag as systems give it (`es-MX`, `es_ES.UTF-8`); English when none fits.
    pub fn from_tag(tag: &str) -> Self {
        match tag.split(['-', '_', '.']).next() {
            Some(language) if language.eq_ignore_ascii_case("es") => Self::Es,
            _ => Self::En,
        }
    }
}
