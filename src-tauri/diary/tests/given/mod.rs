//! What tests of the diary begin with, and how they look at it past the crate.
#![allow(dead_code, reason = "each test uses what it needs")]

pub(crate) mod old;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use afterglow_care::Zone;
use afterglow_care::check_in::{CheckIn, CheckInId, Severities, Severity, Sign, Symptom};
use afterglow_care::photo::Pose;
use afterglow_care::plan::PlanRef;
use afterglow_care::session::{Area, Concern, NeedleDepth, Session, SessionId, Setting};
use afterglow_diary::appointments::{Appointment, AppointmentId};
use afterglow_diary::follow_ups::FollowUpAnswer;
use afterglow_diary::medicines::{Medicine, MedicineId};
use afterglow_diary::photos::{NewPhoto, PhotoId};
use afterglow_diary::{Credential, Diary, NewKey};
use chrono::{DateTime, Utc};
use enumset::EnumSet;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use uuid::Uuid;

pub(crate) async fn opened(folder: &Path) -> Diary {
    let unattended = Credential::Unattended(NewKey::KeyFile);
    Diary::open(folder, unattended).await.unwrap().diary
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn session(id: u128) -> Session {
    Session {
        id: SessionId(Uuid::from_u128(id)),
        ended_at: at("2026-11-20T16:30:00Z"),
        zone: Zone::named("Europe/Madrid").unwrap(),
        setting: Setting::Clinic,
        device: Some("Pen 4".to_owned()),
        depth: NeedleDepth::from_mm(1.5),
        areas: BTreeSet::from([Area::Face, Area::Neck]),
        concerns: BTreeSet::from([Concern::AcneScars]),
        risks: EnumSet::empty(),
        clinic_gave: EnumSet::empty(),
        adjuncts: EnumSet::empty(),
        exposed: false,
        plan: PlanRef {
            id: "microneedling".to_owned(),
            version: 1,
        },
    }
}

pub(crate) fn check_in(id: u128, session: SessionId) -> CheckIn {
    CheckIn {
        id: CheckInId(Uuid::from_u128(id)),
        session,
        at: at("2026-11-21T19:04:00Z"),
        local_date: "2026-11-21".parse().unwrap(),
        severities: Severities::from_iter([(Symptom::Erythema, Severity::new(3).unwrap())]),
        signs: Some(Sign::EyePain.into()),
        temperature: None,
        areas: EnumSet::empty(),
        note: "Tight".to_owned(),
        revises: None,
    }
}

/// A correction of a check-in by its id, under an id of its own.
pub(crate) fn correction(id: u128, of: &CheckIn) -> CheckIn {
    CheckIn {
        id: CheckInId(Uuid::from_u128(id)),
        signs: Some(EnumSet::empty()),
        revises: Some(of.id),
        ..of.clone()
    }
}

pub(crate) fn photo(id: u128, session: SessionId, check_in: Option<CheckInId>) -> NewPhoto {
    NewPhoto {
        id: PhotoId(Uuid::from_u128(id)),
        session,
        check_in,
        taken_at: at("2026-11-21T19:05:00Z"),
        pose: Pose::Front,
        media_type: "image/jpeg".to_owned(),
        width: 2_048,
        height: 1_536,
        image: b"image of the skin".repeat(100),
        thumbnail: b"thumbnail of the skin".to_vec(),
    }
}

pub(crate) fn medicine(id: u128) -> Medicine {
    Medicine {
        id: MedicineId(Uuid::from_u128(id)),
        name: "Doxycycline".to_owned(),
        from: "2026-11-20".parse().unwrap(),
        to: Some("2026-11-27".parse().unwrap()),
        times: ["08:00", "20:30"].map(|time| time.parse().unwrap()).into(),
    }
}

pub(crate) fn appointment(id: u128) -> Appointment {
    Appointment {
        id: AppointmentId(Uuid::from_u128(id)),
        at: "2027-01-12T12:30:00".parse().unwrap(),
        zone: Zone::named("Europe/Madrid").unwrap(),
        note: "Second session".to_owned(),
    }
}

pub(crate) fn follow_up_answer(check_in: CheckInId) -> FollowUpAnswer {
    FollowUpAnswer {
        check_in,
        at: at("2026-11-21T21:04:00Z"),
        reached: true,
        note: "They looked at a photo.".to_owned(),
    }
}

/// A connection past the crate, with the key from the diary's key file.
pub(crate) async fn connected(folder: &Path) -> SqliteConnection {
    connected_to(folder, &Diary::path(folder), false).await
}

/// A connection to any file under the key of the diary in `folder`.
pub(crate) async fn connected_to(folder: &Path, file: &Path, make: bool) -> SqliteConnection {
    let key_file: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("diary.key")).unwrap()).unwrap();
    let key = key_file["wrappers"][0]["key"].as_str().unwrap();
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(make)
        .foreign_keys(true)
        .pragma("key", format!("\"x'{key}'\""));
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Runs statements past the crate on a diary that is closed.
pub(crate) async fn run(folder: &Path, statements: &str) {
    let mut connection = connected(folder).await;
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// The tables of the diary's own, without SQLite's and the migrator's.
pub(crate) async fn tables(connection: &mut SqliteConnection) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' \
         AND name <> '_sqlx_migrations' ORDER BY name",
    )
    .fetch_all(connection)
    .await
    .unwrap()
}

pub(crate) async fn columns(connection: &mut SqliteConnection, table: &str) -> Vec<String> {
    sqlx::query_scalar("SELECT name FROM pragma_table_info (?1)")
        .bind(table)
        .fetch_all(connection)
        .await
        .unwrap()
}

/// A row: what stands in each column, as SQL writes it.
pub(crate) type DumpedRow = BTreeMap<String, String>;

/// Every row of every table.
pub(crate) type Dump = BTreeMap<String, BTreeSet<DumpedRow>>;

/// What a diary that is closed holds, without what is the device's own.
pub(crate) async fn dump(folder: &Path) -> Dump {
    let mut connection = connected(folder).await;
    let mut dump = Dump::new();
    for table in tables(&mut connection).await {
        if ["settings", "reminder_settings", "clinic", "replica"].contains(&table.as_str()) {
            continue;
        }
        let columns = columns(&mut connection, &table).await;
        let quoted: Vec<_> = columns.iter().map(|column| format!("quote({column})")).collect();
        let statement = format!("SELECT {} FROM {table}", quoted.join(", "));
        let found = sqlx::query(AssertSqlSafe(statement))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let count = found.len();
        let rows: BTreeSet<DumpedRow> = found
            .iter()
            .map(|row| {
                columns
                    .iter()
                    .enumerate()
                    .map(|(place, column)| (column.clone(), row.get(place)))
                    .collect()
            })
            .collect();
        assert_eq!(rows.len(), count, "{table} holds a row twice");
        dump.insert(table, rows);
    }
    let broken = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert!(broken.is_empty(), "a row refers to one that is not there");
    let sound: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(sound, "ok");
    connection.close().await.unwrap();
    dump
}
