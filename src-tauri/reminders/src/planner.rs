//! From due reminders to the alarm list: what is still worth ringing, soonest first, as many as the host keeps.

use std::collections::HashSet;

use afterglow_care::schedule::{Due, Occurrence, OccurrenceKey, What};
use afterglow_care::{Locale, Plan, Zone};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::alarms::{Alarm, AlarmId, AlarmList, QuietHours, Screen, When};
use crate::ringing::delivery;
use crate::wording::{self, Subject, Wording};

/// Everything that a list is cut from.
#[derive(Debug, Clone, Copy)]
pub struct Cut<'a> {
    /// The plan that the occurrences follow from; its texts are said in full wording.
    pub plan: &'a Plan,
    /// What is due, in any order, past ones too.
    pub occurrences: &'a [Occurrence],
    /// What the patient chose.
    pub settings: &'a ReminderSettings,
    /// Keys that the ledger says were shown, missed or done.
    pub settled: &'a HashSet<OccurrenceKey>,
    /// The newest local date with a check-in: its check-in reminders are not armed.
    pub checked_in_on: Option<NaiveDate>,
    /// The patient's zone.
    pub zone: &'a Zone,
    /// When the list is cut.
    pub now: DateTime<Utc>,
    /// The most alarms that the host keeps.
    pub capacity: usize,
}

/// What the patient chose about reminders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReminderSettings {
    /// The language of the texts.
    pub locale: Locale,
    /// What a lock screen may tell.
    pub wording: Wording,
    /// When nothing rings that can wait; none is never quiet.
    pub quiet_hours: Option<QuietHours>,
}

/// How long the alarm that asks to open the app stays worth showing: by then the plan's last day is near.
const OPEN_APP_VALID_FOR: TimeDelta = TimeDelta::days(30);

/// What is still to be shown as of `cut.now`, in the order in which it is shown, with when that is:
/// every occurrence that is neither settled nor expired, those past due too. One whose quiet hours
/// outlast its validity is left out (see [`delivery`]).
pub fn coming<'a>(cut: &Cut<'a>) -> Vec<(DateTime<Utc>, &'a Occurrence)> {
    let mut coming: Vec<_> = cut
        .occurrences
        .iter()
        .filter(|occurrence| occurrence.valid_until > cut.now)
        .filter(|occurrence| !cut.settled.contains(&occurrence.key) && !is_checked_in(cut, occurrence))
        .filter_map(|occurrence| {
            let at = shown_at(occurrence, cut.zone, cut.settings.quiet_hours)?;
            Some((at, occurrence))
        })
        .collect();
    coming.sort_by(|(at, left), (other, right)| {
        (at, left.due_at, &left.key).cmp(&(other, right.due_at, &right.key))
    });
    coming
}

/// The alarm list of what is [`coming`]; the host shows at once, folded, what is past due. When not
/// all fit, the last alarm takes the place of the first that was left out and asks to open the app.
pub fn cut(cut: &Cut<'_>) -> AlarmList {
    let ringing = coming(cut);
    let alarms = if ringing.len() <= cut.capacity {
        ringing
            .iter()
            .map(|(_, occurrence)| alarm(cut, occurrence))
            .collect()
    } else {
        let (kept, left_out) = ringing.split_at(cut.capacity.saturating_sub(1));
        kept.iter()
            .map(|(_, occurrence)| alarm(cut, occurrence))
            .chain(left_out.first().map(|(at, _)| open_app(cut, *at)))
            .take(cut.capacity)
            .collect()
    };
    AlarmList {
        version: AlarmList::VERSION,
        made_at: cut.now,
        quiet: cut.settings.quiet_hours,
        alarms,
        words: wording::host_words(cut.settings.locale),
    }
}

/// When an occurrence is shown in `zone`: see [`delivery`]. None when it is not shown at all.
pub fn shown_at(occurrence: &Occurrence, zone: &Zone, quiet: Option<QuietHours>) -> Option<DateTime<Utc>> {
    delivery(
        when(occurrence),
        occurrence.valid_until,
        is_urgent(occurrence.what),
        zone,
        quiet,
    )
}

/// Only an escalation's follow-up and an appointment break quiet hours.
fn is_urgent(what: What) -> bool {
    matches!(what, What::FollowUp | What::Appointment)
}

fn is_checked_in(cut: &Cut<'_>, occurrence: &Occurrence) -> bool {
    let date = match occurrence.due {
        Due::Elapsed(at) => cut.zone.date(at),
        Due::Civil(local) => local.date(),
    };
    occurrence.what == What::CheckIn && cut.checked_in_on == Some(date)
}

/// What a reminder says, in the chosen wording and language.
pub fn words(cut: &Cut<'_>, occurrence: &Occurrence) -> String {
    let subject = Subject {
        plan: cut.plan,
        instruction: &occurrence.instruction,
        what: occurrence.what,
        local: match occurrence.due {
            Due::Elapsed(_) => None,
            Due::Civil(local) => Some(local),
        },
    };
    wording::body(subject, cut.settings.wording, cut.settings.locale)
}

fn alarm(cut: &Cut<'_>, occurrence: &Occurrence) -> Alarm {
    Alarm {
        id: AlarmId::of_key(&occurrence.key.0),
        key: alarm_key(&occurrence.key),
        when: when(occurrence),
        valid_until: occurrence.valid_until,
        title: wording::TITLE.to_owned(),
        body: words(cut, occurrence),
        screen: match occurrence.what {
            What::CheckIn | What::FollowUp => Screen::CheckIn,
            What::AllClear | What::At | What::Appointment => Screen::Timeline,
            What::Start | What::Daily => Screen::Today,
        },
        urgent: is_urgent(occurrence.what),
    }
}

/// The name that an occurrence has outside the diary, in the alarm list and the host's journal: 128
/// bits of its key's SHA-256. An occurrence's key tells of a treatment (`no_makeup`); this tells
/// nothing to whoever lacks the diary, because the session's id in the key cannot be guessed.
pub fn alarm_key(key: &OccurrenceKey) -> String {
    let digest = Sha256::digest(key.0.as_bytes());
    let name = digest
        .iter()
        .take(16)
        .fold(0_u128, |name, byte| name << 8 | u128::from(*byte));
    format!("{name:032x}")
}

/// Its key is not an occurrence's: the ledger has no use for what became of it.
fn open_app(cut: &Cut<'_>, at: DateTime<Utc>) -> Alarm {
    let key = format!("{OPEN_APP_KEY}{}", at.timestamp());
    Alarm {
        id: AlarmId::of_key(&key),
        key,
        when: When::Instant(at),
        valid_until: at + OPEN_APP_VALID_FOR,
        title: wording::TITLE.to_owned(),
        body: wording::open_app(cut.settings.locale).to_owned(),
        screen: Screen::Today,
        urgent: false,
    }
}

/// What the key of the alarm that asks to open the app begins with; no occurrence's key does.
pub const OPEN_APP_KEY: &str = "app/open/at/";

fn when(occurrence: &Occurrence) -> When {
    match occurrence.due {
        Due::Elapsed(at) => When::Instant(at),
        Due::Civil(local) => When::Civil(local),
    }
}
