//! Reading a plan with its translations: every name leads somewhere, every text is there. What does
//! not fit is told, all of it; what was taken out before because of its shape is not told again.

use std::cell::{Cell, RefCell};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use enumset::EnumSet;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::fault::Places;
use super::file::{
    AboutTexts, ActivityEntry, ActivityWords, BandEntry, BandShiftEntry, ClosingWords, ConditionEntry,
    CourseEntry, CourseWords, IngredientGroupEntry, IngredientWords, InstructionEntry, InstructionWords,
    LevelEntry, Name, PhaseEntry, PhaseWords, PlanFile, PreCareEntry, PreCareWords, RuleEntry, RuleWords,
    ScreeningEntry, ScreeningWords, SignEntry, SignWordsEntry, SymptomEntry, SymptomWords, TimingEntry,
    TranslationFile, Words,
};
use super::shape::{FileKind, Pruned, shaped};
use super::values::wall_time;
use super::{
    AboveBand, Activity, ActivityRule, BAND_DAYS, Band, BandShift, ByClass, Condition, CoursePlan, DayRange,
    ElapsedDays, IngredientRule, Instruction, InstructionId, InstructionKind, Lasting, PerLocale, Phase,
    Plan, PlanDocument, PlanError, PlanFault, PreCare, Returned, Rising, Rule, ScreeningAction,
    ScreeningItem, SeverityRange, SignCount, SignWords, Source, SourceKey, SymptomTexts, Timing, Window,
};
use crate::Locale;
use crate::check_in::{Severity, Sign, Symptom};
use crate::ingredients::IngredientGroup;
use crate::session::{DepthClass, Risk};
use crate::timeline::PhaseId;
use crate::triage::{RuleId, TriageLevel};

pub(super) fn parse(plan: &str, translations: &[&str]) -> Result<Plan, Vec<PlanError>> {
    let (document, file) = Document::read::<PlanFile>(PlanDocument::Plan, plan, FileKind::Plan);
    let mut reader = Reader::new(document, None);
    let Some(file) = file else {
        reader.translations(translations, None);
        return Err(reader.faults());
    };
    reader.locale = file.locale;
    reader.translations(translations, Some((file.id.get_ref(), file.version)));
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
            })
        }
        _ => Err(faults),
    }
}

/// One of the texts that are read together, and what is wrong with it.
pub(super) struct Document<'a> {
    id: PlanDocument,
    text: &'a str,
    /// With their byte offsets.
    faults: RefCell<Vec<(Option<usize>, PlanFault)>>,
    pub(super) pruned: Pruned,
}

impl<'a> Document<'a> {
    /// Reads what is left of a file after its shape was checked; none where nothing usable is.
    pub(super) fn read<T: DeserializeOwned>(
        id: PlanDocument,
        text: &'a str,
        kind: FileKind,
    ) -> (Self, Option<T>) {
        let shaped = shaped(text, kind);
        let document = Self {
            id,
            text,
            faults: RefCell::new(
                (shaped.faults.into_iter())
                    .map(|(offset, fault)| (Some(offset), fault))
                    .collect(),
            ),
            pruned: shaped.pruned,
        };
        let file = shaped.root.and_then(|root| {
            T::deserialize(toml::de::Deserializer::from(root))
                .map_err(|error| {
                    let offset = error.span().map(|span| span.start);
                    document.push(offset, PlanFault::Syntax(error.message().to_owned()));
                })
                .ok()
        });
        (document, file)
    }

    fn push(&self, offset: Option<usize>, fault: PlanFault) {
        self.faults.borrow_mut().push((offset, fault));
    }

    pub(super) fn at(&self, span: &Range<usize>, fault: PlanFault) {
        self.push(Some(span.start), fault);
    }

    /// Tells that something is missing, unless what was taken out beside it may have been that.
    pub(super) fn absent(&self, span: &Range<usize>, fault: PlanFault) {
        if !self.pruned.beside(span.start) {
            self.at(span, fault);
        }
    }

    pub(super) fn whole(&self, fault: PlanFault) {
        self.push(None, fault);
    }

    /// Every fault in the order of the text; what is missing from all of it comes last.
    fn told(&self) -> Vec<PlanError> {
        let mut faults = self.faults.take();
        faults.sort_by_key(|(offset, _)| offset.unwrap_or(usize::MAX));
        faults.dedup();
        let mut places = Places::new(self.text);
        faults
            .into_iter()
            .map(|(offset, fault)| PlanError {
                document: self.id,
                position: offset.map(|offset| places.of(offset)),
                fault,
            })
            .collect()
    }
}

/// The words that one translation still has to give.
pub(super) struct Translation<'a> {
    document: Document<'a>,
    locale: Locale,
    about: Option<AboutTexts>,
    instructions: BTreeMap<Name, InstructionWords>,
    phases: BTreeMap<Name, PhaseWords>,
    rules: BTreeMap<Name, RuleWords>,
    symptoms: BTreeMap<Name, SymptomWords>,
    signs: BTreeMap<Name, SignWordsEntry>,
    screening: BTreeMap<Name, ScreeningWords>,
    pre_care: BTreeMap<Name, PreCareWords>,
    course: Option<CourseWords>,
    activities: BTreeMap<Name, ActivityWords>,
    ingredient_groups: BTreeMap<Name, IngredientWords>,
    levels: BTreeMap<Name, ClosingWords>,
}

/// The same words in every language that there are words for.
struct Found<W> {
    own: W,
    /// By the place of the translation.
    others: Vec<(usize, W)>,
}

/// Where the entries of a section stand in the file, by name.
pub(super) type Entries = BTreeMap<String, Range<usize>>;

/// What is needed while the entries of a plan are read one after the other.
pub(super) struct Reader<'a> {
    pub(super) document: Document<'a>,
    pub(super) locale: Locale,
    translations: Vec<Translation<'a>>,
    /// Faults of translations that could not be read at all.
    unread: Vec<PlanError>,
    pub(super) sources: BTreeMap<SourceKey, Source>,
    /// The plan beneath a clinic's plan.
    pub(super) base: Option<&'a Plan>,
    /// Whether one language may stand for every other.
    pub(super) one_language: bool,
    failed: Cell<bool>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(document: Document<'a>, base: Option<&'a Plan>) -> Self {
        Self {
            document,
            locale: Locale::default(),
            translations: Vec::new(),
            unread: Vec::new(),
            sources: base.map(|base| base.sources.clone()).unwrap_or_default(),
            base,
            one_language: false,
            failed: Cell::new(false),
        }
    }

    /// Reads the translations of the plan of that name and version; of one that could not be read,
    /// whatever they say it is.
    pub(super) fn translations(&mut self, texts: &[&'a str], plan: Option<(&str, u32)>) {
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

    /// Every fault of every text; the plan's first.
    pub(super) fn faults(&self) -> Vec<PlanError> {
        let mut faults = self.document.told();
        faults.extend(self.unread.iter().cloned());
        faults.extend(self.translations.iter().flat_map(|t| t.document.told()));
        faults.sort_by_key(|error| match error.document {
            PlanDocument::Plan => 0,
            PlanDocument::Translation(number) => number,
        });
        faults
    }

    /// The plan's own words and those that `take` finds in the translations.
    fn words<W: Words>(
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
    fn texts<W: Words>(&self, found: &Found<W>) -> PerLocale<W::Texts> {
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
    fn per_locale<W: Words>(
        &mut self,
        of: (&str, &str),
        own: W,
        take: impl Fn(&mut Translation) -> Option<W>,
    ) -> PerLocale<W::Texts> {
        let found = self.words(of, own, take);
        self.texts(&found)
    }

    pub(super) fn about(&mut self, own: AboutTexts) -> PerLocale<super::PlanTexts> {
        self.per_locale(("texts", "texts"), own, |translation| translation.about.take())
    }

    /// A translation may not speak of what the plan does not have.
    pub(super) fn nothing_left(&self) {
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

    /// The sources that the file itself names.
    pub(super) fn own_sources(&mut self, sources: BTreeMap<Name, Source>) {
        for (name, source) in sources {
            let span = name.span();
            let key = SourceKey(name.into_inner());
            match self.sources.entry(key) {
                Entry::Occupied(taken) => {
                    self.document
                        .at(&span, PlanFault::SourceTaken(taken.key().0.clone()));
                }
                Entry::Vacant(free) => {
                    free.insert(source);
                }
            }
        }
    }

    /// Source keys that exist; none only where the plan says that it has none. What an entry leaves
    /// out is that of the plan beneath.
    fn claim(
        &self,
        keys: Option<Vec<Name>>,
        extrapolated: Option<bool>,
        base: Option<(&[SourceKey], bool)>,
        what: &str,
        place: &Range<usize>,
    ) -> (Vec<SourceKey>, bool) {
        let extrapolated = extrapolated.or(base.map(|(_, of)| of)).unwrap_or(false);
        let Some(keys) = keys else {
            let sources = base.map(|(sources, _)| sources.to_vec()).unwrap_or_default();
            if sources.is_empty() && !extrapolated {
                self.document.absent(place, PlanFault::Unsourced(what.to_owned()));
            }
            return (sources, extrapolated);
        };
        if keys.is_empty() && !extrapolated {
            self.document.absent(place, PlanFault::Unsourced(what.to_owned()));
        }
        let mut sources = Vec::with_capacity(keys.len());
        for name in keys {
            let span = name.span();
            let key = SourceKey(name.into_inner());
            if !self.sources.contains_key(&key) && !self.document.pruned.entry("sources", &key.0) {
                self.document.at(&span, PlanFault::UnknownSource(key.0.clone()));
            }
            sources.push(key);
        }
        (sources, extrapolated)
    }

    /// Notes where an entry stands; false, and told, where its name is there already.
    fn is_new(&self, entries: &mut Entries, name: &Name) -> bool {
        let new = entries.insert(name.get_ref().clone(), name.span()).is_none();
        if !new {
            self.document
                .at(&name.span(), PlanFault::Duplicate(name.get_ref().clone()));
        }
        new
    }

    fn missing(&self, place: &Range<usize>, key: &str, expected: &str) {
        let fault = PlanFault::MissingKey {
            key: key.to_owned(),
            expected: expected.to_owned(),
        };
        self.document.absent(place, fault);
    }

    /// The instructions of the plan beneath with those of the file, and where the latter stand.
    pub(super) fn instructions(&mut self, entries: Vec<InstructionEntry>) -> (Vec<Instruction>, Entries) {
        let mut instructions = self
            .base
            .map(|base| base.instructions.clone())
            .unwrap_or_default();
        let mut places = Entries::new();
        let mut follow_ups = Entries::new();
        for entry in entries {
            if !self.is_new(&mut places, &entry.id) {
                continue;
            }
            let id = entry.id.get_ref().clone();
            if let Some(name) = &entry.followed_by {
                follow_ups.insert(id.clone(), name.span());
            }
            let known = instructions.iter().position(|known| known.id.0 == id);
            let base = known.map(|index| instructions[index].clone());
            match (self.instruction(entry, base.as_ref()), known) {
                (Some(instruction), Some(index)) => instructions[index] = instruction,
                (Some(instruction), None) => instructions.push(instruction),
                (None, _) => self.document.pruned.leave_out("instruction", &id),
            }
        }
        self.chains(&instructions, &places, &follow_ups);
        (instructions, places)
    }

    fn instruction(&mut self, entry: InstructionEntry, base: Option<&Instruction>) -> Option<Instruction> {
        let place = entry.id.span();
        let id = entry.id.into_inner();
        let kind = entry.kind.or(base.map(|base| base.kind));
        let timing = match entry.timing {
            Some(timing) => self.timing(timing),
            None => base.map(|base| base.timing.clone()),
        };
        let claim = base.map(|base| (base.sources.as_slice(), base.extrapolated));
        let (sources, extrapolated) = self.claim(entry.sources, entry.extrapolated, claim, &id, &place);
        let texts = match (entry.texts, base) {
            (Some(own), _) => {
                let found = self.words(("instructions", &id), own, |t| t.instructions.remove(id.as_str()));
                if let Some(kind) = kind {
                    self.over(&found, kind, &id, &place);
                }
                Some(self.texts(&found))
            }
            (None, Some(base)) => {
                if base.kind != InstructionKind::Do && kind == Some(InstructionKind::Do) {
                    self.missing(
                        &place,
                        "texts",
                        "the words of what is something to do now, without `over`",
                    );
                } else if base.kind == InstructionKind::Do && kind != Some(InstructionKind::Do) {
                    self.document.absent(&place, PlanFault::OverMissing(id.clone()));
                }
                Some(base.texts.clone())
            }
            (None, None) => {
                self.missing(&place, "texts", "the patient's words");
                None
            }
        };
        if kind.is_none() {
            self.missing(&place, "kind", "do, avoid or limit");
        }
        if timing.is_none() && !self.failed.take() {
            self.missing(&place, "timing", "when it holds");
        }
        let (kind, timing, texts) = (kind?, timing?, texts?);
        let windowed = matches!(&timing, Timing::Window { daily, .. } if daily.is_empty());
        if kind != InstructionKind::Do && !windowed {
            self.document
                .at(&place, PlanFault::RestrictionWithoutWindow(id.clone()));
        }
        Some(Instruction {
            id: InstructionId(id),
            kind,
            timing,
            areas: entry.areas.or_else(|| base?.areas.clone()),
            areas_when_exposed: entry
                .areas_when_exposed
                .or_else(|| Some(base?.areas_when_exposed.clone()))
                .unwrap_or_default(),
            setting: entry.setting.or_else(|| base?.setting),
            waived_by: entry.waived_by.or_else(|| base?.waived_by),
            opens_with: entry.opens_with.or_else(|| base?.opens_with),
            darker_skin: entry.darker_skin.or_else(|| base?.darker_skin),
            with_adjuncts: entry
                .with_adjuncts
                .or_else(|| Some(base?.with_adjuncts))
                .unwrap_or_default(),
            approved_by: entry.approved_by.or_else(|| base?.approved_by.clone()),
            followed_by: entry
                .followed_by
                .map(|name| InstructionId(name.into_inner()))
                .or_else(|| base?.followed_by.clone()),
            sources,
            extrapolated,
            texts,
        })
    }

    /// The sentence for an end stands where there is one, in each language.
    fn over(&self, found: &Found<InstructionWords>, kind: InstructionKind, id: &str, place: &Range<usize>) {
        let fault = |words: &InstructionWords| match (kind, &words.over) {
            (InstructionKind::Do, Some(_)) => Some(PlanFault::OverUnexpected(id.to_owned())),
            (InstructionKind::Avoid | InstructionKind::Limit, None) => {
                Some(PlanFault::OverMissing(id.to_owned()))
            }
            _ => None,
        };
        if let Some(fault) = fault(&found.own) {
            self.document.absent(place, fault);
        }
        for (index, words) in &found.others {
            let document = &self.translations[*index].document;
            if let Some(fault) = fault(words) {
                document.whole(fault);
            }
        }
    }

    /// None where a window is none, which is told.
    fn timing(&self, entry: TimingEntry) -> Option<Timing> {
        let times = |texts: Vec<String>| texts.iter().filter_map(|text| wall_time(text)).collect();
        let timing = match entry {
            TimingEntry::Window { hours, daily } => hours
                .try_map(|hours| {
                    let window = Window::new(*hours.get_ref());
                    if window.is_none() {
                        let fault = PlanFault::BadWindow(*hours.get_ref());
                        self.document.at(&hours.span(), fault);
                    }
                    window
                })
                .map(|hours| Timing::Window {
                    hours,
                    daily: times(daily),
                }),
            TimingEntry::Evenings { days, time } => {
                wall_time(&time).map(|time| Timing::Evenings { days, time })
            }
            TimingEntry::Questions { days, time } => {
                wall_time(&time).map(|time| Timing::Questions { days, time })
            }
            TimingEntry::CheckIns {
                days,
                time,
                first_after,
            } => wall_time(&time).map(|time| Timing::CheckIns {
                days,
                time,
                first_after,
            }),
            TimingEntry::Moment { hours } => Some(Timing::Moment { hours }),
            TimingEntry::Prescribed => Some(Timing::Prescribed),
        };
        // What makes it none was told, here or as a time that is none.
        self.failed.set(timing.is_none());
        timing
    }

    /// Whatever follows an avoid is a limit that begins when and where the avoid ends.
    fn chains(&self, instructions: &[Instruction], places: &Entries, follow_ups: &Entries) {
        for avoid in instructions {
            let Some(name) = &avoid.followed_by else { continue };
            let limit = instructions.iter().find(|known| known.id == *name);
            let place = follow_ups
                .get(&avoid.id.0)
                .or_else(|| places.get(&avoid.id.0))
                .or_else(|| places.get(&name.0));
            // Neither is of this file: the plan beneath was checked.
            let Some(place) = place else { continue };
            let partly = |id: &str| {
                let place = places.get(id);
                place.is_some_and(|place| self.document.pruned.beside(place.start))
            };
            if partly(&avoid.id.0) || partly(&name.0) {
                continue;
            }
            if limit.is_none() && self.document.pruned.entry("instruction", &name.0) {
                continue;
            }
            let Some((limit, first, then)) = limit
                .filter(|limit| {
                    avoid.kind == InstructionKind::Avoid
                        && limit.kind == InstructionKind::Limit
                        && avoid.areas == limit.areas
                })
                .and_then(|limit| Some((limit, window(avoid)?, window(limit)?)))
            else {
                self.document.at(place, PlanFault::BadFollowUp(name.0.clone()));
                continue;
            };
            for class in DepthClass::ALL {
                let (ends, begins) = (first.get(class).until, then.get(class).from);
                if ends != begins {
                    let fault = PlanFault::BrokenChain {
                        avoid: avoid.id.0.clone(),
                        limit: limit.id.0.clone(),
                        class,
                        ends,
                        begins,
                    };
                    self.document.at(place, fault);
                }
            }
        }
    }

    /// An instruction that a name leads to; its window must be known, for somebody waits for it.
    fn awaited<'i>(&self, name: &Name, instructions: &'i [Instruction]) -> Option<&'i Instruction> {
        let found = instructions.iter().find(|known| known.id.0 == *name.get_ref());
        if found.is_none() && self.document.pruned.entry("instruction", name.get_ref()) {
            return None;
        }
        let fault = match found {
            None => PlanFault::UnknownInstruction,
            Some(instruction) if window(instruction).is_none() => PlanFault::InstructionWithoutWindow,
            Some(instruction) => return Some(instruction),
        };
        self.document.at(&name.span(), fault(name.get_ref().clone()));
        None
    }

    fn phases(&mut self, entries: Vec<PhaseEntry>) -> Option<[Phase; PhaseId::ALL.len()]> {
        let mut phases: Vec<Phase> = Vec::new();
        let mut some_pruned = self.document.pruned.any_of("phase");
        for entry in entries {
            let place = entry.id.span();
            let id = entry.id.into_inner();
            let name = id.name();
            if phases.iter().any(|known| known.id == id) {
                self.document.at(&place, PlanFault::Duplicate(name.to_owned()));
                continue;
            }
            let next = phases.last().map_or(0, |last| last.id as usize + 1);
            if let Some(skipped) = PhaseId::ALL.get(next).filter(|next| **next != id && !some_pruned) {
                self.document.at(&place, PlanFault::PhaseMissing(*skipped));
            }
            let days = entry.days.try_map(|days| {
                let [from_day, to_day] = *days.get_ref();
                if from_day > to_day {
                    self.document
                        .at(&days.span(), PlanFault::BadRange(*days.get_ref()));
                    return None;
                }
                Some(DayRange { from_day, to_day })
            });
            let (sources, extrapolated) =
                self.claim(Some(entry.sources), Some(entry.extrapolated), None, name, &place);
            let texts = self.per_locale(("phases", name), entry.texts, |t| t.phases.remove(name));
            let Some(days) = days else {
                some_pruned = true;
                continue;
            };
            for class in DepthClass::ALL {
                let found = days.get(class).from_day;
                let expected = phases
                    .last()
                    .map_or(0, |before| before.days.get(class).to_day.saturating_add(1));
                let follows = phases.last().map_or(0, |last| last.id as usize + 1) == id as usize;
                if follows && found != expected {
                    let fault = PlanFault::PhaseGap {
                        class,
                        found,
                        expected,
                    };
                    self.document.at(&place, fault);
                }
            }
            phases.push(Phase {
                id,
                accents: entry.accents,
                days,
                sources,
                extrapolated,
                texts,
            });
        }
        if !some_pruned
            && let Some(missing) = PhaseId::ALL.get(phases.last().map_or(0, |p| p.id as usize + 1))
        {
            self.document.whole(PlanFault::PhaseMissing(*missing));
        }
        phases.try_into().ok()
    }

    fn bands(&mut self, entries: Vec<BandEntry>) -> Option<[ByClass<Band>; Symptom::ALL.len()]> {
        let mut bands: BTreeMap<(Symptom, DepthClass), Band> = BTreeMap::new();
        for entry in entries {
            let place = entry.symptom.span();
            let (symptom, class) = (*entry.symptom.get_ref(), entry.class);
            let band = self.band(entry, None);
            if bands.insert((symptom, class), band).is_some() {
                let name = format!("{} {class:?}", symptom.name());
                self.document.at(&place, PlanFault::Duplicate(name));
            }
        }
        let some_pruned = self.document.pruned.any_of("band");
        let mut one = |symptom, class| {
            let band = bands.remove(&(symptom, class));
            if band.is_none() && !some_pruned {
                self.document.whole(PlanFault::BandMissing { symptom, class });
            }
            band
        };
        let all = Symptom::ALL.map(|symptom| {
            let classes = DepthClass::ALL.map(|class| one(symptom, class));
            let [superficial, medium, deep] = classes;
            Some(ByClass {
                superficial: superficial?,
                medium: medium?,
                deep: deep?,
            })
        });
        let complete: Option<Vec<_>> = all.into_iter().collect();
        complete?.try_into().ok()
    }

    pub(super) fn band(&self, entry: BandEntry, base: Option<&Band>) -> Band {
        let place = entry.symptom.span();
        let (sources, extrapolated) = self.claim(
            entry.sources,
            entry.extrapolated,
            base.map(|base| (base.sources.as_slice(), base.extrapolated)),
            entry.symptom.get_ref().name(),
            &place,
        );
        let mut highest = [Severity::NONE; BAND_DAYS];
        for (day, severity) in highest.iter_mut().zip(entry.highest) {
            *day = severity.into_inner();
        }
        Band {
            highest,
            sources,
            extrapolated,
        }
    }

    fn band_shifts(&self, entries: Vec<BandShiftEntry>) -> Vec<BandShift> {
        entries
            .into_iter()
            .map(|entry| {
                let place = entry.symptoms.span();
                let (sources, extrapolated) = self.claim(
                    Some(entry.sources),
                    Some(entry.extrapolated),
                    None,
                    "band_shift",
                    &place,
                );
                BandShift {
                    symptoms: entry.symptoms.into_inner(),
                    areas: entry.areas,
                    shift: entry.shift,
                    sources,
                    extrapolated,
                }
            })
            .collect()
    }

    /// The rules of the plan beneath with those of the file.
    pub(super) fn rules(&mut self, entries: Vec<RuleEntry>) -> Vec<Rule> {
        let mut rules = self.base.map(|base| base.rules.clone()).unwrap_or_default();
        let mut index: BTreeMap<String, usize> = rules
            .iter()
            .enumerate()
            .map(|(index, rule)| (rule.id.0.clone(), index))
            .collect();
        let mut places = Entries::new();
        let mut conditions = Vec::new();
        for entry in entries {
            if !self.is_new(&mut places, &entry.id) {
                continue;
            }
            let known = index.get(entry.id.get_ref()).copied();
            let name = entry.id.get_ref().clone();
            let Some((rule, when)) = self.rule(entry, known.map(|known| &rules[known]).cloned()) else {
                self.document.pruned.leave_out("rule", &name);
                continue;
            };
            let at = known.unwrap_or(rules.len());
            if known.is_some() {
                rules[at] = rule;
            } else {
                rules.push(rule);
                index.insert(name, at);
            }
            conditions.push((at, when));
        }
        self.conditions(&mut rules, &index, conditions);
        rules
    }

    /// A rule as far as it can be read alone, and its conditions, which name other rules.
    fn rule(&mut self, entry: RuleEntry, base: Option<Rule>) -> Option<(Rule, Vec<Spanned<ConditionEntry>>)> {
        let place = entry.id.span();
        let id = entry.id.into_inner();
        let claim = base
            .as_ref()
            .map(|base| (base.sources.as_slice(), base.extrapolated));
        let (sources, extrapolated) = self.claim(entry.sources, entry.extrapolated, claim, &id, &place);
        let texts = entry
            .texts
            .map(|own| self.per_locale(("rules", &id), own, |t| t.rules.remove(id.as_str())));
        let Some(base) = base else {
            if entry.level.is_none() {
                self.missing(&place, "level", "watch, call_clinic or emergency");
            }
            if texts.is_none() {
                self.missing(&place, "texts", "the patient's words");
            }
            if entry.when.is_empty() {
                self.missing(&place, "when", "it fires when one of these conditions holds");
            }
            let rule = Rule {
                id: RuleId(id),
                level: entry.level?.into_inner(),
                when: Vec::new(),
                sources,
                extrapolated,
                texts: texts?,
            };
            return Some((rule, entry.when));
        };
        let mut rule = Rule {
            sources,
            extrapolated,
            texts: texts.unwrap_or(base.texts),
            ..base
        };
        if let Some(level) = entry.level {
            if *level.get_ref() < rule.level {
                let fault = PlanFault::LowerLevel {
                    id,
                    found: *level.get_ref(),
                    base: rule.level,
                };
                self.document.at(&level.span(), fault);
            } else {
                rule.level = level.into_inner();
            }
        }
        Some((rule, entry.when))
    }

    /// Reads the conditions of rules whose names and levels are known by now.
    fn conditions(
        &self,
        rules: &mut [Rule],
        index: &BTreeMap<String, usize>,
        entries: Vec<(usize, Vec<Spanned<ConditionEntry>>)>,
    ) {
        // What a raised rule gave way to before is no longer above it, and nothing may hold it back.
        let levels: Vec<TriageLevel> = rules.iter().map(|rule| rule.level).collect();
        for rule in rules.iter_mut().filter(|rule| rule.level > TriageLevel::Watch) {
            for condition in &mut rule.when {
                condition.unless.retain(|other| levels[*other] > rule.level);
                if let Some(above) = &mut condition.above_band {
                    (above.at_most, above.to) = (None, None);
                }
                if let Some(rising) = &mut condition.rising {
                    rising.at_most = None;
                }
            }
        }
        let mut hanging: BTreeSet<usize> = BTreeSet::new();
        let mut hung_from: BTreeSet<usize> = BTreeSet::new();
        for (at, rule) in rules.iter().enumerate() {
            for condition in rule.when.iter().filter(|condition| !condition.fires.is_empty()) {
                hanging.insert(at);
                hung_from.extend(&condition.fires);
            }
        }
        for (at, when) in &entries {
            if when.iter().any(|condition| !condition.get_ref().fires.is_empty()) {
                hanging.insert(*at);
            }
        }
        for (at, when) in entries {
            for entry in when {
                let place = entry.span();
                let entry = entry.into_inner();
                for name in &entry.fires {
                    if index
                        .get(name.get_ref())
                        .is_some_and(|named| hanging.contains(named))
                    {
                        let fault = PlanFault::FiresChain(name.get_ref().clone());
                        self.document.at(&name.span(), fault);
                    }
                }
                if let Some(name) = entry.fires.first()
                    && hung_from.contains(&at)
                {
                    let fault = PlanFault::FiresChain(rules[at].id.0.clone());
                    self.document.at(&name.span(), fault);
                }
                for name in &entry.unless {
                    let named = index.get(name.get_ref()).map(|named| rules[*named].level);
                    if named.is_some_and(|named| named <= rules[at].level) {
                        let fault = PlanFault::UnlessNotHigher(name.get_ref().clone());
                        self.document.at(&name.span(), fault);
                    }
                }
                let condition = self.condition(entry, &place, index);
                let limited = condition
                    .above_band
                    .is_some_and(|above| above.at_most.is_some() || above.to.is_some())
                    || condition.rising.is_some_and(|rising| rising.at_most.is_some());
                if limited && rules[at].level > TriageLevel::Watch {
                    self.document
                        .at(&place, PlanFault::UpperLimit(rules[at].id.0.clone()));
                }
                rules[at].when.push(condition);
            }
        }
    }

    fn condition(
        &self,
        entry: ConditionEntry,
        place: &Range<usize>,
        index: &BTreeMap<String, usize>,
    ) -> Condition {
        let named = |names: Vec<Name>| -> Vec<usize> {
            names
                .into_iter()
                .filter_map(|name| {
                    let found = index.get(name.get_ref()).copied();
                    if found.is_none() && !self.document.pruned.entry("rule", name.get_ref()) {
                        let fault = PlanFault::UnknownRule(name.get_ref().clone());
                        self.document.at(&name.span(), fault);
                    }
                    found
                })
                .collect()
        };
        let says = !entry.signs.is_empty()
            || entry.at_least.is_some()
            || entry.severity.is_some()
            || entry.above_band.is_some()
            || entry.rising.is_some()
            || entry.returned.is_some()
            || entry.lasting.is_some()
            || !entry.fires.is_empty()
            || entry.untaken_signs;
        if !says {
            self.document.absent(place, PlanFault::EmptyCondition);
        }
        if let Some(to) = entry.to_day.filter(|to| *to < entry.from_day) {
            let from = entry.from_day;
            self.document.at(place, PlanFault::BadDays { from, to });
        }
        let bounds = |least: u8, most: Option<u8>| {
            if let Some(most) = most.filter(|most| *most < least) {
                self.document.at(place, PlanFault::BadBounds { least, most });
            }
        };
        if let Some(above) = &entry.above_band {
            bounds(above.by, above.at_most);
            bounds(
                above.from.map_or(1, Severity::grade),
                above.to.map(Severity::grade),
            );
        }
        if let Some(rising) = &entry.rising {
            bounds(rising.by, rising.at_most);
        }
        // More than there are would never be present.
        let most = |set: usize| Some(u8::try_from(set).unwrap_or(u8::MAX));
        if let Some(count) = &entry.at_least {
            bounds(count.count, most(count.of.len()));
        }
        if let Some(returned) = &entry.returned {
            bounds(returned.count, most(returned.symptoms.len()));
        }
        Condition {
            signs: entry.signs,
            at_least: entry.at_least.map(|it| SignCount {
                count: it.count,
                of: it.of,
            }),
            severity: entry.severity.map(|it| SeverityRange {
                symptoms: it.symptoms,
                from: it.from,
            }),
            above_band: entry.above_band.map(|it| AboveBand {
                symptoms: it.symptoms,
                by: it.by,
                at_most: it.at_most,
                from: it.from.unwrap_or(Severity::NONE),
                to: it.to,
            }),
            rising: entry.rising.map(|it| Rising {
                symptoms: it.symptoms,
                by: it.by,
                at_most: it.at_most,
                from: it.from.unwrap_or(Severity::NONE),
            }),
            returned: entry.returned.map(|it| Returned {
                symptoms: it.symptoms,
                count: it.count,
            }),
            lasting: entry.lasting.map(|it| Lasting {
                symptoms: it.symptoms,
                days: it.days,
            }),
            days: ElapsedDays {
                from: entry.from_day.into(),
                to: entry.to_day.map(i64::from),
            },
            any_session: entry.any_session,
            classes: entry.classes,
            risks: entry.risks,
            treated: entry.treated,
            place: entry.place,
            fires: named(entry.fires),
            unless: named(entry.unless),
            untaken_signs: entry.untaken_signs,
        }
    }

    /// Each red flag calls for the clinic alone, on every day.
    fn red_flags(&self, rules: &[Rule]) {
        if self.document.pruned.any_part_of("rule") {
            return;
        }
        for sign in Sign::ALL.iter().copied().filter(|sign| sign.is_red_flag()) {
            let mut days: Vec<ElapsedDays> = rules
                .iter()
                .filter(|rule| rule.level >= TriageLevel::CallClinic)
                .flat_map(|rule| &rule.when)
                .filter(|condition| raises_alone(condition, sign))
                .map(|condition| condition.days)
                .collect();
            days.sort_by_key(|days| days.from);
            // The first day that none of them covers; none when they reach for ever.
            let uncovered = days.into_iter().try_fold(0, |next, days| {
                if days.from > next {
                    return Some(next);
                }
                days.to.map(|to| next.max(to + 1))
            });
            if uncovered.is_some() {
                self.document.whole(PlanFault::RedFlagUncovered(sign));
            }
        }
    }

    fn symptoms(
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

    fn entry_missing(&self, missing: bool, section: &'static str, id: &str) {
        if missing && !self.document.pruned.entry(section, id) {
            let id = id.to_owned();
            self.document.whole(PlanFault::EntryMissing { section, id });
        }
    }

    fn signs(&mut self, entries: Vec<SignEntry>) -> Vec<SignWords> {
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

    pub(super) fn screening(&mut self, entries: Vec<ScreeningEntry>) -> Vec<ScreeningItem> {
        let mut items = self.base.map(|base| base.screening.clone()).unwrap_or_default();
        let mut places = Entries::new();
        for entry in entries {
            if !self.is_new(&mut places, &entry.id) {
                continue;
            }
            let place = entry.id.span();
            let id = entry.id.into_inner();
            let known = items.iter().position(|item| item.id == id);
            let base = known.map(|known| items[known].clone());
            let claim = base
                .as_ref()
                .map(|base| (base.sources.as_slice(), base.extrapolated));
            let (sources, extrapolated) = self.claim(entry.sources, entry.extrapolated, claim, &id, &place);
            let mut actions: Vec<ScreeningAction> = std::iter::once(entry.action)
                .chain(entry.also)
                .filter_map(|action| action.parse().ok())
                .collect();
            let strictest = |actions: &[ScreeningAction]| actions.iter().copied().max();
            if let Some(base) = &base {
                if strictest(&actions) < strictest(&base.actions) {
                    self.document.at(&place, PlanFault::LooserScreening(id.clone()));
                }
                // What changes limits of triage goes on doing so.
                if base.actions.contains(&ScreeningAction::Note) {
                    actions.push(ScreeningAction::Note);
                }
            }
            actions.sort_unstable_by(|one, other| other.cmp(one));
            actions.dedup();
            let texts = match (entry.texts, base) {
                (Some(own), _) => {
                    self.per_locale(("screening", &id), own, |t| t.screening.remove(id.as_str()))
                }
                (None, Some(base)) => base.texts,
                (None, None) => {
                    self.missing(&place, "texts", "the patient's words");
                    continue;
                }
            };
            let item = ScreeningItem {
                id,
                actions,
                sources,
                extrapolated,
                texts,
            };
            match known {
                Some(known) => items[known] = item,
                None => items.push(item),
            }
        }
        for risk in EnumSet::<Risk>::all() {
            let missing = items.iter().all(|item| item.id != risk.name());
            self.entry_missing(missing, "screening", risk.name());
        }
        items
    }

    pub(super) fn pre_care(&mut self, entries: Vec<PreCareEntry>) -> Vec<PreCare> {
        let mut items = self.base.map(|base| base.pre_care.clone()).unwrap_or_default();
        let mut places = Entries::new();
        for entry in entries {
            if !self.is_new(&mut places, &entry.id) {
                continue;
            }
            let place = entry.id.span();
            let id = entry.id.into_inner();
            let known = items.iter().position(|item| item.id.0 == id);
            if let Some(base) = known.map(|known| &items[known])
                && (base.kind != entry.kind || entry.hours_before < base.hours_before)
            {
                self.document.at(&place, PlanFault::LooserPreCare(id.clone()));
            }
            let (sources, extrapolated) =
                self.claim(Some(entry.sources), Some(entry.extrapolated), None, &id, &place);
            let texts = self.per_locale(("pre_care", &id), entry.texts, |t| t.pre_care.remove(id.as_str()));
            let item = PreCare {
                id: InstructionId(id),
                kind: entry.kind,
                hours_before: entry.hours_before,
                sources,
                extrapolated,
                texts,
            };
            match known {
                Some(known) => items[known] = item,
                None => items.push(item),
            }
        }
        items
    }

    /// None where its figures are, which is told.
    pub(super) fn course(&mut self, entry: CourseEntry) -> Option<CoursePlan> {
        let place = entry.sessions.span();
        let (sources, extrapolated) = self.claim(
            Some(entry.sources),
            Some(entry.extrapolated),
            None,
            "course",
            &place,
        );
        let texts = self.per_locale(("course", "course"), entry.texts, |t| t.course.take());
        let ordered = |range: &Spanned<[u16; 2]>| {
            let [least, most] = *range.get_ref();
            if least > most {
                self.document
                    .at(&range.span(), PlanFault::BadRange([least, most]));
            }
            least <= most
        };
        let (sessions, interval) = (ordered(&entry.sessions), ordered(&entry.interval_days));
        (sessions && interval).then(|| CoursePlan {
            sessions: entry.sessions.into_inner(),
            interval_days: entry.interval_days.into_inner(),
            sources,
            extrapolated,
            texts,
        })
    }

    /// The activities of the plan beneath with those of the file.
    pub(super) fn activities(
        &mut self,
        entries: Vec<ActivityEntry>,
        instructions: &[Instruction],
    ) -> Vec<Activity> {
        let mut activities = self.base.map(|base| base.activities.clone()).unwrap_or_default();
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
        if let Some(name) = &entry.from
            && let Some(instruction) = self.awaited(name, instructions)
            && instruction.kind != InstructionKind::Do
        {
            self.document
                .at(&name.span(), PlanFault::NotADo(name.get_ref().clone()));
        }
        let id = |name: &Name| InstructionId(name.get_ref().clone());
        Some(ActivityRule::Windows {
            product,
            until: entry.until.iter().map(id).collect(),
            from: entry.from.as_ref().map(id),
            then_ask: entry.then.as_deref() == Some("ask_clinic"),
        })
    }

    /// The families of ingredients of the plan beneath with those of the file.
    pub(super) fn ingredient_rules(
        &mut self,
        entries: Vec<IngredientGroupEntry>,
        instructions: &[Instruction],
    ) -> Vec<IngredientRule> {
        let mut rules = self
            .base
            .map(|base| base.ingredient_rules.clone())
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

    fn closings(&mut self, mut levels: BTreeMap<Name, LevelEntry>) -> Option<[PerLocale<String>; 4]> {
        let all = TriageLevel::ALL.map(|level| {
            let name = level.name();
            let own = levels.remove(name)?.texts;
            Some(self.per_locale(("levels", name), own, |t| t.levels.remove(name)))
        });
        let complete: Option<Vec<_>> = all.into_iter().collect();
        complete?.try_into().ok()
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

/// The hours of an instruction's window, if that is its timing.
pub(super) fn window(instruction: &Instruction) -> Option<&ByClass<Window>> {
    match &instruction.timing {
        Timing::Window { hours, .. } => Some(hours),
        _ => None,
    }
}

/// Whether a condition holds for a sign alone, whatever else is true of the session, or gives way to
/// a rule of a higher level.
fn raises_alone(condition: &Condition, sign: Sign) -> bool {
    let Condition {
        signs,
        at_least: None,
        severity: None,
        above_band: None,
        rising: None,
        returned: None,
        lasting: None,
        days: _,
        any_session: _,
        classes,
        risks,
        treated,
        place,
        fires,
        // Where it gives way, a rule of a higher level has fired.
        unless: _,
        untaken_signs: false,
    } = condition
    else {
        return false;
    };
    matches!(signs.as_slice(), [group] if group.contains(sign))
        && classes.is_empty()
        && risks.is_empty()
        && treated.is_empty()
        && place.is_empty()
        && fires.is_empty()
}
