//! What the network finds out about moved samples.

use super::*;
use crate::jitter::Trust;
use crate::rng::mix;

const SIDE: usize = 12;
const CLASSES: usize = 4;

/// A bar of one of four directions, somewhere near the middle, and its direction.
fn bar(rng: &mut Rng) -> (Vec<f32>, usize) {
    let class = rng.below(CLASSES as u32) as usize;
    let (x, y) = (4 + rng.below(4) as i32, 4 + rng.below(4) as i32);
    let mut picture = vec![0.0; SIDE * SIDE];
    for step in -3..=3 {
        let (right, down) = [(step, 0), (0, step), (step, step), (step, -step)][class];
        picture[(y + down) as usize * SIDE + (x + right) as usize] = 100.0 + rng.below(155) as f32;
    }
    (picture, class)
}

/// The values at other places, always the same ones: no neighbours are left.
fn scattered(picture: &[f32]) -> Vec<f32> {
    let mut places: Vec<usize> = (0..picture.len()).collect();
    places.sort_by_key(|&place| mix(place as u64));
    places.into_iter().map(|place| picture[place]).collect()
}

fn taught_bars(form: impl Fn(&[f32]) -> Vec<f32>) -> Network {
    let template = row(&[(SIDE * SIDE) as u32, 60, CLASSES as u32], Settings::default());
    let mut network = Network::new(&template).unwrap();
    let mut rng = Rng::new(3);
    for _ in 0..20_000 {
        let (picture, class) = bar(&mut rng);
        let mut target = [0.0; CLASSES];
        target[class] = 1.0;
        network.train(&form(&picture), &target, &mut [0.0; CLASSES]).unwrap();
    }
    network
}

#[test]
fn pictures_are_known_by_their_rows_and_may_be_moved() {
    let network = taught_bars(<[f32]>::to_vec);
    let jitter = network.jitter[0].as_ref().unwrap();
    // Bars lie aslant as often as upright: one row further and one place aside is as good.
    assert!((SIDE - 1..=SIDE + 1).contains(&jitter.stride), "{}", jitter.stride);
    assert!(jitter.trust.iter().all(|trust| trust.is_earned()), "{:?}", jitter.trust);
}

#[test]
fn scattered_values_may_not_be_moved() {
    let network = taught_bars(scattered);
    let jitter = network.jitter[0].as_ref().unwrap();
    assert!(!jitter.trust.iter().any(|trust| trust.is_earned()), "{:?}", jitter.trust);
}

#[test]
fn a_rare_class_is_no_proof() {
    // Nine in ten are right by chance.
    assert!(!Trust { tried: 400, right: 380, chance: 360 }.is_earned());
    assert!(Trust { tried: 400, right: 394, chance: 360 }.is_earned());
}
