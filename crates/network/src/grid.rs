//! The hexagonal grid that bricks lie in.
//!
//! Bricks are packed as equal balls are packed most closely (hexagonal close packing), so each
//! touches up to twelve others: six in its own layer, three in the layer above and three in the
//! layer below.
//!
//! * *In a layer* every even row is shifted by half a brick towards larger `x`. A brick touches
//!   `x - 1` and `x + 1` in its row and two bricks in each of the rows `y - 1` and `y + 1`: columns
//!   `x - 1` and `x` if `y` is odd, `x` and `x + 1` if `y` is even.
//! * *Between layers* every even layer is shifted so that its bricks lie in the hollows of the odd
//!   ones. The three bricks that a brick touches above have the same columns and rows as the three
//!   that it touches below.
//!
//! The positions 1,1,1, 2,1,1 and 3,1,1 are a chain: the middle one touches both ends, the ends
//! don't touch each other.

use crate::template::Position;

/// The positions that touch `p`, at most twelve; fewer at the edge of the grid, as coordinates start
/// at 1.
pub fn neighbours(p: Position) -> impl Iterator<Item = Position> {
    let in_layer = if p.y % 2 == 1 {
        [(-1, 0), (1, 0), (-1, -1), (0, -1), (-1, 1), (0, 1)]
    } else {
        [(-1, 0), (1, 0), (0, -1), (1, -1), (0, 1), (1, 1)]
    };
    // Where the hollows are: an even layer's brick lies between (x, y), (x + 1, y) and the brick
    // that touches both in row y + 1; seen from an odd layer the same bricks are mirrored.
    let between_layers = match (p.z % 2 == 1, p.y % 2 == 1) {
        (false, true) => [(0, 0), (1, 0), (0, 1)],
        (false, false) => [(0, 0), (1, 0), (1, 1)],
        (true, true) => [(0, 0), (-1, 0), (-1, -1)],
        (true, false) => [(0, 0), (-1, 0), (0, -1)],
    };
    let steps_in_layer = in_layer.into_iter().map(|(x, y)| (x, y, 0));
    let steps_between = [-1, 1]
        .into_iter()
        .flat_map(move |z| between_layers.into_iter().map(move |(x, y)| (x, y, z)));
    steps_in_layer.chain(steps_between).filter_map(move |step| moved(p, step))
}

/// Whether the two positions touch.
#[must_use]
pub fn touch(a: Position, b: Position) -> bool {
    neighbours(a).any(|neighbour| neighbour == b)
}

/// The index of the first position that touches no other one, or `None` if every position touches
/// another.
#[must_use]
pub fn first_apart(positions: &[Position]) -> Option<usize> {
    let taken: std::collections::HashSet<Position> = positions.iter().copied().collect();
    positions.iter().position(|&p| !neighbours(p).any(|neighbour| taken.contains(&neighbour)))
}

fn moved(p: Position, (x, y, z): (i32, i32, i32)) -> Option<Position> {
    let coordinate = |from: u32, step: i32| from.checked_add_signed(step).filter(|&to| to >= 1);
    Some(Position { x: coordinate(p.x, x)?, y: coordinate(p.y, y)?, z: coordinate(p.z, z)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: u32, y: u32, z: u32) -> Position {
        Position { x, y, z }
    }

    #[test]
    fn a_row_is_a_chain() {
        assert!(touch(at(1, 1, 1), at(2, 1, 1)));
        assert!(touch(at(2, 1, 1), at(3, 1, 1)));
        assert!(!touch(at(1, 1, 1), at(3, 1, 1)));
    }

    #[test]
    fn touching_is_mutual_and_twelvefold() {
        for (y, z) in [(4, 4), (4, 5), (5, 4), (5, 5)] {
            let p = at(4, y, z);
            let around: Vec<Position> = neighbours(p).collect();
            assert_eq!(around.len(), 12);
            for &neighbour in &around {
                assert_ne!(neighbour, p);
                assert!(touch(neighbour, p), "{neighbour:?} and {p:?}");
            }
        }
    }

    #[test]
    fn neighbours_lie_one_ball_away_in_space() {
        // Centres of balls of diameter 1 in hexagonal close packing.
        let centre = |p: Position| {
            let row = f64::from(p.y);
            let shift = if p.y.is_multiple_of(2) { 0.5 } else { 0.0 };
            let hollow = if p.z.is_multiple_of(2) { (0.5, 3f64.sqrt() / 6.0) } else { (0.0, 0.0) };
            [
                f64::from(p.x) + shift + hollow.0,
                row * 3f64.sqrt() / 2.0 + hollow.1,
                f64::from(p.z) * (2f64 / 3.0).sqrt(),
            ]
        };
        for (y, z) in [(4, 4), (4, 5), (5, 4), (5, 5)] {
            let p = at(4, y, z);
            for neighbour in neighbours(p) {
                let squared: f64 =
                    centre(p).iter().zip(centre(neighbour)).map(|(a, b)| (a - b).powi(2)).sum();
                assert!((squared - 1.0).abs() < 1e-9, "{p:?} {neighbour:?} {squared}");
            }
        }
    }

    #[test]
    fn the_grid_ends_at_one_and_at_the_largest_number() {
        assert!(neighbours(at(1, 1, 1)).all(|p| p.x >= 1 && p.y >= 1 && p.z >= 1));
        assert!(neighbours(at(u32::MAX, u32::MAX, u32::MAX)).count() > 0);
    }

    #[test]
    fn finds_the_brick_that_stands_apart() {
        assert_eq!(first_apart(&[at(1, 1, 1), at(2, 1, 1), at(3, 1, 1)]), None);
        assert_eq!(first_apart(&[at(1, 1, 1), at(2, 1, 1), at(4, 1, 1)]), Some(2));
        assert_eq!(first_apart(&[at(1, 1, 1)]), Some(0));
    }
}
