//! The listening side of a brick: blocks of neurons and their sections.

use crate::crew::Hands;
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
        hands: Hands<'_>,
        copy: Weights,
        signals: &Signals,
        sums: &mut Vec<Lane>,
    ) {
        sums.clear();
        sums.resize(self.lanes(), Lane::default());
        let blocks = self.blocks.iter().zip(sums.chunks_mut(MAX_LANES));
        hands.each(blocks, |(block, sums)| {
            for (heard, sections) in self.hears.iter().zip(&block.sections) {
                if let Some(sections) = sections {
                    sections.accumulate(hands.kernel, copy, &signals[heard.place], sums);
                }
            }
        });
    }

    /// Multiply-adds of a sum that can be shared, as there are several blocks.
    pub(crate) fn shareable(&self, signals: &Signals) -> usize {
        let heard: usize = self.hears.iter().map(|heard| signals[heard.place].len()).sum();
        if self.blocks.len() > 1 { heard * self.neurons() } else { 0 }
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
    /// has none, and now and then neurons. `ramps` tells how many ramps each place's chains have.
    pub(crate) fn grow(
        &mut self,
        hands: Hands<'_>,
        signals: &Signals,
        energies: &[f32],
        ramps: impl Fn(usize) -> u32 + Sync,
        rng: &mut Rng,
        room: &mut Room,
    ) {
        let deviation = self.gain / self.energy_of(energies).sqrt();
        let sources = self.not_grown(signals);
        if !sources.is_empty() {
            let mut missing = vec![Vec::new(); self.blocks.len()];
            let blocks = self.blocks.iter().enumerate().zip(&mut missing);
            hands.each(blocks, |((b, block), missing)| {
                **missing = self.missing(*b, block, &sources, signals, &ramps);
            });
            for (block, missing) in self.blocks.iter_mut().zip(missing) {
                let lanes = block.neurons.div_ceil(LANE);
                for (source, ramp) in missing {
                    if self.hears[source].place == 0 || !room.is_full() {
                        let weights = noise(block.neurons, deviation, rng);
                        let sections = block.sections_from(source);
                        sections.add(ramp, &weights[..lanes], self.count_uses, room);
                    }
                }
            }
            if !room.is_full() {
                self.note_grown(&sources, signals);
            }
        }
        self.wrong += 1;
        if u64::from(self.wrong) * BLOCK as u64 > u64::from(self.patience) * self.neurons() as u64 {
            self.wrong = 0;
            self.add_neurons(rng, room);
        }
    }

    /// The sources of which a signal's ramp is not known to have all its sections.
    fn not_grown(&self, signals: &Signals) -> Vec<usize> {
        let known =
            |grown: &Vec<bool>, signal: &Signal| grown.get(signal.ramp as usize) == Some(&true);
        let sources = self.hears.iter().zip(&self.grown).enumerate();
        sources
            .filter(|(_, (heard, grown))| !signals[heard.place].iter().all(|s| known(grown, s)))
            .map(|(source, _)| source)
            .collect()
    }

    /// Notes that the signals' ramps have all sections that they may have.
    fn note_grown(&mut self, sources: &[usize], signals: &Signals) {
        for &source in sources {
            let (signals, grown) = (&signals[self.hears[source].place], &mut self.grown[source]);
            let most = signals.iter().map(|signal| signal.ramp as usize + 1).max();
            grown.resize(grown.len().max(most.unwrap_or(0)), false);
            for signal in signals {
                grown[signal.ramp as usize] = true;
            }
        }
    }

    /// The sources and ramps of the signals for which the block `b` may have sections, but has none.
    fn missing(
        &self,
        b: usize,
        block: &Block,
        sources: &[usize],
        signals: &Signals,
        ramps: impl Fn(usize) -> u32,
    ) -> Vec<(usize, u32)> {
        let mut missing = Vec::new();
        for &source in sources {
            let (heard, sections) = (&self.hears[source], &block.sections[source]);
            let ramps = ramps(heard.place);
            for &Signal { ramp, .. } in &signals[heard.place] {
                if sections.as_ref().is_none_or(|sections| sections.row(ramp) == 0)
                    && is_within_reach(self.number, b, *heard, ramp / ramps)
                {
                    missing.push((source, ramp));
                }
            }
        }
        missing
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
    /// (normalised least mean squares; Nagumo, Noda, 1967), after it lost the share `shrinkage`. Adds to
    /// `gradients`, where a source has any, what each signal contributed to the errors.
    pub(crate) fn learn(
        &mut self,
        hands: Hands<'_>,
        signals: &Signals,
        errors: &[Lane],
        rate: f32,
        shrinkage: f32,
        gradients: &mut [Option<Vec<f32>>],
    ) {
        let Self { hears, blocks, energy, .. } = self;
        let correction =
            Correction { kernel: hands.kernel, hears, signals, scale: -rate / *energy, shrinkage };
        let is_alone = hands.crew.is_none() || blocks.len() < 2;
        let blocks = blocks.iter_mut().zip(errors.chunks(MAX_LANES));
        let wrong = blocks.filter(|(_, errors)| errors.iter().any(|lane| lane.0 != [0.0; LANE]));
        if is_alone {
            wrong.for_each(|(block, errors)| correction.apply(block, errors, gradients));
            return;
        }
        // Each block tells by itself what the signals contributed, added up in the order of the blocks.
        let own = silent(hears, gradients);
        let mut parts: Vec<_> = wrong.map(|(block, errors)| (block, errors, own.clone())).collect();
        hands.each(parts.iter_mut(), |(block, errors, own)| correction.apply(block, errors, own));
        for (_, _, own) in &parts {
            add(gradients, own);
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

/// What a brick's errors ask of its weights.
struct Correction<'a> {
    kernel: Kernel,
    hears: &'a [Heard],
    signals: &'a Signals,
    /// Turns an error into the change of a weight, for a signal of 1.
    scale: f32,
    shrinkage: f32,
}

impl Correction<'_> {
    /// Changes the weights of a block by the errors of its neurons.
    fn apply(&self, block: &mut Block, errors: &[Lane], gradients: &mut [Option<Vec<f32>>]) {
        let mut change = [Lane::default(); MAX_LANES];
        for (change, error) in change.iter_mut().zip(errors) {
            *change = Lane(error.0.map(|error| self.scale * error));
        }
        let change = &change[..errors.len()];
        for (heard, sections) in self.hears.iter().zip(&mut block.sections) {
            if let Some(sections) = sections {
                let gradients = gradients.get_mut(heard.place).and_then(Option::as_deref_mut);
                // Thresholds, which follow from the constant signal, don't shrink.
                let shrinkage = if heard.place == 0 { 0.0 } else { self.shrinkage };
                let step = Step { change, shrinkage, errors };
                sections.learn(self.kernel, &self.signals[heard.place], step, gradients);
            }
        }
    }
}

/// Gradients of zero for the places that are heard and have any; empty if none has.
fn silent(hears: &[Heard], gradients: &[Option<Vec<f32>>]) -> Vec<Option<Vec<f32>>> {
    let mut silent = Vec::new();
    for heard in hears {
        if let Some(gradients) = &gradients[heard.place] {
            silent.resize(silent.len().max(heard.place + 1), None);
            silent[heard.place] = Some(vec![0.0; gradients.len()]);
        }
    }
    silent
}

/// Adds what a block told to what others told.
fn add(gradients: &mut [Option<Vec<f32>>], own: &[Option<Vec<f32>>]) {
    for (gradients, own) in gradients.iter_mut().zip(own) {
        let sums = gradients.iter_mut().flatten();
        for (sum, own) in sums.zip(own.iter().flatten()) {
            *sum += own;
        }
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
