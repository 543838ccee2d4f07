//! A patient at their own desktop: what they do and what they see, in the words of the tests.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use chrono::{NaiveDateTime, Utc};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;

use crate::desktop::{Desktop, Process};

/// How long anything but a due reminder may take on a loaded machine.
const SOON: Duration = Duration::from_secs(30);

/// How long a reminder that is due within two minutes may take.
const WHEN_DUE: Duration = Duration::from_mins(3);

/// How many drivers are tried for one window.
const DRAWS: u32 = 3;

/// When a session ended, on the wall clock (the tests' desktops are in UTC).
pub(crate) struct Ended(pub(crate) NaiveDateTime);

impl Ended {
    /// As the form's time field has it.
    pub(crate) fn time(&self) -> String {
        self.0.format("%H:%M").to_string()
    }

    /// So much later, as a time field has it.
    pub(crate) fn time_in(&self, later: chrono::Duration) -> String {
        (self.0 + later).format("%H:%M").to_string()
    }

    /// The calendar days since then: the recovery day.
    pub(crate) fn days_ago(&self) -> i64 {
        (Utc::now().date_naive() - self.0.date()).num_days()
    }
}

/// The reminder service's binary, which lies beside the app's.
pub(crate) fn service() -> PathBuf {
    let service = Path::new(env!("CARGO_BIN_EXE_afterglow")).with_file_name("afterglow-remind");
    assert!(
        service.exists(),
        "build the whole workspace first: cargo build --workspace --features afterglow/e2e"
    );
    service
}

/// Asks again and again until the answer is yes.
async fn until(deadline: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let asking = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    within(deadline, what, asking).await;
}

/// Waits for an answer, but not for ever: a driver whose browser has gone may never give one.
async fn within<T>(deadline: Duration, what: &str, answer: impl Future<Output = T>) -> T {
    tokio::time::timeout(deadline, answer)
        .await
        .unwrap_or_else(|_| panic!("waited {deadline:?} in vain: {what}"))
}

/// A patient with a desktop and a home folder of their own. Dropping it ends every process on it.
pub(crate) struct Patient {
    // Ended in this order: what is on the desktop before the desktop.
    programs: Vec<Process>,
    desktop: Desktop,
    home: PathBuf,
    _folder: tempfile::TempDir,
}

impl Patient {
    /// A desktop with a notification daemon and no keyring.
    pub(crate) fn arrives() -> Self {
        Self::at(Desktop::start(), Vec::new())
    }

    /// A desktop, and a home that nobody can write.
    pub(crate) fn arrives_without_a_home() -> Self {
        let mut patient = Self::arrives();
        patient.home = PathBuf::from("/dev/null/afterglow");
        patient
    }

    /// A desktop that has an unlocked keyring too.
    pub(crate) async fn arrives_with_a_keyring() -> Self {
        let desktop = Desktop::start();
        let mut keyring = Command::new("gnome-keyring-daemon");
        keyring
            .args(["--foreground", "--components=secrets", "--unlock"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let password = desktop.folder().join("password");
        std::fs::File::create(&password)
            .unwrap()
            .write_all(b"test")
            .unwrap();
        desktop
            .env(&mut keyring)
            .env("HOME", desktop.folder())
            .env("XDG_DATA_HOME", desktop.folder());
        let keyring = Process::start_reading(&mut keyring, &password);
        until(SOON, "the keyring answers", async || {
            has_owner(&desktop, "org.freedesktop.secrets")
        })
        .await;
        Self::at(desktop, vec![keyring])
    }

    /// The keyring, which came first, is gone and does not come back.
    pub(crate) fn loses_the_keyring(&mut self) {
        self.programs.remove(0).kill();
    }

    fn at(desktop: Desktop, mut programs: Vec<Process>) -> Self {
        service();
        programs.push(desktop.start_dunst());
        let folder = tempfile::Builder::new().prefix("ag").tempdir().unwrap();
        Self {
            programs,
            desktop,
            home: folder.path().to_owned(),
            _folder: folder,
        }
    }

    /// Everything that Afterglow keeps.
    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// Where exported files go, on this desktop.
    pub(crate) fn downloads(&self) -> &Path {
        self.desktop.folder()
    }

    /// Every file of this patient's: all that Afterglow keeps, and whatever else the desktop has.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.home.clone(), self.desktop.folder().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => files.push(entry.path()),
                    _ => {}
                }
            }
        }
        files
    }

    /// Starts the app, with a driver of its own, and waits for its first screen.
    pub(crate) async fn opens_the_app(&self) -> Window {
        // Driver and browser find each other over a port that the driver draws by chance; now and
        // then it is taken, and the driver waits for ever.
        for _ in 0..DRAWS {
            let (driver, client) = self.drives_the_app().await;
            if let Some(client) = client {
                let window = Window {
                    client,
                    home: self.home.clone(),
                    driver,
                };
                window.sees("main h1").await;
                return window;
            }
            driver.kill();
            self.ends_every_app().await;
        }
        panic!("{DRAWS} drivers in a row did not reach the app's window");
    }

    async fn drives_the_app(&self) -> (Process, Option<Client>) {
        let port = free_port();
        let mut driver = Command::new("WebKitWebDriver");
        driver
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        live(&self.desktop, &self.home, &mut driver).env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Process::start(&mut driver);
        until(SOON, "the driver listens", async || {
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        })
        .await;
        let options = serde_json::json!({ "binary": env!("CARGO_BIN_EXE_afterglow"), "args": [] });
        let capabilities = serde_json::Map::from_iter([("webkitgtk:browserOptions".to_owned(), options)]);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}");
        let connecting = builder.capabilities(capabilities).connect(&address);
        let client = tokio::time::timeout(SOON / 2, connecting).await;
        (driver, client.ok().and_then(Result::ok))
    }

    async fn ends_every_app(&self) {
        let home = &self.home;
        for app in processes(home).into_iter().filter(|process| is_app(*process)) {
            // It may have ended by itself.
            let _ = Command::new("kill").args(["-KILL", &app.to_string()]).status();
        }
        until(SOON, "the app ends", async || apps_running(home) == 0).await;
    }

    /// Starts the app while it runs, and waits for the second one's end.
    pub(crate) fn starts_a_second_app(&self) -> ExitStatus {
        let mut app = Command::new(env!("CARGO_BIN_EXE_afterglow"));
        app.stdout(Stdio::null()).stderr(Stdio::null());
        live(&self.desktop, &self.home, &mut app).status().unwrap()
    }

    /// Starts so many apps at once, and waits until all but one have ended, each of them well.
    pub(crate) async fn starts_apps_at_once(&mut self, many: usize, bus: &str) {
        let mut apps: Vec<_> = (0..many)
            .map(|_| {
                let mut app = Command::new(env!("CARGO_BIN_EXE_afterglow"));
                app.stdout(Stdio::null()).stderr(Stdio::null());
                live(&self.desktop, &self.home, &mut app).env("DBUS_SESSION_BUS_ADDRESS", bus);
                Process::start(&mut app)
            })
            .collect();
        until(WHEN_DUE, "one app stays", async || {
            apps.retain_mut(|app| match app.ended() {
                None => true,
                Some(well) => {
                    assert!(well, "a later start ended with an error");
                    false
                }
            });
            apps.len() <= 1
        })
        .await;
        self.programs.append(&mut apps);
    }

    /// The session bus's address.
    pub(crate) fn bus(&self) -> &str {
        &self.desktop.bus
    }

    /// How many processes of the app work on this patient's home.
    pub(crate) fn apps_running(&self) -> usize {
        apps_running(&self.home)
    }

    /// Whether the app's process is there.
    pub(crate) fn app_runs(&self) -> bool {
        self.apps_running() > 0
    }

    /// The reminder service is killed, as by a crash.
    pub(crate) async fn loses_the_reminder_service(&self) {
        let services = || {
            let services = processes(&self.home).into_iter();
            services.filter(|process| is(*process, &service()))
        };
        for service in services() {
            // It may have ended by itself.
            let _ = Command::new("kill")
                .args(["-KILL", &service.to_string()])
                .status();
        }
        until(SOON, "the service ends", async || services().next().is_none()).await;
    }

    /// A reminder service that a login session has left behind, on a desktop that nobody looks at any more.
    pub(crate) async fn has_left_a_service_on(&self, session: &Desktop) -> Process {
        let mut command = Command::new(service());
        command
            .arg("--home")
            .arg(self.home.join("reminders"))
            .arg("--app")
            .arg(env!("CARGO_BIN_EXE_afterglow"))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let left = Process::start(live(session, &self.home, &mut command));
        self.has_kept("reminders/remind.sock").await;
        left
    }

    /// Waits until one reminder service runs, and it speaks to this desktop.
    pub(crate) async fn has_its_service_here(&self) {
        let mark = format!("DBUS_SESSION_BUS_ADDRESS={}", self.bus());
        let is_here = |process: &u32| {
            let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
            let mut entries = environment.split(|byte| *byte == 0);
            entries.any(|entry| entry == mark.as_bytes())
        };
        until(SOON, "the service of this desktop", async || {
            let services: Vec<_> = processes(&self.home)
                .into_iter()
                .filter(|process| is(*process, &service()))
                .collect();
            services.len() == 1 && services.iter().all(is_here)
        })
        .await;
    }

    /// Waits until a file is in the home folder.
    pub(crate) async fn has_kept(&self, name: &str) {
        let file = self.home.join(name);
        until(SOON, name, async || file.exists()).await;
    }

    /// Waits until the reminder service holds, or no longer holds, an alarm whose key begins so.
    pub(crate) async fn is_armed_with(&self, key: &str, wanted: bool) {
        let list = self.home.join("reminders/alarms.json");
        let key = format!("\"key\":\"{key}");
        until(SOON, &key, async || {
            std::fs::read_to_string(&list).is_ok_and(|list| list.contains(&key)) == wanted
        })
        .await;
    }

    /// Waits until the reminder service is started at login, or no longer.
    pub(crate) async fn starts_reminders_at_login(&self, wanted: bool) {
        let entry = self
            .desktop
            .folder()
            .join(".config/autostart/afterglow-remind.desktop");
        until(SOON, "the entry of the login", async || {
            std::fs::read_to_string(&entry)
                .is_ok_and(|entry| entry.contains("afterglow-remind\" \"--home\" "))
                == wanted
        })
        .await;
    }

    /// Waits for a notification with this text, and closes it. Others may come before it: what is due all the same at
    /// the hour at which the test runs.
    pub(crate) async fn is_notified(&self, text: &str) {
        until(WHEN_DUE, text, async || {
            self.desktop.displayed().is_some_and(|count| count > 0)
                && self.desktop.history_after_closing_all().contains(text)
        })
        .await;
    }

    /// Waits until a notification is on the screen.
    pub(crate) async fn sees_a_notification(&self) {
        until(WHEN_DUE, "a notification", async || {
            self.desktop.displayed().is_some_and(|count| count > 0)
        })
        .await;
    }

    /// Clicks the notification on the screen.
    pub(crate) fn clicks_the_notification(&self) {
        assert!(
            self.desktop.dunstctl(&["action"]).is_some(),
            "dunst took the click"
        );
    }

    /// Waits for a window with the app's title, and for the app behind it.
    pub(crate) async fn sees_a_window(&self) {
        until(SOON, "the app runs", async || self.app_runs()).await;
        until(SOON, "a window of Afterglow's", async || {
            windows(&self.desktop).contains("\"Afterglow\"")
        })
        .await;
    }
}

impl Drop for Patient {
    fn drop(&mut self) {
        // The processes of a failed test must not outlive it; those of a passed one are gone.
        for process in processes(&self.home) {
            let _ = Command::new("kill")
                .arg("-KILL")
                .arg(process.to_string())
                .status();
        }
    }
}

/// The app's window, driven as a patient would.
pub(crate) struct Window {
    client: Client,
    home: PathBuf,
    driver: Process,
}

impl Window {
    /// Waits until the element is there.
    pub(crate) async fn sees(&self, css: &str) {
        self.client
            .wait()
            .at_most(SOON)
            .for_element(Locator::Css(css))
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Whether the element is there now.
    pub(crate) async fn finds(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    /// Waits until the element is gone.
    pub(crate) async fn no_longer_finds(&self, css: &str) {
        until(SOON, css, async || !self.finds(css).await).await;
    }

    /// The element's text, once it is there.
    pub(crate) async fn reads(&self, css: &str) -> String {
        self.sees(css).await;
        self.client
            .find(Locator::Css(css))
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    }

    /// The texts of all such elements, once there is one.
    pub(crate) async fn reads_all(&self, css: &str) -> Vec<String> {
        self.sees(css).await;
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(css)).await.unwrap() {
            texts.push(element.text().await.unwrap());
        }
        texts
    }

    /// Waits until such an element says a word.
    pub(crate) async fn reads_eventually(&self, css: &str, word: &str) {
        until(SOON, &format!("{css} says {word}"), async || {
            for element in self.client.find_all(Locator::Css(css)).await.unwrap_or_default() {
                if element.text().await.is_ok_and(|text| text.contains(word)) {
                    return true;
                }
            }
            false
        })
        .await;
    }

    /// What a field holds.
    pub(crate) async fn value_of(&self, css: &str) -> String {
        self.client
            .find(Locator::Css(css))
            .await
            .unwrap()
            .prop("value")
            .await
            .unwrap()
            .unwrap_or_default()
    }

    /// Clicks the element, once it is there.
    pub(crate) async fn clicks(&self, css: &str) {
        self.sees(css).await;
        // Clicked where it stands: a sticky bar may cover what the driver has scrolled to the edge.
        self.script("document.querySelector(arguments[0]).click()", &[css])
            .await;
    }

    /// Puts a value into a field, as typing does.
    pub(crate) async fn fills(&self, css: &str, value: &str) {
        self.script(
            "const field = document.querySelector(arguments[0]); field.value = arguments[1]; \
             field.dispatchEvent(new Event('input', { bubbles: true })); \
             field.dispatchEvent(new Event('change', { bubbles: true }));",
            &[css, value],
        )
        .await;
    }

    async fn script(&self, script: &str, arguments: &[&str]) {
        let arguments = arguments
            .iter()
            .map(|argument| serde_json::json!(argument))
            .collect();
        self.client.execute(script, arguments).await.unwrap();
    }

    /// Fills the form of a new session.
    pub(crate) async fn fills_session(&self, ended: &Ended, depth_mm: Option<&str>, areas: &[&str]) {
        self.sees("#save-session").await;
        self.fills("#ended-date", &ended.0.date().to_string()).await;
        self.fills("#ended-time", &ended.time()).await;
        match depth_mm {
            Some(depth) => self.fills("#depth", depth).await,
            None => self.checks("#depth-unknown", true).await,
        }
        for area in ["face", "neck"] {
            self.checks(&format!("#area-{area}"), areas.contains(&area)).await;
        }
    }

    async fn checks(&self, css: &str, wanted: bool) {
        self.script(
            "const box = document.querySelector(arguments[0]); if (box.checked !== (arguments[1] === 'yes')) box.click();",
            &[css, if wanted { "yes" } else { "no" }],
        )
        .await;
    }

    /// Enters a session and waits for Today.
    pub(crate) async fn enters_session(&self, ended: &Ended, depth_mm: Option<&str>, areas: &[&str]) {
        self.clicks("#enter-session").await;
        self.fills_session(ended, depth_mm, areas).await;
        self.clicks("#save-session").await;
        self.sees("#day-number").await;
    }

    /// Opens the settings, and there every row about the diary.
    pub(crate) async fn opens_the_diary_rows(&self) {
        self.clicks("#open-settings").await;
        self.sees(".diary-rows summary").await;
        self.script(
            "for (const row of document.querySelectorAll('.diary-rows details')) row.open = true",
            &[],
        )
        .await;
    }

    /// Opens every row about reminders in the settings.
    pub(crate) async fn opens_the_reminder_rows(&self) {
        self.sees(".rows > details").await;
        self.script(
            "for (const row of document.querySelectorAll('.rows > details')) row.open = true",
            &[],
        )
        .await;
    }

    /// Leaves the settings.
    pub(crate) async fn leaves_the_settings(&self) {
        self.clicks("[data-place=settings] header button").await;
        self.no_longer_finds(".diary-rows").await;
    }

    /// Sets a passphrase that the app asks for at every start.
    pub(crate) async fn sets_a_passphrase(&self, passphrase: &str) {
        self.opens_the_diary_rows().await;
        self.fills("#passphrase-new", passphrase).await;
        self.fills("#passphrase-again", passphrase).await;
        self.clicks("#passphrase-save").await;
        self.sees("#lock-now").await;
    }

    /// Opens the diary with what is typed.
    pub(crate) async fn unlocks(&self, secret: &str) {
        self.sees("#unlock-secret").await;
        self.fills("#unlock-secret", secret).await;
        self.clicks("#unlock:enabled").await;
    }

    /// Erases something, through both confirmations.
    pub(crate) async fn erases(&self, what: &str, word: &str) {
        self.confirms(&format!("erase-{what}"), word).await;
    }

    /// Goes through both confirmations of what cannot be undone.
    pub(crate) async fn confirms(&self, id: &str, word: &str) {
        self.clicks(&format!("#{id}-open")).await;
        self.clicks(&format!("#{id}-go-on")).await;
        self.sees(&format!("#{id}-word")).await;
        self.fills(&format!("#{id}-word"), word).await;
        self.clicks(&format!("#{id}-confirm")).await;
    }

    /// Chooses a photo's file.
    pub(crate) async fn adds_a_photo(&self, name: &str, png: &str) {
        self.sees("#add-photo").await;
        self.script(
            "const [css, name, png] = arguments; \
             const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0)); \
             const chosen = new DataTransfer(); \
             chosen.items.add(new File([bytes], name, { type: 'image/png' })); \
             const field = document.querySelector(css); field.files = chosen.files; \
             field.dispatchEvent(new Event('change', { bubbles: true }));",
            &["#add-photo", name, png],
        )
        .await;
    }

    /// Waits until a picture is drawn, and tells its width in its own pixels.
    pub(crate) async fn sees_drawn(&self, css: &str) -> u64 {
        let mut width = 0;
        until(SOON, &format!("{css} is drawn"), async || {
            let found = self
                .client
                .execute(
                    "const image = document.querySelector(arguments[0]); \
                     return image && image.complete ? image.naturalWidth : 0",
                    vec![serde_json::json!(css)],
                )
                .await;
            width = found.ok().and_then(|found| found.as_u64()).unwrap_or(0);
            width > 0
        })
        .await;
        width
    }

    /// Loads the page anew, as a first one.
    pub(crate) async fn reloads(&self) {
        self.client.refresh().await.unwrap();
        self.sees("main h1").await;
    }

    /// Whether the window draws a picture from an address.
    pub(crate) async fn draws(&self, address: &str) -> bool {
        let script = "const [address, done] = arguments; const image = new Image(); \
             image.onload = () => done(true); image.onerror = () => done(false); image.src = address;";
        let answer = self
            .client
            .execute_async(script, vec![serde_json::json!(address)])
            .await;
        answer.unwrap().as_bool().unwrap()
    }

    /// An attribute of an element, once it is there.
    pub(crate) async fn attribute(&self, css: &str, name: &str) -> String {
        self.sees(css).await;
        let element = self.client.find(Locator::Css(css)).await.unwrap();
        element.attr(name).await.unwrap().unwrap_or_default()
    }

    /// Lets reminders ring at any hour.
    pub(crate) async fn turns_quiet_hours_off(&self) {
        self.clicks("#open-settings").await;
        self.sees("#quiet-hours").await;
        self.checks("#quiet-hours", false).await;
        self.clicks("[data-place=settings] header button").await;
        self.sees("#enter-session").await;
    }

    /// Checks in with some emergency signs (none: "none of these") and one severity for all symptoms.
    pub(crate) async fn checks_in(&self, signs: &[&str], severity: u8) {
        self.checks_in_noting(signs, severity, "").await;
    }

    /// Checks in with a note.
    pub(crate) async fn checks_in_noting(&self, signs: &[&str], severity: u8, note: &str) {
        self.clicks("#open-check-in").await;
        self.sees("#none-of-these").await;
        self.means_today().await;
        if signs.is_empty() {
            self.clicks("#none-of-these").await;
        }
        for sign in signs {
            self.clicks(&format!("#sign-{sign}")).await;
        }
        for symptom in ["erythema", "edema", "warmth", "pain"] {
            self.clicks(&format!("#severity-{symptom}-{severity}")).await;
        }
        if !note.is_empty() {
            self.fills("#note", note).await;
        }
        self.clicks("#save-check-in").await;
        self.no_longer_finds("#save-check-in").await;
    }

    /// After midnight the form asks which day is meant.
    pub(crate) async fn means_today(&self) {
        if self.finds("#meant-today").await {
            self.clicks("#meant-today").await;
        }
    }

    /// Takes a picture of the window for the README (kept where `SCREENSHOTS` names a folder).
    pub(crate) async fn is_shown(&self, name: &str) {
        let picture = self.client.screenshot().await.unwrap();
        assert!(picture.len() > 10_000, "the window shows something");
        if let Some(folder) = std::env::var_os("SCREENSHOTS") {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(Path::new(&folder).join(format!("screenshot-{name}.png")), picture).unwrap();
        }
    }

    /// Closes the window and waits for the app's end.
    pub(crate) async fn closes(self) {
        let Self { client, home, driver } = self;
        // The driver may lose its browser before it has answered; what counts is that the app ends.
        let _ = tokio::time::timeout(SOON, client.close_window()).await;
        until(SOON, "the app ends", async || apps_running(&home) == 0).await;
        driver.kill();
    }
}

/// Puts a program on the patient's desktop, with the patient's home.
fn live<'a>(desktop: &Desktop, home: &Path, command: &'a mut Command) -> &'a mut Command {
    desktop
        .env(command)
        .env("AFTERGLOW_HOME", home)
        .env("HOME", desktop.folder())
        .env("LANG", "en_GB.UTF-8")
        .env_remove("LC_ALL")
}

fn windows(desktop: &Desktop) -> String {
    let listed = desktop
        .env(&mut Command::new("xwininfo"))
        .args(["-root", "-tree"])
        .output()
        .unwrap();
    String::from_utf8_lossy(&listed.stdout).into_owned()
}

fn has_owner(desktop: &Desktop, name: &str) -> bool {
    let answer = desktop
        .env(&mut Command::new("dbus-send"))
        .args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/org/freedesktop/DBus",
        ])
        .args(["org.freedesktop.DBus.NameHasOwner", &format!("string:{name}")])
        .output()
        .unwrap();
    String::from_utf8_lossy(&answer.stdout).contains("boolean true")
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// The app's processes for a home, by their environment.
fn apps_running(home: &Path) -> usize {
    processes(home)
        .into_iter()
        .filter(|process| is_app(*process))
        .count()
}

fn is_app(process: u32) -> bool {
    is(process, Path::new(env!("CARGO_BIN_EXE_afterglow")))
}

fn is(process: u32, program: &Path) -> bool {
    std::fs::read_link(format!("/proc/{process}/exe")).is_ok_and(|exe| exe == program)
}

/// Every process that was started with this home in its environment.
fn processes(home: &Path) -> Vec<u32> {
    let mark = format!("AFTERGLOW_HOME={}", home.display());
    let has_mark = |process: &u32| {
        std::fs::read(format!("/proc/{process}/environ")).is_ok_and(|environment| {
            environment
                .split(|byte| *byte == 0)
                .any(|entry| entry == mark.as_bytes())
        })
    };
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(has_mark)
        .collect()
}
