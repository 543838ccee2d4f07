//! The documents say what is true.

use std::collections::BTreeSet;

use crate::{assert_none, checkout};

#[path = "../../src-tauri/xtask/src/commands.rs"]
mod commands;

/// What people read first.
const DOCUMENTS: [&str; 4] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// The lines within a Markdown text's fenced blocks.
fn fenced(markdown: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    markdown.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        inside && !fence
    })
}

/// The targets of Markdown links and images and of HTML's `src` and `href`, those on the net left out.
fn relative_links(markdown: &str) -> BTreeSet<&str> {
    let ends = [
        ("](", [')', ' ']),
        ("src=\"", ['"', '"']),
        ("href=\"", ['"', '"']),
        ("srcset=\"", ['"', ' ']),
    ];
    ends.iter()
        .flat_map(|(start, end)| {
            markdown
                .split(start)
                .skip(1)
                .filter_map(move |rest| rest.split(&end[..]).next())
        })
        .map(|link| link.split('#').next().unwrap_or(link))
        .filter(|link| !link.is_empty() && !link.contains(':'))
        .collect()
}

#[test]
fn the_readmes_commands_exist() {
    let readme = checkout::read("README.md");
    let named: BTreeSet<&str> = fenced(&readme)
        .filter_map(|line| line.trim().trim_start_matches("$ ").strip_prefix("cargo xtask "))
        .filter_map(|rest| rest.split_whitespace().next())
        .collect();
    assert!(
        !named.is_empty(),
        "\nREADME.md shows no `cargo xtask` command in a fenced block: say how to run the app.\n"
    );
    let faults: Vec<String> = named
        .into_iter()
        .filter(|name| {
            commands::COMMANDS.iter().all(|(known, arguments, help)| {
                assert!(!help.is_empty(), "`{known} {arguments}` has no line of help");
                known != name
            })
        })
        .map(|name| format!("cargo xtask {name}"))
        .collect();
    assert_none(
        &faults,
        "README.md shows commands that do not exist: `cargo xtask help` lists those that do.",
    );
}

#[test]
fn the_documents_links_lead_somewhere() {
    let faults: Vec<String> = DOCUMENTS
        .into_iter()
        .flat_map(|document| {
            let text = checkout::read(document);
            relative_links(&text)
                .into_iter()
                .filter(|link| !checkout::root().join(link).exists())
                .map(|link| format!("{document}: {link}"))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_none(&faults, "These links lead nowhere: correct them.");
}

#[test]
fn the_changelog_names_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    let changelog = checkout::read("CHANGELOG.md");
    let named = changelog
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .any(|heading| heading.trim_start_matches('[').split([']', ' ']).next() == Some(version));
    assert!(
        named,
        "\nCHANGELOG.md has no heading `## {version}`: say there what the patient gains.\n"
    );
}

#[test]
fn every_place_tells_the_same_version() {
    let version = env!("CARGO_PKG_VERSION");
    let faults: Vec<String> = ["tauri.conf.json", "ui/package.json"]
        .into_iter()
        .filter(|file| {
            let manifest: serde_json::Value =
                serde_json::from_str(&checkout::read(file)).expect("a manifest is JSON");
            manifest["version"] != version
        })
        .map(str::to_owned)
        .collect();
    assert_none(
        &faults,
        "Cargo.toml's version is the one that counts: write it here too.",
    );
}

#[test]
fn links_and_commands_are_found_in_markdown() {
    let text = "[a](docs/a.md#part) ![b](b.png \"title\") <img src=\"c.png\"> [net](https://x.org) [here](#top)\n```sh\n\
                cargo xtask run\n```\ncargo xtask nothing\n";
    assert_eq!(
        relative_links(text),
        BTreeSet::from(["docs/a.md", "b.png", "c.png"])
    );
    assert_eq!(fenced(text).collect::<Vec<_>>(), ["cargo xtask run"]);
}
