//! Request tasks: every sample of a dataset is predicted; the answers become a request result.

use std::ops::Range;
use std::time::Instant;

use crate::cell::Resident;
use crate::error::EngineError;
use crate::live::{LiveTask, Seen};
use crate::samples::{Samples, highest};
use crate::slices::Slices;

/// What is kept of the outputs of one sample.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// The index of the highest of these outputs.
    Class(Range<usize>),
    /// The output at this place.
    Value(usize),
}

/// A request that runs.
#[derive(Debug)]
pub(crate) struct Request {
    samples: Samples,
    prediction: Vec<f32>,
    answer: Answer,
    /// The answers so far, one per sample.
    pub(crate) data: Vec<f64>,
}

impl Request {
    /// A request over `samples` to a network with `outputs` output values.
    pub(crate) fn new(samples: Samples, outputs: usize, answer: Answer) -> Self {
        Self { samples, prediction: vec![0.0; outputs], answer, data: Vec::new() }
    }
}

impl Slices for Request {
    fn slice(&mut self, resident: &mut Resident, deadline: Instant) -> Result<(), EngineError> {
        let Self { samples, prediction, answer, data } = self;
        samples.each_until(deadline, |input, _| {
            resident.network.predict(input, prediction)?;
            data.push(match answer {
                Answer::Class(classes) => highest(&prediction[classes.clone()]) as f64,
                Answer::Value(place) => f64::from(prediction[*place]),
            });
            Ok(())
        })
    }

    fn is_done(&self) -> bool {
        self.samples.is_done()
    }

    fn publish(&self, live: &LiveTask) {
        live.publish(Seen { samples: self.samples.position(), ..Seen::default() });
    }
}
