//! The journal of a cluster: the steps that users sent since its last snapshot, in direct mode or
//! over HTTP.
//!
//! Coming back after a restart takes as long as the steps in the journal took, so a log is full
//! not only by its size but also by the time that its steps have taken.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hanami_disk::Disk;
use hanami_network::Network;
use hanami_store::{Cluster, Journal, StoreError};

use crate::error::EngineError;
use crate::memory::{Memory, OpenFile};
use crate::shared::Shared;

/// The steps of a cluster that came after its snapshot.
#[derive(Debug)]
pub(crate) struct DirectLog {
    disk: Disk,
    path: PathBuf,
    journal: Option<Arc<Journal>>,
    /// Counts the journal as open.
    open: Option<OpenFile>,
    memory: Arc<Memory>,
    /// End of what was appended.
    end: u64,
    bytes: u64,
    steps: u64,
    learning: Duration,
}

/// Time of learning after which a log is full.
const LONGEST_REPLAY: Duration = Duration::from_secs(2);

/// Time of learning up to which nobody minds the replay.
const QUICK_REPLAY: Duration = Duration::from_millis(50);

/// Bytes of a step in the journal besides its values.
const FRAME: u64 = 8;

impl DirectLog {
    /// The log of what `cluster` learned after its snapshot. There is no file until the first
    /// step.
    pub(crate) fn after(cluster: &Cluster, shared: &Shared) -> Self {
        let path = |snapshot| shared.store.journal_path(cluster.uuid, snapshot);
        Self {
            disk: shared.store.disk().clone(),
            path: cluster.snapshot.map(path).unwrap_or_default(),
            journal: None,
            open: None,
            memory: shared.memory.clone(),
            end: 0,
            bytes: 0,
            steps: 0,
            learning: Duration::ZERO,
        }
    }

    /// Steps it holds.
    pub(crate) fn steps(&self) -> u64 {
        self.steps
    }

    /// Whether it should be folded into a snapshot: it takes more than `limit` bytes, or too long
    /// to replay.
    pub(crate) fn is_full(&self, limit: u64) -> bool {
        self.bytes > limit || self.learning > LONGEST_REPLAY
    }

    /// Whether it can be replayed in a moment.
    pub(crate) fn is_quick(&self) -> bool {
        self.learning <= QUICK_REPLAY
    }

    /// Lets `network` learn a step of this log.
    pub(crate) fn learn(
        &mut self,
        network: &mut Network,
        input: &[f32],
        target: &[f32],
        prediction: &mut [f32],
    ) -> Result<(), EngineError> {
        let start = Instant::now();
        network.train(input, target, prediction)?;
        self.learning += start.elapsed();
        self.steps += 1;
        self.bytes += size_of_val(input) as u64 + size_of_val(target) as u64 + FRAME;
        Ok(())
    }

    /// Takes `network`, which is as the snapshot was, through the steps that came after it.
    pub(crate) fn replay(&mut self, network: &mut Network) -> Result<(), EngineError> {
        if Journal::is_empty(&self.disk, &self.path)? {
            return Ok(());
        }
        let entries = match Journal::open(&self.disk, &self.path) {
            Ok((journal, entries)) => {
                self.keep_open(Arc::new(journal));
                entries
            }
            // To predict, it is enough to read it. The next step opens it, if there is room by then.
            Err(StoreError::Full) => Journal::read(&self.disk, &self.path)?,
            Err(error) => return Err(error.into()),
        };
        let mut prediction = vec![0.0; network.output_width()];
        for entry in entries {
            let entry = entry?;
            let (values, _) = entry.as_chunks();
            let sample: Vec<f32> = values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            if sample.len() != network.input_width() + network.output_width() {
                let what = format!("{}: a step of the wrong length", self.path.display());
                return Err(StoreError::Corrupt { what }.into());
            }
            let (input, target) = sample.split_at(network.input_width());
            self.learn(network, input, target, &mut prediction)?;
        }
        Ok(())
    }

    /// Whether the first step has to wait for the disk.
    pub(crate) fn is_open(&self) -> bool {
        self.journal.is_some()
    }

    /// Makes ready for steps. Blocks.
    pub(crate) fn open(&mut self) -> Result<&Journal, EngineError> {
        let journal = match self.journal.take() {
            Some(journal) => journal,
            None => Arc::new(Journal::open(&self.disk, &self.path)?.0),
        };
        Ok(self.keep_open(journal))
    }

    fn keep_open(&mut self, journal: Arc<Journal>) -> &Journal {
        self.open.get_or_insert_with(|| OpenFile::new(&self.memory));
        self.journal.insert(journal)
    }

    /// Closes the journal, after a sync of what was appended. It is opened again when it is needed.
    /// Blocks.
    pub(crate) fn close(&mut self) -> Result<(), EngineError> {
        let appended = self.appended();
        (self.journal, self.open, self.end) = (None, None, 0);
        if let Some((journal, end)) = appended {
            journal.sync_through(end)?;
        }
        Ok(())
    }

    /// Appends a step that is about to be learned. Blocks, unless the log is open.
    pub(crate) fn append(&mut self, input: &[f32], target: &[f32]) -> Result<(), EngineError> {
        let values = input.iter().chain(target);
        let entry: Vec<u8> = values.flat_map(|value| value.to_le_bytes()).collect();
        self.end = self.open()?.append(&entry)?;
        Ok(())
    }

    /// The journal, and the position to sync it through so that all that was appended is durable;
    /// `None` if nothing was.
    pub(crate) fn appended(&self) -> Option<(Arc<Journal>, u64)> {
        self.journal.clone().filter(|_| self.end > 0).map(|journal| (journal, self.end))
    }
}
