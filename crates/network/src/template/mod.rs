//! The description a cluster is grown from.

/// A parsed and checked cluster template: where the bricks lie and how they behave.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Behaviour shared by all bricks.
    pub settings: Settings,
    /// The bricks in the order of the text. At least one input and one output brick.
    pub bricks: Vec<Brick>,
}

/// The `settings:` block of a template; every entry is optional in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Divides the potential that a neuron keeps from step to step (> 1; at the default nothing is kept).
    pub neuron_cooldown: f32,
    /// Steps before a neuron can take input again (>= 1).
    pub refractory_time: u32,
    /// How many bricks away a synapse may reach (>= 1).
    pub max_connection_distance: u32,
    /// Whether synapses that are hardly used are deleted.
    pub enable_reduction: bool,
    /// How many wrong samples the cluster keeps to rehearse them (0 = none are kept).
    pub experience: u32,
    /// Seed of every random choice; the same seed and samples give the same network.
    pub seed: u64,
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

/// Role of a brick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrickKind {
    /// Takes values from outside, by name.
    Input(String),
    /// Gives values to the outside, by name.
    Output(String),
    /// Neither.
    Inner,
}
