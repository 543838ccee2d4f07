//! What the patient chose about reminders.

use super::*;

#[tokio::test]
async fn choices_are_kept_and_what_they_keep_back_is_told() {
    let mut device = Device::new();
    let first = reminder_choices(&device.app, &moment()).await.unwrap();
    assert!(first.chosen.sound && first.chosen.switched_off.is_empty() && first.untold.is_empty());
    let chosen = ReminderChoices {
        sound: false,
        repeat_until_done: true,
        morning: "07:15:00".parse().ok(),
        evening: None,
        switched_off: ["no_makeup", "moisturise", "of a plan long gone"]
            .map(ToOwned::to_owned)
            .into(),
    };
    let told = change_reminder_choices(&device.app, &moment(), chosen)
        .await
        .unwrap();
    let makeup = first
        .instructions
        .iter()
        .find(|one| one.instruction == "no_makeup");
    assert_eq!(
        told.untold,
        [makeup.unwrap().label.clone()],
        "care holds nothing back"
    );
    device.restarts().await;
    let kept = reminder_choices(&device.app, &moment()).await.unwrap().chosen;
    assert_eq!(kept.morning, "07:15:00".parse().ok());
    assert!(!kept.sound && kept.repeat_until_done);
    assert_eq!(
        kept.switched_off,
        ["moisturise", "no_makeup"].map(ToOwned::to_owned).into()
    );
}

#[tokio::test]
async fn todays_care_is_at_the_patients_own_times() {
    let device = Device::new();
    a_session(&device.app).await;
    let of_cleansing = async |app: &App| {
        let care = overview(app, &later(13)).await.unwrap().recovery.unwrap().care;
        care.into_iter()
            .find(|one| one.instruction == "gentle_cleanse")
            .unwrap()
            .times
    };
    let before = of_cleansing(&device.app).await;
    let chosen = ReminderChoices {
        morning: "07:15:00".parse().ok(),
        ..reminder_choices(&device.app, &moment()).await.unwrap().chosen
    };
    change_reminder_choices(&device.app, &moment(), chosen)
        .await
        .unwrap();
    let after = of_cleansing(&device.app).await;
    assert_eq!(before[0] - after[0], TimeDelta::minutes(45));
}
