//! Reads what belongs before a session: screening, care, the usual course.

use enumset::EnumSet;
use toml::Spanned;

use super::reader::Entries;
use super::reader::Reader;
use crate::plan::file::{CourseEntry, PreCareEntry, ScreeningEntry};
use crate::plan::{CoursePlan, InstructionId, PlanFault, PreCare, ScreeningAction, ScreeningItem};
use crate::session::Risk;

impl Reader<'_> {
    pub(in crate::plan) fn screening(&mut self, entries: Vec<ScreeningEntry>) -> Vec<ScreeningItem> {
        let mut items = self
            .base
            .map(|base| base.parts.screening.clone())
            .unwrap_or_default();
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

    pub(in crate::plan) fn pre_care(&mut self, entries: Vec<PreCareEntry>) -> Vec<PreCare> {
        let mut items = self
            .base
            .map(|base| base.parts.pre_care.clone())
            .unwrap_or_default();
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
    pub(in crate::plan) fn course(&mut self, entry: CourseEntry) -> Option<CoursePlan> {
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
}
