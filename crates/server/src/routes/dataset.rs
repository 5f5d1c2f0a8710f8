//! Datasets of either kind: `/control/v1/dataset`.

use axum::Json;
use axum::extract::State;
use hanami_api::cluster::ByUuid;
use hanami_api::dataset::{CheckDataset, Dataset, DatasetRow, UploadProgress};
use hanami_api::limits::MAX_UPLOAD_BYTES;
use hanami_api::score::Score;
use hanami_api::{ChangeResource, Empty, ErrorCode, Name, Table, Uuid};
use hanami_store::{Access, DatasetKind, FileRole, NewDataset};

use super::{Answer, done, words};
use crate::auth::Auth;
use crate::error::ApiError;
use crate::extract::{Body, Params};
use crate::openapi::{Always, BadRequest, NotFound};
use crate::state::AppState;

/// Declares a dataset and its files (part, name of the field that gave the size, size). Answers
/// the uuids of the files in the same order.
pub(super) async fn declare<const FILES: usize>(
    state: &AppState,
    access: &Access,
    name: Name,
    kind: DatasetKind,
    files: [(FileRole, &str, u64); FILES],
) -> Result<(hanami_store::Dataset, [Uuid; FILES]), ApiError> {
    for (_, field, size) in files {
        if !(1..=MAX_UPLOAD_BYTES).contains(&size) {
            let detail = format!("the field `{field}` must be 1 to {MAX_UPLOAD_BYTES}, not {size}");
            return Err(ApiError::new(ErrorCode::InvalidBody, detail));
        }
    }
    let sizes = files.map(|(role, _, size)| (role, size));
    let new = NewDataset { name: name.into(), kind };
    let (dataset, rows) = state.store.create_dataset(access, new, &sizes).await?;
    let uuids: Vec<Uuid> = rows.iter().map(|row| row.uuid).collect();
    let uuids = uuids.try_into().map_err(|rows: Vec<Uuid>| {
        ApiError::internal(format!("{} files were declared, not {FILES}", rows.len()))
    })?;
    Ok((dataset, uuids))
}

/// Shows a dataset
#[utoipa::path(
    get,
    path = "/control/v1/dataset",
    operation_id = "show_dataset",
    tag = "dataset",
    params(ByUuid),
    responses(
        (status = 200, description = "The dataset.", body = Dataset),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Answer<Dataset> {
    let dataset = state.store.dataset(&access, uuid).await?;
    Ok(Json(words::dataset(&state, dataset)))
}

/// Renames a dataset, or changes who sees it
///
/// Others who see it may use it in tasks of their own.
#[utoipa::path(
    put,
    path = "/control/v1/dataset",
    operation_id = "change_dataset",
    tag = "dataset",
    request_body = ChangeResource,
    responses(
        (status = 200, description = "The dataset, changed.", body = Dataset),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn change(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(body): Body<ChangeResource>,
) -> Answer<Dataset> {
    let (uuid, change) = words::change(body)?;
    let dataset = state.store.change_dataset(&access, uuid, change).await?;
    Ok(Json(words::dataset(&state, dataset)))
}

/// Deletes a dataset
#[utoipa::path(
    delete,
    path = "/control/v1/dataset",
    operation_id = "delete_dataset",
    tag = "dataset",
    params(ByUuid),
    responses((status = 200, description = "Deleted.", body = Empty), BadRequest, NotFound, Always)
)]
pub(super) async fn delete(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Answer<Empty> {
    state.store.delete_dataset(&access, uuid).await?;
    Ok(done())
}

/// Lists the datasets
#[utoipa::path(
    get,
    path = "/control/v1/dataset/all",
    operation_id = "list_datasets",
    tag = "dataset",
    responses(
        (
            status = 200,
            description = "Columns: uuid, project_id, owner_id, visibility, name, type.",
            body = Table<Vec<String>>
        ),
        Always
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Auth(access): Auth,
) -> Answer<Table<DatasetRow>> {
    let header = ["uuid", "project_id", "owner_id", "visibility", "name", "type"];
    let rows = state.store.datasets(&access).await?.into_iter().map(|row| {
        let visibility = words::visibility(row.visibility);
        let kind = words::dataset_type(row.kind);
        (row.uuid, row.project_id, row.owner_id, visibility, row.name, kind)
    });
    Ok(Json(Table::new(&header, rows)))
}

/// Shows the progress of an upload
#[utoipa::path(
    get,
    path = "/control/v1/dataset/progress",
    operation_id = "show_upload_progress",
    tag = "dataset",
    params(ByUuid),
    responses(
        (status = 200, description = "What has arrived.", body = UploadProgress),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn progress(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Answer<UploadProgress> {
    let files = state.store.upload_progress(&access, uuid).await?;
    let files: Vec<_> = files.into_iter().map(words::file_progress).collect();
    let complete = files.iter().all(|file| file.received == file.size);
    Ok(Json(UploadProgress { uuid, complete, files }))
}

/// Scores a request result
///
/// Compares the values of a request result with the right answers in a dataset.
#[utoipa::path(
    post,
    path = "/control/v1/dataset/check",
    operation_id = "check_dataset",
    tag = "dataset",
    request_body = CheckDataset,
    responses(
        (status = 200, description = "How good the answers are.", body = Score),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn check(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(CheckDataset { result_uuid, dataset_uuid }): Body<CheckDataset>,
) -> Answer<Score> {
    let score = state.engine.check(&access, result_uuid, dataset_uuid).await?;
    Ok(Json(words::score(score)))
}
