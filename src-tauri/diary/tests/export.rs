//! The one file that the patient carries: what it promises, and every way in which it is not taken.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod given;

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use afterglow_care::Locale;
use afterglow_diary::backup::{BackupError, ExportError, ImportError, inspect, restore_into};
use afterglow_diary::settings::{StoredSettings, Theme};
use afterglow_diary::{Credential, Diary, NewKey};
use chrono::{DateTime, Utc};

const UNATTENDED: Credential<'_> = Credential::Unattended(NewKey::KeyFile);
const PASSPHRASE: &str = "caf\u{e9} con leche";

async fn opened(folder: &Path) -> Diary {
    Diary::open(folder, UNATTENDED).await.unwrap().diary
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-11-21T10:00:00Z")
}

fn named(state: &str) -> StoredSettings {
    StoredSettings {
        locale: Locale::En,
        quiet: None,
        discreet: false,
        clinic_name: String::new(),
        clinic_phone: String::new(),
        clinic_out_of_hours_phone: String::new(),
        clinic_opening_hours: String::new(),
        emergency_number: state.to_owned(),
        theme: Theme::System,
        text_percent: 100,
        skin_tone: None,
    }
}

async fn state(diary: &Diary) -> String {
    diary.settings().await.unwrap().unwrap().emergency_number
}

fn names(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder)
        .map(|entries| {
            entries
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect()
        })
        .unwrap_or_default()
}

/// Two devices, and a stick between them.
struct Devices {
    home: tempfile::TempDir,
    first: Diary,
    second: Diary,
}

impl Devices {
    async fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let first = opened(&home.path().join("first")).await;
        let second = opened(&home.path().join("second")).await;
        first.save_settings(&named("the first's")).await.unwrap();
        second.save_settings(&named("the second's")).await.unwrap();
        std::fs::create_dir(home.path().join("stick")).unwrap();
        Self { home, first, second }
    }

    fn stick(&self) -> PathBuf {
        self.home.path().join("stick")
    }

    fn file(&self) -> PathBuf {
        self.stick().join("diary.age")
    }
}

fn plaintext(file: &Path) -> Vec<u8> {
    let mut identity = age::scrypt::Identity::new(PASSPHRASE.to_owned().into());
    identity.set_max_work_factor(20);
    let file = std::io::BufReader::new(std::fs::File::open(file).unwrap());
    let mut inside = Vec::new();
    age::Decryptor::new_buffered(file)
        .unwrap()
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .unwrap()
        .read_to_end(&mut inside)
        .unwrap();
    inside
}

fn seal(file: &Path, inside: &[u8]) {
    let mut recipient = age::scrypt::Recipient::new(PASSPHRASE.to_owned().into());
    recipient.set_work_factor(2);
    let mut out = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        .unwrap()
        .wrap_output(std::fs::File::create(file).unwrap())
        .unwrap();
    out.write_all(inside).unwrap();
    out.finish().unwrap();
}

/// The header's line and the database behind it.
fn parts(inside: &[u8]) -> (serde_json::Value, Vec<u8>) {
    let mut lines = inside.splitn(3, |byte| *byte == b'\n');
    assert_eq!(lines.next().unwrap(), b"afterglow diary 1");
    (
        serde_json::from_slice(lines.next().unwrap()).unwrap(),
        lines.next().unwrap().to_vec(),
    )
}

fn joined(first: &str, header: &serde_json::Value, body: &[u8]) -> Vec<u8> {
    [
        first.as_bytes(),
        b"\n",
        header.to_string().as_bytes(),
        b"\n",
        body,
    ]
    .concat()
}

#[tokio::test]
async fn an_export_takes_the_diarys_place_on_another_device() {
    let devices = Devices::new().await;
    let contents = devices
        .first
        .export(&devices.file(), PASSPHRASE, now())
        .await
        .unwrap();
    assert_eq!(contents.rows["settings"], 1);
    assert_eq!(names(&devices.stick()), ["diary.age"]);
    assert_eq!(
        names(&devices.home.path().join("first/backups")),
        Vec::<String>::new()
    );

    // The accent composed by another keyboard.
    let copy = devices
        .second
        .inspect(&devices.file(), "cafe\u{301} con leche")
        .await
        .unwrap();
    assert_eq!((&copy.found, &copy.contents), (&contents, &contents));
    assert_eq!(copy.made_at, Some(now()));
    assert_eq!(copy.app.as_deref(), Some(env!("CARGO_PKG_VERSION")));
    // Looking changes nothing.
    assert_eq!(state(&devices.second).await, "the second's");

    let restored = devices.second.restore(copy, now()).await.unwrap();
    assert_eq!(restored.contents, contents);
    assert_eq!(state(&restored.diary).await, "the first's");
    restored.diary.save_settings(&named("and on")).await.unwrap();
    restored.diary.close().await;
    // Under this device's own key.
    let second = opened(&devices.home.path().join("second")).await;
    assert_eq!(state(&second).await, "and on");
    let old = second.inspect_backup(&restored.set_aside).await.unwrap();
    assert_eq!(
        state(&second.restore(old, now()).await.unwrap().diary).await,
        "the second's"
    );
}

#[tokio::test]
async fn looking_and_going_away_leaves_nothing() {
    let devices = Devices::new().await;
    devices
        .first
        .export(&devices.file(), PASSPHRASE, now())
        .await
        .unwrap();
    let copy = devices.second.inspect(&devices.file(), PASSPHRASE).await.unwrap();
    let backups = devices.home.path().join("second/backups");
    assert_eq!(names(&backups).len(), 1);
    drop(copy);
    assert_eq!(names(&backups), Vec::<String>::new());
}

#[tokio::test]
async fn a_damaged_diary_is_replaced_by_an_export() {
    let devices = Devices::new().await;
    devices
        .first
        .export(&devices.file(), PASSPHRASE, now())
        .await
        .unwrap();
    let folder = devices.home.path().join("second");
    devices.second.close().await;
    std::fs::write(folder.join("diary.db"), [7; 8192]).unwrap();
    let copy = inspect(&folder, &devices.home.path().join("stick/diary.age"), PASSPHRASE)
        .await
        .unwrap();
    let repaired = restore_into(&folder, UNATTENDED, copy, now()).await.unwrap();
    assert_eq!(state(&repaired.opened.diary).await, "the first's");
    assert_eq!(
        std::fs::read(folder.join("backups").join(repaired.set_aside.unwrap())).unwrap(),
        [7; 8192]
    );
}

#[tokio::test]
async fn the_other_devices_key_and_the_diarys_words_never_travel() {
    let devices = Devices::new().await;
    devices
        .first
        .export(&devices.file(), PASSPHRASE, now())
        .await
        .unwrap();
    let key: serde_json::Value =
        serde_json::from_slice(&std::fs::read(devices.home.path().join("first/diary.key")).unwrap()).unwrap();
    let own = key.to_string();
    let inside = plaintext(&devices.file());
    let (header, body) = parts(&inside);
    let carried = header["key"].as_str().unwrap();
    assert_eq!(carried.len(), 64);
    assert!(!own.contains(carried));
    // Even decrypted, the copy is an encrypted database.
    for word in [&b"SQLite format"[..], b"the first's"] {
        assert!(!body.windows(word.len()).any(|window| window == word));
    }
    assert_eq!(header["contents"]["rows"]["settings"], 1);
}

#[tokio::test]
async fn a_short_passphrase_and_a_place_that_cannot_be_written_are_told() {
    let devices = Devices::new().await;
    for short in ["", "1234567", "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}"] {
        let error = devices
            .first
            .export(&devices.file(), short, now())
            .await
            .unwrap_err();
        assert!(matches!(error, ExportError::ShortPassphrase), "{error}");
    }
    let nowhere = devices.stick().join("none/diary.age");
    let error = devices
        .first
        .export(&nowhere, PASSPHRASE, now())
        .await
        .unwrap_err();
    assert!(
        matches!(error, ExportError::Copy(BackupError::Io { .. })),
        "{error}"
    );
    assert_eq!(names(&devices.stick()), Vec::<String>::new());
    assert_eq!(
        names(&devices.home.path().join("first/backups")),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn what_is_not_a_whole_export_is_refused_and_told_apart() {
    let devices = Devices::new().await;
    devices
        .first
        .export(&devices.file(), PASSPHRASE, now())
        .await
        .unwrap();
    let whole = std::fs::read(devices.file()).unwrap();
    let tried = devices.stick().join("tried");
    let try_bytes = async |bytes: &[u8]| {
        std::fs::write(&tried, bytes).unwrap();
        devices.second.inspect(&tried, PASSPHRASE).await.unwrap_err()
    };
    let error = devices
        .second
        .inspect(&devices.file(), "another passphrase")
        .await
        .unwrap_err();
    assert!(matches!(error, ImportError::WrongPassphrase), "{error}");
    let error = devices
        .second
        .inspect(&devices.stick().join("none"), PASSPHRASE)
        .await
        .unwrap_err();
    assert!(
        matches!(error, ImportError::Copy(BackupError::Io { .. })),
        "{error}"
    );
    for bytes in [&b""[..], b"hello", &[0; 4096], b"age-encryption.org/v1\n"] {
        let error = try_bytes(bytes).await;
        assert!(
            matches!(error, ImportError::NotAnExport | ImportError::Damaged(_)),
            "{error}"
        );
    }
    // Cut short, and changed, in the body: each is caught by age before anything is looked at.
    for length in [200, 1000, whole.len() / 2, whole.len() - 1] {
        let error = try_bytes(&whole[..length]).await;
        assert!(matches!(error, ImportError::Damaged(_)), "{length}: {error}");
    }
    for place in [220, 5000, whole.len() / 2, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        let error = try_bytes(&bytes).await;
        assert!(matches!(error, ImportError::Damaged(_)), "{place}: {error}");
    }
    assert_eq!(state(&devices.second).await, "the second's");
    assert_eq!(
        names(&devices.home.path().join("second/backups")),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_file_made_by_hand_must_say_the_truth() {
    let devices = Devices::new().await;
    devices
        .first
        .export(&devices.file(), PASSPHRASE, now())
        .await
        .unwrap();
    let (header, body) = parts(&plaintext(&devices.file()));
    let tried = devices.stick().join("tried");
    let try_inside = async |inside: Vec<u8>| {
        seal(&tried, &inside);
        devices.second.inspect(&tried, PASSPHRASE).await
    };
    let changed = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut header = header.clone();
        change(&mut header);
        joined("afterglow diary 1", &header, &body)
    };
    // As it was: it is taken.
    try_inside(changed(&|_| {})).await.unwrap();

    let newer = try_inside(joined("afterglow diary 2", &header, &body))
        .await
        .unwrap_err();
    assert!(
        matches!(newer, ImportError::NewerVersion { found: 2, known: 1 }),
        "{newer}"
    );
    for inside in [b"hello".to_vec(), joined("something else 1", &header, &body)] {
        let error = try_inside(inside).await.unwrap_err();
        assert!(matches!(error, ImportError::NotAnExport), "{error}");
    }
    let wrongs: [(&str, Vec<u8>); 7] = [
        ("no header", b"afterglow diary 1\n".to_vec()),
        (
            "a header that never ends",
            [b"afterglow diary 1\n".to_vec(), vec![b'x'; 200_000]].concat(),
        ),
        ("another hash", changed(&|header| header["sha256"] = "0".into())),
        ("a longer body", changed(&|header| header["length"] = 0.into())),
        (
            "other counts",
            changed(&|header| header["contents"]["rows"]["settings"] = 2.into()),
        ),
        (
            "a key that is none",
            changed(&|header| header["key"] = "x'; DROP TABLE session".into()),
        ),
        (
            "a field that nobody knows",
            changed(&|header| header["more"] = 1.into()),
        ),
    ];
    for (name, inside) in wrongs {
        let error = try_inside(inside).await.unwrap_err();
        assert!(matches!(error, ImportError::Damaged(_)), "{name}: {error}");
    }
    let error = try_inside(changed(&|header| header["key"] = "0".repeat(64).into()))
        .await
        .unwrap_err();
    assert!(
        matches!(error, ImportError::Copy(BackupError::Unsound { .. })),
        "{error}"
    );
    assert_eq!(state(&devices.second).await, "the second's");
}

#[tokio::test]
async fn a_new_export_replaces_one_of_the_same_name() {
    let devices = Devices::new().await;
    devices
        .first
        .export(&devices.file(), PASSPHRASE, now())
        .await
        .unwrap();
    std::fs::write(devices.stick().join("diary.age.part"), "cut short").unwrap();
    devices
        .second
        .export(&devices.file(), PASSPHRASE, now())
        .await
        .unwrap();
    assert_eq!(names(&devices.stick()), ["diary.age"]);
    let copy = devices.first.inspect(&devices.file(), PASSPHRASE).await.unwrap();
    let restored = devices.first.restore(copy, now()).await.unwrap();
    assert_eq!(state(&restored.diary).await, "the second's");
}

#[tokio::test]
async fn two_devices_join_what_they_hold_by_exports_in_either_direction() {
    let devices = Devices::new().await;
    let (first, second) = (&devices.first, &devices.second);
    first.add_session(&given::session(1), now()).await.unwrap();
    second.add_session(&given::session(2), now()).await.unwrap();
    first.export(&devices.file(), PASSPHRASE, now()).await.unwrap();
    let copy = second.inspect(&devices.file(), PASSPHRASE).await.unwrap();
    assert_eq!(second.merge(copy).await.unwrap().sessions, 1);
    second.export(&devices.file(), PASSPHRASE, now()).await.unwrap();
    let copy = first.inspect(&devices.file(), PASSPHRASE).await.unwrap();
    assert_eq!(copy.contents.rows["session"], 2);
    assert_eq!(copy.contents.newest_entry, Some(now()));
    assert_eq!(first.merge(copy).await.unwrap().sessions, 1);
    // Once more changes nothing.
    let copy = first.inspect(&devices.file(), PASSPHRASE).await.unwrap();
    assert_eq!(first.merge(copy).await.unwrap().sessions, 0);
    assert_eq!(first.sessions().await.unwrap(), second.sessions().await.unwrap());
    // The settings are each device's own, and the copies are gone.
    assert_eq!(
        (state(first).await.as_str(), state(second).await.as_str()),
        ("the first's", "the second's")
    );
    assert_eq!(
        names(&devices.home.path().join("first/backups")),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_restored_diary_writes_under_an_id_of_its_own() {
    let devices = Devices::new().await;
    devices
        .first
        .export(&devices.file(), PASSPHRASE, now())
        .await
        .unwrap();
    let copy = devices.second.inspect(&devices.file(), PASSPHRASE).await.unwrap();
    let replicas = [
        devices.first.replica().await.unwrap(),
        devices.second.replica().await.unwrap(),
    ];
    let restored = devices.second.restore(copy, now()).await.unwrap();
    assert!(!replicas.contains(&restored.diary.replica().await.unwrap()));
}

#[tokio::test]
async fn what_was_erased_does_not_come_back_with_an_older_export() {
    let devices = Devices::new().await;
    let (kept, gone) = (given::session(1), given::session(2));
    devices.first.add_session(&kept, now()).await.unwrap();
    devices.first.add_session(&gone, now()).await.unwrap();
    devices
        .first
        .add_check_in(&given::check_in(3, gone.id), now())
        .await
        .unwrap();
    devices
        .first
        .export(&devices.file(), PASSPHRASE, now())
        .await
        .unwrap();
    assert!(devices.first.erase_session(gone.id, now()).await.unwrap());
    let copy = devices.first.inspect(&devices.file(), PASSPHRASE).await.unwrap();
    assert_eq!(copy.contents.rows["session"], 2);
    let restored = devices.first.restore(copy, now()).await.unwrap();
    let rows = &restored.contents.rows;
    assert_eq!((rows["session"], rows["check_in"], rows["erased"]), (1, 0, 1));
    assert_eq!(restored.diary.sessions().await.unwrap(), [kept]);
}
