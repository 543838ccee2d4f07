//! The real app end to end: its own window, its own SQLite file, its own reminder service, a real
//! notification daemon and a real keyring, each test on a desktop of its own.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]
#![expect(
    clippy::disallowed_methods,
    reason = "a real app on a real desktop has no other clock"
)]

#[path = "../src-tauri/remind/tests/desktop/mod.rs"]
mod desktop;
#[path = "e2e/patient.rs"]
mod patient;

use chrono::{Duration, Timelike as _, Utc};
use patient::{Ended, Patient};

/// The session's end such that the first check-in, asked three hours after it, is due within a minute and a half.
fn due_soon() -> Ended {
    let now = Utc::now();
    let lead = if now.second() > 40 { 2 } else { 1 };
    Ended(now.naive_utc() + Duration::minutes(lead) - Duration::hours(3))
}

#[tokio::test]
async fn a_session_its_timeline_and_a_real_reminder() {
    let patient = Patient::arrives();

    let window = patient.opens_the_app().await;
    window.sees("#enter-session").await;
    window.turns_quiet_hours_off().await;
    window.enters_session(&due_soon(), Some("1.5"), &["face"]).await;
    assert_eq!(
        window.reads("#day-number").await,
        format!("Day {}", due_soon().days_ago())
    );
    let restrictions = window.reads_all(".restriction-row").await;
    for label in ["Makeup", "Sun", "Retinoids"] {
        assert!(
            restrictions.iter().any(|row| row.contains(label)),
            "{label} in {restrictions:?}"
        );
    }
    window.clicks("#tab-timeline").await;
    assert!(
        window.reads_all("[data-day]").await.len() > 20,
        "days, weeks and months to come"
    );
    window.closes().await;
    assert!(!patient.app_runs(), "closing the window ends the app's process");

    let window = patient.opens_the_app().await;
    let again = window.reads_all(".restriction-row").await;
    assert_eq!(
        again.len(),
        restrictions.len(),
        "the session is found again after a restart"
    );
    window.closes().await;
    assert!(!patient.app_runs());

    // Discreet wording is the default: nothing about a treatment.
    patient.is_notified("A moment for your check-in").await;
    assert!(!patient.app_runs(), "the reminder needed no app");

    let window = patient.opens_the_app().await;
    window.reads_eventually(".reminder-row", "Shown").await;
    window.closes().await;
}

#[tokio::test]
async fn a_click_on_the_notification_opens_the_check_in() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window.turns_quiet_hours_off().await;
    window.enters_session(&due_soon(), None, &["face"]).await;
    window.closes().await;
    patient.sees_a_notification().await;

    patient.clicks_the_notification();
    patient.sees_a_window().await;
    // A second start shows the first one's window and ends.
    assert!(patient.starts_a_second_app().success());
    assert_eq!(patient.apps_running(), 1);
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_beside_its_field_and_kept() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window.clicks("#enter-session").await;
    let now = Utc::now().naive_utc();
    for (ended, depth, areas, fault) in [
        (
            Ended(now + Duration::hours(2)),
            "1.5",
            &["face"][..],
            "#end-fault",
        ),
        (Ended(now - Duration::days(400)), "1.5", &["face"], "#end-fault"),
        (Ended(now - Duration::hours(1)), "9", &["face"], "#depth-fault"),
        (Ended(now - Duration::hours(1)), "0.05", &["face"], "#depth-fault"),
        (Ended(now - Duration::hours(1)), "1.5", &[], "#area-fault"),
    ] {
        window.fills_session(&ended, Some(depth), areas).await;
        window.clicks("#save-session").await;
        assert!(!window.reads(fault).await.is_empty(), "{fault}");
        assert_eq!(window.value_of("#depth").await, depth, "what was typed is kept");
        assert_eq!(window.value_of("#ended-time").await, ended.time());
    }
    window
        .fills_session(&Ended(now - Duration::hours(1)), Some("1,5"), &["face"])
        .await;
    window.clicks("#save-session").await;
    window.sees("#day-number").await;

    // Entered by mistake after all.
    window.clicks("#tab-timeline").await;
    window.clicks("#withdraw-session").await;
    window.clicks("#confirm-withdraw").await;
    window.sees("#enter-session").await;
    window.closes().await;
}

#[tokio::test]
async fn an_emergency_sign_raises_the_call_card_until_it_is_dealt_with() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window
        .enters_session(
            &Ended(Utc::now().naive_utc() - Duration::hours(5)),
            None,
            &["face"],
        )
        .await;

    // A quiet complete check-in is as expected for its day.
    window.checks_in(&[], 1).await;
    window.sees("[data-level=expected]").await;
    window.clicks("#back-to-today").await;
    assert!(!window.finds(".call-card").await);

    window.checks_in(&["breathing_difficulty"], 2).await;
    assert!(window.reads(".call-card").await.contains("112"));
    window.closes().await;

    let window = patient.opens_the_app().await;
    assert!(
        window.reads(".call-card").await.contains("112"),
        "it is there after a restart"
    );
    window.clicks("[data-outcome=called_emergency]").await;
    window.no_longer_finds(".call-card").await;
    window.closes().await;
}

#[tokio::test]
async fn the_key_is_in_the_keyring_where_there_is_one() {
    let patient = Patient::arrives_with_a_keyring().await;
    let window = patient.opens_the_app().await;
    window
        .enters_session(
            &Ended(Utc::now().naive_utc() - Duration::days(3)),
            Some("1.5"),
            &["face"],
        )
        .await;
    window.is_shown("phone").await;
    window.closes().await;
    let key_file = std::fs::read_to_string(patient.home().join("diary/diary.key")).unwrap();
    assert!(
        key_file.contains("keyring") && !key_file.contains("this_file"),
        "{key_file}"
    );
    let window = patient.opens_the_app().await;
    window.sees("#day-number").await;
    window.closes().await;
}

#[tokio::test]
async fn a_diary_that_cannot_be_opened_is_explained_and_left_alone() {
    let patient = Patient::arrives();
    patient.opens_the_app().await.closes().await;
    let diary = patient.home().join("diary/diary.db");
    std::fs::write(&diary, b"not a diary any more".repeat(400)).unwrap();
    // The write-ahead log would restore what was overwritten.
    std::fs::remove_file(diary.with_extension("db-wal")).unwrap();

    let window = patient.opens_the_app().await;
    let said = window.reads("main").await;
    assert!(said.contains(diary.to_str().unwrap()), "{said}");
    window.clicks("#retry-diary").await;
    window.sees("#retry-diary").await;
    window.closes().await;
    assert_eq!(
        std::fs::read(&diary).unwrap(),
        b"not a diary any more".repeat(400)
    );
}

#[tokio::test]
async fn a_home_that_cannot_be_written_is_explained_in_a_window() {
    let patient = Patient::arrives_without_a_home();
    let window = patient.opens_the_app().await;
    let said = window.reads("main").await;
    assert!(said.contains("/dev/null/afterglow"), "{said}");
    window.closes().await;
}

#[test]
fn the_reminder_service_carries_no_window_and_no_diary() {
    let listed = std::process::Command::new("ldd")
        .arg(patient::service())
        .output()
        .unwrap();
    let libraries = String::from_utf8(listed.stdout).unwrap().to_lowercase();
    assert!(libraries.contains("libc.so"), "{libraries}");
    let bytes = std::fs::read(patient::service()).unwrap();
    let has = |word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    for foreign in ["gtk", "webkit", "sqlite", "sqlcipher"] {
        assert!(!libraries.contains(foreign), "{foreign} is linked");
    }
    assert!(!has(b"cipher_integrity_check"), "SQLCipher is linked in");
}
