//! The listening side of a brick: blocks of neurons and their sections.

use crate::halves::PAIR;
use crate::kernel::{Kernel, LANE, Lane, Signal};
use crate::layout::Heard;
use crate::rng::{Rng, mix};
use crate::room::Room;
use crate::sections::{MAX_LANES, Sections, Step, Weights};
use crate::template::{Position, Settings};

/// Neurons in a block; only the last of a brick may have fewer.
pub(crate) const BLOCK: usize = MAX_LANES * LANE;
/// An inner brick starts with this many neurons, doubles them up to a block, and then opens a block at
/// a time, whenever more samples were wrong than `growth_patience` per block of neurons that it has.
pub(crate) const FIRST: usize = LANE;
/// The running mean of the signals' energy covers about this many samples.
pub(crate) const ENERGY_SAMPLES: u32 = 1000;

/// What a brick hears in a sample: the signals of every source, by its place in the order.
pub(crate) type Signals = [Vec<Signal>];

/// A brick that listens to others.
#[derive(Debug, Clone)]
pub(crate) struct Brick {
    /// Its number among the listening bricks; makes its choice of sections differ from others'.
    pub(crate) number: u64,
    pub(crate) position: Position,
    /// Most neurons it may have.
    pub(crate) limit: usize,
    /// Whom it hears.
    pub(crate) hears: Vec<Heard>,
    /// Deviation of the weights of new rows, for signals of energy 1.
    pub(crate) gain: f32,
    /// Whether unused sections are deleted, so that uses must be counted.
    pub(crate) count_uses: bool,
    /// Wrong samples per open block before the next one opens.
    pub(crate) patience: u32,
    /// The blocks that are open.
    pub(crate) blocks: Vec<Block>,
    /// Running mean of 1 + the sum of squares of the signals.
    pub(crate) energy: f32,
    /// Samples in that mean, at most [`ENERGY_SAMPLES`].
    pub(crate) measured: u32,
    /// Wrong samples since neurons were added.
    pub(crate) wrong: u32,
    /// For each source, the ramps that are known to have all sections that they may have. Only spares
    /// looking for them.
    grown: Vec<Vec<bool>>,
}

/// Up to 64 neurons of a brick and, per source, the sections that lead to them, if there are any.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) neurons: usize,
    pub(crate) sections: Vec<Option<Box<Sections>>>,
}

impl Block {
    fn new(neurons: usize, sources: usize) -> Self {
        Self { neurons, sections: vec![None; sources] }
    }

    /// The sections from a source, made if there are none.
    pub(crate) fn sections_from(&mut self, source: usize) -> &mut Sections {
        let lanes = self.neurons.div_ceil(LANE);
        self.sections[source].get_or_insert_with(|| Box::new(Sections::new(lanes)))
    }

    /// The sections that there are.
    fn grown(&self) -> impl Iterator<Item = &Sections> {
        self.sections.iter().flatten().map(Box::as_ref)
    }
}

impl Brick {
    /// A brick without neurons.
    pub(crate) fn new(
        number: usize,
        position: Position,
        limit: usize,
        hears: Vec<Heard>,
        gain: f32,
        settings: &Settings,
    ) -> Self {
        Self {
            number: number as u64,
            position,
            limit,
            gain,
            count_uses: settings.enable_reduction,
            patience: settings.growth_patience,
            grown: vec![Vec::new(); hears.len()],
            hears,
            blocks: Vec::new(),
            energy: 1.0,
            measured: 0,
            wrong: 0,
        }
    }

    /// Opens blocks until there are so many neurons. The last block so far must be full: to add to it
    /// takes [`Brick::widen`].
    pub(crate) fn open(&mut self, neurons: usize) {
        while self.neurons() < neurons {
            let block = Block::new((neurons - self.neurons()).min(BLOCK), self.hears.len());
            self.blocks.push(block);
            self.grown.iter_mut().for_each(Vec::clear);
        }
    }

    /// Deletes all sections.
    pub(crate) fn clear(&mut self) {
        self.sections_mut().for_each(Sections::clear);
        self.grown.iter_mut().for_each(Vec::clear);
    }

    /// Deletes sections that are hardly used.
    pub(crate) fn reduce(&mut self) {
        self.sections_mut().for_each(Sections::reduce);
        self.grown.iter_mut().for_each(Vec::clear);
    }

    /// Neurons in open blocks, of which all but the last are full.
    pub(crate) fn neurons(&self) -> usize {
        let last = self.blocks.last();
        last.map_or(0, |last| (self.blocks.len() - 1) * BLOCK + last.neurons)
    }

    /// Lanes that hold one value per neuron in open blocks.
    pub(crate) fn lanes(&self) -> usize {
        self.neurons().div_ceil(LANE)
    }

    /// Writes the neurons' sums of the signals they hear.
    pub(crate) fn sum(
        &self,
        kernel: Kernel,
        copy: Weights,
        signals: &Signals,
        sums: &mut Vec<Lane>,
    ) {
        sums.clear();
        sums.resize(self.lanes(), Lane::default());
        for (block, sums) in self.blocks.iter().zip(sums.chunks_mut(MAX_LANES)) {
            for (heard, sections) in self.hears.iter().zip(&block.sections) {
                if let Some(sections) = sections {
                    sections.accumulate(kernel, copy, &signals[heard.place], sums);
                }
            }
        }
    }

    /// Takes a sample into the running mean of the energy; `energies` are the places' sums of
    /// squares.
    pub(crate) fn observe_energy(&mut self, energies: &[f32]) {
        self.measured = (self.measured + 1).min(ENERGY_SAMPLES);
        self.energy += (self.energy_of(energies) - self.energy) / self.measured as f32;
    }

    fn energy_of(&self, energies: &[f32]) -> f32 {
        1.0 + self.hears.iter().map(|heard| energies[heard.place]).sum::<f32>()
    }

    /// Grows what a wrong sample calls for, as far as there is room: a section for every signal that
    /// has none, and now and then a block. `ramps` tells how many ramps each place's chains have.
    pub(crate) fn grow(
        &mut self,
        signals: &Signals,
        energies: &[f32],
        ramps: impl Fn(usize) -> u32,
        rng: &mut Rng,
        room: &mut Room,
    ) {
        let deviation = self.gain / self.energy_of(energies).sqrt();
        for (source, (heard, grown)) in self.hears.iter().zip(&mut self.grown).enumerate() {
            let signals = &signals[heard.place];
            let is_grown = |signal: &Signal| grown.get(signal.ramp as usize) == Some(&true);
            if signals.iter().all(is_grown) {
                continue;
            }
            let ramps = ramps(heard.place);
            for (b, block) in self.blocks.iter_mut().enumerate() {
                let neurons = block.neurons;
                let sections = block.sections_from(source);
                for signal in signals {
                    if sections.row(signal.ramp) == 0
                        && (heard.place == 0 || !room.is_full())
                        && is_within_reach(self.number, b, *heard, signal.ramp / ramps)
                    {
                        let weights = noise(neurons, deviation, rng);
                        let lanes = neurons.div_ceil(LANE);
                        sections.add(signal.ramp, &weights[..lanes], self.count_uses, room);
                    }
                }
            }
            if !room.is_full() {
                let most = signals.iter().map(|signal| signal.ramp as usize + 1).max();
                grown.resize(grown.len().max(most.unwrap_or(0)), false);
                for signal in signals {
                    grown[signal.ramp as usize] = true;
                }
            }
        }
        self.wrong += 1;
        if u64::from(self.wrong) * BLOCK as u64 > u64::from(self.patience) * self.neurons() as u64 {
            self.wrong = 0;
            self.add_neurons(rng, room);
        }
    }

    /// Adds neurons, if the limit allows it and there is room.
    pub(crate) fn add_neurons(&mut self, rng: &mut Rng, room: &mut Room) {
        let neurons = self.neurons();
        if neurons.is_multiple_of(BLOCK) {
            if !room.is_full() {
                self.open((neurons + BLOCK).min(self.limit));
            }
        } else if neurons < self.limit {
            self.widen((2 * neurons).min(BLOCK).min(self.limit), rng, room);
        }
    }

    /// Gives the only block more neurons, with random weights in all sections there are.
    fn widen(&mut self, neurons: usize, rng: &mut Rng, room: &mut Room) {
        let before = self.neurons();
        let (pairs, old_pairs) = (neurons.div_ceil(PAIR), before.div_ceil(PAIR));
        if !room.holds(self.size() / old_pairs * (pairs - old_pairs)) {
            return;
        }
        let lanes = neurons.div_ceil(LANE);
        for block in &mut self.blocks {
            block.neurons = neurons;
            block.sections.iter_mut().flatten().for_each(|sections| sections.widen(lanes, room));
        }
        (before..neurons).for_each(|neuron| self.regrow(neuron, rng));
    }

    /// Gives all synapses of a neuron new random weights.
    pub(crate) fn regrow(&mut self, neuron: usize, rng: &mut Rng) {
        let deviation = self.gain / self.energy.sqrt();
        for sections in self.blocks[neuron / BLOCK].sections.iter_mut().flatten() {
            sections.regrow(neuron % BLOCK, || deviation * rng.noise());
        }
    }

    /// Moves the weights against the errors: a weight changes by `-rate * error * signal / energy`
    /// (normalised least mean squares; Nagumo, Noda, 1967), after it lost the share `shrinkage`. Adds to `gradients`, where a source has
    /// any, what each signal contributed to the errors.
    pub(crate) fn learn(
        &mut self,
        kernel: Kernel,
        signals: &Signals,
        errors: &[Lane],
        rate: f32,
        shrinkage: f32,
        gradients: &mut [Option<Vec<f32>>],
    ) {
        let scale = -rate / self.energy;
        for (block, errors) in self.blocks.iter_mut().zip(errors.chunks(MAX_LANES)) {
            if errors.iter().all(|lane| lane.0 == [0.0; LANE]) {
                continue;
            }
            let mut change = [Lane::default(); MAX_LANES];
            for (change, error) in change.iter_mut().zip(errors) {
                *change = Lane(error.0.map(|error| scale * error));
            }
            let change = &change[..errors.len()];
            for (heard, sections) in self.hears.iter().zip(&mut block.sections) {
                if let Some(sections) = sections {
                    let gradients = gradients[heard.place].as_deref_mut();
                    // Thresholds, which follow from the constant signal, don't shrink.
                    let shrinkage = if heard.place == 0 { 0.0 } else { shrinkage };
                    let step = Step { change, shrinkage, errors };
                    sections.learn(kernel, &signals[heard.place], step, gradients);
                }
            }
        }
    }

    /// Follows the borders of a chain that moved, in all sections from that source.
    pub(crate) fn project(
        &mut self,
        place: usize,
        first_ramp: u32,
        shares: &[Vec<f32>],
        room: &mut Room,
    ) {
        for block in &mut self.blocks {
            for (_, sections) in
                self.hears.iter().zip(&mut block.sections).filter(|(heard, _)| heard.place == place)
            {
                if let Some(sections) = sections {
                    sections.project(first_ramp, shares, room);
                }
            }
        }
    }

    /// Every section of the brick, block by block.
    pub(crate) fn sections_mut(&mut self) -> impl Iterator<Item = &mut Sections> {
        self.blocks
            .iter_mut()
            .flat_map(|block| block.sections.iter_mut().flatten().map(Box::as_mut))
    }

    /// Sections and synapses: a synapse is one weight of a neuron that exists.
    pub(crate) fn counts(&self) -> (usize, usize) {
        self.blocks.iter().fold((0, 0), |(sections, synapses), block| {
            let count: usize = block.grown().map(Sections::count).sum();
            (sections + count, synapses + count * block.neurons)
        })
    }

    /// Bytes of all sections, without what is reserved for more.
    pub(crate) fn size(&self) -> usize {
        self.blocks.iter().flat_map(Block::grown).map(Sections::size).sum()
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let places: usize = self.blocks.iter().map(|block| size_of_val(&*block.sections)).sum();
        let sections = self.blocks.iter().flat_map(Block::grown);
        self.blocks.capacity() * size_of::<Block>()
            + self.hears.capacity() * size_of::<Heard>()
            + places
            + self.grown.iter().map(|ramps| ramps.capacity() + size_of_val(ramps)).sum::<usize>()
            + sections.map(|sections| size_of::<Sections>() + sections.bytes()).sum::<usize>()
    }
}

/// Whether a block may have sections for a chain at all: always for a touching brick; one that is `n`
/// steps away gets every `n`-th, chosen by a hash, so that nearer bricks are likelier. A chain has
/// either all of its ramps within reach or none, as borders that move shift weights between them.
fn is_within_reach(brick: u64, block: usize, heard: Heard, chain: u32) -> bool {
    if heard.distance <= 1 {
        return true;
    }
    let place = mix(mix(brick ^ ((block as u64) << 32)) ^ ((heard.place as u64) << 32));
    mix(place ^ u64::from(chain)).is_multiple_of(u64::from(heard.distance))
}

/// A row of random weights for `neurons` neurons; places without a neuron stay zero.
fn noise(neurons: usize, deviation: f32, rng: &mut Rng) -> [Lane; MAX_LANES] {
    let mut lanes = [Lane::default(); MAX_LANES];
    for weight in lanes.iter_mut().flat_map(|lane| &mut lane.0).take(neurons) {
        *weight = deviation * rng.noise();
    }
    lanes
}
