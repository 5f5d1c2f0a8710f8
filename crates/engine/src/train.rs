//! Train tasks: every sample of a dataset is predicted, judged and learned once, in order.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use hanami_network::Network;

use crate::error::EngineError;
use crate::live::{LiveTask, percent};
use crate::numbers::Counts;
use crate::samples::{Samples, highest};
use crate::slices::Slices;

/// A training that runs.
#[derive(Debug)]
pub(crate) struct Training {
    samples: Samples,
    prediction: Vec<f32>,
    /// Where the classes stand in the outputs; `None` where there is no right or wrong.
    classes: Option<Range<usize>>,
    right: u64,
    counts: Arc<Counts>,
}

impl Training {
    /// A training that goes on after `position` samples, of which `accuracy` percent were right.
    pub(crate) fn resume(
        samples: Samples,
        classes: Option<Range<usize>>,
        accuracy: Option<f64>,
        counts: Arc<Counts>,
    ) -> Self {
        let right = accuracy.unwrap_or(0.0) / 100.0 * samples.position() as f64;
        let prediction = vec![0.0; samples.output_width()];
        Self { samples, prediction, classes, right: right.round() as u64, counts }
    }

    /// Samples learned.
    pub(crate) fn position(&self) -> u64 {
        self.samples.position()
    }

    /// Share in percent of the samples that were answered right before they were learned.
    pub(crate) fn accuracy(&self) -> Option<f64> {
        let judged = self.classes.is_some() && self.position() > 0;
        judged.then(|| percent(self.right, self.position()))
    }
}

impl Slices for Training {
    fn slice(&mut self, network: &mut Network, deadline: Instant) -> Result<(), EngineError> {
        let Self { samples, prediction, classes, right, counts } = self;
        samples.each_until(deadline, |input, target| {
            network.train(input, target, prediction)?;
            counts.trained_samples.fetch_add(1, Relaxed);
            if let Some(classes) = classes {
                let answered = highest(&prediction[classes.clone()]);
                *right += u64::from(answered == highest(&target[classes.clone()]));
            }
            Ok(())
        })
    }

    fn is_done(&self) -> bool {
        self.samples.is_done()
    }

    fn publish(&self, live: &LiveTask) {
        live.publish(self.position(), self.classes.as_ref().map(|_| self.right));
    }
}
