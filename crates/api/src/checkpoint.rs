//! Checkpoints: `/control/v1/checkpoint`. How they are made and used is in `cluster.rs`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{Visibility, ids::Name};

/// A cluster's network as it was when it was saved: answer of `GET /control/v1/checkpoint`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Checkpoint {
    /// Uuid of the checkpoint, and of the task that made it.
    pub uuid: Uuid,
    /// Name of the checkpoint.
    pub name: String,
    /// Where the server keeps it, relative to its data directory.
    pub location: String,
    /// Training steps that its network has taken.
    pub steps: u64,
    /// Id of the user who made it.
    pub owner_id: String,
    /// Id of the project it belongs to.
    pub project_id: String,
    /// Who else may see it.
    pub visibility: Visibility,
}

/// Parameters of `POST /control/v1/checkpoint/upload`.
#[derive(Debug, Clone, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadCheckpoint {
    /// Name of the checkpoint to make.
    #[param(value_type = String)]
    pub name: Name,
}

/// Answer of `POST /control/v1/checkpoint/upload`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckpointUploaded {
    /// Uuid of the checkpoint.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
}

/// The bytes of a checkpoint's file, as they are downloaded and uploaded.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct CheckpointFile(pub Vec<u8>);

/// A row of `GET /control/v1/checkpoint/all`: uuid, project, owner, visibility, name.
pub type CheckpointRow = (Uuid, String, String, Visibility, String);
