//! The phone: the system's one full-screen view, and the system as the alarm host.
//! Its twin is `desktop`.

mod host;

use afterglow_care::Locale;
use afterglow_diary::NewKey;
use tauri::Manager as _;

pub(crate) use host::{Host, HostError, Met};

use crate::app::{App, Places};
use crate::wire::AtLogin;

/// The system holds a phone's alarms; nothing of ours has to start.
pub(crate) fn at_login(_host: &Host) -> AtLogin {
    AtLogin::Unavailable {
        reason: HostError::Unsupported.to_string(),
    }
}

/// See [`at_login`].
pub(crate) fn set_at_login(_host: &Host, _wanted: bool) -> Result<(), String> {
    Err(HostError::Unsupported.to_string())
}

/// Runs the app until the system ends it.
#[tauri::mobile_entry_point]
pub fn run() {
    let started = crate::builder()
        .setup(|tauri| {
            let home = tauri.path().app_data_dir()?;
            let downloads = tauri.path().document_dir().unwrap_or_else(|_| home.clone());
            let locale = sys_locale::get_locale()
                .as_deref()
                .map_or(Locale::En, Locale::from_tag);
            tauri.manage(App::new(
                Places { home, downloads },
                locale,
                None,
                NewKey::KeyringFirst,
            ));
            tauri::WebviewWindowBuilder::new(tauri, "main", tauri::WebviewUrl::default()).build()?;
            Ok(())
        })
        .run(tauri::generate_context!());
    if let Err(error) = started {
        eprintln!("Afterglow could not start: {error}");
    }
}
