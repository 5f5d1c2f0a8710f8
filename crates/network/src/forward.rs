//! From values to answers: signals pass the bricks in order.

use crate::crew::Hands;
use crate::network::Network;
use crate::neurons::fire;
use crate::sections::Weights;

impl Network {
    /// Writes the signals of the input bricks for the sample's values.
    pub(crate) fn encode(&mut self) {
        let scratch = &mut self.scratch;
        for (input, signals) in self.inputs.iter().zip(&mut scratch.signals[1..]) {
            input.encode(input.part(&scratch.values), signals);
        }
    }

    /// Lets the signals of the input bricks pass all others. Spiking neurons add what they kept from
    /// the last training step.
    pub(crate) fn forward(&mut self, weights: Weights) {
        let hands = Hands { kernel: self.kernel, crew: self.crew.as_deref() };
        let scratch = &mut self.scratch;
        let first_inner = scratch.first_inner();
        let inner = self.inner.iter().zip(&mut scratch.potentials).enumerate();
        for (i, (inner, potentials)) in inner {
            inner.brick.sum(hands, weights, &scratch.signals, potentials);
            if let Some(spiking) = &inner.spiking {
                spiking.add_kept(potentials);
            }
            fire(self.kernel, potentials, &mut scratch.signals[first_inner + i]);
        }
        for (output, sums) in self.outputs.iter().zip(&mut scratch.sums) {
            output.brick.sum(hands, weights, &scratch.signals, sums);
        }
    }

    /// Multiply-adds of the answer to the sample before that a crew could have shared; 0 before the
    /// first sample.
    #[must_use]
    pub fn shareable(&self) -> usize {
        let inner = self.inner.iter().map(|inner| &inner.brick);
        let bricks = inner.chain(self.outputs.iter().map(|output| &output.brick));
        bricks.map(|brick| brick.shareable(&self.scratch.signals)).sum()
    }

    /// Writes the answers that the outputs' sums stand for.
    pub(crate) fn answer(&self, answers: &mut [f32]) {
        for (output, sums) in self.outputs.iter().zip(&self.scratch.sums) {
            let answers = &mut answers[output.start..][..output.brick.limit];
            output.output.answer(sums, answers);
        }
    }

    /// Ends a training step for spiking neurons.
    pub(crate) fn keep_potentials(&mut self) {
        for (inner, potentials) in self.inner.iter_mut().zip(&self.scratch.potentials) {
            if let Some(spiking) = &mut inner.spiking {
                spiking.keep(potentials, inner.brick.neurons());
            }
        }
    }
}
