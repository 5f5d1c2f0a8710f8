//! Checkpoints: `/control/v1/checkpoint`.

use axum::Json;
use axum::extract::State;
use hanami_api::checkpoint::{Checkpoint, CheckpointRow};
use hanami_api::cluster::ByUuid;
use hanami_api::{ChangeResource, Empty, Table};

use super::{Answer, done, words};
use crate::auth::Auth;
use crate::extract::{Body, Params};
use crate::openapi::{Always, BadRequest, NotFound};
use crate::state::AppState;

/// Shows a checkpoint
#[utoipa::path(
    get,
    path = "/control/v1/checkpoint",
    operation_id = "show_checkpoint",
    tag = "checkpoint",
    params(ByUuid),
    responses(
        (status = 200, description = "The checkpoint.", body = Checkpoint),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Answer<Checkpoint> {
    let checkpoint = state.store.checkpoint(&access, uuid).await?;
    Ok(Json(words::checkpoint(&state, checkpoint)))
}

/// Renames a checkpoint, or changes who sees it
///
/// Others who see it may download it, load it into a cluster of their own or make one of it.
#[utoipa::path(
    put,
    path = "/control/v1/checkpoint",
    operation_id = "change_checkpoint",
    tag = "checkpoint",
    request_body = ChangeResource,
    responses(
        (status = 200, description = "The checkpoint, changed.", body = Checkpoint),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn change(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(body): Body<ChangeResource>,
) -> Answer<Checkpoint> {
    let (uuid, change) = words::change(body)?;
    let checkpoint = state.store.change_checkpoint(&access, uuid, change).await?;
    Ok(Json(words::checkpoint(&state, checkpoint)))
}

/// Deletes a checkpoint
///
/// Clusters that were loaded from it stay as they are, and loads that are queued go on.
#[utoipa::path(
    delete,
    path = "/control/v1/checkpoint",
    operation_id = "delete_checkpoint",
    tag = "checkpoint",
    params(ByUuid),
    responses((status = 200, description = "Deleted.", body = Empty), BadRequest, NotFound, Always)
)]
pub(super) async fn delete(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Answer<Empty> {
    state.store.delete_checkpoint(&access, uuid).await?;
    Ok(done())
}

/// Lists the checkpoints
#[utoipa::path(
    get,
    path = "/control/v1/checkpoint/all",
    operation_id = "list_checkpoints",
    tag = "checkpoint",
    responses(
        (
            status = 200,
            description = "Columns: uuid, project_id, owner_id, visibility, name.",
            body = Table<Vec<String>>
        ),
        Always
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Auth(access): Auth,
) -> Answer<Table<CheckpointRow>> {
    let rows = state.store.checkpoints(&access).await?.into_iter().map(|row| {
        (row.uuid, row.project_id, row.owner_id, words::visibility(row.visibility), row.name)
    });
    Ok(Json(Table::new(&words::OWNED, rows)))
}
