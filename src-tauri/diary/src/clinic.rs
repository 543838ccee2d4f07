//! The clinic: one row.

use crate::values::Reader;
use crate::{Diary, DiaryError};

const REPLACE: &str = "INSERT INTO clinic (id, name, phone, out_of_hours_phone, opening_hours) VALUES (1, ?1, ?2, ?3, ?4) \
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone, \
    out_of_hours_phone = excluded.out_of_hours_phone, opening_hours = excluded.opening_hours";
const READ: &str = "SELECT * FROM clinic";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[REPLACE, READ];

/// How the clinic is reached. What was not entered is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clinic {
    /// Its name.
    pub name: String,
    /// Its number.
    pub phone: String,
    /// The number that answers when it is closed.
    pub out_of_hours_phone: String,
    /// When it is open, as the app writes it.
    pub opening_hours: String,
}

impl Diary {
    /// Keeps the clinic; durable on return.
    pub async fn save_clinic(&self, clinic: &Clinic) -> Result<(), DiaryError> {
        sqlx::query(REPLACE)
            .bind(&clinic.name)
            .bind(&clinic.phone)
            .bind(&clinic.out_of_hours_phone)
            .bind(&clinic.opening_hours)
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// The clinic; none before it or the settings were first saved.
    pub async fn clinic(&self) -> Result<Option<Clinic>, DiaryError> {
        let row = sqlx::query(READ).fetch_optional(self.pool()).await?;
        row.as_ref()
            .map(|row| {
                let row = Reader { table: "clinic", row };
                Ok(Clinic {
                    name: row.text("name")?,
                    phone: row.text("phone")?,
                    out_of_hours_phone: row.text("out_of_hours_phone")?,
                    opening_hours: row.text("opening_hours")?,
                })
            })
            .transpose()
    }
}
