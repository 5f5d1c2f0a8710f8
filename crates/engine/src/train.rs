//! Train tasks: every sample of a dataset is predicted, judged and learned once, in order.

use std::ops::Range;
use std::time::Instant;

use hanami_store::{Progress, Uuid};

use crate::cell::Resident;
use crate::error::EngineError;
use crate::live::{LiveTask, percent};
use crate::samples::{Samples, highest};
use crate::slices::Slices;

/// A training that runs.
#[derive(Debug)]
pub(crate) struct Training {
    task: Uuid,
    /// The reading of the network that it goes on with.
    reading: u64,
    samples: Samples,
    prediction: Vec<f32>,
    /// Where the classes stand in the outputs; `None` where there is no right or wrong.
    classes: Option<Range<usize>>,
    right: u64,
}

impl Training {
    /// A training that goes on after `position` samples, of which `accuracy` percent were right.
    pub(crate) fn resume(
        task: Uuid,
        reading: u64,
        samples: Samples,
        classes: Option<Range<usize>>,
        accuracy: Option<f64>,
    ) -> Self {
        let right = accuracy.unwrap_or(0.0) / 100.0 * samples.position() as f64;
        let prediction = vec![0.0; samples.output_width()];
        Self { task, reading, samples, prediction, classes, right: right.round() as u64 }
    }

    /// Samples learned.
    pub(crate) fn position(&self) -> u64 {
        self.samples.position()
    }

    /// How far it is.
    pub(crate) fn progress(&self) -> Progress {
        let (position, accuracy) = (self.position() as i64, self.accuracy());
        Progress::Position { task: self.task, position, accuracy }
    }

    /// Share in percent of the samples that were answered right before they were learned.
    pub(crate) fn accuracy(&self) -> Option<f64> {
        let judged = self.classes.is_some() && self.position() > 0;
        judged.then(|| percent(self.right, self.position()))
    }
}

impl Slices for Training {
    fn slice(&mut self, resident: &mut Resident, deadline: Instant) -> Result<(), EngineError> {
        if resident.reading != self.reading {
            return Err(EngineError::reread());
        }
        let Self { samples, prediction, classes, right, .. } = self;
        let learned = samples.each_until(deadline, |input, target| {
            resident.network.train(input, target, prediction)?;
            if let Some(classes) = classes {
                let answered = highest(&prediction[classes.clone()]);
                *right += u64::from(answered == highest(&target[classes.clone()]));
            }
            Ok(())
        });
        resident.unsaved = self.progress();
        learned
    }

    fn is_done(&self) -> bool {
        self.samples.is_done()
    }

    fn publish(&self, live: &LiveTask) {
        live.publish(self.position(), self.classes.as_ref().map(|_| self.right));
    }
}
