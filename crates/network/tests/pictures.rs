//! Pictures, of which the network finds out by itself that they keep their meaning when they move.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Chance, three};
use hanami_network::Network;
use hanami_network::template::Settings;

const SIDE: usize = 12;
const CLASSES: usize = 4;

/// A bar of one of four directions, thick and noisy, somewhere near the middle, and its direction.
fn bar(chance: &mut Chance) -> (Vec<f32>, usize) {
    let class = chance.below(CLASSES);
    let (x, y) = (4 + chance.below(5), 4 + chance.below(5));
    let mut picture = vec![0.0; SIDE * SIDE];
    for step in -2i32..=2 {
        let (right, down) = [(step, 0), (0, step), (step, step), (step, -step)][class];
        let (x, y) = ((x as i32 + right) as usize, (y as i32 + down) as usize);
        if x < SIDE && y < SIDE {
            picture[y * SIDE + x] = 100.0 + 155.0 * chance.uniform();
        }
    }
    (picture, class)
}

/// The values at other places, always the same ones: no neighbours are left.
fn scattered(picture: &[f32]) -> Vec<f32> {
    (0..picture.len()).map(|place| picture[place * 77 % picture.len()]).collect()
}

/// Share of right answers after so many samples.
fn accuracy(samples: usize, form: impl Fn(&[f32]) -> Vec<f32>) -> f32 {
    let settings = Settings { experience: 0, ..Settings::default() };
    let template = three((SIDE * SIDE) as u32, 100, CLASSES as u32, settings);
    let mut network = Network::new(&template).unwrap();
    let (mut chance, mut answer) = (Chance::new(1), [0.0; CLASSES]);
    for _ in 0..samples {
        let (picture, class) = bar(&mut chance);
        let mut target = [0.0; CLASSES];
        target[class] = 1.0;
        network.train(&form(&picture), &target, &mut answer).unwrap();
    }
    let mut right = 0;
    for _ in 0..1000 {
        let (picture, class) = bar(&mut chance);
        network.predict(&form(&picture), &mut answer).unwrap();
        let found = (0..CLASSES).max_by(|&a, &b| answer[a].total_cmp(&answer[b])).unwrap();
        right += usize::from(found == class);
    }
    right as f32 / 1000.0
}

#[test]
fn pictures_are_learned_from_fewer_samples_than_the_same_values_scattered() {
    let (pictures, others) = (accuracy(1500, <[f32]>::to_vec), accuracy(1500, scattered));
    assert!(pictures > others + 0.02, "{pictures} {others}");
}
