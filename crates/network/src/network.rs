//! The network: its bricks in order, and the steps that users take.

use std::sync::Arc;

use thiserror::Error;

use crate::activity::Activity;
use crate::brick::{Brick, FIRST};
use crate::crew::Crew;
use crate::experience::Experience;
use crate::gauges::Gauges;
use crate::input::{Input, read_values};
use crate::jitter::{Jitter, may_be_picture};
use crate::kernel::Kernel;
use crate::layout::{BuildError, Heard, Layout, Listener, name, output_kind};
use crate::lesson::Lesson;
use crate::neurons::{Spiking, spikes};
use crate::output::Output;
use crate::rng::Rng;
use crate::room::Room;
use crate::scratch::Scratch;
use crate::sections::Weights;
use crate::surprise::{Seen, Surprise};
use crate::template::Template;

/// More steps than anyone can make, though a snapshot may tell of so many. Counts of samples stay
/// there, so that what is learned after it can still be read.
pub(crate) const MAX_STEPS: u64 = 1 << 53;

/// Deviation of new rows into inner bricks, for signals of energy 1.
const INNER_GAIN: f32 = 0.5;
/// The same for output bricks.
const OUTPUT_GAIN: f32 = 0.25;

/// A named input or output brick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// The name that the template gives it.
    pub name: String,
    /// Number of its values.
    pub width: usize,
}

/// A vector that is not as long as the network's bricks need it.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("the {vector} must have {expected} values, but has {found}")]
pub struct ShapeError {
    /// Which vector.
    pub vector: &'static str,
    /// The number of values it must have.
    pub expected: usize,
    /// The number it has.
    pub found: usize,
}

/// A network that grows from the samples it is taught, one at a time, up to
/// [`MAX_SECTION_BYTES`](crate::MAX_SECTION_BYTES).
///
/// Input and output vectors are the values of the bricks one after the other, in the order of the
/// template.
#[derive(Debug)]
pub struct Network {
    pub(crate) template: Template,
    pub(crate) input_ports: Vec<Port>,
    pub(crate) output_ports: Vec<Port>,
    pub(crate) kernel: Kernel,
    /// Who helps to compute.
    pub(crate) crew: Option<Arc<Crew>>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) inner: Vec<InnerBrick>,
    pub(crate) outputs: Vec<OutputBrick>,
    pub(crate) experience: Experience,
    /// What each input brick has shown about moved samples; none if it is no picture.
    pub(crate) jitter: Vec<Option<Jitter>>,
    pub(crate) lesson: Lesson,
    pub(crate) seen: Seen,
    pub(crate) rng: Rng,
    /// What the sections take.
    pub(crate) room: Room,
    /// Training steps so far.
    pub(crate) steps: u64,
    pub(crate) scratch: Scratch,
    pub(crate) gauges: Gauges,
}

/// An inner brick.
#[derive(Debug)]
pub(crate) struct InnerBrick {
    pub(crate) brick: Brick,
    /// What its neurons keep from step to step, if anything.
    pub(crate) spiking: Option<Spiking>,
    /// Which of its neurons fire.
    pub(crate) activity: Activity,
}

impl InnerBrick {
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.brick.bytes()
            + self.spiking.as_ref().map_or(0, Spiking::bytes)
            + self.activity.bytes()
    }
}

/// An output brick.
#[derive(Debug)]
pub(crate) struct OutputBrick {
    pub(crate) brick: Brick,
    pub(crate) output: Output,
    pub(crate) surprise: Surprise,
    /// Where its values begin in the network's output vector.
    pub(crate) start: usize,
}

impl OutputBrick {
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>() + self.brick.bytes() + self.output.bytes() + self.surprise.bytes()
    }
}

impl Network {
    /// An empty network for a template.
    ///
    /// # Errors
    /// If the template is beyond the limits, or no input reaches one of its outputs.
    pub fn new(template: &Template) -> Result<Self, BuildError> {
        let layout = Layout::new(template)?;
        let settings = &template.settings;
        let bricks = &template.bricks;
        let width = |&brick: &usize| bricks[brick].neurons as usize;
        let port =
            |brick: usize| Port { name: name(&bricks[brick]).to_owned(), width: width(&brick) };

        let input_ports: Vec<Port> = layout.inputs.iter().map(|&brick| port(brick)).collect();
        let input_width = input_ports.iter().map(|port| port.width).sum();
        let starts = |ports: &[Port]| {
            ports
                .iter()
                .scan(0, |next, port| Some(std::mem::replace(next, *next + port.width)))
                .collect::<Vec<usize>>()
        };
        let inputs: Vec<Input> = input_ports
            .iter()
            .zip(starts(&input_ports))
            .map(|(port, start)| Input::new(start, port.width, input_width))
            .collect();

        let output_ports: Vec<Port> = layout.outputs.iter().map(|l| port(l.brick)).collect();
        let brick = |number: usize, listener: &Listener, gain: f32| {
            // Place 0 is the constant signal that gives every neuron a threshold.
            let hears = std::iter::once(Heard { place: 0, distance: 1 })
                .chain(listener.hears.iter().map(|h| Heard { place: h.place + 1, ..*h }))
                .collect();
            let limit = width(&listener.brick);
            let position = bricks[listener.brick].position;
            Brick::new(number, position, limit, hears, gain, settings)
        };
        let inner: Vec<InnerBrick> = (0..)
            .zip(&layout.inner)
            .map(|(number, listener)| {
                let mut brick = brick(number, listener, INNER_GAIN);
                brick.open(FIRST.min(brick.limit));
                InnerBrick { brick, spiking: Spiking::new(settings), activity: Activity::default() }
            })
            .collect();
        let outputs: Vec<OutputBrick> = (inner.len()..)
            .zip(layout.outputs.iter().zip(starts(&output_ports)))
            .map(|(number, (listener, start))| {
                let mut brick = brick(number, listener, OUTPUT_GAIN);
                brick.open(brick.limit);
                let output = Output::new(output_kind(&bricks[listener.brick]));
                OutputBrick { brick, output, surprise: Surprise::default(), start }
            })
            .collect();

        Ok(Self {
            gauges: Gauges::new(layout.inputs.len(), inner.len(), outputs.len()),
            scratch: Scratch::new(layout.inputs.len(), inner.len(), outputs.len()),
            kernel: Kernel::best(),
            crew: None,
            experience: Experience::new(settings.experience),
            jitter: inputs
                .iter()
                .map(|input| {
                    let wanted = !spikes(settings) && may_be_picture(input.width);
                    wanted.then(Jitter::default)
                })
                .collect(),
            lesson: Lesson::default(),
            seen: Seen::default(),
            rng: Rng::new(settings.seed),
            room: Room::new(),
            steps: 0,
            template: template.clone(),
            input_ports,
            output_ports,
            inputs,
            inner,
            outputs,
        })
    }

    /// The input bricks, in the order of the template.
    #[must_use]
    pub fn inputs(&self) -> &[Port] {
        &self.input_ports
    }

    /// The output bricks, in the order of the template.
    #[must_use]
    pub fn outputs(&self) -> &[Port] {
        &self.output_ports
    }

    /// Number of values of all input bricks.
    #[must_use]
    pub fn input_width(&self) -> usize {
        self.input_ports.iter().map(|port| port.width).sum()
    }

    /// Number of values of all output bricks.
    #[must_use]
    pub fn output_width(&self) -> usize {
        self.output_ports.iter().map(|port| port.width).sum()
    }

    /// Training steps so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The template that the network grows from.
    #[must_use]
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// Sets who helps to compute from now on, if anybody: threads that its caller lends to the crew
    /// ([`Crew::help`]). What is computed does not depend on it, to the last bit.
    pub fn set_crew(&mut self, crew: Option<Arc<Crew>>) {
        self.crew = crew;
    }

    /// Whether samples mean something only in their order.
    pub(crate) fn spikes(&self) -> bool {
        spikes(&self.template.settings)
    }

    /// Answers an input, with the averaged weights; if it is like the sample that was taught last, with
    /// what that sample taught (`lesson`). Changes nothing that later answers or training
    /// depend on. Inputs that are NaN or infinite count as 0; answers are always finite.
    ///
    /// # Errors
    /// If a vector has not [`Network::input_width`] or [`Network::output_width`] values; then `output`
    /// is left as it was.
    pub fn predict(&mut self, input: &[f32], output: &mut [f32]) -> Result<(), ShapeError> {
        check("input", self.input_width(), input.len())?;
        check("output", self.output_width(), output.len())?;
        read_values(self.kernel, input, &mut self.scratch.values);
        self.encode();
        self.forward(Weights::Slow);
        self.show_lesson();
        self.answer(output);
        Ok(())
    }

    /// Answers an input as [`Network::predict`] would, but with the weights as learned last, and then
    /// learns that `target` would have been right. Inputs that are NaN or infinite count as 0;
    /// targets that are NaN or infinite are not learned.
    ///
    /// # Errors
    /// If a vector has not the width that the network needs; then nothing is changed.
    pub fn train(
        &mut self,
        input: &[f32],
        target: &[f32],
        prediction: &mut [f32],
    ) -> Result<(), ShapeError> {
        check("input", self.input_width(), input.len())?;
        check("target", self.output_width(), target.len())?;
        check("prediction", self.output_width(), prediction.len())?;
        self.steps = (self.steps + 1).min(MAX_STEPS);
        self.lesson.is_answered = false;
        read_values(self.kernel, input, &mut self.scratch.values);
        self.observe_inputs();
        self.encode();
        self.forward(Weights::Fast);
        self.answer(prediction);
        self.observe_targets(target);
        let outcome = self.judge(target);
        self.be_surprised(target);
        if outcome.learned {
            self.improve(outcome.error);
        }
        self.gauge(prediction, target, outcome.learned);
        if outcome.learned {
            self.remember(target);
            self.teach_moved(target);
        } else {
            self.try_moves(target);
        }
        self.keep_potentials();
        self.rehearse();
        self.average();
        self.reduce();
        Ok(())
    }
}

/// All bricks that listen, in order.
pub(crate) fn bricks<'a>(
    inner: &'a mut [InnerBrick],
    outputs: &'a mut [OutputBrick],
) -> impl Iterator<Item = &'a mut Brick> {
    let inner = inner.iter_mut().map(|inner| &mut inner.brick);
    inner.chain(outputs.iter_mut().map(|output| &mut output.brick))
}

pub(crate) fn check(vector: &'static str, expected: usize, found: usize) -> Result<(), ShapeError> {
    if expected == found { Ok(()) } else { Err(ShapeError { vector, expected, found }) }
}
