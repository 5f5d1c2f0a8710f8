//! What each input contributed to one answer.
//!
//! A network is linear but for its kinks: an output's sum is made of signals times weights, an inner
//! neuron's potential too, and what a neuron sends is its potential times a factor that only depends
//! on that potential, `signal(z) / z`. So the sum can be shared out without a rest. It begins with the
//! signals that the output heard: each has the share `weight * signal`. The share of an inner neuron
//! goes on to what that neuron heard, in proportion to what each of its signals added to its potential:
//! a signal that made up a third of the potential gets a third of the share. What arrives at the ramps
//! of an input is that input's contribution. What arrives at the constant signal, or at the potential
//! that a spiking neuron kept from the steps before, comes from no input.
//!
//! An input that is like the last lesson is answered partly with the fast weights ([`crate::lesson`]).
//! Then both sums are shared out, and mixed as the answer is.

use thiserror::Error;

use crate::brick::{BLOCK, Brick};
use crate::input::Input;
use crate::kernel::{LANE, Lane, Signal};
use crate::network::{InnerBrick, Network, ShapeError, check};
use crate::sections::{Sections, Weights};

/// Where one value of an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Explanation {
    /// The answer, as [`Network::predict`] gives it.
    pub answer: f32,
    /// What the answer was made of: for a chance `answer = 1 / (1 + e^-sum)`, for a number the
    /// deviations from the mean of the targets. All contributions and the rest, added up.
    pub sum: f32,
    /// The part of the sum that comes from no input: from the constant signal that gives every
    /// neuron its threshold, from the last lesson where the input is like it and, in a spiking
    /// cluster, from earlier samples.
    pub rest: f32,
}

/// Why an answer can't be explained.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ExplainError {
    /// A vector has a wrong length.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// There is no such value in the answer.
    #[error("there is no output {output}; the answer has {width} values, numbered from 0")]
    Output {
        /// The value that was asked for.
        output: usize,
        /// The number of values.
        width: usize,
    },
}

/// For each place, how much a unit of each of its signals counts in the sum.
type Factors = [Vec<f64>];

impl Network {
    /// Tells what each value of `input` contributed to the value `output` of the answer. Writes a
    /// contribution for each value of the input: how much of [`Explanation::sum`] came through it,
    /// negative where it spoke against. Together with [`Explanation::rest`] the contributions make up
    /// the sum, but for rounding.
    ///
    /// It is an account of what was computed for this input, with the averaged weights that
    /// [`Network::predict`] answers with, and no more than that: not what would be answered if a value
    /// were another one, as other neurons might fire then, and not what causes what in the world.
    /// Values that make no signals (0, NaN, infinite) contribute nothing, and nothing goes through
    /// neurons that are silent. Changes nothing, as predictions don't.
    ///
    /// # Errors
    /// If a vector has not [`Network::input_width`] values, or the answer has no such value; then
    /// `contributions` are left as they were.
    pub fn explain(
        &mut self,
        input: &[f32],
        output: usize,
        contributions: &mut [f32],
    ) -> Result<Explanation, ExplainError> {
        check("contributions", self.input_width(), contributions.len())?;
        let width = self.output_width();
        if output >= width {
            return Err(ExplainError::Output { output, width });
        }
        let mut answers = vec![0.0; width];
        self.predict(input, &mut answers)?;
        let sum = self.summed(output).2;

        let likeness = self.likeness();
        contributions.fill(0.0);
        self.forward(Weights::Slow);
        let mut rest = self.share_out(Weights::Slow, output, 1.0 - likeness, contributions);
        if likeness > 0.0 {
            self.forward(Weights::Fast);
            self.share_out(Weights::Fast, output, likeness, contributions);
            // That the lesson's own input would be answered otherwise comes from none of this one's.
            rest = f64::from(sum) - contributions.iter().copied().map(f64::from).sum::<f64>();
        }
        Ok(Explanation { answer: answers[output], sum, rest: rest as f32 })
    }

    /// Adds what each input contributed to an output's sum with these weights, whose signals passed
    /// last, times `share`. Gives what came from no input.
    fn share_out(
        &self,
        weights: Weights,
        output: usize,
        share: f32,
        contributions: &mut [f32],
    ) -> f64 {
        let scratch = &self.scratch;
        let signals = &scratch.signals;
        let mut factors: Vec<Vec<f64>> =
            signals.iter().map(|signals| vec![0.0; signals.len()]).collect();
        let (brick, neuron, _) = self.summed(output);
        let mut shares = vec![0.0; brick.neurons()];
        shares[neuron] = f64::from(share);
        pass_back(brick, weights, &shares, signals, &mut factors);

        let first_inner = scratch.first_inner();
        let mut rest = 0.0;
        for (i, inner) in self.inner.iter().enumerate().rev() {
            let (place, potentials) = (first_inner + i, &scratch.potentials[i]);
            let mut shares = vec![0.0; inner.brick.neurons()];
            for (signal, factor) in signals[place].iter().zip(&factors[place]) {
                let secant = f64::from(signal.value) / f64::from(at(potentials, signal.ramp));
                shares[signal.ramp as usize] = factor * secant;
            }
            rest += take_kept(inner, &mut shares);
            pass_back(&inner.brick, weights, &shares, signals, &mut factors);
        }
        for ((input, signals), factors) in self.inputs.iter().zip(&signals[1..]).zip(&factors[1..])
        {
            self.collect(input, signals, factors, contributions);
        }
        rest + factors[0].iter().zip(&signals[0]).map(|(f, s)| f * f64::from(s.value)).sum::<f64>()
    }

    /// The brick and the neuron that a value of the answer comes from, and that neuron's sum.
    fn summed(&self, output: usize) -> (&Brick, usize, f32) {
        let after = self.outputs.partition_point(|brick| brick.start <= output);
        let (brick, sums) = (&self.outputs[after - 1], &self.scratch.sums[after - 1]);
        let neuron = output - brick.start;
        (&brick.brick, neuron, at(sums, neuron as u32))
    }

    /// Adds what the signals of an input brick count to the contributions of its values.
    fn collect(
        &self,
        input: &Input,
        signals: &[Signal],
        factors: &[f64],
        contributions: &mut [f32],
    ) {
        let mut counts = signals.iter().zip(factors);
        let mut own = Vec::new();
        for value in input.part(&self.scratch.values) {
            // The signals are those of one value after the other.
            input.encode(std::slice::from_ref(value), &mut own);
            let counts = counts.by_ref().take(own.len());
            let sum: f64 = counts.map(|(signal, factor)| factor * f64::from(signal.value)).sum();
            contributions[value.index as usize] += sum as f32;
        }
    }
}

/// Adds, to the factors of the signals that a brick hears, what they count through its neurons. A
/// unit of a neuron's potential counts what `shares` says.
fn pass_back(
    brick: &Brick,
    weights: Weights,
    shares: &[f64],
    signals: &[Vec<Signal>],
    factors: &mut Factors,
) {
    for (block, shares) in brick.blocks.iter().zip(shares.chunks(BLOCK)) {
        if shares.iter().all(|&share| share == 0.0) {
            continue;
        }
        for (heard, sections) in brick.hears.iter().zip(&block.sections) {
            let Some(sections) = sections else { continue };
            let signals = signals[heard.place].iter();
            for (signal, factor) in signals.zip(&mut factors[heard.place]) {
                *factor += weighed(sections, weights, signal.ramp, shares);
            }
        }
    }
}

/// The weights from a ramp, each times its neuron's share, added up.
fn weighed(sections: &Sections, copy: Weights, ramp: u32, shares: &[f64]) -> f64 {
    let row = sections.row(ramp);
    if row == 0 {
        return 0.0;
    }
    let weights = sections.met_weights(copy, row);
    weights.zip(shares).map(|(weight, share)| f64::from(weight) * share).sum()
}

/// What the potentials that spiking neurons kept count. Neurons that rest have heard nothing: theirs is
/// the whole share.
fn take_kept(inner: &InnerBrick, shares: &mut [f64]) -> f64 {
    let Some(spiking) = &inner.spiking else { return 0.0 };
    let mut sum = 0.0;
    for ((share, kept), rests) in shares.iter_mut().zip(spiking.kept()).zip(&spiking.rests) {
        sum += *share * f64::from(kept);
        if *rests > 0 {
            *share = 0.0;
        }
    }
    sum
}

fn at(lanes: &[Lane], neuron: u32) -> f32 {
    lanes[neuron as usize / LANE].0[neuron as usize % LANE]
}
