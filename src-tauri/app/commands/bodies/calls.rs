//! Which call is still open, and what came of the last one.

use afterglow_care::check_in::CheckIn;
use afterglow_care::triage::{CallOutcome, TriageLevel};
use afterglow_diary::Diary;
use afterglow_diary::calls::OpenCall;
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::clock::Moment;
use crate::recent::Recent;
use crate::views::{self, Judged};
use crate::wire::{CallCard, Failure, OutcomeAsked};

/// How long after a call was answered the patient is asked what came of it.
const ASKED_FOR: TimeDelta = TimeDelta::days(7);

/// The most urgent check-in that asked for a call and is still open; of equals the newest. Neither a later
/// calm check-in nor a correction clears it (of `all`, the second is what corrections no longer say).
///
/// What was kept when it was said knows of every call, of whatever age. What is judged now is asked too: keeping it
/// may have failed, and an entry about an earlier day may have raised another one.
pub(super) async fn most_urgent(
    app: &App,
    diary: &Diary,
    recent: &Recent,
    all: [&[Judged<'_>]; 2],
    moment: &Moment,
) -> Result<Option<CallCard>, Failure> {
    let judged = open_of(diary, all).await?;
    let kept = recent
        .open_calls
        .iter()
        .max_by_key(|call| (call.level, call.check_in.at));
    let judged = judged.into_iter().max_by_key(|judged| urgency(judged));
    let by_judging = judged.map(|judged| card(judged, level(judged)));
    let Some(call) = kept.filter(|call| judged.map(urgency) < Some((call.level, call.check_in.at))) else {
        return Ok(by_judging);
    };
    let by_keeping = of_kept(app, diary, recent, all, call, moment).await?;
    Ok(by_keeping.or(by_judging))
}

/// Those of the check-ins that ask for a call and about which nothing was said. An answer clears everything of its
/// level or below that was recorded before it, because the clinician who was reached heard of the whole course; a
/// dismissal, like a check-in entered by mistake, clears only what it is about.
async fn open_of<'a, 's>(
    diary: &Diary,
    recent: [&'a [Judged<'s>]; 2],
) -> Result<Vec<&'a Judged<'s>>, Failure> {
    let mut raised: Vec<_> = recent
        .into_iter()
        .flatten()
        .filter(|judged| level(judged) >= TriageLevel::CallClinic)
        .collect();
    let Some(first) = raised.iter().map(|judged| judged.view.at).min() else {
        return Ok(raised);
    };
    let answers: Vec<_> = diary
        .call_answers_since(first)
        .await?
        .into_iter()
        .filter_map(|answer| {
            let answered = raised.iter().find(|judged| judged.view.id == answer.check_in)?;
            Some((level(answered), answer))
        })
        .collect();
    let dismissed: Vec<_> = diary
        .dismissals()
        .await?
        .into_iter()
        .map(|dismissal| dismissal.check_in)
        .collect();
    raised.retain(|judged| {
        !dismissed.contains(&judged.view.id)
            && !answers.iter().any(|(answered, answer)| {
                answer.check_in == judged.view.id
                    || (answer.outcome != CallOutcome::EnteredByMistake
                        && level(judged) <= *answered
                        && judged.view.at <= answer.at)
            })
    });
    Ok(raised)
}

/// A call that was kept, shown as it is judged today but never below what was said.
async fn of_kept(
    app: &App,
    diary: &Diary,
    recent: &Recent,
    all: [&[Judged<'_>]; 2],
    call: &OpenCall,
    moment: &Moment,
) -> Result<Option<CallCard>, Failure> {
    let is_it = |judged: &&Judged<'_>| judged.view.id == call.check_in.id;
    if let Some(judged) = all.into_iter().flatten().find(is_it) {
        return Ok(Some(card(judged, call.level)));
    }
    // Only here is the whole diary read: a call that has been open since before the newest session.
    let (speaker, sessions) = (recent.speaker(&app.plan), &recent.sessions);
    let mut entries: Vec<CheckIn> = Vec::new();
    for session in sessions {
        entries.extend(diary.check_in_history(session.id).await?);
    }
    let (judged, as_entered) = (
        speaker.judged(sessions, &moment.zone, &entries),
        speaker.as_entered(sessions, &moment.zone, &entries),
    );
    let found = judged.iter().chain(&as_entered).find(is_it);
    Ok(found.map(|judged| card(judged, call.level)))
}

fn level(judged: &Judged<'_>) -> TriageLevel {
    judged.view.assessment.level
}

/// What the most urgent has the most of.
fn urgency(judged: &Judged<'_>) -> (TriageLevel, DateTime<Utc>) {
    (level(judged), judged.view.at)
}

fn card(judged: &Judged<'_>, at_least: TriageLevel) -> CallCard {
    CallCard {
        session: views::session(judged.session),
        level: level(judged).max(at_least),
        check_in: judged.view.clone(),
        not_reached_at: None,
    }
}

/// When the patient last said of a call that nobody was reached yet.
pub(super) async fn not_reached_at(diary: &Diary, card: &CallCard) -> Result<Option<DateTime<Utc>>, Failure> {
    let answers = diary.follow_up_answers_since(card.check_in.at).await?;
    Ok(answers
        .iter()
        .filter(|answer| answer.check_in == card.check_in.id && !answer.reached)
        .map(|answer| answer.at)
        .max())
}

/// The newest call of the last days in which somebody was reached, and of which nothing was said since.
pub(super) async fn outcome_asked(diary: &Diary, moment: &Moment) -> Result<Option<OutcomeAsked>, Failure> {
    let since = moment.now - ASKED_FOR;
    let answers = diary.call_answers_since(since).await?;
    let Some(reached) = answers
        .into_iter()
        .rfind(|answer| answer.outcome != CallOutcome::EnteredByMistake)
    else {
        return Ok(None);
    };
    let told = diary.follow_up_answers_since(since).await?;
    let is_told = told
        .iter()
        .any(|told| told.reached && told.check_in == reached.check_in);
    Ok((!is_told).then_some(OutcomeAsked {
        check_in: reached.check_in,
        outcome: reached.outcome,
        at: reached.at,
    }))
}
