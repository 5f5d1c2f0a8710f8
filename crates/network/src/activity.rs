//! Which neurons of an inner brick don't fire.
//!
//! A neuron that is silent for every sample has no slope to learn by: it would stay silent for good.
//! Hopeless samples, or many wild ones, can drive a whole brick there. So silent neurons get new
//! random weights. But one that fired before may know something that just doesn't occur now. So it is
//! given up only where nearly the whole brick is silent, and even then most of the brick is spared.

use crate::kernel::Signal;

/// Samples learned in which a neuron has to fire once.
pub(crate) const PATIENCE: u32 = 256;
/// Neurons that fired before are given up only if no more than one in this many fires...
const FEW: usize = 8;
/// ...and then only one in this many: always the same ones.
const GIVEN_UP: usize = 8;

/// When a neuron fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fired {
    /// Not since it got its random weights.
    Never,
    /// Before the last look, but not since.
    Before,
    /// Since the last look.
    Lately,
}

/// Which neurons fired lately.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Activity {
    /// Samples learned since the last look.
    pub(crate) lessons: u32,
    /// For each open neuron when it fired.
    pub(crate) fired: Vec<Fired>,
}

impl Activity {
    /// Takes a learned sample's signals of the brick's `neurons` neurons in. Gives the neurons that
    /// need new weights; with `all` that is each that has been silent for too long.
    pub(crate) fn observe(&mut self, signals: &[Signal], neurons: usize, all: bool) -> Vec<usize> {
        self.fired.resize(neurons, Fired::Never);
        for signal in signals {
            self.fired[signal.ramp as usize] = Fired::Lately;
        }
        self.lessons += 1;
        if self.lessons < PATIENCE {
            return Vec::new();
        }
        self.lessons = 0;
        let firing = self.fired.iter().filter(|&&fired| fired == Fired::Lately).count();
        let few = firing * FEW <= neurons;
        let mut dead = Vec::new();
        for (neuron, fired) in self.fired.iter_mut().enumerate() {
            *fired = match *fired {
                Fired::Lately => Fired::Before,
                Fired::Before if !(all || few && neuron.is_multiple_of(GIVEN_UP)) => Fired::Before,
                Fired::Before | Fired::Never => {
                    dead.push(neuron);
                    Fired::Never
                }
            };
        }
        dead
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.fired.capacity() * size_of::<Fired>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found after each of [`PATIENCE`] lessons in which these of 8 neurons fire.
    fn round(activity: &mut Activity, firing: &[u32], all: bool) -> Vec<usize> {
        let signals: Vec<Signal> = firing.iter().map(|&ramp| Signal { ramp, value: 1.0 }).collect();
        let mut found = Vec::new();
        for _ in 0..PATIENCE {
            assert!(found.is_empty(), "too early");
            found = activity.observe(&signals, 8, all);
        }
        found
    }

    #[test]
    fn neurons_that_never_fired_are_found() {
        let mut activity = Activity::default();
        assert_eq!(round(&mut activity, &[0, 1, 2, 3, 4, 6], false), [5, 7]);
        assert_eq!(round(&mut activity, &[0, 1, 2, 3, 4, 5], false), [7]);
    }

    #[test]
    fn neurons_that_fired_before_are_spared_but_for_a_share_of_a_brick_that_is_nearly_dead() {
        let mut activity = Activity::default();
        assert!(round(&mut activity, &[0, 1, 2, 3, 4, 5, 6, 7], false).is_empty());
        assert!(round(&mut activity, &[2, 3], false).is_empty());
        assert_eq!(round(&mut activity, &[3], false), [0]);
    }

    #[test]
    fn all_silent_neurons_are_found_if_wanted() {
        let mut activity = Activity::default();
        assert!(round(&mut activity, &[0, 1, 2, 3, 4, 5, 6, 7], true).is_empty());
        assert_eq!(round(&mut activity, &[0, 1, 2, 3], true), [4, 5, 6, 7]);
    }
}
