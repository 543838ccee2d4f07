//! Joining two devices' diaries: the union of both, in whichever order and however often, or nothing.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

#[path = "../given/mod.rs"]
mod given;
mod laws;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use afterglow_care::check_in::CheckInId;
use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::SessionId;
use afterglow_diary::Diary;
use afterglow_diary::appointments::Appointment;
use afterglow_diary::clinic::Clinic;
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_diary::medicines::Medicine;
use afterglow_diary::merge::{MergeError, Merged};
use afterglow_diary::photos::PhotoId;
use afterglow_diary::reminders::StoredReminders;
use chrono::{DateTime, TimeDelta, Utc};
use given::{appointment, at, check_in, correction, medicine, opened, photo, run, session};
use tempfile::TempDir;
use uuid::Uuid;

/// A copy of a closed diary, with its key.
fn copied(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
    }
    copy
}

/// An empty closed diary under the same key as the other devices', and a device of its own.
async fn device(template: &Path) -> TempDir {
    let folder = copied(template);
    let diary = opened(folder.path()).await;
    diary.renew_replica().await.unwrap();
    diary.close().await;
    folder
}

async fn template() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    opened(folder.path()).await.close().await;
    folder
}

/// What a copy of one diary is after the other was joined to it.
async fn joined(into: &Path, from: &Path) -> (TempDir, Merged) {
    let folder = copied(into);
    let diary = opened(folder.path()).await;
    let merged = diary.merge_copy(&Diary::path(from)).await.unwrap();
    diary.close().await;
    (folder, merged)
}

fn moment(value: u8) -> DateTime<Utc> {
    at("2026-11-21T19:00:00Z") + TimeDelta::minutes(i64::from(value))
}

/// Every device's journal has the same name, as if it had been copied with the diary.
fn delivery(session: SessionId, value: u8) -> Delivery {
    let states = [
        DeliveryState::Shown,
        DeliveryState::Snoozed,
        DeliveryState::Done,
        DeliveryState::Withdrawn,
    ];
    let state = states[usize::from(value) % states.len()];
    Delivery {
        journal: "a".to_owned(),
        seq: u64::from(value) + 1,
        key: OccurrenceKey(format!("{session}/check_in/check_in/+3h")),
        due_at: moment(0),
        at: moment(value),
        state,
        digest: false,
        reason: None,
        until: (state == DeliveryState::Snoozed).then(|| moment(9)),
    }
}

#[tokio::test]
async fn two_corrections_with_one_number_are_both_kept_and_one_counts_on_both_devices() {
    let template = template().await;
    let devices = [device(template.path()).await, device(template.path()).await];
    let first = check_in(10, session(1).id);
    let now = at("2026-11-21T20:00:00Z");
    let diary = opened(devices[0].path()).await;
    diary.add_session(&session(1), now).await.unwrap();
    diary.add_check_in(&first, now).await.unwrap();
    diary.close().await;
    let diary = opened(devices[1].path()).await;
    let merged = diary.merge_copy(&Diary::path(devices[0].path())).await.unwrap();
    let expected = Merged {
        sessions: 1,
        check_ins: 1,
        ..Merged::default()
    };
    assert_eq!(merged, expected);
    diary.close().await;
    for (place, folder) in devices.iter().enumerate() {
        let diary = opened(folder.path()).await;
        let id = 11 + u128::try_from(place).unwrap();
        assert!(
            diary
                .correct_check_in(&correction(id, &first), now)
                .await
                .unwrap()
        );
        assert!(diary.correct_session(&session(1), now).await.unwrap());
        diary.close().await;
    }
    let mut heard = Vec::new();
    for (one, other) in [(0, 1), (1, 0)] {
        let diary = opened(devices[one].path()).await;
        diary
            .merge_copy(&Diary::path(devices[other].path()))
            .await
            .unwrap();
        let history = diary.check_in_history(session(1).id).await.unwrap();
        let counts = diary.check_ins(session(1).id).await.unwrap();
        assert_eq!(history.len(), 3);
        assert_eq!(counts.len(), 1);
        assert_eq!(diary.session_history(session(1).id).await.unwrap().len(), 3);
        let revised: BTreeSet<_> = history.iter().filter_map(|entry| entry.revises).collect();
        let standing: Vec<_> = history
            .iter()
            .filter(|entry| !revised.contains(&entry.id))
            .collect();
        assert_eq!(standing.len(), 1, "triage counts one");
        assert_eq!(standing[0].id, counts[0].id);
        heard.push(history);
        diary.close().await;
    }
    assert_eq!(heard[0], heard[1]);
}

#[tokio::test]
async fn of_two_devices_corrections_of_a_medicine_or_an_appointment_the_same_counts_on_both() {
    let template = template().await;
    let devices = [device(template.path()).await, device(template.path()).await];
    let now = at("2026-11-21T20:00:00Z");
    let diary = opened(devices[0].path()).await;
    diary.add_medicine(&medicine(1), now).await.unwrap();
    diary.add_medicine(&medicine(2), now).await.unwrap();
    diary.add_appointment(&appointment(3), now).await.unwrap();
    diary.close().await;
    let diary = opened(devices[1].path()).await;
    let merged = diary.merge_copy(&Diary::path(devices[0].path())).await.unwrap();
    let expected = Merged {
        medicines: 2,
        appointments: 1,
        ..Merged::default()
    };
    assert_eq!(merged, expected);
    assert!(diary.withdraw_medicine(medicine(2).id, now).await.unwrap());
    diary.close().await;
    for (folder, word) in devices.iter().zip(["one", "other"]) {
        let diary = opened(folder.path()).await;
        let corrected = Medicine {
            name: word.to_owned(),
            ..medicine(1)
        };
        assert!(diary.correct_medicine(&corrected, now).await.unwrap());
        let moved = Appointment {
            note: word.to_owned(),
            ..appointment(3)
        };
        assert!(diary.correct_appointment(&moved, now).await.unwrap());
        diary.close().await;
    }
    let mut counts = Vec::new();
    for (one, other) in [(0, 1), (1, 0)] {
        let diary = opened(devices[one].path()).await;
        diary
            .merge_copy(&Diary::path(devices[other].path()))
            .await
            .unwrap();
        assert_eq!(diary.medicine_history(medicine(1).id).await.unwrap().len(), 3);
        assert_eq!(
            diary.appointment_history(appointment(3).id).await.unwrap().len(),
            3
        );
        counts.push((
            diary.medicines().await.unwrap(),
            diary.appointments().await.unwrap(),
        ));
        diary.close().await;
    }
    assert_eq!(counts[0], counts[1]);
    assert_eq!(counts[0].0.len(), 1, "the withdrawn one is withdrawn on both");
}

#[tokio::test]
async fn what_was_erased_on_one_device_goes_on_the_other_and_stays_away() {
    let template = template().await;
    let devices = [device(template.path()).await, device(template.path()).await];
    let now = at("2026-11-21T20:00:00Z");
    let diary = opened(devices[0].path()).await;
    for id in [1, 2] {
        diary.add_session(&session(id), now).await.unwrap();
        diary
            .add_check_in(&check_in(id + 10, session(id).id), now)
            .await
            .unwrap();
        diary
            .add_photo(photo(id + 20, session(id).id, None), now)
            .await
            .unwrap();
    }
    diary.close().await;
    let backup = copied(devices[0].path());
    let diary = opened(devices[1].path()).await;
    diary.merge_copy(&Diary::path(devices[0].path())).await.unwrap();
    diary.erase_session(session(1).id, now).await.unwrap();
    diary
        .erase_photo(PhotoId(Uuid::from_u128(22)), now)
        .await
        .unwrap();
    // The backup that still has them.
    assert_eq!(
        diary.merge_copy(&Diary::path(backup.path())).await.unwrap(),
        Merged::default()
    );
    diary.close().await;
    let diary = opened(devices[0].path()).await;
    let merged = diary.merge_copy(&Diary::path(devices[1].path())).await.unwrap();
    let expected = Merged {
        erased: 2,
        ..Merged::default()
    };
    assert_eq!(merged, expected);
    assert_eq!(diary.sessions().await.unwrap(), [session(2)]);
    assert!(diary.photos(session(2).id).await.unwrap().is_empty());
    diary.close().await;
    assert_eq!(
        given::dump(devices[0].path()).await,
        given::dump(devices[1].path()).await
    );
}

#[tokio::test]
async fn settings_reminders_clinic_and_replica_stay_each_devices_own() {
    let template = template().await;
    let devices = [device(template.path()).await, device(template.path()).await];
    let clinic = Clinic {
        name: "Sol".to_owned(),
        ..Clinic::default()
    };
    let diary = opened(devices[0].path()).await;
    diary.save_clinic(&clinic).await.unwrap();
    let reminders = StoredReminders {
        sound: false,
        repeat_until_done: true,
        morning: None,
        evening: None,
        switched_off: BTreeSet::new(),
    };
    diary.save_reminders(&reminders).await.unwrap();
    diary.close().await;
    let diary = opened(devices[1].path()).await;
    let replica = diary.replica().await.unwrap();
    diary.merge_copy(&Diary::path(devices[0].path())).await.unwrap();
    assert_eq!(diary.clinic().await.unwrap(), None);
    assert_eq!(diary.settings().await.unwrap(), None);
    assert_eq!(diary.reminders().await.unwrap(), None);
    assert_eq!(diary.replica().await.unwrap(), replica);
}

/// Two closed diaries with something in each.
async fn pair() -> [TempDir; 2] {
    let template = template().await;
    let devices = [device(template.path()).await, device(template.path()).await];
    let now = at("2026-11-21T20:00:00Z");
    for (place, folder) in devices.iter().enumerate() {
        let id = 1 + u128::try_from(place).unwrap();
        let diary = opened(folder.path()).await;
        diary.add_session(&session(id), now).await.unwrap();
        diary
            .add_check_in(&check_in(id + 10, session(id).id), now)
            .await
            .unwrap();
        diary.add_deliveries(&[delivery(session(9).id, 1)]).await.unwrap();
        diary.close().await;
    }
    devices
}

/// A merge that must be refused, must change nothing, and must not stand in the way of the next.
async fn refused(ours: &Path, theirs: PathBuf) -> MergeError {
    let before = given::dump(ours).await;
    let diary = opened(ours).await;
    let refused = diary.merge_copy(&theirs).await.unwrap_err();
    diary.close().await;
    // With the same connection, which no attached file is left on.
    let copy = copied(ours);
    let diary = opened(ours).await;
    diary.merge_copy(&theirs).await.unwrap_err();
    assert!(
        diary.merge_copy(&Diary::path(copy.path())).await.is_ok(),
        "the next one is not hindered"
    );
    diary.close().await;
    assert_eq!(given::dump(ours).await, before);
    refused
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_made() {
    let [ours, _theirs] = pair().await;
    let missing = ours.path().join("missing.db");
    let error = refused(ours.path(), missing.clone()).await;
    assert!(matches!(error, MergeError::Unreadable { .. }), "{error}");
    assert!(!missing.exists());
    let error = refused(ours.path(), ours.path().to_owned()).await;
    assert!(matches!(error, MergeError::Unreadable { .. }), "{error}");
}

#[tokio::test]
async fn another_form_another_key_and_no_diary_are_told_apart() {
    let [ours, theirs] = pair().await;
    run(
        theirs.path(),
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', 1, x'00', 0)",
    )
    .await;
    let error = refused(ours.path(), Diary::path(theirs.path())).await;
    let forms = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))
        .unwrap()
        .count();
    let MergeError::OtherForm { found: 9_999, known } = error else {
        panic!("{error}");
    };
    assert_eq!(usize::try_from(known).unwrap(), forms);

    let stranger = template().await;
    let error = refused(ours.path(), Diary::path(stranger.path())).await;
    assert!(matches!(error, MergeError::WrongKey), "{error}");

    let file = theirs.path().join("other.db");
    let mut connection = given::connected_to(ours.path(), &file, true).await;
    sqlx::query("CREATE TABLE recipe (id INTEGER)")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    let error = refused(ours.path(), file).await;
    assert!(matches!(error, MergeError::NotADiary), "{error}");
}

#[tokio::test]
async fn what_contradicts_itself_is_refused_after_everything_else_was_joined() {
    // The ledger is joined last: sessions and check-ins had come by then.
    let [ours, theirs] = pair().await;
    run(
        theirs.path(),
        "DROP TRIGGER delivery_is_append_only; UPDATE delivery SET digest = 1",
    )
    .await;
    let error = refused(ours.path(), Diary::path(theirs.path())).await;
    assert!(
        matches!(error, MergeError::Contradiction { table: "delivery" }),
        "{error}"
    );
}

#[tokio::test]
async fn what_the_schema_forbids_does_not_come_in() {
    let [ours, theirs] = pair().await;
    run(
        theirs.path(),
        "DROP TRIGGER check_in_is_append_only; PRAGMA ignore_check_constraints = ON; \
         UPDATE check_in SET local_date = 'yesterday'",
    )
    .await;
    let error = refused(ours.path(), Diary::path(theirs.path())).await;
    assert!(matches!(error, MergeError::Diary(_)), "{error}");
}

#[tokio::test]
async fn the_other_diary_is_only_read() {
    let [ours, theirs] = pair().await;
    let path = Diary::path(theirs.path());
    let before = std::fs::read(&path).unwrap();
    let diary = opened(ours.path()).await;
    diary.merge_copy(&path).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(diary.sessions().await.unwrap().len(), 2);
    let check_in = CheckInId(Uuid::from_u128(12));
    assert_eq!(diary.check_ins(session(2).id).await.unwrap()[0].id, check_in);
}
