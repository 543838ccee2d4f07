//! How recoveries went, laid over each other.

use std::collections::HashMap;

use afterglow_care::Session;
use afterglow_care::session::SessionId;
use afterglow_diary::Diary;

use crate::app::App;
use crate::clock::Moment;
use crate::recent::chosen;
use crate::views::{Recorded, Speaker, progress_session};
use crate::wire::{Failure, ProgressInput, ProgressView};

/// The most recoveries that are laid over one: each more could not be told from the others.
const MOST_OVER: usize = 3;

/// Every session to choose from, and of those that are chosen everything that was logged; none without a session. What
/// it answers grows with the years by a line for each session.
pub async fn progress(
    app: &App,
    moment: &Moment,
    input: ProgressInput,
) -> Result<Option<ProgressView>, Failure> {
    let diary = app.diary().await?;
    let standing = diary.standing().await?;
    let sessions = &standing.entered.sessions;
    let entered = diary.entered_about().await?;
    let found = |id: SessionId| sessions.iter().find(|session| session.id == id);
    let front = match input.session {
        None => sessions.last(),
        Some(id) => Some(found(id).ok_or(Failure::NotFound)?),
    };
    let Some(front) = front else {
        return Ok(None);
    };
    let logged: HashMap<_, _> = entered
        .iter()
        .map(|about| (about.session, about.check_ins + about.photos))
        .collect();
    let over: Vec<_> = match input.over {
        None => sessions
            .iter()
            .rev()
            .filter(|other| other.id != front.id && !other.areas.is_disjoint(&front.areas))
            .find(|other| logged.get(&other.id).is_some_and(|entries| *entries > 0))
            .into_iter()
            .collect(),
        Some(over) => sessions
            .iter()
            .rev()
            .filter(|other| other.id != front.id && over.contains(&other.id))
            .take(MOST_OVER)
            .collect(),
    };
    let settings = &chosen(app, standing.settings);
    let speaker = Speaker {
        plan: &app.plan,
        settings,
        call_open: false,
    };
    let mut recoveries = Vec::with_capacity(1 + over.len());
    for session in std::iter::once(front).chain(over) {
        let recorded = recorded(&diary, session).await?;
        recoveries.push(speaker.progress(sessions, &recorded, moment));
    }
    Ok(Some(ProgressView {
        sessions: sessions
            .iter()
            .rev()
            .map(|session| progress_session(session, &entered, &moment.zone))
            .collect(),
        symptoms: speaker.questions(sessions, front, moment).symptoms,
        recoveries,
    }))
}

async fn recorded<'a>(diary: &Diary, session: &'a Session) -> Result<Recorded<'a>, Failure> {
    Ok(Recorded {
        session,
        check_ins: diary.check_in_history(session.id).await?,
        asked: diary.asked(session.id).await?,
        photos: diary.photos(session.id).await?,
    })
}
