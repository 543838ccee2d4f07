//! What holds and until when.

use std::collections::BTreeSet;

use afterglow_care::plan::{InstructionKind, Timing};
use afterglow_care::restriction::{
    RestrictionState, WindowKind, restrictions, restrictions_of, window, windows,
};
use afterglow_care::session::{Adjunct, Area, NeedleDepth, Risk, SessionId, Supply};
use afterglow_care::{Locale, Plan, Session};
use chrono::TimeDelta;
use proptest::prelude::*;
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

fn hours(session: &Session, name: &str) -> Option<(u32, u32)> {
    let plan = Plan::microneedling();
    let window = window(plan.instruction(&id(name))?, session)?;
    Some((window.from, window.until))
}

#[test]
fn one_door_decides_what_a_session_changes_about_a_window() {
    let plain = session(berlin("2026-11-21 10:00"));
    let darker = Session {
        risks: Risk::SkinType4To6 | Risk::Eczema,
        ..plain.clone()
    };
    let supplied = Session {
        clinic_gave: Supply::Sunscreen.into(),
        ..plain.clone()
    };
    let gel = Session {
        clinic_gave: Supply::Gel.into(),
        ..plain.clone()
    };
    for (session, name, expected) in [
        (&plain, "limit_sun", (72, 240)),
        (&darker, "limit_sun", (72, 336)),
        (&darker, "avoid_sun", (0, 72)),
        (&plain, "sunscreen", (24, 336)),
        (&darker, "sunscreen", (24, 672)),
        (&supplied, "sunscreen", (0, 336)),
        (&gel, "sunscreen", (24, 336)),
        (&darker, "no_picking", (0, 240)),
    ] {
        assert_eq!(hours(session, name), Some(expected), "{name}");
    }
    assert_eq!(hours(&plain, "check_in"), None);
    let avoids = |session: &Session| {
        let all = restrictions(&Plan::microneedling(), session, session.ended_at);
        all.iter().any(|r| r.instruction == id("no_sunscreen_yet"))
    };
    assert!(avoids(&plain) && avoids(&gel) && !avoids(&supplied));
}

#[test]
fn windows_are_those_of_the_plan_in_its_order() {
    let plan = Plan::microneedling();
    let session = session(berlin("2026-11-21 10:00"));
    let all = windows(&plan, &session);
    let order: Vec<_> = plan
        .instructions_for(&session)
        .filter(|i| window(i, &session).is_some())
        .map(|i| i.id.clone())
        .collect();
    assert_eq!(
        all.iter().map(|w| w.instruction.clone()).collect::<Vec<_>>(),
        order
    );
    for (name, kind, from, until) in [
        ("no_makeup", WindowKind::Avoid, 0, 24),
        ("makeup_careful", WindowKind::Limit, 24, 72),
        ("moisturise", WindowKind::Do, 24, 168),
    ] {
        let found = all.iter().find(|w| w.instruction == id(name)).expect("a window");
        assert_eq!(found.kind, kind, "{name}");
        assert_eq!(found.from, session.ended_at + TimeDelta::hours(from), "{name}");
        assert_eq!(found.until, session.ended_at + TimeDelta::hours(until), "{name}");
    }
}

#[test]
fn where_more_was_done_the_clinic_is_to_be_asked() {
    let plan = Plan::microneedling();
    let peel = Session {
        adjuncts: Adjunct::Peel.into(),
        ..session(berlin("2026-11-21 10:00"))
    };
    assert!(windows(&plan, &peel).iter().all(|w| w.kind == WindowKind::Ask));
    let all = restrictions(&plan, &peel, peel.ended_at);
    assert!(!all.is_empty() && all.iter().all(|r| r.ask));

    let mut hands = session(berlin("2026-11-22 10:00"));
    hands.id = SessionId(Uuid::from_u128(2));
    hands.areas = BTreeSet::from([Area::Hands]);
    let now = hands.ended_at;
    let ask = |sessions: &[Session]| {
        let all = restrictions_of(&plan, sessions, now);
        all.iter()
            .find(|r| r.instruction == id("no_picking"))
            .map(|r| r.ask)
    };
    assert_eq!(
        ask(&[peel.clone(), hands.clone()]),
        Some(true),
        "the peel's span reaches into it"
    );
    hands.ended_at = berlin("2027-02-21 10:00");
    assert_eq!(ask(&[peel, hands]), Some(false), "long after");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_longer_depth_never_ends_a_restriction_earlier(
        depths in proptest::array::uniform2(100..=3_500_u16),
        areas in proptest::collection::btree_set(proptest::sample::select(Area::ALL.to_vec()), 1..4),
        darker: bool,
    ) {
        let plan = Plan::microneedling();
        let [shallow, deep] = [depths[0].min(depths[1]), depths[0].max(depths[1])].map(|micrometres| {
            let mut session = session(berlin("2026-11-21 10:00"));
            session.depth = NeedleDepth::from_micrometres(micrometres);
            session.areas.clone_from(&areas);
            if darker {
                session.risks |= Risk::SkinType4To6;
            }
            restrictions(&plan, &session, session.ended_at)
        });
        for restriction in shallow {
            let longer = deep.iter().find(|r| r.instruction == restriction.instruction);
            prop_assert!(longer.is_some_and(|r| r.until >= restriction.until), "{}", restriction.instruction);
        }
    }

    #[test]
    fn each_instruction_is_once_however_many_sessions(
        hours in proptest::collection::vec(0..2_000_i64, 1..6),
        more in proptest::collection::vec(any::<bool>(), 6),
    ) {
        let plan = Plan::microneedling();
        let sessions: Vec<_> = (1..)
            .zip(hours)
            .zip(more)
            .map(|((number, hours), more)| Session {
                id: SessionId(Uuid::from_u128(number)),
                adjuncts: more.then_some(Adjunct::Prp).into_iter().collect(),
                ..session(berlin("2026-11-21 10:00") + TimeDelta::hours(hours))
            })
            .collect();
        let now = sessions[0].ended_at;
        let all = restrictions_of(&plan, &sessions, now);
        let names: BTreeSet<_> = all.iter().map(|r| &r.instruction).collect();
        prop_assert_eq!(names.len(), all.len());
        for restriction in &all {
            let latest = sessions
                .iter()
                .flat_map(|session| restrictions(&plan, session, now))
                .filter(|r| r.instruction == restriction.instruction)
                .map(|r| r.until)
                .max();
            prop_assert_eq!(Some(restriction.until), latest, "the later end holds");
            prop_assert!(restriction.from <= restriction.until);
        }
    }
}
