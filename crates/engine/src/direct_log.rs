//! The journal of direct training: what a cluster learned since its last snapshot.

use std::path::PathBuf;
use std::sync::Arc;

use hanami_network::Network;
use hanami_store::{Cluster, Journal, Store, StoreError};

use crate::error::EngineError;

/// The direct training of a cluster that came after its snapshot.
#[derive(Debug)]
pub(crate) struct DirectLog {
    path: PathBuf,
    journal: Option<Arc<Journal>>,
    bytes: u64,
}

impl DirectLog {
    /// The log of what `cluster` learned after its snapshot. There is no file until the first
    /// step.
    pub(crate) fn after(cluster: &Cluster, store: &Store) -> Self {
        let path = cluster.snapshot.map(|snapshot| store.journal_path(cluster.uuid, snapshot));
        Self { path: path.unwrap_or_default(), journal: None, bytes: 0 }
    }

    /// Size of the steps it holds.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes `network`, which is as the snapshot was, through the steps that came after it.
    pub(crate) fn replay(&mut self, network: &mut Network) -> Result<(), EngineError> {
        if !self.path.exists() {
            return Ok(());
        }
        let (journal, entries) = Journal::open(&self.path)?;
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
            network.train(input, target, &mut prediction)?;
            self.bytes += entry.len() as u64;
        }
        self.journal = Some(Arc::new(journal));
        Ok(())
    }

    /// Appends a step. It is durable once the journal is synced through the position answered.
    pub(crate) fn append(
        &mut self,
        input: &[f32],
        target: &[f32],
    ) -> Result<(Arc<Journal>, u64), EngineError> {
        let journal = match &self.journal {
            Some(journal) => journal.clone(),
            None => self.journal.insert(Arc::new(Journal::open(&self.path)?.0)).clone(),
        };
        let entry: Vec<u8> =
            input.iter().chain(target).flat_map(|value| value.to_le_bytes()).collect();
        let position = journal.append(&entry)?;
        self.bytes += entry.len() as u64;
        Ok((journal, position))
    }
}
