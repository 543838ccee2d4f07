//! The care plan as it is for the newest session, the sessions under it and their courses.

use std::cmp::Reverse;

use afterglow_care::course;
use afterglow_care::restriction::{RestrictionState, restrictions_of};
use afterglow_care::schedule::{Basis, care_spans};

use super::booked;
use crate::app::App;
use crate::clock::Moment;
use crate::recent::Recent;
use crate::views;
use crate::wire::{CarePlanView, CourseView, Failure, SessionOfList};

/// Of what holds no more, only what is of the newest session is told. Restrictions are those of every session together,
/// as on Today.
pub async fn care_plan(app: &App, moment: &Moment) -> Result<CarePlanView, Failure> {
    let Moment { now, zone } = moment;
    let plan = &app.plan;
    let diary = app.diary().await?;
    let recent = Recent::read(app, &diary, moment).await?;
    drop(diary);
    let known = &recent.courses;
    let (speaker, sessions) = (recent.speaker(plan), &recent.sessions);
    let newest = sessions.last();
    let booked_at = booked::next(&recent.appointments, speaker, moment).map(|next| next.at);

    let mut restrictions = newest.map_or_else(Vec::new, |newest| {
        let mut all = restrictions_of(plan, sessions, *now);
        all.retain(|one| {
            one.state != RestrictionState::Ended
                || plan
                    .instruction(&one.instruction)
                    .is_some_and(|instruction| instruction.concerns(newest))
        });
        all
    });
    restrictions.sort_by_key(|one| match one.state {
        RestrictionState::Holds => (0, one.until),
        RestrictionState::Upcoming => (1, one.from),
        RestrictionState::Ended => (2, one.until),
    });
    let known_courses: Vec<_> = known.iter().map(|(_, course)| course.clone()).collect();
    let basis = Basis {
        sessions,
        courses: &known_courses,
        care_times: views::reminder_settings(&recent.settings, recent.reminders.clone()).care_times,
        ..Basis::default()
    };
    let care = newest.map_or_else(Vec::new, |newest| care_spans(plan, newest, basis, zone));

    let next_course = course::next_course(sessions, &known_courses);
    let mut told: Vec<_> = known
        .iter()
        .enumerate()
        .filter(|(_, (_, course))| !(course.ended && course.of(sessions).is_empty()))
        .map(|(place, (kept, course))| CourseView {
            id: kept.id.0,
            treatment: kept.treatment.clone(),
            planned_sessions: kept.planned_sessions,
            interval_days: kept.interval_days,
            sessions: course.of(sessions).iter().map(|session| session.id).collect(),
            runs: course.runs(sessions),
            ended: kept.ended,
            next: course::next_of(plan, course, sessions, zone).map(views::next_session),
            is_next: next_course == Some(place),
        })
        .collect();
    told.reverse();
    told.sort_by_key(|course| Reverse(course.runs));

    let of = |session| {
        known
            .iter()
            .find(|(_, course)| course.sessions.contains(&session))
    };
    Ok(CarePlanView {
        plan: speaker.plan(),
        not_yet: restrictions
            .iter()
            .filter_map(|one| speaker.planned_restriction(one))
            .collect(),
        care: care
            .iter()
            .filter_map(|one| speaker.planned_care(one, *now))
            .collect(),
        before: speaker.before_next(booked_at),
        booked_at,
        sessions: sessions
            .iter()
            .rev()
            .map(|session| SessionOfList {
                session: views::session(session),
                day: session.recovery_day(zone, *now),
                course: of(session.id).map(|(kept, _)| kept.id.0),
            })
            .collect(),
        courses: told,
        usual: speaker.usual_course(&course::proposed(plan, sessions, &known_courses, *now)),
    })
}
