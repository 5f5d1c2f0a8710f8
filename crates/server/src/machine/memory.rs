//! How much memory the server may use.

use std::fs;
use std::path::Path;

use super::{Machine, field, read};

impl Machine {
    /// Bytes of memory that the machine has.
    pub(super) fn memory(&self) -> Option<u64> {
        let text = fs::read_to_string(self.0.join("proc/meminfo")).ok()?;
        let kibibytes = field(&text, "MemTotal")?.strip_suffix(" kB")?.parse::<u64>().ok()?;
        Some(kibibytes * 1024)
    }

    /// Bytes of memory that this process may use: what the machine has, or what a control group, such
    /// as that of a container, leaves of it.
    pub(crate) fn usable_memory(&self) -> Option<u64> {
        self.memory().into_iter().chain(self.group_limit()).min()
    }

    /// The lowest limit among the control group of this process and those that it lies in.
    fn group_limit(&self) -> Option<u64> {
        let groups = fs::read_to_string(self.0.join("proc/self/cgroup")).ok()?;
        let mut limits = Vec::new();
        for line in groups.lines() {
            // Number, controllers, path; version 2 has one line, without controllers.
            let (root, file, path) = match line.splitn(3, ':').collect::<Vec<_>>()[..] {
                [_, "", path] => ("sys/fs/cgroup", "memory.max", path),
                [_, "memory", path] => ("sys/fs/cgroup/memory", "memory.limit_in_bytes", path),
                _ => continue,
            };
            let root = self.0.join(root);
            for group in Path::new(path.trim_start_matches('/')).ancestors() {
                limits.extend(read::<u64>(&root.join(group).join(file)));
            }
        }
        limits.into_iter().min()
    }
}

#[cfg(test)]
mod tests {
    use crate::machine::tests::machine;

    const TOTAL: (&str, &str) = ("proc/meminfo", "MemTotal:  2048 kB\nMemFree: 1 kB\n");

    #[test]
    fn without_a_group_it_is_all_there_is() {
        let (_root, machine) = machine(&[TOTAL]);
        assert_eq!(machine.usable_memory(), Some(2048 * 1024));
        let unlimited =
            [TOTAL, ("proc/self/cgroup", "0::/a"), ("sys/fs/cgroup/a/memory.max", "max")];
        let (_root, machine) = crate::machine::tests::machine(&unlimited);
        assert_eq!(machine.usable_memory(), Some(2048 * 1024));
    }

    #[test]
    fn the_lowest_limit_on_the_way_up_counts() {
        let (_root, machine) = machine(&[
            TOTAL,
            ("proc/self/cgroup", "0::/a/b\n"),
            ("sys/fs/cgroup/a/b/memory.max", "900000\n"),
            ("sys/fs/cgroup/a/memory.max", "800000\n"),
            ("sys/fs/cgroup/memory.max", "max\n"),
        ]);
        assert_eq!(machine.usable_memory(), Some(800_000));
    }

    #[test]
    fn groups_of_the_first_version_count_too() {
        let (_root, machine) = machine(&[
            TOTAL,
            ("proc/self/cgroup", "5:cpu:/a\n4:memory:/a\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "700000\n"),
        ]);
        assert_eq!(machine.usable_memory(), Some(700_000));
    }
}
