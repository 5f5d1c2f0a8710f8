//! The text messages that open a websocket.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a websocket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Direct mode of a cluster.
    Cluster,
    /// One file of a dataset.
    FileUpload,
}

/// First message of the client.
#[derive(Clone, Serialize, Deserialize)]
pub struct Hello {
    /// The client's token.
    pub token: String,
    /// What it wants.
    pub target: Target,
    /// The cluster or the file.
    pub uuid: Uuid,
}

/// First message of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// Whether frames are taken from now on.
    pub success: bool,
    /// Uuid of the connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<Uuid>,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
