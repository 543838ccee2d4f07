//! What the clinic prescribed, at the times that the patient entered.

use afterglow_diary::medicines::{Medicine, MedicineId};
use uuid::Uuid;

use crate::app::App;
use crate::clock::{Moment, new_id};
use crate::reminders;
use crate::wire::{Failure, MedicineFault, MedicineInput, MedicineView};

/// The longest name, in characters.
const MAX_NAME_CHARS: usize = 80;

/// The most times a day: one every two hours.
const MAX_TIMES: usize = 12;

/// Every medicine that was not withdrawn, in the order of their first days.
pub async fn medicines(app: &App, _moment: &Moment) -> Result<Vec<MedicineView>, Failure> {
    let medicines = app.diary().await?.medicines().await?;
    Ok(medicines.into_iter().map(view).collect())
}

/// Keeps a new medicine or a correction, and arms its reminders.
pub async fn keep_medicine(
    app: &App,
    moment: &Moment,
    input: MedicineInput,
) -> Result<Vec<MedicineView>, Failure> {
    let faults = faults(&input);
    if !faults.is_empty() {
        return Err(Failure::InvalidMedicine { faults });
    }
    let corrected = input.id.is_some();
    let medicine = Medicine {
        id: MedicineId(input.id.unwrap_or_else(|| new_id(moment.now))),
        name: input.name.trim().to_owned(),
        from: input.from,
        to: input.to,
        times: input.times,
    };
    let diary = app.diary().await?;
    if !corrected {
        diary.add_medicine(&medicine, moment.now).await?;
    } else if !diary.correct_medicine(&medicine, moment.now).await? {
        return Err(Failure::NotFound);
    }
    drop(diary);
    reminders::sync_after_writing(app, moment).await;
    medicines(app, moment).await
}

/// Withdraws a medicine and its reminders.
pub async fn withdraw_medicine(
    app: &App,
    moment: &Moment,
    medicine: Uuid,
) -> Result<Vec<MedicineView>, Failure> {
    let medicine = MedicineId(medicine);
    if !app.diary().await?.withdraw_medicine(medicine, moment.now).await? {
        return Err(Failure::NotFound);
    }
    reminders::sync_after_writing(app, moment).await;
    medicines(app, moment).await
}

fn faults(input: &MedicineInput) -> Vec<MedicineFault> {
    let mut faults = Vec::new();
    if input.name.trim().is_empty() {
        faults.push(MedicineFault::NameMissing);
    }
    if input.name.trim().chars().count() > MAX_NAME_CHARS {
        faults.push(MedicineFault::NameTooLong);
    }
    if input.to.is_some_and(|to| to < input.from) {
        faults.push(MedicineFault::EndsBeforeItBegins);
    }
    if input.times.is_empty() {
        faults.push(MedicineFault::NoTimes);
    }
    if input.times.len() > MAX_TIMES {
        faults.push(MedicineFault::TooManyTimes);
    }
    faults
}

fn view(medicine: Medicine) -> MedicineView {
    MedicineView {
        id: medicine.id.0,
        name: medicine.name,
        from: medicine.from,
        to: medicine.to,
        times: medicine.times,
    }
}
