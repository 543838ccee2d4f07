//! One of the texts that are read together, and what is wrong with it.

use std::cell::RefCell;
use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::plan::fault::Places;
use crate::plan::shape::{FileKind, Pruned, shaped};
use crate::plan::{PlanDocument, PlanError, PlanFault};

/// One of the texts that are read together, and what is wrong with it.
pub(in crate::plan) struct Document<'a> {
    id: PlanDocument,
    text: &'a str,
    /// With their byte offsets.
    faults: RefCell<Vec<(Option<usize>, PlanFault)>>,
    pub(in crate::plan) pruned: Pruned,
}

impl<'a> Document<'a> {
    /// Reads what is left of a file after its shape was checked; none where nothing usable is.
    pub(in crate::plan) fn read<T: DeserializeOwned>(
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

    pub(in crate::plan) fn at(&self, span: &Range<usize>, fault: PlanFault) {
        self.push(Some(span.start), fault);
    }

    /// Tells that something is missing, unless what was taken out beside it may have been that.
    pub(in crate::plan) fn absent(&self, span: &Range<usize>, fault: PlanFault) {
        if !self.pruned.beside(span.start) {
            self.at(span, fault);
        }
    }

    pub(in crate::plan) fn whole(&self, fault: PlanFault) {
        self.push(None, fault);
    }

    /// Every fault in the order of the text; what is missing from all of it comes last.
    pub(super) fn told(&self) -> Vec<PlanError> {
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
