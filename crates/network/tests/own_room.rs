//! What a network of one's own may take in memory follows from no number of its bytes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use hanami_network::template::{Settings, Template};
use hanami_network::{Network, SnapshotError};

/// Two samples make a network whose snapshot is small and whose sections take far more memory: the
/// first shows all of many inputs and teaches nothing, the second teaches all outputs something about the
/// last input. Each block of outputs then has one row of weights, and a table that leads to it.
#[test]
fn two_samples_can_make_a_network_that_takes_a_hundred_times_its_bytes() {
    let width: u32 = 32 << 10;
    let text = format!(
        "version: 1\nsettings:\n    experience: 0\nbricks:\n    1,1,1\n        input: values\n        \
         number_of_neurons: {width}\n    2,1,1\n        output: values\n        \
         number_of_neurons: {width}\n"
    );
    let mut network = Network::new(&Template::parse(&text).unwrap()).unwrap();
    let width = width as usize;
    let mut input = vec![1.0; width];
    let mut answer = vec![0.0; width];
    network.predict(&input, &mut answer).unwrap();
    let target = answer.clone();
    network.train(&input, &target, &mut answer).unwrap();
    println!("{:?} {}", network.stats(), network.to_bytes().len());
    input.fill(0.0);
    input[width - 1] = 1.0;
    network.train(&input, &vec![1.0; width], &mut answer).unwrap();
    let bytes = network.to_bytes();
    println!("{:?} {}", network.stats(), bytes.len());
    assert!(Network::from_bytes(&bytes).unwrap().to_bytes() == bytes);
    let refused = Network::from_foreign_bytes(&bytes).err();
    assert!(matches!(refused, Some(SnapshotError::Content { .. })), "{refused:?}");
}
