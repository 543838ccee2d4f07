//! The one window.

use std::path::PathBuf;

use tauri::{Emitter as _, Manager as _, WebviewUrl, WebviewWindowBuilder};

use afterglow_reminders::alarms::Screen;

use crate::wire::Show;

const LABEL: &str = "main";

/// The size of a phone, in logical pixels.
const PHONE: (f64, f64) = (390.0, 844.0);

/// Opens the window at a phone's size. What the web view keeps lies in `folder`, with everything else of ours.
pub(super) fn open(tauri: &tauri::App, folder: PathBuf) -> tauri::Result<()> {
    WebviewWindowBuilder::new(tauri, LABEL, WebviewUrl::default())
        .data_directory(folder)
        .title("Afterglow")
        .inner_size(PHONE.0, PHONE.1)
        .min_inner_size(360.0, 480.0)
        .build()?;
    Ok(())
}

/// Brings the window to the front, at a screen if one is named.
pub(super) fn raise(tauri: &tauri::AppHandle, screen: Option<Screen>) {
    let Some(window) = tauri.get_webview_window(LABEL) else {
        return;
    };
    // A window manager may refuse each of these; the window is there all the same.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
    if let Some(screen) = screen {
        let _ = window.emit("show", Show { screen });
    }
}

/// Takes away the variable by which a driver could steer the window, but in an end-to-end build.
#[expect(
    unsafe_code,
    reason = "the environment is changed before this process has a second thread"
)]
pub(super) fn forbid_automation() {
    if !cfg!(feature = "e2e") {
        // SAFETY: the first call of `run`, when no other thread can read the environment.
        unsafe { std::env::remove_var("TAURI_WEBVIEW_AUTOMATION") };
    }
}
