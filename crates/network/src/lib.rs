//! Hanami's learning core.

mod activity;
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
mod snapshot;
mod stats;
pub mod template;
#[cfg(test)]
mod tests;

pub use layout::{BuildError, MAX_BRICKS, MAX_CONNECTIONS, MAX_NEURONS};
pub use network::{Network, Port, ShapeError};
pub use snapshot::SnapshotError;
pub use stats::{BrickStats, Stats};

/// Two inputs, an inner brick and two outputs, of which the small unit tests make networks.
#[cfg(test)]
fn test_template() -> template::Template {
    use template::{Brick, BrickKind, Position, Settings, Template};
    let brick = |x, y, kind, neurons| Brick { position: Position { x, y, z: 1 }, kind, neurons };
    Template {
        settings: Settings {
            enable_reduction: true,
            neuron_cooldown: 2.0,
            experience: 5,
            ..Settings::default()
        },
        bricks: vec![
            brick(1, 1, BrickKind::Input("a".to_owned()), 2),
            brick(1, 2, BrickKind::Input("b".to_owned()), 1),
            brick(2, 1, BrickKind::Inner, 20),
            brick(3, 1, BrickKind::Output("c".to_owned()), 1),
            brick(2, 2, BrickKind::Output("d".to_owned()), 1),
        ],
    }
}
