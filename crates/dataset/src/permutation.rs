//! Random orders of up to 2^62 things, computed instead of remembered.

/// Rounds of the Feistel network; four make it look random, two more are cheap.
const ROUNDS: usize = 6;

/// A permutation of `0..len` that follows from a seed and a number.
///
/// A balanced Feistel network permutes the numbers of an even number of bits, whatever its round
/// function is; a number that falls outside of `0..len` is permuted again until it falls inside
/// ("cycle walking": Black and Rogaway, *Ciphers with Arbitrary Finite Domains*, 2002). There are
/// less than four times as many numbers as things, so that takes less than four turns on average.
#[derive(Debug, Clone)]
pub struct Permutation {
    len: u64,
    /// Bits of each half of a number.
    half: u32,
    keys: [u64; ROUNDS],
}

impl Permutation {
    /// The permutation number `number` of `0..len` for a seed. `len` is at most 2^62.
    #[must_use]
    pub fn new(len: u64, seed: u64, number: u64) -> Self {
        let bits = u64::BITS - len.saturating_sub(1).leading_zeros();
        let mut state = mix(seed) ^ number;
        let keys = std::array::from_fn(|_| {
            state = mix(state);
            state
        });
        Permutation { len, half: bits.div_ceil(2).max(1), keys }
    }

    /// What stands at `index`.
    ///
    /// # Panics
    /// If `index` is not below the length.
    #[must_use]
    pub fn at(&self, index: u64) -> u64 {
        assert!(index < self.len, "{index} is beyond the {} of the permutation", self.len);
        let mut number = index;
        loop {
            number = self.turn(number);
            if number < self.len {
                return number;
            }
        }
    }

    /// Permutes the numbers of two halves of bits.
    fn turn(&self, number: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let (mut left, mut right) = (number >> self.half, number & mask);
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right ^ key) & mask));
        }
        left << self.half | right
    }
}

/// Spreads every bit over all others: the next output of `SplitMix64` (Steele, Lea and Flood, *Fast
/// Splittable Pseudorandom Number Generators*, 2014).
fn mix(state: u64) -> u64 {
    let mut bits = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
