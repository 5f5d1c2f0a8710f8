//! The step of every weight against the slope of the loss, measured by bending the weight.

use super::reference::{Reference, Synapse, logistic};
use super::{row, taught};
use crate::network::Network;
use crate::sections::Weights;
use crate::surprise::Surprise;
use crate::template::Settings;

/// Cross-entropy of the naive network.
fn loss(reference: &Reference<'_>, input: &[f32], target: &[f32]) -> f64 {
    let chances = reference.sums(input).into_iter().map(logistic);
    chances
        .zip(target)
        .map(|(p, &y)| -(f64::from(y) * p.ln() + (1.0 - f64::from(y)) * (1.0 - p).ln()))
        .sum()
}

fn slope(network: &Network, synapse: Synapse, input: &[f32], target: &[f32]) -> f64 {
    const BEND: f64 = 1e-5;
    let bent = |by: f64| {
        let bent = Some((synapse, by));
        loss(&Reference { network, copy: Weights::Fast, bent }, input, target)
    };
    (bent(BEND) - bent(-BEND)) / (2.0 * BEND)
}

/// Forgets how noisy targets are, so that weights don't shrink besides.
fn expect_no_noise(network: &mut Network) {
    network.outputs[0].surprise = Surprise::default();
}

/// Learning rate and energy of each listening brick at the network's next step.
fn rates(network: &Network) -> Vec<f64> {
    let decay = (1.0 + network.steps as f64 / 20_000.0).sqrt().recip();
    let inner = network.inner.iter().map(|inner| 3.0 / f64::from(inner.brick.energy));
    let outputs = network.outputs.iter().map(|output| 1.5 / f64::from(output.brick.energy));
    inner.chain(outputs).map(|rate| rate * decay).collect()
}

fn weights(network: &Network) -> Vec<(Synapse, f64)> {
    Reference { network, copy: Weights::Fast, bent: None }.synapses()
}

/// Compares the step that led from one network to the other with the slope of the loss. Gives the
/// number of weights that had one worth the test.
fn assert_moved_down(before: &Network, after: &Network, input: &[f32], target: &[f32]) -> usize {
    let (rates, new_weights) = (rates(after), weights(after));
    let mut moved = 0;
    for (synapse, old) in weights(before) {
        let &(_, new) = new_weights.iter().find(|(other, _)| *other == synapse).unwrap();
        let expected = -rates[synapse.brick] * slope(before, synapse, input, target);
        let found = new - old;
        assert!(
            (found - expected).abs() < 1e-3 * expected.abs() + 1e-6,
            "{synapse:?}: {found} {expected}"
        );
        moved += usize::from(expected.abs() > 1e-5);
    }
    moved
}

#[test]
fn weights_move_down_the_slope_of_the_loss() {
    let settings = Settings { experience: 0, max_connection_distance: 2, ..Settings::default() };
    let (mut before, inputs) = taught(&row(&[2, 3, 4, 2], settings), 200);
    expect_no_noise(&mut before);
    let mut moved = 0;
    for input in &inputs[..20] {
        let mut network = Network::from_bytes(&before.to_bytes()).unwrap();
        // Close to what it would answer: errors of inner neurons are cut when they are large.
        let sums = Reference { network: &network, copy: Weights::Fast, bent: None }.sums(input);
        let near = |chance: f64| if chance < 0.5 { chance + 0.01 } else { chance - 0.01 };
        let target: Vec<f32> = sums.into_iter().map(|sum| near(logistic(sum)) as f32).collect();
        network.train(input, &target, &mut [0.0; 2]).unwrap();
        if network.inputs[0].chains.ends != before.inputs[0].chains.ends {
            // Borders that moved in this step changed weights, too.
            continue;
        }
        moved += assert_moved_down(&before, &network, input, &target);
    }
    assert!(moved > 200, "only {moved} weights had a slope worth the test");
}

#[test]
fn weights_move_down_the_slope_of_the_loss_in_steps_that_grow() {
    let settings = Settings { experience: 0, max_connection_distance: 2, ..Settings::default() };
    let (mut before, inputs) = taught(&row(&[2, 3, 4, 2], settings), 200);
    expect_no_noise(&mut before);
    // Weak synapses between inner bricks and outputs: errors of inner neurons are cut when large.
    let mut sign = 1.0;
    let mut weak = || {
        sign = -sign;
        0.1 * sign
    };
    for brick in [&mut before.inner[1].brick, &mut before.outputs[0].brick] {
        for (heard, sections) in brick.hears.iter().zip(&mut brick.blocks[0].sections) {
            if let (2.., Some(sections)) = (heard.place, sections) {
                (0..brick.limit).for_each(|neuron| sections.regrow(neuron, &mut weak));
            }
        }
    }
    // The sections from the first inner brick to the outputs are missing, and will grow.
    let output = &mut before.outputs[0].brick;
    let place = output.hears.iter().position(|heard| heard.place == 2).unwrap();
    output.blocks[0].sections[place] = None;
    let (mut moved, mut grown) = (0, 0);
    for input in &inputs[..40] {
        let mut network = Network::from_bytes(&before.to_bytes()).unwrap();
        let sums = Reference { network: &network, copy: Weights::Fast, bent: None }.sums(input);
        // Just wrong enough to grow.
        let off = |chance: f64| if chance < 0.5 { chance + 0.21 } else { chance - 0.21 };
        let target: Vec<f32> = sums.into_iter().map(|sum| off(logistic(sum)) as f32).collect();
        network.train(input, &target, &mut [0.0; 2]).unwrap();
        if network.inputs[0].chains.ends != before.inputs[0].chains.ends {
            continue;
        }
        moved += assert_moved_down(&before, &network, input, &target);
        grown += weights(&network).len() - weights(&before).len();
    }
    assert!(moved > 200, "only {moved} weights had a slope worth the test");
    assert!(grown > 20, "only {grown} synapses grew");
}
