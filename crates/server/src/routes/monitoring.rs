//! For those who watch the server: `/readyz` and `/metrics`.

use axum::extract::State;
use axum::http::header::{self, HeaderName};
use hanami_api::{Empty, ErrorCode};

use super::{Answer, done};
use crate::error::ApiError;
use crate::machine::Machine;
use crate::metrics;
use crate::openapi::{NotFound, Unready, Watched};
use crate::state::AppState;

/// Tells whether the server can serve
///
/// Only if the data directory can be read and written, and the server is not stopping.
#[utoipa::path(
    get,
    path = "/readyz",
    operation_id = "show_readiness",
    tag = "server",
    security(()),
    responses((status = 200, description = "It can.", body = Empty), Unready)
)]
pub(super) async fn ready(State(state): State<AppState>) -> Answer<Empty> {
    if *state.stopping.borrow() {
        return Err(ApiError::new(ErrorCode::Unavailable, "the server is stopping"));
    }
    state.readiness.check(&state.store).await?;
    Ok(done())
}

/// Shows what the server counts of itself
///
/// As OpenMetrics text, which Prometheus reads. Totals only; nothing tells of a user, a project or
/// a cluster.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "show_metrics",
    tag = "server",
    security(()),
    responses(
        (status = 200, description = "The counts.", body = String, content_type = metrics::CONTENT_TYPE),
        NotFound, Watched
    )
)]
pub(super) async fn metrics(
    State(state): State<AppState>,
) -> Result<([(HeaderName, &'static str); 1], String), ApiError> {
    if !state.settings.metrics {
        let detail = "this server shows no metrics; the setting `metrics` is false";
        return Err(ApiError::new(ErrorCode::NotFound, detail));
    }
    let _turn = state.metrics.turn().await;
    let totals = state.store.totals().await?;
    let store = state.store.clone();
    let looked = tokio::task::spawn_blocking(move || (store.disk_room(), Machine::own().process()));
    let (disk, process) = looked.await.map_err(ApiError::internal)?;
    let (disk, process) = (disk?, process.as_ref());
    let text = state.metrics.exposition(&totals, &state.engine.numbers(), disk, process);
    Ok(([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text.map_err(ApiError::internal)?))
}
