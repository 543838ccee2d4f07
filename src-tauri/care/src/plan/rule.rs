//! Rules of triage as a plan states them: what must be true of a check-in, and which level follows.

use enumset::EnumSet;

use super::{PerLocale, SourceKey};
use crate::Locale;
use crate::check_in::{Severity, Sign, Symptom};
use crate::session::{Area, DepthClass, Risk};
use crate::triage::{RuleId, TriageLevel};

/// How many rules a plan may have: which of them fire is one machine word of bits.
pub const MAX_RULES: usize = u128::BITS as usize;

/// A rule of triage.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its stable name.
    pub id: RuleId,
    /// The level that it asks for.
    pub level: TriageLevel,
    /// It fires when one of these holds; never empty.
    pub when: Vec<Condition>,
    /// Who says so.
    pub sources: Vec<SourceKey>,
    /// Whether its limits are the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    pub(super) texts: PerLocale<RuleTexts>,
}

/// A rule's words in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleTexts {
    /// What to do; `{n}` stands for the recovery day. It names no cause.
    pub advice: String,
}

impl Rule {
    /// Its words.
    pub fn texts(&self, locale: Locale) -> &RuleTexts {
        self.texts.get(locale)
    }
}

/// One way in which a rule fires: everything that it names must hold.
///
/// Whatever it says of symptoms and signs only ever asks for more of them, but for the upper limits
/// ([`AboveBand::at_most`], [`AboveBand::to`], [`Rising::at_most`]) and [`Condition::unless`]: a
/// plan may use those only where a rule of a higher level takes over, so that a worse check-in never
/// has a lower level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Of each set at least one sign is present.
    pub signs: Vec<EnumSet<Sign>>,
    /// So many of these signs are present.
    pub at_least: Option<SignCount>,
    /// One of some symptoms has a severity in a range.
    pub severity: Option<SeverityRange>,
    /// One of some symptoms is above what is expected on that day.
    pub above_band: Option<AboveBand>,
    /// One of some symptoms went up when it should fall.
    pub rising: Option<Rising>,
    /// Some symptoms are back after they were gone.
    pub returned: Option<Returned>,
    /// One of some symptoms stays above what is expected.
    pub lasting: Option<Lasting>,
    /// The elapsed days on which it holds.
    pub days: ElapsedDays,
    /// Whether the days may be those of any session of the skin, not only of the latest.
    pub any_session: bool,
    /// The depth classes of the bands for which it holds; empty for every one.
    pub classes: Vec<DepthClass>,
    /// One of these risks is known; empty when none is needed.
    pub risks: EnumSet<Risk>,
    /// One of these areas was treated; empty when none is needed.
    pub treated: EnumSet<Area>,
    /// The check-in speaks of one of these areas; empty when none is needed.
    pub place: EnumSet<Area>,
    /// One of these rules fires, by their places in the plan; empty when none is needed.
    pub fires: Vec<usize>,
    /// None of these rules fires, by their places in the plan.
    pub unless: Vec<usize>,
    /// A sign is present that no rule which fires has named.
    pub untaken_signs: bool,
}

/// See [`Condition::at_least`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignCount {
    /// How many.
    pub count: u8,
    /// Of which.
    pub of: EnumSet<Sign>,
}

/// See [`Condition::severity`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeverityRange {
    /// Of which symptoms.
    pub symptoms: EnumSet<Symptom>,
    /// The lowest severity that counts.
    pub from: Severity,
}

/// See [`Condition::above_band`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AboveBand {
    /// Of which symptoms.
    pub symptoms: EnumSet<Symptom>,
    /// At least so many steps above the band.
    pub by: u8,
    /// At most so many steps above it.
    pub at_most: Option<u8>,
    /// And at least so severe.
    pub from: Severity,
    /// And at most so severe.
    pub to: Option<Severity>,
}

/// See [`Condition::rising`]. A symptom is compared with the lower of its latest earlier value and
/// its lowest earlier value since elapsed day 1, so that a plateau counts until it is back down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rising {
    /// Of which symptoms.
    pub symptoms: EnumSet<Symptom>,
    /// At least so many steps up.
    pub by: u8,
    /// At most so many steps up.
    pub at_most: Option<u8>,
    /// And now at least so severe.
    pub from: Severity,
}

/// See [`Condition::returned`]: at 1 or more after an earlier check-in said 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Returned {
    /// Of which symptoms.
    pub symptoms: EnumSet<Symptom>,
    /// How many of them.
    pub count: u8,
}

/// See [`Condition::lasting`]: above the band on each of the last check-ins that asked for it, which
/// are of so many different elapsed days, and not falling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasting {
    /// Of which symptoms.
    pub symptoms: EnumSet<Symptom>,
    /// Check-ins on how many different days.
    pub days: u8,
}

/// Elapsed days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ElapsedDays {
    /// The first.
    pub from: i64,
    /// The last; none for ever.
    pub to: Option<i64>,
}

impl ElapsedDays {
    /// Every day.
    pub const ALL: Self = Self { from: 0, to: None };

    /// Whether a day is among them; one before the session's end is day 0.
    pub fn contains(self, day: i64) -> bool {
        let day = day.max(0);
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}
