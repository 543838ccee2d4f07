//! What Today reads of a long diary says the same as the whole diary.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod given;

use std::collections::BTreeSet;

use afterglow_care::Plan;
use afterglow_care::check_in::{CheckIn, CheckInId, Severities, Severity, Symptom};
use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::{Area, Session, SessionId};
use afterglow_care::triage::{CallOutcome, Judgement, RuleId, TriageLevel, judge_each, session_of};
use afterglow_diary::Diary;
use afterglow_diary::calls::{CallAnswer, Dismissal, Reason};
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_diary::findings::RaisedFinding;
use afterglow_diary::progress::{AskedAnswer, EnteredAbout};
use chrono::{DateTime, TimeDelta, Utc};
use given::{at, opened};
use proptest::prelude::*;
use uuid::Uuid;

const AREAS: [Area; 3] = [Area::Face, Area::Neck, Area::Abdomen];

/// Days since the session before, and the areas.
fn sessions() -> impl Strategy<Value = Vec<(i64, BTreeSet<usize>)>> {
    proptest::collection::vec(
        (3_i64..90, proptest::collection::btree_set(0..3_usize, 1..3)),
        2..7,
    )
}

/// Hours since the check-in before, the area that it names, its severities, and whether it corrects the one before.
fn check_ins() -> impl Strategy<Value = Vec<(i64, Option<usize>, [u8; 3], bool)>> {
    let severity = || 0..5_u8;
    let one = (
        1_i64..240,
        proptest::option::of(0..3_usize),
        [severity(), severity(), severity()],
        proptest::bool::weighted(0.1),
    );
    proptest::collection::vec(one, 5..50)
}

fn made(given: &[(i64, BTreeSet<usize>)]) -> Vec<Session> {
    let mut ended_at = at("2026-01-10T10:00:00Z");
    given
        .iter()
        .zip(1..)
        .map(|((days, areas), id)| {
            ended_at += TimeDelta::days(*days);
            Session {
                ended_at,
                areas: areas.iter().map(|area| AREAS[*area]).collect(),
                ..given::session(id)
            }
        })
        .collect()
}

/// Enters them; the whole history stands in the diary then.
async fn enter(diary: &Diary, sessions: &[Session], given: &[(i64, Option<usize>, [u8; 3], bool)]) {
    let mut now = sessions[0].ended_at;
    let mut before: Option<CheckIn> = None;
    for ((hours, area, severities, corrects), id) in given.iter().zip(1_000..) {
        now += TimeDelta::hours(*hours);
        let areas = area.iter().map(|area| AREAS[*area]).collect();
        let symptoms = [Symptom::Erythema, Symptom::Edema, Symptom::Pain];
        let mut one = CheckIn {
            at: now,
            local_date: now.date_naive(),
            severities: symptoms
                .into_iter()
                .zip(severities.map(|grade| Severity::new(grade).unwrap()))
                .collect::<Severities>(),
            areas,
            ..given::check_in(id, session_of(sessions, areas, now).unwrap())
        };
        match &before {
            Some(before) if *corrects => {
                one.revises = Some(before.id);
                one.at = before.at;
                assert!(diary.correct_check_in(&one, now).await.unwrap());
            }
            _ => diary.add_check_in(&one, now).await.unwrap(),
        }
        before = Some(one);
    }
}

fn judged(sessions: &[Session], history: &[CheckIn], since: DateTime<Utc>) -> Vec<Judgement> {
    let recent: BTreeSet<CheckInId> = history
        .iter()
        .filter(|one| one.at >= since)
        .map(|one| one.id)
        .collect();
    let plan = Plan::microneedling();
    let mut judged = judge_each(&plan, sessions, history, DateTime::<Utc>::MAX_UTC);
    judged.retain(|judgement| recent.contains(&judgement.check_in));
    judged
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn triage_says_the_same_of_what_is_new(sessions in sessions(), check_ins in check_ins()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let sessions = made(&sessions);
        let newest = sessions.last().unwrap().ended_at;
        let (whole, recent) = runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let diary = opened(folder.path()).await;
            for session in &sessions {
                diary.add_session(session, session.ended_at).await.unwrap();
            }
            enter(&diary, &sessions, &check_ins).await;
            let mut whole = Vec::new();
            for session in &sessions {
                whole.extend(diary.check_in_history(session.id).await.unwrap());
            }
            let settled = TimeDelta::days(Plan::microneedling().settled_day().into());
            let recent = diary.check_in_history_since(newest - settled).await.unwrap();
            diary.close().await;
            (whole, recent)
        });
        prop_assert!(recent.len() <= whole.len());
        prop_assert_eq!(judged(&sessions, &recent, newest), judged(&sessions, &whole, newest));
    }
}

fn id(number: u128) -> CheckInId {
    CheckInId(Uuid::from_u128(number))
}

async fn raised(diary: &Diary, session: SessionId, number: u128, day: i64, level: TriageLevel) {
    let one = CheckIn {
        at: at("2026-11-20T12:00:00Z") + TimeDelta::days(day),
        ..given::check_in(number, session)
    };
    diary.add_check_in(&one, one.at).await.unwrap();
    let finding = RaisedFinding {
        check_in: one.id,
        rule: RuleId("severe_pain".to_owned()),
        level,
        raised_at: one.at,
    };
    diary.add_findings(&[finding]).await.unwrap();
}

async fn open_calls(diary: &Diary) -> Vec<(CheckInId, TriageLevel)> {
    let open = diary.open_calls().await.unwrap();
    open.into_iter()
        .map(|open| (open.check_in.id, open.level))
        .collect()
}

#[tokio::test]
async fn a_call_is_open_until_something_is_said_about_it_or_somebody_was_reached_later() {
    use TriageLevel::{CallClinic, Emergency, Watch};
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let session = given::session(1);
    diary.add_session(&session, session.ended_at).await.unwrap();
    for (number, day, level) in [
        (11, 0, CallClinic),
        (12, 1, Emergency),
        (13, 2, Watch),
        (14, 3, CallClinic),
        (15, 400, CallClinic),
    ] {
        raised(&diary, session.id, number, day, level).await;
    }
    let all = [
        (id(12), Emergency),
        (id(15), CallClinic),
        (id(14), CallClinic),
        (id(11), CallClinic),
    ];
    assert_eq!(open_calls(&diary).await, all);
    // A mistake and a dismissal say something about their own check-in alone.
    let now = at("2027-12-31T00:00:00Z");
    let mistaken = CallAnswer {
        check_in: id(15),
        outcome: CallOutcome::EnteredByMistake,
        at: now,
    };
    diary.add_call_answer(mistaken).await.unwrap();
    let dismissed = Dismissal {
        check_in: id(11),
        reason: Reason::new("gone by itself").unwrap(),
        at: now,
    };
    diary.add_dismissal(&dismissed).await.unwrap();
    assert_eq!(
        open_calls(&diary).await,
        [(id(12), Emergency), (id(14), CallClinic)]
    );
    // The clinic was reached about the third: not before, and not about an emergency.
    raised(&diary, session.id, 16, 4, CallClinic).await;
    let reached = CallAnswer {
        check_in: id(16),
        outcome: CallOutcome::ReachedClinic,
        at: at("2026-11-25T00:00:00Z"),
    };
    diary.add_call_answer(reached).await.unwrap();
    raised(&diary, session.id, 17, 5, CallClinic).await;
    assert_eq!(
        open_calls(&diary).await,
        [(id(12), Emergency), (id(17), CallClinic)]
    );
    assert_eq!(
        diary.call_answers_since(now).await.unwrap(),
        [mistaken],
        "a dismissal is no answer"
    );
    diary.withdraw_session(session.id, now).await.unwrap();
    assert_eq!(open_calls(&diary).await, []);
}

#[tokio::test]
async fn what_is_settled_is_told_by_session() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let [one, other] = [1, 2].map(|number| SessionId(Uuid::from_u128(number)));
    let line = |seq: u64, session: SessionId, state| Delivery {
        journal: "journal".to_owned(),
        seq,
        key: OccurrenceKey(format!("{session}/check_in/+{seq}h")),
        due_at: at("2026-11-20T12:00:00Z"),
        at: at("2026-11-20T12:00:00Z"),
        state,
        digest: false,
        reason: None,
        until: None,
    };
    let lines = [
        line(1, one, DeliveryState::Shown),
        line(2, other, DeliveryState::Missed),
        line(3, one, DeliveryState::Failed),
        line(4, one, DeliveryState::Opened),
        line(5, one, DeliveryState::Claimed),
    ];
    diary.add_deliveries(&lines).await.unwrap();
    let of = async |sessions: &[SessionId]| {
        let became = diary
            .became(sessions, None, at("2026-11-21T19:00:00Z"))
            .await
            .unwrap();
        became.settled.into_iter().collect::<BTreeSet<_>>()
    };
    let keys = |places: &[usize]| -> BTreeSet<_> { places.iter().map(|at| lines[*at].key.clone()).collect() };
    assert_eq!(of(&[one]).await, keys(&[0, 3]));
    assert_eq!(of(&[other]).await, keys(&[1]));
    assert_eq!(of(&[one, other]).await, keys(&[0, 1, 3]));
    assert_eq!(of(&[]).await, keys(&[]));
    let newest = diary
        .recent_deliveries(2, at("2026-11-21T19:00:00Z"))
        .await
        .unwrap();
    assert_eq!(newest, [lines[3].clone(), lines[2].clone()]);
}

#[tokio::test]
async fn what_was_shown_was_asked_for_and_what_was_taken_back_unanswered_was_not() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let [one, other] = [1, 2].map(|number| SessionId(Uuid::from_u128(number)));
    let seen = [
        (one, "done", &[DeliveryState::Shown, DeliveryState::Done][..]),
        (one, "done_unseen", &[DeliveryState::Done]),
        (one, "failed", &[DeliveryState::Claimed, DeliveryState::Failed]),
        (
            one,
            "left_out",
            &[
                DeliveryState::Shown,
                DeliveryState::Opened,
                DeliveryState::Skipped,
            ],
        ),
        (one, "missed", &[DeliveryState::Missed]),
        (one, "shown", &[DeliveryState::Claimed, DeliveryState::Shown]),
        (
            one,
            "taken_back",
            &[DeliveryState::Shown, DeliveryState::Withdrawn],
        ),
        (
            one,
            "taken_back_done",
            &[
                DeliveryState::Shown,
                DeliveryState::Done,
                DeliveryState::Withdrawn,
            ],
        ),
        (other, "shown", &[DeliveryState::Shown]),
    ];
    let due_at = at("2026-11-20T12:00:00Z");
    let lines: Vec<_> = seen
        .iter()
        .flat_map(|(session, name, states)| states.iter().map(move |state| (session, name, *state)))
        .zip(1..)
        .map(|((session, name, state), seq)| Delivery {
            journal: "journal".to_owned(),
            seq,
            key: OccurrenceKey(format!("{session}/{name}/daily/2026-11-20@13:00")),
            due_at,
            at: due_at,
            state,
            digest: false,
            reason: None,
            until: None,
        })
        .collect();
    diary.add_deliveries(&lines).await.unwrap();
    let asked = diary.asked(one).await.unwrap();
    let asked: Vec<_> = asked
        .iter()
        .map(|asked| (asked.key.about().map(|(id, _)| id.0), asked.due_at, asked.answer))
        .collect();
    let done = Some(AskedAnswer::Done);
    let expected = [
        ("done", done),
        ("done_unseen", done),
        ("left_out", Some(AskedAnswer::Skipped)),
        ("shown", None),
        ("taken_back_done", done),
    ];
    let expected = expected.map(|(name, answer)| (Some(name.to_owned()), due_at, answer));
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn what_was_entered_about_a_session_is_counted_once_however_often_it_was_corrected() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-20T17:00:00Z");
    let (kept, withdrawn) = (given::session(1), given::session(2));
    for session in [&kept, &withdrawn] {
        diary.add_session(session, now).await.unwrap();
    }
    let first = given::check_in(11, kept.id);
    diary.add_check_in(&first, now).await.unwrap();
    diary
        .correct_check_in(&given::correction(12, &first), now)
        .await
        .unwrap();
    diary
        .add_check_in(&given::check_in(13, kept.id), now)
        .await
        .unwrap();
    diary
        .add_photo(given::photo(21, kept.id, None), now)
        .await
        .unwrap();
    diary.withdraw_session(withdrawn.id, now).await.unwrap();
    let entered = EnteredAbout {
        session: kept.id,
        check_ins: 2,
        photos: 1,
    };
    assert_eq!(diary.entered_about().await.unwrap(), [entered]);
}

#[tokio::test]
async fn what_was_ticked_off_counts_until_it_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let session = SessionId(Uuid::from_u128(1));
    let key = |name: &str| OccurrenceKey(format!("{session}/{name}/daily/2026-11-20@20:00"));
    let due = at("2026-11-20T19:00:00Z");
    let minute = |minute: i64| at("2026-11-20T12:00:00Z") + chrono::TimeDelta::minutes(minute);
    let state = async |name: &str| {
        let became = diary.became(&[session], Some("host"), minute(99)).await.unwrap();
        let ticked = diary.ticked_since(minute(0)).await.unwrap();
        let asked = diary.asked(session).await.unwrap();
        let counted = asked
            .iter()
            .any(|one| one.key == key(name) && one.answer.is_some());
        assert_eq!(counted, ticked.contains(&key(name)), "{name}");
        (ticked.contains(&key(name)), became.settled.contains(&key(name)))
    };
    let line = |seq: u64, name: &str, state| Delivery {
        journal: "host".to_owned(),
        seq,
        key: key(name),
        due_at: due,
        at: minute(1),
        state,
        digest: false,
        reason: None,
        until: None,
    };

    diary.tick(&key("cleanse"), due, true, minute(1)).await.unwrap();
    assert_eq!(state("cleanse").await, (true, true));
    diary.tick(&key("cleanse"), due, false, minute(2)).await.unwrap();
    assert_eq!(state("cleanse").await, (false, false), "it is reminded of again");
    diary.tick(&key("cleanse"), due, true, minute(3)).await.unwrap();
    assert_eq!(state("cleanse").await, (true, true));

    // A host that was told so does not ask again, whatever is taken back here.
    for (seq, name, said) in [
        (1, "sleep", DeliveryState::Done),
        (2, "cool", DeliveryState::Withdrawn),
    ] {
        diary.add_deliveries(&[line(seq, name, said)]).await.unwrap();
        diary.tick(&key(name), due, false, minute(4)).await.unwrap();
        assert_eq!(state(name).await, (false, true), "{name}");
    }
    // What the host withdrew because it was ticked off here comes back with the tick.
    diary.tick(&key("mask"), due, true, minute(1)).await.unwrap();
    diary
        .add_deliveries(&[line(3, "mask", DeliveryState::Withdrawn)])
        .await
        .unwrap();
    assert_eq!(state("mask").await, (true, true));
    diary.tick(&key("mask"), due, false, minute(2)).await.unwrap();
    assert_eq!(state("mask").await, (false, false));
    // Nothing of an older day is asked for, and no host takes our lines for its own.
    assert!(diary.ticked_since(minute(5)).await.unwrap().is_empty());
    assert_eq!(
        diary.standing().await.unwrap().newest_journal.as_deref(),
        Some("host")
    );
}
