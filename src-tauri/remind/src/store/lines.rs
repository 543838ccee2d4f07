//! One line of a kept file: a CRC-32 in eight hexadecimal digits, a space, JSON, a newline.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The line of a value, newline included.
pub(super) fn encode<T: Serialize>(value: &T) -> std::io::Result<Vec<u8>> {
    let json = serde_json::to_vec(value)?;
    let mut line = format!("{:08x} ", crc32fast::hash(&json)).into_bytes();
    line.extend_from_slice(&json);
    line.push(b'\n');
    Ok(line)
}

/// The value of a line without its newline; none when it is not what was written.
pub(super) fn decode<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    let (digits, json) = line.split_at_checked(8)?;
    let json = json.strip_prefix(b" ")?;
    let sum = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    if sum != crc32fast::hash(json) {
        return None;
    }
    serde_json::from_slice(json).ok()
}
