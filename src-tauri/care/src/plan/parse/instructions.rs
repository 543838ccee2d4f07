//! Reads instructions, their windows and what follows them.

use std::ops::Range;

use toml::Spanned;

use super::document::Document;
use super::reader::Entries;
use super::reader::Reader;
use super::texts::Found;
use crate::plan::file::{InstructionEntry, InstructionWords, Name, TimingEntry};
use crate::plan::values::wall_time;
use crate::plan::{ByClass, Instruction, InstructionId, InstructionKind, PlanFault, Timing, Window};
use crate::session::DepthClass;

impl Reader<'_> {
    /// The instructions of the plan beneath with those of the file, and where the latter stand.
    pub(in crate::plan) fn instructions(
        &mut self,
        entries: Vec<InstructionEntry>,
    ) -> (Vec<Instruction>, Entries) {
        let mut instructions = self
            .base
            .map(|base| base.parts.instructions.clone())
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
    fn over(
        &self,
        found: &Found<Spanned<InstructionWords>>,
        kind: InstructionKind,
        id: &str,
        place: &Range<usize>,
    ) {
        let check =
            |document: &Document, words: &InstructionWords, place: &Range<usize>| match (kind, &words.over) {
                (InstructionKind::Do, Some(over)) => {
                    document.at(&over.span(), PlanFault::OverUnexpected(id.to_owned()));
                }
                (InstructionKind::Avoid | InstructionKind::Limit, None) => {
                    document.absent(place, PlanFault::OverMissing(id.to_owned()));
                }
                _ => {}
            };
        check(&self.document, found.own.get_ref(), place);
        for (index, words) in &found.others {
            check(
                &self.translations[*index].document,
                words.get_ref(),
                &words.span(),
            );
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
    pub(super) fn awaited<'i>(
        &self,
        name: &Name,
        instructions: &'i [Instruction],
    ) -> Option<&'i Instruction> {
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
}

/// The hours of an instruction's window, if that is its timing.
pub(in crate::plan) fn window(instruction: &Instruction) -> Option<&ByClass<Window>> {
    match &instruction.timing {
        Timing::Window { hours, .. } => Some(hours),
        _ => None,
    }
}
