//! Where an answer comes from.

use std::sync::atomic::Ordering::Relaxed;

use hanami_network::{ExplainError, Explanation, Network, Port};
use hanami_store::{Access, Uuid};

use crate::batch::{Batch, BrickValues, names};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::slices::slice;

/// Where one value of an answer comes from.
#[derive(Debug)]
pub struct Explained {
    /// The answer, its sum, and what of that comes from no input.
    pub explanation: Explanation,
    inputs: Vec<Port>,
    /// What each value of the input vector contributed to the sum.
    contributions: Vec<f32>,
}

impl Explained {
    /// The names of the input bricks in the order of the template, and what each of their values
    /// contributed to the sum.
    pub fn bricks(&self) -> impl Iterator<Item = (&str, &[f32])> {
        let mut contributions = self.contributions.as_slice();
        self.inputs.iter().map(move |port| {
            let (own, others) = contributions.split_at(port.width);
            contributions = others;
            (port.name.as_str(), own)
        })
    }
}

impl Engine {
    /// Tells what each input contributed to the value `index` of the output brick `output`, which may
    /// be left out where there is only one. Whoever sees a cluster may ask that. Changes nothing.
    ///
    /// # Errors
    /// [`EngineError::Input`] names the brick; too large when it is more than one sample; a conflict
    /// when the cluster is empty.
    pub async fn explain(
        &self,
        access: &Access,
        cluster: Uuid,
        inputs: BrickValues,
        output: Option<&str>,
        index: usize,
    ) -> Result<Explained, EngineError> {
        self.shared.refuse_when_stopping()?;
        let cell = self.shared.seen(access, cluster).await?;
        let mut held = cell.hold(&self.shared).await?;
        cell.touch(&self.shared);
        let sample = Batch::of("input", held.network.inputs(), inputs, 1)?;
        let value = place(held.network.outputs(), output, index)?;
        self.shared.counts.user_predictions.fetch_add(1, Relaxed);
        if !held.large {
            return explain(&mut held.network, &sample, value);
        }
        let reading = held.reading;
        // A core is taken before the network, never after it.
        drop(held);
        let (_, explained) = slice(&self.shared, &cell, move |resident, _| {
            resident.require_reading(reading)?;
            explain(&mut resident.network, &sample, value)
        })
        .await?;
        explained
    }
}

fn explain(network: &mut Network, sample: &Batch, value: usize) -> Result<Explained, EngineError> {
    let inputs = network.inputs().to_vec();
    let mut contributions = vec![0.0; network.input_width()];
    match network.explain(sample.sample(0), value, &mut contributions) {
        Ok(explanation) => Ok(Explained { explanation, inputs, contributions }),
        Err(ExplainError::Shape(error)) => Err(error.into()),
        Err(error @ ExplainError::Output { .. }) => Err(EngineError::Input(error.to_string())),
    }
}

/// Where the value `index` of a brick stands in the output vector.
fn place(ports: &[Port], output: Option<&str>, index: usize) -> Result<usize, EngineError> {
    let mut start = 0;
    for port in ports {
        if output.map_or(ports.len() == 1, |output| output == port.name) {
            if index < port.width {
                return Ok(start + index);
            }
            return Err(EngineError::Input(format!(
                "the output brick {:?} has {} values, numbered from 0; there is no {index}",
                port.name, port.width
            )));
        }
        start += port.width;
    }
    Err(EngineError::Input(match output {
        Some(unknown) => {
            format!("there is no output brick {unknown:?}; the output bricks are {}", names(ports))
        }
        None => {
            format!("the cluster has several output bricks; name one of them ({})", names(ports))
        }
    }))
}
