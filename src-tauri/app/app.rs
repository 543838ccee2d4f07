//! What the process holds while it runs.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use afterglow_care::{Locale, Plan};
use afterglow_diary::{Access, Credential, Diary, NewKey, OpenNote, Opened, Protection};
use afterglow_reminders::alarms::Screen;
use chrono::{DateTime, Utc};
use tokio::sync::MutexGuard;

use crate::backups::BackupLog;
use crate::commands::bodies::failures;
use crate::platform;
use crate::wire::{Failure, ReminderHealth};

/// How often, and how long between, whoever needs the diary alone looks whether a command works with it: 10 s in all.
const MOST_LOOKS: u32 = 2_000;
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// The folders of one patient on one device.
#[derive(Debug, Clone)]
pub struct Places {
    /// Everything of Afterglow's.
    pub home: PathBuf,
    /// Where an exported file goes.
    pub downloads: PathBuf,
}

impl Places {
    /// The diary's folder.
    pub fn diary(&self) -> PathBuf {
        self.home.join("diary")
    }

    /// The alarm host's folder.
    pub fn reminders(&self) -> PathBuf {
        self.home.join("reminders")
    }
}

/// The state behind the commands.
#[derive(Debug)]
pub struct App {
    /// The folders.
    pub places: Places,
    /// The care plan that new sessions follow.
    pub plan: Plan,
    /// The language of a patient who has not chosen one.
    pub system_locale: Locale,
    /// Whoever holds the alarms.
    pub(crate) host: platform::Host,
    new_key: NewKey,
    diary: tokio::sync::Mutex<Slot>,
    /// Why the diary did not open ahead of the first question, which is then answered with it.
    unopened: Mutex<Option<Failure>>,
    /// What became of the automatic backup.
    pub(crate) backups: Arc<BackupLog>,
    syncing: tokio::sync::Mutex<()>,
    health: Mutex<ReminderHealth>,
    mended: Mutex<Vec<String>>,
    paused_until: Mutex<Option<DateTime<Utc>>>,
    opening: Mutex<Option<Screen>>,
}

impl App {
    /// The state before anything was asked; the diary is opened by the first command that needs it.
    pub fn new(places: Places, system_locale: Locale, opening: Option<Screen>, new_key: NewKey) -> Self {
        Self {
            host: platform::Host::new(places.reminders()),
            places,
            plan: Plan::microneedling(),
            system_locale,
            new_key,
            diary: tokio::sync::Mutex::new(Slot::Closed),
            unopened: Mutex::default(),
            backups: Arc::default(),
            syncing: tokio::sync::Mutex::new(()),
            health: Mutex::new(ReminderHealth::Checking),
            mended: Mutex::default(),
            paused_until: Mutex::default(),
            opening: Mutex::new(opening),
        }
    }

    /// Opens the diary while the window is still being made. A failure is kept for the first question: to try again
    /// would only wait as long for the same answer.
    pub async fn open_ahead(&self) {
        let failure = self.opened(|_| ()).await.err();
        *self.unopened.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    /// The diary, opened now if it was not. After a failure the next call tries again.
    pub async fn diary(&self) -> Result<InUse, Failure> {
        self.opened(Open::in_use).await
    }

    /// Whether the open diary can be written, and what was found when it was opened.
    pub async fn found_at_opening(&self) -> Result<(Access, Vec<OpenNote>), Failure> {
        self.opened(|open| (open.access, open.notes.clone())).await
    }

    async fn opened<T>(&self, read: impl FnOnce(&Open) -> T) -> Result<T, Failure> {
        let mut slot = self.diary.lock().await;
        match &*slot {
            Slot::Open(open) => return Ok(read(open)),
            Slot::Locked(ways) => return Err(failures::locked(&self.places.diary(), *ways)),
            Slot::Closed => {}
        }
        let ahead = self
            .unopened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(failure) = ahead {
            return Err(failure);
        }
        let open = self.open_with(self.unattended()).await?;
        let answer = read(&open);
        *slot = Slot::Open(open);
        Ok(answer)
    }

    /// The diary in its folder, opened by whatever it is to be opened with.
    pub(crate) async fn open_with(&self, with: Credential<'_>) -> Result<Open, Failure> {
        let folder = self.places.diary();
        match Diary::open(&folder, with).await {
            Ok(opened) => Ok(Open::from(opened)),
            Err(error) => Err(failures::unavailable(&folder, &error, with).await),
        }
    }

    /// What opens the diary without the patient.
    pub(crate) fn unattended(&self) -> Credential<'static> {
        Credential::Unattended(self.new_key)
    }

    /// The diary's place, whoever works with the diary.
    pub(crate) async fn slot(&self) -> MutexGuard<'_, Slot> {
        self.diary.lock().await
    }

    /// The diary's place once nobody works with the diary, and until the guard is dropped nobody can: for
    /// closing it, and for putting another one there.
    pub(crate) async fn alone(&self) -> MutexGuard<'_, Slot> {
        for _ in 0..MOST_LOOKS {
            let slot = self.diary.lock().await;
            if !slot.is_in_use() {
                return slot;
            }
            // Let go meanwhile: a command may ask for the diary a second time before it is done.
            drop(slot);
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        // A command that hangs for longer must not keep the patient from locking.
        self.diary.lock().await
    }

    /// Forgets what was said about the keyring when the diary was opened, because it is mended.
    pub(crate) async fn forget_keyring_notes(&self) {
        if let Slot::Open(open) = &mut *self.diary.lock().await {
            open.notes.retain(|note| !matches!(note, OpenNote::Keyring(_)));
        }
    }

    /// Closes the diary, with what is in its log brought into the file; the next command opens it again.
    pub async fn close(&self) {
        let mut slot = self.alone().await;
        if let Slot::Open(open) = &*slot {
            let diary = open.diary.clone();
            *slot = Slot::Closed;
            diary.close().await;
        }
    }

    /// Waits for the turn to sync with the alarm host; it lasts until the guard is dropped.
    pub(crate) async fn sync_turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.syncing.lock().await
    }

    /// How reminders were when they were last asked about.
    pub fn reminder_health(&self) -> ReminderHealth {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers how reminders are.
    pub fn note_reminder_health(&self, health: ReminderHealth) {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner) = health;
    }

    /// What of the alarm host's files was found damaged since the app was started, and made anew from the diary.
    pub fn mended_reminders(&self) -> Vec<String> {
        self.mended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers it: the host forgets it when it is armed anew.
    pub fn note_mended_reminders(&self, damage: Vec<String>) {
        let mut mended = self.mended.lock().unwrap_or_else(PoisonError::into_inner);
        for sentence in damage {
            if !mended.contains(&sentence) {
                mended.push(sentence);
            }
        }
    }

    /// Until when nothing that can wait is shown, as the alarm host said last.
    pub fn paused_until(&self) -> Option<DateTime<Utc>> {
        *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers it.
    pub fn note_pause(&self, until: Option<DateTime<Utc>>) {
        *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }

    /// The screen that a notification asked for, once.
    pub fn take_opening_screen(&self) -> Option<Screen> {
        self.opening.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Where the diary is, when it is open.
#[derive(Debug)]
pub(crate) enum Slot {
    /// Not opened yet.
    Closed,
    /// The patient locked it; these ways open it.
    Locked(Protection),
    /// Open.
    Open(Open),
}

impl Slot {
    fn is_in_use(&self) -> bool {
        matches!(self, Self::Open(open) if Arc::strong_count(&open.users) > 1)
    }
}

/// An open diary.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) diary: Diary,
    access: Access,
    notes: Vec<OpenNote>,
    /// As many more as there are commands that work with it.
    users: Arc<()>,
}

impl From<Opened> for Open {
    fn from(opened: Opened) -> Self {
        Self {
            diary: opened.diary,
            access: opened.access,
            notes: opened.notes,
            users: Arc::new(()),
        }
    }
}

impl Open {
    fn in_use(&self) -> InUse {
        InUse {
            diary: self.diary.clone(),
            _user: Arc::clone(&self.users),
        }
    }

    /// Another diary in the same place.
    pub(crate) fn replace(&mut self, diary: Diary) {
        self.diary = diary;
    }
}

/// The open diary in the hands of a command: it is not closed or replaced until this is dropped.
#[derive(Debug)]
pub struct InUse {
    diary: Diary,
    _user: Arc<()>,
}

impl Deref for InUse {
    type Target = Diary;

    fn deref(&self) -> &Diary {
        &self.diary
    }
}
