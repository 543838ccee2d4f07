//! The words of reminders: what a notification says, discreetly or in full, and the host's own words.

use afterglow_care::plan::InstructionId;
use afterglow_care::schedule::What;
use afterglow_care::{Locale, Plan};
use chrono::{NaiveDateTime, Timelike as _};
use serde::{Deserialize, Serialize};

use crate::alarms::HostWords;

/// The title of every notification: a lock screen shows it to whoever passes by.
pub const TITLE: &str = "Afterglow";

/// What a lock screen may tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Wording {
    /// Nothing about a treatment.
    #[default]
    Discreet,
    /// What it is about.
    Full,
}

/// What a reminder is about, as far as its words need to know.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The plan that has the words.
    pub plan: &'a Plan,
    /// The instruction that it reminds of.
    pub instruction: &'a InstructionId,
    /// The kind of moment.
    pub what: What,
    /// The wall-clock time that it belongs to; none for an elapsed one, whose hour changes with the zone.
    pub local: Option<NaiveDateTime>,
}

/// The text of a reminder. Full wording falls back to the discreet one where the plan has no words for it.
pub fn body(subject: Subject<'_>, wording: Wording, locale: Locale) -> String {
    let Subject {
        plan,
        instruction,
        what,
        local,
    } = subject;
    let full = match (wording, what) {
        (Wording::Discreet, _) | (Wording::Full, What::Appointment) => None,
        // The instruction's own text says "do not": it must never stand in for its end.
        (Wording::Full, What::AllClear) => plan.over(instruction, locale),
        (Wording::Full, What::Start | What::Daily | What::At | What::CheckIn | What::FollowUp) => plan
            .instruction(instruction)
            .map(|instruction| instruction.texts(locale).text.as_str()),
    };
    full.unwrap_or_else(|| discreet(what, local, locale)).to_owned()
}

fn discreet(what: What, local: Option<NaiveDateTime>, locale: Locale) -> &'static str {
    match (what, locale) {
        (What::FollowUp, Locale::En) => "How is it now? Open the app and check in again.",
        (What::FollowUp, Locale::Es) => "¿Cómo va ahora? Abre la app y haz otro registro.",
        (What::Appointment, Locale::En) => "An appointment is coming up. Open the app to see when.",
        (What::Appointment, Locale::Es) => "Se acerca una cita. Abre la app para ver cuándo.",
        (What::CheckIn, Locale::En) => "A moment for your check-in",
        (What::CheckIn, Locale::Es) => "Un momento para tu registro",
        (What::AllClear, Locale::En) => "Something is allowed again. Open the app to see what.",
        (What::AllClear, Locale::Es) => "Ya puedes volver a hacer algo. Abre la app para ver qué.",
        (What::At, Locale::En) => "There is something new for you in the app",
        (What::At, Locale::Es) => "Hay algo nuevo para ti en la app",
        (What::Start | What::Daily, locale) => match (local.map(|local| local.hour()), locale) {
            (Some(4..=10), Locale::En) => "Time for your morning care",
            (Some(4..=10), Locale::Es) => "Es hora de tu cuidado de la mañana",
            (Some(0..=3 | 17..), Locale::En) => "Time for your evening care",
            (Some(0..=3 | 17..), Locale::Es) => "Es hora de tu cuidado de la noche",
            (_, Locale::En) => "Time for your care",
            (_, Locale::Es) => "Es hora de tu cuidado",
        },
    }
}

/// What the last alarm of a list that was cut off says, in either wording.
pub fn open_app(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Open Afterglow once, so that your reminders go on",
        Locale::Es => "Abre Afterglow una vez para que sigan tus recordatorios",
    }
}

/// What a host says when its list is damaged, and with it the language that it should speak.
pub fn list_lost() -> String {
    format!("{} / {}", open_app(Locale::En), open_app(Locale::Es))
}

/// The host's own words.
pub fn host_words(locale: Locale) -> HostWords {
    let [digest_body, open, next, none, quit] = match locale {
        Locale::En => [
            "{n} reminders are waiting for you. Open Afterglow to see them.",
            "Open Afterglow",
            "Next reminder: {when}",
            "No reminders planned",
            "Quit (reminders stop)",
        ],
        Locale::Es => [
            "Tienes {n} recordatorios pendientes. Abre Afterglow para verlos.",
            "Abrir Afterglow",
            "Próximo recordatorio: {when}",
            "No hay recordatorios previstos",
            "Salir (los recordatorios se detienen)",
        ],
    };
    HostWords {
        digest_title: TITLE.to_owned(),
        digest_body: digest_body.to_owned(),
        open: open.to_owned(),
        next: next.to_owned(),
        none: none.to_owned(),
        quit: quit.to_owned(),
    }
}
