//! Desktops that speak the Desktop Notifications Specification.

use std::collections::HashMap;
use std::sync::Arc;

use futures_lite::StreamExt as _;
use tokio::sync::{Mutex, mpsc};
use zbus::fdo::DBusProxy;
use zbus::message::Type;
use zbus::names::BusName;
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, Message, MessageStream};

use super::{Heard, Notice, PATIENCE, RingError, Server, Shown};
use crate::service::Event;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The way to the notification server: one connection to the session bus, kept as long as the bus
/// lives. Servers tell a click only to the connection that asked, and some withdraw what a lost
/// one had shown.
#[derive(Debug, Clone)]
pub(crate) struct Desktop {
    bus: Arc<Mutex<Option<Connection>>>,
    events: mpsc::Sender<Event>,
}

impl Desktop {
    /// Not connected yet; what the server tells goes to `events`.
    pub(crate) fn new(events: mpsc::Sender<Event>) -> Self {
        Self {
            bus: Arc::default(),
            events,
        }
    }

    /// Connects if that was not done or was lost, and asks who shows notifications.
    pub(crate) async fn keep_listening(&self) {
        // Without a bus there is nobody to listen to, and the next try comes by itself.
        let _ = tokio::time::timeout(PATIENCE, self.connection()).await;
    }

    pub(super) async fn notify(&self, notice: &Notice, replaces: u32) -> Result<Shown, RingError> {
        let no_server = |error: zbus::Error| RingError::NoServer(error.to_string());
        let bus = self.connection().await.map_err(no_server)?;
        let abilities = Abilities::ask(&bus).await.map_err(no_server)?;
        let number = send(&bus, notice, &abilities, replaces)
            .await
            .map_err(|error| RingError::Refused(error.to_string()))?;
        Ok(Shown {
            server: abilities.server,
            number,
        })
    }

    pub(super) async fn withdraw(&self, number: u32) {
        if let Ok(bus) = self.connection().await {
            let _ = call(&bus, "CloseNotification", &(number)).await;
        }
    }

    async fn connection(&self) -> zbus::Result<Connection> {
        let mut kept = self.bus.lock().await;
        if let Some(bus) = &*kept {
            return Ok(bus.clone());
        }
        let bus = Connection::session().await?;
        let signals = || MatchRule::builder().msg_type(Type::Signal);
        let told = signals().sender(NAME)?.path(PATH)?.interface(NAME)?.build();
        let owner = signals()
            .sender("org.freedesktop.DBus")?
            .interface("org.freedesktop.DBus")?
            .member("NameOwnerChanged")?
            .arg(0, NAME)?
            .build();
        let told = MessageStream::for_match_rule(told, &bus, None).await?;
        let owner = MessageStream::for_match_rule(owner, &bus, None).await?;
        tokio::spawn(self.clone().listen(bus.clone(), told, owner));
        *kept = Some(bus.clone());
        Ok(bus)
    }

    /// Passes on what the server tells until the bus is gone; then the next call connects anew.
    async fn listen(self, bus: Connection, mut told: MessageStream, mut owner: MessageStream) {
        if has_server(&bus).await {
            self.tell_of_server(&bus).await;
        }
        loop {
            let heard = tokio::select! {
                message = told.next() => message.map(|message| message.map(|message| heard(&message))),
                message = owner.next() => message.map(|message| message.map(|message| {
                    let (_, _, new): (String, String, String) = message.body().deserialize().ok()?;
                    new.is_empty().then_some(Heard::NoServer).or_else(|| {
                        let (desktop, bus) = (self.clone(), bus.clone());
                        tokio::spawn(async move { desktop.tell_of_server(&bus).await });
                        None
                    })
                })),
            };
            match heard {
                Some(Ok(Some(heard))) => self.tell(heard).await,
                Some(Ok(None)) => {}
                Some(Err(_)) | None => break,
            }
        }
        *self.bus.lock().await = None;
        self.tell(Heard::NoServer).await;
    }

    async fn tell_of_server(&self, bus: &Connection) {
        if let Ok(Ok(abilities)) = tokio::time::timeout(PATIENCE, Abilities::ask(bus)).await {
            self.tell(Heard::Server(abilities.server)).await;
        }
    }

    async fn tell(&self, heard: Heard) {
        // The loop may have ended.
        let _ = self.events.send(Event::Heard(heard)).await;
    }
}

/// Whether a session bus listens there and lets this account in.
pub(crate) async fn answers(bus: &str) -> bool {
    let connecting = async { zbus::connection::Builder::address(bus)?.build().await };
    let connected = tokio::time::timeout(PATIENCE, connecting).await;
    connected.is_ok_and(|connection| connection.is_ok())
}

/// Asking the server itself would start one where the desktop has one to start.
async fn has_server(bus: &Connection) -> bool {
    let asked = async {
        let name = BusName::try_from(NAME)?;
        Ok::<_, zbus::Error>(DBusProxy::new(bus).await?.name_has_owner(name).await?)
    };
    asked.await.unwrap_or(false)
}

fn heard(message: &Message) -> Option<Heard> {
    let header = message.header();
    let body = message.body();
    match header.member()?.as_str() {
        "ActionInvoked" => {
            let (number, button): (u32, String) = body.deserialize().ok()?;
            Some(if button == "default" {
                Heard::Clicked(number)
            } else {
                Heard::Pressed { number, button }
            })
        }
        "NotificationClosed" => {
            let (number, _reason): (u32, u32) = body.deserialize().ok()?;
            Some(Heard::Closed(number))
        }
        _ => None,
    }
}

async fn call<B>(bus: &Connection, member: &str, body: &B) -> zbus::Result<Message>
where
    B: serde::Serialize + zbus::zvariant::DynamicType + Sync,
{
    bus.call_method(Some(NAME), PATH, Some(NAME), member, body).await
}

async fn send(bus: &Connection, notice: &Notice, abilities: &Abilities, replaces: u32) -> zbus::Result<u32> {
    let mut actions = vec!["default", notice.open.as_str()];
    if abilities.server.has_buttons {
        for (name, label) in &notice.buttons {
            actions.extend([*name, label]);
        }
    }
    let urgency: u8 = if notice.urgent { 2 } else { 1 };
    let mut hints = HashMap::from([("urgency", Value::from(urgency))]);
    if notice.silent {
        hints.insert("suppress-sound", Value::from(true));
    } else if abilities.makes_sounds {
        hints.insert("sound-name", Value::from("message-new-instant"));
    }
    let (icon, as_long_as_usual) = ("", -1_i32);
    let notification = (
        "Afterglow",
        replaces,
        icon,
        notice.title.as_str(),
        abilities.text(notice),
        actions,
        hints,
        as_long_as_usual,
    );
    call(bus, "Notify", &notification).await?.body().deserialize()
}

/// What a server says of itself.
#[derive(Debug)]
struct Abilities {
    server: Server,
    reads_markup: bool,
    makes_sounds: bool,
}

impl Abilities {
    async fn ask(bus: &Connection) -> zbus::Result<Self> {
        let information = call(bus, "GetServerInformation", &()).await?;
        let (name, _vendor, version, _specification): (String, String, String, String) =
            information.body().deserialize()?;
        let capabilities: Vec<String> = call(bus, "GetCapabilities", &()).await?.body().deserialize()?;
        let has = |wanted: &str| capabilities.iter().any(|capability| capability == wanted);
        Ok(Self {
            server: Server {
                name: format!("{name} {version}"),
                has_buttons: has("actions"),
            },
            reads_markup: has("body-markup"),
            makes_sounds: has("sound"),
        })
    }

    /// A text so that this server shows it as it is: a plan's words are text, never markup. Where
    /// there are no buttons it says what to do.
    fn text(&self, notice: &Notice) -> String {
        let text = if self.server.has_buttons {
            notice.body.clone()
        } else {
            format!("{}\n{}", notice.body, notice.open)
        };
        if self.reads_markup {
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
        } else {
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use afterglow_reminders::alarms::AlarmId;

    use super::*;

    #[test]
    fn n7_a_text_is_never_read_as_markup_and_says_what_to_do_where_there_are_no_buttons() {
        let text = |reads_markup, has_buttons| {
            let abilities = Abilities {
                server: Server {
                    name: "any".to_owned(),
                    has_buttons,
                },
                reads_markup,
                makes_sounds: false,
            };
            abilities.text(&Notice {
                id: AlarmId(1),
                title: String::new(),
                body: "<b>2 < 3 & more</b>".to_owned(),
                open: "Open it".to_owned(),
                buttons: Vec::new(),
                urgent: false,
                silent: false,
            })
        };
        assert_eq!(text(true, true), "&lt;b&gt;2 &lt; 3 &amp; more&lt;/b&gt;");
        assert_eq!(text(false, true), "<b>2 < 3 & more</b>");
        assert_eq!(text(false, false), "<b>2 < 3 & more</b>\nOpen it");
    }
}
