//! Reads activities and families of ingredients, which wait for instructions.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Document;
use super::instructions::window;
use super::reader::Entries;
use super::reader::Reader;
use crate::Locale;
use crate::ingredients::IngredientGroup;
use crate::plan::file::{ActivityEntry, ActivityWords, IngredientGroupEntry, Name};
use crate::plan::{
    Activity, ActivityRule, ByClass, IngredientRule, Instruction, InstructionId, InstructionKind, PlanFault,
    Window,
};
use crate::session::DepthClass;

impl Reader<'_> {
    /// The activities of the plan beneath with those of the file.
    pub(in crate::plan) fn activities(
        &mut self,
        entries: Vec<ActivityEntry>,
        instructions: &[Instruction],
    ) -> Vec<Activity> {
        let mut activities = self
            .base
            .map(|base| base.parts.activities.clone())
            .unwrap_or_default();
        let mut taken = Taken::default();
        for activity in &activities {
            for locale in Locale::ALL {
                for word in &activity.texts(locale).words {
                    taken.0.insert((locale, word.clone()), activity.id.clone());
                }
            }
        }
        let mut places = Entries::new();
        for entry in entries {
            if !self.is_new(&mut places, &entry.id) {
                continue;
            }
            let known = activities
                .iter()
                .position(|activity| activity.id == *entry.id.get_ref());
            let base = known.map(|known| activities[known].clone());
            match (
                self.activity(entry, base.as_ref(), instructions, &mut taken),
                known,
            ) {
                (Some(activity), Some(known)) => activities[known] = activity,
                (Some(activity), None) => activities.push(activity),
                (None, _) => {}
            }
        }
        activities
    }

    fn activity(
        &mut self,
        entry: ActivityEntry,
        base: Option<&Activity>,
        instructions: &[Instruction],
        taken: &mut Taken,
    ) -> Option<Activity> {
        let place = entry.id.span();
        let answer = self.answer(&entry, instructions);
        if let Some(name) = &entry.does {
            self.awaited_do(name, instructions);
        }
        let does = entry.does.map(|name| InstructionId(name.into_inner()));
        let id = entry.id.into_inner();
        if base.is_some() && answer != Some(ActivityRule::AskClinic) {
            self.document.at(&place, PlanFault::ActivityTaken(id));
            return None;
        }
        let told_elsewhere = matches!(
            &answer,
            Some(ActivityRule::Windows { until, from, .. }) if !until.is_empty() || from.is_some()
        );
        let claim = base.map(|base| (base.sources.as_slice(), base.extrapolated));
        let (sources, extrapolated) = if answer.is_none() || base.is_some() || told_elsewhere {
            let quiet = claim.unwrap_or((&[], true));
            let (sources, _) = self.claim(entry.sources, Some(true), Some(quiet), &id, &place);
            let extrapolated = entry.extrapolated.or(base.map(|base| base.extrapolated));
            (sources, extrapolated.unwrap_or(false))
        } else {
            self.claim(entry.sources, entry.extrapolated, claim, &id, &place)
        };
        let texts = match (entry.texts, base) {
            (Some(own), _) => {
                let found = self.words(("activities", &id), own, |t| t.activities.remove(id.as_str()));
                taken.check(&self.document, self.locale, &found.own, &id);
                for (index, words) in &found.others {
                    let translation = &self.translations[*index];
                    taken.check(&translation.document, translation.locale, words, &id);
                }
                Some(self.texts(&found))
            }
            (None, Some(base)) => Some(base.texts.clone()),
            (None, None) => {
                self.missing(&place, "texts", "the patient's words");
                None
            }
        };
        Some(Activity {
            id,
            answer: answer?,
            areas: entry.areas.or_else(|| base?.areas.clone()),
            given: entry.given,
            does: does.or_else(|| base?.does.clone()),
            sources,
            extrapolated,
            texts: texts?,
        })
    }

    /// What decides about an activity; none where nothing does, which is told.
    fn answer(&self, entry: &ActivityEntry, instructions: &[Instruction]) -> Option<ActivityRule> {
        let windows = !entry.until.is_empty() || entry.from.is_some() || entry.then.is_some();
        if let Some(answer) = &entry.answer {
            if windows || entry.product == Some(true) {
                self.document.at(&answer.span(), PlanFault::AnswerNotAlone);
            }
            return Some(if answer.get_ref() == "yes" {
                ActivityRule::Yes
            } else {
                ActivityRule::AskClinic
            });
        }
        let product = entry.product.unwrap_or(false);
        if entry.until.is_empty() && entry.from.is_none() && !product {
            let fault = PlanFault::Undecided(entry.id.get_ref().clone());
            self.document.absent(&entry.id.span(), fault);
            return None;
        }
        for name in &entry.until {
            self.awaited(name, instructions);
        }
        if let Some(name) = &entry.from {
            self.awaited_do(name, instructions);
        }
        let id = |name: &Name| InstructionId(name.get_ref().clone());
        Some(ActivityRule::Windows {
            product,
            until: entry.until.iter().map(id).collect(),
            from: entry.from.as_ref().map(id),
            then_ask: entry.then.as_deref() == Some("ask_clinic"),
        })
    }

    /// An instruction that has to be something to do.
    fn awaited_do(&self, name: &Name, instructions: &[Instruction]) {
        let found = self.awaited(name, instructions);
        if found.is_some_and(|instruction| instruction.kind != InstructionKind::Do) {
            let fault = PlanFault::NotADo(name.get_ref().clone());
            self.document.at(&name.span(), fault);
        }
    }

    /// The families of ingredients of the plan beneath with those of the file.
    pub(in crate::plan) fn ingredient_rules(
        &mut self,
        entries: Vec<IngredientGroupEntry>,
        instructions: &[Instruction],
    ) -> Vec<IngredientRule> {
        let mut rules = self
            .base
            .map(|base| base.parts.ingredient_rules.clone())
            .unwrap_or_default();
        let mut seen = BTreeSet::new();
        for entry in entries {
            let place = entry.id.span();
            let group = *entry.id.get_ref();
            let name = group.name();
            if !seen.insert(name) {
                self.document.at(&place, PlanFault::Duplicate(name.to_owned()));
                continue;
            }
            let known = rules.iter().position(|rule| rule.group == group);
            let base = known.map(|known| rules[known].clone());
            let claim = base
                .as_ref()
                .map(|base| (base.sources.as_slice(), base.extrapolated));
            let (sources, extrapolated) = self.claim(entry.sources, entry.extrapolated, claim, name, &place);
            let until = self.awaited(&entry.until, instructions).and_then(window);
            if let (Some(until), Some(base)) = (until, &base) {
                self.ingredient_waits(until, base, &entry.until);
            }
            let texts = match (entry.texts, base) {
                (Some(own), _) => self.per_locale(("ingredient_groups", name), own, |t| {
                    t.ingredient_groups.remove(name)
                }),
                (None, Some(base)) => base.texts,
                (None, None) => {
                    self.missing(&place, "texts", "the patient's words");
                    continue;
                }
            };
            let rule = IngredientRule {
                group,
                until: InstructionId(entry.until.into_inner()),
                sources,
                extrapolated,
                texts,
            };
            match known {
                Some(known) => rules[known] = rule,
                None => rules.push(rule),
            }
        }
        for group in IngredientGroup::ALL {
            let missing = rules.iter().all(|rule| rule.group != group);
            self.entry_missing(missing, "ingredient_group", group.name());
        }
        rules
    }

    /// A family of ingredients waits no less long than in the plan beneath.
    fn ingredient_waits(&self, until: &ByClass<Window>, base: &IngredientRule, name: &Name) {
        let before = self.base.and_then(|plan| window(plan.instruction(&base.until)?));
        let Some(before) = before else { return };
        for class in DepthClass::ALL {
            let (found, base_hour) = (until.get(class).until, before.get(class).until);
            if found < base_hour {
                let fault = PlanFault::EarlierIngredient {
                    group: base.group.name().to_owned(),
                    until: name.get_ref().clone(),
                    class,
                    found,
                    base: base_hour,
                };
                self.document.at(&name.span(), fault);
            }
        }
    }
}

/// The activities that have the words so far, by language and word.
#[derive(Default)]
struct Taken(BTreeMap<(Locale, String), String>);

impl Taken {
    fn check(&mut self, document: &Document, locale: Locale, words: &ActivityWords, id: &str) {
        for word in &words.words {
            let text = word.get_ref();
            if text.chars().any(char::is_uppercase) {
                document.at(&word.span(), PlanFault::WordNotLower(text.clone()));
            }
            let key = (locale, text.trim().to_lowercase());
            if let Some(other) = self.0.insert(key, id.to_owned()) {
                let word_fault = PlanFault::WordTaken {
                    word: text.clone(),
                    other,
                };
                document.at(&word.span(), word_fault);
            }
        }
    }
}
