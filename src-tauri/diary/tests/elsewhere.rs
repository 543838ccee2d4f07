//! What depends on whose account and whose session this is: a folder that cannot be written, and
//! the system's keyring. Each test runs a second time in a process of its own, so that the tests
//! never touch the keyring of whoever runs them.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use afterglow_care::Locale;
use afterglow_diary::settings::{StoredSettings, Theme};
use afterglow_diary::{
    Access, AskAtStart, Credential, Diary, DiaryError, KeyError, KeyringNote, NewKey, OpenError, OpenNote,
    Opened, Protection, WhyReadOnly, WithoutKeyring,
};

/// The folder of the process that a test started; the `inside` tests do nothing without it.
const INSIDE: &str = "AFTERGLOW_TEST_INSIDE";

fn inside() -> Option<PathBuf> {
    std::env::var_os(INSIDE).map(PathBuf::from)
}

/// Runs one of the tests that are ignored here, by a command that starts this program again.
fn run(mut command: Command, test: &str, folder: &Path) {
    let output = command
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(INSIDE, folder)
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

fn settings() -> StoredSettings {
    StoredSettings {
        locale: Locale::Es,
        quiet: None,
        discreet: true,
        clinic_name: "Sol".to_owned(),
        clinic_phone: "+34 600 000 000".to_owned(),
        clinic_out_of_hours_phone: String::new(),
        clinic_opening_hours: String::new(),
        emergency_number: "112".to_owned(),
        theme: Theme::System,
        text_percent: 100,
        skin_tone: None,
    }
}

async fn in_key_file(folder: &Path) -> Result<Opened, OpenError> {
    Diary::open(folder, Credential::Unattended(NewKey::KeyFile)).await
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn names(folder: &Path) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    names
}

/// Modes do not bind the superuser: then an account that owns nothing runs it.
#[test]
fn what_cannot_be_written_is_read() {
    const NOBODY: u32 = 65_534;
    let folder = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new(&program);
    if std::fs::metadata(folder.path()).unwrap().uid() == 0 {
        std::os::unix::fs::chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        // A copy, and from the root: that account may not enter the folder of this program.
        let copy = folder.path().join("program");
        std::fs::copy(&program, &copy).unwrap();
        command = Command::new(copy);
        command.uid(NOBODY).gid(NOBODY).current_dir("/");
    }
    run(command, "inside_what_cannot_be_written", folder.path());
}

#[tokio::test]
#[ignore = "run by what_cannot_be_written_is_read"]
async fn inside_what_cannot_be_written() {
    let Some(home) = inside() else { return };
    let read_only = Access::ReadOnly(WhyReadOnly::Folder);

    // Closed properly: nothing stands beside the file.
    let folder = home.join("closed");
    let diary = in_key_file(&folder).await.unwrap().diary;
    diary.save_settings(&settings()).await.unwrap();
    diary.close().await;
    set_mode(&folder, 0o500);
    let before = names(&folder);
    let opened = in_key_file(&folder).await.unwrap();
    assert_eq!((opened.access, opened.notes), (read_only, vec![]));
    assert_eq!(opened.diary.settings().await.unwrap(), Some(settings()));
    let refused = opened.diary.save_settings(&settings()).await.unwrap_err();
    assert!(matches!(refused, DiaryError::ReadOnly), "{refused}");
    let refused = opened.diary.new_recovery_code().await.unwrap_err();
    assert!(matches!(refused, KeyError::ReadOnly), "{refused}");
    opened.diary.close().await;
    assert_eq!(names(&folder), before);
    set_mode(&folder, 0o700);
    assert_eq!(in_key_file(&folder).await.unwrap().access, Access::ReadWrite);

    // The file alone cannot be written.
    set_mode(&Diary::path(&folder), 0o400);
    let opened = in_key_file(&folder).await.unwrap();
    assert_eq!(opened.access, read_only);
    assert_eq!(opened.diary.settings().await.unwrap(), Some(settings()));
    opened.diary.close().await;

    // Never closed: what was entered is in the log beside the file.
    let folder = home.join("killed");
    let diary = in_key_file(&folder).await.unwrap().diary;
    diary.save_settings(&settings()).await.unwrap();
    for (name, with_index) in [("with-index", true), ("without-index", false)] {
        let copy = home.join(name);
        std::fs::create_dir(&copy).unwrap();
        for path in names(&folder) {
            let file = path.file_name().unwrap();
            if with_index || file != "diary.db-shm" {
                std::fs::copy(&path, copy.join(file)).unwrap();
            }
        }
        set_mode(&copy, 0o500);
        let opened = in_key_file(&copy).await.unwrap();
        // Without the index the log cannot be read, and the file itself is still empty.
        let (notes, shown) = if with_index {
            (vec![], Some(settings()))
        } else {
            (vec![OpenNote::NewestNotShown], None)
        };
        assert_eq!((opened.access, opened.notes), (read_only, notes));
        assert_eq!(opened.diary.settings().await.unwrap(), shown);
        opened.diary.close().await;
        set_mode(&copy, 0o700);
        let opened = in_key_file(&copy).await.unwrap();
        assert_eq!(
            opened.diary.settings().await.unwrap(),
            Some(settings()),
            "nothing was lost"
        );
    }

    // As before, with something in the file and the newest in the log.
    diary.close().await;
    let diary = in_key_file(&folder).await.unwrap().diary;
    let newer = StoredSettings {
        clinic_name: "Luna".to_owned(),
        ..settings()
    };
    diary.save_settings(&newer).await.unwrap();
    let copy = home.join("newest-in-the-log");
    std::fs::create_dir(&copy).unwrap();
    for path in names(&folder) {
        let file = path.file_name().unwrap();
        if file != "diary.db-shm" {
            std::fs::copy(&path, copy.join(file)).unwrap();
        }
    }
    set_mode(&copy, 0o500);
    let opened = in_key_file(&copy).await.unwrap();
    assert_eq!(
        (opened.access, opened.notes),
        (read_only, vec![OpenNote::NewestNotShown])
    );
    assert_eq!(opened.diary.settings().await.unwrap(), Some(settings()));
    opened.diary.close().await;
    set_mode(&copy, 0o700);
    let opened = in_key_file(&copy).await.unwrap();
    assert_eq!(opened.diary.settings().await.unwrap(), Some(newer));
}

async fn by_keyring(folder: &Path) -> Result<Opened, OpenError> {
    Diary::open(folder, Credential::Unattended(NewKey::KeyringFirst)).await
}

#[test]
fn a_session_without_a_keyring_keeps_the_key_in_a_file_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    run(command, "inside_a_session_without_a_keyring", folder.path());
}

#[tokio::test]
#[ignore = "run by a_session_without_a_keyring_keeps_the_key_in_a_file_and_says_so"]
async fn inside_a_session_without_a_keyring() {
    let Some(folder) = inside() else { return };
    let key_file = Protection {
        key_file: true,
        ..Protection::default()
    };
    let opened = by_keyring(&folder).await.unwrap();
    assert_eq!(opened.protection, key_file);
    assert!(
        matches!(
            opened.notes.as_slice(),
            [OpenNote::Keyring(KeyringNote::NotTaken { .. })]
        ),
        "{:?}",
        opened.notes
    );
    let refused = opened.diary.keep_in_keyring().await.unwrap_err();
    assert!(matches!(refused, KeyError::KeyringRefused(_)), "{refused}");
    assert_eq!(opened.diary.protection().await, key_file);
    opened.diary.close().await;

    // Told once, when the key was made.
    let opened = by_keyring(&folder).await.unwrap();
    assert_eq!(opened.notes, []);
    let diary = opened.diary;
    diary.set_passphrase("first", AskAtStart::No).await.unwrap();
    let refused = diary.leave_keyring().await;
    assert!(refused.is_ok(), "there was none to leave");
    let refused = diary
        .remove_passphrase("first", WithoutKeyring::Refuse)
        .await
        .unwrap_err();
    assert!(matches!(refused, KeyError::LastWrapper), "{refused}");
    assert!(diary.protection().await.passphrase);
    diary
        .remove_passphrase("first", WithoutKeyring::AcceptKeyFile)
        .await
        .unwrap();
    assert_eq!(diary.protection().await, key_file);
    assert!(!diary.keyring_entry_left().await);
    diary.close().await;
    assert_eq!(by_keyring(&folder).await.unwrap().protection, key_file);
}

/// A keyring of this process's own session, ended with it.
struct Keyring {
    daemon: Child,
    home: PathBuf,
}

impl Keyring {
    fn start(home: &Path) -> Self {
        use std::io::Write as _;
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--components=secrets", "--replace", "--unlock"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        daemon.stdin.take().unwrap().write_all(b"test").unwrap();
        Self {
            daemon,
            home: home.to_owned(),
        }
    }

    fn signal(&self, signal: &str) {
        let pid = self.daemon.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &pid]).status().unwrap();
        assert!(sent.success());
    }

    fn kill(mut self) -> PathBuf {
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
        self.home.clone()
    }

    /// As when the desktop was set up anew.
    fn wipe(self) -> Self {
        let home = self.kill();
        std::fs::remove_dir_all(home.join("keyrings")).unwrap();
        Self::start(&home)
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        // It may have been killed by the test.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// Whether every program that the keyring's test needs is on this machine.
fn installed() -> bool {
    ["gnome-keyring-daemon", "dbus-run-session"]
        .iter()
        .all(|program| {
            std::env::var_os("PATH")
                .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).exists()))
        })
}

/// A bus that starts nothing by itself: a killed keyring stays killed.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

#[test]
fn a_keyring_keeps_the_key_and_may_lose_it() {
    run_with_a_keyring("inside_where_the_keyring_fails");
}

#[test]
fn a_key_leaves_the_keyring_and_comes_back() {
    run_with_a_keyring("inside_where_the_keyring_is_left");
}

fn run_with_a_keyring(test: &str) {
    if !installed() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let bus = folder.path().join("bus.conf");
    std::fs::write(&bus, BUS).unwrap();
    let mut command = Command::new("dbus-run-session");
    command.arg("--config-file").arg(bus).arg("--");
    command.arg(std::env::current_exe().unwrap());
    for name in [
        "HOME",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_RUNTIME_DIR",
    ] {
        command.env(name, folder.path());
    }
    // Nothing is asked on anybody's screen.
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    run(command, test, folder.path());
}

/// Waits for the keyring, which answers a moment after its program was started.
async fn answers() {
    for _ in 0..100 {
        if matches!(
            asked("nobody".to_owned()).await,
            Err(keyring_core::Error::NoEntry)
        ) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the keyring does not answer")
}

/// The names of the keyring's entries that the file speaks of.
fn entries(folder: &Path) -> Vec<String> {
    let file: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("diary.key")).unwrap()).unwrap();
    file["wrappers"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|wrapper| wrapper["entry"].as_str())
        .map(str::to_owned)
        .collect()
}

/// Whether the keyring has an entry.
async fn has(entry: String) -> bool {
    asked(entry).await.is_ok()
}

async fn asked(entry: String) -> keyring_core::Result<Vec<u8>> {
    tokio::task::spawn_blocking(move || {
        use keyring_core::api::CredentialStoreApi as _;
        zbus_secret_service_keyring_store::Store::new()?
            .build("care.afterglow.companion", &entry, None)?
            .get_secret()
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by a_keyring_keeps_the_key_and_may_lose_it"]
async fn inside_where_the_keyring_fails() {
    let Some(home) = inside() else { return };
    let keyring = Keyring::start(&home);
    answers().await;
    let folder = home.join("diary");
    let folder = folder.as_path();
    let kept = Protection {
        keyring: true,
        ..Protection::default()
    };

    // Kept: the file has no key.
    let opened = by_keyring(folder).await.unwrap();
    assert_eq!((opened.protection, opened.notes), (kept, vec![]));
    let text = std::fs::read_to_string(folder.join("diary.key")).unwrap();
    assert!(!text.contains("\"key\""), "{text}");
    opened.diary.save_settings(&settings()).await.unwrap();
    let refused = opened.diary.leave_keyring().await.unwrap_err();
    assert!(matches!(refused, KeyError::LastWrapper), "{refused}");
    let code = opened.diary.new_recovery_code().await.unwrap();
    let refused = opened.diary.leave_keyring().await.unwrap_err();
    assert!(
        matches!(refused, KeyError::LastWrapper),
        "paper alone is not enough: {refused}"
    );
    opened.diary.close().await;

    // Lost: opened by the code, and mended.
    let keyring = keyring.wipe();
    answers().await;
    let error = by_keyring(folder).await.unwrap_err();
    assert!(
        matches!(error, OpenError::Key(KeyError::KeyringLost(_))),
        "{error}"
    );
    assert!(error.to_string().contains("recovery code"), "{error}");
    let code = code.printed();
    let opened = Diary::open(folder, Credential::RecoveryCode(&code))
        .await
        .unwrap();
    assert_eq!(opened.diary.settings().await.unwrap(), Some(settings()));
    let lost = entries(folder);
    opened.diary.keep_in_keyring().await.unwrap();
    assert_ne!(entries(folder), lost);
    opened.diary.close().await;
    by_keyring(folder).await.unwrap().diary.close().await;

    // Killed: told apart from lost, and opened by the code; there again, it opens as before.
    let home = keyring.kill();
    let error = by_keyring(folder).await.unwrap_err();
    assert!(
        matches!(error, OpenError::Key(KeyError::KeyringUnavailable { .. })),
        "{error}"
    );
    assert!(error.to_string().contains("recovery code"), "{error}");
    let opened = Diary::open(folder, Credential::RecoveryCode(&code))
        .await
        .unwrap();
    assert_eq!(opened.diary.settings().await.unwrap(), Some(settings()));
    opened.diary.close().await;
    let keyring = Keyring::start(&home);
    answers().await;

    // Stopped: it has the question and never answers.
    keyring.signal("STOP");
    let waited = tokio::time::timeout(Duration::from_secs(8), by_keyring(folder)).await;
    let error = waited.unwrap().unwrap_err();
    assert!(
        matches!(error, OpenError::Key(KeyError::KeyringUnavailable { .. })),
        "{error}"
    );

    // A key that is made meanwhile goes to the file, and that is said. What reaches the keyring late
    // is deleted at the next opening.
    let other = home.join("other");
    let opened = by_keyring(&other).await.unwrap();
    assert!(opened.protection.key_file && !opened.protection.keyring);
    assert!(
        matches!(
            opened.notes.as_slice(),
            [
                OpenNote::Keyring(KeyringNote::NotTaken { .. }),
                OpenNote::Keyring(KeyringNote::EntryLeft)
            ]
        ),
        "{:?}",
        opened.notes
    );
    opened.diary.close().await;
    keyring.signal("CONT");
    answers().await;
    by_keyring(folder).await.unwrap();
    let opened = by_keyring(&other).await.unwrap();
    assert_eq!(opened.notes, []);
    opened.diary.keep_in_keyring().await.unwrap();
    let kept = Protection {
        keyring: true,
        ..Protection::default()
    };
    assert_eq!(
        opened.diary.protection().await,
        kept,
        "the unprotected key file went"
    );
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by a_key_leaves_the_keyring_and_comes_back"]
async fn inside_where_the_keyring_is_left() {
    let Some(home) = inside() else { return };
    let keyring = Keyring::start(&home);
    answers().await;
    let folder = home.join("diary");
    let folder = folder.as_path();
    let diary = by_keyring(folder).await.unwrap().diary;

    // A passphrase beside it, then instead of it: the entry goes.
    let entry = entries(folder).remove(0);
    assert!(has(entry.clone()).await);
    diary.set_passphrase("first", AskAtStart::No).await.unwrap();
    assert!(diary.protection().await.keyring);
    diary.leave_keyring().await.unwrap();
    assert!(!diary.protection().await.keyring);
    assert!(!has(entry).await);
    diary.close().await;
    let error = by_keyring(folder).await.unwrap_err();
    assert!(matches!(error, OpenError::Key(KeyError::Locked(_))), "{error}");

    // Back into it: without the passphrase the keyring has the key again.
    let opened = Diary::open(folder, Credential::Passphrase("first"))
        .await
        .unwrap();
    opened
        .diary
        .remove_passphrase("first", WithoutKeyring::Refuse)
        .await
        .unwrap();
    opened.diary.close().await;
    let diary = by_keyring(folder).await.unwrap().diary;
    let entry = entries(folder).remove(0);

    // An entry that cannot be deleted now is deleted later, and meanwhile it is said.
    let home = keyring.kill();
    diary.set_passphrase("second", AskAtStart::Yes).await.unwrap();
    assert!(diary.keyring_entry_left().await);
    diary.close().await;
    let opened = Diary::open(folder, Credential::Passphrase("second"))
        .await
        .unwrap();
    assert_eq!(opened.notes, [OpenNote::Keyring(KeyringNote::EntryLeft)]);
    opened.diary.close().await;
    let _running = Keyring::start(&home);
    answers().await;
    assert!(has(entry.clone()).await);
    let opened = Diary::open(folder, Credential::Passphrase("second"))
        .await
        .unwrap();
    assert_eq!(opened.notes, []);
    assert!(!has(entry).await);
    opened.diary.close().await;
}
