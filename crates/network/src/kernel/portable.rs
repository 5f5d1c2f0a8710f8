//! Plain loops; the compiler uses what the target always has.
//!
//! Without an instruction for it, a fused multiply-add is slow: the price of the same bits on every
//! machine. The standard library calls a function for each value; [`fused`] computes the same in
//! double precision, which vector instructions can do, in less than a third of the time. A step of
//! learning still takes about fifteen times as long as with AVX2.

use std::array::from_fn;

use super::{HalfPair, LANE, Lane, Simd, merge};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Portable;

impl Simd for Portable {
    type Vector = [f32; LANE];

    #[inline(always)]
    fn splat(self, value: f32) -> Self::Vector {
        [value; LANE]
    }

    #[inline(always)]
    fn load(self, lane: &Lane) -> Self::Vector {
        lane.0
    }

    #[inline(always)]
    fn store(self, vector: Self::Vector, lane: &mut Lane) {
        lane.0 = vector;
    }

    #[inline(always)]
    fn load_words(self, words: &HalfPair) -> Self::Vector {
        words.0.map(f32::from_bits)
    }

    #[inline(always)]
    fn store_words(self, bits: Self::Vector, words: &mut HalfPair) {
        words.0 = bits.map(f32::to_bits);
    }

    #[inline(always)]
    fn raise(self, bits: Self::Vector) -> Self::Vector {
        bits.map(|bits| f32::from_bits(bits.to_bits() << 16))
    }

    #[inline(always)]
    fn lower(self, bits: Self::Vector) -> Self::Vector {
        bits.map(|bits| f32::from_bits(bits.to_bits() >> 16))
    }

    #[inline(always)]
    fn merge(self, lower: Self::Vector, upper: Self::Vector) -> Self::Vector {
        from_fn(|i| f32::from_bits(merge(lower[i].to_bits(), upper[i].to_bits())))
    }

    #[inline(always)]
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        from_fn(|i| a[i] + b[i])
    }

    #[inline(always)]
    fn subtract(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        from_fn(|i| a[i] - b[i])
    }

    #[inline(always)]
    fn multiply_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
        if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
            from_fn(|i| a[i].mul_add(b[i], c[i]))
        } else {
            from_fn(|i| fused(a[i], b[i], c[i]))
        }
    }

    #[inline(always)]
    fn abs(self, a: Self::Vector) -> Self::Vector {
        a.map(f32::abs)
    }

    #[inline(always)]
    fn find_up_to(self, a: Self::Vector, largest: f32) -> u16 {
        a.iter().rev().fold(0, |mask, &a| mask << 1 | u16::from(a > 0.0 && a <= largest))
    }

    #[inline(always)]
    fn sum(self, mut vector: Self::Vector) -> f32 {
        let mut half = LANE / 2;
        while half > 0 {
            for i in 0..half {
                vector[i] += vector[i + half];
            }
            half /= 2;
        }
        vector[0]
    }
}

/// `a * b + c`, rounded once.
///
/// In double precision the product is exact, and the sum's error is known (2Sum; Knuth, The Art of
/// Computer Programming 2, 4.2.2). Where there is one, the exact sum is cut off instead and made odd:
/// then it can't be taken for a tie when it is rounded to single precision (rounding
/// to odd; Boldo, Melquiond, Emulation of a FMA and correctly rounded sums, 2008).
#[inline(always)]
fn fused(a: f32, b: f32, c: f32) -> f32 {
    let (product, c) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + c;
    let rest = sum - product;
    let error = (product - (sum - rest)) + (c - rest);
    // The error of what is not finite is not a number and changes nothing.
    let inexact = u64::from(error.abs() > 0.0);
    // Whether the sum was rounded away from zero.
    let away = inexact & ((error.to_bits() ^ sum.to_bits()) >> 63);
    f64::from_bits(sum.to_bits().wrapping_sub(away) | inexact) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn fused_is_rounded_once() {
        let mut rng = Rng::new(1);
        let check = |a: f32, b: f32, c: f32| {
            let (found, expected) = (fused(a, b, c), a.mul_add(b, c));
            let same = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
            assert!(same, "{a:e} * {b:e} + {c:e}: {found:e} {expected:e}");
        };
        // A tie of the sum in single precision that is none: only bits far below decide.
        let tiny = f32::from_bits(1);
        for c in [1.0, -1.0, 1.0 + f32::EPSILON] {
            for a in [1.0 + f32::EPSILON, -1.0 - f32::EPSILON] {
                check(a * f32::EPSILON / 2.0, 1.0 - f32::EPSILON, c);
            }
        }
        for special in [0.0, -0.0, tiny, f32::MIN_POSITIVE, f32::MAX, f32::INFINITY, f32::NAN] {
            for (a, b) in [(special, 1.0), (special, -0.5), (1.5, special), (special, special)] {
                for c in [special, -special, 1.0, tiny, -tiny] {
                    check(a, b, c);
                }
            }
        }
        let mut bits = || f32::from_bits(rng.below(u32::MAX));
        for _ in 0..300_000 {
            // Any numbers, and sums of numbers that are near in magnitude, normal or not.
            let (a, b, c) = (bits(), bits(), bits());
            check(a, b, c);
            let near = (a * b).abs().to_bits().wrapping_add(c.to_bits() % (60 << 23));
            check(a, b, f32::from_bits(near.wrapping_sub(30 << 23)));
            check(a, tiny * 3.0 / a, f32::from_bits(c.to_bits() % (1 << 25)));
        }
    }
}
