//! Plans as files: the default one is complete, and a faulty one is refused with place and reason.

use std::collections::BTreeSet;

use afterglow_care::check_in::{Sign, Symptom};
use afterglow_care::ingredients::IngredientGroup;
use afterglow_care::plan::{
    HIGHEST_EXPECTED, InstructionKind, MAX_RULES, MAX_TEXT_CHARS, PlanDocument, PlanError, SourceKey,
};
use afterglow_care::session::{Area, DepthClass, Risk};
use afterglow_care::timeline::PhaseId;
use afterglow_care::triage::TriageLevel;
use afterglow_care::{Locale, Plan};
use enumset::EnumSet;
use proptest::prelude::*;

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
    for symptom in Symptom::ALL {
        let texts = plan.symptom(symptom, locale);
        add(format!("{} label", symptom.name()), &texts.label);
        add(format!("{} short", symptom.name()), &texts.short);
        for grade in &texts.grades {
            add(format!("{} grade", symptom.name()), grade);
        }
    }
    for sign in plan.signs() {
        add(
            format!("{} question", sign.id.name()),
            &sign.texts(locale).question,
        );
        add(format!("{} short", sign.id.name()), &sign.texts(locale).short);
    }
    for item in plan.screening() {
        add(format!("{} question", item.id), &item.texts(locale).question);
        add(format!("{} before", item.id), &item.texts(locale).before);
        add(format!("{} after", item.id), &item.texts(locale).after);
    }
    for item in plan.pre_care() {
        add(format!("{} label", item.id), &item.texts(locale).label);
        add(format!("{} text", item.id), &item.texts(locale).text);
        add(format!("{} why", item.id), &item.texts(locale).why);
    }
    add("course".to_owned(), plan.course().text(locale));
    for activity in plan.activities() {
        let texts = activity.texts(locale);
        add(format!("{} label", activity.id), &texts.label);
        if let Some(note) = &texts.note {
            add(format!("{} note", activity.id), note);
        }
    }
    for group in IngredientGroup::ALL {
        if let Some(rule) = plan.ingredient_rule(group) {
            add(format!("{} label", group.name()), &rule.texts(locale).label);
            add(format!("{} because", group.name()), &rule.texts(locale).because);
        }
    }
    for level in TriageLevel::ALL {
        add(format!("{} closing", level.name()), plan.closing(level, locale));
    }
    all
}

#[test]
fn the_default_plan_is_valid() {
    let plan = Plan::microneedling();
    assert_eq!((plan.id.as_str(), plan.version), ("microneedling", 2));
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
        // A word alone may be the same in both.
        if text.contains(' ') {
            assert_ne!(text, translated, "{name} is not translated");
        }
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
        plan.screening()
            .iter()
            .map(|i| (i.sources.as_slice(), i.extrapolated)),
    );
    claims.extend(
        plan.pre_care()
            .iter()
            .map(|i| (i.sources.as_slice(), i.extrapolated)),
    );
    claims.extend([(plan.course().sources.as_slice(), plan.course().extrapolated)]);
    for group in IngredientGroup::ALL {
        let rule = plan
            .ingredient_rule(group)
            .expect("every family waits for something");
        claims.push((&rule.sources, rule.extrapolated));
    }
    // An activity that an instruction decides about has that instruction's sources.
    claims.extend(plan.activities().iter().map(|i| (i.sources.as_slice(), true)));
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
fn bands_end_and_never_expect_very_severe() {
    let plan = Plan::microneedling();
    for (symptom, class) in every_band() {
        let last = plan
            .band(symptom, class)
            .highest
            .last()
            .map(|severity| severity.grade());
        assert_eq!(last, Some(0), "{symptom:?} {class:?} is expected for ever");
        for area in Area::ALL {
            for day in 0..20 {
                let expected = plan.expected(symptom, class, EnumSet::only(area), day);
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
        let expected = plan.expected(symptom, DepthClass::Medium, areas.iter().copied().collect(), day);
        assert_eq!(expected.grade(), grade, "{symptom:?} {areas:?} day {day}");
    }
}

/// A text in which the first `from` is `to`, and where in it the mark `¦` of `to` stood.
fn changed(text: &str, from: &str, to: &str) -> (String, String) {
    let at = text.find(from).unwrap_or_else(|| panic!("`{from}` is not there"));
    let marked = format!("{}{to}{}", &text[..at], &text[at + from.len()..]);
    let (before, after) = marked.split_once('¦').unwrap_or(("", &marked));
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (
        format!("{before}{after}"),
        format!("line {line}, column {column}: "),
    )
}

fn messages(result: Result<Plan, Vec<PlanError>>) -> Vec<String> {
    let errors = result.err().unwrap_or_default();
    errors.iter().map(ToString::to_string).collect()
}

/// What is told of the default plan with the first `from` replaced by `to`, and where `¦` stood.
fn told(from: &str, to: &str) -> (Vec<String>, String) {
    let (english, place) = changed(ENGLISH, from, to);
    (messages(Plan::parse(&english, &[SPANISH])), place)
}

/// Each fault alone: what is replaced by what, with a mark at its place, and what is said of it.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "format = 1\nid",
        "format = ¦2\nid",
        "this is format 2; expected format 1, or a newer version",
    ),
    (
        "locale = \"en\"",
        "locale = ¦\"fr\"",
        "`fr` is not known here; expected one of en, es",
    ),
    (
        "version = 2\n",
        "version = ¦0\n",
        "0 is out of range; expected 1 to",
    ),
    (
        "[texts]",
        "¦author = \"me\"\n[texts]",
        "there is no key `author` here",
    ),
    (
        "title = \"Care after",
        "¦titel = \"x\"\ntitle = \"Care after",
        "no key `titel` here (did you mean `title`?)",
    ),
    (
        "F1 = { title = \"Founding text F1: everything you need to know\" }",
        "F1 = { title = \"Founding text F1\", ¦url = \"x\" }",
        "no key `url` here; expected one of address, title",
    ),
    (
        "kind = \"avoid\"",
        "kind = ¦\"shun\"",
        "`shun` is not known here; expected one of do, avoid, limit",
    ),
    (
        "kind = \"avoid\"",
        "¦knd = \"avoid\"",
        "no key `knd` here (did you mean `kind`?)",
    ),
    (
        "superficial = [0, 24]",
        "superficial = ¦[24, 0]",
        "expected [from, until] in hours with from < until, found [24, 0]",
    ),
    (
        "superficial = [0, 24]",
        "superficial = ¦[0]",
        "1 entries; expected 2",
    ),
    (
        "superficial = [0, 24]",
        "superficial = [0, ¦99999]",
        "99999 is out of range; expected 0 to 17568",
    ),
    (
        "superficial = [0, 24]",
        "superficial = [¦0.5, 24]",
        "this is a number with a fraction; expected a whole number",
    ),
    (
        "superficial = [0, 24], medium",
        "¦shallow = [0, 24], superficial = [0, 24], medium",
        "no key `shallow` here",
    ),
    (
        "[\"08:00\", \"21:00\"]",
        "[¦\"8 am\", \"21:00\"]",
        "expected a time of day such as \"08:00\"",
    ),
    (
        "[\"08:00\", \"21:00\"]",
        "[\"08:00\", ¦\"08:00\"]",
        "`08:00` is in this list twice",
    ),
    (
        "sources = [\"F0\", \"F2\", \"NHS-CW\", \"TEWL-S\", \"TEWL-H\", \"GRAN-S\"]",
        "sources = [\"F0\", ¦\"F9\"]",
        "no source is called `F9`",
    ),
    (
        "followed_by = \"makeup_careful\"",
        "followed_by = ¦\"no_sweat\"",
        "`no_sweat` cannot follow an avoid",
    ),
    (
        "followed_by = \"makeup_careful\"",
        "followed_by = ¦\"makeup_carefully\"",
        "`makeup_carefully` cannot follow an avoid",
    ),
    (
        "areas = [\"face\", \"eye_area\", \"neck\", \"chest\"]",
        "areas = [\"face\", ¦\"nose\", \"neck\", \"chest\"]",
        "`nose` is not known here; expected one of face, eye_area",
    ),
    (
        "waived_by = \"sunscreen\"",
        "waived_by = ¦\"hat\"",
        "`hat` is not known here; expected one of gel, sunscreen",
    ),
    (
        "timing = \"prescribed\"",
        "timing = ¦\"sometimes\"",
        "`sometimes` is not known here",
    ),
    (
        "timing = \"prescribed\"",
        "timing = ¦7",
        "this is a whole number; expected a text in quotes or a table",
    ),
    (
        "why = \"Tiny channels",
        "why = ¦\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n#",
        "this text has 141 characters; expected 1 to 140",
    ),
    (
        "label = \"Other products\"",
        "label = ¦\"  \"",
        "this text has 0 characters; expected 1 to 140",
    ),
    (
        "days = { superficial = [1, 2], medium",
        "days = { superficial = ¦[2, 1], medium",
        "expected [least, most]",
    ),
    (
        "accents = [\"redness\"]",
        "accents = ¦[]",
        "0 entries; expected 1 to 5",
    ),
    ("id = \"calming\"", "id = ¦\"calmng\"", "did you mean `calming`?"),
    (
        "highest = [2, 1, 1",
        "highest = [¦4, 1, 1",
        "4 is out of range; expected 0 to 3",
    ),
    (
        "highest = [2, 1, 1",
        "highest = ¦[1, 1",
        "11 entries; expected 12",
    ),
    (
        "symptom = \"erythema\"",
        "symptom = ¦\"redness\"",
        "`redness` is not known here",
    ),
    (
        "shift.delay = { by = 1, from_day = 3 }",
        "shift = ¦{}",
        "0 entries; expected 1: one of delay, raise",
    ),
    (
        "id = \"severe_pain\"\nlevel = \"call_clinic\"",
        "id = \"severe_pain\"\nlevel = ¦\"expected\"",
        "`expected` is not known here; expected one of watch, call_clinic, emergency",
    ),
    (
        "{ severity = { symptoms = [\"pain\"], from = 4 } }",
        "{ severity = { symptoms = [\"pain\"], from = ¦0 } }",
        "0 is out of range; expected 1 to 4",
    ),
    (
        "{ severity = { symptoms = [\"pain\"], from = 4 } }",
        "{ severity = { symptoms = [¦\"ache\"], from = 4 } }",
        "`ache` is not known here",
    ),
    (
        "{ severity = { symptoms = [\"pain\"], from = 4 } }",
        "¦{ from_day = 3, classes = [\"deep\"] }",
        "this condition asks for nothing that a check-in says",
    ),
    (
        "{ severity = { symptoms = [\"pain\"], from = 4 } }",
        "{ ¦sevrity = { symptoms = [\"pain\"], from = 4 }, signs = [[\"pus\"]] }",
        "no key `sevrity` here (did you mean `severity`?)",
    ),
    (
        "{ severity = { symptoms = [\"pain\"], from = 4 } }",
        "¦{ severity = { symptoms = [\"pain\"], from = 4 }, from_day = 3, to_day = 2 }",
        "the days 3 to 2 are none",
    ),
    (
        "{ severity = { symptoms = [\"pain\"], from = 4 } }",
        "¦{ above_band = { symptoms = [\"pain\"], by = 1, at_most = 2 } }",
        "`severe_pain` has an upper limit above level watch",
    ),
    (
        "unless = [\"pigment_change\"]",
        "unless = [¦\"above_expected\"]",
        "`above_expected` is not of a higher level",
    ),
    (
        "unless = [\"pigment_change\"]",
        "unless = [¦\"no_such_rule\"]",
        "no rule is called `no_such_rule`",
    ),
    (
        "fires = [\"worse_instead_of_better\", ",
        "fires = [¦\"hives\", ",
        "`hives` has `unless` or `untaken_signs`, so it is judged later than `fires` looks",
    ),
    (
        "fires = [\"worse_instead_of_better\", ",
        "fires = [¦\"tingling_or_other\", ",
        "`tingling_or_other` has `unless` or `untaken_signs`, so it is judged later",
    ),
    (
        "fires = [\"worse_instead_of_better\", ",
        "fires = [¦\"infection_with_systemic_signs\", ",
        "`infection_with_systemic_signs` has `fires` itself",
    ),
    (
        "count = 2 }, from_day = 7 }",
        "count = ¦0 }, from_day = 7 }",
        "0 is out of range; expected 1 to 11",
    ),
    (
        "{ returned = { symptoms = [\"erythema\", \"edema\", \"warmth\", \"pain\"], count = 2 }, from_day = 7 }",
        "¦{ returned = { symptoms = [\"erythema\"], count = 2 }, from_day = 7 }",
        "at most 1 is less than 2",
    ),
    (
        "texts.grades = [\"None, or as before treatment\", ",
        "texts.grades = ¦[",
        "4 entries; expected 5",
    ),
    (
        "texts.question = \"Is it hard to breathe, or do you wheeze?\"",
        "texts.¦ask = \"x\"\ntexts.question = \"Is it hard to breathe, or do you wheeze?\"",
        "no key `ask` here",
    ),
    ("group = \"breathing\"", "group = ¦\"Breathing\"", "is not a name"),
    (
        "action = \"stop\"",
        "action = ¦\"halt\"",
        "`halt` is not known here; expected one of stop, ask, note",
    ),
    (
        "hours_before = 120",
        "hours_before = ¦5000",
        "5000 is out of range; expected 1 to 1440",
    ),
    (
        "sessions = [4, 6]",
        "sessions = ¦[6, 4]",
        "expected [least, most] with least <= most, found [6, 4]",
    ),
    (
        "until = [\"no_makeup\", \"makeup_careful\"]",
        "until = [\"no_makeup\", ¦\"makeup\"]",
        "no instruction is called `makeup`",
    ),
    (
        "until = [\"no_makeup\", \"makeup_careful\"]",
        "until = [¦\"prescribed_medicine\"]",
        "`prescribed_medicine` has no window",
    ),
    (
        "until = [\"no_makeup\", \"makeup_careful\"]",
        "extrapolated = true\nanswer = ¦\"yes\"",
        "`answer` stands alone",
    ),
    (
        "until = [\"no_makeup\", \"makeup_careful\"]",
        "from = ¦\"no_makeup\"",
        "`no_makeup` is nothing to do",
    ),
    (
        "id = \"makeup\"\nproduct = true\nuntil = [\"no_makeup\", \"makeup_careful\"]",
        "id = ¦\"makeup\"\nextrapolated = true",
        "nothing decides about `makeup`",
    ),
    (
        "\"mineral makeup\", \"mineral make up\"",
        "¦\"make up\", \"mineral make up\"",
        "`make up` is a word of `makeup` already",
    ),
    (
        "\"mineral makeup\", \"mineral make up\"",
        "¦\"Mineral Makeup\", \"mineral make up\"",
        "`Mineral Makeup` has capitals",
    ),
    (
        "until = \"no_retinoids\"",
        "until = ¦\"check_in\"",
        "`check_in` has no window",
    ),
    (
        "id = \"retinoid\"",
        "id = ¦\"retinol\"",
        "`retinol` is not known here (did you mean `retinoid`?)",
    ),
    (
        "[levels.watch]",
        "[levels.¦wach]\ntexts.closing = \"x\"\n[levels.watch]",
        "no key `wach` here (did you mean `watch`?)",
    ),
];

#[test]
fn a_fault_is_told_alone_with_its_place_and_what_was_expected() {
    let mut wrong = Vec::new();
    for (from, to, says) in FAULTS {
        let (messages, place) = told(from, to);
        let at = format!("plan, {place}");
        if !matches!(messages.as_slice(), [one] if one.starts_with(&at) && one.contains(says)) {
            wrong.push((to, at, messages));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_translation_is_read_as_strictly() {
    for (from, to, says) in [
        (
            "[instructions.no_makeup]\nlabel = \"Maquillaje\"",
            "[¦instructions.no_make_up]\nlabel = \"Maquillaje\"",
            "the plan has no `no_make_up`",
        ),
        (
            "plan = \"microneedling\"",
            "plan = ¦\"peel\"",
            "this translates peel version 2",
        ),
        (
            "locale = \"es\"",
            "locale = ¦\"en\"",
            "a second set of texts in `en`",
        ),
        (
            "[rules.severe_pain]",
            "[rules.¦blush]\nadvice = \"x\"\n[rules.severe_pain]",
            "the plan has no `blush`",
        ),
        (
            "[rules.severe_pain]",
            "[rules.severe_pain]\n¦advise = \"x\"",
            "no key `advise` here (did you mean `advice`?)",
        ),
        (
            "label = \"Otros productos\"",
            "label = ¦\"\"",
            "this text has 0 characters; expected 1 to 140",
        ),
        (
            "[course]",
            "[¦curse]",
            "no key `curse` here (did you mean `course`?)",
        ),
        ("format = 1", "format = ¦7", "this is format 7; expected format 1"),
        (
            "[instructions.gentle_cleanse]",
            "[instructions.gentle_cleanse]\nover = ¦\"x\"",
            "`gentle_cleanse` is something to do and never over; remove `over`",
        ),
    ] {
        let (spanish, place) = changed(SPANISH, from, to);
        let place = place.replace("column 2: ", "column ");
        let messages = messages(Plan::parse(ENGLISH, &[&spanish]));
        let found = messages.iter().any(|message| {
            message.starts_with("translation 1, ") && message.contains(&place) && message.contains(says)
        });
        assert!(found, "{to} at {place}: {messages:#?}");
    }
}

#[test]
fn a_missing_end_is_told_at_the_words_that_lack_it() {
    let line = "over = \"Ya puedes usar maquillaje mineral limpio, si lo necesitas.\"\n";
    let (without, _) = changed(SPANISH, line, "");
    let (_, place) = changed(SPANISH, "[instructions.no_makeup]", "¦[instructions.no_makeup]");
    assert_eq!(
        messages(Plan::parse(ENGLISH, &[&without])),
        [format!(
            "translation 1, {place}`no_makeup` is an avoid or a limit; expected `over`, the sentence for its end"
        )]
    );
    let (damaged, place) = changed(SPANISH, line, "over = ¦3\n");
    let messages = messages(Plan::parse(ENGLISH, &[&damaged]));
    assert!(
        matches!(messages.as_slice(), [one] if one.starts_with(&format!("translation 1, {place}this is a whole number"))),
        "{messages:#?}"
    );
}

/// So many more rules, with their words in Spanish.
fn more_rules(count: usize) -> (String, String) {
    let rule = |number| {
        format!(
            "[[rule]]\nid = \"more_{number}\"\nlevel = \"watch\"\nwhen = [{{ signs = [[\"pus\"]] }}]\n\
             extrapolated = true\ntexts.advice = \"Look again.\"\n"
        )
    };
    let words = |number| format!("[rules.more_{number}]\nadvice = \"Mira otra vez.\"\n");
    ((0..count).map(rule).collect(), (0..count).map(words).collect())
}

#[test]
fn no_more_rules_are_read_than_can_be_judged_together() {
    let room = MAX_RULES - Plan::microneedling().rules().len();
    let (rules, words) = more_rules(room);
    let full = Plan::parse(&format!("{ENGLISH}{rules}"), &[&format!("{SPANISH}{words}")]);
    assert_eq!(full.map(|plan| plan.rules().len()).ok(), Some(MAX_RULES));
    let (rules, words) = more_rules(room + 2);
    let text = format!("{ENGLISH}{rules}");
    let first = format!("\"more_{room}\"");
    let (_, place) = changed(&text, &first, &format!("¦{first}"));
    assert_eq!(
        messages(Plan::parse(&text, &[&format!("{SPANISH}{words}")])),
        [format!(
            "plan, {place}this rule is one too many; expected at most 128 in all, with those of the plan beneath"
        )]
    );
}

#[test]
fn what_is_missing_from_the_whole_is_told_without_a_place() {
    let (without, _) = changed(ENGLISH, "over = \"Makeup is fine again.\"", "");
    let (other, _) = changed(SPANISH, "[instructions.no_makeup]", "[instructions.no_makeup_x]");
    for (english, spanish, says) in [
        (
            without.as_str(),
            SPANISH,
            "`makeup_careful` is an avoid or a limit; expected `over`",
        ),
        (
            ENGLISH,
            other.as_str(),
            "translation 1: `no_makeup` is not translated; add it",
        ),
    ] {
        let messages = messages(Plan::parse(english, &[spanish]));
        assert!(
            messages.iter().any(|message| message.contains(says)),
            "{says}: {messages:#?}"
        );
    }
    assert_eq!(
        messages(Plan::parse(ENGLISH, &[])),
        ["plan: no texts in `es`; expected each language of the app once"]
    );
    assert_eq!(
        messages(Plan::parse(ENGLISH, &[SPANISH, SPANISH])).len(),
        1,
        "the second Spanish"
    );
}

#[test]
fn a_rule_that_others_look_at_is_not_judged_after_them() {
    for (from, to, says) in [
        (
            "id = \"blisters_or_raw_skin\"",
            "when = [",
            "`blisters_or_raw_skin` has `untaken_signs`, so it is judged later than `unless` looks",
        ),
        (
            "id = \"severe_pain\"",
            "when = [",
            "`severe_pain` has `unless` or `untaken_signs`, so it is judged later than `fires` looks",
        ),
    ] {
        let rule = ENGLISH.find(from).expect("a rule of the plan");
        let at = rule + ENGLISH[rule..].find(to).expect("its conditions") + to.len();
        let text = format!("{}{{ untaken_signs = true }}, {}", &ENGLISH[..at], &ENGLISH[at..]);
        let messages = messages(Plan::parse(&text, &[SPANISH]));
        assert!(
            messages.iter().any(|message| message.contains(says)),
            "{says}: {messages:#?}"
        );
    }
}

#[test]
fn a_whole_plan_has_an_entry_for_everything() {
    for (from, to, says) in [
        (
            "id = \"yellow_crust\"\n",
            "id = \"pus\"\n",
            "[[sign]] `yellow_crust` is missing",
        ),
        (
            "[[symptom]]\nid = \"edema\"",
            "[[symptom]]\nid = \"erythema\"",
            "[[symptom]] `edema` is missing",
        ),
        (
            "[[screening]]\nid = \"diabetes\"",
            "[[screening]]\nid = \"diabetes_2\"",
            "[[screening]] `diabetes` is missing",
        ),
        (
            "[[ingredient_group]]\nid = \"retinoid\"",
            "[[ingredient_group]]\nid = \"vitamin_c\"",
            "[[ingredient_group]] `retinoid` is missing",
        ),
        (
            "class = \"superficial\"",
            "class = \"medium\"",
            "the band of erythema for superficial sessions is missing",
        ),
        (
            "id = \"review\"",
            "id = \"building\"",
            "phase `review` is missing",
        ),
        (
            "id = \"no_sunscreen_yet\"\nkind",
            "id = \"no_makeup\"\nkind",
            "`no_makeup` is there twice",
        ),
        (
            "id = \"no_makeup\"\nkind",
            "id = \"no makeup\"\nkind",
            "`no makeup` is not a name",
        ),
        (
            "medium = [24, 72], deep = [48, 96]",
            "medium = [30, 72], deep = [48, 96]",
            "`no_makeup` ends at hour 24, but `makeup_careful`",
        ),
        (
            "{ severity = { symptoms = [\"pain\"], from = 4 } }",
            "{ fires = [\"purulence\"] }",
            "`severe_pain` has `fires` itself",
        ),
        (
            "{ signs = [[\"pus\", \"yellow_crust\"]] }",
            "{ signs = [[\"pus\", \"yellow_crust\"]] }, { fires = [\"purulence\"], signs = [[\"fever\"]] }",
            "`purulence` has `fires` itself",
        ),
        (
            "{ signs = [[\"pus\", \"yellow_crust\"]] }",
            "{ signs = [[\"yellow_crust\"]] }",
            "no rule calls for the clinic on `pus` alone",
        ),
        (
            "{ signs = [[\"pus\", \"yellow_crust\"]] }",
            "{ signs = [[\"pus\", \"yellow_crust\"]], from_day = 1 }",
            "no rule calls for the clinic on `pus` alone",
        ),
    ] {
        let (messages, _) = told(from, to);
        assert!(
            messages.iter().any(|message| message.contains(says)),
            "{to}: {messages:#?}"
        );
    }
    let (days, _) = changed(
        ENGLISH,
        "{ signs = [[\"pus\", \"yellow_crust\"]] }",
        "{ signs = [[\"pus\", \"yellow_crust\"]], from_day = 3 }, { signs = [[\"pus\", \"yellow_crust\"]], to_day = 2 }",
    );
    assert!(
        Plan::parse(&days, &[SPANISH]).is_ok(),
        "days that complete each other"
    );
}

#[test]
fn every_fault_is_told_at_once_in_the_order_of_the_file() {
    let faults = [
        ("review = ", "¦reviewed = \"x\"\nreview = ", "no key `reviewed`"),
        ("kind = \"avoid\"", "kind = ¦\"shun\"", "`shun` is not known"),
        (
            "followed_by = \"makeup_careful\"",
            "followed_by = ¦\"no_sweat\"",
            "cannot follow",
        ),
        (
            "superficial = [24, 48]",
            "superficial = ¦[48, 24]",
            "from < until",
        ),
        (
            "sources = [\"F2\", \"CL-YB\", \"CL-DT\"]",
            "sources = [\"F2\", ¦\"CL-XX\", \"CL-DT\"]",
            "no source is called `CL-XX`",
        ),
        (
            "accents = [\"redness\"]",
            "accents = [¦\"blue\"]",
            "`blue` is not known",
        ),
        (
            "highest = [2, 1, 1",
            "highest = [¦4, 1, 1",
            "4 is out of range; expected 0 to 3",
        ),
        (
            "shift.raise = { by = 1, to_day = 3 }",
            "shift.¦lift = { by = 1, to_day = 3 }",
            "no key `lift`",
        ),
        (
            "signs = [[\"pus\", \"yellow_crust\"]]",
            "signs = [[¦\"puss\", \"yellow_crust\"]]",
            "did you mean `pus`?",
        ),
        (
            "unless = [\"pigment_change\"]",
            "unless = [¦\"pigment\"]",
            "no rule is called `pigment`",
        ),
        (
            "texts.short = \"redness\"",
            "texts.short = ¦7",
            "this is a whole number; expected a text",
        ),
        ("sessions = [4, 6]", "sessions = ¦[6, 4]", "least <= most"),
        (
            "until = \"no_retinoids\"",
            "until = ¦\"no_retinol\"",
            "no instruction is called `no_retinol`",
        ),
    ];
    let mut english = ENGLISH.to_owned();
    for (from, to, _) in faults {
        english = changed(&english, from, &to.replace('¦', "")).0;
    }
    let (spanish, _) = changed(SPANISH, "label = \"Otros productos\"", "label = true");
    let errors = Plan::parse(&english, &[&spanish]).expect_err("full of faults");
    let messages: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(messages.len(), faults.len() + 1, "{messages:#?}");
    let mut line = 0;
    for ((_, _, says), (message, error)) in faults.iter().zip(messages.iter().zip(&errors)) {
        assert!(message.contains(says), "{says}: {message}");
        let position = error.position.expect("each of these has a place");
        assert!(position.line >= line, "{message}");
        line = position.line;
    }
    assert_eq!(
        errors.last().map(|error| error.document),
        Some(PlanDocument::Translation(1))
    );
}

#[test]
fn a_head_that_cannot_be_read_hides_no_other_fault() {
    for (from, to, says) in [
        ("version = 2", "version = 0", "0 is out of range"),
        ("locale = \"en\"", "locale = \"fr\"", "`fr` is not known"),
        ("id = \"microneedling\"", "id = 7", "expected a text"),
    ] {
        let (english, _) = changed(ENGLISH, from, to);
        let (english, _) = changed(
            &english,
            "followed_by = \"makeup_careful\"",
            "followed_by = \"no_sweat\"",
        );
        let messages = messages(Plan::parse(&english, &[SPANISH]));
        assert_eq!(messages.len(), 2, "{messages:#?}");
        assert!(messages[0].contains(says), "{messages:#?}");
        assert!(messages[1].contains("cannot follow"), "{messages:#?}");
    }
}

#[test]
fn syntax_is_told_in_every_place() {
    let (english, _) = changed(ENGLISH, "format = 1", "format = = 1");
    let (english, _) = changed(&english, "id = \"review\"", "id = \"review");
    let messages = messages(Plan::parse(&english, &[SPANISH]));
    assert!(messages.len() >= 2, "{messages:#?}");
    assert!(
        messages.iter().all(|message| message.starts_with("plan, line ")),
        "{messages:#?}"
    );
}

#[test]
fn files_that_are_too_large_or_too_deep_are_not_read() {
    let large = format!("# {}", "x".repeat(1 << 20));
    assert_eq!(
        messages(Plan::parse(&large, &[])),
        ["plan, line 1, column 1: the file has 1048578 bytes; expected at most 1048576"]
    );
    for deep in [
        format!("format = 1\nx = {}{}", "[".repeat(13), "]".repeat(13)),
        format!("format = 1\n{}x = 1", "a.".repeat(13)),
        format!("[{}a]\nx = 1", "a.".repeat(20)),
        format!("x = {}", "[".repeat(100_000)),
    ] {
        let messages = messages(Plan::parse(&deep, &[]));
        let told = messages
            .iter()
            .any(|m| m.contains("levels deep") || m.contains("recur"));
        assert!(told, "{messages:#?}");
    }
}

#[test]
fn a_plan_that_extends_another_is_not_a_whole_one() {
    let text = format!("extends = {{ id = \"microneedling\", version = 2 }}\n{ENGLISH}");
    assert_eq!(
        messages(Plan::parse(&text, &[SPANISH])),
        ["plan, line 1, column 1: this plan extends another; expected a whole plan here"]
    );
}

/// The names that a definition of the schema lists.
fn listed(schema: &serde_json::Value, pointer: &str) -> Vec<String> {
    let names = schema.pointer(pointer).and_then(serde_json::Value::as_array);
    let names = names.unwrap_or_else(|| panic!("{pointer} is no list"));
    names
        .iter()
        .map(|name| name.as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn the_schema_lists_the_names_of_the_program() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../plans/care-plan.schema.json")).expect("JSON");
    let defs = |name: &str| listed(&schema, &format!("/$defs/{name}"));
    assert_eq!(defs("symptom_name/enum"), Symptom::ALL.map(Symptom::name));
    let signs: Vec<_> = Sign::ALL.iter().map(|sign| sign.name()).collect();
    assert_eq!(defs("sign_name/enum"), signs);
    assert_eq!(defs("area/enum"), Area::ALL.map(Area::name));
    let risks: Vec<_> = EnumSet::<Risk>::all().iter().map(Risk::name).collect();
    assert_eq!(defs("risk/enum"), risks);
    assert_eq!(defs("phase/properties/id/enum"), PhaseId::ALL.map(PhaseId::name));
    let groups: Vec<_> = IngredientGroup::ALL
        .into_iter()
        .map(|group| group.name().to_owned())
        .collect();
    assert_eq!(defs("ingredient_group/properties/id/enum"), groups);
    let levels: Vec<_> = TriageLevel::ALL[1..].iter().map(|level| level.name()).collect();
    assert_eq!(defs("rule/properties/level/enum"), levels);
}

#[test]
fn every_property_of_the_schema_is_described_and_every_reference_leads_somewhere() {
    fn walk(root: &serde_json::Value, value: &serde_json::Value, path: &str) {
        let Some(object) = value.as_object() else { return };
        if let Some(target) = object.get("$ref").and_then(serde_json::Value::as_str) {
            assert!(root.pointer(&target[1..]).is_some(), "{path}: {target}");
        }
        if object.get("type").is_some_and(|kind| kind == "object") {
            assert!(object.contains_key("additionalProperties"), "{path} is open");
        }
        if let Some(properties) = object.get("properties").and_then(serde_json::Value::as_object) {
            for (name, property) in properties {
                let target = property.get("$ref").and_then(serde_json::Value::as_str);
                let described = property.get("description").is_some()
                    || target.is_some_and(|target| {
                        root.pointer(&format!("{}/description", &target[1..])).is_some()
                    });
                assert!(described, "{path}/{name} has no description");
            }
        }
        for (name, child) in object {
            walk(root, child, &format!("{path}/{name}"));
            for child in child.as_array().into_iter().flatten() {
                walk(root, child, &format!("{path}/{name}"));
            }
        }
    }
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../plans/care-plan.schema.json")).expect("JSON");
    walk(&schema, &schema, "");
}

#[test]
fn no_text_makes_the_reader_panic() {
    for length in (0..ENGLISH.len()).step_by(4_999) {
        if let Some(cut) = ENGLISH.get(..length) {
            assert!(Plan::parse(cut, &[SPANISH]).is_err(), "cut at {length}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_changed_line_never_makes_the_reader_panic_or_lie(
        line in 0usize..3_000,
        value in prop_oneof![
            Just("7"), Just("-1"), Just("true"), Just("\"x\""), Just("[]"), Just("[[]]"), Just("{}"),
            Just("1.5"), Just("2026-01-01"), Just("99999999999999999999"), Just("\"\""), Just("[1, 2]"),
        ],
    ) {
        let changed: Vec<String> = ENGLISH
            .lines()
            .enumerate()
            .map(|(index, text)| match text.split_once(" = ") {
                Some((key, _)) if index == line => format!("{key} = {value}"),
                _ => text.to_owned(),
            })
            .collect();
        if let Err(errors) = Plan::parse(&changed.join("\n"), &[SPANISH]) {
            prop_assert!(!errors.is_empty());
            for error in errors {
                let serde = error.to_string();
                // What serde says itself would be a hole in the schema.
                prop_assert!(!serde.contains("invalid type"), "{serde}");
                prop_assert!(!serde.contains("missing field"), "{serde}");
            }
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(text in ".{0,200}") {
        let _ = Plan::parse(&text, &[&text]);
        let _ = Plan::microneedling().extended(&text, &[&text]);
    }
}

#[test]
fn an_unknown_instruction_is_none() {
    assert!(Plan::microneedling().instruction(&id("sing")).is_none());
}
