//! Reads the phases of the recovery.

use super::reader::Reader;
use crate::plan::file::PhaseEntry;
use crate::plan::{DayRange, Phase, PlanFault};
use crate::session::DepthClass;
use crate::timeline::PhaseId;

impl Reader<'_> {
    pub(super) fn phases(&mut self, entries: Vec<PhaseEntry>) -> Option<[Phase; PhaseId::ALL.len()]> {
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
}
