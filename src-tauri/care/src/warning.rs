//! What else the patient should know about an answer: facts about the session, screening and the
//! check-ins that never change a level, and never lower one.

use enumset::EnumSet;

use crate::Locale;
use crate::check_in::{CheckIn, Symptom};
use crate::plan::{Plan, ScreeningAction};
use crate::session::{NeedleDepth, Session, Setting};
use crate::triage::Gap;

/// Above this depth the clinic is asked to confirm it (clinical.md, K15).
const CONFIRM_ABOVE_MICROMETRES: u16 = 2_500;

/// Above this depth needling is not for home (clinical.md, K7).
const HOME_UP_TO_MICROMETRES: u16 = 500;

/// Something to know beside an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The newest check-in leaves out what no level can be told without.
    Incomplete {
        /// Whether the signs were not answered.
        signs: bool,
        /// The symptoms that were not answered.
        symptoms: EnumSet<Symptom>,
    },
    /// The plan asked for check-ins and there are none.
    Gap(Gap),
    /// A yes to a screening question that changes no window and no rule, or that would have stopped
    /// the session; by the question's name.
    Screening(String),
    /// Deeper than devices for the skin usually go.
    DepthToConfirm(NeedleDepth),
    /// Deeper than needling at home should go.
    DeepAtHome(NeedleDepth),
    /// More was done than needling: only the clinic knows the times.
    MoreThanNeedling,
}

/// What is to be known of sessions and of the names of screening questions that were answered by
/// yes; each once, in the order in which they are given.
pub fn of_sessions(plan: &Plan, sessions: &[Session], screening: &[String]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let asked = screening.iter().filter(|name| {
        plan.screening().iter().any(|item| {
            item.id == **name && (item.risk().is_none() || item.actions.contains(&ScreeningAction::Stop))
        })
    });
    warnings.extend(asked.cloned().map(Warning::Screening));
    for session in sessions {
        if let Some(depth) = session.depth {
            if depth.micrometres() > CONFIRM_ABOVE_MICROMETRES {
                warnings.push(Warning::DepthToConfirm(depth));
            }
            if session.setting == Setting::Home && depth.micrometres() > HOME_UP_TO_MICROMETRES {
                warnings.push(Warning::DeepAtHome(depth));
            }
        }
        if session.asks_clinic() {
            warnings.push(Warning::MoreThanNeedling);
        }
    }
    let mut unique: Vec<Warning> = Vec::with_capacity(warnings.len());
    for warning in warnings {
        if !unique.contains(&warning) {
            unique.push(warning);
        }
    }
    unique
}

/// What is to be known of the newest check-in and of the days before it.
pub fn of_check_in(newest: &CheckIn, gaps: &[Gap]) -> Vec<Warning> {
    let incomplete = (!newest.is_complete()).then(|| Warning::Incomplete {
        signs: newest.signs.is_none(),
        symptoms: Symptom::CORE
            .into_iter()
            .filter(|symptom| newest.severities.get(*symptom).is_none())
            .collect(),
    });
    incomplete
        .into_iter()
        .chain(gaps.iter().copied().map(Warning::Gap))
        .collect()
}

impl Warning {
    /// The warning as a sentence or two for the patient; empty only for a screening question that
    /// the plan does not have.
    pub fn text(&self, plan: &Plan, locale: Locale) -> String {
        match (self, locale) {
            (Self::Incomplete { signs, symptoms }, _) => incomplete(*signs, *symptoms, plan, locale),
            (Self::Gap(gap), _) => sentence(&gap.words(locale)),
            (Self::Screening(name), _) => plan
                .screening()
                .iter()
                .find(|item| item.id == *name)
                .map_or_else(String::new, |item| item.texts(locale).after.clone()),
            (Self::DepthToConfirm(depth), Locale::En) => {
                format!("{} mm is very deep. Ask your clinic to confirm the depth.", depth.mm())
            }
            (Self::DepthToConfirm(depth), Locale::Es) => {
                format!(
                    "{} mm es muy profundo. Pide a tu clínica que confirme la profundidad.",
                    comma(*depth)
                )
            }
            (Self::DeepAtHome(depth), Locale::En) => {
                format!(
                    "{} mm is deeper than needling at home should go. Tell a clinic before the next time.",
                    depth.mm()
                )
            }
            (Self::DeepAtHome(depth), Locale::Es) => {
                format!(
                    "{} mm es más de lo indicado en casa. Habla con una clínica antes de la próxima vez.",
                    comma(*depth)
                )
            }
            (Self::MoreThanNeedling, Locale::En) => {
                "More was done than needling. The times of this plan do not apply: follow your clinic's.".to_owned()
            }
            (Self::MoreThanNeedling, Locale::Es) => {
                "Se hizo algo más que microneedling. Los plazos de este plan no valen: sigue los de tu clínica."
                    .to_owned()
            }
        }
    }
}

/// A depth as it is written in Spanish.
fn comma(depth: NeedleDepth) -> String {
    depth.mm().to_string().replace('.', ",")
}

fn incomplete(signs: bool, symptoms: EnumSet<Symptom>, plan: &Plan, locale: Locale) -> String {
    let signs = signs.then_some(match locale {
        Locale::En => "other signs",
        Locale::Es => "otros signos",
    });
    let missing: Vec<_> = symptoms
        .iter()
        .map(|symptom| plan.symptom(symptom, locale).short.as_str())
        .chain(signs)
        .collect();
    let missing = missing.join(", ");
    match locale {
        Locale::En => format!("This check-in is not finished. Not answered: {missing}."),
        Locale::Es => format!("Este registro está sin terminar. Falta responder: {missing}."),
    }
}

/// Words as a sentence.
fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(char::to_uppercase);
    first
        .into_iter()
        .flatten()
        .chain(characters)
        .chain(['.'])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::MAX_TEXT_CHARS;

    #[test]
    fn every_text_is_short_and_differs_by_language() {
        let plan = Plan::microneedling();
        let depth = NeedleDepth::from_mm(2.75).expect("a depth");
        let gap = Gap {
            from_day: 10,
            to_day: 14,
        };
        let screening = plan
            .screening()
            .iter()
            .map(|item| Warning::Screening(item.id.clone()));
        let incomplete = Warning::Incomplete {
            signs: true,
            symptoms: Symptom::CORE.into_iter().collect(),
        };
        let own = [
            incomplete,
            Warning::Gap(gap),
            Warning::DepthToConfirm(depth),
            Warning::DeepAtHome(depth),
            Warning::MoreThanNeedling,
        ];
        for warning in screening.chain(own) {
            let [en, es] = Locale::ALL.map(|locale| warning.text(&plan, locale));
            assert_ne!(en, es, "{warning:?}");
            for text in [en, es] {
                let chars = text.chars().count();
                assert!((1..=MAX_TEXT_CHARS).contains(&chars), "{chars}: {text}");
            }
        }
    }

    #[test]
    fn the_same_warning_is_told_once() {
        let plan = Plan::microneedling();
        let pregnant = vec![
            "pregnant".to_owned(),
            "pregnant".to_owned(),
            "anticoagulant".to_owned(),
        ];
        assert_eq!(
            of_sessions(&plan, &[], &pregnant),
            [Warning::Screening("pregnant".to_owned())]
        );
    }
}
