//! Results of request tasks: `/control/v1/request_result`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Visibility;

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
}

/// A row of `GET /control/v1/request_result/all`: uuid, project, owner, visibility, name.
pub type RequestResultRow = (Uuid, String, String, Visibility, String);
