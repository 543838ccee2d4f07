//! Words that stand nowhere by chance are entered wherever words can be entered; then every file of the diary's
//! folder is searched for them.

use std::collections::BTreeSet;
use std::path::Path;

use afterglow_care::check_in::CheckInId;
use afterglow_care::plan::InstructionId;
use afterglow_care::schedule::OccurrenceKey;
use afterglow_care::session::SessionId;
use afterglow_care::triage::RuleId;
use afterglow_diary::appointments::AppointmentId;
use afterglow_diary::calls::Reason;
use afterglow_diary::medicines::MedicineId;
use afterglow_diary::{AskAtStart, Diary};

use crate::entries::{self, Entry};
use crate::seed::Seed;
use crate::{Outcome, Scale, block_on, files, open};

const WORDS: usize = 200;

pub(crate) fn run(_: Scale) -> Outcome {
    let mut outcome = Outcome::default();
    let folder = tempfile::tempdir().expect("a folder");
    let mut seed = Seed::of(13, 0);
    let words: Vec<String> = (0..WORDS).map(|_| format!("canary{}", seed.next())).collect();
    if !finds_what_is_there(&words) {
        outcome.faults.push("the search overlooks words".to_owned());
    }
    block_on(async {
        let diary = open(folder.path()).await.expect("a new diary");
        enter(&diary, &words).await;
        let open = search(folder.path(), &words, &mut outcome);
        diary.back_up(DAY.date_naive()).await.expect("a backup");
        // The words of the ways to the diary are words too.
        diary
            .set_passphrase(&words[0], AskAtStart::No)
            .await
            .expect("a passphrase");
        diary
            .export(&folder.path().join("diary.age"), &words[1], DAY)
            .await
            .expect("an export");
        let with_copies = search(folder.path(), &words, &mut outcome);
        let copy = diary.inspect(&folder.path().join("diary.age"), &words[1]).await;
        let with_a_draft = search(folder.path(), &words, &mut outcome);
        let restored = diary
            .restore(copy.expect("a copy"), DAY)
            .await
            .expect("a restored diary");
        let diary = restored.diary;
        diary
            .erase_session(ground_session(), DAY)
            .await
            .expect("an erased session");
        diary.close().await;
        let closed = search(folder.path(), &words, &mut outcome);
        outcome.say(format!(
            "{} words in {PLACES} places of the diary, two of them as passphrases too, searched as UTF-8 and UTF-16 in \
             {open} files of an open diary, {with_copies} with a backup and an export, {with_a_draft} with an import \
             under way, {closed} after a restore and an erasing: {} hits",
            words.len(),
            outcome.faults.len()
        ));
    });
    outcome
}

const DAY: chrono::DateTime<chrono::Utc> = chrono::DateTime::UNIX_EPOCH;

/// How many places there are for words.
const PLACES: usize = 18;

fn ground_session() -> SessionId {
    SessionId(Seed::of(13, 2).id())
}

/// Enters every word somewhere, in turn wherever there is a place for words.
#[expect(clippy::too_many_lines, reason = "one arm for each place")]
async fn enter(diary: &Diary, words: &[String]) {
    let mut seed = Seed::of(13, 1);
    let ground = entries::session(&mut seed, ground_session());
    let of = ground.id;
    Entry::Session(ground).write(diary).await.expect("a session");
    let judged = CheckInId(seed.id());
    Entry::CheckIn(entries::check_in(&mut seed, judged, of))
        .write(diary)
        .await
        .expect("a check-in");
    for (index, word) in words.iter().enumerate() {
        let entry = match index % PLACES {
            0 => {
                let id = SessionId(seed.id());
                let mut session = entries::session(&mut seed, id);
                session.device = Some(word.clone());
                Entry::Session(session)
            }
            1 => {
                let id = SessionId(seed.id());
                let mut session = entries::session(&mut seed, id);
                session.plan.id.clone_from(word);
                Entry::Session(session)
            }
            2 => {
                let mut settings = entries::settings(&mut seed);
                settings.clinic_name.clone_from(word);
                Entry::Settings(settings)
            }
            3 => {
                let mut lines = entries::deliveries(&mut seed, index as u64);
                lines[0].reason = Some(word.clone());
                Entry::Deliveries(lines)
            }
            4 => {
                let mut lines = entries::deliveries(&mut seed, index as u64);
                lines[0].key = OccurrenceKey(word.clone());
                Entry::Deliveries(lines)
            }
            5 => {
                let mut course = entries::course(&mut seed);
                course.treatment.clone_from(word);
                Entry::Course(course)
            }
            6 => {
                let mut plan = entries::plan(&mut seed);
                plan.text = format!("[plan]\ntitle = \"{word}\"");
                Entry::Plan(plan)
            }
            7 => {
                let mut plan = entries::plan(&mut seed);
                plan.plan.id.clone_from(word);
                Entry::Plan(plan)
            }
            8 => {
                let mut clinic = entries::clinic();
                clinic.opening_hours.clone_from(word);
                Entry::Clinic(clinic)
            }
            9 => {
                let mut dismissal = entries::dismissal(&mut seed, judged);
                dismissal.reason = Reason::new(word).expect("a word");
                Entry::Dismissal(dismissal)
            }
            10 => {
                let mut findings = entries::findings(&mut seed, judged);
                findings[0].rule = RuleId(word.clone());
                Entry::Findings(findings)
            }
            11 => {
                let mut photo = entries::photo(&mut seed, of);
                photo.image = word.as_bytes().repeat(100);
                photo.thumbnail = word.as_bytes().to_vec();
                Entry::Photo(photo)
            }
            12 => {
                let id = CheckInId(seed.id());
                let mut correction = entries::check_in(&mut seed, id, of);
                correction.revises = Some(judged);
                correction.note.clone_from(word);
                Entry::CheckInCorrection(correction)
            }
            13 => {
                let id = MedicineId(seed.id());
                let mut medicine = entries::medicine(&mut seed, id);
                medicine.name.clone_from(word);
                Entry::Medicine(medicine)
            }
            14 => {
                let id = AppointmentId(seed.id());
                let mut appointment = entries::appointment(&mut seed, id);
                appointment.note.clone_from(word);
                Entry::Appointment(appointment)
            }
            15 => {
                let mut answer = entries::follow_up_answer(&mut seed, judged);
                answer.note.clone_from(word);
                Entry::FollowUpAnswer(answer)
            }
            16 => {
                let mut reminders = entries::reminders(&mut seed);
                reminders.switched_off.insert(InstructionId(word.clone()));
                Entry::Reminders(reminders)
            }
            _ => {
                let id = CheckInId(seed.id());
                let mut check_in = entries::check_in(&mut seed, id, of);
                check_in.note.clone_from(word);
                Entry::CheckIn(check_in)
            }
        };
        entry.write(diary).await.expect("an entry");
    }
}

/// Searches every file below a folder, and the files' names; how many there were.
fn search(folder: &Path, words: &[String], outcome: &mut Outcome) -> usize {
    let forms: Vec<Vec<u8>> = words.iter().flat_map(|word| forms(word)).collect();
    let files = files(folder);
    for file in &files {
        let bytes = std::fs::read(file).expect("a file");
        if contains_any(&bytes, &forms) || contains_any(file.as_os_str().as_encoded_bytes(), &forms) {
            outcome
                .faults
                .push(format!("a word stands in {}", file.display()));
        }
    }
    files.len()
}

/// UTF-8, and UTF-16 in both byte orders.
fn forms(word: &str) -> [Vec<u8>; 3] {
    [
        word.as_bytes().to_vec(),
        word.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        word.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ]
}

/// Compares only where one of the forms could begin: by chance that is seldom.
fn contains_any(bytes: &[u8], forms: &[Vec<u8>]) -> bool {
    let begins: BTreeSet<[u8; 4]> = forms
        .iter()
        .filter_map(|form| form.first_chunk::<4>().copied())
        .collect();
    bytes.windows(4).enumerate().any(|(at, window)| {
        // All words begin alike, so this decides nearly always.
        let possible = begins.iter().any(|begin| begin == window);
        possible && forms.iter().any(|form| bytes[at..].starts_with(form))
    })
}

/// That the search finds what is there: a word in a file that is not encrypted.
fn finds_what_is_there(words: &[String]) -> bool {
    let forms: Vec<Vec<u8>> = words.iter().flat_map(|word| forms(word)).collect();
    words.iter().all(|word| {
        self::forms(word)
            .iter()
            .all(|form| contains_any(&[b"plain ", form.as_slice(), b" text"].concat(), &forms))
    })
}
