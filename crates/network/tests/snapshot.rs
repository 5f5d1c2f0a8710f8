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
