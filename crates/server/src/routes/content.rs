//! What datasets hold: `/control/v1/dataset/file`, `download`, `preview` and `columns`.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use hanami_api::cluster::ByUuid;
use hanami_api::content::{Columns, DownloadDataset, Preview, PreviewDataset};
use hanami_api::dataset::FileProgress;

use super::{Answer, words};
use crate::auth::{Auth, Lasting};
use crate::error::ApiError;
use crate::extract::Params;
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::receive::receive_part;
use crate::send::Download;
use crate::state::AppState;

/// Uploads a file of a dataset, or a part of it
///
/// The body is the bytes themselves. With the header `Content-Range: bytes <from>-<to>/<size>` they
/// are those from `from` to `to`, both included; without it they are the whole file. Parts may come
/// in any order and again, also while others are sent over websockets. What has arrived when a body
/// breaks off is kept.
#[utoipa::path(
    put,
    path = "/control/v1/dataset/file",
    operation_id = "upload_dataset_file",
    tag = "dataset",
    params(
        ByUuid,
        ("Content-Range" = Option<String>, Header, description = "`bytes <from>-<to>/<size>`")
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "What has arrived of the file.", body = FileProgress),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn upload(
    State(state): State<AppState>,
    Lasting(right, access): Lasting,
    Params(ByUuid { uuid }): Params<ByUuid>,
    request: Request,
) -> Answer<FileProgress> {
    let upload = state.store.open_upload(&access, uuid).await?;
    receive_part(&state, right, request, &upload).await?;
    Ok(Json(words::file_progress(upload.progress())))
}

/// Downloads a dataset
///
/// A table comes as CSV, images and labels as IDX files. An upload of what was downloaded makes the
/// same dataset.
#[utoipa::path(
    get,
    path = "/control/v1/dataset/download",
    operation_id = "download_dataset",
    tag = "dataset",
    params(DownloadDataset),
    responses(
        (
            status = 200, description = "The file.",
            content((String = "text/csv"), (Vec<u8> = "application/octet-stream"))
        ),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn download(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(DownloadDataset { uuid, part }): Params<DownloadDataset>,
) -> Result<Response, ApiError> {
    let (dataset, export) = state.engine.export(&access, uuid, words::stored_part(part)).await?;
    let download = Download::new(&state, &access, &words::file_name(&dataset, part))?;
    Ok(download.dataset(export))
}

/// Shows some rows of a dataset
#[utoipa::path(
    get,
    path = "/control/v1/dataset/preview",
    operation_id = "preview_dataset",
    tag = "dataset",
    params(PreviewDataset),
    responses(
        (status = 200, description = "The rows.", body = Preview),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn preview(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(PreviewDataset { uuid, from, count }): Params<PreviewDataset>,
) -> Answer<Preview> {
    let preview = state.engine.preview(&access, uuid, from, u32::from(count).into()).await?;
    Ok(Json(words::preview(preview, from)))
}

/// Describes the columns of a dataset
///
/// Reads the whole dataset the first time; one at a time for each user.
#[utoipa::path(
    get,
    path = "/control/v1/dataset/columns",
    operation_id = "show_dataset_columns",
    tag = "dataset",
    params(ByUuid),
    responses(
        (status = 200, description = "What the columns hold.", body = Columns),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn columns(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Answer<Columns> {
    let (dataset, columns) = state.engine.describe(&access, uuid).await?;
    let columns = columns.iter().map(words::column).collect();
    Ok(Json(Columns { uuid, lines: dataset.lines as u64, columns }))
}
