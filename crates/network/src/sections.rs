//! The sections between one source brick and one block of a brick.
//!
//! A section is one ramp of a source neuron and the synapses from it to the neurons of the block: a
//! dense row of weights, 1 to 4 lanes long. All rows of the block lie one after the other, so that
//! learning and predicting are plain multiply-adds over the rows of the active ramps. Each weight
//! exists twice: the *fast* copy learns, the *slow* one follows it and predicts.

use crate::kernel::{Accumulate, Average, Kernel, LANE, Lane, Learn, LearnBack, Signal};
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
    fast: Vec<Lane>,
    slow: Vec<Lane>,
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
    /// The errors of the block's neurons.
    pub(crate) errors: &'a [Lane],
}

impl Sections {
    pub(crate) fn new(lanes: usize) -> Self {
        Self {
            lanes,
            fast: Vec::new(),
            slow: Vec::new(),
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

    /// One copy of a row's weights.
    pub(crate) fn weights(&self, copy: Weights, row: usize) -> &[Lane] {
        let rows = match copy {
            Weights::Fast => &self.fast,
            Weights::Slow => &self.slow,
        };
        &rows[row * self.lanes..][..self.lanes]
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
        self.slow[row * self.lanes..][..self.lanes].copy_from_slice(slow);
        if let Some(uses) = uses {
            self.uses[row] = uses;
        }
    }

    fn push(&mut self, ramp: u32, weights: &[Lane], count_uses: bool) {
        for copy in [&mut self.fast, &mut self.slow] {
            let length = copy.len() + self.lanes;
            reserve(copy, length);
            copy.extend_from_slice(weights);
        }
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
        let rows = match copy {
            Weights::Fast => &self.fast,
            Weights::Slow => &self.slow,
        };
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
        let learn =
            Learn { rows: &mut self.fast, row_of: &self.row_of, signals, change: step.change };
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

    /// Moves the slow copy the share `rate` of the way to the fast one.
    pub(crate) fn average(&mut self, kernel: Kernel, rate: f32) {
        kernel.run(Average { slow: &mut self.slow, fast: &self.fast, rate });
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
        let mixed = |rows: &[Lane], lanes: usize, share: &[f32]| {
            let mut sum = [Lane::default(); MAX_LANES];
            for (&row, &share) in old.iter().zip(share).filter(|(_, share)| **share != 0.0) {
                let lanes = sum.iter_mut().zip(&rows[row * lanes..][..lanes]);
                for (sum, weight) in lanes.flat_map(|(sum, lane)| sum.0.iter_mut().zip(&lane.0)) {
                    *sum = (*sum + share * weight).clamp(-MAX_WEIGHT, MAX_WEIGHT);
                }
            }
            sum
        };
        let lanes = self.lanes;
        let new: Vec<_> = shares
            .iter()
            .map(|share| (mixed(&self.fast, lanes, share), mixed(&self.slow, lanes, share)))
            .collect();
        for ((ramp, &row), (fast, slow)) in (first..).zip(&old).zip(&new) {
            let empty = fast.iter().chain(slow).all(|lane| *lane == Lane::default());
            let row = match row {
                0 if empty || room.is_full() => continue,
                0 => self.add(ramp, &fast[..lanes], count_uses, room),
                row => row,
            };
            self.fast[row * lanes..][..lanes].copy_from_slice(&fast[..lanes]);
            self.slow[row * lanes..][..lanes].copy_from_slice(&slow[..lanes]);
        }
    }

    /// Replaces a neuron's weights in all rows, in both copies alike.
    pub(crate) fn regrow(&mut self, neuron: usize, mut weight: impl FnMut() -> f32) {
        for row in 1..=self.count() {
            let lane = row * self.lanes + neuron / LANE;
            let weight = weight();
            self.fast[lane].0[neuron % LANE] = weight;
            self.slow[lane].0[neuron % LANE] = weight;
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
        for copy in [&mut self.fast, &mut self.slow] {
            copy.copy_within(last * self.lanes.., row * self.lanes);
            copy.truncate(last * self.lanes);
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
        2 * size_of_val(&*self.fast)
            + size_of_val(&*self.row_of)
            + size_of_val(&*self.ramp_of)
            + size_of_val(&*self.uses)
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        (self.fast.capacity() + self.slow.capacity()) * size_of::<Lane>()
            + (self.row_of.capacity() + self.ramp_of.capacity()) * size_of::<u32>()
            + self.uses.capacity() * size_of::<Uses>()
    }
}

/// Makes room for `length` items and an eighth more: less waste than doubling.
fn reserve<T>(items: &mut Vec<T>, length: usize) {
    if length > items.capacity() {
        items.reserve_exact(length + length / 8 - items.len());
    }
}
