//! Expected severities: how much of a symptom is still ordinary on which elapsed day.

use enumset::EnumSet;
use serde::Deserialize;

use super::SourceKey;
use crate::check_in::{Severity, Symptom};
use crate::session::Area;

/// How many elapsed days a band names; the last value holds from then on.
pub const BAND_DAYS: usize = 12;

/// The highest severity that a band may call expected.
pub const HIGHEST_EXPECTED: u8 = 3;

/// The highest expected severity of one symptom after one class of session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// By elapsed day; the last value holds from then on.
    pub highest: [Severity; BAND_DAYS],
    /// Who backs its duration.
    pub sources: Vec<SourceKey>,
    /// Whether the numbers are the authors' mapping rather than a source's figure.
    pub extrapolated: bool,
}

/// What moves some bands when every treated area is one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandShift {
    /// The symptoms whose bands move.
    pub symptoms: EnumSet<Symptom>,
    /// Where it holds.
    pub areas: EnumSet<Area>,
    /// How it moves.
    pub shift: Shift,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether it is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
}

/// How a band moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shift {
    /// Higher by so much up to an elapsed day, never above [`HIGHEST_EXPECTED`].
    Raise {
        /// By how much.
        by: u8,
        /// The last elapsed day of it.
        to_day: u16,
    },
    /// From an elapsed day on, the band of so many days before.
    Delay {
        /// By how many days.
        by: u16,
        /// The first elapsed day of it.
        from_day: u16,
    },
}

pub(super) fn expected(
    band: &Band,
    shifts: &[BandShift],
    symptom: Symptom,
    areas: EnumSet<Area>,
    day: usize,
) -> Severity {
    let mut band_day = day;
    let mut raise = 0;
    for shift in shifts
        .iter()
        .filter(|s| s.symptoms.contains(symptom) && areas.is_subset(s.areas))
    {
        match shift.shift {
            Shift::Raise { by, to_day } if day <= usize::from(to_day) => raise = by.max(raise),
            Shift::Delay { by, from_day } if day >= usize::from(from_day) => {
                band_day = day.saturating_sub(usize::from(by));
            }
            Shift::Raise { .. } | Shift::Delay { .. } => {}
        }
    }
    let highest = band.highest[band_day.min(BAND_DAYS - 1)];
    let raised = highest
        .grade()
        .saturating_add(raise)
        .min(HIGHEST_EXPECTED.max(highest.grade()));
    Severity::new(raised).unwrap_or(highest)
}
