//! Changes of bytes by chance.

/// Chance that the same seed repeats (xorshift).
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// Begins with `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`, which is at least 1.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 16) % limit as u64) as usize
    }
}

/// Cuts, flips, overwrites, inserts and repeats, at up to four places.
pub fn mutate(bytes: &mut Vec<u8>, chance: &mut Chance) {
    for _ in 0..=chance.below(4) {
        if bytes.is_empty() {
            bytes.push(0);
        }
        let at = chance.below(bytes.len());
        let end = (at + 1 + chance.below(8)).min(bytes.len());
        match chance.below(10) {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << chance.below(8),
            2 => bytes[at] = chance.below(256) as u8,
            3 => bytes[at..end].fill(0xff),
            4 => bytes[at..end].fill(0),
            // A count or an index that is a little off.
            5 => bytes[at] = bytes[at].wrapping_add(1),
            6 => bytes[at] = bytes[at].wrapping_sub(1),
            7 => bytes.insert(at, b"\0\n,.:\"1-"[chance.below(8)]),
            8 => bytes.extend_from_within(at..end),
            _ => drop(bytes.drain(at..end)),
        }
    }
}
