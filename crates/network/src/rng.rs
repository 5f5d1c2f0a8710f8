//! The network's only source of chance.

/// `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). Its whole
/// state is one number, so a snapshot holds it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rng {
    state: u64,
}

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// What [`Rng::new`] needs to go on from here.
    pub(crate) fn state(&self) -> u64 {
        self.state
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// Uniform in `0..limit`; `limit` must be above 0.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        (((self.next() >> 32) * u64::from(limit)) >> 32) as u32
    }

    /// How long to wait for what comes once in a unit of time, in the mean; at most 18. The logarithm is a
    /// software one: the same bits on every machine.
    pub(crate) fn wait(&mut self) -> f32 {
        let unit = ((self.next() >> 40) as f32 + 0.5) / (1u32 << 24) as f32;
        -libm::logf(unit)
    }

    /// Uniform noise with mean 0 and deviation 1.
    pub(crate) fn noise(&mut self) -> f32 {
        const SQRT_3: f32 = 1.732_050_8;
        let unit = (self.next() >> 40) as f32 / (1u32 << 24) as f32;
        (2.0 * unit - 1.0) * SQRT_3
    }
}

/// Spreads the bits of a number evenly over 64 bits: a hash.
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_mean_zero_and_deviation_one() {
        let mut rng = Rng::new(1);
        let values: Vec<f32> = (0..100_000).map(|_| rng.noise()).collect();
        let mean = values.iter().sum::<f32>() / 1e5;
        let square = values.iter().map(|v| v * v).sum::<f32>() / 1e5;
        assert!(mean.abs() < 0.02, "{mean}");
        assert!((square - 1.0).abs() < 0.02, "{square}");
    }

    #[test]
    fn waits_have_mean_one_and_long_ones_are_rare() {
        let mut rng = Rng::new(3);
        let waits: Vec<f32> = (0..100_000).map(|_| rng.wait()).collect();
        assert!((waits.iter().sum::<f32>() / 1e5 - 1.0).abs() < 0.02);
        let long = waits.iter().filter(|&&wait| wait > 3.0).count() as f32 / 1e5;
        assert!((long - (-3f32).exp()).abs() < 0.004, "{long}");
        assert!(waits.iter().all(|wait| (0.0..=18.0).contains(wait)));
    }

    #[test]
    fn below_reaches_every_value_and_no_other() {
        let mut rng = Rng::new(2);
        let mut hits = [0; 5];
        for _ in 0..1000 {
            hits[rng.below(5) as usize] += 1;
        }
        assert!(hits.iter().all(|&count| count > 100), "{hits:?}");
    }
}
