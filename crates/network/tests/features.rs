//! Distance, layers and reduction: what they do to a network that learns.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Chance, Samples, inner, input, output, three};
use hanami_network::Network;
use hanami_network::grid::touch;
use hanami_network::template::{Settings, Template};

fn truth(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

#[test]
fn nearer_bricks_are_likelier_to_be_heard() {
    // A row of inner bricks; of 600 inputs, so one ramp each, how many do they hear?
    let settings = Settings { max_connection_distance: 4, experience: 0, ..Settings::default() };
    let mut bricks = vec![input((1, 1, 1), "in", 600)];
    bricks.extend((2..=5).map(|x| inner((x, 1, 1), 10)));
    bricks.push(output((6, 1, 1), "out", 1));
    let mut network = Network::new(&Template { settings, bricks }).unwrap();
    for step in 0..60 {
        network.train(&[1.0; 600], &[(step % 2) as f32], &mut [0.0]).unwrap();
    }
    let heard: Vec<usize> = network.stats().bricks.iter().map(|brick| brick.sections).collect();
    for (distance, (&heard, share)) in (1..).zip(heard.iter().zip([600, 300, 200, 150])) {
        // And those of the constant signal and of up to 30 neurons between.
        assert!((share * 4 / 5..share * 6 / 5 + 40).contains(&heard), "{distance}: {heard}");
    }
    assert!(heard[4] < 50, "five away is too far: {heard:?}");
}

#[test]
fn a_longer_distance_carries_what_the_nearest_brick_cannot() {
    // The brick between has a single neuron.
    let accuracy = |max_connection_distance| {
        let settings = Settings { max_connection_distance, ..Settings::default() };
        let bricks =
            vec![input((1, 1, 1), "in", 8), inner((2, 1, 1), 1), output((3, 1, 1), "out", 8)];
        let mut network = Network::new(&Template { settings, bricks }).unwrap();
        let mut chance = Chance::new(1);
        let mut make = |count| {
            Samples::make(count, || {
                let input: Vec<f32> = (0..8).map(|_| chance.normal()).collect();
                let target = input.iter().map(|&value| truth(value > 0.0)).collect();
                (input, target)
            })
        };
        make(3000).teach(&mut network, 1);
        let test = make(500);
        let answers = test.predictions(&mut network);
        let pairs = answers.iter().flatten().zip(test.targets.iter().flatten());
        pairs.filter(|(a, y)| (**a > 0.5) == (**y > 0.5)).count() as f32 / 4000.0
    };
    let (near, far) = (accuracy(1), accuracy(2));
    assert!(far > near + 0.1, "{near} {far}");
}

#[test]
fn layers_in_space_learn() {
    // Inputs below, inner bricks between, outputs above; each output needs both inputs.
    let places = [(2, 2, 1), (3, 2, 1), (2, 2, 2), (3, 2, 2), (2, 2, 3), (3, 2, 3)];
    let [left, right, first, second, product, larger] = places;
    let bricks = vec![
        input(left, "left", 1),
        input(right, "right", 1),
        inner(first, 80),
        inner(second, 80),
        output(product, "product", 1),
        output(larger, "larger", 1),
    ];
    let positions: Vec<_> = bricks.iter().map(|brick| brick.position).collect();
    assert!(!touch(positions[0], positions[4]), "two layers apart");
    let mut network = Network::new(&Template { settings: Settings::default(), bricks }).unwrap();
    let mut chance = Chance::new(1);
    let mut make = |count| {
        Samples::make(count, || {
            let (a, b) = (chance.normal(), chance.normal());
            (vec![a, b], vec![truth(a * b > 0.0), truth(a > b)])
        })
    };
    make(5000).teach(&mut network, 1);
    let test = make(1000);
    let answers = test.predictions(&mut network);
    for value in 0..2 {
        let pairs = answers.iter().zip(&test.targets);
        let right = pairs.filter(|(a, y)| (a[value] > 0.5) == (y[value] > 0.5)).count();
        assert!(right > 950, "value {value}: {right} of 1000");
    }
}

#[test]
fn reduction_takes_memory_back_and_costs_no_accuracy() {
    // Twenty words tell the topic, each of a thousand others comes once in a while at first.
    let make = |seed, count: usize, rare: f32| {
        let mut chance = Chance::new(seed);
        Samples::make(count, || {
            let topic = chance.below(2);
            let mut input = vec![0.0; 1020];
            (0..3).for_each(|_| input[10 * topic + chance.below(10)] = 1.0);
            input[10 * (1 - topic) + chance.below(10)] = 1.0;
            if chance.uniform() < rare {
                input[20 + chance.below(1000)] = 1.0;
            }
            (input, vec![truth(topic == 1)])
        })
    };
    let taught = |enable_reduction, seed| {
        let settings = Settings { enable_reduction, experience: 0, seed, ..Settings::default() };
        let mut network = Network::new(&three(1020, 64, 1, settings)).unwrap();
        make(seed, 3000, 1.0).teach(&mut network, 1);
        make(10 + seed, 17_000, 0.0).teach(&mut network, 1);
        let accuracy = make(20 + seed, 2000, 0.0).accuracy(&mut network);
        (accuracy, network.stats())
    };
    let (mut lost, mut smaller) = (0.0, 0);
    for seed in 1..=3 {
        let ((with, reduced), (without, full)) = (taught(true, seed), taught(false, seed));
        lost += (without - with) / 3.0;
        assert!(without > 0.95, "{without}");
        smaller += usize::from(
            reduced.synapses < full.synapses * 2 / 3
                && reduced.bricks[0].bytes < full.bricks[0].bytes * 2 / 3,
        );
    }
    assert!(lost < 0.005, "{lost}");
    assert_eq!(smaller, 3);
}
