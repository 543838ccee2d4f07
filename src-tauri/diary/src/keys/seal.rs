//! Sealing the data key with what the patient knows: XChaCha20-Poly1305 under a key made from it.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::wrapper_file::Hex;
use super::{DataKey, KEY_BYTES, KeyError, RecoveryCode, Secret, fill_random};

const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;

/// What a seal is bound to, beside its key: its kind and the version of its form.
const PASSPHRASE_FORM: &[u8] = b"afterglow/diary.key/passphrase/1";
const RECOVERY_CODE_FORM: &[u8] = b"afterglow/diary.key/recovery-code/1";

/// The cost of a new passphrase: 64 MiB, about half a second on a slow laptop and well beyond the
/// least that OWASP asks for (19 MiB, 2 passes).
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;

/// What a stored cost may ask for at most: a damaged or hostile file must not take the machine's memory.
const MOST_MEMORY_KIB: u32 = 512 * 1024;
const MOST_PASSES: u32 = 16;
const MOST_LANES: u32 = 8;

/// The data key, sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sealed {
    salt: Hex,
    nonce: Hex,
    ciphertext: Hex,
}

/// How much work it is to try one passphrase (Argon2id).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cost {
    m: u32,
    t: u32,
    p: u32,
}

impl Cost {
    const NEW: Self = Self {
        m: MEMORY_KIB,
        t: PASSES,
        p: LANES,
    };

    /// Why this app does not pay it.
    pub(super) fn beyond_limits(self) -> Option<String> {
        (self.m > MOST_MEMORY_KIB
            || self.t > MOST_PASSES
            || self.p > MOST_LANES
            || Params::new(self.m, self.t, self.p, Some(KEY_BYTES)).is_err())
        .then(|| {
            format!(
                "its passphrase asks for {} KiB, {} passes and {} lanes, which this app does not give",
                self.m, self.t, self.p
            )
        })
    }
}

/// Seals the data key with a passphrase. Takes its time: not for an async thread.
pub(super) fn by_passphrase(key: &DataKey, passphrase: &str) -> Result<(Cost, Sealed), KeyError> {
    let mut salt = vec![0; SALT_BYTES];
    fill_random(&mut salt)?;
    let wrapping = stretched(passphrase, &salt, Cost::NEW)?;
    let sealed = seal(key, &wrapping, salt, PASSPHRASE_FORM, Secret::Passphrase)?;
    Ok((Cost::NEW, sealed))
}

/// The data key that a passphrase opens. Takes its time: not for an async thread.
pub(super) fn open_by_passphrase(cost: Cost, sealed: &Sealed, passphrase: &str) -> Result<DataKey, KeyError> {
    let wrapping = stretched(passphrase, sealed.salt.bytes(), cost)?;
    open(sealed, &wrapping, PASSPHRASE_FORM, Secret::Passphrase)
}

/// Seals the data key with a recovery code.
pub(super) fn by_recovery_code(key: &DataKey, code: &RecoveryCode) -> Result<Sealed, KeyError> {
    let mut salt = vec![0; SALT_BYTES];
    fill_random(&mut salt)?;
    let wrapping = derived(code, &salt)?;
    seal(key, &wrapping, salt, RECOVERY_CODE_FORM, Secret::RecoveryCode)
}

/// The data key that a recovery code opens.
pub(super) fn open_by_recovery_code(sealed: &Sealed, code: &RecoveryCode) -> Result<DataKey, KeyError> {
    let wrapping = derived(code, sealed.salt.bytes())?;
    open(sealed, &wrapping, RECOVERY_CODE_FORM, Secret::RecoveryCode)
}

/// The same for an accent typed as one character or as two.
fn stretched(passphrase: &str, salt: &[u8], cost: Cost) -> Result<Zeroizing<[u8; KEY_BYTES]>, KeyError> {
    let unusable = |reason: argon2::Error| KeyError::Unusable {
        secret: Secret::Passphrase,
        reason: reason.to_string(),
    };
    let composed = Zeroizing::new(passphrase.nfc().collect::<String>());
    let params = Params::new(cost.m, cost.t, cost.p, Some(KEY_BYTES)).map_err(unusable)?;
    let mut wrapping = Zeroizing::new([0; KEY_BYTES]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(composed.as_bytes(), salt, wrapping.as_mut_slice())
        .map_err(unusable)?;
    Ok(wrapping)
}

/// 128 random bits need no stretching: nobody tries them all.
fn derived(code: &RecoveryCode, salt: &[u8]) -> Result<Zeroizing<[u8; KEY_BYTES]>, KeyError> {
    let mut wrapping = Zeroizing::new([0; KEY_BYTES]);
    Hkdf::<Sha256>::new(Some(salt), code.bytes())
        .expand(RECOVERY_CODE_FORM, wrapping.as_mut_slice())
        .map_err(|error| KeyError::Unusable {
            secret: Secret::RecoveryCode,
            reason: error.to_string(),
        })?;
    Ok(wrapping)
}

fn seal(
    key: &DataKey,
    wrapping: &[u8; KEY_BYTES],
    salt: Vec<u8>,
    form: &[u8],
    secret: Secret,
) -> Result<Sealed, KeyError> {
    let mut nonce = [0; NONCE_BYTES];
    fill_random(&mut nonce)?;
    let payload = Payload {
        msg: key.bytes(),
        aad: form,
    };
    let sealed = XChaCha20Poly1305::new(wrapping.into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|error| KeyError::Unusable {
            secret,
            reason: error.to_string(),
        })?;
    Ok(Sealed {
        salt: Hex::from(salt),
        nonce: Hex::from(nonce.to_vec()),
        ciphertext: Hex::from(sealed),
    })
}

fn open(
    sealed: &Sealed,
    wrapping: &[u8; KEY_BYTES],
    form: &[u8],
    secret: Secret,
) -> Result<DataKey, KeyError> {
    let wrong = || KeyError::WrongSecret(secret);
    let nonce: [u8; NONCE_BYTES] = sealed.nonce.bytes().try_into().map_err(|_| wrong())?;
    let payload = Payload {
        msg: sealed.ciphertext.bytes(),
        aad: form,
    };
    let key = XChaCha20Poly1305::new(wrapping.into())
        .decrypt(&XNonce::from(nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| wrong())?;
    DataKey::from_bytes(&key).ok_or_else(wrong)
}

/// Runs what takes its time on a thread that may block.
pub(super) async fn off_the_async_threads<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KeyError> + Send + 'static,
) -> Result<T, KeyError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|stopped| {
        Err(KeyError::Unusable {
            secret: Secret::Passphrase,
            reason: stopped.to_string(),
        })
    })
}
