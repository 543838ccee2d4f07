//! How long the diary takes: `cargo bench -p afterglow-diary`.
//!
//! Durable writing is compared, within one run and in turns, with the same row inserted by a prepared statement in the
//! same SQLite: the same SQLCipher, the same kind of key, the same pragmas, the same schema, one thread, nothing of
//! ours in between. The other figures stand for themselves: a diary of ten years is opened, and what Today reads of it
//! is compared with a diary of one session.
#![expect(
    clippy::expect_used,
    reason = "a benchmark may stop at what it did not expect"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures; nothing here reaches the app"
)]

mod ten_years;

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use afterglow_care::check_in::CheckInId;
use afterglow_care::session::SessionId;
use afterglow_diary::{Credential, Diary, NewKey};
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::types::Value;
use ten_years::{Amounts, check_in, fill, session_id};
use uuid::Uuid;

/// A figure, and what it may be at most.
struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    most: Option<f64>,
}

fn main() -> ExitCode {
    // `cargo test` runs this too, to see that it runs.
    let measured = std::env::args().any(|argument| argument == "--bench");
    let (writes, repeats, amounts) = if measured {
        (4_000, 400, Amounts::TEN_YEARS)
    } else {
        (3, 1, Amounts::FEW)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let figures = runtime.block_on(async {
        let mut figures = durable(writes).await;
        figures.extend(ten_years_later(repeats, amounts).await);
        figures
    });
    let mut missed = false;
    for Figure {
        name,
        value,
        unit,
        most,
    } in figures
    {
        let goal = most.map_or(String::new(), |most| {
            let met = value <= most;
            missed |= !met;
            format!("at most {most} {unit}{}", if met { "" } else { "  MISSED" })
        });
        println!("{name:<44}{value:>9.2} {unit:<3} {goal}");
    }
    // Times of so few rounds say nothing.
    if measured && missed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn start() -> DateTime<Utc> {
    "2026-01-10T10:00:00Z".parse().expect("an instant")
}

async fn open(folder: &Path) -> Diary {
    Diary::open(folder, Credential::Unattended(NewKey::KeyFile))
        .await
        .expect("a diary")
        .diary
}

/// A durable check-in, and the same row inserted past all of our code.
async fn durable(writes: u32) -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder");
    let diary = open(folder.path()).await;
    fill(&diary, start(), Amounts::ONE_SESSION).await;
    diary.close().await;
    let bare_file = folder.path().join("bare.db");
    std::fs::copy(Diary::path(folder.path()), &bare_file).expect("a copy");

    let diary = open(folder.path()).await;
    let mut bare = Bare::open(folder.path(), &bare_file);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for number in 0..writes {
        let one = check_in(start(), number, CheckInId(Uuid::new_v4()), session_id(0));
        let since = Instant::now();
        diary.add_check_in(&one, one.at).await.expect("a check-in");
        ours.push(since.elapsed());
        theirs.push(bare.insert());
    }
    let row = |name: &str, of: Duration| Figure {
        name: name.to_owned(),
        value: millis(of),
        unit: "ms",
        most: None,
    };
    let ratio = |name: &str, ours: Duration, theirs: Duration| Figure {
        name: name.to_owned(),
        value: ours.as_secs_f64() / theirs.as_secs_f64(),
        unit: "x",
        most: Some(1.5),
    };
    let (our_p50, our_p99) = (percentile(&mut ours, 50), percentile(&mut ours, 99));
    let (their_p50, their_p99) = (percentile(&mut theirs, 50), percentile(&mut theirs, 99));
    vec![
        row("durable check-in, p50", our_p50),
        row("  bare SQLCipher, p50", their_p50),
        ratio("  ratio, p50", our_p50, their_p50),
        row("durable check-in, p99", our_p99),
        row("  bare SQLCipher, p99", their_p99),
        ratio("  ratio, p99", our_p99, their_p99),
    ]
}

/// The diary's schema and key under a plain prepared statement.
struct Bare {
    connection: rusqlite::Connection,
    insert: String,
    row: Vec<(String, Value)>,
}

impl Bare {
    fn open(folder: &Path, file: &Path) -> Self {
        let connection = rusqlite::Connection::open(file).expect("a file");
        // As `Diary::open` sets them.
        let pragmas = format!(
            "PRAGMA key = \"x'{}'\"; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
            key(folder)
        );
        connection.execute_batch(&pragmas).expect("pragmas");
        let row = first_check_in(&connection);
        let names: Vec<&str> = row.iter().map(|(name, _)| name.as_str()).collect();
        let places: Vec<String> = (1..=names.len()).map(|at| format!("?{at}")).collect();
        let insert = format!(
            "INSERT INTO check_in ({}) VALUES ({})",
            names.join(", "),
            places.join(", ")
        );
        Self {
            connection,
            insert,
            row,
        }
    }

    /// Inserts the row of the first check-in under another id; how long that took.
    fn insert(&mut self) -> Duration {
        let id = Value::Text(Uuid::new_v4().to_string());
        for (name, value) in &mut self.row {
            if name == "entry" || name == "id" {
                *value = id.clone();
            }
        }
        let since = Instant::now();
        self.connection
            .prepare_cached(&self.insert)
            .expect("a statement")
            .execute(rusqlite::params_from_iter(
                self.row.iter().map(|(_, value)| value),
            ))
            .expect("a row");
        since.elapsed()
    }
}

/// The columns of the first check-in, and what stands there.
fn first_check_in(connection: &rusqlite::Connection) -> Vec<(String, Value)> {
    let mut statement = connection
        .prepare("SELECT * FROM check_in LIMIT 1")
        .expect("a statement");
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    statement
        .query_row([], |row| {
            names
                .iter()
                .enumerate()
                .map(|(at, name)| Ok((name.clone(), row.get(at)?)))
                .collect()
        })
        .expect("a check-in")
}

/// The data key of a diary with an unprotected key file.
fn key(folder: &Path) -> String {
    let file = std::fs::read(folder.join("diary.key")).expect("a key file");
    let file: serde_json::Value = serde_json::from_slice(&file).expect("JSON");
    file["wrappers"][0]["key"].as_str().expect("a key").to_owned()
}

/// After how many readings both diaries are opened anew.
const IN_BLOCK: u32 = 10;

/// Opening a diary of ten years, and what Today reads of it.
async fn ten_years_later(repeats: u32, amounts: Amounts) -> Vec<Figure> {
    let long = tempfile::tempdir().expect("a folder");
    let short = tempfile::tempdir().expect("a folder");
    for (folder, amounts) in [(&long, amounts), (&short, Amounts::ONE_SESSION)] {
        let diary = open(folder.path()).await;
        fill(&diary, start(), amounts).await;
        diary.close().await;
    }
    let mut opening = Vec::new();
    for _ in 0..repeats.min(30) {
        let since = Instant::now();
        let diary = open(long.path()).await;
        opening.push(since.elapsed());
        diary.close().await;
    }
    let mut figures = vec![Figure {
        name: "opening ten years, p50".to_owned(),
        value: millis(percentile(&mut opening, 50)),
        unit: "ms",
        most: Some(100.0),
    }];
    let (mut of_ten_years, mut of_one) = (Readings::default(), Readings::default());
    for block in 0..repeats.div_ceil(IN_BLOCK) {
        // Anew each time, and in turns who goes first: each diary has a thread of its own, and how soon it wakes
        // depends on where the system has put it.
        let (long, short) = if block % 2 == 0 {
            let long = open(long.path()).await;
            (long, open(short.path()).await)
        } else {
            let short = open(short.path()).await;
            (open(long.path()).await, short)
        };
        // The first reading prepares the statements.
        let _ = (today(&long).await, today(&short).await);
        for round in 0..IN_BLOCK {
            if round % 2 == 0 {
                of_ten_years.add(today(&long).await);
                of_one.add(today(&short).await);
            } else {
                of_one.add(today(&short).await);
                of_ten_years.add(today(&long).await);
            }
        }
        long.close().await;
        short.close().await;
    }
    for (at, name) in PARTS.into_iter().enumerate() {
        for (readings, of) in [(&mut of_ten_years, "ten years"), (&mut of_one, "one session")] {
            figures.push(Figure {
                name: format!("{name}, {of}"),
                value: millis(percentile(&mut readings.parts[at], 50)),
                unit: "ms",
                most: None,
            });
        }
    }
    let (ten, one) = (of_ten_years.whole(), of_one.whole());
    figures.extend([
        Figure {
            name: "what Today reads, ten years, p50".to_owned(),
            value: millis(ten),
            unit: "ms",
            most: Some(5.0),
        },
        Figure {
            name: "what Today reads, one session, p50".to_owned(),
            value: millis(one),
            unit: "ms",
            most: None,
        },
        Figure {
            name: "  ratio".to_owned(),
            value: ten.as_secs_f64() / one.as_secs_f64(),
            unit: "x",
            most: Some(1.2),
        },
    ]);
    figures
}

/// After how long no check-in is held against a session any more, in every plan of the app.
const SETTLED_DAY: TimeDelta = TimeDelta::days(42);

/// What Today reads, in the order of [`today`].
const PARTS: [&str; 5] = [
    "  what stands",
    "  check-ins that triage looks at",
    "  what became of reminders",
    "  newest reminders",
    "  newest answers",
];

/// The times of several readings, by part.
#[derive(Default)]
struct Readings {
    parts: [Vec<Duration>; PARTS.len()],
    sums: Vec<Duration>,
}

impl Readings {
    fn add(&mut self, took: [Duration; PARTS.len()]) {
        self.sums.push(took.iter().sum());
        for (part, took) in self.parts.iter_mut().zip(took) {
            part.push(took);
        }
    }

    fn whole(&mut self) -> Duration {
        percentile(&mut self.sums, 50)
    }
}

/// Reads what the app's overview reads; how long each part took.
async fn today(diary: &Diary) -> [Duration; PARTS.len()] {
    let mut last = Instant::now();
    let mut lap = || {
        let now = Instant::now();
        let took = now - last;
        last = now;
        took
    };
    let standing = diary.standing().await.expect("what stands");
    let all = &standing.entered.sessions;
    let stands = lap();
    // docs/diary.md, "What Today reads".
    let newest = all.last().expect("a session").ended_at;
    let since = newest - SETTLED_DAY;
    let _ = diary.check_in_history_since(since).await.expect("check-ins");
    let check_ins = lap();
    let recent: Vec<SessionId> = all
        .iter()
        .filter(|session| session.ended_at >= since)
        .map(|session| session.id)
        .collect();
    let journal = standing.newest_journal.as_deref();
    let _ = (diary.became(&recent, journal, newest).await).expect("what became of reminders");
    let became = lap();
    let _ = diary.recent_deliveries(10, newest).await.expect("reminders");
    let reminders = lap();
    let _ = diary.call_answers_since(since).await.expect("answers");
    let _ = diary.follow_up_answers_since(since).await.expect("answers");
    [stands, check_ins, became, reminders, lap()]
}

fn percentile(of: &mut [Duration], percent: usize) -> Duration {
    of.sort();
    of[(of.len() * percent / 100).min(of.len() - 1)]
}

fn millis(of: Duration) -> f64 {
    of.as_secs_f64() * 1_000.0
}
