//! What a patient can do when the diary does not open.

use super::*;

fn anew(confirmation: &str) -> StartAnew {
    StartAnew {
        confirmation: confirmation.to_owned(),
    }
}

fn with_numbers(phone: &str) -> Settings {
    let mut settings = crate::views::default_settings(Locale::En);
    settings.clinic.phone = phone.to_owned();
    settings
}

async fn outside(app: &App) -> Option<(String, String)> {
    let numbers = call_numbers(app, &moment()).await.unwrap();
    numbers.map(|numbers| (numbers.clinic, numbers.emergency))
}

#[tokio::test]
async fn numbers_are_outside_the_diary_with_consent_only_and_follow_the_settings() {
    let device = Device::new();
    let emergency = || "112".to_owned();
    change_settings(&device.app, &moment(), with_numbers("555 01"))
        .await
        .unwrap();
    assert_eq!(outside(&device.app).await, None);
    keep_numbers_outside(&device.app, &moment(), true).await.unwrap();
    assert_eq!(
        outside(&device.app).await,
        Some(("555 01".to_owned(), emergency()))
    );
    change_settings(&device.app, &moment(), with_numbers("555 02"))
        .await
        .unwrap();
    set_a_passphrase(&device.app, true).await;
    lock(&device.app, &moment()).await.unwrap();
    assert_eq!(
        outside(&device.app).await,
        Some(("555 02".to_owned(), emergency()))
    );
    let refused = EraseEverything {
        confirmation: confirmed(),
    };
    assert!(erase_everything(&device.app, &moment(), refused).await.is_err());
    assert!(
        outside(&device.app).await.is_some(),
        "what was not erased keeps them"
    );
    unlock(&device.app, &moment(), passphrase(PASSPHRASE))
        .await
        .unwrap();
    keep_numbers_outside(&device.app, &moment(), false).await.unwrap();
    assert_eq!(outside(&device.app).await, None);
    keep_numbers_outside(&device.app, &moment(), true).await.unwrap();
    let word = EraseEverything {
        confirmation: confirmed(),
    };
    erase_everything(&device.app, &moment(), word).await.unwrap();
    assert_eq!(outside(&device.app).await, None);
}

#[tokio::test]
async fn a_diary_that_nothing_opens_is_set_aside_on_a_word_and_kept() {
    let mut device = Device::new();
    a_session(&device.app).await;
    let opens = start_anew(&device.app, &moment(), anew("new")).await;
    assert!(matches!(opens, Err(Failure::DiaryOpens)));
    device.restarts().await;
    for file in ["diary.key", "diary.key.copy"] {
        std::fs::remove_file(device.file(file)).unwrap();
    }
    let stray = start_anew(&device.app, &moment(), anew("yes")).await;
    assert!(matches!(stray, Err(Failure::NotConfirmed)));
    let before = std::fs::read(device.file("diary.db")).unwrap();
    let done = start_anew(&device.app, &moment(), anew("Nuevo")).await.unwrap();
    let aside = Path::new(&done.path).join("diary.db");
    assert_eq!(std::fs::read(aside).unwrap(), before);
    assert!(overview(&device.app, &moment()).await.unwrap().recovery.is_none());
}

#[tokio::test]
async fn a_diary_that_is_damaged_or_gone_is_replaced_by_an_export_under_its_own_key() {
    let mut device = Device::new();
    a_session(&device.app).await;
    set_a_passphrase(&device.app, true).await;
    let export = ExportInput {
        passphrase: "the export's own words".to_owned(),
    };
    let path = export_diary(&device.app, &moment(), export).await.unwrap().path;
    // Where the file is gone, a copy tells that there was one.
    back_up_now(&device.app, &moment()).await.unwrap();
    let restore = |secret| RestoreImport {
        path: path.clone(),
        passphrase: "the export's own words".to_owned(),
        secret,
    };
    for (gone, at) in [(false, moment()), (true, later(1))] {
        device.restarts().await;
        if gone {
            std::fs::remove_file(device.file("diary.db")).unwrap();
        } else {
            std::fs::write(device.file("diary.db"), b"not a diary any more".repeat(400)).unwrap();
        }
        let without = restore_import(&device.app, &at, restore(None)).await;
        assert!(matches!(kind(without.unwrap_err()), DiaryTrouble::Locked { .. }));
        let secret = Some(passphrase(PASSPHRASE));
        let restored = restore_import(&device.app, &at, restore(secret)).await.unwrap();
        assert_eq!(restored.holds.sessions, 1);
        assert_eq!(restored.set_aside.is_some(), !gone);
        assert!(overview(&device.app, &at).await.unwrap().recovery.is_some());
    }
}

/// Whichever page it is: the app opens and shows everything, or it says so and one of the backups is the way out.
#[tokio::test]
async fn a_damaged_page_is_harmless_or_told_with_the_backups_that_replace_it() {
    let mut device = Device::new();
    let session = a_session(&device.app).await;
    record_check_in(&device.app, &moment(), typed(session, &[Sign::Pus]))
        .await
        .unwrap();
    back_up_now(&device.app, &moment()).await.unwrap();
    device.restarts().await;
    let sound = std::fs::read(device.file("diary.db")).unwrap();
    let mut told = 0;
    for (hours, page) in (1..).zip((0..sound.len()).step_by(4_096)) {
        let now = later(hours);
        let mut damaged = sound.clone();
        damaged[page + 100] ^= 0xff;
        std::fs::write(device.file("diary.db"), &damaged).unwrap();
        match overview(&device.app, &now).await {
            Ok(shown) => assert!(shown.call.is_some()),
            Err(failure) => {
                let DiaryTrouble::Damaged { backups } = kind(failure) else {
                    panic!("page {page} is not said to be damaged");
                };
                let restore = RestoreInput {
                    name: backups[0].name.clone(),
                    secret: None,
                };
                let restored = restore_backup(&device.app, &now, restore).await.unwrap();
                assert_eq!(restored.holds.check_ins, 1);
                assert!(overview(&device.app, &now).await.unwrap().call.is_some());
                told += 1;
            }
        }
        device.restarts().await;
    }
    assert!(told > 0);
}
