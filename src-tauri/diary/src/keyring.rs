//! The system's keyring, asked with a bounded wait: a keyring that hangs must not hang the app.

use std::time::Duration;

use keyring_core::Entry;
use tokio::sync::oneshot;

const SERVICE: &str = "care.afterglow.companion";
const WAIT: Duration = Duration::from_secs(5);

/// Why the keyring gave no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyringError {
    #[error("the keyring has no entry for this diary")]
    NoEntry,
    #[error("there is no keyring, or it is locked: {0}")]
    Unavailable(String),
    #[error("the keyring did not answer within {} s", WAIT.as_secs())]
    NoAnswer,
}

/// The secret kept under `name`.
pub(crate) async fn read(name: &str) -> Result<Vec<u8>, KeyringError> {
    ask(name, Entry::get_secret).await
}

/// Keeps a secret under `name`, and reads it back to be sure.
pub(crate) async fn keep(name: &str, secret: &[u8]) -> Result<(), KeyringError> {
    let given = secret.to_vec();
    let kept = ask(name, move |entry| {
        entry.set_secret(&given)?;
        entry.get_secret()
    })
    .await?;
    if kept == secret {
        Ok(())
    } else {
        Err(KeyringError::Unavailable(
            "it did not give back what it was given".to_owned(),
        ))
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
            .and_then(|store| store.build(SERVICE, &name, None))
            .and_then(|entry| question(&entry));
        // The asker may have stopped waiting.
        let _ = answer.send(result);
    });
    match tokio::time::timeout(WAIT, answered).await {
        Ok(Ok(Ok(value))) => Ok(value),
        Ok(Ok(Err(keyring_core::Error::NoEntry))) => Err(KeyringError::NoEntry),
        Ok(Ok(Err(error))) => Err(KeyringError::Unavailable(error.to_string())),
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
