//! "Can I …?" and the ingredient check over a real diary.

use afterglow_care::check_in::Sign;
use afterglow_care::permission::Answer;
use afterglow_care::triage::CallOutcome;

use super::super::*;
use super::{Device, a_session, later, moment, typed};
use crate::wire::CallAnswer;

#[tokio::test]
async fn what_is_asked_is_answered_from_the_windows_of_the_session() {
    let device = Device::new();
    a_session(&device.app).await;
    let asked = async |words: &str, hours| can(&device.app, &later(hours), words.to_owned()).await.unwrap();

    let makeup = asked("Can I wear make-up?", 0).await;
    let [answer] = &makeup.answers[..] else {
        panic!("{makeup:?}");
    };
    assert_eq!(answer.answer, Answer::NotYet);
    // 72 hours after a session that ended three hours ago.
    assert_eq!(answer.until, Some(later(69).now));
    assert!(!answer.why.is_empty() && !answer.sources.is_empty());
    assert_eq!(asked("make-up", 69).await.answers[0].answer, Answer::Yes);

    let several = asked("paracetamol or the sauna", 0).await;
    assert_eq!(
        several.answers[0].answer,
        Answer::NotYet,
        "what holds back comes first: {several:?}"
    );
    assert!(several.answers.len() > 1);

    let half = asked("saun", 0).await;
    assert!(half.answers.is_empty() || half.begun.is_empty());
    let nothing = asked("xylophone", 0).await;
    assert_eq!((nothing.answers.len(), nothing.begun.len()), (0, 0));
}

#[tokio::test]
async fn no_question_is_too_long_to_be_answered() {
    let device = Device::new();
    a_session(&device.app).await;
    let long = "sauna ".repeat(100_000);
    assert!(
        !can(&device.app, &moment(), long)
            .await
            .unwrap()
            .answers
            .is_empty()
    );
}

#[tokio::test]
async fn a_list_tells_what_waits_what_is_unknown_and_that_its_end_was_not_read() {
    let device = Device::new();
    a_session(&device.app).await;
    let list = "Aqua, Glycerin, Retinol, Xylophonium Borealis Extract";
    let check = check_ingredients(&device.app, &moment(), list.to_owned())
        .await
        .unwrap();
    let [retinol] = &check.flagged[..] else {
        panic!("{check:?}");
    };
    assert_eq!(retinol.name, "Retinol");
    assert!(retinol.until.is_some() && !retinol.family.is_empty() && !retinol.why.is_empty());
    assert_eq!(check.unknown, ["Xylophonium Borealis Extract"]);
    assert_eq!(check.fine.len(), 2);
    assert!(check.all_products_until.is_some() && !check.cut);

    let endless = "Glycerin, ".repeat(10_000);
    assert!(
        check_ingredients(&device.app, &moment(), endless)
            .await
            .unwrap()
            .cut
    );
}

#[tokio::test]
async fn while_a_call_is_open_the_clinic_is_asked_before_anything_begins_again() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let answer = async || {
        can(&device.app, &later(80), "make-up".to_owned())
            .await
            .unwrap()
            .answers
    };
    let over = async || {
        let shown = overview(&device.app, &later(70)).await.unwrap();
        let mut restrictions = shown.recovery.unwrap().restrictions.into_iter();
        restrictions.find(|one| one.label == "Makeup").unwrap().over
    };
    assert_eq!(answer().await[0].answer, Answer::Yes);
    assert_eq!(over().await, "Makeup is fine again.");
    let call = record_check_in(&device.app, &later(60), typed(session, &[Sign::SpreadingRedness]))
        .await
        .unwrap();
    assert_eq!(answer().await[0].answer, Answer::AskClinic);
    assert!(answer().await[0].why.starts_with("You were asked to call."));
    assert_eq!(
        over().await,
        "Makeup: the wait is over, but you were asked to call. Ask your clinic first."
    );
    let list = check_ingredients(&device.app, &later(400), "Aqua".to_owned())
        .await
        .unwrap();
    assert!(list.ask_clinic);

    let answered = CallAnswer {
        check_in: call.id,
        outcome: CallOutcome::ReachedClinic,
    };
    answer_call(&device.app, &later(61), answered).await.unwrap();
    assert_eq!(answer().await[0].answer, Answer::Yes);
    assert_eq!(over().await, "Makeup is fine again.");
}
