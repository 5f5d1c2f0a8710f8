//! Request tasks: every sample of a dataset is predicted; the answers become a request result.

use std::ops::Range;
use std::time::Instant;

use hanami_network::Course;

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
    /// What spiking neurons keep between the samples, once there is one.
    course: Option<Course>,
    prediction: Vec<f32>,
    answer: Answer,
    /// The answers so far, one per sample.
    pub(crate) data: Vec<f64>,
    /// All output values so far, if they are to be kept, behind their head.
    pub(crate) outputs: Option<Vec<u8>>,
}

impl Request {
    /// A request over `samples` to a network with `width` output values, which are added to
    /// `outputs` if they are to be kept.
    pub(crate) fn new(
        samples: Samples,
        width: usize,
        answer: Answer,
        outputs: Option<Vec<u8>>,
    ) -> Self {
        Self {
            samples,
            course: None,
            prediction: vec![0.0; width],
            answer,
            data: Vec::new(),
            outputs,
        }
    }
}

impl Slices for Request {
    fn slice(&mut self, resident: &mut Resident, deadline: Instant) -> Result<(), EngineError> {
        let Self { samples, course, prediction, answer, data, outputs } = self;
        let course = course.get_or_insert_with(|| resident.network.course());
        samples.each_until(deadline, |input, _| {
            resident.network.predict_next(course, input, prediction)?;
            data.push(match answer {
                Answer::Class(classes) => highest(&prediction[classes.clone()]) as f64,
                Answer::Value(place) => f64::from(prediction[*place]),
            });
            if let Some(outputs) = outputs {
                outputs.extend(prediction.iter().flat_map(|value| value.to_le_bytes()));
            }
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
