//! How recoveries went, on a real diary.

use afterglow_care::schedule::OccurrenceKey;
use afterglow_diary::deliveries::{Delivery, DeliveryState};

use super::*;

/// A session of other skin.
async fn elsewhere(app: &App, moment: &Moment) -> SessionId {
    let input = SessionInput {
        ended_at: moment.zone.local(moment.now - TimeDelta::hours(3)).naive_local(),
        setting: Setting::Home,
        device: None,
        depth_mm: None,
        areas: BTreeSet::from([Area::Scalp]),
        concerns: BTreeSet::new(),
        clinic_gave: BTreeSet::new(),
        adjuncts: BTreeSet::new(),
        exposed: false,
        course: None,
    };
    add_session(app, moment, input).await.unwrap().id
}

async fn seen(app: &App, moment: &Moment, input: ProgressInput) -> ProgressView {
    progress(app, moment, input)
        .await
        .unwrap()
        .expect("there are sessions")
}

fn sessions(view: &ProgressView) -> Vec<SessionId> {
    view.recoveries.iter().map(|recovery| recovery.session).collect()
}

#[tokio::test]
async fn without_a_session_there_is_no_progress() {
    let device = Device::new();
    let view = progress(&device.app, &moment(), ProgressInput::default())
        .await
        .unwrap();
    assert!(view.is_none());
}

#[tokio::test]
async fn over_the_newest_session_lies_the_last_one_of_the_same_skin_that_was_logged() {
    let device = Device::new();
    let app = &device.app;
    let month = 28 * 24;
    let mut ids = Vec::new();
    for course in 0..5 {
        let moment = later(course * month);
        let id = a_session_at(app, &moment).await;
        // The fourth was never logged.
        if course != 3 {
            record_check_in(app, &moment, typed(id, &[])).await.unwrap();
        }
        ids.push(id);
    }
    let now = later(4 * month);
    let scalp = elsewhere(app, &now).await;
    record_check_in(app, &now, typed(scalp, &[])).await.unwrap();
    let newest = ids[4].max(scalp);
    let face = ProgressInput {
        session: Some(ids[4]),
        over: None,
    };
    assert_eq!(sessions(&seen(app, &now, face).await), [ids[4], ids[2]]);

    let view = seen(app, &now, ProgressInput::default()).await;
    assert_eq!(sessions(&view)[0], newest);
    assert_eq!(view.sessions.len(), 6);
    assert_eq!(view.sessions[0].id, newest);
    let counted = |id| {
        view.sessions
            .iter()
            .find(|session| session.id == id)
            .unwrap()
            .check_ins
    };
    assert_eq!((counted(ids[3]), counted(ids[0])), (0, 1));

    let everything = ProgressInput {
        session: Some(ids[4]),
        over: Some(ids.iter().copied().collect()),
    };
    assert_eq!(
        sessions(&seen(app, &now, everything).await),
        [ids[4], ids[3], ids[2], ids[1]]
    );
    let unknown = ProgressInput {
        session: Some(SessionId(Uuid::from_u128(7))),
        over: None,
    };
    assert!(matches!(
        progress(app, &now, unknown).await,
        Err(Failure::NotFound)
    ));
}

#[tokio::test]
async fn what_was_graded_stands_beside_what_was_expected_then() {
    let device = Device::new();
    let id = a_session(&device.app).await;
    record_check_in(&device.app, &moment(), typed(id, &[]))
        .await
        .unwrap();
    let view = seen(&device.app, &later(1), ProgressInput::default()).await;
    let tracks = &view.recoveries[0].tracks;
    let symptoms: Vec<_> = view.symptoms.iter().map(|question| question.symptom).collect();
    assert_eq!(
        tracks.iter().map(|track| track.symptom).collect::<Vec<_>>(),
        symptoms
    );
    for track in tracks {
        let core = Symptom::CORE.contains(&track.symptom);
        assert_eq!(track.points.len(), usize::from(core), "{:?}", track.symptom);
        for point in &track.points {
            assert_eq!((point.day, point.severity.grade()), (0, 1));
            assert_eq!(point.expected, track.band[0].highest);
        }
    }
    assert_eq!(view.recoveries[0].logged.done, BTreeSet::from([0]));
}

#[tokio::test]
async fn care_is_counted_by_what_was_asked_for_and_not_while_today_waits_for_it() {
    let device = Device::new();
    let app = &device.app;
    let id = a_session(app).await;
    let said = [
        ("moisturise/daily", 1, DeliveryState::Done),
        ("moisturise/daily", 2, DeliveryState::Skipped),
        ("moisturise/daily", 3, DeliveryState::Shown),
        ("moisturise/daily", 4, DeliveryState::Missed),
        ("moisturise/daily", 5, DeliveryState::Shown),
        ("no_makeup/all_clear", 3, DeliveryState::Shown),
        ("check_in/check_in", 3, DeliveryState::Shown),
        ("no_longer_in_the_plan/daily", 3, DeliveryState::Shown),
    ];
    let lines: Vec<_> = (1..)
        .zip(said)
        .map(|(seq, (about, day, state))| {
            let due_at = moment().now + TimeDelta::days(day) - TimeDelta::hours(1);
            Delivery {
                journal: "journal".to_owned(),
                seq,
                key: OccurrenceKey(format!("{id}/{about}/day{day}@20:00")),
                due_at,
                at: due_at,
                state,
                digest: false,
                reason: None,
                until: None,
            }
        })
        .collect();
    app.diary().await.unwrap().add_deliveries(&lines).await.unwrap();
    let today = seen(app, &later(5 * 24), ProgressInput::default()).await;
    let counted: Vec<_> = today.recoveries[0]
        .asked
        .iter()
        .map(|one| (one.done, one.asked))
        .collect();
    assert_eq!(counted, [(1, 3)], "the fifth may still be done today");
    let tomorrow = seen(app, &later(6 * 24), ProgressInput::default()).await;
    assert_eq!(tomorrow.recoveries[0].asked[0].asked, 4);
}

#[tokio::test]
async fn a_photo_is_of_the_recovery_day_on_which_it_was_taken() {
    let device = Device::new();
    let id = a_session(&device.app).await;
    let input = PhotoInput {
        session: id,
        check_in: None,
        day: None,
        pose: Pose::Front,
        file: PNG.to_owned(),
    };
    add_photo(&device.app, &later(26), input).await.unwrap();
    let view = seen(&device.app, &later(48), ProgressInput::default()).await;
    assert_eq!(view.recoveries[0].photos[0].day, 1);
    assert_eq!(view.sessions[0].photos, 1);
}
