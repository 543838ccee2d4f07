//! Answers and refusals.

use afterglow_care::plan::SourceKey;
use afterglow_care::{Locale, Zone};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

/// Why no answer was given.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// What is said on standard error.
    pub(crate) lines: Vec<String>,
    /// What is said on standard output all the same: the faults of a plan, as JSON.
    pub(crate) answer: Option<String>,
}

impl From<Vec<String>> for Refusal {
    fn from(lines: Vec<String>) -> Self {
        Self { lines, answer: None }
    }
}

/// A refusal for one reason.
pub(crate) fn refusal(reason: impl std::fmt::Display) -> Refusal {
    Refusal::from(vec![format!("error: {reason}")])
}

/// An answer in JSON.
pub(crate) fn json<T: Serialize>(answer: &T) -> Result<String, Refusal> {
    serde_json::to_string_pretty(answer)
        .map(|text| text + "\n")
        .map_err(|error| refusal(format!("the answer cannot be written as JSON: {error}")))
}

/// An instant for scripts: RFC 3339 with the zone's offset.
pub(crate) fn rfc_3339(zone: &Zone, at: DateTime<Utc>) -> String {
    zone.local(at).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// An instant for people: what the wall clock shows.
pub(crate) fn wall(zone: &Zone, at: DateTime<Utc>) -> String {
    zone.local(at).format("%Y-%m-%d %H:%M").to_string()
}

/// Who says so, in one string that is never empty.
pub(crate) fn source(sources: &[SourceKey], extrapolated: bool) -> String {
    let keys: Vec<_> = sources.iter().map(|key| key.0.as_str()).collect();
    match (keys.is_empty(), extrapolated) {
        (true, _) => "extrapolated".to_owned(),
        (false, true) => format!("{} (extrapolated)", keys.join(", ")),
        (false, false) => keys.join(", "),
    }
}

/// Lines for people, of which some are set apart.
#[derive(Debug, Default)]
pub(crate) struct Lines(String);

impl Lines {
    /// A line.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) {
        self.0.push_str(line.as_ref());
        self.0.push('\n');
    }

    /// An empty line and a heading.
    pub(crate) fn heading(&mut self, heading: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.line(heading);
    }

    /// Warnings, where there are any.
    pub(crate) fn warnings(&mut self, warnings: &[String], locale: Locale) {
        if warnings.is_empty() {
            return;
        }
        self.heading(crate::words::warnings(locale));
        for warning in warnings {
            self.line(format!("  {warning}"));
        }
    }

    /// All of it.
    pub(crate) fn text(self) -> String {
        self.0
    }
}
