//! Bricks that lie on no way from an input to an output, and what would put them on one.
//!
//! No signal passes such a brick, so it would never learn anything: a mistake in the template. What is
//! proposed to mend it was tried: the template with it has the brick on a way.

use std::collections::HashSet;
use std::fmt::{self, Display, Formatter};

use crate::grid;
use crate::layout::{Layout, Touching, name};
use crate::template::{BrickKind, Position, Template};

/// How many free places are tried for a brick.
const PLACES_TRIED: usize = 64;

/// A brick that no signal would pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idle {
    /// Where it lies.
    pub position: Position,
    /// Its name, if it is an input.
    pub name: Option<String>,
    /// Whether signals get there, and no further.
    pub is_reached: bool,
    /// A free place that lies on a way.
    pub place: Option<Position>,
    /// The least `max_connection_distance` that puts it on a way where it is.
    pub distance: Option<u32>,
}

impl std::error::Error for Idle {}

impl Display for Idle {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let brick = match &self.name {
            Some(name) => format!("the input `{name}`"),
            None => format!("the brick at {}", self.position),
        };
        if self.is_reached {
            write!(f, "{brick} leads to no output: ")?;
        } else {
            write!(f, "no input reaches {brick}: ")?;
        }
        match self.place {
            Some(place) => write!(f, "move it, for example to {place}")?,
            None => f.write_str("move it between an input and an output")?,
        }
        match self.distance {
            Some(distance) => write!(f, ", or raise max_connection_distance to {distance}"),
            None => Ok(()),
        }
    }
}

/// The first brick of the template that no signal would pass.
pub(crate) fn idle(template: &Template, layout: &Layout) -> Option<Idle> {
    let used = used(layout, template.bricks.len());
    let idle = used.iter().position(|used| !used)?;
    let brick = &template.bricks[idle];
    let is_input = matches!(brick.kind, BrickKind::Input(_));
    Some(Idle {
        position: brick.position,
        name: is_input.then(|| name(brick).to_owned()),
        is_reached: is_input || is_reached(template, idle),
        place: place(template, &used, idle),
        distance: distance(template, idle),
    })
}

/// For each brick whether it lies on a way from an input to an output.
fn used(layout: &Layout, bricks: usize) -> Vec<bool> {
    let mut used = vec![false; bricks];
    for listener in layout.inner.iter().chain(&layout.outputs) {
        used[listener.brick] = true;
        // The other places are those of inner bricks.
        for heard in listener.hears.iter().filter(|heard| heard.place < layout.inputs.len()) {
            used[layout.inputs[heard.place]] = true;
        }
    }
    used
}

/// Whether an inner brick hears something: whether it could be an output where it is.
fn is_reached(template: &Template, brick: usize) -> bool {
    let mut ending = template.clone();
    ending.bricks[brick].kind = BrickKind::Output { name: String::new(), kind: None };
    Layout::new(&ending).is_ok()
}

/// Whether the brick lies on a way in this template.
fn works(template: &Template, brick: usize) -> bool {
    Layout::new(template).is_ok_and(|layout| used(&layout, template.bricks.len())[brick])
}

/// A free place beside a used brick that would put the idle one on a way.
fn place(template: &Template, used: &[bool], idle: usize) -> Option<Position> {
    let taken: HashSet<Position> = template.bricks.iter().map(|brick| brick.position).collect();
    let others = template.bricks.iter().zip(used).filter(|(_, used)| **used);
    let free = others.flat_map(|(brick, _)| grid::neighbours(brick.position));
    let mut moved = template.clone();
    free.filter(|place| !taken.contains(place)).take(PLACES_TRIED).find(|&place| {
        moved.bricks[idle].position = place;
        works(&moved, idle)
    })
}

/// The least distance that would put the idle brick on a way. Every brick hears the inputs that are
/// within reach, and is heard by the outputs that are: so more than that is never needed.
fn distance(template: &Template, idle: usize) -> Option<u32> {
    let touching = Touching::new(&template.bricks).ok()?;
    let from = |wanted: fn(&BrickKind) -> bool| {
        let bricks = template.bricks.iter().enumerate();
        let starts: Vec<usize> =
            bricks.filter(|(_, brick)| wanted(&brick.kind)).map(|(i, _)| i).collect();
        touching.distances(&starts, u32::MAX)[idle]
    };
    let to_input = from(|kind| matches!(kind, BrickKind::Input(_)));
    let to_output = from(|kind| matches!(kind, BrickKind::Output { .. }));
    let enough = to_input.max(to_output);
    let mut longer = template.clone();
    let mut works_at = |distance| {
        longer.settings.max_connection_distance = distance;
        works(&longer, idle)
    };
    if enough == u32::MAX || !works_at(enough) {
        return None;
    }
    let distances: Vec<u32> = (template.settings.max_connection_distance + 1..=enough).collect();
    let least = distances.partition_point(|&distance| !works_at(distance));
    distances.get(least).copied()
}
