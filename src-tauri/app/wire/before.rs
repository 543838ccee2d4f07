//! What crosses about the time before a session.

use chrono::{DateTime, Utc};
use serde::Serialize;
use ts_rs::TS;

use super::{AppointmentView, CareView, DueView, PlanView, ReminderView, SourceView};

/// The next session that is booked, and what to do and to avoid until then.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Booked {
    /// As it was entered.
    pub appointment: AppointmentView,
    /// When it begins.
    pub at: DateTime<Utc>,
    /// What the plan asks before it, in the order in which it begins.
    pub pre_care: Vec<PreCareView>,
}

/// Something to do or to avoid before a session.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PreCareView {
    /// Its name in the plan.
    pub id: String,
    /// What it is about, in a word or two.
    pub label: String,
    /// What it asks.
    pub text: String,
    /// Why.
    pub why: String,
    /// Who says so.
    pub sources: Vec<SourceView>,
    /// Whether it is the authors' careful reading rather than a source's figure.
    pub extrapolated: bool,
    /// From when on it holds, until the session.
    pub from: DateTime<Utc>,
}

/// Today before the first session, where there is something to do or to wait for.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Before {
    /// What to do today, in the order of the day.
    pub care: Vec<CareView>,
    /// What is due and waits for an answer, the oldest first.
    pub due: Vec<DueView>,
    /// The next reminder.
    pub next_reminder: Option<ReminderView>,
    /// The plan behind all this.
    pub plan: PlanView,
}
