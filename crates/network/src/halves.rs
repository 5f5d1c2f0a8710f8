//! Weights in two halves.
//!
//! Learning needs every bit of a weight, as most steps are far smaller than the weight itself. What a
//! neuron sums does not: the upper half, a number of 8 significant bits, tells the weight to 0.8 %. The
//! halves lie apart, so that answering reads half as much memory, and memory is what it waits for.
//!
//! Lanes lie in pairs ([`HalfPair`]). The rows of these lists are whole pairs; what a row has no lane
//! for stays zero.

use crate::kernel::{HalfPair, LANE, Lane, join, split};

/// Weights in a pair of lanes.
pub(crate) const PAIR: usize = 2 * LANE;

/// A list of pairs of lanes of weights.
#[derive(Debug, Clone, Default)]
pub(crate) struct Halves {
    /// The weights cut to their upper halves: what signals are multiplied by.
    pub(crate) upper: Vec<HalfPair>,
    /// What the weights have beyond that.
    pub(crate) lower: Vec<HalfPair>,
}

impl Halves {
    /// Adds lanes at the end.
    pub(crate) fn extend(&mut self, lanes: &[Lane]) {
        let start = self.upper.len();
        let length = start + lanes.len().div_ceil(2);
        for half in [&mut self.upper, &mut self.lower] {
            reserve(half, length);
            half.resize(length, HalfPair::default());
        }
        self.write(start, lanes);
    }

    /// Replaces lanes from the pair `at` on.
    pub(crate) fn write(&mut self, at: usize, lanes: &[Lane]) {
        for (at, pair) in (at..).zip(lanes.chunks(2)) {
            let second = pair.get(1).copied().unwrap_or_default();
            for (i, weights) in pair[0].0.into_iter().zip(second.0).enumerate() {
                [self.upper[at].0[i], self.lower[at].0[i]] = split(weights.into());
            }
        }
    }

    /// The weights of a pair.
    pub(crate) fn pair(&self, at: usize) -> [Lane; 2] {
        let mut pair = [Lane::default(); 2];
        for (i, (&upper, &lower)) in self.upper[at].0.iter().zip(&self.lower[at].0).enumerate() {
            [pair[0].0[i], pair[1].0[i]] = join(upper, lower);
        }
        pair
    }

    /// The weights of a pair as signals meet them: only their upper halves.
    pub(crate) fn upper_pair(&self, at: usize) -> [Lane; 2] {
        let mut pair = [Lane::default(); 2];
        for (i, &upper) in self.upper[at].0.iter().enumerate() {
            [pair[0].0[i], pair[1].0[i]] = join(upper, 0);
        }
        pair
    }

    /// Replaces one weight.
    pub(crate) fn set(&mut self, place: usize, weight: f32) {
        let (at, lane, i) = (place / PAIR, place % PAIR / LANE, place % LANE);
        let (upper, lower) = (&mut self.upper[at].0[i], &mut self.lower[at].0[i]);
        let mut weights = join(*upper, *lower);
        weights[lane] = weight;
        [*upper, *lower] = split(weights);
    }

    /// Makes rows of `old` pairs `new` pairs long, with zeros at their ends.
    pub(crate) fn widen(&mut self, old: usize, new: usize) {
        for half in [&mut self.upper, &mut self.lower] {
            let mut wide = vec![HalfPair::default(); half.len() / old * new];
            for (wide, narrow) in wide.chunks_mut(new).zip(half.chunks(old)) {
                wide[..old].copy_from_slice(narrow);
            }
            *half = wide;
        }
    }

    /// Puts the last `pairs` pairs in the place of those from `at` on, and drops what is left at the
    /// end.
    pub(crate) fn swap_remove(&mut self, at: usize, pairs: usize) {
        for half in [&mut self.upper, &mut self.lower] {
            let last = half.len() - pairs;
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
        (self.upper.capacity() + self.lower.capacity()) * size_of::<HalfPair>()
    }
}

/// Makes room for `length` items and an eighth more: less waste than doubling.
pub(crate) fn reserve<T>(items: &mut Vec<T>, length: usize) {
    if length > items.capacity() {
        items.reserve_exact(length + length / 8 - items.len());
    }
}
