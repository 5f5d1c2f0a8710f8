//! The samples that a task works through.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use hanami_dataset::{Batch, Dataset, Sampler};

use crate::error::EngineError;
use crate::order::Order;

/// Memory for the values of the samples that are read at once, in bytes; one sample may take more.
const BATCH_BYTES: usize = 1 << 20;
/// Samples read at once, at most.
const BATCH: u64 = 4096;

/// Where samples come from.
#[derive(Debug)]
pub(crate) struct Source {
    dataset: Dataset,
    sampler: Sampler,
    order: Order,
}

impl Source {
    /// Samples of a dataset in this order.
    pub(crate) fn new(dataset: Dataset, sampler: Sampler, order: Order) -> Arc<Self> {
        Arc::new(Self { dataset, sampler, order })
    }

    /// The order of the samples.
    pub(crate) fn order(&self) -> &Order {
        &self.order
    }
}

/// Samples as a network's bricks read them, one after the other.
#[derive(Debug)]
pub(crate) struct Samples {
    source: Arc<Source>,
    /// Whether these are the samples held out for validation, instead of all others.
    held_out: bool,
    position: u64,
    /// The positions that are in the batch.
    loaded: Range<u64>,
    batch: Batch,
    steps: Vec<u64>,
}

impl Samples {
    /// The samples of all epochs from `position` on.
    pub(crate) fn from(position: u64, source: Arc<Source>) -> Self {
        let (batch, steps) = (Batch::default(), Vec::new());
        Self { source, held_out: false, position, loaded: 0..0, batch, steps }
    }

    /// The samples that are held out for validation.
    pub(crate) fn held_out(source: Arc<Source>) -> Self {
        Self { held_out: true, ..Self::from(0, source) }
    }

    /// The order of the samples.
    pub(crate) fn order(&self) -> &Order {
        &self.source.order
    }

    /// Where they come from.
    pub(crate) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Whether all samples are done.
    pub(crate) fn is_done(&self) -> bool {
        self.position >= self.len()
    }

    /// Values in the target of a sample.
    pub(crate) fn output_width(&self) -> usize {
        self.source.sampler.output_width()
    }

    /// Samples done.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Hands the next samples (input, target) to `step` until `deadline`, but one at least.
    pub(crate) fn each_until(
        &mut self,
        deadline: Instant,
        step: impl FnMut(&[f32], &[f32]) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        self.each_before(self.len(), deadline, step)
    }

    /// The same, but not beyond the position `end`.
    pub(crate) fn each_before(
        &mut self,
        end: u64,
        deadline: Instant,
        mut step: impl FnMut(&[f32], &[f32]) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        while self.position < end.min(self.len()) {
            if !self.loaded.contains(&self.position) {
                self.load()?;
            }
            let index = (self.position - self.loaded.start) as usize;
            step(self.batch.input(index), self.batch.target(index))?;
            self.position += 1;
            if Instant::now() >= deadline {
                break;
            }
        }
        Ok(())
    }

    /// Number of samples.
    fn len(&self) -> u64 {
        if self.held_out { self.order().held_out() } else { self.order().total() }
    }

    /// Reads the samples that come next.
    fn load(&mut self) -> Result<(), EngineError> {
        let Source { dataset, sampler, order } = &*self.source;
        let width = sampler.input_width() + sampler.output_width();
        let at_once = (BATCH_BYTES / (width * size_of::<f32>())) as u64;
        let end = self.position + at_once.clamp(1, BATCH);
        self.loaded = 0..0;
        self.steps.clear();
        let loaded = if self.held_out {
            let loaded = self.position..end.min(order.held_out());
            order.held_out_steps(loaded.clone(), &mut self.steps);
            loaded
        } else {
            let epoch_end = (self.position / order.per_epoch() + 1) * order.per_epoch();
            let loaded = self.position..end.min(epoch_end);
            order.steps(loaded.clone(), &mut self.steps);
            loaded
        };
        sampler.read_steps(dataset, &self.steps, &mut self.batch)?;
        self.loaded = loaded;
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
