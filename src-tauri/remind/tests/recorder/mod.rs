//! A notification server of our own on the private bus, for what dunst cannot be asked: which
//! buttons came, in which order everything was shown and taken back, and what a server does that
//! has no buttons or numbers notifications by itself.

#![allow(
    dead_code,
    reason = "each test program that includes this module uses a part of it"
)]
#![allow(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    clippy::used_underscore_binding,
    reason = "the bus's interface and its macro want it so"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::{mpsc, oneshot};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;

use crate::desktop::{Desktop, until};

/// How this server differs from others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// Shows buttons.
    pub(crate) has_buttons: bool,
    /// Takes the caller's number for a notification that it does not know yet.
    pub(crate) keeps_numbers: bool,
}

impl Manner {
    /// As dunst is.
    pub(crate) const USUAL: Self = Self {
        has_buttons: true,
        keeps_numbers: true,
    };
}

/// What was asked of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A notification, with the number that it got.
    Show {
        number: u32,
        text: String,
        buttons: Vec<String>,
        silent: bool,
        app: Option<String>,
    },
    /// Take it back.
    Close(u32),
}

/// The running server; it ends with this value.
#[derive(Debug)]
pub(crate) struct Recorder {
    asked: Arc<Mutex<Vec<Asked>>>,
    presses: mpsc::UnboundedSender<(u32, String)>,
    _end: oneshot::Sender<()>,
}

struct Server {
    manner: Manner,
    asked: Arc<Mutex<Vec<Asked>>>,
    on_screen: Vec<u32>,
    next: u32,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("recorder", "afterglow", "1", "1.2")
    }

    fn get_capabilities(&self) -> Vec<&str> {
        let buttons = self.manner.has_buttons.then_some("actions");
        ["body"].into_iter().chain(buttons).collect()
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &mut self,
        _app_name: &str,
        replaces: u32,
        _icon: &str,
        _summary: &str,
        body: &str,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let number = if self.manner.keeps_numbers || self.on_screen.contains(&replaces) {
            replaces
        } else {
            self.next += 1;
            self.next
        };
        self.on_screen.retain(|other| *other != number);
        self.on_screen.push(number);
        self.asked.lock().unwrap().push(Asked::Show {
            number,
            text: body.to_owned(),
            buttons: actions.iter().step_by(2).cloned().collect(),
            silent: hints.contains_key("suppress-sound"),
            app: hints
                .get("desktop-entry")
                .map(|entry| entry.try_clone().unwrap().try_into().unwrap()),
        });
        number
    }

    async fn close_notification(&mut self, number: u32, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) {
        self.asked.lock().unwrap().push(Asked::Close(number));
        if self.on_screen.contains(&number) {
            self.on_screen.retain(|other| *other != number);
            let _ = Self::notification_closed(&emitter, number, 3).await;
        }
    }

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, number: u32, reason: u32) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, number: u32, name: &str) -> zbus::Result<()>;
}

impl Recorder {
    /// Starts it and waits until it has the name.
    pub(crate) fn start(desktop: &Desktop, manner: Manner) -> Self {
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let (presses, mut to_press) = mpsc::unbounded_channel::<(u32, String)>();
        let (end, ended) = oneshot::channel();
        let (ready, is_ready) = std::sync::mpsc::channel();
        let server = Server {
            manner,
            asked: asked.clone(),
            on_screen: Vec::new(),
            next: 100,
        };
        let bus = desktop.bus.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let connection = zbus::connection::Builder::address(bus.as_str())
                    .unwrap()
                    .serve_at("/org/freedesktop/Notifications", server)
                    .unwrap()
                    .name("org.freedesktop.Notifications")
                    .unwrap()
                    .build()
                    .await
                    .unwrap();
                ready.send(()).unwrap();
                let pressing = async {
                    while let Some((number, name)) = to_press.recv().await {
                        let path = "/org/freedesktop/Notifications";
                        let emitter = SignalEmitter::new(&connection, path).unwrap();
                        Server::action_invoked(&emitter, number, &name).await.unwrap();
                    }
                };
                tokio::select! {
                    () = pressing => {}
                    _ = ended => {}
                }
            });
        });
        is_ready.recv().unwrap();
        Self {
            asked,
            presses,
            _end: end,
        }
    }

    /// Everything that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The numbers and texts of what was shown, in order, repeats too.
    pub(crate) fn shown(&self) -> Vec<(u32, String)> {
        let asked = self.asked().into_iter();
        asked
            .filter_map(|asked| match asked {
                Asked::Show { number, text, .. } => Some((number, text)),
                Asked::Close(_) => None,
            })
            .collect()
    }

    /// The number of the newest notification with this text, as soon as there is one.
    pub(crate) fn number_of(&self, text: &str) -> u32 {
        until(&format!("`{text}` to be shown"), || {
            let newest_first = self.shown().into_iter().rev();
            newest_first
                .filter(|(_, shown)| shown.contains(text))
                .map(|(number, _)| number)
                .next()
        })
    }

    /// The names of the buttons of the newest notification with this text.
    pub(crate) fn buttons_of(&self, text: &str) -> Vec<String> {
        until(&format!("`{text}` to be shown"), || {
            self.asked().into_iter().rev().find_map(|asked| match asked {
                Asked::Show {
                    text: shown, buttons, ..
                } if shown.contains(text) => Some(buttons),
                _ => None,
            })
        })
    }

    /// Waits until this number was taken back.
    pub(crate) fn wait_for_close(&self, number: u32) {
        until(&format!("{number} to be taken back"), || {
            self.asked().contains(&Asked::Close(number)).then_some(())
        });
    }

    /// Presses a button; `default` is the notification itself.
    pub(crate) fn press(&self, number: u32, button: &str) {
        self.presses.send((number, button.to_owned())).unwrap();
    }
}
