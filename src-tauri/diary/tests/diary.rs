//! What the diary promises, on real files: what was kept is found again, nothing is replaced, and
//! each kind of trouble is told apart.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::collections::BTreeSet;
use std::path::Path;

use afterglow_care::check_in::{CheckIn, CheckInId, Severities, Severity, Sign, Symptom, Temperature};
use afterglow_care::plan::PlanRef;
use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::{
    Adjunct, Area, Concern, NeedleDepth, Risk, Session, SessionId, Setting, Supply,
};
use afterglow_care::triage::CallOutcome;
use afterglow_care::{Locale, Zone};
use afterglow_diary::calls::CallAnswer;
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_diary::settings::{StoredSettings, Theme};
use afterglow_diary::{
    Access, Credential, Diary, DiaryError, KeyError, NewKey, OpenError, Opened, Protection, WhyReadOnly,
};
use chrono::{DateTime, NaiveTime, Utc};
use enumset::EnumSet;
use uuid::Uuid;

async fn open(folder: &Path) -> Result<Opened, OpenError> {
    Diary::open(folder, Credential::Unattended(NewKey::KeyFile)).await
}

async fn opened(folder: &Path) -> Diary {
    open(folder).await.unwrap().diary
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn session() -> Session {
    Session {
        id: SessionId(Uuid::from_u128(1)),
        ended_at: at("2026-11-20T16:30:00Z"),
        zone: Zone::named("Europe/Madrid").unwrap(),
        setting: Setting::Clinic,
        device: Some("Pen \u{2116} 4".to_owned()),
        depth: NeedleDepth::from_mm(1.5),
        areas: BTreeSet::from([Area::Face, Area::Neck]),
        concerns: BTreeSet::from([Concern::AcneScars]),
        risks: Risk::Anticoagulant | Risk::SkinType4To6,
        clinic_gave: Supply::Gel.into(),
        adjuncts: Adjunct::Led.into(),
        exposed: true,
        plan: PlanRef {
            id: "microneedling".to_owned(),
            version: 1,
        },
    }
}

fn check_in() -> CheckIn {
    CheckIn {
        id: CheckInId(Uuid::from_u128(2)),
        session: session().id,
        at: at("2026-11-21T19:04:00Z"),
        local_date: "2026-11-21".parse().unwrap(),
        severities: Severities::from_iter([
            (Symptom::Erythema, Severity::new(3).unwrap()),
            (Symptom::Pain, Severity::NONE),
        ]),
        signs: Some(Sign::EyePain | Sign::SharedOrReusedNeedle),
        temperature: Temperature::from_celsius(38.1),
        areas: Area::EyeArea.into(),
        note: "Tight; \u{1f321} warm".to_owned(),
        revises: None,
    }
}

fn delivery(seq: u64, state: DeliveryState) -> Delivery {
    Delivery {
        journal: "a".to_owned(),
        seq,
        key: OccurrenceKey("s/check_in/check_in/+3h".to_owned()),
        due_at: at("2026-11-20T19:30:00Z"),
        at: at("2026-11-20T19:30:01Z"),
        state,
        digest: false,
        reason: (state == DeliveryState::Failed).then(|| "no server".to_owned()),
        until: (state == DeliveryState::Snoozed).then(|| at("2026-11-20T20:30:00Z")),
    }
}

#[tokio::test]
async fn what_was_kept_is_found_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let settings = StoredSettings {
        locale: Locale::Es,
        quiet: Some((NaiveTime::MIN, NaiveTime::from_hms_opt(8, 0, 0).unwrap())),
        discreet: true,
        clinic_name: "Cl\u{ed}nica Sol".to_owned(),
        clinic_phone: "+34 600 000 000".to_owned(),
        clinic_out_of_hours_phone: String::new(),
        clinic_opening_hours: String::new(),
        emergency_number: "112".to_owned(),
        theme: Theme::Dark,
        text_percent: 150,
        skin_tone: Some(4),
    };
    let diary = opened(folder.path()).await;
    diary
        .add_session(&session(), at("2026-11-20T17:00:00Z"))
        .await
        .unwrap();
    diary
        .add_check_in(&check_in(), at("2026-11-21T19:04:01Z"))
        .await
        .unwrap();
    diary.save_settings(&settings).await.unwrap();
    diary.close().await;

    let diary = opened(folder.path()).await;
    assert_eq!(diary.sessions().await.unwrap(), [session()]);
    assert_eq!(diary.check_ins(session().id).await.unwrap(), [check_in()]);
    assert_eq!(diary.settings().await.unwrap(), Some(settings));
}

#[tokio::test]
async fn every_temperature_comes_back_to_the_tenth() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.add_session(&session(), check_in().at).await.unwrap();
    for (id, tenths) in (10_u32..).zip(300..=450_u32) {
        let measured = Temperature::from_celsius(f64::from(tenths) / 10.0);
        assert!(measured.is_some(), "{tenths}");
        let one = CheckIn {
            id: CheckInId(Uuid::from_u128(u128::from(id))),
            temperature: measured,
            ..check_in()
        };
        diary.add_check_in(&one, one.at).await.unwrap();
        assert!(
            diary.check_ins(session().id).await.unwrap().contains(&one),
            "{tenths}"
        );
    }
}

#[tokio::test]
async fn a_diary_of_the_first_version_opens_and_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    as_the_first_version_wrote_it(folder.path()).await;

    let diary = opened(folder.path()).await;
    let expected_session = Session {
        risks: EnumSet::empty(),
        clinic_gave: EnumSet::empty(),
        adjuncts: EnumSet::empty(),
        exposed: false,
        ..session()
    };
    assert_eq!(
        diary.sessions().await.unwrap(),
        std::slice::from_ref(&expected_session)
    );
    let expected = CheckIn {
        signs: Some(Sign::EyePain.into()),
        temperature: None,
        areas: EnumSet::empty(),
        ..check_in()
    };
    assert_eq!(diary.check_ins(session().id).await.unwrap(), [expected]);

    // As it was before, it is kept beside the backups: whole, and as unreadable as the diary.
    let kept: Vec<_> = std::fs::read_dir(Diary::backups(folder.path()))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let [copy] = kept.as_slice() else {
        panic!("{kept:?}")
    };
    let name = copy.file_name().unwrap().to_string_lossy();
    assert!(
        name.starts_with("before-form-") && name.ends_with(".db"),
        "{name}"
    );
    let before = tempfile::tempdir().unwrap();
    for name in KEY_FILES {
        std::fs::copy(folder.path().join(name), before.path().join(name)).unwrap();
    }
    std::fs::copy(copy, Diary::path(before.path())).unwrap();
    assert!(!std::fs::read(copy).unwrap().starts_with(b"SQLite format"));
    assert_eq!(forms(before.path()).await, [1]);
    let restored = opened(before.path()).await;
    assert_eq!(
        restored.sessions().await.unwrap(),
        std::slice::from_ref(&expected_session)
    );
    restored.close().await;

    // And takes what only this version knows.
    let feverish = CheckIn {
        id: CheckInId(Uuid::from_u128(3)),
        ..check_in()
    };
    diary.add_check_in(&feverish, feverish.at).await.unwrap();
    assert!(diary.check_ins(session().id).await.unwrap().contains(&feverish));
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_process_that_never_closed_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary
        .add_session(&session(), at("2026-11-20T17:00:00Z"))
        .await
        .unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    assert_eq!(opened(copy.path()).await.sessions().await.unwrap(), [session()]);
}

#[tokio::test]
async fn a_zone_nobody_knows_any_more_leaves_its_offset() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let fixed = Session {
        zone: Zone::fixed(chrono::FixedOffset::east_opt(3_600).unwrap()),
        ..session()
    };
    diary
        .add_session(&fixed, at("2026-11-20T17:00:00Z"))
        .await
        .unwrap();
    let found = diary.sessions().await.unwrap();
    assert_eq!(
        found[0].zone.local(fixed.ended_at).to_rfc3339(),
        "2026-11-20T17:30:00+01:00"
    );
}

#[tokio::test]
async fn a_journal_handed_over_twice_is_in_the_ledger_once() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let lines = [
        delivery(1, DeliveryState::Claimed),
        delivery(2, DeliveryState::Shown),
    ];
    diary.add_deliveries(&lines).await.unwrap();
    diary.add_deliveries(&lines).await.unwrap();
    let spelled_otherwise = lines.map(|line| Delivery {
        key: OccurrenceKey("unknown".to_owned()),
        ..line
    });
    diary.add_deliveries(&spelled_otherwise).await.unwrap();
    assert_eq!(
        diary
            .recent_deliveries(10, chrono::DateTime::<chrono::Utc>::MAX_UTC)
            .await
            .unwrap(),
        [delivery(2, DeliveryState::Shown)]
    );
    assert_eq!(diary.last_delivery("a").await.unwrap(), 2);
    assert_eq!(diary.last_delivery("b").await.unwrap(), 0);
    assert_eq!(
        diary.standing().await.unwrap().newest_journal.as_deref(),
        Some("a")
    );
}

#[tokio::test]
async fn only_what_was_shown_missed_or_opened_is_settled() {
    for (state, settled) in [
        (DeliveryState::Claimed, false),
        (DeliveryState::Failed, false),
        (DeliveryState::Shown, true),
        (DeliveryState::Missed, true),
        (DeliveryState::Opened, true),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let diary = opened(folder.path()).await;
        let of_the_session = Delivery {
            key: OccurrenceKey(format!("{}/check_in/check_in/+3h", session().id)),
            ..delivery(1, state)
        };
        diary.add_deliveries(&[of_the_session]).await.unwrap();
        let now = at("2026-11-21T19:00:00Z");
        let found = diary.became(&[session().id], None, now).await.unwrap();
        assert_eq!(!found.settled.is_empty(), settled, "{state:?}");
    }
}

#[tokio::test]
async fn an_answered_call_is_known_and_one_about_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let answer = CallAnswer {
        check_in: check_in().id,
        outcome: CallOutcome::ReachedClinic,
        at: at("2026-11-21T20:00:00Z"),
    };
    assert!(!diary.add_call_answer(answer).await.unwrap());
    diary.add_session(&session(), answer.at).await.unwrap();
    diary.add_check_in(&check_in(), answer.at).await.unwrap();
    assert!(diary.add_call_answer(answer).await.unwrap());
    assert_eq!(diary.call_answers().await.unwrap(), [answer]);
}

#[tokio::test]
async fn a_withdrawn_session_is_not_found_again_but_not_erased() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-21T20:00:00Z");
    assert!(
        !diary.withdraw_session(session().id, now).await.unwrap(),
        "there is none yet"
    );
    diary.add_session(&session(), now).await.unwrap();
    diary.add_check_in(&check_in(), now).await.unwrap();
    assert!(diary.withdraw_session(session().id, now).await.unwrap());
    assert!(
        diary.withdraw_session(session().id, now).await.unwrap(),
        "twice is once"
    );
    assert!(diary.sessions().await.unwrap().is_empty());
    assert_eq!(diary.check_ins(session().id).await.unwrap(), [check_in()]);
}

#[tokio::test]
async fn a_reminder_is_listed_by_its_newest_state() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let lines = [
        delivery(1, DeliveryState::Failed),
        delivery(2, DeliveryState::Shown),
        delivery(3, DeliveryState::Opened),
    ];
    diary.add_deliveries(&lines).await.unwrap();
    assert_eq!(
        diary
            .recent_deliveries(10, chrono::DateTime::<chrono::Utc>::MAX_UTC)
            .await
            .unwrap(),
        [delivery(3, DeliveryState::Opened)]
    );
}

#[tokio::test]
async fn the_file_shows_nothing_to_somebody_without_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let marked = CheckIn {
        note: "canary-in-the-note".to_owned(),
        ..check_in()
    };
    diary.add_session(&session(), marked.at).await.unwrap();
    diary.add_check_in(&marked, marked.at).await.unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for word in [&b"canary-in-the-note"[..], b"SQLite format", b"Europe/Madrid"] {
            assert!(
                !bytes.windows(word.len()).any(|window| window == word),
                "{}",
                path.display()
            );
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn folder_key_and_diary_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("diary");
    let opened = open(&folder).await.unwrap();
    assert_eq!(opened.access, Access::ReadWrite);
    assert_eq!(opened.notes, []);
    assert_eq!(
        opened.protection,
        Protection {
            key_file: true,
            ..Protection::default()
        }
    );
    for (name, mode) in [
        ("", 0o700),
        ("diary.key", 0o600),
        ("diary.key.copy", 0o600),
        ("diary.db", 0o600),
        ("diary.db-wal", 0o600),
    ] {
        let found = std::fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{name}");
    }
}

#[tokio::test]
async fn a_diary_without_its_key_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    opened(folder.path()).await.close().await;
    for name in KEY_FILES {
        std::fs::remove_file(folder.path().join(name)).unwrap();
    }
    let before = std::fs::read(Diary::path(folder.path())).unwrap();

    let error = open(folder.path()).await.unwrap_err();
    assert!(
        matches!(error, OpenError::Key(KeyError::Missing { .. })),
        "{error}"
    );
    assert_eq!(std::fs::read(Diary::path(folder.path())).unwrap(), before);
    for name in KEY_FILES {
        assert!(
            !folder.path().join(name).exists(),
            "no new key is made while a diary exists"
        );
    }
}

#[tokio::test]
async fn a_key_that_exists_is_used_again_when_the_diary_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    opened(folder.path()).await.close().await;
    let key = std::fs::read(folder.path().join("diary.key")).unwrap();
    std::fs::remove_file(Diary::path(folder.path())).unwrap();
    opened(folder.path()).await;
    assert_eq!(std::fs::read(folder.path().join("diary.key")).unwrap(), key);
}

#[tokio::test]
async fn the_wrong_key_is_said_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    opened(folder.path()).await.close().await;
    opened(other.path()).await.close().await;
    let own = std::fs::read_to_string(folder.path().join("diary.key")).unwrap();
    let others = std::fs::read_to_string(other.path().join("diary.key")).unwrap();
    let before = std::fs::read(Diary::path(folder.path())).unwrap();

    // Another diary's key in this diary's list: its check value tells.
    let mixed = own.replace(&key_in(&own), &key_in(&others));
    write_keys(folder.path(), &with_checksum(&mixed));
    let error = open(folder.path()).await.unwrap_err();
    assert!(matches!(error, OpenError::WrongKey(_)), "{error}");
    assert_eq!(std::fs::read(Diary::path(folder.path())).unwrap(), before);

    // The other diary's whole list: its key is the one it speaks of, so it is this file that does not fit.
    write_keys(folder.path(), &others);
    let error = open(folder.path()).await.unwrap_err();
    assert!(matches!(error, OpenError::Damaged(_)), "{error}");
    assert_eq!(std::fs::read(Diary::path(folder.path())).unwrap(), before);

    // Nothing was lost by it.
    write_keys(folder.path(), &own);
    opened(folder.path()).await;
}

#[tokio::test]
async fn a_damaged_key_file_is_said() {
    for text in [
        "",
        "{",
        r#"{"version":2,"kept":{"in":"this_file","key":"00"}}"#,
        r#"{"version":1,"kept":{"in":"this_file","key":"00"}}"#,
    ] {
        let folder = tempfile::tempdir().unwrap();
        opened(folder.path()).await.close().await;
        write_keys(folder.path(), text);
        let error = open(folder.path()).await.unwrap_err();
        assert!(
            matches!(error, OpenError::Key(KeyError::DamagedFile { .. })),
            "{text}: {error}"
        );
        for name in KEY_FILES {
            assert_eq!(
                std::fs::read_to_string(folder.path().join(name)).unwrap(),
                text,
                "kept"
            );
        }
    }
}

#[tokio::test]
async fn a_diary_of_a_newer_version_is_read_and_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.add_session(&session(), check_in().at).await.unwrap();
    diary.close().await;
    as_if_newer(folder.path()).await;

    let Opened { diary, access, .. } = open(folder.path()).await.unwrap();
    assert!(
        matches!(
            access,
            Access::ReadOnly(WhyReadOnly::NewerVersion { found: 9_999, .. })
        ),
        "{access:?}"
    );
    assert_eq!(diary.sessions().await.unwrap(), [session()]);
    let refused = diary.add_check_in(&check_in(), check_in().at).await.unwrap_err();
    assert!(matches!(refused, DiaryError::ReadOnly), "{refused}");
    assert!(diary.check_ins(session().id).await.unwrap().is_empty());
    let refused = diary.new_recovery_code().await.unwrap_err();
    assert!(matches!(refused, KeyError::ReadOnly), "{refused}");
}

/// Notes a migration that this version does not know, as a later version would.
async fn as_if_newer(folder: &Path) {
    use sqlx::Connection as _;
    let mut connection = connected(folder, false).await;
    sqlx::query("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// The forms that a diary went through.
async fn forms(folder: &Path) -> Vec<i64> {
    use sqlx::Connection as _;
    let mut connection = connected(folder, false).await;
    let forms = sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    forms
}

/// A diary with the first migration alone and a session and a check-in in it, as version 0.1.0 wrote them.
async fn as_the_first_version_wrote_it(folder: &Path) {
    use sqlx::Connection as _;
    opened(folder).await.close().await;
    std::fs::remove_file(Diary::path(folder)).unwrap();

    let migrations = tempfile::tempdir().unwrap();
    let first = "0001_sessions_check_ins_deliveries.sql";
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    std::fs::copy(all.join(first), migrations.path().join(first)).unwrap();
    let mut connection = connected(folder, true).await;
    sqlx::migrate::Migrator::new(migrations.path())
        .await
        .unwrap()
        .run(&mut connection)
        .await
        .unwrap();
    for statement in [
        "INSERT INTO session (id, ended_at, zone_name, zone_offset, setting, device, depth_micrometres, areas, \
         concerns, plan_id, plan_version, entered_at) VALUES ('00000000-0000-0000-0000-000000000001', \
         1795192200000, 'Europe/Madrid', 3600, 'clinic', 'Pen \u{2116} 4', 1500, '[\"face\",\"neck\"]', \
         '[\"acne_scars\"]', 'microneedling', 1, 1795194000000)",
        "INSERT INTO check_in (id, revision, session, at, local_date, severities, signs, note, entered_at) VALUES \
         ('00000000-0000-0000-0000-000000000002', 1, '00000000-0000-0000-0000-000000000001', 1795287840000, \
         '2026-11-21', '{\"erythema\":3,\"pain\":0}', '[\"eye_pain\"]', 'Tight; \u{1f321} warm', 1795287841000)",
    ] {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// A connection past the crate, with the key from the diary's key file.
async fn connected(folder: &Path, make: bool) -> sqlx::SqliteConnection {
    use sqlx::{Connection as _, sqlite::SqliteConnectOptions};
    let key = key_in(&std::fs::read_to_string(folder.join("diary.key")).unwrap());
    let options = SqliteConnectOptions::new()
        .filename(Diary::path(folder))
        .create_if_missing(make)
        .pragma("key", format!("\"x'{key}'\""));
    sqlx::SqliteConnection::connect_with(&options).await.unwrap()
}

/// The file that leads to the key, and its copy.
const KEY_FILES: [&str; 2] = ["diary.key", "diary.key.copy"];

fn write_keys(folder: &Path, text: &str) {
    for name in KEY_FILES {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

/// The key in the text of an unprotected key file.
fn key_in(text: &str) -> String {
    let file: serde_json::Value = serde_json::from_str(text).unwrap();
    file["wrappers"][0]["key"].as_str().unwrap().to_owned()
}

/// The text with the checksum that its contents ask for.
fn with_checksum(text: &str) -> String {
    use sha2::Digest as _;
    use std::fmt::Write as _;
    let start = text.rfind("\"checksum\": \"").unwrap() + "\"checksum\": \"".len();
    let mut whole = text[..start].to_owned();
    for byte in sha2::Sha256::digest(whole.as_bytes()) {
        write!(whole, "{byte:02x}").unwrap();
    }
    whole + "\"\n}\n"
}
