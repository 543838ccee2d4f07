//! What patients type, and what is answered: the first morning after the first night, 30 hours on.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use afterglow_care::permission::{
    Answer, Because, Permission, answer, check_ingredients, permission, questions,
};
use afterglow_care::plan::ActivityRule;
use afterglow_care::session::{Area, NeedleDepth};
use afterglow_care::{Locale, Plan, Session};
use chrono::TimeDelta;
use proptest::prelude::*;

use crate::given::{berlin, plan, session};

const ENDED: &str = "2026-11-02 17:30";

fn deep_enough() -> Session {
    Session {
        depth: NeedleDepth::from_micrometres(1_500),
        ..session(berlin(ENDED))
    }
}

/// The strictest answer to what was typed, so many hours after the session, and the activity it is about.
fn told_of(session: Session, typed: &str, hours: i64) -> Option<(String, Permission)> {
    let now = session.ended_at + TimeDelta::hours(hours);
    let sessions = [session];
    let answers = questions(plan(), typed).into_iter().map(|question| {
        let permission = answer(plan(), &sessions, &question, now);
        (question.activity.id.clone(), permission)
    });
    let rank = |answer: Answer| match answer {
        Answer::Yes => 0,
        Answer::NotYet => 1,
        Answer::AskClinic => 2,
    };
    // The first of several that are equally strict.
    answers.min_by_key(|(_, permission)| Reverse((rank(permission.answer), permission.until)))
}

/// `yes`, `ask`, `unknown`, or the hour until which it is not yet, and the activity.
fn told(typed: &str) -> (String, String) {
    let ended = berlin(ENDED);
    match told_of(deep_enough(), typed, 30) {
        None => ("unknown".to_owned(), String::new()),
        Some((activity, permission)) => {
            let answer = match (permission.answer, permission.until) {
                (Answer::Yes, _) => "yes".to_owned(),
                (Answer::AskClinic, _) => "ask".to_owned(),
                (Answer::NotYet, until) => (until.expect("not yet has an end") - ended)
                    .num_hours()
                    .to_string(),
            };
            (answer, activity)
        }
    }
}

#[track_caller]
fn all(answer: &str, activity: &str, typed: &[&str]) {
    let wrong: Vec<_> = typed
        .iter()
        .map(|typed| (*typed, told(typed)))
        .filter(|(_, told)| (told.0.as_str(), told.1.as_str()) != (answer, activity))
        .collect();
    assert!(wrong.is_empty(), "not {answer} of {activity}: {wrong:#?}");
}

#[test]
fn alcohol_is_a_drink_only_where_it_is_drunk() {
    all(
        "168",
        "alcohol_on_skin",
        &[
            "clean my face with alcohol",
            "products with alcohol",
            "alcohol in my skincare",
            "alcohol denat",
            "alcohol swab",
            "disinfect with alcohol",
            "vodka on my face",
            "moisturiser with alcohol",
            "cleanser with alcohol",
            "sunscreen with alcohol",
            "lotion with alcohol",
            "cream with alcohol",
            "alcohol-based moisturiser",
            "alcohol",
            "no alcohol",
            "productos con alcohol",
            "limpiar con alcohol",
            "limpiarme la cara con alcohol",
            "ponerme alcohol",
            "protector solar con alcohol",
        ],
    );
    all(
        "48",
        "alcohol",
        &[
            "drink alcohol",
            "can I drink some alcohol tonight",
            "a glass of wine",
            "beer",
            "tomar alcohol",
            "beber alcohol",
            "una copa",
            "una copa de vino",
        ],
    );
    let bare: Vec<_> = questions(plan(), "alcohol")
        .iter()
        .map(|question| question.activity.id.clone())
        .collect();
    assert_eq!(
        BTreeSet::from_iter(bare),
        BTreeSet::from(["alcohol".to_owned(), "alcohol_on_skin".to_owned()])
    );
}

#[test]
fn what_is_injected_is_for_the_clinic() {
    all(
        "ask",
        "filler",
        &[
            "hyaluron pen",
            "hyaluronic acid pen",
            "ácido hialurónico inyectado",
            "inyectarme ácido hialurónico",
            "juvederm",
            "restylane",
        ],
    );
    all("ask", "botulinum", &["dysport", "xeomin"]);
}

#[test]
fn what_the_plan_asks_for_is_not_left_out_with_a_yes() {
    all(
        "ask",
        "sunscreen",
        &[
            "can I skip sunscreen",
            "can I not wear sunscreen?",
            "do not wear sunscreen",
            "no sunscreen",
            "stop sunscreen",
            "leave off sunscreen",
            "leave my sunscreen off",
            "forget sunscreen",
            "go without sunscreen",
            "go to the beach without sunscreen",
            "is it ok if I don't use sunscreen",
            "take a break from sunscreen",
            "sunscreen-free",
            "a hat instead of sunscreen",
            "¿puedo no usar protector solar?",
            "no usar crema solar",
            "dejar de usar protector solar",
            "sin protector solar",
            "salir sin usar protector solar",
            "evitar el protector solar",
        ],
    );
    all(
        "ask",
        "moisturiser",
        &["skip moisturiser", "not moisturise", "saltarme la hidratante"],
    );
    all(
        "ask",
        "face_wash",
        &["can I not wash my face", "sin lavarme la cara"],
    );
    all("ask", "mineral_makeup", &["not mineral makeup"]);
    all(
        "336",
        "chemical_sunscreen",
        &["sunscreen without zinc", "protector solar sin zinc"],
    );
    all(
        "72",
        "makeup",
        &["makeup without oil", "no-makeup makeup", "can I not wear makeup"],
    );
    let skipped = questions(plan(), "skip sunscreen");
    assert!(skipped[0].leaving_out);
    assert_eq!(skipped[0].label(Locale::En), "Leaving out: Sunscreen");
    let (_, permission) = told_of(deep_enough(), "skip sunscreen", 30).expect("an answer");
    assert!(matches!(permission.because, Because::LeavingOut(_)));
    assert_eq!(
        permission.reason(plan(), Locale::En),
        "It keeps dark marks off healing skin. Your plan asks for it. Ask your clinic before you leave it out."
    );
}

#[test]
fn what_a_product_is_free_from_is_not_asked_about() {
    all(
        "yes",
        "moisturiser",
        &["non-comedogenic moisturiser", "alcohol free moisturiser"],
    );
    all(
        "yes",
        "alcohol_free_toner",
        &["alcohol-free toner", "tónico sin alcohol"],
    );
    all(
        "ask",
        "unnamed_product",
        &["fragrance-free cream", "crema sin perfume"],
    );
    all(
        "unknown",
        "",
        &[
            "is it ok if I don't drink",
            "sin alcohol",
            "sin perfume",
            "how do I stop the bleeding",
        ],
    );
    all(
        "yes",
        "mineral_sunscreen",
        &["mineral sunscreen instead of chemical sunscreen"],
    );
    all(
        "yes",
        "sunscreen",
        &[
            "I am not sure if I can wear sunscreen",
            "no makeup but sunscreen",
            "can I use sunscreen or not",
        ],
    );
}

#[test]
fn no_medicine_is_stopped_without_the_clinic() {
    all(
        "ask",
        "stop_medicine",
        &[
            "skip my medicine",
            "stop paracetamol",
            "stop taking paracetamol",
            "dejar de tomar paracetamol",
            "stop my insulin",
            "stop taking my antidepressants",
            "dejar el sintrom",
            "dejar sintrom",
            "come off clopidogrel",
            "quit eliquis",
            "pause xarelto",
            "stop bisoprolol",
            "can I not take my bisoprolol",
            "suspender mi medicación",
            "puedo dejar de tomar bisoprolol",
        ],
    );
    all(
        "ask",
        "medicine",
        &[
            "vitamin d tablets",
            "roaccutane",
            "accutane",
            "roacutan",
            "my insulin",
        ],
    );
    all(
        "ask",
        "ibuprofen",
        &["advil", "nurofen", "ibuprofeno", "ibuprofen"],
    );
    all(
        "yes",
        "paracetamol",
        &["paracetamol", "tylenol", "panadol", "tomar paracetamol"],
    );
}

#[test]
fn a_named_ingredient_speaks_for_its_cream() {
    all(
        "168",
        "retinol",
        &["retinol cream", "crema de retinol", "retinol serum"],
    );
    all(
        "168",
        "tretinoin",
        &[
            "tretinoin cream",
            "adapalene gel",
            "differin",
            "retin-a",
            "epiduo",
        ],
    );
    all("120", "vitamin_c", &["vitamin c cream", "crema con vitamina c"]);
    all("120", "benzoyl_peroxide", &["benzoyl peroxide cream"]);
    all(
        "120",
        "azelaic_acid",
        &["azelaic cream", "crema de ácido azelaico"],
    );
    all(
        "120",
        "aha",
        &["glycolic cream", "PHA", "alpha hydroxy", "alfa hidroxiácidos"],
    );
    all("120", "bha", &["salicylic acid serum"]);
    all("yes", "hyaluronic_acid", &["hyaluronic cream"]);
    all(
        "ask",
        "unnamed_product",
        &["cream", "gym and cream", "mineral sunscreen and cream"],
    );
}

#[test]
fn each_word_has_its_own_sense() {
    all("72", "hot_tub", &["hot tub", "jacuzzi"]);
    all("120", "cleansing_brush", &["brush"]);
    all("240", "squeezing_spots", &["popping spots"]);
    all("72", "makeup", &["tinted sunscreen", "protector solar con color"]);
    all(
        "ask",
        "direct_ice",
        &[
            "ice",
            "ice directly on skin",
            "direct ice",
            "ice cube on face",
            "ice pack directly on my skin",
            "hielo directo",
        ],
    );
    all("ask", "ice_bath", &["ice bath", "baño de hielo"]);
    all("ask", "growth_factors", &["bakuchiol", "ferulic acid"]);
    all("yes", "niacinamide", &["niacinamide", "niacinamida"]);
    all("yes", "cool_pack", &["ice pack"]);
    all(
        "unknown",
        "",
        &[
            "sit in the shade",
            "pool table",
            "sea food",
            "laser pointer",
            "facial expressions",
            "brush my teeth",
            "puntero láser",
        ],
    );
    let scalp = Session {
        areas: BTreeSet::from([Area::Scalp]),
        ..deep_enough()
    };
    let (activity, permission) = told_of(scalp, "dry shampoo", 30).expect("an answer");
    assert_eq!(
        (activity.as_str(), permission.answer),
        ("dry_shampoo", Answer::NotYet)
    );
    let deep = Session {
        depth: NeedleDepth::from_micrometres(2_000),
        ..deep_enough()
    };
    let (_, permission) = told_of(deep, "hot tub", 30).expect("an answer");
    assert_eq!(permission.until, Some(berlin(ENDED) + TimeDelta::hours(120)));
}

/// Each word of each activity, in both languages.
fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
    plan().activities().iter().flat_map(|activity| {
        Locale::ALL.into_iter().flat_map(move |locale| {
            let words = &activity.texts(locale).words;
            words
                .iter()
                .map(move |word| (activity.id.as_str(), word.as_str()))
        })
    })
}

#[test]
fn each_word_finds_its_own_activity() {
    for (id, word) in words() {
        let found = questions(plan(), word);
        assert!(
            found.iter().any(|question| question.activity.id == id && !question.leaving_out)
                // "Tomar alcohol" is a drink although "alcohol" alone is both.
                || id.starts_with("alcohol"),
            "{word} of {id}: {:?}",
            found
                .iter()
                .map(|question| &question.activity.id)
                .collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_polite_question_has_the_answer_of_its_words() {
    for (id, word) in words() {
        let plain = told(word);
        if plain.0 == "yes" {
            continue;
        }
        for prefix in [
            "can I",
            "can I have",
            "is it ok to",
            "am I allowed to use",
            "puedo",
            "¿Puedo usar",
        ] {
            assert_eq!(
                told(&format!("{prefix} {word}")),
                plain,
                "{prefix} {word} of {id}"
            );
        }
    }
}

#[test]
fn no_negated_word_of_something_to_do_is_a_yes() {
    let care = |id: &str| {
        let activity = plan().activities().iter().find(|activity| activity.id == id);
        activity.is_some_and(|activity| activity.does.is_some())
    };
    let mut asked = 0;
    for (id, word) in words().filter(|(id, _)| care(id)) {
        for negation in [
            "can I skip",
            "can I not use",
            "if I don't",
            "no",
            "stop",
            "I forgot",
            "without",
            "leave off",
            "instead of",
            "sin",
            "puedo no usar",
            "dejar de usar",
            "evitar",
            "saltarme",
        ] {
            let told = told_of(deep_enough(), &format!("{negation} {word}"), 400);
            let yes = told.is_some_and(|(_, permission)| permission.answer == Answer::Yes);
            assert!(!yes, "{negation} {word} of {id}");
            asked += 1;
        }
    }
    assert!(asked > 1_000, "{asked}");
}

#[test]
fn what_a_do_carries_out_is_never_refused_for_ever() {
    for activity in plan()
        .activities()
        .iter()
        .filter(|activity| activity.does.is_some())
    {
        let open = permission(
            plan(),
            &[deep_enough()],
            activity,
            berlin(ENDED) + TimeDelta::hours(400),
        );
        assert_eq!(open.answer, Answer::Yes, "{}", activity.id);
        assert_ne!(activity.answer, ActivityRule::AskClinic, "{}", activity.id);
    }
}

#[test]
fn a_question_and_a_list_agree() {
    let now = berlin(ENDED) + TimeDelta::hours(30);
    let listed = |name: &str| {
        let check = check_ingredients(plan(), &[deep_enough()], name, now);
        match (check.flagged.first(), check.unknown.is_empty()) {
            (Some(flagged), _) => {
                let hours = flagged.until.map(|until| (until - berlin(ENDED)).num_hours());
                hours.map_or("ask".to_owned(), |hours| hours.to_string())
            }
            (None, true) => "yes".to_owned(),
            (None, false) => "ask".to_owned(),
        }
    };
    for name in [
        "niacinamide",
        "bakuchiol",
        "retinol",
        "tretinoin",
        "ascorbic acid",
        "glycolic acid",
        "salicylic acid",
        "lactic acid",
        "azelaic acid",
        "benzoyl peroxide",
        "alcohol denat",
        "hyaluronic acid",
        "octocrylene",
        "zinc oxide",
        "coconut oil",
        "tea tree oil",
        "witch hazel",
    ] {
        assert_eq!(listed(name), told(name).0, "{name}");
    }
}

#[test]
fn names_of_a_list_are_told_apart() {
    let check = |list: &str| {
        check_ingredients(
            &Plan::microneedling(),
            &[deep_enough()],
            list,
            berlin(ENDED) + TimeDelta::hours(30),
        )
    };
    let joined = check("Glycerin and Retinol");
    assert_eq!(
        (joined.fine, joined.flagged.len()),
        (vec!["Glycerin".to_owned()], 1)
    );
    assert_eq!(joined.flagged[0].name, "Retinol");
    let known = check("Carbomer 940, Purified Water, Disodium Edetate, Sodium Hydroxide, Ferulic Acid");
    assert_eq!((known.fine.len(), known.unknown.len()), (5, 0));
    assert!(known.flagged.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn each_name_of_a_list_is_told_once(
        names in proptest::collection::vec(
            prop_oneof![
                proptest::sample::select(vec![
                    "Alcohol", "Alcohol 96%", "Alcohol Denat", "ALCOHOLDENAT", "Ethanol", "Aqua", "Water", "Glycerin",
                    "Retinol", "Vitamin A", "Retinyl Palmitate", "Citric Acid", "Citric Acid 5%", "Parfum",
                    "Fragrance", "Sodium Hydroxide", "Carbomer 940", "Carbomer", "Disodium EDTA", "Ascorbic Acid",
                    "L-Ascorbic Acid", "Cocos Nucifera Oil", "Coconut Oil", "Octocrylene", "Zinc Oxide", "CI 77891",
                ]).prop_map(str::to_owned),
                // With such a last letter it does not claim to be free of something.
                "Zq[a-z]{3,8}[j-z]( zq[a-z]{3,8}[j-z])?",
            ],
            1..24,
        ),
        hours in 0..400_i64,
    ) {
        let now = berlin(ENDED) + TimeDelta::hours(hours);
        let check = check_ingredients(plan(), &[deep_enough()], &names.join(", "), now);
        let flagged: BTreeSet<_> = check.flagged.iter().map(|flagged| flagged.name.clone()).collect();
        for name in &names {
            let places = [flagged.contains(name), check.unknown.contains(name), check.fine.contains(name)];
            prop_assert_eq!(places.iter().filter(|there| **there).count(), 1, "{}: {:?}", name, check);
        }
        let told = flagged.len() + check.unknown.len() + check.fine.len();
        prop_assert_eq!(told, names.iter().collect::<BTreeSet<_>>().len());
    }
}
