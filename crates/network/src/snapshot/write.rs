//! Writing: every field in a fixed order, counts before lists.

use crate::brick::{Block, Brick};
use crate::experience::Experience;
use crate::input::Input;
use crate::jitter::Jitter;
use crate::layout::name;
use crate::lesson::Lesson;
use crate::level::Level;
use crate::network::{InnerBrick, Network, OutputBrick};
use crate::sections::{Sections, Weights};
use crate::surprise::{self, Seen, Surprise};
use crate::template::{BrickKind, OutputKind, Settings, Template};

/// Collects the bytes.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

impl Writer {
    pub(super) fn u32(&mut self, value: u32) {
        self.bytes.extend(value.to_le_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.bytes.extend(value.to_le_bytes());
    }

    fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    fn f32(&mut self, value: f32) {
        self.u32(value.to_bits());
    }

    fn f64(&mut self, value: f64) {
        self.u64(value.to_bits());
    }

    /// A count; the limits of a network keep all of them within 32 bits.
    fn count(&mut self, count: usize) {
        self.u32(count as u32);
    }

    fn f32s(&mut self, values: &[f32]) {
        for &value in values {
            self.f32(value);
        }
    }

    pub(super) fn network(&mut self, network: &Network) {
        self.template(&network.template);
        self.u64(network.steps);
        self.u64(network.rng.state());
        network.inputs.iter().for_each(|input| self.input(input));
        network.inner.iter().for_each(|inner| self.inner(inner));
        network.outputs.iter().for_each(|output| self.output(output));
        self.experience(&network.experience);
        network.jitter.iter().flatten().for_each(|jitter| self.jitter(jitter));
        self.lesson(&network.lesson);
        self.seen(&network.seen);
        network.outputs.iter().for_each(|output| self.surprise(&output.surprise));
    }

    fn template(&mut self, template: &Template) {
        self.settings(&template.settings);
        self.count(template.bricks.len());
        for brick in &template.bricks {
            self.u32(brick.position.x);
            self.u32(brick.position.y);
            self.u32(brick.position.z);
            self.u8(match brick.kind {
                BrickKind::Input(_) => 0,
                BrickKind::Inner => 1,
                BrickKind::Output { kind: None, .. } => 2,
                BrickKind::Output { kind: Some(OutputKind::Class), .. } => 3,
                BrickKind::Output { kind: Some(OutputKind::Value), .. } => 4,
            });
            let name = name(brick);
            self.count(name.len());
            self.bytes.extend(name.as_bytes());
            self.u32(brick.neurons);
        }
    }

    fn settings(&mut self, settings: &Settings) {
        self.f32(settings.neuron_cooldown);
        self.u32(settings.refractory_time);
        self.u32(settings.max_connection_distance);
        self.u8(settings.enable_reduction.into());
        self.u32(settings.experience);
        self.u64(settings.seed);
        self.f32(settings.inner_learning_rate);
        self.f32(settings.output_learning_rate);
        self.f32(settings.error_threshold);
        self.u32(settings.averaging_window);
        self.u32(settings.growth_patience);
    }

    fn input(&mut self, input: &Input) {
        self.count(input.chains.reservoirs.len());
        for reservoir in &input.chains.reservoirs {
            self.u32(reservoir.seen);
            self.u32(reservoir.next);
            self.f32s(reservoir.kept());
        }
        self.f32s(&input.chains.ends);
        self.count(input.chain_of.len());
        input.chain_of.iter().for_each(|&chain| self.u32(chain));
    }

    fn inner(&mut self, inner: &InnerBrick) {
        self.count(inner.brick.neurons());
        self.brick(&inner.brick);
        self.u32(inner.activity.lessons);
        self.count(inner.activity.fired.len());
        inner.activity.fired.iter().for_each(|&fired| self.u8(fired as u8));
        if let Some(spiking) = &inner.spiking {
            self.count(spiking.potentials.len());
            self.f32s(&spiking.potentials);
            spiking.rests.iter().for_each(|&rest| self.u32(rest));
        }
    }

    fn output(&mut self, output: &OutputBrick) {
        self.brick(&output.brick);
        let output = &output.output;
        self.u64(output.seen);
        self.u64(output.outside);
        self.u64(output.soft);
        self.u8(output.is_numeric().into());
        output.levels.iter().for_each(|level| self.level(level));
    }

    fn level(&mut self, level: &Level) {
        self.u32(level.seen);
        self.f64(level.mean);
        self.f64(level.variance);
        self.count(level.early.len());
        self.f32s(&level.early);
    }

    fn brick(&mut self, brick: &Brick) {
        self.f32(brick.energy);
        self.u32(brick.measured);
        self.u32(brick.wrong);
        for block in &brick.blocks {
            for sections in &block.sections {
                match sections {
                    Some(sections) => self.sections(block, sections),
                    None => self.count(0),
                }
            }
        }
    }

    fn sections(&mut self, block: &Block, sections: &Sections) {
        self.count(sections.count());
        for row in 1..=sections.count() {
            self.u32(sections.ramp(row));
            for copy in [Weights::Fast, Weights::Slow] {
                let weights = sections.weights(copy, row);
                weights.take(block.neurons).for_each(|weight| self.f32(weight));
            }
            if let Some(uses) = sections.uses(row) {
                self.u8(uses.0);
            }
        }
    }

    fn experience(&mut self, experience: &Experience) {
        self.count(experience.first);
        self.count(experience.samples.len());
        for sample in &experience.samples {
            self.f32(sample.error);
            self.u8(sample.is_small.into());
            self.count(sample.packed.len());
            self.bytes.extend(&*sample.packed);
        }
    }

    fn jitter(&mut self, jitter: &Jitter) {
        self.count(jitter.stride);
        self.u32(jitter.looks);
        self.count(jitter.overlaps.len());
        jitter.overlaps.iter().for_each(|&overlap| self.u32(overlap));
        for trust in &jitter.trust {
            self.u32(trust.tried);
            self.u32(trust.right);
            self.u32(trust.chance);
        }
        self.u64(jitter.last_meaning);
    }

    fn lesson(&mut self, lesson: &Lesson) {
        self.u8((!lesson.signals.is_empty()).into());
        for signals in &lesson.signals {
            self.count(signals.len());
            for signal in signals {
                self.u32(signal.ramp);
                self.f32(signal.value);
            }
        }
    }

    fn seen(&mut self, seen: &Seen) {
        self.hashes(&seen.young);
        self.hashes(&seen.old);
        self.u64(seen.new);
    }

    /// The places of the bits that are set, or all words if that is shorter.
    fn hashes(&mut self, words: &[u64]) {
        let set = words.iter().map(|word| word.count_ones()).sum();
        self.u32(set);
        if set >= surprise::MANY {
            return words.iter().for_each(|&word| self.u64(word));
        }
        for (at, &word) in words.iter().enumerate() {
            let bits = (0..64).filter(|bit| word >> bit & 1 == 1);
            bits.for_each(|bit| self.bytes.extend((64 * at as u16 + bit).to_le_bytes()));
        }
    }

    fn surprise(&mut self, surprise: &Surprise) {
        self.u32(surprise.seen);
        self.count(surprise.means.len());
        self.f32s(&surprise.means);
        self.f32(surprise.spread);
        self.f32(surprise.error);
    }
}
