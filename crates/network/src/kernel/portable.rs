//! Plain loops; the compiler uses what the target always has.

use super::{LANE, Lane, Simd};

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
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        std::array::from_fn(|i| a[i] + b[i])
    }

    #[inline(always)]
    fn subtract(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        std::array::from_fn(|i| a[i] - b[i])
    }

    #[inline(always)]
    fn multiply_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
        std::array::from_fn(|i| a[i].mul_add(b[i], c[i]))
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
