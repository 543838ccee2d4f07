//! What wakes the loop sooner than its half-minute check: the next alarm on a timer that goes on
//! while the machine sleeps, a clock that is set, and the login manager's word after a sleep.
//!
//! Only the half-minute check is relied on, which is the kernel's timer where there is one and the runtime's elsewhere.
//! Where another is missing the check finds what it would have told.

use std::time::Duration;

use crate::service::TICK;

#[cfg(target_os = "linux")]
pub(crate) use linux::{Waker, listen_for_waking};

/// Other systems have the check alone.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
pub(crate) struct Waker;

#[cfg(not(target_os = "linux"))]
impl Waker {
    /// Nothing to set up.
    pub(crate) fn new() -> Self {
        Self
    }

    /// Returns after `next`, and after [`TICK`] at the latest.
    pub(crate) async fn sleep(&self, next: Option<Duration>) {
        tokio::time::sleep(next.unwrap_or(TICK).min(TICK)).await;
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn listen_for_waking(_events: &tokio::sync::mpsc::Sender<crate::service::Event>) {}

#[cfg(target_os = "linux")]
mod linux {
    use std::future::pending;
    use std::os::fd::OwnedFd;

    use futures_lite::StreamExt as _;
    use rustix::io::Errno;
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::unix::AsyncFd;
    use tokio::sync::mpsc;
    use zbus::message::Type;
    use zbus::{Connection, MatchRule, MessageStream};

    use super::{Duration, TICK};
    use crate::service::Event;

    /// Far enough away never to come (the year 2255), and still a number that the kernel takes.
    const NEVER: i64 = 9_000_000_000;

    /// The kernel's timers; one that could not be had is none.
    #[derive(Debug)]
    pub(crate) struct Waker {
        /// Goes on while the machine sleeps, so that it has run out when the machine wakes.
        check: Option<AsyncFd<OwnedFd>>,
        /// Never runs out, but tells when the clock is set.
        clock_set: Option<AsyncFd<OwnedFd>>,
    }

    impl Waker {
        /// Sets the timers up; inside a runtime.
        pub(crate) fn new() -> Self {
            let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
            Self {
                check: timer(TimerfdClockId::Boottime).ok(),
                clock_set: timer(TimerfdClockId::Realtime)
                    .and_then(|timer| {
                        set(&timer, flags, Duration::from_secs(NEVER.unsigned_abs()))?;
                        Ok(timer)
                    })
                    .ok(),
            }
        }

        /// Returns after `next`, after [`TICK`] at the latest, or when the clock was set.
        pub(crate) async fn sleep(&self, next: Option<Duration>) {
            // A timer that is set to 0 is switched off.
            let wait = next.unwrap_or(TICK).clamp(Duration::from_nanos(1), TICK);
            let check = self
                .check
                .as_ref()
                .filter(|check| set(check, TimerfdTimerFlags::empty(), wait).is_ok());
            let checked = async {
                let fired = match check {
                    Some(check) => fired(check).await,
                    None => None,
                };
                // The runtime's own timer counts no sleep, and wakes more often than it runs out.
                if fired.is_none() {
                    tokio::time::sleep(wait).await;
                }
            };
            let clock_set = async {
                let fired = match &self.clock_set {
                    Some(clock_set) => fired(clock_set).await,
                    None => None,
                };
                if fired.is_none() {
                    pending::<()>().await;
                }
            };
            tokio::select! {
                () = checked => {}
                () = clock_set => {}
            }
        }
    }

    #[expect(
        deprecated,
        reason = "its successor is unsafe for types that may lie about their descriptor; an `OwnedFd` does not"
    )]
    fn timer(clock: TimerfdClockId) -> std::io::Result<AsyncFd<OwnedFd>> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        AsyncFd::new(timerfd_create(clock, flags)?)
    }

    fn set(timer: &AsyncFd<OwnedFd>, flags: TimerfdTimerFlags, at: Duration) -> std::io::Result<()> {
        let at = Timespec {
            tv_sec: i64::try_from(at.as_secs()).unwrap_or(NEVER),
            tv_nsec: at.subsec_nanos().into(),
        };
        let once = Itimerspec {
            it_interval: Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            },
            it_value: at,
        };
        timerfd_settime(timer.get_ref(), flags, &once)?;
        Ok(())
    }

    /// Waits until it runs out or is cancelled by a clock that was set. None when it cannot be waited for.
    async fn fired(timer: &AsyncFd<OwnedFd>) -> Option<()> {
        loop {
            let mut ready = timer.readable().await.ok()?;
            let read = rustix::io::read(timer.get_ref(), &mut [0; 8]);
            ready.clear_ready();
            if read != Err(Errno::AGAIN) {
                return Some(());
            }
        }
    }

    /// Tells the loop when logind says that the machine woke. A machine without logind, or without a
    /// system bus, is left with the timers.
    pub(crate) fn listen_for_waking(events: &mpsc::Sender<Event>) {
        let events = events.clone();
        tokio::spawn(async move {
            let Ok(mut signals) = prepare_for_sleep().await else {
                return;
            };
            while let Some(Ok(signal)) = signals.next().await {
                let goes_to_sleep = signal.body().deserialize::<bool>();
                if goes_to_sleep == Ok(false) && events.send(Event::Woke).await.is_err() {
                    return;
                }
            }
        });
    }

    async fn prepare_for_sleep() -> zbus::Result<MessageStream> {
        let bus = Connection::system().await?;
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .sender("org.freedesktop.login1")?
            .path("/org/freedesktop/login1")?
            .interface("org.freedesktop.login1.Manager")?
            .member("PrepareForSleep")?
            .build();
        MessageStream::for_match_rule(rule, &bus, None).await
    }
}
