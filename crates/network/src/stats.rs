//! What a network is made of, in numbers.

use crate::brick::Brick;
use crate::jitter::Jitter;
use crate::network::Network;
use crate::template::Position;

/// The size of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The bricks that listen to others: inner ones in the order in which signals pass them, then
    /// the outputs.
    pub bricks: Vec<BrickStats>,
}

/// The size of an inner or output brick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrickStats {
    /// Where the brick lies.
    pub position: Position,
    /// Neurons in open blocks.
    pub neurons: usize,
    /// Sections that lead to them.
    pub sections: usize,
    /// Synapses of these sections.
    pub synapses: usize,
    /// Bytes of memory held for them.
    pub bytes: usize,
}

impl Network {
    /// Counts what the network is made of.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let inner = self.inner.iter().map(|inner| (&inner.brick, inner.bytes()));
        let outputs = self.outputs.iter().map(|output| (&output.brick, output.bytes()));
        let bricks: Vec<BrickStats> =
            inner.chain(outputs).map(|(brick, bytes)| brick_stats(brick, bytes)).collect();
        let sum = |of: fn(&BrickStats) -> usize| bricks.iter().map(of).sum::<usize>();
        Stats {
            steps: self.steps,
            neurons: self.input_width() + sum(|brick| brick.neurons),
            sections: sum(|brick| brick.sections),
            synapses: sum(|brick| brick.synapses),
            is_full: self.room.is_full(),
            experience: self.experience.samples.len(),
            bytes: size_of::<Self>()
                + sum(|brick| brick.bytes)
                + self.inputs.iter().map(crate::input::Input::bytes).sum::<usize>()
                + self.experience.bytes()
                + self.jitter.iter().flatten().map(Jitter::bytes).sum::<usize>()
                + self.lesson.bytes()
                + self.seen.bytes()
                + self.scratch.bytes(),
            instructions: self.kernel.name(),
            bricks,
        }
    }
}

fn brick_stats(brick: &Brick, bytes: usize) -> BrickStats {
    let (sections, synapses) = brick.counts();
    BrickStats { position: brick.position, neurons: brick.neurons(), sections, synapses, bytes }
}
