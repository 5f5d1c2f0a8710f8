//! Which neurons of an inner brick never fire.
//!
//! A neuron that is silent for every sample has no slope to learn by: it would stay silent for good.
//! Hopeless samples, or many wild ones, can drive a whole brick there. So a neuron that was not seen
//! firing for a while gets new random weights.

use crate::kernel::Signal;

/// Samples learned in which a neuron has to fire once.
pub(crate) const PATIENCE: u32 = 256;

/// Which neurons fired lately.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Activity {
    /// Samples learned since the last look.
    pub(crate) lessons: u32,
    /// For each open neuron whether it fired since then.
    pub(crate) fired: Vec<bool>,
}

impl Activity {
    /// Takes a learned sample's signals of the brick's `neurons` neurons in. Gives the neurons that
    /// have been silent for too long.
    pub(crate) fn observe(&mut self, signals: &[Signal], neurons: usize) -> Vec<usize> {
        // Neurons that are new can't have been silent for long.
        self.fired.resize(neurons, true);
        for signal in signals {
            self.fired[signal.ramp as usize] = true;
        }
        self.lessons += 1;
        if self.lessons < PATIENCE {
            return Vec::new();
        }
        self.lessons = 0;
        let silent = (0..neurons).filter(|&neuron| !self.fired[neuron]).collect();
        self.fired.fill(false);
        silent
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.fired.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_neurons_that_were_silent_for_all_the_time() {
        let mut activity = Activity::default();
        let signal = |ramp| Signal { ramp, value: 1.0 };
        let mut rounds = |signals: &[Signal]| -> Vec<Vec<usize>> {
            (0..PATIENCE).map(|_| activity.observe(signals, 3)).collect()
        };
        assert!(rounds(&[]).iter().all(Vec::is_empty), "new neurons have time");
        let found = rounds(&[signal(1)]);
        assert_eq!(found.last().unwrap(), &[0, 2]);
        assert!(found[..found.len() - 1].iter().all(Vec::is_empty));
    }
}
