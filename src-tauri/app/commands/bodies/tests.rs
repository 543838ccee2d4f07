//! The bodies on real files: a diary, its key and its copies in a folder of their own.

mod calls;
mod can;
mod check_ins;
mod plan;
mod progress;
mod reminding;
mod sessions;
mod ways_out;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use afterglow_care::check_in::{Severity, Sign, Symptom};
use afterglow_care::photo::Pose;
use afterglow_care::session::{Area, SessionId, Setting};
use afterglow_care::{Locale, Zone};
use afterglow_diary::NewKey;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::app::Places;
use crate::wire::*;

/// A small grey PNG, as a camera would hand it over.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAADklEQVR4nGNoAAMGCAUAKg4GARWeQtcAAAAASUVORK5CYII=";
const PASSPHRASE: &str = "seven quiet mornings";

struct Device {
    app: App,
    folder: tempfile::TempDir,
}

fn app_in(folder: &Path) -> App {
    let places = Places {
        home: folder.join("home"),
        downloads: folder.join("downloads"),
    };
    App::new(places, Locale::En, None, NewKey::KeyFile)
}

impl Device {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            app: app_in(folder.path()),
            folder,
        }
    }

    /// As after the app was closed and opened again.
    async fn restarts(&mut self) {
        if let crate::app::Slot::Open(open) = &*self.app.alone().await {
            open.diary.clone().close().await;
        }
        self.app = app_in(self.folder.path());
    }

    fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join("home/diary").join(name)
    }
}

fn moment() -> Moment {
    Moment {
        now: "2026-11-20T19:30:00Z".parse().unwrap(),
        zone: Zone::named("Europe/Madrid").unwrap(),
    }
}

fn later(hours: i64) -> Moment {
    let moment = moment();
    Moment {
        now: moment.now + TimeDelta::hours(hours),
        ..moment
    }
}

async fn a_session(app: &App) -> SessionId {
    a_session_at(app, &moment()).await
}

/// One that ended three hours before.
async fn a_session_at(app: &App, moment: &Moment) -> SessionId {
    let input = SessionInput {
        ended_at: moment.zone.local(moment.now - TimeDelta::hours(3)).naive_local(),
        setting: Setting::Clinic,
        device: None,
        depth_mm: Some(1.5),
        areas: BTreeSet::from([Area::Face]),
        concerns: BTreeSet::new(),
        clinic_gave: BTreeSet::new(),
        adjuncts: BTreeSet::new(),
        exposed: false,
        course: None,
    };
    add_session(app, moment, input).await.unwrap().id
}

fn typed(session: SessionId, signs: &[Sign]) -> CheckInInput {
    CheckInInput {
        session,
        day: None,
        time: None,
        revises: None,
        severities: BTreeMap::from(Symptom::CORE.map(|symptom| (symptom, Severity::new(1).unwrap()))),
        signs: Some(signs.iter().copied().collect()),
        temperature_c: None,
        areas: BTreeSet::new(),
        note: String::new(),
    }
}

fn kind(failure: Failure) -> DiaryTrouble {
    match failure {
        Failure::DiaryUnavailable { trouble, .. } => trouble,
        other => panic!("{other:?}"),
    }
}

async fn set_a_passphrase(app: &App, ask_at_start: bool) -> ProtectionView {
    let input = NewPassphrase {
        passphrase: PASSPHRASE.to_owned(),
        ask_at_start,
    };
    set_passphrase(app, &moment(), input).await.unwrap()
}

fn passphrase(typed: &str) -> Secret {
    Secret::Passphrase(typed.to_owned())
}

fn confirmed() -> String {
    " Borrar ".to_owned()
}

#[tokio::test]
async fn a_locked_diary_answers_nothing_until_it_is_unlocked() {
    let mut device = Device::new();
    let session = a_session(&device.app).await;
    assert!(matches!(
        lock(&device.app, &moment()).await,
        Err(Failure::KeyRefused {
            fault: KeyFault::NoPassphrase,
            ..
        })
    ));
    let protection = set_a_passphrase(&device.app, true).await.ways;
    assert_eq!((protection.key_file, protection.passphrase), (false, true));

    lock(&device.app, &moment()).await.unwrap();
    let ways = Ways {
        passphrase: true,
        recovery_code: false,
    };
    for _ in 0..2 {
        let locked = DiaryTrouble::Locked { ways };
        assert_eq!(kind(overview(&device.app, &moment()).await.unwrap_err()), locked);
        assert_eq!(kind(timeline(&device.app, &moment()).await.unwrap_err()), locked);
        let refused = record_check_in(&device.app, &moment(), typed(session, &[])).await;
        assert_eq!(kind(refused.unwrap_err()), locked);
        let erased = erase_everything(
            &device.app,
            &moment(),
            EraseEverything {
                confirmation: confirmed(),
            },
        )
        .await;
        assert_eq!(kind(erased.unwrap_err()), locked);
        device.restarts().await;
    }
    let wrong = unlock(&device.app, &moment(), passphrase("seven loud mornings")).await;
    assert_eq!(
        kind(wrong.unwrap_err()),
        DiaryTrouble::WrongSecret {
            secret: SecretKind::Passphrase
        }
    );
    let typo = Secret::RecoveryCode("QPZR Y9X8".to_owned());
    assert_eq!(
        kind(unlock(&device.app, &moment(), typo).await.unwrap_err()),
        DiaryTrouble::RecoveryCodeTypo
    );
    unlock(&device.app, &moment(), passphrase(PASSPHRASE))
        .await
        .unwrap();
    assert!(overview(&device.app, &moment()).await.unwrap().recovery.is_some());
}

#[tokio::test]
async fn locking_waits_for_the_command_that_works_with_the_diary() {
    let device = Device::new();
    set_a_passphrase(&device.app, true).await;
    let in_use = device.app.diary().await.unwrap();
    let now = moment();
    let (locked, ()) = tokio::join!(lock(&device.app, &now), async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        // It may ask a second time before it is done.
        let again = device.app.diary().await.unwrap();
        assert!(again.is_open() && in_use.sessions().await.unwrap().is_empty());
        drop((again, in_use));
    });
    locked.unwrap();
    assert!(device.app.diary().await.is_err());
}

#[tokio::test]
async fn a_recovery_code_opens_and_its_groups_are_what_is_typed() {
    let mut device = Device::new();
    a_session(&device.app).await;
    set_a_passphrase(&device.app, true).await;
    let code = new_recovery_code(&device.app, &moment()).await.unwrap();
    assert_eq!(code.groups.len(), 8);
    assert!(code.groups.iter().all(|group| group.len() == 4));
    assert!(code.qr_svg.starts_with("<svg"));
    assert!(!format!("{code:?}").contains(&code.groups[0]));
    device.restarts().await;
    let typed = Secret::RecoveryCode(code.groups.join("-").to_lowercase());
    unlock(&device.app, &moment(), typed).await.unwrap();
    assert!(
        remove_recovery_code(&device.app, &moment())
            .await
            .is_ok_and(|view| !view.ways.recovery_code)
    );
}

#[tokio::test]
async fn the_passphrase_is_changed_and_removed_by_who_knows_it() {
    let device = Device::new();
    let short = NewPassphrase {
        passphrase: "seven".to_owned(),
        ask_at_start: true,
    };
    assert!(matches!(
        set_passphrase(&device.app, &moment(), short).await,
        Err(Failure::PassphraseTooShort { least: 8 })
    ));
    set_a_passphrase(&device.app, true).await;
    let change = |current: &str| ChangedPassphrase {
        current: current.to_owned(),
        new: "eight quiet mornings".to_owned(),
    };
    assert!(matches!(
        change_passphrase(&device.app, &moment(), change("not this one")).await,
        Err(Failure::KeyRefused {
            fault: KeyFault::WrongPassphrase,
            ..
        })
    ));
    change_passphrase(&device.app, &moment(), change(PASSPHRASE))
        .await
        .unwrap();
    let removed = RemovedPassphrase {
        current: "eight quiet mornings".to_owned(),
        accept_key_file: true,
    };
    let view = remove_passphrase(&device.app, &moment(), removed).await.unwrap();
    assert!(!view.ways.passphrase);
}

#[tokio::test]
async fn a_backup_is_made_once_a_day_beside_the_commands_and_restores() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let work = crate::backups::due(&device.app, &moment()).await.unwrap();
    work.expect("none was made today").await;
    assert!(
        crate::backups::due(&device.app, &later(1))
            .await
            .unwrap()
            .is_none()
    );
    let before = backups(&device.app, &moment()).await.unwrap();
    assert_eq!(before.last.unwrap().failure, None);
    let name = before.copies[0].name.clone();
    assert_eq!(before.copies[0].holds.unwrap().sessions, 1);

    record_check_in(&device.app, &moment(), typed(session, &[]))
        .await
        .unwrap();
    let input = RestoreInput { name, secret: None };
    let restored = restore_backup(&device.app, &later(1), input).await.unwrap();
    assert_eq!((restored.holds.sessions, restored.holds.check_ins), (1, 0));
    let after = backups(&device.app, &moment()).await.unwrap();
    let aside = after
        .copies
        .iter()
        .find(|copy| Some(&copy.name) == restored.set_aside.as_ref())
        .unwrap();
    assert_eq!(aside.holds.unwrap().check_ins, 1, "what was replaced is kept");
    assert!(
        crate::backups::due(&device.app, &later(24))
            .await
            .unwrap()
            .is_some(),
        "the next day has its own"
    );
}

#[tokio::test]
async fn a_damaged_diary_offers_its_backups_and_one_of_them_takes_its_place() {
    let mut device = Device::new();
    a_session(&device.app).await;
    set_a_passphrase(&device.app, true).await;
    back_up_now(&device.app, &moment()).await.unwrap();
    device.restarts().await;
    let rubbish = b"not a diary any more".repeat(400);
    std::fs::write(device.file("diary.db"), &rubbish).unwrap();

    let trouble = kind(
        unlock(&device.app, &moment(), passphrase(PASSPHRASE))
            .await
            .unwrap_err(),
    );
    let DiaryTrouble::Damaged { backups } = trouble else {
        panic!("{trouble:?}");
    };
    let restore = |secret: Option<Secret>| RestoreInput {
        name: backups[0].name.clone(),
        secret,
    };
    let without = restore_backup(&device.app, &moment(), restore(None)).await;
    assert!(matches!(kind(without.unwrap_err()), DiaryTrouble::Locked { .. }));
    let restored = restore_backup(&device.app, &moment(), restore(Some(passphrase(PASSPHRASE))))
        .await
        .unwrap();
    assert_eq!(restored.holds.sessions, 1);
    let aside = device.file("backups").join(restored.set_aside.unwrap());
    assert_eq!(std::fs::read(aside).unwrap(), rubbish, "the damaged file is kept");
    assert!(overview(&device.app, &moment()).await.unwrap().recovery.is_some());
}

#[tokio::test]
async fn an_export_is_looked_into_joined_and_restored_on_another_device() {
    let (here, there) = (Device::new(), Device::new());
    a_session(&here.app).await;
    let other = a_session(&there.app).await;
    record_check_in(&there.app, &moment(), typed(other, &[]))
        .await
        .unwrap();
    let export = ExportInput {
        passphrase: PASSPHRASE.to_owned(),
    };
    let path = export_diary(&there.app, &moment(), export).await.unwrap().path;
    assert!(path.ends_with("afterglow-2026-11-20.age"), "{path}");

    let carried = here.app.places.downloads.join("afterglow-2026-11-20.age");
    let import = |passphrase: &str| ImportInput {
        path: carried.display().to_string(),
        passphrase: passphrase.to_owned(),
    };
    let refused = |answer: Result<(), Failure>| match answer {
        Err(Failure::ImportRefused { fault, .. }) => fault,
        other => panic!("{other:?}"),
    };
    let not_there = inspect_import(&here.app, &moment(), import(PASSPHRASE)).await;
    assert_eq!(refused(not_there.map(drop)), ImportFault::NotListed);
    std::fs::create_dir_all(&here.app.places.downloads).unwrap();
    std::fs::copy(&path, &carried).unwrap();
    assert_eq!(importable(&here.app, &moment()).await.unwrap().len(), 1);
    let wrong = inspect_import(&here.app, &moment(), import("not this one")).await;
    assert_eq!(refused(wrong.map(drop)), ImportFault::WrongPassphrase);
    let elsewhere = ImportInput {
        path: path.clone(),
        passphrase: PASSPHRASE.to_owned(),
    };
    let elsewhere = inspect_import(&here.app, &moment(), elsewhere).await;
    assert_eq!(
        refused(elsewhere.map(drop)),
        ImportFault::NotListed,
        "only what is in the downloads folder is opened"
    );

    let inside = inspect_import(&here.app, &moment(), import(PASSPHRASE))
        .await
        .unwrap();
    assert_eq!((inside.holds.sessions, inside.holds.check_ins), (1, 1));
    assert_eq!(inside.made_at, Some(moment().now));
    let merged = merge_import(&here.app, &moment(), import(PASSPHRASE))
        .await
        .unwrap();
    assert_eq!((merged.sessions, merged.check_ins), (1, 1));
    let again = merge_import(&here.app, &moment(), import(PASSPHRASE))
        .await
        .unwrap();
    assert_eq!((again.sessions, again.check_ins), (0, 0));
    let restore = RestoreImport {
        path: carried.display().to_string(),
        passphrase: PASSPHRASE.to_owned(),
        secret: None,
    };
    let restored = restore_import(&here.app, &later(1), restore).await.unwrap();
    assert_eq!((restored.holds.sessions, restored.holds.check_ins), (1, 1));
}

#[tokio::test]
async fn erasing_wants_the_word_and_reaches_the_copies() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    back_up_now(&device.app, &moment()).await.unwrap();
    let erase = |confirmation: &str| EraseSession {
        session,
        confirmation: confirmation.to_owned(),
    };
    for stray in ["", "yes", "true"] {
        let refused = erase_session(&device.app, &moment(), erase(stray)).await;
        assert!(matches!(refused, Err(Failure::NotConfirmed)));
    }
    let erased = erase_session(&device.app, &moment(), erase("ERASE"))
        .await
        .unwrap();
    assert_eq!(erased.copies_left, None);
    let left = backups(&device.app, &moment()).await.unwrap().copies;
    assert!(left.iter().all(|copy| copy.holds.unwrap().sessions == 0));
    assert!(overview(&device.app, &moment()).await.unwrap().recovery.is_none());
}

#[tokio::test]
async fn erasing_everything_leaves_no_file_of_the_diary_and_the_app_begins_anew() {
    let device = Device::new();
    a_session(&device.app).await;
    back_up_now(&device.app, &moment()).await.unwrap();
    let stray = EraseEverything {
        confirmation: String::new(),
    };
    assert!(matches!(
        erase_everything(&device.app, &moment(), stray).await,
        Err(Failure::NotConfirmed)
    ));
    let word = EraseEverything {
        confirmation: confirmed(),
    };
    erase_everything(&device.app, &moment(), word).await.unwrap();
    let left = std::fs::read_dir(device.file(".")).map_or(0, |entries| entries.flatten().count());
    assert_eq!(left, 0);
    assert!(overview(&device.app, &moment()).await.unwrap().recovery.is_none());
}

#[tokio::test]
async fn a_photo_is_made_anew_kept_listed_and_erased() {
    let device = Device::new();
    let session = a_session(&device.app).await;
    let photo = |file: String, session: SessionId| PhotoInput {
        session,
        check_in: None,
        day: None,
        pose: Pose::Front,
        file,
    };
    let kept = add_photo(&device.app, &moment(), photo(PNG.to_owned(), session))
        .await
        .unwrap();
    assert_eq!((kept.width, kept.height), (2, 2));
    let listed = photos(&device.app, &moment(), session).await.unwrap();
    assert_eq!(listed.len(), 1);
    let refused = |answer: Result<PhotoView, Failure>| match answer {
        Err(Failure::PhotoRefused { fault, .. }) => fault,
        other => panic!("{other:?}"),
    };
    for (file, fault) in [
        (STANDARD.encode(""), PhotoFault::Empty),
        (
            STANDARD.encode("\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
            PhotoFault::Heic,
        ),
        (STANDARD.encode("just words"), PhotoFault::NotAPhoto),
        ("no base64".to_owned(), PhotoFault::Damaged),
    ] {
        let answer = add_photo(&device.app, &moment(), photo(file, session)).await;
        assert_eq!(refused(answer), fault);
    }
    let nowhere = photo(PNG.to_owned(), SessionId(Uuid::from_u128(7)));
    assert!(matches!(
        add_photo(&device.app, &moment(), nowhere).await,
        Err(Failure::NotFound)
    ));
    let erase = ErasePhoto {
        photo: kept.id,
        confirmation: confirmed(),
    };
    erase_photo(&device.app, &moment(), erase).await.unwrap();
    assert!(photos(&device.app, &moment(), session).await.unwrap().is_empty());
}
