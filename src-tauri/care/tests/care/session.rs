//! Sessions: depth classes, days of recovery, and what a draft is refused for.

use std::collections::BTreeSet;

use afterglow_care::Plan;
use afterglow_care::session::{
    Area, DepthClass, MAX_DEVICE_CHARS, NeedleDepth, SessionDraft, SessionFault, SessionId, Setting,
};
use chrono::{DateTime, TimeDelta, Utc};
use enumset::EnumSet;
use uuid::Uuid;

use crate::given::{berlin, session, zone};

#[test]
fn depth_classes_change_above_half_and_one_and_a_half_millimetres() {
    for (mm, class) in [
        (0.1, DepthClass::Superficial),
        (0.5, DepthClass::Superficial),
        (0.501, DepthClass::Medium),
        (1.5, DepthClass::Medium),
        (1.501, DepthClass::Deep),
        (3.5, DepthClass::Deep),
    ] {
        assert_eq!(
            NeedleDepth::from_mm(mm).map(NeedleDepth::class),
            Some(class),
            "{mm} mm"
        );
    }
}

#[test]
fn depths_outside_the_accepted_range_are_none() {
    for mm in [0.0, 0.099, 3.501, -1.0, 70.0, f64::NAN, f64::INFINITY] {
        assert_eq!(NeedleDepth::from_mm(mm), None, "{mm} mm");
    }
}

#[test]
fn an_unknown_depth_has_deep_windows_and_middle_bands() {
    let mut unknown = session(berlin("2026-11-21 10:00"));
    unknown.depth = None;
    assert_eq!(unknown.window_class(), DepthClass::Deep);
    assert_eq!(unknown.band_class(), DepthClass::Medium);
}

#[test]
fn a_recovery_day_begins_at_midnight_whatever_the_days_length() {
    let berlin_zone = zone("Europe/Berlin");
    for (case, ended, at, day) in [
        ("the same evening", "2027-03-27 15:00", "2027-03-27 23:59", 0),
        ("two minutes later", "2027-03-27 15:00", "2027-03-28 00:01", 1),
        (
            "the end of the day of 23 hours",
            "2027-03-27 15:00",
            "2027-03-28 23:59",
            1,
        ),
        ("after it", "2027-03-27 15:00", "2027-03-29 00:01", 2),
        (
            "the end of the day of 25 hours",
            "2027-10-30 15:00",
            "2027-10-31 23:59",
            1,
        ),
        ("after it", "2027-10-30 15:00", "2027-11-01 00:01", 2),
        (
            "ended a minute before midnight",
            "2027-10-30 23:59",
            "2027-10-31 00:01",
            1,
        ),
        ("before the session", "2027-10-30 15:00", "2027-10-29 15:00", -1),
    ] {
        assert_eq!(
            session(berlin(ended)).recovery_day(&berlin_zone, berlin(at)),
            day,
            "D11: {case}"
        );
    }
}

#[test]
fn an_elapsed_day_is_twenty_four_hours_whatever_the_clock_does() {
    let session = session(berlin("2027-03-27 15:00"));
    for (at, day) in [
        ("2027-03-27 14:59", -1),
        ("2027-03-27 15:00", 0),
        ("2027-03-28 15:59", 0),
        ("2027-03-28 16:00", 1),
    ] {
        assert_eq!(session.elapsed_day(berlin(at)), day, "{at}");
    }
}

#[test]
fn an_entry_about_a_date_speaks_of_its_evening_and_never_of_before_the_session() {
    let berlin_zone = zone("Europe/Berlin");
    for (case, ended, date, at) in [
        (
            "a day after",
            "2027-03-26 15:00",
            "2027-03-27",
            "2027-03-27 20:00",
        ),
        (
            "the day of the session",
            "2027-03-26 15:00",
            "2027-03-26",
            "2027-03-26 20:00",
        ),
        (
            "a session of the late evening",
            "2027-03-26 21:30",
            "2027-03-26",
            "2027-03-26 21:30",
        ),
        (
            "the day of 23 hours",
            "2027-03-26 15:00",
            "2027-03-28",
            "2027-03-28 20:00",
        ),
    ] {
        let date = date.parse().unwrap();
        assert_eq!(
            session(berlin(ended)).evening_of(&berlin_zone, date),
            berlin(at),
            "{case}"
        );
    }
}

fn draft(ended_at: DateTime<Utc>) -> SessionDraft {
    SessionDraft {
        ended_at,
        zone: zone("Europe/Berlin"),
        setting: Setting::Home,
        device: Some("  Pen  ".to_owned()),
        depth_mm: Some(1.0),
        areas: BTreeSet::from([Area::Face]),
        concerns: BTreeSet::new(),
        risks: EnumSet::empty(),
        clinic_gave: EnumSet::empty(),
        adjuncts: EnumSet::empty(),
        exposed: false,
    }
}

fn faults(draft: SessionDraft, now: DateTime<Utc>) -> Vec<SessionFault> {
    let id = SessionId(Uuid::from_u128(1));
    draft
        .check(id, Plan::microneedling().reference(), now)
        .err()
        .unwrap_or_default()
}

#[test]
fn each_fault_of_a_draft_is_named() {
    let now = berlin("2026-11-21 10:00");
    let change = |change: fn(&mut SessionDraft)| {
        let mut draft = draft(now);
        change(&mut draft);
        faults(draft, now)
    };
    assert_eq!(faults(draft(now), now), []);
    assert_eq!(
        faults(draft(now + TimeDelta::seconds(1)), now),
        [SessionFault::EndsInFuture]
    );
    assert_eq!(faults(draft(now - TimeDelta::days(365)), now), []);
    let over_a_year = now - TimeDelta::days(365) - TimeDelta::seconds(1);
    assert_eq!(faults(draft(over_a_year), now), [SessionFault::EndedOverAYearAgo]);
    assert_eq!(
        change(|d| d.depth_mm = Some(3.6)),
        [SessionFault::DepthOutOfRange]
    );
    assert_eq!(
        change(|d| d.depth_mm = Some(f64::NAN)),
        [SessionFault::DepthOutOfRange]
    );
    assert_eq!(change(|d| d.depth_mm = None), []);
    assert_eq!(change(|d| d.areas.clear()), [SessionFault::NoArea]);
    assert_eq!(change(|d| d.device = Some("x".repeat(MAX_DEVICE_CHARS))), []);
    assert_eq!(
        change(|d| d.device = Some("x".repeat(MAX_DEVICE_CHARS + 1))),
        [SessionFault::DeviceTooLong]
    );
}

#[test]
fn a_correction_takes_the_end_of_long_ago_that_it_does_not_touch() {
    let now = berlin("2026-11-21 10:00");
    let ended = now - TimeDelta::days(400);
    let known = session(ended);
    let corrected = draft(ended).check_correction(&known, now).expect("a session");
    assert_eq!(
        (corrected.id, corrected.plan, corrected.ended_at),
        (known.id, known.plan.clone(), ended)
    );
    let faults = |ended_at| {
        draft(ended_at)
            .check_correction(&known, now)
            .err()
            .unwrap_or_default()
    };
    assert_eq!(
        faults(ended - TimeDelta::days(1)),
        [SessionFault::EndedOverAYearAgo]
    );
    assert_eq!(faults(now + TimeDelta::seconds(1)), [SessionFault::EndsInFuture]);
    assert_eq!(faults(now), []);
}

#[test]
fn all_faults_come_at_once_in_the_order_of_the_form() {
    let now = berlin("2026-11-21 10:00");
    let mut draft = draft(now + TimeDelta::hours(1));
    draft.depth_mm = Some(0.0);
    draft.areas.clear();
    draft.device = Some("x".repeat(200));
    assert_eq!(
        faults(draft, now),
        [
            SessionFault::EndsInFuture,
            SessionFault::DepthOutOfRange,
            SessionFault::NoArea,
            SessionFault::DeviceTooLong
        ]
    );
}

#[test]
fn a_device_is_trimmed_and_a_blank_one_is_none() {
    let now = berlin("2026-11-21 10:00");
    let device = |name: &str| {
        let mut draft = draft(now);
        draft.device = Some(name.to_owned());
        let id = SessionId(Uuid::from_u128(1));
        draft
            .check(id, Plan::microneedling().reference(), now)
            .map(|session| session.device)
    };
    assert_eq!(device("  Pen  "), Ok(Some("Pen".to_owned())));
    assert_eq!(device("   "), Ok(None));
}
