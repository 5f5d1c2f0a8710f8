//! Where an answer comes from: `/control/v1/cluster/explain`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::samples::BrickSamples;

/// Body of `POST /control/v1/cluster/explain`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Explain {
    /// The cluster to ask.
    pub uuid: Uuid,
    /// Values for its input bricks: one sample.
    #[schema(example = json!({"speed": [3, 4]}))]
    pub inputs: BrickSamples,
    /// The output brick whose answer is to be explained; may be left out where there is only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "wear")]
    pub output: Option<String>,
    /// Which value of its answer, from 0.
    #[schema(example = 0)]
    pub index: u32,
}

/// Answer of `POST /control/v1/cluster/explain`: the sum of an output neuron, shared out among the
/// inputs. All contributions and the rest make up the sum, but for rounding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Explained {
    /// The answer, as a prediction gives it.
    #[schema(example = 4.97)]
    pub answer: f32,
    /// What the answer was made of: for a chance `answer = 1 / (1 + e^-sum)`, for a number the
    /// deviations from the mean of the targets.
    #[schema(example = 0.65)]
    pub sum: f32,
    /// The part of the sum that comes from no input.
    #[schema(example = 0.05)]
    pub rest: f32,
    /// For each input brick what each of its values contributed to the sum.
    #[schema(example = json!({"speed": [0.4, 0.2]}))]
    pub contributions: BTreeMap<String, Vec<f32>>,
}
