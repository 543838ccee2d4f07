//! `careplan ingredients`.

use serde_json::{Value, json};

use crate::given::{MONDAY, Run, fields, names, run};

fn ingredients(list: &str, options: &str) -> Run {
    let mut arguments = vec!["ingredients"];
    arguments.extend(MONDAY.split_whitespace());
    arguments.extend(options.split_whitespace());
    run(&arguments, list)
}

const MORNING: &str = "--now 2026-11-03T09:00:00+01:00 --json";

#[test]
fn what_has_to_wait_what_is_fine_and_what_nobody_knows() {
    let list = "Ingredients: Aqua, Glycerin, Retinol, Alcohol Denat., Zorblaxium Frimulate";
    let answer = ingredients(list, MORNING).json();
    assert_eq!(
        fields(&answer),
        [
            "ask_clinic",
            "fine",
            "flagged",
            "only_clinic_products_until",
            "unknown"
        ]
    );
    assert_eq!(names(&answer["fine"]), ["Aqua", "Glycerin"]);
    assert_eq!(names(&answer["unknown"]), ["Zorblaxium Frimulate"]);
    let flagged = answer["flagged"].as_array().expect("a list");
    let told: Vec<_> = flagged
        .iter()
        .map(|one| {
            (
                one["ingredient"].as_str(),
                one["group"].as_str(),
                one["until"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                Some("Retinol"),
                Some("retinoid"),
                Some("2026-11-09T17:30:00+01:00")
            ),
            (
                Some("Alcohol Denat."),
                Some("drying_alcohol"),
                Some("2026-11-09T17:30:00+01:00")
            ),
        ]
    );
    for one in flagged {
        assert_eq!(fields(one), ["because", "group", "ingredient", "source", "until"]);
        assert_ne!(one["because"], "");
        assert_ne!(one["source"], "");
    }
    assert_eq!(answer["only_clinic_products_until"], "2026-11-03T17:30:00+01:00");
    assert_eq!(answer["ask_clinic"], false);
}

#[test]
fn each_group_waits_for_its_own_instruction() {
    for (ingredient, group, until) in [
        ("Alcohol Denat.", "drying_alcohol", "2026-11-09T17:30:00+01:00"),
        ("Retinol", "retinoid", "2026-11-09T17:30:00+01:00"),
        ("Glycolic Acid", "exfoliating_acid", "2026-11-07T17:30:00+01:00"),
        ("Ascorbic Acid", "vitamin_c", "2026-11-07T17:30:00+01:00"),
        (
            "Benzoyl Peroxide",
            "benzoyl_peroxide",
            "2026-11-07T17:30:00+01:00",
        ),
        ("Parfum", "fragrance", "2026-11-09T17:30:00+01:00"),
        (
            "Lavandula Angustifolia Oil",
            "essential_oil",
            "2026-11-09T17:30:00+01:00",
        ),
        ("Octocrylene", "chemical_uv_filter", "2026-11-16T17:30:00+01:00"),
        (
            "Cocos Nucifera Oil",
            "comedogenic_oil",
            "2026-11-09T17:30:00+01:00",
        ),
    ] {
        let answer = ingredients(ingredient, MORNING).json();
        assert_eq!(answer["flagged"][0]["group"], group, "{ingredient}");
        assert_eq!(answer["flagged"][0]["until"], until, "{ingredient}");
    }
}

#[test]
fn once_its_time_is_over_an_ingredient_is_fine() {
    let answer = ingredients("Retinol", "--now 2026-11-09T17:30:00+01:00 --json").json();
    assert_eq!(answer["flagged"], json!([]));
    assert_eq!(names(&answer["fine"]), ["Retinol"]);
    assert_eq!(answer["only_clinic_products_until"], Value::Null);
}

#[test]
fn with_more_than_needling_there_is_no_time() {
    let answer = ingredients("Retinol", &format!("--adjunct peel {MORNING}")).json();
    assert_eq!(answer["flagged"][0]["until"], Value::Null);
    assert_eq!(answer["ask_clinic"], true);
}

#[test]
fn names_joined_by_an_and_are_told_apart_and_none_is_lost() {
    let list = "Glycerin and Retinol, Alcohol 96%, Alcohol Denat, ALCOHOLDENAT, Ferulic Acid, Carbomer 940";
    let answer = ingredients(list, MORNING).json();
    assert_eq!(
        names(&answer["fine"]),
        ["Glycerin", "Ferulic Acid", "Carbomer 940"]
    );
    let flagged = answer["flagged"].as_array().expect("a list");
    let flagged: Vec<_> = flagged.iter().map(|one| one["ingredient"].as_str()).collect();
    assert_eq!(
        flagged,
        ["Retinol", "Alcohol 96%", "Alcohol Denat", "ALCOHOLDENAT"].map(Some)
    );
    assert_eq!(answer["unknown"], json!([]));
}

#[test]
fn for_people_in_spanish() {
    let run = ingredients("Aqua, Retinol", "--now 2026-11-03T09:00:00+01:00 --lang es");
    assert!(run.stdout.contains("hasta 2026-11-09 17:30"), "{}", run.stdout);
    assert!(run.stdout.contains("Fuente: "), "{}", run.stdout);
}

#[test]
fn no_list_and_one_that_is_too_long_are_refused() {
    assert!(ingredients(" \n", MORNING).refused().contains("there is no list"));
    let long = "Aqua, ".repeat(4_000);
    assert!(ingredients(&long, MORNING).refused().contains("20000"));
    assert!(ingredients("Aqua", "").refused().contains("--now"));
}
