//! Bytes that may be anything, given to all that reads bytes.
//!
//! A [`Target`] takes bytes, gives them to the function of the product that reads such, and panics if
//! that panics, or breaks a promise: what is accepted works, and reads back equal to what it was. Two
//! callers use the same targets: the fuzzer in `fuzz/`, which follows the branches of the code for as
//! long as one likes (`cargo xtask fuzz`), and the tests of this crate, which change the committed
//! seeds by chance for some seconds ([`search`]). Both begin with the files in `fuzz/seeds`.
//!
//! The target `planted` has a bug that both have to find: that shows that they search.
#![allow(clippy::expect_used, reason = "a target fails by panicking")]

mod blob;
mod checkpoint;
mod csv;
pub mod file;
mod frames;
mod idx;
mod journal;
mod mutate;
mod planted;
mod policy;
mod search;
#[path = "../../network/tests/common/hostile.rs"]
mod snapshot;
mod template;
mod token;

pub use idx::pair;
pub use mutate::{Chance, mutate};
pub use search::{Finding, search};
pub use token::{SECRET, signed};

/// Something that reads bytes.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, also that of its folder in `fuzz/seeds` and of its program in `fuzz`.
    pub name: &'static str,
    /// Reads bytes; panics if a promise is broken.
    pub run: fn(&[u8]),
}

/// All targets but the one with the planted bug.
pub const TARGETS: [Target; 10] = [
    Target { name: "blob", run: blob::run },
    Target { name: "checkpoint", run: checkpoint::run },
    Target { name: "csv", run: csv::run },
    Target { name: "frames", run: frames::run },
    Target { name: "idx", run: idx::run },
    Target { name: "journal", run: journal::run },
    Target { name: "policy", run: policy::run },
    Target { name: "snapshot", run: snapshot::load },
    Target { name: "template", run: template::run },
    Target { name: "token", run: token::run },
];

/// The target that has a bug.
pub const PLANTED: Target = Target { name: "planted", run: planted::run };

/// The target of that name.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn target(name: &str) -> Target {
    let mut all = TARGETS.into_iter().chain([PLANTED]);
    all.find(|target| target.name == name).expect("the target is in the list")
}
