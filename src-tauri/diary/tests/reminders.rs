//! What the patient chooses and enters for reminders, does about them, and says of a call later.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod given;

use std::collections::BTreeSet;

use afterglow_care::check_in::CheckInId;
use afterglow_care::plan::InstructionId;
use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::SessionId;
use afterglow_care::triage::{CallOutcome, RuleId, TriageLevel};
use afterglow_care::{Locale, Zone};
use afterglow_diary::Diary;
use afterglow_diary::appointments::{Appointment, AppointmentId};
use afterglow_diary::calls::CallAnswer;
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_diary::findings::RaisedFinding;
use afterglow_diary::follow_ups::FollowUpAnswer;
use afterglow_diary::medicines::{Medicine, MedicineId};
use afterglow_diary::reminders::StoredReminders;
use afterglow_diary::settings::{StoredSettings, Theme};
use afterglow_diary::standing::{Entered, Standing};
use given::{
    appointment, at, check_in, connected, correction, follow_up_answer, medicine, opened, run, session,
};
use sqlx::{AssertSqlSafe, Connection as _};
use uuid::Uuid;

#[tokio::test]
async fn what_was_chosen_last_about_reminders_is_kept_and_nothing_stands_before_that() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    assert_eq!(diary.reminders().await.unwrap(), None);
    let chosen = StoredReminders {
        sound: true,
        repeat_until_done: false,
        morning: Some("07:15".parse().unwrap()),
        evening: None,
        switched_off: BTreeSet::from([InstructionId("moisturise".to_owned())]),
    };
    diary.save_reminders(&chosen).await.unwrap();
    let changed = StoredReminders {
        sound: false,
        repeat_until_done: true,
        morning: None,
        evening: Some("21:45:30".parse().unwrap()),
        switched_off: BTreeSet::new(),
    };
    assert_eq!(diary.reminders().await.unwrap(), Some(chosen));
    diary.save_reminders(&changed).await.unwrap();
    diary.close().await;
    let diary = opened(folder.path()).await;
    assert_eq!(diary.reminders().await.unwrap(), Some(changed));
    assert_eq!(diary.settings().await.unwrap(), None, "those are other settings");
}

#[tokio::test]
async fn a_corrected_medicine_keeps_what_was_first_entered_and_a_withdrawn_one_is_not_listed() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let (first, later) = (at("2026-11-20T17:00:00Z"), at("2026-11-21T09:00:00Z"));
    let entered = medicine(1);
    let corrected = Medicine {
        to: None,
        times: BTreeSet::new(),
        ..entered.clone()
    };
    assert!(
        !diary.correct_medicine(&corrected, first).await.unwrap(),
        "there is none yet"
    );
    assert!(!diary.withdraw_medicine(entered.id, first).await.unwrap());
    diary.add_medicine(&entered, first).await.unwrap();
    let earlier = Medicine {
        from: "2026-11-19".parse().unwrap(),
        ..medicine(2)
    };
    diary.add_medicine(&earlier, first).await.unwrap();
    assert!(diary.correct_medicine(&corrected, later).await.unwrap());
    assert_eq!(
        diary.medicines().await.unwrap(),
        [earlier.clone(), corrected.clone()],
        "in the order of their first days"
    );

    assert!(diary.withdraw_medicine(entered.id, later).await.unwrap());
    assert!(
        diary.withdraw_medicine(entered.id, later).await.unwrap(),
        "twice is once"
    );
    assert_eq!(diary.medicines().await.unwrap(), [earlier]);
    let history = diary.medicine_history(entered.id).await.unwrap();
    let history: Vec<_> = history
        .into_iter()
        .map(|entry| (entry.revision, entry.entered_at, entry.medicine))
        .collect();
    assert_eq!(history, [(1, first, entered), (2, later, corrected)]);
    let unknown = MedicineId(Uuid::from_u128(9));
    assert_eq!(diary.medicine_history(unknown).await.unwrap(), []);
}

/// What stands, and the same read one by one.
async fn stands(diary: &Diary) -> [Standing; 2] {
    let one_by_one = Standing {
        settings: diary.settings().await.unwrap(),
        reminders: diary.reminders().await.unwrap(),
        newest_journal: diary
            .recent_deliveries(1, chrono::DateTime::<chrono::Utc>::MAX_UTC)
            .await
            .unwrap()
            .pop()
            .map(|line| line.journal),
        entered: Entered {
            sessions: diary.sessions().await.unwrap(),
            medicines: diary.standing_medicines().await.unwrap(),
            superseded_medicines: diary.superseded_medicines().await.unwrap(),
            appointments: diary.standing_appointments().await.unwrap(),
            open_calls: diary.open_calls().await.unwrap(),
            reached_call: diary.reached_call().await.unwrap(),
        },
    };
    [diary.standing().await.unwrap(), one_by_one]
}

#[tokio::test]
async fn what_stands_is_what_is_read_one_by_one_after_every_change() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-20T17:00:00Z");
    let mut seen = Vec::new();
    for change in 0..13 {
        match change {
            0 => {}
            1 => diary.add_session(&session(1), now).await.unwrap(),
            2 => diary.add_medicine(&medicine(1), now).await.unwrap(),
            3 => diary.add_appointment(&appointment(1), now).await.unwrap(),
            4 => {
                let chosen = StoredSettings {
                    locale: Locale::Es,
                    quiet: None,
                    discreet: false,
                    clinic_name: "Piel".to_owned(),
                    clinic_phone: String::new(),
                    clinic_out_of_hours_phone: String::new(),
                    clinic_opening_hours: String::new(),
                    emergency_number: "112".to_owned(),
                    theme: Theme::System,
                    text_percent: 100,
                    skin_tone: None,
                };
                diary.save_settings(&chosen).await.unwrap();
            }
            5 => {
                let chosen = StoredReminders {
                    sound: false,
                    repeat_until_done: true,
                    morning: None,
                    evening: None,
                    switched_off: BTreeSet::new(),
                };
                diary.save_reminders(&chosen).await.unwrap();
            }
            6 => {
                let shown = line("a", 1, "cleanse", 0, DeliveryState::Shown);
                diary.add_deliveries(&[shown]).await.unwrap();
            }
            7 => {
                let longer = Medicine {
                    to: None,
                    ..medicine(1)
                };
                assert!(diary.correct_medicine(&longer, now).await.unwrap());
            }
            8 => assert!(diary.withdraw_medicine(medicine(1).id, now).await.unwrap()),
            9 => {
                let asks = check_in(1, session(1).id);
                diary.add_check_in(&asks, now).await.unwrap();
                let raised = RaisedFinding {
                    check_in: asks.id,
                    rule: RuleId("severe_pain".to_owned()),
                    level: TriageLevel::CallClinic,
                    raised_at: now,
                };
                diary.add_findings(&[raised]).await.unwrap();
            }
            10 => {
                let answer = CallAnswer {
                    check_in: check_in(1, session(1).id).id,
                    outcome: CallOutcome::ReachedClinic,
                    at: now,
                };
                assert!(diary.add_call_answer(answer).await.unwrap());
                // As it was before the call.
                seen.pop();
                seen.pop();
            }
            11 => assert!(diary.withdraw_appointment(appointment(1).id, now).await.unwrap()),
            _ => assert!(diary.withdraw_session(session(1).id, now).await.unwrap()),
        }
        let [together, one_by_one] = stands(&diary).await;
        assert_eq!(together, one_by_one, "after change {change}");
        assert!(!seen.contains(&together), "change {change} is seen");
        seen.push(together);
    }
}

#[tokio::test]
async fn a_medicine_has_a_name_and_does_not_end_before_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-20T17:00:00Z");
    let nameless = Medicine {
        name: " \n".to_owned(),
        ..medicine(1)
    };
    let backwards = Medicine {
        to: Some("2026-11-19".parse().unwrap()),
        ..medicine(1)
    };
    diary.add_medicine(&medicine(1), now).await.unwrap();
    for wrong in [nameless, backwards] {
        assert!(diary.correct_medicine(&wrong, now).await.is_err(), "{wrong:?}");
        let new = Medicine {
            id: medicine(2).id,
            ..wrong
        };
        assert!(diary.add_medicine(&new, now).await.is_err());
    }
    assert_eq!(diary.medicines().await.unwrap(), [medicine(1)]);
}

#[tokio::test]
async fn a_moved_appointment_keeps_what_was_first_entered_and_a_withdrawn_one_is_not_listed() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let (first, later) = (at("2026-11-20T17:00:00Z"), at("2026-11-21T09:00:00Z"));
    let booked = appointment(1);
    let moved = Appointment {
        at: "2027-01-19T09:00:00".parse().unwrap(),
        zone: Zone::named("America/Bogota").unwrap(),
        ..booked.clone()
    };
    assert!(!diary.correct_appointment(&moved, first).await.unwrap());
    assert!(!diary.withdraw_appointment(booked.id, first).await.unwrap());
    diary.add_appointment(&booked, first).await.unwrap();
    let between = Appointment {
        at: "2027-01-15T09:00:00".parse().unwrap(),
        ..appointment(2)
    };
    diary.add_appointment(&between, first).await.unwrap();
    assert!(diary.correct_appointment(&moved, later).await.unwrap());
    assert_eq!(
        diary.appointments().await.unwrap(),
        [between.clone(), moved.clone()],
        "in the order of their dates"
    );

    assert!(diary.withdraw_appointment(booked.id, later).await.unwrap());
    assert!(
        diary.withdraw_appointment(booked.id, later).await.unwrap(),
        "twice is once"
    );
    assert_eq!(diary.appointments().await.unwrap(), [between]);
    let history = diary.appointment_history(booked.id).await.unwrap();
    let history: Vec<_> = history
        .into_iter()
        .map(|entry| (entry.revision, entry.entered_at, entry.appointment))
        .collect();
    assert_eq!(history, [(1, first, booked), (2, later, moved)]);
    let unknown = AppointmentId(Uuid::from_u128(9));
    assert_eq!(diary.appointment_history(unknown).await.unwrap(), []);
}

#[tokio::test]
async fn z7_an_appointment_in_a_zone_that_nobody_knows_keeps_its_offset() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-20T17:00:00Z");
    // In summer, while it is entered in winter.
    let booked = Appointment {
        at: "2027-07-12T12:30:00".parse().unwrap(),
        ..appointment(1)
    };
    diary.add_appointment(&booked, now).await.unwrap();
    diary.close().await;
    run(
        folder.path(),
        "DROP TRIGGER appointment_is_append_only; UPDATE appointment SET zone_name = 'Europe/Atlantis'",
    )
    .await;
    let diary = opened(folder.path()).await;
    let found = &diary.appointments().await.unwrap()[0];
    assert_eq!(found.zone.name(), None);
    assert_eq!(found.zone.instant(found.at), booked.zone.instant(booked.at));
    assert_eq!(found.zone.instant(found.at), at("2027-07-12T10:30:00Z"));
}

#[tokio::test]
async fn what_came_of_a_call_is_kept_with_the_entry_that_asked_and_goes_with_its_session() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-21T19:05:00Z");
    diary.add_session(&session(1), now).await.unwrap();
    let first = check_in(10, session(1).id);
    diary.add_check_in(&first, now).await.unwrap();
    diary
        .correct_check_in(&correction(11, &first), now)
        .await
        .unwrap();
    let not_yet = FollowUpAnswer {
        reached: false,
        note: String::new(),
        ..follow_up_answer(first.id)
    };
    let reached = FollowUpAnswer {
        at: at("2026-11-22T09:00:00Z"),
        ..follow_up_answer(CheckInId(Uuid::from_u128(11)))
    };
    for answer in [&reached, &not_yet, &not_yet] {
        assert!(diary.add_follow_up_answer(answer).await.unwrap());
    }
    let unknown = follow_up_answer(CheckInId(Uuid::from_u128(99)));
    assert!(!diary.add_follow_up_answer(&unknown).await.unwrap());
    assert_eq!(
        diary.follow_up_answers().await.unwrap(),
        [not_yet, reached.clone()],
        "oldest first, each once"
    );
    assert_eq!(
        diary.follow_up_answers_since(reached.at).await.unwrap(),
        [reached]
    );
    assert!(diary.erase_session(session(1).id, now).await.unwrap());
    assert_eq!(diary.follow_up_answers().await.unwrap(), []);
}

fn of_session() -> SessionId {
    session(1).id
}

/// A line of a journal about one reminder, so many minutes after it was due.
fn line(journal: &str, seq: u64, key: &str, minutes: i64, state: DeliveryState) -> Delivery {
    let due_at = at("2026-11-21T19:00:00Z");
    let at = due_at + chrono::TimeDelta::minutes(minutes);
    Delivery {
        journal: journal.to_owned(),
        seq,
        key: OccurrenceKey(format!("{}/{key}/daily/2026-11-21@20:00", of_session())),
        due_at,
        at,
        state,
        digest: false,
        reason: None,
        until: (state == DeliveryState::Snoozed).then(|| at + chrono::TimeDelta::minutes(10)),
    }
}

/// The instructions of what is settled, for the host of a journal or for any other.
async fn settled(lines: &[Delivery], host: Option<&str>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.add_deliveries(lines).await.unwrap();
    let now = at("2026-11-21T19:00:00Z");
    let became = diary.became(&[of_session()], host, now).await.unwrap();
    let instruction = |key: OccurrenceKey| key.0.split('/').nth(1).unwrap().to_owned();
    let mut settled: Vec<_> = became.settled.into_iter().map(instruction).collect();
    settled.sort();
    settled
}

#[tokio::test]
async fn p1_a_snoozed_reminder_is_not_settled_until_it_was_shown_again() {
    use DeliveryState::{Claimed, Opened, Shown, Snoozed};
    let mut lines = vec![
        line("a", 1, "cleanse", 0, Claimed),
        line("a", 2, "cleanse", 0, Shown),
    ];
    assert_eq!(settled(&lines, None).await, ["cleanse"]);
    lines.push(line("a", 3, "cleanse", 1, Opened));
    lines.push(line("a", 4, "cleanse", 2, Snoozed));
    assert_eq!(settled(&lines, None).await, [""; 0]);
    // It was on its way while it was put off, and is looked at: that is not yet what is waited for.
    lines.push(line("a", 5, "cleanse", 3, Shown));
    lines.push(line("a", 6, "cleanse", 4, Opened));
    assert_eq!(settled(&lines, None).await, [""; 0]);
    lines.push(line("a", 7, "cleanse", 12, Shown));
    assert_eq!(settled(&lines, None).await, ["cleanse"]);
}

#[tokio::test]
async fn p1_what_was_put_off_waits_until_its_end_and_counts_for_its_own_session() {
    use DeliveryState::{Shown, Snoozed};
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let put_off = line("a", 2, "cleanse", 2, Snoozed);
    let until = put_off.until.unwrap();
    let lines = [
        line("a", 1, "cleanse", 0, Shown),
        put_off.clone(),
        line("a", 3, "moisturise", 0, Shown),
    ];
    diary.add_deliveries(&lines).await.unwrap();
    let before = until - chrono::TimeDelta::milliseconds(1);
    let waits = async |of: &[SessionId], now| diary.became(of, None, now).await.unwrap().put_off;
    let of = [of_session(), session(2).id];
    assert_eq!(waits(&of, before).await, [(put_off.key, until)].into());
    assert_eq!(waits(&of, until).await, [].into());
    assert_eq!(waits(&of[1..], before).await, [].into());
}

#[tokio::test]
async fn what_was_ticked_off_after_it_was_put_off_waits_for_no_snooze_any_more() {
    use DeliveryState::{Shown, Snoozed, Withdrawn};
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let minute = |minutes| at("2026-11-21T19:00:00Z") + chrono::TimeDelta::minutes(minutes);
    let put_off = line("a", 2, "cleanse", 2, Snoozed);
    let (key, due_at) = (put_off.key.clone(), put_off.due_at);
    diary
        .add_deliveries(&[line("a", 1, "cleanse", 0, Shown), put_off.clone()])
        .await
        .unwrap();
    let became = async |minutes| {
        diary
            .became(&[of_session()], Some("a"), minute(minutes))
            .await
            .unwrap()
    };
    assert_eq!(became(3).await.put_off, [(key.clone(), minute(12))].into());

    diary.tick(&key, due_at, true, minute(4)).await.unwrap();
    diary
        .add_deliveries(&[line("a", 3, "cleanse", 4, Withdrawn)])
        .await
        .unwrap();
    diary.tick(&key, due_at, false, minute(5)).await.unwrap();
    let again = became(6).await;
    assert!(again.settled.is_empty() && again.put_off.is_empty(), "{again:?}");

    // Put off anew, it waits for that alone.
    let anew = Delivery {
        until: Some(minute(9)),
        ..line("a", 4, "cleanse", 7, Snoozed)
    };
    diary.add_deliveries(&[anew]).await.unwrap();
    assert_eq!(became(8).await.put_off, [(key, minute(9))].into());
}

#[tokio::test]
async fn what_was_done_skipped_missed_or_withdrawn_is_settled_whatever_comes_later() {
    use DeliveryState::{Done, Failed, Missed, Skipped, Snoozed, Withdrawn};
    let mut lines = vec![
        line("a", 1, "done", 0, Done),
        line("a", 2, "failed", 0, Failed),
        line("a", 3, "missed", 0, Missed),
        line("a", 4, "skipped", 0, Skipped),
        line("a", 5, "withdrawn", 0, Withdrawn),
    ];
    let over = ["done", "missed", "skipped", "withdrawn"];
    assert_eq!(settled(&lines, None).await, over);
    // On another device, which did not know.
    let snoozed = ["done", "missed", "skipped", "withdrawn"];
    lines.extend(
        snoozed
            .iter()
            .zip(1..)
            .map(|(key, seq)| line("b", seq, key, 5, Snoozed)),
    );
    assert_eq!(settled(&lines, None).await, over);
    assert_eq!(settled(&lines, Some("a")).await, over);
}

#[tokio::test]
async fn c3_what_a_clock_that_was_ahead_took_for_missed_is_not_settled() {
    use DeliveryState::{Missed, Shown, Snoozed};
    let mut lines = vec![
        line("a", 1, "ahead", 600, Missed),
        line("a", 2, "then shown", 600, Missed),
        line("a", 3, "then shown", 0, Shown),
        line("a", 4, "put off", 0, Snoozed),
        line("a", 5, "put off", 600, Missed),
    ];
    assert_eq!(settled(&lines, None).await, ["then shown"]);
    assert_eq!(settled(&lines, Some("a")).await, [""; 0]);
    lines.push(line("a", 6, "ahead", 0, Missed));
    assert_eq!(settled(&lines, None).await, ["ahead", "then shown"]);
}

#[tokio::test]
async fn what_a_host_has_only_shown_stays_in_its_list_and_in_no_other() {
    use DeliveryState::{Opened, Shown};
    let lines = [
        line("a", 1, "cleanse", 0, Shown),
        line("a", 2, "moisturise", 0, Opened),
        line("b", 1, "sunscreen", 0, Shown),
        line("a", 3, "both", 0, Shown),
        line("b", 2, "both", 1, Shown),
    ];
    let all = ["both", "cleanse", "moisturise", "sunscreen"];
    assert_eq!(settled(&lines, None).await, all);
    assert_eq!(settled(&lines, Some("a")).await, ["both", "sunscreen"]);
    assert_eq!(
        settled(&lines, Some("b")).await,
        ["both", "cleanse", "moisturise"]
    );
    assert_eq!(settled(&lines, Some("c")).await, all);
}

#[tokio::test]
async fn u5_what_became_of_a_reminder_last_is_told_and_the_ledger_keeps_the_rest() {
    use DeliveryState::{Claimed, Done, Shown, Snoozed, Withdrawn};
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let lines = [
        line("a", 1, "cleanse", 0, Shown),
        line("a", 2, "cleanse", 1, Snoozed),
        line("a", 3, "moisturise", 2, Shown),
        line("a", 4, "moisturise", 3, Withdrawn),
        line("a", 5, "cleanse", 11, Shown),
        line("a", 6, "cleanse", 12, Done),
        line("a", 7, "sunscreen", 13, Snoozed),
        line("a", 8, "sunscreen", 23, Claimed),
    ];
    for _ in 0..2 {
        diary.add_deliveries(&lines).await.unwrap();
    }
    assert_eq!(
        diary
            .recent_deliveries(10, at("2026-11-21T20:00:00Z"))
            .await
            .unwrap(),
        [6, 5, 3].map(|at: usize| lines[at].clone())
    );
    assert_eq!(diary.last_delivery("a").await.unwrap(), 8);
}

#[tokio::test]
async fn c3_what_a_clock_that_was_ahead_wrote_hides_nothing_that_became_of_reminders() {
    use DeliveryState::{Missed, Shown};
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-21T20:00:00Z");
    let mut lines = vec![
        line("a", 1, "cleanse", 0, Shown),
        line("a", 2, "moisturise", 1, Shown),
        line("a", 3, "moisturise", 600, Missed),
    ];
    lines.extend((4..14).map(|seq| line("a", seq, &format!("ahead {seq}"), 600, Missed)));
    diary.add_deliveries(&lines).await.unwrap();
    assert_eq!(
        diary.recent_deliveries(10, now).await.unwrap(),
        [1, 0].map(|at: usize| lines[at].clone())
    );
}

#[tokio::test]
async fn a_tick_that_was_taken_back_leaves_what_became_of_the_reminder_before_it() {
    use DeliveryState::{Done, Shown, Withdrawn};
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let minute = |minutes| at("2026-11-21T19:00:00Z") + chrono::TimeDelta::minutes(minutes);
    let told = async || {
        let told = diary.recent_deliveries(10, minute(60)).await.unwrap();
        let told = told.into_iter().map(|line| (line.state, line.at));
        told.collect::<Vec<_>>()
    };
    let shown = line("a", 1, "cleanse", 0, Shown);
    let (key, due_at) = (shown.key.clone(), shown.due_at);
    diary.add_deliveries(&[shown]).await.unwrap();
    diary.tick(&key, due_at, true, minute(1)).await.unwrap();
    assert_eq!(told().await, [(Done, minute(1))]);
    diary
        .add_deliveries(&[line("a", 2, "cleanse", 2, Withdrawn)])
        .await
        .unwrap();
    diary.tick(&key, due_at, false, minute(3)).await.unwrap();
    assert_eq!(told().await, [(Shown, minute(0))]);
    diary.tick(&key, due_at, true, minute(4)).await.unwrap();
    assert_eq!(told().await, [(Done, minute(4))]);

    // What never rang was never told.
    let key = line("a", 1, "moisturise", 0, Shown).key;
    for done in [true, false] {
        diary.tick(&key, due_at, done, minute(5)).await.unwrap();
    }
    assert_eq!(told().await, [(Done, minute(4))]);
    // What was taken back for another reason, or done on the notification, stays so.
    diary
        .add_deliveries(&[
            line("a", 3, "sunscreen", 6, Withdrawn),
            line("a", 4, "cool", 7, Done),
        ])
        .await
        .unwrap();
    for name in ["sunscreen", "cool"] {
        let key = line("a", 1, name, 0, Shown).key;
        diary.tick(&key, due_at, false, minute(8)).await.unwrap();
    }
    assert_eq!(told().await[..2], [(Done, minute(7)), (Withdrawn, minute(6))]);
}

/// An INSERT of one row whose columns have these values, but for one.
fn row(table: &str, values: &[(&str, &str)], but: (&str, &str)) -> String {
    let columns: Vec<_> = values.iter().map(|(column, _)| *column).collect();
    let values: Vec<_> = values
        .iter()
        .map(|(column, value)| if *column == but.0 { but.1 } else { *value })
        .collect();
    format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        columns.join(", "),
        values.join(", ")
    )
}

const ID: &str = "'00000000-0000-0000-0000-0000000000ff'";
const REPLICA: &str = "'00000000-0000-4000-8000-00000000000a'";

const TABLES: [(&str, &[(&str, &str)]); 7] = [
    (
        "medicine",
        &[
            ("entry", ID),
            ("id", ID),
            ("revision", "1"),
            ("replica", REPLICA),
            ("name", "'Doxycycline'"),
            ("first_day", "'2026-11-20'"),
            ("last_day", "'2026-11-20'"),
            ("times", "'[]'"),
            ("entered_at", "1"),
        ],
    ),
    (
        "appointment",
        &[
            ("entry", ID),
            ("id", ID),
            ("revision", "1"),
            ("replica", REPLICA),
            ("local_at", "'2027-01-12 12:30:00'"),
            ("zone_name", "NULL"),
            ("zone_offset", "3600"),
            ("note", "''"),
            ("entered_at", "1"),
        ],
    ),
    ("medicine_withdrawal", &[("medicine", ID), ("at", "1")]),
    ("appointment_withdrawal", &[("appointment", ID), ("at", "1")]),
    (
        "follow_up_answer",
        &[
            ("check_in", "'00000000-0000-0000-0000-00000000000a'"),
            ("at", "1"),
            ("reached", "1"),
            ("note", "''"),
        ],
    ),
    (
        "delivery",
        &[
            ("journal", "'a'"),
            ("seq", "1"),
            ("key", "'k'"),
            ("due_at", "1"),
            ("at", "1"),
            ("state", "'snoozed'"),
            ("digest", "0"),
            ("until", "2"),
        ],
    ),
    (
        "reminder_settings",
        &[
            ("id", "1"),
            ("sound", "1"),
            ("repeat_until_done", "1"),
            ("morning", "'08:00:00'"),
            ("evening", "NULL"),
            ("switched_off", "'[]'"),
        ],
    ),
];

#[tokio::test]
async fn the_schema_refuses_what_cannot_be_about_reminders() {
    let folder = tempfile::tempdir().unwrap();
    let now = at("2026-11-21T19:05:00Z");
    let diary = opened(folder.path()).await;
    diary.add_session(&session(1), now).await.unwrap();
    diary
        .add_check_in(&check_in(10, session(1).id), now)
        .await
        .unwrap();
    diary.close().await;
    let mut connection = connected(folder.path()).await;
    // As they stand, all of them can be.
    for (table, values) in TABLES {
        let statement = row(table, values, ("", ""));
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{table}: {error}"));
    }
    let other = "'00000000-0000-0000-0000-0000000000fe'";
    for (table, column, value, why) in [
        ("medicine", "name", "' ' || char(10)", "CHECK"),
        ("medicine", "first_day", "'20 November'", "CHECK"),
        ("medicine", "last_day", "'2026-11-19'", "CHECK"),
        ("medicine", "times", "'{}'", "CHECK"),
        ("medicine", "revision", "2", "CHECK"),
        ("medicine", "entry", other, "CHECK"),
        ("appointment", "local_at", "'2027-01-12T12:30'", "CHECK"),
        ("appointment", "local_at", "'2027-01-12 24:00:00'", "CHECK"),
        ("appointment", "zone_offset", "100000", "CHECK"),
        ("appointment", "revision", "2", "CHECK"),
        ("medicine_withdrawal", "medicine", other, "FOREIGN KEY"),
        ("appointment_withdrawal", "appointment", other, "FOREIGN KEY"),
        ("follow_up_answer", "reached", "2", "CHECK"),
        ("follow_up_answer", "check_in", other, "FOREIGN KEY"),
        ("delivery", "until", "NULL", "CHECK"),
        ("delivery", "state", "'shown'", "CHECK"),
        ("delivery", "state", "'forgotten'", "CHECK"),
        ("reminder_settings", "id", "2", "CHECK"),
        ("reminder_settings", "morning", "'8 o''clock'", "CHECK"),
        ("reminder_settings", "evening", "'24:00:00'", "CHECK"),
        ("reminder_settings", "switched_off", "'{}'", "CHECK"),
    ] {
        let (_, values) = TABLES.iter().find(|(name, _)| *name == table).unwrap();
        let statement = row(table, values, (column, value));
        let refused = sqlx::query(AssertSqlSafe(statement.clone()))
            .execute(&mut connection)
            .await
            .unwrap_err()
            .to_string();
        assert!(refused.contains(why), "{statement}: {refused}");
    }
    connection.close().await.unwrap();
}
