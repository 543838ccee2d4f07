//! A course: three sessions of the same skin, the newest nine days ago, with photos, answered reminders and a fourth
//! session booked. The first was before the course that the patient planned.

use afterglow_care::photo::Pose;
use afterglow_care::schedule::What;
use afterglow_diary::appointments::{Appointment, AppointmentId};
use afterglow_diary::courses::{Course, CourseId};
use afterglow_diary::photos::{NewPhoto, PhotoId};

use super::*;

/// One session: days before the newest, depth in millimetres, what was graded by recovery day (in the order of
/// [`GRADED`]), and the days of its photos.
type Told = (u64, f64, &'static [(u64, [u8; 6])], &'static [u64]);

const TOLD: [Told; 3] = [
    (
        91,
        0.5,
        &[
            (0, [2, 1, 1, 1, 1, 0]),
            (1, [1, 1, 0, 0, 1, 0]),
            (2, [1, 0, 0, 0, 1, 1]),
            (4, [0, 0, 0, 0, 0, 0]),
        ],
        &[],
    ),
    (
        49,
        1.0,
        &[
            (0, [3, 2, 2, 2, 1, 0]),
            (1, [3, 2, 1, 1, 1, 0]),
            (2, [2, 1, 0, 1, 2, 1]),
            (3, [2, 1, 0, 0, 2, 2]),
            (4, [1, 0, 0, 0, 2, 2]),
            (5, [1, 0, 0, 0, 1, 1]),
            (7, [0, 0, 0, 0, 1, 0]),
            (10, [0, 0, 0, 0, 0, 0]),
            (28, [0, 0, 0, 0, 0, 0]),
        ],
        &[0, 1, 3, 7],
    ),
    (
        0,
        1.5,
        &[
            (0, [3, 2, 3, 2, 1, 0]),
            (1, [3, 2, 1, 1, 2, 0]),
            (2, [2, 1, 1, 1, 2, 1]),
            (4, [1, 1, 0, 0, 2, 2]),
            (5, [1, 0, 0, 0, 2, 2]),
            (6, [1, 0, 0, 0, 1, 1]),
            (8, [0, 0, 0, 0, 1, 0]),
        ],
        &[0, 1, 3, 8],
    ),
];

const NUMBERED: u128 = 0x019a_a2f0_0000_7000_8000_0000_0000_0000;

pub(super) async fn record(locale: Locale) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = settled(&folder, locale).await;
    let diary = app.diary().await.expect("the diary is open");
    let newest = session(&app);
    let now = newest.ended_at + TimeDelta::hours(9 * 24 - 3);
    let mut sessions = Vec::new();
    for ((days_ago, depth, graded, photos), number) in TOLD.into_iter().zip(1_u128..) {
        let session = Session {
            id: if days_ago == 0 {
                newest.id
            } else {
                SessionId(Uuid::from_u128(NUMBERED + 0x1000 * number))
            },
            ended_at: newest.ended_at - TimeDelta::days(days_ago.cast_signed()),
            depth: NeedleDepth::from_mm(depth),
            ..newest.clone()
        };
        diary
            .add_session(&session, session.ended_at)
            .await
            .expect("the session is kept");
        for (day, grades) in graded {
            let answers = Answers {
                grades,
                ..NOTHING_SEEN
            };
            let check_in = CheckIn {
                id: CheckInId(Uuid::from_u128(
                    NUMBERED + 0x1000 * number + 0x100 + u128::from(*day),
                )),
                ..check_in(&session, *day, (20, 4), answers)
            };
            diary
                .add_check_in(&check_in, check_in.at)
                .await
                .expect("the check-in is kept");
        }
        for day in photos {
            add_photo(
                &diary,
                &session,
                *day,
                NUMBERED + 0x1000 * number + 0x200 + u128::from(*day),
            )
            .await;
        }
        sessions.push(session);
    }
    answer(&app, &diary, &sessions, now).await;
    let booked = Appointment {
        id: AppointmentId(Uuid::from_u128(NUMBERED + 0x9000)),
        at: "2027-01-04T10:30:00".parse().expect("a wall-clock time"),
        zone: zone(),
        note: String::new(),
    };
    diary
        .add_appointment(&booked, now)
        .await
        .expect("the appointment is kept");
    let course = Course {
        id: CourseId(Uuid::from_u128(NUMBERED + 0xa000)),
        treatment: "SkinPen".to_owned(),
        planned_sessions: 4,
        interval_days: 42,
        started: zone().date(sessions[1].ended_at),
        ended: None,
    };
    let of = sessions[1..].iter().map(|session| session.id).collect();
    let kept = diary.keep_course(&course, &of, now).await;
    assert!(kept.expect("the course is kept"));
    let mut recorded = answers(&app, now).await;
    let moment = Moment { now, zone: zone() };
    let every = ProgressInput {
        session: None,
        over: Some(sessions.iter().map(|session| session.id).collect()),
    };
    recorded["progress"] = json!(
        bodies::progress(&app, &moment, ProgressInput::default())
            .await
            .expect("an answer")
    );
    recorded["every_progress"] = json!(bodies::progress(&app, &moment, every).await.expect("an answer"));
    recorded
}

/// Of two sizes, as a phone's is held in two ways.
async fn add_photo(diary: &Diary, session: &Session, day: u64, id: u128) {
    let zone = zone();
    let date = zone.date(session.ended_at) + Days::new(day);
    let taken_at = zone.instant(date.and_hms_opt(20, 6, 0).expect("a time of day"));
    let photo = NewPhoto {
        id: PhotoId(Uuid::from_u128(id)),
        session: session.id,
        check_in: None,
        taken_at,
        pose: Pose::Front,
        media_type: "image/webp".to_owned(),
        width: 1_536,
        height: if day == 3 { 1_152 } else { 2_048 },
        // Nobody draws it: the interface's tests put pictures of their own in its place.
        image: vec![0],
        thumbnail: vec![0],
    };
    assert!(diary.add_photo(photo, taken_at).await.expect("the photo is kept"));
}

/// What reminders of care asked for: most was done, some left out, some not answered.
async fn answer(app: &App, diary: &Diary, sessions: &[Session], now: DateTime<Utc>) {
    let mut due = schedule(&app.plan, sessions, &zone());
    due.retain(|occurrence| occurrence.due_at <= now && matches!(occurrence.what, What::Start | What::Daily));
    let lines: Vec<_> = (1..)
        .zip(due)
        .map(|(seq, occurrence)| Delivery {
            journal: "recorded".to_owned(),
            seq,
            key: occurrence.key,
            due_at: occurrence.due_at,
            at: occurrence.due_at,
            state: match seq % 7 {
                3 => DeliveryState::Shown,
                5 => DeliveryState::Skipped,
                _ => DeliveryState::Done,
            },
            digest: false,
            reason: None,
            until: None,
        })
        .collect();
    diary.add_deliveries(&lines).await.expect("the ledger takes them");
}
