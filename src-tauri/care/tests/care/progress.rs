//! How a recovery went: dots, bands and days.

use std::collections::BTreeSet;

use afterglow_care::Session;
use afterglow_care::check_in::{CheckIn, CheckInId, Symptom};
use afterglow_care::progress::{Progress, Track, progress};
use afterglow_care::session::SessionId;
use chrono::{DateTime, Days, Utc};
use uuid::Uuid;

use crate::given::{berlin, check_in, plan, session, severity, zone};

fn of(session: &Session, check_ins: &[CheckIn], now: DateTime<Utc>) -> Progress {
    let sessions = std::slice::from_ref(session);
    progress(plan(), sessions, session, check_ins, &zone("Europe/Berlin"), now)
}

fn track(progress: &Progress, symptom: Symptom) -> &Track {
    progress
        .tracks
        .iter()
        .find(|track| track.symptom == symptom)
        .expect("every symptom has a track")
}

/// One on each of these recovery days, at the hour of the day at which the session ended.
fn on_days(session: &Session, days: &[i64]) -> Vec<CheckIn> {
    days.iter()
        .map(|day| check_in(session, day * 24 + 1, &[(Symptom::Erythema, 1)]))
        .collect()
}

#[test]
fn t2_days_that_were_logged_are_counted_and_the_gap_is_named() {
    let session = session(berlin("2026-11-21 10:00"));
    let check_ins = on_days(&session, &[0, 1, 3, 4, 6]);
    let logged = of(&session, &check_ins, berlin("2026-11-28 09:00")).logged;
    assert_eq!(
        logged.done,
        BTreeSet::from([0, 1, 3, 4, 6]),
        "whatever lies between"
    );
    assert_eq!(
        logged.missing,
        BTreeSet::from([2, 5]),
        "today may still be logged"
    );
}

#[test]
fn two_check_ins_of_a_day_are_one_day_and_one_of_a_day_that_was_not_asked_for_is_told_apart() {
    let session = session(berlin("2026-11-21 10:00"));
    let mut check_ins = on_days(&session, &[0, 8]);
    check_ins.push(check_in(&session, 5, &[(Symptom::Erythema, 2)]));
    let logged = of(&session, &check_ins, berlin("2026-11-29 12:00")).logged;
    assert_eq!(logged.done, BTreeSet::from([0]));
    assert_eq!(logged.besides, BTreeSet::from([8]));
    assert_eq!(logged.missing, (1..=7).collect());
}

#[test]
fn nothing_is_missing_from_the_day_on_which_a_newer_session_ended() {
    let first = session(berlin("2026-11-21 10:00"));
    let second = Session {
        id: SessionId(Uuid::from_u128(2)),
        ended_at: berlin("2026-11-24 10:00"),
        ..first.clone()
    };
    let now = berlin("2027-03-01 12:00");
    let berlin = zone("Europe/Berlin");
    let both = [first.clone(), second];
    let logged = progress(plan(), &both, &first, &[], &berlin, now).logged;
    assert_eq!(logged.missing, BTreeSet::from([0, 1, 2]));
}

#[test]
fn a_dot_stands_where_the_wall_clock_stood_and_a_correction_takes_its_place() {
    let session = session(berlin("2026-11-21 10:00"));
    let evening = check_in(&session, 34, &[(Symptom::Erythema, 3)]);
    let corrected = CheckIn {
        id: CheckInId(Uuid::from_u128(9)),
        revises: Some(evening.id),
        ..check_in(&session, 34, &[(Symptom::Erythema, 2)])
    };
    let progress = of(&session, &[evening, corrected], berlin("2026-11-24 12:00"));
    let [point] = track(&progress, Symptom::Erythema).points[..] else {
        panic!("one answer");
    };
    assert_eq!((point.day, point.minute), (1, (24 + 20) * 60));
    assert_eq!(point.severity, severity(2));
    assert_eq!(
        track(&progress, Symptom::Edema).points,
        [],
        "what was not asked is not zero"
    );
}

#[test]
fn a_band_begins_with_the_session_and_names_each_change_once() {
    let session = session(berlin("2026-11-21 10:00"));
    let progress = of(&session, &[], session.ended_at);
    for track in &progress.tracks {
        assert_eq!(track.band[0].minute, 10 * 60, "{:?}", track.symptom);
        for pair in track.band.windows(2) {
            assert_ne!(pair[0].highest, pair[1].highest, "{:?}", track.symptom);
        }
    }
}

#[test]
fn a_dot_is_over_the_drawn_band_where_triage_holds_it_against_less() {
    // Also on the days of 23 and 25 hours.
    for ended in ["2026-11-21 10:00", "2027-03-26 10:00", "2026-10-23 17:30"] {
        let session = session(berlin(ended));
        for hours in (2..14 * 24).step_by(7) {
            let check_in = check_in(&session, hours, &[(Symptom::Erythema, 2)]);
            let progress = of(&session, std::slice::from_ref(&check_in), check_in.at);
            let track = track(&progress, Symptom::Erythema);
            let point = track.points[0];
            let expected = plan().expected(
                Symptom::Erythema,
                session.band_class(),
                session.areas.iter().copied().collect(),
                session.elapsed_day(check_in.at),
            );
            assert_eq!(point.expected, expected);
            let drawn = track.band.iter().rev().find(|step| step.minute <= point.minute);
            // Where the clock is changed, an hour a year may be drawn on the other side of the edge.
            let near_an_edge = track
                .band
                .iter()
                .any(|step| (step.minute - point.minute).abs() < 60);
            assert!(
                near_an_edge || drawn.map(|step| step.highest) == Some(expected),
                "{ended} +{hours} h"
            );
        }
    }
}

#[test]
fn days_are_those_of_the_patients_zone_now() {
    let session = session(berlin("2026-11-21 23:30"));
    let check_in = check_in(&session, 1, &[(Symptom::Erythema, 3)]);
    let tokyo = zone("Asia/Tokyo");
    let there = progress(
        plan(),
        std::slice::from_ref(&session),
        &session,
        std::slice::from_ref(&check_in),
        &tokyo,
        check_in.at,
    );
    assert_eq!(there.today, 0, "in Tokyo both are of the same date");
    let date = zone("Europe/Berlin").date(session.ended_at);
    assert_eq!(check_in.local_date, date + Days::new(1));
}
