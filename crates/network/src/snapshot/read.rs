//! Reading: nothing is believed before it is checked.

use super::SnapshotError;
use crate::activity::{Fired, PATIENCE};
use crate::borders::{Chains, KEPT, REMEMBERED, Reservoir};
use crate::brick::{BLOCK, Block, Brick, ENERGY_SAMPLES};
use crate::input::{Input, NO_CHAIN};
use crate::kernel::{LANE, Lane};
use crate::layout::MAX_BRICKS;
use crate::level::{EARLY, Level};
use crate::network::{InnerBrick, MAX_STEPS, Network, OutputBrick};
use crate::neurons::MAX_POTENTIAL;
use crate::reduction::Uses;
use crate::rng::Rng;
use crate::room::Room;
use crate::sections::{MAX_LANES, MAX_WEIGHT};
use crate::template::{self, BrickKind, OutputKind, Position, Settings, Template};

pub(super) type Result<T> = std::result::Result<T, SnapshotError>;

/// The mean of numbers lies between the smallest and the largest.
const MAX_MEAN: f64 = f32::MAX as f64;
/// No number is further from the mean than twice the largest.
const MAX_VARIANCE: f64 = 4.0 * MAX_MEAN * MAX_MEAN;
/// More wrong samples than a brick counts before it opens a block.
const MAX_WRONG: u32 = 1 << 31;

/// Takes values from the front of bytes.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Version of the format.
    pub(super) version: u32,
    /// Bytes that sections may take.
    room: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], version: u32, room: usize) -> Self {
        Self { bytes, at: 0, version, room }
    }

    pub(super) fn invalid<T>(&self, what: &'static str) -> Result<T> {
        Err(SnapshotError::Content { at: self.at, what })
    }

    pub(super) fn check(&self, holds: bool, what: &'static str) -> Result<()> {
        if holds { Ok(()) } else { self.invalid(what) }
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let Some(taken) = self.bytes[self.at..].get(..length) else {
            return self.invalid("it ends too early");
        };
        self.at += length;
        Ok(taken)
    }

    /// Makes sure that nothing is left.
    pub(super) fn end(&self) -> Result<()> {
        self.check(self.at == self.bytes.len(), "there is more than belongs to it")
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(super) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn u8(&mut self) -> Result<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn bool(&mut self) -> Result<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => self.invalid("a yes or no is neither"),
        }
    }

    /// A number of at most so large a magnitude; not NaN.
    pub(super) fn f32(&mut self, largest: f32) -> Result<f32> {
        let value = self.array().map(f32::from_le_bytes)?;
        self.check(value.abs() <= largest, "a number is too large")?;
        Ok(value)
    }

    /// The same in double precision.
    pub(super) fn f64(&mut self, largest: f64) -> Result<f64> {
        let value = self.array().map(f64::from_le_bytes)?;
        self.check(value.abs() <= largest, "a number is too large")?;
        Ok(value)
    }

    fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// The count of a list whose items take at least `item` bytes each.
    pub(super) fn count(&mut self, item: usize, most: usize) -> Result<usize> {
        let count = self.u32()? as usize;
        self.check(count <= most && count <= self.left() / item, "a list is too long")?;
        Ok(count)
    }

    pub(super) fn list<T>(
        &mut self,
        count: usize,
        mut item: impl FnMut(&mut Self) -> Result<T>,
    ) -> Result<Vec<T>> {
        (0..count).map(|_| item(self)).collect()
    }

    pub(super) fn network(&mut self) -> Result<Network> {
        let mut network = Network::new(&self.template()?)?;
        let room = std::mem::replace(&mut network.room.limit, self.room);
        network.steps = self.u64()?;
        self.check(network.steps <= MAX_STEPS, "there are too many steps")?;
        if self.version == 2 {
            self.u64()?;
        }
        network.rng = Rng::new(self.u64()?);
        for input in &mut network.inputs {
            self.input(input)?;
        }
        // How many ramps each place has: the constant signal, the inputs, the inner bricks.
        let mut ramps = vec![1];
        ramps.extend(network.inputs.iter().map(|input| input.chains.ends.len()));
        for inner in &mut network.inner {
            self.inner(inner, &ramps, &mut network.room)?;
            ramps.push(inner.brick.neurons());
        }
        for output in &mut network.outputs {
            self.output(output, &ramps, &mut network.room)?;
        }
        network.room.limit = room;
        self.experience(&mut network)?;
        if self.version >= 3 {
            for (jitter, input) in network.jitter.iter_mut().zip(&network.inputs) {
                if let Some(jitter) = jitter {
                    self.jitter(jitter, input.width)?;
                }
            }
            let ramps = &ramps[1..=network.inputs.len()];
            if self.bool()? {
                self.check(!network.spikes(), "neurons that keep potentials have no lesson")?;
                self.lesson(&mut network.lesson, ramps)?;
            }
            network.seen = self.seen()?;
            for output in &mut network.outputs {
                output.surprise = self.surprise(output.brick.limit)?;
            }
        }
        Ok(network)
    }

    fn template(&mut self) -> Result<Template> {
        let settings = self.settings()?;
        let count = self.count(21, MAX_BRICKS)?;
        let bricks = self.list(count, Self::template_brick)?;
        Ok(Template { settings, bricks })
    }

    fn settings(&mut self) -> Result<Settings> {
        let mut settings = Settings {
            neuron_cooldown: self.f32(f32::MAX)?,
            refractory_time: self.u32()?,
            max_connection_distance: self.u32()?,
            enable_reduction: self.bool()?,
            experience: self.u32()?,
            seed: self.u64()?,
            ..Settings::default()
        };
        if self.version > 2 {
            settings.inner_learning_rate = self.f32(f32::MAX)?;
            settings.output_learning_rate = self.f32(f32::MAX)?;
            settings.error_threshold = self.f32(f32::MAX)?;
            settings.averaging_window = self.u32()?;
            settings.growth_patience = self.u32()?;
        }
        Ok(settings)
    }

    fn template_brick(&mut self) -> Result<template::Brick> {
        let position = Position { x: self.u32()?, y: self.u32()?, z: self.u32()? };
        let kind = self.u8()?;
        let length = self.count(1, usize::MAX)?;
        let Ok(name) = std::str::from_utf8(self.take(length)?) else {
            return self.invalid("a name is no text");
        };
        let kind = match kind {
            0 => BrickKind::Input(name.to_owned()),
            1 => BrickKind::Inner,
            2..=4 => BrickKind::Output {
                name: name.to_owned(),
                kind: [None, Some(OutputKind::Class), Some(OutputKind::Value)]
                    [usize::from(kind) - 2],
            },
            _ => return self.invalid("a brick is of no known kind"),
        };
        Ok(template::Brick { position, kind, neurons: self.u32()? })
    }

    fn input(&mut self, input: &mut Input) -> Result<()> {
        let ramps = input.chains.ramps;
        let count = self.count(8, 2 * input.width)?;
        let mut chains = Chains::new(ramps);
        chains.reservoirs = self.list(count, Self::reservoir)?;
        self.check(count * ramps <= self.left() / 4, "borders are missing")?;
        chains.ends = self.list(count * ramps, |reader| reader.f32(f32::MAX))?;
        let rising = chains.ends.chunks(ramps).all(|ends| ends[0] >= 0.0 && ends.is_sorted());
        self.check(rising, "borders don't rise")?;
        input.chains = chains;

        let places = self.count(4, 2 * input.width)?;
        input.chain_of = self.list(places, Self::u32)?;
        let mut used = vec![false; count];
        for &chain in input.chain_of.iter().filter(|&&chain| chain != NO_CHAIN) {
            let used = used.get_mut(chain as usize).map(|used| std::mem::replace(used, true));
            self.check(used == Some(false), "a chain is missing, or there twice")?;
        }
        Ok(())
    }

    fn reservoir(&mut self) -> Result<Reservoir> {
        let mut reservoir = Reservoir::new();
        reservoir.seen = self.u32()?;
        reservoir.next = if self.version > 2 { self.u32()? } else { reservoir.seen };
        let possible = (1..2 * REMEMBERED).contains(&reservoir.seen)
            && (reservoir.seen..=reservoir.seen + REMEMBERED).contains(&reservoir.next)
            && (reservoir.next == reservoir.seen || reservoir.seen as usize >= KEPT);
        self.check(possible, "magnitudes are counted wrong")?;
        for place in 0..KEPT.min(reservoir.seen as usize) {
            reservoir.kept[place] = self.f32(f32::MAX)?;
            self.check(reservoir.kept[place] > 0.0, "a magnitude is not positive")?;
        }
        Ok(reservoir)
    }

    fn inner(&mut self, inner: &mut InnerBrick, ramps: &[usize], room: &mut Room) -> Result<()> {
        let neurons = self.neurons(inner.brick.limit)?;
        // Each block tells how many sections it has of each brick that it hears.
        let counts = neurons.div_ceil(BLOCK) * inner.brick.hears.len();
        self.check(counts <= self.left() / 4, "sections are missing")?;
        inner.brick.blocks.clear();
        inner.brick.open(neurons);
        self.brick(&mut inner.brick, ramps, room)?;
        inner.activity.lessons = self.u32()?;
        self.check(inner.activity.lessons < PATIENCE, "samples are counted wrong")?;
        let count = self.count(1, inner.brick.neurons())?;
        inner.activity.fired = self.list(count, Self::fired)?;
        if let Some(spiking) = &mut inner.spiking {
            let count = self.count(8, inner.brick.neurons())?;
            spiking.potentials = self.list(count, |reader| reader.f32(MAX_POTENTIAL))?;
            spiking.rests = self.list(count, Self::u32)?;
        }
        Ok(())
    }

    /// How many neurons of an inner brick are open.
    fn neurons(&mut self, limit: usize) -> Result<usize> {
        let count = self.u32()? as usize;
        let neurons = match self.version {
            2 if count <= limit.div_ceil(BLOCK) => (count * BLOCK).min(limit),
            2 => return self.invalid("a brick has too many blocks"),
            _ => count,
        };
        let possible = (1..=limit).contains(&neurons)
            && (neurons <= BLOCK || neurons % BLOCK == 0 || neurons == limit);
        self.check(possible, "a brick has an impossible number of neurons")?;
        Ok(neurons)
    }

    fn fired(&mut self) -> Result<Fired> {
        match self.u8()? {
            0 => Ok(Fired::Never),
            1 => Ok(Fired::Before),
            2 => Ok(Fired::Lately),
            _ => self.invalid("a neuron fired at no known time"),
        }
    }

    fn output(&mut self, output: &mut OutputBrick, ramps: &[usize], room: &mut Room) -> Result<()> {
        self.brick(&mut output.brick, ramps, room)?;
        let width = output.brick.limit;
        let output = &mut output.output;
        output.seen = self.u64()?;
        output.outside = self.u64()?;
        output.soft = self.u64()?;
        let possible = output.seen <= MAX_STEPS
            && output.outside <= output.seen
            && output.soft <= output.seen - output.outside;
        self.check(possible, "targets are counted wrong")?;
        let numeric = self.bool()?;
        let possible = match output.kind {
            Some(OutputKind::Class) => !numeric,
            Some(OutputKind::Value) => numeric || output.seen == 0,
            None => true,
        };
        self.check(possible, "an output is not of its kind")?;
        if numeric {
            output.levels = self.list(width, Self::level)?;
        }
        Ok(())
    }

    fn level(&mut self) -> Result<Level> {
        let seen = self.u32()?;
        let mean = self.f64(MAX_MEAN)?;
        let variance = self.f64(MAX_VARIANCE)?;
        self.check(variance >= 0.0, "a variance is negative")?;
        let count = self.count(4, EARLY - 1)?;
        let early = self.list(count, |reader| reader.f32(f32::MAX))?;
        let possible = match seen as usize {
            seen if seen < EARLY => count == seen,
            _ => count == 0 || variance == 0.0,
        };
        self.check(possible, "numbers held back are counted wrong")?;
        Ok(Level { seen, mean, variance, early })
    }

    fn brick(&mut self, brick: &mut Brick, ramps: &[usize], room: &mut Room) -> Result<()> {
        brick.energy = self.f32(f32::MAX)?;
        self.check(brick.energy >= 0.5, "an energy is too small")?;
        brick.measured = self.u32()?;
        brick.wrong = self.u32()?;
        let possible = brick.measured <= ENERGY_SAMPLES
            && (brick.measured > 0 || brick.energy == 1.0)
            && brick.wrong <= MAX_WRONG;
        self.check(possible, "samples are counted wrong")?;
        let count_uses = brick.count_uses;
        for block in &mut brick.blocks {
            for (source, heard) in brick.hears.iter().enumerate() {
                self.sections(block, source, ramps[heard.place], count_uses, room)?;
            }
        }
        Ok(())
    }

    fn sections(
        &mut self,
        block: &mut Block,
        source: usize,
        ramps: usize,
        count_uses: bool,
        room: &mut Room,
    ) -> Result<()> {
        let neurons = block.neurons;
        let rows = self.count(4 + 8 * neurons, ramps)?;
        let lanes = neurons.div_ceil(LANE);
        for _ in 0..rows {
            let ramp = self.u32()?;
            let sections = block.sections_from(source);
            let new = (ramp as usize) < ramps && sections.row(ramp) == 0;
            self.check(new, "a section is there twice or of no ramp")?;
            let fast = self.weights(neurons)?;
            let slow = self.weights(neurons)?;
            let uses = if count_uses { Some(self.uses()?) } else { None };
            sections.restore(ramp, &fast[..lanes], &slow[..lanes], uses, room);
            self.check(!room.is_exceeded(), "its sections take more memory than a network may")?;
        }
        Ok(())
    }

    fn weights(&mut self, neurons: usize) -> Result<[Lane; MAX_LANES]> {
        let mut lanes = [Lane::default(); MAX_LANES];
        for weight in lanes.iter_mut().flat_map(|lane| &mut lane.0).take(neurons) {
            *weight = self.f32(MAX_WEIGHT)?;
        }
        Ok(lanes)
    }

    fn uses(&mut self) -> Result<Uses> {
        let uses = Uses(self.u8()?);
        self.check((1..=Uses::PERMANENT.0).contains(&uses.0), "a section has impossible uses")?;
        Ok(uses)
    }
}
