//! The bounded search for cases that a target does not stand.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

use crate::Target;
use crate::mutate::{Chance, mutate};

/// A case that a target does not stand.
#[derive(Debug)]
pub struct Finding {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// How many cases came before it.
    pub cases: usize,
}

/// Gives a target its seeds, then so many changed ones, by a chance that repeats. Stops at the first
/// case on which the target panics.
///
/// # Panics
/// If the target has no seeds.
#[must_use]
pub fn search(target: Target, cases: usize) -> Option<Finding> {
    let seeds = seeds(target);
    let mut chance = Chance::new(1);
    for case in 0..seeds.len() + cases {
        let mut bytes = seeds[case % seeds.len()].clone();
        if case >= seeds.len() {
            mutate(&mut bytes, &mut chance);
        }
        if panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&bytes))).is_err() {
            return Some(Finding { bytes, cases: case });
        }
    }
    None
}

/// The committed cases of a target.
fn seeds(target: Target) -> Vec<Vec<u8>> {
    let folder = folder(target);
    let entries = fs::read_dir(&folder).expect("each target has a folder of seeds");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("its entries can be read").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    paths.iter().map(|path| fs::read(path).expect("seeds can be read")).collect()
}

/// Where the seeds of a target lie.
fn folder(target: Target) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds")).join(target.name)
}
