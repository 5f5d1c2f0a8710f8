//! Which steps of a dataset a task takes, and in which order.
//!
//! The steps are put in an order once, at random if they are to be shuffled; the last share of
//! them is held out for validation, in all epochs the same. The others are learned, in another
//! order in each epoch if they are to be shuffled. All orders follow from the seed, so a task that
//! was interrupted goes on with the samples that it had not seen.

use std::ops::Range;

use hanami_dataset::Permutation;

use crate::error::EngineError;
use crate::options::TaskOptions;

/// The steps of a task and their order.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    learned: u64,
    held_out: u64,
    epochs: u64,
    shuffle: Option<Shuffle>,
}

/// A random order.
#[derive(Debug, Clone)]
struct Shuffle {
    seed: u64,
    /// The order that says which steps are held out; those of the epochs are made from it.
    split: Permutation,
}

impl Order {
    /// The order in which a task with these options takes the `steps` steps of a dataset.
    pub(crate) fn new(steps: u64, options: &TaskOptions) -> Result<Self, EngineError> {
        let share = options.validation_share;
        let held_out = (steps as f64 * share) as u64;
        if share > 0.0 && held_out == 0 {
            return Err(EngineError::Input(format!(
                "the field `validation_share`: {share} of {steps} samples is less than one; \
                 give more samples or a larger share"
            )));
        }
        let seed = options.seed;
        let split = Permutation::new(steps, seed, 0);
        Ok(Self {
            learned: steps - held_out,
            held_out,
            epochs: options.epochs.into(),
            shuffle: options.shuffle.then_some(Shuffle { seed, split }),
        })
    }

    /// Samples of all epochs.
    pub(crate) fn total(&self) -> u64 {
        self.learned * self.epochs
    }

    /// Samples of an epoch.
    pub(crate) fn per_epoch(&self) -> u64 {
        self.learned
    }

    /// Samples held out for validation.
    pub(crate) fn held_out(&self) -> u64 {
        self.held_out
    }

    /// Appends the steps of the samples at `positions`, which are all of one epoch.
    pub(crate) fn steps(&self, positions: Range<u64>, steps: &mut Vec<u64>) {
        let epoch = positions.start / self.learned;
        let places = positions.map(|position| position - epoch * self.learned);
        let Some(Shuffle { seed, split }) = &self.shuffle else {
            return steps.extend(places);
        };
        let order = Permutation::new(self.learned, *seed, epoch + 1);
        steps.extend(places.map(|place| split.at(order.at(place))));
    }

    /// Appends the steps of the samples at `positions` of those that are held out.
    pub(crate) fn held_out_steps(&self, positions: Range<u64>, steps: &mut Vec<u64>) {
        let places = positions.map(|position| self.learned + position);
        match &self.shuffle {
            Some(Shuffle { split, .. }) => steps.extend(places.map(|place| split.at(place))),
            None => steps.extend(places),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(options: TaskOptions) -> Order {
        Order::new(100, &TaskOptions { validation_share: 0.25, epochs: 3, ..options }).unwrap()
    }

    fn epoch(order: &Order, epoch: u64) -> Vec<u64> {
        let mut steps = Vec::new();
        order.steps(epoch * 75..(epoch + 1) * 75, &mut steps);
        steps
    }

    fn held_out(order: &Order) -> Vec<u64> {
        let mut steps = Vec::new();
        order.held_out_steps(0..order.held_out(), &mut steps);
        steps
    }

    #[test]
    fn the_last_share_is_held_out() {
        let order = order(TaskOptions::default());
        assert_eq!((order.per_epoch(), order.held_out(), order.total()), (75, 25, 225));
        assert_eq!(epoch(&order, 2), (0..75).collect::<Vec<_>>());
        assert_eq!(held_out(&order), (75..100).collect::<Vec<_>>());
    }

    #[test]
    fn shuffled_epochs_differ_but_never_learn_what_is_held_out() {
        let order = order(TaskOptions { shuffle: true, seed: 5, ..TaskOptions::default() });
        let (first, second) = (epoch(&order, 0), epoch(&order, 1));
        assert_ne!(first, second);
        for learned in [first, second] {
            let mut all = [learned, held_out(&order)].concat();
            all.sort_unstable();
            assert_eq!(all, (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_epoch_can_be_read_in_pieces() {
        let order = order(TaskOptions { shuffle: true, ..TaskOptions::default() });
        let mut pieces = Vec::new();
        order.steps(75..80, &mut pieces);
        order.steps(80..150, &mut pieces);
        assert_eq!(pieces, epoch(&order, 1));
    }

    #[test]
    fn a_share_that_holds_out_nothing_is_refused() {
        let options = TaskOptions { validation_share: 0.1, ..TaskOptions::default() };
        let error = Order::new(9, &options).unwrap_err().to_string();
        assert!(error.contains("`validation_share`"), "{error}");
    }
}
