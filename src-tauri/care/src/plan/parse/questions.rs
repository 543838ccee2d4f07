//! Reads what a check-in asks, and what is said at the end of its answer.

use std::collections::BTreeMap;

use enumset::EnumSet;

use super::reader::Reader;
use crate::check_in::{Sign, Symptom};
use crate::plan::file::{LevelEntry, Name, SignEntry, SymptomEntry};
use crate::plan::{PerLocale, PlanFault, SignWords, SymptomTexts};
use crate::triage::TriageLevel;

impl Reader<'_> {
    pub(super) fn symptoms(
        &mut self,
        entries: Vec<SymptomEntry>,
    ) -> Option<[PerLocale<SymptomTexts>; Symptom::ALL.len()]> {
        let mut symptoms = BTreeMap::new();
        for entry in entries {
            let symptom = *entry.id.get_ref();
            let name = symptom.name();
            let texts = self.per_locale(("symptoms", name), entry.texts, |t| t.symptoms.remove(name));
            if symptoms.insert(symptom, texts).is_some() {
                self.document
                    .at(&entry.id.span(), PlanFault::Duplicate(name.to_owned()));
            }
        }
        let all = Symptom::ALL.map(|symptom| {
            let texts = symptoms.remove(&symptom);
            self.entry_missing(texts.is_none(), "symptom", symptom.name());
            texts
        });
        let complete: Option<Vec<_>> = all.into_iter().collect();
        complete?.try_into().ok()
    }

    pub(super) fn signs(&mut self, entries: Vec<SignEntry>) -> Vec<SignWords> {
        let mut signs = Vec::with_capacity(entries.len());
        let mut seen: EnumSet<Sign> = EnumSet::empty();
        for entry in entries {
            let id = *entry.id.get_ref();
            let name = id.name();
            if !seen.insert(id) {
                self.document
                    .at(&entry.id.span(), PlanFault::Duplicate(name.to_owned()));
                continue;
            }
            signs.push(SignWords {
                id,
                group: entry.group.into_inner(),
                texts: self.per_locale(("signs", name), entry.texts, |t| t.signs.remove(name)),
            });
        }
        for sign in Sign::ALL {
            self.entry_missing(!seen.contains(*sign), "sign", sign.name());
        }
        signs
    }

    pub(super) fn closings(
        &mut self,
        mut levels: BTreeMap<Name, LevelEntry>,
    ) -> Option<[PerLocale<String>; 4]> {
        let all = TriageLevel::ALL.map(|level| {
            let name = level.name();
            let own = levels.remove(name)?.texts;
            Some(self.per_locale(("levels", name), own, |t| t.levels.remove(name)))
        });
        let complete: Option<Vec<_>> = all.into_iter().collect();
        complete?.try_into().ok()
    }
}
