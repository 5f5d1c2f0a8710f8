//! NEON: a lane is four registers. Every 64-bit ARM processor has it.
#![allow(unsafe_code)]

use std::arch::aarch64::{
    float32x4_t, vabsq_f32, vadd_f32, vaddq_f32, vaddvq_u32, vandq_u32, vbslq_f32, vcgtq_f32,
    vcleq_f32, vdupq_n_f32, vdupq_n_u32, vfmaq_f32, vget_high_f32, vget_lane_f32, vget_low_f32,
    vld1q_f32, vld1q_u32, vpadd_f32, vreinterpretq_f32_u32, vreinterpretq_u32_f32, vshlq_n_u32,
    vshrq_n_u32, vst1q_f32, vst1q_u32, vsubq_f32,
};
use std::array::from_fn;

use super::{HalfPair, LOWER, Lane, Simd};

/// Values in a register.
const QUARTER: usize = 4;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Neon;

impl Simd for Neon {
    type Vector = [float32x4_t; 4];

    #[inline(always)]
    fn splat(self, value: f32) -> Self::Vector {
        // SAFETY: 64-bit ARM has NEON.
        [unsafe { vdupq_n_f32(value) }; 4]
    }

    #[inline(always)]
    fn load(self, lane: &Lane) -> Self::Vector {
        let (quarters, _) = lane.0.as_chunks::<QUARTER>();
        // SAFETY: 64-bit ARM has NEON; a quarter is the four values that are read.
        from_fn(|i| unsafe { vld1q_f32(quarters[i].as_ptr()) })
    }

    #[inline(always)]
    fn store(self, vector: Self::Vector, lane: &mut Lane) {
        let (quarters, _) = lane.0.as_chunks_mut::<QUARTER>();
        for (quarter, values) in quarters.iter_mut().zip(vector) {
            // SAFETY: 64-bit ARM has NEON; a quarter is the four values that are written.
            unsafe { vst1q_f32(quarter.as_mut_ptr(), values) }
        }
    }

    #[inline(always)]
    fn load_words(self, words: &HalfPair) -> Self::Vector {
        let (quarters, _) = words.0.as_chunks::<QUARTER>();
        // SAFETY: 64-bit ARM has NEON; a quarter is the four words that are read.
        from_fn(|i| unsafe { vreinterpretq_f32_u32(vld1q_u32(quarters[i].as_ptr())) })
    }

    #[inline(always)]
    fn store_words(self, bits: Self::Vector, words: &mut HalfPair) {
        let (quarters, _) = words.0.as_chunks_mut::<QUARTER>();
        for (quarter, bits) in quarters.iter_mut().zip(bits) {
            // SAFETY: 64-bit ARM has NEON; a quarter is the four words that are written.
            unsafe { vst1q_u32(quarter.as_mut_ptr(), vreinterpretq_u32_f32(bits)) }
        }
    }

    #[inline(always)]
    fn raise(self, bits: Self::Vector) -> Self::Vector {
        // SAFETY: 64-bit ARM has NEON.
        bits.map(|bits| unsafe {
            vreinterpretq_f32_u32(vshlq_n_u32::<16>(vreinterpretq_u32_f32(bits)))
        })
    }

    #[inline(always)]
    fn lower(self, bits: Self::Vector) -> Self::Vector {
        // SAFETY: 64-bit ARM has NEON.
        bits.map(|bits| unsafe {
            vreinterpretq_f32_u32(vshrq_n_u32::<16>(vreinterpretq_u32_f32(bits)))
        })
    }

    #[inline(always)]
    fn merge(self, lower: Self::Vector, upper: Self::Vector) -> Self::Vector {
        // SAFETY: 64-bit ARM has NEON.
        from_fn(|i| unsafe { vbslq_f32(vdupq_n_u32(LOWER), lower[i], upper[i]) })
    }

    #[inline(always)]
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        // SAFETY: 64-bit ARM has NEON.
        from_fn(|i| unsafe { vaddq_f32(a[i], b[i]) })
    }

    #[inline(always)]
    fn subtract(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        // SAFETY: 64-bit ARM has NEON.
        from_fn(|i| unsafe { vsubq_f32(a[i], b[i]) })
    }

    #[inline(always)]
    fn multiply_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
        // SAFETY: 64-bit ARM has NEON.
        from_fn(|i| unsafe { vfmaq_f32(c[i], a[i], b[i]) })
    }

    #[inline(always)]
    fn abs(self, a: Self::Vector) -> Self::Vector {
        // SAFETY: 64-bit ARM has NEON.
        a.map(|a| unsafe { vabsq_f32(a) })
    }

    #[inline(always)]
    fn find_up_to(self, a: Self::Vector, largest: f32) -> u16 {
        let mut mask = 0;
        for (quarter, a) in a.into_iter().enumerate() {
            // SAFETY: 64-bit ARM has NEON; four numbers are read.
            let found = unsafe {
                let above = vcgtq_f32(a, vdupq_n_f32(0.0));
                let within = vcleq_f32(a, vdupq_n_f32(largest));
                let bits = vld1q_u32([1, 2, 4, 8].as_ptr());
                vaddvq_u32(vandq_u32(bits, vandq_u32(above, within)))
            };
            mask |= (found as u16) << (quarter * QUARTER);
        }
        mask
    }

    #[inline(always)]
    fn sum(self, vector: Self::Vector) -> f32 {
        let [a, b, c, d] = vector;
        // SAFETY: 64-bit ARM has NEON.
        unsafe {
            let four = vaddq_f32(vaddq_f32(a, c), vaddq_f32(b, d));
            let two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
            vget_lane_f32::<0>(vpadd_f32(two, two))
        }
    }
}
