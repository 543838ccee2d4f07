//! Whatever happens on three devices: a merge is commutative, associative and idempotent, and loses nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use afterglow_care::check_in::CheckIn;
use afterglow_care::plan::PlanRef;
use afterglow_care::session::Session;
use afterglow_care::triage::{CallOutcome, RuleId, TriageLevel};
use afterglow_diary::Diary;
use afterglow_diary::appointments::Appointment;
use afterglow_diary::calls::{CallAnswer, Dismissal, Reason};
use afterglow_diary::courses::{Course, CourseId};
use afterglow_diary::findings::RaisedFinding;
use afterglow_diary::follow_ups::FollowUpAnswer;
use afterglow_diary::medicines::Medicine;
use afterglow_diary::merge::Merged;
use afterglow_diary::plans::AcceptedPlan;
use proptest::prelude::*;
use tempfile::TempDir;
use uuid::Uuid;

use crate::given::{
    self, Dump, DumpedRow, appointment, check_in, correction, medicine, opened, photo, session,
};
use crate::{delivery, device, joined, moment, template};

/// How many triples of diaries are joined in every way.
const TRIPLES: u32 = 60;

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
    FollowUp,
    AddMedicine,
    CorrectMedicine,
    WithdrawMedicine,
    AddAppointment,
    CorrectAppointment,
    WithdrawAppointment,
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
        1 => Just(What::FollowUp),
        2 => Just(What::AddMedicine),
        2 => Just(What::CorrectMedicine),
        1 => Just(What::WithdrawMedicine),
        2 => Just(What::AddAppointment),
        2 => Just(What::CorrectAppointment),
        1 => Just(What::WithdrawAppointment),
        3 => Just(What::Deliver),
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
    // All three begin with a session, a check-in, a medicine and an appointment: corrections meet.
    proptest::collection::vec(step, 14..34)
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
        (What::AddCourse, ..) => {
            let none = BTreeSet::new();
            assert!(diary.keep_course(&course(*next), &none, now).await.unwrap());
        }
        (What::CorrectCourse, ..) => {
            if let Some(known) = picked(diary.courses().await.unwrap(), pick) {
                let corrected = Course {
                    planned_sessions: u16::from(value) + 1,
                    ended: (value % 2 == 1).then(|| now.date_naive()),
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
        (What::FollowUp, _, Some(known)) => {
            let answer = FollowUpAnswer {
                at: now,
                reached: value > 1,
                note: format!("note {}", value % 2),
                ..given::follow_up_answer(known.id)
            };
            assert!(diary.add_follow_up_answer(&answer).await.unwrap());
        }
        (What::AddMedicine, ..) => diary.add_medicine(&medicine(*next), now).await.unwrap(),
        (What::CorrectMedicine, ..) => {
            if let Some(known) = picked(diary.medicines().await.unwrap(), pick) {
                let corrected = Medicine {
                    name: format!("medicine {value}"),
                    ..known
                };
                assert!(diary.correct_medicine(&corrected, now).await.unwrap());
            }
        }
        (What::WithdrawMedicine, ..) => {
            if let Some(known) = picked(diary.medicines().await.unwrap(), pick) {
                assert!(diary.withdraw_medicine(known.id, now).await.unwrap());
            }
        }
        (What::AddAppointment, ..) => diary.add_appointment(&appointment(*next), now).await.unwrap(),
        (What::CorrectAppointment, ..) => {
            if let Some(known) = picked(diary.appointments().await.unwrap(), pick) {
                let corrected = Appointment {
                    note: format!("note {value}"),
                    ..known
                };
                assert!(diary.correct_appointment(&corrected, now).await.unwrap());
            }
        }
        (What::WithdrawAppointment, ..) => {
            if let Some(known) = picked(diary.appointments().await.unwrap(), pick) {
                assert!(diary.withdraw_appointment(known.id, now).await.unwrap());
            }
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
        ended: None,
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
    first.add_medicine(&medicine(3), moment(0)).await.unwrap();
    first.add_appointment(&appointment(4), moment(0)).await.unwrap();
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
        "finding" | "call_outcome" | "follow_up_answer" => !is_erased(session_of[row["check_in"].as_str()]),
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
