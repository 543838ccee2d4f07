//! What the patient is told of beside the plan's instructions: how a call went on, what is booked,
//! what the clinic prescribed, and what is normal from today.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};

use super::care::{NIGHT_OVER, NOON, after_wall_time, next_time};
use super::draft::{Draft, name};
use super::{APPOINTMENT, Basis, CHECK_IN, Course, Due, MEDICINES, What, hour};
use crate::Zone;
use crate::plan::{InstructionId, Plan, Timing};
use crate::session::SessionId;
use crate::timeline::PhaseId;

/// Two hours, the next morning and the third day after each check-in that asked for a call, each until
/// the next one or an answer; a day after each that asked to keep an eye on something. What is asked for
/// at the same hour is one.
pub(super) fn follow_ups<'a>(
    plan: &'a Plan,
    basis: Basis<'_>,
    courses: &[Course<'_>],
    zone: &Zone,
    drafts: &mut Vec<Draft<'a>>,
) {
    static CHECK_IN_ID: LazyLock<InstructionId> = LazyLock::new(|| InstructionId(CHECK_IN.to_owned()));
    if basis.escalations.is_empty() && basis.watches.is_empty() {
        return;
    }
    let slot = plan
        .instructions()
        .iter()
        .position(|instruction| instruction.id == *CHECK_IN_ID)
        .unwrap_or(plan.instructions().len() + 1);
    let mut by_id: Vec<_> = courses.iter().collect();
    by_id.sort_unstable_by_key(|course| course.session.id);
    let course = |id: SessionId| {
        let place = by_id.binary_search_by_key(&id, |course| course.session.id).ok()?;
        by_id.get(place).copied()
    };
    let draft = |course: &Course<'_>, what, due, due_at, stale_at| Draft {
        slot,
        instruction: &CHECK_IN_ID,
        session: course.session.id,
        name: course.name,
        anchor: course.session.ended_at,
        what,
        due,
        due_at,
        stale_at,
        until_next: false,
        prescribed: false,
        planned: None,
    };
    let mut follow_ups = Vec::new();
    for escalation in basis.escalations {
        let Some(course) = course(escalation.session) else {
            continue;
        };
        let soon = escalation.at + FIRST_FOLLOW_UP;
        let date = zone.date(escalation.at);
        let mornings = [1, 3].map(|days| (date + Days::new(days)).and_time(MORNING));
        let instants = mornings.map(|local| zone.instant(local));
        // Each question stands until the next one takes its place, the last one until the night is over.
        let last_until = after_wall_time(zone, NIGHT_OVER, mornings[1], instants[1]);
        let stale_at = instants
            .into_iter()
            .find(|morning| *morning > soon)
            .unwrap_or(last_until);
        // What was asked before an answer stays in the ledger's history; after the last one nothing is asked.
        let mut ask = |due, due_at, stale_at: DateTime<Utc>| {
            let reached_at = escalation.reached_at.filter(|reached| due_at <= *reached);
            let answers = reached_at.into_iter().chain(escalation.answered_at);
            let stale_at = answers.fold(stale_at, DateTime::min);
            if due_at < stale_at {
                follow_ups.push(draft(course, What::FollowUp, due, due_at, stale_at));
            }
        };
        ask(Due::Elapsed(soon), soon, stale_at);
        ask(Due::Civil(mornings[0]), instants[0], instants[1]);
        ask(Due::Civil(mornings[1]), instants[1], last_until);
    }
    // Two calls of one hour have one key: the one that is asked for longest remains, else the first.
    follow_ups.sort_by_key(|draft| {
        let elapsed = matches!(draft.due, Due::Elapsed(_));
        (
            elapsed,
            draft.session,
            draft.hours(),
            Reverse(draft.stale_at),
            draft.due_at,
        )
    });
    follow_ups.dedup_by(|later, kept| {
        let elapsed = |draft: &Draft<'_>| matches!(draft.due, Due::Elapsed(_));
        elapsed(later) && elapsed(kept) && (later.session, later.hours()) == (kept.session, kept.hours())
    });
    drafts.append(&mut follow_ups);
    for watch in basis.watches {
        let Some(course) = course(watch.session) else {
            continue;
        };
        let due_at = watch.at + TimeDelta::days(1);
        let stale_at = next_time(zone, NOON, due_at);
        drafts.push(draft(
            course,
            What::CheckIn,
            Due::Elapsed(due_at),
            due_at,
            stale_at,
        ));
    }
}

/// The evening before each booked session, and two hours before it.
pub(super) fn appointments(plan: &Plan, basis: Basis<'_>, zone: &Zone, drafts: &mut Vec<Draft<'_>>) {
    static APPOINTMENT_ID: LazyLock<InstructionId> = LazyLock::new(|| InstructionId(APPOINTMENT.to_owned()));
    if basis.appointments.is_empty() {
        return;
    }
    let ended: BTreeSet<_> = basis.sessions.iter().map(|session| session.id).collect();
    for booked in basis
        .appointments
        .iter()
        .filter(|booked| !ended.contains(&booked.id))
    {
        let evening = (zone.date(booked.at) - Days::new(1)).and_time(EVENING);
        let soon = booked.at - APPOINTMENT_NEAR;
        let draft = |due, due_at, stale_at| Draft {
            slot: plan.instructions().len(),
            instruction: &APPOINTMENT_ID,
            session: booked.id,
            name: name(booked.id),
            anchor: booked.at,
            what: What::Appointment,
            due,
            due_at,
            stale_at,
            until_next: false,
            prescribed: false,
            planned: None,
        };
        let told = [
            (Due::Civil(evening), zone.instant(evening), soon),
            (Due::Elapsed(soon), soon, booked.at),
        ];
        for (due, due_at, stale_at) in told {
            if booked.entered_at <= due_at {
                drafts.push(draft(due, due_at, stale_at));
            }
        }
    }
}

/// Each time of each day from the first to the last; a dose is worth taking until the same medicine's next one, and until
/// the night is over.
pub(super) fn medicines<'a>(plan: &'a Plan, basis: Basis<'_>, zone: &Zone, drafts: &mut Vec<Draft<'a>>) {
    let mut instructions = plan.instructions().iter().enumerate();
    let Some((slot, instruction)) = instructions.find(|(_, one)| one.timing == Timing::Prescribed) else {
        return;
    };
    for medicine in basis.medicines {
        let times: BTreeSet<_> = medicine.times.iter().collect();
        if times.is_empty() {
            continue;
        }
        let dates = medicine
            .from
            .iter_days()
            .take_while(|date| *date <= medicine.until);
        let doses: Vec<_> = dates
            .flat_map(|date| times.iter().map(move |time| date.and_time(**time)))
            .map(|local| (local, zone.instant(local)))
            .collect();
        for (place, (local, due_at)) in doses.iter().enumerate() {
            if *due_at < medicine.entered_dose_at(*local) {
                continue;
            }
            let night_over = after_wall_time(zone, NIGHT_OVER, *local, *due_at);
            let next = doses.get(place + 1).map(|(_, next)| *next);
            drafts.push(Draft {
                slot,
                instruction: &instruction.id,
                session: MEDICINES,
                name: name(MEDICINES),
                anchor: *due_at,
                what: What::Daily,
                due: Due::Civil(*local),
                due_at: *due_at,
                stale_at: next.map_or(night_over, |next| next.min(night_over)),
                until_next: false,
                prescribed: true,
                planned: None,
            });
        }
    }
}

/// When the patient is asked on the mornings after a check-in that asked for a call.
const MORNING: NaiveTime = hour(9);

/// When the patient is reminded of tomorrow's appointment.
const EVENING: NaiveTime = hour(18);

/// When the patient is first asked after a check-in that asked for a call.
const FIRST_FOLLOW_UP: TimeDelta = TimeDelta::hours(2);

/// How long before an appointment the patient is reminded of it for the last time.
const APPOINTMENT_NEAR: TimeDelta = TimeDelta::hours(2);

/// When the patient is told of a new phase: after the first care of the day.
const PHASE_TOLD: NaiveTime = MORNING;

/// The first morning of each phase after day 0, until a newer session ends: the timeline and Today
/// tell of the newest one only. It is news for that day.
pub(super) fn phases(plan: &Plan, courses: &[Course<'_>], zone: &Zone, drafts: &mut Vec<Draft<'_>>) {
    static NAMES: LazyLock<[InstructionId; PhaseId::ALL.len()]> =
        LazyLock::new(|| PhaseId::ALL.map(|phase| InstructionId(phase.name().to_owned())));
    for (place, course) in courses.iter().enumerate() {
        let newer = courses
            .get(place + 1)
            .map_or(DateTime::<Utc>::MAX_UTC, |newer| newer.session.ended_at);
        if course.session.asks_clinic() {
            continue;
        }
        for (number, (phase, instruction)) in PhaseId::ALL.into_iter().zip(NAMES.iter()).enumerate() {
            let day = plan.phase(phase).days.get(course.session.window_class()).from_day;
            if day == 0 {
                continue;
            }
            let date = course.day_zero + Days::new(u64::from(day));
            let local = date.and_time(PHASE_TOLD);
            let due_at = zone.instant(local);
            let draft = Draft {
                slot: plan.instructions().len() + 2 + number,
                instruction,
                session: course.session.id,
                name: course.name,
                anchor: course.session.ended_at,
                what: What::Phase,
                due: Due::Civil(local),
                due_at,
                stale_at: zone.instant((date + Days::new(1)).and_time(NaiveTime::MIN)),
                until_next: false,
                prescribed: false,
                planned: None,
            };
            if course.keeps(&draft) && due_at < newer {
                drafts.push(draft);
            }
        }
    }
}
