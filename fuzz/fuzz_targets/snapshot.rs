//! Reading snapshots of networks that may be anything.
#![no_main]

#[path = "../../crates/network/tests/common/hostile.rs"]
mod hostile;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::load(bytes));
