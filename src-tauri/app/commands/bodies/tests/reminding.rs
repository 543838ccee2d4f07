//! What the patient chose about reminders, and what they entered to be reminded of.

use afterglow_care::check_in::MAX_NOTE_CHARS;
use afterglow_care::schedule::{Occurrence, What, schedule};
use afterglow_care::triage::CallOutcome;
use afterglow_diary::deliveries::{self, Delivery};
use afterglow_reminders::planner::{alarm_key, coming};
use chrono::{DateTime, Utc};

use super::*;
use crate::recent::Recent;
use crate::reminders::Known;

#[tokio::test]
async fn choices_are_kept_and_what_they_keep_back_is_told() {
    let mut device = Device::new();
    let first = reminder_choices(&device.app, &moment()).await.unwrap();
    assert!(first.chosen.sound && first.chosen.switched_off.is_empty() && first.untold.is_empty());
    let chosen = ReminderChoices {
        sound: false,
        repeat_until_done: true,
        morning: "07:15:00".parse().ok(),
        evening: None,
        switched_off: ["no_makeup", "moisturise", "phase", "of a plan long gone"]
            .map(ToOwned::to_owned)
            .into(),
    };
    let told = change_reminder_choices(&device.app, &moment(), chosen)
        .await
        .unwrap();
    for beside in ["phase", "appointment"] {
        assert!(
            told.instructions.iter().any(|one| one.instruction == beside),
            "{beside}"
        );
    }
    assert_eq!(told.usual.evening, "21:00:00".parse().unwrap());
    let makeup = first
        .instructions
        .iter()
        .find(|one| one.instruction == "no_makeup");
    assert_eq!(
        told.untold,
        [makeup.unwrap().label.clone()],
        "care holds nothing back"
    );
    device.restarts().await;
    let kept = reminder_choices(&device.app, &moment()).await.unwrap().chosen;
    assert_eq!(kept.morning, "07:15:00".parse().ok());
    assert!(!kept.sound && kept.repeat_until_done);
    assert_eq!(
        kept.switched_off,
        ["makeup_careful", "moisturise", "no_makeup", "phase"]
            .map(ToOwned::to_owned)
            .into()
    );
}

#[tokio::test]
async fn todays_care_is_at_the_patients_own_times() {
    let device = Device::new();
    a_session(&device.app).await;
    let of_cleansing = async |app: &App| {
        let care = overview(app, &later(13)).await.unwrap().recovery.unwrap().care;
        care.into_iter()
            .find(|one| one.instruction == "gentle_cleanse")
            .unwrap()
            .ticks
            .into_iter()
            .filter_map(|tick| tick.at)
            .collect::<Vec<_>>()
    };
    let before = of_cleansing(&device.app).await;
    let chosen = ReminderChoices {
        morning: "07:15:00".parse().ok(),
        ..reminder_choices(&device.app, &moment()).await.unwrap().chosen
    };
    change_reminder_choices(&device.app, &moment(), chosen)
        .await
        .unwrap();
    let after = of_cleansing(&device.app).await;
    assert_eq!(before[0] - after[0], TimeDelta::minutes(45));
}

/// What is reminded of within the next days, by what it is about.
async fn reminded_of(app: &App, label: &str) -> Vec<DateTime<Utc>> {
    let diary = app.diary().await.unwrap();
    let recent = Recent::read(app, &diary, &moment()).await.unwrap();
    let judged = recent.judged(&app.plan, &moment());
    let known = Known::new(app, &recent, &judged, &moment());
    let speaker = recent.speaker(&app.plan);
    coming(&known.as_of(app, &moment()))
        .into_iter()
        .filter(|(at, _)| moment().now < *at)
        .filter(|(at, occurrence)| speaker.reminder(*at, occurrence).label == label)
        .map(|(at, _)| at)
        .collect()
}

fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

fn antiviral() -> MedicineInput {
    MedicineInput {
        id: None,
        name: " Valaciclovir ".to_owned(),
        from: "2026-11-20".parse().unwrap(),
        to: "2026-11-21".parse().ok(),
        times: ["09:00:00", "21:00:00"].map(|time| time.parse().unwrap()).into(),
    }
}

#[tokio::test]
async fn a_prescribed_medicine_is_reminded_of_at_its_times_until_its_last_day() {
    const LABEL: &str = "Prescribed medicine";
    let device = Device::new();
    let kept = keep_medicine(&device.app, &moment(), antiviral()).await.unwrap();
    assert_eq!(kept[0].name, "Valaciclovir");
    let doses = [
        "2026-11-20T20:00:00Z",
        "2026-11-21T08:00:00Z",
        "2026-11-21T20:00:00Z",
    ]
    .map(at);
    assert_eq!(
        reminded_of(&device.app, LABEL).await,
        doses,
        "also before any session"
    );
    a_session(&device.app).await;
    assert_eq!(reminded_of(&device.app, LABEL).await, doses);
    let due = overview(&device.app, &later(1))
        .await
        .unwrap()
        .recovery
        .unwrap()
        .due;
    assert!(
        due.iter()
            .any(|due| due.label == "Prescribed medicine: Valaciclovir"),
        "the app names it: {due:?}"
    );

    let renamed = MedicineInput {
        id: Some(kept[0].id),
        name: "Valaciclovir 500 mg".to_owned(),
        ..antiviral()
    };
    keep_medicine(&device.app, &later(4), renamed).await.unwrap();
    let shown = overview(&device.app, &later(4)).await.unwrap();
    let due = shown.recovery.unwrap().due;
    assert!(
        due.iter()
            .any(|due| due.label == "Prescribed medicine: Valaciclovir 500 mg"),
        "a corrected name takes back no dose of the day: {due:?}"
    );

    let longer = MedicineInput {
        id: Some(kept[0].id),
        to: None,
        times: ["10:00:00".parse().unwrap()].into(),
        ..antiviral()
    };
    let kept = keep_medicine(&device.app, &moment(), longer).await.unwrap();
    assert_eq!(kept.len(), 1, "a correction is no second medicine");
    let without_an_end = reminded_of(&device.app, LABEL).await;
    assert_eq!(without_an_end[0], at("2026-11-21T09:00:00Z"));
    assert_eq!(
        without_an_end.len(),
        60,
        "as far ahead as is planned, each time anew"
    );

    let left = withdraw_medicine(&device.app, &moment(), kept[0].id)
        .await
        .unwrap();
    assert!(left.is_empty() && reminded_of(&device.app, LABEL).await.is_empty());
    let corrected = MedicineInput {
        id: Some(kept[0].id),
        ..antiviral()
    };
    let refused = keep_medicine(&device.app, &moment(), corrected).await;
    assert!(
        matches!(refused, Err(Failure::NotFound)),
        "it is not taken any more"
    );
}

#[tokio::test]
async fn every_fault_of_a_medicine_is_told_at_once_and_nothing_is_kept() {
    let device = Device::new();
    let faulty = MedicineInput {
        name: "  ".to_owned(),
        to: "2026-11-19".parse().ok(),
        times: BTreeSet::new(),
        ..antiviral()
    };
    let refused = keep_medicine(&device.app, &moment(), faulty).await.unwrap_err();
    let Failure::InvalidMedicine { faults } = refused else {
        panic!("{refused}");
    };
    assert_eq!(
        faults,
        [
            MedicineFault::NameMissing,
            MedicineFault::EndsBeforeItBegins,
            MedicineFault::NoTimes
        ]
    );
    assert!(medicines(&device.app, &moment()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_booked_session_is_told_the_evening_before_and_two_hours_before() {
    const LABEL: &str = "Your booked session";
    let device = Device::new();
    let input = |id, at: &str| AppointmentInput {
        id,
        at: at.parse().unwrap(),
        note: String::new(),
    };
    let kept = keep_appointment(&device.app, &moment(), input(None, "2026-12-01T11:30:00"))
        .await
        .unwrap();
    assert_eq!(kept[0].zone, "Europe/Madrid");
    assert_eq!(
        reminded_of(&device.app, LABEL).await,
        ["2026-11-30T17:00:00Z", "2026-12-01T08:30:00Z"].map(at)
    );
    for (when, fault) in [
        ("2026-11-20T20:00:00", AppointmentFault::Past),
        ("2062-12-01T11:30:00", AppointmentFault::TooFar),
    ] {
        let moved = input(Some(kept[0].id), when);
        let refused = keep_appointment(&device.app, &moment(), moved).await.unwrap_err();
        assert!(matches!(&refused, Failure::InvalidAppointment { faults } if *faults == [fault]));
    }
    let elsewhere = Moment {
        zone: Zone::named("America/New_York").unwrap(),
        ..moment()
    };
    let moved = input(Some(kept[0].id), "2026-12-02T11:30:00");
    let moved = keep_appointment(&device.app, &elsewhere, moved).await.unwrap();
    assert_eq!(
        moved[0].zone, "Europe/Madrid",
        "a correction from abroad leaves it where it is"
    );
    let left = withdraw_appointment(&device.app, &moment(), moved[0].id)
        .await
        .unwrap();
    assert!(left.is_empty() && reminded_of(&device.app, LABEL).await.is_empty());
}

/// How many questions about a call are still to come.
async fn follow_ups(app: &App, moment: &Moment) -> usize {
    let diary = app.diary().await.unwrap();
    let recent = Recent::read(app, &diary, moment).await.unwrap();
    let judged = recent.judged(&app.plan, moment);
    let known = Known::new(app, &recent, &judged, moment);
    let coming = coming(&known.as_of(app, moment)).into_iter();
    coming.filter(|(_, one)| one.what == What::FollowUp).count()
}

#[tokio::test]
async fn what_came_of_a_call_is_asked_until_it_is_told() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let check_in = record_check_in(&device.app, &moment(), typed(session, &[Sign::SpreadingRedness]))
        .await
        .unwrap();
    let follow_up = |reached, note: &str| FollowUpInput {
        check_in: check_in.id,
        reached,
        note: note.to_owned(),
    };
    answer_follow_up(&device.app, &later(2), follow_up(false, ""))
        .await
        .unwrap();
    let shown = overview(&device.app, &later(2)).await.unwrap();
    let card = shown.call.unwrap();
    assert_eq!(
        card.not_reached_at,
        Some(later(2).now),
        "the card stays and says so"
    );
    assert!(shown.outcome_asked.is_none());

    let answer = CallAnswer {
        check_in: check_in.id,
        outcome: CallOutcome::ReachedClinic,
    };
    answer_call(&device.app, &later(3), answer).await.unwrap();
    let shown = overview(&device.app, &later(4)).await.unwrap();
    assert!(shown.call.is_none());
    assert_eq!(shown.outcome_asked.unwrap().check_in, check_in.id);
    assert_eq!(
        follow_ups(&device.app, &later(4)).await,
        2,
        "the mornings ask what came of it"
    );

    let long = "x".repeat(MAX_NOTE_CHARS + 1);
    let refused = answer_follow_up(&device.app, &later(4), follow_up(true, &long)).await;
    assert!(matches!(refused, Err(Failure::NoteTooLong)));
    answer_follow_up(&device.app, &later(5), follow_up(true, "antibiotics for a week"))
        .await
        .unwrap();
    assert!(
        overview(&device.app, &later(6))
            .await
            .unwrap()
            .outcome_asked
            .is_none()
    );
    assert_eq!(follow_ups(&device.app, &later(6)).await, 0, "it was told");
    let kept = device
        .app
        .diary()
        .await
        .unwrap()
        .follow_up_answers()
        .await
        .unwrap();
    assert_eq!(kept[1].note, "antibiotics for a week");
}

#[tokio::test]
async fn t1_a_reminder_that_is_opened_too_late_says_what_was_due_and_that_it_is_over() {
    let device = Device::new();
    a_session(&device.app).await;
    let diary = device.app.diary().await.unwrap();
    let sessions = diary.sessions().await.unwrap();
    let asked = schedule(&device.app.plan, &sessions, &moment().zone);
    let first = asked.first().unwrap();
    let opened = |seq, at| Delivery {
        journal: "0198c0de-0000-7000-8000-000000000000".to_owned(),
        seq,
        key: first.key.clone(),
        due_at: first.due_at,
        at,
        state: deliveries::DeliveryState::Opened,
        digest: false,
        reason: None,
        until: None,
    };
    for (seq, at, over) in [(1, first.due_at, false), (2, first.valid_until, true)] {
        diary.add_deliveries(&[opened(seq, at)]).await.unwrap();
        let then = Moment {
            now: first.valid_until,
            ..moment()
        };
        let shown = overview(&device.app, &then).await.unwrap().recovery.unwrap();
        let told = &shown.past_reminders[0];
        assert_eq!((told.due_at, told.over), (first.due_at, over));
        assert!(!told.label.is_empty());
    }
    let earlier = Moment {
        now: first.due_at - TimeDelta::minutes(1),
        ..moment()
    };
    let shown = overview(&device.app, &earlier).await.unwrap().recovery.unwrap();
    assert!(
        shown.past_reminders.is_empty(),
        "a clock that was ahead wrote what is still to come"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_done_about_a_reminder_while_they_are_stopped_is_refused_by_name() {
    let device = Device::new();
    a_session(&device.app).await;
    let due = schedule(
        &device.app.plan,
        &device.app.diary().await.unwrap().sessions().await.unwrap(),
        &moment().zone,
    );
    let home = device.folder.path().join("home/reminders");
    std::fs::create_dir_all(&home).unwrap();
    // The first meeting takes the mark away: the patient has just opened the app.
    device.app.host.meet();
    std::fs::write(home.join(afterglow_reminders::host::STOPPED), "").unwrap();
    let input = ActInput {
        key: due.first().unwrap().key.0.clone(),
        act: afterglow_reminders::alarms::Act::Done,
    };
    let refused = act_on_reminder(&device.app, &moment(), input).await.unwrap_err();
    assert!(matches!(refused, Failure::RemindersStopped), "{refused}");
}

#[tokio::test]
async fn what_is_ticked_off_is_no_longer_reminded_of_until_it_is_taken_back() {
    let device = Device::new();
    a_session(&device.app).await;
    // The morning after.
    let morning = later(12);
    let ticks = async |now: &Moment| {
        let today = overview(&device.app, now).await.unwrap().recovery.unwrap();
        let care = today.care.into_iter();
        care.map(|care| (care.instruction, care.ticks))
            .collect::<Vec<_>>()
    };
    let of = |all: &[(String, Vec<CareTick>)], name: &str| {
        let found = all.iter().find(|(instruction, _)| instruction == name);
        found.unwrap_or_else(|| panic!("{name} in {all:?}")).1.clone()
    };
    let open = async |key: &str| {
        let diary = device.app.diary().await.unwrap();
        let recent = Recent::read(&device.app, &diary, &morning).await.unwrap();
        let judged = recent.judged(&device.app.plan, &morning);
        let mut known = Known::new(&device.app, &recent, &judged, &morning);
        known.settle(&diary, None, morning.now).await.unwrap();
        coming(&known.as_of(&device.app, &morning))
            .into_iter()
            .any(|(_, occurrence)| occurrence.key.0 == key)
    };
    let tick = async |key: &str, done: bool, now: &Moment| {
        let input = TickInput {
            key: key.to_owned(),
            done,
        };
        tick_care(&device.app, now, input).await
    };

    let cleanse = of(&ticks(&morning).await, "gentle_cleanse");
    assert!(cleanse.len() > 1 && cleanse.iter().all(|tick| !tick.done && tick.at.is_some()));
    let next = cleanse
        .iter()
        .find(|tick| tick.at > Some(morning.now))
        .unwrap()
        .key
        .clone();
    assert!(open(&next).await);

    tick(&next, true, &morning).await.unwrap();
    assert!(!open(&next).await);
    let ticked = of(&ticks(&morning).await, "gentle_cleanse");
    assert_eq!(ticked.iter().filter(|tick| tick.done).count(), 1);

    tick(&next, false, &later(13)).await.unwrap();
    assert!(open(&next).await, "its time is still to come");
    assert_eq!(of(&ticks(&morning).await, "gentle_cleanse"), cleanse);
    tick(&next, true, &later(14)).await.unwrap();
    assert!(!open(&next).await);

    // What holds all day has a tick of its own for each day.
    let cool = of(&ticks(&moment()).await, "cool_pack");
    assert_eq!((cool.len(), cool[0].at), (1, None));
    tick(&cool[0].key, true, &moment()).await.unwrap();
    assert!(of(&ticks(&moment()).await, "cool_pack")[0].done);

    // Another day's page is closed, and a check-in is done by checking in.
    let check_in = of(&ticks(&moment()).await, "check_in")[0].key.clone();
    for (key, now) in [(&next, &later(48)), (&check_in, &moment())] {
        assert!(
            matches!(tick(key, true, now).await, Err(Failure::NotFound)),
            "{key}"
        );
    }
    assert!(overview(&device.app, &morning).await.unwrap().recovery.is_some());
}

/// A line of the host's journal about an occurrence.
fn host_line(asked: &Occurrence, seq: u64, at: DateTime<Utc>, state: deliveries::DeliveryState) -> Delivery {
    Delivery {
        journal: "0198c0de-0000-7000-8000-000000000000".to_owned(),
        seq,
        key: asked.key.clone(),
        due_at: asked.due_at,
        at,
        state,
        digest: false,
        reason: None,
        until: None,
    }
}

#[tokio::test]
async fn p1_what_was_put_off_is_next_at_the_end_of_its_snooze_and_says_until_when() {
    let device = Device::new();
    a_session(&device.app).await;
    let diary = device.app.diary().await.unwrap();
    let sessions = diary.sessions().await.unwrap();
    let asked = schedule(&device.app.plan, &sessions, &moment().zone);
    let first = asked.first().unwrap();
    let now = first.due_at + TimeDelta::minutes(1);
    let until = now + TimeDelta::minutes(10);
    let lines = [
        host_line(first, 1, first.due_at, deliveries::DeliveryState::Shown),
        Delivery {
            until: Some(until),
            ..host_line(first, 2, now, deliveries::DeliveryState::Snoozed)
        },
    ];
    diary.add_deliveries(&lines).await.unwrap();
    let then = Moment { now, ..moment() };
    let today = overview(&device.app, &then).await.unwrap().recovery.unwrap();
    assert_eq!(today.next_reminder.unwrap().at, until);
    assert_eq!(today.past_reminders[0].until, Some(until));
    assert!(today.due.iter().all(|due| due.key != alarm_key(&first.key)));
}

#[tokio::test]
async fn what_the_host_withdrew_for_a_tick_is_due_again_when_the_tick_is_taken_back() {
    let device = Device::new();
    a_session(&device.app).await;
    let diary = device.app.diary().await.unwrap();
    let sessions = diary.sessions().await.unwrap();
    let asked = schedule(&device.app.plan, &sessions, &moment().zone);
    // The next day's: at night nothing is due.
    let mut days = asked.iter().filter(|one| one.due_at > later(12).now);
    let cleanse = days.find(|one| one.instruction.0 == "gentle_cleanse").unwrap();
    let at = |minutes| Moment {
        now: cleanse.due_at + TimeDelta::minutes(minutes),
        ..moment()
    };
    let due = async || {
        let journal = "0198c0de-0000-7000-8000-000000000000";
        let recent = Recent::read(&device.app, &diary, &at(4)).await.unwrap();
        let judged = recent.judged(&device.app.plan, &at(4));
        let mut known = Known::new(&device.app, &recent, &judged, &at(4));
        known.settle(&diary, Some(journal), at(4).now).await.unwrap();
        let speaker = recent.speaker(&device.app.plan);
        known
            .due(&device.app, speaker, &at(4))
            .iter()
            .any(|due| due.key == alarm_key(&cleanse.key))
    };
    let tick = async |done, then: &Moment| {
        let key = cleanse.key.0.clone();
        tick_care(&device.app, then, TickInput { key, done })
            .await
            .unwrap();
    };
    let shown = host_line(cleanse, 1, cleanse.due_at, deliveries::DeliveryState::Shown);
    diary.add_deliveries(&[shown]).await.unwrap();
    assert!(due().await);
    tick(true, &at(1)).await;
    let withdrawn = host_line(cleanse, 2, at(2).now, deliveries::DeliveryState::Withdrawn);
    diary.add_deliveries(&[withdrawn]).await.unwrap();
    assert!(!due().await);
    tick(false, &at(3)).await;
    assert!(due().await, "nothing that was asked is lost by a slip");
}

#[tokio::test]
async fn what_has_one_name_is_one_choice_and_switched_as_one() {
    let device = Device::new();
    let first = reminder_choices(&device.app, &moment()).await.unwrap();
    let mut names: Vec<_> = first
        .instructions
        .iter()
        .map(|one| (one.restricts, &one.label))
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "no two rows say the same");
    let chosen = ReminderChoices {
        switched_off: ["no_makeup".to_owned()].into(),
        ..first.chosen
    };
    let told = change_reminder_choices(&device.app, &moment(), chosen)
        .await
        .unwrap();
    assert_eq!(
        told.chosen.switched_off,
        ["makeup_careful", "no_makeup"].map(ToOwned::to_owned).into()
    );
}
