//! The desktop: one window, one instance per home, and the alarm host as a process of its own.
//! Its twin is `mobile`.

mod arguments;
mod at_login;
mod host;
mod instance;
mod window;

use std::path::PathBuf;
use std::process::ExitCode;

use afterglow_care::Locale;
use tauri::Manager as _;

pub(crate) use at_login::{at_login, set_at_login};
pub(crate) use host::{Host, HostError, Met};

use crate::app::{App, Places};
use arguments::Arguments;
use instance::{Instance, Start};

/// Names another folder for everything that Afterglow keeps, for a diary on a stick and for tests.
const HOME_VARIABLE: &str = "AFTERGLOW_HOME";

/// Why the app cannot start.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(transparent)]
    Arguments(#[from] arguments::UsageError),
    #[error("the system names no folder for the app's data; set {HOME_VARIABLE} to one")]
    NoHome,
    #[error(transparent)]
    Instance(#[from] instance::NoAnswer),
    #[cfg(feature = "demo")]
    #[error("the demo's diary could not be filled: {0}")]
    Demo(#[from] crate::demo::DemoError),
    #[error("the window could not be made: {0}")]
    Window(#[from] tauri::Error),
}

/// Runs the app until its window is closed. A second start for the same home shows the first one's
/// window and ends. Reminders do not need this process: the alarm host has them.
pub fn run() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Afterglow could not start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<(), StartError> {
    window::forbid_automation();
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let context = tauri::generate_context!();
    let places = places(&context.config().identifier)?;
    let own = places.home.join("window");
    let (instance, web_view) = match Instance::claim(&places.home, arguments.show)? {
        Start::First(instance) => (Some(instance), own),
        Start::Later => return Ok(()),
        // The web view insists on a folder that can be written, even to say that none can.
        Start::Unknown => (None, std::env::temp_dir().join("afterglow-window")),
    };
    let app = App::new(places, system_locale(), arguments.show, new_key());
    #[cfg(feature = "demo")]
    tauri::async_runtime::block_on(crate::demo::fill(&app, &crate::clock::moment()))?;
    crate::builder()
        .manage(app)
        .setup(move |tauri| {
            let handle = tauri.handle().clone();
            tauri::async_runtime::spawn(async move { handle.state::<App>().open_ahead().await });
            window::open(tauri, web_view)?;
            if let Some(instance) = instance {
                instance.listen(tauri.handle().clone());
            }
            Ok(())
        })
        .build(context)?
        .run(|tauri, event| {
            if matches!(event, tauri::RunEvent::Exit) {
                let app = tauri.state::<App>();
                tauri::async_runtime::block_on(app.close());
                if cfg!(feature = "demo") {
                    app.host.stop();
                }
            }
        });
    Ok(())
}

fn places(identifier: &str) -> Result<Places, StartError> {
    let home = match std::env::var_os(HOME_VARIABLE) {
        Some(home) => std::path::absolute(PathBuf::from(home)).map_err(|_| StartError::NoHome)?,
        None => dirs::data_dir().ok_or(StartError::NoHome)?.join(identifier),
    };
    let downloads = dirs::download_dir()
        .or_else(dirs::home_dir)
        .unwrap_or_else(|| home.clone());
    Ok(Places { home, downloads })
}

fn system_locale() -> Locale {
    sys_locale::get_locale()
        .as_deref()
        .map_or(Locale::En, Locale::from_tag)
}

/// A demo's diary is thrown away: its key must not stay in the patient's keyring.
fn new_key() -> afterglow_diary::NewKey {
    if cfg!(feature = "demo") {
        afterglow_diary::NewKey::KeyFile
    } else {
        afterglow_diary::NewKey::KeyringFirst
    }
}
