//! How the bricks are doing: running means that nothing depends on.
//!
//! They are in no snapshot, so that a network is the same whether somebody looks at it or not; one that
//! was read from a snapshot begins them anew.

use crate::kernel::{LANE, Lane};
use crate::network::Network;

/// The means cover about so many samples.
const SAMPLES: u32 = 1000;

/// A running mean.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    value: f64,
    seen: u32,
}

impl Mean {
    fn add(&mut self, number: f64) {
        self.seen = (self.seen + 1).min(SAMPLES);
        self.value += (number - self.value) / f64::from(self.seen);
    }

    /// The mean, once there is one.
    fn get(self) -> Option<f64> {
        (self.seen > 0).then_some(self.value)
    }
}

/// How a brick is doing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Gauge {
    activity: Mean,
    error: Mean,
}

impl Gauge {
    /// The share of the neurons that fire.
    pub(crate) fn activity(self) -> Option<f64> {
        self.activity.get()
    }

    /// The mean absolute error of the neurons.
    pub(crate) fn error(self) -> Option<f64> {
        self.error.get()
    }
}

/// The gauges of all bricks of a network: what [`Stats`](crate::Stats) tells of their activity and
/// errors.
#[derive(Debug)]
pub struct Gauges {
    pub(crate) inputs: Vec<Gauge>,
    pub(crate) inner: Vec<Gauge>,
    pub(crate) outputs: Vec<Gauge>,
}

impl Gauges {
    pub(crate) fn new(inputs: usize, inner: usize, outputs: usize) -> Self {
        let gauges = |count| vec![Gauge::default(); count];
        Self { inputs: gauges(inputs), inner: gauges(inner), outputs: gauges(outputs) }
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        [&self.inputs, &self.inner, &self.outputs].map(Vec::capacity).iter().sum::<usize>()
            * size_of::<Gauge>()
    }
}

impl Network {
    /// Takes the gauges out of a network that is about to be dropped; it begins them anew.
    pub fn take_gauges(&mut self) -> Gauges {
        let Gauges { inputs, inner, outputs } = &self.gauges;
        let new = Gauges::new(inputs.len(), inner.len(), outputs.len());
        std::mem::replace(&mut self.gauges, new)
    }

    /// Lets a network that was read from a snapshot go on with the gauges of the one that was saved.
    /// Those of a network with other bricks are ignored.
    pub fn set_gauges(&mut self, gauges: Gauges) {
        let counts =
            |gauges: &Gauges| [&gauges.inputs, &gauges.inner, &gauges.outputs].map(Vec::len);
        if counts(&gauges) == counts(&self.gauges) {
            self.gauges = gauges;
        }
    }

    /// Takes a training sample in, after it was answered with `answers` and learned; `taught` says
    /// whether there was something to learn.
    pub(crate) fn gauge(&mut self, answers: &[f32], targets: &[f32], taught: bool) {
        let scratch = &self.scratch;
        for (input, gauge) in self.inputs.iter().zip(&mut self.gauges.inputs) {
            gauge.activity.add(share(input.part(&scratch.values).len(), input.width));
        }
        let first_inner = scratch.first_inner();
        for (i, (inner, gauge)) in self.inner.iter().zip(&mut self.gauges.inner).enumerate() {
            let neurons = inner.brick.neurons();
            gauge.activity.add(share(scratch.signals[first_inner + i].len(), neurons));
            let error = if taught { f64::from(scratch.inner_absolute[i]) } else { 0.0 };
            gauge.error.add(error / neurons as f64);
        }
        let outputs = self.outputs.iter().zip(&scratch.sums).zip(&mut self.gauges.outputs);
        for ((output, sums), gauge) in outputs {
            let width = output.brick.limit;
            let above = sums.iter().flat_map(|lane| lane.0).take(width).filter(|&sum| sum > 0.0);
            gauge.activity.add(share(above.count(), width));
            let values = output.start..output.start + width;
            if let Some(error) = mean_distance(&answers[values.clone()], &targets[values]) {
                gauge.error.add(error);
            }
        }
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// How far answers are from those targets that are finite; `None` if none is.
fn mean_distance(answers: &[f32], targets: &[f32]) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0);
    for (answer, target) in answers.iter().zip(targets).filter(|(_, target)| target.is_finite()) {
        sum += (f64::from(*answer) - f64::from(*target)).abs();
        count += 1;
    }
    (count > 0).then(|| sum / f64::from(count))
}

/// The absolute values of all errors, added up: lane by lane, which costs next to nothing.
pub(crate) fn absolute(errors: &[Lane]) -> f32 {
    let mut sums = [0.0; LANE];
    for lane in errors {
        for (sum, error) in sums.iter_mut().zip(lane.0) {
            *sum += error.abs();
        }
    }
    sums.iter().sum()
}
