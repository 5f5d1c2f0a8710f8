//! Uploads of tables: `/control/v1/csv/dataset`.

use axum::Json;
use axum::extract::State;
use hanami_api::dataset::{CreateCsv, CsvCreated, DatasetFinished, DatasetType, FinishCsv};
use hanami_store::{DatasetKind, FileRole};

use super::dataset::declare;
use super::{Answer, words};
use crate::auth::Auth;
use crate::extract::Body;
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::state::AppState;

/// Declares an upload of a table
///
/// The file is then sent over a websocket to the file uuid in the answer.
#[utoipa::path(
    post,
    path = "/control/v1/csv/dataset",
    operation_id = "create_csv_dataset",
    tag = "dataset",
    request_body = CreateCsv,
    responses(
        (status = 200, description = "Declared.", body = CsvCreated),
        BadRequest, Conflict, Always
    )
)]
pub(super) async fn create(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(CreateCsv { name, input_data_size }): Body<CreateCsv>,
) -> Answer<CsvCreated> {
    let files = [(FileRole::Input, "input_data_size", input_data_size)];
    let (dataset, [input]) = declare(&state, &access, name, DatasetKind::Csv, files).await?;
    Ok(Json(CsvCreated {
        uuid: dataset.uuid,
        uuid_input_file: input,
        name: dataset.name,
        owner_id: dataset.owner_id,
        project_id: dataset.project_id,
        visibility: words::visibility(dataset.visibility),
        kind: DatasetType::Csv,
    }))
}

/// Finishes an upload of a table
///
/// Reads the file through; the dataset is ready when this is answered.
#[utoipa::path(
    put,
    path = "/control/v1/csv/dataset",
    operation_id = "finish_csv_dataset",
    tag = "dataset",
    request_body = FinishCsv,
    responses(
        (status = 200, description = "The dataset is ready.", body = DatasetFinished),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn finish(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(FinishCsv { uuid, uuid_input_file }): Body<FinishCsv>,
) -> Answer<DatasetFinished> {
    let dataset = state.engine.finish_dataset(&access, uuid, &[uuid_input_file]).await?;
    Ok(Json(DatasetFinished { uuid: dataset.uuid }))
}
