//! The threads of the server.

use std::fs;

use hanami_api::system::Thread;

use super::process::TICKS;
use super::{Machine, entries, field, some};

impl Machine {
    /// The threads of this process, which hardware threads they may run on and did last, and what
    /// they have computed.
    pub(crate) fn threads(&self) -> Option<Vec<Thread>> {
        let mut threads = Vec::new();
        for task in entries(&self.0.join("proc/self/task"), "") {
            // A thread may end while it is looked at.
            let Ok(status) = fs::read_to_string(task.join("status")) else { continue };
            let id = field(&status, "Pid").and_then(|id| id.parse().ok());
            let name = field(&status, "Name").map(str::to_owned);
            let cpus = field(&status, "Cpus_allowed_list").map(str::to_owned);
            let (Some(id), Some(name), Some(cpus)) = (id, name, cpus) else { continue };
            let stat = fs::read_to_string(task.join("stat")).unwrap_or_default();
            let (last_cpu, cpu_seconds) = (stat_field(&stat, 39), seconds(&stat));
            threads.push(Thread {
                id,
                name,
                cpus,
                last_cpu: last_cpu.into(),
                cpu_seconds: cpu_seconds.into(),
            });
        }
        threads.sort_by_key(|thread| thread.id);
        some(threads)
    }
}

/// A field of a file `stat` by its number in `proc_pid_stat(5)`, from the third one on: the second
/// is the name of the program in brackets, which may hold anything.
pub(super) fn stat_field<T: std::str::FromStr>(stat: &str, number: usize) -> Option<T> {
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(number.checked_sub(3)?)?.parse().ok()
}

/// Processor time that a file `stat` tells of, in seconds.
pub(super) fn seconds(stat: &str) -> Option<f64> {
    let (user, system): (f64, f64) = (stat_field(stat, 14)?, stat_field(stat, 15)?);
    Some((user + system) / TICKS)
}

#[cfg(test)]
mod tests {
    use hanami_api::system::{NotAvailable, Reading};

    use super::*;
    use crate::machine::tests::machine;

    #[test]
    fn threads_are_read_with_and_without_what_they_did() {
        let status =
            |name: &str, id: u32| format!("Name:\t{name}\nPid:\t{id}\nCpus_allowed_list:\t0-3,8\n");
        let (first, second) = (status("worker", 9), status("helper", 10));
        let stat = "9 (a ) b) S 1 2 3 4 5 6 7 8 9 10 250 150 0 0 20 0 9 0 1200 99 98 0 0 0 0 0 0 0 \
                    0 0 0 0 0 0 17 3 0 0\n";
        let (_root, machine) = machine(&[
            ("proc/self/task/9/status", &first),
            ("proc/self/task/9/stat", stat),
            ("proc/self/task/10/status", &second),
            ("proc/self/task/11/status", "gone"),
        ]);
        let missing = NotAvailable::NotAvailable;
        let expected = [
            Thread {
                id: 9,
                name: "worker".into(),
                cpus: "0-3,8".into(),
                last_cpu: Reading::Known(3),
                cpu_seconds: Reading::Known(4.0),
            },
            Thread {
                id: 10,
                name: "helper".into(),
                cpus: "0-3,8".into(),
                last_cpu: Reading::Missing(missing),
                cpu_seconds: Reading::Missing(missing),
            },
        ];
        assert_eq!(machine.threads().unwrap(), expected);
    }
}
