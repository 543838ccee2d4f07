//! Reading a plan with its translations: every name leads somewhere, every text is there. What does
//! not fit is told, all of it; what was taken out before because of its shape is not told again.

mod activities;
mod bands;
mod before;
mod conditions;
mod document;
mod instructions;
mod phases;
mod questions;
mod reader;
mod rules;
mod texts;

use std::sync::{Arc, OnceLock};

use super::file::PlanFile;
use super::shape::FileKind;
use super::{Parts, Plan, PlanDocument, PlanError};

pub(super) use document::Document;
pub(super) use instructions::window;
pub(super) use reader::{Entries, Reader};

pub(super) fn parse(plan: &str, translations: &[&str]) -> Result<Plan, Vec<PlanError>> {
    let (document, file) = Document::read::<PlanFile>(PlanDocument::Plan, plan, FileKind::Plan);
    let mut reader = Reader::new(document, None);
    let Some(file) = file else {
        reader.translations(translations, None);
        return Err(reader.faults());
    };
    reader.locale = file.locale;
    let head = (file.id.get_ref().as_str(), file.version);
    reader.translations(translations, (!reader.document.pruned.head()).then_some(head));
    reader.own_sources(file.sources);
    let texts = reader.about(file.texts);
    let (instructions, _) = reader.instructions(file.instructions);
    let phases = reader.phases(file.phases);
    let bands = reader.bands(file.bands);
    let band_shifts = reader.band_shifts(file.band_shifts);
    let rules = reader.rules(file.rules);
    reader.red_flags(&rules);
    let symptoms = reader.symptoms(file.symptoms);
    let signs = reader.signs(file.signs);
    let screening = reader.screening(file.screening);
    let pre_care = reader.pre_care(file.pre_care);
    let course = file.course.and_then(|course| reader.course(course));
    let activities = reader.activities(file.activities, &instructions);
    let ingredient_rules = reader.ingredient_rules(file.ingredient_groups, &instructions);
    let closings = reader.closings(file.levels);
    reader.nothing_left();
    let faults = reader.faults();
    match (phases, bands, symptoms, course, closings) {
        (Some(phases), Some(bands), Some(symptoms), Some(course), Some(closings)) if faults.is_empty() => {
            Ok(Plan {
                id: file.id.into_inner(),
                version: file.version,
                parts: Arc::new(Parts {
                    texts,
                    sources: reader.sources,
                    instructions,
                    phases,
                    bands,
                    band_shifts,
                    rules,
                    symptoms,
                    signs,
                    screening,
                    pre_care,
                    course,
                    activities,
                    ingredient_rules,
                    closings,
                    clinic: None,
                    switched_off: Vec::new(),
                    activity_words: OnceLock::new(),
                }),
            })
        }
        _ => Err(faults),
    }
}
