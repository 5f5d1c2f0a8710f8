//! What a project may hold: `/control/v1/project/quota`.

use axum::Json;
use axum::extract::State;
use hanami_api::quota::{Allowance, OfProject, Quota, SetQuota};
use hanami_store::Quotas;

use super::Answer;
use crate::auth::{self, Auth};
use crate::error::ApiError;
use crate::extract::{Body, Params};
use crate::openapi::{Always, BadRequest, NotFound};
use crate::state::{AppState, Shared};

/// Shows what a project may hold
///
/// And what it holds: the project of the token, or for admins another one.
#[utoipa::path(
    get,
    path = "/control/v1/project/quota",
    operation_id = "show_quota",
    tag = "project",
    params(OfProject),
    responses(
        (status = 200, description = "Limits and present use.", body = Quota),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(OfProject { id }): Params<OfProject>,
) -> Answer<Quota> {
    let id = match &id {
        Some(id) => {
            auth::only_admins(&access, "ask for the quota of a project by its id")?;
            id.as_str()
        }
        None => access.project_id(),
    };
    find(&state, id).await.map(Json)
}

/// Changes what a project may hold
///
/// Where no limit is given, the server's default counts. What the project holds already stays.
#[utoipa::path(
    put,
    path = "/control/v1/project/quota",
    operation_id = "set_quota",
    tag = "project",
    request_body = SetQuota,
    responses(
        (status = 200, description = "Limits and present use.", body = Quota),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn set(
    State(state): State<AppState>,
    Auth(_): Auth,
    Body(body): Body<SetQuota>,
) -> Answer<Quota> {
    let SetQuota { id, dataset_bytes, checkpoint_bytes, cluster_bytes, clusters, open_tasks } =
        body;
    let own = Quotas { dataset_bytes, checkpoint_bytes, cluster_bytes, clusters, open_tasks };
    state.store.set_quota(id.as_str(), own).await?;
    find(&state, id.as_str()).await.map(Json)
}

async fn find(state: &Shared, id: &str) -> Result<Quota, ApiError> {
    let (limits, used) = state.store.quota(id).await?;
    let allowance = |limit, used| Allowance { limit, used };
    Ok(Quota {
        id: id.to_owned(),
        dataset_bytes: allowance(limits.dataset_bytes, used.dataset_bytes),
        checkpoint_bytes: allowance(limits.checkpoint_bytes, used.checkpoint_bytes),
        cluster_bytes: allowance(limits.cluster_bytes, used.cluster_bytes),
        clusters: allowance(limits.clusters, used.clusters),
        open_tasks: allowance(limits.open_tasks, used.open_tasks),
    })
}
