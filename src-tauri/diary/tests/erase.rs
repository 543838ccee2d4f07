//! What is erased is gone: from every table, from the pages of the file and from the log beside it,
//! and it does not come back.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod given;

use std::path::Path;

use afterglow_care::check_in::{CheckIn, CheckInId};
use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::{Session, SessionId};
use afterglow_care::triage::{CallOutcome, RuleId, TriageLevel};
use afterglow_diary::Diary;
use afterglow_diary::calls::{CallAnswer, Dismissal, Reason};
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_diary::findings::RaisedFinding;
use afterglow_diary::follow_ups::FollowUpAnswer;
use afterglow_diary::photos::{NewPhoto, PhotoId};
use given::{at, connected, correction, opened};
use sqlx::Connection as _;
use uuid::Uuid;

/// Everything that can be known about a session, each with its mark.
async fn all_about(diary: &Diary, session: u128, mark: &str) {
    let now = at("2026-11-21T19:05:00Z");
    let about = Session {
        device: Some(format!("{mark}-device")),
        ..given::session(session)
    };
    diary.add_session(&about, now).await.unwrap();
    let again = Session {
        device: Some(format!("{mark}-other-device")),
        ..about.clone()
    };
    diary.correct_session(&again, now).await.unwrap();
    diary.withdraw_session(about.id, now).await.unwrap();
    let first = CheckIn {
        note: format!("{mark}-note ").repeat(60),
        ..given::check_in(session + 1, about.id)
    };
    diary.add_check_in(&first, now).await.unwrap();
    let second = CheckIn {
        note: format!("{mark}-corrected-note"),
        ..correction(session + 2, &first)
    };
    diary.correct_check_in(&second, now).await.unwrap();
    for (id, check_in) in [(3, None), (4, Some(second.id))] {
        let photo = NewPhoto {
            image: format!("{mark}-image").repeat(5_000).into_bytes(),
            thumbnail: format!("{mark}-thumbnail").repeat(500).into_bytes(),
            ..given::photo(session + id, about.id, check_in)
        };
        assert!(diary.add_photo(photo, now).await.unwrap());
    }
    diary
        .add_findings(&[RaisedFinding {
            check_in: first.id,
            rule: RuleId(format!("{mark}-rule")),
            level: TriageLevel::CallClinic,
            raised_at: now,
        }])
        .await
        .unwrap();
    let answer = CallAnswer {
        check_in: first.id,
        outcome: CallOutcome::ReachedClinic,
        at: now,
    };
    diary.add_call_answer(answer).await.unwrap();
    let dismissal = Dismissal {
        check_in: second.id,
        reason: Reason::new(&format!("{mark}-reason")).unwrap(),
        at: now,
    };
    diary.add_dismissal(&dismissal).await.unwrap();
    let told = FollowUpAnswer {
        note: format!("{mark}-told"),
        ..given::follow_up_answer(second.id)
    };
    diary.add_follow_up_answer(&told).await.unwrap();
    diary.add_deliveries(&[line(about.id, mark)]).await.unwrap();
}

fn line(session: SessionId, mark: &str) -> Delivery {
    Delivery {
        journal: format!("journal-of-{session}"),
        seq: 1,
        key: OccurrenceKey(format!("{session}/{mark}-instruction/check_in/+3h")),
        due_at: at("2026-11-20T19:30:00Z"),
        at: at("2026-11-20T19:30:01Z"),
        state: DeliveryState::Failed,
        digest: false,
        reason: Some(format!("{mark}-failure")),
        until: None,
    }
}

const ERASED: u128 = 0x100;
const KEPT: u128 = 0x200;

fn id(session: u128) -> SessionId {
    given::session(session).id
}

/// How often words stand in the pages of the file as they are, freed ones too, decrypted.
async fn in_the_pages(folder: &Path, words: &str) -> usize {
    let mut connection = connected(folder).await;
    let pages = connection.serialize(None).await.unwrap();
    let pages: &[u8] = pages.as_ref();
    let found = pages
        .windows(words.len())
        .filter(|window| *window == words.as_bytes())
        .count();
    connection.close().await.unwrap();
    found
}

async fn number(folder: &Path, statement: &'static str) -> i64 {
    let mut connection = connected(folder).await;
    let number = sqlx::query_scalar(statement)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    number
}

#[tokio::test]
async fn an_erased_session_leaves_its_id_and_the_time_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let now = at("2026-11-25T10:00:00Z");
    let diary = opened(folder.path()).await;
    all_about(&diary, KEPT, "keep").await;
    diary.close().await;
    let kept = given::dump(folder.path()).await;

    let diary = opened(folder.path()).await;
    all_about(&diary, ERASED, "canary").await;
    diary.close().await;
    assert!(
        in_the_pages(folder.path(), "canary-").await > 1_000,
        "the search finds what is there"
    );

    let diary = opened(folder.path()).await;
    assert!(diary.erase_session(id(ERASED), now).await.unwrap());
    let log = std::fs::metadata(folder.path().join("diary.db-wal")).unwrap();
    assert_eq!(log.len(), 0, "the log is emptied while the diary is open");
    diary.close().await;

    assert_eq!(in_the_pages(folder.path(), "canary").await, 0);
    assert!(in_the_pages(folder.path(), "keep-").await > 1_000);
    assert_eq!(number(folder.path(), "PRAGMA freelist_count").await, 0);
    let mut dump = given::dump(folder.path()).await;
    let erased: Vec<_> = dump
        .insert("erased".to_owned(), kept["erased"].clone())
        .unwrap()
        .into_iter()
        .collect();
    assert_eq!(erased.len(), 1);
    assert_eq!(erased[0]["id"], format!("'{}'", id(ERASED)));
    assert_eq!(erased[0]["at"], now.timestamp_millis().to_string());
    assert_eq!(dump, kept, "nothing of another session is touched");
    // The tombstone alone.
    assert_eq!(in_the_pages(folder.path(), &id(ERASED).to_string()).await, 1);
}

#[tokio::test]
async fn an_erased_photo_goes_alone() {
    let folder = tempfile::tempdir().unwrap();
    let now = at("2026-11-25T10:00:00Z");
    let diary = opened(folder.path()).await;
    all_about(&diary, KEPT, "keep").await;
    diary.close().await;
    let mut kept = given::dump(folder.path()).await;

    let diary = opened(folder.path()).await;
    let photo = PhotoId(Uuid::from_u128(ERASED));
    let bytes = NewPhoto {
        image: "canary-image".repeat(5_000).into_bytes(),
        thumbnail: b"canary-thumbnail".to_vec(),
        ..given::photo(ERASED, id(KEPT), Some(CheckInId(Uuid::from_u128(KEPT + 1))))
    };
    diary.add_photo(bytes.clone(), now).await.unwrap();
    assert_eq!(diary.photos(id(KEPT)).await.unwrap().len(), 3);
    assert!(diary.erase_photo(photo, now).await.unwrap());
    assert_eq!(diary.photos(id(KEPT)).await.unwrap().len(), 2);
    assert_eq!(diary.photo_image(photo).await.unwrap(), None);
    assert!(
        diary.add_photo(bytes, now).await.is_err(),
        "it does not come back"
    );
    diary.close().await;
    assert_eq!(in_the_pages(folder.path(), "canary").await, 0);
    assert_eq!(number(folder.path(), "PRAGMA freelist_count").await, 0);
    let dump = given::dump(folder.path()).await;
    kept.insert("erased".to_owned(), dump["erased"].clone());
    assert_eq!(dump, kept);
}

#[tokio::test]
async fn what_was_erased_is_refused_and_a_journals_lines_about_it_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let now = at("2026-11-25T10:00:00Z");
    let diary = opened(folder.path()).await;
    assert!(
        !diary.erase_session(id(ERASED), now).await.unwrap(),
        "there is none yet"
    );
    assert!(!diary.erase_photo(PhotoId(Uuid::from_u128(1)), now).await.unwrap());
    all_about(&diary, ERASED, "canary").await;
    assert!(diary.erase_session(id(ERASED), now).await.unwrap());
    let later = at("2026-11-26T10:00:00Z");
    assert!(
        diary.erase_session(id(ERASED), later).await.unwrap(),
        "it can be done again"
    );
    assert!(diary.add_session(&given::session(ERASED), now).await.is_err());
    diary
        .add_deliveries(&[line(id(ERASED), "canary"), line(id(KEPT), "keep")])
        .await
        .unwrap();
    diary.close().await;
    let dump = given::dump(folder.path()).await;
    assert_eq!(dump["delivery"].len(), 1);
    let tombstone = dump["erased"].first().unwrap();
    assert_eq!(
        tombstone["at"],
        now.timestamp_millis().to_string(),
        "the first time stays"
    );
}

#[tokio::test]
async fn a_correction_cannot_be_erased_as_if_it_were_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let now = at("2026-11-25T10:00:00Z");
    let diary = opened(folder.path()).await;
    all_about(&diary, KEPT, "keep").await;
    diary.close().await;
    let before = given::dump(folder.path()).await;
    let corrected = before["session"]
        .iter()
        .find(|row| row["revision"] == "2")
        .unwrap();
    let entry = corrected["entry"].trim_matches('\'').parse().unwrap();
    let diary = opened(folder.path()).await;
    assert!(!diary.erase_session(SessionId(entry), now).await.unwrap());
    diary.close().await;
    assert_eq!(given::dump(folder.path()).await, before);
}
