//! Runs of the binary, and what the tests give it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The answer in JSON of a run that went well.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        assert_eq!(self.stderr, "");
        serde_json::from_str(&self.stdout).expect("JSON")
    }

    /// What was said of input that was refused: exit code 2, and nothing on standard output.
    pub(crate) fn refused(&self) -> &str {
        assert_eq!(self.code, 2, "{}", self.stdout);
        assert_eq!(self.stdout, "");
        assert_ne!(self.stderr, "");
        &self.stderr
    }
}

/// Runs the tool with words that are separated by spaces.
pub(crate) fn careplan(arguments: &str) -> Run {
    run(&arguments.split_whitespace().collect::<Vec<_>>(), "")
}

/// Runs the tool with some text on its standard input.
pub(crate) fn run(arguments: &[&str], input: &str) -> Run {
    run_in(Path::new("."), arguments, input)
}

/// Runs the tool in a folder.
pub(crate) fn run_in(folder: &Path, arguments: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_careplan"))
        .args(arguments)
        .current_dir(folder)
        // The tool knows nothing of the machine that it runs on.
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts");
    let mut stdin = child.stdin.take().expect("its standard input");
    let input = input.to_owned();
    // Written beside the reading, so that neither waits for the other; a tool that needs no input closes it.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the tool ends");
    drop(writer.join().expect("the writer"));
    Run {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A session of 1.5 mm on a Monday evening in Berlin.
pub(crate) const MONDAY: &str = "--ended 2026-11-02T17:30 --zone Europe/Berlin --depth 1.5";

/// The names in a list.
pub(crate) fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .expect("a list")
        .iter()
        .map(|name| name.as_str().expect("a name"))
        .collect()
}

/// The fields of an object, sorted.
pub(crate) fn fields(object: &Value) -> Vec<&str> {
    let mut fields: Vec<_> = object
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    fields.sort_unstable();
    fields
}

/// A case with one session and one check-in a day later.
pub(crate) fn case() -> Value {
    json!({
        "session": {
            "ended_at": "2026-11-02T17:30:00", "zone": "Europe/Berlin", "depth_mm": 1.5,
            "areas": ["face"], "setting": "clinic"
        },
        "risks": [],
        "check_ins": [{
            "at": "2026-11-03T20:00:00+01:00",
            "severities": { "erythema": 2, "edema": 1, "warmth": 1, "pain": 1 },
            "signs": []
        }],
        "now": "2026-11-03T20:05:00+01:00"
    })
}

/// Assesses a case that is given on standard input.
pub(crate) fn assess(case: &Value) -> Run {
    run(&["assess", "-", "--json"], &case.to_string())
}

/// A clinic's plan in a folder of its own, with a translation where one is given.
pub(crate) struct ClinicPlan {
    _folder: TempDir,
    path: PathBuf,
}

impl ClinicPlan {
    /// Writes the files.
    pub(crate) fn new(plan: &str, spanish: Option<&str>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sunrise.toml");
        std::fs::write(&path, plan).expect("a file");
        if let Some(spanish) = spanish {
            std::fs::write(folder.path().join("sunrise.es.toml"), spanish).expect("a file");
        }
        Self {
            _folder: folder,
            path,
        }
    }

    /// Where the plan is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// A made-up clinic that lets nobody swim for longer, shortens the rest from sport with a named
/// clinician and leaves one instruction out.
pub(crate) const SUNRISE: &str = r#"format = 1
id = "sunrise"
version = 3
locale = "en"
extends = { id = "microneedling", version = 2 }

[texts]
title = "Care after microneedling at Sunrise Skin Clinic"
review = "Reviewed by Dr Ana Ruiz."

[clinic]
name = "Sunrise Skin Clinic"
phones = [{ number = "+44 20 7946 0000", label = "Front desk" }]

[[instruction]]
id = "no_swimming"
timing.window = { hours = { superficial = [0, 72], medium = [0, 120], deep = [0, 240] } }

[[instruction]]
id = "no_sweat"
timing.window = { hours = { superficial = [0, 24], medium = [0, 48], deep = [0, 120] } }
approved_by = "Dr Ana Ruiz"

[[switch_off]]
id = "sleep_raised"
reason = "Our sessions do not need it."
"#;
