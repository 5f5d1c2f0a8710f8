//! The same network on every set of instructions.

use super::{row, teach};
use crate::kernel::Kernel;
use crate::network::Network;
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
