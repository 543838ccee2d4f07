//! The world stops before any one file operation: afterwards the diary is wholly the old or wholly the new one.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use chrono::{DateTime, NaiveDate, Utc};

use super::{BackupKind, ImportError, Inspected, files, restore_backup};
use crate::settings::{StoredSettings, Theme};
use crate::{Credential, Diary, NewKey, OpenError};

const UNATTENDED: Credential<'_> = Credential::Unattended(NewKey::KeyFile);
const PASSPHRASE: &str = "a long passphrase";

/// How many more file operations are allowed in each folder that a test watches.
static ALLOWED: LazyLock<Mutex<HashMap<PathBuf, usize>>> = LazyLock::new(Mutex::default);

pub(super) fn allowed(path: &Path) -> io::Result<()> {
    let mut allowed = ALLOWED.lock().unwrap();
    match allowed.iter_mut().find(|(folder, _)| path.starts_with(folder)) {
        None => Ok(()),
        // From here on nothing reaches the disk any more, tidying up included.
        Some((_, 0)) => Err(io::Error::other("stopped")),
        Some((_, left)) => {
            *left -= 1;
            Ok(())
        }
    }
}

/// How a diary is changed, and what it may hold when that was cut short.
struct Flow {
    name: &'static str,
    may_hold: &'static [Option<&'static str>],
}

const OLD: Option<&str> = Some("old");
const NEW: Option<&str> = Some("new");
const OTHER: Option<&str> = Some("other");

/// A home with a diary of "new" in `diary/`, a backup of "old" in it, and an export of "other" beside it.
async fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let other = open(&home.path().join("other")).await.unwrap();
    other.save_settings(&named("other")).await.unwrap();
    other
        .export(&home.path().join("other.age"), PASSPHRASE, now())
        .await
        .unwrap();
    other.close().await;
    let diary = open(&home.path().join("diary")).await.unwrap();
    diary.save_settings(&named("old")).await.unwrap();
    diary.back_up(yesterday()).await.unwrap();
    diary.save_settings(&named("new")).await.unwrap();
    diary.close().await;
    home
}

async fn run(flow: &str, home: &Path) {
    let folder = home.join("diary");
    let restore = async |diary: &Diary, copy: Result<Inspected, ImportError>| {
        if let Ok(copy) = copy {
            let _ = diary.restore(copy, now()).await;
        }
    };
    match flow {
        "back up" => {
            let _ = open(&folder)
                .await
                .unwrap()
                .back_up(yesterday().succ_opt().unwrap())
                .await;
        }
        "renew the backups" => {
            let _ = open(&folder)
                .await
                .unwrap()
                .renew_backups(yesterday(), now())
                .await;
        }
        "export" => {
            let _ = open(&folder)
                .await
                .unwrap()
                .export(&folder.join("out.age"), PASSPHRASE, now())
                .await;
        }
        "restore a backup" => {
            let diary = open(&folder).await.unwrap();
            restore(&diary, diary.inspect_backup("diary-2026-11-20.db").await).await;
        }
        "restore an export" => {
            let diary = open(&folder).await.unwrap();
            restore(&diary, diary.inspect(&home.join("other.age"), PASSPHRASE).await).await;
        }
        "restore over a damaged diary" => {
            let _ = restore_backup(&folder, UNATTENDED, "diary-2026-11-20.db", now()).await;
        }
        "erase everything" => {
            let _ = open(&folder).await.unwrap().erase_everything().await;
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn whatever_is_cut_short_the_diary_is_wholly_the_old_or_wholly_the_new() {
    for flow in [
        Flow {
            name: "back up",
            may_hold: &[NEW],
        },
        Flow {
            name: "renew the backups",
            may_hold: &[NEW],
        },
        Flow {
            name: "export",
            may_hold: &[NEW],
        },
        Flow {
            name: "restore a backup",
            may_hold: &[NEW, OLD],
        },
        Flow {
            name: "restore an export",
            may_hold: &[NEW, OTHER],
        },
        Flow {
            name: "restore over a damaged diary",
            may_hold: &[NEW, OLD],
        },
        Flow {
            name: "erase everything",
            may_hold: &[NEW, None],
        },
    ] {
        let origin = home().await;
        let mut seen = BTreeSet::new();
        for steps in 0.. {
            assert!(steps < 200, "{}", flow.name);
            let home = tempfile::tempdir().unwrap();
            copy_folder(origin.path(), home.path());
            let folder = home.path().join("diary");
            ALLOWED.lock().unwrap().insert(folder.clone(), steps);
            run(flow.name, home.path()).await;
            let finished = ALLOWED.lock().unwrap().remove(&folder).unwrap() > 0;

            let place = format!("{} stopped before step {}", flow.name, steps + 1);
            let diary = open(&folder)
                .await
                .unwrap_or_else(|error| panic!("{place}: {error}"));
            let held = diary
                .settings()
                .await
                .unwrap()
                .map(|settings| settings.emergency_number);
            assert!(flow.may_hold.contains(&held.as_deref()), "{place}: {held:?}");
            if held.is_some() {
                // The old state is in one place or the other, and every copy that has a name is sound.
                for backup in diary.list_backups().await.unwrap() {
                    let copy = diary.inspect_backup(&backup.name).await;
                    assert!(copy.is_ok(), "{place}: {}: {:?}", backup.name, copy.err());
                }
                let left = files::names(&folder.join("backups")).unwrap();
                assert!(
                    !left.iter().any(|name| files::is_draft(name)),
                    "{place}: {left:?}"
                );
            }
            if held.as_deref() != Some("new") && held.is_some() {
                let kinds: Vec<_> = diary
                    .list_backups()
                    .await
                    .unwrap()
                    .into_iter()
                    .map(|one| one.kind)
                    .collect();
                assert!(
                    kinds.contains(&BackupKind::Replaced(now()))
                        || kinds.contains(&BackupKind::Damaged(now())),
                    "{place}"
                );
            }
            diary.close().await;
            seen.insert(held);
            if finished {
                break;
            }
        }
        // The world did stop on both sides of the decision.
        assert_eq!(seen.len(), flow.may_hold.len(), "{}: {seen:?}", flow.name);
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

async fn open(folder: &Path) -> Result<Diary, OpenError> {
    Diary::open(folder, UNATTENDED).await.map(|opened| opened.diary)
}

fn named(state: &str) -> StoredSettings {
    StoredSettings {
        locale: afterglow_care::Locale::En,
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

fn now() -> DateTime<Utc> {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

fn yesterday() -> NaiveDate {
    "2026-11-20".parse().unwrap()
}
