//! What all reports have in common.

use std::{collections::BTreeMap, fs, time::Duration};

/// Processor, cores and system of this machine, and whether this program was built optimised.
#[must_use]
pub fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let models = cpus.lines().filter(|line| line.starts_with("model name"));
    let names: Vec<&str> = models.filter_map(|line| line.split(": ").nth(1)).collect();
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let name = names.first().copied().unwrap_or("unknown processor");
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    format!("{name}, {} cores, Linux {}, {build} build", names.len(), release.trim())
}

/// The value that this share of the values is not above; zero without any.
#[must_use]
pub fn quantile(values: &[Duration], share: f64) -> Duration {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let index = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(index.saturating_sub(1)).copied().unwrap_or_default()
}

/// A duration in milliseconds, for people.
#[must_use]
pub fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}

/// A table of counts in Markdown, under these two headings.
#[must_use]
pub fn counts(headings: [&str; 2], counts: &BTreeMap<&'static str, u64>) -> String {
    let rows = counts.iter().map(|(name, count)| format!("| {name} | {count} |\n"));
    let [name, count] = headings;
    format!("| {name} | {count} |\n|---|---|\n{}", rows.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values: Vec<_> = (1..=100).rev().map(Duration::from_secs).collect();
        assert_eq!(quantile(&values, 0.5), Duration::from_secs(50));
        assert_eq!(quantile(&values, 0.99), Duration::from_secs(99));
        assert_eq!(quantile(&values[..1], 0.5), Duration::from_secs(100));
        assert_eq!(quantile(&[], 0.5), Duration::ZERO);
    }
}
