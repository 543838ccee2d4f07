//! The alarm list's file: one line, replaced as a whole.

use std::io::ErrorKind;
use std::path::Path;

use afterglow_reminders::alarms::AlarmList;

use super::{StoreError, lines, whole};

/// What the file held.
#[derive(Debug)]
pub(super) enum Kept {
    /// No list was armed yet.
    Nothing,
    /// A list as it was armed.
    Whole(Box<AlarmList>),
    /// Not what was written, or by another version.
    Damaged,
}

/// Reads the file.
pub(super) fn read(path: &Path) -> Result<Kept, StoreError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::Nothing),
        Err(error) => return Err(StoreError::reading(path)(error)),
    };
    let list = bytes
        .strip_suffix(b"\n")
        .and_then(lines::decode::<AlarmList>)
        .filter(|list| list.check(crate::service::CAPACITY).is_ok());
    Ok(list.map_or(Kept::Damaged, |list| Kept::Whole(Box::new(list))))
}

/// Replaces the file.
pub(super) fn write(path: &Path, list: &AlarmList) -> Result<(), StoreError> {
    whole::write(path, list)
}
