//! The machine that the server runs on: `/control/v1/system_info`, `threading`, `speed`,
//! `power_consumption` and `temperature_production`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A reading of the machine, or the text `not available` where the machine does not offer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Reading<T> {
    /// The machine does not offer it.
    Missing(NotAvailable),
    /// What the machine says.
    Known(T),
}

/// The text that stands in for a reading that the machine does not offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum NotAvailable {
    /// It is not there, or the server may not read it.
    #[serde(rename = "not available")]
    NotAvailable,
}

impl<T> From<Option<T>> for Reading<T> {
    fn from(found: Option<T>) -> Self {
        found.map_or(Self::Missing(NotAvailable::NotAvailable), Self::Known)
    }
}

impl<T> From<Reading<T>> for Option<T> {
    fn from(reading: Reading<T>) -> Self {
        match reading {
            Reading::Known(value) => Some(value),
            Reading::Missing(_) => None,
        }
    }
}

/// Answer of `GET /control/v1/system_info`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemInfo {
    /// What the host is made of.
    pub info: Topology,
}

/// What a host is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Topology {
    /// Model of the CPU.
    pub cpu_model: Reading<String>,
    /// CPU packages.
    pub packages: Reading<usize>,
    /// Cores of all packages.
    pub cores: Reading<usize>,
    /// Hardware threads of all cores.
    pub threads: Reading<usize>,
    /// Nodes of memory (NUMA).
    pub numa_nodes: Reading<usize>,
    /// Memory, in bytes.
    pub memory_bytes: Reading<u64>,
    /// Each hardware thread and its place.
    pub cpus: Reading<Vec<Cpu>>,
}

/// A hardware thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cpu {
    /// Its number.
    pub cpu: u32,
    /// The CPU package that it is in.
    pub package: Reading<u32>,
    /// The core that it belongs to, counted within the package.
    pub core: Reading<u32>,
    /// The node of memory that is close to it.
    pub numa_node: Reading<u32>,
}

/// Answer of `GET /control/v1/threading`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Threading {
    /// The server's threads.
    pub thread_map: Reading<Vec<Thread>>,
}

/// A thread of the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Thread {
    /// Number that the operating system gave it.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Hardware threads that it may run on, as numbers and ranges: `0-3,8`.
    pub cpus: String,
    /// The hardware thread that it ran on last.
    pub last_cpu: Reading<u32>,
    /// Processor time that it has used, in seconds.
    pub cpu_seconds: Reading<f64>,
}

/// Answer of `GET /control/v1/speed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Speed {
    /// Present clock of each hardware thread.
    pub current_speed: Reading<Vec<Clock>>,
}

/// The clock of a hardware thread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Clock {
    /// Number of the hardware thread.
    pub cpu: u32,
    /// Its clock, in MHz.
    pub mhz: f64,
    /// The lowest that it may have, in MHz.
    pub min_mhz: Reading<f64>,
    /// The highest that it may have, in MHz.
    pub max_mhz: Reading<f64>,
}

/// Answer of `GET /control/v1/power_consumption`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PowerConsumption {
    /// Present power of each part that is metered. A part may be within another.
    pub power: Reading<Vec<Power>>,
}

/// The power that a part of the machine takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Power {
    /// The part, as the machine names it.
    pub part: String,
    /// Its power, in watts.
    pub watts: f64,
}

/// Answer of `GET /control/v1/temperature_production`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TemperatureProduction {
    /// Present temperature at each sensor.
    pub temperature: Reading<Vec<Temperature>>,
}

/// A temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Temperature {
    /// The sensor, as the machine names it.
    pub sensor: String,
    /// The temperature, in degrees Celsius.
    pub celsius: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_a_text_that_reads_back() {
        let missing = Reading::<String>::from(None);
        let text = serde_json::to_string(&missing).unwrap();
        assert_eq!(text, "\"not available\"");
        assert_eq!(serde_json::from_str::<Reading<String>>(&text).unwrap(), missing);
        let known = Reading::from(Some(7_u64));
        assert_eq!(serde_json::to_string(&known).unwrap(), "7");
        assert_eq!(serde_json::from_str::<Reading<u64>>("7").unwrap(), known);
    }
}
