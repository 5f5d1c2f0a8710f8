//! What the machine is made of.

use std::collections::BTreeSet;

use hanami_api::system::{Cpu, Reading, Topology};

use super::{Machine, field, numbered, read, some};

impl Machine {
    /// What it is made of.
    pub(crate) fn topology(&self) -> Topology {
        let info = self.cpu_info();
        let cpus = self.cpus(&info);
        let distinct = |place: fn(&Cpu) -> Option<(u32, u32)>| {
            let places: Option<BTreeSet<_>> = cpus.iter().map(place).collect();
            places.map(|places| places.len()).filter(|&count| count > 0)
        };
        let packages = distinct(|cpu| Some((known(&cpu.package)?, 0)));
        let cores = distinct(|cpu| Some((known(&cpu.package)?, known(&cpu.core)?)));
        let nodes = numbered(&self.0.join("sys/devices/system/node"), "node").len();
        let model = info.first().and_then(|cpu| field(cpu, "model name"));
        Topology {
            cpu_model: model.map(str::to_owned).into(),
            packages: packages.into(),
            cores: cores.into(),
            threads: Some(cpus.len()).filter(|&count| count > 0).into(),
            numa_nodes: Some(nodes).filter(|&count| count > 0).into(),
            memory_bytes: self.memory().into(),
            cpus: some(cpus).into(),
        }
    }

    /// The hardware threads that are in use, from `/sys`, or else from what `/proc/cpuinfo` says.
    fn cpus(&self, info: &[String]) -> Vec<Cpu> {
        let node_of = self.numa_nodes();
        let node = |cpu: u32| {
            node_of.iter().find(|(_, cpus)| cpus.contains(&cpu)).map(|&(node, _)| node).into()
        };
        let mut found = Vec::new();
        for (cpu, folder) in self.cpu_folders() {
            let topology = folder.join("topology");
            let package = read(&topology.join("physical_package_id"));
            // One that is switched off has no place.
            let Some(core) = read::<u32>(&topology.join("core_id")) else { continue };
            let core = Some(core).into();
            found.push(Cpu { cpu, package: package.into(), core, numa_node: node(cpu) });
        }
        if found.is_empty() {
            let number = |part: &str, key| field(part, key)?.parse::<u32>().ok();
            let cpu = |part: &String| {
                let cpu = number(part, "processor")?;
                let package = number(part, "physical id").into();
                let core = number(part, "core id").into();
                Some(Cpu { cpu, package, core, numa_node: node(cpu) })
            };
            found = info.iter().filter_map(cpu).collect();
        }
        found
    }

    /// The nodes of memory, and the hardware threads that are close to each.
    fn numa_nodes(&self) -> Vec<(u32, Vec<u32>)> {
        let nodes = numbered(&self.0.join("sys/devices/system/node"), "node");
        let cpus = nodes.into_iter().map(|(node, folder)| {
            let list: String = read(&folder.join("cpulist")).unwrap_or_default();
            (node, numbers(&list))
        });
        cpus.collect()
    }
}

fn known(reading: &Reading<u32>) -> Option<u32> {
    reading.clone().into()
}

/// The numbers in a list like `0-3,8`, up to those that a machine can have.
fn numbers(list: &str) -> Vec<u32> {
    const MOST: u32 = 1 << 16;
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        Some(first..=last.min(MOST))
    };
    list.split(',').filter_map(range).flatten().collect()
}

#[cfg(test)]
mod tests {
    use hanami_api::system::NotAvailable;

    use super::*;
    use crate::machine::tests::machine;

    fn info(processor: u32, package: u32, core: u32) -> String {
        format!(
            "processor\t: {processor}\nmodel name\t: A: Fast One\ncpu MHz\t\t: 2596.126\n\
             physical id\t: {package}\ncore id\t\t: {core}\n\n"
        )
    }

    #[test]
    fn two_packages_of_two_cores_of_two_threads_are_counted() {
        let info: String = (0..8).map(|number| info(number, number % 2, number / 2 % 2)).collect();
        let files =
            [("proc/cpuinfo", &*info), ("proc/meminfo", "MemTotal:  2048 kB\nMemFree: 1 kB\n")];
        let (_root, machine) = machine(&files);
        let topology = machine.topology();
        assert_eq!(topology.cpu_model, Reading::Known("A: Fast One".to_owned()));
        let counts = (topology.packages, topology.cores, topology.threads);
        assert_eq!(counts, (Reading::Known(2), Reading::Known(4), Reading::Known(8)));
        assert_eq!(topology.memory_bytes, Reading::Known(2048 * 1024));
        assert_eq!(topology.numa_nodes, Reading::Missing(NotAvailable::NotAvailable));
    }

    #[test]
    fn the_place_of_each_thread_is_read_where_cpuinfo_does_not_tell() {
        let path =
            |cpu: u32, name: &str| format!("sys/devices/system/cpu/cpu{cpu}/topology/{name}");
        let mut files = vec![
            ("proc/cpuinfo".to_owned(), "processor : 0\nBogoMIPS : 50\n".to_owned()),
            // Switched off.
            ("sys/devices/system/cpu/cpu4/online".to_owned(), "0\n".to_owned()),
            ("sys/devices/system/node/node0/cpulist".to_owned(), "0-1\n".to_owned()),
            ("sys/devices/system/node/node1/cpulist".to_owned(), "2,3\n".to_owned()),
            ("sys/devices/system/node/possible".to_owned(), "0-1\n".to_owned()),
        ];
        for cpu in 0..4 {
            files.push((path(cpu, "physical_package_id"), format!("{}\n", cpu / 2)));
            files.push((path(cpu, "core_id"), "0\n".to_owned()));
        }
        let files: Vec<_> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
        let (_root, machine) = machine(&files);
        let topology = machine.topology();
        assert_eq!(topology.cpu_model, Reading::Missing(NotAvailable::NotAvailable));
        let counts = (topology.packages, topology.cores, topology.threads, topology.numa_nodes);
        let known = Reading::Known;
        assert_eq!(counts, (known(2), known(2), known(4), known(2)));
        let Reading::Known(cpus) = topology.cpus else { panic!("no threads") };
        let (package, core) = (Reading::Known(1), Reading::Known(0));
        assert_eq!(cpus[3], Cpu { cpu: 3, package, core, numa_node: Reading::Known(1) });
    }

    #[test]
    fn what_is_unknown_is_not_counted() {
        let (_root, machine) = machine(&[("proc/cpuinfo", "processor : 0\n\nprocessor : 1\n")]);
        let topology = machine.topology();
        let missing = Reading::Missing(NotAvailable::NotAvailable);
        assert_eq!((topology.packages, topology.cores), (missing.clone(), missing));
        assert_eq!(topology.threads, Reading::Known(2));
    }

    #[test]
    fn lists_of_numbers_are_read_and_nonsense_is_passed_over() {
        assert_eq!(numbers("0-3,8\n"), [0, 1, 2, 3, 8]);
        assert_eq!(numbers("5,x,3-1,-,"), [5]);
        assert!(numbers("0-4294967295").len() < 100_000);
    }
}
