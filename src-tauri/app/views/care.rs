//! Today's care, and what of it was ticked off.

use std::collections::HashSet;

use afterglow_care::schedule::{CareToday, OccurrenceKey};

use super::Speaker;
use crate::wire::{CareTick, CareView};

impl Speaker<'_> {
    /// Something to do today.
    pub fn care(&self, care: &CareToday, ticked: &HashSet<OccurrenceKey>) -> Option<CareView> {
        let instruction = self.plan.instruction(&care.instruction)?;
        let texts = instruction.texts(self.settings.locale);
        let tick = |key: &OccurrenceKey| CareTick {
            key: key.0.clone(),
            at: None,
            what: None,
            done: ticked.contains(key),
        };
        let times = care.times.iter().map(|time| CareTick {
            at: Some(time.at),
            what: Some(time.what),
            ..tick(&time.key)
        });
        Some(CareView {
            instruction: instruction.id.to_string(),
            label: texts.label.clone(),
            text: texts.text.clone(),
            why: texts.why.clone(),
            sources: self.sources(&instruction.sources),
            extrapolated: instruction.extrapolated,
            ticks: care.day.iter().map(tick).chain(times).collect(),
        })
    }
}
