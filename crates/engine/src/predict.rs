//! Predictions that one call asks for, in either mode and while a task runs.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use hanami_network::{Network, Port, ShapeError};
use hanami_store::{Access, Uuid};

use crate::batch::{Batch, BrickValues, refuse_many_values};
use crate::cell::Resident;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::slices::slice;

/// What a cluster answered: for each sample the values of all output bricks, one after the other.
#[derive(Debug)]
pub struct Prediction {
    outputs: Vec<Port>,
    width: usize,
    values: Vec<f32>,
}

impl Prediction {
    /// The names of the output bricks in the order of the template, and what they answered: one
    /// list of values per sample.
    pub fn bricks(&self) -> impl Iterator<Item = (&str, Vec<Vec<f32>>)> {
        let mut start = 0;
        self.outputs.iter().map(move |port| {
            let range = start..start + port.width;
            start = range.end;
            let rows = self.values.chunks_exact(self.width);
            (port.name.as_str(), rows.map(|row| row[range.clone()].to_vec()).collect())
        })
    }
}

impl Engine {
    /// Predicts from samples. Whoever sees a cluster may ask it. One sample is answered on the
    /// spot; more of them, or those of a large network, in slices, between which others get their
    /// turn.
    ///
    /// # Errors
    /// [`EngineError::Input`] names brick and sample; a conflict when the cluster is empty.
    pub async fn predict(
        &self,
        access: &Access,
        cluster: Uuid,
        inputs: BrickValues,
    ) -> Result<Prediction, EngineError> {
        self.shared.refuse_when_stopping()?;
        let cell = self.shared.seen(access, cluster).await?;
        let mut held = cell.hold(&self.shared).await?;
        cell.touch(&self.shared);
        let limit = self.shared.settings.sample_limit;
        let batch = Batch::of("input", held.network.inputs(), inputs, limit)?;
        let mut questions = Questions::new(&held, batch)?;
        if questions.batch.count() == 1 && !held.large {
            questions.next(&mut held.network)?;
        }
        // A core is taken before the network, never after it.
        drop(held);
        while !questions.is_done() {
            let (_, done) = slice(&self.shared, &cell, move |resident, deadline| {
                questions.until(resident, deadline).map(|()| questions)
            })
            .await?;
            questions = done?;
        }
        self.shared.counts.user_predictions.fetch_add(questions.answered as u64, Relaxed);
        Ok(questions.prediction)
    }
}

/// Samples that are being answered.
struct Questions {
    batch: Batch,
    answered: usize,
    prediction: Prediction,
    /// The reading of the network that is asked.
    reading: u64,
}

impl Questions {
    fn new(resident: &Resident, batch: Batch) -> Result<Self, EngineError> {
        let width = resident.network.output_width();
        refuse_many_values(batch.count(), width)?;
        let outputs = resident.network.outputs().to_vec();
        let values = vec![0.0; batch.count() * width];
        let prediction = Prediction { outputs, width, values };
        Ok(Self { batch, answered: 0, prediction, reading: resident.reading })
    }

    fn is_done(&self) -> bool {
        self.answered == self.batch.count()
    }

    fn next(&mut self, network: &mut Network) -> Result<(), ShapeError> {
        let start = self.answered * self.prediction.width;
        let answer = &mut self.prediction.values[start..start + self.prediction.width];
        network.predict(self.batch.sample(self.answered), answer)?;
        self.answered += 1;
        Ok(())
    }

    fn until(&mut self, resident: &mut Resident, deadline: Instant) -> Result<(), EngineError> {
        resident.require_reading(self.reading)?;
        while !self.is_done() {
            self.next(&mut resident.network)?;
            if Instant::now() >= deadline {
                break;
            }
        }
        Ok(())
    }
}
