//! The road ahead, as it is shown.

use afterglow_care::Zone;
use afterglow_care::course::NextSession;
use afterglow_care::timeline::Booked;

use super::Speaker;
use crate::wire::{BeforeView, BookedView, NextSessionView};

impl Speaker<'_> {
    /// A booked session to come. The note is the patient's own.
    pub fn booked(&self, booked: &Booked<'_>, note: String, zone: &Zone) -> BookedView {
        BookedView {
            at: booked.appointment.at,
            date: booked.date,
            note,
            before: booked
                .before
                .iter()
                .map(|(pre_care, from)| {
                    let texts = pre_care.texts(self.settings.locale);
                    BeforeView {
                        instruction: pre_care.id.to_string(),
                        label: texts.label.clone(),
                        text: texts.text.clone(),
                        why: texts.why.clone(),
                        sources: self.sources(&pre_care.sources),
                        extrapolated: pre_care.extrapolated,
                        from: *from,
                        from_date: zone.date(*from),
                    }
                })
                .collect(),
        }
    }
}

/// When the next session of a course usually is.
pub fn next_session(next: NextSession) -> NextSessionView {
    let NextSession {
        earliest,
        latest,
        number,
        planned,
    } = next;
    NextSessionView {
        earliest,
        latest,
        number,
        planned,
    }
}
