//! Uploads of IDX files: `/control/v1/mnist/dataset`.

use axum::Json;
use axum::extract::State;
use hanami_api::dataset::{CreateMnist, DatasetFinished, DatasetType, FinishMnist, MnistCreated};
use hanami_store::{DatasetKind, FileRole};

use super::dataset::declare;
use super::{Answer, words};
use crate::auth::Auth;
use crate::extract::Body;
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::state::AppState;

/// Declares an upload of IDX files
///
/// Images and labels are then sent over websockets to the two uuids in the answer.
#[utoipa::path(
    post,
    path = "/control/v1/mnist/dataset",
    operation_id = "create_mnist_dataset",
    tag = "dataset",
    request_body = CreateMnist,
    responses(
        (status = 200, description = "Declared.", body = MnistCreated),
        BadRequest, Conflict, Always
    )
)]
pub(super) async fn create(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(CreateMnist { name, input_data_size, label_data_size }): Body<CreateMnist>,
) -> Answer<MnistCreated> {
    let files = [
        (FileRole::Input, "input_data_size", input_data_size),
        (FileRole::Label, "label_data_size", label_data_size),
    ];
    let (dataset, [input, label]) =
        declare(&state, &access, name, DatasetKind::Mnist, files).await?;
    Ok(Json(MnistCreated {
        uuid: dataset.uuid,
        uuid_input_file: input,
        uuid_label_file: label,
        name: dataset.name,
        owner_id: dataset.owner_id,
        project_id: dataset.project_id,
        visibility: words::visibility(dataset.visibility),
        kind: DatasetType::Mnist,
    }))
}

/// Finishes an upload of IDX files
///
/// Reads the files through; the dataset is ready when this is answered.
#[utoipa::path(
    put,
    path = "/control/v1/mnist/dataset",
    operation_id = "finish_mnist_dataset",
    tag = "dataset",
    request_body = FinishMnist,
    responses(
        (status = 200, description = "The dataset is ready.", body = DatasetFinished),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn finish(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(FinishMnist { uuid, uuid_input_file, uuid_label_file }): Body<FinishMnist>,
) -> Answer<DatasetFinished> {
    let files = [uuid_input_file, uuid_label_file];
    let dataset = state.engine.finish_dataset(&access, uuid, &files).await?;
    Ok(Json(DatasetFinished { uuid: dataset.uuid }))
}
