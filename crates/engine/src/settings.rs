//! What the engine can be told.

use std::time::Duration;

/// Settings of an [`Engine`](crate::Engine).
#[derive(Debug, Clone)]
pub struct EngineSettings {
    /// Processor cores that clusters may compute on at the same time.
    pub cores: usize,
    /// Most of them that one large cluster may use at the same time, while others are idle.
    pub cores_per_cluster: usize,
    /// Most tasks that may wait or run in one cluster's queue.
    pub queue_limit: u64,
    /// Most rows that a request task may answer; its result is held in memory.
    pub result_limit: u64,
    /// Most samples that one call may predict or learn.
    pub sample_limit: usize,
    /// Most bytes of output values in one result; they are held in memory.
    pub output_limit: u64,
    /// How long an upload waits for its next piece before it is deleted.
    pub upload_expiry: Duration,
    /// How often a running training is saved, so that a restart repeats little of it.
    pub save_interval: Duration,
    /// Size in bytes at which a journal of direct training is folded into a snapshot.
    pub journal_limit: u64,
    /// Bytes that all networks in memory may take together. Beyond it, those that are not in use leave
    /// memory, and come back from the disk when they are used.
    pub network_memory: u64,
    /// Most journals that are kept open; each takes a file descriptor.
    pub open_journals: usize,
}

impl Default for EngineSettings {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            cores,
            cores_per_cluster: cores,
            queue_limit: 1000,
            result_limit: 2_000_000,
            sample_limit: 1000,
            output_limit: 256 << 20,
            upload_expiry: Duration::from_hours(24),
            save_interval: Duration::from_secs(30),
            journal_limit: 64 << 20,
            network_memory: 1 << 30,
            open_journals: 256,
        }
    }
}
