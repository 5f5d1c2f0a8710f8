//! Inner neurons: when they fire, and spiking.
//!
//! A neuron with potential `z` is silent at `z <= 0` and else sends `log2(1 + z)`, drawn with
//! straight lines between the powers of two. That is what a chain of synapses gives whose borders
//! are 1, 2, 4, 8 and so on, each of the same strength: the first unit of potential counts 1, the
//! next two count 1, the next four count 1.

use crate::kernel::{Kernel, LANE, Lane, Operation, Signal, Simd};
use crate::template::Settings;

/// From this cooldown on nothing is kept from step to step.
const KEEPS_NOTHING: f32 = 1e11;

/// Kept potentials are cut here, so that they stay finite however long they add up.
pub(crate) const MAX_POTENTIAL: f32 = 1e30;

/// What a neuron with potential `z > 0` sends: `log2(1 + z)` in straight lines, which is how a
/// float's exponent and fraction read as one number.
#[inline(always)]
pub(crate) fn signal(z: f32) -> f32 {
    const ONE: u32 = 1.0f32.to_bits();
    const STEP: f32 = 1.0 / (1 << 23) as f32;
    (1.0 + z).to_bits().wrapping_sub(ONE).cast_signed() as f32 * STEP
}

/// The slope of [`signal`] where it sends `value`: 1, 1/2, 1/4 and so on.
#[inline]
pub(crate) fn slope(value: f32) -> f32 {
    f32::from_bits((127 - value.min(126.0) as u32) << 23)
}

/// Whether neurons keep anything from step to step, so that the order of samples matters.
pub(crate) fn spikes(settings: &Settings) -> bool {
    settings.neuron_cooldown < KEEPS_NOTHING || settings.refractory_time > 1
}

/// What neurons keep from one training step to the next, if the template wants that.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spiking {
    cooldown: f32,
    refractory_time: u32,
    /// The potentials after the last step, one per open neuron.
    pub(crate) potentials: Vec<f32>,
    /// The steps left before each neuron can take input again.
    pub(crate) rests: Vec<u32>,
}

impl Spiking {
    /// None if the neurons don't spike.
    pub(crate) fn new(settings: &Settings) -> Option<Self> {
        spikes(settings).then(|| Self {
            cooldown: settings.neuron_cooldown,
            refractory_time: settings.refractory_time,
            potentials: Vec::new(),
            rests: Vec::new(),
        })
    }

    /// What the neurons have kept of the potentials of the last step.
    pub(crate) fn kept(&self) -> impl Iterator<Item = f32> {
        self.potentials.iter().map(|&potential| potential / self.cooldown)
    }

    /// Turns the sums of a step into potentials: the kept potential, divided by the cooldown, and
    /// the sum unless the neuron rests.
    pub(crate) fn add_kept(&self, sums: &mut [Lane]) {
        let values = sums.iter_mut().flat_map(|lane| &mut lane.0);
        for ((sum, kept), &rest) in values.zip(self.kept()).zip(&self.rests) {
            let taken = if rest == 0 { *sum } else { 0.0 };
            *sum = kept + taken;
        }
    }

    /// Clears the errors of neurons that rest: they took no input in this step, so no other weight
    /// would have changed what they sent.
    pub(crate) fn spare_resting(&self, errors: &mut [Lane]) {
        let errors = errors.iter_mut().flat_map(|lane| &mut lane.0);
        for (error, _) in errors.zip(&self.rests).filter(|(_, rest)| **rest > 0) {
            *error = 0.0;
        }
    }

    /// Ends a step: keeps the potentials that [`Spiking::add_kept`] made. There may be more neurons
    /// than potentials, if a block was opened in this step.
    pub(crate) fn keep(&mut self, potentials: &[Lane], neurons: usize) {
        // Neurons take turns, so that some of them take input in every step.
        let new = self.rests.len() as u32..neurons as u32;
        self.rests.extend(new.map(|neuron| neuron % self.refractory_time));
        self.potentials.clear();
        let potentials = potentials.iter().flat_map(|lane| lane.0).take(neurons);
        self.potentials.extend(potentials.map(|z| z.clamp(-MAX_POTENTIAL, MAX_POTENTIAL)));
        self.potentials.resize(neurons, 0.0);
        for rest in &mut self.rests {
            if *rest == 0 {
                *rest = self.refractory_time;
            }
            *rest -= 1;
        }
    }

    /// Appends what is kept, as numbers that are not to be computed with.
    pub(crate) fn write(&self, numbers: &mut Vec<f32>) {
        numbers.push(f32::from_bits(self.potentials.len() as u32));
        numbers.extend(&self.potentials);
        numbers.extend(self.rests.iter().map(|&rest| f32::from_bits(rest)));
    }

    /// Takes what [`Spiking::write`] wrote from the front of `numbers`. None if that is not there.
    pub(crate) fn read(&self, numbers: &mut &[f32]) -> Option<Self> {
        let count = numbers.split_off_first()?.to_bits() as usize;
        let potentials = numbers.split_off(..count)?.to_vec();
        let rests = numbers.split_off(..count)?.iter().map(|rest| rest.to_bits()).collect();
        Some(Self { potentials, rests, ..*self })
    }

    /// Whether a brick of so many neurons can have kept this.
    pub(crate) fn is_valid(&self, neurons: usize) -> bool {
        let possible = -MAX_POTENTIAL..=MAX_POTENTIAL;
        self.potentials.len() <= neurons && self.potentials.iter().all(|z| possible.contains(z))
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.potentials.capacity() * size_of::<f32>() + self.rests.capacity() * size_of::<u32>()
    }
}

/// Writes the signals of the neurons that fire.
pub(crate) fn fire(kernel: Kernel, potentials: &[Lane], signals: &mut Vec<Signal>) {
    signals.clear();
    kernel.run(Fire { potentials, signals });
}

struct Fire<'a> {
    potentials: &'a [Lane],
    signals: &'a mut Vec<Signal>,
}

impl Operation for Fire<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        for (start, lane) in (0..).step_by(LANE).zip(self.potentials) {
            let mask = simd.find_up_to(simd.load(lane), f32::INFINITY);
            simd.pick(simd.load(&Lane(lane.0.map(signal))), mask, start, self.signals);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_the_logarithm_in_straight_lines() {
        for (z, value) in
            [(0.5, 0.5), (1.0, 1.0), (2.0, 1.5), (3.0, 2.0), (7.0, 3.0), (1023.0, 10.0)]
        {
            assert_eq!(signal(z), value);
        }
        assert!(signal(f32::MAX).is_finite());
        assert!(signal(f32::INFINITY).is_finite());
    }

    #[test]
    fn the_slope_is_that_of_the_signal() {
        for z in [0.1f32, 0.9, 1.5, 5.0, 100.0, 3000.0] {
            let step = z * 1e-3;
            let measured = (signal(z + step) - signal(z)) / step;
            let slope = slope(signal(z));
            assert!((measured - slope).abs() < 0.01 * slope, "{z}: {measured} {slope}");
        }
    }

    #[test]
    fn a_resting_neuron_takes_no_input_and_its_potential_cools_down() {
        let settings = Settings {
            neuron_cooldown: 2.0,
            refractory_time: 2,
            experience: 0,
            ..Settings::default()
        };
        let mut spiking = Spiking::new(&settings).unwrap();
        let mut seen = Vec::new();
        for _ in 0..4 {
            let mut sums = [Lane([8.0; LANE])];
            spiking.add_kept(&mut sums);
            spiking.keep(&sums, 1);
            seen.push(sums[0].0[0]);
        }
        assert_eq!(seen, [8.0, 4.0, 10.0, 5.0]);
    }
}
