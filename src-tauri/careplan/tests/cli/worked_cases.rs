//! The twelve worked courses of the care content: the level after each check-in, judged with the
//! earlier ones and `now` five minutes later.

use serde_json::{Value, json};

use crate::given::assess;

const CASES: &str = include_str!("../triage-cases.json");

fn cases() -> Vec<Value> {
    serde_json::from_str(CASES).expect("a list of cases")
}

/// The case as it stood just after one of its check-ins.
fn just_after(case: &Value, number: usize) -> Value {
    let check_ins = &case["check_ins"].as_array().expect("check-ins")[..=number];
    let at = check_ins[number]["at"].as_str().expect("an instant");
    let now = chrono::DateTime::parse_from_rfc3339(at).expect("an instant") + chrono::TimeDelta::minutes(5);
    let mut truncated = case.clone();
    truncated["check_ins"] = json!(check_ins);
    truncated["now"] = json!(now.to_rfc3339());
    truncated
}

#[test]
fn the_level_after_each_check_in() {
    let mut truncated = Vec::new();
    let mut expected = Vec::new();
    for case in cases() {
        let levels = case["level_after_each_check_in"].as_array().expect("levels");
        for (number, level) in levels.iter().enumerate() {
            truncated.push(just_after(&case, number));
            expected.push((case["title"].clone(), number, level.clone()));
        }
    }
    let answers = assess(&json!(truncated)).json();
    let told: Vec<_> = expected
        .iter()
        .zip(answers.as_array().expect("a list for a list"))
        .map(|((title, number, _), answer)| (title.clone(), *number, answer["level"].clone()))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn one_case_is_answered_as_it_is_in_a_list() {
    for case in cases() {
        let alone = assess(&case).json();
        let listed = assess(&json!([case])).json();
        assert_eq!(listed, json!([alone]));
    }
}
