//! Clusters: `/control/v1/cluster`.

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hanami_api::cluster::{
    ByUuid, Cluster, ClusterDetails, CreateCluster, LoadCluster, LoadQueued, ModeSet, SaveCluster,
    SaveQueued, SetMode, SwitchHost,
};
use hanami_api::{ChangeResource, Empty, ErrorCode};

use super::{Answer, done, words};
use crate::auth::Auth;
use crate::error::ApiError;
use crate::extract::{Body, Params};
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::state::AppState;

/// Standard base64, with or without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Creates a cluster
///
/// With a template its network is built at once; with a checkpoint it has the checkpoint's network
/// and template; without either the cluster is empty.
#[utoipa::path(
    post,
    path = "/control/v1/cluster",
    operation_id = "create_cluster",
    tag = "cluster",
    request_body = CreateCluster,
    responses(
        (status = 200, description = "Created.", body = Cluster),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn create(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(CreateCluster { name, template, checkpoint_uuid }): Body<CreateCluster>,
) -> Answer<Cluster> {
    let limit = state.settings.max_template_bytes.get() as usize;
    let template = template.map(|template| decode(&template, limit)).transpose()?;
    let name = name.as_str();
    let made = match (template, checkpoint_uuid) {
        (None, Some(uuid)) => state.engine.create_cluster_from(&access, name, uuid).await?,
        (template, None) => state.engine.create_cluster(&access, name, template.as_deref()).await?,
        (Some(_), Some(_)) => {
            let detail = "the request body is not valid: send `template` or `checkpoint_uuid`, \
                          not both";
            return Err(ApiError::new(ErrorCode::InvalidBody, detail));
        }
    };
    Ok(Json(words::cluster(made)))
}

/// The text of a template that came as base64, maybe broken into lines.
pub(super) fn decode(base64: &str, limit: usize) -> Result<String, ApiError> {
    let invalid = |reason: String| {
        let detail = format!("the field `template` is not valid: {reason}");
        ApiError::new(ErrorCode::InvalidTemplate, detail)
    };
    let mut encoded = base64.as_bytes().to_vec();
    encoded.retain(|byte| !byte.is_ascii_whitespace());
    let text = BASE64.decode(encoded).map_err(|error| invalid(format!("not base64: {error}")))?;
    if text.len() > limit {
        let detail = format!("the template has {} bytes; the limit is {limit} bytes", text.len());
        return Err(ApiError::new(ErrorCode::LimitExceeded, detail));
    }
    String::from_utf8(text).map_err(|error| invalid(format!("not UTF-8 text: {error}")))
}

/// Shows a cluster
#[utoipa::path(
    get,
    path = "/control/v1/cluster",
    operation_id = "show_cluster",
    tag = "cluster",
    params(ByUuid),
    responses(
        (status = 200, description = "The cluster.", body = ClusterDetails),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Answer<ClusterDetails> {
    Ok(Json(words::cluster_details(state.engine.cluster(&access, uuid).await?)))
}

/// Renames a cluster, or changes who sees it
///
/// Others who see it may read its details and ask it, not change it.
#[utoipa::path(
    put,
    path = "/control/v1/cluster",
    operation_id = "change_cluster",
    tag = "cluster",
    request_body = ChangeResource,
    responses(
        (status = 200, description = "The cluster, changed.", body = Cluster),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn change(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(body): Body<ChangeResource>,
) -> Answer<Cluster> {
    let (uuid, change) = words::change(body)?;
    let cluster = state.store.change_cluster(&access, uuid, change).await?;
    Ok(Json(words::cluster(cluster)))
}

/// Deletes a cluster
///
/// With its network and its tasks, a running one too. Results of its tasks stay.
#[utoipa::path(
    delete,
    path = "/control/v1/cluster",
    operation_id = "delete_cluster",
    tag = "cluster",
    params(ByUuid),
    responses((status = 200, description = "Deleted.", body = Empty), BadRequest, NotFound, Always)
)]
pub(super) async fn delete(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByUuid { uuid }): Params<ByUuid>,
) -> Answer<Empty> {
    state.engine.delete_cluster(&access, uuid).await?;
    Ok(done())
}

/// Changes how a cluster takes work
///
/// From its task queue, or from a websocket. Not possible while a task is queued or running.
#[utoipa::path(
    put,
    path = "/control/v1/cluster/set_mode",
    operation_id = "set_cluster_mode",
    tag = "cluster",
    request_body = SetMode,
    responses(
        (status = 200, description = "The mode is set.", body = ModeSet),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn set_mode(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(SetMode { uuid, new_state, connection_uuid: _ }): Body<SetMode>,
) -> Answer<ModeSet> {
    let mode = words::stored_mode(new_state);
    let cluster = state.engine.set_mode(&access, uuid, mode).await?;
    Ok(Json(ModeSet {
        uuid: cluster.uuid,
        name: cluster.name,
        new_state: words::mode(cluster.mode),
    }))
}

/// Saves a cluster as a checkpoint
///
/// Queues a task. When that is finished, there is a checkpoint with its uuid, which outlives the
/// task and the cluster.
#[utoipa::path(
    post,
    path = "/control/v1/cluster/save",
    operation_id = "save_cluster",
    tag = "cluster",
    request_body = SaveCluster,
    responses(
        (status = 200, description = "Queued.", body = SaveQueued),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn save(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(SaveCluster { name, cluster_uuid }): Body<SaveCluster>,
) -> Answer<SaveQueued> {
    let task = state.engine.save_cluster(&access, name.as_str(), cluster_uuid).await?;
    Ok(Json(SaveQueued { uuid: task.uuid, name: task.name }))
}

/// Loads a checkpoint into a cluster
///
/// Queues a task. When that is finished, the cluster has the network and the template of the
/// checkpoint in the place of its own. Once it is queued, the checkpoint may be deleted.
#[utoipa::path(
    post,
    path = "/control/v1/cluster/load",
    operation_id = "load_cluster",
    tag = "cluster",
    request_body = LoadCluster,
    responses(
        (status = 200, description = "Queued.", body = LoadQueued),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn load(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(LoadCluster { checkpoint_uuid, cluster_uuid }): Body<LoadCluster>,
) -> Answer<LoadQueued> {
    let task = state.engine.load_cluster(&access, checkpoint_uuid, cluster_uuid).await?;
    Ok(Json(LoadQueued { uuid: task.uuid }))
}

/// Moves a cluster to another host
///
/// At present there is one host, so this only tells whether both exist.
#[utoipa::path(
    put,
    path = "/control/v1/cluster/switch_host",
    operation_id = "switch_cluster_host",
    tag = "cluster",
    request_body = SwitchHost,
    responses(
        (status = 200, description = "The cluster is on that host.", body = Cluster),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn switch_host(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(SwitchHost { cluster_uuid, host_uuid }): Body<SwitchHost>,
) -> Answer<Cluster> {
    let cluster = state.engine.switch_host(&access, cluster_uuid, host_uuid).await?;
    Ok(Json(words::cluster(cluster)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_come_with_or_without_padding_and_line_breaks() {
        for base64 in ["dmVyc2lvbjogMQo=", "dmVyc2lvbjogMQo", "dmVyc2lv\r\nbjogMQo=\n"] {
            assert_eq!(decode(base64, 100).unwrap(), "version: 1\n");
        }
    }

    #[test]
    fn what_is_no_text_in_base64_is_refused() {
        for (base64, reason) in [("%%%", "not base64"), ("_-_-", "not base64"), ("/w==", "UTF-8")] {
            let error = decode(base64, 100).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidTemplate);
            assert!(error.detail().contains(reason), "{}", error.detail());
        }
        assert_eq!(decode("YWJj", 2).unwrap_err().code(), ErrorCode::LimitExceeded);
    }
}
