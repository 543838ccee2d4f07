//! How much the app takes beyond an empty window, on its first start and with ten years of entries: time to first paint,
//! and memory; and what its reminder service takes beside an empty process in the tray.
//!
//! Both programs start in turn on the same private screen, each with an empty home and a session bus of its own, and
//! are watched from outside. The ratio of the medians is what counts: it says the same on a slow machine and a fast one.

mod memory;
mod screen;
mod stage;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::place::Place;
use crate::setup::{self, Need};
use crate::step::{Failure, Steps, must, say};
use crate::{build, ui};
use memory::Memory;
use screen::Size;
use stage::Stage;

const RUNS: usize = 7;

/// What one start showed.
struct Measured {
    /// From the start of the process until words stood in the window.
    paint: Duration,
    memory: Memory,
    window: Size,
}

/// Builds both programs for release and compares them over the given number of runs.
///
/// # Errors
/// When the set-up, a build or a start fails, or a window shows nothing in time.
pub(crate) fn bench(place: &Place, rest: &[String]) -> Result<(), Failure> {
    let runs = match rest {
        [] => RUNS,
        [number] => number.parse().ok().filter(|runs| *runs > 0).ok_or_else(usage)?,
        _ => return Err(usage()),
    };
    if !cfg!(target_os = "linux") {
        return Err(Failure::usage(
            "`bench` watches a virtual X screen and /proc: it runs on Linux only".into(),
        ));
    }
    setup::set_up(place, Need::Test)?;
    let mut steps = Steps::begin();
    if !(ui::install(&mut steps, place) && ui::build(&mut steps, place)) {
        steps.finish()?;
    }
    say("build for release");
    must(&mut build::programs(place, true, &["bench"]))?;
    compare(
        &place.built("release", "afterglow"),
        &place.built("release/examples", "floor"),
        &place.built("release/examples", "ten_years"),
        runs,
    )
}

/// What was seen of each, in turn.
#[derive(Default)]
struct Seen {
    floor: Vec<Measured>,
    first: Vec<Measured>,
    ten_years: Vec<Measured>,
    tray: Vec<Memory>,
}

fn compare(app: &Path, floor: &Path, ten_years: &Path, runs: usize) -> Result<(), Failure> {
    let stage = Stage::open()?;
    say("fill a diary with ten years");
    let diary = stage.folder().join("ten-years");
    must(Command::new(ten_years).arg(&diary))?;
    // A first start of each fills the disk cache, and tells how large the floor's window must be.
    let window = stage.show(app, &[])?.window;
    stage.show_with(app, &diary)?;
    let size = [window.width.to_string(), window.height.to_string()];
    let other = stage.show(floor, &size)?.window;
    if other != window {
        return Err(Failure::new(format!(
            "the windows differ: the app's is {window}, the floor's {other}"
        )));
    }
    let mut seen = Seen::default();
    for run in 1..=runs {
        say(&format!("run {run} of {runs}"));
        seen.floor.push(stage.show(floor, &size)?);
        seen.first.push(stage.show(app, &[])?);
        seen.ten_years.push(stage.show_with(app, &diary)?);
        seen.tray.push(stage.rest(floor, &["tray".to_owned()])?);
    }
    print!("{}", table(window, &seen));
    Ok(())
}

fn table(window: Size, seen: &Seen) -> String {
    let row = |name: &str, unit: &str, figure: &dyn Fn(&Measured) -> f64| {
        let of = |seen: &[Measured]| median(seen.iter().map(figure));
        let floor = of(&seen.floor);
        let beside = |app: f64| format!("{app:>10.1} {unit:<3}{:>6.2} x", app / floor);
        format!(
            "{name:<26}{floor:>10.1} {unit:<3}{}{}\n",
            beside(of(&seen.first)),
            beside(of(&seen.ten_years))
        )
    };
    let service = median(seen.first.iter().map(|seen| seen.memory.service));
    let tray = median(seen.tray.iter().map(Memory::all));
    [
        format!("\nmedians of {} runs, window {window}\n", seen.first.len()),
        format!(
            "{:<26}{:>14}{:>22}{:>22}\n",
            "", "empty window", "app, first start", "app, ten years"
        ),
        row("first paint", "ms", &|seen| seen.paint.as_secs_f64() * 1000.0),
        row("memory (PSS), all", "MiB", &|seen| seen.memory.all()),
        row("  own process", "MiB", &|seen| seen.memory.own),
        row("  web view's processes", "MiB", &|seen| seen.memory.web),
        format!("reminder service          {service:>10.1} MiB\n"),
        format!("a tray of plain Tauri     {tray:>10.1} MiB\n"),
    ]
    .concat()
}

/// The middle of the figures, or the mean of the two in the middle; zero of none.
fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    match (figures.len(), figures.len() / 2) {
        (0, _) => 0.0,
        (count, half) if count % 2 == 1 => figures[half],
        (_, half) => f64::midpoint(figures[half - 1], figures[half]),
    }
}

fn usage() -> Failure {
    Failure::usage("`bench` takes nothing but how many runs of each to make".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let table: [(&[f64], f64); 4] = [
            (&[], 0.0),
            (&[3.0], 3.0),
            (&[9.0, 1.0, 2.0], 2.0),
            (&[1.0, 10.0, 2.0, 4.0], 3.0),
        ];
        for (figures, expected) in table {
            assert!(
                (median(figures.iter().copied()) - expected).abs() < f64::EPSILON,
                "{figures:?}"
            );
        }
    }
}
