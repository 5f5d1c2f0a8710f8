//! What the optional settings of a template do.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Chance, Samples, three};
use hanami_network::Network;
use hanami_network::template::{BrickKind, OutputKind, Settings, Template};

/// A network of these settings that was taught samples once.
fn taught(settings: Settings, samples: &Samples) -> Network {
    let (inputs, outputs) = (samples.inputs[0].len(), samples.targets[0].len());
    let mut network = Network::new(&three(inputs as u32, 100, outputs as u32, settings)).unwrap();
    samples.teach(&mut network, 1);
    network
}

/// A template whose output is of this kind.
fn of_kind(kind: OutputKind) -> Template {
    let mut template = three(2, 100, 1, Settings::default());
    let name = "out".to_owned();
    template.bricks[2].kind = BrickKind::Output { name, kind: Some(kind) };
    template
}

#[test]
fn larger_rates_take_larger_steps() {
    // What the answer to a sample changes by when it is taught. The first times make sections.
    let change = |inner_learning_rate, output_learning_rate| {
        let settings = Settings {
            inner_learning_rate,
            output_learning_rate,
            experience: 0,
            ..Settings::default()
        };
        let sample = Samples { inputs: vec![vec![0.5, 2.0]], targets: vec![vec![1.0]] };
        let mut network = taught(settings, &sample);
        sample.teach(&mut network, 1);
        let before = sample.predictions(&mut network)[0][0];
        sample.teach(&mut network, 1);
        sample.predictions(&mut network)[0][0] - before
    };
    let outputs = [0.01, 0.1, 1.0].map(|factor| change(0.01, factor));
    assert!(outputs[0] > 0.0 && outputs.is_sorted_by(|a, b| *b > 1.5 * a), "{outputs:?}");
    let inner = [0.01, 0.1, 1.0].map(|factor| change(factor, 0.01));
    assert!(inner.is_sorted_by(|a, b| *b > 1.5 * a), "{inner:?}");
}

#[test]
fn extreme_rates_stay_finite() {
    for factor in [0.01, 100.0] {
        let settings = Settings {
            inner_learning_rate: factor,
            output_learning_rate: factor,
            ..Settings::default()
        };
        for samples in [Samples::moons(2000, 1), Samples::friedman(2000, 1)] {
            let mut network = taught(settings.clone(), &samples);
            let answers = samples.predictions(&mut network);
            assert!(answers.iter().flatten().all(|answer| answer.is_finite()));
            assert!(Network::from_bytes(&network.to_bytes()).is_ok());
        }
    }
}

#[test]
fn a_higher_threshold_learns_from_fewer_samples() {
    // Samples that taught something are kept.
    let lessons = [0.0, 0.1, 0.2, 0.4, 1.0].map(|error_threshold| {
        let settings = Settings { error_threshold, ..Settings::default() };
        taught(settings, &Samples::moons(1000, 1)).stats().experience
    });
    assert_eq!(lessons[0], 1000, "every sample");
    assert_eq!(lessons[4], 0, "no chance is further from its target than 1");
    assert!(lessons.is_sorted_by(|a, b| a > b), "{lessons:?}");
}

#[test]
fn a_short_window_follows_a_change_at_once() {
    let mut flipped = Samples::moons(500, 2);
    flipped.targets.iter_mut().flatten().for_each(|target| *target = 1.0 - *target);
    let accuracy = |averaging_window| {
        let settings = Settings { averaging_window, ..Settings::default() };
        let mut network = taught(settings, &Samples::moons(20_000, 1));
        flipped.teach(&mut network, 1);
        flipped.accuracy(&mut network)
    };
    let (short, long) = (accuracy(100), accuracy(1_000_000));
    assert!(short > 0.8 && long < 0.5, "{short} {long}");
}

#[test]
fn patience_delays_growth() {
    let mut chance = Chance::new(1);
    // Nothing can be learned of this, so samples stay wrong.
    let samples = Samples::make(400, || {
        let target = f32::from(u8::from(chance.uniform() < 0.5));
        (vec![chance.normal(), chance.normal()], vec![target])
    });
    let neurons = |growth_patience| {
        let settings = Settings { growth_patience, experience: 0, ..Settings::default() };
        taught(settings, &samples).stats().bricks[0].neurons
    };
    assert_eq!([neurons(1), neurons(15), neurons(100_000)], [100, 100, 16]);
    let after = |growth_patience| {
        let settings = Settings { growth_patience, experience: 0, ..Settings::default() };
        let mut network = Network::new(&three(2, 100, 1, settings)).unwrap();
        let mut steps = samples.inputs.iter().zip(&samples.targets);
        steps.position(|(input, target)| {
            network.train(input, target, &mut [0.0]).unwrap();
            network.stats().bricks[0].neurons > 16
        })
    };
    assert_eq!(after(1), Some(0), "at the first wrong sample");
    assert!(after(15) > after(1) && after(60) > after(15));
}

#[test]
fn a_class_stays_one_whatever_its_targets() {
    let mut samples = Samples::moons(2000, 1);
    samples.targets.iter_mut().flatten().for_each(|y| *y = if *y > 0.5 { 300.0 } else { -7.0 });
    let mut network = Network::new(&of_kind(OutputKind::Class)).unwrap();
    samples.teach(&mut network, 1);
    let test = Samples::moons(1000, 2);
    assert!(test.accuracy(&mut network) > 0.96);
    let answers = test.predictions(&mut network);
    assert!(answers.iter().flatten().all(|answer| (0.0..=1.0).contains(answer)));
}

#[test]
fn a_value_is_one_even_if_its_targets_look_like_classes() {
    let mut network = Network::new(&of_kind(OutputKind::Value)).unwrap();
    Samples::moons(2000, 1).teach(&mut network, 1);
    let test = Samples::moons(1000, 2);
    assert!(test.accuracy(&mut network) > 0.95);
    let answers = test.predictions(&mut network);
    let beyond = answers.iter().flatten().filter(|answer| !(0.0..=1.0).contains(*answer));
    assert!(beyond.count() > 100, "numbers overshoot, chances can't");
}

#[test]
fn a_snapshot_keeps_all_settings() {
    let settings = Settings {
        neuron_cooldown: 1.5,
        refractory_time: 2,
        max_connection_distance: 3,
        enable_reduction: true,
        experience: 4,
        seed: 5,
        inner_learning_rate: 0.5,
        output_learning_rate: 2.0,
        error_threshold: 0.1,
        averaging_window: 1000,
        growth_patience: 7,
    };
    for kind in [OutputKind::Class, OutputKind::Value] {
        let template = Template { settings: settings.clone(), ..of_kind(kind) };
        let mut network = Network::new(&template).unwrap();
        Samples::moons(100, 1).teach(&mut network, 1);
        let mut copy = Network::from_bytes(&network.to_bytes()).unwrap();
        assert_eq!(*copy.template(), template);
        for network in [&mut network, &mut copy] {
            Samples::moons(100, 2).teach(network, 1);
        }
        assert!(network.to_bytes() == copy.to_bytes());
    }
}

#[test]
fn snapshots_from_before_there_were_these_settings_have_their_defaults() {
    let mut network =
        Network::from_bytes(include_bytes!("fixtures/before-settings.snapshot")).unwrap();
    let settings = Settings {
        experience: 5,
        enable_reduction: true,
        neuron_cooldown: 1.5,
        seed: 7,
        ..Settings::default()
    };
    assert_eq!(network.template().settings, settings);
    assert_eq!(network.stats().steps, 30);
    // What the program that wrote it answered.
    let answers = [13.717_646, 13.862_046, 14.404_767, 14.152_089, 13.876_264];
    for (answer, expected) in Samples::friedman(5, 2).predictions(&mut network).iter().zip(answers)
    {
        assert!((answer[0] - expected).abs() < 0.05, "{answer:?} {expected}");
    }
    Samples::friedman(30, 1).teach(&mut network, 1);
    assert!(Network::from_bytes(&network.to_bytes()).is_ok());
}
