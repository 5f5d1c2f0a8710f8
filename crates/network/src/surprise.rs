//! How much of what is taught can't be foreseen, and how much weights shrink for it.
//!
//! Where targets are mostly noise, weights that follow each of them learn the noise, the more so the
//! more often the same samples come. Ridge regression tells the remedy (Hoerl, Kennard, 1970): weights
//! shrink, the more the noisier targets are and the fewer samples there were. How noisy they are shows
//! in samples that never came before: what is left of their error, compared with how much targets
//! differ at all. A sample that came before tells nothing, as it may be known by heart; so the network
//! remembers which did.

use crate::input::Value;
use crate::network::MAX_STEPS;
use crate::rng::mix;

/// Bits in each half of the memory of samples.
const BITS: usize = 1 << 16;
/// Words that hold them.
pub(crate) const WORDS: usize = BITS / 64;
/// So many bits are kept more shortly as words than as places.
pub(crate) const MANY: u32 = BITS as u32 / 16;
/// Samples that one half remembers before the other, older one is forgotten.
pub(crate) const REMEMBERED: u32 = 1 << 14;
/// The running means cover about this many samples.
pub(crate) const HORIZON: u32 = 512;
/// New samples before anything is said about noise.
const LEAST: u32 = 256;
/// The share that weights lose whenever they learn classes that are noise...
const OF_CLASSES: f32 = 0.0005;
/// ...or numbers that are noise...
const OF_NUMBERS: f32 = 0.004;
/// ...to this share; with less noise it falls with its eighth power...
const NOISY: f32 = 0.6;
/// ...and, with more samples than this, with their number.
const FEW: f32 = 1000.0;

/// Which samples came lately: two sets of hashes (Bloom, 1970), of which the older is forgotten now and
/// then. A new sample may be taken for one that came before, hardly the other way round.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Seen {
    /// Empty until the first sample.
    pub(crate) young: Vec<u64>,
    pub(crate) old: Vec<u64>,
    /// Samples in the younger set.
    pub(crate) count: u32,
    /// New samples so far.
    pub(crate) new: u64,
}

impl Seen {
    /// Remembers a sample. True if it did not come before.
    pub(crate) fn add(&mut self, values: &[Value], targets: &[f32]) -> bool {
        self.young.resize(WORDS, 0);
        self.old.resize(WORDS, 0);
        let place = hash(values, targets) as usize % BITS;
        let (word, bit) = (place / 64, 1 << (place % 64));
        let is_new = (self.young[word] | self.old[word]) & bit == 0;
        if self.young[word] & bit == 0 {
            self.young[word] |= bit;
            self.count += 1;
        }
        if self.count == REMEMBERED {
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.fill(0);
            self.count = 0;
        }
        self.new = (self.new + u64::from(is_new)).min(MAX_STEPS);
        is_new
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        (self.young.capacity() + self.old.capacity()) * size_of::<u64>()
    }
}

/// The exponents of inputs don't count, so that their scale makes no difference.
fn hash(values: &[Value], targets: &[f32]) -> u64 {
    const EXPONENT: u32 = 0xff << 23;
    // An odd factor and a turn keep every bit; the finish spreads them.
    let add = |hash: &mut u64, part: u64| {
        *hash = (*hash ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    };
    // Several side by side, as each waits for the one before.
    let mut hashes: [u64; 4] = [0, 1, 2, 3];
    let of =
        |value: &Value| u64::from(value.index) << 32 | u64::from(value.value.to_bits() & !EXPONENT);
    let (fours, rest) = values.as_chunks::<4>();
    for four in fours {
        hashes.iter_mut().zip(four).for_each(|(hash, value)| add(hash, of(value)));
    }
    hashes.iter_mut().zip(rest).for_each(|(hash, value)| add(hash, of(value)));
    let mut all = 0;
    for part in hashes.into_iter().chain(targets.iter().map(|target| target.to_bits().into())) {
        add(&mut all, part);
    }
    mix(all)
}

/// What an output brick's new samples have shown.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Surprise {
    /// New samples, at most [`HORIZON`].
    pub(crate) seen: u32,
    /// The running mean of each target.
    pub(crate) means: Vec<f32>,
    /// Running mean of the squares of the targets' distances from that.
    pub(crate) spread: f32,
    /// Running mean of the squares of the errors.
    pub(crate) error: f32,
}

impl Surprise {
    /// Takes a new sample in: its targets and errors, both in the brick's own terms and finite.
    pub(crate) fn observe(&mut self, sample: impl Iterator<Item = (f32, f32)>) {
        self.seen = (self.seen + 1).min(HORIZON);
        let rate = 1.0 / self.seen as f32;
        let (mut spread, mut squares) = (0.0, 0.0);
        for (i, (target, error)) in sample.enumerate() {
            if i == self.means.len() {
                self.means.push(0.0);
            }
            let distance = target - self.means[i];
            self.means[i] += rate * distance;
            spread += distance * distance;
            squares += error * error;
        }
        self.spread += rate * (spread - self.spread);
        self.error += rate * (squares - self.error);
    }

    /// Which share of what targets tell can't be foreseen, 0..1; 0 while that is not known.
    pub(crate) fn noise(&self) -> f32 {
        if self.seen < LEAST || self.spread <= 0.0 {
            0.0
        } else {
            (self.error / self.spread).min(1.0)
        }
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.means.capacity() * size_of::<f32>()
    }
}

/// The share that weights lose when they learn, for so much noise and so many new samples so far.
pub(crate) fn shrinkage(noise: f32, samples: u64, numeric: bool) -> f32 {
    let most = if numeric { OF_NUMBERS } else { OF_CLASSES };
    let eighth_power = (noise / NOISY).min(1.0).powi(2).powi(2).powi(2);
    most * eighth_power * (FEW / samples.max(1) as f32).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    fn sample(number: u32) -> [Value; 2] {
        // Odd numbers differ by more than their scale.
        [Value { index: 3, value: (2 * number + 1) as f32 }, Value { index: 7, value: 0.5 }]
    }

    #[test]
    fn samples_that_came_before_are_known() {
        let mut seen = Seen::default();
        let new = (1..=1000).filter(|&number| seen.add(&sample(number), &[1.0])).count();
        assert!(new > 980, "{new}");
        assert!(!(1..=1000).any(|number| seen.add(&sample(number), &[1.0])));
        assert_eq!(seen.new, new as u64);
        let other_targets = (1..=1000).filter(|&number| seen.add(&sample(number), &[0.0])).count();
        assert!(other_targets > 950, "{other_targets}");
    }

    #[test]
    fn what_came_long_ago_is_forgotten() {
        let mut seen = Seen::default();
        let mut new = |numbers: std::ops::Range<u32>| {
            numbers.filter(|&number| seen.add(&sample(number), &[])).count()
        };
        assert!(new(0..100) > 95);
        assert_eq!(new(0..100), 0);
        new(100..100_000);
        // Others that came since are in the place of some.
        assert!(new(0..100) > 40);
    }

    #[test]
    fn noise_is_what_is_left_of_the_targets_spread() {
        let mut rng = Rng::new(1);
        for share in [0.0f32, 0.5, 1.0] {
            let mut surprise = Surprise::default();
            for _ in 0..5000 {
                let target = rng.noise();
                surprise.observe([(target, share.sqrt() * target)].into_iter());
            }
            assert!((surprise.noise() - share).abs() < 0.05, "{share} {surprise:?}");
        }
    }

    #[test]
    fn weights_shrink_only_for_much_noise_in_few_samples() {
        assert_eq!(shrinkage(1.0, 100, false), OF_CLASSES);
        assert_eq!(shrinkage(1.0, 100, true), OF_NUMBERS);
        assert!(shrinkage(0.3, 100, true) < OF_NUMBERS / 200.0);
        assert!(shrinkage(1.0, 1_000_000, true) < OF_NUMBERS / 900.0);
        assert_eq!(shrinkage(0.0, 0, true), 0.0);
    }
}
