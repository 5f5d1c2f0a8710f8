//! What the network does with rows, sixteen values at a time.
//!
//! The rows of a block lie one after the other, each as many pairs of lanes long as the block needs: it
//! is 1 to 4 lanes wide, and a last lane without a partner leaves half of its pair zero. `row_of` gives
//! a ramp's row. Row 0 stays zero and stands for ramps without a row. A weight is kept in two halves:
//! sums and gradients take the upper one alone, steps change both.

use super::{HalfPair, Lane, Operation, Signal, Simd};

/// Calls `$body` with `W` the number of lanes and `P` that of pairs as constants, so that the sums stay
/// in registers.
macro_rules! with_width {
    ($lanes:expr, $body:ident($($argument:expr),*)) => {
        match $lanes {
            1 => $body::<S, 1, 1>($($argument),*),
            2 => $body::<S, 2, 1>($($argument),*),
            3 => $body::<S, 3, 2>($($argument),*),
            _ => $body::<S, 4, 2>($($argument),*),
        }
    };
}

/// The row of a ramp; 0 if it has none.
#[inline(always)]
fn row(row_of: &[u32], ramp: u32) -> usize {
    row_of.get(ramp as usize).map_or(0, |&row| row as usize)
}

/// Adds the rows of the signals' ramps, times the signals' values, to `sums`.
///
/// Signals at even and odd places are summed apart and added at the end, which halves the time that
/// an addition waits for the one before.
pub(crate) struct Accumulate<'a> {
    pub(crate) sums: &'a mut [Lane],
    pub(crate) rows: &'a [HalfPair],
    pub(crate) row_of: &'a [u32],
    pub(crate) signals: &'a [Signal],
}

impl Operation for Accumulate<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        with_width!(self.sums.len(), accumulate(simd, &mut self));
    }
}

#[inline(always)]
fn accumulate<S: Simd, const W: usize, const P: usize>(simd: S, op: &mut Accumulate<'_>) {
    let (rows, _) = op.rows.as_chunks::<P>();
    let mut even = [simd.splat(0.0); W];
    let mut odd = even;
    for (lane, sum) in op.sums.iter().zip(&mut even) {
        *sum = simd.load(lane);
    }
    let (pairs, last) = op.signals.as_chunks::<2>();
    for [first, second] in pairs {
        add_row(simd, &mut even, &rows[row(op.row_of, first.ramp)], first.value);
        add_row(simd, &mut odd, &rows[row(op.row_of, second.ramp)], second.value);
    }
    for signal in last {
        add_row(simd, &mut even, &rows[row(op.row_of, signal.ramp)], signal.value);
    }
    for (i, lane) in op.sums.iter_mut().enumerate().take(W) {
        simd.store(simd.add(even[i], odd[i]), lane);
    }
}

#[inline(always)]
fn add_row<S: Simd, const W: usize, const P: usize>(
    simd: S,
    sums: &mut [S::Vector; W],
    row: &[HalfPair; P],
    value: f32,
) {
    let value = simd.splat(value);
    for (sums, pair) in sums.chunks_mut(2).zip(row) {
        for (sum, weights) in sums.iter_mut().zip(simd.load_upper(pair)) {
            *sum = simd.multiply_add(value, weights, *sum);
        }
    }
}

/// Rows that change: both halves of their weights.
pub(crate) struct Rows<'a> {
    pub(crate) upper: &'a mut [HalfPair],
    pub(crate) lower: &'a mut [HalfPair],
}

/// Takes the share `shrinkage` of the rows of the signals' ramps away, then adds `change` times the
/// signals' values to them.
pub(crate) struct Learn<'a> {
    pub(crate) rows: Rows<'a>,
    pub(crate) row_of: &'a [u32],
    pub(crate) signals: &'a [Signal],
    pub(crate) change: &'a [Lane],
    pub(crate) shrinkage: f32,
}

impl Operation for Learn<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        with_width!(self.change.len(), learn(simd, &mut self));
    }
}

#[inline(always)]
fn learn<S: Simd, const W: usize, const P: usize>(simd: S, op: &mut Learn<'_>) {
    let (upper, _) = op.rows.upper.as_chunks_mut::<P>();
    let (lower, _) = op.rows.lower.as_chunks_mut::<P>();
    let shrink = simd.splat(-op.shrinkage);
    let mut change = [simd.splat(0.0); W];
    for (lane, value) in op.change.iter().zip(&mut change) {
        *value = simd.load(lane);
    }
    for signal in op.signals {
        let index = row(op.row_of, signal.ramp);
        if index > 0 {
            change_row(simd, &mut upper[index], &mut lower[index], signal.value, &change, shrink);
        }
    }
}

#[inline(always)]
fn change_row<S: Simd, const W: usize, const P: usize>(
    simd: S,
    upper: &mut [HalfPair; P],
    lower: &mut [HalfPair; P],
    value: f32,
    change: &[S::Vector; W],
    shrink: S::Vector,
) {
    let value = simd.splat(value);
    for ((change, upper), lower) in change.chunks(2).zip(upper).zip(lower) {
        let mut weights = simd.load_pair(upper, lower);
        for (weights, &change) in weights.iter_mut().zip(change) {
            *weights = simd.multiply_add(shrink, *weights, *weights);
            *weights = simd.multiply_add(value, change, *weights);
        }
        simd.store_pair(weights, upper, lower);
    }
}

/// As [`Learn`], and before it changes a row, adds the sum of its weights times `errors` to the
/// signal's place in `gradients`: what the signal contributed to the errors.
pub(crate) struct LearnBack<'a> {
    pub(crate) learn: Learn<'a>,
    pub(crate) errors: &'a [Lane],
    pub(crate) gradients: &'a mut [f32],
}

impl Operation for LearnBack<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        with_width!(self.errors.len(), learn_back(simd, self));
    }
}

#[inline(always)]
fn learn_back<S: Simd, const W: usize, const P: usize>(simd: S, op: LearnBack<'_>) {
    let (upper, _) = op.learn.rows.upper.as_chunks_mut::<P>();
    let (lower, _) = op.learn.rows.lower.as_chunks_mut::<P>();
    let shrink = simd.splat(-op.learn.shrinkage);
    let mut change = [simd.splat(0.0); W];
    let mut errors = change;
    for i in 0..W {
        change[i] = simd.load(&op.learn.change[i]);
        errors[i] = simd.load(&op.errors[i]);
    }
    for (signal, gradient) in op.learn.signals.iter().zip(op.gradients) {
        let index = row(op.learn.row_of, signal.ramp);
        if index == 0 {
            continue;
        }
        let mut share = simd.splat(0.0);
        for (errors, pair) in errors.chunks(2).zip(&upper[index]) {
            for (&error, weights) in errors.iter().zip(simd.load_upper(pair)) {
                share = simd.multiply_add(weights, error, share);
            }
        }
        *gradient += simd.sum(share);
        change_row(simd, &mut upper[index], &mut lower[index], signal.value, &change, shrink);
    }
}

/// Moves `slow` the share `rate` of the way to `fast`.
pub(crate) struct Average<'a> {
    pub(crate) slow: Rows<'a>,
    pub(crate) fast_upper: &'a [HalfPair],
    pub(crate) fast_lower: &'a [HalfPair],
    pub(crate) rate: f32,
}

impl Operation for Average<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let rate = simd.splat(self.rate);
        let slow = self.slow.upper.iter_mut().zip(self.slow.lower);
        let fast = self.fast_upper.iter().zip(self.fast_lower);
        for ((slow_upper, slow_lower), (fast_upper, fast_lower)) in slow.zip(fast) {
            let mut weights = simd.load_pair(slow_upper, slow_lower);
            for (slow, fast) in weights.iter_mut().zip(simd.load_pair(fast_upper, fast_lower)) {
                *slow = simd.multiply_add(rate, simd.subtract(fast, *slow), *slow);
            }
            simd.store_pair(weights, slow_upper, slow_lower);
        }
    }
}
