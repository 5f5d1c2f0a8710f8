//! What a project may hold: `/control/v1/project/quota`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ids::ProjectId;

/// Body of `PUT /control/v1/project/quota`: the limits that the project has instead of the
/// server's defaults. Where none is given, the default counts; one beyond 2^63 - 1 counts as that.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetQuota {
    /// Id of the project.
    pub id: ProjectId,
    /// Most bytes of datasets and request results.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uint64")]
    pub dataset_bytes: Option<u64>,
    /// Most bytes of checkpoints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uint64")]
    pub checkpoint_bytes: Option<u64>,
    /// Most bytes of clusters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uint64")]
    pub cluster_bytes: Option<u64>,
    /// Most clusters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uint64")]
    pub clusters: Option<u64>,
    /// Most queued and running tasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = "uint64")]
    pub open_tasks: Option<u64>,
}

/// Query of `GET /control/v1/project/quota`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OfProject {
    /// Id of a project, for admins; without it, the project of the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(inline)]
    pub id: Option<ProjectId>,
}

/// What a project may hold, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quota {
    /// Id of the project.
    pub id: String,
    /// Bytes of datasets, declared sizes while they are uploaded and the file once they are ready, and
    /// of request results, those that open tasks will make too.
    pub dataset_bytes: Allowance,
    /// Bytes of checkpoints.
    pub checkpoint_bytes: Allowance,
    /// Bytes of the saved networks of clusters.
    pub cluster_bytes: Allowance,
    /// Clusters.
    pub clusters: Allowance,
    /// Queued and running tasks.
    pub open_tasks: Allowance,
}

/// How much of one thing a project may hold, and how much it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Allowance {
    /// How much it may hold.
    #[schema(format = "uint64")]
    pub limit: u64,
    /// How much it holds; more than the limit, if that was lowered or a cluster has grown.
    #[schema(format = "uint64")]
    pub used: u64,
}
