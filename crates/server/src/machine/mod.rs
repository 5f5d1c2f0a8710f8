//! What the machine says of itself, read from the files of Linux under `/proc` and `/sys`.
//!
//! What is not there, or may not be read, is `None`: virtual machines have no sensors, and other
//! systems have none of these files.

mod process;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hanami_api::system::{Clock, Power, Temperature, Thread, Topology};

pub(crate) use process::Process;

/// Time between two readings of an energy meter, from which its power follows.
pub(crate) const METERING: Duration = Duration::from_millis(100);

/// The machine whose root directory this is.
pub(crate) struct Machine(PathBuf);

impl Machine {
    /// The machine that the server runs on.
    pub(crate) fn own() -> Self {
        Self("/".into())
    }

    /// What it is made of.
    pub(crate) fn topology(&self) -> Topology {
        let cpus = self.cpus();
        let distinct = |keys: &[&str]| {
            let ids = cpus.iter().map(|cpu| keys.iter().map(|key| field(cpu, key)).collect());
            let ids: Option<BTreeSet<Vec<&str>>> = ids.collect();
            ids.map(|ids| ids.len()).filter(|&count| count > 0)
        };
        let memory = fs::read_to_string(self.0.join("proc/meminfo")).ok();
        let kibibytes = memory
            .as_deref()
            .and_then(|memory| field(memory, "MemTotal")?.strip_suffix(" kB")?.parse::<u64>().ok());
        let model = cpus.first().and_then(|cpu| field(cpu, "model name"));
        Topology {
            cpu_model: model.map(str::to_owned).into(),
            packages: distinct(&["physical id"]).into(),
            cores: distinct(&["physical id", "core id"]).into(),
            threads: distinct(&["processor"]).into(),
            memory_bytes: kibibytes.map(|kibibytes| kibibytes * 1024).into(),
        }
    }

    /// The threads of this process, and which hardware threads they may run on.
    pub(crate) fn threads(&self) -> Option<Vec<Thread>> {
        let mut threads = Vec::new();
        for task in entries(&self.0.join("proc/self/task"), "") {
            // A thread may end while it is looked at.
            let Ok(status) = fs::read_to_string(task.join("status")) else { continue };
            let id = field(&status, "Pid").and_then(|id| id.parse().ok());
            let name = field(&status, "Name").map(str::to_owned);
            let cpus = field(&status, "Cpus_allowed_list").map(str::to_owned);
            if let (Some(id), Some(name), Some(cpus)) = (id, name, cpus) {
                threads.push(Thread { id, name, cpus });
            }
        }
        threads.sort_by_key(|thread| thread.id);
        some(threads)
    }

    /// The present clock of each hardware thread.
    pub(crate) fn speed(&self) -> Option<Vec<Clock>> {
        let mut clocks = Vec::new();
        for folder in entries(&self.0.join("sys/devices/system/cpu"), "cpu") {
            let number = folder.file_name().and_then(|name| name.to_str()?.strip_prefix("cpu"));
            let number = number.and_then(|number| number.parse().ok());
            let kilohertz: Option<f64> = read(&folder.join("cpufreq/scaling_cur_freq"));
            if let (Some(cpu), Some(kilohertz)) = (number, kilohertz) {
                clocks.push(Clock { cpu, mhz: kilohertz / 1e3 });
            }
        }
        if clocks.is_empty() {
            let clock = |cpu: &String| {
                let number = field(cpu, "processor")?.parse().ok()?;
                Some(Clock { cpu: number, mhz: field(cpu, "cpu MHz")?.parse().ok()? })
            };
            clocks = self.cpus().iter().filter_map(clock).collect();
        }
        clocks.sort_by_key(|clock| clock.cpu);
        some(clocks)
    }

    /// The energy meters, as they stand now.
    pub(crate) fn meters(&self) -> Vec<Meter> {
        let meter = |folder: PathBuf| {
            Some(Meter {
                part: read(&folder.join("name"))?,
                microjoules: read(&folder.join("energy_uj"))?,
                range: read(&folder.join("max_energy_range_uj"))?,
                read_at: Instant::now(),
                folder,
            })
        };
        entries(&self.0.join("sys/class/powercap"), "").into_iter().filter_map(meter).collect()
    }

    /// The present temperature at each sensor.
    pub(crate) fn temperature(&self) -> Option<Vec<Temperature>> {
        let mut found = Vec::new();
        let mut add = |named: &Path, value: &Path| {
            if let (Some(sensor), Some(thousandths)) = (read(named), read::<f64>(value)) {
                found.push(Temperature { sensor, celsius: thousandths / 1e3 });
            }
        };
        for zone in entries(&self.0.join("sys/class/thermal"), "thermal_zone") {
            add(&zone.join("type"), &zone.join("temp"));
        }
        for monitor in entries(&self.0.join("sys/class/hwmon"), "hwmon") {
            for value in entries(&monitor, "temp") {
                if value.to_string_lossy().ends_with("_input") {
                    add(&monitor.join("name"), &value);
                }
            }
        }
        some(found)
    }

    /// The parts of `/proc/cpuinfo`, one per hardware thread.
    fn cpus(&self) -> Vec<String> {
        let text = fs::read_to_string(self.0.join("proc/cpuinfo")).unwrap_or_default();
        let parts = text.split("\n\n").filter(|part| field(part, "processor").is_some());
        parts.map(str::to_owned).collect()
    }
}

/// An energy meter, as it stood at one time.
pub(crate) struct Meter {
    folder: PathBuf,
    part: String,
    microjoules: u64,
    /// After so many microjoules it begins anew.
    range: u64,
    read_at: Instant,
}

/// The power of each part since its meter was read, which should be some [`METERING`] ago.
pub(crate) fn power(meters: Vec<Meter>) -> Option<Vec<Power>> {
    let power = |Meter { folder, part, microjoules, range, read_at }| {
        let now: u64 = read(&folder.join("energy_uj"))?;
        let seconds = read_at.elapsed().as_secs_f64();
        let begun_anew = || now.saturating_add(range.saturating_sub(microjoules));
        let used = now.checked_sub(microjoules).unwrap_or_else(begun_anew);
        Some(Power { part, watts: used as f64 / 1e6 / seconds })
    };
    some(meters.into_iter().filter_map(power).collect())
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

#[cfg(test)]
mod tests {
    use hanami_api::system::{NotAvailable, Reading};

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

    fn cpu(processor: u32, package: u32, core: u32) -> String {
        format!(
            "processor\t: {processor}\nmodel name\t: A: Fast One\ncpu MHz\t\t: 2596.126\n\
             physical id\t: {package}\ncore id\t\t: {core}\n\n"
        )
    }

    #[test]
    fn two_packages_of_two_cores_of_two_threads_are_counted() {
        let cpus: String = (0..8).map(|number| cpu(number, number % 2, number / 2 % 2)).collect();
        let files =
            [("proc/cpuinfo", &*cpus), ("proc/meminfo", "MemTotal:  2048 kB\nMemFree: 1 kB\n")];
        let (_root, machine) = machine(&files);
        let Topology { cpu_model, packages, cores, threads, memory_bytes } = machine.topology();
        assert_eq!(cpu_model, Reading::Known("A: Fast One".to_owned()));
        assert_eq!(
            (packages, cores, threads),
            (Reading::Known(2), Reading::Known(4), Reading::Known(8))
        );
        assert_eq!(memory_bytes, Reading::Known(2048 * 1024));
        let speed = machine.speed().unwrap();
        assert_eq!((speed.len(), speed[7].cpu, speed[7].mhz), (8, 7, 2596.126));
    }

    #[test]
    fn a_machine_that_tells_nothing_is_told_so() {
        let (_root, machine) = machine(&[("proc/cpuinfo", "garbage"), ("proc/meminfo", "garbage")]);
        let topology = machine.topology();
        assert_eq!(topology.cores, Reading::Missing(NotAvailable::NotAvailable));
        assert_eq!(topology.memory_bytes, Reading::Missing(NotAvailable::NotAvailable));
        assert_eq!(machine.threads(), None);
        assert_eq!(machine.speed(), None);
        assert_eq!(power(machine.meters()), None);
        assert_eq!(machine.temperature(), None);
    }

    #[test]
    fn sensors_are_read() {
        let (_root, machine) = machine(&[
            ("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "3100000\n"),
            ("sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq", "1\n"),
            ("sys/class/thermal/thermal_zone0/type", "acpitz\n"),
            ("sys/class/thermal/thermal_zone0/temp", "27800\n"),
            ("sys/class/hwmon/hwmon0/name", "k10temp\n"),
            ("sys/class/hwmon/hwmon0/temp1_input", "51250\n"),
            ("sys/class/hwmon/hwmon0/temp1_max", "90000\n"),
            ("sys/class/powercap/intel-rapl:0/name", "package-0\n"),
            ("sys/class/powercap/intel-rapl:0/energy_uj", "5\n"),
            ("sys/class/powercap/intel-rapl:0/max_energy_range_uj", "100\n"),
            ("proc/self/task/9/status", "Name:\tworker\nPid:\t9\nCpus_allowed_list:\t0-3,8\n"),
        ]);
        assert_eq!(machine.speed().unwrap(), [Clock { cpu: 0, mhz: 3100.0 }]);
        let temperature = |sensor: &str, celsius| Temperature { sensor: sensor.into(), celsius };
        let expected = [temperature("acpitz", 27.8), temperature("k10temp", 51.25)];
        assert_eq!(machine.temperature().unwrap(), expected);
        let thread = Thread { id: 9, name: "worker".into(), cpus: "0-3,8".into() };
        assert_eq!(machine.threads().unwrap(), [thread]);
    }

    #[test]
    fn power_is_what_a_meter_counts_even_if_it_begins_anew() {
        let folder = "sys/class/powercap/intel-rapl:0";
        let path = |name: &str| format!("{folder}/{name}");
        let (name, energy, range) = (path("name"), path("energy_uj"), path("max_energy_range_uj"));
        let files = [(&*name, "package-0\n"), (&*energy, "90\n"), (&*range, "100\n")];
        let (root, machine) = machine(&files);
        // The meter stands still.
        let still = power(machine.meters()).unwrap();
        assert_eq!(still, [Power { part: "package-0".into(), watts: 0.0 }]);
        for after in ["95\n", "5\n"] {
            let meters = machine.meters();
            fs::write(root.path().join(&energy), after).unwrap();
            assert!(power(meters).unwrap()[0].watts > 0.0);
        }
    }
}
