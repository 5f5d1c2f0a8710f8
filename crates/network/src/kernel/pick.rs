//! Lists of which lanes are a part: what [`Simd::pick`](super::Simd::pick) makes.
#![allow(unsafe_code)]

use super::Signal;
use crate::input::Value;

/// A place in a list of which only some values count, and the value there.
///
/// # Safety
/// It must be a `u32`, the place, and an `f32`, the value, one after the other in memory.
pub(crate) unsafe trait Pick: Copy {
    fn new(place: u32, value: f32) -> Self;
}

// SAFETY: its layout is that of C.
unsafe impl Pick for Signal {
    #[inline(always)]
    fn new(ramp: u32, value: f32) -> Self {
        Self { ramp, value }
    }
}

// SAFETY: its layout is that of C.
unsafe impl Pick for Value {
    #[inline(always)]
    fn new(index: u32, value: f32) -> Self {
        Self { index, value }
    }
}
