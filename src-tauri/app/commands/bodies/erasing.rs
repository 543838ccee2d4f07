//! Erasing for good: each on a word that the patient typed, so that no stray call can do it.

use afterglow_diary::Diary;
use afterglow_diary::backup::erase_everything as erase_folder;
use afterglow_diary::photos::PhotoId;

use super::failures;
use crate::app::{App, Slot};
use crate::clock::Moment;
use crate::reminders;
use crate::wire::{
    DiaryTrouble, EraseEverything, ErasePhoto, EraseSession, ErasedView, EverythingErased, Failure,
};

/// The word, in each language of the interface.
const WORDS: [&str; 2] = ["erase", "borrar"];

fn confirmed(typed: &str) -> Result<(), Failure> {
    let typed = typed.trim().to_lowercase();
    if WORDS.contains(&typed.as_str()) {
        Ok(())
    } else {
        Err(Failure::NotConfirmed)
    }
}

/// Erases a session with everything about it, also from the copies on this device.
pub async fn erase_session(app: &App, moment: &Moment, input: EraseSession) -> Result<ErasedView, Failure> {
    confirmed(&input.confirmation)?;
    let diary = app.diary().await?;
    if !diary.erase_session(input.session, moment.now).await? {
        return Err(Failure::NotFound);
    }
    let erased = from_the_copies(app, &diary, moment).await;
    drop(diary);
    reminders::sync_after_writing(app, moment).await;
    Ok(erased)
}

/// Erases a photo, also from the copies on this device.
pub async fn erase_photo(app: &App, moment: &Moment, input: ErasePhoto) -> Result<ErasedView, Failure> {
    confirmed(&input.confirmation)?;
    let diary = app.diary().await?;
    if !diary.erase_photo(PhotoId(input.photo), moment.now).await? {
        return Err(Failure::NotFound);
    }
    Ok(from_the_copies(app, &diary, moment).await)
}

/// What was erased is gone from the diary whatever comes of this, so a failure is part of the answer.
async fn from_the_copies(app: &App, diary: &Diary, moment: &Moment) -> ErasedView {
    let today = moment.zone.date(moment.now);
    let failure = diary.renew_backups(today).await.err();
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
    confirmed(&input.confirmation)?;
    let mut slot = app.alone().await;
    let found = match std::mem::replace(&mut *slot, Slot::Closed) {
        Slot::Closed => app.open_with(app.unattended()).await,
        Slot::Open(open) => Ok(open),
        Slot::Locked(ways) => {
            *slot = Slot::Locked(ways);
            Err(failures::locked(&app.places.diary(), ways))
        }
    };
    let erased = match found {
        Ok(open) => open.diary.erase_everything().await?,
        Err(failure) if is_locked(&failure) => return Err(failure),
        Err(_) => erase_folder(&app.places.diary()).await?,
    };
    drop(slot);
    app.backups.forget();
    let reminders_left = reminders::forget(app, moment).await.err();
    Ok(EverythingErased {
        keyring_entry_left: erased.keyring_entry_left,
        reminders_left,
    })
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
