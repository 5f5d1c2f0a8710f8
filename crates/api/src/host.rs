//! Hosts: `/control/v1/host`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a host computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HostType {
    /// The processor's cores.
    Cpu,
}

/// A row of `GET /control/v1/host/all`: uuid, type.
pub type HostRow = (Uuid, HostType);
