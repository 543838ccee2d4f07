//! The screens that a patient lives with, in the real window.

use chrono::{Duration, Utc};

use crate::hours_ago;
use crate::patient::{Patient, Window};

async fn opens_with_a_session(patient: &Patient) -> Window {
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(20), Some("1.5"), &["face"])
        .await;
    window
}

#[tokio::test]
async fn the_first_run_asks_four_things_and_keeps_them() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window.clicks("#first-begin").await;
    window.reads_eventually("#setup-step", "1 of 4").await;
    let ended = hours_ago(2);
    window.sees("#ended-date").await;
    window.fills("#ended-date", &ended.0.date().to_string()).await;
    window.fills("#ended-time", &ended.time()).await;
    for chosen in ["#depth-unknown", "#area-face", "#gave-sunscreen", "#added-led"] {
        window.clicks(chosen).await;
    }
    window.clicks("#setup-next").await;

    window.reads_eventually("#setup-step", "2 of 4").await;
    // UTC says nothing of a place, so the language does: British, or American where the system lacks the British one.
    let proposed = window.value_of("#setup-emergency").await;
    assert!(matches!(proposed.as_str(), "999" | "911"), "{proposed}");
    window.fills("#setup-emergency", "112").await;
    window.fills("#setup-clinic-name", "Alba").await;
    window.fills("#setup-clinic-phone", "+34 910 000 000").await;
    window.clicks("#setup-next").await;

    window.reads_eventually("#setup-step", "3 of 4").await;
    window.clicks("#test-reminder").await;
    patient.is_notified("This is a test.").await;
    window.clicks("#reach-seen").await;
    window.clicks("#setup-next").await;

    window.reads_eventually("#setup-step", "4 of 4").await;
    window.clicks("#setup-next").await;
    window.reads_eventually("#day-number", "Day 0").await;
    window.closes().await;

    let window = patient.opens_the_app().await;
    window.reads_eventually("#day-number", "Day 0").await;
    window.clicks("#tab-clinic").await;
    window.sees("#clinic-call").await;
    assert_eq!(window.attribute("#clinic-call", "href").await, "tel:+34910000000");
    window.closes().await;
}

#[tokio::test]
async fn a_session_to_come_stands_on_today_until_it_is_entered() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window.clicks("#first-begin").await;
    window.clicks("#setup-booked").await;
    window.sees("#booked-date").await;
    let yesterday = (Utc::now() - Duration::days(1)).date_naive();
    window.fills("#booked-date", &yesterday.to_string()).await;
    window.fills("#booked-time", "10:30").await;
    window.clicks("#setup-next").await;
    window.reads_eventually("#booked-fault", "to come").await;
    let then = (Utc::now() + Duration::days(3)).date_naive();
    window.fills("#booked-date", &then.to_string()).await;
    window.clicks("#setup-next").await;
    for step in ["2 of 4", "3 of 4", "4 of 4"] {
        window.reads_eventually("#setup-step", step).await;
        window.clicks("#setup-next").await;
    }
    window.reads_eventually("#booked-at", "10:30").await;
    window.closes().await;

    let window = patient.opens_the_app().await;
    window.reads_eventually("#booked-at", "10:30").await;
    window.enters_session(&hours_ago(1), Some("0.5"), &["face"]).await;
    assert_eq!(window.reads("#day-number").await, "Day 0");
    window.closes().await;
}

#[tokio::test]
async fn a_question_is_answered_as_it_is_typed_and_a_pasted_list_is_checked() {
    let patient = Patient::arrives();
    let window = opens_with_a_session(&patient).await;
    window.sees("#can-i").await;
    window.fills("#can-i", "makeup").await;
    window.reads_eventually("[data-answer=not_yet]", "Makeup").await;
    window.fills("#can-i", "bungee jump").await;
    window.sees("#can-unknown").await;
    window
        .fills("#can-i", "Aqua, Glycerin, Retinol, Panthenol, Xyzzyl Oxide")
        .await;
    window.reads_eventually("#product-flagged", "Retinol").await;
    window.reads_eventually("#product-unknown", "Xyzzyl Oxide").await;
    window.clicks("#product-close").await;
    window.no_longer_finds("dialog[open]").await;
    window.closes().await;
}

#[tokio::test]
async fn care_is_ticked_off_kept_and_taken_back() {
    let patient = Patient::arrives();
    let window = opens_with_a_session(&patient).await;
    window.clicks(".care-row input:not(:checked)").await;
    window.sees(".care-row input:checked[aria-busy=false]").await;
    window.closes().await;

    let window = patient.opens_the_app().await;
    window.clicks(".care-row input:checked").await;
    window
        .no_longer_finds(".care-row input:is(:checked, [aria-busy=true])")
        .await;
    window.closes().await;

    let window = patient.opens_the_app().await;
    window.sees(".care-row").await;
    assert!(!window.finds(".care-row input:checked").await, "taken back");
    window.closes().await;
}

#[tokio::test]
async fn progress_draws_what_was_logged_over_what_is_expected() {
    let patient = Patient::arrives();
    let window = opens_with_a_session(&patient).await;
    window.checks_in(&[], 2).await;
    window.clicks("#back-to-today").await;
    window.clicks("#tab-progress").await;
    window.sees("#strip-erythema").await;
    assert!(window.attribute(".strip .band", "d").await.starts_with('M'));
    window.sees(".strip[data-symptom=erythema] .dot").await;
    window.reads_eventually("#strip-erythema", "Clearly red").await;
    window.is_shown("progress").await;
    window.clicks("#strip-erythema").await;
    window
        .reads_eventually(".strip[data-symptom=erythema] td", "2")
        .await;
    window.closes().await;
}

#[tokio::test]
async fn a_course_is_planned_and_the_next_session_is_entered_into_it() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(40 * 24), Some("1.0"), &["face"])
        .await;
    window.clicks("#open-plan").await;
    window.sees("#plan-not-yet").await;
    window.clicks("#course-add").await;
    assert_eq!(
        window.value_of("#course-planned").await,
        "4",
        "the plan proposes it"
    );
    window.clicks("#course-save").await;
    window.reads_eventually("[data-course]", "Session 1 of 4").await;
    window
        .reads_eventually("[data-course]", "Session 2: usually from")
        .await;

    window.clicks("[data-place=plan] header button").await;
    window.clicks("#enter-session").await;
    window.reads_eventually("form", "Session 2 of 4").await;
    window.fills_session(&hours_ago(2), Some("1.0"), &["face"]).await;
    window.clicks("#save-session").await;
    window.reads_eventually("#day-number", "Day 0").await;
    window.clicks("#tab-timeline").await;
    window
        .reads_eventually("[data-stop=next]", "Session 3 of 4")
        .await;
    window.closes().await;

    let window = patient.opens_the_app().await;
    window.clicks("#open-plan").await;
    window.reads_eventually("[data-course]", "Session 2 of 4").await;
    window.clicks(".end").await;
    window
        .reads_eventually("[data-course]", "after 2 of 4 sessions")
        .await;
    window.closes().await;
}

#[tokio::test]
async fn language_theme_and_text_size_are_as_chosen_after_a_restart() {
    let patient = Patient::arrives();
    let window = opens_with_a_session(&patient).await;
    window.clicks("#open-settings").await;
    for chosen in ["#theme-dark", "#text-150", "#language-es"] {
        window.clicks(chosen).await;
    }
    window
        .reads_eventually("[data-place=settings] h1", "Ajustes")
        .await;
    window.closes().await;

    let window = patient.opens_the_app().await;
    window.reads_eventually("#day-number", "Día").await;
    for (name, value) in [
        ("lang", "es"),
        ("data-scheme", "dark"),
        ("style", "--text-scale: 1.5;"),
    ] {
        assert_eq!(window.attribute("html", name).await, value, "{name}");
    }
    window.closes().await;
}
