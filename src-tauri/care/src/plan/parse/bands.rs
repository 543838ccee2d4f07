//! Reads what is expected of symptoms, and what moves it.

use std::collections::BTreeMap;

use super::reader::Reader;
use crate::check_in::{Severity, Symptom};
use crate::plan::file::{BandEntry, BandShiftEntry};
use crate::plan::values::class_name;
use crate::plan::{BAND_DAYS, Band, BandShift, ByClass, PlanFault};
use crate::session::DepthClass;

impl Reader<'_> {
    pub(super) fn bands(&mut self, entries: Vec<BandEntry>) -> Option<[ByClass<Band>; Symptom::ALL.len()]> {
        let mut bands: BTreeMap<(Symptom, DepthClass), Band> = BTreeMap::new();
        for entry in entries {
            let place = entry.symptom.span();
            let (symptom, class) = (*entry.symptom.get_ref(), entry.class);
            let band = self.band(entry, None);
            if bands.insert((symptom, class), band).is_some() {
                let name = format!("{} {}", symptom.name(), class_name(class));
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

    pub(in crate::plan) fn band(&self, entry: BandEntry, base: Option<&Band>) -> Band {
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

    pub(super) fn band_shifts(&self, entries: Vec<BandShiftEntry>) -> Vec<BandShift> {
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
}
