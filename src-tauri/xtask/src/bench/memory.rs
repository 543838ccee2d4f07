//! The memory of everything that a program started, by the kernel's own proportional count.

use std::fs;
use std::path::Path;

/// Proportional set sizes in MiB: pages shared by several processes count in parts.
#[derive(Clone, Copy, Default)]
pub(super) struct Memory {
    /// The program itself.
    pub(super) own: f64,
    /// The web view's helpers.
    pub(super) web: f64,
    /// The app's reminder service.
    pub(super) service: f64,
    /// Whatever else it started.
    pub(super) rest: f64,
}

impl Memory {
    /// The sum.
    pub(super) fn all(&self) -> f64 {
        self.own + self.web + self.service + self.rest
    }

    /// Adds up the given processes, of which `own` is the program itself.
    pub(super) fn of(processes: &[u32], own: u32) -> Self {
        let mut sum = Self::default();
        for &process in processes {
            let folder = Path::new("/proc").join(process.to_string());
            // A helper may end while it is being looked at.
            let size = fs::read_to_string(folder.join("smaps_rollup"))
                .ok()
                .and_then(|text| pss(&text))
                .unwrap_or(0.0);
            let name = fs::read_to_string(folder.join("comm")).unwrap_or_default();
            if process == own {
                sum.own += size;
            } else if name.starts_with("WebKit") {
                sum.web += size;
            } else if name.starts_with("afterglow") {
                sum.service += size;
            } else {
                sum.rest += size;
            }
        }
        sum
    }
}

/// The `Pss:` line in MiB.
fn pss(rollup: &str) -> Option<f64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace()
        .next()?
        .parse::<f64>()
        .ok()
        .map(|kib| kib / 1024.0)
}

/// Every process that carries `mark` in its environment: those that were started with it and all they started, also
/// what has long left its parent.
pub(super) fn marked(mark: &str) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|process: &u32| {
            fs::read(format!("/proc/{process}/environ")).is_ok_and(|environment| {
                environment
                    .split(|byte| *byte == 0)
                    .any(|pair| pair == mark.as_bytes())
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proportional_size_is_read_and_not_one_of_its_parts() {
        let rollup =
            "00400000-7ffe [rollup]\nRss:   9000 kB\nPss:   2048 kB\nPss_Anon:  512 kB\nShared_Clean: 1 kB\n";
        assert_eq!(pss(rollup), Some(2.0));
        assert_eq!(pss("Rss: 1 kB\n"), None);
    }
}
