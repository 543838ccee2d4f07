//! What the patient chose about reminders: one row, the device's own. Quiet hours and wording stand in
//! [`crate::settings`].

use std::collections::BTreeSet;

use afterglow_care::plan::InstructionId;
use chrono::NaiveTime;

use crate::values::{Reader, json, time_of_day};
use crate::{Diary, DiaryError};

const REPLACE: &str = "INSERT INTO reminder_settings (id, sound, repeat_until_done, morning, evening, switched_off) \
    VALUES (1, ?1, ?2, ?3, ?4, ?5) \
    ON CONFLICT (id) DO UPDATE SET sound = excluded.sound, repeat_until_done = excluded.repeat_until_done, \
    morning = excluded.morning, evening = excluded.evening, switched_off = excluded.switched_off";
const READ: &str = "SELECT * FROM reminder_settings WHERE id = 1";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[REPLACE, READ];

/// What the patient chose about reminders beyond quiet hours and wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReminders {
    /// Whether notifications may make a sound.
    pub sound: bool,
    /// Whether what is to be done is shown again until it is done.
    pub repeat_until_done: bool,
    /// When the day begins with care, on the wall clock, to the second; none: as the plan has it.
    pub morning: Option<NaiveTime>,
    /// When the day ends with care, on the wall clock, to the second; none: as the plan has it.
    pub evening: Option<NaiveTime>,
    /// Instructions that the patient is not reminded of.
    pub switched_off: BTreeSet<InstructionId>,
}

impl Diary {
    /// Keeps what the patient chose in place of what was chosen before; durable on return.
    pub async fn save_reminders(&self, reminders: &StoredReminders) -> Result<(), DiaryError> {
        sqlx::query(REPLACE)
            .bind(reminders.sound)
            .bind(reminders.repeat_until_done)
            .bind(reminders.morning.map(time_of_day))
            .bind(reminders.evening.map(time_of_day))
            .bind(json(&reminders.switched_off))
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// What the patient chose; none before it was first kept. Reads one row.
    pub async fn reminders(&self) -> Result<Option<StoredReminders>, DiaryError> {
        let row = sqlx::query(READ).fetch_optional(self.pool()).await?;
        row.as_ref()
            .map(|row| {
                read(Reader {
                    table: "reminder_settings",
                    row,
                })
            })
            .transpose()
    }
}

pub(crate) fn read(row: Reader<'_>) -> Result<StoredReminders, DiaryError> {
    Ok(StoredReminders {
        sound: row.integer("sound")? != 0,
        repeat_until_done: row.integer("repeat_until_done")? != 0,
        morning: row.optional_parsed("morning")?,
        evening: row.optional_parsed("evening")?,
        switched_off: row.json("switched_off")?,
    })
}
