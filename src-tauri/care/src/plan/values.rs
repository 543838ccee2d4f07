//! Small values of a plan file, each refused with what was expected.

use chrono::NaiveTime;
use serde::{Deserialize, Deserializer};

use crate::Locale;
use crate::session::DepthClass;

/// One value for each depth class.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByClass<T> {
    /// Up to 0.5 mm.
    pub superficial: T,
    /// Above 0.5 mm, up to 1.5 mm.
    pub medium: T,
    /// Above 1.5 mm.
    pub deep: T,
}

impl<T> ByClass<T> {
    /// The value of a class.
    pub fn get(&self, class: DepthClass) -> &T {
        match class {
            DepthClass::Superficial => &self.superficial,
            DepthClass::Medium => &self.medium,
            DepthClass::Deep => &self.deep,
        }
    }
}

/// One value for each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerLocale<T> {
    /// In English.
    pub en: T,
    /// In Spanish.
    pub es: T,
}

impl<T> PerLocale<T> {
    /// The value of a language.
    pub fn get(&self, locale: Locale) -> &T {
        match locale {
            Locale::En => &self.en,
            Locale::Es => &self.es,
        }
    }
}

/// From one elapsed hour up to, not including, another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "[u32; 2]")]
pub struct Window {
    /// Hours since the session's end.
    pub from: u32,
    /// Hours since the session's end; after `from`.
    pub until: u32,
}

/// The latest elapsed hour that is accepted: two years.
pub(super) const MAX_HOURS: u32 = 2 * 366 * 24;

impl TryFrom<[u32; 2]> for Window {
    type Error = String;
    fn try_from([from, until]: [u32; 2]) -> Result<Self, Self::Error> {
        if from < until && until <= MAX_HOURS {
            Ok(Self { from, until })
        } else {
            Err(format!(
                "expected [from, until] in hours with from < until <= {MAX_HOURS}, found [{from}, {until}]"
            ))
        }
    }
}

/// From one recovery day to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "[u16; 2]")]
pub struct DayRange {
    /// The first day.
    pub from_day: u16,
    /// The last day; not before the first.
    pub to_day: u16,
}

impl TryFrom<[u16; 2]> for DayRange {
    type Error = String;
    fn try_from([from_day, to_day]: [u16; 2]) -> Result<Self, Self::Error> {
        if from_day <= to_day {
            Ok(Self { from_day, to_day })
        } else {
            Err(format!(
                "expected [first day, last day], found [{from_day}, {to_day}]"
            ))
        }
    }
}

/// A wall-clock time written as `HH:MM`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct WallTime(NaiveTime);

impl TryFrom<String> for WallTime {
    type Error = String;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map(Self)
            .map_err(|_| format!("expected a time of day such as \"08:00\", found \"{text}\""))
    }
}

pub(super) fn wall_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
    WallTime::deserialize(deserializer).map(|time| time.0)
}

pub(super) fn wall_times<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<NaiveTime>, D::Error> {
    Ok(Vec::<WallTime>::deserialize(deserializer)?
        .into_iter()
        .map(|time| time.0)
        .collect())
}
