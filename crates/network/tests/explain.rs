//! What each input contributed to an answer, and how the bricks are doing.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Chance, Samples, inner, input, output, three};
use hanami_network::template::{Brick, BrickKind, Settings, Template};
use hanami_network::{ExplainError, Explanation, Network};

/// Two inputs, three inner bricks that hear each other, and two outputs.
fn woven(settings: Settings) -> Template {
    let settings = Settings { max_connection_distance: 2, ..settings };
    let bricks: Vec<Brick> = vec![
        output((4, 1, 1), "numbers", 2),
        input((1, 1, 1), "left", 3),
        inner((2, 1, 1), 90),
        input((2, 2, 1), "right", 2),
        inner((3, 1, 1), 70),
        inner((3, 2, 1), 20),
        output((4, 2, 1), "chances", 3),
    ];
    Template { settings, bricks }
}

/// Inputs of either sign, some of them unknown, some wild; three chances and two numbers.
fn sample(chance: &mut Chance) -> (Vec<f32>, Vec<f32>) {
    let input: Vec<f32> = (0..5)
        .map(|_| match chance.below(12) {
            0 => f32::NAN,
            1 => 0.0,
            2 => -f32::INFINITY,
            3 => 1000.0 * chance.normal(),
            _ => chance.normal(),
        })
        .collect();
    let known: Vec<f32> = input.iter().map(|x| if x.is_finite() { *x } else { 0.0 }).collect();
    let of = |holds: bool| f32::from(u8::from(holds));
    let target = vec![
        20.0 * known[0] - 7.0 * known[4].abs().min(3.0) + 100.0,
        known[1] * known[2],
        of(known[0] > known[3]),
        of(known[1] * known[4] > 0.0),
        of(known[2] < -0.5),
    ];
    (input, target)
}

/// Explains every value of the answer; the contributions of each.
fn explained(network: &mut Network, input: &[f32]) -> Vec<(Explanation, Vec<f32>)> {
    let width = network.output_width();
    let explain = |output| {
        let mut contributions = vec![f32::NAN; input.len()];
        let explanation = network.explain(input, output, &mut contributions).unwrap();
        (explanation, contributions)
    };
    (0..width).map(explain).collect()
}

/// Contributions and rest are the sum, and the sum is what the answer was made of.
fn assert_exact(network: &mut Network, input: &[f32]) {
    let mut answer = vec![0.0; network.output_width()];
    network.predict(input, &mut answer).unwrap();
    for (output, (explanation, contributions)) in explained(network, input).iter().enumerate() {
        let Explanation { answer: told, sum, rest } = *explanation;
        assert_eq!(told, answer[output]);
        let parts = contributions.iter().chain([&rest]).map(|&part| f64::from(part));
        let (total, size) = parts.fold((0.0, 0.0), |(sum, size), p| (sum + p, size + p.abs()));
        let error = (total - f64::from(sum)).abs();
        assert!(error <= 1e-4 * f64::from(sum).abs().max(0.1 * size), "{explanation:?} {total}");
        for (value, contribution) in input.iter().zip(contributions) {
            assert!(contribution.is_finite());
            assert!(*value != 0.0 && value.is_finite() || *contribution == 0.0);
        }
    }
}

#[test]
fn contributions_and_rest_are_the_sum_whatever_was_learned() {
    let spiking = Settings { neuron_cooldown: 3.0, refractory_time: 2, ..Settings::default() };
    for (seed, settings) in [
        (1, Settings::default()),
        (2, Settings { seed: 2, ..Settings::default() }),
        (3, Settings { enable_reduction: true, ..Settings::default() }),
        (4, spiking),
    ] {
        let mut network = Network::new(&woven(settings)).unwrap();
        let mut chance = Chance::new(seed);
        let mut prediction = vec![0.0; network.output_width()];
        let mut spoken = 0;
        for step in 0..1500 {
            let (input, target) = sample(&mut chance);
            if step % 50 == 0 {
                assert_exact(&mut network, &input);
                let all = explained(&mut network, &input);
                spoken += all.iter().filter(|(_, of)| of.iter().any(|&c| c != 0.0)).count();
            }
            network.train(&input, &target, &mut prediction).unwrap();
        }
        assert!(spoken > 100, "hardly anything was explained: {spoken}");
    }
}

#[test]
fn a_sum_is_the_answer_before_the_last_step() {
    let mut network = Network::new(&woven(Settings::default())).unwrap();
    let mut chance = Chance::new(7);
    let mut prediction = vec![0.0; network.output_width()];
    let mut sums = Vec::new();
    for _ in 0..2000 {
        let (input, target) = sample(&mut chance);
        network.train(&input, &target, &mut prediction).unwrap();
    }
    for _ in 0..50 {
        let all = explained(&mut network, &sample(&mut chance).0);
        sums.push((all[0].0.sum, all[0].0.answer));
        for (Explanation { answer, sum, .. }, _) in &all[2..] {
            assert!((answer - 1.0 / (1.0 + (-sum).exp())).abs() < 1e-6);
        }
    }
    // Numbers are a line over their sums.
    let slope = |(x, y): (f32, f32), (u, v): (f32, f32)| (y - v) / (x - u);
    let low = *sums.iter().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    let high = *sums.iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    for point in sums.into_iter().filter(|point| point.0 - low.0 > 0.5) {
        let (whole, part) = (slope(high, low), slope(point, low));
        assert!((whole / part - 1.0).abs() < 1e-3, "{whole} {part}");
    }
}

#[test]
fn without_inner_bricks_a_contribution_is_what_is_missing_without_the_input() {
    let bricks = vec![input((1, 1, 1), "in", 4), output((2, 1, 1), "out", 1)];
    let mut network = Network::new(&Template { settings: Settings::default(), bricks }).unwrap();
    let mut chance = Chance::new(3);
    let mut prediction = [0.0];
    for _ in 0..2000 {
        let input: Vec<f32> = (0..4).map(|_| chance.normal()).collect();
        let target = [3.0 * input[0] - 2.0 * input[1] * input[1] + 0.1 * chance.normal()];
        network.train(&input, &target, &mut prediction).unwrap();
    }
    let input = [0.7, -1.2, 0.3, f32::NAN];
    let (whole, contributions) = explained(&mut network, &input).remove(0);
    for i in 0..input.len() {
        let mut without = input;
        without[i] = f32::NAN;
        let (part, _) = explained(&mut network, &without).remove(0);
        assert!((whole.sum - part.sum - contributions[i]).abs() < 1e-5, "{i}");
    }
    // It has learned what matters.
    assert!(contributions[0] > 0.3 && contributions[1] < -0.3, "{contributions:?}");
    assert!(contributions[2].abs() < 0.2 && contributions[3] == 0.0, "{contributions:?}");
}

#[test]
fn explaining_changes_nothing() {
    let samples = Samples::moons(300, 1);
    for cooldown in [Settings::default().neuron_cooldown, 2.0] {
        let settings = Settings { neuron_cooldown: cooldown, ..Settings::default() };
        let template = three(2, 40, 1, settings);
        let mut asked = Network::new(&template).unwrap();
        let mut unasked = Network::new(&template).unwrap();
        let mut prediction = [0.0];
        for (input, target) in samples.inputs.iter().zip(&samples.targets) {
            explained(&mut asked, input);
            asked.train(input, target, &mut prediction).unwrap();
            unasked.train(input, target, &mut prediction).unwrap();
        }
        explained(&mut asked, &samples.inputs[0]);
        assert!(asked.to_bytes() == unasked.to_bytes());
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut network = Network::new(&three(2, 8, 3, Settings::default())).unwrap();
    let mut contributions = [7.0; 2];
    let none = network.explain(&[1.0, 2.0], 3, &mut contributions).unwrap_err();
    assert_eq!(none, ExplainError::Output { output: 3, width: 3 });
    assert!(none.to_string().contains("no output 3"), "{none}");
    let short = network.explain(&[1.0], 0, &mut contributions).unwrap_err();
    assert!(matches!(short, ExplainError::Shape(_)), "{short}");
    let narrow = network.explain(&[1.0, 2.0], 0, &mut contributions[..1]).unwrap_err();
    assert!(matches!(narrow, ExplainError::Shape(_)), "{narrow}");
    assert_eq!(contributions, [7.0; 2]);
}

#[test]
fn bricks_tell_how_active_and_how_wrong_they_are() {
    let template = three(2, 40, 1, Settings::default());
    let mut network = Network::new(&template).unwrap();
    let new = network.stats().bricks;
    assert!(new.iter().all(|brick| brick.activity.is_none() && brick.error.is_none()));
    let kinds: Vec<_> = new.into_iter().map(|brick| brick.kind).collect();
    let (input, output) = (
        BrickKind::Input("in".to_owned()),
        BrickKind::Output { name: "out".to_owned(), kind: None },
    );
    assert_eq!(kinds, [BrickKind::Inner, output, input]);

    let samples = Samples::moons(1000, 5);
    let gauges = |network: &Network| {
        let bricks = network.stats().bricks;
        bricks.iter().map(|brick| (brick.activity.unwrap(), brick.error)).collect::<Vec<_>>()
    };
    samples.teach(&mut network, 1);
    let early = gauges(&network);
    samples.teach(&mut network, 10);
    let late = gauges(&network);
    for gauges in [&early, &late] {
        let [inner, output, input] = gauges[..] else { panic!("three bricks") };
        assert!((0.01..1.0).contains(&inner.0) && inner.1.unwrap() > 0.0, "{inner:?}");
        // One half of the samples is of either kind, and both inputs always have values.
        assert!((0.4..0.6).contains(&output.0) && input == (1.0, None), "{output:?} {input:?}");
    }
    let (before, after) = (early[1].1.unwrap(), late[1].1.unwrap());
    assert!(after < 0.7 * before && before < 0.5, "{before} {after}");

    // The mean distance of the last answers from their targets.
    let mut prediction = [0.0];
    let mut distances = 0.0;
    for (input, target) in samples.inputs.iter().zip(&samples.targets).cycle().take(5000) {
        network.train(input, target, &mut prediction).unwrap();
        distances += f64::from((prediction[0] - target[0]).abs()) / 5000.0;
    }
    assert!((gauges(&network)[1].1.unwrap() / distances - 1.0).abs() < 0.3);

    // What is not known makes no signal and no error.
    for _ in 0..5000 {
        network.train(&[f32::NAN, 1.0], &[f32::NAN], &mut prediction).unwrap();
    }
    let silent = gauges(&network);
    assert!((silent[2].0 - 0.5).abs() < 0.01, "{silent:?}");
    assert!(silent[1].1.unwrap().is_finite());

    // A restart begins them anew; that makes no difference to what is learned.
    let mut again = Network::from_bytes(&network.to_bytes()).unwrap();
    assert!(again.stats().bricks.iter().all(|brick| brick.activity.is_none()));
    samples.teach(&mut network, 1);
    samples.teach(&mut again, 1);
    assert!(network.to_bytes() == again.to_bytes());
}
