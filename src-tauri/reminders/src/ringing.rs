//! What a host does at `now`: which alarms ring, which are folded, held or missed.
//!
//! Nothing is carried over from one call to the next but the list and the journal. So a sleeping
//! laptop, a changed clock, another zone and a killed process are all the same case: computed anew.

use std::collections::HashSet;

use afterglow_care::Zone;
use chrono::{DateTime, TimeDelta, Utc};

use crate::alarms::{Alarm, AlarmId, AlarmList, QuietHours, When};
use crate::journal::Entry;

/// An alarm this much behind its due time is late: late ones are folded.
pub const LATE_AFTER: TimeDelta = TimeDelta::minutes(5);

/// What rings now, and what does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ringing<'a> {
    /// Each is shown by itself.
    pub single: Vec<&'a Alarm>,
    /// Shown as one, in one quiet notification; empty, or at least two.
    pub digest: Vec<&'a Alarm>,
    /// Over before they could be shown; to be written down.
    pub missed: Vec<&'a Alarm>,
    /// Due, but quiet hours hold them until [`Ringing::held_until`].
    pub held: Vec<&'a Alarm>,
    /// When the quiet hours end that hold something.
    pub held_until: Option<DateTime<Utc>>,
    /// When the next alarm rings that does not ring now.
    pub next: Option<DateTime<Utc>>,
    /// How many are neither settled nor missed.
    pub armed: usize,
}

/// What a host does at `now` in `zone` with a checked `list`, after what the `journal` (oldest
/// first) says happened: an alarm whose last word settles it never rings again; one that was
/// claimed but not shown, or that failed, rings again while it is valid.
pub fn due<'a>(list: &'a AlarmList, journal: &[Entry], zone: &Zone, now: DateTime<Utc>) -> Ringing<'a> {
    let settled = settled(journal);
    let quiet_end = list.quiet.and_then(|quiet| quiet.end_of(zone, now));
    let mut ringing = Ringing::default();
    let mut late = Vec::new();

    for alarm in list
        .alarms
        .iter()
        .filter(|alarm| !settled.contains(alarm.key.as_str()))
    {
        if alarm.ends_at(zone) <= now {
            ringing.missed.push(alarm);
            continue;
        }
        ringing.armed += 1;
        let due_at = alarm.when.instant(zone);
        let next = if due_at > now {
            delivery(alarm.when, alarm.valid_until, alarm.urgent, zone, list.quiet)
        } else {
            let is_late = now - due_at > LATE_AFTER;
            if let Some(end) = quiet_end.filter(|_| !alarm.urgent) {
                ringing.held.push(alarm);
                ringing.held_until = Some(end);
                Some(end).filter(|end| *end < alarm.ends_at(zone))
            } else {
                if is_late && !alarm.urgent {
                    late.push(alarm);
                } else {
                    ringing.single.push(alarm);
                }
                None
            }
        };
        ringing.next = [ringing.next, next].into_iter().flatten().min();
    }
    if late.len() > 1 {
        ringing.digest = late;
    } else {
        ringing.single.append(&mut late);
    }
    ringing
}

/// When something due at `when` is shown: at its due time, or at the end of the quiet hours that it
/// falls into unless it is urgent. None when its validity is over by then: nobody is woken for it,
/// and what it asked has ended or is asked again by its next occurrence, so it does not ring at all.
pub fn delivery(
    when: When,
    valid_until: DateTime<Utc>,
    urgent: bool,
    zone: &Zone,
    quiet: Option<QuietHours>,
) -> Option<DateTime<Utc>> {
    let due_at = when.instant(zone);
    let at = quiet
        .filter(|_| !urgent)
        .and_then(|quiet| quiet.end_of(zone, due_at))
        .unwrap_or(due_at);
    Some(at).filter(|at| *at < when.ends_at(valid_until, zone))
}

/// The one id of every digest, so that a newer one replaces the last.
pub fn digest_id() -> AlarmId {
    AlarmId::of_key("digest")
}

/// The keys that never ring again, whatever stands after the entry that settled them.
fn settled(journal: &[Entry]) -> HashSet<&str> {
    journal
        .iter()
        .filter(|entry| entry.event.settles())
        .map(|entry| entry.key.as_str())
        .collect()
}
