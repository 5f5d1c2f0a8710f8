//! From a template to bricks in the order in which signals pass them, and who listens to whom.
//!
//! *Distance.* Two bricks are as far apart as the fewest steps from brick to touching brick lead from
//! one to the other. A brick's *depth* is its distance from the nearest input brick.
//!
//! *Direction.* A brick listens to every brick within `max_connection_distance` that comes before it:
//! all inputs come first and all outputs last; an inner brick comes before one that is deeper, or
//! that is as deep but nearer to an output. Signals so always move on and never in a circle. Equal
//! neighbours (same depth, same distance to an output) don't listen to each other.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};
use std::ops::RangeInclusive;

use thiserror::Error;

use crate::brick::BLOCK;
use crate::grid;
use crate::template::{Brick, BrickKind, OutputKind, Position, Template};

/// Most bricks in a cluster.
pub const MAX_BRICKS: usize = 1024;
/// Most neurons of all bricks of a cluster together.
pub const MAX_NEURONS: u64 = 1 << 20;
/// Most pairs of bricks of a cluster of which one listens to the other.
pub const MAX_CONNECTIONS: usize = 1 << 16;

/// Most pairs of a block of 64 neurons and a brick that it listens to, in a whole cluster.
pub const MAX_BLOCK_CONNECTIONS: usize = 1 << 18;
/// Most samples that a cluster may keep.
pub const MAX_EXPERIENCE: u32 = 1_000_000;
/// What `inner_learning_rate` and `output_learning_rate` may be.
pub(crate) const RATE_FACTORS: RangeInclusive<f32> = 0.01..=100.0;
/// What `error_threshold` may be.
pub(crate) const THRESHOLDS: RangeInclusive<f32> = 0.0..=1.0;
/// Largest `averaging_window`.
pub(crate) const MAX_AVERAGING_WINDOW: u32 = 1_000_000_000;
/// Largest `growth_patience`: wrong samples of all blocks that a brick can have still fit 32 bits.
pub(crate) const MAX_GROWTH_PATIENCE: u32 = 1_000_000;

/// Why no network can be built from a template.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// More bricks than [`MAX_BRICKS`].
    #[error("the template has {0} bricks; at most {MAX_BRICKS} are possible")]
    TooManyBricks(usize),
    /// More neurons than [`MAX_NEURONS`].
    #[error("the template's bricks have {0} neurons; at most {MAX_NEURONS} are possible")]
    TooManyNeurons(u64),
    /// More connections than [`MAX_CONNECTIONS`].
    #[error(
        "up to the brick at {0} too many are within reach of each other; at most {MAX_CONNECTIONS} \
         pairs are possible: lower max_connection_distance or use fewer bricks"
    )]
    TooManyConnections(Position),
    /// More pairs of blocks and bricks than [`MAX_BLOCK_CONNECTIONS`].
    #[error(
        "up to the brick at {0} too many neurons are within reach of too many bricks; at most \
         {MAX_BLOCK_CONNECTIONS} pairs of 64 neurons and a brick that they listen to are possible: \
         lower max_connection_distance or use fewer bricks or neurons"
    )]
    TooManyBlockConnections(Position),
    /// A template without an input brick.
    #[error("the template has no input brick")]
    NoInput,
    /// A template without an output brick.
    #[error("the template has no output brick")]
    NoOutput,
    /// A brick without neurons.
    #[error("the brick at {0} has no neurons; give it at least one")]
    EmptyBrick(Position),
    /// Two bricks at one place.
    #[error("two bricks lie at {0}")]
    SamePlace(Position),
    /// An output brick that gets no signal.
    #[error(
        "no input reaches the output `{name}`: put bricks between them or raise \
         max_connection_distance"
    )]
    Unreached {
        /// Name of the output.
        name: String,
        /// Where it lies.
        position: Position,
    },
    /// A setting out of its range.
    #[error("the setting `{name}` must be {expected}")]
    Setting {
        /// Name of the setting.
        name: &'static str,
        /// What it may be.
        expected: &'static str,
    },
}

impl BuildError {
    /// Where the brick lies that the error is about, if it is about one.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        match self {
            Self::TooManyConnections(position)
            | Self::TooManyBlockConnections(position)
            | Self::EmptyBrick(position)
            | Self::SamePlace(position)
            | Self::Unreached { position, .. } => Some(*position),
            Self::TooManyBricks(_)
            | Self::TooManyNeurons(_)
            | Self::NoInput
            | Self::NoOutput
            | Self::Setting { .. } => None,
        }
    }
}

/// A brick that listens: to which bricks, how far away.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listener {
    /// Index in the template.
    pub(crate) brick: usize,
    /// The bricks it listens to, by rising place.
    pub(crate) hears: Vec<Heard>,
}

impl Listener {
    /// What its blocks may hear, when all are open.
    fn block_connections(&self, bricks: &[Brick]) -> usize {
        (bricks[self.brick].neurons as usize).div_ceil(BLOCK) * self.hears.len()
    }
}

/// A brick that another one listens to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Heard {
    /// Place in the order of the inputs, then the inner bricks.
    pub(crate) place: usize,
    /// Steps between the two, at least 1.
    pub(crate) distance: u32,
}

/// The bricks of a template in the order in which signals pass them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    /// Template indices of the inputs, in the template's order.
    pub(crate) inputs: Vec<usize>,
    /// The inner bricks that lie on a way from an input to an output. Others are left out.
    pub(crate) inner: Vec<Listener>,
    /// The outputs, in the template's order.
    pub(crate) outputs: Vec<Listener>,
}

impl Layout {
    /// Checks the template and puts its bricks in order.
    pub(crate) fn new(template: &Template) -> Result<Self, BuildError> {
        check(template)?;
        let bricks = &template.bricks;
        let touching = Touching::new(bricks)?;
        let of_kind = |wanted: fn(&BrickKind) -> bool| -> Vec<usize> {
            (0..bricks.len()).filter(|&i| wanted(&bricks[i].kind)).collect()
        };
        let inputs = of_kind(|kind| matches!(kind, BrickKind::Input(_)));
        let outputs = of_kind(|kind| matches!(kind, BrickKind::Output { .. }));
        let mut inner = of_kind(|kind| matches!(kind, BrickKind::Inner));
        let depth = touching.distances(&inputs, u32::MAX);
        let to_output = touching.distances(&outputs, u32::MAX);
        let rank = |i: usize| match bricks[i].kind {
            BrickKind::Input(_) => (0, 0, Reverse(0)),
            BrickKind::Inner => (1, depth[i], Reverse(to_output[i])),
            BrickKind::Output { .. } => (2, 0, Reverse(0)),
        };
        inner.sort_by_key(|&i| rank(i));

        // By template index, at first with all bricks in order.
        let order: Vec<usize> = [&inputs[..], &inner, &outputs].concat();
        let reach = template.settings.max_connection_distance;
        let mut sources = vec![Vec::new(); bricks.len()];
        let mut connections = 0;
        for &brick in &order {
            let distance = touching.distances(&[brick], reach);
            let before = order.iter().filter(|&&other| rank(other) < rank(brick));
            sources[brick] = before
                .filter(|&&other| distance[other] != u32::MAX)
                .map(|&other| (other, distance[other]))
                .collect();
            connections += sources[brick].len();
            if connections > MAX_CONNECTIONS {
                return Err(BuildError::TooManyConnections(bricks[brick].position));
            }
        }
        keep_ways(&mut inner, &order, &inputs, &outputs, &sources);

        let mut place = vec![None; bricks.len()];
        for (number, &brick) in inputs.iter().chain(&inner).enumerate() {
            place[brick] = Some(number);
        }
        let listener = |&brick: &usize| {
            let heard = |&(source, distance): &(usize, u32)| {
                place[source].map(|place| Heard { place, distance })
            };
            Listener { brick, hears: sources[brick].iter().filter_map(heard).collect() }
        };
        let inner: Vec<Listener> = inner.iter().map(listener).collect();
        let outputs: Vec<Listener> = outputs.iter().map(listener).collect();
        if let Some(deaf) = outputs.iter().find(|output| output.hears.is_empty()) {
            let deaf = &bricks[deaf.brick];
            let name = name(deaf).to_owned();
            return Err(BuildError::Unreached { name, position: deaf.position });
        }
        let mut block_connections = 0;
        for listener in inner.iter().chain(&outputs) {
            block_connections += listener.block_connections(bricks);
            if block_connections > MAX_BLOCK_CONNECTIONS {
                let position = bricks[listener.brick].position;
                return Err(BuildError::TooManyBlockConnections(position));
            }
        }
        Ok(Self { inputs, inner, outputs })
    }
}

impl Template {
    /// Whom each brick hears: for each brick, in the order of the template, the indices of the bricks
    /// whose signals reach it, inputs first. Inner bricks that lie on no way from an input to an
    /// output are left out of the network: they hear nobody, and nobody hears them.
    ///
    /// # Errors
    /// If no network can be built of the template.
    pub fn hears(&self) -> Result<Vec<Vec<usize>>, BuildError> {
        let Layout { inputs, inner, outputs } = Layout::new(self)?;
        let places: Vec<usize> =
            inputs.into_iter().chain(inner.iter().map(|listener| listener.brick)).collect();
        let mut hears = vec![Vec::new(); self.bricks.len()];
        for listener in inner.iter().chain(&outputs) {
            hears[listener.brick] = listener.hears.iter().map(|h| places[h.place]).collect();
        }
        Ok(hears)
    }
}

/// Drops the inner bricks that no input reaches or that reach no output. `sources` are the bricks
/// that each brick listens to, all of them earlier in `order`.
fn keep_ways(
    inner: &mut Vec<usize>,
    order: &[usize],
    inputs: &[usize],
    outputs: &[usize],
    sources: &[Vec<(usize, u32)>],
) {
    let mut reached = vec![false; sources.len()];
    for &input in inputs {
        reached[input] = true;
    }
    for &brick in order {
        reached[brick] |= sources[brick].iter().any(|&(source, _)| reached[source]);
    }
    let mut reaches = vec![false; sources.len()];
    for &output in outputs {
        reaches[output] = true;
    }
    for &brick in order.iter().rev().filter(|&&brick| reached[brick]) {
        if reaches[brick] {
            sources[brick].iter().for_each(|&(source, _)| reaches[source] = true);
        }
    }
    inner.retain(|&brick| reached[brick] && reaches[brick]);
}

/// The name of an input or output brick; empty for an inner one.
pub(crate) fn name(brick: &Brick) -> &str {
    match &brick.kind {
        BrickKind::Input(name) | BrickKind::Output { name, .. } => name,
        BrickKind::Inner => "",
    }
}

/// What the template says of an output brick's values.
pub(crate) fn output_kind(brick: &Brick) -> Option<OutputKind> {
    match brick.kind {
        BrickKind::Output { kind, .. } => kind,
        BrickKind::Input(_) | BrickKind::Inner => None,
    }
}

fn check(template: &Template) -> Result<(), BuildError> {
    let bricks = &template.bricks;
    if bricks.len() > MAX_BRICKS {
        return Err(BuildError::TooManyBricks(bricks.len()));
    }
    let neurons = bricks.iter().map(|brick| u64::from(brick.neurons)).sum();
    if neurons > MAX_NEURONS {
        return Err(BuildError::TooManyNeurons(neurons));
    }
    if !bricks.iter().any(|brick| matches!(brick.kind, BrickKind::Input(_))) {
        return Err(BuildError::NoInput);
    }
    if !bricks.iter().any(|brick| matches!(brick.kind, BrickKind::Output { .. })) {
        return Err(BuildError::NoOutput);
    }
    if let Some(empty) = bricks.iter().find(|brick| brick.neurons == 0) {
        return Err(BuildError::EmptyBrick(empty.position));
    }
    let settings = &template.settings;
    let limits = [
        (settings.neuron_cooldown >= 1.0, "neuron_cooldown", "a number, 1 or more"),
        (settings.refractory_time >= 1, "refractory_time", "at least 1"),
        (settings.max_connection_distance >= 1, "max_connection_distance", "at least 1"),
        (settings.experience <= MAX_EXPERIENCE, "experience", "at most 1000000"),
        (
            RATE_FACTORS.contains(&settings.inner_learning_rate),
            "inner_learning_rate",
            "0.01 to 100",
        ),
        (
            RATE_FACTORS.contains(&settings.output_learning_rate),
            "output_learning_rate",
            "0.01 to 100",
        ),
        (THRESHOLDS.contains(&settings.error_threshold), "error_threshold", "0 to 1"),
        (
            (1..=MAX_AVERAGING_WINDOW).contains(&settings.averaging_window),
            "averaging_window",
            "1 to 1000000000",
        ),
        (
            (1..=MAX_GROWTH_PATIENCE).contains(&settings.growth_patience),
            "growth_patience",
            "1 to 1000000",
        ),
    ];
    for (holds, name, expected) in limits {
        if !holds {
            return Err(BuildError::Setting { name, expected });
        }
    }
    Ok(())
}

/// For each brick the bricks that it touches.
pub(crate) struct Touching(Vec<Vec<usize>>);

impl Touching {
    pub(crate) fn new(bricks: &[Brick]) -> Result<Self, BuildError> {
        let mut places = HashMap::new();
        for (i, brick) in bricks.iter().enumerate() {
            if places.insert(brick.position, i).is_some() {
                return Err(BuildError::SamePlace(brick.position));
            }
        }
        let touched = |brick: &Brick| {
            grid::neighbours(brick.position).filter_map(|p| places.get(&p).copied()).collect()
        };
        Ok(Self(bricks.iter().map(touched).collect()))
    }

    /// Steps from the nearest of `starts` to every brick; `u32::MAX` beyond `limit` or if there is no
    /// way.
    pub(crate) fn distances(&self, starts: &[usize], limit: u32) -> Vec<u32> {
        let mut distances = vec![u32::MAX; self.0.len()];
        let mut queue = VecDeque::new();
        for &start in starts {
            distances[start] = 0;
            queue.push_back(start);
        }
        while let Some(brick) = queue.pop_front() {
            if distances[brick] >= limit {
                break;
            }
            for &next in &self.0[brick] {
                if distances[next] == u32::MAX {
                    distances[next] = distances[brick] + 1;
                    queue.push_back(next);
                }
            }
        }
        distances
    }
}
