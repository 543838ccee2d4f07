//! Plans from files.

use std::path::{Path, PathBuf};

use afterglow_care::plan::{PlanDocument, PlanError};
use afterglow_care::{Locale, Plan};
use toml::de::DeTable;

use crate::arguments::Common;
use crate::input;
use crate::names;
use crate::output::Refusal;

/// A plan from a file.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) plan: Plan,
    /// What it extends; none for a whole plan.
    pub(crate) base: Option<Plan>,
    /// The languages in which it has words of its own.
    pub(crate) languages: Vec<&'static str>,
}

/// Something wrong with a plan.
#[derive(Debug)]
pub(crate) struct FileFault {
    pub(crate) file: PathBuf,
    /// Counted from 1; the file's first character for what is missing from all of it.
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) message: String,
}

impl std::fmt::Display for FileFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            file,
            line,
            column,
            message,
        } = self;
        write!(f, "{}:{line}:{column}: {message}", file.display())
    }
}

/// Why there is no plan.
#[derive(Debug)]
pub(crate) enum NoPlan {
    /// A file could not be read.
    Unreadable(String),
    /// It has faults: all of them, in order.
    Faulty(Vec<FileFault>),
}

impl From<NoPlan> for Refusal {
    fn from(why: NoPlan) -> Self {
        match why {
            NoPlan::Unreadable(why) => crate::output::refusal(why),
            NoPlan::Faulty(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().into(),
        }
    }
}

/// The plan that a command goes by: the file's, else the default.
pub(crate) fn chosen(common: &Common) -> Result<Plan, Refusal> {
    match &common.plan {
        Some(path) => Ok(load(path)?.plan),
        None => Ok(Plan::microneedling()),
    }
}

/// Reads a plan and the translations beside it. One that says `extends` is a clinic's plan and is
/// read on top of the default plan.
pub(crate) fn load(path: &Path) -> Result<Loaded, NoPlan> {
    let text = input::text_of(path).map_err(NoPlan::Unreadable)?;
    let mut files = vec![path.to_owned()];
    let mut translations = Vec::new();
    let header = Header::of(&text);
    let mut languages: Vec<_> = header.language.into_iter().collect();
    for locale in Locale::ALL {
        let beside = translation(path, locale);
        if beside.is_file() {
            translations.push(input::text_of(&beside).map_err(NoPlan::Unreadable)?);
            files.push(beside);
            languages.push(names::of_locale(locale));
        }
    }
    let translations: Vec<_> = translations.iter().map(String::as_str).collect();
    let base = header.extends.then(Plan::microneedling);
    let plan = match &base {
        Some(base) => base.extended(&text, &translations),
        None => Plan::parse(&text, &translations),
    };
    match plan {
        Ok(plan) => Ok(Loaded {
            plan,
            base,
            languages,
        }),
        Err(faults) => Err(NoPlan::Faulty(
            faults.iter().map(|fault| fault_in(&files, fault)).collect(),
        )),
    }
}

fn fault_in(files: &[PathBuf], error: &PlanError) -> FileFault {
    let place = match error.document {
        PlanDocument::Plan => 0,
        PlanDocument::Translation(number) => number,
    };
    let (line, column) = error
        .position
        .map_or((1, 1), |position| (position.line, position.column));
    FileFault {
        file: files.get(place).or(files.first()).cloned().unwrap_or_default(),
        line,
        column,
        message: error.fault.to_string(),
    }
}

/// `clinic.toml` is translated by `clinic.es.toml`.
fn translation(path: &Path, locale: Locale) -> PathBuf {
    path.with_extension(format!("{}.toml", names::of_locale(locale)))
}

/// What must be known of a file before it can be read.
struct Header {
    extends: bool,
    language: Option<&'static str>,
}

impl Header {
    /// As far as the text can be understood: its faults are the reader's business.
    fn of(text: &str) -> Self {
        let (table, _) = DeTable::parse_recoverable(text);
        let table = table.get_ref();
        let language = table
            .get("locale")
            .and_then(|value| value.get_ref().as_str())
            .and_then(|name| names::locale(name).ok())
            .map(names::of_locale);
        Self {
            extends: table.contains_key("extends"),
            language,
        }
    }
}
