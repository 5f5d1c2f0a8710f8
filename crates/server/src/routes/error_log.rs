//! What went wrong in the server: `/control/v1/error_log`.

use axum::Json;
use axum::extract::State;
use hanami_api::log::{ErrorRow, LogPage};
use hanami_api::{Table, UserId};

use super::{Answer, words};
use crate::auth::Auth;
use crate::extract::Params;
use crate::openapi::{Always, BadRequest};
use crate::state::AppState;

/// Lists the internal errors
///
/// Each with its cause, and with the id of its request, connection or task as `context`; 100 rows
/// a page, newest first. For admins.
#[utoipa::path(
    get,
    path = "/control/v1/error_log",
    operation_id = "list_error_log",
    tag = "log",
    params(LogPage),
    responses(
        (
            status = 200,
            description = "Columns: timestamp, user_id, component, context, input_values, message.",
            body = Table<Vec<String>>
        ),
        BadRequest, Always
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Auth(_): Auth,
    Params(LogPage { page, user_id }): Params<LogPage>,
) -> Answer<Table<ErrorRow>> {
    let header = ["timestamp", "user_id", "component", "context", "input_values", "message"];
    let rows = state.store.error_log(user_id.as_ref().map(UserId::as_str), page).await?;
    let rows = rows.into_iter().map(|row| {
        let timestamp = words::timestamp(Some(row.timestamp));
        (timestamp, row.user_id, row.component, row.context, row.input_values, row.message)
    });
    Ok(Json(Table::new(&header, rows)))
}
