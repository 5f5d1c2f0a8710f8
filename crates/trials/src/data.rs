//! What is taught: two small numbers and their sum.

use std::collections::BTreeMap;

use bytes::Bytes;
use hanami_api::samples::{BrickSamples, Samples};
use rand::{RngExt, rngs::StdRng};

/// Two inputs and what they add up to.
pub(crate) type Sample = [f32; 3];

/// The template of a cluster whose network begins with this seed.
pub(crate) fn template(seed: u32) -> String {
    wide_template(seed, 16)
}

/// The same with so many neurons between inputs and output, for who needs one that takes its time.
pub(crate) fn wide_template(seed: u32, neurons: u32) -> String {
    format!(
        "\
version: 1
settings:
    seed: {seed}
    experience: 200
bricks:
    1,1,1
        input: left
        number_of_neurons: 1
    1,2,1
        input: right
        number_of_neurons: 1
    2,1,1
        number_of_neurons: {neurons}
    3,1,1
        output: sum
        number_of_neurons: 1
"
    )
}

/// This many samples.
pub(crate) fn samples(rng: &mut StdRng, count: usize) -> Vec<Sample> {
    let sample = |_| {
        let (left, right) = (rng.random_range(0..100_u8), rng.random_range(0..50_u8));
        [f32::from(left), f32::from(right), f32::from(left) + f32::from(right)]
    };
    (0..count).map(sample).collect()
}

/// The samples as a table, as it is downloaded again.
pub(crate) fn table(samples: &[Sample]) -> Bytes {
    let rows = samples.iter().map(|[left, right, sum]| format!("{left},{right},{sum}\n"));
    std::iter::once("left,right,sum\n".to_owned()).chain(rows).collect::<String>().into()
}

/// Their inputs as a list for plain HTTP.
pub(crate) fn inputs(samples: &[Sample]) -> BrickSamples {
    let brick = |index: usize| samples.iter().map(|sample| vec![sample[index]]).collect();
    let named = [("left", brick(0)), ("right", brick(1))];
    let named = named.map(|(name, values)| (name.to_owned(), Samples::Many(values)));
    BTreeMap::from(named).into()
}

/// Their targets as a list for plain HTTP.
pub(crate) fn targets(samples: &[Sample]) -> BrickSamples {
    samples.iter().map(|sample| vec![sample[2]]).collect::<Vec<_>>().into()
}

/// Whether a checkpoint's file holds this network.
pub(crate) fn holds(file: &[u8], network: &[u8]) -> bool {
    memchr::memmem::find(file, network).is_some()
}
