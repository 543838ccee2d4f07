//! From a credential to the data key.

use std::path::Path;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::keyring::{self, KeyringError};
use super::wrapper_file::{self, Wrappers};
use super::{Credential, DataKey, KeyError, KeyringNote, NewKey, RecoveryCode, Secret, path, seal};
use crate::OpenError;

/// The key, and what was found on the way to it.
pub(crate) struct Unlocked {
    pub(crate) key: DataKey,
    pub(crate) wrappers: Wrappers,
    /// The file on the disk is to be written again once the key has opened the diary.
    pub(crate) to_write: bool,
    /// One of the file's copies was damaged or gone.
    pub(crate) mended: bool,
    pub(crate) keyring: Option<KeyringNote>,
}

/// The key of the diary in `folder`. Makes one only when there is no `diary.key` and `in_use` is false.
pub(crate) async fn unlock(folder: &Path, in_use: bool, with: Credential<'_>) -> Result<Unlocked, OpenError> {
    let Some(read) = wrapper_file::read(folder)? else {
        return match with {
            Credential::Unattended(new_key) if !in_use => Ok(make(folder, new_key).await?),
            _ => Err(KeyError::Missing { path: path(folder) }.into()),
        };
    };
    let wrappers = read.wrappers;
    let (key, keyring) = match with {
        Credential::Unattended(_) => unattended(&wrappers).await?,
        Credential::Passphrase(typed) => (by_passphrase(&wrappers, typed).await?, None),
        Credential::RecoveryCode(typed) => (by_recovery_code(&wrappers, typed)?, None),
    };
    let keyring = match (&wrappers.keyring, with) {
        (Some(entry), Credential::Passphrase(_) | Credential::RecoveryCode(_)) => lost(entry, &key).await,
        _ => keyring,
    };
    if !wrappers.fits(&key) {
        return Err(OpenError::WrongKey(wrappers.protection()));
    }
    Ok(Unlocked {
        key,
        wrappers,
        to_write: read.to_write,
        mended: read.mended,
        keyring,
    })
}

async fn unattended(wrappers: &Wrappers) -> Result<(DataKey, Option<KeyringNote>), KeyError> {
    let key_file = wrappers
        .key_file
        .as_ref()
        .and_then(|key| DataKey::from_bytes(key.bytes()));
    let Some(entry) = &wrappers.keyring else {
        return key_file
            .map(|key| (key, None))
            .ok_or(KeyError::Locked(wrappers.protection()));
    };
    let error = match from_keyring(entry).await {
        Ok(key) => return Ok((key, None)),
        Err(error) => error,
    };
    if let Some(key) = key_file {
        let reason = error.to_string();
        return Ok((key, Some(KeyringNote::NotGiven { reason })));
    }
    let others = wrappers.protection();
    Err(match error {
        KeyringError::NoEntry => KeyError::KeyringLost(others),
        error => KeyError::KeyringUnavailable {
            reason: error.to_string(),
            others,
        },
    })
}

/// Why the keyring that should have opened the diary did not; none when it would have.
async fn lost(entry: &str, key: &DataKey) -> Option<KeyringNote> {
    let reason = match from_keyring(entry).await {
        Ok(found) if found.bytes() == key.bytes() => return None,
        Ok(_) => KeyringError::NoEntry.to_string(),
        Err(error) => error.to_string(),
    };
    Some(KeyringNote::Lost { reason })
}

/// An entry that holds something else has lost the key as surely as one that is gone.
pub(super) async fn from_keyring(entry: &str) -> Result<DataKey, KeyringError> {
    let secret = keyring::read(entry).await.map(Zeroizing::new)?;
    DataKey::from_bytes(&secret).ok_or(KeyringError::NoEntry)
}

pub(super) async fn by_passphrase(wrappers: &Wrappers, typed: &str) -> Result<DataKey, KeyError> {
    let (cost, sealed) = wrappers
        .passphrase
        .clone()
        .ok_or(KeyError::NotSet(Secret::Passphrase))?;
    let typed = Zeroizing::new(typed.to_owned());
    seal::off_the_async_threads(move || seal::open_by_passphrase(cost, &sealed, &typed)).await
}

pub(super) fn by_recovery_code(wrappers: &Wrappers, typed: &str) -> Result<DataKey, KeyError> {
    // A typo is told even where no code is set: nothing is learnt from it.
    let code = RecoveryCode::parse(typed)?;
    let sealed = wrappers
        .recovery_code
        .as_ref()
        .ok_or(KeyError::NotSet(Secret::RecoveryCode))?;
    seal::open_by_recovery_code(sealed, &code)
}

async fn make(folder: &Path, new_key: NewKey) -> Result<Unlocked, KeyError> {
    let key = DataKey::random()?;
    let mut wrappers = Wrappers::new(&key);
    let mut note = None;
    if new_key == NewKey::KeyringFirst {
        let entry = new_entry();
        match keyring::keep(&entry, key.bytes()).await {
            Ok(()) => wrappers.keyring = Some(entry),
            Err(error) => {
                // It may still arrive: then it is deleted, the key being in the file.
                if !matches!(error, KeyringError::Absent(_)) {
                    wrappers.leftover.push(entry);
                }
                let reason = error.to_string();
                note = Some(KeyringNote::NotTaken { reason });
            }
        }
    }
    if wrappers.keyring.is_none() {
        wrappers.key_file = Some(key.bytes().to_vec().into());
    }
    wrapper_file::write(folder, &wrappers)?;
    Ok(Unlocked {
        key,
        wrappers,
        to_write: false,
        mended: false,
        keyring: note,
    })
}

pub(super) fn new_entry() -> String {
    format!("diary-{}", Uuid::new_v4())
}
