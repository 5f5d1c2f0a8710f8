//! Tasks: `/control/v1/task`.

use axum::Json;
use axum::extract::State;
use hanami_api::task::{ByCluster, ByTask, CreateTask, TaskCreated, TaskProgress, TaskRow};
use hanami_api::{Empty, Table};

use super::{Answer, done, words};
use crate::auth::Auth;
use crate::extract::{Body, Params};
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::state::AppState;

/// Queues a task
#[utoipa::path(
    post,
    path = "/control/v1/task",
    operation_id = "create_task",
    tag = "task",
    request_body = CreateTask,
    responses(
        (status = 200, description = "Queued.", body = TaskCreated),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn create(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(body): Body<CreateTask>,
) -> Answer<TaskCreated> {
    let task = state.engine.submit(&access, words::submitted_task(body)).await?;
    Ok(Json(TaskCreated { uuid: task.uuid, name: task.name }))
}

/// Shows how far a task has come
#[utoipa::path(
    get,
    path = "/control/v1/task",
    operation_id = "show_task",
    tag = "task",
    params(ByTask),
    responses(
        (status = 200, description = "How far it has come.", body = TaskProgress),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByTask { uuid, cluster_uuid }): Params<ByTask>,
) -> Answer<TaskProgress> {
    let view = state.engine.task(&access, cluster_uuid, uuid).await?;
    Ok(Json(words::task_progress(view)))
}

/// Deletes a task
///
/// A running one is aborted.
#[utoipa::path(
    delete,
    path = "/control/v1/task",
    operation_id = "delete_task",
    tag = "task",
    params(ByTask),
    responses(
        (status = 200, description = "Deleted or aborted.", body = Empty),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn delete(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByTask { uuid, cluster_uuid }): Params<ByTask>,
) -> Answer<Empty> {
    state.engine.delete_task(&access, cluster_uuid, uuid).await?;
    Ok(done())
}

/// Lists the tasks of a cluster
#[utoipa::path(
    get,
    path = "/control/v1/task/all",
    operation_id = "list_tasks",
    tag = "task",
    params(ByCluster),
    responses(
        (
            status = 200,
            description = "Columns: uuid, state, percentage, queued, start, end.",
            body = Table<Vec<String>>
        ),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(ByCluster { cluster_uuid }): Params<ByCluster>,
) -> Answer<Table<TaskRow>> {
    let header = ["uuid", "state", "percentage", "queued", "start", "end"];
    let rows = state.engine.tasks(&access, cluster_uuid).await?.into_iter().map(|view| {
        (
            view.task.uuid,
            words::task_state(view.task.state),
            format!("{:.6}", words::share_done(&view)),
            words::timestamp(Some(view.task.queued_at)),
            words::timestamp(view.task.started_at),
            words::timestamp(view.task.ended_at),
        )
    });
    Ok(Json(Table::new(&header, rows)))
}
