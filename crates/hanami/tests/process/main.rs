//! The program as a process: stopped, killed, backed up beside its work, and started on what earlier
//! versions have left.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backup;
mod common;
mod drain;
mod kill;
mod versions;
