//! Which call is still open, and what came of the last one.

use afterglow_care::Session;
use afterglow_care::check_in::{CheckIn, CheckInId};
use afterglow_care::triage::{CallOutcome, TriageLevel};
use afterglow_diary::Diary;
use afterglow_diary::calls::{CallAnswer, Dismissal, RaisedCall, ReachedCall};
use afterglow_diary::follow_ups::FollowUpAnswer;
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::clock::Moment;
use crate::recent::Recent;
use crate::views::{self, Judged, Speaker};
use crate::wire::{CallCard, Failure, OutcomeAsked, PastAnswer, PastCall};

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
    let speaker = recent.speaker(&app.plan);
    let by_judging = judged.map(|judged| card(speaker, judged, level(judged), all[0], moment));
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
    call: &RaisedCall,
    moment: &Moment,
) -> Result<Option<CallCard>, Failure> {
    let is_it = |judged: &&Judged<'_>| judged.view.id == call.check_in.id;
    let speaker = recent.speaker(&app.plan);
    if let Some(judged) = all.into_iter().flatten().find(is_it) {
        return Ok(Some(card(speaker, judged, call.level, all[0], moment)));
    }
    // Only here is the whole diary read: a call that has been open since before the newest session.
    let sessions = &recent.sessions;
    let entries = whole_history(diary, sessions).await?;
    let (judged, as_entered) = (
        speaker.judged(sessions, &moment.zone, &entries),
        speaker.as_entered(sessions, &moment.zone, &entries),
    );
    let found = judged.iter().chain(&as_entered).find(is_it);
    Ok(found.map(|found| card(speaker, found, call.level, &judged, moment)))
}

fn level(judged: &Judged<'_>) -> TriageLevel {
    judged.view.assessment.level
}

/// What the most urgent has the most of.
fn urgency(judged: &Judged<'_>) -> (TriageLevel, DateTime<Utc>) {
    (level(judged), judged.view.at)
}

/// The card, with what to read out of the check-in beside `others` as they stand.
fn card(
    speaker: Speaker<'_>,
    judged: &Judged<'_>,
    at_least: TriageLevel,
    others: &[Judged<'_>],
    moment: &Moment,
) -> CallCard {
    CallCard {
        session: views::session(judged.session),
        level: level(judged).max(at_least),
        check_in: judged.view.clone(),
        summary: speaker.summary(judged, others, moment.zone.date(moment.now)),
        not_reached_at: None,
    }
}

/// Every entry of every session, as triage takes them.
pub(super) async fn whole_history(diary: &Diary, sessions: &[Session]) -> Result<Vec<CheckIn>, Failure> {
    let mut entries = Vec::new();
    for session in sessions {
        entries.extend(diary.check_in_history(session.id).await?);
    }
    Ok(entries)
}

/// Every check-in that asked for a call, and what came of it, the newest first.
pub async fn past_calls(app: &App, moment: &Moment) -> Result<Vec<PastCall>, Failure> {
    let diary = app.diary().await?;
    let recent = Recent::read(app, &diary, moment).await?;
    let (speaker, sessions) = (recent.speaker(&app.plan), &recent.sessions);
    let entries = whole_history(&diary, sessions).await?;
    let stand = speaker.judged(sessions, &moment.zone, &entries);
    let as_entered = speaker.as_entered(sessions, &moment.zone, &entries);
    let asked = |judged: &&Judged<'_>| level(judged) >= TriageLevel::CallClinic;
    let corrected = as_entered
        .iter()
        .filter(asked)
        .filter(|then| !stand.iter().any(|now| now.view.id == then.view.id));
    let mut raised: Vec<_> = stand
        .iter()
        .filter(asked)
        .map(|judged| (judged, false))
        .chain(corrected.map(|judged| (judged, true)))
        .collect();
    raised.sort_by_key(|(judged, _)| std::cmp::Reverse((judged.view.at, judged.view.id)));
    let said = Said {
        answers: diary.call_answers().await?,
        dismissals: diary.dismissals().await?,
        came_of: diary.follow_up_answers().await?,
    };
    Ok(raised
        .iter()
        .map(|(judged, corrected)| PastCall {
            check_in: judged.view.id,
            at: judged.view.at,
            day: judged.view.day,
            level: level(judged),
            because: judged
                .view
                .assessment
                .findings
                .iter()
                .filter(|finding| finding.level >= TriageLevel::CallClinic)
                .map(|finding| finding.because.clone())
                .collect(),
            corrected: *corrected,
            answer: said.about(judged, &raised),
            came_of: said.came_of(judged.view.id),
        })
        .collect())
}

/// What was said about calls.
struct Said {
    answers: Vec<CallAnswer>,
    dismissals: Vec<Dismissal>,
    came_of: Vec<FollowUpAnswer>,
}

impl Said {
    /// What closed a call: the last word about itself, else the first about one of at least its level after it.
    fn about(&self, call: &Judged<'_>, raised: &[(&Judged<'_>, bool)]) -> Option<PastAnswer> {
        let own = self
            .answers
            .iter()
            .rfind(|answer| answer.check_in == call.view.id);
        let dismissed = self
            .dismissals
            .iter()
            .rfind(|dismissal| dismissal.check_in == call.view.id);
        let covering = || {
            self.answers.iter().find(|answer| {
                answer.outcome != CallOutcome::EnteredByMistake
                    && answer.at >= call.view.at
                    && raised
                        .iter()
                        .any(|(other, _)| other.view.id == answer.check_in && level(other) >= level(call))
            })
        };
        match (own, dismissed) {
            (None, Some(dismissal)) => Some(PastAnswer {
                outcome: None,
                at: dismissal.at,
            }),
            (own, _) => own.or_else(covering).map(|answer| PastAnswer {
                outcome: Some(answer.outcome),
                at: answer.at,
            }),
        }
    }

    fn came_of(&self, call: CheckInId) -> Vec<String> {
        self.came_of
            .iter()
            .filter(|told| told.check_in == call && !told.note.is_empty())
            .map(|told| told.note.clone())
            .collect()
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

/// The question what came of a call in which somebody was reached.
pub(super) fn outcome_asked(reached: &ReachedCall) -> OutcomeAsked {
    OutcomeAsked {
        check_in: reached.call.check_in.id,
        outcome: reached.outcome,
        at: reached.reached_at,
    }
}
