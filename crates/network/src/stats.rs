//! What a network is made of, in numbers.

use crate::brick::Brick;
use crate::gauges::Gauge;
use crate::input::Input;
use crate::jitter::Jitter;
use crate::network::Network;
use crate::template::{self, BrickKind, Position};

/// The size of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Stats {
    /// Training steps so far.
    pub steps: u64,
    /// Neurons of all input and output bricks, and of the open blocks of inner bricks.
    pub neurons: usize,
    /// Sections: ramps of a source neuron that lead to a block of neurons.
    pub sections: usize,
    /// Synapses: weights of sections.
    pub synapses: usize,
    /// Whether the sections take [`MAX_SECTION_BYTES`](crate::MAX_SECTION_BYTES), so that the network
    /// grows no more.
    pub is_full: bool,
    /// Samples kept for rehearsal.
    pub experience: usize,
    /// Bytes of memory that the network holds.
    pub bytes: usize,
    /// The instructions that it computes with on this machine. All give the same bits.
    pub instructions: &'static str,
    /// The bricks: those that listen to others, inner ones in the order in which signals pass them
    /// and then the outputs, and after them the inputs. Inner bricks that lie on no way from an input
    /// to an output are not there.
    pub bricks: Vec<BrickStats>,
}

/// The size of a brick, and how it is doing.
///
/// `activity` and `error` are running means over about the last 1000 training samples, as each was
/// answered before it was learned. They are not in snapshots: a network that was read from one begins
/// them anew.
#[derive(Debug, Clone, PartialEq)]
pub struct BrickStats {
    /// What the brick is for, and its name.
    pub kind: BrickKind,
    /// Where the brick lies.
    pub position: Position,
    /// The values of an input brick; of others the neurons in open blocks.
    pub neurons: usize,
    /// Sections that lead to them; an input brick has none.
    pub sections: usize,
    /// Synapses of these sections.
    pub synapses: usize,
    /// Bytes of memory held for them.
    pub bytes: usize,
    /// The share of the neurons that fire. Of an input brick, the share of values that make signals;
    /// of an output brick, the share of answers that are above one half or, where it predicts
    /// numbers, above the mean of its targets. `None` before the first training sample.
    pub activity: Option<f64>,
    /// How wrong the neurons are, on average. Of an output brick, how far its answers are from the
    /// targets; of an inner brick, the gradient of a neuron's potential, without its sign, and 0 for a
    /// sample that taught nothing. `None` before the first training sample, and for inputs.
    pub error: Option<f64>,
}

impl Network {
    /// Counts what the network is made of.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let inner = self.inner.iter().map(|i| (BrickKind::Inner, &i.brick, i.bytes()));
        let outputs = self.outputs.iter().zip(&self.output_ports).map(|(output, port)| {
            let kind = BrickKind::Output { name: port.name.clone(), kind: output.output.kind };
            (kind, &output.brick, output.bytes())
        });
        let gauges = self.gauges.inner.iter().chain(&self.gauges.outputs);
        let listening = inner.chain(outputs).zip(gauges);
        let listening =
            listening.map(|((kind, brick, bytes), gauge)| listener(kind, brick, bytes, *gauge));
        let inputs = self.template.bricks.iter().filter(|b| matches!(b.kind, BrickKind::Input(_)));
        let inputs = inputs.zip(self.inputs.iter().zip(&self.gauges.inputs));
        let inputs = inputs.map(|(brick, (input, gauge))| input_stats(brick, input, *gauge));
        let bricks: Vec<BrickStats> = listening.chain(inputs).collect();
        let sum = |of: fn(&BrickStats) -> usize| bricks.iter().map(of).sum::<usize>();
        Stats {
            steps: self.steps,
            neurons: sum(|brick| brick.neurons),
            sections: sum(|brick| brick.sections),
            synapses: sum(|brick| brick.synapses),
            is_full: self.room.is_full(),
            experience: self.experience.samples.len(),
            bytes: size_of::<Self>()
                + sum(|brick| brick.bytes)
                + self.experience.bytes()
                + self.jitter.iter().flatten().map(Jitter::bytes).sum::<usize>()
                + self.lesson.bytes()
                + self.seen.bytes()
                + self.gauges.bytes()
                + self.scratch.bytes(),
            instructions: self.kernel.name(),
            bricks,
        }
    }

    /// The synapses of the network, without the rest of [`Network::stats`].
    #[must_use]
    pub fn synapses(&self) -> usize {
        let inner = self.inner.iter().map(|inner| &inner.brick);
        let bricks = inner.chain(self.outputs.iter().map(|output| &output.brick));
        bricks.map(|brick| brick.counts().1).sum()
    }
}

fn listener(kind: BrickKind, brick: &Brick, bytes: usize, gauge: Gauge) -> BrickStats {
    let (sections, synapses) = brick.counts();
    BrickStats {
        kind,
        position: brick.position,
        neurons: brick.neurons(),
        sections,
        synapses,
        bytes,
        activity: gauge.activity(),
        error: gauge.error(),
    }
}

fn input_stats(brick: &template::Brick, input: &Input, gauge: Gauge) -> BrickStats {
    BrickStats {
        kind: brick.kind.clone(),
        position: brick.position,
        neurons: input.width,
        sections: 0,
        synapses: 0,
        bytes: input.bytes(),
        activity: gauge.activity(),
        error: None,
    }
}
