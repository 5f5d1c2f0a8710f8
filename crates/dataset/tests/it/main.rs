//! What the users of datasets rely on, from uploaded files to scored results.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod categories;
mod common;
mod csv;
mod describe;
mod export;
mod file;
mod mapping;
mod mnist;
mod permutation;
mod properties;
mod sampler;
mod score;
