//! The tray: open, the next reminder, quit.

use afterglow_reminders::alarms::HostWords;
use tokio::sync::{mpsc, watch};

use crate::service::Event;

/// What the tray's menu says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Labels {
    /// Opens the app.
    pub(crate) open: String,
    /// The next reminder, ready to read.
    pub(crate) next: String,
    /// Ends the service.
    pub(crate) quit: String,
}

impl Labels {
    /// The labels in these words; `next` is a local date and time.
    pub(crate) fn new(words: &HostWords, next: Option<&str>) -> Self {
        Self {
            open: words.open.clone(),
            next: next.map_or_else(|| words.none.clone(), |when| words.next.replace("{when}", when)),
            quit: words.quit.clone(),
        }
    }
}

/// Keeps the tray as `labels` say, as soon as there are any. A desktop without a tray is none the
/// worse for it: the item is offered again when one appears, and on a new bus within half a minute.
#[cfg(target_os = "linux")]
pub(crate) async fn keep(mut labels: watch::Receiver<Option<Labels>>, events: mpsc::Sender<Event>) {
    use std::time::Duration;

    const AGAIN: Duration = Duration::from_secs(30);
    const PATIENCE: Duration = Duration::from_secs(5);

    let mut item: Option<ksni::Handle<item::Item>> = None;
    loop {
        let wanted = labels.borrow_and_update().clone();
        if let Some(wanted) = wanted {
            item = item.filter(|item| !item.is_closed());
            if let Some(item) = &item {
                item.update(|item| item.labels = wanted).await;
            } else {
                let offer = item::offer(wanted, events.clone());
                item = tokio::time::timeout(PATIENCE, offer).await.ok().flatten();
            }
        }
        let changed = tokio::time::timeout(AGAIN, labels.changed()).await;
        if matches!(changed, Ok(Err(_))) {
            return;
        }
    }
}

/// Other desktops' panels are not served yet: the app's window has the same three things.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn keep(_labels: watch::Receiver<Option<Labels>>, _events: mpsc::Sender<Event>) {}

#[cfg(target_os = "linux")]
mod item {
    use ksni::menu::StandardItem;
    use ksni::{Icon, MenuItem, TrayMethods as _};
    use tokio::sync::mpsc;

    use super::Labels;
    use crate::service::Event;

    /// The item as a `StatusNotifierHost` asks for it.
    #[derive(Debug)]
    pub(super) struct Item {
        pub(super) labels: Labels,
        events: mpsc::Sender<Event>,
    }

    /// Offers the item; none when there is no session bus.
    pub(super) async fn offer(labels: Labels, events: mpsc::Sender<Event>) -> Option<ksni::Handle<Item>> {
        Item { labels, events }
            .assume_sni_available(true)
            .spawn()
            .await
            .ok()
    }

    impl Item {
        /// The queue is only full when the service is stuck; then a press is better lost than waited for.
        fn tell(&self, event: Event) {
            let _ = self.events.try_send(event);
        }
    }

    impl ksni::Tray for Item {
        fn id(&self) -> String {
            "afterglow-remind".to_owned()
        }

        fn title(&self) -> String {
            "Afterglow".to_owned()
        }

        fn icon_pixmap(&self) -> Vec<Icon> {
            [16, 22, 32, 48].map(ring).into()
        }

        fn activate(&mut self, _x: i32, _y: i32) {
            self.tell(Event::Open);
        }

        fn menu(&self) -> Vec<MenuItem<Self>> {
            vec![
                StandardItem {
                    label: self.labels.open.clone(),
                    activate: Box::new(|item: &mut Self| item.tell(Event::Open)),
                    ..StandardItem::default()
                }
                .into(),
                StandardItem {
                    label: self.labels.next.clone(),
                    enabled: false,
                    ..StandardItem::default()
                }
                .into(),
                MenuItem::Separator,
                StandardItem {
                    label: self.labels.quit.clone(),
                    activate: Box::new(|item: &mut Self| item.tell(Event::Stop)),
                    ..StandardItem::default()
                }
                .into(),
            ]
        }
    }

    /// A ring in a warm grey that stands out on light and dark panels, `size` pixels wide.
    fn ring(size: i32) -> Icon {
        const ARGB: [u8; 4] = [0xff, 0xc9, 0x7b, 0x63];
        let outer = size * size;
        let inner = outer * 4 / 9;
        let pixel = |index: i32| {
            // Twice the distance from the middle, so that it stays whole.
            let (x, y) = (2 * (index % size) + 1 - size, 2 * (index / size) + 1 - size);
            let distance = x * x + y * y;
            if (inner..outer).contains(&distance) {
                ARGB
            } else {
                [0; 4]
            }
        };
        Icon {
            width: size,
            height: size,
            data: (0..outer).flat_map(pixel).collect(),
        }
    }
}
