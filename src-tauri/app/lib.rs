//! Afterglow, the app: the window, the commands behind it, and the way to the alarm host.
//!
//! | question | module |
//! |---|---|
//! | What can the window ask? | [`commands`] (each declared once in `commands/list.rs`) |
//! | What crosses between window and app? | [`wire`] |
//! | What does the process hold? | [`app`] |
//! | When is the diary backed up? | `backups` |
//! | How is a number dialled? | [`dialling`] |
//! | When does the clinic answer? | [`opening`] |
//! | Whom can a locked window call? | `numbers` |
//! | How does a photo reach the window? | `photo_scheme` |
//! | What does the diary say of the days that are shown? | `recent` |
//! | How do reminders reach the alarm host, and its journal the diary? | [`reminders`] |
//! | What differs between desktop and phone? | `desktop`, `mobile`: twins with the same names |
//! | What time is it? | [`clock`], and nowhere else |

pub mod app;
mod backups;
pub mod clock;
pub mod commands;
#[cfg(feature = "demo")]
mod demo;
pub mod dialling;
mod numbers;
pub mod opening;
mod photo_scheme;
mod recent;
pub mod reminders;
pub mod views;
pub mod wire;

#[cfg(desktop)]
mod desktop;
#[cfg(desktop)]
use desktop as platform;

#[cfg(mobile)]
mod mobile;
#[cfg(mobile)]
use mobile as platform;

#[cfg(desktop)]
pub use desktop::run;

#[cfg(mobile)]
pub use mobile::run;

/// What both platforms build on: the commands, the photos, and nothing that the window could reach beside them.
fn builder() -> tauri::Builder<tauri::Wry> {
    tauri::Builder::default()
        .invoke_handler(commands::handler())
        .register_asynchronous_uri_scheme_protocol(photo_scheme::NAME, photo_scheme::answer)
}
