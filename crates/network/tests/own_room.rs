//! What a network takes in memory follows from no number of its snapshot's bytes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hanami_network::template::Template;
use hanami_network::{Network, SnapshotError};

/// Values of each brick.
const WIDTH: usize = 64 << 10;

const TEMPLATE: &str = "version: 1
settings:
    experience: 0
bricks:
    1,1,1
        input: values
        number_of_neurons: 65536
    2,1,1
        output: answers
        number_of_neurons: 65536
    1,2,1
        output: others
        number_of_neurons: 65536
";

/// The first sample shows all inputs and teaches nothing; the second teaches all outputs something about
/// the last input. Each block of outputs then has a row of weights, and a table of all inputs that leads
/// to it. So what a server reads of its own can't be held to what bytes from elsewhere may take.
#[test]
fn two_samples_can_make_a_network_that_takes_far_more_than_its_bytes() {
    let mut network = Network::new(&Template::parse(TEMPLATE).unwrap()).unwrap();
    let (mut input, mut answer) = (vec![1.0; WIDTH], vec![0.0; 2 * WIDTH]);
    network.predict(&input, &mut answer).unwrap();
    let target = answer.clone();
    network.train(&input, &target, &mut answer).unwrap();
    input[..WIDTH - 1].fill(0.0);
    network.train(&input, &vec![1.0; 2 * WIDTH], &mut answer).unwrap();
    let bytes = network.to_bytes();
    let taken = network.stats().bytes;
    assert!(taken > 100 * bytes.len(), "{taken} bytes of memory, {} of the snapshot", bytes.len());
    drop(network);
    let refused = Network::from_foreign_bytes(&bytes).err();
    assert!(matches!(refused, Some(SnapshotError::Content { .. })), "{refused:?}");
    assert!(Network::from_bytes(&bytes).unwrap().to_bytes() == bytes);
}
