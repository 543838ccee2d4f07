//! Levels: each rule at its limits, courses of check-ins, and what always holds.

use std::collections::{BTreeMap, BTreeSet};

use afterglow_care::check_in::{CheckIn, CheckInId, Severity, Sign, Symptom};
use afterglow_care::session::NeedleDepth;
use afterglow_care::triage::{Assessment, Fact, TriageLevel, assess};
use afterglow_care::{Locale, Plan, Session};
use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use crate::given::{berlin, session, zone};
use Symptom::{Edema, Erythema, Pain, Warmth};

fn treated(micrometres: u16) -> Session {
    let mut session = session(berlin("2026-01-12 10:00"));
    session.depth = NeedleDepth::from_micrometres(micrometres);
    session
}

/// A check-in so many hours after the session's end; the signs were answered with "none of these".
fn check_in(session: &Session, hours: i64, severities: &[(Symptom, u8)]) -> CheckIn {
    let at = session.ended_at + TimeDelta::hours(hours);
    CheckIn {
        id: CheckInId(Uuid::from_u128(u128::from(hours.unsigned_abs()))),
        session: session.id,
        at,
        local_date: zone("Europe/Berlin").date(at),
        severities: severities
            .iter()
            .map(|(symptom, grade)| (*symptom, Severity::new(*grade).expect("a grade up to 4")))
            .collect(),
        signs: Some(BTreeSet::new()),
        note: String::new(),
    }
}

fn judged(session: &Session, check_ins: &[CheckIn]) -> Assessment {
    let now = session.ended_at + TimeDelta::days(400);
    assess(&Plan::microneedling(), session, check_ins, now).expect("there is a check-in")
}

fn rules(session: &Session, check_ins: &[CheckIn]) -> Vec<String> {
    judged(session, check_ins)
        .findings
        .into_iter()
        .map(|finding| finding.rule.0)
        .collect()
}

#[test]
fn without_a_check_in_there_is_no_assessment() {
    let session = treated(1_000);
    assert_eq!(
        assess(&Plan::microneedling(), &session, &[], session.ended_at),
        None
    );
}

#[test]
fn only_this_sessions_check_ins_up_to_now_are_judged() {
    let session = treated(1_000);
    let quiet = check_in(&session, 10, &[(Pain, 1)]);
    let mut other = check_in(&session, 20, &[(Pain, 4)]);
    other.session = afterglow_care::session::SessionId(Uuid::from_u128(9));
    let later = check_in(&session, 30, &[(Pain, 4)]);
    let now = session.ended_at + TimeDelta::hours(20);
    let assessment = assess(
        &Plan::microneedling(),
        &session,
        &[later, other, quiet.clone()],
        now,
    );
    assert_eq!(assessment.map(|a| (a.check_in, a.level)), Some((quiet.id, None)));
}

#[test]
fn a_quiet_check_in_is_recorded_and_never_called_expected() {
    let session = treated(1_000);
    let all = [(Erythema, 1), (Edema, 0), (Warmth, 0), (Pain, 0)];
    let assessment = judged(&session, &[check_in(&session, 60, &all)]);
    assert_eq!((assessment.level, assessment.complete), (None, true));
}

#[test]
fn half_a_check_in_is_not_complete_and_judged_all_the_same() {
    let session = treated(1_000);
    let all = [(Erythema, 1), (Edema, 0), (Warmth, 0), (Pain, 4)];
    let mut no_signs = check_in(&session, 60, &all);
    no_signs.signs = None;
    let one_missing = check_in(&session, 60, &all[1..]);
    for half in [no_signs, one_missing] {
        let assessment = judged(&session, &[half]);
        assert!(!assessment.complete);
        assert_eq!(assessment.level, Some(TriageLevel::CallClinic));
    }
}

#[test]
fn each_sign_belongs_to_one_emergency_rule() {
    use Sign::{
        BleedingNotStopping, BlistersNearEye, BlueGreySkin, BreathingDifficulty, Collapse, Confusion,
        EyePain, FaceDroopOrWeakness, FastBreathing, LightHurtsEye, Seizure, SkinBlackOrPurple,
        SlurredOrDrowsy, SpreadingFast, SuddenLipOrFaceSwelling, ThroatTongueSwelling, VisionChange,
        WidespreadBlisters,
    };
    let session = treated(1_000);
    let expected: [(&str, &[Sign]); 7] = [
        (
            "anaphylaxis_signs",
            &[
                BreathingDifficulty,
                ThroatTongueSwelling,
                SuddenLipOrFaceSwelling,
                Collapse,
            ],
        ),
        ("bleeding_not_stopping", &[BleedingNotStopping]),
        (
            "eye_signs",
            &[EyePain, VisionChange, LightHurtsEye, BlistersNearEye],
        ),
        (
            "skin_necrosis_or_fast_spread",
            &[SkinBlackOrPurple, SpreadingFast],
        ),
        ("widespread_blisters", &[WidespreadBlisters]),
        ("facial_droop", &[FaceDroopOrWeakness]),
        (
            "critical_signs",
            &[Confusion, FastBreathing, Seizure, SlurredOrDrowsy, BlueGreySkin],
        ),
    ];
    let mut seen = BTreeSet::new();
    for (rule, signs) in expected {
        for sign in signs {
            let mut check_in = check_in(&session, 60, &[]);
            check_in.signs = Some(BTreeSet::from([*sign]));
            let assessment = judged(&session, &[check_in]);
            assert_eq!(assessment.findings.len(), 1, "{sign:?}");
            assert_eq!(assessment.findings[0].rule.0, rule, "{sign:?}");
            assert_eq!(assessment.findings[0].facts, [Fact::Sign(*sign)]);
            seen.insert(*sign);
        }
    }
    assert_eq!(seen.len(), Sign::ALL.len(), "every sign is in the table");
}

/// An earlier check-in and the newest, each as elapsed hours and severities; whether the rule fires.
type Pair<'a> = (
    &'a str,
    (i64, &'a [(Symptom, u8)]),
    (i64, &'a [(Symptom, u8)]),
    bool,
);

#[test]
fn worse_instead_of_better_at_its_limits() {
    let session = treated(1_000);
    let cases: [Pair; 11] = [
        (
            "redness up to 2 on day 3",
            (48, &[(Erythema, 1)]),
            (72, &[(Erythema, 2)]),
            true,
        ),
        (
            "the hour before day 3",
            (48, &[(Erythema, 1)]),
            (71, &[(Erythema, 2)]),
            false,
        ),
        (
            "up, but only to 1",
            (48, &[(Erythema, 0)]),
            (72, &[(Erythema, 1)]),
            false,
        ),
        ("the same", (48, &[(Erythema, 2)]), (72, &[(Erythema, 2)]), false),
        (
            "swelling up to 2 on day 3",
            (48, &[(Edema, 1)]),
            (72, &[(Edema, 2)]),
            true,
        ),
        (
            "warmth up to 2 on day 3",
            (48, &[(Warmth, 1)]),
            (72, &[(Warmth, 2)]),
            true,
        ),
        (
            "pain up to 2 on day 2",
            (24, &[(Pain, 1)]),
            (48, &[(Pain, 2)]),
            true,
        ),
        ("pain on day 1", (10, &[(Pain, 1)]), (47, &[(Pain, 2)]), false),
        (
            "any up by 2 on day 2",
            (24, &[(Erythema, 0)]),
            (48, &[(Erythema, 2)]),
            true,
        ),
        (
            "any up by 2 on day 1",
            (10, &[(Erythema, 0)]),
            (47, &[(Erythema, 2)]),
            false,
        ),
        (
            "not asked before",
            (48, &[(Edema, 0)]),
            (72, &[(Erythema, 2)]),
            false,
        ),
    ];
    for (case, before, newest, fires) in cases {
        let course = [
            check_in(&session, before.0, before.1),
            check_in(&session, newest.0, newest.1),
        ];
        let found = rules(&session, &course).contains(&"worse_instead_of_better".to_owned());
        assert_eq!(found, fires, "{case}");
    }
}

#[test]
fn a_rise_is_measured_from_the_lowest_since_day_one() {
    let session = treated(1_000);
    let course = |grades: &[(i64, u8)]| -> Vec<CheckIn> {
        grades
            .iter()
            .map(|(hours, grade)| check_in(&session, *hours, &[(Warmth, *grade)]))
            .collect()
    };
    let rises = |grades| rules(&session, &course(grades)).contains(&"worse_instead_of_better".to_owned());
    assert!(rises(&[(30, 1), (82, 2), (106, 2)]), "a plateau stays a call");
    assert!(!rises(&[(30, 1), (82, 2), (106, 1)]), "back down");
    assert!(
        !rises(&[(2, 0), (30, 2), (82, 2)]),
        "the first day's value counts only while it is the latest"
    );
    assert!(rises(&[(2, 0), (82, 2)]), "it is the latest");
}

#[test]
fn far_above_expected_at_its_limits() {
    for (case, micrometres, hours, severity, fires) in [
        ("two above, day 3", 1_000, 72, (Erythema, 3), true),
        ("one above, day 3", 1_000, 72, (Erythema, 2), false),
        (
            "two above, the last hour of day 2",
            1_000,
            71,
            (Erythema, 3),
            false,
        ),
        ("shallow sessions expect less", 500, 48, (Erythema, 3), true),
        ("deep sessions expect more", 2_000, 72, (Erythema, 3), false),
        ("very severe redness on day 0", 1_000, 1, (Erythema, 4), true),
        ("very severe swelling on day 0", 2_000, 1, (Edema, 4), true),
        ("very severe warmth on day 0", 1_000, 1, (Warmth, 4), true),
        ("pain two above, day 2", 1_000, 48, (Pain, 3), true),
        ("pain one above, day 0", 1_000, 1, (Pain, 3), false),
    ] {
        let session = treated(micrometres);
        let found = rules(&session, &[check_in(&session, hours, &[severity])]);
        assert_eq!(found.contains(&"far_above_expected".to_owned()), fires, "{case}");
    }
}

#[test]
fn an_unknown_depth_is_judged_by_the_middle_band() {
    let mut session = treated(2_000);
    session.depth = None;
    let found = rules(&session, &[check_in(&session, 72, &[(Erythema, 3)])]);
    assert_eq!(found, ["far_above_expected"]);
}

#[test]
fn severe_pain_at_its_limits() {
    for (case, micrometres, hours, grade, fires) in [
        ("very severe at once", 1_000, 1, 4, true),
        ("severe on day 0", 1_000, 23, 3, false),
        ("severe on day 1", 1_000, 24, 3, true),
        ("severe on day 1 at 1.5 mm", 1_500, 24, 3, true),
        ("severe on day 1 of a deep session", 1_501, 24, 3, false),
        ("severe on day 2 of a deep session", 1_501, 48, 3, true),
        ("moderate", 1_000, 24, 2, false),
    ] {
        let session = treated(micrometres);
        let found = rules(&session, &[check_in(&session, hours, &[(Pain, grade)])]);
        assert_eq!(found.contains(&"severe_pain".to_owned()), fires, "{case}");
    }
}

#[test]
fn persistent_erythema_at_its_limits() {
    let session = treated(1_000);
    for (case, hours, grade, fires) in [
        ("moderate on day 7", 7 * 24, 2, true),
        ("moderate the hour before", 7 * 24 - 1, 2, false),
        ("mild on day 13", 14 * 24 - 1, 1, false),
        ("mild on day 14", 14 * 24, 1, true),
        ("none on day 14", 14 * 24, 0, false),
    ] {
        let found = rules(&session, &[check_in(&session, hours, &[(Erythema, grade)])]);
        assert_eq!(found.contains(&"persistent_erythema".to_owned()), fires, "{case}");
    }
}

#[test]
fn findings_lead_with_the_highest_level() {
    let session = treated(1_000);
    let mut both = check_in(&session, 60, &[(Pain, 4)]);
    both.signs = Some(BTreeSet::from([Sign::Seizure]));
    let assessment = judged(&session, &[both]);
    assert_eq!(assessment.level, Some(TriageLevel::Emergency));
    let levels: Vec<_> = assessment.findings.iter().map(|finding| finding.level).collect();
    assert_eq!(
        levels,
        [
            TriageLevel::Emergency,
            TriageLevel::CallClinic,
            TriageLevel::CallClinic
        ]
    );
}

#[test]
fn advice_names_the_recovery_day_and_the_rule_goes_by_the_elapsed_one() {
    let session = treated(1_000);
    let assessment = judged(&session, &[check_in(&session, 80, &[(Erythema, 3)])]);
    let plan = Plan::microneedling();
    assert_eq!(assessment.findings[0].day, 3);
    let advice = |locale| assessment.findings[0].advice(&plan, locale, 4);
    assert_eq!(
        advice(Locale::En),
        "This is stronger than expected for day 4. Call today."
    );
    assert_eq!(
        advice(Locale::Es),
        "Es más fuerte de lo esperado para el día 4. Llama hoy."
    );
}

/// Elapsed hours, severities in the order of [`Symptom::ALL`] (9 is not asked), level.
type Course = &'static [(i64, [u8; 4], Option<TriageLevel>)];

#[test]
fn courses_reach_the_level_that_these_rules_decide() {
    const CALL: Option<TriageLevel> = Some(TriageLevel::CallClinic);
    let courses: [(&str, u16, Course); 5] = [
        (
            "textbook",
            1_000,
            &[
                (10, [3, 1, 2, 2], None),
                (34, [2, 1, 1, 1], None),
                (58, [1, 0, 0, 0], None),
                (82, [1, 0, 0, 0], None),
                (130, [0, 0, 0, 0], None),
            ],
        ),
        (
            "peeling on day 3",
            1_000,
            &[(58, [1, 9, 9, 0], None), (82, [1, 9, 9, 0], None)],
        ),
        (
            "redness slow to settle",
            1_500,
            &[(58, [3, 1, 9, 1], None), (82, [2, 1, 9, 1], None)],
        ),
        (
            "redness rises again on day 4",
            1_000,
            &[
                (34, [2, 1, 9, 1], None),
                (58, [1, 0, 9, 0], None),
                (82, [1, 0, 9, 0], None),
                (106, [2, 0, 9, 1], CALL),
            ],
        ),
        (
            "warmth up on day 3 and staying there",
            1_500,
            &[
                (34, [2, 9, 1, 1], None),
                (82, [1, 9, 2, 0], CALL),
                (106, [1, 9, 2, 0], CALL),
            ],
        ),
    ];
    for (title, micrometres, course) in courses {
        let session = treated(micrometres);
        let mut check_ins = Vec::new();
        for (hours, grades, level) in course {
            let asked: Vec<_> = Symptom::ALL
                .into_iter()
                .zip(*grades)
                .filter(|(_, grade)| *grade <= 4)
                .collect();
            check_ins.push(check_in(&session, *hours, &asked));
            assert_eq!(
                judged(&session, &check_ins).level,
                *level,
                "{title} after {hours} h"
            );
        }
    }
}

#[test]
fn trouble_breathing_after_the_session_is_an_emergency() {
    let session = treated(1_000);
    let mut check_in = check_in(&session, 10, &[(Erythema, 3)]);
    check_in.signs = Some(BTreeSet::from([Sign::BreathingDifficulty]));
    assert_eq!(judged(&session, &[check_in]).level, Some(TriageLevel::Emergency));
}

prop_compose! {
    fn any_check_in()(
        hours in 0..1_000_i64,
        grades in proptest::collection::btree_map(
            proptest::sample::select(Symptom::ALL.to_vec()), 0..=4_u8, 0..=4,
        ),
        signs in proptest::option::of(proptest::collection::btree_set(
            proptest::sample::select(Sign::ALL.to_vec()), 0..2,
        )),
    ) -> (i64, BTreeMap<Symptom, u8>, Option<BTreeSet<Sign>>) {
        (hours, grades, signs)
    }
}

proptest! {
    #[test]
    fn worse_or_more_never_lowers_the_level(
        course in proptest::collection::vec(any_check_in(), 1..5),
        depth in proptest::option::of(100..=3_500_u16),
        symptom in proptest::sample::select(Symptom::ALL.to_vec()),
        sign in proptest::sample::select(Sign::ALL.to_vec()),
    ) {
        let mut session = treated(1_000);
        session.depth = depth.and_then(NeedleDepth::from_micrometres);
        let mut check_ins: Vec<_> = course
            .into_iter()
            .zip(1..)
            .map(|((hours, grades, signs), number)| {
                let mut check_in = check_in(&session, hours, &grades.into_iter().collect::<Vec<_>>());
                check_in.id = CheckInId(Uuid::from_u128(number));
                check_in.signs = signs;
                check_in
            })
            .collect();
        check_ins.sort_by_key(|c| (c.at, c.id));
        let level = judged(&session, &check_ins).level;

        let mut reversed = check_ins.clone();
        reversed.reverse();
        prop_assert_eq!(judged(&session, &reversed).level, level, "whatever the order");

        let last = check_ins.len() - 1;
        let mut worse = check_ins.clone();
        let grade = worse[last].severities.get(&symptom).map_or(0, |severity| severity.grade() + 1);
        if let Some(severity) = Severity::new(grade) {
            worse[last].severities.insert(symptom, severity);
        }
        prop_assert!(judged(&session, &worse).level >= level, "worse {:?}", symptom);

        let mut more = check_ins;
        more[last].signs.get_or_insert_default().insert(sign);
        prop_assert!(judged(&session, &more).level >= level, "with {:?}", sign);
    }

    #[test]
    fn each_sign_alone_is_an_emergency_on_any_day_at_any_depth(
        hours in 0..9_000_i64,
        depth in proptest::option::of(100..=3_500_u16),
    ) {
        let mut session = treated(1_000);
        session.depth = depth.and_then(NeedleDepth::from_micrometres);
        for sign in Sign::ALL {
            let mut check_in = check_in(&session, hours, &[]);
            check_in.signs = Some(BTreeSet::from([sign]));
            prop_assert_eq!(judged(&session, &[check_in]).level, Some(TriageLevel::Emergency), "{:?}", sign);
        }
    }
}
