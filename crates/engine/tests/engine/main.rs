//! The engine as its users know it, by topic, on real stores in temporary directories.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod checkpoints;
mod clusters;
mod data;
mod datasets;
mod deletion;
mod direct;
mod doctor;
mod eviction;
mod holdings;
mod quotas;
mod restart;
mod samples;
mod support;
mod tasks;
mod training;
mod transfer;
mod watch;
