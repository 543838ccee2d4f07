//! Where the UI touches the shell, and how machines call for the tests.

use std::path::Path;

use crate::{assert_none, checkout};

/// The one folder of the UI that talks to the app.
const DOOR: &str = "ui/src/ipc/";

#[test]
fn only_the_ipc_folder_imports_tauri() {
    let faults: Vec<String> = checkout::sources(&["ts", "js", "mjs", "svelte", "html"])
        .filter(|(file, text)| {
            file.starts_with("ui/src/") && !file.starts_with(DOOR) && text.contains("@tauri-apps/")
        })
        .map(|(file, _)| file.to_owned())
        .collect();
    assert_none(
        &faults,
        "Only ui/src/ipc knows @tauri-apps/api: call its functions instead.",
    );
}

#[test]
fn the_ui_uses_no_plugin_packages() {
    let manifest: serde_json::Value =
        serde_json::from_str(&checkout::read("ui/package.json")).expect("package.json is JSON");
    let faults: Vec<String> = [
        "dependencies",
        "devDependencies",
        "optionalDependencies",
        "peerDependencies",
    ]
    .into_iter()
    .filter_map(|kind| manifest[kind].as_object())
    .flat_map(serde_json::Map::keys)
    .filter(|package| package.starts_with("@tauri-apps/") && *package != "@tauri-apps/api")
    .cloned()
    .collect();
    assert_none(
        &faults,
        "Plugins are driven from Rust: their JavaScript packages must match the crates' minor version or `tauri build` aborts.",
    );
}

#[test]
fn the_ui_has_the_scripts_that_the_tests_call() {
    let manifest: serde_json::Value =
        serde_json::from_str(&checkout::read("ui/package.json")).expect("package.json is JSON");
    let faults: Vec<String> = ["build", "check", "lint", "test"]
        .into_iter()
        .filter(|script| !manifest["scripts"][script].is_string())
        .map(str::to_owned)
        .collect();
    assert_none(
        &faults,
        "`cargo xtask test` runs these scripts of ui/package.json: put them back.",
    );
}

#[test]
fn machines_call_the_same_door_as_people() {
    let script = checkout::read(".ci/run");
    let commands: Vec<&str> = script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert_eq!(
        commands,
        ["set -euo pipefail", "exec cargo xtask test"],
        "\n.ci/run calls `cargo xtask test` and nothing else; what else is to be tested belongs in src-tauri/xtask/src/test.rs.\n"
    );
    assert!(
        script.starts_with("#!/usr/bin/env bash\n"),
        ".ci/run must start with #!/usr/bin/env bash"
    );
    assert!(
        is_executable(&checkout::root().join(".ci/run")),
        "run: chmod +x .ci/run"
    );
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}
