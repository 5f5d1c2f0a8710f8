//! What the server holds, read again and again.

use std::{fmt, fs, path::Path, time::Duration};

use anyhow::Result;

use crate::process::Process;

/// Picks one thing that the server holds.
type Held = fn(&Reading) -> u64;

/// Readings from the beginning on.
#[derive(Debug, Default)]
pub(super) struct Readings(pub(super) Vec<Reading>);

/// What the server holds at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// Since the beginning.
    time: Duration,
    /// In bytes.
    pub(super) memory: u64,
    pub(super) descriptors: u64,
    threads: u64,
    /// Bytes of its files.
    disk: u64,
}

impl Reading {
    /// What it holds now.
    pub(super) fn of(process: &Process, data: &Path, time: Duration) -> Result<Self> {
        Ok(Self {
            time,
            memory: process.memory()?,
            descriptors: process.descriptors()?,
            threads: process.threads()?,
            disk: size(data),
        })
    }
}

/// Bytes of the files below a folder. Those that go meanwhile do not count.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() => size(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

impl Readings {
    /// Those after the warm-up, a fifth of the time.
    fn warm(&self) -> &[Reading] {
        &self.0[self.0.len() / 5..]
    }

    /// The means of the first and of the last quarter after the warm-up.
    pub(super) fn quarters(&self, of: impl Fn(&Reading) -> u64) -> [u64; 2] {
        let warm = self.warm();
        let quarter = warm.len().div_ceil(4);
        let mean = |part: &[Reading]| part.iter().map(&of).sum::<u64>() / part.len().max(1) as u64;
        [mean(&warm[..quarter]), mean(&warm[warm.len() - quarter..])]
    }

    /// By how much something grows in an hour after the warm-up: the slope of the line through the
    /// readings that has the least squares of distances.
    fn slope(&self, of: impl Fn(&Reading) -> u64) -> f64 {
        let points: Vec<(f64, f64)> = self
            .warm()
            .iter()
            .map(|reading| (reading.time.as_secs_f64() / 3600.0, of(reading) as f64))
            .collect();
        let count = points.len().max(1) as f64;
        let x = points.iter().map(|point| point.0).sum::<f64>() / count;
        let y = points.iter().map(|point| point.1).sum::<f64>() / count;
        let together: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
        let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
        if spread > 0.0 { together / spread } else { 0.0 }
    }
}

impl fmt::Display for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const KIBIBYTE: u64 = 1024;
        let rows: [(&str, u64, Held); 4] = [
            ("memory, KiB", KIBIBYTE, |reading| reading.memory),
            ("open descriptors", 1, |reading| reading.descriptors),
            ("threads", 1, |reading| reading.threads),
            ("disk, KiB", KIBIBYTE, |reading| reading.disk),
        ];
        let warm = self.warm().len();
        writeln!(f, "{} readings, {warm} of them after the warm-up:\n", self.0.len())?;
        writeln!(
            f,
            "| held | first quarter | last quarter | growth in an hour |\n|---|---|---|---|"
        )?;
        for (name, unit, of) in rows {
            let [first, last] = self.quarters(of).map(|value| value / unit);
            let slope = self.slope(of) / unit as f64;
            writeln!(f, "| {name} | {first} | {last} | {slope:.0} |")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(memory: impl Fn(u64) -> u64) -> Readings {
        let reading = |index: u64| Reading {
            time: Duration::from_secs(36 * index),
            memory: memory(index),
            descriptors: 7,
            threads: 1,
            disk: 0,
        };
        Readings((0..100).map(reading).collect())
    }

    #[test]
    fn growth_is_told_per_hour() {
        let growing = readings(|index| 1000 + 2 * index);
        assert!((growing.slope(|reading| reading.memory) - 200.0).abs() < 1e-6);
        assert_eq!(growing.slope(|reading| reading.descriptors), 0.0);
        assert_eq!(growing.quarters(|reading| reading.descriptors), [7, 7]);
        let [first, last] = growing.quarters(|reading| reading.memory);
        assert_eq!(last - first, 120);
    }

    #[test]
    fn the_warm_up_does_not_count() {
        let warming = readings(|index| if index < 20 { 50 * index } else { 1000 });
        assert_eq!(warming.quarters(|reading| reading.memory), [1000, 1000]);
        assert_eq!(warming.slope(|reading| reading.memory), 0.0);
        assert_eq!(Readings::default().quarters(|reading| reading.memory), [0, 0]);
    }
}
