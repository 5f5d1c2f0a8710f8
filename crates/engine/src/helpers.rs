//! Idle cores that help a slice of a large network.
//!
//! A training stays strictly online: one step ends before the next begins. What is shared is the work
//! of each step, block by block ([`Crew`]), so helpers change how long a slice takes for its steps, and
//! nothing else. They are taken as the slice begins, if nobody else wants their cores, and go when it
//! ends; the slice never waits for one that has not come yet. Clusters thus take turns as if there
//! were no helpers: whoever asks for a core gets it after a slice at the latest.

use std::sync::Arc;

use hanami_network::{Crew, Network};
use tokio::sync::OwnedSemaphorePermit;

use crate::host::Host;

/// Multiply-adds that helpers can share of the answer to one sample, from which on they gain more than
/// it takes to deal them out. Measured by `cargo bench -p hanami-network --bench crew`.
const WORTHWHILE: usize = 100_000;

/// Cores that help, until dropped.
#[derive(Debug)]
pub(crate) struct Helpers {
    crew: Arc<Crew>,
    _cores: Vec<OwnedSemaphorePermit>,
}

impl Helpers {
    /// As many idle cores of the host as a slice of this network may take besides its own, if they gain
    /// anything and there are any.
    pub(crate) fn call(host: &Host, network: &Network, most: usize) -> Option<Self> {
        if network.shareable() < WORTHWHILE {
            return None;
        }
        let cores = host.idle_cores(most.saturating_sub(1));
        if cores.is_empty() {
            return None;
        }
        let crew = Arc::new(Crew::default());
        for _ in &cores {
            let crew = crew.clone();
            host.lend_thread(move || crew.help());
        }
        Some(Self { crew, _cores: cores })
    }

    /// Those who help.
    pub(crate) fn crew(&self) -> Arc<Crew> {
        self.crew.clone()
    }
}

impl Drop for Helpers {
    fn drop(&mut self) {
        self.crew.dismiss();
    }
}
