//! What the service costs while nothing happens, and how late it rings when much does.
//!
//! `cargo bench -p afterglow-remind` measures the release build on a private desktop with a real
//! notification service, prints one line per figure, and fails where a promise is not kept.
//! `AFTERGLOW_IDLE_MINUTES` is how long idleness is watched; 3 without it.

#![expect(clippy::unwrap_used, reason = "a benchmark fails loudly")]

#[cfg(target_os = "linux")]
#[path = "../tests/desktop/mod.rs"]
mod desktop;
#[cfg(target_os = "linux")]
#[path = "../tests/patient/mod.rs"]
mod patient;
#[cfg(target_os = "linux")]
#[path = "../tests/recorder/mod.rs"]
mod recorder;

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() {
    // `cargo test` runs this too; minutes of idleness are for `cargo bench`.
    if std::env::args().any(|argument| argument == "--bench") {
        linux::size();
        linux::idle();
        linux::busy();
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;
    use std::time::Duration;

    use afterglow_reminders::alarms::{Action, Alarm, When};
    use afterglow_reminders::host::{Reply, Request};
    use afterglow_reminders::journal::{Entry, Event};
    use chrono::TimeDelta;

    use crate::desktop::until;
    use crate::patient::{Patient, alarm, now};
    use crate::recorder::{Manner, Recorder};

    const KIB_PER_MIB: f64 = 1_024.0;
    const MOST_BYTES: u64 = 4_000_000;
    const MOST_PSS_MIB: f64 = 10.0;
    const MOST_WAKE_UPS: f64 = 3.0;
    const MOST_CPU_PERCENT: f64 = 0.1;
    const MOST_LATE_MS: i64 = 250;

    /// The program as a release builds it: a benchmark's profile is the release's.
    pub(super) fn size() {
        let bytes = std::fs::metadata(env!("CARGO_BIN_EXE_afterglow-remind"))
            .unwrap()
            .len();
        println!("binary: {bytes} bytes (<= {MOST_BYTES})");
        assert!(bytes <= MOST_BYTES, "the service has grown too large");
    }

    /// Memory, wake-ups and processor time while 2,000 alarms wait.
    pub(super) fn idle() {
        let minutes: u32 = std::env::var("AFTERGLOW_IDLE_MINUTES").map_or(3, |text| text.parse().unwrap());
        let patient = Patient::new();
        let _dunst = patient.desktop.start_dunst();
        let service = patient.start();
        let hours = |n: i64| TimeDelta::hours(n);
        let far = (0..2_000).map(|n| {
            let due_at = now() + hours(2 + n);
            Alarm {
                when: When::Instant(due_at),
                valid_until: due_at + hours(12),
                title: "Afterglow".to_owned(),
                body: "Time for your evening care: cleanse gently, then the cream that soothes.".to_owned(),
                actions: vec![Action::Done, Action::Snooze, Action::Skip],
                repeats: 3,
                ..alarm(&format!("{n:032x}"), 0)
            }
        });
        patient.arm(far.collect());
        // One notification was shown in its life, as in most.
        assert_eq!(patient.ask(Request::Test), Reply::Accepted);
        let pss = until("the memory to be told", || {
            let rollup = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", service.id())).ok()?;
            let line = rollup.lines().find(|line| line.starts_with("Pss:"))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok()
        }) / KIB_PER_MIB;
        println!("PSS with 2,000 alarms: {pss:.1} MiB (<= {MOST_PSS_MIB})");

        // The runtime's helpers end ten seconds after their last work, and take what was counted of them along.
        std::thread::sleep(Duration::from_secs(15));
        let before = spent(service.id());
        std::thread::sleep(Duration::from_mins(1) * minutes);
        let after = spent(service.id());
        let wake_ups = (after.0 - before.0) / f64::from(minutes);
        let cpu = (after.1 - before.1) / (60.0 * f64::from(minutes)) * 100.0;
        println!("wake-ups in {minutes} idle minutes: {wake_ups:.2} a minute (<= {MOST_WAKE_UPS})");
        println!("processor time in them: {cpu:.3} % (< {MOST_CPU_PERCENT})");
        assert!(pss <= MOST_PSS_MIB && wake_ups <= MOST_WAKE_UPS && cpu < MOST_CPU_PERCENT);
    }

    /// Voluntary context switches and seconds of processor time of all threads.
    fn spent(process: u32) -> (f64, f64) {
        const TICKS_PER_SECOND: f64 = 100.0;
        let mut switches = 0.0;
        for thread in std::fs::read_dir(format!("/proc/{process}/task")).unwrap() {
            let status = std::fs::read_to_string(thread.unwrap().path().join("status")).unwrap();
            let line = status.lines().find(|line| line.starts_with("voluntary_ctxt"));
            let count = line.and_then(|line| line.split_whitespace().nth(1));
            switches += count.unwrap().parse::<f64>().unwrap();
        }
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        // After the name in brackets: state is the 1st, user and system time the 12th and 13th.
        let numbers = stat.rsplit(')').next().unwrap().split_whitespace();
        let ticks: f64 = numbers
            .skip(11)
            .take(2)
            .map(|time| time.parse::<f64>().unwrap())
            .sum();
        (switches, ticks / TICKS_PER_SECOND)
    }

    /// 10,000 alarms, twenty a second, in five lists, drained between as the app does.
    pub(super) fn busy() {
        const LISTS: i64 = 5;
        const IN_LIST: i64 = 2_000;
        const APART_MS: i64 = 50;
        let patient = Patient::new();
        let recorder = Recorder::start(&patient.desktop, Manner::USUAL);
        let _service = patient.start();
        let mut ledger: Vec<Entry> = Vec::new();
        for number in 0..LISTS {
            let first = now() + TimeDelta::seconds(2);
            let alarms = (0..IN_LIST).map(|n| {
                let due_at = first + TimeDelta::milliseconds(n * APART_MS);
                Alarm {
                    when: When::Instant(due_at),
                    valid_until: due_at + TimeDelta::hours(1),
                    ..alarm(&format!("{number}-{n}"), 0)
                }
            });
            patient.arm(alarms.collect());
            std::thread::sleep(Duration::from_millis((IN_LIST * APART_MS).unsigned_abs() + 2_000));
            until("all of a list to be shown", || {
                (patient.status().armed == 0).then_some(())
            });
            loop {
                let after = ledger.last().map_or(0, |entry| entry.seq);
                let Reply::Journal { journal, entries } = patient.ask(Request::Journal { after }) else {
                    panic!("the journal was asked for");
                };
                if entries.is_empty() {
                    let drained = Request::Drained { journal, seq: after };
                    assert_eq!(patient.ask(drained), Reply::Accepted);
                    break;
                }
                ledger.extend(entries);
            }
        }
        let mut times = HashMap::new();
        for (_, text) in recorder.shown() {
            *times.entry(text).or_insert(0) += 1;
        }
        let twice = times.values().filter(|times| **times > 1).count();
        let mut late: Vec<_> = ledger
            .iter()
            .filter(|entry| matches!(entry.event, Event::Shown { .. }))
            .map(|entry| (entry.at - entry.due_at).num_milliseconds())
            .collect();
        late.sort_unstable();
        let (median, p99) = (late[late.len() / 2], late[late.len() * 99 / 100]);
        let missed = LISTS * IN_LIST - i64::try_from(times.len()).unwrap();
        println!("{} alarms, {missed} missed, {twice} twice", LISTS * IN_LIST);
        println!(
            "lateness, from due to written down as shown: median {median} ms, p99 {p99} ms (<= {MOST_LATE_MS}), most {} ms",
            late.last().unwrap()
        );
        assert!(missed == 0 && twice == 0 && p99 <= MOST_LATE_MS);
    }
}
