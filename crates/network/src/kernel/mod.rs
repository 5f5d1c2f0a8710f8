//! The inner loops, for the instructions that the machine has.
//!
//! An [`Operation`] is written once, over the few vector instructions of [`Simd`]; [`Kernel::run`]
//! compiles it for each set of instructions and runs the one chosen at start. All sets give the same
//! bits: an operation fixes the order of every sum, multiply-adds are fused everywhere, and a row is
//! summed by halves. So a network does not depend on the machine it learned on. Where there is no
//! instruction for a fused multiply-add, these bits make a step fifteen times as long (`portable`).
//!
//! Beside `crew`, this is the only module with `unsafe` code. Its one claim is that a value of `Avx2` or
//! `Avx512` exists only where the machine was found to have these instructions; every 64-bit ARM
//! processor has those of `Neon`.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod operations;
mod pick;
mod portable;

pub(crate) use operations::{Accumulate, Average, Learn, LearnBack, Rows};
pub(crate) use pick::Pick;

/// Values in a lane.
pub(crate) const LANE: usize = 16;

/// Sixteen values in one cache line: the unit that rows are made of.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[repr(C, align(64))]
pub(crate) struct Lane(pub(crate) [f32; LANE]);

/// The upper or the lower halves of two lanes of weights, in one cache line: those of the second lane lie
/// in the upper halves of the words, so that no instruction has to narrow anything.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[repr(C, align(64))]
pub(crate) struct HalfPair(pub(crate) [u32; LANE]);

/// Selects the lower half of a word.
const LOWER: u32 = 0xffff;

/// A word of the lower half of `lower` and the upper half of `upper`.
#[inline(always)]
fn merge(lower: u32, upper: u32) -> u32 {
    lower & LOWER | upper & !LOWER
}

/// Two weights, one of each lane of a pair, from the words that hold their halves.
#[inline(always)]
pub(crate) fn join(upper: u32, lower: u32) -> [f32; 2] {
    [merge(lower, upper << 16), merge(lower >> 16, upper)].map(f32::from_bits)
}

/// The words that hold the upper and the lower halves of two weights. The upper half alone is the weight
/// cut to it.
#[inline(always)]
pub(crate) fn split(weights: [f32; 2]) -> [u32; 2] {
    let [first, second] = weights.map(f32::to_bits);
    [merge(first >> 16, second), merge(first, second << 16)]
}

/// A firing synapse chain's share in a sample: a ramp of the source brick and how far it is up it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C)]
pub(crate) struct Signal {
    pub(crate) ramp: u32,
    pub(crate) value: f32,
}

/// The instructions that operations are made of, on sixteen values at a time.
pub(crate) trait Simd: Copy {
    /// A lane in registers.
    type Vector: Copy;

    fn splat(self, value: f32) -> Self::Vector;
    fn load(self, lane: &Lane) -> Self::Vector;
    fn store(self, vector: Self::Vector, lane: &mut Lane);
    /// Words as the bits of a lane.
    fn load_words(self, words: &HalfPair) -> Self::Vector;
    /// The bits of a lane as words.
    fn store_words(self, bits: Self::Vector, words: &mut HalfPair);
    /// The lower halves of the words, moved up; zeros below.
    fn raise(self, bits: Self::Vector) -> Self::Vector;
    /// The upper halves of the words, moved down; zeros above.
    fn lower(self, bits: Self::Vector) -> Self::Vector;
    /// Words of the lower halves of `lower` and the upper halves of `upper`: [`merge`].
    fn merge(self, lower: Self::Vector, upper: Self::Vector) -> Self::Vector;
    /// A pair's weights of which only the upper halves count: [`join`] with zero.
    #[inline(always)]
    fn load_upper(self, upper: &HalfPair) -> [Self::Vector; 2] {
        let upper = self.load_words(upper);
        [self.raise(upper), self.merge(self.splat(0.0), upper)]
    }
    /// A pair's weights from their halves: [`join`].
    #[inline(always)]
    fn load_pair(self, upper: &HalfPair, lower: &HalfPair) -> [Self::Vector; 2] {
        let (upper, lower) = (self.load_words(upper), self.load_words(lower));
        [self.merge(lower, self.raise(upper)), self.merge(self.lower(lower), upper)]
    }
    /// Writes a pair's weights as halves: [`split`].
    #[inline(always)]
    fn store_pair(self, weights: [Self::Vector; 2], upper: &mut HalfPair, lower: &mut HalfPair) {
        let [first, second] = weights;
        self.store_words(self.merge(self.lower(first), second), upper);
        self.store_words(self.merge(first, self.raise(second)), lower);
    }
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    fn subtract(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// `a * b + c`, rounded once.
    fn multiply_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    fn abs(self, a: Self::Vector) -> Self::Vector;
    /// A bit for each value that is above 0 and at most `largest`.
    fn find_up_to(self, a: Self::Vector, largest: f32) -> u16;
    /// Adds the values whose bits are set to a list, one after the other, with their places counted from
    /// `first`.
    #[inline(always)]
    fn pick<T: Pick>(self, a: Self::Vector, mask: u16, first: u32, list: &mut Vec<T>) {
        let mut values = Lane::default();
        self.store(a, &mut values);
        // Which are set is hard for the processor to guess, so there is no branch: each is written,
        // and the next one takes its place if its bit is not set.
        let mut picked = [T::new(0, 0.0); LANE];
        let mut count = 0;
        for (i, (place, &value)) in (first..).zip(&values.0).enumerate() {
            picked[count % LANE] = T::new(place, value);
            count += usize::from(mask >> i & 1);
        }
        list.extend_from_slice(&picked);
        list.truncate(list.len() - mask.count_zeros() as usize);
    }
    /// The sum of the sixteen values, by halves: the upper 8 are added to the lower 8, then 4, 2, 1.
    fn sum(self, vector: Self::Vector) -> f32;
}

/// A loop over rows, written once for every set of instructions.
pub(crate) trait Operation {
    /// Must be `#[inline(always)]`, or it is not compiled for the instructions of `S`.
    fn run<S: Simd>(self, simd: S);
}

/// A set of instructions that this machine has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kernel {
    Portable(portable::Portable),
    #[cfg(target_arch = "aarch64")]
    Neon(neon::Neon),
    #[cfg(target_arch = "x86_64")]
    Avx2(avx2::Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(avx512::Avx512),
}

impl Kernel {
    /// Every set that this machine has, the fastest last.
    pub(crate) fn available() -> Vec<Self> {
        let mut kernels = vec![Self::Portable(portable::Portable)];
        #[cfg(target_arch = "aarch64")]
        kernels.push(Self::Neon(neon::Neon));
        #[cfg(target_arch = "x86_64")]
        {
            kernels.extend(avx2::Avx2::detect().map(Self::Avx2));
            kernels.extend(avx512::Avx512::detect().map(Self::Avx512));
        }
        kernels
    }

    /// The fastest set that this machine has.
    pub(crate) fn best() -> Self {
        *Self::available().last().unwrap_or(&Self::Portable(portable::Portable))
    }

    /// Its name, for statistics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Portable(_) => "portable",
            #[cfg(target_arch = "aarch64")]
            Self::Neon(_) => "neon",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => "avx512",
        }
    }

    #[inline]
    pub(crate) fn run(self, operation: impl Operation) {
        match self {
            Self::Portable(simd) => operation.run(simd),
            #[cfg(target_arch = "aarch64")]
            Self::Neon(simd) => operation.run(simd),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(simd) => simd.enter(operation),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(simd) => simd.enter(operation),
        }
    }
}

#[cfg(test)]
mod tests;
