//! How much the app takes beyond an empty window: time to first paint, and memory; and what its reminder service takes
//! beside an empty process in the tray.
//!
//! Both programs start in turn on the same private screen, each with an empty home and a session bus of its own, and
//! are watched from outside. The ratio of the medians is what counts: it says the same on a slow machine and a fast one.

mod memory;
mod screen;
mod stage;

use std::path::Path;
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
        runs,
    )
}

fn compare(app: &Path, floor: &Path, runs: usize) -> Result<(), Failure> {
    let stage = Stage::open()?;
    // A first start of each fills the disk cache, and tells how large the floor's window must be.
    let window = stage.show(app, &[])?.window;
    let size = [window.width.to_string(), window.height.to_string()];
    let other = stage.show(floor, &size)?.window;
    if other != window {
        return Err(Failure::new(format!(
            "the windows differ: the app's is {window}, the floor's {other}"
        )));
    }
    let (mut apps, mut floors, mut trays) = (Vec::new(), Vec::new(), Vec::new());
    for run in 1..=runs {
        say(&format!("run {run} of {runs}"));
        floors.push(stage.show(floor, &size)?);
        apps.push(stage.show(app, &[])?);
        trays.push(stage.rest(floor, &["tray".to_owned()])?);
    }
    print!("{}", table(window, &apps, &floors, &trays));
    Ok(())
}

fn table(window: Size, apps: &[Measured], floors: &[Measured], trays: &[Memory]) -> String {
    let row = |name: &str, unit: &str, figure: &dyn Fn(&Measured) -> f64| {
        let (app, floor) = (median(apps.iter().map(figure)), median(floors.iter().map(figure)));
        format!(
            "{name:<26}{app:>9.1} {unit:<4}{floor:>9.1} {unit:<4}{:>8.2}\n",
            app / floor
        )
    };
    let service = median(apps.iter().map(|seen| seen.memory.service));
    let tray = median(trays.iter().map(Memory::all));
    [
        format!("\nmedians of {} runs, window {window}\n", apps.len()),
        format!("{:<26}{:>13} {:>13} {:>8}\n", "", "app", "floor", "ratio"),
        row("first paint", "ms", &|seen| seen.paint.as_secs_f64() * 1000.0),
        row("memory (PSS), all", "MiB", &|seen| seen.memory.all()),
        row("  own process", "MiB", &|seen| seen.memory.own),
        row("  web view's processes", "MiB", &|seen| seen.memory.web),
        format!("{:<26}{service:>9.1} MiB\n", "  reminder service"),
        format!("{:<26}{:>13}{tray:>9.1} MiB\n", "  a tray of plain Tauri", ""),
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
