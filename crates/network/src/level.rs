//! The level of a stream of numbers: mean and deviation that single wild values can't ruin.
//!
//! While all numbers are the same there is no deviation to tell a wild one by. So those that differ
//! are held back until there are as many as at the start.

/// So many first numbers are kept to find out which of them are wild.
pub(crate) const EARLY: usize = 16;
/// Early numbers further than this many median distances from the median are wild.
const WILD: f64 = 8.0;
/// Later numbers are cut at this many deviations from the mean. While fewer than one in the square of
/// this is wild, the deviation stays that of the others.
const CUT: f64 = 4.0;
/// The running mean covers about this many numbers.
const HORIZON: u32 = 4096;

/// Running mean and deviation.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Level {
    pub(crate) seen: u32,
    pub(crate) mean: f64,
    /// The mean square distance from the mean.
    pub(crate) variance: f64,
    /// The first numbers, until there are enough; then, as long as there is no deviation, those that
    /// differ from the mean.
    pub(crate) early: Vec<f32>,
}

impl Level {
    /// Takes a finite number in.
    pub(crate) fn observe(&mut self, number: f32) {
        self.seen = self.seen.saturating_add(1);
        if (self.seen as usize) <= EARLY {
            self.early.push(number);
            (self.mean, self.variance) = moments(&tame(median(&self.early), &self.early));
            if (self.seen as usize) == EARLY {
                self.hold_what_differs();
            }
            return;
        }
        if self.variance == 0.0 {
            self.early.push(number);
            self.hold_what_differs();
            if self.early.len() == EARLY {
                self.start_again();
            }
            return;
        }
        let cut = CUT * self.variance.sqrt();
        let distance = (f64::from(number) - self.mean).clamp(-cut, cut);
        let rate = 1.0 / f64::from(self.seen.min(HORIZON));
        self.mean += rate * distance;
        self.variance += rate * (distance * distance - self.variance);
    }

    /// Keeps only those early numbers that differ from the mean; none once there is a deviation.
    fn hold_what_differs(&mut self) {
        self.early.retain(|&number| self.variance == 0.0 && f64::from(number) != self.mean);
        self.early.shrink_to_fit();
    }

    /// Starts again from the numbers held back, but for the wild ones, and as often the number that
    /// they differ from.
    fn start_again(&mut self) {
        let mut numbers = tame(self.mean, &std::mem::take(&mut self.early));
        numbers.resize(2 * numbers.len(), self.mean);
        self.seen = numbers.len() as u32;
        (self.mean, self.variance) = moments(&numbers);
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

fn median(numbers: &[f32]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    f64::from(sorted[sorted.len() / 2])
}

/// The numbers that are not wild: no further from the middle than [`WILD`] median distances.
fn tame(middle: f64, numbers: &[f32]) -> Vec<f64> {
    let numbers = numbers.iter().copied().map(f64::from);
    let mut distances: Vec<f64> = numbers.clone().map(|number| (number - middle).abs()).collect();
    distances.sort_unstable_by(f64::total_cmp);
    let limit = WILD * distances[distances.len() / 2];
    numbers.filter(|number| (number - middle).abs() <= limit).collect()
}

/// Mean and variance.
fn moments(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    (mean, numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / count)
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
    fn a_wild_number_after_equal_ones_does_no_harm() {
        for equal in [9, 16, 100] {
            let number = |i| match i {
                i if i < equal => 20.0,
                i if i == equal || i == equal + 5 => 1e12,
                i => spread(i),
            };
            assert_near(&level((0..10_000).map(number)), 10.0, 5.77);
        }
    }

    #[test]
    fn two_numbers_of_which_one_is_rare_have_a_deviation() {
        let rare = level((0..10_000).map(|i| if i % 20 == 19 { 50.0 } else { 20.0 }));
        assert_near(&rare, 21.5, 6.54);
    }

    #[test]
    fn values_are_finite_and_survive_the_way_there_and_back() {
        let level = level((0..100).map(spread));
        assert!((level.value(level.deviations(12.5)) - 12.5).abs() < 1e-5);
        assert!(level.value(f32::MAX).is_finite());
        assert_eq!(Level::default().deviations(5.0), 0.0);
    }
}
