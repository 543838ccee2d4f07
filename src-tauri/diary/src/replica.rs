//! The device's own id, which every correctable row carries: two devices that correct the same thing
//! keep both corrections, and agree which of them counts.

use uuid::Uuid;

use crate::values::Reader;
use crate::{Diary, DiaryError};

const READ: &str = "SELECT replica FROM replica";
pub(crate) const RENEW: &str = "UPDATE replica SET replica = ?1";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[READ, RENEW];

impl Diary {
    /// The id under which this device writes.
    pub async fn replica(&self) -> Result<Uuid, DiaryError> {
        let row = sqlx::query(READ).fetch_one(self.pool()).await?;
        (Reader {
            table: "replica",
            row: &row,
        })
        .parsed("replica")
    }

    /// Takes a new id: wherever a copy of a diary begins to be written to, after a restore as on another
    /// device. Durable on return.
    pub async fn renew_replica(&self) -> Result<Uuid, DiaryError> {
        let replica = Uuid::new_v4();
        sqlx::query(RENEW)
            .bind(replica.to_string())
            .execute(self.pool())
            .await?;
        Ok(replica)
    }
}
