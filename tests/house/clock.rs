//! The clock has two doors.

use crate::unfinished::stands_in;
use crate::{assert_none, checkout};

/// The only modules that ask for the time or the zone.
const DOORS: [&str; 2] = ["src-tauri/app/clock.rs", "src-tauri/remind/src/clock.rs"];

/// Tests may wait for real programs until a deadline, benchmarks measure, and the build tool times its steps.
fn may_measure(file: &str) -> bool {
    file.starts_with("tests/")
        || file.starts_with("src-tauri/xtask/")
        || file.contains("/tests/")
        || file.contains("/benches/")
}

#[test]
fn the_time_is_asked_for_at_two_doors_only() {
    let lint = "clippy::disallowed";
    let faults: Vec<String> = checkout::sources(&["rs"])
        .filter(|(file, text)| text.contains(lint) && !DOORS.contains(file) && !may_measure(file))
        .map(|(file, _)| file.to_owned())
        .collect();
    assert_none(
        &faults,
        "clippy.toml's rules on the time are lifted here. Take `now` and the zone as arguments; only the two doors read them: \
         src-tauri/app/clock.rs and src-tauri/remind/src/clock.rs.",
    );
}

/// Clippy can ban `Local::now`, but not the type as an argument: `with_timezone(&Local)` asks for the zone as well.
#[test]
fn the_machines_own_offset_stays_behind_the_doors() {
    let faults: Vec<String> = checkout::sources(&["rs"])
        .filter(|(file, _)| !DOORS.contains(file) && !may_measure(file))
        .filter(|(_, text)| {
            text.lines()
                .any(|line| line.contains("chrono") && stands_in(line, "Local"))
        })
        .map(|(file, _)| file.to_owned())
        .collect();
    assert_none(
        &faults,
        "`chrono::Local` is the machine's own zone, asked for unseen: take a named zone as an argument.",
    );
}

#[test]
fn both_doors_exist_and_say_why() {
    let faults: Vec<String> = DOORS
        .into_iter()
        .filter(|door| {
            let told = std::fs::read_to_string(checkout::root().join(door)).unwrap_or_default();
            !(told.contains("expect(")
                && told.contains("clippy::disallowed_methods")
                && told.contains("reason"))
        })
        .map(str::to_owned)
        .collect();
    assert_none(
        &faults,
        "Each door carries `#[expect(clippy::disallowed_methods, reason = \"…\")]`; if a door moved, tell DOORS in \
         tests/house/clock.rs and clippy.toml.",
    );
}

#[test]
fn clippy_bans_every_way_to_ask() {
    let rules = checkout::read("clippy.toml");
    let faults: Vec<String> = [
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "chrono::Utc::now",
        "chrono::Local::now",
        "jiff::Timestamp::now",
        "jiff::Zoned::now",
        "jiff::tz::TimeZone::system",
        "iana_time_zone::get_timezone",
        "tokio::time::Instant::now",
        "uuid::Uuid::now_v7",
        "uuid::Timestamp::now",
    ]
    .into_iter()
    .filter(|path| !rules.contains(&format!("\"{path}\"")))
    .map(str::to_owned)
    .collect();
    assert_none(
        &faults,
        "Ban these in clippy.toml's disallowed-methods, with the reason.",
    );
}
