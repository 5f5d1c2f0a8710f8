//! Results of request tasks: `/control/v1/request_result`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::Visibility;
use crate::dataset::DatasetType;
use crate::limits::AtMost;

/// What a request task found: answer of `GET /control/v1/request_result`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RequestResult {
    /// Uuid of the task that made it.
    pub uuid: Uuid,
    /// Name of the task that made it.
    pub name: String,
    /// Id of the user who made it.
    pub owner_id: String,
    /// Id of the project it belongs to.
    pub project_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
    /// One number per row: for images the index of the highest output, for tables the newest
    /// value of the first output brick. Shorter than a table by the rows that the first window
    /// needed.
    pub data: Vec<f64>,
    /// The type of the dataset that was asked about.
    pub dataset_type: DatasetType,
    /// The column of the dataset that the numbers answer; null for images.
    pub column: Option<String>,
    /// Number of answers.
    pub rows: u64,
    /// Whether all output values of each row were kept.
    pub has_outputs: bool,
    /// When it was made, UTC, `YYYY-MM-DD HH:MM:SS`.
    pub created: String,
}

/// Names some rows of the output values of a request result.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ShowOutputs {
    /// Uuid of the request result.
    pub uuid: Uuid,
    /// The first row, counted from 0; 0 if it is left out.
    #[serde(default)]
    #[param(format = "uint64", required = false)]
    pub from: u64,
    /// How many rows, 1 to 1000; 100 if it is left out.
    #[serde(default = "some_rows")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, required = false)]
    pub count: AtMost<1000>,
}

fn some_rows() -> AtMost<1000> {
    AtMost::<1000>::clamped(100)
}

/// Output values of some rows: answer of `GET /control/v1/request_result/outputs`. There are fewer
/// rows than asked for where they end, and where they have more than 1,048,576 values together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ResultOutputs {
    /// The request result.
    pub uuid: Uuid,
    /// The first row, counted from 0.
    pub from: u64,
    /// Rows of the whole result.
    pub rows: u64,
    /// Values of a row, those of all bricks.
    pub width: u64,
    /// The output bricks in the order of their values.
    pub bricks: Vec<OutputBrick>,
    /// The values, row by row.
    pub outputs: Vec<Vec<f32>>,
}

/// An output brick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutputBrick {
    /// Its name.
    pub name: String,
    /// Its number of values.
    pub width: u64,
}

/// A row of `GET /control/v1/request_result/all`: uuid, project, owner, visibility, name.
pub type RequestResultRow = (Uuid, String, String, Visibility, String);
