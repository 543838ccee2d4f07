//! Before the first session: one is booked, and a medicine is taken from two days before it.

use afterglow_care::Locale;
use afterglow_diary::appointments::{Appointment, AppointmentId};
use afterglow_diary::medicines::{Medicine, MedicineId};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{answers, settled, zone};

const ENTERED: &str = "2026-11-20T08:10:00Z";

/// What the commands answer two days and a half before the session.
pub(super) async fn record(locale: Locale) -> serde_json::Value {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = settled(&folder, locale).await;
    let diary = app.diary().await.expect("the diary is open");
    let now: DateTime<Utc> = ENTERED.parse().expect("an instant");
    let appointment = Appointment {
        id: AppointmentId(Uuid::from_u128(0x019a_a2f0_0000_7000_8000_0000_0000_0301)),
        at: "2026-11-22T17:30:00".parse().expect("a wall-clock time"),
        zone: zone(),
        note: String::new(),
    };
    diary
        .add_appointment(&appointment, now)
        .await
        .expect("the booked session is kept");
    let medicine = Medicine {
        id: MedicineId(Uuid::from_u128(0x019a_a2f0_0000_7000_8000_0000_0000_0201)),
        name: "Valaciclovir".to_owned(),
        from: "2026-11-20".parse().expect("a date"),
        to: "2026-11-24".parse().ok(),
        times: ["08:00:00", "20:00:00"]
            .map(|time| time.parse().expect("a time"))
            .into(),
    };
    diary
        .add_medicine(&medicine, now - TimeDelta::days(1))
        .await
        .expect("the medicine is kept");
    drop(diary);
    answers(&app, now).await
}
