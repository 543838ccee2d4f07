//! `careplan timeline`.

use crate::given::{MONDAY, careplan, fields, names};

#[test]
fn the_shape_of_the_answer() {
    let answer = careplan(&format!("timeline {MONDAY} --json")).json();
    assert_eq!(fields(&answer), ["days", "windows"]);
    for window in answer["windows"].as_array().expect("windows") {
        assert_eq!(fields(window), ["from", "instruction", "kind", "until"]);
    }
    let days = answer["days"].as_array().expect("days");
    assert_eq!(days.len(), 15, "days 0 to 14 unless said");
    for (day, number) in days.iter().zip(0..) {
        assert_eq!(
            fields(day),
            ["date", "day", "ends", "expected", "phase", "starts"]
        );
        assert_eq!(day["day"], number);
        assert_eq!(fields(&day["expected"]).len(), 11);
    }
    assert_eq!(days[14]["date"], "2026-11-16");
}

#[test]
fn a_medium_session_on_the_face() {
    let answer = careplan(&format!("timeline {MONDAY} --days 3 --json")).json();
    let window = |name: &str| {
        answer["windows"]
            .as_array()
            .and_then(|windows| windows.iter().find(|window| window["instruction"] == name))
            .unwrap_or_else(|| panic!("no window of {name}"))
    };
    assert_eq!(window("no_makeup")["kind"], "avoid");
    assert_eq!(window("no_makeup")["until"], "2026-11-03T17:30:00+01:00");
    assert_eq!(window("makeup_careful")["kind"], "limit");
    assert_eq!(window("makeup_careful")["from"], "2026-11-03T17:30:00+01:00");
    assert_eq!(window("moisturise")["kind"], "do");

    let days = &answer["days"];
    assert_eq!(days.as_array().map(Vec::len), Some(4));
    assert_eq!(days[0]["phase"], "red_and_warm");
    assert_eq!(days[3]["phase"], "dry_and_flaky");
    assert_eq!(days[0]["expected"]["erythema"], 3);
    assert_eq!(days[2]["expected"]["erythema"], 2);
    assert_eq!(days[2]["expected"]["crusting"], 1);
    assert!(names(&days[0]["starts"]).contains(&"no_makeup"));
    assert!(names(&days[1]["starts"]).contains(&"makeup_careful"));
    assert!(names(&days[1]["ends"]).contains(&"no_makeup"));
    assert!(names(&days[3]["ends"]).contains(&"no_sweat"));
}

#[test]
fn with_more_than_needling_the_clinic_is_asked() {
    let answer = careplan(&format!("timeline {MONDAY} --adjunct prp --json")).json();
    let makeup = answer["windows"]
        .as_array()
        .and_then(|windows| windows.iter().find(|window| window["instruction"] == "no_makeup"))
        .expect("no_makeup");
    assert_eq!(makeup["kind"], "ask");
    let light = careplan(&format!("timeline {MONDAY} --adjunct led --json")).json();
    let plain = careplan(&format!("timeline {MONDAY} --json")).json();
    assert_eq!(light, plain);
}

#[test]
fn for_people_in_both_languages() {
    let english = careplan(&format!("timeline {MONDAY} --days 0"));
    assert!(
        english.stdout.contains("Day 0 (2026-11-02): Red and warm"),
        "{}",
        english.stdout
    );
    let spanish = careplan(&format!("timeline {MONDAY} --days 0 --lang es"));
    assert!(
        spanish.stdout.contains("Día 0 (2026-11-02): "),
        "{}",
        spanish.stdout
    );
    assert!(!spanish.stdout.contains("Makeup"));
}

#[test]
fn a_depth_to_confirm_and_a_deep_session_at_home_are_noted() {
    let run = careplan(
        "timeline --ended 2026-11-02T17:30 --zone Europe/Berlin --depth 2.6 --setting home --days 0",
    );
    assert!(
        run.stdout.contains("Ask your clinic to confirm the depth."),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("deeper than needling at home"),
        "{}",
        run.stdout
    );
    let run = careplan("timeline --ended 2026-11-02T17:30 --zone Europe/Berlin --depth 2.5 --days 0");
    assert!(!run.stdout.contains("confirm"), "{}", run.stdout);
}
