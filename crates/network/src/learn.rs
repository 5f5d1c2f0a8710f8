//! From answers to better weights: growth, gradients, averages, rehearsal.

use crate::borders::projection;
use crate::kernel::{LANE, Lane, Signal};
use crate::network::{Network, bricks};
use crate::neurons::slope;
use crate::reduction::REDUCED_EVERY;
use crate::sections::{Sections, Weights};

/// Errors above this make the network grow.
const WRONG: f32 = 0.2;
/// Learning rate into inner bricks.
const INNER_RATE: f32 = 3.0;
/// Learning rate into output bricks.
const OUTPUT_RATE: f32 = 1.0;
/// Rates fall as `1 / sqrt(1 + steps / this)`...
const DECAY_STEPS: f32 = 20_000.0;
/// ...but to no less than this share, as a cluster never stops learning.
const LEAST_RATE: f32 = 0.2;
/// Errors of inner neurons are cut here, so that noise can't drive them about.
const LARGEST_INNER_ERROR: f32 = 0.1;
/// The slow weights average over this share of all steps so far...
const AVERAGED_SHARE: f32 = 0.2;
/// ...but over no more than `averaging_window`, and follow the fast ones at least this often...
const AVERAGED_EVERY: u64 = 256;
/// ...or, early on, whenever the steps have grown by one in this many.
const AVERAGED_EARLY: u64 = 32;

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
                self.room.taken -= output.brick.size();
                output.brick.clear();
                sums.fill(Lane::default());
            }
        }
    }

    /// Learns the sample whose signals passed last. True if there was something to learn.
    pub(crate) fn learn(&mut self, target: &[f32]) -> bool {
        let threshold = self.template.settings.error_threshold;
        let (mut wrong, mut learns) = (false, false);
        let outputs = self.outputs.iter().zip(&self.scratch.sums).zip(&mut self.scratch.errors);
        for ((output, sums), errors) in outputs {
            errors.clear();
            errors.resize(sums.len(), Lane::default());
            let target = &target[output.start..][..output.brick.limit];
            let largest = output.output.errors(sums, target, errors);
            wrong |= largest > WRONG;
            learns |= largest > output.output.tolerance(target, threshold);
        }
        if learns {
            self.measure_energies();
            self.revive();
            self.change_weights();
            // Only now: the answer did not come through what grows, so no error goes back through it.
            if wrong {
                self.grow();
            }
        }
        learns
    }

    /// The sums of the squares of all signals.
    fn measure_energies(&mut self) {
        let scratch = &mut self.scratch;
        for (energy, signals) in scratch.energies.iter_mut().zip(&scratch.signals) {
            *energy = signals.iter().map(|signal| signal.value * signal.value).sum();
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

    /// Gradients pass the bricks backwards; each brick's weights change once all that listen to it
    /// have told what it contributed to their errors.
    fn change_weights(&mut self) {
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
            let rate = OUTPUT_RATE * decay * settings.output_learning_rate;
            let gradients = &mut scratch.gradients;
            output.brick.learn(self.kernel, &scratch.signals, errors, rate, gradients);
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
            let rate = INNER_RATE * decay * settings.inner_learning_rate;
            let gradients = &mut scratch.gradients;
            inner.brick.learn(self.kernel, &scratch.signals, errors, rate, gradients);
        }
    }

    /// Keeps the sample that was learned, to teach it again, and what spiking neurons had kept by then.
    pub(crate) fn keep_sample(&mut self, target: &[f32]) {
        let lesson = &mut self.scratch.targets;
        lesson.clear();
        lesson.extend(target);
        for spiking in self.inner.iter().filter_map(|inner| inner.spiking.as_ref()) {
            spiking.write(lesson);
        }
        let width = self.input_ports.iter().map(|port| port.width).sum();
        self.experience.keep(width, &self.scratch.values, lesson);
    }

    /// Teaches one of the kept samples again.
    pub(crate) fn rehearse(&mut self) {
        let width = self.input_width();
        let Some(sample) = self.experience.pick(&mut self.rng) else {
            return;
        };
        let mut targets = std::mem::take(&mut self.scratch.targets);
        sample.unpack(width, &mut self.scratch.values, &mut targets);
        let mut then = self.course_of(&targets[self.output_width()..]);
        self.exchange(&mut then);
        self.encode();
        self.forward(Weights::Fast);
        self.learn(&targets);
        self.exchange(&mut then);
        self.scratch.targets = targets;
    }

    /// Lets the slow weights follow the fast ones, when it is time.
    pub(crate) fn average(&mut self) {
        let since = self.steps - self.averaged_at;
        if since < (self.steps / AVERAGED_EARLY).clamp(1, AVERAGED_EVERY) {
            return;
        }
        self.averaged_at = self.steps;
        let window = self.template.settings.averaging_window as f32;
        let rate = (since as f32 / (AVERAGED_SHARE * self.steps as f32).min(window)).min(1.0);
        for brick in bricks(&mut self.inner, &mut self.outputs) {
            brick.sections_mut().for_each(|sections| sections.average(self.kernel, rate));
        }
    }

    /// Deletes sections that are hardly used, when it is time and the template wants it.
    pub(crate) fn reduce(&mut self) {
        if !self.template.settings.enable_reduction || !self.steps.is_multiple_of(REDUCED_EVERY) {
            return;
        }
        for brick in bricks(&mut self.inner, &mut self.outputs) {
            self.room.taken -= brick.size();
            brick.sections_mut().for_each(Sections::reduce);
            self.room.taken += brick.size();
        }
    }
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
