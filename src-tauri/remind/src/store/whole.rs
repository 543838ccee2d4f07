//! A small file of one line, replaced as a whole.

use std::io::ErrorKind;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{StoreError, lines, replace};

/// What it holds; none when it is not there or not as it was written.
pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StoreError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(bytes.strip_suffix(b"\n").and_then(lines::decode)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::reading(path)(error)),
    }
}

/// Replaces it.
pub(super) fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), StoreError> {
    lines::encode(value)
        .and_then(|line| replace(path, &line))
        .map_err(StoreError::writing(path))
}

/// Removes it, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::writing(path)(error)),
        _ => Ok(()),
    }
}
