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

/// Of so many kept samples that chance names, the one that was most wrong is taught again.
const COMPARED: usize = 3;

/// A kept sample, packed: a bit per input that tells which have a value, the values, the targets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample {
    pub(crate) packed: Box<[u8]>,
    /// Whether values and targets take a byte each, as all of them are whole numbers up to 255;
    /// otherwise they take four.
    pub(crate) is_small: bool,
    /// The largest error of an output when it was last taught.
    pub(crate) error: f32,
}

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

    /// Whether samples are kept at all.
    pub(crate) fn is_kept(&self) -> bool {
        self.limit > 0
    }

    /// The place of a kept sample to teach: of some that chance names the one that was most wrong.
    pub(crate) fn pick(&self, rng: &mut Rng) -> Option<usize> {
        let count = self.samples.len();
        if count == 0 {
            return None;
        }
        let mut any = || (rng.below(count as u32) as usize + count - self.first % count) % count;
        let first = any();
        Some((1..COMPARED).fold(first, |worst, _| {
            let other = any();
            if self.samples[other].error > self.samples[worst].error { other } else { worst }
        }))
    }

    /// Writes a kept sample's values and targets.
    pub(crate) fn unpack(
        &self,
        place: usize,
        input_width: usize,
        values: &mut Vec<Value>,
        targets: &mut Vec<f32>,
    ) {
        self.samples[place].unpack(input_width, values, targets);
    }

    /// Notes how wrong a kept sample was when it was taught again.
    pub(crate) fn judge(&mut self, place: usize, error: f32) {
        self.samples[place].error = error;
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.samples.capacity() * size_of::<Sample>()
            + self.samples.iter().map(|sample| size_of_val(&*sample.packed)).sum::<usize>()
    }
}

impl Sample {
    fn pack(input_width: usize, values: &[Value], targets: &[f32]) -> Self {
        let mut packed = vec![0; input_width.div_ceil(8)];
        for value in values {
            packed[value.index as usize / 8] |= 1 << (value.index % 8);
        }
        let numbers = || values.iter().map(|value| value.value).chain(targets.iter().copied());
        let is_small =
            numbers().all(|number| f32::from(number as u8).to_bits() == number.to_bits());
        if is_small {
            packed.reserve_exact(values.len() + targets.len());
            packed.extend(numbers().map(|number| number as u8));
        } else {
            packed.reserve_exact(4 * (values.len() + targets.len()));
            packed.extend(numbers().flat_map(f32::to_le_bytes));
        }
        Self { packed: packed.into_boxed_slice(), is_small, error: 1.0 }
    }

    fn size(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.packed)
    }

    /// Its numbers as they are packed in `bytes`.
    fn numbers(&self, bytes: &[u8]) -> impl Iterator<Item = f32> {
        let (small, large) =
            if self.is_small { (bytes, [].as_slice()) } else { ([].as_slice(), bytes) };
        let large = large.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes));
        small.iter().map(|&byte| f32::from(byte)).chain(large)
    }

    /// What is kept behind the targets, if the sample fits a network of so many inputs and outputs.
    pub(crate) fn behind_targets(&self, inputs: usize, outputs: usize) -> Option<Vec<f32>> {
        let (mask, rest) = self.packed.split_at_checked(inputs.div_ceil(8))?;
        let count: usize = mask.iter().map(|bits| bits.count_ones() as usize).sum();
        let beyond = match (mask.last(), inputs % 8) {
            (Some(bits), used @ 1..) => bits >> used,
            _ => 0,
        };
        let mut numbers = self.numbers(rest);
        let makes_signal = |value: f32| value != 0.0 && value.is_finite();
        let all_are_there = rest.len() >= if self.is_small { 1 } else { 4 } * (count + outputs)
            && (self.is_small || rest.len().is_multiple_of(4))
            && numbers.by_ref().take(count).all(makes_signal);
        (beyond == 0 && all_are_there).then(|| numbers.skip(outputs).collect())
    }

    /// Writes the sample's values and its targets, with what is kept behind them.
    fn unpack(&self, input_width: usize, values: &mut Vec<Value>, targets: &mut Vec<f32>) {
        let (mask, rest) = self.packed.split_at(input_width.div_ceil(8));
        values.clear();
        let (words, rest_of_mask) = mask.as_chunks::<8>();
        let mut last = [0; 8];
        last[..rest_of_mask.len()].copy_from_slice(rest_of_mask);
        for (first, &word) in (0..).step_by(64).zip(words.iter().chain([&last])) {
            let mut bits = u64::from_le_bytes(word);
            while bits != 0 {
                values.push(Value { index: first + bits.trailing_zeros(), value: 0.0 });
                bits &= bits - 1;
            }
        }
        let mut numbers = self.numbers(rest);
        values.iter_mut().zip(&mut numbers).for_each(|(value, number)| value.value = number);
        targets.clear();
        targets.extend(numbers);
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
        for (odd, bytes) in [(2.0, 9 + 6), (-2.0, 9 + 24), (1.5, 9 + 24), (256.0, 9 + 24)] {
            let values = [value(0, 1.0), value(31, odd), value(32, 255.0), value(69, 4.0)];
            let sample = Sample::pack(70, &values, &[0.0, 1.0]);
            let (mut unpacked, mut targets) = (Vec::new(), Vec::new());
            sample.unpack(70, &mut unpacked, &mut targets);
            assert_eq!(unpacked, values);
            assert_eq!(targets, [0.0, 1.0]);
            assert_eq!(sample.packed.len(), bytes);
            assert_eq!(sample.behind_targets(70, 2), Some(vec![]));
        }
    }

    #[test]
    fn a_full_ring_forgets_the_oldest() {
        let mut experience = Experience::new(2);
        for i in 1..=3 {
            experience.keep(1, &[value(0, i as f32)], &[]);
        }
        let kept: Vec<u8> = experience.samples.iter().map(|sample| sample.packed[1]).collect();
        assert_eq!(kept, [2, 3]);
    }

    #[test]
    fn large_samples_make_the_oldest_go_before_there_are_as_many_as_allowed() {
        const WIDTH: usize = 1 << 20;
        let mut experience = Experience::new(1000);
        let values: Vec<Value> = (0..WIDTH as u32).map(|index| value(index, 0.5)).collect();
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
        let (mut values, mut targets) = (Vec::new(), Vec::new());
        let mut picked: Vec<u32> = (0..1000)
            .map(|_| {
                let place = experience.pick(&mut rng).unwrap();
                experience.unpack(place, WIDTH, &mut values, &mut targets);
                targets[0] as u32
            })
            .collect();
        picked.sort_unstable();
        picked.dedup();
        assert_eq!(picked, (15..40).collect::<Vec<_>>());
    }

    #[test]
    fn what_was_most_wrong_is_taught_first() {
        let mut experience = Experience::new(100);
        for i in 1..=100 {
            experience.keep(1, &[value(0, i as f32)], &[]);
            experience.judge(i - 1, if i == 7 { 0.9 } else { 0.1 });
        }
        let mut rng = Rng::new(1);
        let picks = (0..10_000).filter(|_| experience.pick(&mut rng) == Some(6)).count();
        // One in 100 would be fair; it is among three in 1 - 0.99^3 = 0.030.
        assert!((220..400).contains(&picks), "{picks}");
    }

    #[test]
    fn nothing_is_kept_without_experience() {
        let mut experience = Experience::new(0);
        experience.keep(1, &[value(0, 1.0)], &[]);
        assert!(experience.pick(&mut Rng::new(1)).is_none());
    }
}
