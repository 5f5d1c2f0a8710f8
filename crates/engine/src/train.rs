//! Train tasks: every sample of a dataset is predicted, judged and learned, epoch after epoch.
//!
//! After each epoch the samples that are held out are predicted, not learned. That changes nothing
//! of the network, so what is learned does not depend on it. A validation that is interrupted by a
//! restart begins anew; one that is due when a training is aborted is still done, for a while.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use hanami_network::{Course, Network};
use hanami_store::{Task, Uuid};

use crate::cell::Resident;
use crate::error::EngineError;
use crate::judge::Judge;
use crate::live::{LiveTask, Seen};
use crate::notes::{Notes, Unsaved, ValidationReport};
use crate::numbers::Counts;
use crate::recent::Recent;
use crate::samples::{Samples, Source};
use crate::slices::Slices;

/// How long an aborted training may take to validate what it has learned.
const FAREWELL: Duration = Duration::from_secs(2);

/// A training that runs.
#[derive(Debug)]
pub(crate) struct Training {
    task: Uuid,
    /// The reading of the network that it goes on with.
    reading: u64,
    samples: Samples,
    judge: Judge,
    recent: Recent,
    prediction: Vec<f32>,
    /// The validation that is under way.
    validation: Option<Validation>,
    reports: Arc<Vec<ValidationReport>>,
    /// The position that the last report is for; 0 without reports.
    reported: u64,
    /// Set by an abort: until when a last validation may take.
    farewell: Option<Instant>,
    counts: Arc<Counts>,
}

/// Prediction of the samples that are held out.
#[derive(Debug)]
struct Validation {
    samples: Samples,
    /// What spiking neurons keep between the samples.
    course: Course,
    judge: Judge,
}

impl Training {
    /// The training that `task` is, going on from where it was saved, with the network of this
    /// `reading`. The first `classes` outputs stand for classes, if any do.
    pub(crate) fn resume(
        task: &Task,
        reading: u64,
        source: Arc<Source>,
        classes: Option<usize>,
        counts: Arc<Counts>,
    ) -> Result<Self, EngineError> {
        let Notes { tally, validation } = Notes::of(task)?;
        let reported = validation.len() as u64 * source.order().per_epoch();
        let samples = Samples::from(task.position as u64, source);
        Ok(Self {
            task: task.uuid,
            reading,
            prediction: vec![0.0; samples.output_width()],
            samples,
            judge: Judge::resume(classes, tally),
            recent: Recent::default(),
            validation: None,
            reports: Arc::new(validation),
            reported,
            farewell: None,
            counts,
        })
    }

    /// Refuses a network that was read from the disk since this training has worked with it: what
    /// it holds is behind this training's position.
    pub(crate) fn require(&self, resident: &Resident) -> Result<(), EngineError> {
        resident.require_reading(self.reading)
    }

    /// Samples learned.
    pub(crate) fn position(&self) -> u64 {
        self.samples.position()
    }

    /// How far it is.
    pub(crate) fn unsaved(&self) -> Unsaved {
        Unsaved {
            task: self.task,
            position: self.position(),
            tally: self.judge.tally,
            reports: self.reports.clone(),
        }
    }

    /// Share in percent of the samples that were answered right before they were learned.
    pub(crate) fn accuracy(&self) -> Option<f64> {
        self.judge.tally.accuracy()
    }

    /// Whether the samples that are held out are to be predicted now: at the end of an epoch or of
    /// all, unless that was done.
    fn is_validation_due(&self) -> bool {
        let order = self.samples.order();
        let position = self.position();
        let at_an_end = position.is_multiple_of(order.per_epoch()) || self.farewell.is_some();
        order.held_out() > 0 && position > self.reported && at_an_end
    }

    fn learn(&mut self, network: &mut Network, deadline: Instant) -> Result<(), EngineError> {
        let per_epoch = self.samples.order().per_epoch();
        let epoch_end = (self.position() / per_epoch + 1) * per_epoch;
        let Self { samples, prediction, judge, recent, counts, .. } = self;
        samples.each_before(epoch_end, deadline, |input, target| {
            network.train(input, target, prediction)?;
            counts.trained_samples.fetch_add(1, Relaxed);
            recent.add(judge.see(prediction, target));
            Ok(())
        })
    }

    fn validate(&mut self, network: &mut Network, deadline: Instant) -> Result<(), EngineError> {
        let Self { samples, judge, prediction, validation, .. } = self;
        let validation = validation.get_or_insert_with(|| Validation {
            samples: Samples::held_out(samples.source().clone()),
            course: network.course(),
            judge: judge.afresh(),
        });
        let Validation { samples, course, judge } = validation;
        samples.each_until(deadline, |input, target| {
            network.predict_next(course, input, prediction)?;
            judge.see(prediction, target);
            Ok(())
        })?;
        if samples.is_done() {
            self.report();
        }
        Ok(())
    }

    /// Ends the validation that is under way.
    fn report(&mut self) {
        let Some(Validation { judge, .. }) = self.validation.take() else { return };
        let position = self.position();
        let report = ValidationReport {
            epoch: epoch(position, self.samples.order().per_epoch()),
            samples: judge.tally.samples,
            accuracy: judge.tally.accuracy(),
            loss: judge.tally.loss().unwrap_or(0.0),
        };
        Arc::make_mut(&mut self.reports).push(report);
        self.reported = position;
    }
}

impl Slices for Training {
    fn slice(&mut self, resident: &mut Resident, deadline: Instant) -> Result<(), EngineError> {
        self.require(resident)?;
        let worked = if self.is_validation_due() {
            self.validate(&mut resident.network, deadline)
        } else {
            self.learn(&mut resident.network, deadline)
        };
        self.recent.measure(&resident.network);
        resident.unsaved = Some(self.unsaved());
        worked
    }

    fn is_done(&self) -> bool {
        self.samples.is_done() && !self.is_validation_due()
    }

    fn winds_down(&mut self) -> bool {
        let until = *self.farewell.get_or_insert_with(|| Instant::now() + FAREWELL);
        self.is_validation_due() && Instant::now() < until
    }

    fn publish(&self, live: &LiveTask) {
        live.publish(Seen {
            samples: self.position(),
            accuracy: self.judge.tally.accuracy(),
            loss: self.judge.tally.loss(),
            validation: self.reports.clone(),
            lately: self.recent.lately(),
        });
    }
}

/// The epoch in which a training is after `position` samples, from 1. A training that has just
/// come to the end of an epoch is still in it.
pub(crate) fn epoch(position: u64, per_epoch: u64) -> u32 {
    (position.saturating_sub(1) / per_epoch.max(1)) as u32 + 1
}
