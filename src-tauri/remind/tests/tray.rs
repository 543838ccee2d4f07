//! The tray's menu as a panel asks for it, from the real service over the real bus.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

mod desktop;
mod patient;

use std::collections::HashMap;
use std::process::{Command, Stdio};

use afterglow_reminders::alarms::Alarm;
use afterglow_reminders::host::STOPPED;
use chrono::TimeDelta;
use desktop::{Process, until};
use patient::{Patient, alarm, now};
use zbus::Connection;
use zbus::zvariant::{OwnedValue, Structure, Value};

/// A panel: it asks the one item on the bus.
struct Panel {
    runtime: tokio::runtime::Runtime,
    bus: Connection,
    item: String,
}

impl Panel {
    fn find(patient: &Patient, service: &Process) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let bus = runtime
            .block_on(
                zbus::connection::Builder::address(patient.desktop.bus.as_str())
                    .unwrap()
                    .build(),
            )
            .unwrap();
        let item = format!("org.kde.StatusNotifierItem-{}-", service.id());
        let item = until("the tray's item", || {
            let names = runtime.block_on(async {
                let names = zbus::fdo::DBusProxy::new(&bus).await.unwrap();
                names.list_names().await.unwrap()
            });
            let mut names = names.into_iter().map(|name| name.to_string());
            names.find(|name| name.starts_with(&item))
        });
        Self { runtime, bus, item }
    }

    /// Labels and numbers of the menu's entries, in order.
    fn menu(&self) -> Vec<(String, i32)> {
        type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);
        let nothing: &[&str] = &[];
        let reply = self.runtime.block_on(self.bus.call_method(
            Some(self.item.as_str()),
            "/MenuBar",
            Some("com.canonical.dbusmenu"),
            "GetLayout",
            &(0_i32, -1_i32, nothing),
        ));
        let (_, root): (u32, Node) = reply.unwrap().body().deserialize().unwrap();
        let entries = root.2.into_iter().map(|entry| {
            let node: Node = Structure::try_from(entry).unwrap().try_into().unwrap();
            let label = node.1.get("label").map(|label| label.try_clone().unwrap());
            (
                label.map_or_else(String::new, |label| label.try_into().unwrap()),
                node.0,
            )
        });
        entries.filter(|(label, _)| !label.is_empty()).collect()
    }

    fn wait_for(&self, label: &str) {
        until(&format!("`{label}` in the menu"), || {
            let menu = self.menu().into_iter();
            menu.map(|(found, _)| found)
                .find(|found| found.starts_with(label))
        });
    }

    fn click(&self, label: &str) {
        let menu = self.menu();
        let entry = menu.iter().find(|(found, _)| found == label);
        let (_, number) = entry.unwrap_or_else(|| panic!("no `{label}` in {menu:?}"));
        let clicked = self.runtime.block_on(self.bus.call_method(
            Some(self.item.as_str()),
            "/MenuBar",
            Some("com.canonical.dbusmenu"),
            "Event",
            &(*number, "clicked", Value::from(0_i32), 0_u32),
        ));
        clicked.unwrap();
    }
}

/// Debian's watcher of status items, which the panels of several desktops show.
fn start_watcher(patient: &Patient) -> Process {
    let mut watcher =
        Command::new("/usr/libexec/ayatana-indicator-application/ayatana-indicator-application-service");
    watcher.stdout(Stdio::null()).stderr(Stdio::null());
    Process::start(patient.desktop.env(&mut watcher))
}

/// What the watcher hands to panels about every item that registered with it.
fn watched(panel: &Panel) -> String {
    let reply = panel.runtime.block_on(panel.bus.call_method(
        Some("org.ayatana.indicator.application"),
        "/org/ayatana/indicator/application/service",
        Some("org.ayatana.indicator.application.service"),
        "GetApplications",
        &(),
    ));
    // None before the watcher is there.
    let Ok(reply) = reply else { return String::new() };
    let body = reply.body();
    format!("{:?}", body.deserialize::<Structure<'_>>().unwrap())
}

#[test]
fn a_real_watcher_shows_the_item_also_one_that_comes_later_and_again() {
    let patient = Patient::new();
    let service = patient.start();
    patient.arm(vec![alarm("next", 3_600)]);
    let panel = Panel::find(&patient, &service);
    for _ in 0..2 {
        let watcher = start_watcher(&patient);
        until("the watcher to show the item's menu", || {
            watched(&panel).contains("/MenuBar").then_some(())
        });
        assert!(watched(&panel).contains("Afterglow"));
        watcher.kill();
    }
}

fn started(patient: &Patient, lines: &str) {
    until(&format!("the app to be started with {lines:?}"), || {
        std::fs::read_to_string(&patient.started)
            .ok()
            .filter(|started| started == lines)
    });
}

#[test]
fn the_menu_shows_the_next_reminder_checks_in_opens_pauses_goes_on_and_quits() {
    let patient = Patient::new();
    let mut service = patient.start();
    let due_at = now() + TimeDelta::days(2);
    let next = Alarm {
        when: afterglow_reminders::alarms::When::Instant(due_at),
        valid_until: due_at + TimeDelta::days(1),
        ..alarm("next", 0)
    };
    patient.arm(vec![next]);
    let panel = Panel::find(&patient, &service);
    let reminder = format!("Next reminder: {}", due_at.format("%Y-%m-%d %H:%M"));
    panel.wait_for(&reminder);
    let labels: Vec<_> = panel.menu().into_iter().map(|(label, _)| label).collect();
    assert_eq!(
        labels,
        [
            reminder.as_str(),
            "Check in",
            "Open Afterglow",
            "Pause for today",
            "Quit (reminders stop)",
        ]
    );

    panel.click("Check in");
    started(&patient, "--show check_in\n");
    panel.click("Open Afterglow");
    started(&patient, "--show check_in\n--show today\n");

    panel.click("Pause for today");
    panel.wait_for("Paused until tomorrow 00:00");
    let midnight = now().date_naive().succ_opt().unwrap().and_hms_opt(0, 0, 0);
    assert_eq!(patient.status().paused_until, midnight.map(|at| at.and_utc()));
    panel.click("Go on with reminders");
    panel.wait_for(&reminder);
    assert_eq!(patient.status().paused_until, None);

    let stopped = patient.home.path().join(STOPPED);
    assert!(!stopped.exists());
    panel.click("Quit (reminders stop)");
    assert!(until("the service to end", || service.ended()));
    assert!(stopped.exists(), "so that nobody starts it unasked");
    let _service = patient.start();
    assert!(!stopped.exists(), "a start is somebody's word");
}
