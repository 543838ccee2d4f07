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
#[path = "e2e/screens.rs"]
mod screens;

use chrono::{Duration, Timelike as _, Utc};
use patient::{Ended, Patient};

/// The session's end such that the first check-in, asked three hours after it, is due within a minute and a half.
fn due_soon() -> Ended {
    let now = Utc::now();
    let lead = if now.second() > 40 { 2 } else { 1 };
    Ended(now.naive_utc() + Duration::minutes(lead) - Duration::hours(3))
}

#[tokio::test]
async fn k4_a_session_its_timeline_and_a_reminder_without_any_app() {
    let patient = Patient::arrives();

    let window = patient.opens_the_app().await;
    window.sees("#enter-session").await;
    window.turns_quiet_hours_off().await;
    window.enters_session(&due_soon(), Some("1.5"), &["face"]).await;
    assert_eq!(
        window.reads("#day-number").await,
        format!("Day {}", due_soon().days_ago())
    );
    window.clicks("#more-restrictions summary").await;
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
async fn u1_of_a_hundred_apps_started_at_once_one_stays_with_and_without_a_session_bus() {
    for with_bus in [true, false] {
        let mut patient = Patient::arrives();
        let bus = if with_bus {
            patient.bus().to_owned()
        } else {
            "unix:path=/nowhere".to_owned()
        };
        patient.starts_apps_at_once(100, &bus).await;
        patient.sees_a_window().await;
        assert_eq!(patient.apps_running(), 1);
    }
}

#[tokio::test]
async fn l2_a_damaged_list_is_told_on_today_and_made_anew_from_the_diary() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(30), Some("1.5"), &["face"])
        .await;
    window.closes().await;
    patient.loses_the_reminder_service().await;
    let list = patient.home().join("reminders/alarms.json");
    assert!(list.exists());
    std::fs::write(&list, "0badc0de {}\n").unwrap();

    let window = patient.opens_the_app().await;
    window
        .reads_eventually("main", "Reminders were planned anew")
        .await;
    window.clicks("#open-settings").await;
    window.opens_the_reminder_rows().await;
    window.reads_eventually("#reach-next", ":").await;
    window.closes().await;
    assert!(std::fs::read_to_string(&list).unwrap().contains("alarms"));
}

#[tokio::test]
async fn the_service_that_an_old_login_session_left_makes_room_when_the_app_is_opened() {
    let patient = Patient::arrives();
    let old_session = desktop::Desktop::start();
    let mut left = patient.has_left_a_service_on(&old_session).await;
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(30), Some("1.5"), &["face"])
        .await;
    patient.has_its_service_here().await;
    assert_eq!(left.ended(), Some(true));
    window.clicks("#open-settings").await;
    window.opens_the_reminder_rows().await;
    window.reads_eventually("#reach-next", ":").await;
    window.closes().await;
}

#[tokio::test]
async fn l5_a_locked_diary_reminds_all_the_same() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window.turns_quiet_hours_off().await;
    window.enters_session(&due_soon(), None, &["face"]).await;
    window.sets_a_passphrase(PASSPHRASE).await;
    window.clicks("#lock-now").await;
    window.sees("#unlock-secret").await;
    patient.sees_a_notification().await;
    window.closes().await;
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
    window.clicks("[data-outcome=not_reached]").await;
    window.reads_eventually("#not-reached", "112").await;
    assert!(window.finds(".call-card").await, "nobody was reached: it stays");
    window.clicks("[data-outcome=called_emergency]").await;
    window.no_longer_finds(".call-card").await;

    // What came of it is asked until it is told.
    window.reloads().await;
    window.sees(".outcome-asked").await;
    window.fills("#came-of", "observed overnight").await;
    window.clicks("#came-of-save").await;
    window.no_longer_finds(".outcome-asked").await;
    window.closes().await;
}

#[tokio::test]
async fn a_past_day_is_added_and_corrected_and_today_is_the_same_as_yesterday() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(50), Some("1.5"), &["face"])
        .await;
    let yesterday = (Utc::now() - Duration::days(1)).date_naive().to_string();
    window.clicks("#open-check-in").await;
    window.sees("#other-day").await;
    window.fills("#other-day", &yesterday).await;
    window.clicks("#open-other-day").await;
    window.sees("#check-in-time").await;
    window.clicks("#none-of-these").await;
    for symptom in ["erythema", "edema", "warmth", "pain"] {
        window.clicks(&format!("#severity-{symptom}-2")).await;
    }
    window.clicks("#save-check-in").await;
    window.reads_eventually(".answered", "2: Clearly red").await;

    // Put right: what stands is what was said last.
    window.clicks("#change-check-in").await;
    window.sees("#severity-erythema-1").await;
    window.clicks("#severity-erythema-1").await;
    window.clicks("#save-check-in").await;
    window.reads_eventually(".answered", "1: A touch").await;
    window.clicks("#back-to-today").await;

    // A normal day: open, none of these, the same, save.
    window.clicks("#open-check-in").await;
    window.sees("#same-as-last").await;
    window.means_today().await;
    assert_eq!(window.reads("#same-as-last").await, "Same as yesterday");
    window.clicks("#none-of-these").await;
    window.clicks("#same-as-last").await;
    window.clicks("#save-check-in").await;
    window.reads_eventually(".answered", "1: A touch").await;
    window.closes().await;

    let window = patient.opens_the_app().await;
    window.clicks("#open-check-in").await;
    window.sees("#other-day").await;
    window.fills("#other-day", &yesterday).await;
    window.clicks("#open-other-day").await;
    window.reads_eventually(".answered", "1: A touch").await;
    window.closes().await;
}

#[tokio::test]
async fn a_red_flag_is_said_while_it_is_typed_and_the_clinic_knows_what_came_of_the_call() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(50), Some("1.5"), &["face"])
        .await;
    window.clicks("#tab-clinic").await;
    window.sees("#clinic-name-field").await;
    window.fills("#clinic-name-field", "Alba").await;
    window.fills("#clinic-phone-field", "+34 910 000 000").await;
    window.clicks("#hours-add").await;
    for day in ["saturday", "sunday"] {
        window.clicks(&format!("#hours-0-{day}")).await;
    }
    window.fills("#hours-0-from", "00:00").await;
    window.fills("#hours-0-until", "00:00").await;
    window.clicks("#clinic-save").await;
    window.reads_eventually("[data-open]", "Open now").await;
    assert_eq!(window.attribute("#clinic-call", "href").await, "tel:+34910000000");
    window.clicks("#tab-today").await;

    window.clicks("#open-check-in").await;
    window.sees("#none-of-these").await;
    window.means_today().await;
    window.clicks("details:has(#sign-pus) summary").await;
    window.clicks("#sign-pus").await;
    window
        .reads_eventually("[data-live=call_clinic]", "Call Alba today")
        .await;
    window.clicks("#save-check-in").await;
    window
        .reads_eventually(".call-card .read-out", "1.5 mm, face: pus")
        .await;
    assert!(
        window.sees_drawn(".call-card img").await > 0,
        "a code to dial from"
    );
    window.is_shown("call").await;
    window.clicks("[data-outcome=reached_clinic]").await;
    window.no_longer_finds(".call-card").await;
    window.clicks("#back-to-today").await;
    window.clicks("#tab-clinic").await;
    window
        .reads_eventually("[data-call]", "You reached the clinic")
        .await;
    window.closes().await;
}

#[tokio::test]
async fn a_prescribed_medicine_and_a_booked_session_are_reminded_of_until_they_are_removed() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window.turns_quiet_hours_off().await;
    window
        .enters_session(&hours_ago(30), Some("1.5"), &["face"])
        .await;
    window.clicks("#open-settings").await;
    window.clicks("#wording-full").await;
    window.opens_the_reminder_rows().await;

    window.clicks("#medicine-add").await;
    window
        .fills("#medicine-time-1", &due_soon().time_in(Duration::hours(3)))
        .await;
    window.clicks("#medicine-save").await;
    window.sees("#medicine-name[aria-invalid=true]").await;
    window.fills("#medicine-name", "Valaciclovir").await;
    window.clicks("#medicine-save").await;
    window
        .reads_eventually("#medicine-list [data-entry]", "Valaciclovir")
        .await;
    // It has no last day: before what is planned of it runs out, the app asks to be opened.
    patient.is_armed_with("app/open/at/", true).await;

    let tomorrow = (Utc::now() + Duration::days(1)).date_naive().to_string();
    window.clicks("#appointment-add").await;
    window.fills("#appointment-date", &tomorrow).await;
    window.fills("#appointment-time", "11:30").await;
    window.clicks("#appointment-save").await;
    window
        .reads_eventually("#appointment-list [data-entry]", "11:30")
        .await;
    window.clicks("#appointment-list .remove").await;
    window.clicks("#appointment-list .confirm-remove").await;
    window.no_longer_finds("#appointment-list [data-entry]").await;
    window.closes().await;

    patient
        .is_notified("Time for the medicine that your clinic prescribed")
        .await;
    let window = patient.opens_the_app().await;
    window.clicks("#open-settings").await;
    window.opens_the_reminder_rows().await;
    window.clicks("#medicine-list .remove").await;
    window.clicks("#medicine-list .confirm-remove").await;
    window.no_longer_finds("#medicine-list [data-entry]").await;
    patient.is_armed_with("app/open/at/", false).await;
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

const PASSPHRASE: &str = "seven quiet mornings";

fn hours_ago(hours: i64) -> Ended {
    Ended(Utc::now().naive_utc() - Duration::hours(hours))
}

#[tokio::test]
async fn a_locked_diary_shows_nothing_until_its_passphrase_is_typed() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(30), Some("1.5"), &["face"])
        .await;
    window.sets_a_passphrase(PASSPHRASE).await;
    window.closes().await;

    let window = patient.opens_the_app().await;
    let said = window.reads("main").await;
    assert!(said.contains("locked") && said.contains("112"), "{said}");
    assert!(!window.finds("nav").await && !said.contains("Day"), "{said}");
    window.unlocks("seven loud mornings").await;
    window
        .reads_eventually("#unlock-fault", "does not open this diary")
        .await;
    assert_eq!(
        window.value_of("#unlock-secret").await,
        "seven loud mornings",
        "what was typed is kept"
    );
    window.unlocks(PASSPHRASE).await;
    window.sees("#day-number").await;

    window.clicks("#tab-clinic").await;
    window.sees("#clinic-phone-field").await;
    window.fills("#clinic-phone-field", "+34 910 000 000").await;
    window.clicks("#clinic-save").await;
    window.sees("#clinic-call").await;
    window.clicks("#tab-today").await;
    window.opens_the_diary_rows().await;
    window.clicks("#numbers-outside").await;
    patient.has_kept("numbers.json").await;
    window.clicks("#lock-now").await;
    window.sees("#unlock-secret").await;
    assert!(!window.finds(".diary-rows").await);
    window
        .reads_eventually("#outside-clinic", "+34 910 000 000")
        .await;
    window.unlocks(PASSPHRASE).await;
    window.sees("#day-number").await;
    window.closes().await;
    let key_file = std::fs::read_to_string(patient.home().join("diary/diary.key")).unwrap();
    assert!(!key_file.contains(PASSPHRASE));
}

#[tokio::test]
async fn a_diary_whose_key_is_lost_is_set_aside_and_a_new_one_begins() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(30), Some("1.5"), &["face"])
        .await;
    window.closes().await;
    let diary = patient.home().join("diary");
    for file in ["diary.key", "diary.key.copy"] {
        std::fs::remove_file(diary.join(file)).unwrap();
    }
    let before = std::fs::read(diary.join("diary.db")).unwrap();

    let window = patient.opens_the_app().await;
    window.confirms("start-anew", "new").await;
    window.sees("#enter-session").await;
    let said = window.reads("[data-place] .path").await;
    let aside = said
        .split_whitespace()
        .find(|word| word.contains("diary-locked-"))
        .unwrap()
        .trim_end_matches('.')
        .to_owned();
    assert_eq!(std::fs::read(format!("{aside}/diary.db")).unwrap(), before);
    window.closes().await;
}

#[tokio::test]
async fn what_is_due_is_done_in_the_app_and_a_test_reminder_is_really_shown() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window.turns_quiet_hours_off().await;
    window
        .enters_session(&hours_ago(25), Some("1.5"), &["face"])
        .await;
    window.sees("[data-due]:has(.done)").await;
    let key = window.attribute("[data-due]:has(.done)", "data-due").await;
    window.clicks(&format!("[data-due=\"{key}\"] .done")).await;
    window.no_longer_finds(&format!("[data-due=\"{key}\"]")).await;
    window.reads_eventually("[data-state=done]", "Done").await;
    // Ten minutes before everything that is due is over, nothing can be put off.
    if window.finds("[data-due]:has(.later)").await {
        let key = window.attribute("[data-due]:has(.later)", "data-due").await;
        let row = format!("[data-due=\"{key}\"]");
        window.clicks(&format!("{row} .later")).await;
        window.clicks(&format!("{row} [role=group] button")).await;
        window.no_longer_finds(&row).await;
    }

    window.clicks("#open-settings").await;
    window.opens_the_reminder_rows().await;
    window.reads_eventually("#reach-next", ":").await;
    window.clicks("#test-reminder").await;
    patient.is_notified("This is a test.").await;
    window.sees("#reach-seen").await;
    window.clicks("#pause-today").await;
    window.reads_eventually("#paused", "Paused until").await;
    window.clicks("#pause-today:not(:disabled)").await;
    window.no_longer_finds("#paused").await;
    window.clicks("[data-instruction=no_makeup]").await;
    window.clicks(".switch-off").await;
    window.reads_eventually("#untold", "Makeup").await;
    window.clicks("#at-login:not(:disabled)").await;
    patient.starts_reminders_at_login(true).await;
    window.clicks("#at-login:not(:disabled)").await;
    patient.starts_reminders_at_login(false).await;
    window.closes().await;
}

/// A grey picture, two by two.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAADklEQVR4nGNoAAMGCAUAKg4GARWeQtcAAAAASUVORK5CYII=";

#[tokio::test]
async fn a_photo_is_shown_through_its_own_scheme_and_erased_for_good() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(30), Some("1.5"), &["face"])
        .await;
    window.clicks("#tab-timeline").await;
    window.adds_a_photo("skin.png", PNG).await;
    assert_eq!(window.sees_drawn("img.photo").await, 2, "the thumbnail");
    let address = window.attribute("img.photo", "src").await;
    assert!(
        address.starts_with("photo://localhost/") && address.ends_with("/thumbnail"),
        "{address}"
    );
    window.clicks(".frame").await;
    window.sees(".large .frame").await;
    assert_eq!(window.sees_drawn(".large img.photo").await, 2, "the photo");
    let photo = window.attribute("img.photo", "src").await;
    assert!(window.draws(&photo).await);
    for other in [
        "photo://localhost/",
        "photo://localhost/019aa2f0-0000-7000-8000-000000000001",
        "photo://localhost/../diary.db",
    ] {
        assert!(!window.draws(other).await, "{other}");
    }

    window.erases("photo", "erase").await;
    window.no_longer_finds("img.photo").await;
    // A page may draw once more what it drew before; a new one has to ask.
    window.reloads().await;
    assert!(
        !window.draws(&photo).await,
        "it is gone, and the web view kept nothing"
    );
    window.closes().await;
}

#[tokio::test]
async fn an_export_is_joined_on_another_device() {
    let (at_home, away) = (Patient::arrives(), Patient::arrives());
    let window = at_home.opens_the_app().await;
    window
        .enters_session(&hours_ago(30), Some("1.5"), &["face"])
        .await;
    window.checks_in_noting(&[], 1, "carried over").await;
    window.clicks("#back-to-today").await;
    window.opens_the_diary_rows().await;
    window.fills("#export-passphrase", "short").await;
    window.fills("#export-again", "short").await;
    window.clicks("#export-do").await;
    window
        .reads_eventually("#export-diary .fault", "at least 8")
        .await;
    window.fills("#export-passphrase", PASSPHRASE).await;
    window.fills("#export-again", PASSPHRASE).await;
    window.clicks("#export-do:enabled").await;
    window
        .reads_eventually("#export-diary [role=status]", ".age")
        .await;
    window.closes().await;

    let name = format!("afterglow-{}.age", Utc::now().date_naive());
    std::fs::copy(at_home.downloads().join(&name), away.downloads().join(&name)).unwrap();
    let window = away.opens_the_app().await;
    window
        .enters_session(&hours_ago(800), Some("1.0"), &["neck"])
        .await;
    window.opens_the_diary_rows().await;
    window.sees("#import-passphrase").await;
    window.fills("#import-passphrase", PASSPHRASE).await;
    window.clicks("#import-inspect").await;
    let inside = window.reads("#import-inside").await;
    assert!(inside.contains("Sessions: 1, check-ins: 1"), "{inside}");
    window.clicks("#import-merge").await;
    window.no_longer_finds("#import-inside").await;
    window.leaves_the_settings().await;
    // The newer session, which came from the other device, is the one that Today follows.
    window
        .reads_eventually("#day-number", &format!("Day {}", hours_ago(30).days_ago()))
        .await;
    window.clicks("#tab-timeline").await;
    window.reads_eventually("[data-day]", "Checked in").await;
    window.closes().await;
}

#[tokio::test]
async fn everything_is_erased_with_its_backups_and_reminders() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(30), Some("1.5"), &["face"])
        .await;
    window.opens_the_diary_rows().await;
    window.clicks("#back-up-now").await;
    window.sees("[data-backup]").await;
    let alarms = || {
        let list = std::fs::read_to_string(patient.home().join("reminders/alarms.json")).unwrap();
        list.matches("\"key\"").count()
    };
    assert!(alarms() > 0, "reminders are armed");
    let key = std::fs::read(patient.home().join("diary/diary.key")).unwrap();

    window.erases("everything", "yes").await;
    window
        .reads_eventually("dialog[open] .fault", "Nothing was done")
        .await;
    assert_eq!(
        std::fs::read(patient.home().join("diary/diary.key")).unwrap(),
        key
    );
    window.fills("#erase-everything-word", "erase").await;
    window.clicks("#erase-everything-confirm:enabled").await;
    window.sees("#enter-session").await;
    window.closes().await;
    assert_eq!(alarms(), 0, "the reminder service forgot");
    assert_ne!(
        std::fs::read(patient.home().join("diary/diary.key")).unwrap(),
        key,
        "what comes next is another diary"
    );
}

#[tokio::test]
async fn a_damaged_diary_is_put_back_from_its_backup() {
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(30), Some("1.5"), &["face"])
        .await;
    window.opens_the_diary_rows().await;
    window.clicks("#back-up-now").await;
    window
        .reads_eventually("[data-backup]", "Sessions: 1, check-ins: 0")
        .await;
    window.closes().await;
    let diary = patient.home().join("diary");
    let rubbish = b"not a diary any more".repeat(400);
    std::fs::write(diary.join("diary.db"), &rubbish).unwrap();
    // The log would bring back what was overwritten.
    let _ = std::fs::remove_file(diary.join("diary.db-wal"));

    let window = patient.opens_the_app().await;
    window.reads_eventually("main", "the file is damaged").await;
    window.clicks(".backup button").await;
    window.sees("#day-number").await;
    window.closes().await;
    let kept = std::fs::read_dir(diary.join("backups")).unwrap().flatten();
    let damaged: Vec<_> = kept
        .filter(|file| file.file_name().to_string_lossy().starts_with("damaged-"))
        .map(|file| std::fs::read(file.path()).unwrap())
        .collect();
    assert_eq!(damaged, [rubbish], "the damaged file is kept");
}

#[tokio::test]
async fn without_its_keyring_the_diary_opens_by_the_recovery_code() {
    let mut patient = Patient::arrives_with_a_keyring().await;
    let window = patient.opens_the_app().await;
    window
        .enters_session(&hours_ago(30), Some("1.5"), &["face"])
        .await;
    window.opens_the_diary_rows().await;
    window.clicks("#recovery-code-make").await;
    let code = window.reads_all("#recovery-code li").await.join(" ");
    window.closes().await;
    patient.loses_the_keyring();

    let window = patient.opens_the_app().await;
    window.reads_eventually("main", "keyring").await;
    let other = if code.starts_with('Q') { 'P' } else { 'Q' };
    window.unlocks(&format!("{other}{}", &code[1..])).await;
    window.reads_eventually("#unlock-fault", "paper").await;
    window.unlocks(&code.to_lowercase()).await;
    window.sees("#day-number").await;
    window.closes().await;
}

/// What nobody but the diary may hold, wherever it is typed.
#[tokio::test]
async fn nothing_that_is_typed_is_found_in_any_file() {
    let canary = |place: usize| format!("Kanari{place:02}Xq{}", place * 7919 + 10_007);
    let canaries: Vec<String> = (0..20).map(canary).collect();
    let [
        first_device,
        second_device,
        clinic,
        photo,
        wrong_word,
        passphrase,
        changed,
        wrong,
        export,
        unread,
        notes @ ..,
    ] = canaries.as_slice()
    else {
        panic!("twenty canaries");
    };
    let patient = Patient::arrives();
    let window = patient.opens_the_app().await;
    for (device, hours) in [(first_device, 800), (second_device, 30)] {
        window.clicks("#enter-session, #enter-another-session").await;
        window.sees("#device").await;
        window.fills("#device", device).await;
        window
            .fills_session(&hours_ago(hours), Some("1.5"), &["face"])
            .await;
        window.clicks("#save-session").await;
        window.sees("#day-number").await;
    }
    for note in notes {
        window.checks_in_noting(&["pus"], 3, note).await;
        window.clicks("#back-to-today").await;
    }
    window.clicks("#tab-timeline").await;
    window.adds_a_photo(&format!("{photo}.png"), PNG).await;
    window.sees_drawn("img.photo").await;
    window.erases("session", wrong_word).await;
    window
        .reads_eventually("dialog[open] .fault", "Nothing was done")
        .await;
    window.clicks("dialog[open] .filled").await;
    window.clicks("#tab-clinic").await;
    window.sees("#clinic-name-field").await;
    window.fills("#clinic-name-field", clinic).await;
    window.clicks("#clinic-save").await;
    window.sees("#clinic-edit").await;
    window.clicks("#tab-today").await;

    window.sets_a_passphrase(passphrase).await;
    window.fills("#passphrase-current", passphrase).await;
    window.fills("#passphrase-new", changed).await;
    window.fills("#passphrase-again", changed).await;
    window.clicks("#passphrase-save:enabled").await;
    window.reads_eventually(".diary-rows [role=status]", "Done").await;
    window.clicks("#recovery-code-make").await;
    let code = window.reads_all("#recovery-code li").await;
    assert_eq!(code.len(), 8);
    window.fills("#export-passphrase", export).await;
    window.fills("#export-again", export).await;
    window.clicks("#export-do").await;
    window
        .reads_eventually("#export-diary [role=status]", ".age")
        .await;
    window.clicks("#import-look").await;
    window.sees("#import-passphrase").await;
    window.fills("#import-passphrase", unread).await;
    window.clicks("#import-inspect").await;
    window
        .reads_eventually(".diary-rows .fault", "does not open the file")
        .await;
    window.clicks("#back-up-now").await;
    window.sees("[data-backup]").await;
    window.clicks("#lock-now").await;
    window.unlocks(wrong).await;
    window
        .reads_eventually("#unlock-fault", "does not open this diary")
        .await;
    window.unlocks(changed).await;
    window.sees("#day-number").await;

    let mut secrets = canaries.clone();
    secrets.push(code.concat());
    secrets.push(code.join(" "));
    // With the log and everything else that is there while the app runs, and with what stays.
    finds_nowhere(&patient, &secrets);
    window.closes().await;
    finds_nowhere(&patient, &secrets);
}

/// Looks into every file, for the words as bytes of UTF-8 and of UTF-16.
fn finds_nowhere(patient: &Patient, secrets: &[String]) {
    let files = patient.files();
    for of in ["diary/diary.db", "diary/diary.key", "reminders/alarms.json"] {
        assert!(
            files.contains(&patient.home().join(of)),
            "{of} is among {files:?}"
        );
    }
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else {
            continue;
        };
        for secret in secrets {
            let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for needle in [secret.as_bytes(), &wide] {
                let found = bytes.windows(needle.len()).any(|window| window == needle);
                assert!(!found, "{secret} is in {}", file.display());
            }
        }
    }
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
