//! What the service says: one line per failure on the standard error, never a title or a text.

use std::fmt::Display;
use std::io::Write as _;

/// A failure. Whoever started the service may have closed the stream; then nobody wants to know.
pub(crate) fn failure(what: &dyn Display) {
    let _ = writeln!(std::io::stderr(), "afterglow-remind: {what}");
}

/// What was asked for on the command line.
pub(crate) fn answer(what: &dyn Display) {
    let _ = writeln!(std::io::stdout(), "{what}");
}
