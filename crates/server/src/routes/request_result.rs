//! Results of request tasks: `/control/v1/request_result`.

use axum::Json;
use axum::extract::State;
use hanami_api::cluster::ByUuid;
use hanami_api::request_result::{RequestResult, RequestResultRow};
use hanami_api::{Empty, Table};

use super::{Answer, done, words};
use crate::auth::Auth;
use crate::extract::Params;
use crate::openapi::{Always, BadRequest, NotFound};
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
    let (row, data) = state.store.result(&access, uuid).await?;
    Ok(Json(RequestResult {
        uuid: row.uuid,
        name: row.name,
        owner_id: row.owner_id,
        project_id: row.project_id,
        visibility: words::visibility(row.visibility),
        data,
    }))
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
