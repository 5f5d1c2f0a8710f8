//! Clocks, power and temperatures.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hanami_api::system::{Clock, Power, Temperature};

use super::{Machine, entries, field, read, some};

/// Time between two readings of an energy meter, from which its power follows.
pub(crate) const METERING: Duration = Duration::from_millis(100);

impl Machine {
    /// The present clock of each hardware thread, and the bounds that it keeps to.
    pub(crate) fn speed(&self) -> Option<Vec<Clock>> {
        let mut clocks = Vec::new();
        for (cpu, folder) in self.cpu_folders() {
            let megahertz = |name: &str| {
                let kilohertz: Option<f64> = read(&folder.join("cpufreq").join(name));
                kilohertz.map(|kilohertz| kilohertz / 1e3)
            };
            if let Some(mhz) = megahertz("scaling_cur_freq") {
                let min_mhz = megahertz("cpuinfo_min_freq").into();
                let max_mhz = megahertz("cpuinfo_max_freq").into();
                clocks.push(Clock { cpu, mhz, min_mhz, max_mhz });
            }
        }
        if clocks.is_empty() {
            let clock = |part: &String| {
                let cpu = field(part, "processor")?.parse().ok()?;
                let mhz = field(part, "cpu MHz")?.parse().ok()?;
                Some(Clock { cpu, mhz, min_mhz: None.into(), max_mhz: None.into() })
            };
            clocks = self.cpu_info().iter().filter_map(clock).collect();
            clocks.sort_by_key(|clock| clock.cpu);
        }
        some(clocks)
    }

    /// The meters of energy and of power, as they stand now.
    pub(crate) fn meters(&self) -> Vec<Meter> {
        let energy = |zone: PathBuf| {
            Some(Meter {
                part: zone_name(&zone)?,
                file: zone.join("energy_uj"),
                kind: Kind::Energy {
                    microjoules: read(&zone.join("energy_uj"))?,
                    range: read(&zone.join("max_energy_range_uj"))?,
                    read_at: Instant::now(),
                },
            })
        };
        let zones = entries(&self.0.join("sys/class/powercap"), "");
        let mut meters: Vec<Meter> = zones.into_iter().filter_map(energy).collect();
        for monitor in self.monitors() {
            for file in entries(&monitor, "power") {
                let measures = ["_input", "_average"].iter().any(|end| has_ending(&file, end));
                if let (true, Some(part)) = (measures, sensor_name(&monitor, &file)) {
                    meters.push(Meter { part, file, kind: Kind::Power });
                }
            }
        }
        meters
    }

    /// The present temperature at each sensor.
    pub(crate) fn temperature(&self) -> Option<Vec<Temperature>> {
        let mut found = Vec::new();
        let mut add = |sensor: Option<String>, value: &Path| {
            if let (Some(sensor), Some(thousandths)) = (sensor, read::<f64>(value)) {
                found.push(Temperature { sensor, celsius: thousandths / 1e3 });
            }
        };
        for zone in entries(&self.0.join("sys/class/thermal"), "thermal_zone") {
            add(read(&zone.join("type")), &zone.join("temp"));
        }
        for monitor in self.monitors() {
            for value in entries(&monitor, "temp") {
                if has_ending(&value, "_input") {
                    add(sensor_name(&monitor, &value), &value);
                }
            }
        }
        some(found)
    }

    fn monitors(&self) -> Vec<PathBuf> {
        entries(&self.0.join("sys/class/hwmon"), "hwmon")
    }
}

/// The name of a zone of power, after those of the zones that it is within: `package-0 core` for
/// the zone `intel-rapl:0:1`.
fn zone_name(zone: &Path) -> Option<String> {
    let own: String = read(&zone.join("name"))?;
    let id = zone.file_name()?.to_str()?;
    let above = id.rsplit_once(':').map(|(above, _)| zone.with_file_name(above));
    match above.and_then(|above| zone_name(&above)) {
        Some(above) => Some(format!("{above} {own}")),
        None => Some(own),
    }
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.to_str().is_some_and(|file| file.ends_with(ending))
}

/// The name of a sensor of a monitor: that of the monitor, and its own if it has one.
fn sensor_name(monitor: &Path, value: &Path) -> Option<String> {
    let name: String = read(&monitor.join("name"))?;
    let (sensor, _) = value.to_str()?.rsplit_once('_')?;
    let label: Option<String> = read(Path::new(&format!("{sensor}_label")));
    Some(label.map_or(name.clone(), |label| format!("{name} {label}")))
}

/// A meter, as it stood at one time.
pub(crate) struct Meter {
    part: String,
    file: PathBuf,
    kind: Kind,
}

/// What a meter shows.
enum Kind {
    /// Energy, counted up.
    Energy {
        microjoules: u64,
        /// After so many microjoules it begins anew.
        range: u64,
        read_at: Instant,
    },
    /// Power, at present.
    Power,
}

/// The power of each part since its meter was read, which should be some [`METERING`] ago.
pub(crate) fn power(meters: Vec<Meter>) -> Option<Vec<Power>> {
    let power = |Meter { part, file, kind }| {
        let now: u64 = read(&file)?;
        let microwatts = match kind {
            Kind::Power => now as f64,
            Kind::Energy { microjoules, range, read_at } => {
                let begun_anew = || now.saturating_add(range.saturating_sub(microjoules));
                let used = now.checked_sub(microjoules).unwrap_or_else(begun_anew);
                used as f64 / read_at.elapsed().as_secs_f64()
            }
        };
        Some(Power { part, watts: microwatts / 1e6 })
    };
    some(meters.into_iter().filter_map(power).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use hanami_api::system::Reading;

    use super::*;
    use crate::machine::tests::machine;

    #[test]
    fn clocks_and_temperatures_are_read() {
        let (_root, machine) = machine(&[
            ("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "3100000\n"),
            ("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_min_freq", "800000\n"),
            ("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "4700000\n"),
            ("sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq", "1\n"),
            ("sys/class/thermal/thermal_zone0/type", "acpitz\n"),
            ("sys/class/thermal/thermal_zone0/temp", "27800\n"),
            ("sys/class/hwmon/hwmon0/name", "k10temp\n"),
            ("sys/class/hwmon/hwmon0/temp1_input", "51250\n"),
            ("sys/class/hwmon/hwmon0/temp1_label", "Tctl\n"),
            ("sys/class/hwmon/hwmon0/temp1_max", "90000\n"),
            ("sys/class/hwmon/hwmon1/name", "nvme\n"),
            ("sys/class/hwmon/hwmon1/temp1_input", "38000\n"),
        ]);
        let (min_mhz, max_mhz) = (Reading::Known(800.0), Reading::Known(4700.0));
        assert_eq!(machine.speed().unwrap(), [Clock { cpu: 0, mhz: 3100.0, min_mhz, max_mhz }]);
        let temperature = |sensor: &str, celsius| Temperature { sensor: sensor.into(), celsius };
        let expected = [
            temperature("acpitz", 27.8),
            temperature("k10temp Tctl", 51.25),
            temperature("nvme", 38.0),
        ];
        assert_eq!(machine.temperature().unwrap(), expected);
    }

    #[test]
    fn clocks_come_from_cpuinfo_where_nothing_scales_them() {
        let info = "processor : 0\ncpu MHz : 2596.126\n\nprocessor : 1\ncpu MHz : 2000\n";
        let (_root, machine) = machine(&[("proc/cpuinfo", info)]);
        let clocks: Vec<_> =
            machine.speed().unwrap().iter().map(|clock| (clock.cpu, clock.mhz)).collect();
        assert_eq!(clocks, [(0, 2596.126), (1, 2000.0)]);
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

    #[test]
    fn a_part_within_another_is_named_after_both_and_power_is_taken_as_it_is_shown() {
        let (_root, machine) = machine(&[
            ("sys/class/powercap/intel-rapl/enabled", "1\n"),
            ("sys/class/powercap/intel-rapl:0/name", "package-0\n"),
            ("sys/class/powercap/intel-rapl:0:1/name", "core\n"),
            ("sys/class/powercap/intel-rapl:0:1/energy_uj", "5\n"),
            ("sys/class/powercap/intel-rapl:0:1/max_energy_range_uj", "100\n"),
            ("sys/class/hwmon/hwmon0/name", "power_meter\n"),
            ("sys/class/hwmon/hwmon0/power1_average", "93500000\n"),
            ("sys/class/hwmon/hwmon0/power1_cap", "1\n"),
        ]);
        let power = power(machine.meters()).unwrap();
        let parts: Vec<_> = power.iter().map(|power| (&*power.part, power.watts)).collect();
        assert_eq!(parts, [("package-0 core", 0.0), ("power_meter", 93.5)]);
    }
}
