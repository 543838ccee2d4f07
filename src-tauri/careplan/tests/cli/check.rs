//! `careplan check`.

use serde_json::json;

use crate::given::{ClinicPlan, SUNRISE, careplan, fields, names, run};

const DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../care/plans/microneedling.toml");

#[test]
fn the_default_plan_has_no_fault_and_says_what_it_contains() {
    let run = run(&["check", DEFAULT], "");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(
        run.stdout
            .starts_with("Care after microneedling (microneedling, version "),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("Languages: en, es\n"), "{}", run.stdout);
}

#[test]
fn a_whole_plan_in_json() {
    let answer = run(&["check", DEFAULT, "--json"], "").json();
    assert_eq!(
        fields(&answer),
        [
            "changes",
            "clinic",
            "counts",
            "extends",
            "id",
            "languages",
            "review",
            "title",
            "valid",
            "version"
        ]
    );
    assert_eq!(answer["valid"], true);
    assert_eq!(names(&answer["languages"]), ["en", "es"]);
    assert_eq!(answer["counts"]["bands"], 33);
    assert_eq!(answer["extends"], json!(null));
}

#[test]
fn a_clinics_plan_says_what_it_changes() {
    let plan = ClinicPlan::new(SUNRISE, None);
    let path = plan.path().to_str().expect("a path");
    let answer = run(&["check", path, "--json"], "").json();
    assert_eq!(answer["extends"]["id"], "microneedling");
    assert_eq!(answer["clinic"], "Sunrise Skin Clinic");
    assert_eq!(names(&answer["languages"]), ["en"]);
    let changes = &answer["changes"];
    let mut overridden = names(&changes["overridden"]);
    overridden.sort_unstable();
    assert_eq!(overridden, ["instruction no_sweat", "instruction no_swimming"]);
    assert_eq!(changes["added"], json!([]));
    assert_eq!(
        changes["switched_off"],
        json!([{ "id": "sleep_raised", "reason": "Our sessions do not need it.", "approved_by": null }])
    );
    assert_eq!(
        changes["approved"],
        json!([{ "id": "no_sweat", "approved_by": "Dr Ana Ruiz" }])
    );
}

#[test]
fn every_fault_is_told_with_its_place() {
    let faulty = SUNRISE
        .replace("version = 2", "version = 99")
        .replace("approved_by = \"Dr Ana Ruiz\"\n", "")
        .replace("reason = \"Our", "resaon = \"Our");
    let plan = ClinicPlan::new(&faulty, None);
    let path = plan.path().to_str().expect("a path");
    let told = run(&["check", path], "");
    let lines: Vec<_> = told.refused().lines().collect();
    assert_eq!(lines.len(), 3, "{lines:#?}");
    for (line, (place, word)) in lines
        .iter()
        .zip([(5, "extends"), (20, "no_sweat"), (25, "resaon")])
    {
        assert!(line.starts_with(&format!("{path}:{place}:")), "{line}");
        assert!(line.contains(word), "{line}");
    }

    let told = run(&["check", path, "--json"], "");
    assert_eq!(told.code, 2);
    let answer: serde_json::Value = serde_json::from_str(&told.stdout).expect("JSON");
    assert_eq!(answer["valid"], false);
    assert_eq!(answer["faults"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        fields(&answer["faults"][0]),
        ["column", "file", "line", "message"]
    );
    assert_eq!(answer["faults"][1]["line"], 20);
    assert_eq!(told.stderr.lines().count(), 3);
}

#[test]
fn a_fault_of_a_translation_names_its_file() {
    let plan = ClinicPlan::new(
        SUNRISE,
        Some("format = 1\nplan = \"sunrise\"\nversion = 3\nlocale = \"es\"\nbogus = 1\n"),
    );
    let path = plan.path().to_str().expect("a path");
    let told = run(&["check", path], "");
    assert!(
        told.refused().contains("sunrise.es.toml:5:1: "),
        "{}",
        told.stderr
    );
}

#[test]
fn what_is_no_plan_is_refused() {
    assert!(
        careplan("check no-such-file.toml")
            .refused()
            .contains("no-such-file.toml: cannot be read")
    );
    let plan = ClinicPlan::new("this is not TOML", None);
    let path = plan.path().to_str().expect("a path");
    assert!(
        run(&["check", path], "")
            .refused()
            .starts_with(&format!("{path}:1:"))
    );
}
