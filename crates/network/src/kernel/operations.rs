//! What the network does with rows, sixteen values at a time.
//!
//! `rows` holds the rows of a block one after the other, each as many lanes long as the block is
//! wide (1 to 4); `row_of` gives a ramp's row. Row 0 stays zero and stands for ramps without a row.

use super::{Lane, Operation, Signal, Simd};

/// Calls `$body` with `W` the number of lanes as a constant, so that the sums stay in registers.
macro_rules! with_width {
    ($lanes:expr, $body:ident($($argument:expr),*)) => {
        match $lanes {
            1 => $body::<S, 1>($($argument),*),
            2 => $body::<S, 2>($($argument),*),
            3 => $body::<S, 3>($($argument),*),
            _ => $body::<S, 4>($($argument),*),
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
    pub(crate) rows: &'a [Lane],
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
fn accumulate<S: Simd, const W: usize>(simd: S, op: &mut Accumulate<'_>) {
    let (rows, _) = op.rows.as_chunks::<W>();
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
fn add_row<S: Simd, const W: usize>(
    simd: S,
    sums: &mut [S::Vector; W],
    row: &[Lane; W],
    value: f32,
) {
    let value = simd.splat(value);
    for i in 0..W {
        sums[i] = simd.multiply_add(value, simd.load(&row[i]), sums[i]);
    }
}

/// Adds `change` times the signals' values to the rows of their ramps.
pub(crate) struct Learn<'a> {
    pub(crate) rows: &'a mut [Lane],
    pub(crate) row_of: &'a [u32],
    pub(crate) signals: &'a [Signal],
    pub(crate) change: &'a [Lane],
}

impl Operation for Learn<'_> {
    #[inline(always)]
    fn run<S: Simd>(mut self, simd: S) {
        with_width!(self.change.len(), learn(simd, &mut self));
    }
}

#[inline(always)]
fn learn<S: Simd, const W: usize>(simd: S, op: &mut Learn<'_>) {
    let (rows, _) = op.rows.as_chunks_mut::<W>();
    let mut change = [simd.splat(0.0); W];
    for (lane, value) in op.change.iter().zip(&mut change) {
        *value = simd.load(lane);
    }
    for signal in op.signals {
        let index = row(op.row_of, signal.ramp);
        if index > 0 {
            change_row(simd, &mut rows[index], signal.value, &change);
        }
    }
}

#[inline(always)]
fn change_row<S: Simd, const W: usize>(
    simd: S,
    row: &mut [Lane; W],
    value: f32,
    change: &[S::Vector; W],
) {
    let value = simd.splat(value);
    for i in 0..W {
        let weights = simd.multiply_add(value, change[i], simd.load(&row[i]));
        simd.store(weights, &mut row[i]);
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
fn learn_back<S: Simd, const W: usize>(simd: S, op: LearnBack<'_>) {
    let (rows, _) = op.learn.rows.as_chunks_mut::<W>();
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
        let row = &mut rows[index];
        let mut share = simd.splat(0.0);
        for i in 0..W {
            share = simd.multiply_add(simd.load(&row[i]), errors[i], share);
        }
        *gradient += simd.sum(share);
        change_row(simd, row, signal.value, &change);
    }
}

/// Moves `slow` the share `rate` of the way to `fast`.
pub(crate) struct Average<'a> {
    pub(crate) slow: &'a mut [Lane],
    pub(crate) fast: &'a [Lane],
    pub(crate) rate: f32,
}

impl Operation for Average<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let rate = simd.splat(self.rate);
        for (slow, fast) in self.slow.iter_mut().zip(self.fast) {
            let from = simd.load(slow);
            let way = simd.subtract(simd.load(fast), from);
            simd.store(simd.multiply_add(rate, way, from), slow);
        }
    }
}
