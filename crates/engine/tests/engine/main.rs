//! The engine as its users know it, by topic, on real stores in temporary directories.

mod clusters;
mod datasets;
mod direct;
mod restart;
mod support;
mod tasks;
