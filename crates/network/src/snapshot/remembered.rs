//! Reading what a network remembers of its samples.

use super::read::{Reader, Result};
use crate::experience::{Experience, MAX_EXPERIENCE_BYTES, Sample};
use crate::jitter::{Jitter, MOST_LOOKS, MOST_STRIDE, MOST_TRIES, Trust};
use crate::kernel::Signal;
use crate::lesson::Lesson;
use crate::network::{MAX_STEPS, Network};
use crate::surprise::{self, Seen, Surprise};

/// No target or error is as large in the terms of its brick.
const MAX_TERM: f32 = 10.0;

impl Reader<'_> {
    pub(super) fn experience(&mut self, network: &mut Network) -> Result<()> {
        let (inputs, outputs) = (network.input_width(), network.output_width());
        let mut experience = Experience::new(network.template.settings.experience);
        let first = self.u32()? as usize;
        self.check(first == 0 || first < experience.limit, "the ring has no such place")?;
        experience.first = first;
        let count = self.count(4, experience.limit)?;
        for _ in 0..count {
            let sample = self.sample(inputs)?;
            let behind = sample.behind_targets(inputs, outputs);
            let is_valid = behind.is_some_and(|behind| network.is_course(&behind));
            self.check(is_valid, "a kept sample is damaged")?;
            experience.push(sample);
            self.check(experience.size <= MAX_EXPERIENCE_BYTES, "the ring is too large")?;
        }
        network.experience = experience;
        Ok(())
    }

    fn sample(&mut self, inputs: usize) -> Result<Sample> {
        if self.version < 3 {
            return self.sample_of_version_2(inputs);
        }
        let error = self.f32(f32::MAX)?;
        let is_small = self.bool()?;
        let length = self.count(1, usize::MAX)?;
        Ok(Sample { packed: self.take(length)?.into(), is_small, error })
    }

    /// Words of 32 bits: the mask, the values, the targets.
    fn sample_of_version_2(&mut self, inputs: usize) -> Result<Sample> {
        let words = self.count(4, usize::MAX)?;
        let bytes = self.take(4 * words)?;
        // The mask used to be filled up to whole words.
        let (mask, numbers) = bytes.split_at((4 * inputs.div_ceil(32)).min(bytes.len()));
        let mask = &mask[..inputs.div_ceil(8).min(mask.len())];
        Ok(Sample { packed: [mask, numbers].concat().into(), is_small: false, error: 1.0 })
    }

    pub(super) fn jitter(&mut self, jitter: &mut Jitter, width: usize) -> Result<()> {
        jitter.stride = self.u32()? as usize;
        jitter.looks = self.u32()?;
        let count = self.count(4, (width / 2).min(MOST_STRIDE))?;
        jitter.overlaps = self.list(count, Self::u32)?;
        for trust in &mut jitter.trust {
            *trust = Trust { tried: self.u32()?, right: self.u32()?, chance: self.u32()? };
            let possible = trust.tried < MOST_TRIES && trust.right.max(trust.chance) <= trust.tried;
            self.check(possible, "moved samples are counted wrong")?;
        }
        jitter.last_meaning = self.u64()?;
        let most = MOST_LOOKS * width as u32;
        let possible = jitter.looks < MOST_LOOKS
            && (jitter.stride == 0 || jitter.stride < count)
            && jitter.overlaps.iter().all(|&overlap| overlap <= most);
        self.check(possible, "samples looked at are counted wrong")
    }

    pub(super) fn lesson(&mut self, lesson: &mut Lesson, ramps: &[usize]) -> Result<()> {
        let mut signals = Vec::with_capacity(ramps.len());
        for &ramps in ramps {
            let count = self.count(8, ramps)?;
            signals.push(self.list(count, |reader| reader.signal(ramps))?);
        }
        lesson.learn(&signals);
        Ok(())
    }

    fn signal(&mut self, ramps: usize) -> Result<Signal> {
        let signal = Signal { ramp: self.u32()?, value: self.f32(1.0)? };
        let possible = (signal.ramp as usize) < ramps && signal.value >= 0.0;
        self.check(possible, "a signal is impossible")?;
        Ok(signal)
    }

    pub(super) fn seen(&mut self) -> Result<Seen> {
        let (young, count) = self.hashes()?;
        let (old, _) = self.hashes()?;
        let seen = Seen { young, old, count, new: self.u64()? };
        let possible = count < surprise::REMEMBERED && seen.new <= MAX_STEPS;
        self.check(possible, "samples are counted wrong")?;
        Ok(seen)
    }

    /// A set of hashes, and how many there are.
    fn hashes(&mut self) -> Result<(Vec<u64>, u32)> {
        let count = self.u32()?;
        if count == 0 {
            return Ok((Vec::new(), 0));
        }
        let mut words = vec![0; surprise::WORDS];
        if count < surprise::MANY {
            for _ in 0..count {
                let place = self.array().map(u16::from_le_bytes)?;
                words[usize::from(place) / 64] |= 1 << (place % 64);
            }
        } else {
            words = self.list(surprise::WORDS, Self::u64)?;
        }
        let set: u32 = words.iter().map(|word| word.count_ones()).sum();
        self.check(set == count, "samples are counted wrong")?;
        Ok((words, count))
    }

    pub(super) fn surprise(&mut self, width: usize) -> Result<Surprise> {
        let seen = self.u32()?;
        let count = self.count(4, width)?;
        let surprise = Surprise {
            seen,
            means: self.list(count, |reader| reader.f32(MAX_TERM))?,
            spread: self.f32(MAX_TERM * MAX_TERM * width as f32)?,
            error: self.f32(MAX_TERM * MAX_TERM * width as f32)?,
        };
        let possible = seen <= surprise::HORIZON && surprise.spread.min(surprise.error) >= 0.0;
        self.check(possible, "errors are counted wrong")?;
        Ok(surprise)
    }
}
