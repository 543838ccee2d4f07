//! "Can I …?", and what a list of ingredients means.

use std::collections::BTreeSet;

use afterglow_care::ingredients::IngredientGroup;
use afterglow_care::permission::{
    Answer, Because, Permission, begun, check_ingredients, permission, questions,
};
use afterglow_care::plan::Activity;
use afterglow_care::session::{Adjunct, Area, NeedleDepth, Risk, SessionId, Supply};
use afterglow_care::{Locale, Plan, Session};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use crate::given::{berlin, id, session};

const ENDED: &str = "2026-11-21 10:00";

fn activity<'a>(plan: &'a Plan, name: &str) -> &'a Activity {
    let found = plan.activities().iter().find(|activity| activity.id == name);
    found.unwrap_or_else(|| panic!("no activity is called {name}"))
}

/// May it be done so many hours after the first session's end?
fn asked(sessions: &[Session], name: &str, hours: i64) -> Permission {
    let plan = Plan::microneedling();
    let now = berlin(ENDED) + TimeDelta::hours(hours);
    permission(&plan, sessions, activity(&plan, name), now)
}

/// The hour at which it becomes fine, asked at the session's end; none when it is not a matter of time.
fn fine_after(session: &Session, name: &str) -> Option<i64> {
    let answer = asked(std::slice::from_ref(session), name, 0);
    Some((answer.until? - session.ended_at).num_hours())
}

#[test]
fn an_activity_waits_for_the_latest_end() {
    let face = session(berlin(ENDED));
    for (name, hours) in [
        ("makeup", 72),
        ("mineral_makeup", 24),
        ("mineral_sunscreen", 24),
        ("chemical_sunscreen", 336),
        ("retinol", 168),
        ("vitamin_c", 120),
        ("benzoyl_peroxide", 120),
        ("alcohol_toner", 168),
        ("hyaluronic_acid", 24),
        ("moisturiser", 24),
        ("facial_oil", 168),
        ("swimming", 72),
        ("sauna", 72),
        ("gym", 72),
        ("hot_shower", 72),
        ("shaving", 168),
        ("waxing", 168),
        ("alcohol", 48),
        ("sunbathing", 240),
        ("sleep_on_side", 72),
        ("face_wash", 4),
        ("chemical_peel", 168),
    ] {
        assert_eq!(fine_after(&face, name), Some(hours), "{name}");
        let sessions = std::slice::from_ref(&face);
        assert_eq!(asked(sessions, name, hours).answer, Answer::Yes, "{name}");
        let second_before = permission(
            &Plan::microneedling(),
            sessions,
            activity(&Plan::microneedling(), name),
            face.ended_at + TimeDelta::hours(hours) - TimeDelta::seconds(1),
        );
        assert_eq!(second_before.answer, Answer::NotYet, "{name}");
    }
}

#[test]
fn rules_of_their_own_need_no_window() {
    let face = [session(berlin(ENDED))];
    for name in [
        "flying",
        "paracetamol",
        "walking",
        "gentle_yoga",
        "sleep_on_back",
        "clinic_gel",
    ] {
        assert_eq!(asked(&face, name, 0).answer, Answer::Yes, "{name}");
        assert_eq!(asked(&[], name, 0).answer, Answer::Yes, "{name}");
    }
    for name in [
        "ibuprofen",
        "stop_medicine",
        "botulinum",
        "numbing_cream",
        "vaccination",
    ] {
        assert_eq!(asked(&face, name, 5_000).answer, Answer::AskClinic, "{name}");
        assert_eq!(asked(&[], name, 0).answer, Answer::AskClinic, "{name}");
    }
    assert_eq!(asked(&face, "microneedling", 671).answer, Answer::NotYet);
    assert_eq!(asked(&face, "microneedling", 672).answer, Answer::AskClinic);
    assert_eq!(asked(&[], "makeup", 0).answer, Answer::Yes);
}

#[test]
fn the_reason_is_that_of_what_holds_longest() {
    let plan = Plan::microneedling();
    let face = [session(berlin(ENDED))];
    let makeup = asked(&face, "makeup", 1);
    assert_eq!(makeup.because, Because::Instruction(id("makeup_careful")));
    let careful = plan.instruction(&id("makeup_careful")).expect("an instruction");
    assert_eq!(makeup.sources, careful.sources);
    for locale in Locale::ALL {
        assert_eq!(makeup.reason(&plan, locale), careful.texts(locale).why);
        for activity in plan.activities() {
            for hours in [0, 30, 5_000] {
                let answer = permission(&plan, &face, activity, face[0].ended_at + TimeDelta::hours(hours));
                let reason = answer.reason(&plan, locale);
                assert!(
                    !reason.is_empty() && reason.chars().count() <= 140,
                    "{}: {reason}",
                    activity.id
                );
                assert!(
                    !answer.sources.is_empty() || answer.extrapolated,
                    "{}",
                    activity.id
                );
            }
        }
    }
}

#[test]
fn what_does_not_concern_the_treated_skin_does_not_hold_back() {
    let mut legs = session(berlin(ENDED));
    legs.areas = BTreeSet::from([Area::Legs]);
    let legs = [legs];
    assert_eq!(
        asked(&legs, "eye_makeup", 0).answer,
        Answer::Yes,
        "not by its own areas"
    );
    assert_eq!(
        asked(&legs, "makeup", 0).because,
        Because::Instruction(id("only_clinic_products")),
        "the avoid of makeup is for other skin"
    );
    let mut back = session(berlin(ENDED));
    back.areas = BTreeSet::from([Area::Back]);
    assert_eq!(
        fine_after(&back, "chemical_sunscreen"),
        Some(336),
        "the end of something to do counts for every skin"
    );
}

#[test]
fn what_the_clinic_supplied_is_fine_from_the_start() {
    let mut supplied = session(berlin(ENDED));
    supplied.clinic_gave = Supply::Sunscreen.into();
    assert_eq!(
        asked(&[supplied.clone()], "mineral_sunscreen", 0).answer,
        Answer::Yes
    );
    assert_eq!(asked(&[supplied], "chemical_sunscreen", 0).answer, Answer::NotYet);
}

#[test]
fn darker_skin_waits_longer_for_the_sun() {
    let mut darker = session(berlin(ENDED));
    darker.risks = Risk::SkinType4To6.into();
    assert_eq!(fine_after(&darker, "sunbathing"), Some(336));
    assert_eq!(fine_after(&darker, "gym"), Some(72));
}

#[test]
fn where_more_was_done_the_clinic_is_asked_while_a_window_is_open() {
    let plan = Plan::microneedling();
    let mut radiofrequency = session(berlin(ENDED));
    radiofrequency.adjuncts = Adjunct::Radiofrequency.into();
    let sessions = [radiofrequency.clone()];
    for hours in [0, 100, 671] {
        let gym = asked(&sessions, "gym", hours);
        assert_eq!(gym.answer, Answer::AskClinic, "{hours}");
        assert_eq!((gym.until, &gym.because), (None, &Because::MoreThanNeedling));
        assert!(!gym.reason(&plan, Locale::Es).is_empty());
    }
    assert_eq!(asked(&sessions, "gym", 672).answer, Answer::Yes);
    assert_eq!(
        asked(&sessions, "flying", 0).answer,
        Answer::Yes,
        "no window decides it"
    );
    radiofrequency.adjuncts = Adjunct::Led.into();
    assert_eq!(asked(&[radiofrequency], "gym", 0).answer, Answer::NotYet);
}

#[test]
fn a_session_that_has_not_ended_yet_is_left_out() {
    let later = session(berlin(ENDED) + TimeDelta::hours(1));
    assert_eq!(asked(&[later], "gym", 0).answer, Answer::Yes);
}

#[test]
fn the_latest_of_several_sessions_decides() {
    let first = session(berlin(ENDED));
    let mut second = session(berlin(ENDED) + TimeDelta::hours(48));
    second.id = SessionId(Uuid::from_u128(2));
    let until = asked(&[second.clone(), first], "gym", 49).until;
    assert_eq!(until, Some(second.ended_at + TimeDelta::hours(72)));
}

#[test]
fn a_question_in_either_language_finds_its_activity() {
    let plan = Plan::microneedling();
    for (typed, name) in [
        ("Can I put on makeup?", "makeup"),
        ("mineral makeup", "mineral_makeup"),
        ("puedo ir a la piscina", "swimming"),
        ("is retinol ok", "retinol"),
    ] {
        let found = questions(&plan, typed);
        assert_eq!(
            found.first().map(|question| question.activity.id.as_str()),
            Some(name),
            "{typed}"
        );
    }
    assert!(questions(&plan, "xyzzy").is_empty());
    assert!(questions(&plan, "").is_empty());
}

const LIST: &str = "Aqua, Glycerin, Retinol, Parfum, Butyl Methoxydibenzoylmethane, Unobtainium Oxide";

fn flagged(sessions: &[Session], now: DateTime<Utc>) -> Vec<(IngredientGroup, Option<DateTime<Utc>>)> {
    let check = check_ingredients(&Plan::microneedling(), sessions, LIST, now);
    assert_eq!(check.unknown, ["Unobtainium Oxide"]);
    assert_eq!(check.flagged.len() + check.fine.len() + check.unknown.len(), 6);
    check
        .flagged
        .iter()
        .map(|found| (found.group, found.until))
        .collect()
}

#[test]
fn a_listed_ingredient_waits_for_its_familys_end() {
    let sessions = [session(berlin(ENDED))];
    let at = |hours| sessions[0].ended_at + TimeDelta::hours(hours);
    assert_eq!(
        flagged(&sessions, at(1)),
        [
            (IngredientGroup::Retinoid, Some(at(168))),
            (IngredientGroup::Fragrance, Some(at(168))),
            (IngredientGroup::ChemicalUvFilter, Some(at(336))),
        ]
    );
    assert_eq!(
        flagged(&sessions, at(168)),
        [(IngredientGroup::ChemicalUvFilter, Some(at(336)))],
        "what is over is fine"
    );
    assert_eq!(flagged(&sessions, at(336)), []);
    assert_eq!(flagged(&[], at(0)), []);
    let check = |hours| check_ingredients(&Plan::microneedling(), &sessions, LIST, at(hours));
    assert_eq!(check(1).all_products_until, Some(at(24)));
    assert_eq!(check(24).all_products_until, None);
    assert!(!check(1).ask_clinic);
}

#[test]
fn where_more_was_done_an_ingredient_has_no_time() {
    let mut peel = session(berlin(ENDED));
    peel.adjuncts = Adjunct::Peel.into();
    let sessions = [peel];
    let now = sessions[0].ended_at + TimeDelta::hours(400);
    assert!(flagged(&sessions, now).iter().all(|(_, until)| until.is_none()));
    assert_eq!(flagged(&sessions, now).len(), 3);
    let check = check_ingredients(&Plan::microneedling(), &sessions, LIST, now);
    assert!(check.ask_clinic && check.all_products_until.is_none());
}

fn rank(answer: Answer) -> u8 {
    u8::from(answer != Answer::Yes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_deeper_session_never_allows_earlier(
        depths in proptest::array::uniform2(100..=3_500_u16),
        areas in proptest::collection::btree_set(proptest::sample::select(Area::ALL.to_vec()), 1..4),
        hours in 0..1_100_i64,
        darker: bool,
    ) {
        let plan = Plan::microneedling();
        let now = berlin(ENDED) + TimeDelta::hours(hours);
        let [shallow, deep] = [depths[0].min(depths[1]), depths[0].max(depths[1])].map(|micrometres| {
            let mut session = session(berlin(ENDED));
            session.depth = NeedleDepth::from_micrometres(micrometres);
            session.areas.clone_from(&areas);
            if darker {
                session.risks |= Risk::SkinType4To6;
            }
            [session]
        });
        for activity in plan.activities() {
            let (first, then) =
                (permission(&plan, &shallow, activity, now), permission(&plan, &deep, activity, now));
            prop_assert!(rank(then.answer) >= rank(first.answer), "{}", activity.id);
            prop_assert!(then.until >= first.until, "{}", activity.id);
        }
    }

    #[test]
    fn another_session_never_allows_earlier(
        starts in proptest::collection::vec((0..1_100_i64, any::<bool>()), 1..4),
        added in (0..1_100_i64, any::<bool>()),
        hours in 0..2_200_i64,
    ) {
        let plan = Plan::microneedling();
        let now = berlin(ENDED) + TimeDelta::hours(hours);
        let with = |(start, more): (i64, bool)| Session {
            adjuncts: more.then_some(Adjunct::Exosomes).into_iter().collect(),
            ..session(berlin(ENDED) + TimeDelta::hours(start))
        };
        let before: Vec<_> = starts.into_iter().map(with).collect();
        let mut after = before.clone();
        after.push(with(added));
        for activity in plan.activities() {
            let (first, then) =
                (permission(&plan, &before, activity, now), permission(&plan, &after, activity, now));
            prop_assert!(rank(then.answer) >= rank(first.answer), "{}", activity.id);
            if then.answer == Answer::NotYet {
                prop_assert!(then.until >= first.until, "{}", activity.id);
            }
        }
    }
}

#[test]
fn a_word_that_is_still_typed_is_taken_for_what_it_begins() {
    let plan = Plan::microneedling();
    let first = |typed: &str| begun(&plan, typed).first().map(|activity| activity.id.as_str());
    assert_eq!(first("can I use reti"), Some("retinol"));
    assert_eq!(first("maq"), Some("makeup"), "in either language");
    assert_eq!(first("Saun"), Some("sauna"));
    for nothing in ["", "m", "xq", "  ?"] {
        assert_eq!(first(nothing), None, "{nothing:?}");
    }
    let several = begun(&plan, "sun");
    let mut named: Vec<_> = several.iter().map(|activity| &activity.id).collect();
    named.sort_unstable();
    named.dedup();
    assert!(
        named.len() > 1 && named.len() == several.len(),
        "each once: {named:?}"
    );
}

#[test]
fn every_activity_is_found_by_its_own_label() {
    let plan = Plan::microneedling();
    let mut lost = Vec::new();
    for locale in Locale::ALL {
        for activity in plan.activities() {
            let label = &activity.texts(locale).label;
            let found = questions(&plan, label);
            if !found.iter().any(|question| question.activity.id == activity.id) {
                lost.push((
                    label.clone(),
                    found
                        .iter()
                        .map(|one| one.activity.id.clone())
                        .collect::<Vec<_>>(),
                ));
            }
        }
    }
    assert_eq!(lost, Vec::new());
}
