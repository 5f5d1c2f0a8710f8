//! Checkpoints as files: `/control/v1/checkpoint/download`, `/control/v1/checkpoint/upload`.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;
use futures_util::stream::try_unfold;
use hanami_api::checkpoint::{CheckpointFile, CheckpointUploaded, UploadCheckpoint};
use hanami_api::cluster::ByUuid;
use hanami_engine::Download;

use super::Answer;
use crate::auth::Auth;
use crate::error::ApiError;
use crate::extract::{BodyFile, Params};
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::state::AppState;

/// What the bytes of a file are called.
const BYTES: &str = "application/octet-stream";

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
    let download = state.engine.download_checkpoint(&access, uuid).await?;
    // A name holds nothing that would have to be quoted.
    let disposition = format!("attachment; filename=\"{}.hanami\"", download.name());
    let headers = [
        (CONTENT_TYPE, BYTES.to_owned()),
        (CONTENT_LENGTH, download.length().to_string()),
        (CONTENT_DISPOSITION, disposition),
    ];
    let pieces = try_unfold(download, Download::next)
        .inspect_err(move |error| tracing::error!(%uuid, %error, "a download broke off"));
    Ok((headers, Body::from_stream(pieces)).into_response())
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
    Auth(access): Auth,
    Params(UploadCheckpoint { name }): Params<UploadCheckpoint>,
    BodyFile(file): BodyFile,
) -> Answer<CheckpointUploaded> {
    let checkpoint = state.engine.upload_checkpoint(&access, name.as_str(), file).await?;
    Ok(Json(CheckpointUploaded { uuid: checkpoint.uuid, name: checkpoint.name }))
}
