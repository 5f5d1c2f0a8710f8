//! Weights in two halves.
//!
//! Learning needs every bit of a weight, as most steps are far smaller than the weight itself. What a
//! neuron sums does not: the upper half, a number of 8 significant bits, tells the weight to 0.2 %. The
//! halves lie apart, so that answering reads half as much memory, and memory is what it waits for.

use crate::kernel::{HalfLane, LANE, Lane, join, split};

/// A list of lanes of weights.
#[derive(Debug, Clone, Default)]
pub(crate) struct Halves {
    /// The weights rounded to their upper halves: what signals are multiplied by.
    pub(crate) upper: Vec<HalfLane>,
    /// What the weights have beyond that.
    pub(crate) lower: Vec<HalfLane>,
}

impl Halves {
    /// Adds lanes at the end.
    pub(crate) fn extend(&mut self, lanes: &[Lane]) {
        let length = self.upper.len() + lanes.len();
        for half in [&mut self.upper, &mut self.lower] {
            reserve(half, length);
            half.resize(length, HalfLane::default());
        }
        self.write(length - lanes.len(), lanes);
    }

    /// Replaces lanes from `at` on.
    pub(crate) fn write(&mut self, at: usize, lanes: &[Lane]) {
        for (at, lane) in (at..).zip(lanes) {
            let halves = self.upper[at].0.iter_mut().zip(&mut self.lower[at].0);
            for ((upper, lower), &weight) in halves.zip(&lane.0) {
                (*upper, *lower) = split(weight);
            }
        }
    }

    /// The weights of a lane.
    pub(crate) fn lane(&self, at: usize) -> Lane {
        let (upper, lower) = (&self.upper[at].0, &self.lower[at].0);
        Lane(std::array::from_fn(|i| join(upper[i], lower[i])))
    }

    /// The weights of a lane as signals meet them: only their upper halves.
    pub(crate) fn upper_lane(&self, at: usize) -> Lane {
        Lane(self.upper[at].0.map(|upper| f32::from_bits(u32::from(upper) << 16)))
    }

    /// Replaces one weight.
    pub(crate) fn set(&mut self, place: usize, weight: f32) {
        let (at, i) = (place / LANE, place % LANE);
        (self.upper[at].0[i], self.lower[at].0[i]) = split(weight);
    }

    /// Makes rows of `old` lanes `new` lanes long, with zeros at their ends.
    pub(crate) fn widen(&mut self, old: usize, new: usize) {
        for half in [&mut self.upper, &mut self.lower] {
            let mut wide = vec![HalfLane::default(); half.len() / old * new];
            for (wide, narrow) in wide.chunks_mut(new).zip(half.chunks(old)) {
                wide[..old].copy_from_slice(narrow);
            }
            *half = wide;
        }
    }

    /// Puts the last `lanes` lanes in the place of those from `at` on, and drops what is left at the
    /// end.
    pub(crate) fn swap_remove(&mut self, at: usize, lanes: usize) {
        for half in [&mut self.upper, &mut self.lower] {
            let last = half.len() - lanes;
            half.copy_within(last.., at);
            half.truncate(last);
        }
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        self.upper.shrink_to_fit();
        self.lower.shrink_to_fit();
    }

    /// Bytes of the weights, without what is reserved for more.
    pub(crate) fn size(&self) -> usize {
        size_of_val(&*self.upper) + size_of_val(&*self.lower)
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        (self.upper.capacity() + self.lower.capacity()) * size_of::<HalfLane>()
    }
}

/// Makes room for `length` items and an eighth more: less waste than doubling.
pub(crate) fn reserve<T>(items: &mut Vec<T>, length: usize) {
    if length > items.capacity() {
        items.reserve_exact(length + length / 8 - items.len());
    }
}
