//! Checkpoints: `/control/v1/checkpoint`.

use axum::Json;
use axum::extract::State;
use hanami_api::checkpoint::{Checkpoint, CheckpointRow};
use hanami_api::cluster::ByUuid;
use hanami_api::{Empty, Table};

use super::{Answer, done, words};
use crate::auth::Auth;
use crate::extract::Params;
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
    let row = state.store.checkpoint(&access, uuid).await?;
    let location = words::location(&state.settings, &state.store.checkpoint_path(&row));
    Ok(Json(Checkpoint {
        uuid: row.uuid,
        name: row.name,
        location,
        steps: row.steps as u64,
        owner_id: row.owner_id,
        project_id: row.project_id,
        visibility: words::visibility(row.visibility),
    }))
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
