//! Erasing for good, and setting aside: each on a word that the patient typed, so that no stray call can do it.

use afterglow_diary::Diary;
use afterglow_diary::backup::{erase_everything as erase_folder, set_aside_locked};
use afterglow_diary::photos::PhotoId;

use super::failures;
use crate::app::{App, Open, Slot};
use crate::clock::Moment;
use crate::numbers;
use crate::reminders;
use crate::wire::{
    DiaryTrouble, EraseEverything, ErasePhoto, EraseSession, ErasedView, EverythingErased, Failure,
    StartAnew, StartedAnew,
};

/// The word, in each language of the interface.
const ERASE: [&str; 2] = ["erase", "borrar"];

/// The word for setting a diary aside.
const NEW: [&str; 2] = ["new", "nuevo"];

fn confirmed(words: [&str; 2], typed: &str) -> Result<(), Failure> {
    let typed = typed.trim().to_lowercase();
    if words.contains(&typed.as_str()) {
        Ok(())
    } else {
        Err(Failure::NotConfirmed)
    }
}

/// Erases a session with everything about it, also from the copies on this device.
pub async fn erase_session(app: &App, moment: &Moment, input: EraseSession) -> Result<ErasedView, Failure> {
    confirmed(ERASE, &input.confirmation)?;
    // What the service wrote down about other sessions comes in first: its journal goes.
    reminders::sync_after_writing(app, moment).await;
    let diary = app.diary().await?;
    if !diary.erase_session(input.session, moment.now).await? {
        return Err(Failure::NotFound);
    }
    let erased = from_the_copies(app, &diary, moment).await;
    drop(diary);
    // A service that does not answer now has forgotten nothing; its lines name no session.
    let _ = reminders::forget(app, moment).await;
    reminders::sync_after_writing(app, moment).await;
    Ok(erased)
}

/// Erases a photo, also from the copies on this device.
pub async fn erase_photo(app: &App, moment: &Moment, input: ErasePhoto) -> Result<ErasedView, Failure> {
    confirmed(ERASE, &input.confirmation)?;
    let diary = app.diary().await?;
    if !diary.erase_photo(PhotoId(input.photo), moment.now).await? {
        return Err(Failure::NotFound);
    }
    Ok(from_the_copies(app, &diary, moment).await)
}

/// What was erased is gone from the diary whatever comes of this, so a failure is part of the answer.
async fn from_the_copies(app: &App, diary: &Diary, moment: &Moment) -> ErasedView {
    let today = moment.zone.date(moment.now);
    let failure = diary.renew_backups(today, moment.now).await.err();
    let copies_left = failure.map(|error| error.to_string());
    app.backups.note(today, moment.now, copies_left.clone());
    ErasedView { copies_left }
}

/// Erases the diary with its key and its copies, and lets the reminder service forget. A locked diary has to be
/// opened first; one that cannot be opened goes too.
pub async fn erase_everything(
    app: &App,
    moment: &Moment,
    input: EraseEverything,
) -> Result<EverythingErased, Failure> {
    confirmed(ERASE, &input.confirmation)?;
    let mut slot = app.alone().await;
    let open = match taken(app, &mut slot).await {
        Ok(open) => Some(open),
        Err(failure) if is_locked(&failure) => return Err(failure),
        Err(_) => None,
    };
    numbers::forget(app).await?;
    let erased = match open {
        Some(open) => open.diary.erase_everything().await?,
        None => erase_folder(&app.places.diary()).await?,
    };
    drop(slot);
    app.backups.forget();
    let reminders_left = reminders::forget(app, moment).await.err();
    Ok(EverythingErased {
        keyring_entry_left: erased.keyring_entry_left,
        reminders_left,
    })
}

/// The diary out of its place, opened now if it was not. One that the patient locked stays there.
async fn taken(app: &App, slot: &mut Slot) -> Result<Open, Failure> {
    match std::mem::replace(slot, Slot::Closed) {
        Slot::Closed => app.open_with(app.unattended()).await,
        Slot::Open(open) => Ok(open),
        Slot::Locked(ways) => {
            *slot = Slot::Locked(ways);
            Err(failures::locked(&app.places.diary(), ways))
        }
    }
}

/// Sets a diary aside that nothing opens any more, and begins an empty one, into which an export can be restored.
pub async fn start_anew(app: &App, moment: &Moment, input: StartAnew) -> Result<StartedAnew, Failure> {
    confirmed(NEW, &input.confirmation)?;
    let mut slot = app.alone().await;
    match taken(app, &mut slot).await {
        Ok(open) => {
            *slot = Slot::Open(open);
            return Err(Failure::DiaryOpens);
        }
        Err(failure) if !is_lost(&failure) => return Err(failure),
        Err(_) => {}
    }
    let aside = set_aside_locked(&app.places.diary(), moment.now)?;
    *slot = Slot::Closed;
    drop(slot);
    app.backups.forget();
    Ok(StartedAnew {
        path: aside.display().to_string(),
        reminders_left: reminders::forget(app, moment).await.err(),
    })
}

/// Whether another folder is a way out: of a full disk, or of a newer version's diary, it is none.
fn is_lost(failure: &Failure) -> bool {
    let Failure::DiaryUnavailable { trouble, .. } = failure else {
        return false;
    };
    match trouble {
        DiaryTrouble::Locked { .. }
        | DiaryTrouble::WrongSecret { .. }
        | DiaryTrouble::RecoveryCodeTypo
        | DiaryTrouble::KeyringLost { .. }
        | DiaryTrouble::KeyringUnavailable { .. }
        | DiaryTrouble::KeyFileMissing
        | DiaryTrouble::KeyFileDamaged
        | DiaryTrouble::WrongKey { .. }
        | DiaryTrouble::Damaged { .. }
        | DiaryTrouble::Gone { .. } => true,
        DiaryTrouble::KeyFileNewer
        | DiaryTrouble::OlderVersion
        | DiaryTrouble::DiskFull
        | DiaryTrouble::Unreadable => false,
    }
}

fn is_locked(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::DiaryUnavailable {
            trouble: DiaryTrouble::Locked { .. },
            ..
        }
    )
}
