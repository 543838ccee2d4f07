//! Reading a plan with its translations: every name leads somewhere, every text is there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;

use super::file::{
    AboutTexts, BandEntry, BandShiftEntry, FORMAT, InstructionEntry, InstructionWords, Name, PhaseEntry,
    PhaseWords, PlanFile, RuleEntry, RuleWords, TranslationFile, Words,
};
use super::values::MAX_HOURS;
use super::{
    Band, BandShift, ByClass, HIGHEST_EXPECTED, Instruction, InstructionId, InstructionKind, MAX_TEXT_CHARS,
    PerLocale, Phase, Plan, PlanDocument, PlanError, PlanFault, Position, Rule, Source, SourceKey, Timing,
    Window,
};
use crate::Locale;
use crate::check_in::{Severity, Symptom};
use crate::session::DepthClass;
use crate::timeline::PhaseId;
use crate::triage::{RULES, RuleId};

pub(super) fn parse(plan: &str, translations: &[&str]) -> Result<Plan, PlanError> {
    let document = Document {
        id: PlanDocument::Plan,
        text: plan,
    };
    let file: PlanFile = document.read()?;
    document.format(&file.format)?;
    let translations = translations
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let document = Document {
                id: PlanDocument::Translation(index + 1),
                text,
            };
            Translation::read(document, &file.id, file.version)
        })
        .collect::<Result<_, _>>()?;
    let mut reader = Reader {
        document,
        locale: file.locale,
        translations,
        sources: file.sources,
    };
    let texts = reader.about(file.texts)?;
    let instructions = reader.instructions(file.instructions)?;
    let phases = reader.phases(file.phases)?;
    let bands = reader.bands(file.bands)?;
    let band_shifts = reader.band_shifts(file.band_shifts)?;
    let rules = reader.rules(file.rules)?;
    reader.nothing_left()?;
    Ok(Plan {
        id: document.name(file.id)?,
        version: file.version,
        texts,
        sources: reader.sources,
        instructions,
        phases,
        bands,
        band_shifts,
        rules,
    })
}

/// One of the texts that are read together.
#[derive(Clone, Copy)]
struct Document<'a> {
    id: PlanDocument,
    text: &'a str,
}

impl Document<'_> {
    fn read<T: DeserializeOwned>(self) -> Result<T, PlanError> {
        toml::from_str(self.text).map_err(|error: toml::de::Error| PlanError {
            document: self.id,
            position: error.span().map(|span| Position::of(self.text, span.start)),
            fault: PlanFault::Syntax(error.message().to_owned()),
        })
    }

    fn at(self, span: Range<usize>, fault: PlanFault) -> PlanError {
        PlanError {
            document: self.id,
            position: Some(Position::of(self.text, span.start)),
            fault,
        }
    }

    fn whole(self, fault: PlanFault) -> PlanError {
        PlanError {
            document: self.id,
            position: None,
            fault,
        }
    }

    fn format(self, format: &Spanned<u32>) -> Result<(), PlanError> {
        let found = *format.get_ref();
        if found == FORMAT {
            Ok(())
        } else {
            Err(self.at(format.span(), PlanFault::Format(found)))
        }
    }

    /// A name is part of keys that are kept for ever.
    fn name(self, name: Name) -> Result<String, PlanError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !name.get_ref().is_empty() && name.get_ref().chars().all(plain) {
            return Ok(name.into_inner());
        }
        Err(self.at(name.span(), PlanFault::BadName(name.into_inner())))
    }

    fn words<W: Words>(self, words: W) -> Result<W::Texts, PlanError> {
        words.checked(|text| {
            let chars = text.get_ref().trim().chars().count();
            if (1..=MAX_TEXT_CHARS).contains(&chars) {
                return Ok(text.into_inner());
            }
            Err(self.at(
                text.span(),
                PlanFault::TextLength {
                    chars,
                    limit: MAX_TEXT_CHARS,
                },
            ))
        })
    }
}

/// The words that one translation still has to give.
struct Translation<'a> {
    document: Document<'a>,
    locale: Spanned<Locale>,
    about: Option<AboutTexts>,
    instructions: BTreeMap<Name, InstructionWords>,
    phases: BTreeMap<Name, PhaseWords>,
    rules: BTreeMap<Name, RuleWords>,
}

impl<'a> Translation<'a> {
    fn read(document: Document<'a>, id: &Name, version: u32) -> Result<Self, PlanError> {
        let file: TranslationFile = document.read()?;
        document.format(&file.format)?;
        if file.plan.get_ref() != id.get_ref() || file.version != version {
            let span = file.plan.span();
            let fault = PlanFault::OtherPlan {
                id: file.plan.into_inner(),
                version: file.version,
            };
            return Err(document.at(span, fault));
        }
        Ok(Self {
            document,
            locale: file.locale,
            about: Some(file.texts),
            instructions: file.instructions,
            phases: file.phases,
            rules: file.rules,
        })
    }
}

/// What is needed while the entries of a plan are read one after the other.
struct Reader<'a> {
    document: Document<'a>,
    locale: Locale,
    translations: Vec<Translation<'a>>,
    sources: BTreeMap<SourceKey, Source>,
}

impl Reader<'_> {
    /// The plan's own words and those that `take` finds in the translations, one for each language.
    fn per_locale<W: Words>(
        &mut self,
        name: &str,
        own: W,
        take: impl Fn(&mut Translation) -> Option<W>,
    ) -> Result<PerLocale<W::Texts>, PlanError> {
        let mut found = vec![(self.locale, self.document.words(own)?)];
        for translation in &mut self.translations {
            let document = translation.document;
            let locale = *translation.locale.get_ref();
            if found.iter().any(|(taken, _)| *taken == locale) {
                return Err(document.at(translation.locale.span(), PlanFault::LocaleTwice(locale)));
            }
            let words =
                take(translation).ok_or_else(|| document.whole(PlanFault::Untranslated(name.to_owned())))?;
            found.push((locale, document.words(words)?));
        }
        let mut one = |locale: Locale| {
            let index = found.iter().position(|(of, _)| *of == locale);
            index
                .map(|index| found.swap_remove(index).1)
                .ok_or_else(|| self.document.whole(PlanFault::LocaleMissing(locale)))
        };
        Ok(PerLocale {
            en: one(Locale::En)?,
            es: one(Locale::Es)?,
        })
    }

    fn about(&mut self, own: AboutTexts) -> Result<PerLocale<super::PlanTexts>, PlanError> {
        self.per_locale("texts", own, |translation| translation.about.take())
    }

    /// A translation may not speak of what the plan does not have.
    fn nothing_left(&self) -> Result<(), PlanError> {
        for translation in &self.translations {
            let left = (translation.instructions.keys())
                .chain(translation.phases.keys())
                .chain(translation.rules.keys())
                .next();
            if let Some(name) = left {
                let fault = PlanFault::NothingToTranslate(name.get_ref().clone());
                return Err(translation.document.at(name.span(), fault));
            }
        }
        Ok(())
    }

    /// Source keys that exist; none only where the plan says that it has none.
    fn sources(
        &self,
        keys: Vec<Name>,
        extrapolated: bool,
        what: &str,
        place: Range<usize>,
    ) -> Result<Vec<SourceKey>, PlanError> {
        if keys.is_empty() && !extrapolated {
            return Err(self.document.at(place, PlanFault::Unsourced(what.to_owned())));
        }
        keys.into_iter()
            .map(|name| {
                let span = name.span();
                let key = SourceKey(name.into_inner());
                if self.sources.contains_key(&key) {
                    Ok(key)
                } else {
                    Err(self.document.at(span, PlanFault::UnknownSource(key.0)))
                }
            })
            .collect()
    }

    fn instructions(&mut self, entries: Vec<InstructionEntry>) -> Result<Vec<Instruction>, PlanError> {
        let document = self.document;
        let mut instructions: Vec<Instruction> = Vec::new();
        let mut follow_ups = Vec::new();
        for entry in entries {
            let place = entry.id.span();
            let id = document.name(entry.id)?;
            if instructions.iter().any(|known| known.id.0 == id) {
                return Err(document.at(place, PlanFault::Duplicate(id)));
            }
            let texts = self.per_locale(&id, entry.texts, |t| t.instructions.remove(id.as_str()))?;
            let sources = self.sources(entry.sources, entry.extrapolated, &id, place.clone())?;
            let restricts = entry.kind != InstructionKind::Do;
            let windowed = matches!(&entry.timing, Timing::Window { daily, .. } if daily.is_empty());
            let latest = match &entry.timing {
                Timing::Moment { hours } => hours.superficial.max(hours.medium).max(hours.deep),
                Timing::CheckIns { first_after, .. } => *first_after,
                _ => 0,
            };
            let fault = if latest > MAX_HOURS {
                Some(PlanFault::TooLate {
                    hours: latest,
                    limit: MAX_HOURS,
                })
            } else if restricts && !windowed {
                Some(PlanFault::RestrictionWithoutWindow(id.clone()))
            } else if restricts && (texts.en.over.is_none() || texts.es.over.is_none()) {
                Some(PlanFault::OverMissing(id.clone()))
            } else if !restricts && (texts.en.over.is_some() || texts.es.over.is_some()) {
                Some(PlanFault::OverUnexpected(id.clone()))
            } else {
                None
            };
            if let Some(fault) = fault {
                return Err(document.at(place, fault));
            }
            if let Some(follow_up) = &entry.followed_by {
                follow_ups.push((instructions.len(), follow_up.clone()));
            }
            instructions.push(Instruction {
                id: InstructionId(id),
                kind: entry.kind,
                timing: entry.timing,
                areas: entry.areas,
                followed_by: entry.followed_by.map(|name| InstructionId(name.into_inner())),
                sources,
                extrapolated: entry.extrapolated,
                texts,
            });
        }
        for (index, name) in follow_ups {
            let limit = instructions.iter().find(|known| known.id.0 == *name.get_ref());
            if !limit.is_some_and(|limit| continues(&instructions[index], limit)) {
                return Err(document.at(name.span(), PlanFault::BadFollowUp(name.into_inner())));
            }
        }
        Ok(instructions)
    }

    fn phases(&mut self, entries: Vec<PhaseEntry>) -> Result<[Phase; PhaseId::ALL.len()], PlanError> {
        let document = self.document;
        let mut phases: Vec<Phase> = Vec::new();
        for entry in entries {
            let place = entry.id.span();
            let id = entry.id.into_inner();
            let name = id.name().to_owned();
            if PhaseId::ALL.get(phases.len()) != Some(&id) {
                let expected = PhaseId::ALL.get(phases.len()).copied();
                let fault = expected.map_or(PlanFault::Duplicate(name), PlanFault::PhaseMissing);
                return Err(document.at(place, fault));
            }
            for class in DepthClass::ALL {
                let found = entry.days.get(class).from_day;
                let expected = phases
                    .last()
                    .map_or(0, |before| before.days.get(class).to_day.saturating_add(1));
                if found != expected {
                    return Err(document.at(
                        place,
                        PlanFault::PhaseGap {
                            class,
                            found,
                            expected,
                        },
                    ));
                }
            }
            if entry.accents.get_ref().is_empty() {
                return Err(document.at(entry.accents.span(), PlanFault::NoAccent));
            }
            let texts = self.per_locale(&name, entry.texts, |t| t.phases.remove(name.as_str()))?;
            phases.push(Phase {
                id,
                accents: entry.accents.into_inner(),
                days: entry.days,
                sources: self.sources(entry.sources, entry.extrapolated, &name, place)?,
                extrapolated: entry.extrapolated,
                texts,
            });
        }
        phases.try_into().map_err(|phases: Vec<Phase>| {
            document.whole(PlanFault::PhaseMissing(
                PhaseId::ALL[phases.len().min(PhaseId::ALL.len() - 1)],
            ))
        })
    }

    fn bands(&self, entries: Vec<BandEntry>) -> Result<[ByClass<Band>; Symptom::ALL.len()], PlanError> {
        let document = self.document;
        let mut bands: BTreeMap<(Symptom, DepthClass), Band> = BTreeMap::new();
        for entry in entries {
            let place = entry.symptom.span();
            let symptom = entry.symptom.into_inner();
            let name = symptom.name().to_owned();
            let span = entry.highest.span();
            let grades = entry.highest.into_inner();
            let mut highest = [Severity::NONE; super::BAND_DAYS];
            for (expected, grade) in highest.iter_mut().zip(grades) {
                *expected = Severity::new(grade)
                    .filter(|severity| severity.grade() <= HIGHEST_EXPECTED)
                    .ok_or_else(|| document.at(span.clone(), PlanFault::BandTooHigh(grade)))?;
            }
            let sources = self.sources(entry.sources, entry.extrapolated, &name, place.clone())?;
            let band = Band {
                highest,
                sources,
                extrapolated: entry.extrapolated,
            };
            if bands.insert((symptom, entry.class), band).is_some() {
                return Err(document.at(place, PlanFault::Duplicate(name)));
            }
        }
        let mut one = |symptom, class| {
            bands
                .remove(&(symptom, class))
                .ok_or_else(|| document.whole(PlanFault::BandMissing { symptom, class }))
        };
        let mut classes = |symptom| {
            Ok(ByClass {
                superficial: one(symptom, DepthClass::Superficial)?,
                medium: one(symptom, DepthClass::Medium)?,
                deep: one(symptom, DepthClass::Deep)?,
            })
        };
        let [erythema, edema, warmth, pain] = Symptom::ALL;
        Ok([
            classes(erythema)?,
            classes(edema)?,
            classes(warmth)?,
            classes(pain)?,
        ])
    }

    fn band_shifts(&self, entries: Vec<BandShiftEntry>) -> Result<Vec<BandShift>, PlanError> {
        entries
            .into_iter()
            .map(|entry| {
                let place = entry.symptoms.span();
                Ok(BandShift {
                    symptoms: entry.symptoms.into_inner(),
                    areas: entry.areas,
                    shift: entry.shift,
                    sources: self.sources(entry.sources, entry.extrapolated, "band_shift", place)?,
                    extrapolated: entry.extrapolated,
                })
            })
            .collect()
    }

    fn rules(&mut self, entries: Vec<RuleEntry>) -> Result<Vec<Rule>, PlanError> {
        let document = self.document;
        let mut rules: Vec<Rule> = Vec::new();
        for entry in entries {
            let place = entry.id.span();
            let id = document.name(entry.id)?;
            let known = RULES.iter().find(|rule| rule.id == id);
            let fault = match known {
                _ if rules.iter().any(|rule| rule.id.0 == id) => Some(PlanFault::Duplicate(id.clone())),
                None => Some(PlanFault::RuleSet(id.clone())),
                Some(known) if known.level != entry.level => Some(PlanFault::RuleLevel(id.clone())),
                Some(_) => None,
            };
            if let Some(fault) = fault {
                return Err(document.at(place, fault));
            }
            let texts = self.per_locale(&id, entry.texts, |t| t.rules.remove(id.as_str()))?;
            rules.push(Rule {
                sources: self.sources(entry.sources, entry.extrapolated, &id, place)?,
                id: RuleId(id),
                level: entry.level,
                extrapolated: entry.extrapolated,
                texts,
            });
        }
        let written: BTreeSet<&str> = rules.iter().map(|rule| rule.id.0.as_str()).collect();
        match RULES.iter().find(|rule| !written.contains(rule.id)) {
            Some(missing) => Err(document.whole(PlanFault::RuleSet(missing.id.to_owned()))),
            None => Ok(rules),
        }
    }
}

/// Whether a limit begins, in every class and the same areas, when an avoid ends.
fn continues(avoid: &Instruction, limit: &Instruction) -> bool {
    let (Timing::Window { hours: first, .. }, Timing::Window { hours: then, .. }) =
        (&avoid.timing, &limit.timing)
    else {
        return false;
    };
    let touches = |class| -> bool {
        let (Window { until, .. }, Window { from, .. }) = (first.get(class), then.get(class));
        until == from
    };
    avoid.kind == InstructionKind::Avoid
        && limit.kind == InstructionKind::Limit
        && avoid.areas == limit.areas
        && DepthClass::ALL.into_iter().all(touches)
}
