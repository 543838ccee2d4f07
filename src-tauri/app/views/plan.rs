//! The care plan, as it is shown.

use afterglow_care::course::Proposed;
use afterglow_care::plan::{Instruction, InstructionId};
use afterglow_care::restriction::{Restriction, RestrictionState, WindowKind};
use afterglow_care::schedule::CareSpan;
use chrono::{DateTime, TimeDelta, Utc};

use super::Speaker;
use crate::wire::{BeforeNextView, PlanInstructionView, PlanWindow, UsualCourse};

impl Speaker<'_> {
    /// An avoid or a limit, with its times.
    pub fn planned_restriction(&self, restriction: &Restriction) -> Option<PlanInstructionView> {
        let kind = match (restriction.ask, restriction.limit_only) {
            (true, _) => WindowKind::Ask,
            (false, true) => WindowKind::Limit,
            (false, false) => WindowKind::Avoid,
        };
        let window = PlanWindow {
            from: restriction.from,
            until: restriction.until,
            state: restriction.state,
        };
        Some(PlanInstructionView {
            kind,
            window: Some(window),
            ..self.planned(&restriction.instruction)?
        })
    }

    /// Something to do, with its times.
    pub fn planned_care(&self, care: &CareSpan, now: DateTime<Utc>) -> Option<PlanInstructionView> {
        let window = care.span.map(|(from, until)| PlanWindow {
            from,
            until,
            state: if now < from {
                RestrictionState::Upcoming
            } else if now < until {
                RestrictionState::Holds
            } else {
                RestrictionState::Ended
            },
        });
        Some(PlanInstructionView {
            kind: if care.ask { WindowKind::Ask } else { WindowKind::Do },
            window,
            times: care.times.clone(),
            days: care.days,
            ..self.planned(&care.instruction)?
        })
    }

    fn planned(&self, id: &InstructionId) -> Option<PlanInstructionView> {
        let instruction: &Instruction = self.plan.instruction(id)?;
        let texts = instruction.texts(self.settings.locale);
        Some(PlanInstructionView {
            id: instruction.id.to_string(),
            label: texts.label.clone(),
            text: texts.text.clone(),
            why: texts.why.clone(),
            sources: self.sources(&instruction.sources),
            extrapolated: instruction.extrapolated,
            kind: WindowKind::Do,
            window: None,
            times: Vec::new(),
            days: None,
        })
    }

    /// What to do and to avoid before a session, in the order in which it begins; with its times where one is booked.
    pub fn before_next(&self, booked_at: Option<DateTime<Utc>>) -> Vec<BeforeNextView> {
        let asked = self.plan.pre_care().iter().map(|one| {
            let texts = one.texts(self.settings.locale);
            BeforeNextView {
                id: one.id.to_string(),
                label: texts.label.clone(),
                text: texts.text.clone(),
                why: texts.why.clone(),
                sources: self.sources(&one.sources),
                extrapolated: one.extrapolated,
                hours_before: one.hours_before,
                from: booked_at.map(|at| at - TimeDelta::hours(one.hours_before.into())),
            }
        });
        let mut asked: Vec<_> = asked.collect();
        asked.sort_by_key(|one| std::cmp::Reverse(one.hours_before));
        asked
    }

    /// What a course usually is, and what is proposed.
    pub fn usual_course(&self, proposed: &Proposed) -> UsualCourse {
        let course = self.plan.course();
        UsualCourse {
            text: course.text(self.settings.locale).to_owned(),
            sources: self.sources(&course.sources),
            extrapolated: course.extrapolated,
            planned_sessions: proposed.planned,
            interval_days: proposed.interval_days,
            sessions: proposed.of_none.clone(),
            proposed: proposed.sessions.clone(),
        }
    }
}
