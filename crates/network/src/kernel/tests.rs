//! Every set of instructions of this machine against plain loops in double precision, and against
//! each other bit for bit.

use super::*;
use crate::halves::Halves;
use crate::rng::Rng;

/// Rows of random weights with row 0 zero, a table that leaves ramps without a row, and signals.
struct Case {
    lanes: usize,
    rows: Vec<Lane>,
    row_of: Vec<u32>,
    signals: Vec<Signal>,
    errors: Vec<Lane>,
}

impl Case {
    fn new(lanes: usize, signals: usize, seed: u64) -> Self {
        const ROWS: usize = 20;
        let rng = &mut Rng::new(seed);
        let mut random = |count: usize| -> Vec<Lane> {
            (0..count).map(|_| Lane(std::array::from_fn(|_| rng.noise()))).collect()
        };
        let mut rows = random(ROWS * lanes);
        rows[..lanes].fill(Lane::default());
        let errors = random(lanes);
        // Of 30 ramps every third has no row; ramps from 30 on are not even in the table.
        let row_of = (0..30).map(|ramp| if ramp % 3 == 0 { 0 } else { ramp % 19 + 1 }).collect();
        let signals = (0..signals)
            .map(|i| Signal { ramp: i as u32 * 40 / signals as u32, value: rng.noise() })
            .collect();
        Self { lanes, rows, row_of, signals, errors }
    }

    fn halves(&self) -> Halves {
        let mut halves = Halves::default();
        self.rows.chunks(self.lanes).for_each(|row| halves.extend(row));
        halves
    }

    fn row(&self, signal: Signal) -> usize {
        self.row_of.get(signal.ramp as usize).copied().unwrap_or(0) as usize
    }

    fn weight(rows: &[Lane], at: usize) -> f64 {
        rows[at / LANE].0[at % LANE].into()
    }

    /// The weight as signals meet it: cut to 8 significant bits.
    fn cut(&self, at: usize) -> f64 {
        let weight = Self::weight(&self.rows, at);
        let last = if weight == 0.0 { 1.0 } else { 2f64.powf(weight.abs().log2().floor() - 7.0) };
        (weight / last).trunc() * last
    }
}

/// Runs `test` for every width and several numbers of signals.
fn for_all_cases(test: impl Fn(&Case)) {
    for lanes in 1..=4 {
        for signals in [0, 1, 2, 7, 40] {
            test(&Case::new(lanes, signals, (lanes * 100 + signals) as u64));
        }
    }
}

fn assert_near(found: f64, expected: f64, what: &str) {
    let tolerance = 1e-4 * (1.0 + expected.abs());
    assert!((found - expected).abs() < tolerance, "{what}: {found} {expected}");
}

/// Asserts that what each kernel makes is the same, and gives it.
fn same_everywhere<T: PartialEq + std::fmt::Debug>(run: impl Fn(Kernel) -> T) -> T {
    let mut results: Vec<T> = Kernel::available().into_iter().map(run).collect();
    for pair in results.windows(2) {
        assert_eq!(pair[0], pair[1]);
    }
    results.remove(0)
}

#[test]
fn accumulate_adds_the_rows_of_the_signals() {
    for_all_cases(|case| {
        let sums = same_everywhere(|kernel| {
            let mut sums = case.errors.clone();
            let (rows, row_of) = (&case.halves().upper, &case.row_of);
            kernel.run(Accumulate { sums: &mut sums, rows, row_of, signals: &case.signals });
            sums
        });
        for i in 0..case.lanes * LANE {
            let expected =
                case.signals.iter().fold(Case::weight(&case.errors, i), |sum, signal| {
                    let weight = case.cut(case.row(*signal) * case.lanes * LANE + i);
                    sum + f64::from(signal.value) * weight
                });
            assert_near(Case::weight(&sums, i), expected, "sum");
        }
    });
}

/// All rows, each so many lanes long.
fn lanes(halves: &Halves, width: usize) -> Vec<Lane> {
    let pairs: Vec<[Lane; 2]> = (0..halves.upper.len()).map(|at| halves.pair(at)).collect();
    let rows = pairs.chunks(width.div_ceil(2)).map(<[_]>::as_flattened);
    rows.flat_map(|row| {
        assert!(row[width..].iter().all(|lane| *lane == Lane::default()), "no lane, no weight");
        row[..width].to_vec()
    })
    .collect()
}

fn rows(halves: &mut Halves) -> Rows<'_> {
    Rows { upper: &mut halves.upper, lower: &mut halves.lower }
}

#[test]
fn halves_keep_every_bit() {
    let special = [0.0, -0.0, 1.0, -1.5, f32::MIN_POSITIVE, 1e-42, 1e20, -1e20, f32::MAX];
    let full = [0x3f80_8000, 0x3fff_ffff, 0xbf80_7fff, 0x3f7f_ffff].map(f32::from_bits);
    let mut rng = Rng::new(1);
    let random = (0..1000).map(|_| f32::from_bits(rng.below(u32::MAX)));
    let weights: Vec<f32> = special.into_iter().chain(full).chain(random).collect();
    for pair in weights.windows(2) {
        let [upper, lower] = split([pair[0], pair[1]]);
        assert_eq!(join(upper, lower).map(f32::to_bits), [pair[0], pair[1]].map(f32::to_bits));
        for (weight, cut) in pair.iter().zip(join(upper, 0)) {
            if weight.is_normal() {
                assert!(cut.abs() <= weight.abs(), "{weight} {cut}");
                assert!((cut - weight).abs() <= weight.abs() / 128.0, "{weight} {cut}");
            }
        }
    }
}

#[test]
fn every_bit_of_halves_passes_through_registers() {
    let mut rng = Rng::new(2);
    let bits: Vec<Lane> = (0..200)
        .map(|_| Lane(std::array::from_fn(|_| 1e20f32.min(f32::from_bits(rng.below(0x7f80_0000))))))
        .collect();
    let kept = same_everywhere(|kernel| {
        let mut halves = Halves::default();
        halves.extend(&bits);
        let row_of: Vec<u32> = (0..bits.len() as u32 / 2).collect();
        let signals: Vec<Signal> = row_of.iter().map(|&ramp| Signal { ramp, value: 1.0 }).collect();
        let change = [Lane::default(); 2];
        kernel.run(Learn {
            rows: rows(&mut halves),
            row_of: &row_of,
            signals: &signals,
            change: &change,
            shrinkage: 0.0,
        });
        lanes(&halves, 2)
    });
    assert_eq!(kept, bits);
}

/// The rows after a step, and the gradients where they are asked for.
fn learned(case: &Case, kernel: Kernel, back: bool) -> (Vec<Lane>, Vec<f32>) {
    let mut halves = case.halves();
    let change: Vec<Lane> =
        case.errors.iter().map(|lane| Lane(lane.0.map(|error| -0.1 * error))).collect();
    let mut gradients = vec![0.5; case.signals.len()];
    let learn = Learn {
        rows: rows(&mut halves),
        row_of: &case.row_of,
        signals: &case.signals,
        change: &change,
        shrinkage: 0.1,
    };
    if back {
        kernel.run(LearnBack { learn, errors: &case.errors, gradients: &mut gradients });
    } else {
        kernel.run(learn);
    }
    (lanes(&halves, case.lanes), gradients)
}

#[test]
fn learn_changes_the_rows_of_the_signals_and_no_other() {
    for_all_cases(|case| {
        let (rows, _) = same_everywhere(|kernel| learned(case, kernel, false));
        let width = case.lanes * LANE;
        for at in 0..rows.len() * LANE {
            let (row, i) = (at / width, at % width);
            let signals = case.signals.iter().filter(|s| row > 0 && case.row(**s) == row);
            let expected = signals.fold(Case::weight(&case.rows, at), |weight, signal| {
                0.9 * weight - 0.1 * Case::weight(&case.errors, i) * f64::from(signal.value)
            });
            assert_near(Case::weight(&rows, at), expected, "weight");
        }
        assert_eq!(rows[..case.lanes], case.rows[..case.lanes], "row 0 stays zero");
    });
}

#[test]
fn learning_back_gives_gradients_from_the_weights_before_the_step() {
    for_all_cases(|case| {
        // Ramps that share a row would see each other's change.
        let mut case = Case { signals: case.signals.clone(), ..Case::new(case.lanes, 0, 9) };
        case.signals.retain(|signal| signal.ramp < 19);
        case.signals.dedup_by_key(|signal| signal.ramp);
        let (rows, gradients) = same_everywhere(|kernel| learned(&case, kernel, true));
        assert_eq!(rows, learned(&case, Kernel::best(), false).0);
        let width = case.lanes * LANE;
        for (signal, gradient) in case.signals.iter().zip(gradients) {
            let row = case.row(*signal) * width;
            let expected = (0..width)
                .fold(0.5, |sum, i| sum + case.cut(row + i) * Case::weight(&case.errors, i));
            assert_near(gradient.into(), expected, "gradient");
        }
    });
}

#[test]
fn the_average_moves_towards_the_fast_weights() {
    let (slow, fast) = (Case::new(3, 0, 1), Case::new(3, 0, 2));
    let (start, goal) = (slow.halves(), fast.halves());
    let moved = same_everywhere(|kernel| {
        let mut slow = start.clone();
        kernel.run(Average {
            slow: rows(&mut slow),
            fast_upper: &goal.upper,
            fast_lower: &goal.lower,
            rate: 0.25,
        });
        lanes(&slow, 3)
    });
    for at in 0..moved.len() * LANE {
        let expected = 0.75 * Case::weight(&slow.rows, at) + 0.25 * Case::weight(&fast.rows, at);
        assert_near(Case::weight(&moved, at), expected, "weight");
    }
}
