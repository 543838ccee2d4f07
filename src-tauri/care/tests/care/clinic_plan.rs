//! A clinic's plan on top of the default: stricter freely, shorter by a clinician's name, never looser
//! where triage is concerned.

use afterglow_care::check_in::Symptom;
use afterglow_care::plan::{InstructionKind, Timing, Window};
use afterglow_care::session::DepthClass;
use afterglow_care::triage::{RuleId, TriageLevel};
use afterglow_care::{Locale, Plan};

use crate::given::id;

const EXAMPLE: &str = include_str!("../../plans/example-clinic.toml");

/// The least that a clinic's plan says, and what follows.
fn clinic(rest: &str) -> String {
    format!(
        "format = 1\nid = \"sunrise\"\nversion = 3\nlocale = \"en\"\n\
         extends = {{ id = \"microneedling\", version = 2 }}\n\
         texts = {{ title = \"Aftercare\", review = \"Reviewed.\" }}\n\
         [clinic]\nname = \"Sunrise\"\nphones = [{{ number = \"+44 20 7946 0123\" }}]\n{rest}"
    )
}

fn read(rest: &str) -> Result<Plan, Vec<String>> {
    Plan::microneedling()
        .extended(&clinic(rest), &[])
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn hours(plan: &Plan, name: &str, class: DepthClass) -> Window {
    match &plan.instruction(&id(name)).expect("of the plan").timing {
        Timing::Window { hours, .. } => *hours.get(class),
        other => panic!("{name} has {other:?}"),
    }
}

#[test]
fn the_example_is_read() {
    let plan = Plan::microneedling()
        .extended(EXAMPLE, &[])
        .expect("the example is valid");
    assert_eq!((plan.id.as_str(), plan.version), ("sunrise", 1));
    let contact = plan.clinic().expect("the clinic");
    assert_eq!(
        (contact.name.as_str(), contact.phones.len(), contact.hours.len()),
        ("Sunrise Skin Clinic", 2, 2)
    );
    assert_eq!(hours(&plan, "no_makeup", DepthClass::Medium).until, 48);
    assert_eq!(hours(&plan, "makeup_careful", DepthClass::Medium).from, 48);
    let swimming = plan.instruction(&id("no_swimming")).expect("changed");
    assert_eq!(swimming.approved_by.as_deref(), Some("Dr Ana Example"));
    let balm = plan.instruction(&id("sunrise_balm")).expect("added");
    assert_eq!(balm.kind, InstructionKind::Do);
    assert_eq!(
        plan.source(&balm.sources[0]).map(|source| source.title.as_str()),
        Some("Sunrise Skin Clinic")
    );
    assert!(plan.instruction(&id("next_session")).is_none());
    assert_eq!(plan.switched_off().len(), 1);
    let sunburn = plan.rule(&RuleId("sunburn".to_owned())).expect("raised");
    assert_eq!(sunburn.level, TriageLevel::CallClinic);
    assert_eq!(sunburn.texts(Locale::Es).advice, sunburn.texts(Locale::En).advice);
    let warmth = &plan.band(Symptom::Warmth, DepthClass::Deep).highest;
    assert_eq!(warmth[3].grade(), 0);
    let added = Plan::microneedling().activities().len() + 1;
    assert_eq!(plan.activities().len(), added);
    assert!(plan.screening().iter().any(|item| item.id == "sunrise_peel"));
}

#[test]
fn what_a_clinic_leaves_out_is_the_plan_beneath() {
    let (base, plan) = (Plan::microneedling(), read("").expect("nothing changed"));
    assert_eq!(plan.instructions().len(), base.instructions().len());
    assert_eq!(plan.rules().len(), base.rules().len());
    assert_eq!(
        plan.instruction(&id("no_heat"))
            .map(|it| it.texts(Locale::Es).text.clone()),
        base.instruction(&id("no_heat"))
            .map(|it| it.texts(Locale::Es).text.clone())
    );
    assert_eq!(
        plan.closing(TriageLevel::Watch, Locale::Es),
        base.closing(TriageLevel::Watch, Locale::Es)
    );
}

#[test]
fn whatever_is_stricter_is_accepted() {
    for rest in [
        "[[instruction]]\nid = \"no_heat\"\ntiming.window = { hours = { superficial = [0, 72], medium = [0, 96], deep = [0, 200] } }",
        "[[rule]]\nid = \"above_expected\"\nlevel = \"call_clinic\"",
        "[[rule]]\nid = \"purulence\"\nwhen = [{ signs = [[\"raw_or_weeping\"]] }]",
        "[[screening]]\nid = \"diabetes\"\naction = \"stop\"",
        "[[ingredient_group]]\nid = \"drying_alcohol\"\nuntil = \"no_retinoids\"",
        "[[activity]]\nid = \"makeup\"\nanswer = \"ask_clinic\"",
        "[[switch_off]]\nid = \"no_alcohol_drinks\"\nreason = \"Weak evidence.\"\napproved_by = \"Dr A\"",
        "[[pre_care]]\nid = \"pre_no_retinoids\"\nkind = \"avoid\"\nhours_before = 168\nsources = [\"clinic\"]\ntexts = { label = \"a\", text = \"b\", why = \"c\" }",
    ] {
        let told = read(rest).err();
        assert!(told.is_none(), "{rest}: {told:#?}");
    }
}

#[test]
fn a_raised_rule_has_no_upper_limits_left() {
    let plan = read("[[rule]]\nid = \"above_expected\"\nlevel = \"call_clinic\"").expect("raised");
    let rule = plan
        .rule(&RuleId("above_expected".to_owned()))
        .expect("of the plan");
    for condition in &rule.when {
        let limited = condition
            .above_band
            .is_some_and(|above| above.at_most.is_some() || above.to.is_some());
        assert!(!limited && condition.unless.is_empty(), "{condition:?}");
    }
}

#[test]
fn whatever_is_looser_is_refused_with_the_reason() {
    let more_rules = (0..90)
        .map(|number| {
            format!(
                "[[rule]]\nid = \"more_{number}\"\nlevel = \"watch\"\nwhen = [{{ signs = [[\"pus\"]] }}]\n\
                 sources = [\"clinic\"]\ntexts.advice = \"x\""
            )
        })
        .collect::<Vec<_>>()
        .join("\n");
    let shorter = "timing.window = { hours = { superficial = [0, 48], medium = [0, 24], deep = [0, 120] } }";
    for (rest, says) in [
        (format!("[[instruction]]\nid = \"no_heat\"\n{shorter}"), "`no_heat` would hold from hour 0 to 24 for medium sessions instead of 0 to 72"),
        ("[[instruction]]\nid = \"no_heat\"\nkind = \"limit\"".to_owned(), "because of `kind`: it asks for less"),
        ("[[instruction]]\nid = \"no_heat\"\nareas = [\"face\"]".to_owned(), "because of `areas`: it leaves areas out"),
        ("[[instruction]]\nid = \"no_heat\"\nwaived_by = \"gel\"".to_owned(), "because of `waived_by`"),
        (
            "[[instruction]]\nid = \"gentle_cleanse\"\nopens_with = \"gel\"".to_owned(),
            "because of `opens_with`",
        ),
        ("[[instruction]]\nid = \"no_heat\"\nsetting = \"home\"".to_owned(), "because of `setting`"),
        ("[[instruction]]\nid = \"no_makeup\"\ntiming.window = { hours = { superficial = [0, 48], medium = [0, 48], deep = [0, 48] } }".to_owned(), "`makeup_careful`, which follows it, begins at hour 24; give `makeup_careful` a window that begins at hour 48"),
        ("[[instruction]]\nid = \"check_in\"\ntiming = \"prescribed\"".to_owned(), "`check_in` may only ask more often"),
        ("[[instruction]]\nid = \"own\"\nkind = \"do\"\ntiming = \"prescribed\"\nsources = [\"clinic\"]".to_owned(), "`texts` is missing"),
        ("[[switch_off]]\nid = \"no_heat\"\nreason = \"We like it.\"".to_owned(), "add `approved_by` with the clinician who answers for leaving it out"),
        ("[[switch_off]]\nid = \"check_in\"\nreason = \"Too often.\"".to_owned(), "`check_in` cannot be switched off"),
        ("[[switch_off]]\nid = \"purulence\"\nreason = \"Too often.\"".to_owned(), "rules are never switched off"),
        ("[[switch_off]]\nid = \"no_retinoids\"\nreason = \"We advise in person.\"\napproved_by = \"Dr A\"".to_owned(), "`retinoid` waits for `no_retinoids`"),
        ("[[switch_off]]\nid = \"sing\"\nreason = \"No singing.\"".to_owned(), "the plan beneath has no instruction `sing`"),
        ("[[rule]]\nid = \"purulence\"\nlevel = \"watch\"".to_owned(), "`purulence` has level call_clinic, and watch is lower; a clinic's plan may raise levels, never lower them"),
        ("[[band]]\nsymptom = \"pain\"\nclass = \"medium\"\nhighest = [2, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0]".to_owned(), "on elapsed day 2 pain is expected up to 1 for medium sessions, and 2 is more"),
        ("[[rule]]\nid = \"severe_pain\"\nwhen = [{ signs = [[\"pus\"]], unless = [\"anaphylaxis_signs\"] }]".to_owned(), "`severe_pain` has `unless` or `untaken_signs`, so it is judged later than `fires` looks"),
        ("[[rule]]\nid = \"severe_pain\"\nwhen = [{ signs = [[\"pus\"]], fires = [\"purulence\"] }]".to_owned(), "`severe_pain` has `fires` itself"),
        ("[[rule]]\nid = \"purulence\"\nwhen = [{ fires = [\"hives\"] }]".to_owned(), "`hives` has `unless` or `untaken_signs`"),
        ("[[rule]]\nid = \"anaphylaxis_signs\"\nwhen = [{ untaken_signs = true }]".to_owned(), "`anaphylaxis_signs` has `untaken_signs`, so it is judged later than `unless` looks"),
        (more_rules, "this rule is one too many; expected at most 128"),
        ("[[screening]]\nid = \"pregnant\"\naction = \"note\"".to_owned(), "`pregnant` asks for more in the plan beneath"),
        ("[[activity]]\nid = \"makeup\"\nanswer = \"yes\"".to_owned(), "expected `answer = \"ask_clinic\"`, or a new name"),
        ("[[ingredient_group]]\nid = \"retinoid\"\nuntil = \"no_heat\"".to_owned(), "`no_heat` ends at hour 48 for superficial sessions, and `retinoid` waits until hour 120"),
        ("[[phase]]\nid = \"calming\"".to_owned(), "there is no key `phase` here"),
        ("[[band_shift]]\nsymptoms = [\"pain\"]".to_owned(), "there is no key `band_shift` here"),
        ("[sources]\nF0 = { title = \"Mine\" }".to_owned(), "the source `F0` is there already"),
    ] {
        let told = read(&rest).err().unwrap_or_default();
        assert!(told.iter().any(|message| message.contains(says)), "{rest}: {told:#?}");
        let approved = rest.starts_with("[[instruction]]") && says.contains("because of")
            || rest.contains(shorter);
        if approved {
            let told = read(&format!("{rest}\napproved_by = \"Dr A\"")).err();
            assert!(told.is_none(), "{rest}, approved: {told:#?}");
        }
    }
}

#[test]
fn the_clinic_can_be_reached_and_extends_this_plan() {
    let base = Plan::microneedling();
    for (from, to, says) in [
        (
            "version = 2 }",
            "version = 1 }",
            "this extends microneedling version 1; the plan here is microneedling version 2",
        ),
        (
            "id = \"sunrise\"",
            "id = \"microneedling\"",
            "is the name of the plan beneath",
        ),
        ("+44 20 7946 0123", "call us", "`call us` cannot be dialled"),
        (
            "until = \"18:00\"",
            "until = \"08:00\"",
            "the hours end at 08:00, not after 09:00",
        ),
        ("\"mon\", ", "\"monday\", ", "`monday` is not known here"),
        ("name = \"Sunrise Skin Clinic\"", "", "`name` is missing"),
    ] {
        let text = EXAMPLE.replacen(from, to, 1);
        let told: Vec<String> = base
            .extended(&text, &[])
            .err()
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(
            told.iter().any(|message| message.contains(says)),
            "{to}: {told:#?}"
        );
    }
}

#[test]
fn with_a_translation_every_text_of_the_clinic_is_translated() {
    let spanish = "format = 1\nplan = \"sunrise\"\nversion = 3\nlocale = \"es\"\n\
        texts = { title = \"Cuidados\", review = \"Revisado.\" }\n[rules.sunburn]\nadvice = \"Llama hoy.\"";
    let base = Plan::microneedling();
    let text = clinic("[[rule]]\nid = \"sunburn\"\ntexts.advice = \"Call us.\"");
    let plan = base.extended(&text, &[spanish]).expect("complete");
    assert_eq!(
        plan.rule(&RuleId("sunburn".to_owned()))
            .map(|rule| rule.texts(Locale::Es).advice.as_str()),
        Some("Llama hoy.")
    );
    let missing = base.extended(&text, &[spanish.split("[rules").next().unwrap_or_default()]);
    let told: Vec<String> = missing
        .err()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(told, ["translation 1: `sunburn` is not translated; add it"]);
}
