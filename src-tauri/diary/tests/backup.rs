//! Backups of the day, restoring them, a damaged diary, and erasing everything: on real files.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod given;

use std::path::Path;

use afterglow_care::Locale;
use afterglow_diary::backup::{
    BackupError, BackupKind, ImportError, RestoreError, backups_in, erase_everything, restore_backup,
    set_aside_locked,
};
use afterglow_diary::settings::{StoredSettings, Theme};
use afterglow_diary::{Credential, Diary, NewKey, OpenError};
use chrono::{DateTime, NaiveDate, Utc};

const UNATTENDED: Credential<'_> = Credential::Unattended(NewKey::KeyFile);

async fn opened(folder: &Path) -> Diary {
    Diary::open(folder, UNATTENDED).await.unwrap().diary
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Settings with any text for a number, which tells one state of the diary from another.
fn named(state: &str) -> StoredSettings {
    StoredSettings {
        locale: Locale::En,
        quiet: None,
        discreet: false,
        clinic_name: String::new(),
        clinic_phone: String::new(),
        clinic_out_of_hours_phone: String::new(),
        clinic_opening_hours: String::new(),
        emergency_number: state.to_owned(),
        theme: Theme::System,
        text_percent: 100,
        skin_tone: None,
    }
}

async fn state(diary: &Diary) -> String {
    diary.settings().await.unwrap().unwrap().emergency_number
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = match std::fs::read_dir(folder) {
        Ok(entries) => entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect(),
        Err(_) => Vec::new(),
    };
    names.sort();
    names
}

/// Everything from byte `from` on becomes something else.
fn damage(path: &Path, from: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    for byte in &mut bytes[from..] {
        *byte ^= 0x5a;
    }
    std::fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn a_day_has_one_backup_and_it_holds_what_the_diary_holds() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.save_settings(&named("Sol")).await.unwrap();

    let backup = diary.back_up(day("2026-11-21")).await.unwrap().unwrap();
    assert_eq!(backup.name, "diary-2026-11-21.db");
    assert_eq!(backup.contents.as_ref().unwrap().rows["settings"], 1);
    assert_eq!(diary.back_up(day("2026-11-21")).await.unwrap(), None);
    assert_eq!(diary.list_backups().await.unwrap(), [backup]);
    assert_eq!(names(&folder.path().join("backups")), ["diary-2026-11-21.db"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &str| {
            std::fs::metadata(folder.path().join(path))
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        assert_eq!(
            (mode("backups"), mode("backups/diary-2026-11-21.db")),
            (0o700, 0o600)
        );
    }
    // Encrypted: neither SQLite's first words nor what was entered can be found.
    let bytes = std::fs::read(folder.path().join("backups/diary-2026-11-21.db")).unwrap();
    for word in [&b"SQLite format"[..], b"Sol", b"settings"] {
        assert!(!bytes.windows(word.len()).any(|window| window == word));
    }
}

#[tokio::test]
async fn a_backup_that_is_asked_for_takes_the_place_of_the_days_own() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let today = day("2026-11-21");
    diary.save_settings(&named("1")).await.unwrap();
    let first = diary.back_up(today).await.unwrap().unwrap();
    diary.save_settings(&named("2")).await.unwrap();
    let second = diary
        .back_up_again(today, at("2026-11-21T18:00:00Z"))
        .await
        .unwrap();
    assert_eq!(first.name, second.name);
    assert_eq!(diary.list_backups().await.unwrap().len(), 1);
    diary.save_settings(&named("3")).await.unwrap();
    let copy = diary.inspect_backup(&second.name).await.unwrap();
    let restored = diary.restore(copy, at("2026-11-21T19:00:00Z")).await.unwrap();
    assert_eq!(state(&restored.diary).await, "2");
}

#[tokio::test]
async fn old_backups_go_by_the_rule_and_other_files_stay() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let first = day("2026-10-05");
    for today in first.iter_days().take(3) {
        diary.back_up(today).await.unwrap().unwrap();
    }
    // More days than the rule keeps, without making each.
    let made = folder.path().join("backups/diary-2026-10-05.db");
    for date in day("2026-10-08").iter_days().take(20) {
        std::fs::copy(&made, folder.path().join(format!("backups/diary-{date}.db"))).unwrap();
    }
    for other in ["notes.txt", "diary-2026-1-1.db", "diary-x.db"] {
        std::fs::write(folder.path().join("backups").join(other), "mine").unwrap();
    }
    // An empty diary, perhaps in the place of a lost one, pushes nothing out.
    diary.back_up(day("2026-10-29")).await.unwrap().unwrap();
    assert_eq!(diary.list_backups().await.unwrap().len(), 24);
    std::fs::remove_file(folder.path().join("backups/diary-2026-10-29.db")).unwrap();

    diary
        .add_session(&given::session(1), at("2026-10-28T10:00:00Z"))
        .await
        .unwrap();
    diary.back_up(day("2026-10-28")).await.unwrap().unwrap();
    let dates: Vec<_> = diary
        .list_backups()
        .await
        .unwrap()
        .into_iter()
        .map(|backup| backup.name)
        .collect();
    assert_eq!(
        dates,
        [
            "diary-2026-10-28.db",
            "diary-2026-10-27.db",
            "diary-2026-10-26.db",
            "diary-2026-10-25.db",
            "diary-2026-10-24.db",
            "diary-2026-10-23.db",
            "diary-2026-10-22.db",
            "diary-2026-10-18.db",
            "diary-2026-10-11.db",
        ]
    );
    for other in ["notes.txt", "diary-2026-1-1.db", "diary-x.db"] {
        assert!(folder.path().join("backups").join(other).exists(), "{other}");
    }
}

#[tokio::test]
async fn a_backup_takes_the_diarys_place_and_the_one_before_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.save_settings(&named("before")).await.unwrap();
    let backup = diary.back_up(day("2026-11-20")).await.unwrap().unwrap();
    diary.save_settings(&named("after")).await.unwrap();
    let clone = diary.clone();

    let copy = diary.inspect_backup(&backup.name).await.unwrap();
    assert_eq!(Some(&copy.contents), backup.contents.as_ref());
    let restored = diary.restore(copy, at("2026-11-21T10:00:00.250Z")).await.unwrap();
    assert_eq!(state(&restored.diary).await, "before");
    assert_eq!(restored.set_aside, "replaced-20261121T100000250Z.db");
    assert!(!clone.is_open() && clone.settings().await.is_err());
    assert_eq!(
        names(&folder.path().join("backups")),
        ["diary-2026-11-20.db", "replaced-20261121T100000250Z.db"]
    );

    // And back again.
    let copy = restored.diary.inspect_backup(&restored.set_aside).await.unwrap();
    let again = restored
        .diary
        .restore(copy, at("2026-11-21T10:00:01Z"))
        .await
        .unwrap();
    assert_eq!(state(&again.diary).await, "after");
    again.diary.save_settings(&named("later")).await.unwrap();
    again.diary.close().await;
    assert_eq!(state(&opened(folder.path()).await).await, "later");
}

#[tokio::test]
async fn a_damaged_backup_is_told_and_nothing_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.save_settings(&named("here")).await.unwrap();
    let backup = diary.back_up(day("2026-11-20")).await.unwrap().unwrap();
    let path = folder.path().join("backups").join(&backup.name);
    let whole = std::fs::read(&path).unwrap();
    for from in [0, 4096 + 7, whole.len() - 1] {
        std::fs::write(&path, &whole).unwrap();
        damage(&path, from);
        let error = diary.inspect_backup(&backup.name).await.unwrap_err();
        assert!(
            matches!(&error, ImportError::Copy(BackupError::Unsound { name, .. }) if *name == backup.name),
            "{from}: {error}"
        );
    }
    std::fs::write(&path, &whole[..whole.len() - 4096]).unwrap();
    assert!(diary.inspect_backup(&backup.name).await.is_err());
    for name in [
        "../diary.db",
        "diary-2026-11-19.db",
        "/etc/passwd",
        "draft-1.db",
        "",
    ] {
        let error = diary.inspect_backup(name).await.unwrap_err();
        assert!(matches!(error, ImportError::NoSuchBackup(_)), "{name}: {error}");
    }
    assert_eq!(state(&diary).await, "here");
    assert_eq!(names(&folder.path().join("backups")), ["diary-2026-11-20.db"]);
}

#[tokio::test]
async fn a_damaged_diary_is_replaced_by_a_backup_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.save_settings(&named("saved")).await.unwrap();
    let backup = diary.back_up(day("2026-11-20")).await.unwrap().unwrap();
    diary.close().await;
    damage(&Diary::path(folder.path()), 0);
    let damaged = std::fs::read(Diary::path(folder.path())).unwrap();
    assert!(matches!(
        Diary::open(folder.path(), UNATTENDED).await,
        Err(OpenError::Damaged(_))
    ));

    // Not before: SQLite takes a log away when it has failed to open what it belongs to.
    std::fs::write(folder.path().join("diary.db-wal"), "a log that belongs to it").unwrap();
    let listed = backups_in(folder.path(), UNATTENDED).await.unwrap();
    assert_eq!(listed, std::slice::from_ref(&backup));
    let now = at("2026-11-21T10:00:00Z");
    let repaired = restore_backup(folder.path(), UNATTENDED, &backup.name, now)
        .await
        .unwrap();
    assert_eq!(state(&repaired.opened.diary).await, "saved");
    assert_eq!(Some(repaired.contents), backup.contents);
    let kept = repaired.set_aside.unwrap();
    assert_eq!(kept, "damaged-20261121T100000000Z.db");
    let backups = folder.path().join("backups");
    assert_eq!(std::fs::read(backups.join(&kept)).unwrap(), damaged);
    assert_eq!(
        std::fs::read(backups.join(format!("{kept}-wal"))).unwrap(),
        b"a log that belongs to it"
    );
    let kinds: Vec<_> = repaired
        .opened
        .diary
        .list_backups()
        .await
        .unwrap()
        .iter()
        .map(|one| one.kind)
        .collect();
    assert_eq!(
        kinds,
        [BackupKind::Daily(day("2026-11-20")), BackupKind::Damaged(now)]
    );
}

#[tokio::test]
async fn a_lost_file_is_replaced_by_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.save_settings(&named("saved")).await.unwrap();
    let backup = diary.back_up(day("2026-11-20")).await.unwrap().unwrap();
    diary.close().await;
    std::fs::remove_file(Diary::path(folder.path())).unwrap();
    let error = Diary::open(folder.path(), UNATTENDED).await.unwrap_err();
    assert!(matches!(error, OpenError::Missing { .. }), "{error}");
    assert!(
        !Diary::path(folder.path()).exists(),
        "no empty diary took its place"
    );
    let offered = backups_in(folder.path(), UNATTENDED).await.unwrap();
    assert_eq!(offered[0].name, backup.name);
    let repaired = restore_backup(
        folder.path(),
        UNATTENDED,
        &backup.name,
        at("2026-11-21T10:00:00Z"),
    )
    .await
    .unwrap();
    assert_eq!(
        (state(&repaired.opened.diary).await.as_str(), repaired.set_aside),
        ("saved", None)
    );
}

#[tokio::test]
async fn a_restore_without_the_key_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let backup = diary.back_up(day("2026-11-20")).await.unwrap().unwrap();
    diary.close().await;
    let before = names(folder.path());
    let wrong = Credential::Passphrase("not set");
    let error = restore_backup(folder.path(), wrong, &backup.name, at("2026-11-21T10:00:00Z"))
        .await
        .unwrap_err();
    assert!(matches!(error, RestoreError::Locked(_)), "{error}");
    assert_eq!(names(folder.path()), before);
}

#[tokio::test]
async fn unfinished_work_is_swept_when_the_diary_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.back_up(day("2026-11-20")).await.unwrap().unwrap();
    diary.close().await;
    let backups = folder.path().join("backups");
    for name in ["draft-1.db", "draft-1.db-journal", "draft-2.db-wal"] {
        std::fs::write(backups.join(name), "cut short").unwrap();
    }
    opened(folder.path()).await;
    assert_eq!(names(&backups), ["diary-2026-11-20.db"]);
}

#[tokio::test]
async fn a_backup_that_holds_more_than_the_diary_is_kept_beside_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let (today, now) = (day("2026-11-20"), at("2026-11-20T18:00:00Z"));
    diary.back_up_again(today, now).await.unwrap();
    let empty = diary.inspect_backup("diary-2026-11-20.db").await.unwrap();
    diary.add_session(&given::session(1), now).await.unwrap();
    diary.back_up_again(today, now).await.unwrap();
    // As when a damaged log took the newest entries with it.
    let diary = diary.restore(empty, now).await.unwrap().diary;
    let later = at("2026-11-20T19:00:00Z");
    diary.back_up_again(today, later).await.unwrap();
    let kept = diary
        .inspect_backup("replaced-20261120T190000000Z.db")
        .await
        .unwrap();
    assert_eq!(kept.contents.rows["session"], 1);
    diary
        .back_up_again(today, at("2026-11-20T20:00:00Z"))
        .await
        .unwrap();
    assert_eq!(
        diary.list_backups().await.unwrap().len(),
        3,
        "nothing was lost since"
    );
}

#[tokio::test]
async fn what_was_erased_goes_from_every_copy_and_the_rest_stays_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    let now = at("2026-11-20T18:00:00Z");
    for id in [1, 2] {
        diary.add_session(&given::session(id), now).await.unwrap();
    }
    diary.back_up(day("2026-11-19")).await.unwrap().unwrap();
    diary.back_up(day("2026-11-20")).await.unwrap().unwrap();
    let backups = folder.path().join("backups");
    std::fs::write(backups.join("damaged-20261118T180000000Z.db"), "not a diary").unwrap();
    std::fs::write(backups.join("damaged-20261118T180000000Z.db-wal"), "nor its log").unwrap();
    std::fs::write(backups.join("mine.txt"), "of the patient").unwrap();
    diary.erase_session(given::session(1).id, now).await.unwrap();
    diary.renew_backups(day("2026-11-20"), now).await.unwrap();
    assert_eq!(
        names(&backups),
        ["diary-2026-11-19.db", "diary-2026-11-20.db", "mine.txt"]
    );
    for backup in diary.list_backups().await.unwrap() {
        let rows = &backup.contents.unwrap().rows;
        assert_eq!((rows["session"], rows["erased"]), (1, 1), "{}", backup.name);
    }
}

#[tokio::test]
async fn everything_is_erased_and_the_next_start_is_a_first_one() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.save_settings(&named("gone")).await.unwrap();
    diary.back_up(day("2026-11-20")).await.unwrap().unwrap();
    let erased = diary.erase_everything().await.unwrap();
    assert!(!erased.keyring_entry_left);
    assert_eq!(names(folder.path()), Vec::<String>::new());
    assert_eq!(opened(folder.path()).await.settings().await.unwrap(), None);
    // A folder that was never there has nothing to erase.
    erase_everything(&folder.path().join("none")).await.unwrap();
}

#[tokio::test]
async fn an_interrupted_erasure_is_finished_by_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let diary = opened(folder.path()).await;
    diary.save_settings(&named("gone")).await.unwrap();
    diary.close().await;
    // Killed after the decision and the first key file.
    std::fs::write(folder.path().join("erasing"), "").unwrap();
    std::fs::remove_file(folder.path().join("diary.key")).unwrap();
    assert_eq!(opened(folder.path()).await.settings().await.unwrap(), None);
}

#[tokio::test]
async fn a_locked_diary_is_set_aside_whole() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("diary");
    let diary = opened(&folder).await;
    diary.save_settings(&named("locked")).await.unwrap();
    diary.close().await;
    let aside = set_aside_locked(&folder, at("2026-11-21T10:00:00Z")).unwrap();
    assert_eq!(opened(&folder).await.settings().await.unwrap(), None);
    // Whoever finds the key later finds the diary.
    let found = opened(&aside).await;
    assert_eq!(state(&found).await, "locked");
    found.close().await;
    // Everything is everything.
    erase_everything(&folder).await.unwrap();
    assert!(!aside.exists());
}
