//! What the patient chose: one row. The clinic is seen through it and stands in
//! [`crate::clinic`].

use afterglow_care::Locale;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use crate::transaction::Transaction;
use crate::values::{Reader, name, time_of_day};
use crate::{Diary, DiaryError};

const REPLACE: &str = "INSERT INTO settings (id, locale, quiet_from, quiet_until, discreet, emergency_number, theme, text_percent, skin_tone) \
    VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
    ON CONFLICT (id) DO UPDATE SET locale = excluded.locale, quiet_from = excluded.quiet_from, \
    quiet_until = excluded.quiet_until, discreet = excluded.discreet, emergency_number = excluded.emergency_number, \
    theme = excluded.theme, text_percent = excluded.text_percent, skin_tone = excluded.skin_tone";
const REPLACE_CLINIC: &str = "INSERT INTO clinic (id, name, phone, out_of_hours_phone, opening_hours) VALUES (1, ?1, ?2, ?3, ?4) \
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone, \
    out_of_hours_phone = excluded.out_of_hours_phone, opening_hours = excluded.opening_hours";
const READ: &str = "SELECT settings.*, coalesce(clinic.name, '') AS clinic_name, coalesce(clinic.phone, '') AS clinic_phone, \
    coalesce(clinic.out_of_hours_phone, '') AS clinic_out_of_hours_phone, \
    coalesce(clinic.opening_hours, '') AS clinic_opening_hours \
    FROM settings LEFT JOIN clinic ON clinic.id = settings.id";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[REPLACE, REPLACE_CLINIC, READ];

/// What the patient chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSettings {
    /// The language of the app and of its reminders.
    pub locale: Locale,
    /// The first and the first no longer quiet minute, on the wall clock.
    pub quiet: Option<(NaiveTime, NaiveTime)>,
    /// Whether a lock screen may not tell what a reminder is about.
    pub discreet: bool,
    /// The clinic's name; empty when not entered.
    pub clinic_name: String,
    /// The clinic's number; empty when not entered.
    pub clinic_phone: String,
    /// The number that answers when it is closed; empty when not entered.
    pub clinic_out_of_hours_phone: String,
    /// When it is open, as the app writes it; empty when not entered.
    pub clinic_opening_hours: String,
    /// The number to call in an emergency.
    pub emergency_number: String,
    /// Light or dark.
    pub theme: Theme,
    /// How large text is, of its usual size: 100 to 200.
    pub text_percent: u16,
    /// The tone of the drawn skin: 1, the lightest, to 6; none is neutral.
    pub skin_tone: Option<u8>,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Diary {
    /// Keeps the settings and the clinic, both or neither; durable on return.
    pub async fn save_settings(&self, settings: &StoredSettings) -> Result<(), DiaryError> {
        let mut transaction = Transaction::begin(self.pool()).await?;
        sqlx::query(REPLACE)
            .bind(name(&settings.locale))
            .bind(settings.quiet.map(|(from, _)| time_of_day(from)))
            .bind(settings.quiet.map(|(_, until)| time_of_day(until)))
            .bind(settings.discreet)
            .bind(&settings.emergency_number)
            .bind(name(&settings.theme))
            .bind(i64::from(settings.text_percent))
            .bind(settings.skin_tone.map(i64::from))
            .execute(transaction.on()?)
            .await?;
        sqlx::query(REPLACE_CLINIC)
            .bind(&settings.clinic_name)
            .bind(&settings.clinic_phone)
            .bind(&settings.clinic_out_of_hours_phone)
            .bind(&settings.clinic_opening_hours)
            .execute(transaction.on()?)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The settings; none before they were first saved.
    pub async fn settings(&self) -> Result<Option<StoredSettings>, DiaryError> {
        let row = sqlx::query(READ).fetch_optional(self.pool()).await?;
        row.as_ref()
            .map(|row| {
                read(Reader {
                    table: "settings",
                    row,
                })
            })
            .transpose()
    }
}

pub(crate) fn read(row: Reader<'_>) -> Result<StoredSettings, DiaryError> {
    let quiet = match row.optional_text("quiet_from")? {
        None => None,
        Some(_) => Some((row.parsed("quiet_from")?, row.parsed("quiet_until")?)),
    };
    Ok(StoredSettings {
        locale: row.named("locale")?,
        quiet,
        discreet: row.integer("discreet")? != 0,
        clinic_name: row.text("clinic_name")?,
        clinic_phone: row.text("clinic_phone")?,
        clinic_out_of_hours_phone: row.text("clinic_out_of_hours_phone")?,
        clinic_opening_hours: row.text("clinic_opening_hours")?,
        emergency_number: row.text("emergency_number")?,
        theme: row.named("theme")?,
        text_percent: row.small("text_percent")?,
        skin_tone: row
            .optional_integer("skin_tone")?
            .map(|tone| u8::try_from(tone).map_err(|_| row.unreadable("skin_tone")))
            .transpose()?,
    })
}
