//! Working memory of a step. Nothing that results depend on outlives the step.

use crate::input::Value;
use crate::kernel::{Lane, Signal};

/// Buffers that are kept between steps only to spare their allocation.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// The sample's values.
    pub(crate) values: Vec<Value>,
    /// The same before it was moved.
    pub(crate) values_before: Vec<Value>,
    /// Signals by place: the constant one, those of the input bricks, those of the inner ones.
    pub(crate) signals: Vec<Vec<Signal>>,
    /// The sum of the squares of each place's signals.
    pub(crate) energies: Vec<f32>,
    /// What each signal contributed to the errors; only for the places of inner bricks.
    pub(crate) gradients: Vec<Option<Vec<f32>>>,
    /// Potentials of each inner brick's neurons.
    pub(crate) potentials: Vec<Vec<Lane>>,
    /// Sums of each output brick's neurons.
    pub(crate) sums: Vec<Vec<Lane>>,
    /// Errors of each output brick's neurons.
    pub(crate) errors: Vec<Vec<Lane>>,
    /// Errors of an inner brick's neurons.
    pub(crate) inner_errors: Vec<Lane>,
    /// The absolute errors of each inner brick's neurons, added up.
    pub(crate) inner_absolute: Vec<f32>,
    /// Targets of a rehearsed sample.
    pub(crate) targets: Vec<f32>,
}

impl Scratch {
    pub(crate) fn new(inputs: usize, inner: usize, outputs: usize) -> Self {
        let places = 1 + inputs + inner;
        let mut signals = vec![Vec::new(); places];
        signals[0] = vec![Signal { ramp: 0, value: 1.0 }];
        let gradients = (0..places).map(|place| (place > inputs).then(Vec::new)).collect();
        Self {
            signals,
            gradients,
            energies: vec![0.0; places],
            potentials: vec![Vec::new(); inner],
            sums: vec![Vec::new(); outputs],
            errors: vec![Vec::new(); outputs],
            inner_absolute: vec![0.0; inner],
            ..Self::default()
        }
    }

    /// The place of the first inner brick.
    pub(crate) fn first_inner(&self) -> usize {
        self.signals.len() - self.potentials.len()
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        fn inside<T>(lists: &[Vec<T>]) -> usize {
            lists.iter().map(|list| list.capacity() * size_of::<T>() + size_of::<Vec<T>>()).sum()
        }
        let gradients = self.gradients.iter().flatten();
        inside(&self.signals)
            + inside(&self.potentials)
            + inside(&self.sums)
            + inside(&self.errors)
            + gradients.map(|list| list.capacity() * size_of::<f32>()).sum::<usize>()
            + self.gradients.capacity() * size_of::<Option<Vec<f32>>>()
            + (self.values.capacity() + self.values_before.capacity()) * size_of::<Value>()
            + self.inner_errors.capacity() * size_of::<Lane>()
            + [&self.energies, &self.inner_absolute, &self.targets]
                .map(Vec::capacity)
                .iter()
                .sum::<usize>()
                * size_of::<f32>()
    }
}
