//! Why an open diary could not do what it was asked.

/// Why an open diary could not do what it was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DiaryError {
    /// The disk is full.
    #[error("the disk is full: free some space, then try again")]
    DiskFull,
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

/// `SQLITE_FULL`, see <https://www.sqlite.org/rescode.html#full>.
const SQLITE_FULL: &str = "13";

impl From<sqlx::Error> for DiaryError {
    fn from(error: sqlx::Error) -> Self {
        match error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
        {
            Some(code) if code == SQLITE_FULL => Self::DiskFull,
            _ => Self::Database(error),
        }
    }
}
