//! What holds and until when.

use std::collections::BTreeSet;

use afterglow_care::plan::{InstructionKind, Timing};
use afterglow_care::restriction::{RestrictionState, restrictions, restrictions_of};
use afterglow_care::session::{Area, NeedleDepth, SessionId};
use afterglow_care::{Locale, Plan, Session};
use chrono::TimeDelta;
use uuid::Uuid;

use crate::given::{berlin, id, session};

#[test]
fn a_window_holds_from_its_first_instant_up_to_not_including_its_end() {
    let plan = Plan::microneedling();
    let session = session(berlin("2026-11-21 10:00"));
    let state = |name: &str, hours: i64, seconds: i64| {
        let now = session.ended_at + TimeDelta::hours(hours) + TimeDelta::seconds(seconds);
        restrictions(&plan, &session, now)
            .into_iter()
            .find(|r| r.instruction == id(name))
            .map(|r| r.state)
    };
    for (name, hours, seconds, expected) in [
        ("no_makeup", 0, 0, RestrictionState::Holds),
        ("no_makeup", 24, -1, RestrictionState::Holds),
        ("no_makeup", 24, 0, RestrictionState::Ended),
        ("makeup_careful", 24, -1, RestrictionState::Upcoming),
        ("makeup_careful", 24, 0, RestrictionState::Holds),
        ("makeup_careful", 72, 0, RestrictionState::Ended),
    ] {
        assert_eq!(
            state(name, hours, seconds),
            Some(expected),
            "{name} at {hours} h {seconds} s"
        );
    }
}

#[test]
fn every_avoid_and_limit_is_there_soonest_end_first() {
    let plan = Plan::microneedling();
    let session = session(berlin("2026-11-21 10:00"));
    let all = restrictions(&plan, &session, session.ended_at);
    assert!(all.is_sorted_by_key(|r| r.until));
    let named: BTreeSet<_> = all
        .iter()
        .map(|r| (r.instruction.clone(), r.limit_only))
        .collect();
    let expected: BTreeSet<_> = plan
        .instructions()
        .iter()
        .filter(|i| i.kind != InstructionKind::Do)
        .map(|i| (i.id.clone(), i.kind == InstructionKind::Limit))
        .collect();
    assert_eq!(named, expected);
}

#[test]
fn a_restriction_for_other_areas_does_not_hold() {
    let plan = Plan::microneedling();
    let mut back = session(berlin("2026-11-21 10:00"));
    back.areas = BTreeSet::from([Area::Back]);
    let has_makeup = |session: &Session| {
        restrictions(&plan, session, session.ended_at)
            .iter()
            .any(|r| r.instruction == id("no_makeup"))
    };
    assert!(!has_makeup(&back));
    back.areas.insert(Area::Neck);
    assert!(has_makeup(&back), "one of several areas is enough");
}

#[test]
fn of_several_sessions_the_later_end_holds() {
    let plan = Plan::microneedling();
    let mut face = session(berlin("2026-11-21 10:00"));
    face.depth = NeedleDepth::from_micrometres(1_500);
    let mut hands = session(berlin("2026-11-25 10:00"));
    hands.id = SessionId(Uuid::from_u128(2));
    hands.depth = NeedleDepth::from_micrometres(250);
    hands.areas = BTreeSet::from([Area::Hands]);
    let now = hands.ended_at + TimeDelta::hours(1);
    let all = restrictions_of(&plan, &[face.clone(), hands.clone()], now);
    assert_eq!(all, restrictions_of(&plan, &[hands.clone(), face.clone()], now));
    assert!(all.is_sorted_by_key(|r| r.until));
    for (name, session, from, until, state) in [
        ("no_makeup", &face, 0, 24, RestrictionState::Ended),
        ("no_picking", &face, 0, 240, RestrictionState::Holds),
        ("no_sweat", &hands, 0, 24, RestrictionState::Holds),
        ("avoid_sun", &hands, 0, 72, RestrictionState::Holds),
    ] {
        let found: Vec<_> = all.iter().filter(|r| r.instruction == id(name)).collect();
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!(found[0].from, session.ended_at + TimeDelta::hours(from), "{name}");
        assert_eq!(
            found[0].until,
            session.ended_at + TimeDelta::hours(until),
            "{name}"
        );
        assert_eq!(found[0].state, state, "{name}");
    }
    let limit = all
        .iter()
        .find(|r| r.instruction == id("limit_sun"))
        .expect("a limit");
    assert_eq!(
        limit.from,
        hands.ended_at + TimeDelta::hours(72),
        "after the avoid"
    );
    assert_eq!(limit.until, hands.ended_at + TimeDelta::hours(168));
    assert_eq!(limit.state, RestrictionState::Upcoming);
}

#[test]
fn an_avoid_that_a_limit_follows_is_over_in_the_limits_words() {
    let plan = Plan::microneedling();
    assert_eq!(plan.follow_up(&id("no_makeup")), Some(&id("makeup_careful")));
    assert_eq!(plan.follow_up(&id("avoid_sun")), Some(&id("limit_sun")));
    assert_eq!(plan.follow_up(&id("no_sweat")), None);
    for name in ["no_makeup", "makeup_careful"] {
        assert_eq!(
            plan.over(&id(name), Locale::En),
            Some("Makeup is fine again."),
            "{name}"
        );
    }
    assert_eq!(plan.over(&id("moisturise"), Locale::En), None);
}

#[test]
fn deeper_sessions_never_have_shorter_avoids() {
    let plan = Plan::microneedling();
    for instruction in plan
        .instructions()
        .iter()
        .filter(|i| i.kind != InstructionKind::Do)
    {
        if let Timing::Window { hours, .. } = &instruction.timing {
            assert!(
                hours.superficial.until <= hours.medium.until,
                "{}",
                instruction.id
            );
            assert!(hours.medium.until <= hours.deep.until, "{}", instruction.id);
        }
    }
}
