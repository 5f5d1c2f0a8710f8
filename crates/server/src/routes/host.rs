//! Hosts: `/control/v1/host`.

use axum::Json;
use axum::extract::State;
use hanami_api::Table;
use hanami_api::host::{HostRow, HostType};
use hanami_engine::HostKind;

use super::Answer;
use crate::auth::Auth;
use crate::openapi::Always;
use crate::state::AppState;

/// Lists the hosts
#[utoipa::path(
    get,
    path = "/control/v1/host/all",
    operation_id = "list_hosts",
    tag = "host",
    responses(
        (status = 200, description = "Columns: uuid, type.", body = Table<Vec<String>>),
        Always
    )
)]
pub(super) async fn list(State(state): State<AppState>, Auth(_): Auth) -> Answer<Table<HostRow>> {
    let rows = state.engine.hosts().iter().map(|host| match host.kind() {
        HostKind::Cpu => (host.uuid(), HostType::Cpu),
    });
    Ok(Json(Table::new(&["uuid", "type"], rows)))
}
