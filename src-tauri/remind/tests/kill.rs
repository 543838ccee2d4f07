//! SIGKILL at random points of starting, arming, ringing, acting and draining, again and again, with
//! an app that keeps a ledger: nothing rings twice but for the repeat that a kill between showing
//! and marking allows, nothing is lost, and the journal has each once.
//!
//! `AFTERGLOW_KILLS` is how many, 1,000 without it.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails loudly, in its helpers too")]

mod desktop;
mod patient;
mod recorder;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use afterglow_reminders::alarms::{Act, Alarm};
use afterglow_reminders::host::{Reply, Request, decode_reply, encode_request};
use afterglow_reminders::journal::{Entry, Event};
use desktop::until;
use patient::{Patient, SHOWN, alarm, list};
use recorder::{Manner, Recorder};

/// How many kills it takes to come to every point.
const KILLS: usize = 1_000;

/// xorshift64: the same sequence at every run, though the kernel's timing is another each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// The app as far as the service sees it: what it wants to be reminded of, and its ledger.
#[derive(Default)]
struct App {
    made: usize,
    wanted: Vec<Alarm>,
    journal: String,
    ledger: BTreeMap<u64, Entry>,
    /// Keys whose act the service accepted, with how often they had been shown by then.
    settled: HashMap<String, usize>,
    /// Keys that were once armed for certain.
    armed: BTreeSet<String>,
    /// Keys that were left out of a list that was armed for certain, after they had been shown.
    dropped: BTreeSet<String>,
}

/// The service is gone.
struct Killed;

/// One connection to a service that may be killed at any time.
struct Line(BufReader<UnixStream>);

impl Line {
    fn open(patient: &Patient, is_killed: &AtomicBool) -> Result<Self, Killed> {
        loop {
            if let Ok(stream) = UnixStream::connect(patient.socket()) {
                return Ok(Self(BufReader::new(stream)));
            }
            if is_killed.load(Ordering::Relaxed) {
                return Err(Killed);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn ask(&mut self, request: Request) -> Result<Reply, Killed> {
        let request = encode_request(request).unwrap();
        self.0.get_mut().write_all(&request).map_err(|_| Killed)?;
        let mut line = Vec::new();
        self.0.read_until(b'\n', &mut line).map_err(|_| Killed)?;
        if line.last() != Some(&b'\n') {
            return Err(Killed);
        }
        Ok(decode_reply(&line).unwrap())
    }
}

impl App {
    fn want_more(&mut self, how_many: usize) {
        for _ in 0..how_many {
            self.made += 1;
            self.wanted.push(alarm(&format!("k{}", self.made), 0));
        }
    }

    fn arm(&mut self, line: &mut Line) -> Result<(), Killed> {
        let count = self.wanted.len();
        assert_eq!(
            line.ask(Request::Arm(list(self.wanted.clone())))?,
            Reply::Armed { count }
        );
        self.armed
            .extend(self.wanted.iter().map(|alarm| alarm.key.clone()));
        let listed: BTreeSet<_> = self.wanted.iter().map(|alarm| &alarm.key).collect();
        let left_out = self.armed.iter().filter(|key| !listed.contains(key));
        self.dropped.extend(left_out.cloned());
        Ok(())
    }

    /// Copies what is new into the ledger, as the app does, and lets the service forget it.
    fn drain(&mut self, line: &mut Line) -> Result<(), Killed> {
        let after = self.ledger.keys().next_back().copied().unwrap_or(0);
        let Reply::Journal { journal, entries } = line.ask(Request::Journal { after })? else {
            panic!("the journal was asked for");
        };
        if self.journal.is_empty() {
            self.journal.clone_from(&journal);
        }
        assert_eq!(self.journal, journal, "it stays the same journal");
        for entry in entries {
            let seq = entry.seq;
            assert!(seq > after, "{entry:?} was handed over already");
            assert_eq!(self.ledger.insert(seq, entry), None);
        }
        let Some(seq) = self.ledger.keys().next_back().copied() else {
            return Ok(());
        };
        assert_eq!(line.ask(Request::Drained { journal, seq })?, Reply::Accepted);
        Ok(())
    }

    fn has(&self, key: &str, event: &Event) -> bool {
        (self.ledger.values()).any(|entry| entry.key == key && entry.event == *event)
    }

    /// Does something about one that the ledger says was shown: settles it, or no longer wants it.
    fn act(&mut self, line: &mut Line, recorder: &Recorder, chance: &mut Chance) -> Result<(), Killed> {
        let shown = self.wanted.iter().position(|alarm| self.has(&alarm.key, &SHOWN));
        let Some(place) = shown else {
            return Ok(());
        };
        let key = self.wanted[place].key.clone();
        let act = match chance.below(4) {
            0 | 1 => Act::Done,
            2 => Act::Skip,
            _ => {
                self.wanted.remove(place);
                return self.arm(line);
            }
        };
        let request = Request::Act {
            key: key.clone(),
            act,
        };
        assert_eq!(line.ask(request)?, Reply::Accepted);
        self.settled.insert(key.clone(), times_shown(recorder, &key));
        self.wanted.remove(place);
        Ok(())
    }

    /// One life of the service, as long as it lasts.
    fn live(&mut self, line: &mut Line, recorder: &Recorder, chance: &mut Chance) -> Result<(), Killed> {
        self.drain(line)?;
        self.want_more(2);
        self.arm(line)?;
        loop {
            self.drain(line)?;
            self.act(line, recorder, chance)?;
            let Reply::Status(status) = line.ask(Request::Status)? else {
                panic!("the status was asked for");
            };
            assert_eq!((status.damage, status.failure), (vec![], None));
            std::thread::sleep(Duration::from_millis(chance.below(4) * 10));
        }
    }
}

fn times_shown(recorder: &Recorder, key: &str) -> usize {
    let text = format!("text of {key}");
    let shown = recorder.shown();
    shown.iter().filter(|(_, shown)| *shown == text).count()
}

/// The keys that the journal's file left claimed and nothing more: a kill came between claim and
/// mark, and each of these may have been shown already.
fn claimed_only(patient: &Patient) -> Vec<String> {
    let Ok(journal) = std::fs::read_to_string(patient.home.path().join("journal.jsonl")) else {
        return Vec::new();
    };
    let entries = journal.lines().filter_map(|line| line.get(9..));
    let mut last = BTreeMap::new();
    for entry in entries.filter_map(|json| serde_json::from_str::<Entry>(json).ok()) {
        last.insert(entry.key, entry.event);
    }
    last.retain(|_, event| *event == Event::Claimed);
    last.into_keys().collect()
}

#[test]
fn k1_k2_killed_anywhere_it_loses_nothing_and_rings_nothing_twice_but_for_the_allowed_repeat() {
    let kills = std::env::var("AFTERGLOW_KILLS")
        .ok()
        .map_or(KILLS, |kills| kills.parse().unwrap());
    let patient = Patient::new();
    let recorder = Recorder::start(&patient.desktop, Manner::USUAL);
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut app = App::default();
    let mut allowed = HashMap::<String, usize>::new();
    let mut answered = 0;
    for _ in 0..kills {
        let service = patient.spawn();
        let is_killed = AtomicBool::new(false);
        // One in four dies while it starts, the others while they work, however slow the machine is.
        let while_it_starts = chance.below(4) == 0;
        let life = Duration::from_micros(chance.below(if while_it_starts { 40_000 } else { 120_000 }));
        let is_open = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !while_it_starts && !is_open.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(life);
                service.kill();
                is_killed.store(true, Ordering::Relaxed);
            });
            if let Ok(mut line) = Line::open(&patient, &is_killed) {
                is_open.store(true, Ordering::Relaxed);
                answered += 1;
                let _ = app.live(&mut line, &recorder, &mut chance);
            }
        });
        for key in claimed_only(&patient) {
            *allowed.entry(key).or_default() += 1;
        }
    }

    let _service = patient.start();
    let never = AtomicBool::new(false);
    let settled = |app: &App| {
        let mut wanted = app.wanted.iter();
        wanted.all(|alarm| app.has(&alarm.key, &SHOWN))
    };
    until("everything to be shown", || {
        let mut line = Line::open(&patient, &never).ok()?;
        app.arm(&mut line).ok()?;
        app.drain(&mut line).ok()?;
        settled(&app).then_some(())
    });

    let count = |key: &str, is_counted: fn(&Event) -> bool| {
        let entries = app.ledger.values();
        entries
            .filter(|entry| entry.key == key && is_counted(&entry.event))
            .count()
    };
    let mut repeats = 0;
    for key in &app.armed {
        let shown = times_shown(&recorder, key);
        let marked = count(key, |event| *event == SHOWN);
        let taken_back = count(key, |event| *event == Event::Withdrawn);
        assert_eq!(count(key, |event| *event == Event::Claimed), 1, "{key}");
        assert_eq!(marked, 1, "{key} was marked {marked} times");
        assert!(shown >= 1, "{key} was lost");
        let most = 1 + allowed.get(key).copied().unwrap_or(0);
        assert!(shown <= most, "{key} rang {shown} times, {most} were allowed");
        repeats += shown - 1;
        let acts = count(key, |event| matches!(event, Event::Done | Event::Skipped));
        assert!(acts <= 1 && taken_back <= 1, "{key}");
        assert!(
            acts + taken_back == 1 || !app.dropped.contains(key),
            "{key}: what became of it is lost"
        );
        if let Some(until_then) = app.settled.get(key) {
            assert_eq!((acts, shown), (1, *until_then), "{key} rang after it was settled");
        }
    }
    let mut numbers = HashMap::<String, BTreeSet<u32>>::new();
    for (number, text) in recorder.shown() {
        numbers.entry(text).or_default().insert(number);
    }
    assert!(
        numbers.values().all(|numbers| numbers.len() == 1),
        "a repeat replaces"
    );
    let lines: Vec<_> = app.ledger.keys().copied().collect();
    assert_eq!(
        lines,
        (1..=lines.len() as u64).collect::<Vec<_>>(),
        "no line is missing"
    );
    println!(
        "{kills} kills ({answered} of a service that answered), {} alarms, {} acts, {} lines in the ledger, {repeats} repeats",
        app.armed.len(),
        app.settled.len(),
        lines.len(),
    );
}
