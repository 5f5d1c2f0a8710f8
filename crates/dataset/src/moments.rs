//! Mean and spread of numbers in one pass.

/// Number, mean, spread and extremes of the numbers seen so far, by Welford's method: no sum of
/// squares is formed, so nothing is lost where the spread is small beside the mean. B. P. Welford,
/// *Note on a method for calculating corrected sums of squares and products*, 1962.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moments {
    count: u64,
    mean: f64,
    /// Sum of the squared distances to the mean.
    squares: f64,
    minimum: f64,
    maximum: f64,
}

impl Default for Moments {
    fn default() -> Self {
        let (minimum, maximum) = (f64::INFINITY, f64::NEG_INFINITY);
        Self { count: 0, mean: 0.0, squares: 0.0, minimum, maximum }
    }
}

impl Moments {
    /// Takes in a number.
    pub(crate) fn add(&mut self, number: f64) {
        self.add_times(number, 1);
    }

    /// Takes in a number that occurs `times` times.
    pub(crate) fn add_times(&mut self, number: f64, times: u64) {
        if times == 0 {
            return;
        }
        self.count += times;
        let (distance, times) = (number - self.mean, times as f64);
        self.mean += distance * times / self.count as f64;
        self.squares += distance * times * (number - self.mean);
        self.minimum = self.minimum.min(number);
        self.maximum = self.maximum.max(number);
    }

    /// The mean of the numbers, 0 if there are none.
    pub(crate) fn mean(&self) -> f64 {
        self.mean
    }

    /// The sum of the squared distances to the mean.
    pub(crate) fn squares(&self) -> f64 {
        self.squares
    }

    /// The standard deviation of the numbers as a whole population, 0 if there are none.
    pub(crate) fn deviation(&self) -> f64 {
        (self.squares / self.count.max(1) as f64).sqrt()
    }

    /// The lowest number; infinity if there are none.
    pub(crate) fn minimum(&self) -> f64 {
        self.minimum
    }

    /// The highest number; minus infinity if there are none.
    pub(crate) fn maximum(&self) -> f64 {
        self.maximum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(numbers: &[f64]) -> Moments {
        let mut moments = Moments::default();
        for number in numbers {
            moments.add(*number);
        }
        moments
    }

    #[test]
    fn they_are_what_one_reckons_by_hand() {
        let found = moments(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!((found.mean(), found.deviation()), (5.0, 2.0));
        assert_eq!((found.minimum(), found.maximum(), found.squares()), (2.0, 9.0, 32.0));
    }

    #[test]
    fn a_small_spread_far_from_zero_is_not_lost() {
        // A sum of squares of these in 64 bits would be off by thousands.
        let found = moments(&[1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0]);
        assert_eq!((found.mean(), found.squares()), (1e9 + 10.0, 90.0));
    }

    #[test]
    fn a_number_that_occurs_often_counts_as_often() {
        let mut found = Moments::default();
        for (number, times) in [(3.0, 2), (100.0, 0), (7.0, 2)] {
            found.add_times(number, times);
        }
        assert_eq!((found.mean(), found.deviation(), found.maximum()), (5.0, 2.0, 7.0));
    }
}
