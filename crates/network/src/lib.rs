//! Hanami's learning core.

mod borders;
mod brick;
mod experience;
mod forward;
pub mod grid;
mod input;
mod kernel;
mod layout;
mod learn;
mod level;
mod network;
mod neurons;
mod output;
mod reduction;
mod rng;
mod scratch;
mod sections;
mod stats;
pub mod template;

pub use layout::{BuildError, MAX_BRICKS, MAX_CONNECTIONS, MAX_NEURONS};
pub use network::{Network, Port, ShapeError};
pub use stats::{BrickStats, Stats};
