//! Templates, chance and generated problems for the tests.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hanami_network::Network;
use hanami_network::template::{Brick, BrickKind, Position, Settings, Template};

pub(crate) fn brick(place: (u32, u32, u32), kind: BrickKind, neurons: u32) -> Brick {
    let (x, y, z) = place;
    Brick { position: Position { x, y, z }, kind, neurons }
}

pub(crate) fn input(place: (u32, u32, u32), name: &str, neurons: u32) -> Brick {
    brick(place, BrickKind::Input(name.to_owned()), neurons)
}

pub(crate) fn inner(place: (u32, u32, u32), neurons: u32) -> Brick {
    brick(place, BrickKind::Inner, neurons)
}

pub(crate) fn output(place: (u32, u32, u32), name: &str, neurons: u32) -> Brick {
    brick(place, BrickKind::Output { name: name.to_owned(), kind: None }, neurons)
}

/// Input, inner and output brick in a row.
pub(crate) fn three(inputs: u32, neurons: u32, outputs: u32, settings: Settings) -> Template {
    let bricks = vec![
        input((1, 1, 1), "in", inputs),
        inner((2, 1, 1), neurons),
        output((3, 1, 1), "out", outputs),
    ];
    Template { settings, bricks }
}

/// The tests' own chance (xorshift), apart from the network's.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Uniform in 0..1.
    pub(crate) fn uniform(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1 << 24) as f32
    }

    /// Nearly normal, mean 0, deviation 1.
    pub(crate) fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.uniform()).sum::<f32>() - 6.0
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((self.uniform() * limit as f32) as usize).min(limit - 1)
    }
}

/// Inputs and targets.
pub(crate) struct Samples {
    pub(crate) inputs: Vec<Vec<f32>>,
    pub(crate) targets: Vec<Vec<f32>>,
}

impl Samples {
    pub(crate) fn make(count: usize, mut sample: impl FnMut() -> (Vec<f32>, Vec<f32>)) -> Self {
        let (inputs, targets) = (0..count).map(|_| sample()).unzip();
        Self { inputs, targets }
    }

    /// Two half circles that reach into each other; which one is the target.
    pub(crate) fn moons(count: usize, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        Self::make(count, || {
            let upper = chance.uniform() < 0.5;
            let angle = chance.uniform() * std::f32::consts::PI;
            let (x, y) = if upper {
                (angle.cos(), angle.sin())
            } else {
                (1.0 - angle.cos(), 0.5 - angle.sin())
            };
            let input = vec![x + 0.15 * chance.normal(), y + 0.15 * chance.normal()];
            (input, vec![f32::from(u8::from(upper))])
        })
    }

    /// Friedman's first function of ten inputs of which five matter, with noise (Friedman,
    /// Multivariate adaptive regression splines, 1991).
    pub(crate) fn friedman(count: usize, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        Self::make(count, || {
            let x: Vec<f32> = (0..10).map(|_| chance.uniform()).collect();
            let y = 10.0 * (std::f32::consts::PI * x[0] * x[1]).sin()
                + 20.0 * (x[2] - 0.5).powi(2)
                + 10.0 * x[3]
                + 5.0 * x[4]
                + chance.normal();
            (x, vec![y])
        })
    }

    /// The same samples with each input multiplied.
    pub(crate) fn scaled(&self, scales: &[f32]) -> Self {
        let scale = |input: &Vec<f32>| input.iter().zip(scales).map(|(x, s)| x * s).collect();
        Self { inputs: self.inputs.iter().map(scale).collect(), targets: self.targets.clone() }
    }

    pub(crate) fn teach(&self, network: &mut Network, passes: usize) {
        let mut prediction = vec![0.0; network.output_width()];
        for _ in 0..passes {
            for (input, target) in self.inputs.iter().zip(&self.targets) {
                network.train(input, target, &mut prediction).unwrap();
            }
        }
    }

    /// Teaches the samples once. Gives the accuracy of the answers before each was learned.
    pub(crate) fn teach_live(&self, network: &mut Network) -> f32 {
        let mut prediction = vec![0.0; network.output_width()];
        let mut right = 0;
        for (input, target) in self.inputs.iter().zip(&self.targets) {
            network.train(input, target, &mut prediction).unwrap();
            right += usize::from((prediction[0] > 0.5) == (target[0] > 0.5));
        }
        right as f32 / self.inputs.len() as f32
    }

    pub(crate) fn predictions(&self, network: &mut Network) -> Vec<Vec<f32>> {
        let mut prediction = vec![0.0; network.output_width()];
        let predict = |input: &Vec<f32>| {
            network.predict(input, &mut prediction).unwrap();
            prediction.clone()
        };
        self.inputs.iter().map(predict).collect()
    }

    /// Share of the samples whose first value is on the right side of 0.5.
    pub(crate) fn accuracy(&self, network: &mut Network) -> f32 {
        let predictions = self.predictions(network);
        let right =
            predictions.iter().zip(&self.targets).filter(|(p, y)| (p[0] > 0.5) == (y[0] > 0.5));
        right.count() as f32 / self.inputs.len() as f32
    }

    /// Samples whose largest value is where it should be.
    pub(crate) fn right_classes(&self, network: &mut Network) -> usize {
        let class = |values: &[f32]| {
            (0..values.len()).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap()
        };
        let predictions = self.predictions(network);
        predictions.iter().zip(&self.targets).filter(|(p, y)| class(p) == class(y)).count()
    }

    /// Share of the variance of the first value that the predictions explain.
    pub(crate) fn r2(&self, network: &mut Network) -> f32 {
        let predictions = self.predictions(network);
        let mean = self.targets.iter().map(|y| y[0]).sum::<f32>() / self.targets.len() as f32;
        let total: f32 = self.targets.iter().map(|y| (y[0] - mean).powi(2)).sum();
        let pairs = predictions.iter().zip(&self.targets);
        1.0 - pairs.map(|(p, y)| (p[0] - y[0]).powi(2)).sum::<f32>() / total
    }
}
