//! What the patient chose about reminders, and what follows from it.

use std::collections::BTreeSet;

use afterglow_care::plan::{Instruction, InstructionId, InstructionKind};
use afterglow_care::schedule::{CareTimes, Occurrence, What};
use afterglow_care::{Locale, Plan};
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use crate::alarms::QuietHours;
use crate::wording::Wording;

/// What the patient chose about reminders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReminderSettings {
    /// The language of the texts.
    pub locale: Locale,
    /// What a lock screen may tell, on every channel.
    pub wording: Wording,
    /// When nothing rings that can wait; none is never quiet.
    pub quiet_hours: Option<QuietHours>,
    /// Whether notifications may make a sound.
    pub sound: bool,
    /// The instructions that the patient does not want to be reminded of; [`PHASES`] and
    /// [`afterglow_care::schedule::APPOINTMENT`] can be among them. See [`untold`].
    pub switched_off: BTreeSet<InstructionId>,
    /// When the patient's day begins and ends with care.
    pub care_times: CareTimes,
    /// Whether what is to be done on the first day is shown again, [`REPEATS`] times at most.
    pub repeat_until_done: bool,
}

/// Stands in [`ReminderSettings::switched_off`] for the beginning of every phase.
pub const PHASES: &str = "phase";

/// How often something to do is shown again where the patient wants it so.
pub const REPEATS: u8 = 3;

impl Default for ReminderSettings {
    /// What holds for a patient who has chosen nothing.
    fn default() -> Self {
        Self {
            locale: Locale::default(),
            wording: Wording::default(),
            quiet_hours: NaiveTime::from_hms_opt(22, 0, 0)
                .zip(NaiveTime::from_hms_opt(8, 0, 0))
                .map(|(from, until)| QuietHours { from, until }),
            sound: true,
            switched_off: BTreeSet::new(),
            care_times: CareTimes::default(),
            repeat_until_done: false,
        }
    }
}

impl ReminderSettings {
    /// Whether the patient wants to be told of it. How a call went on is always asked.
    pub(crate) fn wants(&self, occurrence: &Occurrence) -> bool {
        let off = |name: &str| self.switched_off.iter().any(|off| off.0 == name);
        match occurrence.what {
            What::FollowUp => true,
            What::Phase => !off(PHASES),
            _ => !off(&occurrence.instruction.0),
        }
    }
}

/// The restrictions whose end the patient will not be told, in the plan's order: those switched off,
/// and every limit that is told at the end of the avoid before it. They hold all the same; whoever
/// offers the switch says so, for a restriction is never switched off silently.
pub fn untold<'a>(plan: &'a Plan, settings: &ReminderSettings) -> Vec<&'a Instruction> {
    let off = |instruction: &Instruction| settings.switched_off.contains(&instruction.id);
    let leads_to = |avoid: &Instruction, id: &InstructionId| avoid.followed_by.as_ref() == Some(id);
    plan.instructions()
        .iter()
        .filter(|instruction| instruction.kind != InstructionKind::Do)
        .filter(|instruction| {
            let mut before = plan
                .instructions()
                .iter()
                .filter(|avoid| leads_to(avoid, &instruction.id))
                .peekable();
            if before.peek().is_some() {
                before.any(off)
            } else {
                off(instruction)
            }
        })
        .collect()
}
