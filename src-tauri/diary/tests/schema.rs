//! What the schema promises: nothing that was entered is lost or changed, and docs/diary.md is true.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod given;

use std::collections::BTreeSet;
use std::path::Path;

use afterglow_care::Locale;
use afterglow_care::check_in::{CheckIn, CheckInId};
use afterglow_care::plan::PlanRef;
use afterglow_care::session::{Session, SessionId, Setting};
use afterglow_care::triage::{CallOutcome, RuleId, TriageLevel};
use afterglow_diary::calls::{CallAnswer, Dismissal, Reason};
use afterglow_diary::clinic::Clinic;
use afterglow_diary::courses::{Course, CourseId};
use afterglow_diary::findings::RaisedFinding;
use afterglow_diary::plans::{Acceptance, AcceptedPlan};
use afterglow_diary::settings::{StoredSettings, Theme};
use given::{at, check_in, connected, correction, old, opened, photo, session};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use uuid::Uuid;

#[tokio::test]
async fn a_corrected_session_keeps_its_plan_and_what_was_first_entered() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let entered = session(1);
    let corrected = Session {
        setting: Setting::Home,
        device: None,
        plan: PlanRef {
            id: "another".to_owned(),
            version: 9,
        },
        ..session(1)
    };
    let (first, later) = (at("2026-11-20T17:00:00Z"), at("2026-11-21T09:00:00Z"));
    assert!(
        !diary.correct_session(&corrected, first).await.unwrap(),
        "there is none yet"
    );
    diary.add_session(&entered, first).await.unwrap();
    assert!(diary.correct_session(&corrected, later).await.unwrap());
    let expected = Session {
        plan: entered.plan.clone(),
        ..corrected
    };
    assert_eq!(diary.sessions().await.unwrap(), std::slice::from_ref(&expected));
    let history = diary.session_history(entered.id).await.unwrap();
    let history: Vec<_> = history
        .into_iter()
        .map(|entry| (entry.revision, entry.entered_at, entry.session))
        .collect();
    assert_eq!(history, [(1, first, entered), (2, later, expected)]);
}

#[tokio::test]
async fn a_session_is_of_the_course_that_was_said_last() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let course = Course {
        id: CourseId(Uuid::from_u128(5)),
        treatment: "Microneedling".to_owned(),
        planned_sessions: 3,
        interval_days: 42,
        started: "2026-11-20".parse().unwrap(),
        ended: None,
    };
    let now = at("2026-11-20T17:00:00Z");
    diary.add_session(&session(1), now).await.unwrap();
    assert!(
        !diary
            .put_in_course(session(1).id, Some(course.id), now)
            .await
            .unwrap(),
        "no such course"
    );
    let none = BTreeSet::new();
    assert!(diary.keep_course(&course, &none, now).await.unwrap());
    assert!(
        diary
            .put_in_course(session(1).id, Some(course.id), now)
            .await
            .unwrap()
    );
    assert!(
        !diary
            .put_in_course(session(2).id, Some(course.id), now)
            .await
            .unwrap(),
        "no such session"
    );
    assert!(diary.correct_session(&session(1), now).await.unwrap());
    let courses = diary.session_courses().await.unwrap();
    assert_eq!(
        courses.into_iter().collect::<Vec<_>>(),
        [(session(1).id, course.id)]
    );
    assert_eq!(diary.sessions().await.unwrap(), [session(1)]);

    let more = Course {
        planned_sessions: 4,
        ..course.clone()
    };
    assert!(diary.correct_course(&more, now).await.unwrap());
    assert_eq!(diary.courses().await.unwrap(), std::slice::from_ref(&more));
    assert!(diary.put_in_course(session(1).id, None, now).await.unwrap());
    assert!(diary.session_courses().await.unwrap().is_empty());

    let ended = Course {
        ended: Some(now.date_naive()),
        ..more
    };
    assert!(diary.correct_course(&ended, now).await.unwrap());
    assert_eq!(diary.courses().await.unwrap(), [ended]);

    diary
        .add_session_of(&session(2), Some(course.id), now)
        .await
        .unwrap();
    let courses = diary.session_courses().await.unwrap();
    assert_eq!(courses.get(&session(2).id), Some(&course.id));
}

#[tokio::test]
async fn a_course_is_kept_with_its_sessions_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-20T17:00:00Z");
    let course = |id, planned_sessions| Course {
        id: CourseId(Uuid::from_u128(id)),
        treatment: "Microneedling".to_owned(),
        planned_sessions,
        interval_days: 42,
        started: "2026-11-20".parse().unwrap(),
        ended: None,
    };
    for id in 1..=3 {
        diary.add_session(&session(id), now).await.unwrap();
    }
    let keep = async |course: &Course, ids: &[u128]| {
        let of = ids.iter().map(|id| session(*id).id).collect();
        diary.keep_course(course, &of, now).await.unwrap()
    };
    let kept = async || {
        let of = diary.session_courses().await.unwrap();
        let of: Vec<_> = of
            .into_iter()
            .map(|(session, course)| (session, course.0))
            .collect();
        (diary.courses().await.unwrap(), of)
    };
    assert!(!keep(&course(5, 3), &[1, 4]).await, "no such session");
    assert_eq!(kept().await, (vec![], vec![]));

    assert!(keep(&course(5, 3), &[1, 2]).await);
    let of_five = Uuid::from_u128(5);
    let of = |ids: &[u128]| {
        ids.iter()
            .map(|id| (session(*id).id, of_five))
            .collect::<Vec<_>>()
    };
    assert_eq!(kept().await, (vec![course(5, 3)], of(&[1, 2])));

    diary.withdraw_session(session(1).id, now).await.unwrap();
    assert!(!keep(&course(5, 4), &[1, 2]).await, "it was withdrawn");
    assert_eq!(kept().await.0, [course(5, 3)]);
    assert!(keep(&course(5, 4), &[3]).await);
    // What was withdrawn stays as it was.
    assert_eq!(kept().await, (vec![course(5, 4)], of(&[1, 3])));
    let history = diary.session_history(session(3).id).await.unwrap();
    assert!(keep(&course(5, 4), &[3]).await);
    assert_eq!(
        diary.session_history(session(3).id).await.unwrap(),
        history,
        "nothing changed"
    );
}

#[tokio::test]
async fn a_corrected_check_in_counts_once_and_triage_gets_every_entry() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-21T19:05:00Z");
    diary.add_session(&session(1), now).await.unwrap();
    diary.add_session(&session(2), now).await.unwrap();
    let first = check_in(10, session(1).id);
    let second = correction(11, &first);
    // By its first entry again, and as if it were of another session.
    let third = CheckIn {
        note: "Better".to_owned(),
        session: session(2).id,
        ..correction(12, &first)
    };
    assert!(
        !diary.correct_check_in(&second, now).await.unwrap(),
        "there is none yet"
    );
    diary.add_check_in(&first, now).await.unwrap();
    assert!(
        !diary.correct_check_in(&first, now).await.unwrap(),
        "it revises nothing"
    );
    assert!(diary.correct_check_in(&second, now).await.unwrap());
    assert!(diary.correct_check_in(&third, now).await.unwrap());

    let third = CheckIn {
        session: session(1).id,
        revises: Some(second.id),
        ..third
    };
    let newest = CheckIn {
        revises: None,
        ..third.clone()
    };
    assert_eq!(diary.check_ins(session(1).id).await.unwrap(), [newest]);
    assert_eq!(
        diary.check_in_history(session(1).id).await.unwrap(),
        [first, second, third]
    );
    assert!(diary.check_in_history(session(2).id).await.unwrap().is_empty());
}

#[tokio::test]
async fn findings_and_what_was_done_are_kept_per_entry() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-21T19:05:00Z");
    let first = check_in(10, session(1).id);
    diary.add_session(&session(1), now).await.unwrap();
    diary.add_check_in(&first, now).await.unwrap();
    diary
        .correct_check_in(&correction(11, &first), now)
        .await
        .unwrap();
    let raised = RaisedFinding {
        check_in: first.id,
        rule: RuleId("severe_pain".to_owned()),
        level: TriageLevel::CallClinic,
        raised_at: now,
    };
    let again = RaisedFinding {
        raised_at: at("2026-11-22T19:05:00Z"),
        ..raised.clone()
    };
    diary.add_findings(&[raised.clone(), again]).await.unwrap();
    assert_eq!(
        diary.findings(session(1).id).await.unwrap(),
        std::slice::from_ref(&raised)
    );
    let unknown = RaisedFinding {
        check_in: CheckInId(Uuid::from_u128(99)),
        ..raised.clone()
    };
    let watched = RaisedFinding {
        rule: RuleId("dry".to_owned()),
        ..raised.clone()
    };
    assert!(diary.add_findings(&[watched, unknown]).await.is_err());
    assert_eq!(
        diary.findings(session(1).id).await.unwrap(),
        [raised],
        "all or none"
    );

    let answer = CallAnswer {
        check_in: first.id,
        outcome: CallOutcome::ReachedClinic,
        at: now,
    };
    assert!(diary.add_call_answer(answer).await.unwrap());
    assert!(diary.add_call_answer(answer).await.unwrap(), "twice is once");
    assert!(Reason::new(" \n").is_none());
    let dismissal = Dismissal {
        check_in: CheckInId(Uuid::from_u128(11)),
        reason: Reason::new(" The clinic had rung. ").unwrap(),
        at: now,
    };
    assert!(diary.add_dismissal(&dismissal).await.unwrap());
    let unknown = Dismissal {
        check_in: CheckInId(Uuid::from_u128(99)),
        ..dismissal.clone()
    };
    assert!(!diary.add_dismissal(&unknown).await.unwrap());
    assert_eq!(diary.call_answers().await.unwrap(), [answer]);
    assert_eq!(diary.dismissals().await.unwrap(), [dismissal]);
}

#[tokio::test]
async fn a_photo_is_listed_without_its_bytes_and_with_the_check_in_that_counts() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-21T19:05:00Z");
    let first = check_in(10, session(1).id);
    let kept = photo(20, session(1).id, Some(first.id));
    assert!(
        !diary.add_photo(kept.clone(), now).await.unwrap(),
        "no such session"
    );
    diary.add_session(&session(1), now).await.unwrap();
    diary.add_session(&session(2), now).await.unwrap();
    assert!(
        !diary.add_photo(kept.clone(), now).await.unwrap(),
        "no such check-in"
    );
    diary.add_check_in(&first, now).await.unwrap();
    assert!(diary.add_photo(kept.clone(), now).await.unwrap());
    assert!(
        diary
            .add_photo(photo(21, session(2).id, None), now)
            .await
            .unwrap()
    );
    assert!(
        !diary
            .add_photo(photo(22, session(2).id, Some(first.id)), now)
            .await
            .unwrap(),
        "the check-in is another session's"
    );
    diary
        .correct_check_in(&correction(11, &first), now)
        .await
        .unwrap();
    let found = diary.photos(session(1).id).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].check_in, Some(CheckInId(Uuid::from_u128(11))));
    assert_eq!((found[0].width, found[0].height), (2_048, 1_536));
    assert_eq!(found[0].pose, kept.pose);
    let image = diary.photo_image(kept.id).await.unwrap().unwrap();
    assert_eq!(
        (image.media_type.as_str(), image.bytes),
        ("image/jpeg", kept.image)
    );
    let thumbnail = diary.photo_thumbnail(kept.id).await.unwrap().unwrap();
    assert_eq!(thumbnail.bytes, kept.thumbnail);
    let huge = given::photo(23, session(1).id, None);
    let huge = afterglow_diary::photos::NewPhoto { width: 2_049, ..huge };
    assert!(diary.add_photo(huge, now).await.is_err());
}

#[tokio::test]
async fn an_accepted_plan_is_kept_word_for_word_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let accepted = AcceptedPlan {
        plan: PlanRef {
            id: "clinic_sol".to_owned(),
            version: 2,
        },
        text: "id = \"clinic_sol\"\nversion = 2\n".to_owned(),
        accepted_at: at("2026-11-20T10:00:00Z"),
    };
    let other = AcceptedPlan {
        text: "id = \"clinic_sol\"\n".to_owned(),
        ..accepted.clone()
    };
    assert_eq!(diary.accept_plan(&accepted).await.unwrap(), Acceptance::Kept);
    assert_eq!(diary.accept_plan(&accepted).await.unwrap(), Acceptance::Known);
    assert_eq!(diary.accept_plan(&other).await.unwrap(), Acceptance::Differs);
    assert_eq!(
        diary.accepted_plan(&accepted.plan).await.unwrap(),
        Some(accepted.clone())
    );
    assert_eq!(diary.accepted_plans().await.unwrap(), [accepted]);
}

#[tokio::test]
async fn the_settings_change_the_clinics_name_and_number_and_nothing_else_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    assert_eq!(diary.clinic().await.unwrap(), None);
    let clinic = Clinic {
        name: "Sol".to_owned(),
        phone: "1".to_owned(),
        out_of_hours_phone: "2".to_owned(),
        opening_hours: "Mon-Fri 9-18".to_owned(),
    };
    diary.save_clinic(&clinic).await.unwrap();
    assert_eq!(diary.clinic().await.unwrap(), Some(clinic.clone()));
    assert_eq!(diary.settings().await.unwrap(), None);
    let settings = StoredSettings {
        locale: Locale::En,
        quiet: None,
        discreet: false,
        clinic_name: "Luna".to_owned(),
        clinic_phone: "3".to_owned(),
        clinic_out_of_hours_phone: "4".to_owned(),
        clinic_opening_hours: "Tue 9-18".to_owned(),
        emergency_number: "112".to_owned(),
        theme: Theme::System,
        text_percent: 100,
        skin_tone: None,
    };
    diary.save_settings(&settings).await.unwrap();
    assert_eq!(diary.settings().await.unwrap(), Some(settings));
    let expected = Clinic {
        name: "Luna".to_owned(),
        phone: "3".to_owned(),
        out_of_hours_phone: "4".to_owned(),
        opening_hours: "Tue 9-18".to_owned(),
    };
    assert_eq!(diary.clinic().await.unwrap(), Some(expected));
}

#[tokio::test]
async fn a_device_keeps_its_id_until_it_takes_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let first = diary.replica().await.unwrap();
    assert_eq!(first.get_version_num(), 4);
    diary.close().await;
    let diary = opened(folder.path()).await;
    assert_eq!(diary.replica().await.unwrap(), first);
    let second = diary.renew_replica().await.unwrap();
    assert_ne!(second, first);
    assert_eq!(diary.replica().await.unwrap(), second);
}

/// A closed diary with a row in every table.
async fn filled(folder: &Path) {
    old::as_form_2_wrote_it(folder).await;
    let diary = opened(folder).await;
    let now = at("2026-11-21T19:05:00Z");
    let check_in = CheckInId(Uuid::from_u128(0x11));
    let session = SessionId(Uuid::from_u128(1));
    diary
        .keep_course(
            &Course {
                id: CourseId(Uuid::from_u128(5)),
                treatment: "Microneedling".to_owned(),
                planned_sessions: 3,
                interval_days: 42,
                started: "2026-11-20".parse().unwrap(),
                ended: None,
            },
            &BTreeSet::new(),
            now,
        )
        .await
        .unwrap();
    diary
        .add_photo(photo(20, session, Some(check_in)), now)
        .await
        .unwrap();
    diary
        .add_findings(&[RaisedFinding {
            check_in,
            rule: RuleId("severe_pain".to_owned()),
            level: TriageLevel::CallClinic,
            raised_at: now,
        }])
        .await
        .unwrap();
    diary
        .accept_plan(&AcceptedPlan {
            plan: PlanRef {
                id: "clinic_sol".to_owned(),
                version: 2,
            },
            text: "id = \"clinic_sol\"".to_owned(),
            accepted_at: now,
        })
        .await
        .unwrap();
    let medicine = given::medicine(6);
    diary.add_medicine(&medicine, now).await.unwrap();
    diary.correct_medicine(&medicine, now).await.unwrap();
    diary.withdraw_medicine(medicine.id, now).await.unwrap();
    let appointment = given::appointment(7);
    diary.add_appointment(&appointment, now).await.unwrap();
    diary.correct_appointment(&appointment, now).await.unwrap();
    diary.withdraw_appointment(appointment.id, now).await.unwrap();
    diary
        .add_follow_up_answer(&given::follow_up_answer(check_in))
        .await
        .unwrap();
    diary.add_session(&given::session(3), now).await.unwrap();
    diary.erase_session(given::session(3).id, now).await.unwrap();
    diary.close().await;
}

#[tokio::test]
async fn nothing_that_was_entered_is_changed_or_removed_past_erasing() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    let before = given::dump(folder.path()).await;
    let mut connection = connected(folder.path()).await;
    for (table, rows) in &before {
        let row = rows.first().unwrap_or_else(|| panic!("{table} is empty"));
        let mut refused: Vec<_> = row
            .keys()
            .filter(|_| table != "erased")
            .map(|column| format!("UPDATE {table} SET {column} = {column}"))
            .collect();
        if table == "erased" {
            refused.push("UPDATE erased SET at = at + 1".to_owned());
        }
        refused.push(format!("DELETE FROM {table}"));
        for statement in refused {
            let done = sqlx::query(AssertSqlSafe(statement.clone()))
                .execute(&mut connection)
                .await;
            assert!(done.is_err(), "{statement}");
        }
    }
    connection.close().await.unwrap();
    assert_eq!(given::dump(folder.path()).await, before);
}

#[tokio::test]
async fn the_schema_refuses_what_cannot_be() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).await;
    let before = given::dump(folder.path()).await;
    let mut connection = connected(folder.path()).await;
    let one = "00000000-0000-0000-0000-000000000001";
    let of = "00000000-0000-0000-0000-000000000011";
    let new = "00000000-0000-0000-0000-0000000000ff";
    let copy = |columns: &str, values: &str, table: &str, of: &str| {
        format!("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE entry = '{of}'")
    };
    let session = "entry, id, revision, replica, ended_at, zone_offset, setting, areas, concerns, risks, clinic_gave, \
        adjuncts, exposed, plan_id, plan_version, entered_at";
    let check_in =
        "entry, id, revision, replica, session, at, local_date, severities, areas, note, entered_at";
    let outcome =
        |values: &str| format!("INSERT INTO call_outcome (check_in, at, outcome, reason) VALUES ({values})");
    let entered =
        |values: &str, revision: &str| session.replace("entry, id", values).replace("revision", revision);
    let corrected = format!("'{new}', id");
    let first = format!("'{new}', '{new}'");
    let erased = "'00000000-0000-0000-0000-000000000003'";
    for (statement, why) in [
        (outcome(&format!("'{of}', 1, 'dismissed', ''")), "CHECK"),
        (outcome(&format!("'{of}', 1, 'dismissed', ' \n\t'")), "CHECK"),
        (outcome(&format!("'{of}', 1, 'reached_clinic', 'x'")), "CHECK"),
        (
            outcome(&format!("'{new}', 1, 'reached_clinic', ''")),
            "FOREIGN KEY",
        ),
        (
            format!(
                "INSERT INTO finding (check_in, rule, level, raised_at) VALUES ('{of}', 'r', 'expected', 1)"
            ),
            "CHECK",
        ),
        (
            format!("INSERT INTO session_withdrawal (session, at) VALUES ('{new}', 1)"),
            "FOREIGN KEY",
        ),
        // An entry of another that claims to be the first one; a first one with a later number.
        (copy(session, &entered(&corrected, "1"), "session", one), "CHECK"),
        (copy(session, &entered(&first, "1 + 1"), "session", one), "pinned"),
        (
            copy(
                session,
                &entered(&corrected, "2").replace("plan_version", "7"),
                "session",
                one,
            ),
            "pinned",
        ),
        (
            copy(
                session,
                &entered(&format!("{erased}, {erased}"), "1"),
                "session",
                one,
            ),
            "erased",
        ),
        (
            copy(
                check_in,
                &check_in
                    .replace("session", "'00000000-0000-0000-0000-000000000002'")
                    .replace("entry, id", &corrected)
                    .replace("revision", "3"),
                "check_in",
                of,
            ),
            "stays with its session",
        ),
    ] {
        let refused = sqlx::query(AssertSqlSafe(statement.clone()))
            .execute(&mut connection)
            .await
            .unwrap_err()
            .to_string();
        assert!(refused.contains(why), "{statement}: {refused}");
    }
    connection.close().await.unwrap();
    assert_eq!(given::dump(folder.path()).await, before);
}

#[tokio::test]
async fn every_table_is_strict() {
    let folder = tempfile::tempdir().unwrap();
    opened(folder.path()).await.close().await;
    let mut connection = connected(folder.path()).await;
    for table in given::tables(&mut connection).await {
        let strict: i64 = sqlx::query_scalar("SELECT strict FROM pragma_table_list WHERE name = ?1")
            .bind(&table)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(strict, 1, "{table}");
    }
}

/// docs/diary.md, whose diagram is one block of Mermaid.
fn diagram() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/diary.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once("```mermaid\nerDiagram\n").unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[tokio::test]
async fn the_diagram_shows_every_table_column_and_reference_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    opened(folder.path()).await.close().await;
    let mut connection = connected(folder.path()).await;
    let mut expected = BTreeSet::new();
    let mut references = BTreeSet::new();
    for table in given::tables(&mut connection).await {
        for column in given::columns(&mut connection, &table).await {
            expected.insert(format!("{table}.{column}"));
        }
        let rows = sqlx::query("SELECT \"table\", \"from\" FROM pragma_foreign_key_list (?1)")
            .bind(&table)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        for row in rows {
            let (to, from): (String, String) = (row.get(0), row.get(1));
            references.insert(format!("{table}.{from} -> {to}"));
        }
    }
    let mut drawn = BTreeSet::new();
    let mut arrows = BTreeSet::new();
    let mut table: Option<String> = None;
    for line in diagram().lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<_> = line.split_whitespace().collect();
        match (words.as_slice(), &table) {
            ([name, "{"], None) => table = Some((*name).to_owned()),
            (["}"], Some(_)) => table = None,
            ([_, column, ..], Some(table)) => {
                drawn.insert(format!("{table}.{column}"));
            }
            ([to, _, from, ":", column], None) => {
                arrows.insert(format!("{from}.{column} -> {to}"));
            }
            _ => panic!("{line}"),
        }
    }
    assert_eq!(drawn, expected);
    assert_eq!(arrows, references);
}
