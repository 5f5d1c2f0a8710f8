//! The same network written naively: synapse by synapse, in double precision.

use super::{row, taught};
use crate::brick::Brick;
use crate::network::Network;
use crate::sections::Weights;
use crate::template::Settings;

/// One weight of the fast copy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Synapse {
    /// Among the bricks that listen: the inner ones, then the outputs.
    pub(super) brick: usize,
    pub(super) block: usize,
    pub(super) place: usize,
    pub(super) ramp: u32,
    /// In the block.
    pub(super) neuron: usize,
}

/// A network whose weights can be bent one at a time.
pub(super) struct Reference<'a> {
    pub(super) network: &'a Network,
    pub(super) copy: Weights,
    /// What is added to one synapse's weight.
    pub(super) bent: Option<(Synapse, f64)>,
}

impl Reference<'_> {
    fn bricks(&self) -> impl Iterator<Item = &Brick> {
        let inner = self.network.inner.iter().map(|inner| &inner.brick);
        inner.chain(self.network.outputs.iter().map(|output| &output.brick))
    }

    /// All synapses of the network and their weights.
    pub(super) fn synapses(&self) -> Vec<(Synapse, f64)> {
        let mut all = Vec::new();
        for (b, brick) in self.bricks().enumerate() {
            for (k, block) in brick.blocks.iter().enumerate() {
                for (heard, sections) in brick.hears.iter().zip(&block.sections) {
                    let Some(sections) = sections else { continue };
                    for row in 1..=sections.count() {
                        let weights = sections.weights(self.copy, row).take(block.neurons);
                        for (neuron, weight) in weights.enumerate() {
                            let synapse = Synapse {
                                brick: b,
                                block: k,
                                place: heard.place,
                                ramp: sections.ramp(row),
                                neuron,
                            };
                            all.push((synapse, f64::from(weight)));
                        }
                    }
                }
            }
        }
        all
    }

    /// How far each ramp of a place is up: `clamp((p - B) / b, 0, 1)`.
    fn input_ramps(&self, input: &[f32]) -> Vec<Vec<f64>> {
        let of_input = |brick: &crate::input::Input| {
            let chains = &brick.chains;
            let mut ramps = vec![0.0; chains.ends.len()];
            for (place, &chain) in brick.chain_of.iter().enumerate() {
                let value = f64::from(input[brick.start + place / 2]);
                let magnitude = if place % 2 == 0 { value } else { -value };
                let mut start = 0.0;
                for k in 0..chains.ramps {
                    let Some(&end) = chains.ends.get(chain as usize * chains.ramps + k) else {
                        break;
                    };
                    let end = f64::from(end);
                    if end > start {
                        ramps[chain as usize * chains.ramps + k] =
                            ((magnitude - start) / (end - start)).clamp(0.0, 1.0);
                    }
                    start = end;
                }
            }
            ramps
        };
        self.network.inputs.iter().map(of_input).collect()
    }

    /// The sums of the output bricks' neurons, one after the other.
    pub(super) fn sums(&self, input: &[f32]) -> Vec<f64> {
        let mut ramps = vec![vec![1.0]];
        ramps.extend(self.input_ramps(input));
        let synapses = self.synapses();
        let mut output_sums = Vec::new();
        for (b, brick) in self.bricks().enumerate() {
            let mut sums = vec![0.0; brick.neurons()];
            for (synapse, weight) in synapses.iter().filter(|(synapse, _)| synapse.brick == b) {
                let signal = ramps[synapse.place][synapse.ramp as usize];
                let bent = self.bent.filter(|(bent, _)| bent == synapse).map_or(0.0, |(_, by)| by);
                let weight = to_eight_bits(*weight) + bent;
                sums[synapse.block * crate::brick::BLOCK + synapse.neuron] += weight * signal;
            }
            if b < self.network.inner.len() {
                ramps.push(sums.into_iter().map(chain_of_doubling_borders).collect());
            } else {
                output_sums.extend(sums);
            }
        }
        output_sums
    }
}

/// A weight as signals meet it: rounded to 8 significant bits, half of the last away from zero.
fn to_eight_bits(weight: f64) -> f64 {
    if weight == 0.0 {
        return weight;
    }
    let last = 2f64.powi(weight.abs().log2().floor() as i32 - 7);
    (weight / last).trunc() * last
}

/// What a neuron sends: a chain of ramps with borders 1, 2, 4, 8... of strength 1 each.
fn chain_of_doubling_borders(z: f64) -> f64 {
    (0..100)
        .map(|k| {
            let width = 2f64.powi(k);
            ((z - (width - 1.0)) / width).clamp(0.0, 1.0)
        })
        .sum()
}

pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[test]
fn predicts_as_the_naive_network_does() {
    let settings = Settings { max_connection_distance: 2, ..Settings::default() };
    for neurons in [vec![3, 2], vec![3, 100, 2], vec![5, 20, 30, 3]] {
        let (mut network, inputs) = taught(&row(&neurons, settings.clone()), 300);
        network.lesson.forget();
        for input in &inputs[..50] {
            let mut output = vec![0.0; network.output_width()];
            network.predict(input, &mut output).unwrap();
            let reference = Reference { network: &network, copy: Weights::Slow, bent: None };
            for (sum, found) in reference.sums(input).into_iter().zip(output) {
                let expected = logistic(sum);
                assert!((expected - f64::from(found)).abs() < 1e-4, "{expected} {found}");
            }
        }
    }
}
