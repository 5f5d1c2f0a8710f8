//! A time series that jumps between four levels, read through a window of 25 rows.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{inner, input, output};
use hanami_network::Network;
use hanami_network::template::{Settings, Template};

/// The levels and what is right for them.
const LEVELS: [(f32, f32); 4] = [(0.0, 0.0), (80.0, 1.0), (30.0, 0.5), (10.0, 0.75)];
/// An order of the levels in which each follows each other one.
const ORDER: [usize; 12] = [0, 1, 2, 3, 0, 2, 1, 3, 2, 0, 3, 1];
/// Rows for which a level is held.
const HELD: usize = 100;
/// Rows that are read, and the last ones of them that have an answer.
const WINDOW: usize = 25;
const ANSWERS: usize = 5;

/// Inputs and targets of a table's rows, twice the order, so that the last level leads to the first.
fn rows() -> (Vec<f32>, Vec<f32>) {
    let levels = ORDER.iter().chain(&ORDER).flat_map(|&level| [LEVELS[level]; HELD]);
    levels.unzip()
}

fn spiking() -> Settings {
    Settings { neuron_cooldown: 1.5, refractory_time: 5, ..Settings::default() }
}

fn network(settings: Settings) -> Network {
    let bricks = vec![
        input((1, 1, 1), "level", WINDOW as u32),
        inner((2, 1, 1), 128),
        inner((3, 1, 1), 128),
        output((4, 1, 1), "answer", ANSWERS as u32),
    ];
    Network::new(&Template { settings, bricks }).unwrap()
}

/// Each window of the rows with its targets.
fn windows<'a>(
    inputs: &'a [f32],
    targets: &'a [f32],
) -> impl Iterator<Item = (&'a [f32], &'a [f32])> {
    inputs.windows(WINDOW).zip(targets[WINDOW - ANSWERS..].windows(ANSWERS))
}

/// Mean absolute error of the answers to all windows in a row.
fn mean_error(network: &mut Network, inputs: &[f32], targets: &[f32]) -> f32 {
    let mut course = network.course();
    let (mut error, mut count) = (0.0, 0);
    for (input, target) in windows(inputs, targets) {
        let mut answer = [0.0; ANSWERS];
        network.predict_next(&mut course, input, &mut answer).unwrap();
        error += answer.iter().zip(target).map(|(a, b)| (a - b).abs()).sum::<f32>();
        count += ANSWERS;
    }
    error / count as f32
}

/// The smallest and the largest answer while a level is held, once it fills the window.
fn answers(network: &mut Network, level: f32) -> (f32, f32) {
    let mut course = network.course();
    let (mut smallest, mut largest) = (f32::MAX, f32::MIN);
    for row in 0..2 * HELD {
        let mut answer = [0.0; ANSWERS];
        network.predict_next(&mut course, &[level; WINDOW], &mut answer).unwrap();
        if row > WINDOW {
            smallest = answer.into_iter().fold(smallest, f32::min);
            largest = answer.into_iter().fold(largest, f32::max);
        }
    }
    (smallest, largest)
}

fn assert_learns(settings: &Settings, passes: usize) {
    let (inputs, targets) = rows();
    for seed in 1..=2 {
        let mut network = network(Settings { seed, ..settings.clone() });
        let mut answer = [0.0; ANSWERS];
        for _ in 0..passes {
            for (input, target) in windows(&inputs, &targets) {
                network.train(input, target, &mut answer).unwrap();
            }
        }
        let error = mean_error(&mut network, &inputs, &targets);
        assert!(error < 0.02, "{settings:?}: {error}");
        for (level, right) in LEVELS {
            let (smallest, largest) = answers(&mut network, level);
            assert!(
                smallest > right - 0.05 && largest < right + 0.05,
                "{level}: {smallest} {largest}"
            );
        }
        // Levels that never came, and the answers to their neighbours.
        for (level, least, most) in
            [(5.0, 0.0, 0.75), (20.0, 0.5, 0.75), (50.0, 0.5, 1.0), (100.0, 0.97, 1.0)]
        {
            let (smallest, largest) = answers(&mut network, level);
            assert!(smallest >= least && largest <= most, "{level}: {smallest} to {largest}");
        }
    }
}

#[test]
fn every_window_tells_its_level() {
    assert_learns(&Settings::default(), 5);
}

#[test]
fn synapses_that_skip_a_brick_learn_the_series_too() {
    assert_learns(&Settings { max_connection_distance: 2, ..Settings::default() }, 5);
}

#[test]
fn spiking_neurons_learn_the_series_too() {
    assert_learns(&spiking(), 15);
}

#[test]
fn spiking_neurons_that_skip_a_brick_learn_the_series_too() {
    assert_learns(&Settings { max_connection_distance: 2, ..spiking() }, 15);
}

#[test]
fn a_course_answers_as_training_does_and_changes_nothing() {
    let settings = Settings {
        // The weights that predict are those that learn.
        averaging_window: 1,
        experience: 0,
        ..spiking()
    };
    let (inputs, targets) = rows();
    let mut network = network(settings);
    let mut answer = [0.0; ANSWERS];
    for (input, target) in windows(&inputs, &targets).take(1500) {
        network.train(input, target, &mut answer).unwrap();
    }
    let before = network.to_bytes();
    let mut course = network.course();
    let mut asked = Vec::new();
    for (input, _) in windows(&inputs, &targets).skip(1500).take(400) {
        network.predict_next(&mut course, input, &mut answer).unwrap();
        asked.push(answer);
    }
    assert!(network.to_bytes() == before);
    // Nothing to learn from: the answers of training are those of the same weights.
    let nothing = [f32::NAN; ANSWERS];
    for ((input, _), asked) in windows(&inputs, &targets).skip(1500).zip(asked) {
        network.train(input, &nothing, &mut answer).unwrap();
        assert!(
            answer.iter().zip(asked).all(|(a, b)| (a - b).abs() < 1e-3),
            "{answer:?} {asked:?}"
        );
    }
}

#[test]
fn without_spiking_a_course_is_as_many_predictions() {
    let (inputs, targets) = rows();
    let mut network = network(Settings::default());
    let mut answer = [0.0; ANSWERS];
    for (input, target) in windows(&inputs, &targets).take(500) {
        network.train(input, target, &mut answer).unwrap();
    }
    let mut course = network.course();
    for (input, _) in windows(&inputs, &targets).take(200) {
        let mut alone = [0.0; ANSWERS];
        network.predict_next(&mut course, input, &mut answer).unwrap();
        network.predict(input, &mut alone).unwrap();
        assert_eq!(answer, alone);
    }
}
