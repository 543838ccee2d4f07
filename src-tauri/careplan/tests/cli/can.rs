//! `careplan can`.

use serde_json::{Value, json};

use crate::given::{MONDAY, Run, fields, run};

fn can(words: &str, options: &str) -> Run {
    let mut arguments = vec!["can", words];
    arguments.extend(MONDAY.split_whitespace());
    arguments.extend(options.split_whitespace());
    run(&arguments, "")
}

fn answer(words: &str, now: &str) -> Value {
    can(words, &format!("--now {now} --json")).json()
}

#[test]
fn not_yet_until_the_end_of_what_holds_it_back() {
    let answer = answer("Can I put on makeup?", "2026-11-03T09:00:00+01:00");
    assert_eq!(
        fields(&answer),
        [
            "activity", "also", "answer", "because", "label", "source", "until"
        ]
    );
    assert_eq!(answer["answer"], "not_yet");
    assert_eq!(answer["activity"], "makeup");
    assert_eq!(answer["label"], "Makeup");
    assert_eq!(answer["until"], "2026-11-05T17:30:00+01:00");
    assert_ne!(answer["because"], "");
    assert_ne!(answer["source"], "");
    assert_eq!(answer["also"], json!([]));
}

#[test]
fn yes_from_that_instant_on() {
    let last = answer("makeup", "2026-11-05T17:29:59+01:00");
    assert_eq!(last["answer"], "not_yet");
    let first = answer("makeup", "2026-11-05T16:30:00Z");
    assert_eq!(first["answer"], "yes");
    assert_eq!(first["until"], Value::Null);
    assert_ne!(first["source"], "");
}

#[test]
fn some_things_only_the_clinic_can_say() {
    assert_eq!(
        answer("ibuprofen", "2026-11-03T09:00:00+01:00")["answer"],
        "ask_clinic"
    );
    let with_more = can("sauna", "--adjunct prp --now 2026-11-03T09:00:00+01:00 --json").json();
    assert_eq!(with_more["answer"], "ask_clinic");
    assert_eq!(with_more["until"], Value::Null);
    assert_eq!(with_more["source"], "extrapolated");
}

#[test]
fn of_several_the_strictest_answers_and_the_others_stand_beside_it() {
    let both = answer(
        "can I drink wine and go to the sauna",
        "2026-11-03T09:00:00+01:00",
    );
    assert_eq!(both["activity"], "sauna");
    assert_eq!(both["until"], "2026-11-05T17:30:00+01:00");
    assert_eq!(both["also"][0]["activity"], "alcohol");
    assert_eq!(both["also"][0]["until"], "2026-11-04T17:30:00+01:00");
    assert_eq!(
        fields(&both["also"][0]),
        ["activity", "answer", "because", "label", "source", "until"]
    );
}

#[test]
fn to_leave_out_what_the_plan_asks_for_is_never_a_yes() {
    for words in ["can I skip sunscreen", "¿puedo no usar protector solar?"] {
        let left_out = answer(words, "2026-11-03T23:30:00+01:00");
        assert_eq!(left_out["answer"], "ask_clinic", "{words}");
        assert_eq!(left_out["activity"], "sunscreen", "{words}");
        assert_eq!(left_out["label"], "Leaving out: Sunscreen", "{words}");
        assert_eq!(left_out["until"], Value::Null);
    }
    assert_eq!(answer("sunscreen", "2026-11-03T23:30:00+01:00")["answer"], "yes");
    let medicine = answer("stop taking my tablets", "2026-11-03T23:30:00+01:00");
    assert_eq!(medicine["answer"], "ask_clinic");
    assert_eq!(medicine["activity"], "stop_medicine");
}

#[test]
fn bare_alcohol_is_both_and_the_stricter_answers() {
    let both = answer("alcohol", "2026-11-03T23:30:00+01:00");
    assert_eq!(both["activity"], "alcohol_on_skin");
    assert_eq!(both["until"], "2026-11-09T17:30:00+01:00");
    assert_eq!(both["also"][0]["activity"], "alcohol");
    assert_eq!(both["also"][0]["until"], "2026-11-04T17:30:00+01:00");
}

#[test]
fn what_the_plan_does_not_know_is_unknown_and_no_error() {
    assert_eq!(
        answer("quantum physics", "2026-11-03T09:00:00+01:00"),
        json!({
            "answer": "unknown", "until": null, "activity": null, "label": null,
            "because": "This plan does not know it. Ask your clinic.", "source": null, "also": []
        })
    );
}

#[test]
fn both_languages_are_understood_and_spoken() {
    let spanish = can(
        "¿Puedo ir a la piscina?",
        "--now 2026-11-03T09:00:00+01:00 --lang es",
    );
    assert_eq!((spanish.code, spanish.stderr.as_str()), (0, ""));
    assert!(
        spanish.stdout.contains("Todavía no (hasta 2026-11-05 17:30)"),
        "{}",
        spanish.stdout
    );
}

#[test]
fn words_need_no_quotes() {
    let run = crate::given::careplan(&format!(
        "can go to the sauna {MONDAY} --now 2026-11-03T09:00:00+01:00 --json"
    ));
    assert_eq!(run.json()["activity"], "sauna");
}

#[test]
fn bad_questions_are_refused() {
    assert!(can("makeup", "").refused().contains("--now"));
    assert!(
        can("makeup", "--now 2026-11-03T09:00:00")
            .refused()
            .contains("RFC 3339")
    );
    let empty = can(" ", "--now 2026-11-03T09:00:00+01:00");
    assert!(empty.refused().contains("a question is empty"));
    let early = can("makeup", "--now 2026-11-02T17:29:59+01:00");
    assert!(early.refused().contains("before the session's end"));
}
