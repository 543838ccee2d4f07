//! What the process holds while it runs.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use afterglow_care::{Locale, Plan};
use afterglow_diary::{Diary, KeyError, NewKey, OpenError, Opened};
use afterglow_reminders::alarms::Screen;

use crate::platform;
use crate::wire::{DiaryTrouble, Failure, ReminderHealth};

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
    diary: tokio::sync::Mutex<Option<Opened>>,
    syncing: tokio::sync::Mutex<()>,
    health: Mutex<ReminderHealth>,
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
            diary: tokio::sync::Mutex::new(None),
            syncing: tokio::sync::Mutex::new(()),
            health: Mutex::new(ReminderHealth::Checking),
            opening: Mutex::new(opening),
        }
    }

    /// The diary, opened now if it was not. After a failure the next call tries again.
    pub async fn diary(&self) -> Result<Diary, Failure> {
        self.opened(|opened| opened.diary.clone()).await
    }

    /// How the diary's key is protected.
    pub async fn key_protection(&self) -> Result<afterglow_diary::KeyProtection, Failure> {
        self.opened(|opened| opened.protection).await
    }

    async fn opened<T>(&self, read: impl FnOnce(&Opened) -> T) -> Result<T, Failure> {
        let mut slot = self.diary.lock().await;
        if let Some(opened) = slot.as_ref() {
            return Ok(read(opened));
        }
        let folder = self.places.diary();
        match Diary::open(&folder, self.new_key).await {
            Ok(opened) => Ok(read(slot.insert(opened))),
            Err(error) => Err(Failure::DiaryUnavailable {
                trouble: trouble(&error),
                path: Diary::path(&folder).display().to_string(),
                sentence: error.to_string(),
            }),
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

    /// The screen that a notification asked for, once.
    pub fn take_opening_screen(&self) -> Option<Screen> {
        self.opening.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn trouble(error: &OpenError) -> DiaryTrouble {
    match error {
        OpenError::Key(KeyError::KeyringUnavailable(_)) => DiaryTrouble::KeyringUnavailable,
        OpenError::Key(KeyError::Missing(_) | KeyError::UnreadableFile { .. }) => DiaryTrouble::KeyMissing,
        OpenError::WrongKeyOrDamaged => DiaryTrouble::WrongKeyOrDamaged,
        OpenError::Damaged(_) => DiaryTrouble::Damaged,
        OpenError::NewerVersion { .. } => DiaryTrouble::NewerVersion,
        OpenError::Key(KeyError::Io { .. } | KeyError::NoRandomness(_)) | OpenError::Unreadable { .. } => {
            DiaryTrouble::Unreadable
        }
    }
}
