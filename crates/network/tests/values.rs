//! Values of every sort that come as inputs and targets.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Chance, Samples, three};
use hanami_network::Network;
use hanami_network::template::Settings;

fn network(inputs: usize, neurons: u32, outputs: usize) -> Network {
    Network::new(&three(inputs as u32, neurons, outputs as u32, Settings::default())).unwrap()
}

fn truth(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

/// A target that is 1 at this place and else 0.
fn one_of(count: usize, class: usize) -> Vec<f32> {
    (0..count).map(|i| truth(i == class)).collect()
}

/// The share of samples whose largest value is where it should be.
fn share(samples: &Samples, network: &mut Network) -> f32 {
    samples.right_classes(network) as f32 / samples.inputs.len() as f32
}

#[test]
fn negative_inputs_are_as_good_as_positive_ones() {
    // Which of the four quarters, all of them half negative; and one where only the size counts.
    let mut chance = Chance::new(1);
    let mut make = |count| {
        Samples::make(count, || {
            let (x, y) = (-5.0 - 4.0 * chance.normal(), 3.0 * chance.normal());
            (vec![x, y], vec![truth(x * y > 0.0), truth(x < -5.0), truth(y.abs() > 2.0)])
        })
    };
    let (train, test) = (make(5000), make(1000));
    let mut network = network(2, 100, 3);
    train.teach(&mut network, 2);
    let answers = test.predictions(&mut network);
    for value in 0..3 {
        let right = answers.iter().zip(&test.targets);
        let right = right.filter(|(a, y)| (a[value] > 0.5) == (y[value] > 0.5)).count();
        assert!(right > 960, "value {value}: {right} of 1000");
    }
}

#[test]
fn numbers_beyond_0_to_1_are_learned_at_any_size() {
    for (scale, offset) in [(1000.0, -20_000.0), (1e-4, 0.0), (1e9, 1e9), (50.0, -25.0)] {
        let mut chance = Chance::new(2);
        let mut make = |count| {
            Samples::make(count, || {
                let (a, b) = (chance.uniform(), chance.uniform());
                (vec![a, b], vec![offset + scale * (a * 3.0 - b), -scale * (b - 0.5) * 7.0])
            })
        };
        let (train, test) = (make(3000), make(500));
        let mut network = network(2, 100, 2);
        train.teach(&mut network, 2);
        let answers = test.predictions(&mut network);
        for (answer, target) in answers.iter().zip(&test.targets) {
            for (answer, target) in answer.iter().zip(target) {
                assert!((answer - target).abs() < 0.5 * scale, "{scale}: {answer} {target}");
            }
        }
        assert!(test.r2(&mut network) > 0.97, "{scale} {offset}: {}", test.r2(&mut network));
    }
}

#[test]
fn values_that_are_missing_are_made_up_for_by_others() {
    // Four inputs say the same, with noise; a third of them is missing.
    let mut chance = Chance::new(3);
    let mut make = |count| {
        Samples::make(count, || {
            let class = truth(chance.uniform() < 0.5);
            let input = (0..4).map(|_| {
                let value = 2.0 * class - 1.0 + 0.5 * chance.normal();
                if chance.uniform() < 0.33 { f32::NAN } else { value }
            });
            (input.collect(), vec![class])
        })
    };
    let (train, test) = (make(4000), make(2000));
    let mut network = network(4, 60, 1);
    train.teach(&mut network, 1);
    // One in 84 has no value at all, and noise alone misleads some others.
    let accuracy = test.accuracy(&mut network);
    assert!(accuracy > 0.96, "{accuracy}");
}

#[test]
fn a_target_that_is_missing_changes_nothing() {
    let settings = Settings { experience: 0, ..Settings::default() };
    let mut network = Network::new(&three(2, 50, 2, settings)).unwrap();
    let mut both = Samples::moons(1000, 1);
    both.targets.iter_mut().for_each(|target| target.push(1.0 - target[0]));
    both.teach(&mut network, 1);
    let test = Samples::moons(100, 2);
    let answers = |network: &Network| {
        // Averaged weights still follow what was learned before: so ask those that learn.
        let mut copy = Network::from_bytes(&network.to_bytes()).unwrap();
        let ask = |input: &Vec<f32>| {
            let mut answer = [0.0; 2];
            copy.train(input, &[f32::NAN; 2], &mut answer).unwrap();
            answer
        };
        test.inputs.iter().map(ask).collect::<Vec<_>>()
    };
    let before = answers(&network);
    let mut prediction = [0.0; 2];
    // The same input again and again, so that no border moves.
    for _ in 0..10 {
        network.train(&[f32::NAN; 2], &[f32::NAN; 2], &mut prediction).unwrap();
    }
    assert_eq!(answers(&network), before);
}

#[test]
fn a_target_that_is_missing_leaves_the_others_to_learn() {
    let mut network = network(2, 100, 2);
    let mut chance = Chance::new(4);
    let mut samples = Samples::moons(4000, 1);
    for target in &mut samples.targets {
        target.push(1.0 - target[0]);
        target[chance.below(2)] = f32::NAN;
    }
    samples.teach(&mut network, 1);
    let test = Samples::moons(1000, 2);
    let answers = test.predictions(&mut network);
    let right = answers.iter().zip(&test.targets).filter(|(answer, target)| {
        (answer[0] > 0.5) == (target[0] > 0.5) && (answer[1] > 0.5) != (target[0] > 0.5)
    });
    let right = right.count();
    assert!(right > 940, "{right} of 1000");
}

#[test]
fn a_class_that_was_never_seen_is_learned_when_it_appears() {
    // Five clusters of points, one for each class; the last class comes late.
    let mut chance = Chance::new(5);
    let mut make = |count, classes| {
        Samples::make(count, || {
            let class = chance.below(classes);
            let angle = class as f32 * 1.256;
            let input = vec![
                3.0 * angle.cos() + 0.7 * chance.normal(),
                3.0 * angle.sin() + 0.7 * chance.normal(),
            ];
            (input, one_of(5, class))
        })
    };
    // The weights that predict follow within their window, a fifth of all steps unless it is shorter.
    for (before, after, averaging_window) in [(5000, 3000, 20_000), (20_000, 1500, 300)] {
        let settings = Settings { averaging_window, ..Settings::default() };
        let mut network = Network::new(&three(2, 100, 5, settings)).unwrap();
        make(before, 4).teach(&mut network, 1);
        let all = make(2000, 5);
        let unknown = share(&all, &mut network);
        assert!(unknown < 0.85, "the fifth is not known: {unknown}");
        make(after, 5).teach(&mut network, 1);
        let known = share(&all, &mut network);
        assert!(known > 0.95, "{before} {after}: {known}");
    }
}

#[test]
fn few_inputs_tell_many_outputs_apart() {
    // Two numbers, a hundred fields of a board.
    let mut chance = Chance::new(6);
    let mut make = |count| {
        Samples::make(count, || {
            let (x, y) = (chance.below(10), chance.below(10));
            let at = |field| field as f32 + 0.2 + 0.6 * chance.uniform();
            let mut at = at;
            (vec![at(x), at(y)], one_of(100, 10 * x + y))
        })
    };
    let (train, test) = (make(10_000), make(1000));
    let mut network = network(2, 200, 100);
    train.teach(&mut network, 2);
    let share = share(&test, &mut network);
    assert!(share > 0.85, "{share}");
}

#[test]
fn binary_inputs_are_enough() {
    // Three of the twelve inputs choose which of eight others is the answer; one is noise.
    let mut chance = Chance::new(7);
    let mut make = |count| {
        Samples::make(count, || {
            let bits: Vec<usize> = (0..12).map(|_| chance.below(2)).collect();
            let chosen = 3 + bits[0] + 2 * bits[1] + 4 * bits[2];
            (bits.iter().map(|&bit| bit as f32).collect(), vec![bits[chosen] as f32])
        })
    };
    let (train, test) = (make(4000), make(1000));
    let mut network = network(12, 200, 1);
    train.teach(&mut network, 4);
    let accuracy = test.accuracy(&mut network);
    assert!(accuracy > 0.98, "{accuracy}");
}
