//! Samples that one call teaches, in either mode and while a task runs.
//!
//! They are learned in slices, between which others get their turn, and made durable together at
//! the end ([`settle`]): by one sync of the journal or, while a training task runs, by a snapshot
//! that holds the task's position too.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use hanami_store::{Access, Resource, Uuid};

use crate::batch::{Batch, BrickValues};
use crate::cell::{Resident, settle};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::slices::slice;

impl Engine {
    /// Learns samples in their order; answers the steps that the network has taken by then. When
    /// it returns, all of them are durable.
    ///
    /// # Errors
    /// [`EngineError::Input`] names brick and sample, and nothing was learned; a conflict when the
    /// cluster is empty. After other errors, some of the samples may have been learned.
    pub async fn learn(
        &self,
        access: &Access,
        cluster: Uuid,
        inputs: BrickValues,
        outputs: BrickValues,
    ) -> Result<u64, EngineError> {
        self.shared.refuse_when_stopping()?;
        self.shared.store.require_disk().await?;
        let cluster = self.shared.store.cluster_to_change(access, cluster).await?;
        self.shared.store.require_room(&cluster.project_id, Resource::ClusterBytes, 1).await?;
        let cell = self.shared.cell(&cluster);
        let held = cell.hold(&self.shared).await?;
        let limit = self.shared.settings.sample_limit;
        let inputs = Batch::of("input", held.network.inputs(), inputs, limit)?;
        let targets = Batch::of("output", held.network.outputs(), outputs, limit)?;
        let mut lessons = Lessons::new(&held, inputs, targets)?;
        // A core is taken before the network, never after it.
        drop(held);
        loop {
            let (held, learned) = slice(&self.shared, &cell, move |resident, deadline| {
                lessons.until(resident, deadline).map(|()| lessons)
            })
            .await?;
            lessons = learned?;
            if lessons.is_done() {
                let steps = held.network.steps();
                settle(held, &self.shared, &cell).await?;
                let learned = lessons.learned as u64;
                self.shared.counts.user_steps.fetch_add(learned, Relaxed);
                return Ok(steps);
            }
        }
    }
}

/// Samples that are being learned.
struct Lessons {
    inputs: Batch,
    targets: Batch,
    learned: usize,
    prediction: Vec<f32>,
    /// The reading of the network that is taught.
    reading: u64,
}

impl Lessons {
    fn new(resident: &Resident, inputs: Batch, targets: Batch) -> Result<Self, EngineError> {
        if inputs.count() != targets.count() {
            return Err(EngineError::Input(format!(
                "{} samples were sent with inputs, but {} with outputs",
                inputs.count(),
                targets.count()
            )));
        }
        let prediction = vec![0.0; resident.network.output_width()];
        Ok(Self { inputs, targets, learned: 0, prediction, reading: resident.reading })
    }

    fn is_done(&self) -> bool {
        self.learned == self.inputs.count()
    }

    fn until(&mut self, resident: &mut Resident, deadline: Instant) -> Result<(), EngineError> {
        resident.require_reading(self.reading)?;
        while !self.is_done() {
            let (input, target) =
                (self.inputs.sample(self.learned), self.targets.sample(self.learned));
            resident.learn(input, target, &mut self.prediction)?;
            self.learned += 1;
            if Instant::now() >= deadline {
                break;
            }
        }
        Ok(())
    }
}
