//! From the domain to what the window shows: texts in the patient's language, nothing decided.

mod before;
mod can;
mod care;
mod plan;
mod progress;
mod summary;
mod timeline;

use std::collections::BTreeSet;

use afterglow_care::check_in::{CheckIn, CheckInId, Severities, Sign, Symptom, Temperature};
use afterglow_care::plan::{ClosingBlanks, InstructionId, Plan, SourceKey};
use afterglow_care::restriction::{Restriction, RestrictionState};
use afterglow_care::schedule::{APPOINTMENT, CareTimes, Medicine, Occurrence};
use afterglow_care::session::{Appointment, SessionId};
use afterglow_care::timeline::{PhaseId, PhaseOnDay, Row};
use afterglow_care::triage::{Finding, Judgement, TriageLevel};
use afterglow_care::{Locale, Session, Zone, triage};
use afterglow_diary::appointments::AppointmentEntry;
use afterglow_diary::backup::{Backup, BackupKind, Contents};
use afterglow_diary::deliveries::{self, Delivery};
use afterglow_diary::medicines::MedicineEntry;
use afterglow_diary::photos::Photo;
use afterglow_diary::reminders::StoredReminders;
use afterglow_diary::settings::{StoredSettings, Theme as StoredTheme};
use afterglow_diary::{KeyringNote, OpenNote, WhyReadOnly};
use afterglow_reminders::alarms::QuietHours;
use afterglow_reminders::settings::ReminderSettings;
use afterglow_reminders::wording::{Wording, appointment_label, over_but_ask};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use enumset::EnumSet;
use uuid::Uuid;

use crate::clock::Moment;
use crate::opening;
use crate::wire::{
    Access, AssessmentView, BackupMade, BackupView, CheckInView, Clinic, DeliveryState, DeliveryView,
    DiaryNote, EndView, FindingView, Holdings, PhaseSpan, PhaseView, PhotoView, PlanView, Protection,
    Questions, ReminderView, RestrictionView, SessionView, Settings, SignGroup, SignQuestion, SourceView,
    SymptomQuestion, Theme, TimelineRow,
};

pub use progress::{Recorded, photos_of_days, progress_session};
pub use timeline::next_session;

/// How long something that ended is still told as allowed again.
const TOLD_AS_OVER: TimeDelta = TimeDelta::days(1);

/// Speaks one plan to one patient.
#[derive(Debug, Clone, Copy)]
pub struct Speaker<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What the patient chose: the language, and whom to call.
    pub settings: &'a Settings,
    /// Whether a call is open: until it is made nothing is said to be allowed again.
    pub call_open: bool,
}

/// A check-in as it is shown, and what it belongs to.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// Its session.
    pub session: &'a Session,
    /// The patient's calendar date when it was recorded.
    pub local_date: NaiveDate,
    /// As it is shown.
    pub view: CheckInView,
}

impl Speaker<'_> {
    /// What the plan says about itself.
    pub fn plan(&self) -> PlanView {
        let texts = self.plan.texts(self.settings.locale);
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
            name: self.plan.phase(phase.id).texts(self.settings.locale).name.clone(),
            from_day: phase.from_day,
            to_day: phase.to_day,
        }
    }

    /// A phase as it is on one day.
    pub fn phase(&self, phase: &PhaseOnDay) -> PhaseView {
        let texts = self.plan.phase(phase.id).texts(self.settings.locale);
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
                // Only the clinic can say that something it was asked about is over.
                !restriction.ask
                    && now - restriction.until < TOLD_AS_OVER
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
        let texts = instruction.texts(self.settings.locale);
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

    /// A reminder to come.
    pub fn reminder(&self, at: DateTime<Utc>, occurrence: &Occurrence) -> ReminderView {
        ReminderView {
            label: self.label(&occurrence.instruction),
            what: occurrence.what,
            at,
        }
    }

    /// What became of a reminder, and whether it was `over` when that came of it; none for what is no plan's (a host's
    /// own request to open the app).
    pub fn delivery(&self, delivery: &Delivery, over: bool) -> Option<DeliveryView> {
        let instruction = InstructionId(delivery.key.0.split('/').nth(1)?.to_owned());
        let state = match delivery.state {
            deliveries::DeliveryState::Claimed | deliveries::DeliveryState::Undone => return None,
            deliveries::DeliveryState::Shown => DeliveryState::Shown,
            deliveries::DeliveryState::Missed => DeliveryState::Missed,
            deliveries::DeliveryState::Failed => DeliveryState::Failed,
            deliveries::DeliveryState::Opened => DeliveryState::Opened,
            deliveries::DeliveryState::Done => DeliveryState::Done,
            deliveries::DeliveryState::Skipped => DeliveryState::Skipped,
            deliveries::DeliveryState::Snoozed => DeliveryState::Snoozed,
            deliveries::DeliveryState::Withdrawn => DeliveryState::Withdrawn,
        };
        Some(DeliveryView {
            key: delivery.key.0.clone(),
            label: self.known_label(&instruction)?,
            due_at: delivery.due_at,
            at: delivery.at,
            state,
            until: delivery.until,
            over,
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

    /// The check-ins of some sessions, oldest first, each judged with those before it.
    pub fn judged<'s>(&self, sessions: &'s [Session], zone: &Zone, check_ins: &[CheckIn]) -> Vec<Judged<'s>> {
        // Of what was recorded nothing is left out, also where the clock was set back since.
        let Some(newest) = check_ins.iter().map(|check_in| check_in.at).max() else {
            return Vec::new();
        };
        triage::judge_each(self.plan, sessions, check_ins, newest)
            .into_iter()
            .filter_map(|judgement| {
                let check_in = check_ins.iter().find(|one| one.id == judgement.check_in)?;
                let session = sessions.iter().find(|one| one.id == check_in.session)?;
                let day = session.day_of_date(zone, check_in.local_date);
                Some(Judged {
                    session,
                    local_date: check_in.local_date,
                    view: CheckInView {
                        id: check_in.id,
                        at: check_in.at,
                        date: check_in.local_date,
                        day,
                        severities: check_in.severities.into(),
                        signs: check_in.signs.map(|signs| signs.iter().collect()),
                        temperature_c: check_in.temperature.map(Temperature::celsius),
                        areas: check_in.areas.iter().collect(),
                        note: check_in.note.clone(),
                        assessment: self.assessment(&judgement, day),
                    },
                })
            })
            .collect()
    }

    /// What corrected check-ins asked for when they were entered, each judged with those entered before it; nothing
    /// where nothing was corrected.
    pub fn as_entered<'s>(
        &self,
        sessions: &'s [Session],
        zone: &Zone,
        entries: &[CheckIn],
    ) -> Vec<Judged<'s>> {
        let replaced: BTreeSet<_> = entries.iter().filter_map(|entry| entry.revises).collect();
        if replaced.is_empty() {
            return Vec::new();
        }
        let then: Vec<_> = entries
            .iter()
            .filter(|entry| entry.revises.is_none() || replaced.contains(&entry.id))
            .map(|entry| CheckIn {
                revises: None,
                ..entry.clone()
            })
            .collect();
        self.judged(sessions, zone, &then)
    }

    fn assessment(&self, judgement: &Judgement, day: i64) -> AssessmentView {
        let Judgement {
            level,
            complete,
            ref findings,
            ..
        } = *judgement;
        let judged = complete || level > TriageLevel::Expected;
        AssessmentView {
            level,
            complete,
            findings: findings
                .iter()
                .map(|finding| self.finding(finding, day))
                .collect(),
            closing: if judged {
                self.closing(level, day)
            } else {
                String::new()
            },
        }
    }

    fn finding(&self, finding: &Finding, day: i64) -> FindingView {
        FindingView {
            rule: finding.rule.0.clone(),
            level: finding.level,
            advice: finding.advice(self.plan, self.settings.locale, day),
            because: finding.because(self.plan, self.settings.locale),
            sources: self.sources(&finding.sources),
            extrapolated: finding.extrapolated,
        }
    }

    /// A level's closing line; empty where it speaks of what was not entered.
    fn closing(&self, level: TriageLevel, day: i64) -> String {
        let Settings {
            clinic,
            emergency_number,
            ..
        } = self.settings;
        let known = ClosingBlanks {
            day,
            clinic: &clinic.name,
            phone: &clinic.phone,
            emergency_number,
        };
        self.plan
            .closing_line(level, self.settings.locale, &known)
            .unwrap_or_default()
    }

    /// What a check-in about a session asks now.
    pub fn questions(&self, sessions: &[Session], session: &Session, moment: &Moment) -> Questions {
        let locale = self.settings.locale;
        let risks = sessions.iter().fold(EnumSet::empty(), |all, one| all | one.risks);
        let mut sign_groups: Vec<SignGroup> = Vec::new();
        for words in self.plan.signs() {
            let texts = words.texts(locale);
            let question = SignQuestion {
                sign: words.id,
                question: texts.question.clone(),
                short: texts.short.clone(),
                emergency: self.is_emergency(words.id, sessions, session, moment),
            };
            match sign_groups.iter_mut().find(|group| group.group == words.group) {
                Some(group) => group.signs.push(question),
                None => sign_groups.push(SignGroup {
                    group: words.group.clone(),
                    signs: vec![question],
                }),
            }
        }
        Questions {
            symptoms: self
                .plan
                .questions(risks, locale)
                .map(|question| SymptomQuestion {
                    symptom: question.symptom,
                    label: question.label.to_owned(),
                    short: self.plan.symptom(question.symptom, locale).short.clone(),
                    grades: question.grades.clone(),
                    core: Symptom::CORE.contains(&question.symptom),
                })
                .collect(),
            sign_groups,
        }
    }

    /// Whether triage would call a check-in with nothing but this sign an emergency.
    fn is_emergency(&self, sign: Sign, sessions: &[Session], session: &Session, moment: &Moment) -> bool {
        let alone = CheckIn {
            id: CheckInId(Uuid::nil()),
            session: session.id,
            at: moment.now,
            local_date: moment.zone.date(moment.now),
            severities: Severities::default(),
            signs: Some(sign.into()),
            temperature: None,
            areas: EnumSet::empty(),
            note: String::new(),
            revises: None,
        };
        triage::judge_each(self.plan, sessions, std::slice::from_ref(&alone), moment.now)
            .iter()
            .any(|judgement| judgement.level == TriageLevel::Emergency)
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
        self.known_label(id).unwrap_or_else(|| id.to_string())
    }

    /// In words what a reminder is about: an instruction, a booked session, or the phase that begins.
    fn known_label(&self, id: &InstructionId) -> Option<String> {
        let locale = self.settings.locale;
        if let Some(instruction) = self.plan.instruction(id) {
            return Some(instruction.texts(locale).label.clone());
        }
        if id.0 == APPOINTMENT {
            return Some(appointment_label(locale).to_owned());
        }
        let phase = PhaseId::ALL.into_iter().find(|phase| phase.name() == id.0)?;
        Some(self.plan.phase(phase).texts(locale).name.clone())
    }

    /// That something is over; while a call is open, that the clinic is asked first, as its reminder says it.
    fn over(&self, id: &InstructionId) -> String {
        let locale = self.settings.locale;
        let texts = self
            .plan
            .instruction(id)
            .map(|instruction| instruction.texts(locale));
        let over = texts.and_then(|texts| {
            let asked = self.call_open.then(|| over_but_ask(&texts.label, locale));
            asked.or_else(|| texts.over.clone())
        });
        over.unwrap_or_default()
    }
}

/// A session as it is shown.
pub fn session(session: &Session) -> SessionView {
    SessionView {
        id: session.id,
        ended_at: session.ended_at,
        ended_local: session.zone.local(session.ended_at).naive_local(),
        zone: zone_name(&session.zone, session.ended_at),
        setting: session.setting,
        device: session.device.clone(),
        depth_mm: session.depth.map(afterglow_care::session::NeedleDepth::mm),
        areas: session.areas.clone(),
        concerns: session.concerns.clone(),
        clinic_gave: session.clinic_gave.iter().collect(),
        adjuncts: session.adjuncts.iter().collect(),
        exposed: session.exposed,
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
        theme: Theme::System,
        text_percent: 100,
        skin_tone: None,
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
        clinic_out_of_hours_phone: settings.clinic.after_hours_phone.clone(),
        clinic_opening_hours: opening::stored(&settings.clinic.hours),
        emergency_number: settings.emergency_number.clone(),
        theme: match settings.theme {
            Theme::System => StoredTheme::System,
            Theme::Light => StoredTheme::Light,
            Theme::Dark => StoredTheme::Dark,
        },
        text_percent: settings.text_percent,
        skin_tone: settings.skin_tone.map(u8::from),
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
            after_hours_phone: stored.clinic_out_of_hours_phone,
            hours: opening::read(&stored.clinic_opening_hours),
        },
        emergency_number: stored.emergency_number,
        theme: match stored.theme {
            StoredTheme::System => Theme::System,
            StoredTheme::Light => Theme::Light,
            StoredTheme::Dark => Theme::Dark,
        },
        text_percent: stored.text_percent,
        skin_tone: stored.skin_tone.and_then(|tone| tone.try_into().ok()),
    }
}

/// The zone's name for the window; a zone without one is shown in UTC's name at its offset.
pub fn zone_name(zone: &Zone, now: DateTime<Utc>) -> String {
    zone.name()
        .map_or_else(|| zone.local(now).offset().to_string(), str::to_owned)
}

/// A booked session as the schedule takes it.
pub fn booked(
    AppointmentEntry {
        appointment, since, ..
    }: &AppointmentEntry,
    now: DateTime<Utc>,
) -> Appointment {
    Appointment {
        id: SessionId(appointment.id.0),
        at: appointment.zone.instant(appointment.at),
        areas: BTreeSet::new(),
        // A clock that was ahead then must not silence it.
        entered_at: (*since).min(now),
    }
}

/// A medicine as the schedule takes it, from so many days before today to as many after it. `superseded` are entries
/// that were corrected since, of this one and of others.
pub fn prescribed(
    entry: &MedicineEntry,
    superseded: &[MedicineEntry],
    days: Days,
    Moment { now, zone }: &Moment,
) -> Medicine {
    let today = zone.date(*now);
    let (first, last) = (today - days, today + days);
    let of = |MedicineEntry {
                  medicine, entered_at, ..
              }: &MedicineEntry| Medicine {
        times: medicine.times.iter().copied().collect(),
        from: medicine.from.max(first),
        until: medicine.to.map_or(last, |to| to.min(last)),
        // A clock that was ahead then must not silence it.
        entered_at: (*entered_at).min(*now),
        superseded: Vec::new(),
    };
    let superseded = superseded.iter();
    Medicine {
        superseded: superseded
            .filter(|before| before.medicine.id == entry.medicine.id)
            .map(of)
            .collect(),
        ..of(entry)
    }
}

/// Which ways lead to the diary's key.
pub fn protection(protection: afterglow_diary::Protection) -> Protection {
    Protection {
        keyring: protection.keyring,
        key_file: protection.key_file,
        passphrase: protection.passphrase,
        recovery_code: protection.recovery_code,
    }
}

/// Whether the diary can be written.
pub fn access(access: afterglow_diary::Access) -> Access {
    match access {
        afterglow_diary::Access::ReadWrite => Access::ReadWrite,
        afterglow_diary::Access::ReadOnly(WhyReadOnly::Folder) => Access::ReadOnlyFolder,
        afterglow_diary::Access::ReadOnly(WhyReadOnly::NewerVersion { .. }) => Access::ReadOnlyNewerVersion,
    }
}

/// What the patient is told of the opening.
pub fn note(note: OpenNote) -> DiaryNote {
    match note {
        OpenNote::Keyring(KeyringNote::NotTaken { reason }) => DiaryNote::KeyringNotTaken { reason },
        OpenNote::Keyring(KeyringNote::NotGiven { reason }) => DiaryNote::KeyringNotGiven { reason },
        OpenNote::Keyring(KeyringNote::Lost { reason }) => DiaryNote::KeyringLost { reason },
        OpenNote::Keyring(KeyringNote::EntryLeft) => DiaryNote::KeyringEntryLeft,
        OpenNote::KeyFileMended => DiaryNote::KeyFileMended,
        OpenNote::NewestNotShown => DiaryNote::NewestNotShown,
        OpenNote::NewestMissing { .. } => DiaryNote::NewestMissing,
    }
}

/// A copy of the diary.
pub fn backup(backup: Backup) -> BackupView {
    BackupView {
        name: backup.name,
        made: match backup.kind {
            BackupKind::Daily(date) => BackupMade::Daily { date },
            BackupKind::BeforeForm(form) => BackupMade::BeforeUpdate { form },
            BackupKind::Replaced(at) => BackupMade::Replaced { at },
            BackupKind::Damaged(at) => BackupMade::Damaged { at },
        },
        bytes: backup.bytes,
        holds: backup.contents.as_ref().map(holdings),
    }
}

/// What a copy holds.
pub fn holdings(contents: &Contents) -> Holdings {
    let rows = |table: &str| contents.rows.get(table).copied().unwrap_or(0);
    Holdings {
        sessions: rows("session"),
        check_ins: rows("check_in"),
        photos: rows("photo"),
        form: contents.form,
        newest_entry: contents.newest_entry,
    }
}

/// A photo without its bytes.
pub fn photo(photo: &Photo) -> PhotoView {
    PhotoView {
        id: photo.id.0,
        session: photo.session,
        check_in: photo.check_in,
        taken_at: photo.taken_at,
        pose: photo.pose,
        width: photo.width,
        height: photo.height,
    }
}

/// The part of the settings that reminders go by.
pub fn reminder_settings(settings: &Settings, chosen: Option<StoredReminders>) -> ReminderSettings {
    let defaults = ReminderSettings::default();
    let chosen = chosen.unwrap_or_else(|| reminders_unchosen(&defaults));
    let CareTimes { morning, evening } = defaults.care_times;
    ReminderSettings {
        locale: settings.locale,
        wording: settings.wording,
        quiet_hours: settings.quiet_hours,
        sound: chosen.sound,
        switched_off: chosen.switched_off,
        care_times: CareTimes {
            morning: chosen.morning.unwrap_or(morning),
            evening: chosen.evening.unwrap_or(evening),
        },
        repeat_until_done: chosen.repeat_until_done,
    }
}

/// What the diary would hold of a patient who has chosen nothing about reminders.
pub fn reminders_unchosen(defaults: &ReminderSettings) -> StoredReminders {
    StoredReminders {
        sound: defaults.sound,
        repeat_until_done: defaults.repeat_until_done,
        morning: None,
        evening: None,
        switched_off: defaults.switched_off.clone(),
    }
}

#[cfg(test)]
mod tests {
    use afterglow_care::check_in::Severity;
    use afterglow_care::session::{Area, NeedleDepth, Risk, SessionId, Setting};

    use super::*;

    fn session(risks: EnumSet<Risk>) -> Session {
        Session {
            id: SessionId(Uuid::from_u128(1)),
            ended_at: "2026-11-20T16:30:00Z".parse().unwrap(),
            zone: Zone::named("Europe/Madrid").unwrap(),
            setting: Setting::Clinic,
            device: None,
            depth: NeedleDepth::from_mm(1.5),
            areas: BTreeSet::from([Area::Face]),
            concerns: BTreeSet::new(),
            risks,
            clinic_gave: EnumSet::empty(),
            adjuncts: EnumSet::empty(),
            exposed: false,
            plan: Plan::microneedling().reference(),
        }
    }

    /// A check-in three hours after the session.
    fn check_in(severities: &[(Symptom, u8)], signs: Option<EnumSet<Sign>>) -> CheckIn {
        CheckIn {
            id: CheckInId(Uuid::from_u128(2)),
            session: SessionId(Uuid::from_u128(1)),
            at: "2026-11-20T19:30:00Z".parse().unwrap(),
            local_date: "2026-11-20".parse().unwrap(),
            severities: severities
                .iter()
                .filter_map(|(symptom, grade)| Some((*symptom, Severity::new(*grade)?)))
                .collect(),
            signs,
            temperature: None,
            areas: EnumSet::empty(),
            note: String::new(),
            revises: None,
        }
    }

    fn with_clinic(locale: Locale) -> Settings {
        Settings {
            clinic: Clinic {
                name: "Clinic Alba".to_owned(),
                phone: "555 01".to_owned(),
                ..Clinic::default()
            },
            ..default_settings(locale)
        }
    }

    fn assessed(settings: &Settings, check_in: CheckIn) -> AssessmentView {
        let plan = Plan::microneedling();
        let session = session(EnumSet::empty());
        let speaker = Speaker {
            plan: &plan,
            settings,
            call_open: false,
        };
        let judged = speaker.judged(std::slice::from_ref(&session), &session.zone, &[check_in]);
        judged[0].view.assessment.clone()
    }

    fn quiet() -> [(Symptom, u8); 4] {
        Symptom::CORE.map(|symptom| (symptom, 1))
    }

    #[test]
    fn a_quiet_complete_check_in_is_expected_for_its_day() {
        let view = assessed(
            &default_settings(Locale::En),
            check_in(&quiet(), Some(EnumSet::empty())),
        );
        assert_eq!((view.level, view.complete), (TriageLevel::Expected, true));
        assert_eq!(
            view.closing,
            "Nothing you logged is unusual for day 0. Worried? Call."
        );
    }

    #[test]
    fn half_a_check_in_is_not_said_to_be_expected() {
        for half in [
            check_in(&quiet(), None),
            check_in(&quiet()[..3], Some(EnumSet::empty())),
        ] {
            let view = assessed(&default_settings(Locale::En), half);
            assert!(!view.complete);
            assert_eq!(view.closing, "");
        }
    }

    #[test]
    fn a_call_names_the_clinic_only_when_it_was_entered() {
        let with_pus = || check_in(&quiet(), Some(Sign::Pus.into()));
        let view = assessed(&with_clinic(Locale::En), with_pus());
        assert_eq!(view.level, TriageLevel::CallClinic);
        assert!(
            view.closing.contains("Clinic Alba today: 555 01"),
            "{}",
            view.closing
        );
        assert!(!view.findings[0].because.is_empty());
        assert_eq!(assessed(&default_settings(Locale::En), with_pus()).closing, "");
    }

    #[test]
    fn no_closing_line_leaves_a_gap_open() {
        for locale in Locale::ALL {
            let plan = Plan::microneedling();
            let settings = with_clinic(locale);
            let speaker = Speaker {
                plan: &plan,
                settings: &settings,
                call_open: false,
            };
            for level in TriageLevel::ALL {
                let line = speaker.closing(level, 3);
                assert!(!line.is_empty() && !line.contains(['{', '}']), "{line}");
            }
        }
    }

    #[test]
    fn a_check_in_asks_everything_and_knows_what_cannot_wait() {
        let plan = Plan::microneedling();
        let settings = default_settings(Locale::Es);
        let speaker = Speaker {
            plan: &plan,
            settings: &settings,
            call_open: false,
        };
        let session = session(EnumSet::empty());
        let moment = Moment {
            now: "2026-11-22T19:30:00Z".parse().unwrap(),
            zone: session.zone.clone(),
        };
        let asked = speaker.questions(std::slice::from_ref(&session), &session, &moment);
        let symptoms: Vec<_> = asked.symptoms.iter().map(|question| question.symptom).collect();
        assert_eq!(symptoms, Symptom::ALL);
        assert_eq!(
            asked.symptoms.iter().filter(|question| question.core).count(),
            Symptom::CORE.len()
        );
        let signs: Vec<_> = asked.sign_groups.iter().flat_map(|group| &group.signs).collect();
        assert_eq!(
            signs
                .iter()
                .map(|question| question.sign)
                .collect::<BTreeSet<_>>()
                .len(),
            Sign::ALL.len()
        );
        let emergency = |sign: Sign| {
            signs
                .iter()
                .any(|question| question.sign == sign && question.emergency)
        };
        assert!(emergency(Sign::BreathingDifficulty));
        assert!(emergency(Sign::EyePain));
        assert!(!emergency(Sign::Pus));
        assert!(!emergency(Sign::FewPimples));
    }

    #[test]
    fn darker_skin_is_asked_about_colour_and_not_redness_alone() {
        let plan = Plan::microneedling();
        let settings = default_settings(Locale::En);
        let speaker = Speaker {
            plan: &plan,
            settings: &settings,
            call_open: false,
        };
        let label = |risks: EnumSet<Risk>| {
            let session = session(risks);
            let moment = Moment {
                now: session.ended_at,
                zone: session.zone.clone(),
            };
            let asked = speaker.questions(std::slice::from_ref(&session), &session, &moment);
            asked.symptoms[0].label.clone()
        };
        assert_ne!(label(EnumSet::empty()), label(Risk::SkinType4To6.into()));
    }
}
