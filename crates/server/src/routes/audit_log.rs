//! Who did what: `/control/v1/audit_log`.

use axum::Json;
use axum::extract::State;
use hanami_api::log::{AuditRow, LogPage};
use hanami_api::{Table, UserId};

use super::{Answer, words};
use crate::auth::{self, Auth};
use crate::extract::Params;
use crate::openapi::{Always, BadRequest};
use crate::state::AppState;

/// Lists what users have changed
///
/// Every request with a valid token, and every log-in, that is no `GET`; 100 rows a page, newest
/// first. Admins see everyone's, others their own.
#[utoipa::path(
    get,
    path = "/control/v1/audit_log",
    operation_id = "list_audit_log",
    tag = "log",
    params(LogPage),
    responses(
        (
            status = 200,
            description = "Columns: timestamp, user_id, endpoint, request_type, status.",
            body = Table<Vec<String>>
        ),
        BadRequest, Always
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(LogPage { page, user_id }): Params<LogPage>,
) -> Answer<Table<AuditRow>> {
    let user_id = user_id.as_ref().map(UserId::as_str);
    if user_id.is_some_and(|id| id != access.user_id()) {
        auth::only_admins(&access, "ask for the audit log of another user")?;
    }
    let header = ["timestamp", "user_id", "endpoint", "request_type", "status"];
    let rows = state.store.audit_log(&access, user_id, page).await?.into_iter().map(|row| {
        let (timestamp, status) = (words::timestamp(Some(row.timestamp)), row.status.to_string());
        (timestamp, row.user_id, row.endpoint, row.request_type, status)
    });
    Ok(Json(Table::new(&header, rows)))
}
