//! The same network on every set of instructions.

use super::{row, teach};
use crate::input::{Value, read_values};
use crate::kernel::{Kernel, LANE, Lane, Signal};
use crate::network::Network;
use crate::neurons::{fire, signal};
use crate::rng::Rng;
use crate::template::{Settings, Template};

/// A snapshot of a network that was taught with a kernel's instructions, and then its answers' bits.
fn outcome(template: &Template, kernel: Kernel) -> (Vec<u8>, Vec<u32>) {
    let mut network = Network::new(template).unwrap();
    network.kernel = kernel;
    let inputs = teach(&mut network, 400);
    let mut answer = vec![0.0; network.output_width()];
    let mut bits = Vec::new();
    for input in &inputs[..50] {
        network.predict(input, &mut answer).unwrap();
        bits.extend(answer.iter().map(|value| value.to_bits()));
    }
    (network.to_bytes(), bits)
}

#[test]
fn whole_networks_are_the_same_bits_on_all_instructions() {
    let plain = Settings { experience: 20, max_connection_distance: 2, ..Settings::default() };
    let spiking = Settings { neuron_cooldown: 2.0, refractory_time: 2, ..plain.clone() };
    let reduced = Settings { enable_reduction: true, ..plain.clone() };
    for settings in [plain, spiking, reduced] {
        // Rows of 1 to 4 lanes, and a brick of several blocks.
        for neurons in [vec![3, 2], vec![5, 150, 17, 3], vec![4, 40, 60, 20]] {
            let template = row(&neurons, settings.clone());
            let mut kernels = Kernel::available().into_iter();
            let expected = outcome(&template, kernels.next().unwrap());
            for kernel in kernels {
                assert!(outcome(&template, kernel) == expected, "{} {neurons:?}", kernel.name());
            }
        }
    }
}

/// Numbers of every kind, about half of them zero.
fn numbers(count: usize, rng: &mut Rng) -> Vec<f32> {
    let special =
        [f32::NAN, f32::INFINITY, -f32::INFINITY, -0.0, f32::MAX, f32::MIN, 1e-45, -1e-45];
    let mut number = || match rng.below(4) {
        0 => special[rng.below(8) as usize],
        1 => rng.noise(),
        _ => 0.0,
    };
    (0..count).map(|_| number()).collect()
}

#[test]
fn values_that_make_signals_are_found_on_all_instructions() {
    let mut rng = Rng::new(1);
    for count in [0, 1, 15, 16, 17, 100, 784] {
        let input = numbers(count, &mut rng);
        let numbered = (0..).zip(&input);
        let expected: Vec<Value> = numbered
            .filter(|(_, value)| value.is_finite() && **value != 0.0)
            .map(|(index, &value)| Value { index, value })
            .collect();
        for kernel in Kernel::available() {
            let mut values = vec![Value { index: 7, value: 7.0 }];
            read_values(kernel, &input, &mut values);
            assert_eq!(values, expected, "{} {count}", kernel.name());
        }
    }
}

#[test]
fn neurons_above_zero_fire_on_all_instructions() {
    let mut rng = Rng::new(2);
    for lanes in [0, 1, 2, 25] {
        let potentials: Vec<Lane> =
            (0..lanes).map(|_| Lane(numbers(LANE, &mut rng).try_into().unwrap())).collect();
        let numbered = (0..).zip(potentials.iter().flat_map(|lane| lane.0));
        let expected: Vec<Signal> = numbered
            .filter(|&(_, z)| z > 0.0)
            .map(|(ramp, z)| Signal { ramp, value: signal(z) })
            .collect();
        for kernel in Kernel::available() {
            let mut signals = Vec::new();
            fire(kernel, &potentials, &mut signals);
            assert_eq!(signals, expected, "{} {lanes}", kernel.name());
        }
    }
}
