//! What can be said on the command line.

use std::path::PathBuf;

use afterglow_care::session::{Adjunct, Area, NeedleDepth, Setting, Supply};
use afterglow_care::{Locale, Zone};
use chrono::{DateTime, FixedOffset};
use clap::{Args, Parser, Subcommand};

use crate::instants::{self, SessionEnd};
use crate::names;

/// Work with a care plan: check it, print what follows from it, ask it.
///
/// Reads only its arguments, the named files and standard input. Exit code 0: answered; 2: the
/// input was refused, and standard error says why.
#[derive(Debug, Parser)]
#[command(name = "careplan", version)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every subcommand takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// A clinic's plan, or a whole one, in place of the default plan
    #[arg(long, global = true, value_name = "FILE", display_order = 100)]
    pub(crate) plan: Option<PathBuf>,
    /// The language of the answer: en or es
    #[arg(long, global = true, default_value = "en", value_parser = names::locale, display_order = 101)]
    pub(crate) lang: Locale,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List every fault of a plan, or say what the plan contains
    Check(Check),
    /// Print the windows of a session and its recovery days
    Timeline(Timeline),
    /// Print the reminders of a session in the order in which they are due
    Reminders(Reminders),
    /// Answer "can I …?"
    Can(Can),
    /// Read a product's ingredient list from standard input and say what has to wait
    Ingredients(Ingredients),
    /// Assess check-ins from a JSON file
    Assess(Assess),
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The plan; the translations of clinic.toml are clinic.en.toml and clinic.es.toml beside it
    pub(crate) file: PathBuf,
    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Timeline {
    #[command(flatten)]
    pub(crate) session: SessionOptions,
    /// The last recovery day that is printed
    #[arg(long, default_value_t = 14, value_parser = clap::value_parser!(u16).range(..=MAX_DAYS))]
    pub(crate) days: u16,
    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Reminders {
    #[command(flatten)]
    pub(crate) session: SessionOptions,
    /// The last recovery day whose reminders are printed; all of them when left out
    #[arg(long, value_parser = clap::value_parser!(u16).range(..=MAX_DAYS))]
    pub(crate) days: Option<u16>,
    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Can {
    /// What is asked, in plain words
    #[arg(required = true, value_parser = names::question)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) session: SessionOptions,
    /// The instant of the question (2026-11-03T09:00:00+01:00)
    #[arg(long, value_name = "INSTANT", value_parser = instants::instant)]
    pub(crate) now: DateTime<FixedOffset>,
    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Ingredients {
    #[command(flatten)]
    pub(crate) session: SessionOptions,
    /// The instant of the question (2026-11-03T09:00:00+01:00)
    #[arg(long, value_name = "INSTANT", value_parser = instants::instant)]
    pub(crate) now: DateTime<FixedOffset>,
    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Assess {
    /// A case or a list of cases in JSON; - for standard input
    pub(crate) file: PathBuf,
    /// Answer in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// One session, as far as a plan needs to know it.
#[derive(Debug, Args)]
pub(crate) struct SessionOptions {
    /// When the session ended, on the wall clock there (2026-11-02T17:30); of a time that exists twice the later
    #[arg(long, value_name = "LOCAL-DATETIME", value_parser = instants::session_end)]
    pub(crate) ended: SessionEnd,
    /// The time zone in which it ended (Europe/Berlin)
    #[arg(long, value_name = "IANA", value_parser = names::zone)]
    pub(crate) zone: Zone,
    /// The deepest needle depth in millimetres, 0.1 to 3.5; leave it out when it is not known
    #[arg(long, value_name = "MM", value_parser = names::depth, allow_negative_numbers = true)]
    pub(crate) depth: Option<NeedleDepth>,
    /// A treated area; more than one with commas or by repeating the option [default: face]
    #[arg(long = "area", value_name = "A", value_delimiter = ',', value_parser = names::area)]
    pub(crate) areas: Vec<Area>,
    /// Who treated: clinic or home
    #[arg(long, default_value = "clinic", value_parser = names::setting)]
    pub(crate) setting: Setting,
    /// What screening found; more than one with commas or by repeating the option
    #[arg(long = "risk", value_name = "R", value_delimiter = ',')]
    pub(crate) risks: Vec<String>,
    /// What the clinic supplied: gel, sunscreen
    #[arg(long, value_name = "S", value_delimiter = ',', value_parser = names::supply)]
    pub(crate) clinic_gave: Vec<Supply>,
    /// What was done besides needling: led, radiofrequency, prp, exosomes, peel
    #[arg(long = "adjunct", value_name = "A", value_delimiter = ',', value_parser = names::adjunct)]
    pub(crate) adjuncts: Vec<Adjunct>,
    /// Treated skin that clothes usually cover is exposed to the sun
    #[arg(long)]
    pub(crate) exposed: bool,
}

/// No plan speaks of a later day; more would only be rows of the same.
const MAX_DAYS: i64 = 3_660;
