//! Memory errors and undefined behaviour of the network, the one package with unsafe code.
//!
//! Miri interprets the tests of the kernels, in their portable form, and of crews, where it also sees
//! races: it is too slow for more.
//! The address sanitizer runs all tests, with the vector kernels of this machine. Both
//! take a nightly compiler.

use std::env::consts::ARCH;

use anyhow::{Context, Result};

use crate::command::{nightly, output, succeed};

/// The tests that Miri runs: it is a thousand times slower than the machine.
const INTERPRETED: [&str; 2] = ["kernel::tests", "crew"];

pub(crate) fn run() -> Result<()> {
    output(&mut nightly(&["--version"]))
        .context("install it: `rustup toolchain install nightly`")?;
    if output(&mut nightly(&["miri", "--version"])).is_ok() {
        let arguments = ["miri", "test", "--package", "hanami-network", "--lib", "--"];
        succeed(nightly(&arguments).args(INTERPRETED))?;
    } else {
        println!("There is no Miri: `rustup +nightly component add miri rust-src` installs it.");
    }
    let target = format!("{ARCH}-unknown-linux-gnu");
    let arguments = ["test", "--package", "hanami-network", "--tests", "--target", &target];
    succeed(nightly(&arguments).env("RUSTFLAGS", "-Zsanitizer=address"))
}
