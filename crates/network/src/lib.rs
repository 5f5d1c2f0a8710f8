//! Hanami's learning core.

pub mod template;
