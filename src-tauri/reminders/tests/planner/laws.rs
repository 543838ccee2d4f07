//! What holds for every list, whatever is cut, when and where.

use std::collections::{BTreeMap, BTreeSet};

use afterglow_care::schedule::{CareTimes, Due, Escalation, Occurrence, OccurrenceKey, What};
use afterglow_care::session::{Area, NeedleDepth, SessionId};
use afterglow_care::{Session, Zone};
use afterglow_reminders::alarms::QuietHours;
use afterglow_reminders::planner::{OPEN_APP_KEY, alarm_key, shown_at};
use afterglow_reminders::ringing::delivery;
use afterglow_reminders::settings::ReminderSettings;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use crate::given::{Desk, night, occurrence, open_call, session, utc, zone};

const ZONES: [&str; 9] = [
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Pacific/Kiritimati",
    "America/Scoresbysund",
];

fn any_zone() -> impl Strategy<Value = &'static str> {
    prop::sample::select(ZONES.to_vec())
}

fn any_time() -> impl Strategy<Value = NaiveTime> {
    (0..24_u32, 0..60_u32).prop_map(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap())
}

fn any_settings() -> impl Strategy<Value = ReminderSettings> {
    let quiet = prop::option::of((any_time(), any_time()));
    (quiet, any_time(), any_time(), any::<bool>()).prop_map(|(quiet, morning, evening, repeat)| {
        ReminderSettings {
            quiet_hours: quiet.map(|(from, until)| QuietHours { from, until }),
            care_times: CareTimes { morning, evening },
            repeat_until_done: repeat,
            ..ReminderSettings::default()
        }
    })
}

fn any_sessions() -> impl Strategy<Value = Vec<Session>> {
    let one = (
        0..60_000_i64,
        100..=3_500_u16,
        prop::sample::select(Area::ALL.to_vec()),
    );
    prop::collection::vec(one, 1..4).prop_map(|sessions| {
        let sessions = sessions.into_iter().zip(1..);
        sessions
            .map(|((minutes, depth, area), number)| Session {
                id: SessionId(Uuid::from_u128(number)),
                depth: NeedleDepth::from_micrometres(depth),
                areas: BTreeSet::from([area]),
                ..session(utc("2027-03-01 00:00") + TimeDelta::minutes(minutes))
            })
            .collect()
    })
}

prop_compose! {
    /// Somewhere in the two months around the sessions, with a call or without, in which somebody was reached or nobody.
    fn any_desk()(
        sessions in any_sessions(),
        settings in any_settings(),
        name in any_zone(),
        minutes in 0..90_000_i64,
        call in prop::option::of((0..5_000_i64, prop::option::of(0..5_000_i64))),
        capacity in 1..300_usize,
    ) -> Desk {
        let now = utc("2027-03-01 00:00") + TimeDelta::minutes(minutes);
        let escalations = call.map(|(ago, reached)| Escalation {
            reached_at: reached.map(|after| (now - TimeDelta::minutes(ago - after)).min(now)),
            ..open_call(now - TimeDelta::minutes(ago))
        });
        Desk {
            escalations: escalations.into_iter().collect(),
            sessions,
            settings,
            zone: zone(name),
            now,
            capacity,
            ..Desk::default()
        }
    }
}

/// By its name in the list.
fn by_name(occurrences: &[Occurrence]) -> BTreeMap<String, &Occurrence> {
    let named = occurrences.iter().map(|one| (alarm_key(&one.key), one));
    named.collect()
}

/// When it rings as of now: late ones at once, or when the quiet hours around now end.
fn rings_at(desk: &Desk, occurrence: &Occurrence, urgent: bool) -> Option<DateTime<Utc>> {
    let quiet = desk.settings.quiet_hours;
    let at = shown_at(occurrence, desk.call(), &desk.zone, quiet)?;
    let held = quiet.filter(|_| !urgent && at < desk.now);
    Some(
        held.and_then(|quiet| quiet.end_of(&desk.zone, desk.now))
            .unwrap_or(at.max(desk.now)),
    )
}

proptest! {
    #[test]
    fn a_list_is_within_capacity_in_order_of_delivery_and_the_same_for_any_order_of_occurrences(
        dues in prop::collection::vec((0..10_000_i64, any::<bool>()), 0..40),
        capacity in 0..45_usize,
        turn in 0..40_usize,
    ) {
        let mut occurrences: Vec<_> = dues
            .iter()
            .map(|(minutes, wall_clock)| {
                let at = utc("2027-01-01 00:00") + TimeDelta::minutes(*minutes);
                let due = if *wall_clock { Due::Civil(at.naive_utc()) } else { Due::Elapsed(at) };
                occurrence("sunscreen", What::Daily, due, at)
            })
            .collect();
        occurrences.sort_by(|left, right| left.key.cmp(&right.key));
        occurrences.dedup_by(|left, right| left.key == right.key);
        let settings = ReminderSettings { quiet_hours: Some(night()), ..ReminderSettings::default() };
        let desk = Desk { settings, capacity, ..Desk::default() };
        let list = desk.cut(&occurrences);
        prop_assert!(list.alarms.len() <= capacity);
        let delivered: Vec<_> = list
            .alarms
            .iter()
            .map(|alarm| {
                delivery(alarm.when, alarm.valid_until, false, &Zone::UTC, Some(night()))
            })
            .collect();
        prop_assert!(delivered.iter().all(Option::is_some) && delivered.is_sorted());
        let turned = turn % occurrences.len().max(1);
        occurrences.rotate_left(turned);
        prop_assert_eq!(desk.cut(&occurrences), list);
    }

    #[test]
    fn every_list_keeps_its_promises(desk in any_desk()) {
        let occurrences = desk.occurrences();
        let names = by_name(&occurrences);
        let list = desk.cut(&occurrences);
        prop_assert_eq!(&desk.cut(&occurrences), &list, "cut again, it is the same");
        prop_assert!(list.alarms.len() <= desk.capacity);
        let mut last = desk.now;
        for alarm in list.alarms.iter().filter(|alarm| !alarm.key.starts_with(OPEN_APP_KEY)) {
            let occurrence = names[&alarm.key];
            let at = rings_at(&desk, occurrence, alarm.urgent).unwrap();
            prop_assert!(occurrence.due_at <= at, "{:?} at {}", occurrence, at);
            if at >= alarm.valid_until {
                // Quiet hours outlast it: it had come before, and can still be done.
                let came = shown_at(occurrence, desk.call(), &desk.zone, desk.settings.quiet_hours).unwrap();
                prop_assert!(came < desk.now && desk.now < alarm.valid_until, "{:?}", occurrence);
                continue;
            }
            prop_assert!(last <= at, "soonest first");
            last = at;
            let quiet = desk.settings.quiet_hours.and_then(|quiet| quiet.end_of(&desk.zone, at));
            prop_assert!(alarm.urgent || quiet.is_none(), "{:?} rings at {} in quiet hours", occurrence, at);
            prop_assert!(alarm.repeats <= 3);
            prop_assert!(desk.call().is_none() || occurrence.what != What::Phase);
        }
    }

    #[test]
    fn the_soonest_are_kept_and_a_call_is_never_hidden(desk in any_desk()) {
        let occurrences = desk.occurrences();
        let list = desk.cut(&occurrences);
        let desk = Desk { capacity: 10_000, ..desk };
        let whole = desk.cut(&occurrences);
        let kept = list.alarms.len().min(whole.alarms.len());
        let kept = if whole.alarms.len() > kept { kept - 1 } else { kept };
        prop_assert_eq!(&list.alarms[..kept], &whole.alarms[..kept]);
        let names: BTreeSet<_> = whole.alarms.iter().map(|alarm| alarm.key.clone()).collect();
        for follow_up in occurrences.iter().filter(|one| one.what == What::FollowUp) {
            if follow_up.due_at > desk.now {
                prop_assert!(names.contains(&alarm_key(&follow_up.key)), "{:?}", follow_up);
            }
        }
    }

    #[test]
    fn what_is_settled_never_comes_back(desk in any_desk(), chosen in prop::collection::vec(any::<prop::sample::Index>(), 0..30), other in any_zone(), hours in -100..100_i64) {
        let mut desk = desk;
        let occurrences = desk.occurrences();
        if !occurrences.is_empty() {
            desk.settled = chosen.iter().map(|index| occurrences[index.index(occurrences.len())].key.clone()).collect();
        }
        let settled: BTreeSet<_> = desk.settled.iter().map(alarm_key).collect();
        desk.zone = zone(other);
        desk.now += TimeDelta::hours(hours);
        prop_assert!(desk.list().alarms.iter().all(|alarm| !settled.contains(&alarm.key)));
        // The list's own alarms, settled one by one, never return either.
        let first = desk.list().alarms.first().map(|alarm| alarm.key.clone());
        if let Some(first) = first.filter(|key| !key.starts_with(OPEN_APP_KEY)) {
            let occurrences = desk.occurrences();
            let key: OccurrenceKey = by_name(&occurrences)[&first].key.clone();
            desk.settled.insert(key);
            prop_assert!(desk.list().alarms.iter().all(|alarm| alarm.key != first));
        }
    }

    #[test]
    fn two_zones_agree_on_what_is_elapsed(desk in any_desk(), other in any_zone()) {
        let mut desk = desk;
        desk.sessions.truncate(1);
        desk.escalations.clear();
        let elapsed = |desk: &Desk| -> BTreeMap<String, DateTime<Utc>> {
            let occurrences = desk.occurrences().into_iter();
            let elapsed = occurrences.filter_map(|one| match one.due {
                Due::Elapsed(at) => Some((one.key.0, at)),
                Due::Civil(_) => None,
            });
            elapsed.collect()
        };
        let here = elapsed(&desk);
        desk.zone = zone(other);
        prop_assert_eq!(elapsed(&desk), here);
    }
}
