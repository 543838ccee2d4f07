//! What the plan asks before a session.

use chrono::{DateTime, TimeDelta, Utc};

use super::Speaker;
use crate::wire::PreCareView;

impl Speaker<'_> {
    /// What to do and to avoid before a session that begins then, in the order in which it begins.
    pub fn pre_care(&self, at: DateTime<Utc>) -> Vec<PreCareView> {
        let mut asked: Vec<_> = self
            .plan
            .pre_care()
            .iter()
            .map(|one| {
                let texts = one.texts(self.settings.locale);
                PreCareView {
                    id: one.id.to_string(),
                    label: texts.label.clone(),
                    text: texts.text.clone(),
                    why: texts.why.clone(),
                    sources: self.sources(&one.sources),
                    extrapolated: one.extrapolated,
                    from: at - TimeDelta::hours(one.hours_before.into()),
                }
            })
            .collect();
        asked.sort_by_key(|one| one.from);
        asked
    }
}
