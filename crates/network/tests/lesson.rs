//! What was just taught shows in the next answer.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Chance, three};
use hanami_network::Network;
use hanami_network::template::Settings;

/// A network that has learned for long which of two classes ten values belong to.
fn experienced() -> (Network, Chance) {
    let mut network = Network::new(&three(10, 60, 2, Settings::default())).unwrap();
    let mut chance = Chance::new(5);
    for _ in 0..5000 {
        let (input, target) = sample(&mut chance);
        network.train(&input, &target, &mut [0.0; 2]).unwrap();
    }
    (network, chance)
}

fn sample(chance: &mut Chance) -> ([f32; 10], [f32; 2]) {
    let input = std::array::from_fn(|_| chance.normal());
    let first = input[0] + input[1] > 0.0;
    (input, [f32::from(u8::from(first)), f32::from(u8::from(!first))])
}

fn predict(network: &mut Network, input: &[f32]) -> [f32; 2] {
    let mut answer = [0.0; 2];
    network.predict(input, &mut answer).unwrap();
    answer
}

#[test]
fn a_lesson_shows_in_the_next_answer() {
    let (mut network, mut chance) = experienced();
    let (mut lessons, mut by_average, mut shown) = (0, 0.0, 0.0);
    while lessons < 50 {
        let (input, target) = sample(&mut chance);
        let wrong = [target[1], target[0]];
        let before = predict(&mut network, &input);
        let mut answer = [0.0; 2];
        network.train(&input, &wrong, &mut answer).unwrap();
        if answer.iter().zip(wrong).all(|(answer, wrong)| (answer - wrong).abs() < 0.5) {
            // It was wrong by itself, so this was no lesson.
            continue;
        }
        lessons += 1;
        let after = predict(&mut network, &input);
        for i in 0..2 {
            assert!((after[i] - wrong[i]).abs() < (answer[i] - wrong[i]).abs());
            shown += (after[i] - before[i]).abs();
        }
        // Another lesson takes its place: now only the averaged weights tell of it.
        let (other, target) = sample(&mut chance);
        network.train(&other, &[target[1], target[0]], &mut [0.0; 2]).unwrap();
        let later = predict(&mut network, &input);
        by_average += (0..2).map(|i| (later[i] - before[i]).abs()).sum::<f32>();
    }
    assert!(shown > 1.2 * by_average, "{shown} {by_average}");
}

#[test]
fn a_lesson_shows_less_the_less_an_input_is_like_it() {
    let (mut network, mut chance) = experienced();
    let (input, target) = sample(&mut chance);
    let mut taught = Network::from_bytes(&network.to_bytes()).unwrap();
    for _ in 0..3 {
        taught.train(&input, &[target[1], target[0]], &mut [0.0; 2]).unwrap();
    }
    let mut effect = |change: f32| {
        let near = input.map(|value| value + change);
        (predict(&mut taught, &near)[0] - predict(&mut network, &near)[0]).abs()
    };
    let (same, near, far) = (effect(0.0), effect(0.01), effect(3.0));
    assert!(same > near && near > 10.0 * far, "{same} {near} {far}");
}

#[test]
fn teaching_and_asking_in_turn_learns_as_teaching_alone() {
    let (mut asked, mut chance) = experienced();
    let mut alone = Network::from_bytes(&asked.to_bytes()).unwrap();
    for _ in 0..200 {
        let (input, target) = sample(&mut chance);
        asked.train(&input, &target, &mut [0.0; 2]).unwrap();
        predict(&mut asked, &input);
        alone.train(&input, &target, &mut [0.0; 2]).unwrap();
    }
    assert_eq!(asked.to_bytes(), alone.to_bytes());
}
