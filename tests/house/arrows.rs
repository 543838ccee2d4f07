//! Arrows between the crates point one way, and what a crate must not know does not reach it by a detour either.

use serde_json::Value;

use crate::{assert_none, checkout};

/// Who may depend on whom within the workspace. `xtask` stands outside: it builds the others and knows none.
const ARROWS: [(&str, &[&str]); 8] = [
    (
        "afterglow",
        &[
            "afterglow-care",
            "afterglow-diary",
            "afterglow-handover",
            "afterglow-reminders",
        ],
    ),
    ("afterglow-care", &[]),
    ("afterglow-diary", &["afterglow-care"]),
    ("afterglow-handover", &["afterglow-care"]),
    ("afterglow-reminders", &["afterglow-care"]),
    ("afterglow-remind", &["afterglow-reminders"]),
    ("careplan", &["afterglow-care"]),
    ("xtask", &[]),
];

const DATABASE: [&str; 4] = ["sqlx", "sqlx-core", "sqlx-sqlite", "libsqlite3-sys"];
const ASYNC: [&str; 4] = ["tokio", "async-std", "smol", "async-io"];
const SHELL: [&str; 5] = ["tauri", "wry", "tao", "gtk", "webkit2gtk"];
const SECRETS: [&str; 3] = ["afterglow-diary", "keyring-core", "keyring"];

/// What a crate never reaches, however long the way.
const ABSENT: [(&str, &[&[&str]]); 6] = [
    ("afterglow-care", &[&DATABASE, &ASYNC, &SHELL]),
    ("afterglow-handover", &[&DATABASE, &ASYNC, &SHELL]),
    ("afterglow-reminders", &[&DATABASE, &ASYNC, &SHELL]),
    ("afterglow-remind", &[&DATABASE, &SHELL, &SECRETS]),
    ("afterglow-diary", &[&SHELL]),
    ("careplan", &[&DATABASE, &ASYNC, &SHELL, &SECRETS]),
];

/// The workspace's packages with their manifests' dependencies, as cargo reads them.
fn packages() -> Vec<Value> {
    let metadata = checkout::cargo(&[
        "metadata",
        "--no-deps",
        "--offline",
        "--locked",
        "--format-version",
        "1",
    ]);
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo prints JSON");
    metadata["packages"]
        .as_array()
        .expect("a list of packages")
        .clone()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn dependencies(package: &Value) -> impl Iterator<Item = &str> {
    package["dependencies"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|dependency| text(dependency, "name"))
}

#[test]
fn crates_depend_on_each_other_in_one_direction_only() {
    let packages = packages();
    let ours: Vec<&str> = packages.iter().map(|package| text(package, "name")).collect();
    let mut faults = Vec::new();
    for package in &packages {
        let name = text(package, "name");
        match ARROWS.iter().find(|(from, _)| *from == name) {
            None => faults.push(format!("{name} is a new crate whose arrows are not drawn")),
            Some((_, allowed)) => faults.extend(
                dependencies(package)
                    .filter(|to| ours.contains(to) && !allowed.contains(to))
                    .map(|to| format!("{name} -> {to}")),
            ),
        }
    }
    faults.extend(
        ARROWS
            .iter()
            .filter(|(name, _)| !ours.contains(name))
            .map(|(name, _)| format!("{name} is gone")),
    );
    assert_none(
        &faults,
        "Arrows point one way (ARCHITECTURE.md). What needs another arrow lies in the wrong room: move it, or change \
         ARROWS in tests/house/arrows.rs and ARCHITECTURE.md together, with the reason.",
    );
}

#[test]
fn only_the_root_package_knows_tauri() {
    let faults: Vec<String> = packages()
        .iter()
        .filter(|package| text(package, "name") != "afterglow")
        .flat_map(|package| {
            let name = text(package, "name");
            dependencies(package)
                .filter(|to| to.starts_with("tauri"))
                .map(move |to| format!("{name} -> {to}"))
        })
        .collect();
    assert_none(
        &faults,
        "Only the app knows Tauri: pass what is needed as a value or behind a trait of the crate's own.",
    );
}

#[test]
fn what_a_crate_must_not_know_does_not_reach_it_by_a_detour() {
    let mut faults = Vec::new();
    for (name, kinds) in ABSENT {
        let tree = [
            "tree",
            "--offline",
            "--locked",
            "--package",
            name,
            "--edges",
            "normal",
            "--prefix",
            "none",
        ];
        let reached = checkout::cargo(&[&tree[..], &["--format", "{p}"]].concat());
        let reached: Vec<&str> = reached
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert!(reached.contains(&name), "cargo tree did not start at {name}");
        for banned in kinds
            .iter()
            .copied()
            .flatten()
            .filter(|banned| reached.contains(banned))
        {
            faults.push(format!(
                "{name} reaches {banned}: see `cargo tree --package {name} --invert {banned}`"
            ));
        }
    }
    assert_none(
        &faults,
        "These absences are promises (ARCHITECTURE.md): the domain is pure, and the reminder service stays small and \
         knows no secret. Leave the dependency out, or switch the feature off that brings it.",
    );
}
