//! Snapshots that were changed by chance or by malice: never a panic, never more memory than they
//! warrant. `fuzz/` tries the same for as long as one likes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
#[path = "common/hostile.rs"]
mod hostile;
mod memory;

use std::fs;

use common::Chance;

/// Rounds for each snapshot.
const ROUNDS: usize = 4000;
/// What reading may take for each byte there is: rows are padded to whole lanes, and twice as large
/// while they grow.
const PER_BYTE: usize = 64;
/// And for all that a template alone can ask for.
const AT_LEAST: usize = 24 << 20;

/// The fuzzer's first snapshots.
fn snapshots() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/snapshot");
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Cuts, flips and overwrites, at up to four places.
fn damage(bytes: &mut Vec<u8>, chance: &mut Chance) {
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len());
        let end = (at + 4).min(bytes.len());
        match chance.below(7) {
            0 => bytes.truncate(at.max(1)),
            1 => bytes[at] ^= 1 << chance.below(8),
            2 => bytes[at] = chance.below(256) as u8,
            3 => bytes[at..end].fill(0xff),
            4 => bytes[at..end].fill(0),
            // A count or an index that is a little off.
            5 => bytes[at] = bytes[at].wrapping_add(1),
            _ => drop(bytes.drain(at..end)),
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
}

#[test]
fn damaged_snapshots_never_panic_and_take_no_more_memory_than_they_warrant() {
    let mut chance = Chance::new(1);
    let mut accepted = 0;
    for snapshot in snapshots() {
        for _ in 0..ROUNDS {
            let mut bytes = snapshot.clone();
            damage(&mut bytes, &mut chance);
            let allowed = AT_LEAST + PER_BYTE * bytes.len();
            let peak = memory::peak_of(|| {
                let mut sound = bytes.clone();
                hostile::put_right(&mut sound);
                accepted += usize::from(hanami_network::Network::from_bytes(&sound).is_ok());
            });
            assert!(peak < allowed, "{peak} bytes for {}", bytes.len());
            hostile::load(&bytes);
        }
    }
    assert!(accepted > 1000, "only {accepted} got past the checks: the rest is not tried");
}

#[test]
fn the_first_snapshots_of_the_fuzzer_are_sound() {
    let snapshots = snapshots();
    assert!(snapshots.len() >= 4);
    for bytes in snapshots {
        assert!(bytes.len() < 32 << 10, "a small corpus is a fast one");
        assert!(hanami_network::Network::from_bytes(&bytes).is_ok());
        hostile::load(&bytes);
    }
}
