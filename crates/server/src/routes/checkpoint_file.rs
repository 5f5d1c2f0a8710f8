//! Checkpoints as files: `/control/v1/checkpoint/download`, `/control/v1/checkpoint/upload`.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use hanami_api::checkpoint::{CheckpointFile, CheckpointUploaded, UploadCheckpoint};
use hanami_api::cluster::ByUuid;

use super::Answer;
use crate::auth::{Auth, Lasting};
use crate::error::ApiError;
use crate::extract::Params;
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::receive::receive_checkpoint;
use crate::send::Download;
use crate::state::AppState;

/// Downloads a checkpoint
///
/// As a file that any Hanami server takes. Its checksum at the end tells whether it arrived whole.
#[utoipa::path(
    get,
    path = "/control/v1/checkpoint/download",
    operation_id = "download_checkpoint",
    tag = "checkpoint",
    params(ByUuid),
    responses(
        (
            status = 200,
            description = "The file.",
            body = CheckpointFile,
            content_type = "application/octet-stream"
        ),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn download(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Result<Response, ApiError> {
    let (checkpoint, export) = state.engine.export_checkpoint(&access, uuid).await?;
    let download = Download::new(&state, &access, &format!("{}.hanami", checkpoint.name))?;
    Ok(download.checkpoint(export))
}

/// Uploads a checkpoint
///
/// The body is a file as it was downloaded, from this server or another one.
#[utoipa::path(
    post,
    path = "/control/v1/checkpoint/upload",
    operation_id = "upload_checkpoint",
    tag = "checkpoint",
    params(UploadCheckpoint),
    request_body(content = CheckpointFile, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "The checkpoint was made.", body = CheckpointUploaded),
        BadRequest, Conflict, Always
    )
)]
pub(super) async fn upload(
    State(state): State<AppState>,
    Lasting(right, access): Lasting,
    Params(UploadCheckpoint { name }): Params<UploadCheckpoint>,
    request: Request,
) -> Answer<CheckpointUploaded> {
    let file = receive_checkpoint(&state, right, &access, request).await?;
    let checkpoint = state.engine.upload_checkpoint(&access, name.as_str(), file).await?;
    Ok(Json(CheckpointUploaded { uuid: checkpoint.uuid, name: checkpoint.name }))
}
