//! Templates: `/control/v1/template`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cluster::BrickKind;

/// Body of `POST /control/v1/template/check`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckTemplate {
    /// The template's text in base64, as for the creation of a cluster.
    #[schema(
        example = "dmVyc2lvbjogMQpicmlja3M6CiAgMSwxLDEKICAgIGlucHV0OiBzcGVlZAogICAgbnVtYmVyX29mX25ldXJv\
                   bnM6IDIKICAyLDEsMQogICAgbnVtYmVyX29mX25ldXJvbnM6IDE2CiAgMywxLDEKICAgIG91dHB1dDogd2Vh\
                   cgogICAgbnVtYmVyX29mX25ldXJvbnM6IDEK"
    )]
    pub template: String,
}

/// Answer of `POST /control/v1/template/check`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TemplateChecked {
    /// Whether a cluster can be made of it.
    pub valid: bool,
    /// The first mistake; `null` for a valid template.
    #[serde(default)]
    pub error: Option<TemplateMistake>,
    /// Its bricks in the order of the text; none for a template that is not valid.
    pub bricks: Vec<TemplateBrick>,
    /// Its settings, with the defaults of those that it leaves out; `null` for a template that is
    /// not valid.
    #[serde(default)]
    pub settings: Option<TemplateSettings>,
}

/// A mistake in a template, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateMistake {
    /// What the creation of a cluster would answer: the mistake, its line, and a caret below.
    pub message: String,
    /// Number of the line, from 1.
    pub line: u64,
    /// The first character of the line that is wrong, from 1.
    pub column: u64,
    /// How many characters are wrong; 0 for the end of a line.
    pub length: u64,
    /// One sentence: what is wrong and how to mend it.
    pub help: String,
}

/// A brick of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateBrick {
    /// Its column in the grid.
    pub x: u32,
    /// Its row.
    pub y: u32,
    /// Its layer.
    pub z: u32,
    /// What it is for.
    pub kind: BrickKind,
    /// Name of an input or output brick; `null` for an inner one.
    #[serde(default)]
    pub name: Option<String>,
    /// Its values, or the neurons that an inner brick may have.
    pub neurons: u32,
    /// The bricks that it hears, as indices of the list of bricks. An inner brick that leads from
    /// no input to an output hears none: no network would have it.
    pub hears: Vec<usize>,
}

/// What a template says of all its bricks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TemplateSettings {
    /// Divides the potential that a neuron keeps from step to step.
    pub neuron_cooldown: f64,
    /// Steps before a neuron can take input again.
    pub refractory_time: u32,
    /// How many bricks away a synapse may reach.
    pub max_connection_distance: u32,
    /// Whether synapses that are hardly used are deleted.
    pub enable_reduction: bool,
    /// How many samples are kept to rehearse them.
    pub experience: u32,
    /// Seed of every random choice.
    pub seed: u64,
}
