//! Pictures, of which the network finds out by itself that they keep their meaning when they move.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs::File;
use std::io::Read;

use common::{Chance, three};
use flate2::read::MultiGzDecoder;
use hanami_network::Network;
use hanami_network::template::Settings;

const PIXELS: usize = 784;
const CLASSES: usize = 10;
const TAUGHT: usize = 8000;
const ASKED: usize = 4000;

/// The content of an IDX file, without its header.
fn content(name: &str, header: usize) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/mnist");
    let mut content = Vec::new();
    let file = File::open(format!("{folder}/{name}.gz")).unwrap();
    MultiGzDecoder::new(file).read_to_end(&mut content).unwrap();
    content.split_off(header)
}

/// Share of right answers to digits after one pass over others, whose pixels come in this order.
fn accuracy(order: &[usize]) -> f32 {
    let pixels = content("train-images-idx3-ubyte", 16);
    let labels = content("train-labels-idx1-ubyte", 8);
    let settings = Settings { experience: 0, ..Settings::default() };
    let template = three(PIXELS as u32, 100, CLASSES as u32, settings);
    let mut network = Network::new(&template).unwrap();
    let (mut answer, mut right) = ([0.0; CLASSES], 0);
    for (i, picture) in pixels.chunks_exact(PIXELS).take(TAUGHT + ASKED).enumerate() {
        let picture: Vec<f32> = order.iter().map(|&place| picture[place].into()).collect();
        let label = usize::from(labels[i]);
        if i < TAUGHT {
            let mut target = [0.0; CLASSES];
            target[label] = 1.0;
            network.train(&picture, &target, &mut answer).unwrap();
        } else {
            network.predict(&picture, &mut answer).unwrap();
            let found = (0..CLASSES).max_by(|&a, &b| answer[a].total_cmp(&answer[b])).unwrap();
            right += usize::from(found == label);
        }
    }
    right as f32 / ASKED as f32
}

#[test]
fn pictures_are_learned_better_than_the_same_values_in_any_other_order() {
    let whole: Vec<usize> = (0..PIXELS).collect();
    let mut scattered = whole.clone();
    let mut chance = Chance::new(9);
    (1..PIXELS).rev().for_each(|i| scattered.swap(i, chance.below(i + 1)));
    let (pictures, others) = (accuracy(&whole), accuracy(&scattered));
    assert!(pictures > others + 0.005, "{pictures} {others}");
}
