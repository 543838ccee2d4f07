//! Setting, changing and removing the ways to an open diary's key.
//!
//! The order is the same everywhere: the new way is made and tried, then the file names it (and no
//! longer names the old), then the keyring forgets what nobody names. A program that is killed
//! between any two of these leaves the old list or the new one, and each opens the diary. A keyring
//! entry is noted as left over before it is made, so that one nobody came to name is deleted later.

use super::keyring::{self, KeyringError};
use super::unlock::{by_passphrase, by_recovery_code, from_keyring, new_entry};
use super::wrapper_file::{self, Wrappers};
use super::{DataKey, KeyError, Protection, RecoveryCode, Secret, Vault, seal};
use crate::Diary;

/// Whether the app asks for the passphrase when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskAtStart {
    /// Keyring and key file are removed: nothing opens without the patient.
    Yes,
    /// The keyring goes on opening the diary; the passphrase is for the day when it does not.
    No,
}

/// What to do with a key that loses its passphrase where no keyring takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutKeyring {
    /// Keep the passphrase and say so.
    Refuse,
    /// Put the key in the unprotected key file: the patient was told what that means.
    AcceptKeyFile,
}

impl Diary {
    /// Which ways lead to the key now.
    pub async fn protection(&self) -> Protection {
        self.vault().wrappers.lock().await.protection()
    }

    /// Whether the keyring still has an entry that was to be deleted.
    ///
    /// Then the app lock does not yet keep out whoever can read the keyring. Each opening tries again.
    pub async fn keyring_entry_left(&self) -> bool {
        !self.vault().wrappers.lock().await.leftover.is_empty()
    }

    /// Sets the first passphrase.
    pub async fn set_passphrase(&self, new: &str, ask: AskAtStart) -> Result<(), KeyError> {
        self.vault()
            .change(async |vault, wrappers| {
                if wrappers.passphrase.is_some() {
                    return Err(KeyError::AlreadySet);
                }
                let mut next = wrappers.clone();
                next.passphrase = Some(vault.sealed_by(new).await?);
                next.key_file = None;
                if ask == AskAtStart::Yes {
                    next.leftover.extend(next.keyring.take());
                }
                vault.save(wrappers, next)
            })
            .await
    }

    /// Replaces the passphrase by another one. The recovery code stands in for the old one.
    pub async fn change_passphrase(&self, old: &str, new: &str) -> Result<(), KeyError> {
        self.vault()
            .change(async |vault, wrappers| {
                vault.verify(wrappers, old).await?;
                let mut next = wrappers.clone();
                next.passphrase = Some(vault.sealed_by(new).await?);
                vault.save(wrappers, next)
            })
            .await
    }

    /// Removes the passphrase; the recovery code stands in for it. The key goes back into the keyring where it is not there already.
    pub async fn remove_passphrase(&self, current: &str, otherwise: WithoutKeyring) -> Result<(), KeyError> {
        self.vault()
            .change(async |vault, wrappers| {
                vault.verify(wrappers, current).await?;
                let kept = vault.put_in_keyring(wrappers).await;
                let mut next = wrappers.clone();
                match (kept, otherwise) {
                    (Ok(entry), _) => next.name_entry(entry),
                    (Err(error @ (KeyError::Io { .. } | KeyError::DiskFull)), _) => return Err(error),
                    (Err(_), WithoutKeyring::Refuse) => return Err(KeyError::LastWrapper),
                    (Err(_), WithoutKeyring::AcceptKeyFile) => {
                        next.key_file = Some(vault.key.bytes().to_vec().into());
                    }
                }
                next.passphrase = None;
                vault.save(wrappers, next)
            })
            .await
    }

    /// Whether this is the passphrase, or the recovery code.
    pub async fn verify_passphrase(&self, typed: &str) -> Result<(), KeyError> {
        let wrappers = self.vault().wrappers.lock().await.clone();
        self.vault().verify(&wrappers, typed).await
    }

    /// Puts the key into the keyring, again where it was lost there; the unprotected key file goes.
    pub async fn keep_in_keyring(&self) -> Result<(), KeyError> {
        self.vault()
            .change(async |vault, wrappers| {
                let entry = vault.put_in_keyring(wrappers).await?;
                let mut next = wrappers.clone();
                next.name_entry(entry);
                next.key_file = None;
                vault.save(wrappers, next)
            })
            .await
    }

    /// Takes the key out of the keyring: the passphrase alone opens the diary (and the recovery code).
    pub async fn leave_keyring(&self) -> Result<(), KeyError> {
        self.vault()
            .change(async |vault, wrappers| {
                if wrappers.passphrase.is_none() && wrappers.key_file.is_none() {
                    return Err(KeyError::LastWrapper);
                }
                let mut next = wrappers.clone();
                next.leftover.extend(next.keyring.take());
                vault.save(wrappers, next)
            })
            .await
    }

    /// Makes a recovery code; one that was printed before opens nothing any more.
    pub async fn new_recovery_code(&self) -> Result<RecoveryCode, KeyError> {
        self.vault()
            .change(async |vault, wrappers| {
                let code = RecoveryCode::random()?;
                let sealed = seal::by_recovery_code(&vault.key, &code)?;
                vault.same_key(
                    &seal::open_by_recovery_code(&sealed, &code)?,
                    Secret::RecoveryCode,
                )?;
                let mut next = wrappers.clone();
                next.recovery_code = Some(sealed);
                vault.save(wrappers, next)?;
                Ok(code)
            })
            .await
    }

    /// Removes the recovery code, unless nothing else opens the diary.
    pub async fn remove_recovery_code(&self) -> Result<(), KeyError> {
        self.vault()
            .change(async |vault, wrappers| {
                if wrappers.recovery_code.is_none() {
                    return Err(KeyError::NotSet(Secret::RecoveryCode));
                }
                vault.opens_otherwise(wrappers).await?;
                let mut next = wrappers.clone();
                next.recovery_code = None;
                vault.save(wrappers, next)
            })
            .await
    }
}

impl Wrappers {
    /// The entry is named from now on; the one that was is left over.
    fn name_entry(&mut self, entry: String) {
        self.leftover.retain(|left| *left != entry);
        if let Some(old) = self.keyring.replace(entry)
            && self.keyring.as_ref() != Some(&old)
        {
            self.leftover.push(old);
        }
    }
}

impl Vault {
    /// One change, and then the keyring tidied.
    async fn change<T>(
        &self,
        work: impl AsyncFnOnce(&Self, &mut Wrappers) -> Result<T, KeyError>,
    ) -> Result<T, KeyError> {
        if !self.writable {
            return Err(KeyError::ReadOnly);
        }
        let mut wrappers = self.wrappers.lock().await;
        let done = work(self, &mut wrappers).await;
        self.tidy(&mut wrappers).await;
        done
    }

    /// The next list takes the place of the current one, on the disk and then here.
    pub(super) fn save(&self, current: &mut Wrappers, next: Wrappers) -> Result<(), KeyError> {
        let saved = wrapper_file::write(&self.folder, &next);
        if saved.is_ok() {
            *current = next;
        } else if let Ok(Some(read)) = wrapper_file::read(&self.folder) {
            // Whichever list the disk has now is the one that counts.
            *current = read.wrappers;
        }
        saved
    }

    /// Deletes the keyring's entries that nobody names. What cannot be deleted stays noted.
    pub(crate) async fn tidy(&self, wrappers: &mut Wrappers) {
        if wrappers.leftover.is_empty() || !self.writable {
            return;
        }
        let mut next = wrappers.clone();
        next.leftover.clear();
        for entry in &wrappers.leftover {
            if keyring::forget(entry).await.is_err() {
                next.leftover.push(entry.clone());
            }
        }
        if next.leftover.len() < wrappers.leftover.len() {
            // An entry that stays noted though it is gone is only asked for once more.
            let _ = self.save(wrappers, next);
        }
    }

    /// The entry that has the key: the one that is named if it does, else a new one, noted as left
    /// over until it is named.
    async fn put_in_keyring(&self, wrappers: &mut Wrappers) -> Result<String, KeyError> {
        if let Some(entry) = &wrappers.keyring
            && from_keyring(entry)
                .await
                .is_ok_and(|key| key.bytes() == self.key.bytes())
        {
            return Ok(entry.clone());
        }
        let entry = new_entry();
        let mut noted = wrappers.clone();
        noted.leftover.push(entry.clone());
        self.save(wrappers, noted)?;
        match keyring::keep(&entry, self.key.bytes()).await {
            Ok(()) => Ok(entry),
            Err(error) => {
                if matches!(error, KeyringError::Absent(_)) {
                    let mut without = wrappers.clone();
                    without.leftover.retain(|left| *left != entry);
                    self.save(wrappers, without)?;
                }
                Err(KeyError::KeyringRefused(error.to_string()))
            }
        }
    }

    /// The key sealed with a passphrase that was tried.
    async fn sealed_by(&self, passphrase: &str) -> Result<(seal::Cost, seal::Sealed), KeyError> {
        if passphrase.is_empty() {
            return Err(KeyError::EmptyPassphrase);
        }
        let passphrase = zeroize::Zeroizing::new(passphrase.to_owned());
        let key = self.key.again();
        seal::off_the_async_threads(move || {
            let (cost, sealed) = seal::by_passphrase(&key, &passphrase)?;
            let opened = seal::open_by_passphrase(cost, &sealed, &passphrase)?;
            if opened.bytes() == key.bytes() {
                Ok((cost, sealed))
            } else {
                Err(KeyError::WrongSecret(Secret::Passphrase))
            }
        })
        .await
    }

    /// Whether something opens the diary that is not the recovery code. A keyring is asked: an entry that is named may
    /// be lost.
    async fn opens_otherwise(&self, wrappers: &Wrappers) -> Result<(), KeyError> {
        if wrappers.passphrase.is_some() || wrappers.key_file.is_some() {
            return Ok(());
        }
        let Some(entry) = &wrappers.keyring else {
            return Err(KeyError::LastWrapper);
        };
        match from_keyring(entry).await {
            Ok(key) if key.bytes() == self.key.bytes() => Ok(()),
            _ => Err(KeyError::LastWrapper),
        }
    }

    /// The passphrase, or the recovery code in its place: who forgot the one has made the other for that.
    async fn verify(&self, wrappers: &Wrappers, typed: &str) -> Result<(), KeyError> {
        let refused = match by_passphrase(wrappers, typed).await {
            Ok(key) => return self.same_key(&key, Secret::Passphrase),
            Err(refused) => refused,
        };
        match by_recovery_code(wrappers, typed) {
            Ok(key) => self.same_key(&key, Secret::RecoveryCode),
            Err(_) => Err(refused),
        }
    }

    fn same_key(&self, opened: &DataKey, secret: Secret) -> Result<(), KeyError> {
        if opened.bytes() == self.key.bytes() {
            Ok(())
        } else {
            Err(KeyError::WrongSecret(secret))
        }
    }
}
