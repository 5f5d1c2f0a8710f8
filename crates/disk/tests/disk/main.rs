//! The real disk and the simulated one do the same; the simulated one forgets what it may forget.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod alike;
mod chance;
mod faults;
mod power;
