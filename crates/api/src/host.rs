//! Hosts: `/control/v1/host`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a host computes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HostType {
    /// The processor's cores.
    Cpu,
}
