//! The engine in numbers, for those who watch it.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::engine::Engine;

/// What has been done since the start.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) user_steps: AtomicU64,
    pub(crate) user_predictions: AtomicU64,
    pub(crate) trained_samples: AtomicU64,
}

/// What an engine does at one time, and has done since it was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineNumbers {
    /// Cores that clusters may compute on.
    pub cores: usize,
    /// Those of them that are taken.
    pub busy_cores: usize,
    /// Pieces of work that wait for a core.
    pub waiting_turns: usize,
    /// Clusters whose networks are in memory.
    pub resident_clusters: usize,
    /// Bytes of these networks, as they were last measured.
    pub resident_bytes: u64,
    /// Networks read from the disk.
    pub network_loads: u64,
    /// Networks that left memory to make room for others.
    pub network_evictions: u64,
    /// Journals that are open.
    pub open_journals: usize,
    /// Clusters that are kept track of: those in memory, in use, or used a short while ago.
    pub tracked_clusters: usize,
    /// Samples learned that users sent, over websockets and HTTP.
    pub user_steps: u64,
    /// Predictions from samples that users sent, over websockets and HTTP.
    pub user_predictions: u64,
    /// Samples learned by train tasks.
    pub trained_samples: u64,
}

impl Engine {
    /// The engine in numbers.
    #[must_use]
    pub fn numbers(&self) -> EngineNumbers {
        let (host, counts, memory) = (&self.shared.host, &self.shared.counts, &self.shared.memory);
        EngineNumbers {
            cores: host.cores(),
            busy_cores: host.busy(),
            waiting_turns: host.waiting(),
            resident_clusters: memory.networks(),
            resident_bytes: memory.bytes(),
            network_loads: memory.loads.load(Relaxed),
            network_evictions: memory.evictions.load(Relaxed),
            open_journals: memory.journals(),
            tracked_clusters: self.shared.tracked(),
            user_steps: counts.user_steps.load(Relaxed),
            user_predictions: counts.user_predictions.load(Relaxed),
            trained_samples: counts.trained_samples.load(Relaxed),
        }
    }
}
