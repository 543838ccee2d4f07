//! Everything lies in a room that ARCHITECTURE.md names, and every room that it names is there.

use std::collections::BTreeSet;

use crate::{assert_none, checkout};

/// What may lie at the top besides dotfiles: the project's own parts, its documents, and what tools insist on.
const TOP_LEVEL: [&str; 16] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "docs",
    "gen",
    "src-tauri",
    "tauri.conf.json",
    "tests",
    "ui",
];

/// Folders whose own folders are rooms. What lies in them directly has no other place (`build.rs`, `main.ts`).
const HOUSES: [&str; 2] = ["src-tauri/", "ui/src/"];

/// Where the document's paths begin.
const NAMED_FROM: [&str; 5] = ["src-tauri/", "ui/", "tests/", "gen/", ".ci/"];

/// Named in the documents, made by a build.
const MADE: [&str; 5] = [
    "gen/schemas/",
    "target/",
    "ui/dist/",
    "ui/node_modules/",
    "ui/src/paraglide/",
];

/// The inline code of a Markdown text, fenced blocks left out.
fn inline_code(markdown: &str) -> Vec<&str> {
    let prose = markdown.split("\n```").step_by(2);
    prose
        .flat_map(|part| part.lines())
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .collect()
}

/// The paths into a house that the inline code names: rooms end with a slash, files do not.
fn named_paths(markdown: &str) -> BTreeSet<&str> {
    inline_code(markdown)
        .into_iter()
        .filter(|code| NAMED_FROM.iter().any(|start| code.starts_with(start)))
        .filter(|code| {
            code.chars()
                .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
        })
        .collect()
}

/// The room that a file lies in: `tests/`, or the folder right below its house.
fn room(file: &str) -> Option<&str> {
    if file.starts_with("tests/") {
        return Some("tests/");
    }
    let house = HOUSES.into_iter().find(|house| file.starts_with(house))?;
    let slash = file[house.len()..].find('/')?;
    Some(&file[..=house.len() + slash])
}

#[test]
fn every_file_lies_in_a_named_room() {
    let map = checkout::read("ARCHITECTURE.md");
    let named = named_paths(&map);
    let unnamed: BTreeSet<&str> = checkout::files()
        .iter()
        .filter_map(|file| room(file))
        .filter(|room| !named.contains(room))
        .collect();
    let faults: Vec<String> = unnamed.into_iter().map(str::to_owned).collect();
    assert_none(
        &faults,
        "ARCHITECTURE.md does not name these rooms. Move the files to the room they belong to, or name the room there, in \
         backticks and with the slash at the end, and say what lies in it and what never will.",
    );
}

#[test]
fn every_named_path_is_there() {
    let map = checkout::read("ARCHITECTURE.md");
    let faults: Vec<String> = named_paths(&map)
        .into_iter()
        .filter(|path| !MADE.iter().any(|made| path.starts_with(made)))
        .filter(|path| {
            let found = checkout::root().join(path);
            if path.ends_with('/') {
                !found.is_dir()
            } else {
                !found.is_file()
            }
        })
        .map(str::to_owned)
        .collect();
    assert_none(
        &faults,
        "ARCHITECTURE.md names paths that are gone (folders end with a slash): bring it up to date.",
    );
}

#[test]
fn the_top_level_stays_small() {
    let faults: BTreeSet<&str> = checkout::files()
        .iter()
        .map(|file| file.split('/').next().unwrap_or(file))
        .filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(name))
        .collect();
    let faults: Vec<String> = faults.into_iter().map(str::to_owned).collect();
    assert_none(
        &faults,
        "Nothing else belongs at the top: find the room where it is used.",
    );
}

#[test]
fn a_files_room_is_the_folder_below_its_house() {
    let table = [
        ("src-tauri/care/src/lib.rs", Some("src-tauri/care/")),
        ("src-tauri/build.rs", None),
        ("ui/package.json", None),
        ("ui/src/main.ts", None),
        ("ui/src/ipc/index.ts", Some("ui/src/ipc/")),
        ("tests/house/main.rs", Some("tests/")),
        ("README.md", None),
    ];
    for (file, expected) in table {
        assert_eq!(room(file), expected, "{file}");
    }
}

#[test]
fn rooms_are_read_from_inline_code_only() {
    let map = "The domain is `src-tauri/care/`; see `care::triage`.\n```\n`src-tauri/old/`\n```\n`ui/src/<screen>/`, `ui/src/main.ts`\n";
    assert_eq!(
        named_paths(map),
        BTreeSet::from(["src-tauri/care/", "ui/src/main.ts"])
    );
}
