//! Where the borders of a chain of ramps lie: at the quantiles of the magnitudes seen.

use crate::rng::Rng;

/// Magnitudes kept per chain.
pub(crate) const KEPT: usize = 32;
/// Magnitudes beyond this many upper quartiles are taken for outliers.
const OUTLIER: f32 = 8.0;
/// Magnitudes are forgotten at the rate at which a fair sample of so many would be, so that borders
/// follow a world that changes.
pub(crate) const REMEMBERED: u32 = 4096;

/// Borders are placed again whenever the count of magnitudes has doubled, and then every so often.
const PLACED_EVERY: u32 = 2048;

/// A fair sample of the magnitudes seen (reservoir sampling by skips: Vitter, 1985), from
/// [`REMEMBERED`] on one that forgets old ones.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reservoir {
    /// Magnitudes seen; from twice [`REMEMBERED`] the count goes back to [`REMEMBERED`].
    pub(crate) seen: u32,
    /// The count at which the next one is kept: all others are only counted.
    pub(crate) next: u32,
    /// Apart, as the counts of many chains then lie close together.
    pub(crate) kept: Box<[f32; KEPT]>,
}

impl Reservoir {
    pub(crate) fn new() -> Self {
        Self { seen: 0, next: 0, kept: Box::new([0.0; KEPT]) }
    }

    /// The magnitudes kept so far.
    pub(crate) fn kept(&self) -> &[f32] {
        &self.kept[..KEPT.min(self.seen as usize)]
    }

    /// Takes a magnitude in. True if the borders should be placed again: once between each power of
    /// two and the next, and later once in [`PLACED_EVERY`] magnitudes. When in that time depends on
    /// `turn`, so that inputs which always come together don't all move their borders in one step.
    #[inline]
    pub(crate) fn add(&mut self, magnitude: f32, turn: u32, rng: &mut Rng) -> bool {
        if self.seen == self.next {
            self.keep(magnitude, rng);
        }
        self.seen += 1;
        if self.seen == 2 * REMEMBERED {
            self.seen = REMEMBERED;
            self.next -= REMEMBERED;
        }
        let period = (1 << self.seen.ilog2()).min(PLACED_EVERY);
        (self.seen ^ turn) & (period - 1) == 0
    }

    /// Keeps a magnitude and finds out which is the next one to keep.
    fn keep(&mut self, magnitude: f32, rng: &mut Rng) {
        let full = self.seen as usize >= KEPT;
        let place = if full { rng.below(KEPT as u32) } else { self.seen };
        self.kept[place as usize] = magnitude;
        self.next = self.seen + 1;
        if self.next as usize >= KEPT {
            // One in so many is kept, so the time until then has an exponential distribution.
            let every = self.next.min(REMEMBERED) as f32 / KEPT as f32;
            self.next += (every * rng.wait()) as u32;
        }
    }

    /// Writes the ends of `ends.len()` ramps that share the kept magnitudes evenly, rising. Ramps
    /// that would get none have no width: they end where the one before does. A single ramp ends at
    /// the largest kept magnitude that is no outlier.
    pub(crate) fn place(&self, ends: &mut [f32]) {
        let count = self.kept().len();
        let mut sorted = *self.kept;
        let sorted = &mut sorted[..count];
        sorted.sort_unstable_by(f32::total_cmp);
        let Some(&quartile) = sorted.get(3 * count.saturating_sub(1) / 4) else {
            return;
        };
        let count = sorted.partition_point(|&magnitude| magnitude <= OUTLIER * quartile);
        let ramps = ends.len();
        for (k, end) in ends.iter_mut().enumerate() {
            *end = sorted[((k + 1) * count).div_ceil(ramps) - 1];
        }
    }
}

/// The chains of an input brick: ramp after ramp per neuron and sign.
///
/// A magnitude `p` is `clamp((p - B) / b, 0, 1)` up the ramp that starts at `B` and is `b` wide.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chains {
    /// Ramps in a chain.
    pub(crate) ramps: usize,
    /// What each chain has seen.
    pub(crate) reservoirs: Vec<Reservoir>,
    /// The ends of all chains' ramps; a ramp starts where the one before it ends, the first at 0.
    pub(crate) ends: Vec<f32>,
}

/// What the borders of a chain were before they moved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moved {
    pub(crate) chain: u32,
    pub(crate) old_ends: Vec<f32>,
}

impl Chains {
    pub(crate) fn new(ramps: usize) -> Self {
        Self { ramps, reservoirs: Vec::new(), ends: Vec::new() }
    }

    /// Adds a chain and gives its number.
    pub(crate) fn add(&mut self) -> u32 {
        self.reservoirs.push(Reservoir::new());
        self.ends.resize(self.ends.len() + self.ramps, 0.0);
        (self.reservoirs.len() - 1) as u32
    }

    /// The ends of a chain's ramps.
    pub(crate) fn ends(&self, chain: u32) -> &[f32] {
        &self.ends[chain as usize * self.ramps..][..self.ramps]
    }

    /// Takes a magnitude of the input vector's `index` in; true if the chain's borders should be placed
    /// again.
    #[inline]
    pub(crate) fn observe(
        &mut self,
        chain: u32,
        index: u32,
        magnitude: f32,
        rng: &mut Rng,
    ) -> bool {
        self.reservoirs[chain as usize].add(magnitude, index, rng)
    }

    /// Places the borders of a chain; gives the former ones if that moved them.
    pub(crate) fn place(&mut self, chain: u32) -> Option<Moved> {
        let ends = &mut self.ends[chain as usize * self.ramps..][..self.ramps];
        let old_ends = ends.to_vec();
        self.reservoirs[chain as usize].place(ends);
        (old_ends != ends).then_some(Moved { chain, old_ends })
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.reservoirs.capacity() * size_of::<Reservoir>()
            + self.reservoirs.len() * size_of::<[f32; KEPT]>()
            + self.ends.capacity() * size_of::<f32>()
    }
}

/// How far `magnitude` is up the ramp from `start` to `end`; a ramp without width never fires.
#[inline]
pub(crate) fn ramp(magnitude: f32, start: f32, end: f32) -> f32 {
    let height = (magnitude.min(end) - start) / (end - start);
    if end > start { height.max(0.0) } else { 0.0 }
}

/// How new rows of a chain follow from the old ones so that the function that the chain's weights
/// form keeps its values at the new borders: `new[i] = sum over k of share[i][k] * old[k]`.
pub(crate) fn projection(old_ends: &[f32], new_ends: &[f32]) -> Vec<Vec<f32>> {
    let up_to = |magnitude: f32| -> Vec<f32> {
        let starts = std::iter::once(&0.0).chain(old_ends);
        starts.zip(old_ends).map(|(&start, &end)| ramp(magnitude, start, end)).collect()
    };
    let mut before = vec![0.0; old_ends.len()];
    let mut shares = Vec::with_capacity(new_ends.len());
    for &end in new_ends {
        let now = up_to(end);
        shares.push(now.iter().zip(&before).map(|(now, before)| now - before).collect());
        before = now;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reservoir(magnitudes: &[f32]) -> Reservoir {
        let mut rng = Rng::new(1);
        let mut reservoir = Reservoir::new();
        for &magnitude in magnitudes {
            reservoir.add(magnitude, 0, &mut rng);
        }
        reservoir
    }

    #[test]
    fn borders_share_the_magnitudes_evenly() {
        let magnitudes: Vec<f32> = (1..=32).map(|i| i as f32).collect();
        let mut ends = [0.0; 4];
        reservoir(&magnitudes).place(&mut ends);
        assert_eq!(ends, [8.0, 16.0, 24.0, 32.0]);
    }

    #[test]
    fn a_single_ramp_ends_at_the_largest_magnitude_that_is_no_outlier() {
        let mut ends = [0.0];
        reservoir(&[10.0, 30.0, 20.0, 3e7, 25.0]).place(&mut ends);
        assert_eq!(ends, [30.0]);
    }

    #[test]
    fn few_magnitudes_leave_ramps_without_width() {
        let mut ends = [0.0; 4];
        reservoir(&[5.0, 6.0]).place(&mut ends);
        assert_eq!(ends, [5.0, 5.0, 6.0, 6.0]);
        assert_eq!(ramp(5.5, 5.0, 5.0), 0.0);
    }

    #[test]
    fn a_ramp_is_clamped() {
        assert_eq!(ramp(1.0, 2.0, 4.0), 0.0);
        assert_eq!(ramp(3.0, 2.0, 4.0), 0.5);
        assert_eq!(ramp(f32::MAX, 2.0, 4.0), 1.0);
    }

    #[test]
    fn a_projection_keeps_the_function_at_the_new_borders() {
        let old_ends = [1.0, 3.0, 4.0];
        let new_ends = [2.0, 3.5, 3.5];
        let old = [0.5, -2.0, 1.0];
        let shares = projection(&old_ends, &new_ends);
        let new: Vec<f32> =
            shares.iter().map(|share| share.iter().zip(old).map(|(s, w)| s * w).sum()).collect();
        let value = |ends: &[f32], weights: &[f32], p: f32| -> f32 {
            let starts = std::iter::once(&0.0).chain(ends);
            starts.zip(ends).zip(weights).map(|((&b, &e), w)| w * ramp(p, b, e)).sum()
        };
        for p in new_ends {
            let (before, after) = (value(&old_ends, &old, p), value(&new_ends, &new, p));
            assert!((before - after).abs() < 1e-6, "at {p}: {before} {after}");
        }
    }

    #[test]
    fn a_reservoir_keeps_a_fair_share_of_what_came_late() {
        let mut rng = Rng::new(3);
        let mut reservoir = Reservoir::new();
        for i in 0..REMEMBERED {
            reservoir.add(if i < REMEMBERED / 2 { 1.0 } else { 2.0 }, 0, &mut rng);
        }
        let late = reservoir.kept.iter().filter(|&&magnitude| magnitude > 1.5).count();
        assert!((6..=26).contains(&late), "{late}");
    }

    #[test]
    fn a_reservoir_forgets_what_came_long_ago() {
        let mut rng = Rng::new(4);
        let mut reservoir = Reservoir::new();
        for i in 0..140_000 {
            reservoir.add(if i < 100_000 { 1.0 } else { 2.0 }, 0, &mut rng);
        }
        assert!(reservoir.kept.iter().all(|&magnitude| magnitude > 1.5), "{reservoir:?}");
    }
}
