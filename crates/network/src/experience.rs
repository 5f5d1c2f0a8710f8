//! The samples that a cluster keeps to rehearse them.
//!
//! The last samples that there was something to learn from, as many as `experience` allows and
//! [`MAX_EXPERIENCE_BYTES`] holds. After each sample one of them is taught again. Behind the targets
//! of a sample lies what spiking neurons had kept when it came. Kept samples are
//! users' data inside of the network and its snapshots; `experience: 0` keeps none.

use std::collections::VecDeque;

use crate::input::Value;
use crate::rng::Rng;

/// Most bytes of the samples that a network keeps; the oldest go first.
pub const MAX_EXPERIENCE_BYTES: usize = 64 << 20;

/// The ring of kept samples.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Experience {
    /// Most samples kept.
    pub(crate) limit: usize,
    /// The oldest first.
    pub(crate) samples: VecDeque<Sample>,
    /// The place of the oldest in the ring, of which chance picks one.
    pub(crate) first: usize,
    /// Bytes of all samples.
    pub(crate) size: usize,
}

/// A kept sample, packed: a bit per input that tells which have a value, the values, the targets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample(pub(crate) Box<[u32]>);

impl Experience {
    pub(crate) fn new(limit: u32) -> Self {
        Self { limit: limit as usize, samples: VecDeque::new(), first: 0, size: 0 }
    }

    /// Keeps a sample, in place of the oldest ones if the ring is full.
    pub(crate) fn keep(&mut self, input_width: usize, values: &[Value], targets: &[f32]) {
        if self.limit == 0 {
            return;
        }
        self.push(Sample::pack(input_width, values, targets));
        while (self.samples.len() > self.limit || self.size > MAX_EXPERIENCE_BYTES)
            && let Some(oldest) = self.samples.pop_front()
        {
            self.size -= oldest.size();
            self.first = (self.first + 1) % self.limit;
        }
    }

    /// Adds the youngest sample.
    pub(crate) fn push(&mut self, sample: Sample) {
        self.size += sample.size();
        self.samples.push_back(sample);
    }

    /// One of the kept samples, each as likely.
    pub(crate) fn pick(&self, rng: &mut Rng) -> Option<&Sample> {
        let count = self.samples.len();
        (count > 0).then(|| {
            let place = rng.below(count as u32) as usize;
            &self.samples[(place + count - self.first % count) % count]
        })
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.samples.capacity() * size_of::<Sample>()
            + self.samples.iter().map(|sample| size_of_val(&*sample.0)).sum::<usize>()
    }
}

impl Sample {
    fn pack(input_width: usize, values: &[Value], targets: &[f32]) -> Self {
        let mut packed = vec![0; input_width.div_ceil(32)];
        packed.reserve_exact(values.len() + targets.len());
        for value in values {
            packed[value.index as usize / 32] |= 1 << (value.index % 32);
            packed.push(value.value.to_bits());
        }
        packed.extend(targets.iter().map(|target| target.to_bits()));
        Self(packed.into_boxed_slice())
    }

    fn size(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.0)
    }

    /// What is kept behind the targets, if the sample fits a network of so many inputs and outputs.
    pub(crate) fn behind_targets(&self, inputs: usize, outputs: usize) -> Option<&[u32]> {
        let (mask, rest) = self.0.split_at_checked(inputs.div_ceil(32))?;
        let count: usize = mask.iter().map(|bits| bits.count_ones() as usize).sum();
        let beyond = match (mask.last(), inputs % 32) {
            (Some(bits), used @ 1..) => bits >> used,
            _ => 0,
        };
        let makes_signal = |&bits: &u32| {
            let value = f32::from_bits(bits);
            value != 0.0 && value.is_finite()
        };
        let (values, rest) = rest.split_at_checked(count)?;
        let is_valid = beyond == 0 && values.iter().all(makes_signal);
        rest.get(outputs..).filter(|_| is_valid)
    }

    /// Writes the sample's values and its targets, with what is kept behind them.
    pub(crate) fn unpack(
        &self,
        input_width: usize,
        values: &mut Vec<Value>,
        targets: &mut Vec<f32>,
    ) {
        let (mask, mut rest) = self.0.split_at(input_width.div_ceil(32));
        values.clear();
        for (word, &bits) in mask.iter().enumerate() {
            let mut bits = bits;
            while let (true, Some((&value, tail))) = (bits != 0, rest.split_first()) {
                let index = word as u32 * 32 + bits.trailing_zeros();
                values.push(Value { index, value: f32::from_bits(value) });
                bits &= bits - 1;
                rest = tail;
            }
        }
        targets.clear();
        targets.extend(rest.iter().map(|&target| f32::from_bits(target)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(index: u32, value: f32) -> Value {
        Value { index, value }
    }

    #[test]
    fn a_sample_comes_back_as_it_was() {
        let values = [value(0, 1.5), value(31, -2.0), value(32, 3.0), value(69, 4.0)];
        let sample = Sample::pack(70, &values, &[0.0, 1.0]);
        let (mut unpacked, mut targets) = (Vec::new(), Vec::new());
        sample.unpack(70, &mut unpacked, &mut targets);
        assert_eq!(unpacked, values);
        assert_eq!(targets, [0.0, 1.0]);
    }

    #[test]
    fn a_full_ring_forgets_the_oldest() {
        let mut experience = Experience::new(2);
        for i in 1..=3 {
            experience.keep(1, &[value(0, i as f32)], &[]);
        }
        let kept: Vec<f32> = experience.samples.iter().map(|s| f32::from_bits(s.0[1])).collect();
        assert_eq!(kept, [2.0, 3.0]);
    }

    #[test]
    fn large_samples_make_the_oldest_go_before_there_are_as_many_as_allowed() {
        const WIDTH: usize = 1 << 20;
        let mut experience = Experience::new(1000);
        let values: Vec<Value> = (0..WIDTH as u32).map(|index| value(index, 1.0)).collect();
        for i in 0..40 {
            let values = if i < 20 { &values } else { &values[..WIDTH / 2] };
            experience.keep(WIDTH, values, &[i as f32]);
            let size = experience.samples.iter().map(Sample::size).sum::<usize>();
            assert_eq!(experience.size, size);
            assert!(size <= MAX_EXPERIENCE_BYTES, "{size}");
        }
        // 20 of 2.1 MiB and 5 of 4.1 MiB.
        assert_eq!(experience.samples.len(), 25);
        let mut rng = Rng::new(1);
        let mut picked: Vec<u32> =
            (0..1000).filter_map(|_| experience.pick(&mut rng)?.0.last().copied()).collect();
        picked.sort_unstable();
        picked.dedup();
        assert_eq!(picked, (15..40).map(|i| (i as f32).to_bits()).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_is_kept_without_experience() {
        let mut experience = Experience::new(0);
        experience.keep(1, &[value(0, 1.0)], &[]);
        assert!(experience.pick(&mut Rng::new(1)).is_none());
    }
}
