//! The binary against a real server in this process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
mod data;
mod errors;
mod generated;
mod log_in;
mod names;
mod samples;
mod scenarios;
mod story;
mod tls;
mod users;
