//! Snapshots that were changed by chance or by malice: never a panic, never more memory than they
//! warrant. `fuzz/` tries the same for as long as one likes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
#[path = "common/hostile.rs"]
mod hostile;
mod memory;
#[path = "../../hostile/src/mutate.rs"]
#[allow(unreachable_pub, reason = "it is part of another crate besides")]
mod mutate;

use std::fs;

use common::{Chance, inner, input, output, three};
use hanami_network::Network;
use hanami_network::template::{Settings, Template};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/snapshot");
/// Rounds for each snapshot.
const ROUNDS: usize = 4000;
/// What reading may take for each byte there is: rows are padded to whole lanes, and twice as large
/// while they grow.
const PER_BYTE: usize = 64;
/// And for all that a template alone can ask for.
const AT_LEAST: usize = 24 << 20;

/// Networks with all that a snapshot can hold, taught for a while: `UPDATE_CORPUS=1` makes the fuzzer's
/// first snapshots of them.
fn networks() -> Vec<(&'static str, Network)> {
    let settings = |neuron_cooldown, enable_reduction| Settings {
        neuron_cooldown,
        enable_reduction,
        experience: 20,
        ..Settings::default()
    };
    let network = |template: &Template| Network::new(template).unwrap();
    let several = vec![
        input((1, 1, 1), "a", 2),
        input((1, 2, 1), "b", 1),
        inner((2, 1, 1), 20),
        output((3, 1, 1), "c", 1),
        output((2, 2, 1), "d", 1),
    ];
    let mut networks = vec![
        ("empty", network(&three(3, 20, 2, settings(1e11, false)))),
        ("bricks", network(&Template { settings: settings(1e11, true), bricks: several })),
        ("numbers", network(&three(3, 20, 2, settings(1e11, false)))),
        ("spiking", network(&three(3, 20, 2, settings(2.0, false)))),
        ("picture", network(&three(64, 16, 2, settings(1e11, false)))),
    ];
    let mut chance = Chance::new(7);
    for (name, network) in &mut networks[1..] {
        let mut answer = vec![0.0; network.output_width()];
        for _ in 0..100 {
            let mut input: Vec<f32> = (0..network.input_width()).map(|_| chance.normal()).collect();
            // Enough zeros that its sections stay few.
            input.iter_mut().skip(6).for_each(|value| *value = 0.0);
            let large = if *name == "numbers" { 10.0 } else { 1.0 };
            let target = [f32::from(u8::from(input[0] > 0.0)), f32::from(u8::from(input[1] > 0.0))];
            network.train(&input, &target.map(|y| large * y), &mut answer).unwrap();
        }
    }
    networks
}

/// The fuzzer's first snapshots.
fn snapshots() -> Vec<Vec<u8>> {
    let mut paths: Vec<_> =
        fs::read_dir(CORPUS).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn damaged_snapshots_never_panic_and_take_no_more_memory_than_they_warrant() {
    let mut chance = mutate::Chance::new(1);
    let mut accepted = 0;
    for snapshot in snapshots() {
        for _ in 0..ROUNDS {
            let mut bytes = snapshot.clone();
            mutate::mutate(&mut bytes, &mut chance);
            let allowed = AT_LEAST + PER_BYTE * bytes.len();
            let peak = memory::peak_of(|| {
                let mut sound = bytes.clone();
                hostile::put_right(&mut sound);
                accepted += usize::from(Network::from_foreign_bytes(&sound).is_ok());
            });
            assert!(peak < allowed, "{peak} bytes for {}", bytes.len());
            hostile::load(&bytes);
        }
    }
    assert!(accepted > 1000, "only {accepted} got past the checks: the rest is not tried");
}

#[test]
fn the_first_snapshots_of_the_fuzzer_are_sound() {
    if std::env::var_os("UPDATE_CORPUS").is_some() {
        for (name, network) in networks() {
            fs::write(format!("{CORPUS}/{name}.snapshot"), network.to_bytes()).unwrap();
        }
    }
    let snapshots = snapshots();
    assert!(snapshots.len() >= 4);
    for bytes in snapshots {
        assert!(bytes.len() < 32 << 10, "a small corpus is a fast one");
        assert!(Network::from_bytes(&bytes).is_ok());
        hostile::load(&bytes);
    }
}
