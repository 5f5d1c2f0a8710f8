//! What holds between rows and ramps, however sections come and go.

use proptest::prelude::*;

use super::row;
use crate::kernel::{LANE, Lane};
use crate::network::{Network, bricks};
use crate::reduction::Uses;
use crate::rng::Rng;
use crate::sections::{MAX_LANES, MAX_WEIGHT, Sections, Weights};
use crate::template::Settings;

/// Ramps of which any may have a row.
const RAMPS: u32 = 40;

/// Rows and ramps find each other, nothing else is found, and all weights are sound.
fn check(sections: &Sections, ramps: u32, count_uses: bool) {
    let rows = 1..=sections.count();
    for row in rows.clone() {
        assert_eq!(sections.row(sections.ramp(row)), row, "each ramp has one row");
        let uses = sections.uses(row);
        assert_eq!(uses.is_some(), count_uses);
        assert!(uses.is_none_or(|uses| (1..=Uses::PERMANENT.0).contains(&uses.0)), "{uses:?}");
        for copy in [Weights::Fast, Weights::Slow] {
            let mut weights = sections.weights(copy, row);
            assert!(weights.all(|weight| weight.abs() <= MAX_WEIGHT));
        }
    }
    let found = (0..ramps).filter(|&ramp| sections.row(ramp) != 0).count();
    assert_eq!(found, sections.count(), "no ramp leads to a row that is gone");
    if !rows.is_empty() {
        for copy in [Weights::Fast, Weights::Slow] {
            let mut none = sections.weights(copy, 0);
            assert!(none.all(|weight| weight == 0.0), "no row, no weight");
        }
    }
}

fn check_all(network: &mut Network) {
    let count_uses = network.template.settings.enable_reduction;
    let places: Vec<u32> = std::iter::once(1)
        .chain(network.inputs.iter().map(|input| input.chains.ends.len() as u32))
        .chain(network.inner.iter().map(|inner| inner.brick.limit as u32))
        .collect();
    for brick in bricks(&mut network.inner, &mut network.outputs) {
        for block in &brick.blocks {
            for (heard, sections) in brick.hears.iter().zip(&block.sections) {
                if let Some(sections) = sections {
                    check(sections, places[heard.place], count_uses);
                }
            }
        }
    }
    let taken: usize =
        bricks(&mut network.inner, &mut network.outputs).map(|brick| brick.size()).sum();
    assert_eq!(network.room.taken, taken);
}

/// What may happen to sections.
#[derive(Debug, Clone)]
enum Event {
    /// A ramp gets a row, if it has none.
    Grow(u32),
    /// Each row loses a use, and goes if it has none left.
    Reduce,
    /// Borders from this ramp on move.
    Project(u32, Vec<Vec<f32>>),
    /// A neuron gets new weights.
    Regrow(usize),
}

fn event() -> impl Strategy<Value = Event> {
    let shares = prop::collection::vec(prop::collection::vec(-1.0..1.0_f32, 4), 4);
    prop_oneof![
        4 => (0..RAMPS).prop_map(Event::Grow),
        2 => Just(Event::Reduce),
        1 => ((0..RAMPS / 4), shares).prop_map(|(chain, shares)| Event::Project(4 * chain, shares)),
        1 => (0..64_usize).prop_map(Event::Regrow),
    ]
}

proptest! {
    #[test]
    fn rows_and_ramps_find_each_other_whatever_happens(
        events in prop::collection::vec(event(), 0..120),
    ) {
        let mut network = Network::new(&row(&[2, 64, 1], Settings::default())).unwrap();
        let mut sections = Sections::new(MAX_LANES);
        let mut rng = Rng::new(1);
        for event in events {
            match event {
                Event::Grow(ramp) if sections.row(ramp) == 0 => {
                    let weights = [Lane([rng.noise(); LANE]); MAX_LANES];
                    sections.add(ramp, &weights, true, &mut network.room);
                }
                Event::Grow(_) => {}
                Event::Reduce => sections.reduce(),
                Event::Project(first, shares) => {
                    sections.project(first, &shares, &mut network.room);
                }
                Event::Regrow(neuron) => sections.regrow(neuron, || rng.noise()),
            }
            check(&sections, RAMPS, sections.count() > 0);
        }
    }
}

#[test]
fn a_network_that_shrinks_and_grows_again_is_sound() {
    let settings = Settings {
        enable_reduction: true,
        max_connection_distance: 2,
        experience: 0,
        growth_patience: 5,
        ..Settings::default()
    };
    let mut network = Network::new(&row(&[2000, 100, 30, 2], settings)).unwrap();
    let mut rng = Rng::new(2);
    let mut counts = Vec::new();
    for phase in 0..4 {
        for step in 0..[1950, 8000][phase % 2] {
            // In turn, many inputs come once each, and few keep coming.
            let mut input = vec![0.0; 2000];
            match phase % 2 {
                0 => input[50 + step] = 1.0 + rng.noise().abs(),
                _ => input[..5].fill_with(|| rng.noise()),
            }
            let target =
                [f32::from(u8::from(rng.noise() > 0.0)), f32::from(u8::from(input[0] > 0.0))];
            network.train(&input, &target, &mut [0.0; 2]).unwrap();
            if step % 500 == 0 {
                check_all(&mut network);
            }
        }
        check_all(&mut network);
        counts.push(network.stats().sections);
    }
    assert!(counts[1] < counts[0], "it shrank: {counts:?}");
    assert!(counts[2] > counts[1], "and grew again: {counts:?}");
}
