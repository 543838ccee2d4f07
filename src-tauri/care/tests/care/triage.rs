//! Levels: each rule at its limits, courses of check-ins, and what always holds.

use std::collections::BTreeSet;

use afterglow_care::check_in::{CheckIn, CheckInId, Sign, Symptom, Temperature};
use afterglow_care::session::{Area, NeedleDepth, Risk, SessionId};
use afterglow_care::triage::{Assessment, Fact, Gap, TriageLevel, assess, judge_each, session_of};
use afterglow_care::{Locale, Session};
use chrono::{TimeDelta, Utc};
use enumset::EnumSet;
use proptest::prelude::*;
use uuid::Uuid;

use crate::given::{berlin, check_in, plan, session, severity};
use Symptom::{
    Bleeding, Crusting, Desquamation, Dryness, Ecchymosis, Edema, Erythema, Pain, Pruritus, Tightness, Warmth,
};
use TriageLevel::{CallClinic, Emergency, Expected, Watch};

fn treated(micrometres: u16) -> Session {
    let mut session = session(berlin("2026-01-12 10:00"));
    session.depth = NeedleDepth::from_micrometres(micrometres);
    session
}

fn of(sessions: &[Session], check_ins: &[CheckIn]) -> Assessment {
    let now = sessions[0].ended_at + TimeDelta::days(4_000);
    assess(plan(), sessions, check_ins, now).expect("there is a check-in")
}

fn judged(session: &Session, check_ins: &[CheckIn]) -> Assessment {
    of(std::slice::from_ref(session), check_ins)
}

fn rules(assessment: &Assessment) -> Vec<&str> {
    assessment
        .newest
        .findings
        .iter()
        .map(|finding| finding.rule.0.as_str())
        .collect()
}

const CALM: [(Symptom, u8); 4] = [(Erythema, 0), (Edema, 0), (Warmth, 0), (Pain, 0)];

#[test]
fn without_a_check_in_there_is_no_assessment() {
    let session = treated(1_000);
    let now = session.ended_at;
    assert_eq!(assess(plan(), &[session], &[], now), None);
}

#[test]
fn only_known_sessions_check_ins_up_to_now_are_judged() {
    let session = treated(1_000);
    let quiet = check_in(&session, 10, &[(Pain, 1)]);
    let mut other = check_in(&session, 20, &[(Pain, 4)]);
    other.session = SessionId(Uuid::from_u128(9));
    let later = check_in(&session, 30, &[(Pain, 4)]);
    let now = session.ended_at + TimeDelta::hours(20);
    let all = [later, other, quiet.clone()];
    let assessment = assess(plan(), &[session], &all, now).expect("one is left");
    assert_eq!(
        (assessment.newest.check_in, assessment.newest.level),
        (quiet.id, Expected)
    );
}

#[test]
fn a_quiet_whole_check_in_is_expected() {
    let session = treated(1_000);
    let all = [(Erythema, 1), (Edema, 0), (Warmth, 0), (Pain, 0)];
    let newest = judged(&session, &[check_in(&session, 60, &all)]).newest;
    assert_eq!((newest.level, newest.complete), (Expected, true));
    assert_eq!(newest.findings, []);
}

#[test]
fn half_a_check_in_is_not_complete_and_judged_all_the_same() {
    let session = treated(1_000);
    let all = [(Erythema, 1), (Edema, 0), (Warmth, 0), (Pain, 4)];
    let mut no_signs = check_in(&session, 60, &all);
    no_signs.signs = None;
    let one_missing = check_in(&session, 60, &all[1..]);
    for half in [no_signs, one_missing] {
        let newest = judged(&session, &[half]).newest;
        assert_eq!((newest.level, newest.complete), (CallClinic, false));
    }
}

/// One check-in, alone or after others, that makes a rule fire or only just does not.
struct Row {
    rule: &'static str,
    fires: bool,
    hours: i64,
    depth: u16,
    areas: &'static [Area],
    risks: &'static [Risk],
    severities: &'static [(Symptom, u8)],
    signs: &'static [Sign],
    celsius: Option<f64>,
    earlier: &'static [(i64, &'static [(Symptom, u8)])],
}

const ROW: Row = Row {
    rule: "",
    fires: true,
    hours: 60,
    depth: 1_000,
    areas: &[Area::Face],
    risks: &[],
    severities: &[],
    signs: &[],
    celsius: None,
    earlier: &[],
};

/// Hours on an elapsed day.
const fn day(day: i64) -> i64 {
    day * 24 + 10
}

#[expect(clippy::too_many_lines, reason = "a row for each limit of each rule")]
fn table() -> Vec<Row> {
    use Sign::*;
    let fires = |rule, signs| Row { rule, signs, ..ROW };
    let not = |rule, signs| Row {
        rule,
        signs,
        fires: false,
        ..ROW
    };
    let graded = |rule, on, severities| Row {
        rule,
        hours: day(on),
        severities,
        ..ROW
    };
    let graded_not = |rule, on, severities| Row {
        rule,
        hours: day(on),
        severities,
        fires: false,
        ..ROW
    };
    vec![
        fires("anaphylaxis_signs", &[BreathingDifficulty]),
        fires("anaphylaxis_signs", &[ThroatTongueSwelling]),
        fires("anaphylaxis_signs", &[SuddenLipOrFaceSwelling]),
        fires("anaphylaxis_signs", &[Collapse]),
        fires("anaphylaxis_signs", &[Hives, Faint]),
        fires("anaphylaxis_signs", &[WidespreadRash, Vomiting]),
        fires("anaphylaxis_signs", &[Hives, FastHeartbeat]),
        not("anaphylaxis_signs", &[Hives, Dizzy]),
        not("anaphylaxis_signs", &[Hives]),
        fires("bleeding_not_stopping", &[BleedingNotStopping]),
        fires("infection_with_systemic_signs", &[Fever, Pus]),
        fires("infection_with_systemic_signs", &[ChillsVeryUnwell, RedStreaks]),
        not("infection_with_systemic_signs", &[Dizzy, Pus]),
        fires("infection_with_systemic_signs", &[Fever, WidespreadRash]),
        fires("infection_with_systemic_signs", &[Fever, FastHeartbeat]),
        fires("infection_with_systemic_signs", &[Fever, Blisters]),
        Row {
            severities: &[(Pain, 4)],
            ..fires("infection_with_systemic_signs", &[Vomiting])
        },
        Row {
            severities: &[(Pruritus, 3)],
            ..fires("infection_with_systemic_signs", &[Fever])
        },
        Row {
            severities: &[(Pruritus, 3)],
            ..not("infection_with_systemic_signs", &[Dizzy])
        },
        Row {
            celsius: Some(38.0),
            ..fires("infection_with_systemic_signs", &[YellowCrust])
        },
        Row {
            celsius: Some(37.9),
            ..not("infection_with_systemic_signs", &[YellowCrust])
        },
        Row {
            risks: &[Risk::Immunosuppressed],
            ..fires("infection_with_systemic_signs", &[Fever])
        },
        not("infection_with_systemic_signs", &[Fever]),
        fires("eye_signs", &[EyePain]),
        fires("eye_signs", &[VisionChange]),
        fires("eye_signs", &[LightHurtsEye]),
        fires("eye_signs", &[BlistersNearEye]),
        Row {
            areas: &[Area::Face, Area::EyeArea],
            ..fires("eye_signs", &[ColdSore])
        },
        not("eye_signs", &[ColdSore]),
        fires("skin_necrosis_or_fast_spread", &[SkinBlackOrPurple]),
        fires("skin_necrosis_or_fast_spread", &[SpreadingFast]),
        fires("widespread_blisters", &[WidespreadBlisters]),
        Row {
            risks: &[Risk::Eczema],
            ..fires("widespread_blisters", &[Blisters])
        },
        Row {
            risks: &[Risk::Eczema],
            ..fires("widespread_blisters", &[ColdSore])
        },
        not("widespread_blisters", &[Blisters]),
        fires("facial_droop", &[FaceDroopOrWeakness]),
        fires("critical_signs", &[Confusion]),
        fires("critical_signs", &[FastBreathing]),
        fires("critical_signs", &[Seizure]),
        fires("critical_signs", &[SlurredOrDrowsy]),
        fires("critical_signs", &[BlueGreySkin]),
        Row {
            hours: 23,
            ..fires("numbing_toxicity", &[RingingEars])
        },
        Row {
            hours: 23,
            ..fires("numbing_toxicity", &[MetalTaste])
        },
        Row {
            hours: 0,
            ..fires("numbing_toxicity", &[Twitching])
        },
        Row {
            hours: 1,
            ..fires("numbing_toxicity", &[FastHeartbeat])
        },
        Row {
            hours: 1,
            ..fires("numbing_toxicity", &[Dizzy, MouthNumb])
        },
        Row {
            hours: 1,
            ..not("numbing_toxicity", &[Dizzy])
        },
        Row {
            hours: 24,
            ..not("numbing_toxicity", &[RingingEars, Dizzy, Vomiting])
        },
        Row {
            severities: &[(Edema, 3)],
            ..fires("eye_or_airway_threat", &[Pus])
        },
        Row {
            severities: &[(Edema, 3)],
            areas: &[Area::EyeArea],
            ..fires("eye_or_airway_threat", &[Fever])
        },
        Row {
            severities: &[(Edema, 3)],
            areas: &[Area::Legs],
            ..not("eye_or_airway_threat", &[Pus])
        },
        Row {
            severities: &[(Edema, 2)],
            ..not("eye_or_airway_threat", &[Pus])
        },
        Row {
            areas: &[Area::Neck],
            ..fires("eye_or_airway_threat", &[ExpandingLump])
        },
        not("eye_or_airway_threat", &[ExpandingLump]),
        fires("purulence", &[Pus]),
        fires("purulence", &[YellowCrust]),
        fires("spreading_redness", &[SpreadingRedness]),
        fires("spreading_redness", &[RedStreaks]),
        fires("fever_or_unwell", &[Fever]),
        fires("fever_or_unwell", &[Dizzy]),
        fires("fever_or_unwell", &[Faint]),
        Row {
            celsius: Some(38.3),
            ..fires("fever_or_unwell", &[])
        },
        Row {
            celsius: Some(37.9),
            ..not("fever_or_unwell", &[])
        },
        Row {
            earlier: &[(34, &[(Erythema, 1)])],
            ..graded("worse_instead_of_better", 3, &[(Erythema, 2)])
        },
        Row {
            earlier: &[(34, &[(Erythema, 1)])],
            ..graded_not("worse_instead_of_better", 2, &[(Erythema, 2)])
        },
        Row {
            earlier: &[(58, &[(Edema, 0)])],
            ..graded_not("worse_instead_of_better", 3, &[(Edema, 1)])
        },
        Row {
            earlier: &[(34, &[(Pain, 1)])],
            ..graded("worse_instead_of_better", 2, &[(Pain, 2)])
        },
        Row {
            earlier: &[(34, &[(Warmth, 0)])],
            ..graded("worse_instead_of_better", 2, &[(Warmth, 2)])
        },
        Row {
            earlier: &[(10, &[(Warmth, 0)])],
            ..graded_not("worse_instead_of_better", 1, &[(Warmth, 2)])
        },
        // A plateau above the lowest stays a call, until it is back down.
        Row {
            earlier: &[(34, &[(Warmth, 1)]), (82, &[(Warmth, 2)])],
            ..graded("worse_instead_of_better", 4, &[(Warmth, 2)])
        },
        Row {
            earlier: &[(34, &[(Warmth, 1)]), (82, &[(Warmth, 2)])],
            ..graded_not("worse_instead_of_better", 4, &[(Warmth, 1)])
        },
        // Day 0 is a comparison only as the latest value, never as the lowest.
        Row {
            earlier: &[(2, &[(Erythema, 1)]), (34, &[(Erythema, 3)])],
            ..graded_not("worse_instead_of_better", 3, &[(Erythema, 2)])
        },
        graded("far_above_expected", 3, &[(Erythema, 3)]),
        graded_not("far_above_expected", 3, &[(Erythema, 2)]),
        graded("far_above_expected", 0, &[(Edema, 4)]),
        graded("far_above_expected", 0, &[(Erythema, 4)]),
        graded("far_above_expected", 0, &[(Warmth, 4)]),
        graded("severe_pain", 0, &[(Pain, 4)]),
        graded("severe_pain", 1, &[(Pain, 3)]),
        graded_not("severe_pain", 0, &[(Pain, 3)]),
        Row {
            depth: 2_000,
            ..graded_not("severe_pain", 1, &[(Pain, 3)])
        },
        Row {
            depth: 2_000,
            ..graded("severe_pain", 2, &[(Pain, 3)])
        },
        fires("hives", &[Hives]),
        fires("hives", &[WidespreadRash]),
        not("hives", &[Hives, BreathingDifficulty]),
        fires("cold_sore", &[ColdSore]),
        Row {
            risks: &[Risk::ColdSoreHistory],
            ..fires("cold_sore", &[LipTingling])
        },
        not("cold_sore", &[LipTingling]),
        fires("blisters_or_raw_skin", &[Blisters]),
        fires("blisters_or_raw_skin", &[RawOrWeeping]),
        graded("blisters_or_raw_skin", 4, &[(Crusting, 3)]),
        graded_not("blisters_or_raw_skin", 4, &[(Crusting, 2)]),
        graded("late_or_heavy_bleeding", 1, &[(Bleeding, 2)]),
        graded_not("late_or_heavy_bleeding", 0, &[(Bleeding, 2)]),
        graded("late_or_heavy_bleeding", 0, &[(Bleeding, 3)]),
        graded_not("late_or_heavy_bleeding", 1, &[(Bleeding, 1)]),
        graded("hematoma", 0, &[(Ecchymosis, 4)]),
        graded_not("hematoma", 0, &[(Ecchymosis, 3)]),
        Row {
            risks: &[Risk::Anticoagulant],
            ..graded("hematoma", 0, &[(Ecchymosis, 3)])
        },
        graded("hematoma", 4, &[(Ecchymosis, 3)]),
        graded_not("hematoma", 3, &[(Ecchymosis, 3)]),
        fires("hematoma", &[ExpandingLump]),
        Row {
            hours: day(3),
            ..fires("pigment_change", &[DarkOrLightPatches])
        },
        Row {
            hours: day(180),
            ..fires("pigment_change", &[DarkOrLightPatches])
        },
        Row {
            hours: day(2),
            ..not("pigment_change", &[DarkOrLightPatches])
        },
        graded("persistent_erythema", 7, &[(Erythema, 2)]),
        graded_not("persistent_erythema", 6, &[(Erythema, 2)]),
        graded("persistent_erythema", 14, &[(Erythema, 1)]),
        graded_not("persistent_erythema", 13, &[(Erythema, 1)]),
        Row {
            hours: day(3),
            ..fires("nodules", &[FirmLumps])
        },
        Row {
            hours: day(2),
            ..not("nodules", &[FirmLumps])
        },
        Row {
            hours: 1,
            ..fires("scarring", &[RaisedScar])
        },
        Row {
            hours: day(14),
            ..fires("scarring", &[LineMarks])
        },
        Row {
            hours: day(13),
            ..not("scarring", &[LineMarks])
        },
        Row {
            hours: day(8),
            ..fires("lymphadenopathy_lasting", &[SwollenGlands])
        },
        Row {
            hours: day(7),
            ..not("lymphadenopathy_lasting", &[SwollenGlands])
        },
        Row {
            hours: day(1),
            celsius: Some(38.2),
            ..fires("lymphadenopathy_lasting", &[SwollenGlands])
        },
        Row {
            hours: day(1),
            ..fires("lymphadenopathy_lasting", &[SwollenGlands, RedStreaks])
        },
        Row {
            hours: 24,
            ..fires("numbness", &[Numbness])
        },
        Row {
            hours: 23,
            ..not("numbness", &[Numbness])
        },
        Row {
            hours: 24,
            ..fires("numbness", &[MetalTaste])
        },
        graded("surface_symptoms_far_above", 0, &[(Desquamation, 3)]),
        graded_not("surface_symptoms_far_above", 0, &[(Desquamation, 2)]),
        graded("surface_symptoms_far_above", 0, &[(Tightness, 4)]),
        graded_not("surface_symptoms_far_above", 2, &[(Tightness, 3)]),
        graded("surface_symptoms_far_above", 1, &[(Pruritus, 3)]),
        graded_not("surface_symptoms_far_above", 0, &[(Pruritus, 3)]),
        graded("surface_symptoms_far_above", 2, &[(Pruritus, 2), (Erythema, 3)]),
        graded_not("surface_symptoms_far_above", 2, &[(Pruritus, 2), (Erythema, 2)]),
        graded_not("surface_symptoms_far_above", 2, &[(Pruritus, 2), (Warmth, 2)]),
        Row {
            risks: &[Risk::Diabetes],
            ..graded("above_expected_and_fragile", 3, &[(Erythema, 2)])
        },
        Row {
            risks: &[Risk::Immunosuppressed],
            ..graded("above_expected_and_fragile", 2, &[(Pain, 2)])
        },
        Row {
            risks: &[Risk::Anticoagulant],
            ..graded_not("above_expected_and_fragile", 3, &[(Erythema, 2)])
        },
        Row {
            risks: &[Risk::Anticoagulant],
            ..graded("above_expected_on_anticoagulant", 2, &[(Bleeding, 1)])
        },
        Row {
            risks: &[Risk::Anticoagulant],
            ..graded("above_expected_on_anticoagulant", 0, &[(Ecchymosis, 2)])
        },
        Row {
            risks: &[Risk::Diabetes],
            ..graded_not("above_expected_on_anticoagulant", 2, &[(Bleeding, 1)])
        },
        Row {
            earlier: &[(106, &[(Pruritus, 2)]), (130, &[(Pruritus, 2)])],
            ..graded("not_settling", 6, &[(Pruritus, 2)])
        },
        Row {
            earlier: &[(58, &[(Erythema, 3)]), (82, &[(Erythema, 2)])],
            ..graded("not_settling", 4, &[(Erythema, 2)])
        },
        Row {
            earlier: &[(82, &[(Dryness, 4)]), (106, &[(Dryness, 3)])],
            ..graded_not("not_settling", 6, &[(Dryness, 2)])
        },
        // Two of the three on one day are no three days.
        Row {
            earlier: &[(106, &[(Pruritus, 2)]), (150, &[(Pruritus, 2)])],
            ..graded_not("not_settling", 6, &[(Pruritus, 2)])
        },
        // A check-in inside the band begins anew.
        Row {
            earlier: &[(106, &[(Pruritus, 2)]), (130, &[(Pruritus, 1)])],
            ..graded_not("not_settling", 6, &[(Pruritus, 2)])
        },
        fires("red_sticky_eye", &[RedStickyEye]),
        Row {
            earlier: &[(106, &[(Warmth, 0), (Pain, 0)])],
            ..graded("late_flare", 7, &[(Warmth, 1), (Pain, 1)])
        },
        Row {
            earlier: &[(106, &[(Warmth, 0), (Pain, 0)])],
            ..graded_not("late_flare", 6, &[(Warmth, 1), (Pain, 1)])
        },
        Row {
            earlier: &[(106, &[(Warmth, 0), (Pain, 0)])],
            ..graded_not("late_flare", 7, &[(Warmth, 1), (Pain, 0)])
        },
        Row {
            depth: 500,
            earlier: &[(106, &[(Warmth, 0), (Pain, 0)])],
            ..graded("late_flare", 5, &[(Warmth, 1), (Pain, 1)])
        },
        Row {
            hours: day(14),
            ..fires("late_flare", &[FewPimples])
        },
        Row {
            hours: day(13),
            ..not("late_flare", &[FewPimples])
        },
        fires("needle_exposure", &[SharedOrReusedNeedle]),
        graded("above_expected", 3, &[(Erythema, 2)]),
        graded_not("above_expected", 3, &[(Erythema, 1)]),
        graded("above_expected", 0, &[(Desquamation, 2)]),
        graded_not("above_expected", 0, &[(Desquamation, 3)]),
        graded("above_expected", 2, &[(Bleeding, 1)]),
        graded_not("above_expected", 2, &[(Bleeding, 2)]),
        Row {
            risks: &[Risk::Anticoagulant],
            ..graded_not("above_expected", 2, &[(Bleeding, 1)])
        },
        Row {
            earlier: &[(34, &[(Edema, 0)])],
            ..graded("day_two_rise", 2, &[(Edema, 1)])
        },
        Row {
            earlier: &[(34, &[(Edema, 0)])],
            ..graded_not("day_two_rise", 2, &[(Edema, 2)])
        },
        Row {
            earlier: &[(34, &[(Edema, 0)])],
            ..graded_not("day_two_rise", 3, &[(Edema, 1)])
        },
        Row {
            hours: day(7),
            ..fires("lymphadenopathy_early", &[SwollenGlands])
        },
        Row {
            hours: day(8),
            ..not("lymphadenopathy_early", &[SwollenGlands])
        },
        Row {
            hours: day(2),
            ..fires("early_darkening", &[DarkOrLightPatches])
        },
        Row {
            hours: day(3),
            ..not("early_darkening", &[DarkOrLightPatches])
        },
        fires("small_bumps", &[FewPimples]),
        Row {
            hours: day(2),
            ..fires("small_bumps", &[FirmLumps])
        },
        Row {
            hours: day(3),
            ..not("small_bumps", &[FirmLumps])
        },
        Row {
            hours: day(13),
            ..fires("line_marks_early", &[LineMarks])
        },
        Row {
            hours: day(14),
            ..not("line_marks_early", &[LineMarks])
        },
        fires("sunburn", &[Sunburn]),
        not("sunburn", &[Sunburn, Blisters]),
        fires("tingling_or_other", &[LipTingling]),
        Row {
            risks: &[Risk::ColdSoreHistory],
            ..not("tingling_or_other", &[LipTingling])
        },
        Row {
            hours: 23,
            ..fires("tingling_or_other", &[MouthNumb])
        },
        Row {
            hours: 24,
            ..not("tingling_or_other", &[MouthNumb])
        },
        not("tingling_or_other", &[FewPimples]),
    ]
}

#[test]
fn each_rule_fires_at_its_limits_and_not_beyond() {
    let plan = plan();
    let mut tried = BTreeSet::new();
    for row in table() {
        let mut session = treated(row.depth);
        session.areas = row.areas.iter().copied().collect();
        session.risks = row.risks.iter().copied().collect();
        let mut course: Vec<_> = row
            .earlier
            .iter()
            .map(|(hours, severities)| check_in(&session, *hours, severities))
            .collect();
        let mut newest = check_in(&session, row.hours, row.severities);
        newest.signs = Some(row.signs.iter().copied().collect());
        newest.temperature = row.celsius.and_then(Temperature::from_celsius);
        course.push(newest);
        let assessment = judged(&session, &course);
        assert_eq!(
            rules(&assessment).contains(&row.rule),
            row.fires,
            "{} after {} h with {:?} {:?} gave {:?}",
            row.rule,
            row.hours,
            row.severities,
            row.signs,
            rules(&assessment)
        );
        tried.insert((row.rule, row.fires));
    }
    for rule in plan.rules() {
        assert!(
            tried.contains(&(rule.id.0.as_str(), true)),
            "{:?} is not tried",
            rule.id
        );
    }
}

#[test]
fn findings_stand_highest_first_with_facts_advice_and_sources() {
    let plan = plan();
    let session = treated(1_000);
    let mut newest = check_in(&session, day(4), &[(Erythema, 2), (Pain, 4)]);
    newest.signs = Some(Sign::Pus | Sign::SwollenGlands | Sign::Collapse);
    let assessment = judged(&session, &[newest]);
    let levels: Vec<_> = assessment
        .newest
        .findings
        .iter()
        .map(|finding| finding.level)
        .collect();
    assert!(levels.is_sorted_by(|before, after| before >= after));
    assert_eq!((levels.first(), levels.last()), (Some(&Emergency), Some(&Watch)));
    for finding in &assessment.newest.findings {
        assert!(!finding.facts.is_empty(), "{finding:?}");
        assert!(!finding.sources.is_empty() || finding.extrapolated, "{finding:?}");
        for locale in Locale::ALL {
            assert!(!finding.advice(plan, locale, 4).is_empty());
            assert!(!finding.because(plan, locale).contains('{'));
        }
    }
}

#[test]
fn facts_say_what_was_compared_and_name_the_gap() {
    let plan = plan();
    let session = treated(1_000);
    let course = [
        check_in(&session, day(1), &[(Erythema, 1)]),
        check_in(&session, day(5), &[(Erythema, 3)]),
    ];
    let assessment = judged(&session, &course);
    let rising = assessment
        .newest
        .findings
        .iter()
        .find(|finding| finding.rule.0 == "worse_instead_of_better")
        .expect("it rose");
    assert_eq!(
        rising.facts,
        [Fact::Rising {
            symptom: Erythema,
            severity: severity(3),
            before: severity(1),
            before_day: 1,
            gap: Some(Gap {
                from_day: 2,
                to_day: 4
            }),
        }]
    );
    assert_eq!(
        rising.because(plan, Locale::En),
        "Redness up from 1 on day 1 to 3 (no check-in on days 2 to 4)."
    );
    assert_eq!(
        assessment.gaps,
        [Gap {
            from_day: 2,
            to_day: 4
        }]
    );
}

#[test]
fn an_earlier_call_stays_open_beside_a_calm_check_in() {
    let session = treated(1_000);
    let mut call = check_in(&session, day(2), &CALM);
    call.signs = Some(Sign::Pus.into());
    let watch = check_in(&session, day(3), &[(Dryness, 3)]);
    let settled = check_in(&session, day(4), &CALM);
    let assessment = judged(&session, &[call.clone(), watch, settled]);
    assert_eq!(assessment.newest.level, Expected);
    let open: Vec<_> = assessment
        .open
        .iter()
        .map(|open| (open.check_in, open.corrected, open.finding.rule.0.as_str()))
        .collect();
    assert_eq!(open, [(call.id, false, "purulence")]);
    assert_eq!(assessment.shown_level(), CallClinic);
}

fn corrected(original: &CheckIn, severities: &[(Symptom, u8)]) -> CheckIn {
    CheckIn {
        id: CheckInId(Uuid::from_u128(original.id.0.as_u128() ^ 1)),
        severities: severities
            .iter()
            .map(|(symptom, grade)| (*symptom, severity(*grade)))
            .collect(),
        signs: Some(EnumSet::empty()),
        revises: Some(original.id),
        ..original.clone()
    }
}

#[test]
fn a_correction_counts_and_what_was_raised_stays_marked() {
    let session = treated(1_000);
    let mut mistaken = check_in(&session, day(2), &CALM);
    mistaken.signs = Some(Sign::Hives | Sign::FewPimples);
    let correction = corrected(&mistaken, &CALM);
    let assessment = judged(&session, &[mistaken.clone(), correction.clone()]);
    assert_eq!(
        (assessment.newest.check_in, assessment.newest.level),
        (correction.id, Expected)
    );
    let open: Vec<_> = assessment
        .open
        .iter()
        .map(|open| (open.check_in, open.corrected, open.finding.rule.0.as_str()))
        .collect();
    assert_eq!(
        open,
        [(mistaken.id, true, "hives"), (mistaken.id, true, "small_bumps")]
    );
}

#[test]
fn a_call_that_rested_on_a_corrected_value_stays_open() {
    let session = treated(1_000);
    let first = check_in(&session, day(1), &[(Warmth, 0)]);
    let rise = check_in(&session, day(2), &[(Warmth, 2)]);
    let correction = corrected(&first, &[(Warmth, 2)]);
    let assessment = judged(&session, &[first, rise.clone(), correction]);
    assert_eq!(
        (assessment.newest.check_in, assessment.newest.level),
        (rise.id, Watch)
    );
    assert!(
        assessment
            .open
            .iter()
            .any(|open| open.corrected && open.check_in == rise.id && open.finding.level == CallClinic)
    );
}

#[test]
fn a_trend_is_found_on_the_same_skin_and_on_the_session_s() {
    let mut session = treated(1_000);
    session.areas = BTreeSet::from([Area::Face, Area::Legs]);
    let about = |hours, area: Area, grade| CheckIn {
        areas: area.into(),
        ..check_in(&session, hours, &[(Warmth, grade)])
    };
    // Nobody said that the legs were well before: the careful reading takes the session's value.
    let other_skin = [about(day(1), Area::Face, 0), about(day(2), Area::Legs, 2)];
    assert!(rules(&judged(&session, &other_skin)).contains(&"worse_instead_of_better"));
    let with_another_between = [
        about(2, Area::Legs, 0),
        about(3, Area::Face, 2),
        about(day(2), Area::Legs, 2),
    ];
    assert!(rules(&judged(&session, &with_another_between)).contains(&"worse_instead_of_better"));
    let same_skin = [about(day(1), Area::Legs, 0), about(day(2), Area::Legs, 2)];
    assert!(rules(&judged(&session, &same_skin)).contains(&"worse_instead_of_better"));
    let named_by_neither = [
        check_in(&session, day(1), &[(Warmth, 0)]),
        about(day(2), Area::Legs, 2),
    ];
    assert!(rules(&judged(&session, &named_by_neither)).contains(&"worse_instead_of_better"));
}

#[test]
fn bands_are_shifted_by_the_areas_that_the_check_in_names() {
    let mut session = treated(1_000);
    session.areas = BTreeSet::from([Area::Face, Area::Chest]);
    // On the chest day 3 still has the band of day 2; the face does not wait.
    let mut chest = check_in(&session, day(3), &[(Erythema, 2)]);
    chest.areas = Area::Chest.into();
    assert_eq!(judged(&session, &[chest.clone()]).newest.level, Expected);
    chest.areas = EnumSet::empty();
    assert_eq!(judged(&session, &[chest]).newest.level, Watch);
}

#[test]
fn skin_that_was_not_treated_loosens_nothing() {
    let session = treated(1_000);
    let about_legs = CheckIn {
        areas: Area::Legs.into(),
        ..check_in(&session, day(3), &[(Erythema, 2)])
    };
    assert_eq!(judged(&session, &[about_legs]).newest.level, Watch);
}

/// One visit, two depths: the face at 0.5 mm, and later the hands at 2.5 mm.
fn two_sessions_of_a_day() -> [Session; 2] {
    let face = treated(500);
    let mut hands = treated(2_500);
    hands.id = SessionId(Uuid::from_u128(77));
    hands.areas = BTreeSet::from([Area::Hands]);
    hands.ended_at = face.ended_at + TimeDelta::hours(1);
    [face, hands]
}

#[test]
fn a_check_in_that_names_no_area_may_speak_of_every_treated_one() {
    let [face, hands] = two_sessions_of_a_day();
    let both = [face.clone(), hands.clone()];
    let sore = check_in(&hands, day(2), &[(Pain, 2)]);
    assert_eq!(
        of(std::slice::from_ref(&hands), std::slice::from_ref(&sore))
            .newest
            .level,
        Expected
    );
    assert!(rules(&of(&both, std::slice::from_ref(&sore))).contains(&"far_above_expected"));
    let of_the_hands = CheckIn {
        areas: Area::Hands.into(),
        ..sore.clone()
    };
    assert_eq!(of(&both, &[of_the_hands]).newest.level, Expected);

    let mut swollen = check_in(&hands, day(1), &[(Edema, 3)]);
    swollen.signs = Some(Sign::Pus.into());
    assert_eq!(
        of(std::slice::from_ref(&hands), std::slice::from_ref(&swollen))
            .newest
            .level,
        CallClinic
    );
    assert!(rules(&of(&both, &[swollen])).contains(&"eye_or_airway_threat"));

    let mut again = hands;
    again.areas.insert(Area::Face);
    let level = of(&[face, again], &[sore]).newest.level;
    assert_eq!(level, Expected, "the newer session takes the older one's place");
}

#[test]
fn trend_belongs_to_the_latest_session_and_late_signs_to_every_one() {
    let first = treated(1_000);
    let second = Session {
        id: SessionId(Uuid::from_u128(2)),
        ended_at: first.ended_at + TimeDelta::days(28),
        ..first.clone()
    };
    let sessions = [first.clone(), second.clone()];
    let mut newest = check_in(&second, 10, &[(Erythema, 3)]);
    let healed = check_in(&first, day(27), &[(Erythema, 0)]);
    assert_eq!(
        of(&sessions, &[healed.clone(), newest.clone()]).newest.level,
        Expected
    );
    newest.signs = Some(Sign::FirmLumps.into());
    assert_eq!(rules(&of(&sessions, &[healed, newest.clone()])), ["nodules"]);
    assert_eq!(rules(&of(&[second], &[newest])), ["small_bumps"]);
}

#[test]
fn a_check_in_belongs_to_the_latest_session_of_its_skin() {
    let face = treated(1_000);
    let legs = Session {
        id: SessionId(Uuid::from_u128(2)),
        ended_at: face.ended_at + TimeDelta::days(7),
        areas: BTreeSet::from([Area::Legs]),
        ..face.clone()
    };
    let sessions = [face.clone(), legs.clone()];
    let at = |days| face.ended_at + TimeDelta::days(days);
    assert_eq!(session_of(&sessions, EnumSet::empty(), at(-1)), None);
    assert_eq!(session_of(&sessions, EnumSet::empty(), at(1)), Some(face.id));
    assert_eq!(session_of(&sessions, EnumSet::empty(), at(8)), Some(legs.id));
    assert_eq!(session_of(&sessions, Area::Face.into(), at(8)), Some(face.id));
    assert_eq!(session_of(&sessions, Area::Legs.into(), at(1)), Some(face.id));
}

#[test]
fn each_check_in_is_judged_as_it_was_with_those_before_it() {
    let session = treated(1_000);
    let course: Vec<_> = [(2, 2), (26, 1), (50, 1), (98, 2)]
        .into_iter()
        .map(|(hours, grade)| check_in(&session, hours, &[(Erythema, grade)]))
        .collect();
    let plan = plan();
    let each = judge_each(
        plan,
        std::slice::from_ref(&session),
        &course,
        chrono::DateTime::<Utc>::MAX_UTC,
    );
    for (index, judgement) in each.iter().enumerate() {
        assert_eq!(*judgement, judged(&session, &course[..=index]).newest);
    }
}

#[test]
fn darker_skin_is_asked_for_a_change_of_colour() {
    let plan = plan();
    for locale in Locale::ALL {
        let asked = |risks: EnumSet<Risk>| {
            plan.questions(risks, locale)
                .find(|question| question.symptom == Erythema)
                .map(|question| question.label.to_owned())
        };
        assert_ne!(asked(EnumSet::empty()), asked(Risk::SkinType4To6.into()));
    }
}

fn red_flags() -> Vec<Sign> {
    Sign::ALL
        .iter()
        .copied()
        .filter(|sign| sign.is_red_flag())
        .collect()
}

/// Days at which something changes in the rules, and days long after.
const DAYS: [i64; 22] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 28, 56, 90, 120, 180, 365,
];

#[test]
fn every_red_flag_alone_reaches_at_least_the_clinic() {
    let plan = plan();
    let values: Vec<Vec<(Symptom, u8)>> = std::iter::once(Vec::new())
        .chain(
            Symptom::ALL
                .into_iter()
                .flat_map(|symptom| (0..=4).map(move |grade| vec![(symptom, grade)])),
        )
        .chain((0..=4).map(|grade| Symptom::ALL.map(|symptom| (symptom, grade)).to_vec()))
        .collect();
    let mut tried = 0_u32;
    for depth in [None, Some(500), Some(1_000), Some(1_500), Some(3_500)] {
        for areas in [&[Area::Face][..], &[Area::EyeArea], &[Area::Neck, Area::Legs]] {
            let mut session = treated(1_000);
            session.depth = depth.and_then(NeedleDepth::from_micrometres);
            session.areas = areas.iter().copied().collect();
            for day in DAYS {
                for severities in &values {
                    let mut flagged = check_in(&session, day * 24, severities);
                    for sign in red_flags() {
                        flagged.signs = Some(sign.into());
                        let level = assess(
                            plan,
                            std::slice::from_ref(&session),
                            std::slice::from_ref(&flagged),
                            flagged.at,
                        )
                        .map(|assessment| assessment.newest.level);
                        assert!(
                            level >= Some(CallClinic),
                            "{sign:?} on day {day} with {severities:?} gave {level:?}"
                        );
                        tried += 1;
                    }
                }
            }
        }
    }
    assert_eq!(tried, 5 * 3 * 22 * 61 * 40);
}

fn any_severities() -> impl Strategy<Value = Vec<(Symptom, u8)>> {
    prop::collection::vec(prop::option::of(0_u8..=4), Symptom::ALL.len()).prop_map(|grades| {
        Symptom::ALL
            .into_iter()
            .zip(grades)
            .filter_map(|(symptom, grade)| Some((symptom, grade?)))
            .collect()
    })
}

fn any_signs() -> impl Strategy<Value = EnumSet<Sign>> {
    prop::collection::vec(0..Sign::ALL.len(), 0..4)
        .prop_map(|places| places.into_iter().map(|place| Sign::ALL[place]).collect())
}

fn any_risks() -> impl Strategy<Value = EnumSet<Risk>> {
    (0_u8..64).prop_map(|bits| {
        EnumSet::<Risk>::all()
            .iter()
            .enumerate()
            .filter(|(place, _)| bits & (1 << place) != 0)
            .map(|(_, risk)| risk)
            .collect()
    })
}

/// A session and up to six check-ins of its first month.
fn any_course() -> impl Strategy<Value = (Session, Vec<CheckIn>)> {
    let check_ins = prop::collection::vec((0_i64..24 * 30, any_severities(), any_signs()), 1..7);
    let depth = prop::option::of(100_u16..=3_500);
    let areas = prop::sample::subsequence(Area::ALL.to_vec(), 1..4);
    (depth, areas, any_risks(), check_ins).prop_map(|(depth, areas, risks, mut entries)| {
        let mut session = treated(1_000);
        session.depth = depth.and_then(NeedleDepth::from_micrometres);
        session.areas = areas.into_iter().collect();
        session.risks = risks;
        entries.sort_by_key(|(hours, ..)| *hours);
        entries.dedup_by_key(|(hours, ..)| *hours);
        let course = entries
            .into_iter()
            .map(|(hours, severities, signs)| CheckIn {
                signs: Some(signs),
                ..check_in(&session, hours, &severities)
            })
            .collect();
        (session, course)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn worse_or_more_never_lowers_the_level(
        (session, mut course) in any_course(),
        symptom in 0..Symptom::ALL.len(),
        grade in 0_u8..=4,
        sign in 0..Sign::ALL.len(),
        celsius in prop::option::of(36.0..42.0_f64),
    ) {
        let before = judged(&session, &course);
        let newest = course.last_mut().expect("one at least");
        let symptom = Symptom::ALL[symptom];
        if newest.severities.get(symptom).is_none_or(|now| now.grade() < grade) {
            newest.severities.insert(symptom, severity(grade));
        }
        let worse = judged(&session, &course);
        prop_assert!(worse.newest.level >= before.newest.level, "{before:?} then {worse:?}");

        let newest = course.last_mut().expect("one at least");
        newest.signs = newest.signs.map(|signs| signs | Sign::ALL[sign]);
        newest.temperature = celsius.and_then(Temperature::from_celsius);
        let more = judged(&session, &course);
        prop_assert!(more.newest.level >= worse.newest.level, "{worse:?} then {more:?}");
        prop_assert!(more.shown_level() >= worse.shown_level());
    }

    #[test]
    fn risks_never_lower_a_level((mut session, course) in any_course(), risks in any_risks()) {
        let before = judged(&session, &course);
        session.risks |= risks;
        prop_assert!(judged(&session, &course).newest.level >= before.newest.level);
    }

    #[test]
    fn a_red_flag_among_anything_reaches_the_clinic(
        (session, mut course) in any_course(),
        sign in prop::sample::select(red_flags()),
    ) {
        let newest = course.last_mut().expect("one at least");
        newest.signs = newest.signs.map(|signs| signs | sign);
        prop_assert!(judged(&session, &course).newest.level >= CallClinic);
    }

    #[test]
    fn the_order_in_which_check_ins_are_given_changes_nothing(
        (session, mut course) in any_course(),
    ) {
        let before = judged(&session, &course);
        course.reverse();
        prop_assert_eq!(judged(&session, &course), before);
    }
}
