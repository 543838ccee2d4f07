//! The tray: the next reminder, check in, open, pause, quit.

use afterglow_reminders::Zone;
use afterglow_reminders::alarms::HostWords;
use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, watch};

use crate::service::Event;

/// What the tray's menu says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Labels {
    /// The next reminder or until when they are paused, ready to read.
    pub(crate) state: String,
    /// Opens the app where a check-in is made.
    pub(crate) check_in: String,
    /// Opens the app.
    pub(crate) open: String,
    /// Pauses for today, or goes on.
    pub(crate) pause: String,
    /// Ends the service, and says that reminders stop.
    pub(crate) quit: String,
    /// Whether reminders are paused.
    pub(crate) is_paused: bool,
}

impl Labels {
    /// The labels in these words; `next` and `paused` are local times, as [`label`] says them.
    pub(crate) fn new(words: &HostWords, next: Option<&str>, paused: Option<&str>) -> Self {
        let state = match (paused, next) {
            (Some(when), _) => words.paused.replace("{when}", when),
            (None, Some(when)) => words.next.replace("{when}", when),
            (None, None) => words.none.clone(),
        };
        let pause = if paused.is_some() {
            &words.resume
        } else {
            &words.pause_today
        };
        Self {
            state,
            check_in: words.check_in.clone(),
            open: words.open.clone(),
            pause: pause.clone(),
            quit: words.quit.clone(),
            is_paused: paused.is_some(),
        }
    }
}

/// When something is, in the device's zone: today's as a time, tomorrow's in words, another day's with its date as ISO 8601
/// has it. A list from before there was a word for tomorrow has its date too.
pub(crate) fn label(at: DateTime<Utc>, now: DateTime<Utc>, zone: &Zone, words: &HostWords) -> String {
    let local = zone.local(at);
    let (today, date) = (zone.date(now), local.date_naive());
    let time = local.format("%H:%M").to_string();
    if date == today {
        time
    } else if today.succ_opt() == Some(date) && !words.tomorrow.is_empty() {
        words.tomorrow.replace("{time}", &time)
    } else {
        format!("{date} {time}")
    }
}

/// Keeps the tray as `labels` say, as soon as there are any. A desktop without a tray is none the
/// worse for it: the item is offered again when one appears. A new bus is found at the next
/// publication, which the loop makes at each of its checks, so that nothing here wakes by itself.
#[cfg(target_os = "linux")]
pub(crate) async fn keep(mut labels: watch::Receiver<Option<Labels>>, events: mpsc::Sender<Event>) {
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

    let mut item: Option<ksni::Handle<item::Item>> = None;
    let mut told = None;
    while labels.changed().await.is_ok() {
        let Some(wanted) = labels.borrow_and_update().clone() else {
            continue;
        };
        item = item.filter(|item| !item.is_closed());
        if item.is_some() && told.as_ref() == Some(&wanted) {
            continue;
        }
        told = Some(wanted.clone());
        if let Some(item) = &item {
            item.update(|item| item.labels = wanted).await;
        } else {
            let offer = item::offer(wanted, events.clone());
            item = tokio::time::timeout(PATIENCE, offer).await.ok().flatten();
        }
    }
}

/// On other systems a tray needs a window's event loop, which this process is spared. The app's window shows the next
/// reminder, checks in and pauses.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn keep(_labels: watch::Receiver<Option<Labels>>, _events: mpsc::Sender<Event>) {}

#[cfg(target_os = "linux")]
mod item {
    use afterglow_reminders::alarms::Screen;
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
            self.tell(Event::Open(Screen::Today));
        }

        fn menu(&self) -> Vec<MenuItem<Self>> {
            let Labels {
                state,
                check_in,
                open,
                pause,
                quit,
                is_paused,
            } = &self.labels;
            let pause_event: fn() -> Event = if *is_paused {
                || Event::Resume
            } else {
                || Event::PauseToday
            };
            vec![
                StandardItem {
                    label: state.clone(),
                    enabled: false,
                    ..StandardItem::default()
                }
                .into(),
                MenuItem::Separator,
                entry(check_in, || Event::Open(Screen::CheckIn)),
                entry(open, || Event::Open(Screen::Today)),
                entry(pause, pause_event),
                MenuItem::Separator,
                entry(quit, || Event::Quit),
            ]
        }
    }

    fn entry(label: &str, event: fn() -> Event) -> MenuItem<Item> {
        StandardItem {
            label: label.to_owned(),
            activate: Box::new(move |item: &mut Item| item.tell(event())),
            ..StandardItem::default()
        }
        .into()
    }

    /// A ring in terracotta that stands out on light and dark panels, `size` pixels wide.
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

#[cfg(test)]
mod tests {
    use afterglow_reminders::Locale;
    use afterglow_reminders::wording::host_words;

    use super::*;

    #[test]
    fn a_time_is_said_as_short_as_it_can_be_in_the_zone_of_the_device() {
        let utc = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let berlin = Zone::named("Europe/Berlin").unwrap();
        // 23:30 in Berlin.
        let now = utc("2026-11-21T22:30:00Z");
        for (at, english, spanish) in [
            ("2026-11-21T22:45:00Z", "23:45", "23:45"),
            ("2026-11-21T23:00:00Z", "tomorrow 00:00", "mañana a las 00:00"),
            ("2026-11-22T22:59:00Z", "tomorrow 23:59", "mañana a las 23:59"),
            ("2026-11-22T23:00:00Z", "2026-11-23 00:00", "2026-11-23 00:00"),
            ("2026-11-20T10:00:00Z", "2026-11-20 11:00", "2026-11-20 11:00"),
        ] {
            let say = |locale| label(utc(at), now, &berlin, &host_words(locale));
            assert_eq!(
                (say(Locale::En).as_str(), say(Locale::Es).as_str()),
                (english, spanish)
            );
        }
        let before = HostWords {
            tomorrow: String::new(),
            ..host_words(Locale::En)
        };
        let midnight = utc("2026-11-21T23:00:00Z");
        assert_eq!(label(midnight, now, &berlin, &before), "2026-11-22 00:00");
    }
}
