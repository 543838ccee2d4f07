//! A writer is killed at random moments; whatever it had been told was kept must be there.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::Range;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use afterglow_diary::Diary;

use crate::entries::{Contents, Entry, Found, ground};
use crate::seed::Seed;
use crate::{Outcome, Scale, block_on, child, copied, open, open_with_notes, parallel, raw};

/// How many kills one diary goes through before the next begins with a fresh one.
const KILLS_PER_DIARY: u64 = 25;

/// Kills until the scale's number is reached, and looks after each kill at a copy of what is left, so that the
/// next writer finds the files exactly as the killed one left them.
pub(crate) fn run(scale: Scale) -> Outcome {
    let kills = scale.pick(1_000, 20_000);
    let diaries: Vec<u64> = (0..kills / KILLS_PER_DIARY).collect();
    let runs = parallel(&diaries, |run| one_diary(*run, KILLS_PER_DIARY));
    let mut outcome = Outcome::default();
    let (mut killed, mut acknowledged, mut in_flight) = (0, 0, 0);
    for run in runs {
        killed += run.kills;
        acknowledged += run.acknowledged;
        in_flight += run.in_flight_kept;
        outcome.faults.extend(run.faults);
    }
    outcome.say(format!(
        "{killed} kills, each followed by a check of a copy: {acknowledged} acknowledged entries, \
         {in_flight} kept without an acknowledgement, {} lost, torn or corrupt",
        outcome.faults.len()
    ));
    outcome
}

#[derive(Default)]
struct Run {
    kills: u64,
    acknowledged: u64,
    in_flight_kept: u64,
    faults: Vec<String>,
}

fn one_diary(run: u64, kills: u64) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    block_on(async {
        let diary = open(folder.path()).await.expect("a new diary");
        for entry in ground(run) {
            entry.write(&diary).await.expect("an entry");
        }
        diary.close().await;
    });
    let mut seed = Seed::of(run, u64::MAX / 2);
    let mut report = Run::default();
    let mut known = Known::default();
    let mut next = 0;
    for _ in 0..kills {
        let told = write_until_killed(folder.path(), run, next, &mut seed);
        known.acknowledge(run, next..next + told);
        let under_way = next + told;
        report.kills += 1;
        report.acknowledged += told;
        match look(folder.path(), run, &known, under_way) {
            Ok(kept) => {
                report.in_flight_kept += u64::from(kept);
                if kept {
                    known.acknowledge(run, under_way..under_way + 1);
                }
            }
            Err(fault) => report
                .faults
                .push(format!("diary {run}, killed at entry {under_way}: {fault}")),
        }
        // An entry that was under way is never tried again: it may or may not be there.
        next = under_way + 1;
    }
    report
}

/// What has to be in the diary from now on.
#[derive(Default)]
struct Known {
    entries: Vec<u64>,
    /// Of those that replace each other, the newest.
    newest: BTreeMap<&'static str, u64>,
}

impl Known {
    fn acknowledge(&mut self, run: u64, indexes: Range<u64>) {
        for index in indexes {
            match Entry::nth(run, index).replaces() {
                Some(place) => {
                    self.newest.insert(place, index);
                }
                None => self.entries.push(index),
            }
        }
    }
}

/// Lets a child write from entry `first` on and kills it; how many entries it acknowledged.
fn write_until_killed(folder: &Path, run: u64, first: u64, seed: &mut Seed) -> u64 {
    let mut writer = child("write")
        .arg(folder)
        .args([run.to_string(), first.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child");
    let mut told = BufReader::new(writer.stdout.take().expect("its output")).lines();
    let mut count = 0;
    if seed.below(4) == 0 {
        // While the file is opened and what the last kill left is recovered, or soon after.
        std::thread::sleep(Duration::from_micros(seed.below(40_000)));
    } else {
        // In the midst of entries.
        for _ in 0..=seed.below(15) {
            count += u64::from(told.next().is_some_and(|line| line.is_ok()));
        }
        std::thread::sleep(Duration::from_micros(seed.below(1_500)));
    }
    let _ = writer.kill();
    let _ = writer.wait();
    count + told.map_while(Result::ok).count() as u64
}

/// Checks a copy of what the killed writer left; whether the entry under way is there.
fn look(folder: &Path, run: u64, known: &Known, under_way: u64) -> Result<bool, String> {
    let copy = copied(folder);
    block_on(async {
        let opened = open_with_notes(copy.path())
            .await
            .map_err(|error| format!("does not open: {error}"))?;
        if !opened.notes.is_empty() {
            return Err(format!("opened with a false alarm: {:?}", opened.notes));
        }
        let diary = opened.diary;
        let contents = Contents::read(&diary)
            .await
            .map_err(|error| format!("cannot be read: {error}"))?;
        diary.close().await;
        let corrupt = async {
            let mut connection = raw::connect(copy.path()).await?;
            raw::corruption(&mut connection).await
        };
        let corrupt = corrupt
            .await
            .map_err(|error| format!("cannot be checked: {error}"))?;
        if !corrupt.is_empty() {
            return Err(format!("corrupt: {}", corrupt.join("; ")));
        }
        compare(&contents, run, known, under_way)
    })
}

fn compare(contents: &Contents, run: u64, known: &Known, under_way: u64) -> Result<bool, String> {
    for &index in &known.entries {
        let entry = Entry::nth(run, index);
        match contents.find(&entry) {
            Found::Whole => {}
            Found::Absent => return Err(format!("lost: entry {index}, {entry:?}")),
            Found::Torn => return Err(format!("torn: entry {index}, {entry:?}")),
        }
    }
    let entry = Entry::nth(run, under_way);
    let kept = contents.find(&entry);
    if kept == Found::Torn {
        return Err(format!("torn: entry {under_way} under way, {entry:?}"));
    }
    let kept = kept == Found::Whole;
    for (place, index) in &known.newest {
        let replaced = kept && entry.replaces() == Some(place);
        if !replaced && contents.find(&Entry::nth(run, *index)) != Found::Whole {
            return Err(format!("lost: the {place} of entry {index}"));
        }
    }
    Ok(kept)
}

/// The child: writes entry after entry and acknowledges each on its standard output.
pub(crate) fn write_forever(folder: &Path, run: u64, first: u64) {
    block_on(async {
        let diary: Diary = open(folder).await.expect("the diary");
        let mut out = std::io::stdout();
        for index in first.. {
            Entry::nth(run, index).write(&diary).await.expect("an entry");
            // One write, one line: the pipe keeps what was said before the kill.
            out.write_all(format!("{index}\n").as_bytes()).expect("the pipe");
            out.flush().expect("the pipe");
        }
    });
}
