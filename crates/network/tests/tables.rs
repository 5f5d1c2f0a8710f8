//! Small tables of raw numbers, spoiled in the ways in which real ones are, learned in some passes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Chance, Samples, three};
use hanami_network::Network;
use hanami_network::template::Settings;

const ROWS: usize = 700;
const PASSES: usize = 20;
/// From the smallest to the largest it is 10^12.
const SCALES: [f32; 5] = [1e-6, 1e6, 1e-3, 1e3, 1.0];

/// A network for the samples, taught them so many times in their order.
fn taught(samples: &Samples, passes: usize) -> Network {
    let (inputs, outputs) = (samples.inputs[0].len() as u32, samples.targets[0].len() as u32);
    let mut network = Network::new(&three(inputs, 100, outputs, Settings::default())).unwrap();
    samples.teach(&mut network, passes);
    network
}

/// The same samples with each input changed, which `change` is given with the number of its column.
fn changed(samples: &Samples, mut change: impl FnMut(usize, f32) -> f32) -> Samples {
    let mut row = |input: &Vec<f32>| input.iter().enumerate().map(|(i, &x)| change(i, x)).collect();
    let inputs = samples.inputs.iter().map(&mut row).collect();
    Samples { inputs, targets: samples.targets.clone() }
}

/// Samples to learn and samples to be judged by, with and without something wrong with them.
fn spoiled(train: &Samples, test: &Samples) -> [(&'static str, Samples, Samples); 4] {
    let same = |_, x| x;
    let scale = |i, x| SCALES[i % SCALES.len()] * x;
    let offset = |_, x| 1000.0 + x;
    let mut chance = Chance::new(3);
    let wild = |_, x| if chance.uniform() < 0.01 { 1e6 * x } else { x };
    [
        ("as they are", changed(train, same), changed(test, same)),
        ("scales", changed(train, scale), changed(test, scale)),
        ("offset", changed(train, offset), changed(test, offset)),
        ("1 % wild cells", changed(train, wild), changed(test, same)),
    ]
}

#[test]
fn classes_are_learned_from_columns_of_any_kind() {
    for (name, train, test) in spoiled(&Samples::moons(ROWS, 1), &Samples::moons(1000, 2)) {
        let accuracy = test.accuracy(&mut taught(&train, PASSES));
        assert!(accuracy > 0.97, "{name}: {accuracy}");
    }
}

#[test]
fn numbers_are_learned_from_columns_of_any_kind() {
    for (name, train, test) in spoiled(&Samples::friedman(ROWS, 1), &Samples::friedman(1000, 2)) {
        let r2 = test.r2(&mut taught(&train, PASSES));
        assert!(r2 > 0.88, "{name}: {r2}");
    }
}

#[test]
fn a_target_a_million_times_too_large_in_each_pass_does_little_harm() {
    let (mut train, test) = (Samples::friedman(ROWS, 1), Samples::friedman(1000, 2));
    train.targets[350][0] *= 1e6;
    let r2 = test.r2(&mut taught(&train, PASSES));
    assert!(r2 > 0.87, "{r2}");
}

#[test]
fn one_target_in_a_hundred_a_million_times_too_large_does_little_harm() {
    let (mut train, test) = (Samples::friedman(ROWS, 1), Samples::friedman(1000, 2));
    train.targets.iter_mut().step_by(100).for_each(|target| target[0] *= 1e6);
    let r2 = test.r2(&mut taught(&train, PASSES));
    assert!(r2 > 0.85, "{r2}");
}

#[test]
fn numbers_are_not_known_less_well_after_more_passes() {
    let (train, test) = (Samples::friedman(ROWS, 1), Samples::friedman(1000, 2));
    let mut network = taught(&train, 5);
    let few = 1.0 - test.r2(&mut network);
    train.teach(&mut network, 15);
    let many = 1.0 - test.r2(&mut network);
    assert!(many < 1.1 * few, "{few} {many}");
}

/// A place in a square; which of its 64 fields that is, or a wave there of 64 lengths and directions.
fn square(count: usize, seed: u64, target: fn(usize, f32, f32) -> f32) -> Samples {
    let mut chance = Chance::new(seed);
    Samples::make(count, || {
        let (x, y) = (chance.uniform(), chance.uniform());
        (vec![x, y], (0..64).map(|k| target(k, x, y)).collect())
    })
}

#[test]
fn two_inputs_tell_many_classes_apart() {
    let field = |k: usize, x: f32, y: f32| {
        f32::from(u8::from(k == (8.0 * x) as usize + 8 * (8.0 * y) as usize))
    };
    let mut network = taught(&square(2000, 1, field), 10);
    let right = square(1000, 2, field).right_classes(&mut network);
    assert!(right > 750, "{right}");
}

#[test]
fn two_inputs_tell_many_numbers() {
    let wave =
        |k: usize, x: f32, y: f32| 10.0 * ((k % 8 + 1) as f32 * x + (k / 8) as f32 * y).sin();
    let test = square(1000, 2, wave);
    let answers = test.predictions(&mut taught(&square(2000, 1, wave), 10));
    let pairs = || answers.iter().flatten().zip(test.targets.iter().flatten());
    let error: f32 = pairs().map(|(answer, target)| (answer - target).powi(2)).sum();
    let power: f32 = pairs().map(|(_, target)| target * target).sum();
    assert!(error < 0.02 * power, "{error} {power}");
}

/// Twenty bits, and a function of them.
fn bits(count: usize, seed: u64, target: fn(&[f32]) -> f32) -> Samples {
    let mut chance = Chance::new(seed);
    Samples::make(count, || {
        let bits: Vec<f32> = (0..20).map(|_| chance.below(2) as f32).collect();
        let target = target(&bits);
        (bits, vec![target])
    })
}

#[test]
fn rules_about_bits_are_found() {
    let most = |x: &[f32]| f32::from(u8::from(x[..7].iter().sum::<f32>() > 3.0));
    let odd = |x: &[f32]| x[..3].iter().sum::<f32>() % 2.0;
    for (name, rule) in [("most", most as fn(&[f32]) -> f32), ("odd", odd)] {
        let mut network = taught(&bits(1000, 1, rule), 5);
        let accuracy = bits(1000, 2, rule).accuracy(&mut network);
        assert!(accuracy > 0.98, "{name}: {accuracy}");
    }
}

#[test]
fn numbers_that_bits_add_up_to_are_found() {
    let sum = |x: &[f32]| 5.0 * x[0] - 3.0 * x[1] + 10.0 * x[2] * x[3];
    let r2 = bits(1000, 2, sum).r2(&mut taught(&bits(1000, 1, sum), 5));
    assert!(r2 > 0.98, "{r2}");
}
