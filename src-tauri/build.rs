//! Makes the window's permissions from the list of commands.

include!("app/commands/list.rs");

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident($($input:ty)?) -> $output:ty;)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

every_command!(names);

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/app/commands/list.rs");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(NAMES));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
