//! Plans as files: the default one is complete, and a faulty one is refused with place and reason.

use std::collections::BTreeSet;

use afterglow_care::check_in::Symptom;
use afterglow_care::plan::{HIGHEST_EXPECTED, InstructionKind, MAX_TEXT_CHARS, SourceKey};
use afterglow_care::session::{Area, DepthClass};
use afterglow_care::timeline::PhaseId;
use afterglow_care::{Locale, Plan};

use crate::given::id;

const ENGLISH: &str = include_str!("../../plans/microneedling.toml");
const SPANISH: &str = include_str!("../../plans/microneedling.es.toml");

/// Every text of the plan in one language, each with its name.
fn texts(plan: &Plan, locale: Locale) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut add = |name: String, text: &str| all.push((name, text.to_owned()));
    add("title".to_owned(), &plan.texts(locale).title);
    add("review".to_owned(), &plan.texts(locale).review);
    for instruction in plan.instructions() {
        let texts = instruction.texts(locale);
        add(format!("{} label", instruction.id), &texts.label);
        add(format!("{} text", instruction.id), &texts.text);
        add(format!("{} why", instruction.id), &texts.why);
        if let Some(over) = &texts.over {
            add(format!("{} over", instruction.id), over);
        }
    }
    for phase in PhaseId::ALL {
        let texts = plan.phase(phase).texts(locale);
        add(format!("{} name", phase.name()), &texts.name);
        add(format!("{} normal", phase.name()), &texts.normal);
        add(format!("{} care", phase.name()), &texts.care);
        add(format!("{} results", phase.name()), &texts.results);
    }
    for rule in plan.rules() {
        add(format!("{} advice", rule.id.0), &rule.texts(locale).advice);
    }
    all
}

#[test]
fn the_default_plan_is_valid() {
    let plan = Plan::microneedling();
    assert_eq!((plan.id.as_str(), plan.version), ("microneedling", 1));
}

#[test]
fn every_text_is_there_in_every_language_short_and_calm() {
    let plan = Plan::microneedling();
    for locale in Locale::ALL {
        for (name, text) in texts(&plan, locale) {
            assert!(!text.trim().is_empty(), "{locale:?} {name}");
            assert!(
                text.chars().count() <= MAX_TEXT_CHARS,
                "{locale:?} {name}: {}",
                text.chars().count()
            );
            assert!(!text.contains(['!', '¡']), "{locale:?} {name} shouts");
            assert!(
                !text.to_lowercase().contains("you are fine"),
                "{locale:?} {name} promises"
            );
        }
        for instruction in plan.instructions() {
            assert!(
                instruction.texts(locale).label.chars().count() <= 26,
                "{locale:?} {}",
                instruction.id
            );
        }
    }
    let english = texts(&plan, Locale::En);
    for ((name, text), (_, translated)) in english.into_iter().zip(texts(&plan, Locale::Es)) {
        assert_ne!(text, translated, "{name} is not translated");
        assert_eq!(text.contains("{n}"), translated.contains("{n}"), "{name}");
    }
}

#[test]
fn every_claim_names_a_source_that_exists_or_says_that_it_has_none() {
    let plan = Plan::microneedling();
    let mut claims: Vec<(&[SourceKey], bool)> = Vec::new();
    claims.extend(
        plan.instructions()
            .iter()
            .map(|i| (i.sources.as_slice(), i.extrapolated)),
    );
    claims.extend(PhaseId::ALL.map(|id| (plan.phase(id).sources.as_slice(), plan.phase(id).extrapolated)));
    claims.extend(
        plan.rules()
            .iter()
            .map(|r| (r.sources.as_slice(), r.extrapolated)),
    );
    claims.extend(
        plan.band_shifts()
            .iter()
            .map(|s| (s.sources.as_slice(), s.extrapolated)),
    );
    for (symptom, class) in every_band() {
        let band = plan.band(symptom, class);
        assert!(
            band.extrapolated,
            "no source gives a number for {symptom:?} {class:?}"
        );
        claims.push((&band.sources, true));
    }
    let mut used = BTreeSet::new();
    for (sources, extrapolated) in claims {
        assert!(extrapolated || !sources.is_empty());
        for key in sources {
            assert!(plan.source(key).is_some(), "{}", key.0);
            used.insert(key.clone());
        }
    }
    let unused: Vec<_> = plan.sources().keys().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_instructions_of_the_care_content_are_all_there() {
    let plan = Plan::microneedling();
    let count = |kind| plan.instructions().iter().filter(|i| i.kind == kind).count();
    assert_eq!(count(InstructionKind::Avoid), 15);
    assert_eq!(count(InstructionKind::Limit), 2);
    assert_eq!(count(InstructionKind::Do), 13);
}

fn every_band() -> impl Iterator<Item = (Symptom, DepthClass)> {
    Symptom::ALL
        .into_iter()
        .flat_map(|symptom| DepthClass::ALL.map(|class| (symptom, class)))
}

#[test]
fn bands_fall_and_never_expect_very_severe() {
    let plan = Plan::microneedling();
    for (symptom, class) in every_band() {
        let band = plan.band(symptom, class).highest;
        assert!(
            band.is_sorted_by(|before, after| before >= after),
            "{symptom:?} {class:?}"
        );
        for area in Area::ALL {
            for day in 0..20 {
                let expected = plan.expected(symptom, class, &BTreeSet::from([area]), day);
                assert!(
                    expected.grade() <= HIGHEST_EXPECTED,
                    "{symptom:?} {class:?} {area:?} day {day}"
                );
            }
        }
    }
}

#[test]
fn areas_shift_bands_when_every_treated_area_asks_for_it() {
    use Area::{EyeArea, Face, Legs, Neck};
    let plan = Plan::microneedling();
    for (symptom, areas, day, grade) in [
        (Symptom::Edema, vec![Face], 3, 1),
        (Symptom::Edema, vec![EyeArea], 3, 2),
        (Symptom::Edema, vec![EyeArea], 4, 0),
        (Symptom::Edema, vec![EyeArea, Face], 3, 1),
        (Symptom::Erythema, vec![Face], 3, 1),
        (Symptom::Erythema, vec![Neck], 2, 2),
        (Symptom::Erythema, vec![Neck], 3, 2),
        (Symptom::Erythema, vec![Neck, Legs], 7, 1),
        (Symptom::Erythema, vec![Neck, Face], 7, 0),
        (Symptom::Warmth, vec![Neck], 3, 0),
        (Symptom::Erythema, vec![Face], -1, 3),
        (Symptom::Erythema, vec![Face], i64::MAX, 0),
    ] {
        let expected = plan.expected(symptom, DepthClass::Medium, &areas.iter().copied().collect(), day);
        assert_eq!(expected.grade(), grade, "{symptom:?} {areas:?} day {day}");
    }
}

/// The message for the default plan or its translation with the first `from` replaced by `to`.
fn message(from: &str, to: &str) -> String {
    let change = |text: &str| text.replacen(from, to, 1);
    let (english, spanish) = if ENGLISH.contains(from) {
        (change(ENGLISH), SPANISH.to_owned())
    } else {
        assert!(SPANISH.contains(from), "`{from}` is in neither file");
        (ENGLISH.to_owned(), change(SPANISH))
    };
    Plan::parse(&english, &[&spanish])
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

/// The place of the first `text` in the default plan, as messages give it.
fn place(text: &str) -> String {
    let before = ENGLISH.split(text).next().unwrap_or_default();
    let column = before
        .lines()
        .last()
        .filter(|_| !before.ends_with('\n'))
        .map_or(0, |l| l.chars().count());
    format!(
        "plan, line {}, column {}: ",
        before.matches('\n').count() + 1,
        column + 1
    )
}

#[test]
fn a_fault_is_told_with_its_place_and_what_was_expected() {
    for (from, to, at, says) in [
        (
            "kind = \"avoid\"",
            "kind = \"shun\"",
            "\"avoid\"",
            "unknown variant `shun`, expected one of",
        ),
        ("accents =", "colours =", "accents =", "unknown field `colours`"),
        (
            "superficial = [0, 24]",
            "superficial = [24, 0]",
            "[0, 24]",
            "from < until",
        ),
        (
            "\"08:00\"",
            "\"8 am\"",
            "[\"08:00\", \"21:00\"]",
            "expected a time of day such as \"08:00\"",
        ),
        (
            "\"TEWL-S\", \"TEWL-H\"",
            "\"TEWL-X\", \"TEWL-H\"",
            "\"TEWL-S\"",
            "no source is called `TEWL-X`",
        ),
        (
            "id = \"no_makeup\"",
            "id = \"only_clinic_products\"",
            "\"no_makeup\"",
            "is there twice",
        ),
        (
            "id = \"no_makeup\"",
            "id = \"No makeup\"",
            "\"no_makeup\"",
            "is not a name",
        ),
        (
            "followed_by = \"makeup_careful\"",
            "followed_by = \"no_sweat\"",
            "\"makeup_careful\"",
            "cannot follow",
        ),
        (
            "id = \"severe_pain\"",
            "id = \"pain\"",
            "\"severe_pain\"",
            "rule `pain` is missing or unknown",
        ),
        (
            "format = 1",
            "format = 2",
            "1\nid",
            "this is format 2; expected format 1",
        ),
    ] {
        let message = message(from, to);
        assert!(
            message.starts_with(&place(at)),
            "{to}: {message}\nnot at {}",
            place(at)
        );
        assert!(message.contains(says), "{to}: {message}");
    }
}

#[test]
fn a_plan_that_is_not_whole_is_refused() {
    for (from, to, says) in [
        (
            "over = \"Makeup is fine again.\"",
            "",
            "`makeup_careful` is an avoid or a limit; expected `over`",
        ),
        (
            "label = \"Makeup\"",
            "label = \"\"",
            "this text has 0 characters; expected 1 to 140",
        ),
        (
            "days = { superficial = [1, 2]",
            "days = { superficial = [2, 2]",
            "begins on day 2; expected day 1",
        ),
        ("id = \"review\"", "id = \"building\"", "phase Review is missing"),
        (
            "highest = [2, 1, 1",
            "highest = [4, 1, 1",
            "severity 4 is never merely expected",
        ),
        ("class = \"superficial\"", "class = \"medium\"", "is there twice"),
        (
            "id = \"severe_pain\"\nlevel = \"call_clinic\"",
            "id = \"severe_pain\"\nlevel = \"watch\"",
            "another level",
        ),
        (
            "sources = [\"F2\", \"CL-YB\", \"CL-DT\"]",
            "",
            "`no_retinoids` names no source",
        ),
        (
            "[instructions.no_makeup]",
            "[instructions.no_make_up]",
            "translation 1: `no_makeup` is not translated",
        ),
        (
            "plan = \"microneedling\"",
            "plan = \"peel\"",
            "this translates peel version 1",
        ),
        (
            "locale = \"es\"",
            "locale = \"en\"",
            "a second set of texts in En",
        ),
        (
            "[rules.severe_pain]",
            "[rules.blush]\nadvice = \"x\"\n[rules.severe_pain]",
            "the plan has no `blush`",
        ),
    ] {
        let message = message(from, to);
        assert!(message.contains(says), "{to}: {message}");
    }
    let alone = Plan::parse(ENGLISH, &[]).err().map(|error| error.to_string());
    assert_eq!(
        alone.as_deref(),
        Some("plan: no texts in Es; expected each language of the app once")
    );
}

#[test]
fn too_long_a_text_is_refused() {
    let message = message("Makeup is fine again.", &"x".repeat(MAX_TEXT_CHARS + 1));
    assert!(
        message.ends_with("this text has 141 characters; expected 1 to 140"),
        "{message}"
    );
}

#[test]
fn no_text_makes_the_reader_panic() {
    for length in (0..ENGLISH.len()).step_by(997) {
        if let Some(cut) = ENGLISH.get(..length) {
            assert!(Plan::parse(cut, &[SPANISH]).is_err(), "cut at {length}");
        }
    }
}

#[test]
fn an_unknown_instruction_is_none() {
    assert!(Plan::microneedling().instruction(&id("sing")).is_none());
}
