//! What older versions wrote is kept, row by row.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod given;

use std::collections::BTreeSet;
use std::path::Path;

use afterglow_care::Locale;
use afterglow_care::check_in::CheckInId;
use afterglow_diary::clinic::Clinic;
use given::{connected, old, opened};
use sqlx::{AssertSqlSafe, Connection as _};
use uuid::Uuid;

#[tokio::test]
async fn every_row_and_value_of_form_2_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    old::as_form_2_wrote_it(folder.path()).await;
    // Everything but the number that call outcomes had, which said nothing.
    let columns = [
        (
            "session",
            "session",
            "id, ended_at, zone_name, zone_offset, setting, device, depth_micrometres, areas, \
            concerns, plan_id, plan_version, entered_at, risks, clinic_gave, adjuncts, exposed",
        ),
        ("session_withdrawal", "session_withdrawal", "session, at"),
        (
            "check_in",
            "check_in",
            "id, revision, session, at, local_date, severities, signs, note, entered_at, \
            temperature_tenths, areas",
        ),
        ("call_outcome", "call_outcome", "check_in, outcome, at"),
        (
            "delivery",
            "delivery",
            "journal, seq, key, due_at, at, state, digest, reason",
        ),
        (
            "settings",
            "settings",
            "id, locale, quiet_from, quiet_until, discreet, emergency_number",
        ),
    ];
    let before = values(
        folder.path(),
        &columns.map(|(table, _, columns)| (table, columns)),
    )
    .await;
    assert!(before.iter().all(|rows| !rows.is_empty()));
    opened(folder.path()).await.close().await;
    let after = values(
        folder.path(),
        &columns.map(|(_, table, columns)| (table, columns)),
    )
    .await;
    assert_eq!(before, after);
    given::dump(folder.path()).await;

    let diary = opened(folder.path()).await;
    let expected = Clinic {
        name: "Cl\u{ed}nica Sol".to_owned(),
        phone: "+34 600 000 000".to_owned(),
        ..Clinic::default()
    };
    assert_eq!(diary.clinic().await.unwrap(), Some(expected));
    let settings = diary.settings().await.unwrap().unwrap();
    assert_eq!(
        (settings.locale, settings.clinic_phone.as_str()),
        (Locale::Es, "+34 600 000 000")
    );
    let sessions = diary.sessions().await.unwrap();
    assert_eq!(sessions.len(), 1, "the other was withdrawn");
    let notes: Vec<_> = diary.check_ins(sessions[0].id).await.unwrap();
    let notes: Vec<_> = notes.iter().map(|check_in| check_in.note.as_str()).collect();
    assert_eq!(notes, ["Not so tight", ""]);
    let first = CheckInId(Uuid::from_u128(0x11));
    let history = diary.check_in_entries(sessions[0].id).await.unwrap();
    let history: Vec<_> = history
        .iter()
        .map(|entry| (entry.first, entry.revision, entry.check_in.revises))
        .collect();
    let second = CheckInId(Uuid::from_u128(0x12));
    assert_eq!(
        history,
        [(first, 1, None), (first, 2, Some(first)), (second, 1, None)]
    );
    assert_eq!(diary.call_answers().await.unwrap().len(), 3);
    assert_eq!(
        diary
            .recent_deliveries(10, chrono::DateTime::<chrono::Utc>::MAX_UTC)
            .await
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn copies_of_one_old_diary_hold_the_same_when_each_is_migrated() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    old::as_form_2_wrote_it(one.path()).await;
    for name in ["diary.db", "diary.key"] {
        std::fs::copy(one.path().join(name), other.path().join(name)).unwrap();
    }
    let mut replicas = BTreeSet::new();
    for folder in [&one, &other] {
        let diary = opened(folder.path()).await;
        replicas.insert(diary.replica().await.unwrap());
        diary.close().await;
    }
    assert_eq!(replicas.len(), 2, "each device has an id of its own");
    assert_eq!(given::dump(one.path()).await, given::dump(other.path()).await);
}

/// The rows of tables, each row as one text.
async fn values(folder: &Path, tables: &[(&str, &str)]) -> Vec<Vec<String>> {
    let mut connection = connected(folder).await;
    let mut all = Vec::new();
    for (table, columns) in tables {
        let quoted: Vec<_> = columns
            .split(", ")
            .map(|column| format!("quote({})", column.trim()))
            .collect();
        let row = quoted.join(" || '|' || ");
        let statement = format!("SELECT {row} FROM {table} ORDER BY 1");
        all.push(
            sqlx::query_scalar(AssertSqlSafe(statement))
                .fetch_all(&mut connection)
                .await
                .unwrap(),
        );
    }
    connection.close().await.unwrap();
    all
}

#[tokio::test]
async fn every_row_and_value_of_form_3_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    old::as_form_3_wrote_it(folder.path()).await;
    let own = [
        (
            "settings",
            "id, locale, quiet_from, quiet_until, discreet, emergency_number",
        ),
        ("clinic", "id, name, phone, out_of_hours_phone, opening_hours"),
        ("replica", "id, replica"),
    ];
    let before = given::dump(folder.path()).await;
    let own_before = values(folder.path(), &own).await;
    for (table, rows) in &before {
        assert!(!rows.is_empty(), "{table}");
    }
    assert!(own_before.iter().all(|rows| !rows.is_empty()));
    opened(folder.path()).await.close().await;

    let mut after = given::dump(folder.path()).await;
    assert_eq!(values(folder.path(), &own).await, own_before);
    for table in [
        "follow_up_answer",
        "medicine",
        "medicine_withdrawal",
        "appointment",
        "appointment_withdrawal",
    ] {
        assert_eq!(after.remove(table).map(|rows| rows.len()), Some(0), "{table}");
    }
    let lines = after.remove("delivery").unwrap();
    let lines: BTreeSet<_> = lines
        .into_iter()
        .map(|mut line| {
            assert_eq!(line.remove("until").as_deref(), Some("NULL"));
            line
        })
        .collect();
    after.insert("delivery".to_owned(), lines);
    let photos = after.remove("photo").unwrap();
    let photos: BTreeSet<_> = photos
        .into_iter()
        .map(|mut photo| {
            assert_eq!(
                photo.remove("pose").as_deref(),
                Some("'other'"),
                "nobody was asked"
            );
            photo
        })
        .collect();
    after.insert("photo".to_owned(), photos);
    let courses = after.remove("course").unwrap();
    let courses: BTreeSet<_> = courses
        .into_iter()
        .map(|mut course| {
            assert_eq!(course.remove("ended").as_deref(), Some("NULL"), "none had ended");
            course
        })
        .collect();
    after.insert("course".to_owned(), courses);
    assert_eq!(after, before);

    let diary = opened(folder.path()).await;
    assert_eq!(diary.reminders().await.unwrap(), None);
    assert_eq!(
        diary
            .recent_deliveries(10, chrono::DateTime::<chrono::Utc>::MAX_UTC)
            .await
            .unwrap()
            .len(),
        2
    );
}
