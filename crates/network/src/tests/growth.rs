//! What grows, how far, and what becomes of it.

use std::collections::HashSet;

use super::{row, taught};
use crate::brick::Brick;
use crate::network::Network;
use crate::rng::Rng;
use crate::sections::{Sections, Weights};
use crate::template::Settings;

#[test]
fn an_empty_network_is_small() {
    let network = Network::new(&row(&[784, 400, 10], Settings::default())).unwrap();
    let stats = network.stats();
    assert_eq!((stats.synapses, stats.sections), (0, 0));
    assert!(stats.bytes < 20 * 1024, "{}", stats.bytes);
}

#[test]
fn nothing_grows_where_nothing_is_wrong() {
    let mut network = Network::new(&row(&[3, 10, 1], Settings::default())).unwrap();
    for _ in 0..50 {
        network.train(&[1.0, 2.0, 3.0], &[f32::NAN], &mut [0.0]).unwrap();
    }
    assert_eq!(network.stats().synapses, 0);
}

#[test]
fn inner_bricks_double_their_neurons_and_then_open_blocks_up_to_their_limit() {
    let template = row(&[4, 150, 1], Settings { experience: 0, ..Settings::default() });
    let mut network = Network::new(&template).unwrap();
    let mut rng = Rng::new(1);
    let mut seen = vec![network.stats().bricks[0].neurons];
    for _ in 0..2000 {
        // Nothing can be learned of this, so samples stay wrong.
        let input = [rng.noise(), rng.noise(), rng.noise(), rng.noise()];
        let target = [f32::from(u8::from(rng.noise() > 0.0))];
        network.train(&input, &target, &mut [0.0]).unwrap();
        let neurons = network.stats().bricks[0].neurons;
        if Some(&neurons) != seen.last() {
            seen.push(neurons);
        }
    }
    assert_eq!(seen, [16, 32, 64, 128, 150]);
    assert_eq!(network.stats().bricks[1].neurons, 1);
}

#[test]
fn a_brick_that_widens_keeps_what_its_neurons_have_learned() {
    let template = row(&[4, 60, 1], Settings { experience: 0, ..Settings::default() });
    let mut network = Network::new(&template).unwrap();
    let mut rng = Rng::new(1);
    for step in 0..3 {
        let input = [rng.noise(), rng.noise(), rng.noise(), rng.noise()];
        network.train(&input, &[(step % 2) as f32], &mut [0.0]).unwrap();
    }
    let weights = |brick: &Brick| -> Vec<Vec<f32>> {
        let sections = brick.blocks[0].sections.iter().flatten();
        let copies = |sections: &Sections, row| {
            let copy = |copy| sections.weights(copy, row).collect::<Vec<f32>>();
            [copy(Weights::Fast), copy(Weights::Slow)]
        };
        sections.flat_map(|s| (1..=s.count()).flat_map(|row| copies(s, row))).collect()
    };
    let brick = &mut network.inner[0].brick;
    let old = weights(brick);
    assert_eq!(brick.neurons(), 16);
    while brick.neurons() < 60 {
        brick.add_neurons(&mut rng, &mut network.room);
    }
    let new = weights(brick);
    assert!(old.len() > 10 && old.len() == new.len(), "{} {}", old.len(), new.len());
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(old[..], new[..16]);
        assert!(new[16..60].iter().all(|&weight| weight != 0.0), "{new:?}");
        assert_eq!(new[60..], [0.0; 4]);
    }
    assert_eq!(network.room.taken, size(&network));
}

#[test]
fn a_brick_widens_only_where_there_is_room() {
    let mut network = Network::new(&row(&[50, 60, 1], Settings::default())).unwrap();
    network.train(&[1.0; 50], &[1.0], &mut [0.0]).unwrap();
    network.room.limit = network.room.taken + 1000;
    let (brick, mut rng) = (&mut network.inner[0].brick, Rng::new(1));
    assert_eq!(brick.neurons(), 16);
    // Rows have place for as many again, so that these take no room.
    brick.add_neurons(&mut rng, &mut network.room);
    assert_eq!(brick.neurons(), 32);
    brick.add_neurons(&mut rng, &mut network.room);
    assert_eq!(brick.neurons(), 32);
}

/// How far each slow weight is from the fast one.
fn lags(network: &Network) -> Vec<f64> {
    let of = |copy| super::reference::Reference { network, copy, bent: None }.synapses();
    let pairs = of(Weights::Slow).into_iter().zip(of(Weights::Fast));
    pairs.map(|((_, slow), (_, fast))| fast - slow).collect()
}

#[test]
fn slow_weights_follow_the_fast_ones_once_a_round() {
    let settings = Settings { experience: 0, ..Settings::default() };
    let (mut network, _) = taught(&row(&[5, 100, 3], settings), 300);
    for (steps, round) in [(32, 1), (100, 2), (3000, 64), (100_000, 256)] {
        network.steps = steps;
        let before = lags(&network);
        for _ in 0..round {
            network.steps += 1;
            network.average();
        }
        let left = 1.0 - (f64::from(round) / (0.2 * steps as f64).min(20_000.0));
        for (before, after) in before.into_iter().zip(lags(&network)) {
            let expected = left * before;
            assert!((after - expected).abs() < 0.01 * before.abs() + 1e-6, "{before} {after}");
        }
    }
}

#[test]
fn only_signals_that_came_have_sections() {
    let mut network = Network::new(&row(&[1000, 10, 1], Settings::default())).unwrap();
    let mut input = vec![0.0; 1000];
    input[3] = 5.0;
    input[700] = -2.0;
    for target in [0.0, 1.0] {
        network.train(&input, &[target], &mut [0.0]).unwrap();
    }
    // The constant signal and one ramp for each of the two values.
    assert_eq!(network.stats().bricks[0].sections, 3);
    assert_eq!(network.stats().bricks[0].synapses, 30);
}

#[test]
fn every_value_of_a_wide_input_gets_its_section() {
    let values = 40_000;
    let settings = Settings { experience: 0, ..Settings::default() };
    let mut network = Network::new(&row(&[values, 1], settings)).unwrap();
    for (value, target) in [(1.0, 0.0), (-1.0, 1.0)] {
        network.train(&vec![value; values as usize], &[target], &mut [0.0]).unwrap();
    }
    // One for each value and sign, and that of the constant signal.
    assert_eq!(network.stats().sections, 2 * values as usize + 1);
    assert!(Network::from_bytes(&network.to_bytes()).is_ok());
}

/// Bytes of all sections.
fn size(network: &Network) -> usize {
    let inner = network.inner.iter().map(|inner| &inner.brick);
    inner.chain(network.outputs.iter().map(|output| &output.brick)).map(Brick::size).sum()
}

#[test]
fn a_network_without_room_goes_on_learning_but_not_growing() {
    let settings = Settings { experience: 3, ..Settings::default() };
    let mut network = Network::new(&row(&[50, 200, 100], settings)).unwrap();
    network.room.limit = 100_000;
    let mut rng = Rng::new(1);
    let mut teach = |network: &mut Network, steps: usize| {
        for _ in 0..steps {
            let input: Vec<f32> = (0..50).map(|_| rng.noise()).collect();
            let target = f32::from(u8::from(input[0] > 0.0));
            network.train(&input, &[target; 100], &mut [0.0; 100]).unwrap();
        }
    };
    assert!(!network.stats().is_full);
    teach(&mut network, 50);
    assert!(network.stats().is_full);
    // All that is beyond the limit: the last row and those of the constant signal.
    assert_eq!(network.room.taken, size(&network));
    assert!(network.room.taken < 100_000 + 10 * 520, "{:?}", network.room);
    let restored = Network::from_bytes(&network.to_bytes()).unwrap();
    assert_eq!(restored.room.taken, network.room.taken);
    let before = network.stats();
    teach(&mut network, 300);
    assert_eq!(network.stats().sections, before.sections);
    assert_eq!(network.stats().neurons, before.neurons);
    let input: Vec<f32> = (0..50).map(|i| if i == 0 { 1.0 } else { 0.1 }).collect();
    let mut output = [0.0; 100];
    network.predict(&input, &mut output).unwrap();
    assert!(output[0] > 0.6, "{}", output[0]);
}

#[test]
fn moved_borders_keep_what_an_edge_has_learned() {
    let template = row(&[1, 8, 1], Settings { experience: 0, ..Settings::default() });
    let (mut network, _) = taught(&template, 40);
    let edge = |network: &Network, magnitude: f32| -> Vec<f32> {
        let sections = &network.inner[0].brick.blocks[0].sections[1].as_ref().unwrap();
        let mut start = 0.0;
        let mut sum = vec![0.0; 8];
        for (ramp, &end) in (0..).zip(network.inputs[0].chains.ends(0)) {
            let height = crate::borders::ramp(magnitude, start, end);
            let weights = sections.weights(Weights::Fast, sections.row(ramp));
            sum.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += height * weight);
            start = end;
        }
        sum
    };
    let before = Network::from_bytes(&network.to_bytes()).unwrap();
    let mut rng = Rng::new(3);
    while network.inputs[0].chains.ends(0) == before.inputs[0].chains.ends(0) {
        let values = &mut network.scratch.values;
        crate::input::read_values(network.kernel, &[rng.noise() * 20.0], values);
        network.observe_inputs();
    }
    for &border in network.inputs[0].chains.ends(0) {
        for (old, new) in edge(&before, border).into_iter().zip(edge(&network, border)) {
            assert!((old - new).abs() < 1e-4, "at {border}: {old} {new}");
        }
    }
}

#[test]
fn inputs_that_always_come_together_move_their_borders_in_turn() {
    let settings = Settings { experience: 0, ..Settings::default() };
    let mut network = Network::new(&row(&[200, 4, 1], settings)).unwrap();
    let mut rng = Rng::new(4);
    let mut most = 0;
    for step in 1..=3000 {
        let before = network.inputs[0].chains.clone();
        let input: Vec<f32> = (0..200).map(|_| 20.0 + rng.noise()).collect();
        network.train(&input, &[(step % 2) as f32], &mut [0.0]).unwrap();
        let chains = &network.inputs[0].chains;
        if step >= 64 {
            let moved = (0..200).filter(|&chain| chains.ends(chain) != before.ends(chain)).count();
            most = most.max(moved);
        }
    }
    assert!(most > 0 && most <= 200 / 64 + 1, "{most} chains moved in one step");
}

#[test]
fn a_chain_is_within_reach_as_a_whole_and_stays_so() {
    let settings = Settings { max_connection_distance: 2, experience: 0, ..Settings::default() };
    let mut network = Network::new(&row(&[20, 10, 1], settings)).unwrap();
    let mut rng = Rng::new(6);
    for _ in 0..3000 {
        let input: Vec<f32> = (0..20).map(|_| rng.noise()).collect();
        let target = f32::from(u8::from(rng.noise() > 0.0));
        network.train(&input, &[target], &mut [0.0]).unwrap();
    }
    let chains = &network.inputs[0].chains;
    assert!(chains.ramps > 1 && chains.reservoirs.len() == 40);
    let skipping = network.outputs[0].brick.blocks[0].sections[1].as_deref().unwrap();
    let linked = chains_with_sections(skipping, chains.ramps);
    assert!((10..=30).contains(&linked), "about half of the chains: {linked}");
    assert!(skipping.count() > linked * chains.ramps * 3 / 4);
    assert!(skipping.count() <= linked * chains.ramps);
}

fn chains_with_sections(sections: &Sections, ramps: usize) -> usize {
    let rows = 1..=sections.count();
    rows.map(|row| sections.ramp(row) as usize / ramps).collect::<HashSet<_>>().len()
}

#[test]
fn reduction_deletes_what_is_hardly_used_and_gives_the_memory_back() {
    let settings = Settings { enable_reduction: true, experience: 0, ..Settings::default() };
    let mut network = Network::new(&row(&[600, 64, 1], settings)).unwrap();
    let mut rng = Rng::new(5);
    // Values that come once...
    for i in 10..600 {
        let mut input = vec![0.0; 600];
        input[i] = 1.0;
        network.train(&input, &[(i % 2) as f32], &mut [0.0]).unwrap();
    }
    let grown = network.stats();
    // ...and values that keep coming.
    for _ in 0..10_000 {
        let mut input = vec![0.0; 600];
        (0..10).for_each(|i| input[i] = rng.noise());
        let target = f32::from(u8::from(rng.noise() > 0.0));
        network.train(&input, &[target], &mut [0.0]).unwrap();
    }
    let reduced = network.stats();
    assert_eq!(network.room.taken, size(&network), "what is deleted makes room");
    assert!(grown.sections > 550, "{}", grown.sections);
    assert!(reduced.sections < 150, "{}", reduced.sections);
    assert!(reduced.bricks[0].bytes < grown.bricks[0].bytes / 3, "{reduced:?} {grown:?}");
    let sections = &network.inner[0].brick.blocks[0].sections[1].as_ref().unwrap();
    assert!(sections.count() >= 20, "what is used stays: {}", sections.count());
}
