//! Hanami's learning core.

pub mod grid;
pub mod template;
