//! What made a rule fire, and how that is said.

use crate::Locale;
use crate::check_in::{Severity, Sign, Symptom, Temperature};
use crate::plan::Plan;
use crate::session::{Area, Risk};

use super::{Gap, RuleId};

/// Something in a check-in, or around it, that made a rule fire.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// Something seen.
    Sign(Sign),
    /// A measured fever.
    Temperature(Temperature),
    /// Too high for the day, whatever was before.
    High {
        /// The symptom.
        symptom: Symptom,
        /// What was recorded.
        severity: Severity,
        /// The elapsed day.
        day: i64,
    },
    /// Above what the plan expects on that day.
    AboveExpected {
        /// The symptom.
        symptom: Symptom,
        /// What was recorded.
        severity: Severity,
        /// The most that is expected.
        expected: Severity,
        /// The elapsed day.
        day: i64,
    },
    /// Higher than before, when it should be falling.
    Rising {
        /// The symptom.
        symptom: Symptom,
        /// What was recorded.
        severity: Severity,
        /// What it is compared with.
        before: Severity,
        /// The elapsed day of that.
        before_day: i64,
        /// Days in between on which nothing was recorded.
        gap: Option<Gap>,
    },
    /// Back after it was gone.
    Returned {
        /// The symptom.
        symptom: Symptom,
        /// What was recorded.
        severity: Severity,
    },
    /// Above what is expected for days, and not falling.
    Lasting {
        /// The symptom.
        symptom: Symptom,
        /// What was recorded.
        severity: Severity,
        /// On how many days, this one included.
        days: u8,
    },
    /// Something that screening found.
    Risk(Risk),
    /// An area that was treated or is spoken of.
    Area(Area),
    /// Another rule that fired.
    Rule(RuleId),
}

impl Fact {
    /// The fact as a sentence for the patient; days are elapsed days.
    #[expect(
        clippy::too_many_lines,
        reason = "one sentence for each fact and language, side by side"
    )]
    pub fn sentence(&self, plan: &Plan, locale: Locale) -> String {
        let short = |symptom: &Symptom| plan.symptom(*symptom, locale).short.as_str();
        let grade = |severity: &Severity| severity.grade();
        let text = match (self, locale) {
            (Self::Sign(sign), _) => plan
                .sign(*sign)
                .map_or(sign.name(), |words| words.texts(locale).short.as_str())
                .to_owned(),
            (Self::Temperature(measured), Locale::En) => {
                format!("temperature {:.1} °C", measured.celsius())
            }
            (Self::Temperature(measured), Locale::Es) => {
                format!("temperatura de {:.1} °C", measured.celsius())
            }
            (
                Self::High {
                    symptom,
                    severity,
                    day,
                },
                Locale::En,
            ) => {
                format!("{} at {} on day {day}", short(symptom), grade(severity))
            }
            (
                Self::High {
                    symptom,
                    severity,
                    day,
                },
                Locale::Es,
            ) => {
                format!("{} en {} el día {day}", short(symptom), grade(severity))
            }
            (
                Self::AboveExpected {
                    symptom,
                    severity,
                    expected,
                    day,
                },
                Locale::En,
            ) => format!(
                "{} at {}; up to {} is expected on day {day}",
                short(symptom),
                grade(severity),
                grade(expected)
            ),
            (
                Self::AboveExpected {
                    symptom,
                    severity,
                    expected,
                    day,
                },
                Locale::Es,
            ) => format!(
                "{} en {}; el día {day} se espera hasta {}",
                short(symptom),
                grade(severity),
                grade(expected)
            ),
            (
                Self::Rising {
                    symptom,
                    severity,
                    before,
                    before_day,
                    gap,
                },
                Locale::En,
            ) => {
                let gap = gap.map_or_else(String::new, |gap| format!(" ({})", gap.words(locale)));
                format!(
                    "{} up from {} on day {before_day} to {}{gap}",
                    short(symptom),
                    grade(before),
                    grade(severity)
                )
            }
            (
                Self::Rising {
                    symptom,
                    severity,
                    before,
                    before_day,
                    gap,
                },
                Locale::Es,
            ) => {
                let gap = gap.map_or_else(String::new, |gap| format!(" ({})", gap.words(locale)));
                format!(
                    "{} sube de {} el día {before_day} a {}{gap}",
                    short(symptom),
                    grade(before),
                    grade(severity)
                )
            }
            (Self::Returned { symptom, severity }, Locale::En) => {
                format!("{} back at {} after it was gone", short(symptom), grade(severity))
            }
            (Self::Returned { symptom, severity }, Locale::Es) => {
                format!(
                    "{} de nuevo en {} después de haber desaparecido",
                    short(symptom),
                    grade(severity)
                )
            }
            (
                Self::Lasting {
                    symptom,
                    severity,
                    days,
                },
                Locale::En,
            ) => format!(
                "{} above what is expected on {days} days, now {}",
                short(symptom),
                grade(severity)
            ),
            (
                Self::Lasting {
                    symptom,
                    severity,
                    days,
                },
                Locale::Es,
            ) => format!(
                "{} por encima de lo esperado en {days} días, ahora {}",
                short(symptom),
                grade(severity)
            ),
            (Self::Risk(risk), _) => plan
                .screening()
                .iter()
                .find(|item| item.id == risk.name())
                .map_or(risk.name(), |item| item.texts(locale).question.as_str())
                .trim_matches(['¿', '?'])
                .to_owned(),
            (Self::Area(area), _) => area_name(*area, locale).to_owned(),
            (Self::Rule(rule), _) => plan
                .rule(rule)
                .map_or(rule.0.as_str(), |rule| rule.texts(locale).advice.as_str())
                .trim_end_matches('.')
                .to_owned(),
        };
        let mut characters = text.chars();
        let first = characters.next().map(char::to_uppercase);
        first
            .into_iter()
            .flatten()
            .chain(characters)
            .chain(['.'])
            .collect()
    }
}

impl Gap {
    /// The gap in words: "no check-in on days 2 to 4".
    pub fn words(self, locale: Locale) -> String {
        let Self { from_day, to_day } = self;
        match (locale, from_day == to_day) {
            (Locale::En, true) => format!("no check-in on day {from_day}"),
            (Locale::En, false) => format!("no check-in on days {from_day} to {to_day}"),
            (Locale::Es, true) => format!("sin registro el día {from_day}"),
            (Locale::Es, false) => format!("sin registro los días {from_day} a {to_day}"),
        }
    }
}

fn area_name(area: Area, locale: Locale) -> &'static str {
    match (area, locale) {
        (Area::Face, Locale::En) => "face",
        (Area::Face, Locale::Es) => "cara",
        (Area::EyeArea, Locale::En) => "around the eyes",
        (Area::EyeArea, Locale::Es) => "contorno de los ojos",
        (Area::Scalp, Locale::En) => "scalp",
        (Area::Scalp, Locale::Es) => "cuero cabelludo",
        (Area::Neck, Locale::En) => "neck",
        (Area::Neck, Locale::Es) => "cuello",
        (Area::Chest, Locale::En) => "chest",
        (Area::Chest, Locale::Es) => "escote",
        (Area::Hands, Locale::En) => "hands",
        (Area::Hands, Locale::Es) => "manos",
        (Area::Back, Locale::En) => "back",
        (Area::Back, Locale::Es) => "espalda",
        (Area::Abdomen, Locale::En | Locale::Es) => "abdomen",
        (Area::Buttocks, Locale::En) => "buttocks",
        (Area::Buttocks, Locale::Es) => "glúteos",
        (Area::Legs, Locale::En) => "legs",
        (Area::Legs, Locale::Es) => "piernas",
        (Area::Arms, Locale::En) => "arms",
        (Area::Arms, Locale::Es) => "brazos",
    }
}
