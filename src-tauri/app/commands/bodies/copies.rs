//! Backups, and the one file that the patient carries to another device.

use std::path::Path;

use afterglow_diary::Credential;
use afterglow_diary::backup::{
    Inspected, Repaired, RestoreError, inspect, restore_backup as restore_damaged, restore_into,
};
use chrono::{DateTime, Utc};

use super::failures::{locked, unrestored};
use crate::app::{App, Open, Slot};
use crate::clock::Moment;
use crate::reminders;
use crate::views;
use crate::wire::{
    Backups, DiaryTrouble, ExportInput, Exported, Failure, ImportFault, ImportInput, Importable,
    InspectedView, MergedView, RestoreImport, RestoreInput, RestoredView, Secret,
};

/// How the name of an export ends.
const EXPORT: &str = "age";

/// The copies on this device, and what became of the newest automatic one.
pub async fn backups(app: &App, _moment: &Moment) -> Result<Backups, Failure> {
    let diary = app.diary().await?;
    Ok(Backups {
        last: app.backups.last(),
        copies: diary
            .list_backups()
            .await?
            .into_iter()
            .map(views::backup)
            .collect(),
    })
}

/// Makes today's backup anew.
pub async fn back_up_now(app: &App, moment: &Moment) -> Result<Backups, Failure> {
    let today = moment.zone.date(moment.now);
    let made = app.diary().await?.back_up_again(today, moment.now).await;
    let failure = made.as_ref().err().map(ToString::to_string);
    app.backups.note(today, moment.now, failure);
    made?;
    backups(app, moment).await
}

/// Puts a backup in the diary's place, also where the diary is damaged. What is replaced is kept.
pub async fn restore_backup(
    app: &App,
    moment: &Moment,
    input: RestoreInput,
) -> Result<RestoredView, Failure> {
    let with = with(app, input.secret.as_ref());
    let mut slot = app.alone().await;
    let restored = match opened(app, &mut slot, with).await {
        Ok(open) => {
            let copy = open.diary.inspect_backup(&input.name).await?;
            replace(app, open, copy, moment.now).await?
        }
        Err(failure) if is_damaged_or_gone(&failure) => {
            let folder = app.places.diary();
            let repaired = restore_damaged(&folder, with, &input.name, moment.now).await;
            repair(app, &mut slot, repaired)?
        }
        Err(failure) => return Err(failure),
    };
    drop(slot);
    app.backups.forget();
    reminders::sync_after_writing(app, moment).await;
    Ok(restored)
}

/// What opens the key of the diary that a copy replaces.
fn with<'a>(app: &App, secret: Option<&'a Secret>) -> Credential<'a> {
    secret.map_or_else(|| app.unattended(), Secret::credential)
}

/// The diary in its place, opened now if it was not: only what is damaged may be replaced unread.
async fn opened<'slot>(
    app: &App,
    slot: &'slot mut Slot,
    with: Credential<'_>,
) -> Result<&'slot mut Open, Failure> {
    if let Slot::Locked(ways) = slot {
        return Err(locked(&app.places.diary(), *ways));
    }
    if matches!(slot, Slot::Closed) {
        *slot = Slot::Open(app.open_with(with).await?);
    }
    match slot {
        Slot::Open(open) => Ok(open),
        Slot::Closed | Slot::Locked(_) => Err(Failure::NotFound),
    }
}

fn is_damaged_or_gone(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::DiaryUnavailable {
            trouble: DiaryTrouble::Damaged { .. } | DiaryTrouble::Gone { .. },
            ..
        }
    )
}

/// What took a damaged diary's place is open from now on.
fn repair(
    app: &App,
    slot: &mut Slot,
    repaired: Result<Repaired, RestoreError>,
) -> Result<RestoredView, Failure> {
    let repaired = repaired.map_err(|error| unrestored(&app.places.diary(), error))?;
    *slot = Slot::Open(Open::from(repaired.opened));
    Ok(RestoredView {
        holds: views::holdings(&repaired.contents),
        set_aside: repaired.set_aside,
    })
}

/// Puts a checked copy in the place of the open diary.
async fn replace(
    app: &App,
    open: &mut Open,
    copy: Inspected,
    now: DateTime<Utc>,
) -> Result<RestoredView, Failure> {
    match open.diary.restore(copy, now).await {
        Ok(restored) => {
            open.replace(restored.diary);
            Ok(RestoredView {
                holds: views::holdings(&restored.contents),
                set_aside: Some(restored.set_aside),
            })
        }
        Err(error) => {
            // It is as it was, but may be closed by now. Where it does not open again the next command says why.
            if !open.diary.is_open()
                && let Ok(again) = open.diary.reopen().await
            {
                open.replace(again);
            }
            Err(unrestored(&app.places.diary(), error))
        }
    }
}

/// Writes everything into one file in the downloads folder, which the passphrase opens.
pub async fn export_diary(app: &App, moment: &Moment, input: ExportInput) -> Result<Exported, Failure> {
    let diary = app.diary().await?;
    let downloads = &app.places.downloads;
    let date = moment.zone.date(moment.now);
    // Another one of today may be what was carried here from the other device.
    let path = (1..=1_000)
        .map(|number| match number {
            1 => format!("afterglow-{date}.{EXPORT}"),
            _ => format!("afterglow-{date}-{number}.{EXPORT}"),
        })
        .map(|file| downloads.join(file))
        .find(|path| !path.exists())
        .ok_or(Failure::NotFound)?;
    tokio::fs::create_dir_all(downloads)
        .await
        .map_err(|error| Failure::ExportFailed {
            sentence: format!("{} could not be written: {error}", path.display()),
        })?;
    diary.export(&path, &input.passphrase, moment.now).await?;
    Ok(Exported {
        path: path.display().to_string(),
    })
}

/// The files in the downloads folder that may be exports, newest first.
pub async fn importable(app: &App, _moment: &Moment) -> Result<Vec<Importable>, Failure> {
    Ok(listed(&app.places.downloads).await)
}

/// A folder that cannot be read holds nothing that could be chosen.
async fn listed(downloads: &Path) -> Vec<Importable> {
    let mut found = Vec::new();
    let Ok(mut entries) = tokio::fs::read_dir(downloads).await else {
        return found;
    };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let path = entry.path();
        let is_export = path
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case(EXPORT));
        let Ok(data) = tokio::fs::metadata(&path).await else {
            continue;
        };
        let (Some(shown), Ok(name), Ok(modified)) =
            (path.to_str(), entry.file_name().into_string(), data.modified())
        else {
            continue;
        };
        if is_export && data.is_file() {
            found.push(Importable {
                path: shown.to_owned(),
                name,
                bytes: data.len(),
                modified: modified.into(),
            });
        }
    }
    found.sort_by_key(|file| std::cmp::Reverse(file.modified));
    found
}

/// The window chooses among what is listed: it is no way to open any other file.
async fn chosen<'a>(app: &App, path: &'a str) -> Result<&'a Path, Failure> {
    let is_listed = listed(&app.places.downloads)
        .await
        .iter()
        .any(|file| file.path == path);
    if is_listed {
        Ok(Path::new(path))
    } else {
        Err(Failure::ImportRefused {
            fault: ImportFault::NotListed,
            sentence: format!("{path} is not in the downloads folder any more"),
        })
    }
}

/// Checks an export and tells what it holds; nothing is changed.
pub async fn inspect_import(
    app: &App,
    _moment: &Moment,
    input: ImportInput,
) -> Result<InspectedView, Failure> {
    let file = chosen(app, &input.path).await?;
    let copy = app.diary().await?.inspect(file, &input.passphrase).await?;
    Ok(InspectedView {
        holds: views::holdings(&copy.found),
        made_at: copy.made_at,
        app: copy.app.clone(),
    })
}

/// Checks an export again and puts it in the diary's place; the diary before is kept among the backups. One that is
/// damaged or gone is replaced too, under the key that it had.
pub async fn restore_import(
    app: &App,
    moment: &Moment,
    input: RestoreImport,
) -> Result<RestoredView, Failure> {
    let file = chosen(app, &input.path).await?;
    let with = with(app, input.secret.as_ref());
    let mut slot = app.alone().await;
    let restored = match opened(app, &mut slot, with).await {
        Ok(open) => {
            let copy = open.diary.inspect(file, &input.passphrase).await?;
            replace(app, open, copy, moment.now).await?
        }
        Err(failure) if is_damaged_or_gone(&failure) => {
            let folder = app.places.diary();
            let copy = inspect(&folder, file, &input.passphrase).await?;
            let repaired = restore_into(&folder, with, copy, moment.now).await;
            repair(app, &mut slot, repaired)?
        }
        Err(failure) => return Err(failure),
    };
    drop(slot);
    app.backups.forget();
    reminders::sync_after_writing(app, moment).await;
    Ok(restored)
}

/// Checks an export again and joins it with the diary; both keep what they hold.
pub async fn merge_import(app: &App, moment: &Moment, input: ImportInput) -> Result<MergedView, Failure> {
    let file = chosen(app, &input.path).await?;
    let diary = app.diary().await?;
    let copy = diary.inspect(file, &input.passphrase).await?;
    let merged = diary.merge(copy).await?;
    drop(diary);
    reminders::sync_after_writing(app, moment).await;
    Ok(MergedView {
        sessions: merged.sessions,
        check_ins: merged.check_ins,
        corrections: merged.session_corrections + merged.check_in_corrections,
        photos: merged.photos,
        erased: merged.erased,
    })
}
