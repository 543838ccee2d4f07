//! `afterglow-remind`: the desktop's alarm host. It holds the alarm list, rings when the app is not
//! there, keeps the journal, and does nothing else: no diary, no key, no web view.
//!
//! | question | module |
//! |---|---|
//! | What was it started with? | [`arguments`] |
//! | Where do list, journal, lock and socket lie? | [`places`] |
//! | Is another one alive? | [`lock`] |
//! | Which of two goes on? | [`handover`] |
//! | What is kept on disk, and is it whole? | [`store`] |
//! | How does the app talk to it? | [`socket`] |
//! | How does a reminder reach the screen? | [`ring`] |
//! | What stands in the panel? | [`tray`] |
//! | What happens when? | [`service`] |
//! | What wakes it sooner? | [`wake`] |
//! | What time is it, and where? | [`clock`] |
//! | How is the app started? | [`app`] |
//! | What went wrong? | [`log`] |

// Windows would open a console for it at each login.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod arguments;
mod clock;
mod handover;
mod lock;
mod log;
mod places;
mod ring;
mod service;
mod socket;
mod store;
mod tray;
mod wake;

use std::process::ExitCode;

use afterglow_reminders::session::Session;

use crate::arguments::{Arguments, Call};
use crate::places::Places;
use crate::store::Store;

/// Why the service could not run.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(transparent)]
    Places(#[from] places::PlacesError),
    #[error(transparent)]
    Lock(#[from] lock::LockError),
    #[error(transparent)]
    Store(#[from] store::StoreError),
    #[error(transparent)]
    Socket(#[from] socket::SocketError),
    #[error("the event loop could not be set up: {0}; start the service again")]
    Runtime(#[source] std::io::Error),
}

fn main() -> ExitCode {
    let call = match arguments::parse(std::env::args_os().skip(1)) {
        Ok(call) => call,
        Err(error) => {
            log::failure(&format_args!("{error}\n{}", arguments::USAGE));
            return ExitCode::from(2);
        }
    };
    let arguments = match call {
        Call::Version => {
            log::answer(&format_args!("afterglow-remind {}", env!("CARGO_PKG_VERSION")));
            return ExitCode::SUCCESS;
        }
        Call::Run(arguments) => arguments,
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::failure(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), StartError> {
    let places = Places::prepare(&arguments.home)?;
    let session = Session::of(|name| std::env::var(name).ok());
    let Some(_alive) = handover::lock(&places, &session)? else {
        log::failure(&format_args!(
            "another afterglow-remind already holds {}; this one ends",
            arguments.home.display()
        ));
        return Ok(());
    };
    let store = Store::open(&places)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(StartError::Runtime)?;
    runtime.block_on(async {
        let (events, mut inbox) = service::events();
        let door = socket::open(&places.socket, events.clone())?;
        service::stop_on_signals(&events).map_err(StartError::Runtime)?;
        let mut service = service::Service::new(store, arguments.app, session, events);
        service.run(&mut inbox).await;
        door.close().await;
        service.settle(&mut inbox).await;
        Ok(())
    })
}
