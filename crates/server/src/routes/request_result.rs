//! Results of request tasks: `/control/v1/request_result`.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use hanami_api::cluster::ByUuid;
use hanami_api::request_result::{RequestResult, RequestResultRow, ResultOutputs, ShowOutputs};
use hanami_api::{ChangeResource, Empty, Table};

use super::{Answer, done, words};
use crate::auth::Auth;
use crate::error::ApiError;
use crate::extract::{Body, Params};
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::send::Download;
use crate::state::AppState;

/// Shows a request result
#[utoipa::path(
    get,
    path = "/control/v1/request_result",
    operation_id = "show_request_result",
    tag = "request_result",
    params(ByUuid),
    responses(
        (status = 200, description = "The result with its values.", body = RequestResult),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Answer<RequestResult> {
    Ok(Json(words::request_result(state.store.result(&access, uuid).await?)))
}

/// Renames a request result, or changes who sees it
///
/// Others who see it may read it and score it.
#[utoipa::path(
    put,
    path = "/control/v1/request_result",
    operation_id = "change_request_result",
    tag = "request_result",
    request_body = ChangeResource,
    responses(
        (status = 200, description = "The request result, changed.", body = RequestResult),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn change(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(body): Body<ChangeResource>,
) -> Answer<RequestResult> {
    let (uuid, change) = words::change(body)?;
    state.store.change_result(&access, uuid, change).await?;
    Ok(Json(words::request_result(state.store.result(&access, uuid).await?)))
}

/// Shows output values of a request result
///
/// They are kept if the task was made with `full_outputs: true`.
#[utoipa::path(
    get,
    path = "/control/v1/request_result/outputs",
    operation_id = "show_request_result_outputs",
    tag = "request_result",
    params(ShowOutputs),
    responses(
        (status = 200, description = "The values of some rows.", body = ResultOutputs),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn outputs(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ShowOutputs { uuid, from, count }): Params<ShowOutputs>,
) -> Answer<ResultOutputs> {
    let found = state.engine.outputs(&access, uuid, from, u32::from(count).into()).await?;
    let (kept, outputs) = found;
    let (rows, width) = (kept.rows(), kept.width());
    let bricks = kept.bricks().iter().map(words::output_brick).collect();
    Ok(Json(ResultOutputs { uuid, from, rows, width, bricks, outputs }))
}

/// Downloads a request result as a table
///
/// The columns are `row` (counted from 0), `value` and, where all output values were kept,
/// `<brick>_0` and so on for each output brick.
#[utoipa::path(
    get,
    path = "/control/v1/request_result/download",
    operation_id = "download_request_result",
    tag = "request_result",
    params(ByUuid),
    responses(
        (status = 200, description = "The table.", body = String, content_type = "text/csv"),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn download(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Result<Response, ApiError> {
    let (result, export) = state.engine.export_result(&access, uuid).await?;
    let download = Download::new(&state, &access, &format!("{}.csv", result.name))?;
    Ok(download.result(export))
}

/// Deletes a request result
#[utoipa::path(
    delete,
    path = "/control/v1/request_result",
    operation_id = "delete_request_result",
    tag = "request_result",
    params(ByUuid),
    responses((status = 200, description = "Deleted.", body = Empty), BadRequest, NotFound, Always)
)]
pub(super) async fn delete(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Answer<Empty> {
    state.store.delete_result(&access, uuid).await?;
    Ok(done())
}

/// Lists the request results
#[utoipa::path(
    get,
    path = "/control/v1/request_result/all",
    operation_id = "list_request_results",
    tag = "request_result",
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
) -> Answer<Table<RequestResultRow>> {
    let rows = state.store.results(&access).await?.into_iter().map(|row| {
        (row.uuid, row.project_id, row.owner_id, words::visibility(row.visibility), row.name)
    });
    Ok(Json(Table::new(&words::OWNED, rows)))
}
