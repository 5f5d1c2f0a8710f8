//! Jitter: samples moved by one place that still mean the same.
//!
//! A picture that stands one pixel further to the left still shows the same; a row of a table whose
//! values stand one column further does not. Nobody tells which of them an input brick takes, so the
//! network tries it: now and then a sample that is known well is moved and only answered. Where moved
//! samples are answered right, by far more often than chance would have it, samples are also *learned*
//! moved. A single pass over the data then teaches as much as several.
//!
//! How long the rows of a picture are nobody tells, either. Pictures look like themselves one row
//! further down, so it is the distance at which most values meet another one.

use std::ops::Range;

use crate::input::Value;
use crate::rng::Rng;

/// Bricks with fewer values are no pictures...
const LEAST_WIDTH: usize = 64;
/// ...and those with more would take too long to look at.
const MOST_WIDTH: usize = 1 << 14;
/// Longest row that is looked for.
pub(crate) const MOST_STRIDE: usize = 1024;
/// Samples that are looked at before a first guess at the length of a row.
const LEAST_LOOKS: u32 = 16;
/// Overlaps count half when so many samples were looked at.
pub(crate) const MOST_LOOKS: u32 = 512;
/// A direction is judged when chance would have been wrong so often...
const LEAST_TRIES: u32 = 24;
/// ...and old tries count half when there are so many.
pub(crate) const MOST_TRIES: u32 = 512;

/// The directions: left, right, up, down.
const DIRECTIONS: usize = 4;

/// How well moved samples of an input brick were answered in one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Trust {
    /// Moved samples that were answered.
    pub(crate) tried: u32,
    /// Those answered right.
    pub(crate) right: u32,
    /// Those whose answer would have been the same as that of the one tried before.
    pub(crate) chance: u32,
}

impl Trust {
    fn observe(&mut self, right: bool, chance: bool) {
        self.tried += 1;
        self.right += u32::from(right);
        self.chance += u32::from(chance);
        if self.tried == MOST_TRIES {
            *self = Self { tried: self.tried / 2, right: self.right / 2, chance: self.chance / 2 };
        }
    }

    /// Whether at least four in five of the tries in which chance failed went well (Cohen's kappa).
    pub(crate) fn is_earned(self) -> bool {
        let hard = self.tried - self.chance;
        hard >= LEAST_TRIES && 5 * self.right.saturating_sub(self.chance) >= 4 * hard
    }
}

/// A move by at most one place in each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    right: i32,
    down: i32,
}

impl Move {
    const DIRECTIONS: [Self; DIRECTIONS] = [
        Self { right: -1, down: 0 },
        Self { right: 1, down: 0 },
        Self { right: 0, down: -1 },
        Self { right: 0, down: 1 },
    ];

    /// One of the nine that there are, staying in place among them.
    fn random(rng: &mut Rng) -> Self {
        let number = rng.below(9) as i32;
        Self { right: number % 3 - 1, down: number / 3 - 1 }
    }
}

/// What an input brick has shown about moved samples.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Jitter {
    /// Values in a row, 0 while unknown.
    pub(crate) stride: usize,
    /// Samples that were looked at, at most [`MOST_LOOKS`].
    pub(crate) looks: u32,
    /// How many values of them had another one so many places further.
    pub(crate) overlaps: Vec<u32>,
    pub(crate) trust: [Trust; DIRECTIONS],
    /// What the targets of the sample tried last stood for.
    pub(crate) last_meaning: u64,
}

/// Whether a brick of so many values may be a picture.
pub(crate) fn may_be_picture(width: usize) -> bool {
    (LEAST_WIDTH..=MOST_WIDTH).contains(&width)
}

impl Jitter {
    /// Takes the values of a brick in that begins at `start`, to find out how long its rows are.
    pub(crate) fn look(&mut self, values: &[Value], start: usize, width: usize) {
        let words = width.div_ceil(64);
        let mut bits = vec![0u64; words + 1];
        for value in values {
            let place = value.index as usize - start;
            bits[place / 64] |= 1 << (place % 64);
        }
        self.overlaps.resize((width / 2).min(MOST_STRIDE), 0);
        for (distance, overlap) in self.overlaps.iter_mut().enumerate() {
            let (skipped, shift) = (distance / 64, distance % 64);
            let further = bits[skipped..].windows(2).map(|pair| match shift {
                0 => pair[0],
                _ => pair[0] >> shift | pair[1] << (64 - shift),
            });
            *overlap += bits.iter().zip(further).map(|(a, b)| (a & b).count_ones()).sum::<u32>();
        }
        self.looks += 1;
        if self.looks >= LEAST_LOOKS && self.looks.is_power_of_two() {
            let stride = self.find_stride();
            // Where several do nearly as well, it stays with the one it has tried.
            let better = 8 * self.overlaps[stride] > 9 * self.overlaps[self.stride];
            if stride > 0 && (better || self.stride == 0) {
                self.stride = stride;
                self.trust[2..].fill(Trust::default());
            }
        }
        if self.looks == MOST_LOOKS {
            self.looks /= 2;
            self.overlaps.iter_mut().for_each(|overlap| *overlap /= 2);
        }
    }

    /// The distance of the largest overlap after the overlaps first fell, 0 if there is none.
    fn find_stride(&self) -> usize {
        let fallen = self.overlaps.windows(2).skip(1).position(|pair| pair[1] > pair[0]);
        let Some(lowest) = fallen.map(|place| place + 1) else {
            return 0;
        };
        let later = (lowest..).zip(&self.overlaps[lowest..]);
        later
            .max_by_key(|&(distance, &overlap)| (overlap, std::cmp::Reverse(distance)))
            .map_or(0, |(distance, _)| distance)
    }

    /// Whether there is enough to judge every direction by, or there was time enough for it.
    pub(crate) fn is_judged(&self) -> bool {
        self.looks >= MOST_LOOKS / 2
            || self.trust.iter().all(|trust| trust.tried - trust.chance >= LEAST_TRIES)
    }

    /// A direction to try.
    pub(crate) fn direction(rng: &mut Rng) -> usize {
        rng.below(DIRECTIONS as u32) as usize
    }

    /// The move in a direction; none if nothing is known about the length of a row.
    pub(crate) fn move_in(&self, direction: usize) -> Option<Move> {
        let way = Move::DIRECTIONS[direction];
        (way.down == 0 || self.stride > 0).then_some(way)
    }

    /// Takes in how a sample was answered after it was moved in a direction. `meaning` tells what its
    /// targets stood for.
    pub(crate) fn judge(&mut self, direction: usize, right: bool, meaning: u64) {
        let chance = std::mem::replace(&mut self.last_meaning, meaning) == meaning;
        self.trust[direction].observe(right, chance);
    }

    /// A move by which samples keep their meaning; none if that is not known, or chance wants them to
    /// stay in place.
    pub(crate) fn pick(&self, rng: &mut Rng) -> Option<Move> {
        let earned = |direction: usize| self.trust[direction].is_earned();
        if !(0..DIRECTIONS).any(earned) {
            return None;
        }
        let way = Move::random(rng);
        let ok = (way.right != -1 || earned(0))
            && (way.right != 1 || earned(1))
            && (way.down != -1 || earned(2))
            && (way.down != 1 || earned(3));
        (ok && way != Move { right: 0, down: 0 }).then_some(way)
    }

    /// Moves the values of the brick that takes the places `brick` of the input vector. What leaves the
    /// picture is lost.
    pub(crate) fn apply(&self, way: Move, brick: Range<usize>, values: &mut Vec<Value>) {
        let stride = if self.stride > 0 { self.stride } else { brick.len() } as i64;
        let (start, width) = (brick.start as i64, brick.len() as i64);
        let (right, down) = (i64::from(way.right), i64::from(way.down));
        // What a division would give, as all numbers are small; it would take longer than all else.
        let inverse = (1 << 32) / stride + 1;
        let mut count = 0;
        for i in 0..values.len() {
            let mut value = values[i];
            let place = i64::from(value.index) - start;
            let column = place - ((place * inverse) >> 32) * stride;
            let moved = place + right + down * stride;
            let is_inside = (0..width).contains(&place);
            let stays = (0..stride).contains(&(column + right)) & (0..width).contains(&moved);
            value.index = (start + if is_inside { moved } else { place }) as u32;
            values[count] = value;
            count += usize::from(stays || !is_inside);
        }
        values.truncate(count);
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.overlaps.capacity() * size_of::<u32>()
    }
}
