//! How good answers are, counted while they are given.

use serde::{Deserialize, Serialize};

use crate::live::percent;
use crate::samples::highest;

/// What is known of the answers so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tally {
    /// Answers so far.
    pub(crate) samples: u64,
    /// Those of them that were right; `None` where there is no right or wrong.
    pub(crate) right: Option<u64>,
    /// The mean squared errors of the answers, added up.
    pub(crate) squares: f64,
}

impl Tally {
    /// Share of right answers in percent, once there are any and where they can be right.
    pub(crate) fn accuracy(&self) -> Option<f64> {
        self.right.filter(|_| self.samples > 0).map(|right| percent(right, self.samples))
    }

    /// Mean squared error over all outputs and answers, once there are any.
    pub(crate) fn loss(&self) -> Option<f64> {
        (self.samples > 0).then(|| self.squares / self.samples as f64)
    }
}

/// How good one answer is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Verdict {
    /// Whether it is right; `None` where there is no right or wrong.
    pub(crate) right: Option<bool>,
    /// Its mean squared error.
    pub(crate) square: f64,
}

/// Judges answers.
#[derive(Debug, Clone)]
pub(crate) struct Judge {
    /// How many of the outputs, from the first one on, stand for classes; `None` where there is no
    /// right or wrong.
    classes: Option<usize>,
    pub(crate) tally: Tally,
}

impl Judge {
    /// A judge that goes on from `tally`.
    pub(crate) fn resume(classes: Option<usize>, tally: Tally) -> Self {
        let right = classes.map(|_| tally.right.unwrap_or(0));
        Self { classes, tally: Tally { right, ..tally } }
    }

    /// A judge of the same kind that has seen nothing yet.
    pub(crate) fn afresh(&self) -> Self {
        Self::resume(self.classes, Tally::default())
    }

    /// Takes one more answer into account.
    pub(crate) fn see(&mut self, answer: &[f32], target: &[f32]) -> Verdict {
        let hits = |count: usize| highest(&answer[..count]) == highest(&target[..count]);
        let square =
            |(answer, target): (&f32, &f32)| (f64::from(*answer) - f64::from(*target)).powi(2);
        let sum: f64 = answer.iter().zip(target).map(square).sum();
        let verdict = Verdict { right: self.classes.map(hits), square: sum / target.len() as f64 };
        let Tally { samples, right, squares } = &mut self.tally;
        *samples += 1;
        if let Some(count) = right {
            *count += u64::from(verdict.right == Some(true));
        }
        *squares += verdict.square;
        verdict
    }
}
