//! Small values of a plan.

use chrono::NaiveTime;
use serde::Deserialize;

use crate::Locale;
use crate::session::DepthClass;

/// One value for each depth class.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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

    /// The same for each class with its value changed; none if it is none for one, after all were seen.
    pub(super) fn try_map<U>(self, mut change: impl FnMut(T) -> Option<U>) -> Option<ByClass<U>> {
        let (superficial, medium, deep) = (change(self.superficial), change(self.medium), change(self.deep));
        Some(ByClass {
            superficial: superficial?,
            medium: medium?,
            deep: deep?,
        })
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Hours since the session's end.
    pub from: u32,
    /// Hours since the session's end; after `from`.
    pub until: u32,
}

impl Window {
    /// None for a window that is empty or runs backwards.
    pub(super) fn new([from, until]: [u32; 2]) -> Option<Self> {
        (from < until).then_some(Self { from, until })
    }

    pub(super) fn hours(self) -> [u32; 2] {
        [self.from, self.until]
    }

    /// Whether it holds whenever another does.
    pub(super) fn covers(self, other: Self) -> bool {
        self.from <= other.from && other.until <= self.until
    }
}

/// From one recovery day to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    /// The first day.
    pub from_day: u16,
    /// The last day; not before the first.
    pub to_day: u16,
}

/// A class's name in plan files.
pub(super) fn class_name(class: DepthClass) -> &'static str {
    match class {
        DepthClass::Superficial => "superficial",
        DepthClass::Medium => "medium",
        DepthClass::Deep => "deep",
    }
}

/// A language's name in plan files.
pub(super) fn locale_name(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "en",
        Locale::Es => "es",
    }
}

/// A wall-clock time written as `HH:MM`.
pub(super) fn wall_time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}
