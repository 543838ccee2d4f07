//! The window's TypeScript, made from the list of commands and the types in it.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ts_rs::{Config, TS, TypeVisitor};

use crate::wire::*;
use afterglow_care::session::SessionId;
use afterglow_reminders::alarms::Screen;
use uuid::Uuid;

/// Where the generated files lie.
fn generated() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/ipc/generated")
}

/// Exports every named type that it visits, with all that it depends on.
struct Exporter<'a> {
    config: &'a Config,
    seen: BTreeSet<TypeId>,
    names: BTreeSet<String>,
}

impl TypeVisitor for Exporter<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            T::visit_generics(self);
        } else if self.seen.insert(TypeId::of::<T>()) {
            T::export_all(self.config).expect("a type can be written");
            self.names.insert(T::ident(self.config));
        }
    }
}

/// Whether a command takes or gives it; words of the documentation do not count.
fn is_named(commands: &str, name: &str) -> bool {
    commands
        .lines()
        .filter(|line| !line.trim_start().starts_with("/**"))
        .flat_map(|line| line.split(|character: char| !character.is_alphanumeric()))
        .any(|word| word == name)
}

macro_rules! exports {
    ($($(#[doc = $doc:literal])* $name:ident($($input:ty)?) -> $output:ty;)*) => {
        /// Writes a file for each type, and `Commands` with every command's input and output.
        fn write_types(config: &Config) {
            let mut exporter = Exporter { config, seen: BTreeSet::new(), names: BTreeSet::new() };
            let mut commands = String::new();
            $(
                $(writeln!(commands, "  /**{} */", $doc).expect("a string takes it");)*
                let input = String::from("null");
                $(
                    exporter.visit::<$input>();
                    drop(input);
                    let input = <$input as TS>::name(config);
                )?
                exporter.visit::<$output>();
                let output = <$output as TS>::name(config);
                writeln!(commands, "  {}: {{ input: {input}; output: {output} }};", stringify!($name))
                    .expect("a string takes it");
            )*
            exporter.visit::<Failure>();
            exporter.visit::<Show>();
            let mut file = String::from("// Generated from src-tauri/app/commands/list.rs by `cargo xtask types`. Do not edit.\n");
            for name in exporter.names.iter().filter(|name| is_named(&commands, name)) {
                writeln!(file, "import type {{ {name} }} from \"./{name}\";").expect("a string takes it");
            }
            write!(file, "\nexport interface Commands {{\n{commands}}}\n").expect("a string takes it");
            std::fs::write(config.out_dir().join("commands.ts"), file).expect("the folder can be written");
        }
    };
}

every_command!(exports);

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).expect("a generated file can be read");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}

#[test]
fn the_windows_types_are_those_of_the_commands() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_types(&Config::new().with_out_dir(folder.path()).with_large_int("number"));
    let expected = files(folder.path());
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        let _ = std::fs::remove_dir_all(generated());
        std::fs::create_dir_all(generated()).expect("the folder can be made");
        for (name, text) in &expected {
            std::fs::write(generated().join(name), text).expect("the folder can be written");
        }
    }
    let found = files(&generated());
    let stale: Vec<_> = expected
        .keys()
        .chain(found.keys())
        .filter(|name| expected.get(*name) != found.get(*name))
        .collect();
    assert!(
        stale.is_empty(),
        "stale in ui/src/ipc/generated: {stale:?}; run `cargo xtask types` and commit the result"
    );
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident($($input:ty)?) -> $output:ty;)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

every_command!(names);

/// A command that the window may not call looks to the patient as if the app did not answer.
#[test]
fn the_window_may_call_every_command_and_nothing_else_of_ours() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/capabilities/main.json");
    let file = std::fs::read_to_string(path).expect("the capability");
    let capability: serde_json::Value = serde_json::from_str(&file).expect("JSON");
    let allowed: BTreeSet<_> = capability["permissions"]
        .as_array()
        .expect("permissions")
        .iter()
        .filter_map(|permission| permission.as_str()?.strip_prefix("allow-"))
        .map(str::to_owned)
        .collect();
    let ours: BTreeSet<_> = NAMES.iter().map(|name| name.replace('_', "-")).collect();
    assert_eq!(allowed, ours);
}
