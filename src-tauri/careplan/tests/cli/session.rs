//! The options that describe a session, and what every subcommand takes.

use crate::given::{ClinicPlan, MONDAY, SUNRISE, careplan, run};

fn first_window(options: &str) -> String {
    let answer = careplan(&format!("timeline {options} --json")).json();
    answer["windows"][0]["from"]
        .as_str()
        .expect("an instant")
        .to_owned()
}

#[test]
fn the_end_may_be_written_in_several_ways() {
    for ended in [
        "2026-11-02T17:30",
        "2026-11-02T17:30:00",
        "2026-11-02T17:30:00+01:00",
        "2026-11-02T16:30:00Z",
    ] {
        let from = first_window(&format!("--ended {ended} --zone Europe/Berlin"));
        assert_eq!(from, "2026-11-02T17:30:00+01:00", "{ended}");
    }
    let spaced = [
        "timeline",
        "--ended",
        "2026-11-02 17:30",
        "--zone",
        "Europe/Berlin",
        "--json",
    ];
    let answer = run(&spaced, "").json();
    assert_eq!(answer["windows"][0]["from"], "2026-11-02T17:30:00+01:00");
}

#[test]
fn a_time_that_exists_twice_is_the_later_and_one_in_a_gap_is_later_by_the_gap() {
    let twice = first_window("--ended 2026-10-25T02:30 --zone Europe/Berlin");
    assert_eq!(twice, "2026-10-25T02:30:00+01:00");
    let gap = first_window("--ended 2026-03-29T02:30 --zone Europe/Berlin");
    assert_eq!(gap, "2026-03-29T03:30:00+02:00");
}

#[test]
fn instants_have_the_offset_of_their_own_day() {
    let answer = careplan("timeline --ended 2026-10-24T15:00 --zone Europe/Berlin --depth 1.0 --json").json();
    let window = &answer["windows"][0];
    assert_eq!(window["from"], "2026-10-24T15:00:00+02:00");
    assert_eq!(window["until"], "2026-10-25T14:00:00+01:00");
}

#[test]
fn an_unknown_depth_takes_the_longest_windows() {
    let until = |depth: &str| {
        let answer = careplan(&format!(
            "timeline --ended 2026-11-02T17:30 --zone Europe/Berlin {depth} --json"
        ))
        .json();
        answer["windows"][0]["until"]
            .as_str()
            .expect("an instant")
            .to_owned()
    };
    assert_eq!(until(""), until("--depth 2.0"));
    assert_ne!(until(""), until("--depth 1.0"));
}

#[test]
fn lists_may_be_repeated_or_written_with_commas() {
    let one = careplan(&format!(
        "timeline {MONDAY} --area face,neck --clinic-gave gel,sunscreen --json"
    ));
    let two = careplan(&format!(
        "timeline {MONDAY} --area face --area neck --clinic-gave gel --clinic-gave sunscreen --json"
    ));
    assert_eq!(one.json(), two.json());
    let spaced = [
        "timeline",
        "--ended",
        "2026-11-02T17:30",
        "--zone",
        "Europe/Berlin",
        "--depth",
        "1.5",
        "--area",
        "face, neck",
        "--clinic-gave",
        "gel, sunscreen",
        "--json",
    ];
    assert_eq!(run(&spaced, "").json(), one.json());
}

#[test]
fn whatever_does_not_exist_is_refused_with_what_does() {
    for (options, told) in [
        (
            "--ended 2026-11-02T17:30 --zone Europe/Atlantis",
            "Europe/Atlantis",
        ),
        (
            "--ended yesterday --zone Europe/Berlin",
            "expected one such as 2026-11-02T17:30",
        ),
        ("--ended 2026-02-30T17:30 --zone Europe/Berlin", "2026-02-30"),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --depth 0.05",
            "0.1 to 3.5",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --depth -1",
            "0.1 to 3.5",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --depth 3.6",
            "0.1 to 3.5",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --depth deep",
            "0.1 to 3.5",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --area nose",
            "eye_area",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --setting spa",
            "clinic, home",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --risk diabetis",
            "did you mean diabetes?",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --clinic-gave cream",
            "gel, sunscreen",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --adjunct laser",
            "led, radiofrequency, prp",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --lang de",
            "en, es",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --days=-1",
            "--days",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --days 4000",
            "--days",
        ),
        (
            "--ended 2026-11-02T17:30 --zone Europe/Berlin --colour",
            "--colour",
        ),
        ("--ended 2026-11-02T17:30", "--zone"),
        ("--zone Europe/Berlin", "--ended"),
    ] {
        for subcommand in ["timeline", "reminders"] {
            let run = careplan(&format!("{subcommand} {options}"));
            assert!(run.refused().contains(told), "{options}: {}", run.stderr);
        }
    }
}

#[test]
fn nothing_and_an_unknown_subcommand_are_refused() {
    assert!(careplan("").refused().contains("Usage"));
    assert!(careplan("advise").refused().contains("advise"));
    assert_eq!(careplan("--help").code, 0);
    assert_eq!(careplan("--version").code, 0);
}

#[test]
fn a_clinics_plan_takes_the_place_of_the_default() {
    let plan = ClinicPlan::new(SUNRISE, None);
    let path = plan.path().to_str().expect("a path");
    let until = |more: &[&str]| {
        let mut arguments = vec![
            "can",
            "swim",
            "--ended",
            "2026-11-02T17:30",
            "--zone",
            "Europe/Berlin",
            "--depth",
            "1.5",
            "--now",
            "2026-11-03T09:00:00+01:00",
            "--json",
        ];
        arguments.extend(more);
        run(&arguments, "").json()["until"].clone()
    };
    assert_eq!(until(&[]), "2026-11-05T17:30:00+01:00");
    assert_eq!(until(&["--plan", path]), "2026-11-07T17:30:00+01:00");
}

#[test]
fn a_plan_with_faults_is_refused_with_their_places() {
    let plan = ClinicPlan::new(&SUNRISE.replace("approved_by = \"Dr Ana Ruiz\"\n", ""), None);
    let path = plan.path().to_str().expect("a path");
    let arguments = [
        "timeline",
        "--ended",
        "2026-11-02T17:30",
        "--zone",
        "Europe/Berlin",
        "--plan",
        path,
    ];
    assert!(run(&arguments, "").refused().starts_with(&format!("{path}:20:")));
}
