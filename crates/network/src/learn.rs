//! From answers to better weights: growth, gradients, averages.

use crate::borders::projection;
use crate::gauges::absolute;
use crate::kernel::{LANE, Lane, Signal};
use crate::network::{Network, bricks};
use crate::neurons::slope;
use crate::reduction::REDUCED_EVERY;
use crate::surprise::{Surprise, shrinkage};

/// Errors above this make the network grow.
const WRONG: f32 = 0.2;
/// Learning rate into inner bricks.
const INNER_RATE: f32 = 3.0;
/// Learning rate into output bricks that tell classes...
const CLASS_RATE: f32 = 1.5;
/// ...and into those whose errors never end.
const GRADED_RATE: f32 = 1.0;
/// Rates fall as `1 / sqrt(1 + steps / this)`...
const DECAY_STEPS: f32 = 20_000.0;
/// ...but to no less than this share, as a cluster never stops learning.
const LEAST_RATE: f32 = 0.2;
/// Errors of inner neurons are cut here, so that noise can't drive them about.
const LARGEST_INNER_ERROR: f32 = 0.1;
/// The slow weights average over this share of all steps so far...
const AVERAGED_SHARE: f32 = 0.2;
/// ...but over no more than `averaging_window`, and follow the fast ones in rounds of this many steps...
const AVERAGED_EVERY: u64 = 256;
/// ...or, early on, of about one in this many of the steps so far...
const AVERAGED_EARLY: u64 = 32;
/// ...of which each takes this many parts of the weights in turn, so that no step takes long.
const AVERAGED_PARTS: u64 = 32;

/// How a sample was answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outcome {
    /// Whether there is anything to learn.
    pub(crate) learned: bool,
    /// The largest error that any output had.
    pub(crate) error: f32,
}

impl Network {
    /// Takes the sample's inputs in: chains are made, borders move, weights follow them.
    pub(crate) fn observe_inputs(&mut self) {
        let mut moved = Vec::new();
        for (i, input) in self.inputs.iter_mut().enumerate() {
            let values = input.part(&self.scratch.values);
            input.observe(values, &mut self.rng, &mut moved);
            let ramps = input.chains.ramps as u32;
            for moved in moved.drain(..) {
                let shares = projection(&moved.old_ends, input.chains.ends(moved.chain));
                for brick in bricks(&mut self.inner, &mut self.outputs) {
                    brick.project(1 + i, moved.chain * ramps, &shares, &mut self.room);
                }
            }
        }
    }

    /// Takes the sample's targets in: an output brick may turn numeric or back, and then starts anew.
    pub(crate) fn observe_targets(&mut self, target: &[f32]) {
        for (output, sums) in self.outputs.iter_mut().zip(&mut self.scratch.sums) {
            let target = &target[output.start..][..output.brick.limit];
            if output.output.observe(target) {
                output.surprise = Surprise::default();
                self.room.taken -= output.brick.size();
                output.brick.clear();
                sums.fill(Lane::default());
                self.lesson.forget();
            }
        }
    }

    /// Judges the answer to the sample whose signals passed last, and learns the sample if that calls for
    /// it.
    pub(crate) fn learn(&mut self, target: &[f32]) -> Outcome {
        let outcome = self.judge(target);
        if outcome.learned {
            self.improve(outcome.error);
        }
        outcome
    }

    /// Finds the errors of the answer to the sample whose signals passed last.
    pub(crate) fn judge(&mut self, target: &[f32]) -> Outcome {
        let threshold = self.template.settings.error_threshold;
        let (mut learned, mut error) = (false, 0.0f32);
        let outputs = self.outputs.iter().zip(&self.scratch.sums).zip(&mut self.scratch.errors);
        for ((output, sums), errors) in outputs {
            errors.clear();
            errors.resize(sums.len(), Lane::default());
            let target = &target[output.start..][..output.brick.limit];
            let largest = output.output.errors(sums, target, errors);
            error = error.max(largest);
            learned |= largest > output.output.tolerance(target, threshold);
        }
        Outcome { learned, error }
    }

    /// Changes weights by the errors found last, of which `error` is the largest.
    pub(crate) fn improve(&mut self, error: f32) {
        self.measure_energies();
        self.revive();
        self.change_weights();
        // Only now: the answer did not come through what grows, so no error goes back through it.
        if error > WRONG {
            self.grow();
        }
    }

    /// Learns how far new samples can be foreseen, from the errors found last.
    pub(crate) fn be_surprised(&mut self, target: &[f32]) {
        if !self.seen.add(&self.scratch.values, target) {
            return;
        }
        for (output, errors) in self.outputs.iter_mut().zip(&self.scratch.errors) {
            let target = &target[output.start..][..output.brick.limit];
            let errors = errors.iter().flat_map(|lane| lane.0);
            output.surprise.observe(output.output.in_own_terms(target, errors));
        }
    }

    /// The sums of the squares of all signals.
    fn measure_energies(&mut self) {
        let scratch = &mut self.scratch;
        for (energy, signals) in scratch.energies.iter_mut().zip(&scratch.signals) {
            *energy = sum_of_squares(signals);
        }
        for brick in bricks(&mut self.inner, &mut self.outputs) {
            brick.observe_energy(&scratch.energies);
        }
    }

    fn grow(&mut self) {
        let (signals, energies) = (&self.scratch.signals, &self.scratch.energies);
        // Place 0 is the constant signal, then come the inputs; inner neurons have a single ramp.
        let input = |place: usize| self.inputs.get(place.checked_sub(1)?);
        let ramps = |place| input(place).map_or(1, |input| input.chains.ramps as u32);
        for brick in bricks(&mut self.inner, &mut self.outputs) {
            brick.grow(signals, energies, ramps, &mut self.rng, &mut self.room);
        }
    }

    /// Gives new weights to inner neurons that don't fire. What a spiking neuron does depends on what
    /// was before, so silence never means that it knows something else.
    fn revive(&mut self) {
        let first_inner = self.scratch.first_inner();
        for (inner, signals) in self.inner.iter_mut().zip(&self.scratch.signals[first_inner..]) {
            let all = inner.spiking.is_some();
            for neuron in inner.activity.observe(signals, inner.brick.neurons(), all) {
                inner.brick.regrow(neuron, &mut self.rng);
            }
        }
    }

    /// What weights lose at present: as much as the least noisy output calls for.
    fn shrinkage(&self) -> f32 {
        let noises = self.outputs.iter().map(|output| output.surprise.noise());
        let numeric = self.outputs.iter().all(|output| output.output.is_numeric());
        shrinkage(noises.fold(1.0, f32::min), self.seen.new, numeric)
    }

    /// Gradients pass the bricks backwards; each brick's weights change once all that listen to it
    /// have told what it contributed to their errors.
    fn change_weights(&mut self) {
        let shrinkage = self.shrinkage();
        let scratch = &mut self.scratch;
        let settings = &self.template.settings;
        let decay = (1.0 + self.steps as f32 / DECAY_STEPS).sqrt().recip().max(LEAST_RATE);
        for (gradients, signals) in scratch.gradients.iter_mut().zip(&scratch.signals) {
            if let Some(gradients) = gradients {
                gradients.clear();
                gradients.resize(signals.len(), 0.0);
            }
        }
        for (output, errors) in self.outputs.iter_mut().zip(&scratch.errors) {
            let rate = if output.output.is_graded() { GRADED_RATE } else { CLASS_RATE };
            let rate = rate * decay * settings.output_learning_rate;
            let gradients = &mut scratch.gradients;
            output.brick.learn(self.kernel, &scratch.signals, errors, rate, shrinkage, gradients);
        }
        let first_inner = scratch.first_inner();
        for (i, inner) in self.inner.iter_mut().enumerate().rev() {
            let place = first_inner + i;
            let errors = &mut scratch.inner_errors;
            errors.clear();
            errors.resize(inner.brick.lanes(), Lane::default());
            let gradients = scratch.gradients[place].as_deref().unwrap_or_default();
            spread(&scratch.signals[place], gradients, errors);
            if let Some(spiking) = &inner.spiking {
                spiking.spare_resting(errors);
            }
            scratch.inner_absolute[i] = absolute(errors);
            let rate = INNER_RATE * decay * settings.inner_learning_rate;
            let gradients = &mut scratch.gradients;
            inner.brick.learn(self.kernel, &scratch.signals, errors, rate, shrinkage, gradients);
        }
    }

    /// Lets a part of the slow weights follow the fast ones, when it is time.
    pub(crate) fn average(&mut self) {
        // Powers of two, so that a round is over before longer ones begin.
        let window = u64::from(self.template.settings.averaging_window);
        let longest = AVERAGED_EVERY.min(window);
        let round = 1 << (self.steps / AVERAGED_EARLY).clamp(1, longest).ilog2();
        let parts = AVERAGED_PARTS.min(round);
        if !self.steps.is_multiple_of(round / parts) {
            return;
        }
        let part = (self.steps / (round / parts) % parts) as usize;
        let averaged = (AVERAGED_SHARE * self.steps as f32).min(window as f32);
        let rate = (round as f32 / averaged).min(1.0);
        for brick in bricks(&mut self.inner, &mut self.outputs) {
            for sections in brick.sections_mut() {
                sections.average(self.kernel, rate, part, parts as usize);
            }
        }
    }

    /// Deletes sections that are hardly used, when it is time and the template wants it.
    pub(crate) fn reduce(&mut self) {
        if !self.template.settings.enable_reduction || !self.steps.is_multiple_of(REDUCED_EVERY) {
            return;
        }
        for brick in bricks(&mut self.inner, &mut self.outputs) {
            self.room.taken -= brick.size();
            brick.reduce();
            self.room.taken += brick.size();
        }
    }
}

/// Eight sums side by side, as each addition waits for the one before.
fn sum_of_squares(signals: &[Signal]) -> f32 {
    let mut sums = [0.0; 8];
    let add = |(sum, signal): (&mut f32, &Signal)| *sum += signal.value * signal.value;
    let (eights, rest) = signals.as_chunks::<8>();
    for eight in eights {
        sums.iter_mut().zip(eight).for_each(add);
    }
    sums.iter_mut().zip(rest).for_each(add);
    sums.iter().sum()
}

/// Turns what signals contributed to errors into the errors of the neurons that sent them.
fn spread(signals: &[Signal], gradients: &[f32], errors: &mut [Lane]) {
    for (signal, gradient) in signals.iter().zip(gradients) {
        let neuron = signal.ramp as usize;
        let error =
            (gradient * slope(signal.value)).clamp(-LARGEST_INNER_ERROR, LARGEST_INNER_ERROR);
        errors[neuron / LANE].0[neuron % LANE] = error;
    }
}
