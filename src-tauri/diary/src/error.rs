//! Why an open diary could not do what it was asked.

use crate::open;

/// Why an open diary could not do what it was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DiaryError {
    /// The disk is full.
    #[error("the disk is full: free some space, then try again")]
    DiskFull,
    /// The diary is open for reading only.
    #[error("the diary is open for reading only: nothing can be entered or changed")]
    ReadOnly,
    /// A part of the diary's file is damaged. [`Diary::restore`](crate::Diary::restore) puts a backup in its place
    /// and keeps the damaged file.
    #[error("a part of the diary's file is damaged ({0}): restore a backup. The damaged file will be kept")]
    Damaged(#[source] sqlx::Error),
    /// SQLite refused, or the disk did.
    #[error("the diary could not be read or written: {0}")]
    Database(#[source] sqlx::Error),
    /// A row holds what this version cannot read.
    #[error("the diary's {table} holds a value that this version cannot read ({column})")]
    UnreadableRow {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
}

/// Primary result codes, see <https://www.sqlite.org/rescode.html>.
const SQLITE_READONLY: i32 = 8;
const SQLITE_FULL: i32 = 13;

impl From<sqlx::Error> for DiaryError {
    fn from(error: sqlx::Error) -> Self {
        let code = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .and_then(|code| code.parse::<i32>().ok());
        // The low byte is the primary result code.
        match code.map(|code| code & 0xff) {
            _ if open::is_damage(&error) => Self::Damaged(error),
            Some(SQLITE_FULL) => Self::DiskFull,
            Some(SQLITE_READONLY) => Self::ReadOnly,
            _ => Self::Database(error),
        }
    }
}
