//! AVX-512: a lane is one register.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m512, _CMP_GT_OQ, _CMP_LE_OQ, _mm_add_ps, _mm_cvtss_f32, _mm_movehl_ps, _mm_shuffle_ps,
    _mm256_add_ps, _mm256_castpd_ps, _mm256_castps256_ps128, _mm256_extractf128_ps, _mm512_abs_ps,
    _mm512_add_epi32, _mm512_add_ps, _mm512_castps_pd, _mm512_castps_si512, _mm512_castps512_ps256,
    _mm512_castsi512_ps, _mm512_cmp_ps_mask, _mm512_extractf64x4_pd, _mm512_fmadd_ps,
    _mm512_load_ps, _mm512_load_si512, _mm512_mask_cmp_ps_mask, _mm512_maskz_compress_epi32,
    _mm512_permutex2var_epi32, _mm512_set1_epi32, _mm512_set1_ps, _mm512_setr_epi32,
    _mm512_setzero_ps, _mm512_slli_epi32, _mm512_srli_epi32, _mm512_store_ps, _mm512_store_si512,
    _mm512_storeu_epi32, _mm512_sub_ps, _mm512_ternarylogic_epi32,
};

use super::{HalfPair, LANE, LOWER, Lane, Operation, Pick, Simd};

/// Proof that the machine has AVX-512: only [`Avx512::detect`] makes one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avx512(());

impl Avx512 {
    pub(crate) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx512f").then_some(Self(()))
    }

    #[inline]
    pub(super) fn enter(self, operation: impl Operation) {
        #[target_feature(enable = "avx512f")]
        fn with_avx512(simd: Avx512, operation: impl Operation) {
            operation.run(simd);
        }
        // SAFETY: `self` proves that the machine has AVX-512.
        unsafe { with_avx512(self, operation) }
    }
}

impl Simd for Avx512 {
    type Vector = __m512;

    #[inline(always)]
    fn splat(self, value: f32) -> Self::Vector {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_set1_ps(value) }
    }

    #[inline(always)]
    fn load(self, lane: &Lane) -> Self::Vector {
        // SAFETY: `self` proves AVX-512; a lane is 16 values aligned to 64 bytes.
        unsafe { _mm512_load_ps(lane.0.as_ptr()) }
    }

    #[inline(always)]
    fn store(self, vector: Self::Vector, lane: &mut Lane) {
        // SAFETY: as for `load`.
        unsafe { _mm512_store_ps(lane.0.as_mut_ptr(), vector) }
    }

    #[inline(always)]
    fn load_words(self, words: &HalfPair) -> Self::Vector {
        // SAFETY: `self` proves AVX-512; half a pair is 16 words aligned to 64 bytes.
        unsafe { _mm512_castsi512_ps(_mm512_load_si512(words.0.as_ptr().cast())) }
    }

    #[inline(always)]
    fn store_words(self, bits: Self::Vector, words: &mut HalfPair) {
        // SAFETY: as for `load_words`.
        unsafe { _mm512_store_si512(words.0.as_mut_ptr().cast(), _mm512_castps_si512(bits)) }
    }

    #[inline(always)]
    fn raise(self, bits: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_castsi512_ps(_mm512_slli_epi32::<16>(_mm512_castps_si512(bits))) }
    }

    #[inline(always)]
    fn lower(self, bits: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_castsi512_ps(_mm512_srli_epi32::<16>(_mm512_castps_si512(bits))) }
    }

    #[inline(always)]
    fn merge(self, lower: Self::Vector, upper: Self::Vector) -> Self::Vector {
        /// What a bit of the result is for each of the eight cases: the second operand's where the
        /// first has a one, else the third's.
        const SELECT: i32 = 0b1100_1010;
        // SAFETY: `self` proves AVX-512.
        unsafe {
            let mask = _mm512_set1_epi32(LOWER.cast_signed());
            let (lower, upper) = (_mm512_castps_si512(lower), _mm512_castps_si512(upper));
            _mm512_castsi512_ps(_mm512_ternarylogic_epi32::<SELECT>(mask, lower, upper))
        }
    }

    #[inline(always)]
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_add_ps(a, b) }
    }

    #[inline(always)]
    fn subtract(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_sub_ps(a, b) }
    }

    #[inline(always)]
    fn multiply_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    fn abs(self, a: Self::Vector) -> Self::Vector {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_abs_ps(a) }
    }

    #[inline(always)]
    fn find_up_to(self, a: Self::Vector, largest: f32) -> u16 {
        // SAFETY: `self` proves AVX-512.
        unsafe {
            let above = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(a, _mm512_setzero_ps());
            _mm512_mask_cmp_ps_mask::<_CMP_LE_OQ>(above, a, _mm512_set1_ps(largest))
        }
    }

    #[inline(always)]
    fn pick<T: Pick>(self, a: Self::Vector, mask: u16, first: u32, list: &mut Vec<T>) {
        list.reserve(LANE);
        let start = list.spare_capacity_mut().as_mut_ptr().cast::<i32>();
        // SAFETY: `self` proves AVX-512; sixteen places and values are 32 numbers of 4 bytes, of which
        // each store writes half, into memory that was reserved for them. As many as the mask has bits
        // are what a `T` is made of.
        unsafe {
            let places = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
            let places = _mm512_add_epi32(places, _mm512_set1_epi32(first.cast_signed()));
            let places = _mm512_maskz_compress_epi32(mask, places);
            let values = _mm512_maskz_compress_epi32(mask, _mm512_castps_si512(a));
            // Place, value, place, value...
            let lower = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            let upper = _mm512_add_epi32(lower, _mm512_set1_epi32(8));
            _mm512_storeu_epi32(start, _mm512_permutex2var_epi32(places, lower, values));
            _mm512_storeu_epi32(start.add(LANE), _mm512_permutex2var_epi32(places, upper, values));
            list.set_len(list.len() + mask.count_ones() as usize);
        }
    }

    #[inline(always)]
    fn sum(self, vector: Self::Vector) -> f32 {
        // SAFETY: `self` proves AVX-512, which includes the AVX and SSE instructions.
        unsafe {
            let upper = _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(vector)));
            let eight = _mm256_add_ps(_mm512_castps512_ps256(vector), upper);
            let four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps::<1>(eight));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            _mm_cvtss_f32(_mm_add_ps(two, _mm_shuffle_ps::<1>(two, two)))
        }
    }
}
