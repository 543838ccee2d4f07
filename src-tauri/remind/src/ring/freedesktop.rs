//! Desktops that speak the Desktop Notifications Specification.

use afterglow_reminders::alarms::AlarmId;
use notify_rust::{Hint, Notification, NotificationHandle, NotificationResponse, Urgency};
use zbus::Connection;

use super::{Notice, RingError};

/// A notification that the server took. Its connection stays open as long as this lives: servers
/// tell a click only to the connection that asked, and some withdraw what a lost one had shown.
#[derive(Debug)]
pub(crate) struct Ringing {
    /// The server's name and version.
    pub(crate) server: String,
    handle: NotificationHandle,
}

impl Ringing {
    /// Asks the server what it understands, and shows the notification.
    pub(super) async fn begin(notice: &Notice) -> Result<Self, RingError> {
        let server = Server::ask()
            .await
            .map_err(|error| RingError::NoServer(error.to_string()))?;
        let AlarmId(id) = notice.id;
        let mut notification = Notification::new();
        notification
            .appname("Afterglow")
            .id(id)
            .summary(&notice.title)
            .body(&server.as_text(&notice.body))
            .action("default", &notice.open)
            .urgency(if notice.urgent {
                Urgency::Critical
            } else {
                Urgency::Normal
            });
        if notice.silent {
            notification.hint(Hint::SuppressSound(true));
        }
        let handle = notification
            .show_async()
            .await
            .map_err(|error| RingError::Refused(error.to_string()))?;
        Ok(Self {
            server: server.name,
            handle,
        })
    }

    /// Waits until it is clicked (true) or gone (false).
    pub(crate) async fn clicked(self) -> bool {
        let mut clicked = false;
        self.handle
            .wait_for_action_async(|response: &NotificationResponse| {
                clicked = matches!(response, NotificationResponse::Default);
            })
            .await;
        clicked
    }
}

/// What a server says of itself.
#[derive(Debug)]
struct Server {
    name: String,
    reads_markup: bool,
}

impl Server {
    async fn ask() -> zbus::Result<Self> {
        let connection = Connection::session().await?;
        let call = async |member: &str| {
            connection
                .call_method(
                    Some("org.freedesktop.Notifications"),
                    "/org/freedesktop/Notifications",
                    Some("org.freedesktop.Notifications"),
                    member,
                    &(),
                )
                .await
        };
        let information = call("GetServerInformation").await?;
        let (name, _vendor, version, _specification): (String, String, String, String) =
            information.body().deserialize()?;
        let capabilities: Vec<String> = call("GetCapabilities").await?.body().deserialize()?;
        Ok(Self {
            name: format!("{name} {version}"),
            reads_markup: capabilities.iter().any(|capability| capability == "body-markup"),
        })
    }

    /// A text so that this server shows it as it is: a plan's words are text, never markup.
    fn as_text(&self, text: &str) -> String {
        if self.reads_markup {
            text.replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_read_as_markup() {
        let server = |reads_markup| Server {
            name: "any".to_owned(),
            reads_markup,
        };
        let text = "<b>2 < 3 & more</b>";
        assert_eq!(
            server(true).as_text(text),
            "&lt;b&gt;2 &lt; 3 &amp; more&lt;/b&gt;"
        );
        assert_eq!(server(false).as_text(text), text);
    }
}
