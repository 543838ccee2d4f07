//! A random mix of what a patient and her device enter, and what is to be found of it afterwards. Whatever
//! changes in how the diary is written to and read changes here alone.

use std::collections::{BTreeMap, BTreeSet};

use afterglow_care::check_in::{CheckIn, CheckInId, Severities, Severity, Sign, Symptom, Temperature};
use afterglow_care::photo::Pose;
use afterglow_care::plan::{InstructionId, PlanRef};
use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::{Area, Concern, NeedleDepth, Risk, Session, SessionId, Setting};
use afterglow_care::triage::{CallOutcome, RuleId, TriageLevel};
use afterglow_care::{Locale, Zone};
use afterglow_diary::appointments::{Appointment, AppointmentId};
use afterglow_diary::calls::{CallAnswer, Dismissal, Reason};
use afterglow_diary::clinic::Clinic;
use afterglow_diary::courses::{Course, CourseId};
use afterglow_diary::deliveries::{Delivery, DeliveryState};
use afterglow_diary::findings::RaisedFinding;
use afterglow_diary::follow_ups::FollowUpAnswer;
use afterglow_diary::medicines::{Medicine, MedicineId};
use afterglow_diary::photos::{NewPhoto, Photo, PhotoBytes, PhotoId};
use afterglow_diary::plans::AcceptedPlan;
use afterglow_diary::reminders::StoredReminders;
use afterglow_diary::settings::{StoredSettings, Theme};
use afterglow_diary::{Diary, DiaryError};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use enumset::EnumSet;

use crate::seed::Seed;

/// One call that changes the diary.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    Session(Session),
    /// Of a session that is there.
    SessionCorrection(Session),
    CheckIn(CheckIn),
    /// Of a check-in that is there.
    CheckInCorrection(CheckIn),
    Photo(NewPhoto),
    Course(Course),
    Plan(AcceptedPlan),
    Settings(StoredSettings),
    Clinic(Clinic),
    /// Lines of a journal that belong together.
    Deliveries(Vec<Delivery>),
    /// Findings of one check-in that belong together.
    Findings(Vec<RaisedFinding>),
    CallAnswer(CallAnswer),
    Dismissal(Dismissal),
    FollowUpAnswer(FollowUpAnswer),
    Reminders(StoredReminders),
    Medicine(Medicine),
    /// Of a medicine that is there.
    MedicineCorrection(Medicine),
    Appointment(Appointment),
    /// Of an appointment that is there.
    AppointmentCorrection(Appointment),
}

/// What became of an entry.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Whole,
    Absent,
    /// In part, or changed.
    Torn,
}

/// The session that every diary of these tests begins with, its check-in, a medicine and an appointment.
pub(crate) fn ground(run: u64) -> [Entry; 4] {
    let mut seed = Seed::of(run, u64::MAX);
    let session = session(&mut seed, SessionId(Seed::of(run, GROUND_SESSION).id()));
    let check_in = check_in(
        &mut seed,
        CheckInId(Seed::of(run, GROUND_CHECK_IN).id()),
        session.id,
    );
    let medicine = medicine(&mut seed, ground_medicine(run));
    let appointment = appointment(&mut seed, ground_appointment(run));
    [
        Entry::Session(session),
        Entry::CheckIn(check_in),
        Entry::Medicine(medicine),
        Entry::Appointment(appointment),
    ]
}

const CLINIC: &str = "Cl\u{ed}nica Sol";
const CLINIC_PHONE: &str = "+34 600 000 000";
const CLINIC_HOURS: &str = "[]";
const GROUND_SESSION: u64 = u64::MAX - 1;
const GROUND_CHECK_IN: u64 = u64::MAX - 2;
const GROUND_MEDICINE: u64 = u64::MAX - 3;
const GROUND_APPOINTMENT: u64 = u64::MAX - 4;

/// The session that corrections and check-ins are about.
pub(crate) fn ground_session(run: u64) -> SessionId {
    SessionId(Seed::of(run, GROUND_SESSION).id())
}

/// The medicine that corrections are about.
pub(crate) fn ground_medicine(run: u64) -> MedicineId {
    MedicineId(Seed::of(run, GROUND_MEDICINE).id())
}

/// The appointment that corrections are about.
pub(crate) fn ground_appointment(run: u64) -> AppointmentId {
    AppointmentId(Seed::of(run, GROUND_APPOINTMENT).id())
}

impl Entry {
    /// The entry number `index` of a run: always the same one.
    pub(crate) fn nth(run: u64, index: u64) -> Self {
        let mut seed = Seed::of(run, index);
        let of = ground_session(run);
        let judged = CheckInId(Seed::of(run, GROUND_CHECK_IN).id());
        match seed.below(27) {
            0 => {
                let id = SessionId(seed.id());
                Self::Session(session(&mut seed, id))
            }
            1 => Self::SessionCorrection(session(&mut seed, of)),
            2 | 3 => {
                let id = CheckInId(seed.id());
                let mut correction = check_in(&mut seed, id, of);
                correction.revises = Some(judged);
                Self::CheckInCorrection(correction)
            }
            4 => Self::Photo(photo(&mut seed, of)),
            5 => Self::Course(course(&mut seed)),
            6 => Self::Plan(plan(&mut seed)),
            7 => Self::Settings(settings(&mut seed)),
            8 => Self::Clinic(clinic()),
            9..=11 => Self::Deliveries(deliveries(&mut seed, index)),
            12 => Self::Findings(findings(&mut seed, judged)),
            13 => Self::CallAnswer(CallAnswer {
                check_in: judged,
                outcome: seed.one_of(&[CallOutcome::ReachedClinic, CallOutcome::ReachedOtherCare]),
                at: instant(&mut seed),
            }),
            14 => Self::Dismissal(dismissal(&mut seed, judged)),
            15 => Self::FollowUpAnswer(follow_up_answer(&mut seed, judged)),
            16 => Self::Reminders(reminders(&mut seed)),
            17 => {
                let id = MedicineId(seed.id());
                Self::Medicine(medicine(&mut seed, id))
            }
            18 => Self::MedicineCorrection(medicine(&mut seed, ground_medicine(run))),
            19 => {
                let id = AppointmentId(seed.id());
                Self::Appointment(appointment(&mut seed, id))
            }
            20 => Self::AppointmentCorrection(appointment(&mut seed, ground_appointment(run))),
            _ => {
                let id = CheckInId(seed.id());
                Self::CheckIn(check_in(&mut seed, id, of))
            }
        }
    }

    /// What it takes the place of: of those, only the newest can be found.
    pub(crate) fn replaces(&self) -> Option<&'static str> {
        match self {
            Self::Settings(_) => Some("settings"),
            Self::Clinic(_) => Some("clinic"),
            Self::Reminders(_) => Some("reminders"),
            _ => None,
        }
    }

    /// Enters it; durable on return.
    pub(crate) async fn write(&self, diary: &Diary) -> Result<(), DiaryError> {
        match self {
            Self::Session(session) => diary.add_session(session, session.ended_at).await,
            Self::SessionCorrection(session) => {
                diary.correct_session(session, session.ended_at).await.map(drop)
            }
            Self::CheckIn(check_in) => diary.add_check_in(check_in, check_in.at).await,
            Self::CheckInCorrection(check_in) => {
                diary.correct_check_in(check_in, check_in.at).await.map(drop)
            }
            Self::Photo(photo) => diary.add_photo(photo.clone(), photo.taken_at).await.map(drop),
            Self::Course(course) => {
                let none = BTreeSet::new();
                diary
                    .keep_course(course, &none, DateTime::UNIX_EPOCH)
                    .await
                    .map(drop)
            }
            Self::Plan(plan) => diary.accept_plan(plan).await.map(drop),
            Self::Settings(settings) => diary.save_settings(settings).await,
            Self::Clinic(clinic) => diary.save_clinic(clinic).await,
            Self::Deliveries(lines) => diary.add_deliveries(lines).await,
            Self::Findings(findings) => diary.add_findings(findings).await,
            Self::CallAnswer(answer) => diary.add_call_answer(*answer).await.map(drop),
            Self::Dismissal(dismissal) => diary.add_dismissal(dismissal).await.map(drop),
            Self::FollowUpAnswer(answer) => diary.add_follow_up_answer(answer).await.map(drop),
            Self::Reminders(reminders) => diary.save_reminders(reminders).await,
            Self::Medicine(medicine) => diary.add_medicine(medicine, DateTime::UNIX_EPOCH).await,
            Self::MedicineCorrection(medicine) => diary
                .correct_medicine(medicine, DateTime::UNIX_EPOCH)
                .await
                .map(drop),
            Self::Appointment(appointment) => diary.add_appointment(appointment, DateTime::UNIX_EPOCH).await,
            Self::AppointmentCorrection(appointment) => diary
                .correct_appointment(appointment, DateTime::UNIX_EPOCH)
                .await
                .map(drop),
        }
    }
}

/// Everything that a diary gives back, by what it is asked for.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Contents {
    /// As entered at first and as corrected.
    sessions: BTreeMap<SessionId, Vec<Session>>,
    /// Corrections too, by their own ids.
    check_ins: BTreeMap<CheckInId, CheckIn>,
    photos: BTreeMap<PhotoId, NewPhoto>,
    courses: Vec<Course>,
    plans: Vec<AcceptedPlan>,
    settings: Option<StoredSettings>,
    clinic: Option<Clinic>,
    deliveries: BTreeMap<(String, u64), Delivery>,
    findings: Vec<RaisedFinding>,
    answers: Vec<CallAnswer>,
    dismissals: Vec<Dismissal>,
    follow_ups: Vec<FollowUpAnswer>,
    reminders: Option<StoredReminders>,
    /// As entered at first and as corrected.
    medicines: BTreeMap<MedicineId, Vec<Medicine>>,
    /// As entered at first and as corrected.
    appointments: BTreeMap<AppointmentId, Vec<Appointment>>,
}

impl Contents {
    pub(crate) async fn read(diary: &Diary) -> Result<Self, DiaryError> {
        let mut contents = Self {
            courses: diary.courses().await?,
            plans: diary.accepted_plans().await?,
            settings: diary.settings().await?,
            clinic: diary.clinic().await?,
            answers: diary.call_answers().await?,
            dismissals: diary.dismissals().await?,
            follow_ups: diary.follow_up_answers().await?,
            reminders: diary.reminders().await?,
            ..Self::default()
        };
        for session in diary.sessions().await? {
            for entry in diary.check_in_entries(session.id).await? {
                contents.check_ins.insert(entry.check_in.id, entry.check_in);
            }
            contents.findings.extend(diary.findings(session.id).await?);
            for photo in diary.photos(session.id).await? {
                let photo = whole(diary, photo).await?;
                contents.photos.insert(photo.id, photo);
            }
            let history = diary.session_history(session.id).await?;
            let history = history.into_iter().map(|entry| entry.session).collect();
            contents.sessions.insert(session.id, history);
        }
        for medicine in diary.medicines().await? {
            let history = diary.medicine_history(medicine.id).await?;
            let history = history.into_iter().map(|entry| entry.medicine).collect();
            contents.medicines.insert(medicine.id, history);
        }
        for appointment in diary.appointments().await? {
            let history = diary.appointment_history(appointment.id).await?;
            let history = history.into_iter().map(|entry| entry.appointment).collect();
            contents.appointments.insert(appointment.id, history);
        }
        for line in diary
            .recent_deliveries(u32::MAX, DateTime::<Utc>::MAX_UTC)
            .await?
        {
            contents.deliveries.insert((line.journal.clone(), line.seq), line);
        }
        Ok(contents)
    }

    /// What became of an entry. Of those that replace each other, only the newest is found.
    pub(crate) fn find(&self, entry: &Entry) -> Found {
        match entry {
            Entry::Session(session) => first_of(self.sessions.get(&session.id), session),
            Entry::SessionCorrection(session) => among(self.sessions.get(&session.id), session),
            Entry::CheckIn(check_in) => same(self.check_ins.get(&check_in.id), check_in),
            Entry::CheckInCorrection(correction) => match self.check_ins.get(&correction.id) {
                None => Found::Absent,
                // It revises whatever was the newest when it was entered.
                Some(found) if found.revises.is_some() => {
                    let revises = found.revises;
                    let expected = CheckIn {
                        revises,
                        ..correction.clone()
                    };
                    same(Some(found), &expected)
                }
                Some(_) => Found::Torn,
            },
            Entry::Photo(photo) => same(self.photos.get(&photo.id), photo),
            Entry::Course(course) => one_of(&self.courses, course),
            Entry::Plan(plan) => one_of(&self.plans, plan),
            Entry::Settings(settings) => one_of(self.settings.as_slice(), settings),
            Entry::Clinic(clinic) => one_of(self.clinic.as_slice(), clinic),
            Entry::Deliveries(lines) => all(lines
                .iter()
                .map(|line| same(self.deliveries.get(&(line.journal.clone(), line.seq)), line))),
            Entry::Findings(findings) => all(findings.iter().map(|finding| one_of(&self.findings, finding))),
            Entry::CallAnswer(answer) => one_of(&self.answers, answer),
            Entry::Dismissal(dismissal) => one_of(&self.dismissals, dismissal),
            Entry::FollowUpAnswer(answer) => one_of(&self.follow_ups, answer),
            Entry::Reminders(reminders) => one_of(self.reminders.as_slice(), reminders),
            Entry::Medicine(medicine) => first_of(self.medicines.get(&medicine.id), medicine),
            Entry::MedicineCorrection(medicine) => among(self.medicines.get(&medicine.id), medicine),
            Entry::Appointment(appointment) => first_of(self.appointments.get(&appointment.id), appointment),
            Entry::AppointmentCorrection(appointment) => {
                among(self.appointments.get(&appointment.id), appointment)
            }
        }
    }
}

/// A photo with its bytes.
async fn whole(diary: &Diary, photo: Photo) -> Result<NewPhoto, DiaryError> {
    let bytes = |found: Option<PhotoBytes>| found.map_or_else(Vec::new, |found| found.bytes);
    Ok(NewPhoto {
        image: bytes(diary.photo_image(photo.id).await?),
        thumbnail: bytes(diary.photo_thumbnail(photo.id).await?),
        id: photo.id,
        session: photo.session,
        check_in: photo.check_in,
        taken_at: photo.taken_at,
        pose: photo.pose,
        media_type: photo.media_type,
        width: photo.width,
        height: photo.height,
    })
}

/// What began a history.
fn first_of<T: PartialEq>(history: Option<&Vec<T>>, expected: &T) -> Found {
    same(history.and_then(|history| history.first()), expected)
}

/// What stands somewhere in a history.
fn among<T: PartialEq>(history: Option<&Vec<T>>, expected: &T) -> Found {
    one_of(history.map_or(&[][..], Vec::as_slice), expected)
}

fn one_of<T: PartialEq>(several: &[T], expected: &T) -> Found {
    if several.contains(expected) {
        Found::Whole
    } else {
        Found::Absent
    }
}

/// What belongs together: all of it, nothing of it, or torn.
fn all(parts: impl Iterator<Item = Found>) -> Found {
    let parts: Vec<Found> = parts.collect();
    if parts.iter().all(|part| *part == Found::Whole) {
        Found::Whole
    } else if parts.iter().all(|part| *part == Found::Absent) {
        Found::Absent
    } else {
        Found::Torn
    }
}

impl Contents {
    /// How far these are from what was written, in words.
    pub(crate) fn difference(&self, written: &Self) -> String {
        let found: Vec<&str> = [
            ("sessions", self.sessions == written.sessions),
            ("check-ins", self.check_ins == written.check_ins),
            ("photos", self.photos == written.photos),
            ("courses", self.courses == written.courses),
            ("plans", self.plans == written.plans),
            ("settings", self.settings == written.settings),
            ("clinic", self.clinic == written.clinic),
            ("lines", self.deliveries == written.deliveries),
            ("findings", self.findings == written.findings),
            ("answers", self.answers == written.answers),
            ("dismissals", self.dismissals == written.dismissals),
            ("follow-ups", self.follow_ups == written.follow_ups),
            ("reminders", self.reminders == written.reminders),
            ("medicines", self.medicines == written.medicines),
            ("appointments", self.appointments == written.appointments),
        ]
        .into_iter()
        .filter(|(_, same)| !same)
        .map(|(what, _)| what)
        .collect();
        format!("other than what was written: {}", found.join(", "))
    }
}

fn same<T: PartialEq>(found: Option<&T>, expected: &T) -> Found {
    match found {
        None => Found::Absent,
        Some(found) if found == expected => Found::Whole,
        Some(_) => Found::Torn,
    }
}

/// Some instant of some ten years, to the millisecond.
fn instant(seed: &mut Seed) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().expect("an instant");
    let within = i64::try_from(seed.below(315_360_000_000)).expect("ten years of milliseconds");
    start + TimeDelta::milliseconds(within)
}

/// A note of up to a few hundred letters: some fit a page of the file, some do not.
fn note(seed: &mut Seed) -> String {
    let length = if seed.below(8) == 0 {
        2_000
    } else {
        seed.below(120)
    };
    seed.word(usize::try_from(length).unwrap_or(0))
}

pub(crate) fn session(seed: &mut Seed, id: SessionId) -> Session {
    Session {
        id,
        ended_at: instant(seed),
        zone: Zone::named(seed.one_of(&["Europe/Madrid", "America/Bogota", "Asia/Kathmandu"]))
            .expect("a zone"),
        setting: seed.one_of(&[Setting::Clinic, Setting::Home]),
        device: Some(seed.word(40)),
        depth: NeedleDepth::from_micrometres(100 + u16::try_from(seed.below(3_000)).unwrap_or(0)),
        areas: BTreeSet::from([seed.one_of(&Area::ALL), Area::Face]),
        concerns: BTreeSet::from([seed.one_of(&Concern::ALL)]),
        risks: seed.one_of(&[EnumSet::empty(), Risk::Anticoagulant.into()]),
        clinic_gave: EnumSet::empty(),
        adjuncts: EnumSet::empty(),
        exposed: seed.below(2) == 0,
        plan: PlanRef {
            id: "microneedling".to_owned(),
            version: 1,
        },
    }
}

pub(crate) fn check_in(seed: &mut Seed, id: CheckInId, session: SessionId) -> CheckIn {
    let at = instant(seed);
    CheckIn {
        id,
        session,
        at,
        local_date: at.date_naive(),
        severities: Severities::from_iter([(
            seed.one_of(&Symptom::ALL),
            Severity::new(u8::try_from(seed.below(5)).unwrap_or(0)).expect("0 to 4"),
        )]),
        signs: Some(seed.one_of(Sign::ALL).into()),
        temperature: Temperature::from_celsius(
            f64::from(u32::try_from(300 + seed.below(150)).unwrap_or(300)) / 10.0,
        ),
        areas: seed.one_of(&Area::ALL).into(),
        note: note(seed),
        revises: None,
    }
}

/// A photo of some pages of the file.
pub(crate) fn photo(seed: &mut Seed, session: SessionId) -> NewPhoto {
    let bytes = |seed: &mut Seed, most: u64| -> Vec<u8> {
        let words = 1 + seed.below(most / 8);
        (0..words).flat_map(|_| seed.next().to_le_bytes()).collect()
    };
    NewPhoto {
        id: PhotoId(seed.id()),
        session,
        check_in: None,
        taken_at: instant(seed),
        pose: seed.one_of(&Pose::ALL),
        media_type: "image/jpeg".to_owned(),
        width: 1_024,
        height: 768,
        image: bytes(seed, 16_000),
        thumbnail: bytes(seed, 2_000),
    }
}

pub(crate) fn course(seed: &mut Seed) -> Course {
    Course {
        id: CourseId(seed.id()),
        treatment: seed.word(30),
        planned_sessions: 3,
        interval_days: 30,
        started: instant(seed).date_naive(),
        ended: None,
    }
}

pub(crate) fn plan(seed: &mut Seed) -> AcceptedPlan {
    AcceptedPlan {
        plan: PlanRef {
            id: seed.word(20),
            version: 1,
        },
        text: seed.word(1_000),
        accepted_at: instant(seed),
    }
}

pub(crate) fn clinic() -> Clinic {
    Clinic {
        name: CLINIC.to_owned(),
        phone: CLINIC_PHONE.to_owned(),
        out_of_hours_phone: CLINIC_PHONE.to_owned(),
        opening_hours: CLINIC_HOURS.to_owned(),
    }
}

/// Two findings of one judgement.
pub(crate) fn findings(seed: &mut Seed, check_in: CheckInId) -> Vec<RaisedFinding> {
    let raised_at = instant(seed);
    [TriageLevel::Watch, TriageLevel::CallClinic]
        .map(|level| RaisedFinding {
            check_in,
            rule: RuleId(seed.word(12)),
            level,
            raised_at,
        })
        .into()
}

pub(crate) fn dismissal(seed: &mut Seed, check_in: CheckInId) -> Dismissal {
    Dismissal {
        check_in,
        reason: Reason::new(&seed.word(60)).expect("a word"),
        at: instant(seed),
    }
}

pub(crate) fn follow_up_answer(seed: &mut Seed, check_in: CheckInId) -> FollowUpAnswer {
    FollowUpAnswer {
        check_in,
        at: instant(seed),
        reached: seed.below(2) == 0,
        note: note(seed),
    }
}

pub(crate) fn reminders(seed: &mut Seed) -> StoredReminders {
    StoredReminders {
        sound: seed.below(2) == 0,
        repeat_until_done: seed.below(2) == 0,
        morning: (seed.below(2) == 0).then(|| time(seed)),
        evening: (seed.below(2) == 0).then(|| time(seed)),
        switched_off: BTreeSet::from([InstructionId(seed.word(20))]),
    }
}

pub(crate) fn medicine(seed: &mut Seed, id: MedicineId) -> Medicine {
    let from = instant(seed).date_naive();
    Medicine {
        id,
        name: seed.word(30),
        from,
        to: (seed.below(2) == 0).then_some(from),
        times: (0..seed.below(4)).map(|_| time(seed)).collect(),
    }
}

pub(crate) fn appointment(seed: &mut Seed, id: AppointmentId) -> Appointment {
    Appointment {
        id,
        at: instant(seed).date_naive().and_time(time(seed)),
        zone: Zone::named(seed.one_of(&["Europe/Madrid", "America/Bogota", "Asia/Kathmandu"]))
            .expect("a zone"),
        note: note(seed),
    }
}

/// Some minute of the day.
fn time(seed: &mut Seed) -> NaiveTime {
    NaiveTime::MIN + TimeDelta::minutes(i64::try_from(seed.below(1_440)).expect("a day of minutes"))
}

pub(crate) fn settings(seed: &mut Seed) -> StoredSettings {
    StoredSettings {
        locale: seed.one_of(&[Locale::En, Locale::Es]),
        quiet: Some((NaiveTime::MIN, NaiveTime::from_hms_opt(8, 0, 0).expect("a time"))),
        discreet: seed.below(2) == 0,
        // These are the clinic's too: whichever is kept later would say.
        clinic_name: CLINIC.to_owned(),
        clinic_phone: CLINIC_PHONE.to_owned(),
        clinic_out_of_hours_phone: CLINIC_PHONE.to_owned(),
        clinic_opening_hours: CLINIC_HOURS.to_owned(),
        emergency_number: seed.below(1_000).to_string(),
        theme: Theme::Dark,
        text_percent: 150,
        skin_tone: seed.one_of(&[None, Some(1), Some(6)]),
    }
}

/// One to four lines of the journal that bears the entry's number.
pub(crate) fn deliveries(seed: &mut Seed, index: u64) -> Vec<Delivery> {
    let states = [
        DeliveryState::Shown,
        DeliveryState::Missed,
        DeliveryState::Failed,
        DeliveryState::Done,
        DeliveryState::Skipped,
        DeliveryState::Snoozed,
        DeliveryState::Withdrawn,
    ];
    (1..=1 + seed.below(4))
        .map(|seq| {
            let at = instant(seed);
            let state = seed.one_of(&states);
            Delivery {
                journal: format!("journal-{index}"),
                seq,
                // Each line about another reminder, so that all of them are listed.
                key: OccurrenceKey(format!("{}/check_in/+{index}h{seq}", seed.id())),
                due_at: at,
                at,
                state,
                digest: seed.below(2) == 0,
                reason: (state == DeliveryState::Failed).then(|| seed.word(20)),
                until: (state == DeliveryState::Snoozed).then(|| at + TimeDelta::hours(1)),
            }
        })
        .collect()
}
