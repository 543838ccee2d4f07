//! Everything that changes the diary's folder, as flows that can be interrupted.

use std::path::Path;

use afterglow_diary::backup::restore_backup;
use afterglow_diary::keys::{AskAtStart, WithoutKeyring};
use afterglow_diary::{Credential, Diary, NewKey};

use crate::entries::{Entry, ground, ground_appointment, ground_medicine, ground_session};
use crate::{open, raw};

/// The run whose entries the flows enter.
pub(crate) const RUN: u64 = 7;

/// What one flow does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    OpenNew,
    Migrate,
    Session,
    SessionCorrection,
    CheckIn,
    CheckInCorrection,
    Photo,
    Course,
    Plan,
    Settings,
    Clinic,
    Deliveries,
    Findings,
    CallAnswer,
    Dismissal,
    FollowUpAnswer,
    Reminders,
    Medicine,
    MedicineCorrection,
    WithdrawMedicine,
    Appointment,
    AppointmentCorrection,
    WithdrawAppointment,
    Withdraw,
    EraseSession,
    ErasePhoto,
    Merge,
    BackUp,
    Export,
    Restore,
    RestoreDamaged,
    RestoreMissing,
    Import,
    EraseEverything,
    NewRecoveryCode,
    SetPassphrase,
    ChangePassphrase,
    RemovePassphrase,
}

/// The passphrases that flows set.
pub(crate) const FIRST: &str = "correct horse";
pub(crate) const SECOND: &str = "battery staple";

impl Flow {
    pub(crate) const ALL: [Self; 38] = [
        Self::OpenNew,
        Self::Migrate,
        Self::Session,
        Self::SessionCorrection,
        Self::CheckIn,
        Self::CheckInCorrection,
        Self::Photo,
        Self::Course,
        Self::Plan,
        Self::Settings,
        Self::Clinic,
        Self::Deliveries,
        Self::Findings,
        Self::CallAnswer,
        Self::Dismissal,
        Self::FollowUpAnswer,
        Self::Reminders,
        Self::Medicine,
        Self::MedicineCorrection,
        Self::WithdrawMedicine,
        Self::Appointment,
        Self::AppointmentCorrection,
        Self::WithdrawAppointment,
        Self::Withdraw,
        Self::EraseSession,
        Self::ErasePhoto,
        Self::Merge,
        Self::BackUp,
        Self::Export,
        Self::Restore,
        Self::RestoreDamaged,
        Self::RestoreMissing,
        Self::Import,
        Self::EraseEverything,
        Self::NewRecoveryCode,
        Self::SetPassphrase,
        Self::ChangePassphrase,
        Self::RemovePassphrase,
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flow| flow.name() == name)
    }

    pub(crate) fn name(self) -> String {
        format!("{self:?}")
    }

    /// Fills an empty folder with what the flow begins with.
    pub(crate) async fn prepare(self, folder: &Path) {
        match self {
            Self::OpenNew => return,
            Self::Migrate => {
                as_an_older_version_wrote_it(folder).await;
                return;
            }
            _ => {}
        }
        let diary = open(folder).await.expect("a new diary");
        raw::note_key(folder);
        for entry in ground(RUN) {
            entry.write(&diary).await.expect("an entry");
        }
        match self {
            Self::ErasePhoto | Self::EraseSession => {
                for entry in some(20) {
                    entry.write(&diary).await.expect("an entry");
                }
            }
            Self::Merge => {
                diary.close().await;
                std::fs::copy(Diary::path(folder), folder.join(OTHER)).expect("a copy");
                // The copy is the other device's diary: it knows more.
                let other = tempfile::tempdir().expect("a folder");
                crate::copy_into(folder, other.path());
                let theirs = open(other.path()).await.expect("a diary");
                for entry in some(20) {
                    entry.write(&theirs).await.expect("an entry");
                }
                theirs.close().await;
                std::fs::copy(Diary::path(other.path()), folder.join(OTHER)).expect("a copy");
                return;
            }
            Self::Import => {
                diary.close().await;
                let other = tempfile::tempdir().expect("a folder");
                let theirs = open(other.path()).await.expect("a diary");
                let entries = (1_000..1_020).map(|index| Entry::nth(RUN + 2, index));
                for entry in ground(RUN + 2).into_iter().chain(entries) {
                    entry.write(&theirs).await.expect("an entry");
                }
                theirs
                    .export(&folder.join(EXPORT), FIRST, chrono::DateTime::UNIX_EPOCH)
                    .await
                    .expect("an export");
                theirs.close().await;
                return;
            }
            Self::RestoreDamaged | Self::RestoreMissing => {
                diary.back_up(today()).await.expect("a backup");
                diary.close().await;
                let path = Diary::path(folder);
                if self == Self::RestoreMissing {
                    std::fs::remove_file(path).expect("the diary");
                } else {
                    let mut bytes = std::fs::read(&path).expect("the diary");
                    bytes[..4_096].fill(0);
                    std::fs::write(path, bytes).expect("a damaged diary");
                }
                return;
            }
            Self::Restore => {
                diary.back_up(today()).await.expect("a backup");
                for entry in some(20) {
                    entry.write(&diary).await.expect("an entry");
                }
            }
            Self::ChangePassphrase | Self::RemovePassphrase => {
                diary
                    .set_passphrase(FIRST, AskAtStart::Yes)
                    .await
                    .expect("a passphrase");
            }
            _ => {}
        }
        diary.close().await;
    }

    /// Whether the flow is the opening itself.
    pub(crate) fn opens(self) -> bool {
        matches!(
            self,
            Self::OpenNew | Self::Migrate | Self::RestoreDamaged | Self::RestoreMissing
        )
    }

    /// Opens it, for the flows that do that.
    pub(crate) async fn open(self, folder: &Path) -> Result<Diary, String> {
        if matches!(self, Self::RestoreDamaged | Self::RestoreMissing) {
            let with = Credential::Unattended(NewKey::KeyFile);
            let name = format!("diary-{}.db", today());
            let repaired = restore_backup(folder, with, &name, chrono::DateTime::UNIX_EPOCH).await;
            return match repaired {
                Ok(repaired) => Ok(repaired.opened.diary),
                Err(error) => Err(error.to_string()),
            };
        }
        open(folder).await.map_err(|error| error.to_string())
    }

    /// Whether the diary is closed by it.
    pub(crate) fn closes(self) -> bool {
        matches!(self, Self::Restore | Self::EraseEverything)
    }

    /// Whether passphrases are tried in it, which takes long by intention.
    pub(crate) fn is_slow(self) -> bool {
        matches!(
            self,
            Self::SetPassphrase
                | Self::ChangePassphrase
                | Self::RemovePassphrase
                | Self::Export
                | Self::Import
        )
    }

    /// Does it with an open diary.
    pub(crate) async fn act(self, diary: &Diary, folder: &Path) -> Result<(), String> {
        let now = chrono::DateTime::UNIX_EPOCH;
        let text = |error: &dyn std::error::Error| error.to_string();
        match self {
            Self::OpenNew | Self::Migrate | Self::RestoreDamaged | Self::RestoreMissing => Ok(()),
            Self::Withdraw => diary
                .withdraw_session(ground_session(RUN), now)
                .await
                .map(drop)
                .map_err(|error| text(&error)),
            Self::WithdrawMedicine => diary
                .withdraw_medicine(ground_medicine(RUN), now)
                .await
                .map(drop)
                .map_err(|error| text(&error)),
            Self::WithdrawAppointment => diary
                .withdraw_appointment(ground_appointment(RUN), now)
                .await
                .map(drop)
                .map_err(|error| text(&error)),
            Self::EraseSession => diary
                .erase_session(ground_session(RUN), now)
                .await
                .map(drop)
                .map_err(|error| text(&error)),
            Self::ErasePhoto => {
                let photos = diary.photos(ground_session(RUN)).await;
                let photo = photos.map_err(|error| text(&error))?.first().expect("a photo").id;
                let erased = diary.erase_photo(photo, now).await;
                erased.map(drop).map_err(|error| text(&error))
            }
            Self::Merge => diary
                .merge_copy(&folder.join(OTHER))
                .await
                .map(drop)
                .map_err(|error| text(&error)),
            Self::BackUp => diary
                .back_up(today())
                .await
                .map(drop)
                .map_err(|error| text(&error)),
            Self::Export => diary
                .export(&folder.join("diary.age"), FIRST, now)
                .await
                .map(drop)
                .map_err(|error| text(&error)),
            Self::Restore => {
                let name = format!("diary-{}.db", today());
                let copy = diary.inspect_backup(&name).await.map_err(|error| text(&error))?;
                let restored = diary.restore(copy, now).await.map_err(|error| text(&error))?;
                restored.diary.close().await;
                Ok(())
            }
            Self::Import => {
                let copy = diary.inspect(&folder.join(EXPORT), FIRST).await;
                let copy = copy.map_err(|error| text(&error))?;
                diary.merge(copy).await.map(drop).map_err(|error| text(&error))
            }
            Self::EraseEverything => {
                let erased = diary.clone().erase_everything().await;
                erased.map(drop).map_err(|error| text(&error))
            }
            Self::NewRecoveryCode => diary
                .new_recovery_code()
                .await
                .map(drop)
                .map_err(|error| text(&error)),
            Self::SetPassphrase => diary
                .set_passphrase(SECOND, AskAtStart::Yes)
                .await
                .map_err(|error| text(&error)),
            Self::ChangePassphrase => diary
                .change_passphrase(FIRST, SECOND)
                .await
                .map_err(|error| text(&error)),
            Self::RemovePassphrase => diary
                .remove_passphrase(FIRST, WithoutKeyring::AcceptKeyFile)
                .await
                .map_err(|error| text(&error)),
            _ => {
                let entry = entry(|entry| self.enters(entry));
                entry.write(diary).await.map_err(|error| text(&error))
            }
        }
    }

    /// Whether the flow is to enter such an entry.
    fn enters(self, entry: &Entry) -> bool {
        match entry {
            Entry::Session(_) => self == Self::Session,
            Entry::SessionCorrection(_) => self == Self::SessionCorrection,
            // Of more than one page.
            Entry::CheckIn(one) => self == Self::CheckIn && one.note.len() > 900,
            Entry::CheckInCorrection(_) => self == Self::CheckInCorrection,
            Entry::Photo(photo) => self == Self::Photo && photo.image.len() > 8_000,
            Entry::Course(_) => self == Self::Course,
            Entry::Plan(_) => self == Self::Plan,
            Entry::Settings(_) => self == Self::Settings,
            Entry::Clinic(_) => self == Self::Clinic,
            Entry::Deliveries(lines) => self == Self::Deliveries && lines.len() > 2,
            Entry::Findings(_) => self == Self::Findings,
            Entry::CallAnswer(_) => self == Self::CallAnswer,
            Entry::Dismissal(_) => self == Self::Dismissal,
            // Of more than one page.
            Entry::FollowUpAnswer(one) => self == Self::FollowUpAnswer && one.note.len() > 900,
            Entry::Reminders(_) => self == Self::Reminders,
            Entry::Medicine(_) => self == Self::Medicine,
            Entry::MedicineCorrection(_) => self == Self::MedicineCorrection,
            Entry::Appointment(_) => self == Self::Appointment,
            Entry::AppointmentCorrection(_) => self == Self::AppointmentCorrection,
        }
    }
}

/// The day of the backup.
fn today() -> chrono::NaiveDate {
    chrono::DateTime::UNIX_EPOCH.date_naive()
}

/// What another device exported.
const EXPORT: &str = "other.age";

/// Another device's diary with the same key.
const OTHER: &str = "other.db";

/// Entries of every kind, a photo among them.
fn some(count: u64) -> impl Iterator<Item = Entry> {
    let photo = entry(|entry| matches!(entry, Entry::Photo(_)));
    (1_000..1_000 + count)
        .map(|index| Entry::nth(RUN, index))
        .chain([photo])
}

/// Among so many entries there is every kind.
const ENOUGH: u64 = 10_000;

/// The first entry of the run that is like this.
fn entry(like: impl Fn(&Entry) -> bool) -> Entry {
    (0..ENOUGH)
        .map(|index| Entry::nth(RUN, index))
        .find(like)
        .expect("some entry")
}

/// What shows that a diary still takes entries: lines of a journal, which no flow enters.
pub(crate) fn probe() -> Entry {
    (0..ENOUGH)
        .map(|index| Entry::nth(RUN + 1, index))
        .find(|entry| matches!(entry, Entry::Deliveries(_)))
        .expect("some lines")
}

/// A diary with every migration but the newest.
async fn as_an_older_version_wrote_it(folder: &Path) {
    use sqlx::Connection as _;
    open(folder).await.expect("a new diary").close().await;
    raw::note_key(folder);
    std::fs::remove_file(Diary::path(folder)).expect("the diary");
    std::fs::write(Diary::path(folder), []).expect("an empty file");

    let migrations = tempfile::tempdir().expect("a folder");
    let mut all = crate::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations"));
    all.pop();
    for path in all {
        std::fs::copy(&path, migrations.path().join(path.file_name().expect("a name"))).expect("a copy");
    }
    let mut connection = raw::connect(folder).await.expect("an empty diary");
    sqlx::migrate::Migrator::new(migrations.path())
        .await
        .expect("migrations")
        .run(&mut connection)
        .await
        .expect("an older schema");
    for statement in [
        "INSERT INTO session (entry, id, revision, replica, ended_at, zone_name, zone_offset, setting, device, \
         depth_micrometres, areas, concerns, risks, clinic_gave, adjuncts, exposed, plan_id, plan_version, entered_at) \
         VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001', 1, \
         '00000000-0000-0000-0000-000000000000', 1795192200000, 'Europe/Madrid', 3600, 'clinic', 'Pen', 1500, \
         '[\"face\",\"neck\"]', '[\"acne_scars\"]', '[]', '[]', '[]', 0, 'microneedling', 1, 1795194000000)",
        "INSERT INTO check_in (entry, id, revision, replica, session, at, local_date, severities, signs, areas, note, \
         entered_at) VALUES ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000002', 1, \
         '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000001', 1795287840000, \
         '2026-11-21', '{\"erythema\":3,\"pain\":0}', '[\"eye_pain\"]', '[]', 'Tight', 1795287841000)",
        "INSERT INTO delivery (journal, seq, key, due_at, at, state, digest) VALUES ('a', 1, \
         '00000000-0000-0000-0000-000000000001/check_in/check_in/+3h', 1795203000000, 1795203002000, 'shown', 1), \
         ('a', 2, 'other', 1795203000000, 1795203002000, 'failed', 0)",
    ] {
        sqlx::query(statement)
            .execute(&mut connection)
            .await
            .expect("a row of an older version");
    }
    connection.close().await.expect("an older diary");
}
