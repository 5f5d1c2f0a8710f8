//! Same seed and samples, same bits: whatever happens in between.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Chance, Samples, inner, input, output, three};
use hanami_network::Network;
use hanami_network::template::{Settings, Template};

/// Networks in which everything goes on that there is.
fn templates() -> Vec<Template> {
    let settings = Settings { experience: 40, seed: 9, ..Settings::default() };
    vec![
        three(10, 100, 1, settings.clone()),
        three(
            10,
            100,
            1,
            Settings { neuron_cooldown: 1.5, refractory_time: 2, ..settings.clone() },
        ),
        Template {
            settings: Settings { enable_reduction: true, max_connection_distance: 2, ..settings },
            bricks: vec![
                input((1, 1, 1), "a", 4),
                input((1, 2, 1), "b", 6),
                inner((2, 1, 1), 70),
                inner((3, 1, 1), 30),
                output((4, 1, 1), "c", 1),
            ],
        },
    ]
}

/// Three kinds of targets: classes, numbers, and numbers after classes.
fn samples() -> Vec<Samples> {
    let numbers = Samples::friedman(1500, 4);
    let classes = |count: usize| {
        let mut classes = Samples::friedman(1500, 4);
        classes.targets[..count]
            .iter_mut()
            .flatten()
            .for_each(|target| *target = f32::from(u8::from(*target > 14.0)));
        classes
    };
    vec![numbers, classes(1500), classes(700)]
}

#[test]
fn the_same_samples_give_the_same_bytes() {
    for template in templates() {
        for samples in samples() {
            let taught = || {
                let mut network = Network::new(&template).unwrap();
                samples.teach(&mut network, 1);
                network.to_bytes()
            };
            assert!(taught() == taught());
        }
    }
}

#[test]
fn another_seed_gives_another_network() {
    let [one, two] = [1, 2].map(|seed| {
        let settings = Settings { seed, ..Settings::default() };
        let mut network = Network::new(&three(10, 100, 1, settings)).unwrap();
        Samples::friedman(50, 1).teach(&mut network, 1);
        Samples::friedman(50, 2).predictions(&mut network)
    });
    assert_ne!(one, two);
}

/// Teaches the samples; at random steps `meddle` may do something to the network.
fn course(template: &Template, samples: &Samples, meddle: impl Fn(&mut Network)) -> Vec<u8> {
    let mut network = Network::new(template).unwrap();
    let mut chance = Chance::new(8);
    let mut prediction = vec![0.0; network.output_width()];
    for (input, target) in samples.inputs.iter().zip(&samples.targets) {
        if chance.uniform() < 0.02 {
            meddle(&mut network);
        }
        network.train(input, target, &mut prediction).unwrap();
    }
    network.to_bytes()
}

#[test]
fn predictions_in_between_change_nothing() {
    for template in templates() {
        for samples in samples() {
            let undisturbed = course(&template, &samples, |_| {});
            let asked = course(&template, &samples, |network| {
                Samples::friedman(3, 5).predictions(network);
            });
            assert!(undisturbed == asked);
        }
    }
}

#[test]
fn a_network_goes_on_from_a_snapshot_as_if_it_had_never_stopped() {
    for template in templates() {
        for samples in samples() {
            let undisturbed = course(&template, &samples, |_| {});
            let restored = course(&template, &samples, |network| {
                let mut copy = Network::from_bytes(&network.to_bytes()).unwrap();
                let questions = Samples::friedman(3, 5);
                assert_eq!(questions.predictions(&mut copy), questions.predictions(network));
                *network = copy;
            });
            assert!(undisturbed == restored);
        }
    }
}

#[test]
fn every_step_survives_a_snapshot() {
    for template in templates() {
        for samples in samples() {
            let mut network = Network::new(&template).unwrap();
            let mut restored = Network::new(&template).unwrap();
            let mut prediction = [0.0];
            for (input, target) in samples.inputs.iter().zip(&samples.targets).take(60) {
                network.train(input, target, &mut prediction).unwrap();
                restored = Network::from_bytes(&restored.to_bytes()).unwrap();
                restored.train(input, target, &mut prediction).unwrap();
            }
            assert!(network.to_bytes() == restored.to_bytes());
        }
    }
}

#[test]
fn the_same_question_gets_the_same_answer() {
    for template in templates() {
        let mut network = Network::new(&template).unwrap();
        Samples::friedman(200, 1).teach(&mut network, 1);
        let questions = Samples::friedman(20, 2);
        assert_eq!(questions.predictions(&mut network), questions.predictions(&mut network));
    }
}
