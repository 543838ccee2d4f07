//! A disk that is really full: a small file system of its own, on which entries are written until nothing fits any
//! more. What was acknowledged stays, the error says what is wrong, and with some room everything goes on.

use std::path::Path;
use std::process::{ExitCode, Stdio};

use afterglow_diary::backup::BackupError;
use afterglow_diary::{Diary, DiaryError};
use sqlx::Connection as _;

use crate::entries::{Contents, Entry, Found, ground};
use crate::seed::Seed;
use crate::{Outcome, Scale, block_on, child, open, raw};

/// How the child says that there can be no such file system here.
const NO_MOUNT: u8 = 9;

/// How large the file systems are, in kilobytes.
const SIZES: [u64; 6] = [480, 600, 800, 1_024, 1_600, 3_000];

pub(crate) fn run(scale: Scale) -> Outcome {
    let mut outcome = Outcome::default();
    let mut told = Vec::new();
    for (number, size) in (0..scale.pick(6, 60)).zip(SIZES.into_iter().cycle()) {
        let mut seed = Seed::of(17, number);
        let size = size + seed.below(64) * 4;
        let folder = tempfile::tempdir().expect("a folder");
        let program = child("full");
        // In a namespace of its own: nobody else sees the file system, and it goes with the child.
        let output = std::process::Command::new("unshare")
            .args(["-rm", "sh", "-c"])
            .arg(format!(
                "mount -t tmpfs -o size={size}k,mode=700 none \"$0\" || exit {NO_MOUNT}; exec \"$@\""
            ))
            .arg(folder.path())
            .arg(program.get_program())
            .args(program.get_args())
            .arg(folder.path())
            .arg(number.to_string())
            .stdin(Stdio::null())
            .output();
        let output = match output {
            Ok(output) if output.status.code() != Some(i32::from(NO_MOUNT)) => output,
            _ => {
                outcome.say("skipped: this account can mount nothing (unshare -rm)".to_owned());
                return outcome;
            }
        };
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() {
            told.push(format!("{size} kB: {said}"));
        } else {
            let complaint = String::from_utf8_lossy(&output.stderr);
            outcome
                .faults
                .push(format!("{size} kB: {said} {}", complaint.trim()));
        }
    }
    outcome.say(format!(
        "{} file systems that ran full; {}",
        told.len(),
        told.join("; ")
    ));
    outcome
}

/// The child, on the small file system.
pub(crate) fn be_the_child(folder: &Path, run: u64) -> ExitCode {
    match block_on(fill(folder, run)) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            println!("{fault}");
            ExitCode::FAILURE
        }
    }
}

async fn fill(folder: &Path, run: u64) -> Result<String, String> {
    let reserve = folder.join("reserve");
    let text = |error: &dyn std::error::Error| error.to_string();
    let diary = open(folder).await.map_err(|error| text(&error))?;
    for entry in ground(run) {
        entry.write(&diary).await.map_err(|error| text(&error))?;
    }
    std::fs::write(&reserve, vec![0; 96 * 1_024]).map_err(|error| text(&error))?;
    let mut kept = Vec::new();
    let mut refused = 0;
    // A small entry may still fit where a large one did not.
    for index in 0.. {
        match Entry::nth(run, index).write(&diary).await {
            Ok(()) => kept.push(index),
            Err(DiaryError::DiskFull) => refused += 1,
            Err(error) => return Err(format!("a full disk is called: {error}")),
        }
        if refused == 12 {
            break;
        }
    }
    match diary.back_up(chrono::DateTime::UNIX_EPOCH.date_naive()).await {
        Err(BackupError::DiskFull) => {}
        Err(error) => return Err(format!("a backup calls a full disk: {error}")),
        Ok(_) => return Err("a backup fits a full disk".to_owned()),
    }
    check(&diary, run, &kept).await?;
    std::fs::remove_file(&reserve).map_err(|error| text(&error))?;
    let more = kept.len() as u64 + refused;
    let entry = (more..more + 10_000)
        .map(|index| (index, Entry::nth(run, index)))
        .find(|(_, entry)| matches!(entry, Entry::CheckIn(one) if one.note.len() < 500));
    let (index, entry) = entry.ok_or("no entry")?;
    entry
        .write(&diary)
        .await
        .map_err(|error| format!("with room again: {error}"))?;
    kept.push(index);
    diary.close().await;
    let diary = open(folder).await.map_err(|error| text(&error))?;
    check(&diary, run, &kept).await?;
    diary.close().await;
    let mut connection = raw::connect(folder).await.map_err(|error| text(&error))?;
    let corrupt = raw::corruption(&mut connection)
        .await
        .map_err(|error| text(&error))?;
    // A thread that still lets go of it while the process ends meets OpenSSL's own clearing up.
    connection.close().await.map_err(|error| text(&error))?;
    if corrupt.is_empty() {
        Ok(format!("{} kept, {refused} refused", kept.len()))
    } else {
        Err(corrupt.join("; "))
    }
}

/// Everything that was acknowledged is there; of what replaces each other, the newest.
async fn check(diary: &Diary, run: u64, kept: &[u64]) -> Result<(), String> {
    let contents = Contents::read(diary).await.map_err(|error| error.to_string())?;
    let mut seen = Vec::new();
    for &index in kept.iter().rev() {
        let entry = Entry::nth(run, index);
        if let Some(place) = entry.replaces() {
            if seen.contains(&place) {
                continue;
            }
            seen.push(place);
        }
        if contents.find(&entry) != Found::Whole {
            return Err(format!("lost or torn: entry {index}, {entry:?}"));
        }
    }
    Ok(())
}
