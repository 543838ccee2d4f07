//! The floors of `cargo xtask bench`: the least that a Tauri window, and a Tauri process in the tray, can be. What the app
//! and its reminder service take beyond these is their own.
//!
//! Called as `floor WIDTH HEIGHT` in logical pixels it shows one page of still text in a window as large as the app's;
//! called as `floor tray` it has no window, only an icon with a menu of one entry.

use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{App, WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    tauri::Builder::default()
        .setup(move |app| {
            if arguments.first().is_some_and(|first| first == "tray") {
                tray(app)?;
            } else {
                window(app, &arguments)?;
            }
            Ok(())
        })
        .run(tauri::generate_context!("src-tauri/xtask/floor/tauri.conf.json"))
}

fn window(app: &App, arguments: &[String]) -> tauri::Result<()> {
    let mut size = arguments.iter().filter_map(|side| side.parse::<f64>().ok());
    let (width, height) = (size.next().unwrap_or(390.0), size.next().unwrap_or(844.0));
    WebviewWindowBuilder::new(app, "floor", WebviewUrl::default())
        .title("Floor")
        .inner_size(width, height)
        .build()?;
    Ok(())
}

fn tray(app: &App) -> tauri::Result<()> {
    let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
    let mut icon = TrayIconBuilder::new().menu(&Menu::with_items(app, &[&quit])?);
    if let Some(image) = app.default_window_icon() {
        icon = icon.icon(image.clone());
    }
    icon.build(app)?;
    Ok(())
}
