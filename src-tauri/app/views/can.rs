//! "Can I …?" and the ingredients in the patient's language.

use afterglow_care::permission::{Flagged, IngredientCheck, Permission, Question};

use super::Speaker;
use crate::wire::{CanAnswer, FlaggedView, IngredientsView};

impl Speaker<'_> {
    /// The answer to one question.
    pub fn can(&self, asked: &Question<'_>, answer: &Permission) -> CanAnswer {
        CanAnswer {
            label: asked.label(self.settings.locale),
            answer: answer.answer,
            until: answer.until,
            why: answer.reason(self.plan, self.settings.locale),
            sources: self.sources(&answer.sources),
            extrapolated: answer.extrapolated,
        }
    }

    /// What a list of ingredients means; `cut` when its end was not read.
    pub fn ingredients(&self, check: IngredientCheck, cut: bool) -> IngredientsView {
        IngredientsView {
            flagged: check.flagged.into_iter().map(|one| self.flagged(one)).collect(),
            unknown: check.unknown,
            fine: check.fine,
            all_products_until: check.all_products_until,
            ask_clinic: check.ask_clinic || self.call_open,
            cut,
        }
    }

    fn flagged(&self, flagged: Flagged) -> FlaggedView {
        let rule = self.plan.ingredient_rule(flagged.group);
        let texts = rule.map(|rule| rule.texts(self.settings.locale));
        FlaggedView {
            name: flagged.name,
            family: texts.map(|texts| texts.label.clone()).unwrap_or_default(),
            until: flagged.until,
            why: texts.map(|texts| texts.because.clone()).unwrap_or_default(),
            sources: self.sources(&flagged.sources),
            extrapolated: flagged.extrapolated,
        }
    }
}
