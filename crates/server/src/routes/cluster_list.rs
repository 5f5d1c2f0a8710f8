//! The list of clusters: `/control/v1/cluster/all`.
//!
//! Clients look at it again and again. It is kept as it is sent, as long as nobody has written to
//! the store ([`Kept`]).

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use hanami_api::Table;
use hanami_store::{Access, Kept, Scope, Store};

use super::words;
use crate::auth::Auth;
use crate::error::ApiError;
use crate::openapi::Always;
use crate::state::AppState;

/// Lists that are kept, at most, and the bytes of the largest of them.
const LISTS: usize = 256;
const LARGEST: usize = 64 << 10;

/// Lists of clusters as they are sent, by what is to be seen.
pub(crate) struct ClusterLists(Kept<Scope, Bytes>);

impl ClusterLists {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self(Kept::new(LISTS))
    }

    /// The list of what `access` may see.
    async fn json(&self, store: &Store, access: &Access) -> Result<Bytes, ApiError> {
        let scope = access.scope();
        // Before the database is asked: what it tells may be over by the time it is kept.
        let revision = store.revision();
        if let Some(list) = self.0.find(&scope, revision) {
            return Ok(list);
        }
        let rows = store.clusters(access).await?.into_iter().map(|row| {
            (row.uuid, row.project_id, row.owner_id, words::visibility(row.visibility), row.name)
        });
        let json = serde_json::to_vec(&Table::new(&words::OWNED, rows));
        let list = Bytes::from(json.map_err(ApiError::internal)?);
        if list.len() <= LARGEST {
            self.0.keep(scope, revision, list.clone());
        }
        Ok(list)
    }
}

/// Lists the clusters
#[utoipa::path(
    get,
    path = "/control/v1/cluster/all",
    operation_id = "list_clusters",
    tag = "cluster",
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
) -> Result<impl IntoResponse, ApiError> {
    let json = state.cluster_lists.json(&state.store, &access).await?;
    Ok(([(CONTENT_TYPE, "application/json")], json))
}
