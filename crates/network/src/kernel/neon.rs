//! NEON: a lane is four registers. Every 64-bit ARM processor has it.
#![allow(unsafe_code)]

use std::arch::aarch64::{
    float32x4_t, uint16x4_t, vabsq_f32, vadd_f32, vaddq_f32, vaddq_u32, vaddvq_u32, vaddw_s16,
    vandq_u32, vcgtq_f32, vcleq_f32, vdupq_n_f32, vdupq_n_u32, vfmaq_f32, vget_high_f32,
    vget_lane_f32, vget_low_f32, vld1_u16, vld1q_f32, vld1q_u32, vmovn_u32, vpadd_f32,
    vreinterpret_s16_u16, vreinterpretq_f32_u32, vreinterpretq_s32_u32, vreinterpretq_u32_f32,
    vreinterpretq_u32_s32, vshll_n_u16, vshrn_n_u32, vst1_u16, vst1q_f32, vsubq_f32,
};
use std::array::from_fn;

use super::{HalfLane, Lane, Simd};

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
    fn load_upper(self, upper: &HalfLane) -> Self::Vector {
        let upper = quarters(upper);
        // SAFETY: 64-bit ARM has NEON.
        from_fn(|i| unsafe { vreinterpretq_f32_u32(vshll_n_u16::<16>(upper[i])) })
    }

    #[inline(always)]
    fn load_halves(self, upper: &HalfLane, lower: &HalfLane) -> Self::Vector {
        let (upper, lower) = (quarters(upper), quarters(lower));
        // SAFETY: 64-bit ARM has NEON.
        from_fn(|i| unsafe {
            let upper = vreinterpretq_s32_u32(vshll_n_u16::<16>(upper[i]));
            let bits = vaddw_s16(upper, vreinterpret_s16_u16(lower[i]));
            vreinterpretq_f32_u32(vreinterpretq_u32_s32(bits))
        })
    }

    #[inline(always)]
    fn store_halves(self, weights: Self::Vector, upper: &mut HalfLane, lower: &mut HalfLane) {
        let (upper, _) = upper.0.as_chunks_mut::<QUARTER>();
        let (lower, _) = lower.0.as_chunks_mut::<QUARTER>();
        for ((upper, lower), weights) in upper.iter_mut().zip(lower).zip(weights) {
            // SAFETY: 64-bit ARM has NEON; a quarter is the four numbers that are written.
            unsafe {
                let bits = vreinterpretq_u32_f32(weights);
                let rounded = vshrn_n_u32::<16>(vaddq_u32(bits, vdupq_n_u32(1 << 15)));
                vst1_u16(upper.as_mut_ptr(), rounded);
                vst1_u16(lower.as_mut_ptr(), vmovn_u32(bits));
            }
        }
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

/// Half a lane in four registers.
#[inline(always)]
fn quarters(half: &HalfLane) -> [uint16x4_t; 4] {
    let (quarters, _) = half.0.as_chunks::<QUARTER>();
    // SAFETY: 64-bit ARM has NEON; a quarter is the four numbers that are read.
    from_fn(|i| unsafe { vld1_u16(quarters[i].as_ptr()) })
}
