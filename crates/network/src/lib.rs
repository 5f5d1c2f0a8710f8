//! Hanami's learning core: a network that starts empty and grows from the samples it is taught.
//!
//! # The idea
//!
//! A cluster is a set of *bricks* in a hexagonal grid ([`grid`]): inputs, outputs, and inner ones
//! between them. A neuron sends a signal of some magnitude `p` along a chain of *synapses*. Each
//! synapse has a *border* that uses a part of the magnitude up, so that it fires with
//! `clamp((p - B) / b, 0, 1)`, where `b` is its own border and `B` the sum of those before it. The
//! chain is therefore a piecewise-linear function of the magnitude, and its strengths are learned:
//! what others call a spline edge or thermometer coding. Borders lie where the data is: at quantiles
//! of the magnitudes seen. That is why no input needs to be normalised, and why a value a million
//! times too large counts no more than the largest usual one, as long as such values are few among
//! those that came before.
//!
//! One ramp of a source neuron together with its synapses to a block of up to 64 neurons is a
//! *section*: a dense row of weights, made when a sample was wrong and the ramp was active. Learning
//! and predicting are multiply-adds over the rows of active ramps, with the widest vector
//! instructions that the machine has. All instructions give the same bits.
//!
//! # What a training step does
//!
//! 1. The inputs become signals; borders move when they should, and weights follow them so that what
//!    was learned stays (`input`, `borders`).
//! 2. Signals pass the bricks in order of their distance from the inputs (`layout`, `forward`). An
//!    inner neuron sends `log2(1 + z)`, drawn in straight lines: again a chain of synapses, with
//!    borders 1, 2, 4, 8... (`neurons`).
//! 3. An output tells from its targets whether it classifies or predicts numbers (`output`,
//!    `level`); that gives its errors.
//! 4. Each weight makes a step down the gradient, normalised by the mean energy of the signals
//!    (`learn`). Where a sample was wrong, missing sections grow, and now and then a block (`brick`);
//!    that has an end ([`MAX_SECTION_BYTES`]). Neurons that never fire get new weights (`activity`).
//! 5. What teaches more is taught again: one of the last samples that taught something, and pictures
//!    moved by a pixel. Whether inputs are pictures the network finds out by trying (`rehearse`,
//!    `experience`, `jitter`).
//! 6. Each weight exists twice: a slow copy follows the average of the fast one, and predicts
//!    (`sections`). Of both only the upper half of the bits is read for sums (`halves`). Because the slow
//!    copy lags, the last lesson is remembered apart, and shows at once (`lesson`).
//! 7. Where targets are mostly noise, weights shrink (`surprise`). Sections that are hardly used may be
//!    deleted (`reduction`).
//!
//! What each input contributed to an answer can be told exactly ([`Network::explain`]), and how each
//! brick is doing ([`BrickStats`]); neither changes anything (`explain`, `gauges`).
//!
//! What a step costs depends on how much has grown that the sample's signals reach, not on how many
//! samples came before. Everything is deterministic: the same seed and samples give the same bits on
//! every machine, predictions in between change nothing, and a snapshot goes on as if it had never
//! stopped ([`Network::to_bytes`]).
//!
//! # Several threads
//!
//! One step may be shared by several threads that the caller lends ([`Network::set_crew`]): each takes
//! whole blocks of neurons, and the bits are the same for any number of them (`crew`).
//!
//! # Spiking
//!
//! With a `neuron_cooldown` below its default or a `refractory_time` above 1, inner neurons keep a
//! part of their potential from one training step to the next (`neurons`). Samples then mean
//! something only in their order: each is kept for rehearsal with the potentials of its time, and
//! questions that follow each other are answered as a [`Course`].
//!
//! # Example
//!
//! ```
//! use hanami_network::{Network, template::Template};
//!
//! let template = Template::parse(
//!     "version: 1
//! bricks:
//!     1,1,1
//!         input: numbers
//!         number_of_neurons: 2
//!     2,1,1
//!         number_of_neurons: 20
//!     3,1,1
//!         output: differ
//!         number_of_neurons: 1
//! ",
//! )?;
//! let mut network = Network::new(&template)?;
//! let mut answer = [0.0];
//! for step in 0..400 {
//!     let (a, b) = (step & 1, step >> 1 & 1);
//!     network.train(&[a as f32, b as f32], &[(a ^ b) as f32], &mut answer)?;
//! }
//! network.predict(&[1.0, 0.0], &mut answer)?;
//! assert!(answer[0] > 0.5);
//! network.predict(&[1.0, 1.0], &mut answer)?;
//! assert!(answer[0] < 0.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod activity;
mod borders;
mod brick;
mod course;
mod crew;
mod experience;
mod explain;
mod forward;
mod gauges;
pub mod grid;
mod halves;
mod input;
mod jitter;
mod kernel;
mod layout;
mod learn;
mod lesson;
mod level;
mod network;
mod neurons;
mod output;
mod reduction;
mod rehearse;
mod rng;
mod room;
mod scratch;
mod sections;
mod snapshot;
mod stats;
mod surprise;
pub mod template;
#[cfg(test)]
mod tests;
mod ways;

pub use course::Course;
pub use crew::Crew;
pub use experience::MAX_EXPERIENCE_BYTES;
pub use explain::{ExplainError, Explanation};
pub use gauges::Gauges;
pub use layout::{
    BuildError, MAX_BLOCK_CONNECTIONS, MAX_BRICKS, MAX_CONNECTIONS, MAX_EXPERIENCE, MAX_NEURONS,
};
pub use network::{Network, Port, ShapeError};
pub use room::MAX_SECTION_BYTES;
pub use snapshot::SnapshotError;
pub use stats::{BrickStats, Stats};
pub use ways::Idle;

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
            brick(3, 1, BrickKind::Output { name: "c".to_owned(), kind: None }, 1),
            brick(2, 2, BrickKind::Output { name: "d".to_owned(), kind: None }, 1),
        ],
    }
}
