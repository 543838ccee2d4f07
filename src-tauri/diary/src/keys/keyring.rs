//! The system's keyring, asked with a bounded wait: a keyring that hangs must not hang the app.

use std::time::Duration;

use keyring_core::Entry;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

const SERVICE: &str = "care.afterglow.companion";
const WAIT: Duration = Duration::from_secs(5);

/// Why the keyring gave no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyringError {
    #[error("the keyring has no entry for this diary")]
    NoEntry,
    #[error("there is no keyring: {0}")]
    Absent(String),
    #[error("the keyring is locked or refuses: {0}")]
    Unavailable(String),
    #[error("the keyring did not answer within {} s", WAIT.as_secs())]
    NoAnswer,
}

/// The secret kept under `name`.
pub(super) async fn read(name: &str) -> Result<Vec<u8>, KeyringError> {
    ask(name, Entry::get_secret).await
}

/// Keeps a secret under `name`, and reads it back to be sure.
pub(super) async fn keep(name: &str, secret: &[u8]) -> Result<(), KeyringError> {
    let given = Zeroizing::new(secret.to_vec());
    let kept = ask(name, move |entry| {
        entry.set_secret(&given)?;
        entry.get_secret()
    })
    .await
    .map(Zeroizing::new)?;
    if *kept == secret {
        Ok(())
    } else {
        Err(KeyringError::Unavailable(
            "it did not give back what it was given".to_owned(),
        ))
    }
}

/// Deletes the secret kept under `name`; one that is not there is deleted already.
pub(super) async fn forget(name: &str) -> Result<(), KeyringError> {
    match ask(name, Entry::delete_credential).await {
        Err(KeyringError::NoEntry) => Ok(()),
        other => other,
    }
}

async fn ask<T: Send + 'static>(
    name: &str,
    question: impl FnOnce(&Entry) -> keyring_core::Result<T> + Send + 'static,
) -> Result<T, KeyringError> {
    let name = name.to_owned();
    let (answer, answered) = oneshot::channel();
    // A thread of its own: the stores block, some on a runtime of their own, and one that never
    // answers must not hold a worker of ours.
    std::thread::spawn(move || {
        let result = store()
            .map_err(|error| KeyringError::Absent(error.to_string()))
            .and_then(|store| {
                store
                    .build(SERVICE, &name, None)
                    .and_then(|entry| question(&entry))
                    .map_err(|error| match error {
                        keyring_core::Error::NoEntry => KeyringError::NoEntry,
                        error => KeyringError::Unavailable(error.to_string()),
                    })
            });
        // The asker may have stopped waiting.
        let _ = answer.send(result);
    });
    match tokio::time::timeout(WAIT, answered).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(KeyringError::Unavailable("its library stopped".to_owned())),
        Err(_) => Err(KeyringError::NoAnswer),
    }
}

type Store = std::sync::Arc<keyring_core::CredentialStore>;

#[cfg(target_os = "linux")]
fn store() -> keyring_core::Result<Store> {
    zbus_secret_service_keyring_store::Store::new().map(|store| store as Store)
}

#[cfg(target_os = "macos")]
fn store() -> keyring_core::Result<Store> {
    apple_native_keyring_store::keychain::Store::new().map(|store| store as Store)
}

#[cfg(windows)]
fn store() -> keyring_core::Result<Store> {
    windows_native_keyring_store::Store::new().map(|store| store as Store)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn store() -> keyring_core::Result<Store> {
    Err(keyring_core::Error::NoDefaultStore)
}
