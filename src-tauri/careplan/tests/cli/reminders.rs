//! `careplan reminders`.

use std::collections::BTreeSet;

use crate::given::{MONDAY, careplan, fields};

#[test]
fn the_shape_of_the_answer_in_the_order_in_which_it_is_due() {
    let answer = careplan(&format!("reminders {MONDAY} --json")).json();
    assert_eq!(fields(&answer), ["occurrences"]);
    let occurrences = answer["occurrences"].as_array().expect("occurrences");
    let mut keys = BTreeSet::new();
    let mut before = None;
    for one in occurrences {
        assert_eq!(fields(one), ["due", "instruction", "key", "valid_until", "what"]);
        let instant = |field: &str| {
            chrono::DateTime::parse_from_rfc3339(one[field].as_str().expect("an instant"))
                .expect("an instant")
        };
        assert!(instant("due") < instant("valid_until"), "{one}");
        assert!(before.is_none_or(|before| before <= instant("due")), "{one}");
        before = Some(instant("due"));
        assert!(keys.insert(one["key"].as_str().expect("a key")), "{one}");
    }
    let whats: BTreeSet<_> = occurrences
        .iter()
        .map(|one| one["what"].as_str().expect("a kind"))
        .collect();
    assert_eq!(
        whats,
        BTreeSet::from(["all_clear", "at", "check_in", "daily", "phase", "start"])
    );
}

#[test]
fn makeup_is_announced_once_at_the_end_of_the_limit() {
    let answer = careplan(&format!("reminders {MONDAY} --json")).json();
    let due: Vec<_> = answer["occurrences"]
        .as_array()
        .expect("occurrences")
        .iter()
        .filter(|one| one["what"] == "all_clear" && one["instruction"] == "no_makeup")
        .map(|one| one["due"].as_str().expect("an instant"))
        .collect();
    assert_eq!(due, ["2026-11-05T17:30:00+01:00"]);
}

#[test]
fn days_end_with_the_recovery_day() {
    let count = |days: &str| {
        careplan(&format!("reminders {MONDAY} {days} --json")).json()["occurrences"]
            .as_array()
            .expect("occurrences")
            .iter()
            .map(|one| one["due"].as_str().expect("an instant").to_owned())
            .collect::<Vec<_>>()
    };
    let three = count("--days 3");
    assert!(three.iter().all(|due| due.as_str() < "2026-11-06"), "{three:?}");
    assert!(
        three.iter().any(|due| due.starts_with("2026-11-05T2")),
        "{three:?}"
    );
    assert!(count("").len() > three.len());
    assert!(count("").starts_with(&three));
}

#[test]
fn keys_are_the_same_on_every_run_and_whatever_the_depth() {
    let keys = |options: &str| {
        careplan(&format!("reminders {options} --json")).json()["occurrences"][0]["key"].clone()
    };
    assert_eq!(keys(MONDAY), keys(MONDAY));
    assert_eq!(
        keys(MONDAY),
        keys("--ended 2026-11-02T17:30 --zone Europe/Berlin")
    );
    assert_ne!(
        keys(MONDAY),
        keys("--ended 2026-11-02T17:31 --zone Europe/Berlin")
    );
}

#[test]
fn for_people_a_line_each() {
    let run = careplan(&format!("reminders {MONDAY} --days 1 --lang es"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(
        run.stdout.starts_with("2026-11-02 20:00  registro"),
        "{}",
        run.stdout
    );
}
