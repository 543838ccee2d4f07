//! Joining two devices' diaries: the union of both, in whichever order and however often, or nothing.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod given;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use afterglow_care::check_in::{CheckIn, CheckInId};
use afterglow_care::plan::PlanRef;
use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::{Session, SessionId};
use afterglow_care::triage::{CallOutcome, RuleId, TriageLevel};
use afterglow_diary::Diary;
use afterglow_diary::calls::{CallAnswer, Dismissal, Reason};
use afterglow_diary::clinic::Clinic;
use afterglow_diary::courses::{Course, CourseId};
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_diary::findings::RaisedFinding;
use afterglow_diary::merge::{MergeError, Merged};
use afterglow_diary::photos::PhotoId;
use afterglow_diary::plans::AcceptedPlan;
use chrono::{DateTime, TimeDelta, Utc};
use given::{Dump, DumpedRow, at, check_in, correction, opened, photo, run, session};
use proptest::prelude::*;
use tempfile::TempDir;
use uuid::Uuid;

/// How many triples of diaries are joined in every way.
const TRIPLES: u32 = 60;

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

/// One thing that happens on one of the devices.
#[derive(Debug, Clone, Copy)]
struct Step {
    device: usize,
    what: What,
    /// Which of the things that are there.
    pick: usize,
    /// A small number for contents and times, so that equal ones are frequent.
    value: u8,
}

#[derive(Debug, Clone, Copy)]
enum What {
    AddSession,
    CorrectSession,
    AddCheckIn,
    CorrectCheckIn,
    Withdraw,
    Answer,
    Dismiss,
    AddPhoto,
    Find,
    AddCourse,
    CorrectCourse,
    PutInCourse,
    AcceptPlan,
    Deliver,
    EraseSession,
    ErasePhoto,
    MergeFromNext,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let what = prop_oneof![
        3 => Just(What::AddSession),
        3 => Just(What::CorrectSession),
        4 => Just(What::AddCheckIn),
        5 => Just(What::CorrectCheckIn),
        1 => Just(What::Withdraw),
        2 => Just(What::Answer),
        1 => Just(What::Dismiss),
        2 => Just(What::AddPhoto),
        2 => Just(What::Find),
        2 => Just(What::AddCourse),
        2 => Just(What::CorrectCourse),
        2 => Just(What::PutInCourse),
        1 => Just(What::AcceptPlan),
        2 => Just(What::Deliver),
        1 => Just(What::EraseSession),
        1 => Just(What::ErasePhoto),
        5 => Just(What::MergeFromNext),
    ];
    let step = (0..3_usize, what, 0..4_usize, 0..4_u8).prop_map(|(device, what, pick, value)| Step {
        device,
        what,
        pick,
        value,
    });
    // All three begin with a session and a check-in, and know each other's: corrections meet.
    proptest::collection::vec(step, 12..28)
}

fn moment(value: u8) -> DateTime<Utc> {
    at("2026-11-21T19:00:00Z") + TimeDelta::minutes(i64::from(value))
}

fn picked<T>(mut all: Vec<T>, pick: usize) -> Option<T> {
    let count = all.len();
    (count > 0).then(|| all.swap_remove(pick % count))
}

#[expect(clippy::too_many_lines, reason = "one arm for each thing that can happen")]
async fn take(step: Step, diary: &Diary, others: &Path, next: &mut u128) {
    let Step {
        what, pick, value, ..
    } = step;
    let now = moment(value);
    *next += 1;
    let sessions = diary.sessions().await.unwrap();
    let about = picked(sessions, pick);
    let mut known = Vec::new();
    if let Some(about) = &about {
        known = diary.check_in_history(about.id).await.unwrap();
    }
    let known = picked(known, pick + usize::from(value));
    let about_id = about.as_ref().map(|about| about.id);
    match (what, about_id, known) {
        (What::AddSession, ..) => diary.add_session(&session(*next), now).await.unwrap(),
        (What::CorrectSession, Some(id), _) => {
            let corrected = Session {
                id,
                device: Some(format!("Pen {value}")),
                ..session(0)
            };
            assert!(diary.correct_session(&corrected, now).await.unwrap());
        }
        (What::AddCheckIn, Some(id), _) => {
            let check_in = CheckIn {
                at: now,
                note: format!("note {value}"),
                ..check_in(*next, id)
            };
            diary.add_check_in(&check_in, now).await.unwrap();
        }
        (What::CorrectCheckIn, _, Some(known)) => {
            let corrected = CheckIn {
                note: format!("correction {value}"),
                ..correction(*next, &known)
            };
            assert!(diary.correct_check_in(&corrected, now).await.unwrap());
        }
        (What::Withdraw, Some(id), _) => assert!(diary.withdraw_session(id, now).await.unwrap()),
        (What::Answer, _, Some(known)) => {
            let answer = CallAnswer {
                check_in: known.id,
                outcome: CallOutcome::ReachedClinic,
                at: now,
            };
            assert!(diary.add_call_answer(answer).await.unwrap());
        }
        (What::Dismiss, _, Some(known)) => {
            let dismissal = Dismissal {
                check_in: known.id,
                reason: Reason::new(&format!("reason {value}")).unwrap(),
                at: now,
            };
            assert!(diary.add_dismissal(&dismissal).await.unwrap());
        }
        (What::AddPhoto, Some(id), known) => {
            let photo = photo(*next, id, known.map(|known| known.id));
            assert!(diary.add_photo(photo, now).await.unwrap());
        }
        (What::Find, _, Some(known)) => diary
            .add_findings(&[RaisedFinding {
                check_in: known.id,
                rule: RuleId("severe_pain".to_owned()),
                level: TriageLevel::CallClinic,
                raised_at: now,
            }])
            .await
            .unwrap(),
        (What::AddCourse, ..) => diary.add_course(&course(*next), now).await.unwrap(),
        (What::CorrectCourse, ..) => {
            if let Some(known) = picked(diary.courses().await.unwrap(), pick) {
                let corrected = Course {
                    planned_sessions: u16::from(value) + 1,
                    ..known
                };
                assert!(diary.correct_course(&corrected, now).await.unwrap());
            }
        }
        (What::PutInCourse, Some(id), _) => {
            let course = picked(diary.courses().await.unwrap(), pick).map(|course| course.id);
            assert!(diary.put_in_course(id, course, now).await.unwrap());
        }
        (What::AcceptPlan, ..) => {
            let accepted = AcceptedPlan {
                plan: PlanRef {
                    id: "clinic_sol".to_owned(),
                    version: 1,
                },
                text: format!("version = 1 # {value}"),
                accepted_at: now,
            };
            diary.accept_plan(&accepted).await.unwrap();
        }
        (What::Deliver, Some(id), _) => diary.add_deliveries(&[delivery(id, value)]).await.unwrap(),
        (What::EraseSession, Some(id), _) => assert!(diary.erase_session(id, now).await.unwrap()),
        (What::ErasePhoto, Some(id), _) => {
            if let Some(photo) = picked(diary.photos(id).await.unwrap(), pick) {
                assert!(diary.erase_photo(photo.id, now).await.unwrap());
            }
        }
        (What::MergeFromNext, ..) => {
            diary.merge_copy(others).await.unwrap();
        }
        // There is nothing yet that it could be about.
        _ => {}
    }
}

fn course(id: u128) -> Course {
    Course {
        id: CourseId(Uuid::from_u128(id)),
        treatment: "Microneedling".to_owned(),
        planned_sessions: 3,
        interval_days: 42,
        started: "2026-11-20".parse().unwrap(),
    }
}

/// Every device's journal has the same name, as if it had been copied with the diary.
fn delivery(session: SessionId, value: u8) -> Delivery {
    Delivery {
        journal: "a".to_owned(),
        seq: u64::from(value) + 1,
        key: OccurrenceKey(format!("{session}/check_in/check_in/+3h")),
        due_at: moment(0),
        at: moment(value),
        state: DeliveryState::Shown,
        digest: false,
        reason: None,
    }
}

/// Three devices after everything that happened on them, closed.
async fn lived(steps: &[Step], template: &Path) -> [TempDir; 3] {
    let devices = [
        device(template).await,
        device(template).await,
        device(template).await,
    ];
    let mut next = 0x1000;
    let first = opened(devices[0].path()).await;
    first.add_session(&session(1), moment(0)).await.unwrap();
    first
        .add_check_in(&check_in(2, session(1).id), moment(0))
        .await
        .unwrap();
    first.close().await;
    for other in 1..3 {
        let diary = opened(devices[other].path()).await;
        diary.merge_copy(&Diary::path(devices[0].path())).await.unwrap();
        diary.close().await;
    }
    let mut open = [None, None, None];
    for step in steps {
        let next_device = (step.device + 1) % 3;
        if matches!(step.what, What::MergeFromNext) {
            // What is joined is a file that nobody writes to.
            close(&mut open[next_device]).await;
        }
        if open[step.device].is_none() {
            open[step.device] = Some(opened(devices[step.device].path()).await);
        }
        let diary = open[step.device].as_ref().unwrap();
        let others = Diary::path(devices[next_device].path());
        take(*step, diary, &others, &mut next).await;
    }
    for diary in &mut open {
        close(diary).await;
    }
    devices
}

async fn close(diary: &mut Option<Diary>) {
    if let Some(diary) = diary.take() {
        diary.close().await;
    }
}

/// What the union must be: every row of either that is about nothing erased, and the earlier tombstones.
fn union(one: &Dump, other: &Dump) -> Dump {
    let mut erased: BTreeMap<String, i64> = BTreeMap::new();
    for row in one["erased"].iter().chain(&other["erased"]) {
        let at: i64 = row["at"].parse().unwrap();
        erased
            .entry(row["id"].clone())
            .and_modify(|known| *known = at.min(*known))
            .or_insert(at);
    }
    let session_of: BTreeMap<&str, &str> = [one, other]
        .iter()
        .flat_map(|dump| &dump["check_in"])
        .map(|row| (row["entry"].as_str(), row["session"].as_str()))
        .collect();
    let is_erased = |id: &str| erased.contains_key(id);
    let kept = |table: &str, row: &DumpedRow| match table {
        "session" => !is_erased(&row["id"]),
        "session_withdrawal" | "check_in" => !is_erased(&row["session"]),
        "photo" => !is_erased(&row["id"]) && !is_erased(&row["session"]),
        "finding" | "call_outcome" => !is_erased(session_of[row["check_in"].as_str()]),
        "delivery" => !is_erased(&format!("{}'", &row["key"][..37])),
        _ => true,
    };
    one.iter()
        .map(|(table, rows)| {
            let rows: BTreeSet<DumpedRow> = if table == "erased" {
                erased
                    .iter()
                    .map(|(id, at)| {
                        BTreeMap::from([("id".to_owned(), id.clone()), ("at".to_owned(), at.to_string())])
                    })
                    .collect()
            } else {
                rows.union(&other[table])
                    .filter(|row| kept(table, row))
                    .cloned()
                    .collect()
            };
            (table.clone(), rows)
        })
        .collect()
}

async fn holds(steps: &[Step], template: &Path) {
    let [a, b, c] = lived(steps, template).await;
    let (ab, _) = joined(a.path(), b.path()).await;
    let (ba, _) = joined(b.path(), a.path()).await;
    let (bc, _) = joined(b.path(), c.path()).await;
    let (aa, nothing) = joined(a.path(), a.path()).await;
    let (again, nothing_more) = joined(ab.path(), b.path()).await;
    let (ab_c, _) = joined(ab.path(), c.path()).await;
    let (a_bc, _) = joined(a.path(), bc.path()).await;
    let dumped_a = given::dump(a.path()).await;
    let dumped_ab = given::dump(ab.path()).await;
    assert_eq!(
        dumped_ab,
        union(&dumped_a, &given::dump(b.path()).await),
        "nothing is lost, nothing more comes"
    );
    assert_eq!(dumped_ab, given::dump(ba.path()).await, "commutative");
    assert_eq!(
        given::dump(ab_c.path()).await,
        given::dump(a_bc.path()).await,
        "associative"
    );
    assert_eq!(given::dump(aa.path()).await, dumped_a, "idempotent");
    assert_eq!(given::dump(again.path()).await, dumped_ab, "idempotent");
    assert_eq!((nothing, nothing_more), (Merged::default(), Merged::default()));
}

#[test]
fn a_merge_is_commutative_associative_idempotent_and_loses_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let template = runtime.block_on(template());
    proptest!(ProptestConfig::with_cases(TRIPLES), |(steps in steps())| {
        runtime.block_on(holds(&steps, template.path()));
    });
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
async fn settings_clinic_and_replica_stay_each_devices_own() {
    let template = template().await;
    let devices = [device(template.path()).await, device(template.path()).await];
    let clinic = Clinic {
        name: "Sol".to_owned(),
        ..Clinic::default()
    };
    let diary = opened(devices[0].path()).await;
    diary.save_clinic(&clinic).await.unwrap();
    diary.close().await;
    let diary = opened(devices[1].path()).await;
    let replica = diary.replica().await.unwrap();
    diary.merge_copy(&Diary::path(devices[0].path())).await.unwrap();
    assert_eq!(diary.clinic().await.unwrap(), None);
    assert_eq!(diary.settings().await.unwrap(), None);
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
    assert!(
        matches!(
            error,
            MergeError::OtherForm {
                found: 9_999,
                known: 3
            }
        ),
        "{error}"
    );

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
