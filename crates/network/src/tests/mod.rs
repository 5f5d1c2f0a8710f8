//! Tests of the whole network that look inside.

mod gradient;
mod growth;
mod invariants;
mod jitter;
mod kernels;
mod reference;

use crate::network::Network;
use crate::rng::Rng;
use crate::template::{Brick, BrickKind, Position, Settings, Template};

/// A template of bricks in a row (`x` = 1, 2, 3...) with these numbers of neurons; the first is the
/// input, the last the output.
fn row(neurons: &[u32], settings: Settings) -> Template {
    let last = neurons.len() - 1;
    let brick = |(i, &neurons): (usize, &u32)| Brick {
        position: Position { x: i as u32 + 1, y: 1, z: 1 },
        kind: match i {
            0 => BrickKind::Input("in".to_owned()),
            i if i == last => BrickKind::Output { name: "out".to_owned(), kind: None },
            _ => BrickKind::Inner,
        },
        neurons,
    };
    Template { settings, bricks: neurons.iter().enumerate().map(brick).collect() }
}

/// A network and the inputs that it was taught on.
fn taught(template: &Template, steps: usize) -> (Network, Vec<Vec<f32>>) {
    let mut network = Network::new(template).unwrap();
    let inputs = teach(&mut network, steps);
    (network, inputs)
}

/// Teaches targets that are a rough function of the inputs, and gives the inputs.
fn teach(network: &mut Network, steps: usize) -> Vec<Vec<f32>> {
    let mut rng = Rng::new(7);
    let width = network.input_width();
    let mut prediction = vec![0.0; network.output_width()];
    let inputs: Vec<Vec<f32>> =
        (0..steps).map(|_| (0..width).map(|_| 10.0 * rng.noise()).collect()).collect();
    for input in &inputs {
        let target: Vec<f32> = (0..prediction.len())
            .map(|i| f32::from(u8::from(input[i % width] * input[(i + 1) % width] > 0.0)))
            .collect();
        network.train(input, &target, &mut prediction).unwrap();
    }
    inputs
}
