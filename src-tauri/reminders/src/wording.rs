//! The words of reminders: what a notification says, discreetly or in full, and the host's own words.

use afterglow_care::plan::{InstructionId, Timing};
use afterglow_care::schedule::What;
use afterglow_care::timeline::PhaseId;
use afterglow_care::triage::TriageLevel;
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
    /// The phase that begins, of [`What::Phase`].
    pub phase: Option<PhaseId>,
    /// The wall-clock time that it belongs to; none for an elapsed one, whose hour changes with the zone.
    pub local: Option<NaiveDateTime>,
    /// How soon a call was asked for in which nobody was reached yet.
    pub open_call: Option<TriageLevel>,
}

/// The text of a reminder. Full wording falls back to the discreet one where the plan has no words
/// for it. While a call is open nothing is said to be allowed: the clinic is to be asked first. A
/// medicine is never named, whatever the plan calls it.
pub fn body(subject: Subject<'_>, wording: Wording, locale: Locale) -> String {
    let full = match wording {
        Wording::Discreet => None,
        Wording::Full => full(subject, locale),
    };
    full.unwrap_or_else(|| discreet(subject, locale).to_owned())
}

fn full(subject: Subject<'_>, locale: Locale) -> Option<String> {
    let instruction = subject.plan.instruction(subject.instruction);
    match subject.what {
        What::FollowUp => Some(follow_up(subject.open_call, locale).to_owned()),
        What::Appointment => Some(appointment(locale).to_owned()),
        What::Phase => {
            let normal = &subject.plan.phase(subject.phase?).texts(locale).normal;
            Some(match locale {
                Locale::En => format!("From today this is expected: {normal}"),
                Locale::Es => format!("Desde hoy esto es lo esperado: {normal}"),
            })
        }
        What::AllClear if subject.open_call.is_some() => {
            Some(over_but_ask(&instruction?.texts(locale).label, locale))
        }
        // The instruction's own text says "do not": it must never stand in for its end.
        What::AllClear => subject.plan.over(subject.instruction, locale).map(str::to_owned),
        What::At if changes_rules(subject) => Some(next_step(locale).to_owned()),
        What::Daily if is_medicine(subject) => Some(medicine(locale).to_owned()),
        What::Start | What::Daily | What::At | What::CheckIn => Some(instruction?.texts(locale).text.clone()),
    }
}

/// What is said of a wait that is over while a call is open: nobody but the clinic says that something is allowed again.
pub fn over_but_ask(label: &str, locale: Locale) -> String {
    match locale {
        Locale::En => {
            format!("{label}: the wait is over, but you were asked to call. Ask your clinic first.")
        }
        Locale::Es => {
            format!("{label}: la espera terminó, pero te pedimos que llamaras. Pregunta antes a tu clínica.")
        }
    }
}

/// Whether it says that other rules hold from here on, while a call is open.
fn changes_rules(subject: Subject<'_>) -> bool {
    let timing = subject
        .plan
        .instruction(subject.instruction)
        .map(|one| &one.timing);
    subject.open_call.is_some() && matches!(timing, Some(Timing::Moment { .. }))
}

fn is_medicine(subject: Subject<'_>) -> bool {
    let timing = subject
        .plan
        .instruction(subject.instruction)
        .map(|one| &one.timing);
    matches!(timing, Some(Timing::Prescribed))
}

fn follow_up(call: Option<TriageLevel>, locale: Locale) -> &'static str {
    match (call, locale) {
        (None, Locale::En) => "What did they say when you called? Open Afterglow to note it.",
        (None, Locale::Es) => "¿Qué te dijeron cuando llamaste? Abre Afterglow para anotarlo.",
        (Some(TriageLevel::Emergency), Locale::En) => {
            "Did you get help? Open Afterglow and say what came of it."
        }
        (Some(TriageLevel::Emergency), Locale::Es) => "¿Recibiste ayuda? Abre Afterglow y cuenta qué pasó.",
        (_, Locale::En) => "Did you reach your clinic? Open Afterglow and say what came of it.",
        (_, Locale::Es) => "¿Pudiste hablar con tu clínica? Abre Afterglow y cuenta qué te dijeron.",
    }
}

/// What reminders that a phase begins are called in the app.
pub fn phases_label(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "What is expected, when it changes",
        Locale::Es => "Qué es lo esperado, cuando cambia",
    }
}

/// What a reminder of a booked session is called in the app.
pub fn appointment_label(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Your booked session",
        Locale::Es => "Tu sesión reservada",
    }
}

fn appointment(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Your next session is near. Open Afterglow to see when it is and what to do before.",
        Locale::Es => "Tu próxima sesión se acerca. Abre Afterglow para ver cuándo es y qué hacer antes.",
    }
}

fn next_step(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Your plan comes to its next step, but you were asked to call. Ask your clinic first.",
        Locale::Es => {
            "Tu plan llega al siguiente paso, pero te pedimos que llamaras. Pregunta antes a tu clínica."
        }
    }
}

fn medicine(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "Time for the medicine that your clinic prescribed",
        Locale::Es => "Es hora de la medicina que te recetó tu clínica",
    }
}

fn discreet(subject: Subject<'_>, locale: Locale) -> &'static str {
    let ask_first = subject.open_call.is_some();
    match (subject.what, locale) {
        (What::FollowUp, Locale::En) => "How did it go? Open the app to answer.",
        (What::FollowUp, Locale::Es) => "¿Cómo fue? Abre la app para responder.",
        (What::Appointment, Locale::En) => "An appointment is coming up. Open the app to see when.",
        (What::Appointment, Locale::Es) => "Se acerca una cita. Abre la app para ver cuándo.",
        (What::CheckIn, Locale::En) => "A moment for your check-in",
        (What::CheckIn, Locale::Es) => "Un momento para tu registro",
        (What::AllClear, Locale::En) if ask_first => "Open the app before you change anything",
        (What::AllClear, Locale::Es) if ask_first => "Abre la app antes de cambiar nada",
        (What::AllClear, Locale::En) => "Something is allowed again. Open the app to see what.",
        (What::AllClear, Locale::Es) => "Ya puedes volver a hacer algo. Abre la app para ver qué.",
        (What::At, Locale::En) => "There is something new for you in the app",
        (What::At, Locale::Es) => "Hay algo nuevo para ti en la app",
        (What::Phase, Locale::En) => "Something is different from today. Open the app to see what.",
        (What::Phase, Locale::Es) => "Algo cambia desde hoy. Abre la app para ver qué.",
        // Not "care": it must not be taken for the evening's routine and ticked off with it.
        (What::Daily, Locale::En) if is_medicine(subject) => {
            "It is the time that you chose. Open the app to see for what."
        }
        (What::Daily, Locale::Es) if is_medicine(subject) => {
            "Es la hora que elegiste. Abre la app para ver de qué."
        }
        (What::Start | What::Daily, locale) => match (subject.local.map(|local| local.hour()), locale) {
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

/// The host's own words, as discreet as a tray has to be.
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
    let [done, skip, ten_minutes, one_hour, this_evening] = match locale {
        Locale::En => ["Done", "Skip", "In 10 minutes", "In 1 hour", "This evening"],
        Locale::Es => ["Hecho", "Omitir", "En 10 minutos", "En 1 hora", "Esta noche"],
    };
    let tomorrow = match locale {
        Locale::En => "tomorrow {time}",
        Locale::Es => "mañana a las {time}",
    };
    let [check_in, pause_today, resume, paused, test_body] = match locale {
        Locale::En => [
            "Check in",
            "Pause for today",
            "Go on with reminders",
            "Paused until {when}",
            "This is a test. If you can read it, your reminders reach you.",
        ],
        Locale::Es => [
            "Hacer un registro",
            "Pausar por hoy",
            "Seguir con los recordatorios",
            "En pausa hasta {when}",
            "Esto es una prueba. Si puedes leerla, tus recordatorios te llegan.",
        ],
    };
    HostWords {
        digest_title: TITLE.to_owned(),
        digest_body: digest_body.to_owned(),
        open: open.to_owned(),
        next: next.to_owned(),
        tomorrow: tomorrow.to_owned(),
        none: none.to_owned(),
        quit: quit.to_owned(),
        done: done.to_owned(),
        skip: skip.to_owned(),
        snooze_ten_minutes: ten_minutes.to_owned(),
        snooze_one_hour: one_hour.to_owned(),
        snooze_this_evening: this_evening.to_owned(),
        check_in: check_in.to_owned(),
        pause_today: pause_today.to_owned(),
        resume: resume.to_owned(),
        paused: paused.to_owned(),
        test_body: test_body.to_owned(),
    }
}
