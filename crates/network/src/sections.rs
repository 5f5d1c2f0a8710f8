//! The sections between one source brick and one block of a brick.
//!
//! A section is one ramp of a source neuron and the synapses from it to the neurons of the block: a
//! dense row of weights, 1 or 2 pairs of lanes long. All rows of the block lie one after the other, so that
//! learning and predicting are plain multiply-adds over the rows of the active ramps. Each weight
//! exists twice: the *fast* copy learns, the *slow* one follows it and predicts.

use crate::halves::{Halves, PAIR, reserve};
use crate::kernel::{Accumulate, Average, Kernel, LANE, Lane, Learn, LearnBack, Rows, Signal};
use crate::reduction::Uses;
use crate::room::Room;

/// Most lanes in a row: a block is up to 64 neurons wide.
pub(crate) const MAX_LANES: usize = 4;

/// No weight is larger, so that sums stay finite. Steps are far too small to lead anywhere near it.
pub(crate) const MAX_WEIGHT: f32 = 1e20;

/// Which of the two copies of the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weights {
    /// Learns.
    Fast,
    /// Follows the fast copy and predicts.
    Slow,
}

/// A growing store of rows. An empty one holds no memory.
#[derive(Debug, Clone)]
pub(crate) struct Sections {
    /// Lanes in a row.
    lanes: usize,
    /// Row 0 is zero and stands for ramps without a row.
    fast: Halves,
    slow: Halves,
    /// The row of each ramp, 0 if it has none. Ramps beyond the end have none.
    row_of: Vec<u32>,
    /// The ramp of each row; that of row 0 has no meaning.
    ramp_of: Vec<u32>,
    /// How much each row was used; empty where unused rows are kept.
    uses: Vec<Uses>,
}

/// What an update of the rows does: the step of the weights and the errors it follows from.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    /// Added to the weights of a row, times the ramp's value.
    pub(crate) change: &'a [Lane],
    /// The share that the weights of a row lose before.
    pub(crate) shrinkage: f32,
    /// The errors of the block's neurons.
    pub(crate) errors: &'a [Lane],
}

impl Sections {
    pub(crate) fn new(lanes: usize) -> Self {
        Self {
            lanes,
            fast: Halves::default(),
            slow: Halves::default(),
            row_of: Vec::new(),
            ramp_of: Vec::new(),
            uses: Vec::new(),
        }
    }

    /// Sections, that is rows but for row 0.
    pub(crate) fn count(&self) -> usize {
        self.ramp_of.len().saturating_sub(1)
    }

    /// The row of a ramp, 0 if it has none.
    pub(crate) fn row(&self, ramp: u32) -> usize {
        self.row_of.get(ramp as usize).map_or(0, |&row| row as usize)
    }

    /// The ramp of a row.
    pub(crate) fn ramp(&self, row: usize) -> u32 {
        self.ramp_of[row]
    }

    /// The uses of a row, if they are counted.
    pub(crate) fn uses(&self, row: usize) -> Option<Uses> {
        self.uses.get(row).copied()
    }

    /// Pairs of lanes in a row.
    fn pairs(&self) -> usize {
        self.lanes.div_ceil(2)
    }

    fn copy(&self, copy: Weights) -> &Halves {
        match copy {
            Weights::Fast => &self.fast,
            Weights::Slow => &self.slow,
        }
    }

    /// One copy of a row's weights.
    pub(crate) fn weights(&self, copy: Weights, row: usize) -> impl Iterator<Item = f32> {
        let pairs = row * self.pairs()..(row + 1) * self.pairs();
        let weights =
            pairs.flat_map(move |pair| self.copy(copy).pair(pair)).flat_map(|lane| lane.0);
        weights.take(self.lanes * LANE)
    }

    /// The weights of a row as signals meet them.
    pub(crate) fn met_weights(&self, copy: Weights, row: usize) -> impl Iterator<Item = f32> {
        let pairs = row * self.pairs()..(row + 1) * self.pairs();
        let met = pairs.flat_map(move |pair| self.copy(copy).upper_pair(pair));
        met.flat_map(|lane| lane.0).take(self.lanes * LANE)
    }

    /// Adds a row for a ramp that has none, with both copies alike, and takes the room that it
    /// needs. Gives its number.
    pub(crate) fn add(
        &mut self,
        ramp: u32,
        weights: &[Lane],
        count_uses: bool,
        room: &mut Room,
    ) -> usize {
        let before = self.size();
        if self.ramp_of.is_empty() {
            self.push(0, &[Lane::default(); MAX_LANES][..self.lanes], count_uses);
        }
        let row = self.ramp_of.len();
        self.push(ramp, weights, count_uses);
        let ramp = ramp as usize;
        if ramp >= self.row_of.len() {
            reserve(&mut self.row_of, ramp + 1);
            self.row_of.resize(ramp + 1, 0);
        }
        self.row_of[ramp] = row as u32;
        room.taken += self.size() - before;
        row
    }

    /// Adds a row as a snapshot holds it.
    pub(crate) fn restore(
        &mut self,
        ramp: u32,
        fast: &[Lane],
        slow: &[Lane],
        uses: Option<Uses>,
        room: &mut Room,
    ) {
        let row = self.add(ramp, fast, uses.is_some(), room);
        self.slow.write(row * self.pairs(), slow);
        if let Some(uses) = uses {
            self.uses[row] = uses;
        }
    }

    fn push(&mut self, ramp: u32, weights: &[Lane], count_uses: bool) {
        self.fast.extend(weights);
        self.slow.extend(weights);
        let length = self.ramp_of.len() + 1;
        reserve(&mut self.ramp_of, length);
        self.ramp_of.push(ramp);
        if count_uses {
            reserve(&mut self.uses, length);
            self.uses.push(Uses::NEW);
        }
    }

    /// Adds the rows of the signals, times their values, to `sums`.
    pub(crate) fn accumulate(
        &self,
        kernel: Kernel,
        copy: Weights,
        signals: &[Signal],
        sums: &mut [Lane],
    ) {
        if self.ramp_of.is_empty() {
            return;
        }
        let rows = &self.copy(copy).upper;
        kernel.run(Accumulate { sums, rows, row_of: &self.row_of, signals });
    }

    /// Changes the fast copy of the signals' rows. With `gradients`, adds to each signal's place what
    /// the signal contributed to the errors.
    pub(crate) fn learn(
        &mut self,
        kernel: Kernel,
        signals: &[Signal],
        step: Step<'_>,
        gradients: Option<&mut [f32]>,
    ) {
        if self.ramp_of.is_empty() {
            return;
        }
        let rows = Rows { upper: &mut self.fast.upper, lower: &mut self.fast.lower };
        let Step { change, shrinkage, .. } = step;
        let learn = Learn { rows, row_of: &self.row_of, signals, change, shrinkage };
        match gradients {
            Some(gradients) => kernel.run(LearnBack { learn, errors: step.errors, gradients }),
            None => kernel.run(learn),
        }
        if !self.uses.is_empty() {
            for signal in signals {
                let row = self.row(signal.ramp);
                self.uses[row].add();
            }
        }
    }

    /// Moves one of so many parts of the slow copy the share `rate` of the way to the fast one.
    pub(crate) fn average(&mut self, kernel: Kernel, rate: f32, part: usize, parts: usize) {
        let pairs = self.fast.upper.len();
        let pairs = pairs * part / parts..pairs * (part + 1) / parts;
        kernel.run(Average {
            slow: Rows {
                upper: &mut self.slow.upper[pairs.clone()],
                lower: &mut self.slow.lower[pairs.clone()],
            },
            fast_upper: &self.fast.upper[pairs.clone()],
            fast_lower: &self.fast.lower[pairs],
            rate,
        });
    }

    /// Makes rows `lanes` wide, with zeros in what they had not yet.
    pub(crate) fn widen(&mut self, lanes: usize, room: &mut Room) {
        let (before, old_pairs) = (self.size(), self.pairs());
        self.lanes = lanes;
        if self.pairs() > old_pairs {
            self.fast.widen(old_pairs, self.pairs());
            self.slow.widen(old_pairs, self.pairs());
        }
        room.taken += self.size() - before;
    }

    /// Follows borders that moved: replaces the rows of the ramps from `first` on by the sums of the
    /// old ones that `shares` gives (see [`crate::borders::projection`]). Rows are added where only
    /// now a ramp has weight, while there is room.
    pub(crate) fn project(&mut self, first: u32, shares: &[Vec<f32>], room: &mut Room) {
        let count_uses = !self.uses.is_empty();
        let old: Vec<usize> = (first..).take(shares.len()).map(|ramp| self.row(ramp)).collect();
        if old.iter().all(|&row| row == 0) {
            return;
        }
        let mixed = |copy: Weights, share: &[f32]| {
            let mut sum = [Lane::default(); MAX_LANES];
            for (&row, &share) in old.iter().zip(share).filter(|(_, share)| **share != 0.0) {
                let sums = sum.iter_mut().flat_map(|lane| &mut lane.0);
                for (sum, weight) in sums.zip(self.weights(copy, row)) {
                    *sum = (*sum + share * weight).clamp(-MAX_WEIGHT, MAX_WEIGHT);
                }
            }
            sum
        };
        let (lanes, pairs) = (self.lanes, self.pairs());
        let new: Vec<_> = shares
            .iter()
            .map(|share| (mixed(Weights::Fast, share), mixed(Weights::Slow, share)))
            .collect();
        for ((ramp, &row), (fast, slow)) in (first..).zip(&old).zip(&new) {
            let empty = fast.iter().chain(slow).all(|lane| *lane == Lane::default());
            let row = match row {
                0 if empty || room.is_full() => continue,
                0 => self.add(ramp, &fast[..lanes], count_uses, room),
                row => row,
            };
            self.fast.write(row * pairs, &fast[..lanes]);
            self.slow.write(row * pairs, &slow[..lanes]);
        }
    }

    /// Replaces a neuron's weights in all rows, in both copies alike.
    pub(crate) fn regrow(&mut self, neuron: usize, mut weight: impl FnMut() -> f32) {
        for row in 1..=self.count() {
            let place = row * self.pairs() * PAIR + neuron;
            let weight = weight();
            self.fast.set(place, weight);
            self.slow.set(place, weight);
        }
    }

    /// Takes one use from every row that is not permanent, deletes those left without any and gives
    /// their memory back.
    pub(crate) fn reduce(&mut self) {
        let before = self.count();
        for row in (1..self.uses.len()).rev() {
            if self.uses[row].wane() {
                self.remove(row);
            }
        }
        if self.count() < before {
            self.shrink();
        }
    }

    /// Deletes all rows.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.lanes);
    }

    /// Deletes a row; the last one takes its place.
    fn remove(&mut self, row: usize) {
        let last = self.ramp_of.len() - 1;
        self.row_of[self.ramp_of[row] as usize] = 0;
        if row != last {
            self.row_of[self.ramp_of[last] as usize] = row as u32;
        }
        let pairs = self.pairs();
        for copy in [&mut self.fast, &mut self.slow] {
            copy.swap_remove(row * pairs, pairs);
        }
        self.ramp_of.swap_remove(row);
        self.uses.swap_remove(row);
    }

    fn shrink(&mut self) {
        if self.count() == 0 {
            self.clear();
            return;
        }
        let used = self.row_of.iter().rposition(|&row| row != 0).map_or(0, |last| last + 1);
        self.row_of.truncate(used);
        self.fast.shrink_to_fit();
        self.slow.shrink_to_fit();
        self.row_of.shrink_to_fit();
        self.ramp_of.shrink_to_fit();
        self.uses.shrink_to_fit();
    }

    /// Bytes of the rows and of what finds them, without what is reserved for more: the same for a
    /// network and for what its snapshot gives.
    pub(crate) fn size(&self) -> usize {
        2 * self.fast.size()
            + size_of_val(&*self.row_of)
            + size_of_val(&*self.ramp_of)
            + size_of_val(&*self.uses)
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.fast.bytes()
            + self.slow.bytes()
            + (self.row_of.capacity() + self.ramp_of.capacity()) * size_of::<u32>()
            + self.uses.capacity() * size_of::<Uses>()
    }
}
