//! Damaged and foreign bytes are an error, never a panic.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Samples, three};
use hanami_network::template::Settings;
use hanami_network::{Network, SnapshotError};

/// A small network with all that a snapshot can hold.
fn snapshot() -> Vec<u8> {
    let settings = Settings {
        enable_reduction: true,
        neuron_cooldown: 2.0,
        experience: 3,
        ..Settings::default()
    };
    let mut network = Network::new(&three(10, 5, 1, settings)).unwrap();
    Samples::friedman(20, 1).teach(&mut network, 1);
    network.to_bytes()
}

#[test]
fn every_cut_is_noticed() {
    let bytes = snapshot();
    for length in 0..bytes.len() {
        assert!(Network::from_bytes(&bytes[..length]).is_err(), "{length}");
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let bytes = snapshot();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            assert!(Network::from_bytes(&damaged).is_err(), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn errors_tell_what_is_wrong() {
    let bytes = snapshot();
    let error = |bytes: &[u8]| Network::from_bytes(bytes).unwrap_err();
    assert_eq!(error(b""), SnapshotError::NotASnapshot);
    assert_eq!(error(b"version: 1\nbricks:\n"), SnapshotError::NotASnapshot);

    let mut newer = bytes.clone();
    newer[8] = 9;
    assert_eq!(error(&newer), SnapshotError::Version(9));

    let (expected, found) = (bytes.len() as u64, bytes.len() as u64 - 1);
    assert_eq!(error(&bytes[..bytes.len() - 1]), SnapshotError::Length { expected, found });

    let mut damaged = bytes.clone();
    damaged[100] ^= 1;
    assert_eq!(error(&damaged), SnapshotError::Checksum);

    let mut longer = bytes;
    longer.push(0);
    assert!(matches!(error(&longer), SnapshotError::Length { .. }));
}

#[test]
fn keeps_the_template() {
    let network = Network::from_bytes(&snapshot()).unwrap();
    assert_eq!(network.template().settings.experience, 3);
    assert_eq!((network.input_width(), network.output_width()), (10, 1));
    assert_eq!(network.stats().steps, 20);
}

/// After 400 moons, in format version 2, when weights were not yet kept in halves: two blocks of an
/// inner brick, synapses that skip it, kept samples, uses.
const VERSION_2: &[u8] = include_bytes!("fixtures/version-2.bin");

#[test]
fn a_snapshot_of_format_version_2_answers_as_it_did_and_goes_on_learning() {
    let mut network = Network::from_bytes(VERSION_2).unwrap();
    assert_eq!((network.steps(), network.stats().synapses), (400, 4632));
    assert_eq!(network.stats().experience, 20);
    let answers = [0.0756, 0.9869, 0.9955, 0.9962, 0.9770, 0.9946, 0.9892, 0.0037, 0.9574, 0.0090];
    for (now, then) in Samples::moons(10, 2).predictions(&mut network).iter().zip(answers) {
        assert!((now[0] - then).abs() < 0.01, "{now:?} {then}");
    }
    Samples::moons(400, 4).teach(&mut network, 1);
    assert!(Samples::moons(500, 3).accuracy(&mut network) > 0.98);
    let restored = Network::from_bytes(&network.to_bytes()).unwrap();
    assert_eq!(restored.to_bytes(), network.to_bytes());
}

#[test]
fn values_too_small_for_their_ramp_come_back() {
    let template = three(600, 16, 2, Settings::default());
    let mut network = Network::new(&template).unwrap();
    let mut input = vec![0.0; 600];
    for step in 0..50 {
        input[0] = 1000.0;
        input[1] = if step == 49 { 1e-43 } else { 1000.0 };
        network.train(&input, &[0.0, 1.0], &mut [0.0; 2]).unwrap();
        network.train(&input, &[1.0, 0.0], &mut [0.0; 2]).unwrap();
    }
    let bytes = network.to_bytes();
    assert_eq!(Network::from_bytes(&bytes).unwrap().to_bytes(), bytes);
}
