//! What seldom changes and every screen asks for: read together, in one trip to SQLite's thread as long as nothing of
//! what was entered is new.

use std::sync::{Mutex, PoisonError};

use afterglow_care::session::Session;

use crate::appointments::AppointmentEntry;
use crate::calls::{RaisedCall, ReachedCall};
use crate::medicines::MedicineEntry;
use crate::reminders::{self, StoredReminders};
use crate::settings::{self, StoredSettings};
use crate::values::Reader;
use crate::{Diary, DiaryError};

/// One row. What the counts count is only added to, but for what `erased` names in the same transaction: of two equal
/// answers nothing that was entered is different in between.
const NOW: &str = "SELECT (SELECT count(*) FROM session) AS sessions, \
    (SELECT count(*) FROM session_withdrawal) AS sessions_withdrawn, (SELECT count(*) FROM medicine) AS medicines, \
    (SELECT count(*) FROM medicine_withdrawal) AS medicines_withdrawn, \
    (SELECT count(*) FROM appointment) AS appointments, \
    (SELECT count(*) FROM appointment_withdrawal) AS appointments_withdrawn, \
    (SELECT count(*) FROM finding INDEXED BY finding_of_call WHERE level IN ('call_clinic', 'emergency')) AS calls, \
    (SELECT count(*) FROM call_outcome) AS call_outcomes, \
    (SELECT count(*) FROM follow_up_answer) AS follow_ups, (SELECT count(*) FROM erased) AS erased, \
    (SELECT journal FROM delivery WHERE journal NOT LIKE 'app/%' ORDER BY at DESC, seq DESC LIMIT 1) AS newest_journal, \
    settings.id AS chosen, settings.locale, settings.quiet_from, settings.quiet_until, settings.discreet, \
    settings.emergency_number, settings.theme, settings.text_percent, settings.skin_tone, \
    coalesce(clinic.name, '') AS clinic_name, coalesce(clinic.phone, '') AS clinic_phone, \
    coalesce(clinic.out_of_hours_phone, '') AS clinic_out_of_hours_phone, \
    coalesce(clinic.opening_hours, '') AS clinic_opening_hours, \
    reminder_settings.id AS reminders_chosen, reminder_settings.sound, reminder_settings.repeat_until_done, \
    reminder_settings.morning, reminder_settings.evening, reminder_settings.switched_off \
    FROM (SELECT 1 AS id) AS one LEFT JOIN settings ON settings.id = one.id \
    LEFT JOIN clinic ON clinic.id = one.id LEFT JOIN reminder_settings ON reminder_settings.id = one.id";

#[cfg(test)]
pub(crate) const STATEMENTS: &[&str] = &[NOW];

/// What stands in the diary beside the days.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// As [`Diary::settings`].
    pub settings: Option<StoredSettings>,
    /// As [`Diary::reminders`].
    pub reminders: Option<StoredReminders>,
    /// The journal that the ledger's newest line came from.
    pub newest_journal: Option<String>,
    /// What was entered and stays until it is corrected, withdrawn or answered.
    pub entered: Entered,
}

/// What was entered and stays until it is corrected, withdrawn or answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Entered {
    /// As [`Diary::sessions`].
    pub sessions: Vec<Session>,
    /// As [`Diary::standing_medicines`].
    pub medicines: Vec<MedicineEntry>,
    /// As [`Diary::superseded_medicines`].
    pub superseded_medicines: Vec<MedicineEntry>,
    /// As [`Diary::standing_appointments`].
    pub appointments: Vec<AppointmentEntry>,
    /// As [`Diary::open_calls`].
    pub open_calls: Vec<RaisedCall>,
    /// As [`Diary::reached_call`].
    pub reached_call: Option<ReachedCall>,
}

/// What was entered, as it was read last, and at which counts.
#[derive(Debug, Default)]
pub(crate) struct Remembered(Mutex<Option<(Counts, Entered)>>);

type Counts = [i64; 10];

impl Remembered {
    fn at(&self, counts: Counts) -> Option<Entered> {
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        remembered
            .as_ref()
            .filter(|(then, _)| *then == counts)
            .map(|(_, entered)| entered.clone())
    }

    fn remember(&self, counts: Counts, entered: &Entered) {
        let mut remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *remembered = Some((counts, entered.clone()));
    }
}

impl Diary {
    /// Everything that stands in the diary beside the days. What was entered is given as it was read before as long as
    /// the file says that it is the same.
    pub async fn standing(&self) -> Result<Standing, DiaryError> {
        // Before what was entered: what is entered meanwhile is then read again.
        let row = sqlx::query(NOW).fetch_one(self.pool()).await?;
        let of = |table| Reader { table, row: &row };
        let (now, settings, reminders) = (of("session"), of("settings"), of("reminder_settings"));
        let counts = [
            now.integer("sessions")?,
            now.integer("sessions_withdrawn")?,
            now.integer("medicines")?,
            now.integer("medicines_withdrawn")?,
            now.integer("appointments")?,
            now.integer("appointments_withdrawn")?,
            now.integer("calls")?,
            now.integer("call_outcomes")?,
            now.integer("follow_ups")?,
            now.integer("erased")?,
        ];
        Ok(Standing {
            settings: match settings.optional_integer("chosen")? {
                None => None,
                Some(_) => Some(settings::read(settings)?),
            },
            reminders: match reminders.optional_integer("reminders_chosen")? {
                None => None,
                Some(_) => Some(reminders::read(reminders)?),
            },
            newest_journal: of("delivery").optional_text("newest_journal")?,
            entered: match self.remembered().at(counts) {
                Some(entered) => entered,
                None => self.entered(counts).await?,
            },
        })
    }

    async fn entered(&self, counts: Counts) -> Result<Entered, DiaryError> {
        let entered = Entered {
            sessions: self.sessions().await?,
            medicines: self.standing_medicines().await?,
            superseded_medicines: self.superseded_medicines().await?,
            appointments: self.standing_appointments().await?,
            open_calls: self.open_calls().await?,
            reached_call: self.reached_call().await?,
        };
        self.remembered().remember(counts, &entered);
        Ok(entered)
    }
}
