//! Output bricks: what their sums mean, and how wrong they are.
//!
//! Nobody says whether an output brick classifies or predicts numbers; its targets tell. While they
//! lie in 0..1 a sum is turned into a chance by the logistic function and the error is
//! `chance - target`, the gradient of the cross-entropy. When more than 1 sample in 16 has a target
//! outside, the brick turns *numeric*: a sum counts deviations from the running mean of the targets.
//! It turns back when all but 1 sample in 32 have only had the targets 0 and 1, so that broken labels
//! at the start do no lasting harm, and a brick that has been numeric for long stays so. A template
//! may also say what a brick is: then it stays so, and targets outside of a class's 0..1 are cut.

use crate::kernel::Lane;
use crate::level::Level;
use crate::network::MAX_STEPS;
use crate::template::OutputKind;

/// A brick turns numeric when more than one in this many samples has a target outside of 0..1. When
/// more than that have one between 0 and 1, it has no tolerance for the others, either.
const SHARE: u64 = 16;
/// A numeric brick turns back when fewer than one in this many samples have a target that is neither
/// 0 nor 1.
const SHARE_BACK: u64 = 32;
/// Numbers further than this many deviations from their mean are wild and not learned. If there are many
/// of them, the mean and the deviation follow them, and they are no longer wild.
const WILD: f32 = 8.0;
/// Errors of numbers are cut at this many deviations.
const LARGEST_ERROR: f32 = 3.0;
/// Numbers are learned more slowly: their errors never end, so each must count less.
const NUMERIC_RATE: f32 = 0.2;

/// What an output brick's targets have told so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Output {
    /// What the template says; `None` if the targets tell.
    pub(crate) kind: Option<OutputKind>,
    /// Samples with finite targets.
    pub(crate) seen: u64,
    /// Those with a target outside of 0..1.
    pub(crate) outside: u64,
    /// Those of the others with a target between 0 and 1.
    pub(crate) soft: u64,
    /// The level of each value's targets, while the brick is numeric; made by the first sample.
    pub(crate) levels: Vec<Level>,
}

impl Output {
    pub(crate) fn new(kind: Option<OutputKind>) -> Self {
        Self { kind, ..Self::default() }
    }

    pub(crate) fn is_numeric(&self) -> bool {
        !self.levels.is_empty()
    }

    /// The largest error that calls for no step, for a sample with these targets; `threshold` where
    /// all are classes.
    pub(crate) fn tolerance(&self, targets: &[f32], threshold: f32) -> f32 {
        if self.is_graded() || has_soft(targets) { 0.0 } else { threshold }
    }

    /// Whether errors never end: targets are numbers, or chances that are neither 0 nor 1.
    pub(crate) fn is_graded(&self) -> bool {
        self.is_numeric() || self.soft * SHARE > self.seen
    }

    /// Writes the answers that the sums stand for; always finite.
    pub(crate) fn answer(&self, sums: &[Lane], answers: &mut [f32]) {
        let sums = sums.iter().flat_map(|lane| lane.0);
        for (i, (answer, sum)) in answers.iter_mut().zip(sums).enumerate() {
            *answer = match self.levels.get(i) {
                Some(level) => level.value(sum),
                // Nothing was learned so far.
                None if self.kind == Some(OutputKind::Value) => 0.0,
                None => logistic(sum),
            };
        }
    }

    /// Takes a sample's targets in. True if they made the brick numeric, or no longer so.
    pub(crate) fn observe(&mut self, targets: &[f32]) -> bool {
        self.count(targets);
        let numeric = match self.kind {
            Some(kind) => kind == OutputKind::Value,
            None if self.is_numeric() => (self.outside + self.soft) * SHARE_BACK >= self.seen,
            None => self.outside * SHARE > self.seen,
        };
        let turns = numeric != self.is_numeric();
        if turns {
            self.levels = vec![Level::default(); if numeric { targets.len() } else { 0 }];
        }
        for (level, &target) in self.levels.iter_mut().zip(targets) {
            if target.is_finite() {
                level.observe(target);
            }
        }
        turns
    }

    fn count(&mut self, targets: &[f32]) {
        if self.seen == MAX_STEPS {
            return;
        }
        let finite = || targets.iter().filter(|target| target.is_finite());
        let outside = finite().any(|target| !(0.0..=1.0).contains(target));
        self.seen += u64::from(finite().next().is_some());
        self.outside += u64::from(outside);
        self.soft += u64::from(!outside && has_soft(targets));
    }

    /// Writes the errors of the sums, which are what the sums should lose. Returns the largest, before
    /// the slower rate of numbers is taken into account. Targets that are not finite have none.
    pub(crate) fn errors(&self, sums: &[Lane], targets: &[f32], errors: &mut [Lane]) -> f32 {
        let mut largest = 0.0f32;
        let sums = sums.iter().flat_map(|lane| lane.0);
        let errors = errors.iter_mut().flat_map(|lane| &mut lane.0);
        for (i, ((error, sum), &target)) in errors.zip(sums).zip(targets).enumerate() {
            let (distance, rate) = match self.levels.get(i) {
                Some(level) => match level.deviations(target) {
                    wild if wild.abs() > WILD => (0.0, NUMERIC_RATE),
                    deviations => {
                        let distance = sum - deviations;
                        (distance.clamp(-LARGEST_ERROR, LARGEST_ERROR), NUMERIC_RATE)
                    }
                },
                None => (logistic(sum) - target.clamp(0.0, 1.0), 1.0),
            };
            let distance = if target.is_finite() { distance } else { 0.0 };
            largest = largest.max(distance.abs());
            *error = rate * distance;
        }
        largest
    }

    /// Targets and errors as [`Output::errors`] wrote them in the terms that sums have: chances, or
    /// deviations of numbers. Both are 0 where a target is not finite.
    pub(crate) fn in_own_terms(
        &self,
        targets: &[f32],
        errors: impl Iterator<Item = f32>,
    ) -> impl Iterator<Item = (f32, f32)> {
        let pairs = targets.iter().zip(errors).enumerate();
        pairs.map(|(i, (&target, error))| match self.levels.get(i) {
            _ if !target.is_finite() => (0.0, 0.0),
            Some(level) => {
                let target = level.deviations(target);
                (target.clamp(-LARGEST_ERROR, LARGEST_ERROR), error / NUMERIC_RATE)
            }
            None => (target.clamp(0.0, 1.0), error),
        })
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.levels.capacity() * size_of::<Level>()
            + self.levels.iter().map(Level::bytes).sum::<usize>()
    }
}

/// Whether a target is a chance that is neither 0 nor 1.
fn has_soft(targets: &[f32]) -> bool {
    targets.iter().any(|&target| target > 0.0 && target < 1.0)
}

/// `1 / (1 + e^-x)`.
#[inline]
fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `e^x`, to seven digits. Sums and products alone give the same bits on every machine, and there is no
/// branch, so that the compiler can make several at once.
#[inline]
fn exp(x: f32) -> f32 {
    /// Added to a number, rounds it to a whole one, which is then in the lowest bits.
    const ROUND: f32 = (3 << 22) as f32;
    // The logarithm of 2, as a number of few bits and the rest.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let rounded = x.clamp(-87.0, 88.0) * std::f32::consts::LOG2_E + ROUND;
    let whole = rounded - ROUND;
    let r = (x.clamp(-87.0, 88.0) - whole * LN_2[0]) - whole * LN_2[1];
    // The first terms of the power series; |r| is at most half the logarithm of 2.
    let series = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let power = f32::from_bits(rounded.to_bits().wrapping_add(127) << 23);
    series.into_iter().fold(0.0, |sum, factor| sum * r + factor) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_has_seven_digits() {
        for i in -8700..8800 {
            let x = i as f32 / 100.0;
            let (found, expected) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((found / expected - 1.0).abs() < 3e-7, "{x}: {found} {expected}");
        }
        assert_eq!(logistic(f32::MAX), 1.0);
        assert!(logistic(f32::MIN) < 1e-37);
        assert!(logistic(f32::NAN).is_nan());
    }
}
