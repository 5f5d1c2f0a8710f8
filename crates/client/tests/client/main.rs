//! The SDK against a real server in the same process.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
mod content;
mod direct;
mod kept;
mod logs;
mod resources;
mod samples;
mod scenarios;
mod session;
mod tasks;
mod tls;
mod upload;
mod users;
