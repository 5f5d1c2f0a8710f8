//! What the machine says of itself, read from the files of Linux under `/proc` and `/sys`.
//!
//! What is not there, or may not be read, is `None`: virtual machines have no sensors, and other
//! systems have none of these files.

mod memory;
mod process;
mod sensors;
mod threads;
mod topology;

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use process::Process;
pub(crate) use sensors::{METERING, power};

/// The machine whose root directory this is.
pub(crate) struct Machine(PathBuf);

impl Machine {
    /// The machine that the server runs on.
    pub(crate) fn own() -> Self {
        Self("/".into())
    }

    /// The parts of `/proc/cpuinfo`, one per hardware thread.
    fn cpu_info(&self) -> Vec<String> {
        let text = fs::read_to_string(self.0.join("proc/cpuinfo")).unwrap_or_default();
        let parts = text.split("\n\n").filter(|part| field(part, "processor").is_some());
        parts.map(str::to_owned).collect()
    }

    /// The hardware threads and their folders, in order.
    fn cpu_folders(&self) -> Vec<(u32, PathBuf)> {
        numbered(&self.0.join("sys/devices/system/cpu"), "cpu")
    }
}

/// The value of a line `key : value`.
fn field<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == key).then(|| value.trim())
    })
}

/// What a file holds, if it can be read as that.
fn read<T: std::str::FromStr>(path: &Path) -> Option<T> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The entries of a directory whose names begin with `prefix`, sorted.
fn entries(directory: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(directory) else { return Vec::new() };
    let named =
        found.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    let mut paths: Vec<PathBuf> = named.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The list, unless nothing is in it.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// The entries of a directory that are called `prefix` and a number, by that number.
fn numbered(directory: &Path, prefix: &str) -> Vec<(u32, PathBuf)> {
    let number = |path: PathBuf| {
        let number = path.file_name()?.to_str()?.strip_prefix(prefix)?.parse().ok()?;
        Some((number, path))
    };
    let mut found: Vec<_> = entries(directory, prefix).into_iter().filter_map(number).collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with these files.
    pub(super) fn machine(files: &[(&str, &str)]) -> (tempfile::TempDir, Machine) {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let machine = Machine(root.path().to_owned());
        (root, machine)
    }

    #[test]
    fn entries_are_in_the_order_of_their_numbers() {
        let files = ["cpu10/a", "cpu2/a", "cpufreq/a", "cpu/a", "other1/a"].map(|path| (path, ""));
        let (root, _) = machine(&files);
        let found: Vec<u32> =
            numbered(root.path(), "cpu").into_iter().map(|(number, _)| number).collect();
        assert_eq!(found, [2, 10]);
    }

    #[test]
    fn a_machine_that_tells_nothing_is_told_so() {
        let files = [("proc/cpuinfo", "garbage"), ("proc/meminfo", "garbage")];
        let (_root, machine) = machine(&files);
        assert_eq!(machine.threads(), None);
        assert_eq!(machine.speed(), None);
        assert_eq!(power(machine.meters()), None);
        assert_eq!(machine.temperature(), None);
        assert_eq!(machine.process(), None);
    }
}
