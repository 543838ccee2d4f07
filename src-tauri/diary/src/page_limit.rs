//! A file that may not grow: SQLite's `max_page_count`, set on the diary's own connection, for every way of writing
//! and every number of pages that it may still take.

use std::collections::BTreeSet;
use std::path::Path;

use afterglow_care::check_in::{CheckIn, CheckInId, Severities};
use afterglow_care::photo::Pose;
use afterglow_care::plan::{InstructionId, PlanRef};
use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::{Area, Session, SessionId, Setting};
use afterglow_care::triage::{CallOutcome, RuleId, TriageLevel};
use afterglow_care::{Locale, Zone};
use chrono::{DateTime, Utc};
use enumset::EnumSet;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::appointments::{Appointment, AppointmentId};
use crate::calls::{CallAnswer, Dismissal, Reason};
use crate::clinic::Clinic;
use crate::courses::{Course, CourseId};
use crate::deliveries::{Delivery, DeliveryState};
use crate::findings::RaisedFinding;
use crate::follow_ups::FollowUpAnswer;
use crate::medicines::{Medicine, MedicineId};
use crate::merge::MergeError;
use crate::photos::{NewPhoto, PhotoId};
use crate::plans::AcceptedPlan;
use crate::reminders::StoredReminders;
use crate::settings::{StoredSettings, Theme};
use crate::{Credential, Diary, DiaryError, NewKey};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    Session,
    SessionCorrection,
    Withdrawal,
    Course,
    CourseOfASession,
    CheckIn,
    CheckInCorrection,
    Photo,
    Findings,
    CallAnswer,
    Dismissal,
    Plan,
    Settings,
    Clinic,
    Deliveries,
    FollowUpAnswer,
    Reminders,
    Medicine,
    MedicineCorrection,
    MedicineWithdrawal,
    Appointment,
    AppointmentCorrection,
    AppointmentWithdrawal,
    EraseSession,
    ErasePhoto,
    Merge,
}

const WRITINGS: [Writing; 26] = [
    Writing::Session,
    Writing::SessionCorrection,
    Writing::Withdrawal,
    Writing::Course,
    Writing::CourseOfASession,
    Writing::CheckIn,
    Writing::CheckInCorrection,
    Writing::Photo,
    Writing::Findings,
    Writing::CallAnswer,
    Writing::Dismissal,
    Writing::Plan,
    Writing::Settings,
    Writing::Clinic,
    Writing::Deliveries,
    Writing::FollowUpAnswer,
    Writing::Reminders,
    Writing::Medicine,
    Writing::MedicineCorrection,
    Writing::MedicineWithdrawal,
    Writing::Appointment,
    Writing::AppointmentCorrection,
    Writing::AppointmentWithdrawal,
    Writing::EraseSession,
    Writing::ErasePhoto,
    Writing::Merge,
];

/// More than fits a few pages.
const LONG: usize = 60_000;

fn now() -> DateTime<Utc> {
    "2026-11-21T19:04:00Z".parse().unwrap()
}

fn session(id: u128) -> Session {
    Session {
        id: SessionId(Uuid::from_u128(id)),
        ended_at: now(),
        zone: Zone::named("Europe/Madrid").unwrap(),
        setting: Setting::Clinic,
        device: Some("x".repeat(LONG)),
        depth: None,
        areas: BTreeSet::from([Area::Face]),
        concerns: BTreeSet::new(),
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

fn check_in(id: u128, revises: Option<CheckInId>) -> CheckIn {
    CheckIn {
        id: CheckInId(Uuid::from_u128(id)),
        session: session(1).id,
        at: now(),
        local_date: now().date_naive(),
        severities: Severities::default(),
        signs: None,
        temperature: None,
        areas: EnumSet::empty(),
        note: "x".repeat(4_000),
        revises,
    }
}

fn photo(id: u128) -> NewPhoto {
    NewPhoto {
        id: PhotoId(Uuid::from_u128(id)),
        session: session(1).id,
        check_in: None,
        taken_at: now(),
        pose: Pose::Front,
        media_type: "image/jpeg".to_owned(),
        width: 2_048,
        height: 1_536,
        image: vec![7; LONG],
        thumbnail: vec![7; 4_000],
    }
}

fn course(id: u128) -> Course {
    Course {
        id: CourseId(Uuid::from_u128(id)),
        treatment: "x".repeat(LONG),
        planned_sessions: 3,
        interval_days: 42,
        started: now().date_naive(),
        ended: None,
    }
}

fn medicine(id: u128) -> Medicine {
    Medicine {
        id: MedicineId(Uuid::from_u128(id)),
        name: "x".repeat(LONG),
        from: now().date_naive(),
        to: None,
        times: BTreeSet::from([now().time()]),
    }
}

fn appointment(id: u128) -> Appointment {
    Appointment {
        id: AppointmentId(Uuid::from_u128(id)),
        at: now().naive_utc(),
        zone: Zone::UTC,
        note: "x".repeat(LONG),
    }
}

async fn opened(folder: &Path) -> Diary {
    Diary::open(folder, Credential::Unattended(NewKey::KeyFile))
        .await
        .unwrap()
        .diary
}

/// What every kind of entry needs to stand on.
async fn ground(diary: &Diary) {
    diary.add_session(&session(1), now()).await.unwrap();
    diary.add_check_in(&check_in(1, None), now()).await.unwrap();
    diary.add_photo(photo(1), now()).await.unwrap();
    let none = BTreeSet::new();
    diary.keep_course(&course(1), &none, now()).await.unwrap();
    diary.add_medicine(&medicine(1), now()).await.unwrap();
    diary.add_appointment(&appointment(1), now()).await.unwrap();
}

#[expect(clippy::too_many_lines, reason = "one arm for each way of writing")]
async fn write(diary: &Diary, writing: Writing, other: &Path) -> Result<(), DiaryError> {
    let id = CheckInId(Uuid::from_u128(1));
    match writing {
        Writing::Session => diary.add_session(&session(2), now()).await,
        Writing::SessionCorrection => diary.correct_session(&session(1), now()).await.map(drop),
        Writing::Withdrawal => diary.withdraw_session(session(1).id, now()).await.map(drop),
        // The session's correction takes more pages than the course.
        Writing::Course => {
            let of = BTreeSet::from([session(1).id]);
            diary.keep_course(&course(2), &of, now()).await.map(drop)
        }
        Writing::CourseOfASession => {
            let of = Some(course(1).id);
            diary.put_in_course(session(1).id, of, now()).await.map(drop)
        }
        Writing::CheckIn => diary.add_check_in(&check_in(2, None), now()).await,
        Writing::CheckInCorrection => diary
            .correct_check_in(&check_in(2, Some(id)), now())
            .await
            .map(drop),
        Writing::Photo => diary.add_photo(photo(2), now()).await.map(drop),
        Writing::Findings => {
            let raised = |number: usize| RaisedFinding {
                check_in: id,
                rule: RuleId(format!("rule_{number}")),
                level: TriageLevel::CallClinic,
                raised_at: now(),
            };
            let findings: Vec<_> = (0..400).map(raised).collect();
            diary.add_findings(&findings).await
        }
        Writing::CallAnswer => {
            let answer = CallAnswer {
                check_in: id,
                outcome: CallOutcome::ReachedClinic,
                at: now(),
            };
            diary.add_call_answer(answer).await.map(drop)
        }
        Writing::Dismissal => {
            let dismissal = Dismissal {
                check_in: id,
                reason: Reason::new(&"x".repeat(LONG)).unwrap(),
                at: now(),
            };
            diary.add_dismissal(&dismissal).await.map(drop)
        }
        Writing::Plan => {
            let accepted = AcceptedPlan {
                plan: session(1).plan,
                text: "x".repeat(LONG),
                accepted_at: now(),
            };
            diary.accept_plan(&accepted).await.map(drop)
        }
        Writing::Settings => {
            let settings = StoredSettings {
                locale: Locale::En,
                quiet: None,
                discreet: true,
                clinic_name: "x".repeat(LONG),
                clinic_phone: String::new(),
                clinic_out_of_hours_phone: String::new(),
                clinic_opening_hours: String::new(),
                emergency_number: "112".to_owned(),
                theme: Theme::System,
                text_percent: 100,
                skin_tone: None,
            };
            diary.save_settings(&settings).await
        }
        Writing::Clinic => {
            let clinic = Clinic {
                name: "x".repeat(LONG),
                phone: String::new(),
                out_of_hours_phone: String::new(),
                opening_hours: String::new(),
            };
            diary.save_clinic(&clinic).await
        }
        Writing::Deliveries => {
            let line = |seq| Delivery {
                journal: "a".to_owned(),
                seq,
                key: OccurrenceKey(format!("{}/care/{seq}", session(1).id)),
                due_at: now(),
                at: now(),
                state: DeliveryState::Shown,
                digest: false,
                reason: None,
                until: None,
            };
            let lines: Vec<_> = (1..400).map(line).collect();
            diary.add_deliveries(&lines).await
        }
        Writing::FollowUpAnswer => {
            let answer = FollowUpAnswer {
                check_in: id,
                at: now(),
                reached: true,
                note: "x".repeat(LONG),
            };
            diary.add_follow_up_answer(&answer).await.map(drop)
        }
        Writing::Reminders => {
            let reminders = StoredReminders {
                sound: true,
                repeat_until_done: false,
                morning: None,
                evening: None,
                switched_off: BTreeSet::from([InstructionId("x".repeat(LONG))]),
            };
            diary.save_reminders(&reminders).await
        }
        Writing::Medicine => diary.add_medicine(&medicine(2), now()).await,
        Writing::MedicineCorrection => diary.correct_medicine(&medicine(1), now()).await.map(drop),
        Writing::MedicineWithdrawal => diary.withdraw_medicine(medicine(1).id, now()).await.map(drop),
        Writing::Appointment => diary.add_appointment(&appointment(2), now()).await,
        Writing::AppointmentCorrection => diary.correct_appointment(&appointment(1), now()).await.map(drop),
        Writing::AppointmentWithdrawal => diary
            .withdraw_appointment(appointment(1).id, now())
            .await
            .map(drop),
        Writing::EraseSession => diary.erase_session(session(1).id, now()).await.map(drop),
        Writing::ErasePhoto => diary.erase_photo(photo(1).id, now()).await.map(drop),
        Writing::Merge => match diary.merge_copy(other).await {
            Ok(_) => Ok(()),
            Err(MergeError::Diary(error)) => Err(error),
            Err(error) => panic!("{error}"),
        },
    }
}

/// Every value of every table.
async fn everything(diary: &Diary) -> Vec<(String, Option<String>)> {
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .fetch_all(diary.pool())
            .await
            .unwrap();
    let mut tables = Vec::new();
    for name in names {
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info (?1)")
            .bind(&name)
            .fetch_all(diary.pool())
            .await
            .unwrap();
        let values: Vec<_> = columns.iter().map(|column| format!("quote({column})")).collect();
        let all = format!("SELECT group_concat({}) FROM {name}", values.join(" || "));
        let all = sqlx::query_scalar(AssertSqlSafe(all));
        tables.push((name, all.fetch_one(diary.pool()).await.unwrap()));
    }
    tables
}

async fn number(diary: &Diary, statement: String) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(statement))
        .fetch_one(diary.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn whatever_is_written_into_a_full_file_is_said_and_leaves_everything_as_it_was() {
    let others = tempfile::tempdir().unwrap();
    let mut told = BTreeSet::new();
    for writing in WRITINGS {
        let folder = tempfile::tempdir().unwrap();
        let diary = opened(folder.path()).await;
        let copy = others.path().join(format!("{writing:?}.db"));
        diary.add_session(&session(9), now()).await.unwrap();
        sqlx::query("VACUUM INTO ?1")
            .bind(copy.to_str())
            .execute(diary.pool())
            .await
            .unwrap();
        diary.erase_session(session(9).id, now()).await.unwrap();
        ground(&diary).await;
        let before = everything(&diary).await;
        let pages = number(&diary, "PRAGMA page_count".to_owned()).await;
        for spare in 0.. {
            let most = pages + spare;
            assert_eq!(
                number(&diary, format!("PRAGMA max_page_count = {most}")).await,
                most
            );
            match write(&diary, writing, &copy).await {
                Ok(()) => break,
                Err(DiaryError::DiskFull) => {
                    told.insert(format!("{writing:?}"));
                    assert!(
                        everything(&diary).await == before,
                        "{writing:?} with {spare} pages"
                    );
                }
                Err(error) => panic!("{writing:?} with {spare} pages: {error}"),
            }
        }
        number(&diary, "PRAGMA max_page_count = 1000000".to_owned()).await;
        diary.add_session(&session(3), now()).await.unwrap();
        let sound: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(diary.pool())
            .await
            .unwrap();
        assert_eq!(sound, "ok", "{writing:?}");
        diary.close().await;
        let sessions = opened(folder.path()).await.sessions().await.unwrap();
        assert!(sessions.iter().any(|one| one.id == session(3).id), "{writing:?}");
    }
    assert!(told.len() >= 16, "the limit was met: {told:?}");
}
