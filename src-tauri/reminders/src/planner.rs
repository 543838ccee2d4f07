//! From due reminders to the alarm list: what is still worth ringing, soonest first, as many as the host keeps.

use std::collections::HashSet;

use afterglow_care::plan::{InstructionId, Timing};
use afterglow_care::schedule::{Basis, Due, Occurrence, OccurrenceKey, What, schedule};
use afterglow_care::triage::TriageLevel;
use afterglow_care::{Plan, Zone};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use crate::alarms::{Action, Alarm, AlarmId, AlarmList, QuietHours, Screen, When};
use crate::ringing::delivery;
use crate::settings::{REPEATS, ReminderSettings};
use crate::wording::{self, Subject};

/// Everything that a list is cut from.
#[derive(Debug, Clone, Copy)]
pub struct Cut<'a> {
    /// The plan that the occurrences follow from; its texts are said in full wording.
    pub plan: &'a Plan,
    /// What the occurrences follow from: the sessions, and the calls that are open.
    pub basis: Basis<'a>,
    /// What is due ([`occurrences`]), in any order, past ones too.
    pub occurrences: &'a [Occurrence],
    /// What the patient chose.
    pub settings: &'a ReminderSettings,
    /// Keys that the ledger says were shown, missed, done, skipped or withdrawn.
    pub settled: &'a HashSet<OccurrenceKey>,
    /// The newest local date with a check-in: its check-in reminders are not armed.
    pub checked_in_on: Option<NaiveDate>,
    /// The last day on which something that has no end was planned; none where everything was planned to its end.
    pub planned_to: Option<NaiveDate>,
    /// The patient's zone.
    pub zone: &'a Zone,
    /// When the list is cut.
    pub now: DateTime<Utc>,
    /// The most alarms that the host keeps.
    pub capacity: usize,
}

/// How long the alarm that asks to open the app stays worth showing: by then the plan's last day is near.
const OPEN_APP_VALID_FOR: TimeDelta = TimeDelta::days(30);

/// How long before what was planned runs out the patient is asked to open the app, and at which time of that day:
/// enough that nothing falls silent when they do so within the week.
const ASKED_BEFORE: Days = Days::new(7);
const ASKED_AT_HOUR: u32 = 10;

/// How long after a session's end something to do may be shown again.
const REPEATED_FOR: TimeDelta = TimeDelta::days(1);

/// The shortest time that a snoozed alarm waits; what is over by then cannot be snoozed.
const SHORTEST_SNOOZE: TimeDelta = TimeDelta::minutes(10);

/// What is due, with the patient's day as the settings have it, soonest first.
pub fn occurrences(
    plan: &Plan,
    basis: Basis<'_>,
    settings: &ReminderSettings,
    zone: &Zone,
) -> Vec<Occurrence> {
    let care_times = settings.care_times;
    schedule(plan, Basis { care_times, ..basis }, zone)
}

/// What is still to be shown as of `cut.now`, in the order in which it is shown, with when that is:
/// every occurrence that is neither settled nor expired nor switched off; what is past due now, or
/// when the quiet hours are over. One that falls into quiet hours which outlast its validity is left out (see
/// [`delivery`]). While a call is open nothing is said to be normal from today.
pub fn coming<'a>(cut: &Cut<'a>) -> Vec<(DateTime<Utc>, &'a Occurrence)> {
    let call = open_call(cut);
    let mut coming: Vec<_> = cut
        .occurrences
        .iter()
        .filter(|occurrence| occurrence.valid_until > cut.now)
        .filter(|occurrence| call.is_none() || occurrence.what != What::Phase)
        .filter(|occurrence| cut.settings.wants(occurrence))
        .filter(|occurrence| !cut.settled.contains(&occurrence.key) && !is_checked_in(cut, occurrence))
        .filter_map(|occurrence| Some((shown_from(cut, call, occurrence)?, occurrence)))
        .collect();
    coming.sort_by(|(at, left), (other, right)| {
        (at, left.due_at, &left.key).cmp(&(other, right.due_at, &right.key))
    });
    coming
}

/// The alarm list of what is [`coming`]; the host shows at once, folded, what is past due. When not
/// all fit, the last alarm takes the place of the first that was left out and asks to open the app. So does one before
/// the end of what was planned ([`Cut::planned_to`]).
pub fn cut(cut: &Cut<'_>) -> AlarmList {
    let call = open_call(cut);
    let mut ringing: Vec<_> = coming(cut)
        .into_iter()
        .map(|(at, occurrence)| (at, Some(occurrence)))
        .collect();
    if let Some(at) = asked_to_open(cut) {
        let place = ringing.partition_point(|(other, _)| *other <= at);
        ringing.insert(place, (at, None));
    }
    if ringing.len() > cut.capacity {
        ringing.truncate(cut.capacity);
        if let Some((_, last)) = ringing.last_mut() {
            *last = None;
        }
    }
    let alarms = ringing
        .into_iter()
        .map(|(at, occurrence)| match occurrence {
            Some(occurrence) => alarm(cut, call, occurrence),
            None => open_app(cut, at),
        })
        .collect();
    AlarmList {
        version: AlarmList::VERSION,
        made_at: cut.now,
        quiet: cut.settings.quiet_hours,
        sound: cut.settings.sound,
        alarms,
        words: wording::host_words(cut.settings.locale),
    }
}

/// When the app must be opened once for what has no end to go on.
fn asked_to_open(cut: &Cut<'_>) -> Option<DateTime<Utc>> {
    let date = cut.planned_to?.checked_sub_days(ASKED_BEFORE)?;
    Some(cut.zone.instant(date.and_hms_opt(ASKED_AT_HOUR, 0, 0)?))
}

/// When an occurrence is shown in `zone`, while the `call` is open: see [`delivery`]. None when it is not shown at all.
pub fn shown_at(
    occurrence: &Occurrence,
    call: Option<TriageLevel>,
    zone: &Zone,
    quiet: Option<QuietHours>,
) -> Option<DateTime<Utc>> {
    delivered(occurrence, is_urgent(occurrence, call, zone, quiet), zone, quiet)
}

/// In the zone that it was planned in an occurrence has no grace ([`crate::alarms::CIVIL_GRACE`]).
fn delivered(
    occurrence: &Occurrence,
    urgent: bool,
    zone: &Zone,
    quiet: Option<QuietHours>,
) -> Option<DateTime<Utc>> {
    delivery(when(occurrence), occurrence.valid_until, urgent, zone, quiet)
        .filter(|at| *at < occurrence.valid_until)
}

/// The same as of now: what is past due is shown at once, or when the quiet hours around now end.
fn shown_from(cut: &Cut<'_>, call: Option<TriageLevel>, occurrence: &Occurrence) -> Option<DateTime<Utc>> {
    let quiet = cut.settings.quiet_hours;
    let at = shown_at(occurrence, call, cut.zone, quiet)?;
    if at >= cut.now {
        return Some(at);
    }
    let held = quiet
        .filter(|_| !is_urgent(occurrence, call, cut.zone, quiet))
        .and_then(|quiet| quiet.end_of(cut.zone, cut.now));
    // What came at its time stays until it is over, also in quiet hours that outlast it: it can still be done, and a
    // host that has not shown it does not show it in them.
    Some(
        held.filter(|end| *end < occurrence.valid_until)
            .unwrap_or(cut.now),
    )
}

/// The first question after a call was asked for rings in quiet hours, as long as nobody was reached. What follows it
/// and an appointment wait for their end, unless they would then not be shown at all. A time that the patient chose is
/// kept as it is.
fn is_urgent(
    occurrence: &Occurrence,
    call: Option<TriageLevel>,
    zone: &Zone,
    quiet: Option<QuietHours>,
) -> bool {
    let hidden = || delivered(occurrence, false, zone, quiet).is_none();
    match (occurrence.what, occurrence.due) {
        (What::FollowUp, Due::Elapsed(_)) if call.is_some() => true,
        (What::FollowUp | What::Appointment, _) => hidden(),
        _ => {
            occurrence.chosen
                && quiet.is_some_and(|quiet| quiet.end_of(zone, when(occurrence).instant(zone)).is_some())
        }
    }
}

/// How soon the most pressing call was asked for in which nobody was reached yet.
fn open_call(cut: &Cut<'_>) -> Option<TriageLevel> {
    let calls = cut.basis.escalations.iter();
    calls
        .filter(|call| call.reached_at.is_none() && call.answered_at.is_none())
        .map(|call| call.level)
        .max()
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
    say(cut, open_call(cut), occurrence)
}

fn say(cut: &Cut<'_>, open_call: Option<TriageLevel>, occurrence: &Occurrence) -> String {
    let subject = Subject {
        plan: cut.plan,
        instruction: &occurrence.instruction,
        what: occurrence.what,
        phase: occurrence.phase(),
        local: match occurrence.due {
            Due::Elapsed(_) => None,
            Due::Civil(local) => Some(local),
        },
        open_call,
    };
    wording::body(subject, cut.settings.wording, cut.settings.locale)
}

/// One of the alarms that [`cut`] makes.
pub fn alarm_of(cut: &Cut<'_>, occurrence: &Occurrence) -> Alarm {
    alarm(cut, open_call(cut), occurrence)
}

fn alarm(cut: &Cut<'_>, call: Option<TriageLevel>, occurrence: &Occurrence) -> Alarm {
    let actions = actions(cut, occurrence);
    Alarm {
        id: AlarmId::of_key(&occurrence.key.0),
        key: alarm_key(&occurrence.key),
        when: when(occurrence),
        valid_until: occurrence.valid_until,
        title: wording::TITLE.to_owned(),
        body: say(cut, call, occurrence),
        screen: match occurrence.what {
            What::CheckIn => Screen::CheckIn,
            // The open call stands there above everything, with the answers to it.
            What::AllClear | What::At if call.is_some() => Screen::Today,
            What::AllClear | What::At | What::Appointment | What::Phase => Screen::Timeline,
            What::Start | What::Daily | What::FollowUp => Screen::Today,
        },
        urgent: is_urgent(occurrence, call, cut.zone, cut.settings.quiet_hours),
        repeats: repeats(cut, occurrence, &actions),
        actions,
    }
}

/// Whether a reminder asks for something that the patient does and then says to have done.
pub fn asks_to_be_done(plan: &Plan, instruction: &InstructionId, what: What) -> bool {
    match what {
        What::Start | What::Daily => true,
        What::At => matches!(
            plan.instruction(instruction).map(|one| &one.timing),
            Some(Timing::Questions { .. })
        ),
        What::CheckIn | What::FollowUp | What::Appointment | What::AllClear | What::Phase => false,
    }
}

/// Care can be done, put off and left out. A check-in is done by checking in, and how a call went on
/// is answered in the app: that is never left out. Everything else informs.
fn actions(cut: &Cut<'_>, occurrence: &Occurrence) -> Vec<Action> {
    let mut actions = match occurrence.what {
        what if asks_to_be_done(cut.plan, &occurrence.instruction, what) => {
            vec![Action::Done, Action::Snooze, Action::Skip]
        }
        What::CheckIn => vec![Action::Snooze, Action::Skip],
        What::FollowUp => vec![Action::Snooze],
        _ => Vec::new(),
    };
    if occurrence.valid_until - occurrence.due_at <= SHORTEST_SNOOZE {
        actions.retain(|action| *action != Action::Snooze);
    }
    actions
}

/// Only what somebody is to do on the first day after its session.
fn repeats(cut: &Cut<'_>, occurrence: &Occurrence, actions: &[Action]) -> u8 {
    let asks = actions.contains(&Action::Done) || occurrence.what == What::CheckIn;
    if !cut.settings.repeat_until_done || !asks {
        return 0;
    }
    let session = cut.basis.sessions.iter().find(|one| one.id == occurrence.session);
    let first_day = session.is_some_and(|session| occurrence.due_at - session.ended_at < REPEATED_FOR);
    if first_day { REPEATS } else { 0 }
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
        actions: Vec::new(),
        repeats: 0,
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
