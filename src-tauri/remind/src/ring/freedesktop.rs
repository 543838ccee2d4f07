//! Desktops that speak the Desktop Notifications Specification.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_lite::StreamExt as _;
use tokio::sync::{Mutex, mpsc};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};
use zbus::fdo::DBusProxy;
use zbus::message::Type;
use zbus::names::BusName;
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, Message, MessageStream};

use super::{APP, Heard, Notice, PATIENCE, RingError, Server, Shown};
use crate::clock;
use crate::service::Event;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The way to the notification server: one connection to the session bus, kept as long as the bus
/// lives. Servers tell a click only to the connection that asked, and some withdraw what a lost
/// one had shown.
#[derive(Debug, Clone)]
pub(crate) struct Desktop {
    bus: Arc<Mutex<Option<Connection>>>,
    /// Who waits for the answer of a server that was silent.
    waiting: Arc<Mutex<Option<AbortHandle>>>,
    /// Whether it was told that there is no bus; told at each try it would wake the service for nothing.
    is_loss_told: Arc<AtomicBool>,
    events: mpsc::Sender<Event>,
}

impl Desktop {
    /// Not connected yet; what the server tells goes to `events`.
    pub(crate) fn new(events: mpsc::Sender<Event>) -> Self {
        Self {
            bus: Arc::default(),
            waiting: Arc::default(),
            is_loss_told: Arc::default(),
            events,
        }
    }

    /// Connects if that was not done or was lost, and tells who shows notifications. Without a bus the next try comes
    /// by itself.
    pub(crate) async fn keep_listening(&self) {
        let connected = tokio::time::timeout(PATIENCE, self.connection()).await;
        let failure = match connected {
            Ok(Ok(_)) => return self.is_loss_told.store(false, Ordering::Relaxed),
            Ok(Err(error)) => no_server(error),
            Err(_) => RingError::Silent,
        };
        if !self.is_loss_told.swap(true, Ordering::Relaxed) {
            self.tell(Heard::NoServer(Some(failure))).await;
        }
    }

    /// Shows a notification in place of the one with this number, or says within [`PATIENCE`] why not.
    pub(crate) async fn show(&self, notice: &Notice, replaces: u32) -> Result<Shown, RingError> {
        let deadline = clock::monotonic() + PATIENCE;
        let bus = timeout_at(deadline, self.connection())
            .await
            .map_err(|_| RingError::Silent)?
            .map_err(no_server)?;
        let asking = Abilities::ask(bus.clone());
        let abilities = self.answered(deadline, &bus, asking).await?.map_err(no_server)?;
        let server = abilities.server.clone();
        let sending = send(bus.clone(), notice.clone(), abilities, replaces);
        let sent = self.answered(deadline, &bus, sending).await?;
        let number = sent.map_err(|error| RingError::Refused(error.to_string()))?;
        Ok(Shown { server, number })
    }

    /// What a server answers until then. One that was silent is listened to further, without asking again and again:
    /// when it answers after all, it is well again. A server that hangs has one such listener, whatever it was asked.
    async fn answered<T: Send + 'static>(
        &self,
        deadline: Instant,
        bus: &Connection,
        call: impl Future<Output = zbus::Result<T>> + Send + 'static,
    ) -> Result<zbus::Result<T>, RingError> {
        let mut call = Box::pin(call);
        if let Ok(answer) = timeout_at(deadline, &mut call).await {
            return Ok(answer);
        }
        let (desktop, bus) = (self.clone(), bus.clone());
        let listener = tokio::spawn(async move {
            if call.await.is_ok()
                && let Ok(abilities) = Abilities::ask(bus).await
            {
                desktop.tell(Heard::Server(abilities.server)).await;
            }
        });
        let before = self.waiting.lock().await.replace(listener.abort_handle());
        if let Some(before) = before {
            before.abort();
        }
        Err(RingError::Silent)
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
        self.tell_who_answers(&bus).await;
        loop {
            tokio::select! {
                message = told.next() => match message {
                    Some(Ok(message)) => if let Some(heard) = heard(&message) {
                        self.tell(heard).await;
                    },
                    Some(Err(_)) | None => break,
                },
                message = owner.next() => match message {
                    Some(Ok(_)) => self.tell_who_answers(&bus).await,
                    Some(Err(_)) | None => break,
                },
            }
        }
        *self.bus.lock().await = None;
        let reason = "the session bus is gone".to_owned();
        let failure = RingError::NoServer(reason);
        self.tell(Heard::NoServer(Some(failure))).await;
    }

    /// Asked at the start and whenever the name changes hands, so that a patient who cannot be reached is told before
    /// something was missed. What a click tells is heard meanwhile.
    async fn tell_who_answers(&self, bus: &Connection) {
        let failure = match serving(bus).await {
            Ok(Serving::Somebody) => {
                let (desktop, bus) = (self.clone(), bus.clone());
                tokio::spawn(async move { desktop.tell_of_server(&bus).await });
                return;
            }
            Ok(Serving::OnDemand) => None,
            Ok(Serving::Nobody) => Some(RingError::NoServer(format!("nobody has the name {NAME}"))),
            Err(error) => Some(no_server(error)),
        };
        self.tell(Heard::NoServer(failure)).await;
    }

    async fn tell_of_server(&self, bus: &Connection) {
        let asking = Abilities::ask(bus.clone());
        let heard = match self.answered(clock::monotonic() + PATIENCE, bus, asking).await {
            Ok(Ok(abilities)) => Heard::Server(abilities.server),
            // It went meanwhile, which the bus tells too.
            Ok(Err(_)) => return,
            Err(silent) => Heard::NoServer(Some(silent)),
        };
        self.tell(heard).await;
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

/// Who shows notifications.
enum Serving {
    Somebody,
    /// Nobody yet; the bus starts one for the first notification.
    OnDemand,
    Nobody,
}

/// Asking the server itself would start one where the bus has one to start, which at login may be another than the
/// desktop's own.
async fn serving(bus: &Connection) -> zbus::Result<Serving> {
    let names = DBusProxy::new(bus).await?;
    if names.name_has_owner(BusName::try_from(NAME)?).await? {
        return Ok(Serving::Somebody);
    }
    let startable = names.list_activatable_names().await?;
    let is_startable = startable.iter().any(|name| name.as_str() == NAME);
    Ok(if is_startable {
        Serving::OnDemand
    } else {
        Serving::Nobody
    })
}

#[expect(clippy::needless_pass_by_value, reason = "the end of a result's error")]
fn no_server(error: zbus::Error) -> RingError {
    RingError::NoServer(error.to_string())
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

async fn send(bus: Connection, notice: Notice, abilities: Abilities, replaces: u32) -> zbus::Result<u32> {
    let mut actions = vec!["default", notice.open.as_str()];
    if abilities.server.has_buttons {
        for (name, label) in &notice.buttons {
            actions.extend([*name, label]);
        }
    }
    let urgency: u8 = if notice.urgent { 2 } else { 1 };
    let mut hints = HashMap::from([
        ("urgency", Value::from(urgency)),
        // A desktop finds by it the app's icon, and what the patient set for its notifications.
        ("desktop-entry", Value::from(APP)),
    ]);
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
        abilities.text(&notice),
        actions,
        hints,
        as_long_as_usual,
    );
    call(&bus, "Notify", &notification).await?.body().deserialize()
}

/// What a server says of itself.
#[derive(Debug)]
struct Abilities {
    server: Server,
    reads_markup: bool,
    makes_sounds: bool,
}

impl Abilities {
    async fn ask(bus: Connection) -> zbus::Result<Self> {
        let information = call(&bus, "GetServerInformation", &()).await?;
        let (name, _vendor, version, _specification): (String, String, String, String) =
            information.body().deserialize()?;
        let capabilities: Vec<String> = call(&bus, "GetCapabilities", &()).await?.body().deserialize()?;
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
