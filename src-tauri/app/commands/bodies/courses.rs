//! Courses: made, corrected, ended, and which sessions are of them.

use afterglow_care::Session;
use afterglow_care::session::SessionId;
use afterglow_diary::Diary;
use afterglow_diary::courses::{Course, CourseId};
use uuid::Uuid;

use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::reminders;
use crate::wire::{CourseEnd, CourseFault, CourseInput, Failure, SessionInCourse};

/// A patient's own name for what is done.
const MAX_TREATMENT_CHARS: usize = 80;
/// What the diary takes.
const PLANNED_SESSIONS: std::ops::RangeInclusive<u16> = 1..=100;
/// A week to a year less a day: it is typed in whole weeks.
const INTERVAL_DAYS: std::ops::RangeInclusive<u16> = 7..=364;

/// Keeps a new course, or a correction of one, and puts those sessions into it and the others out of it.
pub async fn keep_course(app: &App, moment: &Moment, input: CourseInput) -> Result<(), Failure> {
    let diary = app.diary().await?;
    let sessions = diary.sessions().await?;
    let of: Vec<&Session> = sessions
        .iter()
        .filter(|session| input.sessions.contains(&session.id))
        .collect();
    if of.len() < input.sessions.len() {
        return Err(Failure::NotFound);
    }
    let entered = match input.id {
        None => None,
        Some(id) => Some(entered(&diary, id).await?),
    };
    let faults = faults(&input);
    if !faults.is_empty() {
        return Err(Failure::InvalidCourse { faults });
    }
    let first = of.iter().map(|session| session.zone.date(session.ended_at)).min();
    let today = moment.zone.date(moment.now);
    let course = Course {
        id: entered
            .as_ref()
            .map_or_else(|| CourseId(new_id(moment.now)), |known| known.id),
        treatment: input.treatment.trim().to_owned(),
        planned_sessions: input.planned_sessions,
        interval_days: input.interval_days,
        started: first.unwrap_or_else(|| entered.as_ref().map_or(today, |known| known.started)),
        ended: entered.as_ref().and_then(|known| known.ended),
    };
    if !diary.keep_course(&course, &input.sessions, moment.now).await? {
        return Err(Failure::NotFound);
    }
    drop(diary);
    reminders::sync_after_writing(app, moment).await;
    Ok(())
}

/// Ends a course today, or lets it go on after all. Its sessions stay of it.
pub async fn end_course(app: &App, moment: &Moment, input: CourseEnd) -> Result<(), Failure> {
    let diary = app.diary().await?;
    let course = entered(&diary, input.course).await?;
    if course.ended.is_some() == input.ended {
        return Ok(());
    }
    let ended = input.ended.then(|| moment.zone.date(moment.now));
    diary
        .correct_course(&Course { ended, ..course }, moment.now)
        .await?;
    drop(diary);
    reminders::sync_after_writing(app, moment).await;
    Ok(())
}

/// Puts a session into a course and out of the one that it was of.
pub async fn put_in_course(app: &App, moment: &Moment, input: SessionInCourse) -> Result<(), Failure> {
    let diary = app.diary().await?;
    let sessions = diary.sessions().await?;
    if !sessions.iter().any(|session| session.id == input.session) {
        return Err(Failure::NotFound);
    }
    let course = known(&diary, input.course).await?;
    put(&diary, moment, input.session, course).await?;
    drop(diary);
    reminders::sync_after_writing(app, moment).await;
    Ok(())
}

/// Puts a session into a course where it is not of it already.
pub(super) async fn put(
    diary: &Diary,
    moment: &Moment,
    session: SessionId,
    course: Option<CourseId>,
) -> Result<(), Failure> {
    let was = diary.session_courses().await?.get(&session).copied();
    if was != course && !diary.put_in_course(session, course, moment.now).await? {
        return Err(Failure::NotFound);
    }
    Ok(())
}

/// The course that the window named, where the diary has it.
pub(super) async fn known(diary: &Diary, course: Option<Uuid>) -> Result<Option<CourseId>, Failure> {
    match course {
        None => Ok(None),
        Some(id) => Ok(Some(entered(diary, id).await?.id)),
    }
}

async fn entered(diary: &Diary, id: Uuid) -> Result<Course, Failure> {
    let courses = diary.courses().await?;
    let known = courses.into_iter().find(|course| course.id.0 == id);
    known.ok_or(Failure::NotFound)
}

fn faults(input: &CourseInput) -> Vec<CourseFault> {
    let treatment = input.treatment.trim();
    let mut faults = Vec::new();
    if treatment.is_empty() {
        faults.push(CourseFault::TreatmentMissing);
    }
    if treatment.chars().count() > MAX_TREATMENT_CHARS {
        faults.push(CourseFault::TreatmentTooLong);
    }
    if !PLANNED_SESSIONS.contains(&input.planned_sessions) {
        faults.push(CourseFault::SessionsOutOfRange);
    } else if usize::from(input.planned_sessions) < input.sessions.len() {
        faults.push(CourseFault::FewerThanItHas);
    }
    if !INTERVAL_DAYS.contains(&input.interval_days) {
        faults.push(CourseFault::IntervalOutOfRange);
    }
    faults
}
