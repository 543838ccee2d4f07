//! From the domain to what the window shows: texts in the patient's language, nothing decided.

use afterglow_care::check_in::CheckIn;
use afterglow_care::plan::{InstructionId, Plan, SourceKey};
use afterglow_care::restriction::{Restriction, RestrictionState};
use afterglow_care::schedule::{CareToday, Occurrence};
use afterglow_care::timeline::{PhaseOnDay, Row};
use afterglow_care::triage::Assessment;
use afterglow_care::{Locale, Session, Zone, triage};
use afterglow_diary::deliveries::{self, Delivery};
use afterglow_diary::settings::StoredSettings;
use afterglow_reminders::alarms::QuietHours;
use afterglow_reminders::planner::ReminderSettings;
use afterglow_reminders::wording::Wording;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::wire::{
    AssessmentView, CareView, CheckInView, Clinic, DeliveryState, DeliveryView, EndView, FindingView,
    PhaseSpan, PhaseView, PlanView, ReminderView, RestrictionView, SessionView, Settings, SourceView,
    TimelineRow,
};

/// How long something that ended is still told as allowed again.
const TOLD_AS_OVER: TimeDelta = TimeDelta::days(1);

/// Speaks one plan in one language.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The language.
    pub locale: Locale,
}

impl Speaker<'_> {
    /// What the plan says about itself.
    pub fn plan(&self) -> PlanView {
        let texts = self.plan.texts(self.locale);
        PlanView {
            title: texts.title.clone(),
            version: self.plan.version,
            review: texts.review.clone(),
        }
    }

    /// A phase's place and name.
    pub fn span(&self, phase: &PhaseOnDay) -> PhaseSpan {
        PhaseSpan {
            id: phase.id,
            accent: phase.accent,
            name: self.plan.phase(phase.id).texts(self.locale).name.clone(),
            from_day: phase.from_day,
            to_day: phase.to_day,
        }
    }

    /// A phase as it is on one day.
    pub fn phase(&self, phase: &PhaseOnDay) -> PhaseView {
        let texts = self.plan.phase(phase.id).texts(self.locale);
        PhaseView {
            span: self.span(phase),
            accent: phase.accent,
            normal: texts.normal.clone(),
            care: texts.care.clone(),
            results: texts.results.clone(),
        }
    }

    /// What holds now and what ended within the last day. An avoid that a limit continues is not told as over.
    pub fn restrictions(&self, restrictions: &[Restriction], now: DateTime<Utc>) -> Vec<RestrictionView> {
        let told = |restriction: &&Restriction| match restriction.state {
            RestrictionState::Upcoming => false,
            RestrictionState::Holds => true,
            RestrictionState::Ended => {
                now - restriction.until < TOLD_AS_OVER
                    && self.plan.follow_up(&restriction.instruction).is_none()
            }
        };
        let (holds, over): (Vec<_>, Vec<_>) = restrictions
            .iter()
            .filter(told)
            .partition(|restriction| restriction.state == RestrictionState::Holds);
        holds
            .into_iter()
            .chain(over)
            .filter_map(|restriction| self.restriction(restriction))
            .collect()
    }

    fn restriction(&self, restriction: &Restriction) -> Option<RestrictionView> {
        let instruction = self.plan.instruction(&restriction.instruction)?;
        let texts = instruction.texts(self.locale);
        Some(RestrictionView {
            instruction: instruction.id.to_string(),
            limit_only: restriction.limit_only,
            label: texts.label.clone(),
            text: texts.text.clone(),
            why: texts.why.clone(),
            sources: self.sources(&instruction.sources),
            extrapolated: instruction.extrapolated,
            from: restriction.from,
            until: restriction.until,
            state: restriction.state,
            over: self.over(&restriction.instruction),
        })
    }

    /// Something to do today.
    pub fn care(&self, care: &CareToday) -> Option<CareView> {
        let instruction = self.plan.instruction(&care.instruction)?;
        let texts = instruction.texts(self.locale);
        Some(CareView {
            instruction: instruction.id.to_string(),
            label: texts.label.clone(),
            text: texts.text.clone(),
            why: texts.why.clone(),
            sources: self.sources(&instruction.sources),
            extrapolated: instruction.extrapolated,
            times: care.times.clone(),
        })
    }

    /// A reminder to come.
    pub fn reminder(&self, at: DateTime<Utc>, occurrence: &Occurrence) -> ReminderView {
        ReminderView {
            label: self.label(&occurrence.instruction),
            what: occurrence.what,
            at,
        }
    }

    /// What became of a reminder; none for what is no plan's (a host's own request to open the app).
    pub fn delivery(&self, delivery: &Delivery) -> Option<DeliveryView> {
        let instruction = InstructionId(delivery.key.0.split('/').nth(1)?.to_owned());
        let state = match delivery.state {
            deliveries::DeliveryState::Claimed => return None,
            deliveries::DeliveryState::Shown => DeliveryState::Shown,
            deliveries::DeliveryState::Missed => DeliveryState::Missed,
            deliveries::DeliveryState::Failed => DeliveryState::Failed,
            deliveries::DeliveryState::Opened => DeliveryState::Opened,
        };
        Some(DeliveryView {
            key: delivery.key.0.clone(),
            label: self
                .plan
                .instruction(&instruction)?
                .texts(self.locale)
                .label
                .clone(),
            due_at: delivery.due_at,
            at: delivery.at,
            state,
        })
    }

    /// A row of the timeline with what was logged in it.
    pub fn row(&self, row: &Row, check_ins: &[CheckInView]) -> TimelineRow {
        TimelineRow {
            grain: row.grain,
            from_day: row.from_day,
            to_day: row.to_day,
            from_date: row.from_date,
            to_date: row.to_date,
            phase: self.phase(&row.phase),
            phase_begins: row.phase_begins,
            ends: row
                .ends
                .iter()
                .map(|(id, at)| EndView {
                    over: self.over(id),
                    at: *at,
                })
                .collect(),
            holds: row.holds.iter().map(|id| self.label(id)).collect(),
            check_ins: check_ins
                .iter()
                .filter(|check_in| (row.from_day..=row.to_day).contains(&check_in.day))
                .cloned()
                .collect(),
        }
    }

    /// A session's check-ins in order, each judged with those before it.
    pub fn check_ins(&self, session: &Session, zone: &Zone, check_ins: &[CheckIn]) -> Vec<CheckInView> {
        check_ins
            .iter()
            .enumerate()
            .map(|(index, check_in)| {
                let day = session.day_of_date(zone, check_in.local_date);
                CheckInView {
                    id: check_in.id,
                    at: check_in.at,
                    day,
                    severities: check_in.severities.clone(),
                    signs: check_in.signs.clone(),
                    note: check_in.note.clone(),
                    assessment: self.assessment(
                        triage::assess(self.plan, session, &check_ins[..=index], check_in.at).as_ref(),
                        day,
                    ),
                }
            })
            .collect()
    }

    fn assessment(&self, assessment: Option<&Assessment>, day: i64) -> AssessmentView {
        let Some(assessment) = assessment else {
            return AssessmentView {
                level: None,
                complete: false,
                findings: Vec::new(),
            };
        };
        AssessmentView {
            level: assessment.level,
            complete: assessment.complete,
            findings: assessment
                .findings
                .iter()
                .map(|finding| FindingView {
                    rule: finding.rule.0.clone(),
                    level: finding.level,
                    advice: finding.advice(self.plan, self.locale, day),
                    sources: self.sources(&finding.sources),
                })
                .collect(),
        }
    }

    fn sources(&self, keys: &[SourceKey]) -> Vec<SourceView> {
        keys.iter()
            .filter_map(|key| {
                self.plan.source(key).map(|source| SourceView {
                    key: key.0.clone(),
                    title: source.title.clone(),
                    address: source.address.clone(),
                })
            })
            .collect()
    }

    fn label(&self, id: &InstructionId) -> String {
        self.plan.instruction(id).map_or_else(
            || id.to_string(),
            |instruction| instruction.texts(self.locale).label.clone(),
        )
    }

    fn over(&self, id: &InstructionId) -> String {
        let instruction = self.plan.instruction(id);
        let over = instruction.and_then(|instruction| instruction.texts(self.locale).over.clone());
        over.unwrap_or_default()
    }
}

/// A session as it is shown.
pub fn session(session: &Session) -> SessionView {
    SessionView {
        id: session.id,
        ended_at: session.ended_at,
        setting: session.setting,
        device: session.device.clone(),
        depth_mm: session.depth.map(afterglow_care::session::NeedleDepth::mm),
        areas: session.areas.clone(),
        concerns: session.concerns.clone(),
    }
}

/// What holds for a patient who has chosen nothing.
pub fn default_settings(locale: Locale) -> Settings {
    Settings {
        locale,
        quiet_hours: NaiveTime::from_hms_opt(22, 0, 0)
            .zip(NaiveTime::from_hms_opt(8, 0, 0))
            .map(|(from, until)| QuietHours { from, until }),
        wording: Wording::Discreet,
        clinic: Clinic::default(),
        // Reaches emergency services from mobile phones in most countries (ETSI TS 122 101, 10.1).
        emergency_number: "112".to_owned(),
    }
}

/// Settings as they are stored.
pub fn stored(settings: &Settings) -> StoredSettings {
    StoredSettings {
        locale: settings.locale,
        quiet: settings.quiet_hours.map(|quiet| (quiet.from, quiet.until)),
        discreet: settings.wording == Wording::Discreet,
        clinic_name: settings.clinic.name.clone(),
        clinic_phone: settings.clinic.phone.clone(),
        emergency_number: settings.emergency_number.clone(),
    }
}

/// Stored settings as they are shown.
pub fn settings(stored: StoredSettings) -> Settings {
    Settings {
        locale: stored.locale,
        quiet_hours: stored.quiet.map(|(from, until)| QuietHours { from, until }),
        wording: if stored.discreet {
            Wording::Discreet
        } else {
            Wording::Full
        },
        clinic: Clinic {
            name: stored.clinic_name,
            phone: stored.clinic_phone,
        },
        emergency_number: stored.emergency_number,
    }
}

/// The part of the settings that reminders go by.
pub fn reminder_settings(settings: &Settings) -> ReminderSettings {
    ReminderSettings {
        locale: settings.locale,
        wording: settings.wording,
        quiet_hours: settings.quiet_hours,
    }
}
