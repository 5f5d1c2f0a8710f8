//! A learning curve in one line of characters.

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The values of something that changes, in order.
#[derive(Debug, Default)]
pub(crate) struct Curve {
    values: Vec<f64>,
}

impl Curve {
    /// Adds a value; what is no finite number is left out.
    pub(crate) fn add(&mut self, value: f64) {
        if value.is_finite() {
            self.values.push(value);
        }
    }

    /// The curve from its lowest to its highest value, in at most `width` characters; none with
    /// fewer than two values.
    pub(crate) fn line(&self, width: usize) -> Option<String> {
        if self.values.len() < 2 {
            return None;
        }
        let per_character = self.values.len().div_ceil(width);
        let mean = |some: &[f64]| some.iter().sum::<f64>() / some.len() as f64;
        let means: Vec<f64> = self.values.chunks(per_character).map(mean).collect();
        let lowest = means.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let steps = (LEVELS.len() - 1) as f64;
        let level = |value: &f64| {
            let share = (value - lowest) / (highest - lowest).max(f64::MIN_POSITIVE);
            LEVELS[(share * steps).round() as usize]
        };
        Some(means.iter().map(level).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: impl IntoIterator<Item = f64>, width: usize) -> Option<String> {
        let mut curve = Curve::default();
        values.into_iter().for_each(|value| curve.add(value));
        curve.line(width)
    }

    #[test]
    fn it_goes_from_the_lowest_to_the_highest_value() {
        assert_eq!(line((0..8).map(f64::from), 8).unwrap(), "▁▂▃▄▅▆▇█");
        assert_eq!(line([90.0, 10.0], 8).unwrap(), "█▁");
        assert_eq!(line([5.0, 5.0, f64::NAN], 8).unwrap(), "▁▁");
    }

    #[test]
    fn it_is_no_wider_than_asked_for_and_needs_two_values() {
        assert_eq!(line((0..1000).map(f64::from), 30).unwrap().chars().count(), 30);
        assert_eq!(line([1.0], 30), None);
    }
}
