//! AVX2 with fused multiply-add: a lane is two registers.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256, _CMP_GT_OQ, _CMP_LE_OQ, _mm_add_ps, _mm_cvtss_f32, _mm_movehl_ps, _mm_shuffle_ps,
    _mm256_add_ps, _mm256_and_ps, _mm256_andnot_ps, _mm256_blend_epi16, _mm256_castps_si256,
    _mm256_castps256_ps128, _mm256_castsi256_ps, _mm256_cmp_ps, _mm256_extractf128_ps,
    _mm256_fmadd_ps, _mm256_load_ps, _mm256_movemask_ps, _mm256_set1_ps, _mm256_setzero_ps,
    _mm256_slli_epi32, _mm256_srli_epi32, _mm256_store_ps, _mm256_sub_ps,
};
use std::array::from_fn;

use super::{HalfPair, Lane, Operation, Simd};

/// Proof that the machine has AVX2 and FMA: only [`Avx2::detect`] makes one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx2 {
    pub(crate) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }

    #[inline]
    pub(super) fn enter(self, operation: impl Operation) {
        #[target_feature(enable = "avx2,fma")]
        fn with_avx2(simd: Avx2, operation: impl Operation) {
            operation.run(simd);
        }
        // SAFETY: `self` proves that the machine has AVX2 and FMA.
        unsafe { with_avx2(self, operation) }
    }
}

impl Simd for Avx2 {
    type Vector = [__m256; 2];

    #[inline(always)]
    fn splat(self, value: f32) -> Self::Vector {
        // SAFETY: `self` proves AVX2.
        let half = unsafe { _mm256_set1_ps(value) };
        [half, half]
    }

    #[inline(always)]
    fn load(self, lane: &Lane) -> Self::Vector {
        let start = lane.0.as_ptr();
        // SAFETY: `self` proves AVX2; a lane is 16 values aligned to 64 bytes, so both halves are
        // inside it and aligned to 32 bytes.
        unsafe { [_mm256_load_ps(start), _mm256_load_ps(start.add(8))] }
    }

    #[inline(always)]
    fn store(self, vector: Self::Vector, lane: &mut Lane) {
        let start = lane.0.as_mut_ptr();
        // SAFETY: as for `load`.
        unsafe {
            _mm256_store_ps(start, vector[0]);
            _mm256_store_ps(start.add(8), vector[1]);
        }
    }

    #[inline(always)]
    fn load_words(self, words: &HalfPair) -> Self::Vector {
        let start = words.0.as_ptr().cast();
        // SAFETY: `self` proves AVX2; half a pair is 16 words aligned to 64 bytes, so both loads are
        // inside it and aligned to 32 bytes.
        unsafe { [_mm256_load_ps(start), _mm256_load_ps(start.add(8))] }
    }

    #[inline(always)]
    fn store_words(self, bits: Self::Vector, words: &mut HalfPair) {
        let start = words.0.as_mut_ptr().cast();
        // SAFETY: as for `load_words`.
        unsafe {
            _mm256_store_ps(start, bits[0]);
            _mm256_store_ps(start.add(8), bits[1]);
        }
    }

    #[inline(always)]
    fn raise(self, bits: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX2.
        bits.map(|bits| unsafe {
            _mm256_castsi256_ps(_mm256_slli_epi32::<16>(_mm256_castps_si256(bits)))
        })
    }

    #[inline(always)]
    fn lower(self, bits: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX2.
        bits.map(|bits| unsafe {
            _mm256_castsi256_ps(_mm256_srli_epi32::<16>(_mm256_castps_si256(bits)))
        })
    }

    #[inline(always)]
    fn merge(self, lower: Self::Vector, upper: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX2.
        from_fn(|i| unsafe {
            let (lower, upper) = (_mm256_castps_si256(lower[i]), _mm256_castps_si256(upper[i]));
            _mm256_castsi256_ps(_mm256_blend_epi16::<0b1010_1010>(lower, upper))
        })
    }

    #[inline(always)]
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX2.
        unsafe { [_mm256_add_ps(a[0], b[0]), _mm256_add_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn subtract(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX2.
        unsafe { [_mm256_sub_ps(a[0], b[0]), _mm256_sub_ps(a[1], b[1])] }
    }

    #[inline(always)]
    fn multiply_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves FMA.
        unsafe { [_mm256_fmadd_ps(a[0], b[0], c[0]), _mm256_fmadd_ps(a[1], b[1], c[1])] }
    }

    #[inline(always)]
    fn abs(self, a: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX2.
        a.map(|a| unsafe { _mm256_andnot_ps(_mm256_set1_ps(-0.0), a) })
    }

    #[inline(always)]
    fn find_up_to(self, a: Self::Vector, largest: f32) -> u16 {
        // SAFETY: `self` proves AVX2.
        let [low, high] = a.map(|a| unsafe {
            let above = _mm256_cmp_ps::<_CMP_GT_OQ>(a, _mm256_setzero_ps());
            let within = _mm256_cmp_ps::<_CMP_LE_OQ>(a, _mm256_set1_ps(largest));
            _mm256_movemask_ps(_mm256_and_ps(above, within))
        });
        (high << 8 | low) as u16
    }

    #[inline(always)]
    fn sum(self, vector: Self::Vector) -> f32 {
        // SAFETY: `self` proves AVX2, which includes the SSE instructions.
        unsafe {
            let eight = _mm256_add_ps(vector[0], vector[1]);
            let four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps::<1>(eight));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ps(two, _mm_shuffle_ps::<1>(two, two)))
        }
    }
}
