//! The words of a plan and of its translations.

use std::collections::BTreeMap;

use toml::Spanned;

use super::document::Document;
use super::reader::Reader;
use crate::Locale;
use crate::plan::file::{
    AboutTexts, ActivityWords, ClosingWords, CourseWords, IngredientWords, InstructionWords, Name,
    PhaseWords, PreCareWords, RuleWords, ScreeningWords, SignWordsEntry, SymptomWords, TranslationFile,
    Words,
};
use crate::plan::shape::FileKind;
use crate::plan::{PerLocale, PlanDocument, PlanFault};

/// The words that one translation still has to give.
pub(super) struct Translation<'a> {
    pub(super) document: Document<'a>,
    pub(super) locale: Locale,
    pub(super) about: Option<AboutTexts>,
    pub(super) instructions: BTreeMap<Name, Spanned<InstructionWords>>,
    pub(super) phases: BTreeMap<Name, PhaseWords>,
    pub(super) rules: BTreeMap<Name, RuleWords>,
    pub(super) symptoms: BTreeMap<Name, SymptomWords>,
    pub(super) signs: BTreeMap<Name, SignWordsEntry>,
    pub(super) screening: BTreeMap<Name, ScreeningWords>,
    pub(super) pre_care: BTreeMap<Name, PreCareWords>,
    pub(super) course: Option<CourseWords>,
    pub(super) activities: BTreeMap<Name, ActivityWords>,
    pub(super) ingredient_groups: BTreeMap<Name, IngredientWords>,
    pub(super) levels: BTreeMap<Name, ClosingWords>,
}

/// The same words in every language that there are words for.
pub(super) struct Found<W> {
    pub(super) own: W,
    /// By the place of the translation.
    pub(super) others: Vec<(usize, W)>,
}

impl<'a> Reader<'a> {
    /// Reads the translations of the plan of that name and version; of one that could not be read,
    /// whatever they say it is.
    pub(in crate::plan) fn translations(&mut self, texts: &[&'a str], plan: Option<(&str, u32)>) {
        for (index, text) in texts.iter().enumerate() {
            let id = PlanDocument::Translation(index + 1);
            let (document, file) = Document::read::<TranslationFile>(id, text, FileKind::Translation);
            let Some(file) = file else {
                self.unread.extend(document.told());
                continue;
            };
            if plan.is_some_and(|plan| plan != (file.plan.get_ref(), file.version)) {
                let fault = PlanFault::OtherPlan {
                    id: file.plan.get_ref().clone(),
                    version: file.version,
                };
                document.at(&file.plan.span(), fault);
                self.unread.extend(document.told());
                continue;
            }
            let locale = *file.locale.get_ref();
            let taken = self.translations.iter().any(|known| known.locale == locale);
            if plan.is_some() && (taken || locale == self.locale) {
                document.at(&file.locale.span(), PlanFault::LocaleTwice(locale));
                self.unread.extend(document.told());
                continue;
            }
            self.translations.push(Translation {
                document,
                locale,
                about: Some(file.texts),
                instructions: file.instructions,
                phases: file.phases,
                rules: file.rules,
                symptoms: file.symptoms,
                signs: file.signs,
                screening: file.screening,
                pre_care: file.pre_care,
                course: file.course,
                activities: file.activities,
                ingredient_groups: file.ingredient_groups,
                levels: file.levels,
            });
        }
        if plan.is_none() || !self.unread.is_empty() || self.one_language {
            return;
        }
        for locale in Locale::ALL {
            if locale != self.locale && self.translations.iter().all(|known| known.locale != locale) {
                self.document.whole(PlanFault::LocaleMissing(locale));
            }
        }
    }

    /// The plan's own words and those that `take` finds in the translations.
    pub(super) fn words<W: Words>(
        &mut self,
        (section, name): (&str, &str),
        own: W,
        take: impl Fn(&mut Translation) -> Option<W>,
    ) -> Found<W> {
        let mut others = Vec::new();
        for (index, translation) in self.translations.iter_mut().enumerate() {
            if let Some(words) = take(translation) {
                others.push((index, words));
            } else if !translation.document.pruned.entry(section, name) {
                translation
                    .document
                    .whole(PlanFault::Untranslated(name.to_owned()));
            }
        }
        Found { own, others }
    }

    /// One text for each language; the plan's own where there is no other.
    pub(super) fn texts<W: Words>(&self, found: &Found<W>) -> PerLocale<W::Texts> {
        let one = |locale: Locale| {
            let other = found
                .others
                .iter()
                .find(|(index, _)| self.translations[*index].locale == locale);
            other.map_or(&found.own, |(_, words)| words).clone().texts()
        };
        PerLocale {
            en: one(Locale::En),
            es: one(Locale::Es),
        }
    }

    /// The two steps above, where nothing else is asked of the words.
    pub(super) fn per_locale<W: Words>(
        &mut self,
        of: (&str, &str),
        own: W,
        take: impl Fn(&mut Translation) -> Option<W>,
    ) -> PerLocale<W::Texts> {
        let found = self.words(of, own, take);
        self.texts(&found)
    }

    pub(in crate::plan) fn about(&mut self, own: AboutTexts) -> PerLocale<crate::plan::PlanTexts> {
        self.per_locale(("texts", "texts"), own, |translation| translation.about.take())
    }

    /// A translation may not speak of what the plan does not have.
    pub(in crate::plan) fn nothing_left(&self) {
        for translation in &self.translations {
            let sections: [(&str, Vec<&Name>); 10] = [
                ("instruction", translation.instructions.keys().collect()),
                ("phase", translation.phases.keys().collect()),
                ("rule", translation.rules.keys().collect()),
                ("symptom", translation.symptoms.keys().collect()),
                ("sign", translation.signs.keys().collect()),
                ("screening", translation.screening.keys().collect()),
                ("pre_care", translation.pre_care.keys().collect()),
                ("activity", translation.activities.keys().collect()),
                ("ingredient_group", translation.ingredient_groups.keys().collect()),
                ("levels", translation.levels.keys().collect()),
            ];
            for (section, names) in sections {
                for name in names {
                    if !self.document.pruned.entry(section, name.get_ref()) {
                        let fault = PlanFault::NothingToTranslate(name.get_ref().clone());
                        translation.document.at(&name.span(), fault);
                    }
                }
            }
            if translation.course.is_some() && !self.document.pruned.any_of("course") {
                let fault = PlanFault::NothingToTranslate("course".to_owned());
                translation.document.whole(fault);
            }
        }
    }
}
