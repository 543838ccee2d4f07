//! What the diary says of the days that are shown: read once for everything that one answer is made of.

use std::collections::{BTreeMap, BTreeSet};

use afterglow_care::check_in::CheckIn;
use afterglow_care::plan::Plan;
use afterglow_care::session::SessionId;
use afterglow_care::{Session, course};
use afterglow_diary::Diary;
use afterglow_diary::appointments::AppointmentEntry;
use afterglow_diary::calls::{RaisedCall, ReachedCall};
use afterglow_diary::courses::{Course, CourseId};
use afterglow_diary::medicines::MedicineEntry;
use afterglow_diary::reminders::StoredReminders;
use afterglow_diary::settings::StoredSettings;
use afterglow_diary::standing::{Entered, Standing};
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::clock::Moment;
use crate::views::{self, Judged, Speaker};
use crate::wire::{Failure, Settings};

/// How long after a call was answered the patient is asked what came of it.
const ASKED_FOR: TimeDelta = TimeDelta::days(7);

/// What the patient chose, or what holds until they choose.
pub(crate) async fn settings(app: &App) -> Result<Settings, Failure> {
    let stored = app.diary().await?.settings().await?;
    Ok(chosen(app, stored))
}

/// What the patient chose, or what holds until they choose.
pub(crate) fn chosen(app: &App, stored: Option<StoredSettings>) -> Settings {
    stored.map_or_else(|| views::default_settings(app.system_locale), views::settings)
}

async fn courses(diary: &Diary) -> Result<Vec<(Course, course::Course)>, Failure> {
    let kept = diary.courses().await?;
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let mut of: BTreeMap<CourseId, BTreeSet<SessionId>> = BTreeMap::new();
    for (session, course) in diary.session_courses().await? {
        of.entry(course).or_default().insert(session);
    }
    let with_sessions = |kept: Course| {
        let known = course::Course {
            planned: kept.planned_sessions,
            interval_days: kept.interval_days,
            ended: kept.ended.is_some(),
            sessions: of.remove(&kept.id).unwrap_or_default(),
        };
        (kept, known)
    };
    Ok(kept.into_iter().map(with_sessions).collect())
}

/// The sessions, the calls that are open, and the check-ins of the days that are shown, corrections beside what they
/// correct, with as much before them as triage holds them against. What it costs does not depend on how old the diary
/// is.
#[derive(Debug)]
pub(crate) struct Recent {
    /// What the patient chose.
    pub(crate) settings: Settings,
    /// What they chose about reminders.
    pub(crate) reminders: Option<StoredReminders>,
    /// Every session, in the order in which they ended.
    pub(crate) sessions: Vec<Session>,
    /// What the clinic prescribed.
    pub(crate) medicines: Vec<MedicineEntry>,
    /// What was entered of them before and was corrected since.
    pub(crate) superseded_medicines: Vec<MedicineEntry>,
    /// Every course, as the diary keeps it and as the domain knows it, in the order in which they started.
    pub(crate) courses: Vec<(Course, course::Course)>,
    /// The sessions that were booked.
    pub(crate) appointments: Vec<AppointmentEntry>,
    /// The journal of the alarm host that the ledger heard of last.
    pub(crate) newest_journal: Option<String>,
    /// Calls of any age about which nothing was said, the most urgent first.
    pub(crate) open_calls: Vec<RaisedCall>,
    /// The call in which somebody was reached last.
    pub(crate) reached_call: Option<ReachedCall>,
    /// From here on triage says of a check-in what it says with the whole diary.
    since: DateTime<Utc>,
    entries: Vec<CheckIn>,
}

impl Recent {
    /// From the day before the newest session on: the day of the session is shown whole.
    pub(crate) async fn read(app: &App, diary: &Diary, moment: &Moment) -> Result<Self, Failure> {
        let Standing {
            settings,
            reminders,
            newest_journal,
            entered:
                Entered {
                    sessions,
                    medicines,
                    superseded_medicines,
                    appointments,
                    open_calls,
                    reached_call,
                },
        } = diary.standing().await?;
        // A clock that was set back must not hide what is entered now.
        let newest = sessions.last().map_or(moment.now, |newest| newest.ended_at);
        let since = newest.min(moment.now) - TimeDelta::days(1);
        let held_against = TimeDelta::days(app.plan.settled_day().into());
        Ok(Self {
            settings: chosen(app, settings),
            reminders,
            sessions,
            medicines,
            superseded_medicines,
            courses: courses(diary).await?,
            appointments,
            newest_journal,
            open_calls,
            reached_call,
            since,
            entries: diary.check_in_history_since(since - held_against).await?,
        })
    }

    /// The call in which somebody was reached in the last days, and of which nothing was said since.
    pub(crate) fn outcome_asked(&self, moment: &Moment) -> Option<&ReachedCall> {
        self.reached_call
            .as_ref()
            .filter(|reached| !reached.is_told && moment.now - reached.reached_at <= ASKED_FOR)
    }

    /// Who tells of it.
    pub(crate) fn speaker<'a>(&'a self, plan: &'a Plan) -> Speaker<'a> {
        Speaker {
            plan,
            settings: &self.settings,
            call_open: !self.open_calls.is_empty(),
        }
    }

    /// The check-ins as they stand, oldest first, each judged with those before it.
    pub(crate) fn judged(&self, plan: &Plan, moment: &Moment) -> Vec<Judged<'_>> {
        self.of_their_time(
            self.speaker(plan)
                .judged(&self.sessions, &moment.zone, &self.entries),
        )
    }

    /// As [`Recent::judged`], with a check-in among them that is not in the diary.
    pub(crate) fn judged_with(&self, plan: &Plan, moment: &Moment, draft: CheckIn) -> Vec<Judged<'_>> {
        let mut entries = self.entries.clone();
        entries.push(draft);
        self.speaker(plan).judged(&self.sessions, &moment.zone, &entries)
    }

    /// What corrected ones asked for when they were entered.
    pub(crate) fn as_entered(&self, plan: &Plan, moment: &Moment) -> Vec<Judged<'_>> {
        self.of_their_time(
            self.speaker(plan)
                .as_entered(&self.sessions, &moment.zone, &self.entries),
        )
    }

    fn of_their_time<'a>(&self, mut judged: Vec<Judged<'a>>) -> Vec<Judged<'a>> {
        judged.retain(|judged| judged.view.at >= self.since);
        judged
    }
}
