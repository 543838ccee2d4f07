//! "Can I …?", and what a product's list of ingredients means: both answer from the windows that Today shows.

use std::cmp::Reverse;

use afterglow_care::ingredients::MAX_LIST_CHARS;
use afterglow_care::permission;

use crate::app::App;
use crate::clock::Moment;
use crate::recent::chosen;
use crate::views::Speaker;
use crate::wire::{CanView, Failure, IngredientsView};

/// The longest question that is read, in characters.
const MAX_QUESTION_CHARS: usize = 200;
/// The most things that a half-typed word is taken for.
const MOST_BEGUN: usize = 5;

/// Answers what the words ask about, what holds back most first. It is called while the patient types.
pub async fn can(app: &App, moment: &Moment, question: String) -> Result<CanView, Failure> {
    let standing = app.diary().await?.standing().await?;
    let plan = &app.plan;
    let settings = &chosen(app, standing.settings);
    let call_open = !standing.entered.open_calls.is_empty();
    let speaker = Speaker {
        plan,
        settings,
        call_open,
    };
    let typed: String = question.chars().take(MAX_QUESTION_CHARS).collect();
    let mut answers: Vec<_> = permission::questions(plan, &typed)
        .into_iter()
        .map(|asked| {
            let answer = permission::answer(plan, &standing.entered.sessions, &asked, moment.now);
            (
                asked,
                if call_open {
                    answer.while_call_is_open()
                } else {
                    answer
                },
            )
        })
        .collect();
    answers.sort_by_key(|(_, answer)| Reverse(answer.strictness()));
    let begun = if answers.is_empty() {
        permission::begun(plan, &typed)
    } else {
        Vec::new()
    };
    Ok(CanView {
        answers: answers
            .iter()
            .map(|(asked, answer)| speaker.can(asked, answer))
            .collect(),
        begun: begun
            .into_iter()
            .take(MOST_BEGUN)
            .map(|activity| activity.texts(settings.locale).label.clone())
            .collect(),
    })
}

/// Says which of a product's ingredients have to wait, which are unknown and which are fine.
pub async fn check_ingredients(app: &App, moment: &Moment, list: String) -> Result<IngredientsView, Failure> {
    let standing = app.diary().await?.standing().await?;
    let settings = &chosen(app, standing.settings);
    let speaker = Speaker {
        plan: &app.plan,
        settings,
        call_open: !standing.entered.open_calls.is_empty(),
    };
    let check = permission::check_ingredients(&app.plan, &standing.entered.sessions, &list, moment.now);
    let cut = list.chars().nth(MAX_LIST_CHARS).is_some();
    Ok(speaker.ingredients(check, cut))
}
