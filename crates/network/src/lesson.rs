//! The last lesson: what was just taught shows in full, though the slow weights lag.
//!
//! The network predicts with averaged weights, in which a single lesson hardly shows at first. So it
//! remembers the sample that it learned last. An answer to the same input is that of the fast weights;
//! for an input that is only alike the answer lies between what the fast weights answer to the lesson
//! and that of the slow weights; for all others it is that of the slow weights.

use crate::kernel::{Lane, Signal};

/// Inputs this far from the lesson's, as a share of the energy of both, have nothing in common with it.
const FAR: f32 = 0.05;

/// The sample that was learned last.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Lesson {
    /// The signals of each input brick; empty if there is no lesson.
    pub(crate) signals: Vec<Vec<Signal>>,
    /// The sums that the fast weights give for it, by output brick, if they are known.
    pub(crate) sums: Vec<Vec<Lane>>,
    /// Whether the sums are those of the present weights. They are found only when a question needs them.
    pub(crate) is_answered: bool,
    /// The same signals' values by input brick and ramp, zero for the others.
    heights: Vec<Vec<f32>>,
    energy: f32,
}

impl Lesson {
    /// Remembers a lesson in place of the one before.
    pub(crate) fn learn(&mut self, signals: &[Vec<Signal>]) {
        self.forget();
        self.signals.resize(signals.len(), Vec::new());
        self.heights.resize(signals.len(), Vec::new());
        for (kept, signals) in self.signals.iter_mut().zip(signals) {
            kept.clone_from(signals);
        }
        for (heights, signals) in self.heights.iter_mut().zip(signals) {
            for signal in signals {
                let ramp = signal.ramp as usize;
                heights.resize(heights.len().max(ramp + 1), 0.0);
                heights[ramp] = signal.value;
                self.energy += signal.value * signal.value;
            }
        }
    }

    /// Forgets it.
    pub(crate) fn forget(&mut self) {
        for (heights, signals) in self.heights.iter_mut().zip(&mut self.signals) {
            signals.drain(..).for_each(|signal| heights[signal.ramp as usize] = 0.0);
        }
        self.energy = 0.0;
    }

    /// How much an input with these signals is like the lesson's: 1 if it is the same, 0 if it has
    /// nothing in common.
    pub(crate) fn likeness(&self, signals: &[Vec<Signal>]) -> f32 {
        if self.energy == 0.0 {
            return 0.0;
        }
        let (mut energy, mut common) = (0.0f32, 0.0f32);
        for (heights, signals) in self.heights.iter().zip(signals) {
            for signal in signals {
                let height = heights.get(signal.ramp as usize).copied().unwrap_or(0.0);
                energy += signal.value * signal.value;
                common += signal.value * height;
            }
        }
        let distance = 1.0 - 2.0 * common / (energy + self.energy);
        (1.0 - distance / FAR).clamp(0.0, 1.0)
    }

    /// Moves the sums of the slow weights towards those of the lesson, by the likeness of the inputs.
    pub(crate) fn show(&self, likeness: f32, sums: &mut [Vec<Lane>]) {
        for (sums, taught) in sums.iter_mut().zip(&self.sums) {
            let sums = sums.iter_mut().flat_map(|lane| &mut lane.0);
            for (sum, taught) in sums.zip(taught.iter().flat_map(|lane| lane.0)) {
                *sum += likeness * (taught - *sum);
            }
        }
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        fn inside<T>(lists: &[Vec<T>]) -> usize {
            lists.iter().map(|list| list.capacity() * size_of::<T>() + size_of::<Vec<T>>()).sum()
        }
        inside(&self.signals) + inside(&self.sums) + inside(&self.heights)
    }
}
