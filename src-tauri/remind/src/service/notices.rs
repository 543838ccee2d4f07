//! What is shown: one alarm, several of the same words, a digest of late ones, and the service's own notices.

use afterglow_reminders::Zone;
use afterglow_reminders::alarms::{Act, Action, Alarm, AlarmId, AlarmList, HostWords, Screen, SnoozeFor};
use afterglow_reminders::ringing::{Hold, alike_id, digest_id, snoozed_until};
use afterglow_reminders::wording;
use chrono::{DateTime, Utc};

use crate::ring::Notice;

/// A notification on its way, or shown: what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// The notification's id.
    pub(super) id: AlarmId,
    /// Keys and due times; none for the service's own notices.
    pub(super) alarms: Vec<(String, DateTime<Utc>)>,
    /// Which kind of notification.
    pub(super) kind: Kind,
    /// Where a click leads.
    pub(super) screen: Screen,
}

/// Which kind of notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One alarm.
    Single,
    /// Several that say the same.
    Alike,
    /// Late ones.
    Digest,
    /// The list cannot be read.
    LostList,
    /// So that the patient can say whether it was seen.
    Test,
}

/// Keys and due times.
pub(super) fn named(alarms: &[&Alarm], zone: &Zone) -> Vec<(String, DateTime<Utc>)> {
    alarms
        .iter()
        .map(|alarm| (alarm.key.clone(), alarm.when.instant(zone)))
        .collect()
}

/// One alarm with what can be done about it at `now`.
pub(super) fn single(alarm: &Alarm, list: &AlarmList, zone: &Zone, now: DateTime<Utc>) -> (Attempt, Notice) {
    // Nothing is shown in a pause that a pause could hold.
    let hold = Hold {
        quiet: list.quiet,
        paused_until: None,
    };
    let buttons = alarm.actions.iter().flat_map(|action| match action {
        Action::Done => vec![Act::Done],
        Action::Skip => vec![Act::Skip],
        Action::Snooze => SnoozeFor::ALL
            .into_iter()
            .filter(|wait| snoozed_until(alarm, *wait, hold, zone, now).is_some())
            .map(Act::Snooze)
            .collect(),
    });
    let notice = Notice {
        id: alarm.id,
        title: alarm.title.clone(),
        body: alarm.body.clone(),
        open: list.words.open.clone(),
        buttons: buttons
            .map(|act| (name(act), label(act, &list.words).to_owned()))
            .collect(),
        urgent: alarm.urgent,
        silent: !list.sound,
    };
    (attempt(alarm, zone), notice)
}

/// What one alarm's notification stands for.
pub(super) fn attempt(alarm: &Alarm, zone: &Zone) -> Attempt {
    Attempt {
        id: alarm.id,
        alarms: named(&[alarm], zone),
        kind: Kind::Single,
        screen: alarm.screen,
    }
}

/// Several that say the same, `first` among them: said once, to be opened. A button could not tell which it marks.
pub(super) fn alike(first: &Alarm, alarms: &[&Alarm], list: &AlarmList, zone: &Zone) -> (Attempt, Notice) {
    let attempt = alike_attempt(first, alarms, zone);
    let notice = Notice {
        id: attempt.id,
        title: first.title.clone(),
        body: first.body.clone(),
        open: list.words.open.clone(),
        buttons: Vec::new(),
        urgent: alarms.iter().any(|alarm| alarm.urgent),
        silent: !list.sound,
    };
    (attempt, notice)
}

/// What the notification of several that say the same stands for. Where they lead to different screens, it leads to
/// the first one of the app.
pub(super) fn alike_attempt(first: &Alarm, alarms: &[&Alarm], zone: &Zone) -> Attempt {
    let leads_to_one = alarms.iter().all(|alarm| alarm.screen == first.screen);
    Attempt {
        id: alike_id(first),
        alarms: named(alarms, zone),
        kind: Kind::Alike,
        screen: if leads_to_one { first.screen } else { Screen::Today },
    }
}

/// Several late ones.
pub(super) fn digest(alarms: &[&Alarm], list: &AlarmList, zone: &Zone) -> (Attempt, Notice) {
    let words = &list.words;
    let body = words.digest_body.replace("{n}", &alarms.len().to_string());
    let (own, notice) = plain(digest_id(), Kind::Digest, &words.digest_title, &body, &words.open);
    let attempt = Attempt {
        alarms: named(alarms, zone),
        ..own
    };
    (
        attempt,
        Notice {
            silent: true,
            ..notice
        },
    )
}

/// A damaged list cannot ring, and must not be silent either: it asks for the app, which arms anew.
pub(super) fn lost_list() -> (Attempt, Notice) {
    let body = wording::list_lost();
    let id = AlarmId::of_key("lost list");
    plain(id, Kind::LostList, wording::TITLE, &body, wording::TITLE)
}

/// The notification that only shows whether one is seen, and heard where reminders are.
pub(super) fn test(words: &HostWords, silent: bool) -> (Attempt, Notice) {
    let id = AlarmId::of_key("test");
    let (attempt, notice) = plain(id, Kind::Test, wording::TITLE, &words.test_body, &words.open);
    (attempt, Notice { silent, ..notice })
}

fn plain(id: AlarmId, kind: Kind, title: &str, body: &str, open: &str) -> (Attempt, Notice) {
    let attempt = Attempt {
        id,
        alarms: Vec::new(),
        kind,
        screen: Screen::Today,
    };
    let notice = Notice {
        id,
        title: title.to_owned(),
        body: body.to_owned(),
        open: open.to_owned(),
        buttons: Vec::new(),
        urgent: false,
        silent: false,
    };
    (attempt, notice)
}

/// Everything that a button can mean.
const ACTS: [Act; 5] = [
    Act::Done,
    Act::Snooze(SnoozeFor::TenMinutes),
    Act::Snooze(SnoozeFor::OneHour),
    Act::Snooze(SnoozeFor::ThisEvening),
    Act::Skip,
];

/// What the button with this name means.
pub(super) fn act_of(button: &str) -> Option<Act> {
    ACTS.into_iter().find(|act| name(*act) == button)
}

/// A button's name between this service and the notification server.
fn name(act: Act) -> &'static str {
    match act {
        Act::Done => "done",
        Act::Skip => "skip",
        Act::Snooze(SnoozeFor::TenMinutes) => "snooze_ten_minutes",
        Act::Snooze(SnoozeFor::OneHour) => "snooze_one_hour",
        Act::Snooze(SnoozeFor::ThisEvening) => "snooze_this_evening",
    }
}

fn label(act: Act, words: &HostWords) -> &str {
    match act {
        Act::Done => &words.done,
        Act::Skip => &words.skip,
        Act::Snooze(SnoozeFor::TenMinutes) => &words.snooze_ten_minutes,
        Act::Snooze(SnoozeFor::OneHour) => &words.snooze_one_hour,
        Act::Snooze(SnoozeFor::ThisEvening) => &words.snooze_this_evening,
    }
}
