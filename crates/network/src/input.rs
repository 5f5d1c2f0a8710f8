//! Input bricks: from values to signals.

use std::ops::Range;

use crate::borders::{Chains, Moved, ramp};
use crate::kernel::{Kernel, LANE, Lane, Operation, Signal, Simd};
use crate::rng::Rng;

/// The inputs of a cluster share about this many ramps per sign...
const RAMPS: usize = 1024;
/// ...but no input gets more than this.
const MAX_RAMPS: usize = 16;
/// Stands for a neuron and sign that never had a value.
pub(crate) const NO_CHAIN: u32 = u32::MAX;

/// A value of a sample that is neither zero nor NaN nor infinite: only these make signals.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C)]
pub(crate) struct Value {
    /// Place in the cluster's input vector.
    pub(crate) index: u32,
    pub(crate) value: f32,
}

/// Writes the values that make signals.
pub(crate) fn read_values(kernel: Kernel, input: &[f32], values: &mut Vec<Value>) {
    values.clear();
    kernel.run(ReadValues { input, values });
}

struct ReadValues<'a> {
    input: &'a [f32],
    values: &'a mut Vec<Value>,
}

impl Operation for ReadValues<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let (lanes, rest) = self.input.as_chunks::<LANE>();
        let mut last = [0.0; LANE];
        last[..rest.len()].copy_from_slice(rest);
        for (start, &lane) in (0..).step_by(LANE).zip(lanes.iter().chain([&last])) {
            let lane = simd.load(&Lane(lane));
            let mask = simd.find_up_to(simd.abs(lane), f32::MAX);
            simd.pick(lane, mask, start, self.values);
        }
    }
}

/// An input brick: one chain of ramps per neuron and sign, made when first needed.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// Where its values begin in the cluster's input vector.
    pub(crate) start: usize,
    /// Number of values.
    pub(crate) width: usize,
    /// The chain of each neuron and sign (2 x neuron + 1 if negative), as far as needed so far.
    pub(crate) chain_of: Vec<u32>,
    pub(crate) chains: Chains,
}

impl Input {
    /// `total` is the number of values of all input bricks.
    pub(crate) fn new(start: usize, width: usize, total: usize) -> Self {
        let ramps = (RAMPS / total).clamp(1, MAX_RAMPS);
        Self { start, width, chain_of: Vec::new(), chains: Chains::new(ramps) }
    }

    /// The part of a sample's values that is this brick's.
    pub(crate) fn part<'a>(&self, values: &'a [Value]) -> &'a [Value] {
        let place = |limit: usize| values.partition_point(|value| (value.index as usize) < limit);
        &values[place(self.start)..place(self.start + self.width)]
    }

    /// Its places in the cluster's input vector.
    pub(crate) fn places(&self) -> Range<usize> {
        self.start..self.start + self.width
    }

    fn chain_place(&self, value: Value) -> usize {
        2 * (value.index as usize - self.start) + usize::from(value.value < 0.0)
    }

    /// Takes the brick's values of a training sample in: makes chains that are missing and moves
    /// borders. Pushes the chains whose borders moved to `moved`.
    pub(crate) fn observe(&mut self, values: &[Value], rng: &mut Rng, moved: &mut Vec<Moved>) {
        for &value in values {
            let place = self.chain_place(value);
            if place >= self.chain_of.len() {
                self.chain_of.resize(place + 1, NO_CHAIN);
            }
            if self.chain_of[place] == NO_CHAIN {
                self.chain_of[place] = self.chains.add();
            }
            let chain = self.chain_of[place];
            if self.chains.observe(chain, value.index, value.value.abs(), rng) {
                moved.extend(self.chains.place(chain));
            }
        }
    }

    /// Writes the signals of the brick's values: those of every ramp that fires.
    pub(crate) fn encode(&self, values: &[Value], signals: &mut Vec<Signal>) {
        signals.clear();
        if self.chains.ramps == 1 {
            self.encode_single(values, signals);
            return;
        }
        for &value in values {
            let Some(&chain) = self.chain_of.get(self.chain_place(value)) else {
                continue;
            };
            if chain == NO_CHAIN {
                continue;
            }
            let magnitude = value.value.abs();
            let first = chain * self.chains.ramps as u32;
            let mut start = 0.0;
            for (ramp_number, &end) in (first..).zip(self.chains.ends(chain)) {
                if magnitude <= start {
                    break;
                }
                let height = ramp(magnitude, start, end);
                if height > 0.0 {
                    signals.push(Signal { ramp: ramp_number, value: height });
                }
                start = end;
            }
        }
    }

    /// As [`Input::encode`], where every chain has a single ramp: such inputs have many values.
    fn encode_single(&self, values: &[Value], signals: &mut Vec<Signal>) {
        // There is no branch that the processor would have to guess: what does not fire is overwritten.
        signals.resize(values.len(), Signal { ramp: 0, value: 0.0 });
        let mut count = 0;
        for &value in values {
            let ramp = self.chain_of.get(self.chain_place(value)).copied().unwrap_or(NO_CHAIN);
            // There is no end for `NO_CHAIN`.
            let end = self.chains.ends.get(ramp as usize).copied().unwrap_or(0.0);
            signals[count] = Signal { ramp, value: (value.value.abs() / end).min(1.0) };
            count += usize::from(end > 0.0);
        }
        signals.truncate(count);
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.chain_of.capacity() * size_of::<u32>() + self.chains.bytes()
    }
}
