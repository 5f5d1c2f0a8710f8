//! The samples that a task works through.

use std::time::Instant;

use hanami_dataset::{Batch, Dataset, Sampler};

use crate::error::EngineError;

/// Samples read from the dataset at once.
const BATCH: u64 = 256;

/// The samples of a dataset as a network's bricks read them, one after the other.
#[derive(Debug)]
pub(crate) struct Samples {
    dataset: Dataset,
    sampler: Sampler,
    batch: Batch,
    position: u64,
}

impl Samples {
    /// The samples from `position` on.
    pub(crate) fn from(position: u64, dataset: Dataset, sampler: Sampler) -> Self {
        Self { dataset, sampler, batch: Batch::default(), position }
    }

    /// Whether all samples are done.
    pub(crate) fn is_done(&self) -> bool {
        self.position >= self.sampler.steps()
    }

    /// Values in the target of a sample.
    pub(crate) fn output_width(&self) -> usize {
        self.sampler.output_width()
    }

    /// Samples done.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Hands the next samples (input, target) to `step` until `deadline`, but one at least.
    pub(crate) fn each_until(
        &mut self,
        deadline: Instant,
        mut step: impl FnMut(&[f32], &[f32]) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        while !self.is_done() {
            let end = self.sampler.steps().min(self.position + BATCH);
            self.sampler.read(&self.dataset, self.position..end, &mut self.batch)?;
            for index in 0..self.batch.len {
                step(self.batch.input(index), self.batch.target(index))?;
                self.position += 1;
                if Instant::now() >= deadline {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Index of the highest value; the first of several.
pub(crate) fn highest(values: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = index;
        }
    }
    best
}
