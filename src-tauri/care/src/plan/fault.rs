//! What is wrong with a plan file, where, and what was expected.

use crate::Locale;
use crate::check_in::Symptom;
use crate::session::DepthClass;
use crate::timeline::PhaseId;

/// A plan or one of its translations was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{document}{}: {fault}", .position.map(|p| format!(", {p}")).unwrap_or_default())]
pub struct PlanError {
    /// Which file.
    pub document: PlanDocument,
    /// Where in it; none when something is missing from the whole file.
    pub position: Option<Position>,
    /// What is wrong.
    pub fault: PlanFault,
}

/// One of the files that were read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanDocument {
    /// The plan itself.
    Plan,
    /// The translation with that place in the list, counted from 1.
    Translation(usize),
}

impl std::fmt::Display for PlanDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plan => f.write_str("plan"),
            Self::Translation(number) => write!(f, "translation {number}"),
        }
    }
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
}

impl Position {
    /// The place of a byte offset.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
        }
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What is wrong with a plan or a translation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// Not TOML, or a key or value that a plan does not have.
    #[error("{0}")]
    Syntax(String),
    /// A format that this version does not read.
    #[error("this is format {0}; expected format 1, or a newer version of the app")]
    Format(u32),
    /// A source key that `[sources]` does not define.
    #[error("no source is called `{0}`; add it under [sources] or correct the key")]
    UnknownSource(String),
    /// A claim with neither source nor the mark that it has none.
    #[error("`{0}` names no source; add one, or say `extrapolated = true`")]
    Unsourced(String),
    /// Two things have the same name.
    #[error("`{0}` is there twice; names must be unique")]
    Duplicate(String),
    /// A name that stands in keys and files.
    #[error("`{0}` is not a name; expected lower-case letters, digits and underscores")]
    BadName(String),
    /// A text that is empty or too long.
    #[error("this text has {chars} characters; expected 1 to {limit}")]
    TextLength {
        /// How long it is.
        chars: usize,
        /// The most that is accepted.
        limit: usize,
    },
    /// An avoid or a limit without the sentence for its end.
    #[error("`{0}` is an avoid or a limit; expected `over`, the sentence for its end")]
    OverMissing(String),
    /// The sentence for an end on something to do.
    #[error("`{0}` is something to do and never over; remove `over`")]
    OverUnexpected(String),
    /// An avoid or a limit whose end the plan does not know.
    #[error("`{0}` is an avoid or a limit; expected `timing.window` without daily times")]
    RestrictionWithoutWindow(String),
    /// A moment that no recovery reaches.
    #[error("{hours} hours is too late; expected at most {limit}")]
    TooLate {
        /// What is written.
        hours: u32,
        /// The latest that is accepted.
        limit: u32,
    },
    /// `followed_by` leads nowhere useful.
    #[error("`{0}` cannot follow an avoid; expected the name of a limit that begins when the avoid ends")]
    BadFollowUp(String),
    /// A text in a translation for something that the plan does not have.
    #[error("the plan has no `{0}`; remove it or correct the name")]
    NothingToTranslate(String),
    /// A text that a translation lacks.
    #[error("`{0}` is not translated; add it")]
    Untranslated(String),
    /// A translation of another plan or version.
    #[error("this translates {id} version {version}; expected the plan that it is read with")]
    OtherPlan {
        /// The plan that it translates.
        id: String,
        /// Its version.
        version: u32,
    },
    /// No texts in one of the app's languages.
    #[error("no texts in {0:?}; expected each language of the app once")]
    LocaleMissing(Locale),
    /// Texts in one language twice.
    #[error("a second set of texts in {0:?}; expected each language of the app once")]
    LocaleTwice(Locale),
    /// A phase that is not there.
    #[error("phase {0:?} is missing; expected every phase once, in order")]
    PhaseMissing(PhaseId),
    /// Phases overlap or leave a day out.
    #[error("for {class:?} sessions this phase begins on day {found}; expected day {expected}")]
    PhaseGap {
        /// The class whose days do not fit.
        class: DepthClass,
        /// The first day that is written.
        found: u16,
        /// The first day that fits.
        expected: u16,
    },
    /// A phase without a hue.
    #[error("a phase has at least one accent")]
    NoAccent,
    /// A band that is not there.
    #[error(
        "the band of {symptom:?} for {class:?} sessions is missing; expected one for each symptom and class"
    )]
    BandMissing {
        /// The symptom.
        symptom: Symptom,
        /// The class.
        class: DepthClass,
    },
    /// A severity that is never merely expected.
    #[error("severity {0} is never merely expected; expected 0 to 3")]
    BandTooHigh(u8),
    /// A rule that the program does not know, or an advice that it needs and does not find.
    #[error("rule `{0}` is missing or unknown; expected each rule of this version once")]
    RuleSet(String),
    /// A rule at another level than the program's rule has.
    #[error("rule `{0}` is a rule of another level; levels may not be changed in this version")]
    RuleLevel(String),
}
