//! How much memory the networks take, and how many journals are open, in all clusters together.
//!
//! Both are counted as they change, so that nobody has to go through the clusters to know.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use tokio::sync::{Notify, Semaphore};

use crate::settings::EngineSettings;

/// Networks that are read from the disk at the same time, at most: each of them is in memory before
/// room is made for it.
const LOADS: usize = 8;

/// Once the networks take too much, they leave until this share of the budget is free again, so that
/// not every load has to look for one that can go.
const FREED: u64 = 16;

/// What all networks take together, and what they may take.
#[derive(Debug)]
pub(crate) struct Memory {
    budget: u64,
    most_journals: usize,
    bytes: AtomicU64,
    networks: AtomicUsize,
    journals: AtomicUsize,
    /// Counts uses, so that the order of the last ones is known.
    uses: AtomicU64,
    pub(crate) loads: AtomicU64,
    pub(crate) evictions: AtomicU64,
    /// One permit for each network that may be read from the disk.
    pub(crate) loading: Semaphore,
    /// Told when networks have grown beyond the budget, or some could not leave at once.
    pub(crate) crowded: Notify,
}

impl Memory {
    pub(crate) fn new(settings: &EngineSettings) -> Self {
        Self {
            budget: settings.network_memory,
            most_journals: settings.open_journals,
            bytes: AtomicU64::default(),
            networks: AtomicUsize::default(),
            journals: AtomicUsize::default(),
            uses: AtomicU64::default(),
            loads: AtomicU64::default(),
            evictions: AtomicU64::default(),
            loading: Semaphore::new(LOADS),
            crowded: Notify::new(),
        }
    }

    /// Networks in memory.
    pub(crate) fn networks(&self) -> usize {
        self.networks.load(Relaxed)
    }

    /// Bytes of these networks, as last measured.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Journals that are open.
    pub(crate) fn journals(&self) -> usize {
        self.journals.load(Relaxed)
    }

    /// The number of one more use; larger than that of any use before.
    pub(crate) fn next_use(&self) -> u64 {
        self.uses.fetch_add(1, Relaxed)
    }

    /// Whether the networks take more than they may, or too many journals are open.
    pub(crate) fn is_crowded(&self) -> bool {
        self.bytes() > self.budget || self.journals() > self.most_journals
    }

    /// Whether networks have to leave yet, once it was crowded.
    pub(crate) fn wants_bytes(&self) -> bool {
        self.bytes() > self.budget - self.budget / FREED
    }

    /// Whether journals have to be closed yet, once it was crowded.
    pub(crate) fn wants_journals(&self) -> bool {
        self.journals() > self.most_journals - self.most_journals / FREED as usize
    }
}

/// A network in memory, as it is counted: from when this is made until it is dropped.
#[derive(Debug)]
pub(crate) struct Footprint {
    memory: Arc<Memory>,
    /// What the cell tells of it.
    bytes: Arc<AtomicU64>,
}

impl Footprint {
    /// Counts one more network, whose size is told to `bytes`.
    pub(crate) fn new(memory: &Arc<Memory>, bytes: &Arc<AtomicU64>) -> Self {
        memory.networks.fetch_add(1, Relaxed);
        Self { memory: memory.clone(), bytes: bytes.clone() }
    }

    /// Notes how large it is.
    pub(crate) fn set(&self, bytes: u64) {
        let before = self.bytes.swap(bytes, Relaxed);
        self.memory.bytes.fetch_add(bytes, Relaxed);
        self.memory.bytes.fetch_sub(before, Relaxed);
        // Whoever has read it from the disk makes room for it.
        let has_grown = before > 0 && bytes > before;
        if has_grown && self.memory.is_crowded() {
            self.memory.crowded.notify_one();
        }
    }
}

impl Drop for Footprint {
    fn drop(&mut self) {
        self.set(0);
        self.memory.networks.fetch_sub(1, Relaxed);
    }
}

/// An open journal, as it is counted: until this is dropped.
#[derive(Debug)]
pub(crate) struct OpenFile(Arc<Memory>);

impl OpenFile {
    pub(crate) fn new(memory: &Arc<Memory>) -> Self {
        memory.journals.fetch_add(1, Relaxed);
        if memory.is_crowded() {
            memory.crowded.notify_one();
        }
        Self(memory.clone())
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        self.0.journals.fetch_sub(1, Relaxed);
    }
}
