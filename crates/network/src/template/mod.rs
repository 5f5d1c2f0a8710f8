//! The description a cluster is grown from: a short indented text.
//!
//! ```text
//! version: 1
//! settings:                     # the block and each of its entries may be left out
//!     neuron_cooldown: 100000000000.0
//!     refractory_time: 1
//!     max_connection_distance: 1
//!     enable_reduction: false
//!     experience: 4000
//!     seed: 1
//!     inner_learning_rate: 1
//!     output_learning_rate: 1
//!     error_threshold: 0.2
//!     averaging_window: 20000
//!     growth_patience: 15
//! bricks:
//!     1,1,1                     # a place in the hexagonal grid, without a colon
//!         input: test_input
//!         number_of_neurons: 784
//!     2,1,1
//!         number_of_neurons: 400
//!     3,1,1
//!         output: test_output
//!         kind: class           # or `value`; left out, the targets tell
//!         number_of_neurons: 10
//! ```
//!
//! Lines of one block are indented by the same number of spaces, whatever that number is. `#` at
//! the start of a line or after a space begins a comment. Reading goes in three steps:
//! `line` cuts lines into words, `nesting` finds out what belongs to which block, and `parse` with
//! `field` gives the words their meaning. Every word knows its place, so that every
//! [`TemplateError`] can show the line it is about. What is read is also put in order (`layout`), so
//! that a template which was read is one that [`Network::new`](crate::Network::new) can build.

mod display;
mod error;
mod field;
mod limits;
mod line;
mod nesting;
mod parse;
#[cfg(test)]
mod tests;

pub use error::{ErrorKind, TemplateError};
pub use limits::Limits;

/// A parsed and checked cluster template: where the bricks lie and how they behave.
///
/// Its `Display` writes the canonical text, which [`Template::parse`] reads back unchanged.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Behaviour shared by all bricks.
    pub settings: Settings,
    /// The bricks in the order of the text. At least one input and one output brick.
    pub bricks: Vec<Brick>,
}

impl Template {
    /// Reads a template under the default [`Limits`].
    ///
    /// # Errors
    /// The first mistake in the text, with its place and how to fix it.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        Self::parse_with(text, &Limits::default())
    }

    /// Reads a template that may be as large as `limits` allows.
    ///
    /// # Errors
    /// The first mistake in the text, with its place and how to fix it.
    pub fn parse_with(text: &str, limits: &Limits) -> Result<Self, TemplateError> {
        parse::template(text, limits, true)
    }

    /// Reads the template of a network that was made before. Unlike [`Template::parse`] it takes
    /// bricks that lie on no way from an input to an output, which were once left out silently.
    ///
    /// # Errors
    /// The first mistake in the text, with its place and how to fix it.
    pub fn parse_accepted(text: &str) -> Result<Self, TemplateError> {
        parse::template(text, &Limits::default(), false)
    }
}

/// The `settings:` block of a template; every entry is optional in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Divides the potential that a neuron keeps from step to step (finite, >= 1; at the default
    /// practically nothing is kept).
    pub neuron_cooldown: f32,
    /// Steps before a neuron can take input again (>= 1).
    pub refractory_time: u32,
    /// How many bricks away a synapse may reach (>= 1).
    pub max_connection_distance: u32,
    /// Whether synapses that are hardly used are deleted.
    pub enable_reduction: bool,
    /// How many of the last samples that taught something the cluster keeps to rehearse them (0 =
    /// none are kept); fewer if they are larger than
    /// [`MAX_EXPERIENCE_BYTES`](crate::MAX_EXPERIENCE_BYTES).
    pub experience: u32,
    /// Seed of every random choice; the same seed and samples give the same network.
    pub seed: u64,
    /// Multiplies the learning rate into inner bricks (0.01 to 100).
    pub inner_learning_rate: f32,
    /// Multiplies the learning rate into output bricks (0.01 to 100).
    pub output_learning_rate: f32,
    /// A sample of classes is not learned if no output is further from its target than this (0 to
    /// 1). Numbers and chances have no such limit.
    pub error_threshold: f32,
    /// The weights that predict average over no more training steps than this (1 to 1e9).
    pub averaging_window: u32,
    /// An inner brick opens its next block of 64 neurons at the first wrong sample beyond this many
    /// per open block (1 to 1e6).
    pub growth_patience: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            neuron_cooldown: 100_000_000_000.0,
            refractory_time: 1,
            max_connection_distance: 1,
            enable_reduction: false,
            experience: 4000,
            seed: 1,
            inner_learning_rate: 1.0,
            output_learning_rate: 1.0,
            error_threshold: 0.2,
            averaging_window: 20_000,
            growth_patience: 15,
        }
    }
}

/// One brick: a group of neurons at a place in the hexagonal grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Brick {
    /// Place in the grid.
    pub position: Position,
    /// What the brick is for.
    pub kind: BrickKind,
    /// Input and output: the number of values. Inner: an upper limit of neurons.
    pub neurons: u32,
}

/// Place of a brick, positive integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Column.
    pub x: u32,
    /// Row.
    pub y: u32,
    /// Layer.
    pub z: u32,
}

/// What the values of an output brick are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputKind {
    /// Chances in 0..1, whatever the targets: those beyond are cut.
    Class,
    /// Numbers of any size, from the first sample on.
    Value,
}

/// Role of a brick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrickKind {
    /// Takes values from outside, by name.
    Input(String),
    /// Gives values to the outside.
    Output {
        /// Its name.
        name: String,
        /// What its values are; `None` if the targets tell.
        kind: Option<OutputKind>,
    },
    /// Neither.
    Inner,
}
