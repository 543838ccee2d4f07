//! The tool's own words for people; all others are the plan's.

use afterglow_care::Locale;
use afterglow_care::permission::Answer;
use afterglow_care::restriction::WindowKind;
use afterglow_care::schedule::What;
use afterglow_care::triage::TriageLevel;

/// One of two languages.
fn say(locale: Locale, en: &'static str, es: &'static str) -> &'static str {
    match locale {
        Locale::En => en,
        Locale::Es => es,
    }
}

pub(crate) fn warnings(locale: Locale) -> &'static str {
    say(locale, "Please note", "Ten en cuenta")
}

pub(crate) fn windows(locale: Locale) -> &'static str {
    say(locale, "Windows", "Plazos")
}

pub(crate) fn kind(kind: WindowKind, locale: Locale) -> &'static str {
    match kind {
        WindowKind::Avoid => say(locale, "avoid", "evita"),
        WindowKind::Limit => say(locale, "limit", "limita"),
        WindowKind::Do => say(locale, "do", "haz"),
        WindowKind::Ask => say(locale, "ask clinic", "pregunta"),
    }
}

pub(crate) fn day(locale: Locale) -> &'static str {
    say(locale, "Day", "Día")
}

pub(crate) fn expected_up_to(locale: Locale) -> &'static str {
    say(locale, "expected up to", "se espera hasta")
}

pub(crate) fn starts(locale: Locale) -> &'static str {
    say(locale, "starts", "empieza")
}

pub(crate) fn ends(locale: Locale) -> &'static str {
    say(locale, "ends", "termina")
}

pub(crate) fn what(what: What, locale: Locale) -> &'static str {
    match what {
        What::Start | What::Daily => say(locale, "do", "haz"),
        What::At => say(locale, "now", "ahora"),
        What::CheckIn => say(locale, "check in", "registro"),
        What::AllClear => say(locale, "all clear", "ya puedes"),
        What::FollowUp => say(locale, "follow up", "seguimiento"),
        What::Appointment => say(locale, "appointment", "cita"),
        What::Phase => say(locale, "from today", "desde hoy"),
    }
}

pub(crate) fn level(level: TriageLevel, locale: Locale) -> &'static str {
    match level {
        TriageLevel::Expected => say(locale, "As expected", "Como se espera"),
        TriageLevel::Watch => say(locale, "Keep an eye on it", "Obsérvalo"),
        TriageLevel::CallClinic => say(locale, "Call the clinic today", "Llama hoy a la clínica"),
        TriageLevel::Emergency => say(
            locale,
            "Emergency: call emergency services now",
            "Emergencia: llama ya a los servicios de emergencia",
        ),
    }
}

/// What stands for a number that differs from country to country.
pub(crate) fn emergency_number(locale: Locale) -> &'static str {
    say(locale, "emergency services", "número de emergencias")
}

pub(crate) fn incomplete(locale: Locale) -> &'static str {
    say(
        locale,
        "The check-in is not finished: nothing unusual in what was answered",
        "El registro está sin terminar: nada inusual en lo que se respondió",
    )
}

pub(crate) fn still_open(locale: Locale) -> &'static str {
    say(locale, "Still open", "Sigue abierto")
}

pub(crate) fn case(locale: Locale) -> &'static str {
    say(locale, "Case", "Caso")
}

pub(crate) fn because(locale: Locale) -> &'static str {
    say(locale, "Because", "Porque")
}

pub(crate) fn source(locale: Locale) -> &'static str {
    say(locale, "Source", "Fuente")
}

pub(crate) fn corrected(locale: Locale) -> &'static str {
    say(locale, "corrected since", "corregido después")
}

pub(crate) fn answer(answer: Answer, locale: Locale) -> &'static str {
    match answer {
        Answer::Yes => say(locale, "Yes", "Sí"),
        Answer::NotYet => say(locale, "Not yet", "Todavía no"),
        Answer::AskClinic => say(locale, "Ask your clinic", "Pregunta a tu clínica"),
    }
}

pub(crate) fn unknown_activity(locale: Locale) -> &'static str {
    say(
        locale,
        "This plan does not know it. Ask your clinic.",
        "Este plan no lo conoce. Pregunta a tu clínica.",
    )
}

pub(crate) fn until(locale: Locale) -> &'static str {
    say(locale, "until", "hasta")
}

pub(crate) fn only_clinic_products(locale: Locale) -> &'static str {
    say(
        locale,
        "Only your clinic's own products on the skin",
        "Solo los productos de tu clínica sobre la piel",
    )
}

pub(crate) fn ask_clinic_first(locale: Locale) -> &'static str {
    say(
        locale,
        "Ask your clinic before you use any product.",
        "Pregunta a tu clínica antes de usar cualquier producto.",
    )
}

pub(crate) fn flagged(locale: Locale) -> &'static str {
    say(locale, "Has to wait", "Tiene que esperar")
}

pub(crate) fn fine(locale: Locale) -> &'static str {
    say(locale, "Fine", "Sin problema")
}

pub(crate) fn unknown_ingredients(locale: Locale) -> &'static str {
    say(
        locale,
        "Not known: ask your clinic",
        "No conocidos: pregunta a tu clínica",
    )
}
