//! The level of a stream of numbers: mean and deviation that single wild values can't ruin.

/// So many first numbers are kept to find out which of them are wild.
pub(crate) const EARLY: usize = 16;
/// Early numbers further than this many median distances from the median are wild.
const WILD: f64 = 8.0;
/// Later numbers are cut at this many deviations from the mean.
const CUT: f64 = 8.0;
/// The running mean covers about this many numbers.
const HORIZON: u32 = 4096;

/// Running mean and deviation.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Level {
    pub(crate) seen: u32,
    pub(crate) mean: f64,
    /// The mean square distance from the mean.
    pub(crate) variance: f64,
    /// The first numbers, until there are enough.
    pub(crate) early: Vec<f32>,
}

impl Level {
    /// Takes a finite number in.
    pub(crate) fn observe(&mut self, number: f32) {
        self.seen = self.seen.saturating_add(1);
        if (self.seen as usize) <= EARLY {
            self.early.push(number);
            (self.mean, self.variance) = tame(&self.early);
            if self.early.len() == EARLY {
                self.early = Vec::new();
            }
            return;
        }
        let mut distance = f64::from(number) - self.mean;
        if self.variance > 0.0 {
            let cut = CUT * self.variance.sqrt();
            distance = distance.clamp(-cut, cut);
        }
        let rate = 1.0 / f64::from(self.seen.min(HORIZON));
        self.mean += rate * distance;
        self.variance += rate * (distance * distance - self.variance);
    }

    /// How many deviations a number is from the mean; 0 as long as there is no deviation.
    pub(crate) fn deviations(&self, number: f32) -> f32 {
        if self.variance > 0.0 {
            ((f64::from(number) - self.mean) / self.variance.sqrt()) as f32
        } else {
            0.0
        }
    }

    /// The number that is so many deviations from the mean; always finite.
    pub(crate) fn value(&self, deviations: f32) -> f32 {
        let value = self.mean + self.variance.sqrt() * f64::from(deviations);
        value.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.early.capacity() * size_of::<f32>()
    }
}

/// Mean and variance of the numbers that are not wild.
fn tame(numbers: &[f32]) -> (f64, f64) {
    let median_of = |numbers: &mut [f64]| {
        numbers.sort_unstable_by(f64::total_cmp);
        numbers[numbers.len() / 2]
    };
    let mut sorted: Vec<f64> = numbers.iter().copied().map(f64::from).collect();
    let median = median_of(&mut sorted);
    let mut distances: Vec<f64> = sorted.iter().map(|number| (number - median).abs()).collect();
    let limit = WILD * median_of(&mut distances);
    sorted.retain(|number| (number - median).abs() <= limit);
    let count = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / count;
    (mean, sorted.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(numbers: impl Iterator<Item = f32>) -> Level {
        let mut level = Level::default();
        numbers.for_each(|number| level.observe(number));
        level
    }

    fn assert_near(level: &Level, mean: f64, deviation: f64) {
        assert!((level.mean - mean).abs() < 0.1 * deviation, "{level:?}");
        assert!((level.variance.sqrt() / deviation - 1.0).abs() < 0.15, "{level:?}");
    }

    /// Evenly spread over 0..20: mean 10, deviation 5.77.
    fn spread(i: u32) -> f32 {
        (i * 7 % 20) as f32 + 0.5
    }

    #[test]
    fn follows_mean_and_deviation() {
        assert_near(&level((0..1000).map(spread)), 10.0, 5.77);
    }

    #[test]
    fn a_wild_number_does_no_harm_wherever_it_comes() {
        for wild in [0, 1, 5, 15, 16, 500] {
            let numbers = (0..1000).map(|i| if i == wild { 1e7 } else { spread(i) });
            assert_near(&level(numbers), 10.0, 5.77);
        }
    }

    #[test]
    fn numbers_that_were_all_the_same_may_start_to_differ() {
        let numbers = (0..2000).map(|i| if i < 100 { 3.0 } else { spread(i) });
        assert!(level(numbers).variance.sqrt() > 3.0);
    }

    #[test]
    fn values_are_finite_and_survive_the_way_there_and_back() {
        let level = level((0..100).map(spread));
        assert!((level.value(level.deviations(12.5)) - 12.5).abs() < 1e-5);
        assert!(level.value(f32::MAX).is_finite());
        assert_eq!(Level::default().deviations(5.0), 0.0);
    }
}
