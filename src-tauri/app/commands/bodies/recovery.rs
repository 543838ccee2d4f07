//! Reading: where the patient is in recovery.

use afterglow_care::schedule::{Due, Occurrence};
use afterglow_care::schedule::{care_today, schedule};
use afterglow_care::timeline::{phase_on, phases};
use afterglow_care::triage::TriageLevel;
use afterglow_care::{Plan, Session, restriction, timeline as days};
use afterglow_diary::Diary;
use afterglow_handover::{CalendarEntry, calendar};
use afterglow_reminders::planner::shown_at;
use afterglow_reminders::wording;
use chrono::{DateTime, Utc};

use super::settings;
use crate::app::App;
use crate::clock::Moment;
use crate::views::{self, Speaker};
use crate::wire::{
    CallCard, CheckInView, Exported, Failure, KeyProtection, Overview, Recovery, Settings, Status,
    TimelineView,
};

/// The most past reminders that Today lists.
const PAST_REMINDERS: u32 = 10;

/// What Today shows.
pub async fn overview(app: &App, moment: &Moment) -> Result<Overview, Failure> {
    let diary = app.diary().await?;
    let settings = settings(app).await?;
    let speaker = Speaker {
        plan: &app.plan,
        locale: settings.locale,
    };
    let sessions = diary.sessions().await?;
    let recovery = match sessions.last() {
        None => None,
        Some(newest) => Some(recovery(&diary, speaker, &settings, &sessions, newest, moment).await?),
    };
    Ok(Overview {
        now: moment.now,
        zone: zone_name(moment),
        status: Status {
            key_protection: match app.key_protection().await? {
                afterglow_diary::KeyProtection::Keyring => KeyProtection::Keyring,
                afterglow_diary::KeyProtection::KeyFile => KeyProtection::KeyFile,
            },
            reminders: app.reminder_health(),
        },
        call: call(&diary, speaker, &sessions, moment).await?,
        recovery,
        settings,
    })
}

async fn recovery(
    diary: &Diary,
    speaker: Speaker<'_>,
    settings: &Settings,
    sessions: &[Session],
    newest: &Session,
    moment: &Moment,
) -> Result<Recovery, Failure> {
    let Moment { now, zone } = moment;
    let plan = speaker.plan;
    let day = newest.recovery_day(zone, *now);
    let restrictions = views::merged(
        sessions
            .iter()
            .flat_map(|session| restriction::restrictions(plan, session, *now)),
    );
    let occurrences = schedule(plan, sessions, zone);
    let check_ins = diary.check_ins(newest.id).await?;
    let past = diary.recent_deliveries(PAST_REMINDERS).await?;
    Ok(Recovery {
        session: views::session(newest),
        day,
        phase: speaker.phase(&phase_on(plan, newest, day)),
        phases: phases(plan, newest)
            .iter()
            .map(|phase| speaker.span(phase))
            .collect(),
        restrictions: speaker.restrictions(&restrictions, *now),
        care: care_today(plan, newest, zone, *now)
            .iter()
            .filter_map(|care| speaker.care(care))
            .collect(),
        next_reminder: speaker.next_reminder(&occurrences, zone, settings.quiet_hours, *now),
        past_reminders: past
            .iter()
            .filter_map(|delivery| speaker.delivery(delivery))
            .collect(),
        checked_in_today: check_ins
            .last()
            .is_some_and(|last| last.local_date == zone.date(*now)),
        last_check_in: speaker.check_ins(newest, zone, &check_ins).pop(),
        plan: speaker.plan(),
    })
}

/// The most urgent check-in that asked for a call and was not answered; of equals the newest. A
/// later calm check-in does not clear it.
async fn call(
    diary: &Diary,
    speaker: Speaker<'_>,
    sessions: &[Session],
    moment: &Moment,
) -> Result<Option<CallCard>, Failure> {
    let answered = diary.answered_calls().await?;
    let mut open: Option<(TriageLevel, DateTime<Utc>, CallCard)> = None;
    for session in sessions {
        let check_ins = diary.check_ins(session.id).await?;
        for check_in in speaker.check_ins(session, &moment.zone, &check_ins) {
            let Some(level) = check_in
                .assessment
                .level
                .filter(|level| *level >= TriageLevel::CallClinic)
            else {
                continue;
            };
            let newer = open
                .as_ref()
                .is_none_or(|(known, at, _)| (level, check_in.at) >= (*known, *at));
            if newer && !answered.contains(&check_in.id) {
                open = Some((
                    level,
                    check_in.at,
                    CallCard {
                        session: views::session(session),
                        level,
                        check_in,
                    },
                ));
            }
        }
    }
    Ok(open.map(|(_, _, card)| card))
}

/// The newest session's days.
pub async fn timeline(app: &App, moment: &Moment) -> Result<Option<TimelineView>, Failure> {
    let diary = app.diary().await?;
    let speaker = Speaker {
        plan: &app.plan,
        locale: settings(app).await?.locale,
    };
    let sessions = diary.sessions().await?;
    let Some(session) = sessions.last() else {
        return Ok(None);
    };
    let check_ins: Vec<CheckInView> =
        speaker.check_ins(session, &moment.zone, &diary.check_ins(session.id).await?);
    let days = days::timeline(&app.plan, session, &moment.zone, moment.now);
    Ok(Some(TimelineView {
        session: views::session(session),
        zone: zone_name(moment),
        today: days.today,
        rows: days.rows.iter().map(|row| speaker.row(row, &check_ins)).collect(),
    }))
}

/// Writes the coming reminders, in the chosen wording, as an iCalendar file into the downloads folder.
pub async fn export_calendar(app: &App, moment: &Moment) -> Result<Exported, Failure> {
    let settings = settings(app).await?;
    let sessions = app.diary().await?.sessions().await?;
    let entries: Vec<CalendarEntry> = schedule(&app.plan, &sessions, &moment.zone)
        .iter()
        .filter_map(|occurrence| {
            let at = shown_at(occurrence, &moment.zone, settings.quiet_hours)?;
            (at > moment.now).then(|| CalendarEntry {
                key: occurrence.key.0.clone(),
                due_at: at,
                valid_until: None,
                summary: wording::TITLE.to_owned(),
                description: wording::body(subject(&app.plan, occurrence), settings.wording, settings.locale),
            })
        })
        .collect();
    let file = format!("afterglow-{}.ics", moment.zone.date(moment.now));
    let path = app.places.downloads.join(file);
    let text = calendar("Afterglow", &entries, moment.now);
    let failed = |error: std::io::Error| Failure::ExportFailed {
        sentence: format!("{} could not be written: {error}", path.display()),
    };
    tokio::fs::create_dir_all(&app.places.downloads)
        .await
        .map_err(failed)?;
    tokio::fs::write(&path, text).await.map_err(failed)?;
    Ok(Exported {
        path: path.display().to_string(),
    })
}

fn subject<'a>(plan: &'a Plan, occurrence: &'a Occurrence) -> wording::Subject<'a> {
    wording::Subject {
        plan,
        instruction: &occurrence.instruction,
        what: occurrence.what,
        local: match occurrence.due {
            Due::Elapsed(_) => None,
            Due::Civil(local) => Some(local),
        },
    }
}

/// The zone's name for the window; a zone without one is shown in UTC's name at its offset.
fn zone_name(moment: &Moment) -> String {
    moment.zone.name().map_or_else(
        || moment.zone.local(moment.now).offset().to_string(),
        str::to_owned,
    )
}
