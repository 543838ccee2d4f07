//! Reading: where the patient is in recovery.

use afterglow_care::course::next_session;
use afterglow_care::restriction::restrictions_of;
use afterglow_care::schedule::{Basis, Due, care_today};
use afterglow_care::session::SessionId;
use afterglow_care::timeline::{phase_on, phases};
use afterglow_care::{Session, timeline as days};
use afterglow_diary::Diary;
use afterglow_handover::{CalendarEntry, EntryTime, calendar};
use afterglow_reminders::planner::{coming, words};

use super::{booked, calls, failures};
use crate::app::App;
use crate::clock::Moment;
use crate::numbers;
use crate::opening::open_now;
use crate::platform;
use crate::recent::Recent;
use crate::reminders::Known;
use crate::views::{self, Judged};
use crate::wire::{Before, CheckInView, Exported, Failure, Overview, Recovery, Status, TimelineView};

/// The most past reminders that Today lists.
const PAST_REMINDERS: u32 = 10;

/// What Today shows. It is read first and whenever something changed, so here a damaged page comes to light.
pub async fn overview(app: &App, moment: &Moment) -> Result<Overview, Failure> {
    match read(app, moment).await {
        Err(Failure::DiaryDamaged { sentence }) => Err(failures::damaged_inside(app, sentence).await),
        answer => answer,
    }
}

async fn read(app: &App, moment: &Moment) -> Result<Overview, Failure> {
    let diary = app.diary().await?;
    let recent = Recent::read(app, &diary, moment).await?;
    let judged = recent.judged(&app.plan, moment);
    let as_entered = recent.as_entered(&app.plan, moment);
    let (access, notes) = app.found_at_opening().await?;
    let recovery = match recent.sessions.last() {
        None => None,
        Some(newest) => Some(recovery(app, &diary, &recent, newest, &judged, moment).await?),
    };
    let booked = booked::next(&recent.appointments, recent.speaker(&app.plan), moment);
    let before = if recovery.is_none() && (booked.is_some() || !recent.medicines.is_empty()) {
        Some(before(app, &diary, &recent, &judged, moment).await?)
    } else {
        None
    };
    let mut call = calls::most_urgent(app, &diary, &recent, [&judged, &as_entered], moment).await?;
    if let Some(card) = &mut call {
        card.not_reached_at = calls::not_reached_at(&diary, card).await?;
    }
    Ok(Overview {
        now: moment.now,
        zone: views::zone_name(&moment.zone, moment.now),
        status: Status {
            protection: views::protection(diary.protection().await),
            access: views::access(access),
            notes: notes.into_iter().map(views::note).collect(),
            reminders: app.reminder_health(),
            reminders_mended: !app.mended_reminders().is_empty(),
            reminders_paused_until: app.paused_until().filter(|until| moment.now < *until),
            at_login: platform::at_login(&app.host),
            numbers_outside: numbers::are_wanted(app),
        },
        call,
        clinic_open: open_now(&recent.settings.clinic.hours, &moment.zone, moment.now),
        outcome_asked: recent.outcome_asked(moment).map(calls::outcome_asked),
        recovery,
        before,
        booked,
        settings: recent.settings,
    })
}

async fn before(
    app: &App,
    diary: &Diary,
    recent: &Recent,
    judged: &[Judged<'_>],
    moment: &Moment,
) -> Result<Before, Failure> {
    let speaker = recent.speaker(&app.plan);
    let mut known = Known::new(app, recent, judged, moment);
    known
        .settle(diary, recent.newest_journal.as_deref(), moment.now)
        .await?;
    let ticked = diary.ticked_since(moment.midnight()).await?;
    Ok(Before {
        care: care_today(&app.plan, known.basis(), &moment.zone, moment.now)
            .iter()
            .filter_map(|care| speaker.care(care, &ticked))
            .collect(),
        due: known.due(app, speaker, moment),
        next_reminder: known
            .next(app, moment)
            .map(|(at, occurrence)| speaker.reminder(at, occurrence)),
        plan: speaker.plan(),
    })
}

async fn recovery(
    app: &App,
    diary: &Diary,
    recent: &Recent,
    newest: &Session,
    judged: &[Judged<'_>],
    moment: &Moment,
) -> Result<Recovery, Failure> {
    let Moment { now, zone } = moment;
    let plan = &app.plan;
    let (speaker, sessions) = (recent.speaker(plan), &recent.sessions);
    let day = newest.recovery_day(zone, *now);
    let mut known = Known::new(app, recent, judged, moment);
    known
        .settle(diary, recent.newest_journal.as_deref(), *now)
        .await?;
    let own = || judged.iter().filter(|judged| judged.session.id == newest.id);
    let ticked = diary.ticked_since(moment.midnight()).await?;
    let past = diary.recent_deliveries(PAST_REMINDERS, *now).await?;
    Ok(Recovery {
        session: views::session(newest),
        day,
        phase: speaker.phase(&phase_on(plan, newest, day)),
        phases: phases(plan, newest)
            .iter()
            .map(|phase| speaker.span(phase))
            .collect(),
        restrictions: speaker.restrictions(&restrictions_of(plan, sessions, *now), *now),
        care: care_today(plan, known.basis(), zone, *now)
            .iter()
            .filter_map(|care| speaker.care(care, &ticked))
            .collect(),
        next_reminder: known
            .next(app, moment)
            .map(|(at, occurrence)| speaker.reminder(at, occurrence)),
        due: known.due(app, speaker, moment),
        past_reminders: past
            .iter()
            .filter_map(|delivery| speaker.delivery(delivery, known.was_over(delivery)))
            .collect(),
        checked_in_today: own()
            .any(|judged| judged.view.assessment.complete && judged.local_date == zone.date(*now)),
        read_out: own()
            .next_back()
            .map(|newest| speaker.summary(newest, judged, zone.date(*now))),
        last_check_in: own().next_back().map(|judged| judged.view.clone()),
        questions: speaker.questions(sessions, newest, moment),
        plan: speaker.plan(),
    })
}

/// The days since the newest session, with the check-ins of those days.
pub async fn timeline(app: &App, moment: &Moment) -> Result<Option<TimelineView>, Failure> {
    let diary = app.diary().await?;
    let recent = Recent::read(app, &diary, moment).await?;
    let speaker = recent.speaker(&app.plan);
    let days = days::timeline(&app.plan, &recent.sessions, &moment.zone, moment.now);
    let (Some(newest), Some(days)) = (recent.sessions.last(), days) else {
        return Ok(None);
    };
    let check_ins: Vec<_> = recent
        .judged(&app.plan, moment)
        .into_iter()
        .map(|judged| CheckInView {
            // The road counts from the newest session.
            day: newest.day_of_date(&moment.zone, judged.local_date),
            ..judged.view
        })
        .collect();
    let appointments: Vec<_> = recent
        .appointments
        .iter()
        .map(|booked| views::booked(booked, moment.now))
        .collect();
    let courses: Vec<_> = recent.courses.iter().map(|(_, course)| course.clone()).collect();
    let basis = Basis {
        sessions: &recent.sessions,
        appointments: &appointments,
        courses: &courses,
        ..Basis::default()
    };
    let note = |id: SessionId| {
        let mut entries = recent.appointments.iter().map(|entry| &entry.appointment);
        let noted = entries.find(|entered| entered.id.0 == id.0);
        noted.map_or_else(String::new, |entered| entered.note.clone())
    };
    let booked: Vec<_> = days::booked(&app.plan, basis, &moment.zone, moment.now)
        .iter()
        .map(|booked| speaker.booked(booked, note(booked.appointment.id), &moment.zone))
        .collect();
    let today = moment.zone.date(moment.now);
    // What the patient planned stays until it is booked or ended.
    let next_session = next_session(&app.plan, basis, &moment.zone)
        .filter(|next| booked.is_empty() && (next.planned.is_some() || today <= next.latest));
    Ok(Some(TimelineView {
        session: views::session(newest),
        zone: views::zone_name(&moment.zone, moment.now),
        today: days.today,
        rows: days.rows.iter().map(|row| speaker.row(row, &check_ins)).collect(),
        next_session: next_session.map(views::next_session),
        photos: views::photos_of_days(newest, &diary.photos(newest.id).await?, &moment.zone),
        booked,
    }))
}

/// Writes the coming reminders, in the chosen wording, as an iCalendar file into the downloads folder.
pub async fn export_calendar(app: &App, moment: &Moment) -> Result<Exported, Failure> {
    let diary = app.diary().await?;
    let recent = Recent::read(app, &diary, moment).await?;
    let judged = recent.judged(&app.plan, moment);
    let mut known = Known::new(app, &recent, &judged, moment);
    known
        .settle(&diary, recent.newest_journal.as_deref(), moment.now)
        .await?;
    let asked = known.as_of(app, moment);
    let entries: Vec<CalendarEntry> = coming(&asked)
        .into_iter()
        .filter(|(at, _)| *at > moment.now)
        .map(|(at, occurrence)| CalendarEntry {
            key: occurrence.key.0.clone(),
            at: match occurrence.due {
                Due::Elapsed(_) => EntryTime::Instant(at),
                Due::Civil(_) => EntryTime::Local(moment.zone.local(at).naive_local()),
            },
            summary: words(&asked, occurrence),
            lasts: None,
            description: String::new(),
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
