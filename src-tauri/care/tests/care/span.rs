//! From when until when there is something to do.

use afterglow_care::Plan;
use afterglow_care::plan::InstructionKind;
use afterglow_care::restriction::windows;
use afterglow_care::schedule::{Basis, CareSpan, CareTimes, What, care_spans, schedule};
use afterglow_care::session::{Adjunct, NeedleDepth};
use chrono::{NaiveTime, TimeDelta};

use crate::given::{berlin, session, zone};

fn named<'a>(spans: &'a [CareSpan], name: &str) -> &'a CareSpan {
    let mut found = spans.iter().filter(|care| care.instruction.0 == name);
    found.next().expect("an instruction to do")
}

#[test]
fn all_there_is_to_do_after_a_session_is_told_once() {
    let plan = Plan::microneedling();
    let session = session(berlin("2026-11-21 14:30"));
    let spans = care_spans(&plan, &session, Basis::default(), &zone("Europe/Berlin"));
    let to_do = plan
        .instructions_for(&session)
        .filter(|instruction| instruction.kind == InstructionKind::Do);
    assert_eq!(spans.len(), to_do.count());
    for window in windows(&plan, &session) {
        for care in spans.iter().filter(|care| care.instruction == window.instruction) {
            assert_eq!(care.span, Some((window.from, window.until)), "{care:?}");
        }
    }
}

#[test]
fn evenings_and_moments_have_their_times() {
    let plan = Plan::microneedling();
    let mut session = session(berlin("2026-11-21 14:30"));
    session.depth = NeedleDepth::from_micrometres(2_000);
    let zone = zone("Europe/Berlin");
    let basis = Basis {
        care_times: CareTimes {
            evening: NaiveTime::from_hms_opt(22, 30, 0).expect("a time"),
            ..CareTimes::default()
        },
        ..Basis::default()
    };
    let spans = care_spans(&plan, &session, basis, &zone);
    let raised = named(&spans, "sleep_raised");
    assert_eq!(
        raised.span,
        Some((berlin("2026-11-21 21:30"), berlin("2026-11-23 21:30")))
    );
    assert_eq!(raised.days, Some(3));
    let over = named(&spans, "first_day_over");
    let at = session.ended_at + TimeDelta::hours(48);
    assert_eq!(over.span, Some((at, at)));
    assert_eq!(named(&spans, "prescribed_medicine").span, None);
    assert_eq!(spans.last().map(|care| care.span), Some(None));
}

#[test]
fn an_evening_that_was_over_when_the_session_ended_is_not_told() {
    let plan = Plan::microneedling();
    let mut late = session(berlin("2026-11-21 21:40"));
    late.depth = NeedleDepth::from_micrometres(500);
    let spans = care_spans(&plan, &late, Basis::default(), &zone("Europe/Berlin"));
    assert!(spans.iter().all(|care| care.instruction.0 != "sleep_raised"));
    assert!(
        spans
            .iter()
            .all(|care| care.span.is_none_or(|(from, _)| late.ended_at <= from))
    );
}

#[test]
fn check_ins_begin_with_the_first_one_that_rings() {
    let plan = Plan::microneedling();
    let zone = zone("Europe/Berlin");
    // In the day, in the evening before and after the daily time, and so late that the first one rings after midnight.
    for ended in [
        "2026-11-21 10:00",
        "2026-11-21 16:30",
        "2026-11-21 20:30",
        "2026-11-21 22:00",
    ] {
        let session = session(berlin(ended));
        let spans = care_spans(&plan, &session, Basis::default(), &zone);
        let told = named(&spans, "check_in");
        let sessions = [session];
        let ring: Vec<_> = schedule(&plan, &sessions, &zone)
            .iter()
            .filter(|one| one.what == What::CheckIn)
            .map(|one| one.due_at)
            .collect();
        let mut dates: Vec<_> = ring.iter().map(|at| zone.date(*at)).collect();
        dates.dedup();
        assert_eq!(told.span, Some((ring[0], ring[ring.len() - 1])), "{ended}");
        assert_eq!(told.days, Some(dates.len()), "{ended}");
    }
}

#[test]
fn where_more_was_done_the_clinic_is_asked_but_for_what_holds_in_any_case() {
    let plan = Plan::microneedling();
    let mut peel = session(berlin("2026-11-21 14:30"));
    peel.adjuncts = Adjunct::Peel.into();
    let spans = care_spans(&plan, &peel, Basis::default(), &zone("Europe/Berlin"));
    assert!(named(&spans, "moisturise").ask);
    assert!(!named(&spans, "check_in").ask);
}
