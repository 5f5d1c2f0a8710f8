//! What holds whatever the samples are.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Chance, Samples, inner, input, output, three};
use hanami_network::Network;
use hanami_network::template::{Settings, Template};
use proptest::prelude::*;

/// Samples of so many inputs: classes if not `numeric`, and some inputs are zero or negative.
fn samples(seed: u64, count: usize, inputs: usize, numeric: bool) -> Samples {
    let mut chance = Chance::new(seed);
    Samples::make(count, || {
        let value = |chance: &mut Chance| match chance.below(4) {
            0 => 0.0,
            _ => 10.0 * chance.normal(),
        };
        let input: Vec<f32> = (0..inputs).map(|_| value(&mut chance)).collect();
        let sum: f32 = input[0] - input[inputs - 1] + input[inputs / 2].abs();
        (input, vec![if numeric { sum } else { f32::from(u8::from(sum > 5.0)) }])
    })
}

/// A template in which all settings are at work, or none.
fn template(seed: u64, spiking: bool, reducing: bool) -> Template {
    let settings = Settings {
        neuron_cooldown: if spiking { 2.0 } else { 1e11 },
        refractory_time: if spiking { 3 } else { 1 },
        enable_reduction: reducing,
        max_connection_distance: 2,
        experience: 20,
        growth_patience: 3,
        seed,
        ..Settings::default()
    };
    let bricks = vec![
        input((1, 1, 1), "in", 4),
        inner((2, 1, 1), 90),
        inner((3, 1, 1), 20),
        output((4, 1, 1), "out", 1),
    ];
    Template { settings, bricks }
}

/// Answers in training and afterwards.
fn course(template: &Template, samples: &Samples) -> Vec<f32> {
    let mut network = Network::new(template).unwrap();
    let mut answers = Vec::new();
    let mut answer = [0.0];
    for (input, target) in samples.inputs.iter().zip(&samples.targets) {
        network.train(input, target, &mut answer).unwrap();
        answers.push(answer[0]);
    }
    answers.extend(samples.predictions(&mut network).concat());
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn inputs_times_a_power_of_two_give_the_same_bits(
        seed in 0..1000_u64,
        powers in prop::collection::vec(-40..40_i32, 4),
        numeric: bool,
        spiking: bool,
    ) {
        let samples = samples(seed, 150, 4, numeric);
        let scales: Vec<f32> = powers.iter().map(|&power| 2f32.powi(power)).collect();
        let template = template(seed, spiking, false);
        prop_assert_eq!(course(&template, &samples), course(&template, &samples.scaled(&scales)));
    }

    #[test]
    fn an_input_that_never_has_a_value_makes_no_difference(seed in 0..1000_u64, numeric: bool) {
        let samples = samples(seed, 100, 4, numeric);
        let mut wider = Samples { inputs: samples.inputs.clone(), targets: samples.targets.clone() };
        wider.inputs.iter_mut().for_each(|input| input.extend([0.0, f32::NAN, -0.0]));
        let settings = Settings { seed, ..Settings::default() };
        // Seven share as many ramps as four: both get the most that an input can have.
        let answers = |inputs, samples| course(&three(inputs, 30, 1, settings.clone()), samples);
        prop_assert_eq!(answers(4, &samples), answers(7, &wider));
    }

    #[test]
    fn one_wild_sample_changes_later_answers_by_little(
        seed in 0..1000_u64,
        place in 0..4_usize,
        size in 1e3..1e30_f32,
        numeric: bool,
        in_target: bool,
    ) {
        let known = samples(seed, 1500, 4, numeric);
        let template = three(4, 60, 1, Settings { seed, experience: 0, ..Settings::default() });
        let mut network = Network::new(&template).unwrap();
        known.teach(&mut network, 1);
        let before = known.predictions(&mut network);
        let (mut input, mut target) = (known.inputs[3].clone(), known.targets[3].clone());
        if in_target {
            target[0] = size;
        } else {
            input[place] = size;
        }
        network.train(&input, &target, &mut [0.0]).unwrap();
        let deviation = if numeric { 15.0 } else { 1.0 };
        let after = known.predictions(&mut network);
        let changes = before.iter().zip(&after).map(|(a, b)| (a[0] - b[0]).abs() / deviation);
        // Answers to what is like the wild sample show it; all others hardly do.
        let large = changes.filter(|&change| change > 0.1).count();
        prop_assert!(large <= known.inputs.len() / 100, "{large} changed");
    }

    #[test]
    fn a_snapshot_at_any_step_goes_on_with_the_same_bits(
        seed in 0..1000_u64,
        at in 0..400_usize,
        numeric: bool,
        spiking: bool,
        reducing: bool,
    ) {
        let samples = samples(seed, 400, 4, numeric);
        let mut network = Network::new(&template(seed, spiking, reducing)).unwrap();
        let mut restored = None;
        let (mut answer, mut of_restored) = ([0.0], [0.0]);
        for (step, (input, target)) in samples.inputs.iter().zip(&samples.targets).enumerate() {
            if step == at {
                restored = Some(Network::from_bytes(&network.to_bytes()).unwrap());
            }
            network.train(input, target, &mut answer).unwrap();
            if let Some(restored) = &mut restored {
                restored.train(input, target, &mut of_restored).unwrap();
                prop_assert_eq!(answer[0].to_bits(), of_restored[0].to_bits());
            }
        }
        prop_assert!(network.to_bytes() == restored.unwrap().to_bytes());
    }

    #[test]
    fn answers_are_finite_whatever_comes(
        seed in 0..1000_u64,
        wild in prop::collection::vec((prop::array::uniform4(any::<f32>()), any::<f32>()), 1..60),
        spiking: bool,
    ) {
        let mut network = Network::new(&template(seed, spiking, true)).unwrap();
        let mut answer = [0.0];
        for (input, target) in wild {
            network.train(&input, &[target], &mut answer).unwrap();
            prop_assert!(answer[0].is_finite());
            network.predict(&input, &mut answer).unwrap();
            prop_assert!(answer[0].is_finite());
        }
        prop_assert!(Network::from_bytes(&network.to_bytes()).is_ok());
    }
}
