//! What is wrong with a plan file, where, and what was expected.

use super::values::{class_name, locale_name};
use crate::Locale;
use crate::check_in::{Sign, Symptom};
use crate::session::DepthClass;
use crate::timeline::PhaseId;
use crate::triage::TriageLevel;

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

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// The places of byte offsets that are asked for in ascending order, so that a text with many faults
/// is walked once.
pub(super) struct Places<'a> {
    text: &'a str,
    offset: usize,
    at: Position,
}

impl<'a> Places<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            offset: 0,
            at: Position { line: 1, column: 1 },
        }
    }

    /// The place of an offset that is not before the last one asked for.
    pub(super) fn of(&mut self, offset: usize) -> Position {
        let passed = self.text.get(self.offset..offset).unwrap_or_default();
        for char in passed.chars() {
            if char == '\n' {
                self.at.line += 1;
                self.at.column = 1;
            } else {
                self.at.column += 1;
            }
        }
        self.offset = self.offset.max(offset);
        self.at
    }
}

/// What is wrong with a plan or a translation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    // --- The text and its shape ---
    /// More text than is read.
    #[error("the file has {bytes} bytes; expected at most {limit}")]
    TooLarge {
        /// How many it has.
        bytes: usize,
        /// The most that is read.
        limit: usize,
    },
    /// Values within values, too many of them.
    #[error("this lies more than {0} levels deep; expected a flatter file")]
    TooDeep(usize),
    /// Not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A format that this version does not read.
    #[error("this is format {0}; expected format 1, or a newer version of the app")]
    Format(i64),
    /// A key that is not known there.
    #[error("there is no key `{key}` here{}; expected one of {known}", hint(.nearest.as_deref()))]
    UnknownKey {
        /// What is written.
        key: String,
        /// The known key that resembles it.
        nearest: Option<String>,
        /// The keys that exist there.
        known: String,
    },
    /// A key that has to be there.
    #[error("`{key}` is missing; add it: {expected}")]
    MissingKey {
        /// The key.
        key: String,
        /// What it says.
        expected: String,
    },
    /// A value of another type.
    #[error("this is {found}; expected {expected}")]
    WrongType {
        /// What is written.
        found: &'static str,
        /// What was expected, and what it says.
        expected: String,
    },
    /// A value that is not on the list.
    #[error("`{found}` is not known here{}; expected one of {expected}", hint(.nearest.as_deref()))]
    NotOneOf {
        /// What is written.
        found: String,
        /// The known value that resembles it.
        nearest: Option<String>,
        /// What is accepted.
        expected: String,
    },
    /// A number that is too small or too large.
    #[error("{found} is out of range; expected {from} to {to}: {what}")]
    OutOfRange {
        /// What is written.
        found: String,
        /// The least that is accepted.
        from: i64,
        /// The most that is accepted.
        to: i64,
        /// What the number says.
        what: String,
    },
    /// A list that is too short or too long.
    #[error("{found} entries; expected {}: {what}", count(*.from, *.to))]
    ItemCount {
        /// How many there are.
        found: usize,
        /// The fewest that are accepted.
        from: usize,
        /// The most that are accepted.
        to: usize,
        /// What the list says.
        what: String,
    },
    /// The same value twice in a list.
    #[error("`{0}` is in this list twice; remove one")]
    Repeated(String),
    /// A name that stands in keys and files.
    #[error("`{0}` is not a name; expected lower-case letters, digits and underscores")]
    BadName(String),
    /// Not a time of day.
    #[error("`{0}` is not a time; expected a time of day such as \"08:00\"")]
    BadTime(String),
    /// A text that is empty or too long.
    #[error("this text has {chars} characters; expected {from} to {limit}")]
    TextLength {
        /// How long it is.
        chars: usize,
        /// The fewest that are accepted.
        from: usize,
        /// The most that is accepted.
        limit: usize,
    },

    // --- Names and sources ---
    /// A source key that `[sources]` does not define.
    #[error("no source is called `{0}`; add it under [sources] or correct the key")]
    UnknownSource(String),
    /// A source that a clinic may not define itself.
    #[error("the source `{0}` is there already; expected a new key in a clinic's plan")]
    SourceTaken(String),
    /// A claim with neither source nor the mark that it has none.
    #[error("`{0}` names no source; add one, or say `extrapolated = true`")]
    Unsourced(String),
    /// Two things have the same name.
    #[error("`{0}` is there twice; names must be unique")]
    Duplicate(String),

    // --- Times ---
    /// A window that is empty or runs backwards.
    #[error("expected [from, until] in hours with from < until, found [{}, {}]", .0[0], .0[1])]
    BadWindow([u32; 2]),
    /// Two numbers in the wrong order.
    #[error("expected [least, most] with least <= most, found [{}, {}]", .0[0], .0[1])]
    BadRange([u16; 2]),

    // --- Instructions ---
    /// An avoid or a limit without the sentence for its end.
    #[error("`{0}` is an avoid or a limit; expected `over`, the sentence for its end")]
    OverMissing(String),
    /// The sentence for an end on something to do.
    #[error("`{0}` is something to do and never over; remove `over`")]
    OverUnexpected(String),
    /// An avoid or a limit whose end the plan does not know.
    #[error("`{0}` is an avoid or a limit; expected `timing.window` without daily times")]
    RestrictionWithoutWindow(String),
    /// `followed_by` leads nowhere useful.
    #[error("`{0}` cannot follow an avoid; expected the name of a limit that begins when the avoid ends")]
    BadFollowUp(String),
    /// A name that no instruction has.
    #[error("no instruction is called `{0}`; expected the name of an instruction of this plan")]
    UnknownInstruction(String),
    /// An instruction without a window where one is needed.
    #[error("`{0}` has no window; expected the name of an instruction with `timing.window`")]
    InstructionWithoutWindow(String),
    /// Something else than a do where only a do makes sense.
    #[error("`{0}` is nothing to do; expected the name of a do, whose opening is waited for")]
    NotADo(String),

    // --- Translations ---
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
    #[error("no texts in `{}`; expected each language of the app once", locale_name(*.0))]
    LocaleMissing(Locale),
    /// Texts in one language twice.
    #[error("a second set of texts in `{}`; expected each language of the app once", locale_name(*.0))]
    LocaleTwice(Locale),

    // --- What a whole plan has ---
    /// A phase that is not there.
    #[error("phase `{}` is missing; expected every phase once, in order", .0.name())]
    PhaseMissing(PhaseId),
    /// Phases overlap or leave a day out.
    #[error("for {} sessions this phase begins on day {found}; expected day {expected}", class_name(*.class))]
    PhaseGap {
        /// The class whose days do not fit.
        class: DepthClass,
        /// The first day that is written.
        found: u16,
        /// The first day that fits.
        expected: u16,
    },
    /// A band that is not there.
    #[error(
        "the band of {} for {} sessions is missing; expected one for each symptom and class",
        .symptom.name(), class_name(*.class)
    )]
    BandMissing {
        /// The symptom.
        symptom: Symptom,
        /// The class.
        class: DepthClass,
    },
    /// An entry that every plan has.
    #[error("[[{section}]] `{id}` is missing; expected an entry for each")]
    EntryMissing {
        /// The section.
        section: &'static str,
        /// The entry.
        id: String,
    },
    /// A closing line that is not there.
    #[error("the closing line of level `{}` is missing; add it under [levels]", .0.name())]
    ClosingMissing(TriageLevel),
    /// A red flag that no rule raises.
    #[error(
        "no rule calls for the clinic on `{}` alone; add it to a rule of level call_clinic or emergency, in a condition of signs only",
        .0.name()
    )]
    RedFlagUncovered(Sign),

    // --- Rules ---
    /// More rules than can be judged together.
    #[error("this rule is one too many; expected at most {0} in all, with those of the plan beneath")]
    TooManyRules(usize),
    /// A rule name that does not exist.
    #[error("no rule is called `{0}`; expected the name of a rule of this plan")]
    UnknownRule(String),
    /// A condition without anything that a patient records.
    #[error(
        "this condition asks for nothing that a check-in says; expected signs, at_least, severity, above_band, rising, returned, lasting, fires or untaken_signs"
    )]
    EmptyCondition,
    /// Rules that hang from each other.
    #[error("`{0}` has `fires` itself; expected a rule that hangs from no other")]
    FiresChain(String),
    /// `fires` names a rule whose own outcome depends on others.
    #[error(
        "`{0}` has `unless` or `untaken_signs`, so it is judged later than `fires` looks; expected a rule that looks at no other"
    )]
    FiresTooSoon(String),
    /// `unless` names a rule that is judged last.
    #[error(
        "`{0}` has `untaken_signs`, so it is judged later than `unless` looks; expected a rule without, or `untaken_signs` here too"
    )]
    UnlessTooSoon(String),
    /// `unless` names a rule that is not more serious.
    #[error("`{0}` is not of a higher level; `unless` may only give way to a higher one")]
    UnlessNotHigher(String),
    /// An upper limit in a serious rule.
    #[error(
        "`{0}` has an upper limit above level watch; remove it, so that a worse check-in never has a lower level"
    )]
    UpperLimit(String),
    /// A range of days that is empty.
    #[error("the days {from} to {to} are none; expected from_day <= to_day")]
    BadDays {
        /// The first day.
        from: u16,
        /// The last day.
        to: u16,
    },
    /// An upper bound below the lower one.
    #[error("at most {most} is less than {least}; expected the greater number last")]
    BadBounds {
        /// The lower bound.
        least: u8,
        /// The upper bound.
        most: u8,
    },

    // --- Activities ---
    /// `answer` beside what would decide otherwise.
    #[error("`answer` stands alone; remove `until`, `from`, `then` and `product`, or `answer`")]
    AnswerNotAlone,
    /// Nothing decides.
    #[error("nothing decides about `{0}`; add `answer`, `until`, `from` or `product = true`")]
    Undecided(String),
    /// A word that finds two activities.
    #[error("`{word}` is a word of `{other}` already; a word finds one activity")]
    WordTaken {
        /// The word.
        word: String,
        /// The activity that has it.
        other: String,
    },
    /// A word in capitals.
    #[error("`{0}` has capitals; expected lower-case words")]
    WordNotLower(String),

    // --- The clinic ---
    /// A number that no telephone takes.
    #[error("`{0}` cannot be dialled; expected at least three digits, with +, *, #, spaces or ()-./ between")]
    BadPhone(String),
    /// Hours that end before they begin.
    #[error("the hours end at {until}, not after {from}; expected a later time")]
    BadHours {
        /// When they begin.
        from: String,
        /// When they end.
        until: String,
    },
    /// A clinic's plan where a whole one is needed.
    #[error("this plan extends another; expected a whole plan here")]
    IsExtension,
    /// A plan beneath that is not the one at hand.
    #[error("this extends {found}; the plan here is {expected}")]
    OtherBase {
        /// What it names.
        found: String,
        /// What there is.
        expected: String,
    },
    /// The clinic's plan has the name of the plan beneath.
    #[error("`{0}` is the name of the plan beneath; expected a name of the clinic's own")]
    BaseName(String),
    /// A window that holds for less long than that of the plan beneath.
    #[error(
        "`{id}` would hold from hour {} to {} for {} sessions{} instead of {} to {}; expected as much or more, or `approved_by` with the clinician who answers for it",
        .found[0], .found[1], class_name(*.class), if *.darker { " of darker skin" } else { "" }, .base[0], .base[1]
    )]
    ShorterWindow {
        /// The instruction.
        id: String,
        /// The class.
        class: DepthClass,
        /// Whether it is the window that holds for darker skin.
        darker: bool,
        /// The hours that are written.
        found: [u32; 2],
        /// The hours of the plan beneath.
        base: [u32; 2],
    },
    /// Something else by which an instruction would hold less.
    #[error(
        "`{id}` would hold less than before, because of `{key}`: {why}; take it back, or add `approved_by` with the clinician who answers for it"
    )]
    Looser {
        /// The instruction.
        id: String,
        /// The key.
        key: &'static str,
        /// What became less.
        why: &'static str,
    },
    /// A limit that no longer begins where its avoid ends.
    #[error(
        "for {} sessions `{avoid}` ends at hour {ends}, but `{limit}`, which follows it, begins at hour {begins}; give `{limit}` a window that begins at hour {ends}, and the same areas",
        class_name(*.class)
    )]
    BrokenChain {
        /// The avoid.
        avoid: String,
        /// The limit.
        limit: String,
        /// The class.
        class: DepthClass,
        /// When the avoid ends.
        ends: u32,
        /// When the limit begins.
        begins: u32,
    },
    /// Check-ins asked for less often, on which triage lives.
    #[error(
        "`check_in` may only ask more often: triage lives of it; expected every day of the plan beneath, and no later first one"
    )]
    FewerCheckIns,
    /// Something that the plan beneath does not have.
    #[error("the plan beneath has no instruction `{0}`; expected the name of one of its instructions")]
    NothingToSwitchOff(String),
    /// An avoid or a limit switched off by nobody.
    #[error(
        "`{0}` is an avoid or a limit; add `approved_by` with the clinician who answers for leaving it out"
    )]
    SwitchOffUnapproved(String),
    /// The check-in switched off.
    #[error("`check_in` cannot be switched off: triage lives of it")]
    CheckInSwitchedOff,
    /// A rule switched off.
    #[error("`{0}` is a rule of triage; rules are never switched off, so that no red flag is missed")]
    RuleSwitchedOff(String),
    /// Both changed and switched off.
    #[error("`{0}` is changed and switched off; keep one of the two")]
    ChangedAndSwitchedOff(String),
    /// Something else still waits for it.
    #[error("`{by}` waits for `{id}`; first give `{by}` another answer or another `until`")]
    StillNamed {
        /// The instruction.
        id: String,
        /// What names it.
        by: String,
    },
    /// A lower level than that of the plan beneath.
    #[error(
        "`{id}` has level {}, and {} is lower; a clinic's plan may raise levels, never lower them, so that no red flag is missed",
        .base.name(), .found.name()
    )]
    LowerLevel {
        /// The rule.
        id: String,
        /// The level that is written.
        found: TriageLevel,
        /// The level of the plan beneath.
        base: TriageLevel,
    },
    /// A severity that the plan beneath does not expect.
    #[error(
        "on elapsed day {day} {} is expected up to {base} for {} sessions, and {found} is more; a clinic's plan may expect less, never more",
        .symptom.name(), class_name(*.class)
    )]
    HigherBand {
        /// The symptom.
        symptom: Symptom,
        /// The class.
        class: DepthClass,
        /// The elapsed day; the last one stands for all after it.
        day: usize,
        /// The severity that is written.
        found: u8,
        /// That of the plan beneath.
        base: u8,
    },
    /// A screening question that asks for less.
    #[error("`{0}` asks for more in the plan beneath (note < ask < stop); expected as much or more")]
    LooserScreening(String),
    /// Less before a session.
    #[error("`{0}` asks for more in the plan beneath; expected as many hours or more, of the same kind")]
    LooserPreCare(String),
    /// An answer of the plan beneath replaced by another than "ask the clinic".
    #[error("`{0}` is answered by the plan beneath; expected `answer = \"ask_clinic\"`, or a new name")]
    ActivityTaken(String),
    /// A family of ingredients allowed sooner.
    #[error(
        "`{until}` ends at hour {found} for {} sessions, and `{group}` waits until hour {base}; expected an instruction that ends no earlier",
        class_name(*.class)
    )]
    EarlierIngredient {
        /// The family.
        group: String,
        /// The instruction that is written.
        until: String,
        /// The class.
        class: DepthClass,
        /// When it ends.
        found: u32,
        /// When that of the plan beneath ends.
        base: u32,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest
        .map(|name| format!(" (did you mean `{name}`?)"))
        .unwrap_or_default()
}

fn count(from: usize, to: usize) -> String {
    if from == to {
        from.to_string()
    } else if to == usize::MAX {
        format!("at least {from}")
    } else {
        format!("{from} to {to}")
    }
}
