//! Files and standard input, never more of them than anybody means to give.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most that is read of a JSON file or of standard input.
pub(crate) const MAX_BYTES: u64 = 10 * 1024 * 1024;

/// What stands for standard input in place of a file's name.
const STDIN: &str = "-";

/// A file's text, or standard input's where the name is `-`; or why it cannot be read.
pub(crate) fn text_of(path: &Path) -> Result<String, String> {
    if path.as_os_str() == STDIN {
        return stdin();
    }
    let name = name_of(path);
    File::open(path)
        .map_err(|error| error.to_string())
        .and_then(bounded)
        .map_err(|why| format!("{name}: cannot be read: {why}"))
}

/// The text of standard input.
pub(crate) fn stdin() -> Result<String, String> {
    bounded(io::stdin().lock()).map_err(|why| format!("standard input: cannot be read: {why}"))
}

/// What an input is called in a complaint.
pub(crate) fn name_of(path: &Path) -> String {
    if path.as_os_str() == STDIN {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

fn bounded(input: impl Read) -> Result<String, String> {
    let mut bytes = Vec::new();
    input
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("it is larger than {} MiB", MAX_BYTES / 1024 / 1024));
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
