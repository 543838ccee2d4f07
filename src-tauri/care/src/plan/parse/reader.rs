//! What is needed while the entries of a plan are read one after the other.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

use super::document::Document;
use super::texts::Translation;
use crate::Locale;
use crate::plan::file::Name;
use crate::plan::{Plan, PlanDocument, PlanError, PlanFault, Source, SourceKey};

/// Where the entries of a section stand in the file, by name.
pub(in crate::plan) type Entries = BTreeMap<String, Range<usize>>;

/// What is needed while the entries of a plan are read one after the other.
pub(in crate::plan) struct Reader<'a> {
    pub(in crate::plan) document: Document<'a>,
    pub(in crate::plan) locale: Locale,
    pub(super) translations: Vec<Translation<'a>>,
    /// Faults of translations that could not be read at all.
    pub(super) unread: Vec<PlanError>,
    pub(in crate::plan) sources: BTreeMap<SourceKey, Source>,
    /// The plan beneath a clinic's plan.
    pub(in crate::plan) base: Option<&'a Plan>,
    /// Whether one language may stand for every other.
    pub(in crate::plan) one_language: bool,
    pub(super) failed: Cell<bool>,
}

impl<'a> Reader<'a> {
    pub(in crate::plan) fn new(document: Document<'a>, base: Option<&'a Plan>) -> Self {
        Self {
            document,
            locale: Locale::default(),
            translations: Vec::new(),
            unread: Vec::new(),
            sources: base.map(|base| base.parts.sources.clone()).unwrap_or_default(),
            base,
            one_language: false,
            failed: Cell::new(false),
        }
    }

    /// Every fault of every text; the plan's first.
    pub(in crate::plan) fn faults(&self) -> Vec<PlanError> {
        let mut faults = self.document.told();
        faults.extend(self.unread.iter().cloned());
        faults.extend(self.translations.iter().flat_map(|t| t.document.told()));
        faults.sort_by_key(|error| match error.document {
            PlanDocument::Plan => 0,
            PlanDocument::Translation(number) => number,
        });
        faults
    }

    /// The sources that the file itself names.
    pub(in crate::plan) fn own_sources(&mut self, sources: BTreeMap<Name, Source>) {
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
    pub(super) fn claim(
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
    pub(super) fn is_new(&self, entries: &mut Entries, name: &Name) -> bool {
        let new = entries.insert(name.get_ref().clone(), name.span()).is_none();
        if !new {
            self.document
                .at(&name.span(), PlanFault::Duplicate(name.get_ref().clone()));
        }
        new
    }

    pub(super) fn missing(&self, place: &Range<usize>, key: &str, expected: &str) {
        let fault = PlanFault::MissingKey {
            key: key.to_owned(),
            expected: expected.to_owned(),
        };
        self.document.absent(place, fault);
    }

    pub(super) fn entry_missing(&self, missing: bool, section: &'static str, id: &str) {
        if missing && !self.document.pruned.entry(section, id) {
            let id = id.to_owned();
            self.document.whole(PlanFault::EntryMissing { section, id });
        }
    }
}
