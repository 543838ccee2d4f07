//! A clinic's plan on top of another: stricter freely, a shorter avoid or limit only where a named
//! clinician answers for it, rules of triage and expected severities never looser.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use toml::Spanned;

use super::file::{BandEntry, ClinicEntry, Extends, HoursEntry, PhoneEntry, PlanFile, SwitchOffEntry};
use super::parse::{Document, Entries, Reader, window};
use super::shape::FileKind;
use super::values::{class_name, wall_time};
use super::{
    Activity, ActivityRule, Band, ByClass, ClinicContact, DarkerSkin, IngredientRule, Instruction,
    InstructionId, InstructionKind, OpeningHours, Parts, Phone, Plan, PlanDocument, PlanError, PlanFault,
    Source, SourceKey, SwitchedOff, Timing, Window,
};
use crate::check_in::Symptom;
use crate::session::DepthClass;

/// The key under which a clinic's plan names the clinic itself.
const OWN_SOURCE: &str = "clinic";

/// The instruction that triage lives of.
const CHECK_IN: &str = "check_in";

pub(super) fn extend(base: &Plan, clinic: &str, translations: &[&str]) -> Result<Plan, Vec<PlanError>> {
    let (document, file) = Document::read::<PlanFile>(PlanDocument::Plan, clinic, FileKind::ClinicPlan);
    let mut reader = Reader::new(document, Some(base));
    // The shape of a clinic's plan has both, or nothing of it is left.
    let Some((file, (extends, contact))) = file.and_then(|mut file| {
        let needed = (file.extends.take()?, file.clinic.take()?);
        Some((file, needed))
    }) else {
        reader.translations(translations, None);
        return Err(reader.faults());
    };
    reader.locale = file.locale;
    reader.one_language = translations.is_empty();
    let head = (file.id.get_ref().as_str(), file.version);
    reader.translations(translations, (!reader.document.pruned.head()).then_some(head));
    reader.extends(base, &extends, &file.id);
    let contact = reader.contact(contact);
    let own = Source {
        title: contact.name.clone(),
        address: None,
    };
    reader.sources.insert(SourceKey(OWN_SOURCE.to_owned()), own);
    reader.own_sources(file.sources);
    let texts = reader.about(file.texts);
    let (mut instructions, places) = reader.instructions(file.instructions);
    reader.no_looser(base, &instructions, &places);
    let switched_off = reader.switched_off(base, &file.switched_off, &places);
    let off: BTreeSet<InstructionId> = switched_off.iter().map(|off| off.id.clone()).collect();
    instructions.retain(|instruction| !off.contains(&instruction.id));
    for instruction in &mut instructions {
        instruction.followed_by = instruction
            .followed_by
            .take()
            .filter(|limit| !off.contains(limit));
    }
    let bands = reader.lower_bands(base, file.bands);
    let rules = reader.rules(file.rules);
    let screening = reader.screening(file.screening);
    let pre_care = reader.pre_care(file.pre_care);
    let course = file.course.and_then(|course| reader.course(course));
    let mut activities = reader.activities(file.activities, &instructions);
    let ingredient_rules = reader.ingredient_rules(file.ingredient_groups, &instructions);
    reader.still_named(base, &file.switched_off, &activities, &ingredient_rules);
    for activity in &mut activities {
        if let ActivityRule::Windows { until, .. } = &mut activity.answer {
            until.retain(|id| !off.contains(id));
        }
    }
    reader.nothing_left();
    let faults = reader.faults();
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Plan {
        id: file.id.into_inner(),
        version: file.version,
        parts: Arc::new(Parts {
            texts,
            sources: reader.sources,
            instructions,
            phases: base.parts.phases.clone(),
            bands,
            band_shifts: base.parts.band_shifts.clone(),
            rules,
            symptoms: base.parts.symptoms.clone(),
            signs: base.parts.signs.clone(),
            screening,
            pre_care,
            course: course.unwrap_or_else(|| base.parts.course.clone()),
            activities,
            ingredient_rules,
            closings: base.parts.closings.clone(),
            clinic: Some(contact),
            switched_off: base
                .parts
                .switched_off
                .iter()
                .cloned()
                .chain(switched_off)
                .collect(),
            activity_words: OnceLock::new(),
        }),
    })
}

impl Reader<'_> {
    /// It extends the plan at hand and has a name of its own.
    fn extends(&self, base: &Plan, extends: &Spanned<Extends>, id: &Spanned<String>) {
        let found = extends.get_ref();
        if found.id != base.id || found.version != base.version {
            let fault = PlanFault::OtherBase {
                found: format!("{} version {}", found.id, found.version),
                expected: format!("{} version {}", base.id, base.version),
            };
            self.document.at(&extends.span(), fault);
        }
        if *id.get_ref() == base.id {
            self.document.at(&id.span(), PlanFault::BaseName(base.id.clone()));
        }
    }

    fn contact(&self, entry: ClinicEntry) -> ClinicContact {
        ClinicContact {
            name: entry.name,
            phones: entry.phones.into_iter().map(|phone| self.phone(phone)).collect(),
            hours: (entry.hours.into_iter())
                .filter_map(|hours| self.hours(&hours))
                .collect(),
        }
    }

    fn phone(&self, entry: PhoneEntry) -> Phone {
        let number = entry.number.get_ref();
        let digits = number.chars().filter(char::is_ascii_digit).count();
        let dialled = |c: char| c.is_ascii_digit() || "+*# ()-./".contains(c);
        if digits < 3 || !number.chars().all(dialled) {
            self.document
                .at(&entry.number.span(), PlanFault::BadPhone(number.clone()));
        }
        Phone {
            number: entry.number.into_inner(),
            label: entry.label,
            after_hours: entry.after_hours,
        }
    }

    /// None where they are none, which is told here or as a time that is none.
    fn hours(&self, entry: &HoursEntry) -> Option<OpeningHours> {
        let from = wall_time(entry.from.get_ref())?;
        let until = wall_time(entry.until.get_ref())?;
        if from >= until {
            let fault = PlanFault::BadHours {
                from: entry.from.get_ref().clone(),
                until: entry.until.get_ref().clone(),
            };
            self.document.at(&entry.until.span(), fault);
            return None;
        }
        Some(OpeningHours {
            days: entry.days.iter().filter_map(|day| day.parse().ok()).collect(),
            from,
            until,
        })
    }

    /// What the file changes holds as much as before, or somebody answers for it.
    fn no_looser(&self, base: &Plan, instructions: &[Instruction], places: &Entries) {
        for before in &base.parts.instructions {
            let Some(place) = places.get(&before.id.0) else {
                continue;
            };
            let Some(after) = instructions.iter().find(|after| after.id == before.id) else {
                continue;
            };
            if before.id.0 == CHECK_IN {
                if !asks_as_often(before, after) {
                    self.document.at(place, PlanFault::FewerCheckIns);
                }
                continue;
            }
            let waits = Waits::of(base, before);
            if waits.any() && window(after).is_none() {
                let fault = PlanFault::InstructionWithoutWindow(before.id.0.clone());
                self.document.at(place, fault);
                continue;
            }
            let approved = after.approved_by.is_some() && after.approved_by != before.approved_by;
            if approved || !waits.any() {
                continue;
            }
            let sooner = waits.opening && after.opens_with.is_some() && after.opens_with != before.opens_with;
            let sooner = sooner.then_some(("opens_with", "what waits for it would be allowed at once"));
            for (key, why) in narrower(before, after).into_iter().chain(sooner) {
                let fault = PlanFault::Looser {
                    id: before.id.0.clone(),
                    key,
                    why,
                };
                self.document.at(place, fault);
            }
            let chained = instructions
                .iter()
                .find(|avoid| avoid.followed_by.as_ref() == Some(&before.id));
            self.no_shorter(before, after, chained, waits, place);
        }
    }

    fn no_shorter(
        &self,
        before: &Instruction,
        after: &Instruction,
        chained: Option<&Instruction>,
        waits: Waits,
        place: &Range<usize>,
    ) {
        let (Some(base), Some(found)) = (window(before), window(after)) else {
            return;
        };
        for class in DepthClass::ALL {
            for darker in [false, true] {
                let was = effective(base, before.darker_skin, class, darker);
                let mut is = effective(found, after.darker_skin, class, darker);
                let told = is;
                // What an avoid forbids until a limit begins is not the limit's to forbid.
                if let Some((avoid, hours)) = chained.and_then(|avoid| Some((avoid, window(avoid)?))) {
                    let covered = effective(hours, avoid.darker_skin, class, darker);
                    if covered.until >= is.from {
                        is.from = is.from.min(covered.from);
                    }
                }
                let holds = (!waits.all || is.covers(was))
                    && (!waits.end || was.until <= is.until)
                    && (!waits.opening || was.from <= is.from);
                if !holds {
                    let fault = PlanFault::ShorterWindow {
                        id: before.id.0.clone(),
                        class,
                        darker,
                        found: told.hours(),
                        base: was.hours(),
                    };
                    self.document.at(place, fault);
                    break;
                }
            }
        }
    }

    fn switched_off(&self, base: &Plan, entries: &[SwitchOffEntry], places: &Entries) -> Vec<SwitchedOff> {
        let mut off: Vec<SwitchedOff> = Vec::new();
        for entry in entries {
            let id = entry.id.get_ref();
            let instruction = base.parts.instructions.iter().find(|known| known.id.0 == *id);
            let restricts = instruction.is_some_and(|known| known.kind != InstructionKind::Do);
            let fault = if off.iter().any(|known| known.id.0 == *id) {
                Some(PlanFault::Duplicate(id.clone()))
            } else if instruction.is_none() && base.parts.rules.iter().any(|rule| rule.id.0 == *id) {
                Some(PlanFault::RuleSwitchedOff(id.clone()))
            } else if instruction.is_none() {
                Some(PlanFault::NothingToSwitchOff(id.clone()))
            } else if id == CHECK_IN {
                Some(PlanFault::CheckInSwitchedOff)
            } else if places.contains_key(id) {
                Some(PlanFault::ChangedAndSwitchedOff(id.clone()))
            } else if restricts && entry.approved_by.is_none() {
                let fault = PlanFault::SwitchOffUnapproved(id.clone());
                self.document.absent(&entry.id.span(), fault);
                None
            } else {
                None
            };
            if let Some(fault) = fault {
                self.document.at(&entry.id.span(), fault);
                continue;
            }
            off.push(SwitchedOff {
                id: InstructionId(id.clone()),
                reason: entry.reason.clone(),
                approved_by: entry.approved_by.clone(),
            });
        }
        off
    }

    /// Whatever still waits for something that is left out has to wait for something else first. An
    /// avoid or a limit is left out by a clinician, and then holds nothing back.
    fn still_named(
        &self,
        base: &Plan,
        entries: &[SwitchOffEntry],
        activities: &[Activity],
        ingredients: &[IngredientRule],
    ) {
        for entry in entries {
            let Some(instruction) = base
                .parts
                .instructions
                .iter()
                .find(|it| it.id.0 == *entry.id.get_ref())
            else {
                continue;
            };
            let a_do = instruction.kind == InstructionKind::Do;
            let waiting = activities.iter().filter(|activity| match &activity.answer {
                ActivityRule::Windows { until, from, .. } => {
                    from.as_ref() == Some(&instruction.id) || (a_do && until.contains(&instruction.id))
                }
                ActivityRule::Yes | ActivityRule::AskClinic => false,
            });
            let families = ingredients.iter().filter(|rule| rule.until == instruction.id);
            let names = waiting
                .map(|activity| activity.id.as_str())
                .chain(families.map(|rule| rule.group.name()));
            for by in names {
                let fault = PlanFault::StillNamed {
                    id: instruction.id.0.clone(),
                    by: by.to_owned(),
                };
                self.document.at(&entry.id.span(), fault);
            }
        }
    }

    /// The bands of the plan beneath with those of the file, which expect no more.
    fn lower_bands(&self, base: &Plan, entries: Vec<BandEntry>) -> [ByClass<Band>; Symptom::ALL.len()] {
        let mut bands = base.parts.bands.clone();
        let mut seen = BTreeSet::new();
        for entry in entries {
            let (symptom, class) = (*entry.symptom.get_ref(), entry.class);
            let place = entry.symptom.span();
            if !seen.insert((symptom, class)) {
                let name = format!("{} {}", symptom.name(), class_name(class));
                self.document.at(&place, PlanFault::Duplicate(name));
                continue;
            }
            let before = base.band(symptom, class);
            for (day, (found, base)) in entry.highest.iter().zip(before.highest).enumerate() {
                if *found.get_ref() > base {
                    let fault = PlanFault::HigherBand {
                        symptom,
                        class,
                        day,
                        found: found.get_ref().grade(),
                        base: base.grade(),
                    };
                    self.document.at(&found.span(), fault);
                }
            }
            let band = self.band(entry, Some(before));
            let of = &mut bands[symptom as usize];
            match class {
                DepthClass::Superficial => of.superficial = band,
                DepthClass::Medium => of.medium = band,
                DepthClass::Deep => of.deep = band,
            }
        }
        bands
    }
}

/// What waits for an instruction of the plan beneath.
#[derive(Clone, Copy)]
struct Waits {
    /// It forbids something for all of its window.
    all: bool,
    /// Something is not yet allowed before it ends.
    end: bool,
    /// Something is not yet allowed before it opens.
    opening: bool,
}

impl Waits {
    fn of(plan: &Plan, instruction: &Instruction) -> Self {
        let mut waits = Self {
            all: instruction.kind != InstructionKind::Do,
            end: plan
                .parts
                .ingredient_rules
                .iter()
                .any(|rule| rule.until == instruction.id),
            opening: false,
        };
        for activity in &plan.parts.activities {
            if let ActivityRule::Windows { until, from, .. } = &activity.answer {
                waits.end |= until.contains(&instruction.id);
                waits.opening |= from.as_ref() == Some(&instruction.id);
            }
        }
        waits
    }

    fn any(self) -> bool {
        self.all || self.end || self.opening
    }
}

/// The window that holds for a class, and for darker skin of it.
fn effective(hours: &ByClass<Window>, longer: Option<DarkerSkin>, class: DepthClass, darker: bool) -> Window {
    let own = *hours.get(class);
    match longer.filter(|_| darker) {
        None => own,
        Some(DarkerSkin::Window) => hours.deep,
        Some(DarkerSkin::End) => Window {
            until: hours.deep.until,
            ..own
        },
    }
}

/// By which keys, its window aside, an instruction holds for less than before.
fn narrower(before: &Instruction, after: &Instruction) -> Vec<(&'static str, &'static str)> {
    let strictness = |kind| match kind {
        InstructionKind::Do => 0,
        InstructionKind::Limit => 1,
        InstructionKind::Avoid => 2,
    };
    let fewer_areas = match (&before.areas, &after.areas) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(before), Some(after)) => !before.is_subset(after),
    };
    [
        (
            strictness(after.kind) < strictness(before.kind),
            "kind",
            "it asks for less",
        ),
        (fewer_areas, "areas", "it leaves areas out"),
        (
            !before.areas_when_exposed.is_subset(&after.areas_when_exposed),
            "areas_when_exposed",
            "it leaves exposed areas out",
        ),
        (
            after.setting.is_some() && after.setting != before.setting,
            "setting",
            "it leaves the other setting out",
        ),
        (
            after.waived_by.is_some() && after.waived_by != before.waived_by,
            "waived_by",
            "something supplied would waive it",
        ),
        (
            after.with_adjuncts && !before.with_adjuncts,
            "with_adjuncts",
            "after more than needling its end would no longer wait for the clinic's word",
        ),
    ]
    .into_iter()
    .filter(|(narrower, ..)| *narrower)
    .map(|(_, key, why)| (key, why))
    .collect()
}

/// Whether check-ins are asked for on every day of before, and the first no later.
fn asks_as_often(before: &Instruction, after: &Instruction) -> bool {
    let (
        Timing::CheckIns {
            days: before_days,
            first_after: before_first,
            ..
        },
        Timing::CheckIns {
            days, first_after, ..
        },
    ) = (&before.timing, &after.timing)
    else {
        // A plan beneath that asks in another way may be changed as it likes.
        return !matches!(before.timing, Timing::CheckIns { .. });
    };
    let every_day = DepthClass::ALL
        .into_iter()
        .all(|class| before_days.get(class).is_subset(days.get(class)));
    every_day
        && first_after <= before_first
        && after.kind == InstructionKind::Do
        && narrower(before, after).is_empty()
}
