//! Names as they are typed: each unknown one is refused with those that exist.

use std::str::FromStr;

use afterglow_care::session::{Adjunct, Area, NeedleDepth, Setting, Supply};
use afterglow_care::{Locale, Zone};
use enumset::{EnumSet, EnumSetType};

/// The settings' names.
pub(crate) const SETTINGS: [&str; 2] = ["clinic", "home"];

/// The languages' names.
const LOCALES: [&str; 2] = ["en", "es"];

/// What is said of a name that does not exist: which do, and which may have been meant.
pub(crate) fn unknown(what: &str, found: &str, names: &[&str]) -> String {
    let near = names
        .iter()
        .map(|name| (strsim::osa_distance(found, name), name))
        .min()
        .filter(|(edits, name)| *edits <= 1 + name.len() / 4);
    let hint = near.map_or_else(String::new, |(_, name)| format!(" (did you mean {name}?)"));
    format!(
        "unknown {what} \"{found}\"{hint}; expected one of {}",
        names.join(", ")
    )
}

/// The value of that name.
pub(crate) fn named<T: FromStr>(what: &str, found: &str, names: &[&str]) -> Result<T, String> {
    found.parse().map_err(|_| unknown(what, found, names))
}

/// The names of a set's values, in their order.
pub(crate) fn of_all<T: EnumSetType + Into<&'static str>>() -> Vec<&'static str> {
    EnumSet::<T>::all().iter().map(Into::into).collect()
}

/// The language of the answer.
pub(crate) fn locale(text: &str) -> Result<Locale, String> {
    match text {
        "en" => Ok(Locale::En),
        "es" => Ok(Locale::Es),
        _ => Err(unknown("language", text, &LOCALES)),
    }
}

/// The name of a language, as `--lang` takes it.
pub(crate) fn of_locale(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "en",
        Locale::Es => "es",
    }
}

/// A part of a question in plain words.
pub(crate) fn question(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        Err("a question is empty; expected what is asked about, such as \"makeup\"".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// A time zone.
pub(crate) fn zone(text: &str) -> Result<Zone, String> {
    Zone::named(text).map_err(|unknown| unknown.to_string())
}

/// A needle depth in millimetres.
pub(crate) fn depth(text: &str) -> Result<NeedleDepth, String> {
    text.parse()
        .ok()
        .and_then(NeedleDepth::from_mm)
        .ok_or_else(|| depth_refused(text))
}

/// What is said of a depth that no session has.
pub(crate) fn depth_refused(found: impl std::fmt::Display) -> String {
    format!("a depth of {found} mm is not accepted; expected 0.1 to 3.5, or none when it is not known")
}

/// A treated area.
pub(crate) fn area(text: &str) -> Result<Area, String> {
    named("area", text.trim(), &of_all::<Area>())
}

/// Who treated.
pub(crate) fn setting(text: &str) -> Result<Setting, String> {
    named("setting", text, &SETTINGS)
}

/// Something that the clinic supplied.
pub(crate) fn supply(text: &str) -> Result<Supply, String> {
    named("supply", text.trim(), &of_all::<Supply>())
}

/// Something done besides needling.
pub(crate) fn adjunct(text: &str) -> Result<Adjunct, String> {
    named("adjunct", text.trim(), &of_all::<Adjunct>())
}
