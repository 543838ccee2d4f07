//! `careplan assess`.

use serde_json::{Value, json};

use crate::given::{assess, case, fields, names, run};

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut case = case();
    change(&mut case);
    case
}

#[test]
fn the_shape_of_the_answer() {
    let answer = assess(&case()).json();
    assert_eq!(
        fields(&answer),
        ["complete", "findings", "level", "open", "warnings"]
    );
    assert_eq!(answer["level"], "expected");
    assert_eq!(answer["complete"], true);
    assert_eq!(answer["findings"], json!([]));

    let answer = assess(&with(|case| case["check_ins"][0]["signs"] = json!(["pus"]))).json();
    assert_eq!(answer["level"], "call_clinic");
    let finding = &answer["findings"][0];
    assert_eq!(fields(finding), ["advice", "because", "level", "rule", "source"]);
    assert_eq!(finding["rule"], "purulence");
    assert_eq!(finding["level"], "call_clinic");
    for text in ["advice", "because", "source"] {
        assert_ne!(finding[text], "", "{text}");
    }
}

#[test]
fn an_earlier_call_stays_open_beside_a_calm_check_in() {
    let case = with(|case| {
        let calm = case["check_ins"][0].clone();
        case["check_ins"][0]["signs"] = json!(["pus"]);
        case["check_ins"][0]["at"] = json!("2026-11-03T08:00:00Z");
        case["check_ins"].as_array_mut().expect("check-ins").push(calm);
    });
    let answer = assess(&case).json();
    assert_eq!(answer["level"], "expected");
    let open = &answer["open"][0];
    assert_eq!(
        fields(open),
        ["advice", "at", "because", "corrected", "level", "rule", "source"]
    );
    assert_eq!(open["rule"], "purulence");
    assert_eq!(open["at"], "2026-11-03T09:00:00+01:00");
    assert_eq!(open["corrected"], false);
}

#[test]
fn a_correction_counts_and_what_it_corrects_stays_open() {
    let case = with(|case| {
        let mut right = case["check_ins"][0].clone();
        right["revises"] = json!("2026-11-03T19:00:00Z");
        case["check_ins"][0]["signs"] = json!(["pus"]);
        case["check_ins"].as_array_mut().expect("check-ins").push(right);
    });
    let answer = assess(&case).json();
    assert_eq!(answer["level"], "expected");
    assert_eq!(answer["open"][0]["rule"], "purulence");
    assert_eq!(answer["open"][0]["corrected"], true);

    let other = with(|case| case["check_ins"][0]["revises"] = json!("2026-11-03T20:00:00+01:00"));
    assert!(
        assess(&other)
            .refused()
            .contains("\"revises\" names no other check-in")
    );
}

#[test]
fn the_newest_is_the_latest_whatever_the_order_and_the_later_in_the_list_where_equal() {
    let two = |first: &Value, second: &Value| {
        let case = with(|case| case["check_ins"] = json!([first, second]));
        assess(&case).json()["level"].clone()
    };
    let at = |at: &str, signs: Value| {
        let mut check_in = case()["check_ins"][0].clone();
        check_in["at"] = json!(at);
        check_in["signs"] = signs;
        check_in
    };
    let quiet = at("2026-11-03T20:00:00+01:00", json!([]));
    let call = at("2026-11-03T20:00:00+01:00", json!(["pus"]));
    let earlier_call = at("2026-11-03T10:00:00+01:00", json!(["pus"]));
    assert_eq!(two(&quiet, &earlier_call), "expected");
    assert_eq!(two(&earlier_call, &quiet), "expected");
    assert_eq!(two(&quiet, &call), "call_clinic");
    assert_eq!(two(&call, &quiet), "expected");
}

#[test]
fn half_a_check_in_is_not_complete() {
    let no_signs = with(|case| {
        case["check_ins"][0]
            .as_object_mut()
            .expect("a check-in")
            .remove("signs");
    });
    let answer = assess(&no_signs).json();
    assert_eq!(answer["complete"], false);
    assert_eq!(
        answer["warnings"][0],
        "This check-in is not finished. Not answered: other signs."
    );
    let only_signs = with(|case| case["check_ins"][0]["severities"] = json!({}));
    assert_eq!(assess(&only_signs).json()["complete"], false);
    let people = run(&["assess", "-"], &only_signs.to_string());
    assert!(
        people.stdout.starts_with("The check-in is not finished"),
        "{}",
        people.stdout
    );
}

#[test]
fn a_date_is_the_evening_of_that_day_and_never_before_the_end() {
    let on = |date: &str, ended: &str, now: &str| {
        with(|case| {
            let check_in = case["check_ins"][0].as_object_mut().expect("a check-in");
            check_in.remove("at");
            check_in.insert("date".to_owned(), json!(date));
            check_in.insert("signs".to_owned(), json!(["pus"]));
            let mut calm = case["check_ins"][0].clone();
            calm.as_object_mut().expect("a check-in").remove("date");
            calm["at"] = json!(now);
            calm["signs"] = json!([]);
            case["check_ins"].as_array_mut().expect("check-ins").push(calm);
            case["session"]["ended_at"] = json!(ended);
            case["now"] = json!(now);
        })
    };
    let told = |case: &Value| assess(case).json()["open"][0]["at"].clone();
    let past = on("2026-11-03", "2026-11-02T17:30", "2026-11-05T09:00:00+01:00");
    assert_eq!(told(&past), "2026-11-03T20:00:00+01:00");
    let late = on("2026-11-02", "2026-11-02T21:30", "2026-11-05T09:00:00+01:00");
    assert_eq!(told(&late), "2026-11-02T21:30:00+01:00");
    let before = on("2026-11-01", "2026-11-02T21:30", "2026-11-05T09:00:00+01:00");
    assert!(assess(&before).refused().contains("before the session's end"));
}

#[test]
fn of_several_sessions_each_check_in_belongs_to_the_latest_of_its_skin() {
    let case = with(|case| {
        let mut first = case["session"].clone();
        first["ended_at"] = json!("2026-09-20T10:00");
        let second = case["session"].clone();
        case.as_object_mut().expect("a case").remove("session");
        case["sessions"] = json!([second, first]);
        case["check_ins"][0]["severities"]["erythema"] = json!(3);
    });
    // Ordinary on day 1 of the second session; long over for the first.
    assert_eq!(assess(&case).json()["level"], "expected");
}

#[test]
fn a_time_that_exists_twice_is_the_later() {
    // 24 h after the later 02:30 is day 1 from 02:30 on the next day.
    let bleeding = |at: &str| {
        let case = with(|case| {
            case["session"]["ended_at"] = json!("2026-10-25T02:30");
            case["check_ins"][0]["at"] = json!(at);
            case["check_ins"][0]["severities"]["bleeding"] = json!(2);
            case["now"] = json!("2026-10-27T00:00:00+01:00");
        });
        assess(&case).json()["level"].clone()
    };
    assert_eq!(bleeding("2026-10-26T02:29:00+01:00"), "expected");
    assert_eq!(bleeding("2026-10-26T02:31:00+01:00"), "call_clinic");
    let before = with(|case| {
        case["session"]["ended_at"] = json!("2026-10-25T02:30");
        case["check_ins"][0]["at"] = json!("2026-10-25T02:45:00+02:00");
    });
    assert!(assess(&before).refused().contains("before the session's end"));
}

#[test]
fn warnings_never_change_a_level() {
    let case = with(|case| {
        case["session"]["depth_mm"] = json!(2.8);
        case["session"]["setting"] = json!("home");
        case["session"]["adjuncts"] = json!(["prp"]);
        case["risks"] = json!(["pregnant", "keloid_tendency"]);
    });
    let answer = assess(&case).json();
    assert_eq!(answer["level"], "expected");
    let warnings = names(&answer["warnings"]).join(" ");
    for word in [
        "clinic today",
        "confirm the depth",
        "at home",
        "More was done than needling",
    ] {
        assert!(warnings.contains(word), "{word}: {warnings}");
    }
}

#[test]
fn a_day_without_the_check_in_that_was_asked_for_is_a_warning() {
    let answer = assess(&case()).json();
    assert_eq!(names(&answer["warnings"]), ["No check-in on day 0."]);
    let spanish = run(&["assess", "-", "--json", "--lang", "es"], &case().to_string()).json();
    assert_eq!(names(&spanish["warnings"]), ["Sin registro el día 0."]);
}

#[test]
fn a_risk_from_screening_raises_a_level() {
    let above = |risks: Value| {
        let case = with(|case| {
            case["risks"] = risks;
            case["check_ins"][0]["severities"]["edema"] = json!(3);
        });
        assess(&case).json()["level"].clone()
    };
    assert_eq!(above(json!([])), "watch");
    assert_eq!(above(json!(["diabetes"])), "call_clinic");
}

#[test]
fn what_may_be_left_out() {
    let sparse = json!({
        "session": { "ended_at": "2026-11-02 17:30", "zone": "Europe/Berlin", "depth_mm": null },
        "check_ins": [{ "at": "2026-11-03T20:00:00+01:00", "temperature_c": 37.0 }]
    });
    let answer = assess(&sparse).json();
    assert_eq!(answer["level"], "expected");
    assert_eq!(answer["complete"], false);
}

type Change = fn(&mut Value);

/// What is done to a good case, and what is then said.
const BAD_INPUT: [(Change, &str); 26] = [
    (
        |case| case["check_ins"] = json!([]),
        "check_ins: there is no check-in",
    ),
    (
        |case| case["check_ins"] = json!(null),
        "check_ins: there is no check-in",
    ),
    (
        |case| case["check_ins"][0] = json!({ "at": "2026-11-03T20:00:00+01:00", "note": "fine" }),
        "check_ins[0]: nothing was answered",
    ),
    (
        |case| case["check_ins"][0]["at"] = json!("2026-11-02T17:29:59+01:00"),
        "check_ins[0]: it lies before the session's end",
    ),
    (
        |case| case["check_ins"][0]["at"] = json!("2026-11-03T20:05:01+01:00"),
        "check_ins[0]: it lies after \"now\"",
    ),
    (
        |case| case["check_ins"][0]["temperature_c"] = json!(29.9),
        "check_ins[0].temperature_c: ",
    ),
    (
        |case| case["check_ins"][0]["temperature_c"] = json!(45.1),
        "between 30 and 45",
    ),
    (
        |case| case["check_ins"][0]["temperature_c"] = json!("38"),
        "expected a number, found a text",
    ),
    (
        |case| case["check_ins"][0]["severities"]["pain"] = json!(5),
        "check_ins[0].severities.pain: severity 5",
    ),
    (
        |case| case["check_ins"][0]["severities"]["pain"] = json!(-1),
        "severity -1",
    ),
    (
        |case| case["check_ins"][0]["severities"]["pain"] = json!(1.5),
        "severity 1.5",
    ),
    (
        |case| case["check_ins"][0]["severities"]["pain"] = json!(true),
        "expected a number",
    ),
    (
        |case| case["check_ins"][0]["severities"]["rednes"] = json!(1),
        "check_ins[0].severities: unknown symptom \"rednes\"; expected one of erythema, edema",
    ),
    (
        |case| case["check_ins"][0]["signs"] = json!(["puss"]),
        "signs[0]: unknown sign \"puss\" (did you mean pus?)",
    ),
    (
        |case| case["check_ins"][0]["areas"] = json!(["nose"]),
        "areas[0]: unknown area \"nose\"",
    ),
    (
        |case| case["check_ins"][0]["mood"] = json!(1),
        "check_ins[0]: unknown field \"mood\"; expected one of at",
    ),
    (
        |case| case["check_ins"][0]["date"] = json!("2026-11-03"),
        "\"at\" or \"date\", found both",
    ),
    (
        |case| case["check_ins"][0]["note"] = json!("x".repeat(2_001)),
        "at most 2000",
    ),
    (
        |case| case["check_ins"][0]["at"] = json!("2026-11-03T20:00:00"),
        "RFC 3339",
    ),
    (|case| case["now"] = json!("today"), "now: "),
    (|case| case["sessions"] = json!([]), "found both"),
    (
        |case| case["session"]["zone"] = json!("Europe/Atlantis"),
        "session.zone: ",
    ),
    (
        |case| case["session"]["depth_mm"] = json!(3.6),
        "session.depth_mm: ",
    ),
    (|case| case["session"]["setting"] = json!("spa"), "clinic, home"),
    (
        |case| case["risks"] = json!(["diabets"]),
        "risks[0]: unknown risk \"diabets\" (did you mean diabetes?)",
    ),
    (
        |case| case["level"] = json!("expected"),
        "unknown field \"level\"",
    ),
];

#[test]
fn bad_input_is_refused_with_its_place() {
    for (change, told) in BAD_INPUT {
        let run = assess(&with(change));
        assert!(run.refused().contains(told), "{told}: {}", run.stderr);
    }
}

#[test]
fn a_fault_in_one_case_of_a_list_names_the_case_and_every_fault_is_told() {
    let faulty = with(|case| {
        case["check_ins"][0]["severities"] = json!({ "pain": 9 });
        case["session"]["depth_mm"] = json!(9);
    });
    let run = assess(&json!([case(), faulty, 7]));
    let lines: Vec<_> = run.refused().lines().collect();
    assert_eq!(lines.len(), 3, "{lines:#?}");
    assert!(lines[0].contains("case 2, session.depth_mm: "), "{lines:#?}");
    assert!(
        lines[1].contains("case 2, check_ins[0].severities.pain: "),
        "{lines:#?}"
    );
    assert!(lines[2].contains("case 3: expected an object"), "{lines:#?}");
}

#[test]
fn what_is_no_json_is_refused_with_its_line() {
    for (text, told) in [
        ("", "line 1 column 0"),
        ("{\n  \"session\": \n", "line"),
        ("{\"now\": 1,\n \"now\": 2}", "\"now\" is there twice at line 2"),
        ("7", "expected an object"),
    ] {
        let run = run(&["assess", "-"], text);
        assert!(run.refused().contains(told), "{text}: {}", run.stderr);
    }
    assert!(
        run(&["assess", "no-such-file.json"], "")
            .refused()
            .contains("cannot be read")
    );
    assert_eq!(run(&["assess", "-", "--json"], "[]").json(), json!([]));
}

#[test]
fn a_byte_order_mark_is_no_fault() {
    let run = run(&["assess", "-", "--json"], &format!("\u{feff}{}", case()));
    assert_eq!(run.json()["level"], "expected");
}

#[test]
fn corrections_in_a_circle_leave_nothing_to_assess() {
    let case = with(|case| {
        let mut one = case["check_ins"][0].clone();
        one["revises"] = json!("2026-11-03T19:00:00+01:00");
        let mut other = case["check_ins"][0].clone();
        other["at"] = json!("2026-11-03T19:00:00+01:00");
        other["revises"] = json!("2026-11-03T20:00:00+01:00");
        case["check_ins"] = json!([one, other]);
    });
    assert!(assess(&case).refused().contains("corrected by another"));
}

#[test]
fn for_people_the_level_comes_first() {
    let call = with(|case| case["check_ins"][0]["signs"] = json!(["pus"]));
    let english = run(&["assess", "-"], &call.to_string());
    assert!(
        english.stdout.starts_with("Call the clinic today\n- "),
        "{}",
        english.stdout
    );
    let spanish = run(&["assess", "-", "--lang", "es"], &call.to_string());
    assert!(
        spanish.stdout.starts_with("Llama hoy a la clínica\n- "),
        "{}",
        spanish.stdout
    );
}

#[test]
fn people_are_told_whom_to_call() {
    let clinic = concat!(env!("CARGO_MANIFEST_DIR"), "/../care/plans/example-clinic.toml");
    let said = |signs: Value, options: &[&str]| {
        let case = with(|case| case["check_ins"][0]["signs"] = signs).to_string();
        let run = run(&[&["assess", "-"], options].concat(), &case);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let call = said(json!(["pus"]), &["--plan", clinic]);
    assert!(
        call.contains("Call Sunrise Skin Clinic today: +44 20 7946 0123."),
        "{call}"
    );
    let emergency = said(json!(["breathing_difficulty"]), &[]);
    assert!(
        emergency.contains("Call emergency services now. Do not wait for the clinic."),
        "{emergency}"
    );
    let emergency = said(json!(["breathing_difficulty"]), &["--lang", "es"]);
    assert!(
        emergency.contains("Llama al número de emergencias ahora."),
        "{emergency}"
    );
    let unnamed = said(json!(["pus"]), &[]);
    assert!(!unnamed.contains('{'), "{unnamed}");
}
