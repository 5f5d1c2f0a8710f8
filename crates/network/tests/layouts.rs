//! Bricks in space: several inputs and outputs, depth, distance, and what can't be built.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{Chance, inner, input, output, three};
use hanami_network::template::{Brick, BrickKind, Position, Settings, Template};
use hanami_network::{BuildError, Network, Port, ShapeError};

fn template(max_connection_distance: u32, bricks: Vec<Brick>) -> Template {
    Template { settings: Settings { max_connection_distance, ..Settings::default() }, bricks }
}

fn error(max_connection_distance: u32, bricks: Vec<Brick>) -> BuildError {
    Network::new(&template(max_connection_distance, bricks)).unwrap_err()
}

#[test]
fn vectors_are_the_bricks_values_in_the_order_of_the_template() {
    // Two inputs and two outputs around an inner brick; each output depends on one input.
    let bricks = vec![
        output((3, 1, 1), "product", 1),
        input((1, 1, 1), "left", 2),
        inner((2, 1, 1), 100),
        input((2, 2, 1), "right", 2),
        output((2, 1, 2), "sign", 1),
    ];
    let mut network = Network::new(&template(1, bricks)).unwrap();
    let port = |name: &str, width| Port { name: name.to_owned(), width };
    assert_eq!(network.inputs(), [port("left", 2), port("right", 2)]);
    assert_eq!(network.outputs(), [port("product", 1), port("sign", 1)]);
    assert_eq!((network.input_width(), network.output_width()), (4, 2));

    let mut chance = Chance::new(1);
    let mut right = [0; 2];
    let mut prediction = [0.0; 2];
    for step in 0..6000 {
        let input = [chance.normal(), chance.normal(), chance.normal(), chance.normal()];
        let of = |positive: bool| f32::from(u8::from(positive));
        let target = [of(input[0] * input[1] > 0.0), of(input[3] > 0.0)];
        network.train(&input, &target, &mut prediction).unwrap();
        if step >= 5000 {
            for i in 0..2 {
                right[i] += usize::from((prediction[i] > 0.5) == (target[i] > 0.5));
            }
        }
    }
    assert!(right[0] > 900 && right[1] > 950, "{right:?}");
}

#[test]
fn deep_layouts_learn() {
    let bricks = vec![
        input((1, 1, 1), "in", 2),
        inner((2, 1, 1), 50),
        inner((3, 1, 1), 50),
        inner((4, 1, 1), 50),
        output((5, 1, 1), "out", 1),
    ];
    let mut network = Network::new(&template(1, bricks)).unwrap();
    common::Samples::moons(3000, 1).teach(&mut network, 1);
    let accuracy = common::Samples::moons(1000, 2).accuracy(&mut network);
    assert!(accuracy > 0.95, "{accuracy}");
    let bricks = network.stats().bricks;
    assert!(bricks.iter().all(|b| (b.sections > 0) != matches!(b.kind, BrickKind::Input(_))));
}

#[test]
fn synapses_skip_bricks_only_as_far_as_they_may() {
    // 600 inputs, so one ramp each; all of them always have a value.
    let sections = |reach| {
        let bricks =
            vec![input((1, 1, 1), "in", 600), inner((2, 1, 1), 10), output((3, 1, 1), "out", 1)];
        let mut network = Network::new(&template(reach, bricks)).unwrap();
        for step in 0..50 {
            let target = [(step % 2) as f32];
            network.train(&[1.0; 600], &target, &mut [0.0]).unwrap();
        }
        let bricks = network.stats().bricks;
        (bricks[0].sections, bricks[1].sections)
    };
    let (near, far) = (sections(1), sections(2));
    assert_eq!(near.0, 601);
    assert!(near.1 <= 11, "no input reaches the output: {near:?}");
    assert_eq!(far.0, 601);
    let skipping = far.1 - near.1;
    assert!((240..360).contains(&skipping), "about half of the inputs do: {skipping}");
}

#[test]
fn an_output_out_of_reach_is_an_error_that_names_it() {
    let bricks = || {
        vec![input((1, 1, 1), "in", 1), output((2, 1, 1), "near", 1), output((3, 1, 1), "far", 1)]
    };
    let unreached = error(1, bricks());
    let position = Position { x: 3, y: 1, z: 1 };
    assert_eq!(unreached, BuildError::Unreached { name: "far".to_owned(), position });
    assert!(unreached.to_string().contains("`far`"));
    assert!(Network::new(&template(2, bricks())).is_ok());
}

#[test]
fn bricks_that_lead_nowhere_are_left_out() {
    let bricks = vec![
        input((1, 1, 1), "in", 2),
        inner((2, 1, 1), 50),
        output((3, 1, 1), "out", 1),
        // A way that ends, and a brick that nobody touches.
        inner((1, 2, 1), 50),
        inner((1, 3, 1), 50),
        inner((50, 50, 50), 50),
    ];
    let mut network = Network::new(&template(1, bricks)).unwrap();
    common::Samples::moons(2000, 1).teach(&mut network, 1);
    assert!(common::Samples::moons(1000, 2).accuracy(&mut network) > 0.96);
    let places: Vec<Position> = network.stats().bricks.iter().map(|b| b.position).collect();
    let at = |x, y| Position { x, y, z: 1 };
    let expected = [at(1, 2), at(2, 1), at(3, 1), at(1, 1)];
    assert_eq!(places, expected, "1,2,1 also leads to 2,1,1");
}

#[test]
fn templates_beyond_the_limits_are_errors() {
    let (a, b) = (input((1, 1, 1), "a", 1), output((2, 1, 1), "b", 1));
    assert_eq!(error(1, vec![b.clone()]), BuildError::NoInput);
    assert_eq!(error(1, vec![a.clone()]), BuildError::NoOutput);
    assert_eq!(
        error(1, vec![input((1, 1, 1), "a", u32::MAX), b.clone()]),
        BuildError::TooManyNeurons(u64::from(u32::MAX) + 1)
    );
    assert_eq!(
        error(1, vec![a.clone(), b.clone(), inner((2, 1, 1), 5)]),
        BuildError::SamePlace(Position { x: 2, y: 1, z: 1 })
    );
    assert_eq!(
        error(1, vec![a.clone(), b.clone(), inner((3, 1, 1), 0)]),
        BuildError::EmptyBrick(Position { x: 3, y: 1, z: 1 })
    );
    assert!(matches!(error(0, vec![a.clone(), b.clone()]), BuildError::Setting { .. }));
    let settings = Settings { experience: 1_000_001, ..Settings::default() };
    let keeps_too_much = Network::new(&three(1, 1, 1, settings)).unwrap_err();
    assert_eq!(keeps_too_much.to_string(), "the setting `experience` must be at most 1000000");
    let at = |x| Position { x, y: 1, z: 1 };
    let many = (1..=1025).map(|x| inner((x, 1, 1), 1)).collect();
    assert_eq!(error(1, many), BuildError::TooManyBricks(1025));
    let mut chain: Vec<Brick> = (2..=1023).map(|x| inner((x, 1, 1), 1)).collect();
    chain.extend([a, output((1024, 1, 1), "b", 1)]);
    assert_eq!(error(u32::MAX, chain), BuildError::TooManyConnections(at(363)));
    // An output of 65,536 neurons, 1024 blocks, that hears 257 bricks.
    let mut wide: Vec<Brick> = (2..=257).map(|x| inner((x, 1, 1), 1)).collect();
    wide.extend([input((1, 1, 1), "a", 1), output((258, 1, 1), "b", 65_536)]);
    assert_eq!(error(u32::MAX, wide.clone()), BuildError::TooManyBlockConnections(at(258)));
    assert!(Network::new(&template(100, wide)).is_ok());
}

#[test]
fn an_empty_network_is_small_however_much_it_may_hear() {
    let mut bricks: Vec<Brick> = (2..=252).map(|x| inner((x, 1, 1), 1)).collect();
    bricks.extend([input((1, 1, 1), "a", 1), output((253, 1, 1), "b", 55_000)]);
    let network = Network::new(&template(u32::MAX, bricks)).unwrap();
    let bytes = network.stats().bytes;
    assert!(bytes < 4 << 20, "{bytes}");
}

#[test]
fn vectors_of_the_wrong_length_are_errors_and_change_nothing() {
    let mut network = Network::new(&three(3, 10, 2, Settings::default())).unwrap();
    let before = network.to_bytes();
    let mut two = [7.0; 2];
    assert_eq!(
        network.predict(&[1.0; 4], &mut two),
        Err(ShapeError { vector: "input", expected: 3, found: 4 })
    );
    assert_eq!(
        network.train(&[1.0; 3], &[1.0], &mut two),
        Err(ShapeError { vector: "target", expected: 2, found: 1 })
    );
    assert_eq!(
        network.train(&[1.0; 3], &[1.0; 2], &mut [0.0; 3]),
        Err(ShapeError { vector: "prediction", expected: 2, found: 3 })
    );
    assert_eq!(two, [7.0; 2]);
    assert_eq!(network.to_bytes(), before);
}

#[test]
fn a_network_may_move_between_threads() {
    let mut network = Network::new(&three(1, 10, 1, Settings::default())).unwrap();
    let moved = std::thread::spawn(move || {
        network.train(&[1.0], &[1.0], &mut [0.0]).unwrap();
        network
    });
    assert_eq!(moved.join().unwrap().stats().steps, 1);
}

#[test]
fn whom_a_brick_hears_is_told_by_the_template() {
    let bricks = vec![
        output((4, 1, 1), "out", 1),
        inner((3, 1, 1), 50),
        input((1, 1, 1), "in", 2),
        inner((2, 1, 1), 50),
        // Nobody touches it: it is left out.
        inner((50, 50, 50), 50),
    ];
    let hears = |reach| template(reach, bricks.clone()).hears().unwrap();
    let chain = [vec![1], vec![3], vec![], vec![2], vec![]];
    assert_eq!(hears(1)[..4], chain[..4]);
    assert_eq!(hears(2)[..2], [vec![3, 1], vec![2, 3]]);
    let unreached = template(1, vec![input((1, 1, 1), "in", 1), output((9, 9, 9), "out", 1)]);
    assert!(matches!(unreached.hears(), Err(BuildError::Unreached { .. })));
}
