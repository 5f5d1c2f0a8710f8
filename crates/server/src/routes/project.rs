//! Projects: `/control/v1/project`. For global admins only.

use axum::Json;
use axum::extract::State;
use hanami_api::project::{ByProjectId, CreateProject, DeleteProject, Project, ProjectRow};
use hanami_api::{Empty, ErrorCode, Table};
use hanami_store::NewProject;

use super::{Answer, done, words};
use crate::auth::{ADMIN_PROJECT, Auth};
use crate::error::ApiError;
use crate::extract::{Body, Params};
use crate::openapi::{Always, BadRequest, Conflict, NotFound};
use crate::state::AppState;

/// Creates a project
#[utoipa::path(
    post,
    path = "/control/v1/project",
    operation_id = "create_project",
    tag = "project",
    request_body = CreateProject,
    responses((status = 200, description = "Created.", body = Project), BadRequest, Conflict, Always)
)]
pub(super) async fn create(
    State(state): State<AppState>,
    Auth(access): Auth,
    Body(CreateProject { id, name }): Body<CreateProject>,
) -> Answer<Project> {
    let creator_id = access.user_id().to_owned();
    let new = NewProject { id: id.into(), name: name.into(), creator_id };
    Ok(Json(words::project(state.store.create_project(new).await?)))
}

/// Shows a project
#[utoipa::path(
    get,
    path = "/control/v1/project",
    operation_id = "show_project",
    tag = "project",
    params(ByProjectId),
    responses(
        (status = 200, description = "The project.", body = Project),
        BadRequest, NotFound, Always
    )
)]
pub(super) async fn show(
    State(state): State<AppState>,
    Auth(_): Auth,
    Params(ByProjectId { id }): Params<ByProjectId>,
) -> Answer<Project> {
    let project = state.store.project(id.as_str()).await?;
    let project = project
        .ok_or_else(|| ApiError::new(ErrorCode::NotFound, format!("there is no project '{id}'")))?;
    Ok(Json(words::project(project)))
}

/// Deletes a project
///
/// Not possible while resources belong to it, unless with `force`, which deletes them too: also
/// running tasks and uploads under way. Its members are in it no longer; their connections to it
/// end.
#[utoipa::path(
    delete,
    path = "/control/v1/project",
    operation_id = "delete_project",
    tag = "project",
    params(DeleteProject),
    responses(
        (status = 200, description = "Deleted.", body = Empty),
        BadRequest, NotFound, Conflict, Always
    )
)]
pub(super) async fn delete(
    State(state): State<AppState>,
    Auth(access): Auth,
    Params(DeleteProject { id, force }): Params<DeleteProject>,
) -> Answer<Empty> {
    if id.as_str() == ADMIN_PROJECT {
        let detail = format!("the project '{ADMIN_PROJECT}' is the admins' own and has to stay");
        return Err(ApiError::new(ErrorCode::Conflict, detail));
    }
    let deleted = state.engine.delete_project(&access, id.as_str(), force).await;
    // Also when it failed halfway: the members are out by then.
    state.places_changed();
    deleted?;
    Ok(done())
}

/// Lists the projects
#[utoipa::path(
    get,
    path = "/control/v1/project/all",
    operation_id = "list_projects",
    tag = "project",
    responses(
        (
            status = 200,
            description = "Columns: id, name, creator_id.",
            body = Table<Vec<String>>
        ),
        Always
    )
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Auth(_): Auth,
) -> Answer<Table<ProjectRow>> {
    let projects = state.store.projects().await?.into_iter();
    let rows = projects.map(|project| (project.id, project.name, project.creator_id));
    Ok(Json(Table::new(&["id", "name", "creator_id"], rows)))
}
