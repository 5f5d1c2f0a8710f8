//! What the server takes of the machine: `/proc/self`.

use std::fs;

use super::threads::{seconds, stat_field};
use super::{Machine, field};

/// Clock ticks per second in the files of `/proc`; the same on every Linux, whatever its timer.
pub(super) const TICKS: f64 = 100.0;

/// The process of the server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Process {
    /// Memory that it occupies, in bytes.
    pub(crate) resident_bytes: u64,
    /// Memory that it has reserved, in bytes.
    pub(crate) virtual_bytes: u64,
    /// Open file descriptors.
    pub(crate) open_files: u64,
    /// Processor time used, in seconds.
    pub(crate) cpu_seconds: f64,
    /// When it was started, in seconds since 1970.
    pub(crate) started_at: f64,
}

impl Machine {
    /// The process that asks.
    pub(crate) fn process(&self) -> Option<Process> {
        let own = self.0.join("proc/self");
        let status = fs::read_to_string(own.join("status")).ok()?;
        let kibibytes = |key| field(&status, key)?.strip_suffix(" kB")?.parse::<u64>().ok();
        let stat = fs::read_to_string(own.join("stat")).ok()?;
        let machine = fs::read_to_string(self.0.join("proc/stat")).ok()?;
        let boot = machine.lines().find_map(|line| line.strip_prefix("btime "))?;
        Some(Process {
            resident_bytes: kibibytes("VmRSS")? * 1024,
            virtual_bytes: kibibytes("VmSize")? * 1024,
            open_files: fs::read_dir(own.join("fd")).ok()?.count() as u64,
            cpu_seconds: seconds(&stat)?,
            started_at: boot.trim().parse::<f64>().ok()? + stat_field::<f64>(&stat, 22)? / TICKS,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::tests::machine;

    #[test]
    fn a_process_is_read_whatever_its_name() {
        let stat = "7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 250 150 0 0 20 0 9 0 1200 99 98\n";
        let (_root, machine) = machine(&[
            ("proc/self/status", "Name:\ta b) c\nVmSize:\t   2048 kB\nVmRSS:\t     512 kB\n"),
            ("proc/self/stat", stat),
            ("proc/self/fd/0", ""),
            ("proc/self/fd/1", ""),
            ("proc/stat", "cpu  1 2 3\nbtime 1700000000\n"),
        ]);
        let expected = Process {
            resident_bytes: 512 * 1024,
            virtual_bytes: 2048 * 1024,
            open_files: 2,
            cpu_seconds: 4.0,
            started_at: 1_700_000_012.0,
        };
        assert_eq!(machine.process(), Some(expected));
    }

    #[test]
    fn where_there_are_no_such_files_nothing_is_told() {
        let (_root, machine) = machine(&[("proc/self/stat", "7 (hanami) S 1")]);
        assert_eq!(machine.process(), None);
    }
}
