//! Results of request tasks: `/control/v1/request_result`.

use axum::Json;
use axum::extract::State;
use hanami_api::cluster::ByUuid;
use hanami_api::request_result::{RequestResult, RequestResultRow};
use hanami_api::{ChangeResource, Empty, Table};

use super::{Answer, done, words};
use crate::auth::Auth;
use crate::extract::{Body, Params};
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
